#!/bin/bash
# Kills a one-worker run with SIGKILL at random moments, resumes it, and compares the model with that of an uninterrupted run,
# bit by bit. Every other resume is killed, too, and resumed again. With "inside" every kill falls into the writing of a checkpoint:
# one that leaves no part of it behind does not count, and is tried again.
# Usage: bench/kill-resume.sh [--json] [KILLS, default 20] [SEED of the moments, default 1] [METHOD: eamsgd, the default, or hogwild] [anywhere|inside, default anywhere]
set -euo pipefail
here=$(cd -- "$(dirname -- "$0")/.." && pwd)
. "$here/bench/output.sh"
kills=${1:-20}
RANDOM=${2:-1}
where=${4:-anywhere}
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
# Many checkpoints, so that kills hit their writing as well.
case ${3:-eamsgd} in
    eamsgd) options=(--workers 1 --method eamsgd --model mlp --hidden 64 --epochs 8 --evaluate-every 0.05 --seed 7) ;;
    hogwild) options=(--workers 1 --method hogwild --data fashion-mnist --model logistic --average time-average --l2 1e-5 --epochs 12 --evaluate-every 0.1 --seed 7) ;;
    *) echo "method is $3; it must be eamsgd or hogwild" >&2; exit 2 ;;
esac

# The samples that a folder's checkpoint and trace stand at; 0 if there is none.
checkpoint_samples() { { head -c 4096 "$1/state/checkpoint.safetensors" 2>/dev/null || true; } | grep -ao '"supply.given":"[0-9]*"' | grep -o '[0-9]*' || echo 0; }
trace_samples() { { tail -n 1 "$1/trace.jsonl" 2>/dev/null || true; } | grep -o '"samples":[0-9]*' | head -n 1 | grep -o '[0-9]*' || echo 0; }

# kill_after FOLDER COMMAND…: waits for a point that the folder's trace did not have, then a random part of a run's time.
kill_after() {
    local folder=$1 before pid
    shift
    before=$(trace_samples "$folder")
    "$@" >/dev/null 2>&1 &
    pid=$!
    while kill -0 "$pid" 2>/dev/null && [ "$(trace_samples "$folder")" -le "$before" ] && [ ! -e "$folder/result.json" ]; do sleep 0.02; done
    sleep "$(awk -v part="$RANDOM" -v time="$train_time" -v share="$share" 'BEGIN { print share * time * part / 32768 }')"
    kill -KILL "$pid" 2>/dev/null || true
    wait "$pid" 2>/dev/null || true
}

# kill_inside FOLDER COMMAND…: waits for a random point of the run, then for the next checkpoint to be begun, and kills within it.
kill_inside() {
    local folder=$1 pid least part spins
    shift
    least=$((RANDOM * total / 32768 * 9 / 10))
    part=$folder/state/checkpoint.safetensors.tmp
    "$@" >/dev/null 2>&1 &
    pid=$!
    while kill -0 "$pid" 2>/dev/null && [ "$(trace_samples "$folder")" -lt "$least" ]; do sleep 0.01; done
    while kill -0 "$pid" 2>/dev/null && [ ! -e "$part" ]; do :; done
    # Some microseconds to some milliseconds of the writing.
    for ((spins = RANDOM % 1000; spins > 0; spins--)); do :; done
    kill -KILL "$pid" 2>/dev/null || true
    wait "$pid" 2>/dev/null || true
    [ -e "$part" ]
}

"$here/hooke" train "${options[@]}" --run "$work/reference" >/dev/null
train_time=$(grep -o '"wallSeconds": [0-9.]*' "$work/reference/result.json" | grep -o '[0-9.]*')
total=$(grep -o '"samples": [0-9]*' "$work/reference/result.json" | grep -o '[0-9]*')
echo "an uninterrupted run takes $train_time s for $total samples"
printf '%4s  %-7s  %10s  %10s  %-6s  %s\n' kill during checkpoint trace inside equal
inside=0
different=0
if [ "$where" = inside ]; then
    tries=0
    for ((k = 1; k <= kills && tries < 10 * kills; tries++)); do
        run="$work/run$k"
        if kill_inside "$run" "$here/hooke" train "${options[@]}" --run "$run"; then
            printf '%4s  %-7s  %10s  %10s  %-6s' "$k" writing "$(checkpoint_samples "$run")" "$(trace_samples "$run")" yes
            "$here/hooke" resume "$run" >/dev/null
            if cmp -s "$work/reference/center.safetensors" "$run/center.safetensors"; then echo "  yes"; else echo "  NO"; different=$((different + 1)); fi
            inside=$((inside + 1))
            k=$((k + 1))
        fi
        rm -rf "$run"
    done
    echo "$inside kills were inside a checkpoint's writing, of $tries; $different resumed runs differ from the uninterrupted one"
    document "{\"kills\":$kills,\"inside\":$inside,\"different\":$different}"
    [ "$different" -eq 0 ] && [ "$inside" -eq "$kills" ]
    exit
fi
for ((k = 1; k <= kills; k++)); do
    run="$work/run$k"
    report() {
        local at
        at=$(checkpoint_samples "$run")
        within=no
        if [ "$at" -gt 0 ] && [ "$at" -lt "$total" ] && [ ! -e "$run/result.json" ]; then within=yes; fi
        printf '%4s  %-7s  %10s  %10s  %-6s' "$k" "$1" "$at" "$(trace_samples "$run")" "$within"
    }
    share=0.95
    kill_after "$run" "$here/hooke" train "${options[@]}" --run "$run"
    report train
    if [ $within = yes ]; then inside=$((inside + 1)); fi
    if ((k % 2 == 0)) && [ $within = yes ]; then
        echo
        share=0.4
        kill_after "$run" "$here/hooke" resume "$run"
        report resume
    fi
    "$here/hooke" resume "$run" >/dev/null
    if cmp -s "$work/reference/center.safetensors" "$run/center.safetensors"; then echo "  yes"; else echo "  NO"; different=$((different + 1)); fi
    rm -rf "$run"
done
echo "$inside of $kills kills were strictly inside the run; $different resumed runs differ from the uninterrupted one"
document "{\"kills\":$kills,\"inside\":$inside,\"different\":$different}"
[ "$different" -eq 0 ]
