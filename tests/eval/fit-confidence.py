#!/usr/bin/env python3
"""Fit the model of retrieval.confidence, lib/search/confidence_weights.h, and
what stands in for the null distribution of an index that has none,
lib/search/null_weights.h: means of the sets FIT.

usage: make programs build/eval/train
       tests/eval/fit-confidence.py [--model] [--write] [BIN]	(BIN: build)

With --model it is the function of searches with vectors of a model, those of
'make models', each set by that of its language and the shop by both.

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
these go into the header. KB_CACHE names a folder to keep the rows in, and the indexes with
vectors.
"""
import json
import os
import re
import subprocess
import sys
import tempfile
import zlib

import numpy as np

import weights
from records import convert

HEADER = "lib/search/confidence_weights.h"  # and what small indexes lack
NULL_HEADER = "lib/search/null_weights.h"
FIT = ("zh_cmrc2018", "en_multihop", "en_lfqa", "en_wice_evidence")
SCORE = ("en_squad", "zh_kdconv_kb", "kg_pathquestion", "shop")
QUESTIONS = 400  # of a set
FOLDS = 4
L2 = 3.0
HITS = 10

SYMBOL = "kb_confidence_builtin"
FEATURES = ("coverage", "rise", "margin", "agreement", "graph", "near",
            "unknown")
MODEL = "--model" in sys.argv
if MODEL:
    SYMBOL = "kb_confidence_model_builtin"
    FEATURES += ("vector",)


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
    return [evidence["strength"]] + [evidence[name] for name in FEATURES]


def null_of(kb):
    """The null distribution in the settings of an index, lib/search/null_distribution.h."""
    with open(kb + "/MANIFEST", "rb") as f:
        found = re.search(rb'"null":\{"chunks":\d+,"high":(\[[^]]*\])', f.read())
    return json.loads(found.group(1)) if found else None


def typical(data):
    """Of the sets FIT, each with the same weight, where the document is found:
    the margin as a line over the rise, and the mean agreement."""
    at = {name: FEATURES.index(name) + 1
          for name in ("rise", "margin", "agreement")}
    rows = [(1 / len(found), [r[at[k]] for k in ("rise", "margin",
                                                 "agreement")])
            for name in FIT if name in data
            for found in [[a[0] for a, _ in data[name]["pairs"]
                           if a[0] and a[2]]]
            for r in found]
    w = np.array([a for a, _ in rows])
    rise, margin, agreement = np.array([r for _, r in rows]).T
    slope, mean = np.polyfit(rise, margin, 1, w=np.sqrt(w))
    if MODEL:
        return {"MODEL_MARGIN_MEAN": mean, "MODEL_MARGIN_RISE": slope}
    return {"MARGIN_MEAN": mean, "MARGIN_RISE": slope,
            "AGREEMENT_MEAN": np.average(agreement, weights=w)}


def write_typical(values):
    with open(HEADER, encoding="utf-8") as f:
        text = f.read()
    for name, value in values.items():
        text = re.sub(r"(#define %s\s+)\S+" % name,
                      lambda m: m.group(1) + "%.2f" % value, text)
    with open(HEADER, "w", encoding="utf-8") as f:
        f.write(text)


def write_null(means):
    with open(NULL_HEADER, encoding="utf-8") as f:
        text = f.read()
    row = ", ".join("%.2ff" % x for x in means)
    text = re.sub(r"\{[^{}]*\}", "{ \\\\\n" + row + " \\\\\n}", text, count=1)
    with open(NULL_HEADER, "w", encoding="utf-8") as f:
        f.write(text)
    subprocess.run(["clang-format", "-i", NULL_HEADER], check=True)


def index(bin_, name, kb, docs, work):
    """An index of the documents; no text of a set is embedded twice."""
    options = []
    if MODEL:
        first = "%s/%s.kb" % (os.environ.get("KB_CACHE", work), name)
        models = ["bge-small-zh", "bge-small-en"]
        if name != "shop":
            models = [m for m in models if m[-2:] == name[:2]
                      or (m[-2:] == "en" and name[:2] == "kg")]
        options = ["--rebuild", "--allow-delete", "--embed", ",".join(models)]
        if not os.path.exists(first):
            run([bin_ + "/kb-index", "--embed", ",".join(models), first],
                docs)
        run(["cp", "-r", first, kb])
    run([bin_ + "/kb-index", *options, kb, "-"], docs)


def collect(bin_, name, work):
    """Pairs of (features or None, confidence, gold found), with the documents
    and without, and the null distribution with them."""
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
    null = None
    for part in range(-1, FOLDS):
        mine = [q for q in asked if part < 0 or fold[str(q["id"])] == part]
        gone = set() if part < 0 else set().union(
            *(gold[str(q["id"])] for q in mine), set())
        kb = f"{work}/{name}.{part}.kb"
        index(bin_, name, kb, "".join(
            json.dumps(d, ensure_ascii=False) + "\n" for d in docs
            if str(d["id"]) not in gone).encode(), work)
        null = null or null_of(kb)
        for question, record in zip(mine, search(bin_, kb, mine)):
            key = str(question["id"])
            got = (row(record), record["retrieval"]["confidence"],
                   any(h["doc"] in gold[key] for h in record["hits"]))
            if part < 0:
                with_docs[key] = got
            else:
                pairs.append((with_docs[key], got))
    return {"pairs": pairs, "null": null}


def auc(positive, negative):
    return weights.auroc(np.concatenate([positive, negative]),
                         np.repeat([1, 0], [len(positive), len(negative)]))


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
    return auc(there_now, gone_now)


def main(argv):
    args = [a for a in argv[1:] if not a.startswith("--")]
    bin_ = args[0] if args else "build"
    data, null = {}, {}
    with tempfile.TemporaryDirectory() as work:
        for name in FIT + SCORE:
            cached = os.environ.get("KB_CACHE", work) + f"/{name}.json"
            if os.path.exists(cached):
                with open(cached, encoding="utf-8") as text:
                    got = json.load(text)
            else:
                got = collect(bin_, name, work)
            if got is None:
                print(f"skipped: {name} is not there")
                continue
            data[name], null[name] = got, got["null"]
            with open(cached, "w", encoding="utf-8") as out:
                json.dump(got, out)
    rows = []
    for name in FIT:
        if name in data:
            x, y = examples(data[name]["pairs"])
            rows += [(label, 400 / len(y), row) for row, label in zip(x, y)]
    model = weights.train(bin_, FEATURES, rows, "--l2", L2)
    w = np.array([f["weight"] for f in model["features"]] + [model["bias"]])
    print(f"{'':17} {'':6} {'':4} {'':6}  {'as compiled':>27}   strength   "
          f"{'fitted now':>27}")
    print(f"{'set':17} {'':6} {'n':>4} {'found':>6}  {'with':>6} {'gone':>6} "
          f"{'falls':>6} {'AUC':>6}   {'AUC':>6}     {'with':>6} {'gone':>6} "
          f"{'falls':>6} {'AUC':>6}")
    scored = {name: show(name, "fitted" if name in FIT else "scored", got["pairs"], w)
              for name, got in data.items()}
    print("  ".join(f"{name} {value:.2f}" for name, value
                    in zip(FEATURES, w)), f" bias {w[-1]:.2f}")
    usual = typical(data)
    print("  ".join("%s %.2f" % pair for pair in usual.items()))
    means = {}
    for kind, names in (("fitted", FIT), ("scored", SCORE)):
        rows = [null[n] for n in names if null.get(n)]
        means[kind] = np.mean(rows, axis=0)
        print(f"null, mean of {kind}: ",
              " ".join("%.2f" % x for x in means[kind]))
    if "--write" in argv:
        if not MODEL:
            write_null(means["fitted"])
        write_typical(usual)
        weights.write(HEADER, SYMBOL, dict(model, name="retrieval"),
                      "tests/eval/fit-confidence.py" + MODEL * " --model", FIT, SCORE,
                      {n: scored[n] for n in SCORE if n in scored})


if __name__ == "__main__":
    main(sys.argv)
