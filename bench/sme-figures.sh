#!/bin/sh
# Figures 4, 5 and 6 of [AnLuYing18] with 400,000 paths. Usage: bench/sme-figures.sh [PATHS]
set -eu
here=$(CDPATH= cd -- "$(dirname -- "$0")/.." && pwd -P)
paths=${1:-400000}
echo "Figure 4, largest errors over 1000 steps:"
for staleness in 0.9 0.95 0.97; do
    echo "  staleness $staleness"
    "$here/hooke" sme moments --curvature 2 --noise 4 --learning-rate 0.01 --staleness "$staleness" --steps 1000 | grep error | sed 's/^/    /'
done
echo "Figure 5 left, x^4 + 6x^2, after 600 steps:"
for scheme in asgd sme-asgd sme-sgd; do
    echo "  $scheme: $("$here/hooke" sme run --objective quartic-pair --scheme $scheme --steps 600 --paths "$paths" | grep '^ *600 ' | tr -s ' ')"
done
echo "Figure 5 right, the double well, after 1000 steps:"
for scheme in asgd sme-asgd sme-sgd; do
    echo "  $scheme: $("$here/hooke" sme run --objective double-well --scheme $scheme --steps 1000 --paths "$paths" | tail -n 1)"
done
echo "Figure 6, batches of 5 and the optimal course, after 1000 steps (error measured from -0.2475):"
course=$("$here/hooke" sme batch --curvature 1 --staleness 0.9 --learning-rate 0.02 --noise 0.02083 --horizon 20 --cost 3.625e-9 | sed -n 's/.*--batch //p')
for batch in 1 5 "$course"; do
    "$here/hooke" sme run --objective shifted-quadratics --staleness 0.9 --steps 1000 --paths $((paths / 20)) --points 2 --batch "$batch" --json 2>/dev/null | tr -d ' \n' |
        sed 's/.*"mean":\[[^,]*,\([^]]*\)\],"secondMoment":\[[^,]*,\([^]]*\)\].*/\1 \2/' | awk -v b="$batch" '{ printf "  batch %s: E(x - x*)^2 = %.4g\n", b, $2 + 2 * 0.2475 * $1 + 0.2475 ^ 2 }'
done
