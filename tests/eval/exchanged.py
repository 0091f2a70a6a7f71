#!/usr/bin/env python3
"""Is a sentence in which one thing was exchanged sent out? Measures the
constants of gaps, lib/evidence/compare_weights.h.

usage: make programs
       tests/eval/exchanged.py [BIN]	(BIN: build)

Data: en_squad and zh_cmrc2018 (../shared/data, or KB_DATA): the sentence that
answers a question, as it stands, with the answer of another question about
the same or another passage in it, and with another capitalised name of its
passage. Given to fact-check with the question, what search found and the
index. Beside them the supported and unsupported answers of factcheck sets,
most of them paraphrases, each with its own context.

Both are halved, by the article and by the context; the constants were chosen
on half 0. Printed is the share sent out at 0.6.
"""
import collections
import importlib
import json
import os
import random
import sys
import tempfile
import zlib

relevance = importlib.import_module("fit-relevance")

CONTEXTS = ("fc_begin", "fc_lfqa", "fc_frank", "fc_qags", "fc_wice")


def exchanged(questions):
    """(kind, record with an answer)."""
    rng = random.Random(5)
    for record in questions.records:
        sentence = questions.answering(record)
        if not sentence:
            continue
        yield "true", dict(record, answer=sentence)
        for kind, same in (("same passage", True), ("other passage", False)):
            other = questions.other_answer(record, same, rng)
            if other:
                yield kind, dict(record, answer=sentence.replace(
                    record["right"][0], other, 1))
        names = relevance.CAPITALS.findall(sentence)
        passage = questions.passages[record["doc"]]["text"]
        others = sorted(
            n for n in set(relevance.CAPITALS.findall(passage))
            if not any(w in sentence for w in n.split()))
        if names and others:
            yield "name", dict(record, answer=sentence.replace(
                rng.choice(names), rng.choice(others), 1))


def contexts(path):
    with open(path, encoding="utf-8") as lines:
        for case in map(json.loads, lines):
            yield case["label"], {"answer": case["answer"],
                                  "hits": [{"text": case["context"]}],
                                  "half": zlib.crc32(
                                      case["context"].encode()) & 1}


def show(name, rows, half_of, command):
    given = [dict(r, generation={"provider": "x", "finish": "stop"})
             for _, r in rows]
    all_, sent = collections.Counter(), collections.Counter()
    for (kind, record), out in zip(rows, relevance.run(command, given)):
        key = kind, half_of(record)
        all_[key] += 1
        sent[key] += out["route"] == "answer"
    for kind in dict.fromkeys(kind for kind, _ in rows):
        cells = ["%.3f of %4d" % (sent[kind, h] / max(1, all_[kind, h]),
                                  all_[kind, h]) for h in (0, 1)]
        print(f"{name:12} {kind:14} {cells[0]}   {cells[1]}")


def main(argv):
    bin_ = argv[1] if len(argv) > 1 else "build"
    data = os.environ.get("KB_DATA", "../shared/data")
    if not os.path.exists(f"{data}/retrieval/{relevance.SETS[0]}"):
        sys.exit("exchanged: no sets in " + data)
    print(f"{'sent out':27} half 0          half 1")
    with tempfile.TemporaryDirectory() as work:
        for name in relevance.SETS:
            questions = relevance.Set(name, data, bin_, work)
            show(name, list(exchanged(questions)), questions.half,
                 [f"{bin_}/fact-check", questions.index])
    for name in CONTEXTS:
        show(name, list(contexts(f"{data}/factcheck/{name}/cases.jsonl")),
             lambda r: r["half"], [f"{bin_}/fact-check"])


if __name__ == "__main__":
    main(sys.argv)
