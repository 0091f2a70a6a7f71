#!/usr/bin/env python3
"""Fit the model of a claim, lib/verify/claim_weights.h.

usage: make build/eval/factcheck build/eval/train
       tests/eval/fit-factcheck.py [--write] [BIN]	(BIN: build)

Data: the sets factcheck/* (../shared/data, or KB_DATA), halved by the hash of
their passages, and the answers of tests/data/answers, its half to look at and
its scored one: "own" those that hold or break in what they say (KINDS),
"paraphrase" the right ones in other words beside the same wrong ones. Learned
from is half 0 of the sets FIT and the half to look at, each set and label with
the same weight, by logistic regression (L2 4e-4) with weights held at 0 or
above; scored are the other halves, and both of SCORE. Claims that a finding
caps anyway (a contradiction, something foreign in a copy) teach nothing. The
bias is then raised by SHIFT: of 0, .15, .3 and .45 that after which, on half 0,
the share of supported ones at .6 or above exceeds that of others most.

The table has AUROC and balanced accuracy at .5 of what is scored, for the
weights as compiled and for those of now, the share of supported and of other
ones with .6 or more, and the best single feature. With --write these replace the compiled ones.
"""
import json
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
OWN = ("own", "paraphrase")
KINDS = ("swap", "number", "unit", "date", "version", "value", "negation",
         "policy", "range", "list")
NAMES = ("cover", "best1", "best3", "pairs", "triples", "run", "present",
         "numbers", "entities", "polarity", "aligned", "slots",
         "slots_passage", "added_passage")
COLUMNS = NAMES[:10] + ("question",) + NAMES[10:]
CAP = .49
SENT = .6
SHIFT = .3
CAPPED = ("contradicted", "dangling")
FOREIGN = ("exchanged", "added", "num-part")
HERE = os.path.dirname(os.path.abspath(__file__))


def cases(bin_):
    """Set, half, label, whether it is capped, and features of all cases."""
    data = os.environ.get("KB_DATA", "../shared/data")
    paths = [f"{data}/factcheck/{s}/cases.jsonl" for s in FIT + SCORE]
    there = [p for p in paths if os.path.exists(p)]
    if not there:
        sys.exit("fit-factcheck: no sets in " + data)
    done = subprocess.run([bin_ + "/eval/factcheck", "--features", *there],
                          stdout=subprocess.PIPE, text=True, check=True)
    for row in map(str.split, done.stdout.splitlines()):
        by_name = dict(zip(COLUMNS, map(float, row[5:])))
        yield (row[0], int(row[1]), int(row[2]), row[4] == "1",
               [by_name[n] for n in NAMES])


def own(bin_):
    """The same of the answers of tests/data/answers."""
    made = subprocess.run([sys.executable, f"{HERE}/answer-set.py"],
                          stdout=subprocess.PIPE, check=True).stdout
    done = subprocess.run([bin_ + "/fact-check", "--explain"], input=made,
                          stdout=subprocess.PIPE, check=False).stdout
    for record in map(json.loads, done.splitlines()):
        claims = [c["features"]["grounded"] for c in record["check"]["claims"]
                  if "grounded" in c.get("features", {})]
        if not claims or not (record["label"] or record["kind"] in KINDS):
            continue
        x = np.array([[c[n] for n in NAMES] for c in claims])
        capped = any(c["verdict"] in CAPPED
                     for c in record["check"]["claims"]) or any(
            r.split(":")[0] in FOREIGN for r in record["check"]["reasons"])
        for name in OWN:
            if not record["label"] or (
                    (record["form"] == "paraphrase") == (name != "own")):
                yield (name, int(record["half"] == "scored"), record["label"],
                       capped, (x.mean(0) + x.min(0)) / 2)


def load(bin_):
    """Sets, halves, labels, caps and features, an array each."""
    rows = [*cases(bin_), *own(bin_)]
    return [np.array(column) for column in zip(*rows)]


def fit(bin_, sets, half, y, capped, x):
    rows = []
    groups = [(sets == s) & (half == 0) & (y == label) & ~capped
              for s in FIT + OWN for label in (0, 1)]
    for group in groups:
        rows += [(y[i], 1 / len(groups) / group.sum(), x[i])
                 for i in np.flatnonzero(group)]
    return weights.train(bin_, NAMES, rows, "--l2", 4e-4, "--nonnegative")


def probability(x, capped, by_name, bias):
    w = np.array([by_name.get(n, 0) for n in NAMES])
    p = 1 / (1 + np.exp(-(x @ w + bias)))
    return np.where(capped, np.minimum(p, CAP), p)


def accuracy(p, y):
    return ((p[y == 1] >= .5).mean() + (p[y == 0] < .5).mean()) / 2


def main(argv):
    args = [a for a in argv[1:] if a != "--write"]
    bin_ = args[0] if args else "build"
    sets, half, y, capped, x = load(bin_)
    model = fit(bin_, sets, half, y, capped, x)
    model["bias"] += SHIFT
    now = {f["name"]: f["weight"] for f in model["features"]}
    old, old_bias = weights.compiled(HEADER, SYMBOL)
    before = probability(x, capped, old, old_bias)
    after = probability(x, capped, now, model["bias"])
    print(f"{'feature':12} compiled   now")
    for name in NAMES:
        print(f"{name:12} {old.get(name, 0):8.2f} {now[name]:6.2f}")
    print(f"{'bias':12} {old_bias:8.2f} {model['bias']:6.2f}\n")
    print(f"{'set':16} {'':8} {'n':>5}   {'compiled':25}{'now':25}best single")
    figures = {"auroc": [], "accuracy": []}
    for s in FIT + OWN + SCORE:
        m = (sets == s) & ((half == 1) | (s in SCORE))
        if not m.any():
            continue
        cells = [(weights.auroc(p[m], y[m]), accuracy(p[m], y[m]),
                  *((p[m & (y == label)] >= SENT).mean() for label in (1, 0)))
                 for p in (before, after)]
        alone = max((weights.auroc(x[m, i], y[m]), n)
                    for i, n in enumerate(NAMES))
        figures["auroc"].append(cells[1][0])
        figures["accuracy"].append(cells[1][1])
        print(f"{s:16} {'held out' if s in SCORE else 'half 1':8} {m.sum():5}"
              "   %.3f %.3f %.3f %.3f  %.3f %.3f %.3f %.3f  %.3f %s"
              % (*cells[0], *cells[1], *alone))
    means = {k: float(np.mean(v)) for k, v in figures.items()}
    print("mean of what is scored now: auroc %.3f  accuracy %.3f"
          % (means["auroc"], means["accuracy"]))
    if "--write" in argv:
        weights.write(HEADER, SYMBOL, dict(model, name="claim"),
                      "tests/eval/fit-factcheck.py", FIT + OWN, SCORE, means)


if __name__ == "__main__":
    main(sys.argv)
