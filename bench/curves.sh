#!/bin/bash
# The Curves autoencoder [Survey, table 1]: Nesterov's accelerated gradient (NAG) against classical momentum (CM), both with the
# growing momentum up to μ_max = 0.995, and each with the best of several learning rates. Prints the squared reconstruction error
# on the training set.
# Usage: bench/curves.sh [EPOCHS, default 60] [SEED, default 1]
set -euo pipefail
epochs=${1:-60}
seed=${2:-1}
here=$(cd -- "$(dirname -- "$0")/.." && pwd)
"$here/hooke" compare --methods msgd,heavy-ball --learning-rates 0.001,0.003,0.01 --model curves-autoencoder \
    --momentum 0.995 --momentum-schedule growing --batch 200 --schedule constant --epochs "$epochs" --seed "$seed" --evaluate-every 1
