#!/bin/sh
# Training loss of two lock-free workers, each with copies of all coordinates, beside one worker's: the mean ratio over seeds and its standard error.
# Usage: bench/copies.sh [--json] [SEEDS [DATA]]
set -eu
here=$(CDPATH= cd -- "$(dirname -- "$0")/.." && pwd -P)
. "$here/bench/output.sh"
seeds=${1:-20}
data=${2:-rcv1-shaped}
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
loss() { "$here/hooke" train --method hogwild --data "$data" --workers "$1" --epochs 5 --learning-rate 0.32 --seed "$2" --evaluate-every 0 --run "$work/$1-$2" --json 2>/dev/null | field trainLoss; }
means=$(for seed in $(seq "$seeds"); do echo "$(loss 2 "$seed") $(loss 1 "$seed")"; done |
    awk '{ r = $1 / $2; sum += r; squares += r * r } END { m = sum / NR; print m, (NR > 1 ? sqrt((squares / NR - m * m) / (NR - 1)) : 0) }')
set -- $means
printf 'loss of two workers over that of one: %.3f ± %.3f\n' "$@"
document "{\"ratio\":$1,\"error\":$2}"
