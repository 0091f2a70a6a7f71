#!/usr/bin/env python3
"""Do passages of other records change what fact-check says?

usage: irrelevant.py BINDIR CASES.jsonl...

CASES hold {"context","question"?,"answer"}. Each case is checked against its
context alone, and against it with five contexts of other cases (each cut to
2,000 characters) behind it. Printed for every set: how far check.p moves in
the mean, the share that moves by more than .02, and the largest move.
"""
import json
import os
import random
import subprocess
import sys

CASES, OTHERS, CUT = 600, 5, 2000


def check(program, records):
    lines = "".join(json.dumps(r, ensure_ascii=False) + "\n" for r in records)
    done = subprocess.run([program], input=lines, stdout=subprocess.PIPE,
                          text=True, check=False)
    return [json.loads(line)["check"]["p"]
            for line in done.stdout.splitlines()]


def hit(number, text):
    return dict(doc=f"d{number}", text=text)


def main():
    program = os.path.join(sys.argv[1], "fact-check")
    print(f"{'set':20} {'n':>5}  mean  >.02  most")
    for path in sys.argv[2:]:
        rng = random.Random(11)
        with open(path, encoding="utf-8") as lines:
            cases = [json.loads(line) for line in lines]
        cases = rng.sample(cases, min(CASES, len(cases)))
        alone = [dict(query=c.get("question") or "", answer=c["answer"],
                      hits=[hit(0, c["context"])]) for c in cases]
        among = []
        for case, record in zip(cases, alone):
            others = [c["context"][:CUT] for c in rng.sample(cases, 20)
                      if c["context"] != case["context"]][:OTHERS]
            among.append(dict(record, hits=record["hits"] + [
                hit(i + 1, text) for i, text in enumerate(others)]))
        moves = [abs(a - b) for a, b in
                 zip(check(program, alone), check(program, among))]
        n = len(moves)
        print(f"{os.path.basename(os.path.dirname(path)):20} {n:5} "
              f"{sum(moves) / n:.4f} {sum(m > .02 for m in moves) / n:.3f} "
              f"{max(moves):.3f}")


main()
