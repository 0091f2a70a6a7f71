#!/usr/bin/env python3
"""Fit the weights of retrieval.confidence, lib/search/confidence_weights.h.

usage: tests/eval/fit-confidence.py [--write] [BIN]	(BIN: build)

Data: questions of the retrieval sets (../shared/data, or KB_DATA) and of the
sample shop, each searched twice: in an index of all documents, and in one
from which the documents that answer it were removed (a quarter of the
judged documents at a time). The hits hold an answer when a judged document
is among the first ten; without the documents they never do. The sets FIT are
fitted, the sets SCORE only scored. Never read:
tests/data/questions-heldout.jsonl.

The table shows, by set: the share of questions whose document is found, the
mean confidence with and without the documents, the share of the questions
found whose confidence falls, and the AUC of telling questions with their
documents from those without, for the weights as compiled, for the strength of
the best hit alone, and for the weights that fitting now gives. With --write
these go into the header. KB_CACHE names a folder to keep the rows in.
"""
import json
import os
import subprocess
import sys
import tempfile
import zlib

import numpy as np

from records import convert

HEADER = "lib/search/confidence_weights.h"
FIT = ("zh_cmrc2018", "en_multihop", "en_lfqa", "en_wice_evidence")
SCORE = ("en_squad", "zh_kdconv_kb", "kg_pathquestion", "shop")
QUESTIONS = 400  # of a set
FOLDS = 4
L2 = 3.0
HITS = 10

# name in the evidence and in the header
FEATURES = (
    ("coverage", "KB_C_COVERAGE"),
    ("rise", "KB_C_RISE"),
    ("margin", "KB_C_MARGIN"),
    ("agreement", "KB_C_AGREEMENT"),
    ("graph", "KB_C_GRAPH"),
    ("near", "KB_C_NEAR"),
    ("unknown", "KB_C_UNKNOWN"),
)


def run(command, stdin=None):
    done = subprocess.run(command, input=stdin, stdout=subprocess.PIPE,
                          check=False)
    if done.returncode not in (0, 3):
        sys.exit(f"fit-confidence: {command[0]} did not run")
    return done.stdout


def lines(path):
    with open(path, encoding="utf-8") as text:
        return [json.loads(line) for line in text if line.strip()]


def load(name):
    """Documents, questions, and judged documents of each question."""
    if name == "shop":
        docs = [d for f in sorted(os.listdir("tests/data/shop"))
                if f.endswith(".jsonl")
                for d in lines("tests/data/shop/" + f)]
        asked = [q for q in lines("tests/data/questions.jsonl")
                 if q["gold"].get("docs")]
        return docs, asked, {q["id"]: set(q["gold"]["docs"]) for q in asked}
    folder = os.path.join(os.environ.get("KB_DATA", "../shared/data"),
                          "retrieval", name)
    if not os.path.exists(folder):
        return None
    gold = {}
    with open(folder + "/qrels.tsv", encoding="utf-8") as text:
        for line in text:
            query, doc, grade = line.rstrip("\n").split("\t")[:3]
            if float(grade) > 0:
                gold.setdefault(query, set()).add(doc)
    asked = [q for q in lines(folder + "/queries.jsonl")
             if str(q["id"]) in gold and q["query"].strip()]
    return lines(folder + "/corpus.jsonl"), asked, gold


def search(bin_, kb, asked):
    text = "".join(json.dumps(convert(q, {}), ensure_ascii=False) + "\n"
                   for q in asked)
    out = run([bin_ + "/kb-search", "--plain", "--explain", "-k", str(HITS),
               kb], text.encode())
    return [json.loads(line) for line in out.splitlines()]


def row(record):
    if "retrieval" not in record:
        sys.exit("fit-confidence: " + json.dumps(record.get("error")))
    evidence = record["retrieval"].get("evidence")
    if not evidence:  # no hits
        return None
    return [evidence["strength"]] + [evidence[name] for name, _ in FEATURES]


def collect(bin_, name, work):
    """Rows of (features or None, confidence, gold there, gold found)."""
    loaded = load(name)
    if not loaded:
        return None
    docs, asked, gold = loaded
    step = max(1, len(asked) // QUESTIONS)
    asked = asked[::step]
    fold = {str(q["id"]): zlib.crc32(min(gold[str(q["id"])]).encode()) % FOLDS
            for q in asked}
    pairs = []
    with_docs = {}
    for part in range(-1, FOLDS):
        mine = [q for q in asked if part < 0 or fold[str(q["id"])] == part]
        gone = set() if part < 0 else set().union(
            *(gold[str(q["id"])] for q in mine), set())
        kb = f"{work}/{name}.{part}.kb"
        run([bin_ + "/kb-index", kb], "".join(
            json.dumps(d, ensure_ascii=False) + "\n" for d in docs
            if str(d["id"]) not in gone).encode())
        for question, record in zip(mine, search(bin_, kb, mine)):
            key = str(question["id"])
            got = (row(record), record["retrieval"]["confidence"],
                   any(h["doc"] in gold[key] for h in record["hits"]))
            if part < 0:
                with_docs[key] = got
            else:
                pairs.append((with_docs[key], got))
    return pairs


def auc(positive, negative):
    both = np.concatenate([positive, negative])
    order = both.argsort(kind="stable")
    ranks = np.empty(len(both))
    ranks[order] = np.arange(1, len(both) + 1)
    for value in np.unique(both):
        same = both == value
        ranks[same] = ranks[same].mean()
    n = len(positive)
    return (ranks[:n].sum() - n * (n + 1) / 2) / (n * len(negative))


def fit(x, y, weight):
    """Logistic regression by Newton's method; the bias is not shrunk."""
    x = np.hstack([x, np.ones((len(x), 1))])
    w = np.zeros(x.shape[1])
    ridge = np.full(x.shape[1], L2)
    ridge[-1] = 0
    for _ in range(50):
        p = 1 / (1 + np.exp(-x @ w))
        gradient = x.T @ (weight * (p - y)) + ridge * w
        hessian = (x.T * (weight * p * (1 - p))) @ x + np.diag(ridge + 1e-9)
        w -= np.linalg.solve(hessian, gradient)
    return w


def examples(pairs):
    x, y = [], []
    for there, gone in pairs:
        for features, _, found in (there, gone):
            if features:
                x.append(features[1:])
                y.append(float(found))
    return np.array(x), np.array(y)


def confidence(w, features):
    if not features:
        return 0.0
    return float(1 / (1 + np.exp(-(np.array(features[1:]) @ w[:-1] + w[-1]))))


def show(name, kind, pairs, w):
    def line(score):
        there = np.array([score(a) for a, _ in pairs])
        gone = np.array([score(b) for _, b in pairs])
        return there, gone
    there, gone = line(lambda r: r[1])
    alone = auc(*line(lambda r: r[0][0] if r[0] else 0))
    there_now, gone_now = line(lambda r: confidence(w, r[0]))
    found = np.array([a[2] for a, _ in pairs])
    print(f"{name:17} {kind:6} {len(pairs):4} {found.mean():6.3f}  "
          f"{there.mean():6.3f} {gone.mean():6.3f} {np.mean((gone < there)[found]):6.3f}"
          f" {auc(there, gone):6.3f}   {alone:6.3f}   "
          f"{there_now.mean():6.3f} {gone_now.mean():6.3f} "
          f"{np.mean((gone_now < there_now)[found]):6.3f} {auc(there_now, gone_now):6.3f}")
    sys.stdout.flush()


def write(w):
    with open(HEADER, encoding="utf-8") as text:
        head = text.read().split("static const double kb_confidence_")[0]
    rows = "".join(f"    [{name}] = {value:.2f},\n"
                   for (_, name), value in zip(FEATURES, w))
    with open(HEADER, "w", encoding="utf-8") as out:
        out.write(head)
        out.write("static const double kb_confidence_weights[KB_C_FEATURES] "
                  "= {\n" + rows + "};\n\n"
                  f"static const double kb_confidence_bias = {w[-1]:.2f};\n\n"
                  "#endif\n")
    subprocess.run(["clang-format", "-i", HEADER], check=False)


def main(argv):
    args = [a for a in argv[1:] if a != "--write"]
    bin_ = args[0] if args else "build"
    data = {}
    with tempfile.TemporaryDirectory() as work:
        for name in FIT + SCORE:
            cached = os.environ.get("KB_CACHE", work) + f"/{name}.json"
            if os.path.exists(cached):
                with open(cached, encoding="utf-8") as text:
                    data[name] = json.load(text)
                continue
            pairs = collect(bin_, name, work)
            if pairs is None:
                print(f"skipped: {name} is not there")
                continue
            data[name] = pairs
            with open(cached, "w", encoding="utf-8") as out:
                json.dump(pairs, out)
    x, y, weight = [], [], []
    for name in FIT:
        if name in data:
            one, is_right = examples(data[name])
            x.append(one)
            y.append(is_right)
            weight.append(np.full(len(is_right), 400 / len(is_right)))
    w = fit(np.vstack(x), np.concatenate(y), np.concatenate(weight))
    print(f"{'':17} {'':6} {'':4} {'':6}  {'as compiled':>27}   strength   "
          f"{'fitted now':>27}")
    print(f"{'set':17} {'':6} {'n':>4} {'found':>6}  {'with':>6} {'gone':>6} "
          f"{'falls':>6} {'AUC':>6}   {'AUC':>6}     {'with':>6} {'gone':>6} "
          f"{'falls':>6} {'AUC':>6}")
    for name, pairs in data.items():
        show(name, "fitted" if name in FIT else "scored", pairs, w)
    print("  ".join(f"{name} {value:.2f}" for (_, name), value
                    in zip(FEATURES, w)), f" bias {w[-1]:.2f}")
    if "--write" in argv:
        write(w)


if __name__ == "__main__":
    main(sys.argv)
