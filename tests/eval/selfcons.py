#!/usr/bin/env python3
"""Votes over samples: what further samples are worth.

usage: make build/eval/votes; tests/eval/selfcons.py [--fit] [SETDIR]

SETDIR (../shared/data/prompt/selfcons) has recorded samples of six tasks, three
a question; those of the two that share their questions are six, too. Prints
for each half the accuracy of the first sample, of the plain majority of all
and of the vote with adaptive stopping, the share of samples that this asks
for, how often the final answers that are found agree as those of the set do,
and ECE and AUROC of the confidence. --fit prints the weights of
lib/llm/vote_weights.h, fitted on half 0.
"""
import collections
import json
import math
import os
import subprocess
import sys

args = [a for a in sys.argv[1:] if a != "--fit"]
DIR = args[0] if args else "../shared/data/prompt/selfcons"
VOTES = os.path.join(os.environ.get("KB_BIN", "build"), "eval", "votes")
TASKS = ["asdiv_cot1", "crepe_cot1", "gsm_cot1", "gsm_pot1", "navigate_cot1",
         "tabmwp_cot1"]


def read(task):
    rows = []
    for line in open(os.path.join(DIR, f"GPT4_{task}.jsonl"),
                     encoding="utf-8"):
        r = json.loads(line)
        if len(r["samples"]) != 3 or len(r["extracted"]) != 3:
            continue
        if "pot" in task:  # programs: what they print is their answer
            r["samples"] = [f"{s}\nans = {e}" for s, e in
                            zip(r["samples"], r["extracted"])]
        rows.append(r)
    return rows


def judged(rows, least=1):
    text = "".join(json.dumps({"question": r["question"],
                               "samples": r["samples"]}) + "\n" for r in rows)
    out = subprocess.run([VOTES, str(least)], input=text, text=True,
                         capture_output=True, check=True).stdout
    for r, line in zip(rows, out.splitlines(), strict=True):
        f = line.split()
        yield r, {"half": int(f[0]), "x": [float(v) for v in f[1:4]],
                  "asked": int(f[4]), "won": int(f[5]), "votes": int(f[6]),
                  "p": float(f[7]), "groups": [int(v) for v in f[8:]]}


def majority(extracted):
    return collections.Counter(extracted).most_common(1)[0][0]


def logistic(xs, ys, ridge=1e-3, rounds=60):
    """Weights with the bias last, by Newton's method."""
    xs = [x + [1.0] for x in xs]
    n = len(xs[0])
    w = [0.0] * n
    for _ in range(rounds):
        g = [-ridge * v for v in w]
        h = [[ridge * (i == j) for j in range(n)] for i in range(n)]
        for x, y in zip(xs, ys):
            p = 1 / (1 + math.exp(-sum(a * b for a, b in zip(w, x))))
            for i in range(n):
                g[i] += (y - p) * x[i]
                for j in range(n):
                    h[i][j] += p * (1 - p) * x[i] * x[j]
        for i in range(n):  # solve h * d = g
            for k in range(i + 1, n):
                f = h[k][i] / h[i][i]
                g[k] -= f * g[i]
                for j in range(i, n):
                    h[k][j] -= f * h[i][j]
        d = [0.0] * n
        for i in reversed(range(n)):
            d[i] = (g[i] - sum(h[i][j] * d[j] for j in range(i + 1, n))) \
                / h[i][i]
        w = [a + b for a, b in zip(w, d)]
    return w


def auroc(pairs):
    good = sorted(p for p, y in pairs if y)
    bad = [p for p, y in pairs if not y]
    if not good or not bad:
        return float("nan")
    wins = sum((g > b) + .5 * (g == b) for b in bad for g in good)
    return wins / len(good) / len(bad)


def ece(pairs, bins=10):
    pairs = sorted(pairs, key=lambda e: e[0])
    total = 0
    for i in range(bins):
        part = pairs[len(pairs) * i // bins:len(pairs) * (i + 1) // bins]
        if part:
            total += abs(sum(p - y for p, y in part))
    return total / len(pairs)


def score(name, got, half):
    got = [(r, j) for r, j in got if j["half"] == half]
    n = len(got)
    first = sum(r["extracted"][0] == r["gold"] for r, _ in got) / n
    plain = sum(majority(r["extracted"]) == r["gold"] for r, _ in got) / n
    vote = sum(r["extracted"][j["won"]] == r["gold"] for r, j in got) / n
    asked = sum(j["asked"] for _, j in got) / \
        sum(len(r["samples"]) for r, _ in got)
    same = pairs = 0
    for r, j in got:
        for a in range(len(r["samples"])):
            for b in range(a):
                pairs += 1
                same += (j["groups"][a] == j["groups"][b]) == \
                    (r["extracted"][a] == r["extracted"][b])
    c = [(j["p"], r["extracted"][j["won"]] == r["gold"]) for r, j in got]
    print(f"{name:22} {half} {n:5} {first:.4f} {plain:.4f} {vote:.4f} "
          f"{100 * (plain - vote):+.2f} {asked:.3f} {same / pairs:.4f} "
          f"{ece(c):.3f} {auroc(c):.3f}")


data = {t: read(t) for t in TASKS}
cot = {r["question"]: r for r in data["gsm_cot1"]}
six = [{"question": r["question"], "gold": r["gold"],
        "samples": [s for p in zip(cot[r["question"]]["samples"],
                                   r["samples"]) for s in p],
        "extracted": [s for p in zip(cot[r["question"]]["extracted"],
                                     r["extracted"]) for s in p]}
       for r in data["gsm_pot1"] if r["question"] in cot]
every = [r for t in TASKS for r in data[t]]

if "--fit" in sys.argv:
    rows = [(r, j) for r, j in judged(every) if j["half"] == 0]
    w = logistic([j["x"] for _, j in rows],
                 [len(set(j["groups"])) == 1 for _, j in rows])
    alone = [sum(a * b for a, b in zip(w, j["x"] + [1.0])) for _, j in rows]
    print("alone: characters %.4f digits %.4f lines %.4f bias %.4f" %
          tuple(w))
    # half of three samples: a share q alone, of the others two or three
    rest = 2 + sum(len(set(j["groups"][:2])) > 1 for _, j in rows) / len(rows)
    q = (rest - 1.47) / (rest - 1)
    print("enough: %.4f" % sorted(alone)[int((1 - q) * len(alone))])
    low, high = (sorted(alone)[int(q * len(alone))] for q in (.01, .99))
    print("alone: least %.4f most %.4f" % (low, high))
    print("one: alone %.4f bias %.4f" % tuple(logistic(
        [[min(max(z, low), high)] for z in alone],
        [r["extracted"][0] == r["gold"] for r, _ in rows])))
    xs, ys = [], []
    for r, j in [(r, j) for r, j in judged(every + six) if j["half"] == 0]:
        for n in range(2, len(r["samples"]) + 1):
            c = collections.Counter(j["groups"][:n])
            g, k = max(c.items(), key=lambda e: (e[1], -e[0]))
            z = sum(a * b for a, b in zip(w, j["x"] + [1.0]))
            xs.append([min(max(z, low), high), k / n, math.log(n)])
            ys.append(r["extracted"][j["groups"].index(g)] == r["gold"])
    print("many: alone %.4f share %.4f votes %.4f bias %.4f" % tuple(logistic(xs, ys)))
    sys.exit()

print("samples, least          half n first plain vote lost asked agree ECE "
      "AUROC")
for least in (1, 2):
    for half in (0, 1):
        for task in TASKS:
            score(f"{task} 3, {least}", judged(data[task], least), half)
        score(f"all 3, {least}", judged(every, least), half)
        score(f"gsm 6, {least}", judged(six, least), half)
