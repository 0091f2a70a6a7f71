#!/usr/bin/env python3
"""What a typing error in a question costs, by recall@10.

usage: typos.py KB-SEARCH INDEX RECORDS.jsonl QRELS.tsv [OPTION...]

Puts one error into one content word of every question, seeded by the
question: a Latin word of five letters or more gets a letter changed,
dropped, doubled or two swapped; in Chinese one character of a pair that is
no function word becomes a homophone of its own (the commonest ones, read
with the pinyin table of ../../lib/text/han_table.c). Prints recall@10 of
clean questions, with errors, and with errors and --no-spelling; behind it that
of the half that the rules were chosen on and of the one they are scored on, by
the parity of the CRC of the clean question. OPTIONs go to kb-search.
"""
import json
import os
import random
import re
import subprocess
import sys
import zlib
from collections import Counter, defaultdict

FUNCTION = set("的了是在有和与为以于不这那哪什么谁几个吗呢及或其之而被把从到对")
STOP = set("""which what where when whose there their these those about after
before would could should other being while since between during under""".split())
LETTERS = "abcdefghijklmnopqrstuvwxyz"


def homophones(counts):
    """Character -> common homophones, by the tree's own table."""
    path = os.path.join(os.path.dirname(__file__), "../../lib/text/han_table.c")
    with open(path, encoding="utf-8") as f:
        source = f.read()
    body = source.split("kb_han_syllable[", 1)[1].split("{", 1)[1]
    numbers = [int(n) for n in re.findall(r"\d+", body.split("}", 1)[0])]
    groups = defaultdict(list)
    for i, n in enumerate(numbers):
        c = chr(0x4e00 + i)
        if n and counts[c] >= 5:
            groups[n].append(c)
    out = {}
    for group in groups.values():
        group.sort(key=lambda c: (-counts[c], c))
        for c in group:
            out[c] = [x for x in group if x != c][:5]
    return out


def break_latin(rng, text):
    words = [m for m in re.finditer(r"[A-Za-z]{5,}", text)
             if m.group().lower() not in STOP]
    if not words:
        return None
    m = rng.choice(words)
    w, i = m.group(), rng.randrange(1, len(m.group()))
    kind = rng.randrange(4)
    if kind == 0:
        w = w[:i] + rng.choice(LETTERS.replace(w[i].lower(), "")) + w[i + 1:]
    elif kind == 1:
        w = w[:i] + w[i + 1:]
    elif kind == 2:
        w = w[:i] + w[i] + w[i:]
    elif i + 1 < len(w) and w[i] != w[i + 1]:
        w = w[:i] + w[i + 1] + w[i] + w[i + 2:]
    else:
        w = w[:i] + rng.choice(LETTERS) + w[i:]
    return text[:m.start()] + w + text[m.end():]


def break_han(rng, text, same):
    places = [i for i, c in enumerate(text)
              if same.get(c) and c not in FUNCTION]
    if not places:
        return None
    i = rng.choice(places)
    return text[:i] + rng.choice(same[text[i]]) + text[i + 1:]


def misspell(record, same):
    """The question with one error, or None."""
    rng = random.Random("typo:%s" % record["id"])
    text = break_latin(rng, record["query"]) if re.match(
        r"[\x00-\x7f]*$", record["query"]) else None
    return text or break_han(rng, record["query"], same)


def ask(command, records, gold, clean):
    """Recall@10, share of questions changed, share that became the clean, and
    the recall of each half."""
    done = subprocess.run(command, input="".join(
        json.dumps(r, ensure_ascii=False) + "\n" for r in records),
        capture_output=True, text=True, check=False)
    if done.returncode not in (0, 3):
        sys.exit(done.stderr)
    changed = right = 0
    recalls = [], []
    for line, question in zip(done.stdout.splitlines(), clean):
        r = json.loads(line)
        good, found = gold[str(r["id"])], {h["doc"] for h in r.get("hits", [])}
        half = zlib.crc32(question["query"].encode()) & 1
        recalls[half].append(len(good & found) / len(good))
        corrected = r.get("retrieval", {}).get("corrected")
        changed += corrected is not None
        right += (corrected or "").lower() == question["query"].lower()
    both = recalls[0] + recalls[1]
    return [100 * x / len(records) for x in (sum(both), changed, right)] + [
        100 * sum(half) / max(len(half), 1) for half in recalls]


def main(argv):
    if len(argv) < 5:
        sys.exit(__doc__)
    gold = defaultdict(set)
    with open(argv[4], encoding="utf-8") as lines:
        for line in lines:
            query, doc, grade = line.rstrip("\n").split("\t")[:3]
            if float(grade) > 0:
                gold[query].add(doc)
    with open(argv[3], encoding="utf-8") as lines:
        records = [json.loads(line) for line in lines]
    same = homophones(Counter(c for r in records for c in r["query"]))
    clean, broken = [], []
    for r in records:
        text = misspell(r, same)
        if text and gold[str(r["id"])]:
            clean.append({"id": r["id"], "query": r["query"]})
            broken.append({"id": r["id"], "query": text})
    command = [argv[1], "--format=json", "--plain", "--distinct",
               *argv[5:], argv[2]]
    plain = command[:1] + ["--no-spelling"] + command[1:]
    print("%d questions: recall@10, %% changed, %% put right; recall@10 of "
          "half 0 and half 1" % len(clean))
    for name, cmd, asked in (("clean", command, clean),
                             ("clean, --no-spelling", plain, clean),
                             ("one error", command, broken),
                             ("one error, --no-spelling", plain, broken)):
        print("%-26s %6.2f %6.1f %6.1f; %6.2f %6.2f"
              % (name, *ask(cmd, asked, gold, clean)))


if __name__ == "__main__":
    main(sys.argv)
