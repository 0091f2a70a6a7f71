#!/usr/bin/env python3
"""Threads of ctx-compress --intents: switches between domains.

A model is learned by text-classify from the user turns of half 0 (every second
dialogue) of dlg_zh_crosswoz (domains) and dlg_en_sgd (services, without their
numbers); "plain" from the turns as they are, "in context" from turns behind the
name of the domain before.
Scored is half 1: a user turn is a switch when none of its domains is one of the
turn's before that has any; the program says one where the turn is in another
thread. F1, precision, recall; "domain": the share of turns whose thread has one
of their domains as intent; "returns": the share of turns which return to a domain
that was left that are in its first thread. "by words" is without a model; "own" is
one of the turns of own-turns.py, which knows nothing of these dialogues (its names
are those of dlg_zh_crosswoz where it has the domain). Nothing learned here is in
the tree.

usage: intents.py [DATA]	(KB_BIN: where the programs are)
"""
import json
import os
import subprocess
import sys
import tempfile

ROOT = os.path.join(os.path.dirname(os.path.abspath(__file__)), "..", "..")
DATA = sys.argv[1] if len(sys.argv) > 1 else os.path.join(ROOT, "..", "shared",
                                                          "data")
BIN = os.environ.get("KB_BIN", os.path.join(ROOT, "build"))


def crosswoz(messages):
    return [m.get("domains") or [] for m in messages]


def sgd(messages):
    """Where a turn goes over to another service both are active: the new one
    counts."""
    out, before = [], set()
    for m in messages:
        now = {i.split("_")[0] for i in m.get("intent") or [] if i != "NONE"}
        out.append(sorted(now - before or now))
        before = now or before
    return out


SETS = {"dlg_zh_crosswoz": crosswoz, "dlg_en_sgd": sgd}


def pipe(program, rows, *options):
    text = "".join(json.dumps(r, ensure_ascii=False) + "\n" for r in rows)
    done = subprocess.run([os.path.join(BIN, program), *options],
                          input=text.encode(), stdout=subprocess.PIPE,
                          check=True)
    return [json.loads(line) for line in done.stdout.splitlines()]


def learn(dialogues, domains, in_context, path):
    rows = []
    for d in dialogues:
        before = ""
        for m, now in zip(d["messages"], domains(d["messages"])):
            if m["role"] != "user":
                continue
            if len(now) == 1:
                lead = before + " " if before and in_context else ""
                rows.append({"text": lead + m["content"], "label": now[0]})
            before = now[0] if now else before
    pipe("text-classify", rows, "train", "-o", path)


def learn_own(path):
    here = os.path.join(ROOT, "tests", "eval", "own-turns.py")
    rows = subprocess.run([sys.executable, here], stdout=subprocess.PIPE,
                          check=True).stdout
    subprocess.run([os.path.join(BIN, "text-classify"), "train", "-o", path],
                   input=rows, check=True)


def score(dialogues, domains, *options):
    right = found = wanted = turns = named = returns = back = 0
    rows = [{"messages": [{"role": m["role"], "content": m["content"]}
                          for m in d["messages"]]} for d in dialogues]
    for d, r in zip(dialogues, pipe("ctx-compress", rows, *options)):
        threads = r["compression"]["threads"]
        of = {turn: t for t in threads for turn in t["turns"]}
        before, first = None, {}
        for i, now in enumerate(domains(d["messages"])):
            if not now or d["messages"][i]["role"] != "user":
                continue
            turns += 1
            named += of[i].get("intent") in now
            if before is not None:
                switch = not set(now) & set(before[0])
                said = of[i]["id"] != before[1]
                wanted += switch
                found += said
                right += switch and said
                if switch and now[0] in first:
                    returns += 1
                    back += of[i]["id"] == first[now[0]]
            first.setdefault(now[0], of[i]["id"])
            before = now, of[i]["id"]
    p, r = right / max(found, 1), right / max(wanted, 1)
    return {"switches": wanted, "f1": round(2 * p * r / max(p + r, 1e-9), 3),
            "precision": round(p, 3), "recall": round(r, 3),
            "domain": round(named / turns, 3), "returns": returns,
            "to_their_thread": round(back / max(returns, 1), 3)}


for name, domains in SETS.items():
    path = os.path.join(DATA, "dialogue", name, "dialogues.jsonl")
    if not os.path.exists(path):
        print("# %s is absent" % name)
        continue
    dialogues = [json.loads(line) for line in open(path, encoding="utf-8")]
    with tempfile.TemporaryDirectory() as work:
        for how in "by words", "own", "plain", "in context":
            options = ()
            if how == "own":
                model = os.path.join(work, how + ".tc")
                learn_own(model)
                options = ("--intents", model)
            elif how != "by words":
                model = os.path.join(work, how + ".tc")
                learn(dialogues[0::2], domains, how == "in context", model)
                options = ("--intents", model)
            print(json.dumps({"set": name, "half": 1, "model": how,
                              **score(dialogues[1::2], domains, *options)}),
                  flush=True)
