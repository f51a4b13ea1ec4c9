#!/bin/sh
# Lock-free training on a large text: what it takes of memory beyond the mapping, and how fast the text is parsed.
# Usage: bench/text.sh [--json] DIR [MEGABYTES]     DIR: scratch folder, where the text is made if it is not there
set -eu
here=$(CDPATH= cd -- "$(dirname -- "$0")/.." && pwd -P)
. "$here/bench/output.sh"
dir=$1
megabytes=${2:-500}
text="$dir/$megabytes.svm"
mkdir -p "$dir"
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
if [ ! -f "$text" ]; then
    # 10 MB of rows like RCV1's, again and again.
    awk 'BEGIN { srand(1); for (row = 0; bytes < 1e7; row++) { line = (row % 2 ? "+1" : "-1"); at = 0
        for (k = 0; k < 75; k++) { at += 1 + int(rand() * 1200); line = line " " at ":0." int(1e5 + rand() * 9e5) }
        print line; bytes += length(line) + 1 } }' >"$work/part"
    for k in $(seq $((megabytes / 10))); do cat "$work/part"; done >"$text.part"
    mv "$text.part" "$text"
fi
rm -f "$text.rows"
bytes=$(wc -c <"$text")
"$here/hooke" train --method hogwild --data "$text" --workers 2 --epochs 1 --evaluate-every 0 --run "$work/run" --json >"$work/result" 2>/dev/null &
job=$!
most=0
ticks=0
while kill -0 "$job" 2>/dev/null; do
    now=$(sed -n 's/^RssAnon:[[:space:]]*\([0-9]*\) kB/\1/p' "/proc/$job/status" 2>/dev/null || true)
    [ "${now:-0}" -le "$most" ] || most=$now
    # Fields 14 and 15: user and system time. The last look counts.
    used=$(cut -d' ' -f14 "/proc/$job/stat" 2>/dev/null || true)
    ticks=${used:-$ticks}
    sleep 0.1
done
wait "$job"
rm -f "$text.rows"
seconds=$(awk "BEGIN { print $ticks / $(getconf CLK_TCK) - $(field processorSeconds <"$work/result") }")
rate=$(awk "BEGIN { print 2 * $bytes / 1e6 / $seconds }")
printf '%d MB of text: %.0f MB beyond the mapping, %.0f MB/s a core in two passes of parsing\n' "$megabytes" "$((most / 1000))" "$rate"
document "{\"megabytes\":$((most / 1000)),\"parsedMegabytesPerSecond\":$rate}"
