#!/usr/bin/env python3
"""Which words of a conversation does its last turn leave out? Learned; not built
in: what a model would gain over the rules that rewrite.py measures.

usage: tests/eval/learned-rewrite.py [--data DIR]

Data: dialogue/dlg_zh_rewrite of the data sets (KB_DATA, else ../shared/data),
three turns and the last one rewritten by a person. Even dialogues are learned
from, odd ones are only scored; the figures are those of rewrite.py.

A word is a character of Han or a Latin word of the turns before, but those of
grammar and those that the last turn has. Its features, hashed into 2^N weights
of 8 bits: itself, the two words to either side, its turn and place in it,
whether the other turn has it, and with them the words of the last turn. The
model is logistic, by AdaGrad in one fixed order.
"""
import argparse
import json
import os
import re
import zlib

import numpy as np

from rewrite import STOP, words

BITS = (12, 14, 16)
EPOCHS, RATE = 4, .3
THRESHOLDS = (.3, .4, .5)
TOKEN = re.compile(r"[a-z0-9]+|[\u4e00-\u9fff]")
PRONOUNS = "他她它这那谁"


def features(turns, t, i):
    """Of word i of turn t, as texts."""
    now, last = turns[t], turns[2]

    def at(k):
        return now[k] if 0 <= k < len(now) else "|"

    w, left, right = now[i], at(i - 1), at(i + 1)
    place = f"{t}:"
    got = [f"w{w}", f"l{left}", f"r{right}", f"lw{left}{w}", f"wr{w}{right}",
           f"lr{left}|{right}", f"ll{at(i - 2)}{left}",
           f"rr{right}{at(i + 2)}", f"from{place}{min(i, 6)}",
           f"to{place}{min(len(now) - i, 6)}", f"long{min(len(now), 12)}",
           f"both{place}{w in turns[1 - t]}", f"latin{w.isascii()}",
           f"size{min(len(last), 10)}", f"head{place}{''.join(last[:2])}",
           f"tail{place}{''.join(last[-2:])}",
           f"pronoun{place}{any(c in last for c in PRONOUNS)}",
           f"near{left in last}{right in last}"]
    got += [f"q{place}{c}" for c in last[:8]]
    got += [f"qq{a}{b}" for a, b in zip(last[:8], last[1:9])]
    return got


class Dialogue:
    def __init__(self, row):
        texts = [m["content"].lower() for m in row["messages"]][-3:]
        turns = [TOKEN.findall(text) for text in texts]
        said = words(texts[-1])
        self.want = words(row["rewritten"]) - said
        self.words, self.hashes, self.labels = [], [], []
        for t in (0, 1):
            for i, word in enumerate(turns[t]):
                if word in said or word in STOP:
                    continue
                self.words.append(word)
                self.hashes.append([zlib.crc32(f.encode())
                                    for f in features(turns, t, i)])
                self.labels.append(word in self.want)


def learn(dialogues, bits):
    weights = np.zeros(1 << bits)
    squares = np.full(1 << bits, 1e-6)
    bias = 0.0
    for _ in range(EPOCHS):
        for d in dialogues:
            for hashes, label in zip(d.hashes, d.labels):
                at = np.array(hashes) & ((1 << bits) - 1)
                p = 1 / (1 + np.exp(-(weights[at].sum() + bias)))
                step = label - p
                squares[at] += step * step
                weights[at] += RATE * step / np.sqrt(squares[at])
                bias += .01 * step
    scale = np.abs(weights).max() / 127
    return np.round(weights / scale) * scale, bias


def score(dialogues, weights, bias, least):
    missing = recovered = added = completed = wrong = 0
    mask = len(weights) - 1
    for d in dialogues:
        if not d.want:
            continue
        got = {word for word, hashes in zip(d.words, d.hashes)
               if weights[np.array(hashes) & mask].sum() + bias >=
               np.log(least / (1 - least))}
        missing += len(d.want)
        recovered += len(d.want & got)
        added += len(got)
        completed += bool(got)
        wrong += bool(got) and not d.want & got
    return {"recovered": round(recovered / missing, 3),
            "precision": round(recovered / max(added, 1), 3),
            "wrong": round(wrong / max(completed, 1), 3)}


def main():
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawTextHelpFormatter)
    parser.add_argument("--data", default=os.environ.get("KB_DATA",
                                                         "../shared/data"))
    args = parser.parse_args()
    path = os.path.join(args.data, "dialogue", "dlg_zh_rewrite",
                        "dialogues.jsonl")
    with open(path, encoding="utf-8") as lines:
        dialogues = [Dialogue(json.loads(line)) for line in lines]
    for bits in BITS:
        weights, bias = learn(dialogues[0::2], bits)
        for least in THRESHOLDS:
            print(json.dumps({"weights": 1 << bits, "least": least,
                              **score(dialogues[1::2], weights, bias, least)}))


if __name__ == "__main__":
    main()
