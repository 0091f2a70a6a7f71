#!/usr/bin/env python3
"""What the weights of lib/context/prior_weights.h and salience_weights.h keep of
a conversation, beside weights that are learned.

usage: fit-salience.py    (make build/eval/turn-features first)

Data: dialogue/dlg_locomo of ../shared/data (or KB_DATA), each conversation as a
whole, and a window of WINDOW turns around the evidence of each question, where
the evidence stands anywhere. The prior says which turns are evidence of any
question, the other model which are evidence of the question at hand. Printed is
the share of the evidence whose turns are kept whole, by greedy choice within a
share of the tokens: by the weights of the tree, and by weights that the other
conversations taught. Its licence forbids commerce, so those are for comparison
and never written down: the weights of the tree are set by hand.
"""
import json
import os
import re
import subprocess
import sys
import zlib

import numpy as np

ROOT = os.path.join(os.path.dirname(os.path.abspath(__file__)), "..", "..")
DATA = os.environ.get("KB_DATA", os.path.join(ROOT, "..", "shared", "data"))
BIN = os.environ.get("KB_BIN", os.path.join(ROOT, "build"))
WINDOW = 32
PENALTY = {"prior": 30.0, "asked": 3.0}
PRICES = (1., 1.1)


def load():
    """(dialogue, messages, [(question, places of its evidence)])"""
    path = os.path.join(DATA, "dialogue", "dlg_locomo", "dialogues.jsonl")
    for d in map(json.loads, open(path, encoding="utf-8")):
        turns = [{"role": m["role"], "content": m["name"] + ": " +
                  m["content"]} for m in d["messages"]]
        place = {m["dia_id"]: i for i, m in enumerate(d["messages"])}
        asked = []
        for q in d["questions"]:
            found = sorted({place[e] for e in q["evidence"] if e in place})
            if found and q.get("answerable", True):
                asked.append((q["question"], found))
        yield d["id"], turns, asked


def window(turns, question, found):
    """WINDOW turns with the first evidence anywhere in them."""
    at = zlib.crc32(question.encode()) % WINDOW
    start = max(0, min(found[0] - at, len(turns) - WINDOW))
    inside = [i - start for i in found if start <= i < start + WINDOW]
    return start, turns[start:start + WINDOW], inside


def features(records):
    lines = "".join(json.dumps(r) + "\n" for r in records)
    out = subprocess.run([os.path.join(BIN, "eval", "turn-features")],
                         input=lines, capture_output=True, text=True,
                         check=True).stdout
    return [{k: np.array(v, float) for k, v in json.loads(line).items()}
            for line in out.splitlines()]


def fit(x, y, weight, penalty):
    """Logistic regression, penalised per standard deviation: bias, weights."""
    mean, scale = x.mean(0), x.std(0) + 1e-9
    x = np.c_[np.ones(len(x)), (x - mean) / scale]
    w = np.zeros(x.shape[1])
    ridge = penalty * np.eye(x.shape[1])
    ridge[0, 0] = 1e-6
    for _ in range(30):
        p = 1 / (1 + np.exp(-x @ w))
        grad = x.T @ (weight * (y - p)) - ridge @ w
        hess = (x.T * (weight * p * (1 - p))) @ x + ridge
        step = np.linalg.solve(hess, grad)
        w += step
        if np.abs(step).max() < 1e-9:
            break
    w[1:] /= scale
    w[0] -= mean @ w[1:]
    return w


def odds(prior, features):
    """The log of the probability, that a turn is evidence."""
    return -np.log1p(np.exp(-prior[0] - features @ prior[1:]))


def keep(score, tokens, price, room, pinned=()):
    value = score - price * np.log(tokens)
    kept = set(pinned)
    room -= sum(tokens[i] for i in kept)
    for i in np.argsort(-value, kind="stable"):
        if i not in kept and tokens[i] <= room:
            kept.add(i)
            room -= tokens[i]
    return kept


class Case:
    """A conversation or a window with one question's evidence, or all."""

    def __init__(self, of, whole, found, got):
        self.of, self.whole, self.found, self.got = of, whole, found, got


def examples(cases, kind):
    x, y, w = [], [], []
    for c in cases:
        f = c.got[kind]
        label = np.zeros(len(f))
        weight = np.ones(len(f))
        if kind == "prior":
            for place, times in c.found.items():
                label[place], weight[place] = 1, max(1, times)
            weight *= 1 if c.whole else .03
        else:
            label[list(c.found)] = 1
            weight = np.where(label > 0, 1 / max(1, label.sum()),
                              1 / len(f)) * (1 if c.whole else .5)
        x.append(f)
        y.append(label)
        w.append(weight)
    return np.vstack(x), np.concatenate(y), np.concatenate(w)


def read():
    whole, asked, windows = [], [], []
    for name, turns, questions in load():
        whole.append((name, turns, questions))
        asked += [(name, turns, q, f) for q, f in questions]
        for q, f in questions:
            start, part, inside = window(turns, q, f)
            windows.append((name, part, q, inside, start))
    total = {}
    for name, _, questions in whole:
        times = total.setdefault(name, {})
        for _, found in questions:
            for i in found:
                times[i] = times.get(i, 0) + 1 / len(found)
    first = [Case(n, True, total[n], g) for (n, _, _), g in
             zip(whole, features({"messages": t} for _, t, _ in whole))]
    second = [Case(n, True, f, g) for (n, _, _, f), g in
              zip(asked, features({"messages": t, "query": q}
                                  for _, t, q, _ in asked))]
    third = [Case(n, False, f, g) for (n, _, _, f, _), g in
             zip(windows, features({"messages": t, "query": q}
                                   for _, t, q, _, _ in windows))]
    for c, (name, _, _, _, start) in zip(third, windows):
        c.any = {i - start: times for i, times in total[name].items()
                 if start <= i < start + WINDOW}
    return first, second, third


PRIOR = 8  # the place of the prior among the features of "asked"


def learn(whole, asked, windows):
    for_prior = whole + [Case(c.of, False, c.any, c.got) for c in windows]
    prior = fit(*examples(for_prior, "prior"), PENALTY["prior"])
    for c in asked + windows:
        c.got["asked"][:, PRIOR] = odds(prior, c.got["prior"])
    return prior, fit(*examples(asked + windows, "asked"), PENALTY["asked"])


def measure(prior, model, whole, asked, windows, price):
    out = {}

    def add(name, share):
        out.setdefault(name, []).append(share)

    by_name = {c.of: c for c in whole}
    for part in (.1, .2, .3):
        for c in whole:
            tokens = c.got["tokens"]
            c.kept = keep(odds(prior, c.got["prior"]), tokens, price,
                          part * (tokens.sum() + 3) - 3)
        for c in asked:
            tokens = c.got["tokens"]
            got = keep(c.got["asked"] @ model[1:], tokens, price,
                       part * (tokens.sum() + 3) - 3)
            add("asked %g" % part, sum(i in got for i in c.found) /
                len(c.found))
            add("unasked %g" % part, sum(i in by_name[c.of].kept
                                         for i in c.found) / len(c.found))
    for c in windows:
        tokens = c.got["tokens"]
        room = .3 * (tokens.sum() + 3) - 3
        last = range(len(tokens) - 4, len(tokens))
        for name, score in (("window asked", c.got["asked"] @ model[1:]),
                            ("window unasked", odds(prior, c.got["prior"]))):
            got = keep(score, tokens, price, room, last)
            add(name, sum(i in got for i in c.found) / len(c.found))
    return out


def row(got):
    return "  ".join("%s %.3f" % (k, np.mean(v)) for k, v in got.items())


def of_tree(name):
    """Bias, 0 for none, and weights of a header."""
    path = os.path.join(ROOT, "lib", "context", name + "_weights.h")
    text = open(path, encoding="utf-8").read().replace("\\\n", " ")
    upper = name.upper()
    bias = re.search(r"#define %s_BIAS (\S+)" % upper, text)
    rows = re.search(r"#define %s_WEIGHTS\s*\{(.*?)\}" % upper, text, re.S)
    return np.array([float(bias.group(1)) if bias else 0] +
                    [float(x) for x in rows.group(1).split(",")])


def use(prior, cases):
    for c in cases:
        c.got["asked"][:, PRIOR] = odds(prior, c.got["prior"])


def main():
    whole, asked, windows = read()
    names = [c.of for c in whole]
    price = PRICES[-1]
    prior = of_tree("prior")
    use(prior, asked + windows)
    print("of the tree  %s" % row(measure(prior, of_tree("salience"), whole,
                                          asked, windows, price)))
    total = {}
    for name in names:
        rest = [[c for c in part if c.of != name]
                for part in (whole, asked, windows)]
        held = [[c for c in part if c.of == name]
                for part in (whole, asked, windows)]
        prior, model = learn(*rest)
        use(prior, held[1] + held[2])
        for k, v in measure(prior, model, *held, price).items():
            total.setdefault(k, []).extend(v)
    print("learned, held out  %s" % row(total))


main()
