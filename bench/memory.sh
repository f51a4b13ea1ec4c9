#!/bin/bash
# Memory of a worker's process: bytes a parameter by which its peak resident size grows from a model of 4.3 to one of 15 million parameters.
# Usage: bench/memory.sh [--json] METHOD
set -euo pipefail
here=$(cd -- "$(dirname -- "$0")/.." && pwd)
. "$here/bench/output.sh"
method=$1
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT

# peak H1 H2: kilobytes of rank 1 at most, and parameters
peak() {
    local job most=0 now process worker=
    "$here/hooke" launch -n 2 train --method "$method" --model mlp --hidden "$1,$2" --batch 32 --epochs 0.05 --evaluate-every 0 --run "$work/$1" --json >/dev/null 2>&1 &
    job=$!
    while kill -0 "$job" 2>/dev/null; do
        if [ -z "$worker" ]; then
            for process in $(pgrep -f "rank $work/$1 " || true); do
                if tr '\0' '\n' <"/proc/$process/environ" 2>/dev/null | grep -q '^OMPI_COMM_WORLD_RANK=1$'; then worker=$process; fi
            done
        else
            now=$(sed -n 's/^VmHWM:[[:space:]]*\([0-9]*\) kB/\1/p' "/proc/$worker/status" 2>/dev/null || true)
            if [ "${now:-0}" -gt "$most" ]; then most=$now; fi
        fi
        sleep 0.05
    done
    wait "$job"
    echo "$most $((784 * $1 + $1 + $1 * $2 + $2 + $2 * 10 + 10))"
}

read -r small few < <(peak 4096 256)
read -r large many < <(peak 8192 1024)
floats=$(awk "BEGIN { print ($large - $small) * 1024 / ($many - $few) / 4 }")
printf '%s: %.2f times 4 bytes a parameter\n' "$method" "$floats"
document "{\"floatsPerParameter\":$floats}"
