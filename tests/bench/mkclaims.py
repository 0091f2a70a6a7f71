#!/usr/bin/env python3
"""Records of labelled answers, as a pipe hands them to fact-check.

usage: mkclaims.py FACTCHECK_SET RECORDS [apart]

At most 1,500, in the order of the set; with 'apart' those that share their
passages, several answers to one question, do not follow one another.
"""
import collections
import json
import os
import sys


def passages(case):
    context = case.get("context") or []
    return [context] if isinstance(context, str) else context


def main():
    with open(os.path.join(sys.argv[1], "cases.jsonl")) as lines:
        cases = [json.loads(line) for line in lines][:1500]
    if sys.argv[3:] == ["apart"]:
        seen, rank = collections.Counter(), []
        for case in cases:
            key = tuple(passages(case))
            rank.append(seen[key])
            seen[key] += 1
        order = sorted(range(len(cases)), key=lambda i: rank[i])
        cases = [cases[i] for i in order]
    with open(sys.argv[2], "w") as out:
        for case in cases:
            hits = [{"doc": "d%d" % i, "text": text}
                    for i, text in enumerate(passages(case))]
            out.write(json.dumps({"query": case.get("question") or "",
                                  "answer": case["answer"], "hits": hits},
                                 ensure_ascii=False) + "\n")


main()
