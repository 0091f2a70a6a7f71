#!/usr/bin/env python3
"""Personal data that ctx-compress --mask finds in tests/data/personal.jsonl:
precision and recall of spans, of all and by kind. A span counts when exactly it
is masked. usage: personal.py [-v]
"""
import json
import os
import subprocess
import sys
from collections import Counter

ROOT = os.path.join(os.path.dirname(os.path.abspath(__file__)), "..", "..")
BIN = os.environ.get("KB_BIN", os.path.join(ROOT, "build"))
DATA = os.path.join(ROOT, "tests", "data")


def main():
    with open(os.path.join(DATA, "personal.jsonl"), encoding="utf-8") as f:
        rows = [json.loads(line) for line in f]
    lines = "".join(json.dumps({"messages": [
        {"role": "user", "content": r["text"]}]}) + "\n" for r in rows)
    out = subprocess.run(
        [os.path.join(BIN, "ctx-compress"), "--mask", "--gazetteer",
         os.path.join(DATA, "personal-names.txt")], input=lines,
        capture_output=True, text=True, check=True).stdout
    good, said, found = Counter(), Counter(), Counter()
    for r, line in zip(rows, out.splitlines()):
        masked = json.loads(line)["compression"].get("masked", {})
        got = Counter((k[1:].rsplit("_", 1)[0], v) for k, v in masked.items())
        want = Counter({(k, r["text"][a:b]): 1 for a, b, k in r["spans"]})
        for part, into in ((got & want, good), (want, said), (got, found)):
            for (kind, _), n in part.items():
                into[kind] += n
        if "-v" in sys.argv and got != want:
            print(r["text"], "missed", list(want - got), "wrong",
                  list(got - want))
    for kind in sorted(said) + [None]:
        g, s, f = ((c[kind] if kind else sum(c.values()))
                   for c in (good, said, found))
        print("%-9s of %3d: precision %.3f recall %.3f" %
              (kind or "all", s, g / max(1, f), g / s))


main()
