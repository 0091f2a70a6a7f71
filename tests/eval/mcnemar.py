#!/usr/bin/env python3
"""Does one run lose first places against another, beyond chance?

usage: mcnemar.py QRELS.tsv BASE.run RUN

Runs are TREC lines. Of the judged questions that either run answers, by the
CRC-32 of their ids in halves 0 and 1: the share whose first document is judged
right in BASE and in RUN, how many are so in RUN or in BASE only, and the
chance of so few gains among these if it were a toss (McNemar 1947, exact,
one-sided). Exit 1 when that is below .05 on half 1.
"""
import math
import sys
import zlib


def firsts(path):
    best = {}
    with open(path, encoding="utf-8") as text:
        for line in text:
            query, _, doc, rank = line.split()[:4]
            if query not in best or int(rank) < best[query][0]:
                best[query] = (int(rank), doc)
    return {query: doc for query, (_, doc) in best.items()}


def chance(gained, lost):
    """Of at most so many gains."""
    n = gained + lost
    return sum(math.comb(n, i) for i in range(gained + 1)) / 2 ** n


def main(argv):
    if len(argv) != 4:
        sys.exit(__doc__)
    gold = {}
    with open(argv[1], encoding="utf-8") as text:
        for line in text:
            query, doc, grade = line.rstrip("\n").split("\t")[:3]
            if float(grade) > 0:
                gold.setdefault(query, set()).add(doc)
    base, run = firsts(argv[2]), firsts(argv[3])
    bad = False
    for half in (0, 1):
        asked = [q for q in gold if (q in base or q in run)
                 and zlib.crc32(q.encode()) & 1 == half]
        a = [base.get(q) in gold[q] for q in asked]
        b = [run.get(q) in gold[q] for q in asked]
        gained = sum(y > x for x, y in zip(a, b))
        lost = sum(x > y for x, y in zip(a, b))
        print("half %d: %d questions, hit@1 %.3f and %.3f, %d gained, %d lost, "
              "p %.2g" % (half, len(asked), sum(a) / max(1, len(a)),
                          sum(b) / max(1, len(b)), gained, lost,
                          chance(gained, lost)))
        bad = bad or (half == 1 and chance(gained, lost) < .05)
    sys.exit(bad)


if __name__ == "__main__":
    main(sys.argv)
