#!/usr/bin/env bash
# The table of bench/defaults.md: how far the defaults of a model and a method end from the best of nine learning rates.
#     bench/defaults.sh [PART...]      measures what bench/defaults.tsv lacks, then writes the table; with no part only the table
# Parts: softmax, mlp and fashion-cnn on threads; softmax-virtual and mlp-virtual with 1 to 8 workers in virtual time; loaded: the mlp
# beside four busy processes. A part may be stopped and run again. Delete bench/defaults.tsv to measure all anew.
#
# Nine rates, the default one times 1/16, 1/8, … 16, are run at a quarter of the epochs on nine tenths of the training images, and judged on
# the other tenth; the best is "the best at a quarter", the best two are run at all epochs, and the better of them is "the best". What the table
# states of both is, as of the defaults, the error on the test images of a run on all training images.
set -euo pipefail
here=$(cd -- "$(dirname -- "$0")/.." && pwd)
kept="$here/bench/defaults.tsv"
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
touch "$kept"

star="easgd easgd-gauss-seidel eamsgd eamsgd-heavy-ball downpour mdownpour adownpour mvadownpour async-sgd minibatch-sgd admm admm-momentum easgd-tree eamsgd-tree downpour-tree"
every="sgd msgd heavy-ball asgd mvasgd $star"
five="sgd easgd eamsgd downpour minibatch-sgd"

# number NAME FILE: the first number of that name in a JSON document, nan if it is null or missing
number() {
    local value
    value=$(sed -n "s/^ *\"$1\": \([-+0-9.eE]*\),*$/\1/p" "$2" | head -n 1)
    printf '%s' "${value:-nan}"
}

# measure PART MODEL METHOD WORKERS WHAT SEED SHARE [OPTION...]: one run, kept with its test error and how its speed changed. SHARE is of the
# default epochs; a dash stands for the default number of workers.
measure() {
    local part=$1 model=$2 method=$3 workers=$4 what=$5 seed=$6 share=$7 key
    shift 7
    key="$part	$model	$method	$workers	$what	$seed"
    ! grep -q "^$key	" "$kept" || return 0
    local command=train epochs=10
    local -a options=(--model "$model" --method "$method" --seed "$seed" --run "$work/run" --json "$@")
    case "$part" in *virtual) command=simulate ;; esac
    [ "$workers" = - ] || options+=(--workers "$workers")
    [ "$model" != fashion-cnn ] || epochs=8
    [ "$share" = 1 ] || options+=(--epochs "$(awk "BEGIN { print $epochs * $share }")")
    rm -rf "$work/run"
    "$here/hooke" "$command" "${options[@]}" >"$work/result" 2>"$work/said" || [ $? -eq 3 ] || { cat "$work/said" >&2; exit 1; }
    # Samples a second between the first two points of the trace, and between the last two.
    local speed
    speed=$(sed -n 's/^{"seconds":\([0-9.eE+-]*\),.*"samples":\([0-9]*\),.*/\1 \2/p' "$work/run/trace.jsonl" | awk '
        { at[NR] = $1; given[NR] = $2 }
        END { n = NR; if (n > 2 && at[2] > at[1] && at[n] > at[n - 1]) print (given[n] - given[n - 1]) / (at[n] - at[n - 1]) * (at[2] - at[1]) / (given[2] - given[1]); else print "nan" }')
    local error=testError
    case "$what" in search*) error=validationError ;; esac
    printf '%s\t%s\t%s\t%s\n' "$key" "$(sed -n 's/^ *"learningRate": *\([0-9.eE+-]*\),*$/\1/p' "$work/run/run.json" | head -n 1)" "$(number $error "$work/result")" "$speed" >>"$kept"
}

# field PART MODEL METHOD WORKERS WHAT SEED COLUMN
field() { awk -F '\t' -v key="$1	$2	$3	$4	$5	$6" -v column="$7" 'index($0, key "\t") == 1 { print $column; exit }' "$kept"; }

# best PART MODEL METHOD WORKERS COUNT PREFIX: the COUNT rates of the smallest errors among what starts with PREFIX
best() {
    awk -F '\t' -v key="$1	$2	$3	$4	$6" 'index($0, key) == 1 && $8 != "nan" && $8 != "" { print $8, $7 }' "$kept" | sort -g | head -n "$5" | cut -d ' ' -f 2
}

# cell PART MODEL METHOD WORKERS SEEDS
cell() {
    local part=$1 model=$2 method=$3 workers=$4 seeds=$5 seed factor rate
    for seed in $(seq "$seeds"); do measure "$part" "$model" "$method" "$workers" default "$seed" 1 --evaluate-every 1; done
    for seed in $(seq $((seeds < 3 ? seeds : 3))); do measure "$part" "$model" "$method" "$workers" quarter "$seed" 0.25 --evaluate-every 0; done
    local standard
    standard=$(field "$part" "$model" "$method" "$workers" default 1 7)
    for factor in 0.0625 0.125 0.25 0.5 1 2 4 8 16; do
        rate=$(awk "BEGIN { printf \"%.6g\", $standard * $factor }")
        measure "$part" "$model" "$method" "$workers" "search-quarter-$rate" 1 0.25 --validation-fraction 0.1 --learning-rate "$rate" --evaluate-every 0
    done
    for rate in $(best "$part" "$model" "$method" "$workers" 2 search-quarter-); do
        measure "$part" "$model" "$method" "$workers" "search-whole-$rate" 1 1 --validation-fraction 0.1 --learning-rate "$rate" --evaluate-every 0
    done
    for rate in $(best "$part" "$model" "$method" "$workers" 1 search-quarter-); do measure "$part" "$model" "$method" "$workers" best-quarter 1 0.25 --learning-rate "$rate" --evaluate-every 0; done
    for rate in $(best "$part" "$model" "$method" "$workers" 1 search-whole-); do measure "$part" "$model" "$method" "$workers" best 1 1 --learning-rate "$rate" --evaluate-every 0; done
}

busy() { # beside four processes that only compute
    local -a others=()
    local k method seed
    for k in 1 2 3 4; do
        while :; do :; done &
        others+=($!)
    done
    trap 'kill "${others[@]}" 2>/dev/null; rm -rf "$work"' EXIT
    for method in $five; do for seed in 1 2 3; do measure loaded mlp "$method" - default "$seed" 1 --evaluate-every 0; done; done
    kill "${others[@]}"
    wait "${others[@]}" 2>/dev/null || true
}

table() {
    cat <<'END'
# Defaults

Test error on Fashion-MNIST, %, of runs with all defaults (the median of the seeds, and the greatest), at the default epochs and at a quarter of
them, beside the best of nine learning rates around the default, chosen on a validation part. A default is to be within 1.0 of it, at
a quarter within 2.0. Written by `bench/defaults.sh`, which says how; every run is a line of `defaults.tsv`. On threads p = 2.

| part | model | method | p | η | median | greatest | bound | best of nine (its η) | difference | quarter | best | difference | holds |
|---|---|---|---|---|---|---|---|---|---|---|---|---|---|
END
    sort -s -t '	' -k1,1 -k4,4 -k2,2 "$kept" | awk -F '\t' '
        function median(list, n, i, j, x) { for (i = 2; i <= n; i++) for (j = i; j > 1 && list[j] < list[j - 1]; j--) { x = list[j]; list[j] = list[j - 1]; list[j - 1] = x } return n % 2 ? list[(n + 1) / 2] : (list[n / 2] + list[n / 2 + 1]) / 2 }
        function bound(model, method) { return model == "softmax" ? 17 : model == "fashion-cnn" ? 8.5 : method == "eamsgd" ? 11.5 : method == "easgd" ? 12 : 13.2 }
        { cell = $1 "\t" $2 "\t" $3 "\t" $4; error = $8 == "nan" ? 100 : 100 * $8; if (!(cell in seen)) { seen[cell] = 1; order[++cells] = cell } }
        $5 == "default" { whole[cell, ++many[cell]] = error; rate[cell] = $7; if (error > most[cell]) most[cell] = error; if ($9 != "nan" && $1 !~ /virtual|loaded/ && (!slowest || $9 < slowest)) { slowest = $9; where = $2 " " $3 } }
        $5 == "quarter" { part[cell, ++few[cell]] = error }
        $5 == "best" { best[cell] = error; chosen[cell] = $7 }
        $5 == "best-quarter" { early[cell] = error }
        END {
            for (c = 1; c <= cells; c++) {
                cell = order[c]
                if (!many[cell]) continue
                delete list; for (k = 1; k <= many[cell]; k++) list[k] = whole[cell, k]
                middle[cell] = median(list, many[cell])
            }
            for (c = 1; c <= cells; c++) {
                cell = order[c]; split(cell, name, "\t")
                if (!many[cell]) continue
                m = middle[cell]; limit = bound(name[2], name[3]); holds = m <= limit && (name[2] != "mlp" || most[cell] <= 13.2)
                if (name[1] == "loaded") { quiet = middle["mlp\tmlp\t" name[3] "\t-"]; holds = holds && m <= quiet + 0.5 }
                line = sprintf("| %s | %s | `%s` | %s | %s | %.2f | %.2f | %s |", name[1], name[2], name[3], name[4] == "-" ? 2 : name[4], rate[cell], m, most[cell], limit)
                if (name[1] == "loaded") line = line sprintf(" quiet %.2f | %.2f | | | |", quiet, m - quiet)
                else {
                    if (cell in best) { line = line sprintf(" %.2f (%s) | %.2f |", best[cell], chosen[cell], m - best[cell]); holds = holds && m - best[cell] <= 1 } else line = line " | |"
                    if (few[cell] && cell in early) { delete list; for (k = 1; k <= few[cell]; k++) list[k] = part[cell, k]; q = median(list, few[cell]); line = line sprintf(" %.2f | %.2f | %.2f |", q, early[cell], q - early[cell]); holds = holds && q - early[cell] <= 2 } else line = line " | | |"
                }
                print line " " (holds ? "yes" : "no") " |"
                if (holds) kept++; total++
            }
            printf "\n%d of %d hold.", kept, total
            if (slowest) printf " Samples a second in the last epoch over those in the first, on threads, smallest: %.2f (%s).", slowest, where
            print ""
        }'
}

for part in "$@"; do
    case "$part" in
    softmax | mlp) for method in $every; do cell "$part" "$part" "$method" - 5; done ;;
    fashion-cnn) for method in $five; do cell "$part" "$part" "$method" - 3; done ;;
    softmax-virtual | mlp-virtual)
        for method in $star; do cell "$part" "${part%-virtual}" "$method" 8 3; done
        for method in $five; do
            for p in 1 2 4; do case "$method $p" in sgd\ [24]) ;; *) cell "$part" "${part%-virtual}" "$method" "$p" 3 ;; esac; done
        done ;;
    loaded) busy ;;
    *) echo "part is $part; it must be softmax, mlp, fashion-cnn, softmax-virtual, mlp-virtual or loaded" >&2; exit 2 ;;
    esac
done
table >"$work/table"
cp "$work/table" "$here/bench/defaults.md"
tail -n 1 "$here/bench/defaults.md"
