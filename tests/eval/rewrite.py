#!/usr/bin/env python3
"""How well ctx-compress makes questions self-contained.

Reads dialogue/dlg_zh_rewrite of the data sets (KB_DATA, else
../shared/data): three turns and the last one rewritten by a person. Of the
content words (Han characters without function words, Latin words) that the
person added, the share recovered; of those that the program added, the share
the person added too. "wrong": of the questions that the program completed, the
share to which it added nothing that the person added (a wrong antecedent);
"needless": of the turns that a person left as they are, the share completed.
Even dialogues were used for tuning, odd ones score.

And the shop's questions (tests/data/questions.jsonl) behind an unrelated
turn: they need nothing, so the share touched should be small.
"""
import json
import os
import re
import subprocess

root = os.path.join(os.path.dirname(__file__), "..", "..")
data = os.environ.get("KB_DATA", os.path.join(root, "..", "shared", "data"))
tool = os.path.join(os.environ.get("KB_BIN", os.path.join(root, "build")),
                    "ctx-compress")
STOP = set("的了是在吗呢吧啊我你他她它这那什么怎个有不也都就还很和跟与")


def words(text):
    found = set(re.findall(r"[a-z0-9]+", text.lower()))
    return found | {c for c in text
                    if "\u4e00" <= c <= "\u9fff" and c not in STOP}


def standalone(rows):
    lines = "".join(json.dumps({"messages": r}, ensure_ascii=False) + "\n"
                    for r in rows)
    out = subprocess.run([tool], input=lines, capture_output=True, text=True,
                         check=True).stdout
    return [json.loads(line)["standalone"] for line in out.splitlines()]


def rewriting():
    path = os.path.join(data, "dialogue", "dlg_zh_rewrite", "dialogues.jsonl")
    if not os.path.exists(path):
        print("# dlg_zh_rewrite is absent")
        return
    rows = [json.loads(line) for line in open(path, encoding="utf-8")]
    for name, part in (("tuned on", rows[0::2]), ("scored", rows[1::2])):
        missing = recovered = added = right = 0
        whole = needless = completed = wrong = 0
        for row, text in zip(part, standalone([r["messages"] for r in part])):
            last = words(row["messages"][-1]["content"])
            want, got = words(row["rewritten"]) - last, words(text) - last
            if not want:
                whole += 1
                needless += bool(got)
                continue
            completed += bool(got)
            wrong += bool(got) and not want & got
            missing += len(want)
            recovered += len(want & got)
            added += len(got)
            right += len(want & got)
        print(json.dumps({"set": "dlg_zh_rewrite", "half": name,
                          "dialogues": len(part),
                          "recovered": round(recovered / missing, 3),
                          "precision": round(right / max(added, 1), 3),
                          "wrong": round(wrong / max(completed, 1), 3),
                          "needless": round(needless / max(whole, 1), 3),
                          "whole": whole}))


def untouched():
    path = os.path.join(root, "tests", "data", "questions.jsonl")
    asked = [json.loads(line)["query"] for line in open(path, encoding="utf-8")]
    rows = [[{"role": "user", "content": asked[(i * 7 + 3) % len(asked)]},
             {"role": "assistant", "content": "好的。"},
             {"role": "user", "content": q}] for i, q in enumerate(asked)]
    touched = sum(a != b for a, b in zip(asked, standalone(rows)))
    print(json.dumps({"set": "shop questions", "questions": len(asked),
                      "touched": touched}))


if __name__ == "__main__":
    rewriting()
    untouched()
