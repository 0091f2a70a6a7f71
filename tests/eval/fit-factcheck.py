#!/usr/bin/env python3
"""Fit the weights of lib/verify/score.c; a one-off for developers.

usage: build/eval/factcheck --features SETS | tests/eval/fit-factcheck.py

Logistic regression with weights held at 0 or above, on the tuning half; every
set and label counts the same. The table is of the scoring half.
"""
import sys

import numpy as np
from scipy.optimize import minimize

NAMES = ["COVER", "BEST1", "BEST3", "PAIRS", "TRIPLES", "RUN", "PRESENT",
         "NUMBERS", "ENTITIES", "POLARITY", "QUESTION"]


def auroc(p, y):
    order = np.argsort(p, kind="stable")
    p, y = p[order], y[order]
    _, inv, counts = np.unique(p, return_inverse=True, return_counts=True)
    ends = np.cumsum(counts)
    ranks = (ends - (counts - 1) / 2)[inv]
    n = y.sum()
    return (ranks[y == 1].sum() - n * (n + 1) / 2) / (n * (len(y) - n))


def main():
    rows = [line.split() for line in sys.stdin]
    sets = np.array([r[0] for r in rows])
    half = np.array([int(r[1]) for r in rows])
    y = np.array([int(r[2]) for r in rows])
    x = np.array([[float(v) for v in r[5:]] for r in rows])
    names = NAMES[:x.shape[1]]
    tune = half == 0
    if len(sys.argv) > 1:
        tune &= ~np.isin(sets, sys.argv[1].split(","))
    weight = np.zeros(len(y))
    for s in set(sets):
        for label in (0, 1):
            m = tune & (sets == s) & (y == label)
            if m.sum():
                weight[m] = 1 / m.sum()
    weight /= weight.sum()
    a = np.hstack([x, np.ones((len(y), 1))])[tune]
    t = np.where(y[tune] == 1, 1.0, -1.0)
    w = weight[tune]

    def loss(v):
        z = -t * (a @ v)
        f = (w * np.logaddexp(0, z)).sum() + 2e-4 * (v[:-1] ** 2).sum()
        g = -(a * (w * t / (1 + np.exp(-z)))[:, None]).sum(0)
        g[:-1] += 4e-4 * v[:-1]
        return f, g

    n = x.shape[1]
    r = minimize(loss, np.full(n + 1, .1), jac=True, method="L-BFGS-B",
                 bounds=[(0, None)] * n + [(None, None)])
    for name, v in zip(names, r.x):
        print(f"    [KB_F_{name}] = {v:.2f},")
    print(f"bias {r.x[-1]:.2f}")
    p = 1 / (1 + np.exp(-(x @ r.x[:-1] + r.x[-1])))
    for s in sorted(set(sets)):
        m = (sets == s) & (half == 1)
        if not m.any() or len(set(y[m])) < 2:
            continue
        bacc = ((p[m & (y == 1)] >= .5).mean() +
                (p[m & (y == 0)] < .5).mean()) / 2
        single = max((auroc(x[m, i], y[m]), names[i]) for i in range(n))
        print(f"{s:20} auroc {auroc(p[m], y[m]):.3f} bacc {bacc:.3f}"
              f"  best single {single[0]:.3f} {single[1]}")


main()
