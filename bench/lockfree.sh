#!/bin/sh
# Interleaved runs of scikit-learn's SGDClassifier and of lock-free training on the set of peers/gen_sparse.py, on one core.
# usage: bench/lockfree.sh DIR [PAIRS]     DIR: scratch folder, where the set is made if it is not there
set -eu
here=$(CDPATH= cd -- "$(dirname -- "$0")" && pwd -P)
dir=$1
[ -f "$dir/train.npz" ] || /usr/bin/python3 "$here/peers/gen_sparse.py" "$dir"
[ -f "$dir/train.svm" ] || /usr/bin/python3 -c '
import sys, numpy as np, scipy.sparse as sp
from sklearn.datasets import dump_svmlight_file
for s in ("train", "test"):
    dump_svmlight_file(sp.load_npz(f"{sys.argv[1]}/{s}.npz"), np.load(f"{sys.argv[1]}/{s}_y.npy"), f"{sys.argv[1]}/{s}.svm", zero_based=False)' "$dir"
for pair in $(seq "${2:-5}"); do
    taskset -c 1 /usr/bin/python3 "$here/peers/sklearn_sgd.py" "$dir" 5
    run=$(mktemp -d)
    taskset -c 1 "$here/../hooke" train --method hogwild --data "$dir/train.svm" --test-data "$dir/test.svm" --workers 1 --epochs 5 \
        --learning-rate 0.5 --evaluate-every 0 --run "$run/run" --json 2>/dev/null |
        /usr/bin/python3 -c 'import json, sys; r = json.load(sys.stdin); print("hooke examples/s wall %.0f  cpu %.0f  test acc %.4f after 5 epochs" % (r["samples"] / r["seconds"], r["samples"] / r["shared"]["processorSeconds"], 1 - r["testError"]))'
    rm -r "$run"
done
