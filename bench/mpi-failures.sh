#!/bin/bash
# Kills workers of a launched run with SIGKILL at random moments, kills rank 0, and stops a worker for 20 s; says how the runs end.
# Usage: bench/mpi-failures.sh [--json] [KILLS, default 30] [SEED of the moments, default 1]
set -uo pipefail
here=$(cd -- "$(dirname -- "$0")/.." && pwd)
. "$here/bench/output.sh"
kills=${1:-30}
RANDOM=${2:-1}
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
options=(--method easgd --data fashion-mnist --model mlp --period 4 --epochs 2 --evaluate-every 0.1)

# launch NAME RANKS LEASE OPTION…: starts a run in the background, with letters checked.
launch() {
    local name=$1 ranks=$2 lease=$3
    shift 3
    HOOKE_CHECK=1 timeout 120 "$here/hooke" launch -n "$ranks" --lease "$lease" "$@" --run "$work/$name" --json >"$work/$name.json" 2>"$work/$name.log" &
    job=$!
}
# pid NAME RANK: the process of a rank.
pid() {
    local process
    for process in $(pgrep -f "rank $work/$1 "); do
        if tr '\0' '\n' <"/proc/$process/environ" 2>/dev/null | grep -q "^OMPI_COMM_WORLD_RANK=$2$" && [ "$(tr '\0' ' ' <"/proc/$process/cmdline" | grep -c mpirun)" = 0 ]; then echo "$process"; return; fi
    done
}
samples() { { tail -n 1 "$work/$1/trace.jsonl" 2>/dev/null || true; } | grep -o '"samples":[0-9]*' | head -n 1 | grep -o '[0-9]*' || echo 0; }
# await NAME SAMPLES: until the trace is there or the run is over.
await() {
    local k
    for ((k = 0; k < 600; k++)); do
        if [ "$(samples "$1")" -ge "$2" ] || [ -e "$work/$1/result.json" ]; then return; fi
        sleep 0.05
    done
}
value() { grep -o "\"$2\": [-+0-9.eE]*" "$work/$1.json" | head -n 1 | grep -o '[-+0-9.eE]*$' || echo none; }
survivors() { grep -c '"survived": true' "$work/$1.json" || true; }

launch plain 4 2 train "${options[@]}"
wait "$job"
echo "undisturbed: train loss $(value plain trainLoss), test error $(value plain testError), $(value plain seconds) s"
printf '%4s  %6s  %8s  %6s  %9s  %9s  %10s  %10s\n' kill worker "at s" inside survivors samples "train loss" consensus
inside=0
good=0
plain=$(value plain trainLoss)
worst=0
for ((k = 1; k <= kills; k++)); do
    launch "run$k" 4 2 train "${options[@]}" --seed "$k"
    await "run$k" 6000
    worker=$((RANDOM % 3))
    sleep "$(awk -v part="$RANDOM" -v time="$(value plain seconds)" 'BEGIN { print 0.4 * time * part / 32768 }')"
    victim=$(pid "run$k" $((worker + 1)))
    within=no
    if [ -n "$victim" ] && [ ! -e "$work/run$k/result.json" ] && kill -KILL "$victim" 2>/dev/null; then
        at=$(awk "BEGIN { print $(date +%s.%N) - $(stat -c %Y "$work/run$k/run.json") }")
        [ "$(samples "run$k")" -lt 120000 ] && within=yes
    else
        at=late
    fi
    wait "$job"
    code=$?
    loss=$(value "run$k" trainLoss)
    printf '%4s  %6s  %8s  %6s  %9s  %9s  %10s  %10s' "$k" "$worker" "$at" "$within" "$(survivors "run$k")" "$(value "run$k" samples)" "$loss" "$(value "run$k" consensus)"
    if [ $within = yes ]; then
        inside=$((inside + 1))
        worst=$(awk "BEGIN { print ($loss / $plain > $worst) ? $loss / $plain : $worst }")
        if [ $code -eq 0 ] && [ "$(survivors "run$k")" = 3 ] && [ "$(value "run$k" samples)" = 120000 ] && awk "BEGIN { exit !($loss < 0.5) }"; then good=$((good + 1)); echo "  good"; else echo "  BAD (exit code $code)"; fi
    else
        echo
    fi
    rm -rf "$work/run$k"
done
echo "$inside of $kills kills were strictly inside; $good of them ended as they should"

launch center 4 2 train "${options[@]}"
await center 30000
kill -KILL "$(pid center 0)"
wait "$job"
center=$?
echo "rank 0 killed: exit code $center, restarts $(value center restarts), samples $(value center samples), train loss $(value center trainLoss), test error $(value center testError)"

launch stopped 4 60 train "${options[@]}"
await stopped 15000
victim=$(pid stopped 2)
kill -STOP "$victim"
start=$(date +%s.%N)
(sleep 20; kill -CONT "$victim" 2>/dev/null) &
wait "$job"
stopped=$?
after=$(awk "BEGIN { print $(date +%s.%N) - $start }")
echo "a worker stopped for 20 s: exit code $stopped, the run ended $after s after the stop, samples $(value stopped samples), train loss $(value stopped trainLoss)"
kill -CONT "$victim" 2>/dev/null || true
document "{\"inside\":$inside,\"good\":$good,\"worstLossRatio\":$worst,
    \"center\":{\"code\":$center,\"restarts\":$(value center restarts),\"samples\":$(value center samples),\"lossRatio\":$(awk "BEGIN { print $(value center trainLoss) / $plain }")},
    \"stopped\":{\"code\":$stopped,\"seconds\":$after,\"samples\":$(value stopped samples)}}"
