#!/usr/bin/env python3
"""Conversations of 32 turns, for run.sh: 400 a set at most, as JSON lines.

usage: mkcuts.py DATA FOLDER

Turns of dialogue/SET are taken in their order; a dialogue that has fewer goes
on with the next.
"""
import json
import os
import sys

TURNS, MOST = 32, 400
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
        part, n = [], 0
        with open(os.path.join(folder, name + ".jsonl"), "w",
                  encoding="utf-8") as out:
            for turn in turns(path):
                part.append(turn)
                if len(part) == TURNS and n < MOST:
                    n += 1
                    print(json.dumps({"id": n, "messages": part},
                                     ensure_ascii=False), file=out)
                    part = []
                if n == MOST:
                    break


main()
