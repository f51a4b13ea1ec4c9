#!/bin/bash
# Kills a part of a launched run with SIGKILL, so many times for each of four phases and four targets, and says how the launches end. A kill is good if within two
# minutes no process is left and either the whole run is done or a cause is said (exit code 1) and the run can go on; after the launcher's own death the run is gone on with.
# Usage: bench/launch-kills.sh [--json: the table goes to standard error, one document to standard output] [KILLS of each, default 5] [FILE for a line of JSON a kill, default none] [PHASES, default all] [TARGETS, default all]
set -uo pipefail
exec 3>&1
document=no
if [ "${1:-}" = --json ]; then
    document=yes
    shift
    exec 1>&2
fi
kills=${1:-5}
file=${2:-/dev/null}
phases=${3:-starting joining running ending}
targets=${4:-worker center mpirun launcher}
limit=120
RANDOM=1
here=$(cd -- "$(dirname -- "$0")/.." && pwd)
"$here/hooke" --version >/dev/null || exit 1
program=(dotnet "$here/artifacts/bin/Hooke.App/release/Hooke.App.dll" launch -n 3)
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
options=(--method easgd --data glyphs --model softmax --period 10 --batch 64 --epochs 2 --evaluate-every 0.2)
samples=120000
points=11
: >"$file"

now() { date +%s.%N; }
since() { awk -v from="$1" -v to="$(now)" 'BEGIN { printf "%.1f", to - from }'; }
# alive RUN: the processes of a run, the launcher among them; those that have ended and are not yet forgotten are none.
alive() {
    local process state
    for process in $(pgrep -f "$1/"); do
        state=$(sed 's/.*) //' "/proc/$process/stat" 2>/dev/null | cut -c 1)
        case $state in '' | Z | X) ;; *) echo "$process" ;; esac
    done
}
# rank RUN NUMBER: the process of a rank.
rank() {
    local process
    for process in $(pgrep -f "rank $1/"); do
        if tr '\0' '\n' 2>/dev/null <"/proc/$process/environ" | grep -q "^OMPI_COMM_WORLD_RANK=$2\$"; then echo "$process"; return; fi
    done
}
victim() {
    case $2 in
        worker) rank "$1" 2 ;;
        center) rank "$1" 0 ;;
        mpirun) pgrep -f "^[^ ]*mpirun[^ ]* .*$1/" | head -n 1 ;;
        launcher) echo "$launcher" ;;
    esac
}
lines() { { wc -l <"$1/run/trace.jsonl"; } 2>/dev/null || echo 0; }
# MPI is up in a rank when it shares memory with the others.
is_up() { local process; process=$(rank "$1" 0); [ -n "$process" ] && grep -q vader_segment "/proc/$process/maps" 2>/dev/null; }
in_phase() {
    case $2 in
        starting) [ -n "$(rank "$1" 2)" ] && ! is_up "$1" ;;
        joining) [ "$(lines "$1")" -eq 0 ] && is_up "$1" ;;
        running) [ "$(lines "$1")" -ge 3 ] && [ "$(lines "$1")" -lt $points ] ;;
        ending) [ "$(lines "$1")" -ge $points ] && [ -n "$(rank "$1" 0)" ] ;;
    esac
}
field() { grep -o "\"$2\": [0-9]*" "$1" | head -n 1 | grep -o '[0-9]*$' || echo 0; }

all=0
hit=0
wrong=0
printf '%-9s %-9s %6s %6s %6s %8s  %s\n' phase target kills inside good 'most s' outcomes
for phase in $phases; do
    for target in $targets; do
        inside=0
        good=0
        most=0
        outcomes=
        # A kill that comes too early or too late for its phase is judged, too, and does not count as one of so many.
        for ((k = 1; inside < kills && k <= 3 * kills; k++)); do
            run="$work/$phase-$target-$k"
            mkdir "$run"
            "${program[@]}" --lease 5 train "${options[@]}" --seed "$k" --run "$run/run" --json >"$run/json" 2>"$run/log" &
            launcher=$!
            came=no
            for ((look = 0; look < 2000; look++)); do
                in_phase "$run" "$phase" && { came=yes; break; }
                kill -0 "$launcher" 2>/dev/null || break
                sleep 0.05
            done
            case $phase in starting | ending) sleep "0.0$((RANDOM % 10))" ;; *) sleep "0.$((RANDOM % 6))" ;; esac
            process=$(victim "$run" "$target")
            in_phase "$run" "$phase" || came=no
            kill -KILL "${process:-none}" 2>/dev/null || came=no
            start=$(now)
            while [ -n "$(alive "$run")" ] && awk -v passed="$(since "$start")" -v limit=$limit 'BEGIN { exit passed >= limit }'; do sleep 0.05; done
            seconds=$(since "$start")
            left=$(alive "$run" | wc -w)
            for process in $(alive "$run"); do kill -KILL "$process"; done
            wait "$launcher" 2>/dev/null
            code=$?
            restarts=$(field "$run/json" restarts)
            cause=$(grep -o '"error": ".*"' "$run/json" | cut -c 11- | sed 's/"$//; s/; hooke launch.*//' | tr -d '"\\')
            if [ "$code" = 0 ] && [ "$(field "$run/json" samples)" = $samples ]; then
                outcome=done
                if grep -q '"what": "lost"' "$run/json"; then outcome="done without the worker"; fi
                [ "$restarts" = 0 ] || outcome="done after $restarts restart"
            elif [ "$code" = 1 ] && [ -n "$cause" ]; then
                outcome=cause
            elif [ "$target" = launcher ] && [ "$code" = 137 ] && [ -e "$run/run/run.json" ]; then
                outcome=BAD
                timeout 300 "${program[@]}" resume "$run/run" --json >"$run/json" 2>"$run/log" && [ "$(field "$run/json" samples)" = $samples ] && outcome="done when resumed"
            else
                outcome=BAD
            fi
            [ "$left" = 0 ] || outcome="BAD, $left left"
            all=$((all + 1))
            [ $came = yes ] && inside=$((inside + 1)) && hit=$((hit + 1))
            case $outcome in BAD*) wrong=$((wrong + 1)) ;; *) good=$((good + 1)) ;; esac
            most=$(awk -v a="$most" -v b="$seconds" 'BEGIN { print (a > b ? a : b) }')
            outcomes="$outcomes$outcome
"
            printf '{"phase": "%s", "target": "%s", "kill": %d, "inside": %s, "exitCode": %d, "seconds": %s, "left": %d, "restarts": %d, "outcome": "%s", "cause": "%s"}\n' \
                "$phase" "$target" "$k" "$([ $came = yes ] && echo true || echo false)" "$code" "$seconds" "$left" "$restarts" "$outcome" "$cause" >>"$file"
            rm -rf "$run"
        done
        printf '%-9s %-9s %6d %6d %6d %8s  %s\n' "$phase" "$target" $((k - 1)) "$inside" "$good" "$most" "$(printf '%s' "$outcomes" | sort | uniq -c | awk '{ n = $1; $1 = ""; printf "%s%d%s", s, n, $0; s = ", " }')"
    done
done
echo "$((all - wrong)) of $all kills ended as they should"
[ $document = no ] || printf '{"kills": %d, "inside": %d, "bad": %d}\n' "$all" "$hit" "$wrong" >&3
[ $wrong = 0 ]
