#!/bin/sh
# Interleaved runs of scikit-learn's SGDClassifier and of lock-free training on the set of peers/gen_sparse.py, on one core: millions of examples per
# second of CPU time, and the median of the ratios of neighbors.
# Usage: bench/lockfree.sh [--json] DIR [PAIRS]     DIR: scratch folder, where the set is made if it is not there
set -eu
here=$(CDPATH= cd -- "$(dirname -- "$0")" && pwd -P)
. "$here/output.sh"
dir=$1
pairs=${2:-5}
mkdir -p "$dir"
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
[ -f "$dir/train.npz" ] || { /usr/bin/python3 "$here/peers/gen_sparse.py" "$work/set" && mv "$work"/set/* "$dir"; }
[ -f "$dir/train.svm" ] || /usr/bin/python3 -c '
import os, sys, numpy as np, scipy.sparse as sp
from sklearn.datasets import dump_svmlight_file
for s in ("test", "train"):
    dump_svmlight_file(sp.load_npz(f"{sys.argv[1]}/{s}.npz"), np.load(f"{sys.argv[1]}/{s}_y.npy"), f"{sys.argv[1]}/part", zero_based=False)
    os.rename(f"{sys.argv[1]}/part", f"{sys.argv[1]}/{s}.svm")' "$dir"
for pair in $(seq "$pairs"); do
    taskset -c 1 /usr/bin/python3 "$here/peers/sklearn_sgd.py" "$dir" 5 >"$work/theirs"
    rm -rf "$work/run"
    taskset -c 1 "$here/../hooke" train --method hogwild --data "$dir/train.svm" --test-data "$dir/test.svm" --workers 1 --epochs 5 \
        --learning-rate 0.5 --evaluate-every 0 --run "$work/run" --json >"$work/ours" 2>/dev/null
    /usr/bin/python3 -c '
import json, sys
ours, theirs = (json.load(open(f"{sys.argv[1]}/{name}")) for name in ("ours", "theirs"))
print(ours["samples"] / ours["shared"]["processorSeconds"] / 1e6, theirs["examplesPerSecond"] / 1e6, 1 - ours["testError"], theirs["testAccuracy"])' "$work"
done | awk '{ print $1 / $2, $0 }' | sort -g | awk '{ line[NR] = $0 } END { print line[int((NR + 1) / 2)] }' >"$work/median"
read -r ratio ours theirs accuracy peer <"$work/median"
printf 'ratio %.2f: Hooke %.2f M examples/s, test accuracy %.4f; scikit-learn %.2f, %.4f\n' "$ratio" "$ours" "$accuracy" "$theirs" "$peer"
document "{\"ratio\":$ratio,\"accuracy\":$accuracy,\"peerAccuracy\":$peer}"
