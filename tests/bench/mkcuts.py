#!/usr/bin/env python3
"""Conversations of 32 turns, for run.sh: 800 a set, as JSON lines.

usage: mkcuts.py DATA FOLDER

Turns of dialogue/SET are taken in their order; a dialogue that has fewer goes
on with the next. A set that has fewer conversations is told again, so that the
start of a program counts for nothing.
"""
import json
import os
import sys

TURNS, RECORDS = 32, 800
SETS = ("dlg_locomo", "dlg_zh_crosswoz", "dlg_zh_kdconv", "dlg_en_sgd")


def turns(path):
    with open(path, encoding="utf-8") as f:
        for line in f:
            for m in json.loads(line)["messages"]:
                name = m.get("name")
                yield {"role": m["role"], "content":
                       (name + ": " if name else "") + m["content"]}


def main():
    data, folder = sys.argv[1:3]
    for name in SETS:
        path = os.path.join(data, "dialogue", name, "dialogues.jsonl")
        if not os.path.exists(path):
            print("skipped: no %s" % name)
            continue
        said = list(turns(path))
        parts = [said[i:i + TURNS]
                 for i in range(0, len(said) - TURNS + 1, TURNS)]
        with open(os.path.join(folder, name + ".jsonl"), "w",
                  encoding="utf-8") as out:
            for n in range(RECORDS if parts else 0):
                print(json.dumps({"id": n,
                                  "messages": parts[n % len(parts)]},
                                 ensure_ascii=False), file=out)


main()
