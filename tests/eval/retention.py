#!/usr/bin/env python3
"""What survives ctx-compress.

LoCoMo (dialogue/dlg_locomo): mean share of a question's evidence turns kept
whole at 10, 20 and 30 % of the tokens, with the question known; once with
every token for turns, once as the program is used (last four turns and
a summary). CrossWOZ (dialogue/dlg_zh_crosswoz): share of the slot values
said in a dialogue that still stand in the output (messages or state) at 30
and 50 %. Every STEP-th question and dialogue (argument, default 4).
"""
import json
import os
import subprocess
import sys

root = os.path.join(os.path.dirname(__file__), "..", "..")
data = os.environ.get("KB_DATA", os.path.join(root, "..", "shared", "data"))
tool = os.path.join(os.environ.get("KB_BIN", os.path.join(root, "build")),
                    "ctx-compress")
step = int(sys.argv[1]) if len(sys.argv) > 1 else 4


def run(rows, *options):
    lines = "".join(json.dumps(r, ensure_ascii=False) + "\n" for r in rows)
    out = subprocess.run([tool, *options], input=lines, capture_output=True,
                         text=True, check=False).stdout
    return [json.loads(line) for line in out.splitlines()]


def load(name):
    path = os.path.join(data, "dialogue", name, "dialogues.jsonl")
    if not os.path.exists(path):
        print("# %s is absent" % name)
        return []
    return [json.loads(line) for line in open(path, encoding="utf-8")]


def locomo():
    rows, evidence = [], []
    for d in load("dlg_locomo"):
        turns = [{"role": m["role"],
                  "content": m.get("name", "") + ": " + m["content"]}
                 for m in d["messages"]]
        place = {m["dia_id"]: i for i, m in enumerate(d["messages"])}
        for q in d["questions"]:
            found = [place[e] for e in q["evidence"] if e in place]
            if found and q.get("answerable", True):
                rows.append({"messages": turns, "query": q["question"]})
                evidence.append(found)
    rows, evidence = rows[::step], evidence[::step]
    for share in ("0.1", "0.2", "0.3") if rows else ():
        result = {"set": "dlg_locomo", "questions": len(rows), "kept": share}
        for name, options in (("turns", ("-k", "1", "--no-summary")),
                              ("default", ())):
            total = over = 0
            for out, want in zip(run(rows, "-r", share, *options), evidence):
                c = out["compression"]
                gone = set(c["dropped"])
                total += sum(e not in gone for e in want) / len(want)
                over += c["tokens_after"] > float(share) * c["tokens_before"]
            result[name] = round(total / len(rows), 3)
            result["over"] = result.get("over", 0) + over
        print(json.dumps(result))


def slots(d):
    return {str(a[3]) for m in d["messages"] for a in m.get("acts", [])
            if len(a) > 3 and a[3] not in ("", "none", "是", "否")
            and str(a[3]) in m["content"]}


def crosswoz():
    all_rows = load("dlg_zh_crosswoz")[::step]
    for share in ("0.3", "0.5") if all_rows else ():
        kept = said = failed = 0
        rows = [{"messages": [{"role": m["role"], "content": m["content"]}
                              for m in d["messages"]]} for d in all_rows]
        for d, out in zip(all_rows, run(rows, "-r", share)):
            if "error" in out:
                failed += 1
                continue
            text = "\n".join(m["content"] for m in out["messages"])
            text += json.dumps(out["compression"]["state"],
                               ensure_ascii=False)
            want = slots(d)
            said += len(want)
            kept += sum(v in text for v in want)
        print(json.dumps({"set": "dlg_zh_crosswoz", "dialogues": len(rows),
                          "kept": share, "slot_values": round(kept / said, 3),
                          "failed": failed}))


locomo()
crosswoz()
