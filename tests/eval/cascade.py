#!/usr/bin/env python3
"""A cascade's router on questions that it was not learned from.

usage: make build/eval/router; tests/eval/cascade.py [OUTCOMES] [KEEP]

OUTCOMES (../shared/data/prompt/cascade_routellm/cases.jsonl): questions, what a
small model answered, whether it and a large one were right. Learned with
llm-call --cascade-train from one half, by the hash of the question, and scored
on the other, both ways round. Prints for each scored half the share of the
questions that go to the large model so that KEEP (.95) of its right answers are
kept: by the router, by the length of the question, drawn at random, and with
the outcomes known; then, with the threshold that the other half gave, the share
that goes and what is kept.
"""
import json
import os
import re
import subprocess
import sys
import tempfile

BIN = os.environ.get("KB_BIN", "build")
PATH = sys.argv[1] if len(sys.argv) > 1 else \
    "../shared/data/prompt/cascade_routellm/cases.jsonl"
KEEP = float(sys.argv[2]) if len(sys.argv) > 2 else .95
lines = open(PATH, encoding="utf-8").read().splitlines()


def router(*model):
    out = subprocess.run([os.path.join(BIN, "eval", "router"), *model],
                         input="\n".join(lines) + "\n", text=True,
                         capture_output=True, check=True).stdout
    return [(int(h), int(s), int(g), float(p)) for h, s, g, p in
            (line.split() for line in out.splitlines())]


def share(rows):
    """rows: small, large, need; the share that goes."""
    rows = sorted(rows, key=lambda r: -r[2])
    right = sum(r[0] for r in rows)
    wanted = KEEP * sum(r[1] for r in rows)
    n = 0
    while right < wanted and n < len(rows):
        right += rows[n][1] - rows[n][0]
        n += 1
    return n / len(rows)


halves = [r[0] for r in router()]
print("half scored | to the large one: router, length, random, oracle | at the "
      "learned threshold: to the large one, kept")
for half in (0, 1):
    with tempfile.TemporaryDirectory() as d:
        with open(f"{d}/in", "w", encoding="utf-8") as f:
            f.writelines(line + "\n" for line, h in zip(lines, halves)
                         if h != half)
        said = subprocess.run(
            [os.path.join(BIN, "llm-call"), "--cascade-train", f"{d}/in",
             "--keep", str(KEEP), "-o", f"{d}/model"], text=True,
            capture_output=True, check=True).stderr
        cut = float(re.search(r"router >= ([0-9.]+)", said).group(1))
        rows = [(s, g, p, json.loads(line)["prompt"]) for line, (h, s, g, p)
                in zip(lines, router(f"{d}/model")) if h == half]
    small = sum(r[0] for r in rows)
    large = sum(r[1] for r in rows)
    sent = [r for r in rows if r[2] >= cut]
    kept = sum(r[1] if r[2] >= cut else r[0] for r in rows) / large
    print(f"{half} {len(rows)} | {share([r[:3] for r in rows]):.3f} "
          f"{share([(r[0], r[1], len(r[3])) for r in rows]):.3f} "
          f"{(KEEP * large - small) / (large - small):.3f} "
          f"{share([(r[0], r[1], r[1] - r[0]) for r in rows]):.3f} | "
          f"{len(sent) / len(rows):.3f} {kept:.3f}")
