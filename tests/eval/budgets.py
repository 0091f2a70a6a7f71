#!/usr/bin/env python3
"""Are budgets kept, counted by tiktoken? For developers.

usage: make programs; tests/eval/budgets.py DATA [RECORDS]   (default: 10000)

Records are conversations of 2 to 40 turns and questions with 3 to 12 hits, cut
out of the passages of DATA/retrieval, English and Chinese in turns; budgets are
150 to 3,000 tokens. For each of o200k_base and cl100k_base it says how many
records of ctx-compress and prompt-render are above their budget, how many say
another number of tokens than tiktoken counts (3, and for each message 3, its
role's, its content's and its name's and 1), and how much of the budget of those
that were cut is used.
"""
import json
import os
import random
import subprocess
import sys

sys.path.insert(0, os.path.dirname(os.path.abspath(__file__)))
import tokens  # noqa: E402

BUILD = os.path.join(tokens.ROOT, "build")
BUDGETS = [150, 400, 1000, 3000]


def passages(data, *sets):
    for name in sets:
        with open("%s/retrieval/%s/corpus.jsonl" % (data, name), encoding="utf-8") as file:
            for line in file:
                text = json.loads(line).get("text", "")
                if len(text) > 50:
                    yield text


def records(data, n):
    source = random.Random(3)
    pools = [list(passages(data, "en_squad", "en_lfqa")),
             list(passages(data, "zh_cmrc2018", "zh_kdconv_kb"))]

    def some(pool):
        text = source.choice(pool)
        at = source.randrange(len(text) // 2)
        return text[at:at + source.choice([20, 80, 300, 900])]

    for i in range(n):
        pool = pools[i % 2]
        turns = [{"role": "user" if k % 2 == 0 else "assistant",
                  "content": some(pool)} for k in range(source.randrange(2, 40))]
        if source.random() < .3:
            turns.insert(0, {"role": "system", "content": some(pool)[:100]})
        if source.random() < .2:
            turns[-1]["name"] = "anna"
        yield {"id": i, "query": some(pool)[:40], "messages": turns,
               "hits": [{"doc": "d%d" % k, "title": "", "text": some(pool)}
                        for k in range(source.randrange(3, 12))]}


def count(encoding, messages):
    n = 3
    for message in messages:
        n += 3 + len(encoding.encode_ordinary(message["role"])) + \
            len(encoding.encode_ordinary(message["content"]))
        if "name" in message:
            n += 1 + len(encoding.encode_ordinary(message["name"]))
    return n


def run(program, budget, name, lines):
    out = subprocess.run([os.path.join(BUILD, program), "-b", str(budget),
                          "--tokenizer", name, "--over=flag"], input=lines,
                         capture_output=True, check=True).stdout
    return [json.loads(line) for line in out.splitlines()]


def main():
    made = list(records(sys.argv[1], int(sys.argv[2]) if len(sys.argv) > 2 else 10000))
    for name in tokens.NAMES:
        encoding = tokens.encoding(name)
        for program in "ctx-compress", "prompt-render":
            above = other = cut = 0
            used = 0.
            for i, budget in enumerate(BUDGETS):
                part = made[i::len(BUDGETS)]
                lines = b"".join(json.dumps(r).encode() + b"\n" for r in part)
                for before, r in zip(part, run(program, budget, name, lines)):
                    told = r["prompt"] if program == "prompt-render" else r["compression"]
                    said = told.get("tokens", told.get("tokens_after"))
                    n = count(encoding, told.get("messages") or r["messages"])
                    over = told.get("over") or "over the budget" in told.get("lint", [])
                    above += n > budget and not over
                    other += n != said
                    dropped = told["dropped"]
                    if isinstance(dropped, dict):
                        dropped = dropped["hits"]
                    if dropped and not over:
                        cut += 1
                        used += n / budget
            print("%-12s %-14s %d records: %d above the budget, %d counted otherwise; "
                  "%d cut, to %.3f of it" % (name, program, len(made), above, other,
                                             cut, used / max(cut, 1)))


main()
