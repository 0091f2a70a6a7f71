#!/usr/bin/env python3
"""Turn pairs of questions into a retrieval set of paraphrases.

usage: pairs.py PAIRS.jsonl DIR [--half N]

Reads {"a","b","label"}: every b is a document, every a with label 1 a
question that wants its b. Writes corpus.jsonl, queries.jsonl and qrels.tsv
to DIR. Of the questions about 4000 are taken, spread over the file; with
--half 0 or 1 only those that stand at even or odd places, so that one half
can be tuned on and the other scored.
"""
import json
import os
import sys

QUESTIONS = 4000


def main(argv):
    if len(argv) not in (3, 5):
        sys.exit(__doc__)
    half = int(argv[4]) if len(argv) == 5 else None
    documents, wanted = {}, {}
    with open(argv[1], encoding="utf-8") as lines:
        for line in lines:
            pair = json.loads(line)
            doc = documents.setdefault(pair["b"], "d%d" % len(documents))
            if pair["label"]:
                wanted.setdefault(pair["a"], set()).add(doc)
    os.makedirs(argv[2], exist_ok=True)
    with open(os.path.join(argv[2], "corpus.jsonl"), "w",
              encoding="utf-8") as out:
        for text, doc in documents.items():
            print(json.dumps({"id": doc, "text": text}, ensure_ascii=False),
                  file=out)
    questions = list(wanted.items())
    questions = questions[::max(1, len(questions) // QUESTIONS)][:QUESTIONS]
    with open(os.path.join(argv[2], "queries.jsonl"), "w",
              encoding="utf-8") as queries, \
            open(os.path.join(argv[2], "qrels.tsv"), "w",
                 encoding="utf-8") as qrels:
        for n, (text, docs) in enumerate(questions):
            if half is not None and n % 2 != half:
                continue
            print(json.dumps({"id": "q%d" % n, "query": text},
                             ensure_ascii=False), file=queries)
            for doc in sorted(docs):
                print("q%d" % n, doc, 1, sep="\t", file=qrels)


if __name__ == "__main__":
    main(sys.argv)
