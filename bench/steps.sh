#!/bin/sh
# CPU time of a model's training step beside PyTorch's on the same core, in turn: the median of the ratios of neighbors.
# Usage: bench/steps.sh [--json] MODEL [PAIRS [STEPS]]
set -eu
here=$(CDPATH= cd -- "$(dirname -- "$0")" && pwd -P)
. "$here/output.sh"
model=$1
pairs=${2:-3}
steps=${3:-20}
# See peers/README.md.
if grep -q avx512f /proc/cpuinfo; then export OPENBLAS_CORETYPE="${OPENBLAS_CORETYPE:-SKYLAKEX}"; fi
export MALLOC_MMAP_THRESHOLD_=1073741824 MALLOC_TRIM_THRESHOLD_=1073741824
median=$(for pair in $(seq "$pairs"); do
    theirs=$(cd "$here/peers" && taskset -c 1 /usr/bin/python3 "$(echo "$model" | tr - _).py" "$steps")
    ours=$(taskset -c 1 "$here/../hooke" bench step --model "$model" --batch "$(echo "$theirs" | field batch)" --steps "$steps" --json 2>/dev/null)
    echo "$(echo "$ours" | field cpuMillisecondsPerStep) $(echo "$theirs" | field cpuMilliseconds)"
done | awk '{ print $1 / $2, $0 }' | sort -g | awk '{ line[NR] = $0 } END { print line[int((NR + 1) / 2)] }')
set -- $median
printf '%s: ratio %.2f (Hooke %.1f ms, PyTorch %.1f ms)\n' "$model" "$@"
document "{\"ratio\":$1,\"milliseconds\":$2,\"peerMilliseconds\":$3}"
