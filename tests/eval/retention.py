#!/usr/bin/env python3
"""What survives ctx-compress.

LoCoMo (dialogue/dlg_locomo): mean share of a question's evidence turns that are
kept at 10, 20 and 30 % of the tokens, with the question and without one: "turns"
with every token for whole turns, "default" as the program is used (the last four
turns verbatim, sentences and values of others; a shortened turn counts here, not
in "whole"). Windows of 32 turns with the evidence anywhere in them are cut to
30 %. CrossWOZ (dialogue/dlg_zh_crosswoz): share of the slot values said in a
dialogue that still stand in the output (messages or state) at 30 and 50 %,
without a gazetteer and with one of its kb.jsonl; "precision" is the share of the
state's values that are slot values of the dialogue, or overlap one by .6 of the
longer. The odd dialogues (half 1) were not looked at when that was made.
Every STEP-th question and dialogue (argument, default 4).
"prefix": of the bytes of the messages that go out turn by turn (LoCoMo's
conversations up to turn 20, 21 ... 220; the budget in tokens), the share that is
the beginning of what went out the turn before; "evidence" of the questions on
these turns that is still there at the end.
"""
import json
import os
import subprocess
import sys
import tempfile
import zlib

root = os.path.join(os.path.dirname(__file__), "..", "..")
data = os.environ.get("KB_DATA", os.path.join(root, "..", "shared", "data"))
tool = os.path.join(os.environ.get("KB_BIN", os.path.join(root, "build")),
                    "ctx-compress")
WINDOW = 32
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


def questions():
    """(turns, question, places of the evidence)"""
    for d in load("dlg_locomo"):
        turns = [{"role": m["role"],
                  "content": m.get("name", "") + ": " + m["content"]}
                 for m in d["messages"]]
        place = {m["dia_id"]: i for i, m in enumerate(d["messages"])}
        for q in d["questions"]:
            found = [place[e] for e in q["evidence"] if e in place]
            if found and q.get("answerable", True):
                yield turns, q["question"], found


def kept(rows, evidence, share, *options):
    """Shares of the evidence kept, and kept whole; records over budget."""
    some = whole = over = 0
    for out, want in zip(run(rows, "-r", share, *options), evidence):
        c = out["compression"]
        gone = set(c["dropped"])
        cut = gone | set(c.get("shortened", []))
        some += sum(e not in gone for e in want) / len(want)
        whole += sum(e not in cut for e in want) / len(want)
        over += c["tokens_after"] > float(share) * c["tokens_before"]
    return round(some / len(rows), 3), round(whole / len(rows), 3), over


def report(name, rows, evidence, share):
    turns, _, over = kept(rows, evidence, share, "-k", "1", "--no-summary")
    some, whole, more = kept(rows, evidence, share)
    print(json.dumps({"set": name, "records": len(rows), "kept": share,
                      "turns": turns, "default": some, "whole": whole,
                      "over": over + more}))


def locomo():
    asked = list(questions())[::step]
    evidence = [found for _, _, found in asked]
    rows = [{"messages": turns, "query": q} for turns, q, _ in asked]
    bare = [{"messages": turns} for turns, _, _ in asked]
    for share in ("0.1", "0.2", "0.3") if rows else ():
        report("dlg_locomo, asked", rows, evidence, share)
        report("dlg_locomo, not asked", bare, evidence, share)


def windows():
    rows, evidence = [], []
    for turns, question, found in list(questions())[::step]:
        at = zlib.crc32(question.encode()) % WINDOW
        start = max(0, min(found[0] - at, len(turns) - WINDOW))
        evidence.append([i - start for i in found
                         if start <= i < start + WINDOW])
        rows.append({"messages": turns[start:start + WINDOW],
                     "query": question})
    if rows:
        report("dlg_locomo, windows of %d, asked" % WINDOW, rows, evidence,
               "0.3")
        for r in rows:
            del r["query"]
        report("dlg_locomo, windows of %d, not asked" % WINDOW, rows, evidence,
               "0.3")


def slots(d):
    return {str(a[3]) for m in d["messages"] for a in m.get("acts", [])
            if len(a) > 3 and a[3] not in ("", "none", "是", "否")
            and str(a[3]) in m["content"]}


def alike(a, b):
    return a in b and len(a) >= .6 * len(b)


def crosswoz_row(rows, half, share, name, *options):
    kept = said = failed = good = values = 0
    records = [{"messages": [{"role": m["role"], "content": m["content"]}
                             for m in d["messages"]]} for d in rows]
    for d, out in zip(rows, run(records, "-r", share, *options)):
        if "error" in out:
            failed += 1
            continue
        acts = [a for m in d["messages"] for a in m.get("acts", [])]
        gold = {str(a[3]) for a in acts if len(a) > 3} | {
            a[2].split("-", 1)[1] for a in acts if "-" in a[2]}
        gold -= {"", "none", "是", "否"}
        state = out["compression"]["state"]
        text = "\n".join(m["content"] for m in out["messages"])
        text += json.dumps(state, ensure_ascii=False)
        want = slots(d)
        said += len(want)
        kept += sum(v in text for v in want)
        for v in (s["value"] for s in state["slots"]):
            values += 1
            good += any(alike(v, w) or alike(w, v) for w in gold)
    print(json.dumps({"set": "dlg_zh_crosswoz", "half": half,
                      "dialogues": len(rows), "gazetteer": name,
                      "kept": share, "slot_values": round(kept / said, 3),
                      "precision": round(good / values, 3),
                      "failed": failed}))


def crosswoz():
    all_rows = load("dlg_zh_crosswoz")
    if not all_rows:
        return
    with tempfile.TemporaryDirectory() as work:
        index = os.path.join(work, "kb")
        subprocess.run([os.path.join(os.path.dirname(tool), "kb-index"), index,
                        os.path.join(data, "dialogue", "dlg_zh_crosswoz",
                                     "kb.jsonl")], check=True)
        for half in 0, 1:
            rows = all_rows[half::2][::step]
            for share in "0.3", "0.5":
                crosswoz_row(rows, half, share, "none")
                crosswoz_row(rows, half, share, "kb.jsonl", "--index", index)


def beginning(a, b):
    n = min(len(a), len(b))
    while a[:n] != b[:n]:
        n //= 2
    step = n
    while step:
        if n + step <= min(len(a), len(b)) and a[:n + step] == b[:n + step]:
            n += step
        else:
            step //= 2
    return n


def prefix():
    for budget in "1000", "2000":
        for name, options in (("cut anew each turn", ()),
                              ("append-only", ("--append-only",))):
            same = sent = kept = asked = 0
            for d in load("dlg_locomo"):
                turns = [{"role": m["role"], "content": m["content"]}
                         for m in d["messages"][:220]]
                place = {m["dia_id"]: i
                         for i, m in enumerate(d["messages"][:220])}
                last = b""
                for out in run([{"messages": turns[:n]}
                                for n in range(20, len(turns) + 1)],
                               "-b", budget, *options):
                    text = json.dumps(out["messages"])[:-1].encode()
                    same += beginning(last, text)
                    sent += len(text)
                    last = text
                gone = set(out["compression"]["dropped"])
                for q in d["questions"]:
                    found = [place.get(e) for e in q["evidence"]]
                    if found and None not in found:
                        asked += len(found)
                        kept += sum(i not in gone for i in found)
            if sent:
                print(json.dumps({"set": "dlg_locomo, turn by turn",
                                  "budget": int(budget), "cut": name,
                                  "prefix": round(same / sent, 3),
                                  "evidence": round(kept / asked, 3)}))


locomo()
windows()
crosswoz()
prefix()
