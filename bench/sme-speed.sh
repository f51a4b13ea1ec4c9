#!/bin/sh
# Paths of asynchronous SGD and of SME-ASGD beside the NumPy peer on the same core, in turn: CPU nanoseconds a path and step,
# and the median of the ratios of neighbors; then two threads in wall-clock time beside one NumPy process.
# Usage: bench/sme-speed.sh [--json] [ROUNDS [BLOCK]]
set -eu
here=$(CDPATH= cd -- "$(dirname -- "$0")/.." && pwd -P)
. "$here/bench/output.sh"
rounds=${1:-7}
block=${2:-8192}
"$here/hooke" --version >/dev/null
rows=
for process in asgd sme-asgd; do
    for threads in 1 2; do
        key=cpuNanoseconds; pin="taskset -c 1"
        [ "$threads" = 1 ] || { key=nanoseconds; pin=; }
        i=0
        line=$(while [ "$i" -lt "$rounds" ]; do
            theirs=$(taskset -c 1 /usr/bin/python3 "$here/bench/peers/sme.py" "$process" 32768 200 "$block" | cut -d' ' -f1)
            ours=$($pin "$here/hooke" bench sme --process "$process" --paths 65536 --steps 200 --threads "$threads" --rounds 5 --json 2>/dev/null | field "$key")
            echo "$theirs $ours"
            i=$((i + 1))
        done | awk '{ print $1 / $2, $1, $2 }' | sort -g | awk '{ line[NR] = $0 } END { print line[int((NR + 1) / 2)] }')
        echo "$line" | awk -v name="$process, $threads thread(s)" '{ printf "%s: ratio %.2f (NumPy %.1f ns, Hooke %.1f ns)\n", name, $1, $2, $3 }'
        rows="$rows${rows:+,}{\"process\":\"$process-$threads\",\"ratio\":${line%% *}}"
    done
done
document "{\"rows\":[$rows]}"
