#!/usr/bin/env python3
"""Fit the model of a claim, lib/verify/claim_weights.h.

usage: make build/eval/factcheck build/eval/train
       tests/eval/fit-factcheck.py [--write] [BIN]	(BIN: build)

Data: the sets factcheck/* (../shared/data, or KB_DATA). Every set is halved by
the hash of its passages. Learned from is half 0 of the sets FIT, each set and
label with the same weight, by logistic regression (L2 4e-4) with weights held
at 0 or above; scored are half 1 of them, and both halves of SCORE.

The table has AUROC and balanced accuracy at .5 of what is scored, for the
weights as compiled and for those of now, and the best single feature. With
--write these replace the compiled ones.
"""
import os
import subprocess
import sys

import numpy as np

import weights

HEADER = "lib/verify/claim_weights.h"
SYMBOL = "kb_claim_builtin"
FIT = ("fc_begin", "fc_en_rgb_fact", "fc_frank", "fc_lfqa", "fc_qags",
       "fc_wice", "fc_zh_ocnli")
SCORE = ("fc_halueval_qa", "fc_zh_halluqa")
NAMES = ("cover", "best1", "best3", "pairs", "triples", "run", "present",
         "numbers", "entities", "polarity", "question")


def load(bin_):
    """Sets, halves, labels and features of all cases."""
    data = os.environ.get("KB_DATA", "../shared/data")
    paths = [f"{data}/factcheck/{s}/cases.jsonl" for s in FIT + SCORE]
    there = [p for p in paths if os.path.exists(p)]
    if not there:
        sys.exit("fit-factcheck: no sets in " + data)
    done = subprocess.run([bin_ + "/eval/factcheck", "--features", *there],
                          stdout=subprocess.PIPE, text=True, check=True)
    rows = [line.split() for line in done.stdout.splitlines()]
    return (np.array([r[0] for r in rows]), np.array([int(r[1]) for r in rows]),
            np.array([int(r[2]) for r in rows]),
            np.array([[float(v) for v in r[5:]] for r in rows]))


def fit(bin_, sets, half, y, x):
    rows = []
    groups = [(sets == s) & (half == 0) & (y == label)
              for s in FIT for label in (0, 1)]
    for group in groups:
        rows += [(y[i], 1 / len(groups) / group.sum(), x[i])
                 for i in np.flatnonzero(group)]
    return weights.train(bin_, NAMES, rows, "--l2", 4e-4, "--nonnegative")


def probability(x, by_name, bias):
    w = np.array([by_name.get(n, 0) for n in NAMES])
    return 1 / (1 + np.exp(-(x @ w + bias)))


def accuracy(p, y):
    return ((p[y == 1] >= .5).mean() + (p[y == 0] < .5).mean()) / 2


def main(argv):
    args = [a for a in argv[1:] if a != "--write"]
    bin_ = args[0] if args else "build"
    sets, half, y, x = load(bin_)
    model = fit(bin_, sets, half, y, x)
    now = {f["name"]: f["weight"] for f in model["features"]}
    old, old_bias = weights.compiled(HEADER, SYMBOL)
    before = probability(x, old, old_bias)
    after = probability(x, now, model["bias"])
    print(f"{'feature':12} compiled   now")
    for name in NAMES:
        print(f"{name:12} {old.get(name, 0):8.2f} {now[name]:6.2f}")
    print(f"{'bias':12} {old_bias:8.2f} {model['bias']:6.2f}\n")
    print(f"{'set':16} {'':8} {'n':>5}   compiled     now          best single")
    figures = {"auroc": [], "accuracy": []}
    for s in FIT + SCORE:
        m = (sets == s) & ((half == 1) | (s in SCORE))
        if not m.any():
            continue
        cells = [(weights.auroc(p[m], y[m]), accuracy(p[m], y[m]))
                 for p in (before, after)]
        alone = max((weights.auroc(x[m, i], y[m]), n)
                    for i, n in enumerate(NAMES))
        figures["auroc"].append(cells[1][0])
        figures["accuracy"].append(cells[1][1])
        print(f"{s:16} {'held out' if s in SCORE else 'half 1':8} {m.sum():5}"
              "   %.3f %.3f  %.3f %.3f  %.3f %s" % (*cells[0], *cells[1],
                                                   *alone))
    means = {k: float(np.mean(v)) for k, v in figures.items()}
    print("mean of what is scored now: auroc %.3f  accuracy %.3f"
          % (means["auroc"], means["accuracy"]))
    if "--write" in argv:
        weights.write(HEADER, SYMBOL, dict(model, name="claim"),
                      "tests/eval/fit-factcheck.py", FIT, SCORE, means)


if __name__ == "__main__":
    main(sys.argv)
