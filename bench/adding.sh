#!/bin/bash
# The adding problem at T = 80 [Survey, table 3]: Nesterov's accelerated gradient, its momentum growing up to 0.995, against plain SGD, 20,000 updates
# with batches of 100. Prints the smallest squared error on the test set and the update at which it was first at most 0.004.
# Usage: bench/adding.sh [SEEDS, default 4]; takes some four minutes a seed and rate.
set -euo pipefail
seeds=${1:-4}
here=$(cd -- "$(dirname -- "$0")/.." && pwd)
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT

# try METHOD RATE SEED EPOCHS OPTION…; 40 epochs are 20,000 updates
try() {
    local run="$work/$1-$2-$3" epochs=$4
    "$here/hooke" train --model rnn --data adding --method "$1" --learning-rate "$2" --seed "$3" "${@:5}" --batch 100 --schedule constant --epochs "$epochs" --evaluate-every 1 --run "$run" >/dev/null 2>&1
    grep -o '"updates":[0-9]*\|"testLoss":[0-9.eE+-]*' "$run/trace.jsonl" | awk -F: -v method="$1" -v rate="$2" -v seed="$3" '
        BEGIN { smallest = 1e300; reached = "never" }
        /updates/ { updates = $2 }
        /testLoss/ { if ($2 < smallest) smallest = $2; if ($2 <= 0.004 && reached == "never") reached = updates }
        END { printf "%-6s %-7s %4s  %-12.6f %s\n", method, rate, seed, smallest, reached }'
}

printf '%-6s %-7s %4s  %-12s %s\n' method rate seed error "at most 0.004 from update"
for seed in $(seq "$seeds"); do try msgd 0.005 "$seed" 40 --momentum 0.995 --momentum-schedule growing; done
for rate in 0.005 0.05 0.2; do try sgd "$rate" 1 40; done
