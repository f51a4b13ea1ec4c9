#!/bin/sh
# Dense lock-free training in floats beside the same loop in C with intrinsics, one core, in turn: billions of numbers per second
# of CPU time, medians. Usage: bench/dense.sh [--json] [ROUNDS [FEATURES [MEGABYTES]]]
set -eu
here=$(CDPATH= cd -- "$(dirname -- "$0")/.." && pwd -P)
. "$here/bench/output.sh"
rounds=${1:-5}
features=${2:-4096}
megabytes=${3:-1024}
peer=$(mktemp -d)
trap 'rm -rf "$peer"' EXIT
gcc -O3 -mavx2 -mfma "$here/bench/peers/dense_sgd.c" -o "$peer/dense_sgd" -lm
"$here/hooke" --version >/dev/null
i=0
medians=$(while [ "$i" -lt "$rounds" ]; do
    theirs=$(taskset -c 1 "$peer/dense_sgd" "$features" "$megabytes")
    ours=$(taskset -c 1 "$here/hooke" bench lockfree --part dense --features "$features" --megabytes "$megabytes" --rounds 1 --json 2>/dev/null)
    echo "$theirs $(echo "$ours" | field readGnps) $(echo "$ours" | field d32m32Gnps)"
    i=$((i + 1))
done | awk '
    function median(values, n,   i, j, t) { for (i = 1; i <= n; i++) for (j = i + 1; j <= n; j++) if (values[j] < values[i]) { t = values[i]; values[i] = values[j]; values[j] = t } return values[int((n + 1) / 2)] }
    { of_c[NR] = $4 / $2; c_of_read[NR] = $2 / $1; of_read[NR] = $4 / $3; read[NR] = $3; ours[NR] = $4; theirs[NR] = $2 }
    END { print median(ours, NR), median(theirs, NR), median(read, NR), median(of_c, NR), median(of_read, NR), median(c_of_read, NR) }')
set -- $medians
printf 'Hooke %.2f, C %.2f, read %.2f; Hooke of C %.2f, Hooke of read %.2f, C of read %.2f\n' "$@"
document "{\"ofC\":$4,\"ofRead\":$5,\"cOfRead\":$6}"
