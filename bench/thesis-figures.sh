#!/bin/bash
# The shape of figures 4.1–4.7 of the thesis, in virtual time: a small network on Fashion-MNIST and the cluster of its chapter 4.
# Each method has the best of the learning rates of tables 4.1 and 4.2. Prints virtual seconds until the test error is at most
# LEVEL for p = 4, 8, 16 at each method's own period (10; 1 for DOWNPOUR's), then the smallest test error for p = 4 and periods
# 1, 4, 16, 64.
# Usage: bench/thesis-figures.sh [EPOCHS, default 20] [LEVEL, default 0.13]; takes about ten minutes.
set -euo pipefail
epochs=${1:-20}
level=${2:-0.13}
here=$(cd -- "$(dirname -- "$0")/.." && pwd)
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT

declare -A rates=(
    [easgd]="0.05 0.01 0.005" [eamsgd]="0.01 0.005 0.001" [downpour]="0.005 0.001 0.0005" [mdownpour]="0.00005 0.00001 0.000005"
)

# measure METHOD WORKERS PERIOD: the seconds to the level, the smallest error, and the rate of either, of the best rates
measure() {
    local best=9999999 error=1 fastest=- lowest=-
    local period=(--period "$3")
    [ "$1" = mdownpour ] && period=()
    local momentum=()
    case "$1" in eamsgd | mdownpour) momentum=(--momentum 0.99) ;; esac
    for rate in ${rates[$1]}; do
        local run="$work/$1-$2-$3-$rate"
        "$here/hooke" simulate --cluster gpu-cluster-cifar --method "$1" --workers "$2" "${period[@]}" "${momentum[@]}" --learning-rate "$rate" --model mlp --batch 128 --schedule constant --epochs "$epochs" --evaluate-every 0.25 --run "$run" >/dev/null 2>&1 || true
        [ -s "$run/trace.jsonl" ] || continue
        read -r seconds smallest < <(grep -o '^{"seconds":[0-9.eE+-]*\|"testError":[0-9.eE+-]*' "$run/trace.jsonl" | awk -F: -v level="$level" '
            BEGIN { smallest = 1; reached = 9999999 }
            /seconds/ { seconds = $2 }
            /testError/ { if ($2 < smallest) smallest = $2; if ($2 <= level && reached == 9999999) reached = seconds }
            END { print reached, smallest }')
        if awk "BEGIN { exit !($seconds < $best) }"; then best=$seconds fastest=$rate; fi
        if awk "BEGIN { exit !($smallest < $error) }"; then error=$smallest lowest=$rate; fi
    done
    [ "$best" = 9999999 ] && best=never
    printf '%-10s %3s %3s  %-12s %-9s %-8s %s\n' "$1" "$2" "$3" "$best" "$fastest" "$error" "$lowest"
}

printf '%-10s %3s %3s  %-12s %-9s %-8s %s\n' method p τ "to $level, s" "at η" error "at η"
for workers in 4 8 16; do
    for method in easgd eamsgd; do measure "$method" "$workers" 10; done
    for method in downpour mdownpour; do measure "$method" "$workers" 1; done
done
for period in 1 4 16 64; do
    for method in easgd eamsgd downpour; do measure "$method" 4 "$period"; done
done
