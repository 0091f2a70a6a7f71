#!/usr/bin/env python3
"""Fit the reranker that --tune tries, lib/search/fit_weights.h.

usage: tests/eval/fit-rerank.py [--write] [BIN]	(BIN: build)

Data: questions of the retrieval sets (../shared/data, or KB_DATA), the first
50 hits of each with what kb-search --explain says of their text. The sets FIT
are fitted, by the mean of nDCG@10 and recall@10, each set with the same
weight, one weight at a time from a few steps until nothing gains; the others
are only scored. Prints the weights, and the measures of every set without and
with them, and with half and twice as much of them. With --write they go into
the file.
"""
import json
import os
import subprocess
import sys
import tempfile

import numpy as np

import weights as files
from records import convert

FIT = ("zh_cmrc2018", "en_multihop", "en_lfqa", "en_wice_evidence")
SCORE = ("en_squad", "zh_kdconv_kb", "kg_pathquestion", "en_cisi")
NAMES = ("cover", "title", "order", "near", "run")
STEPS = (0, .02, .05, .1, .15, .2, .3, .5, .8)
QUESTIONS = 300  # of a set
DEPTH = 50


def run(command, stdin=None):
    done = subprocess.run(command, input=stdin, stdout=subprocess.PIPE,
                          check=False)
    if done.returncode not in (0, 3):
        sys.exit(f"fit-rerank: {command[0]} did not run")
    return done.stdout


def load(bin_, name, work):
    """[(scores, features, grades, ideal, relevant, id)] of the questions."""
    folder = os.path.join(os.environ.get("KB_DATA", "../shared/data"),
                          "retrieval", name)
    if not os.path.exists(folder):
        return None
    grades = {}
    with open(folder + "/qrels.tsv", encoding="utf-8") as text:
        for line in text:
            query, doc, grade = line.rstrip("\n").split("\t")[:3]
            if int(float(grade)) > 0:
                grades.setdefault(query, {})[doc] = int(float(grade))
    with open(folder + "/queries.jsonl", encoding="utf-8") as text:
        asked = [json.loads(line) for line in text if line.strip()]
    asked = [q for q in asked if str(q["id"]) in grades and q["query"].strip()]
    asked = asked[::max(1, len(asked) // QUESTIONS)]
    kb = f"{work}/{name}.kb"
    if not os.path.exists(kb):
        run([bin_ + "/kb-index", kb, folder + "/corpus.jsonl"])
    out = run([bin_ + "/kb-search", "--plain", "--explain", "--distinct", "-k",
               str(DEPTH), kb], "".join(
                   json.dumps(convert(q, {}), ensure_ascii=False) + "\n"
                   for q in asked).encode())
    questions = []
    for line in out.splitlines():
        record = json.loads(line)
        gold = grades[str(record["id"])]
        hits = record.get("hits", [])
        best = sorted(gold.values(), reverse=True)[:10]
        questions.append((
            np.array([h["score"] for h in hits]),
            np.array([[h["explain"]["fit"][n] for n in NAMES] for h in hits]
                     ).reshape(len(hits), len(NAMES)),
            np.array([gold.get(h["doc"], 0) for h in hits]),
            sum(g / np.log2(i + 2) for i, g in enumerate(best)), len(gold),
            record["id"]))
    return questions


def measure(questions, weights):
    """nDCG@10 and recall@10."""
    ndcg = recall = 0
    for score, features, grade, ideal, relevant, _ in questions:
        order = np.argsort(-(score + features @ weights), kind="stable")[:10]
        got = grade[order]
        ndcg += (got / np.log2(np.arange(len(got)) + 2)).sum() / ideal
        recall += (got > 0).sum() / relevant
    return ndcg / len(questions), recall / len(questions)


def worth(data, weights):
    return np.mean([sum(measure(data[n], weights)) / 2
                    for n in FIT if n in data])


def fit(data):
    weights = np.zeros(len(NAMES))
    best = worth(data, weights)
    gained = True
    while gained:
        gained = False
        for at in range(len(NAMES)):
            for step in STEPS:
                tried = weights.copy()
                tried[at] = step
                now = worth(data, tried)
                if now > best + 1e-5:
                    best, weights, gained = now, tried, True
    return weights


def main(argv):
    args = [a for a in argv[1:] if a != "--write"]
    bin_ = args[0] if args else "build"
    data = {}
    with tempfile.TemporaryDirectory() as work:
        for name in FIT + SCORE:
            questions = load(bin_, name, work)
            if questions is None:
                print(f"skipped: {name} is not there")
            else:
                data[name] = questions
    weights = fit(data)
    print("  ".join(f"{n} {w:.2f}" for n, w in zip(NAMES, weights)))
    print(f"{'set':17} {'':6} {'n':>4}   nDCG@10 and recall@10: without, "
          "half, with, twice")
    figures = {}
    for name, questions in data.items():
        got = [measure(questions, weights * times) for times in (0, .5, 1, 2)]
        cells = ["%.4f %.4f" % pair for pair in got]
        if name in SCORE:
            figures[name + " without"] = got[0][0]
            figures[name + " with"] = got[2][0]
        print(f"{name:17} {'fitted' if name in FIT else 'scored'} "
              f"{len(questions):4}   " + "   ".join(cells))
    if "--write" in argv:
        files.write("lib/search/fit_weights.h", "kb_fit_builtin", {
            "name": "reranker", "kind": "linear",
            "training": {"records": sum(len(data[n]) for n in FIT if n in data)},
            "features": [
                {"name": n, "weight": w, "nonnegative": True}
                for n, w in zip(NAMES, weights)]},
                    "tests/eval/fit-rerank.py", FIT, SCORE, figures)


if __name__ == "__main__":
    main(sys.argv)
