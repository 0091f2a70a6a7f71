#!/usr/bin/env python3
"""A reference BM25, written from the formula alone, to measure kb-search by.

usage: bm25_reference.py CORPUS.jsonl QUERIES.jsonl [--within MEMBER] > run

Reads documents {"id","title","text"} and queries {"id","query"}, writes the
best 100 documents of each query in the TREC form. Robertson's BM25 with the
non-negative idf of Lucene; k1 1.2, b 0.75. Terms are lower-cased words and,
for Chinese, single characters (weight 1) and pairs (weight 0.5), counted on
title and text together. There is no stemming. With --within, only documents
whose member equals the query's are ranked. No packages are needed.
"""
import heapq
import json
import math
import re
import sys
import unicodedata
from array import array
from collections import Counter, defaultdict

K1, B, TOP = 1.2, 0.75, 100
WORD = re.compile(r"[a-z0-9\u00c0-\u024f]+|[\u3400-\u9fff\u3040-\u30ff]+")


def terms(text):
    """(term, weight) pairs of a text, and the number of base terms."""
    out, length = [], 0
    for run in WORD.findall(unicodedata.normalize("NFKC", text).lower()):
        if run[0] < "\u3040":
            out.append((run, 1.0))
            length += 1
            continue
        length += len(run)
        out.extend((c, 1.0) for c in run)
        out.extend((run[i:i + 2], 0.5) for i in range(len(run) - 1))
    return out, length


def read(path):
    with open(path, encoding="utf-8") as lines:
        return [json.loads(line) for line in lines if line.strip()]


class Index:
    def __init__(self, docs):
        self.ids = [str(d["id"]) for d in docs]
        lengths = []
        self.postings = defaultdict(lambda: (array("l"), array("l")))
        for n, doc in enumerate(docs):
            pairs, length = terms(
                (doc.get("title") or "") + "\n" + (doc.get("text") or ""))
            lengths.append(length)
            for term, tf in Counter(t for t, _ in pairs).items():
                where, tfs = self.postings[term]
                where.append(n)
                tfs.append(tf)
        mean = sum(lengths) / max(1, len(lengths)) or 1
        self.norm = [K1 * (1 - B + B * n / mean) for n in lengths]

    def search(self, query, allowed=None):
        scores, n = defaultdict(float), len(self.ids)
        for (term, weight), count in Counter(terms(query)[0]).items():
            if term not in self.postings:
                continue
            where, tfs = self.postings[term]
            idf = math.log(1 + (n - len(where) + 0.5) / (len(where) + 0.5))
            for doc, tf in zip(where, tfs):
                scores[doc] += (weight * count * idf * tf * (K1 + 1)
                                / (tf + self.norm[doc]))
        if allowed is not None:
            scores = {d: s for d, s in scores.items() if d in allowed}
        return heapq.nsmallest(TOP, scores.items(), lambda x: (-x[1], x[0]))


def main(argv):
    within = argv[4] if len(argv) == 5 and argv[3] == "--within" else None
    if len(argv) != 3 and not within:
        sys.exit(__doc__)
    docs = read(argv[1])
    index = Index(docs)
    groups = defaultdict(set)
    for n, doc in enumerate(docs):
        groups[doc.get(within) if within else None].add(n)
    for query in read(argv[2]):
        allowed = groups[query.get(within)] if within else None
        hits = index.search(query["query"], allowed)
        for rank, (doc, score) in enumerate(hits, 1):
            print(query["id"], "Q0", index.ids[doc], rank,
                  "%.6f" % score, "bm25", sep="\t")


if __name__ == "__main__":
    main(sys.argv)
