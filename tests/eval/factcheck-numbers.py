#!/usr/bin/env python3
"""Wrong numbers in real sentences: how many does fact-check find?

usage: zstdcat $KB_DATA/scale/zh_news.jsonl.zst | head -4000 |
           tests/eval/factcheck-numbers.py

From each article one sentence with a number and a unit is taken as the claim
and the article as the evidence: as it is (none may be flagged), with a new
number, and with another number of the same article and unit.
"""
import json
import os
import random
import re
import subprocess
import sys

NUMBER = re.compile(r"(?<![\d.A-Za-z-])(\d{1,4}(?:\.\d)?)"
                    r"(万?(?:元|人|天|公里|米|吨|岁|小时|家|个|名|%|亩|年))")


def claims(lines, rng):
    for i, line in enumerate(lines):
        text = json.loads(line)["text"]
        if len(text) > 4000:
            continue
        found = [s for s in re.findall(r"(?:^|(?<=[。！？\n]))[^。！？\n]{12,120}。",
                                       text)
                 if NUMBER.search(s)]
        if not found:
            continue
        s = rng.choice(found)
        m = rng.choice(list(NUMBER.finditer(s)))
        old, unit = m.groups()
        if unit == "年" and len(old) == 4:
            new = str(int(old) + rng.choice([-3, -2, 2, 3]))
        else:
            new = str(round(float(old) * rng.choice([1.4, 1.7, 2.3]) + 2))
        others = sorted({n for n, u in NUMBER.findall(text)
                         if u == unit and float(n) != float(old)})
        yield i, "same", text, s
        if f"{new}{unit}" not in text:
            yield i, "new", text, s[:m.start(1)] + new + s[m.end(1):]
        if others:
            swap = rng.choice(others)
            yield i, "swap", text, s[:m.start(1)] + swap + s[m.end(1):]


def main():
    rng = random.Random(1)
    rows = "".join(json.dumps({"id": f"{i}-{kind}", "kind": kind, "answer": s,
                               "hits": [{"text": text}]},
                              ensure_ascii=False) + "\n"
                   for i, kind, text, s in claims(sys.stdin, rng))
    program = os.environ.get("KB_BIN", "build") + "/fact-check"
    out = subprocess.run([program, "-j", "2"], input=rows.encode(),
                         stdout=subprocess.PIPE, check=True).stdout
    count, flagged, said = {}, {}, {}
    for line in out.decode().splitlines():
        r = json.loads(line)
        kind = r["kind"]
        check = r["check"]
        count[kind] = count.get(kind, 0) + 1
        flagged[kind] = flagged.get(kind, 0) + any(
            c["verdict"] == "contradicted" for c in check["claims"])
        said[kind] = said.get(kind, 0) + (r["route"] == "human")
        if "-v" in sys.argv and (kind == "same") == any(
                c["verdict"] == "contradicted" for c in check["claims"]):
            print(kind, r["answer"], check["reasons"], file=sys.stderr)
    print("kind  claims  contradicted  to a human")
    for kind in ("same", "new", "swap"):
        print(f"{kind:5} {count[kind]:6}  {flagged[kind] / count[kind]:12.3f}"
              f"  {said[kind] / count[kind]:10.3f}")


if __name__ == "__main__":
    main()
