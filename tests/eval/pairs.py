#!/usr/bin/env python3
"""Turn pairs of questions into a retrieval set of paraphrases.

Reads {"a","b","label"}: every b is a document, every a with label 1 a
question that wants its b. Writes corpus.jsonl, queries.jsonl and qrels.tsv
to DIR. Of the questions about 4000 are taken, spread over the file; with
--half 0 or 1 only those that stand at even or odd places, so that one half
can be tuned on and the other scored. --documents takes only so many of the
documents, the first ones, and of the questions those that want one of them.
"""
import argparse
import json
import os

QUESTIONS = 4000


def main():
    parser = argparse.ArgumentParser(
        description=__doc__,
        formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("pairs")
    parser.add_argument("dir")
    parser.add_argument("--half", type=int, choices=(0, 1))
    parser.add_argument("--documents", type=int)
    args = parser.parse_args()
    documents, wanted = {}, {}
    with open(args.pairs, encoding="utf-8") as lines:
        for line in lines:
            pair = json.loads(line)
            doc = documents.setdefault(pair["b"], "d%d" % len(documents))
            if pair["label"]:
                wanted.setdefault(pair["a"], set()).add(doc)
    kept = dict(list(documents.items())[:args.documents])
    os.makedirs(args.dir, exist_ok=True)
    with open(os.path.join(args.dir, "corpus.jsonl"), "w",
              encoding="utf-8") as out:
        for text, doc in kept.items():
            print(json.dumps({"id": doc, "text": text}, ensure_ascii=False),
                  file=out)
    questions = list(wanted.items())
    questions = questions[::max(1, len(questions) // QUESTIONS)][:QUESTIONS]
    here = set(kept.values())
    with open(os.path.join(args.dir, "queries.jsonl"), "w",
              encoding="utf-8") as queries, \
            open(os.path.join(args.dir, "qrels.tsv"), "w",
                 encoding="utf-8") as qrels:
        for n, (text, docs) in enumerate(questions):
            if args.half is not None and n % 2 != args.half:
                continue
            docs = docs & here
            if not docs:
                continue
            print(json.dumps({"id": "q%d" % n, "query": text},
                             ensure_ascii=False), file=queries)
            for doc in sorted(docs):
                print("q%d" % n, doc, 1, sep="\t", file=qrels)


if __name__ == "__main__":
    main()
