#!/usr/bin/env python3
"""How much the built-in answerer says about the relevance of its answer.

usage: tests/eval/fit-local-relevance.py [--bin BIN] [--data DIR] [--out DIR]
		[--encoder NAMES]

The relevance that fact-check measures and the confidence of llm-call's local
answerer become one: logits weighed 1 - share and share, and a bias
(LOCAL_SHARE, LOCAL_BIAS of lib/verify/check_weights.h). Printed for every
share and bias, at .6: of the questions without a document those that go to a
human, of the others those answered, and what is wrong of all sent.

Sets: en_squad and zh_cmrc2018 with half of their documents gone, by the CRC-32
of the questions' ids (half 0 chooses, half 1 is only scored); the questions
about the sample shop that were looked at (questions.jsonl) and those that were
not (questions-heldout.jsonl).
"""
import argparse
import json
import math
import os
import re

from honest import DATA, Bench, Questions, answered_without, place

HEADER = os.path.join(DATA, "..", "..", "lib", "verify", "check_weights.h")
SHARES = (0, .4, .5, .6, .7, .8)
BIASES = (-.2, -.35, -.5)
AT = .6
EDGE = 1e-4


def logit(p):
    p = min(max(p, EDGE), 1 - EDGE)
    return math.log(p / (1 - p))


def constant(name):
    with open(HEADER, encoding="utf-8") as text:
        return float(re.search(rf"#define {name}\s+(\S+)", text.read())[1])


class Answer:
    """What is known of one: the stages before they become one number."""

    def __init__(self, row, right, share, bias):
        stages = (row.get("check") or {}).get("stages") or {}
        self.answerable = bool(row["gold"]["answers"])
        self.right = right
        self.generation = logit(stages.get("generation") or 0)
        self.facts = logit(stages.get("facts") or 0)
        both = stages.get("relevance")
        self.relevance = None if both is None else (
            logit(both) - share * self.generation - bias) / (1 - share)
        self.capped = "capped_by" in (row.get("check") or {})

    def is_sent(self, share, bias):
        least = min(self.generation, self.facts)
        if self.relevance is not None:
            least = min(least, share * self.generation +
                        (1 - share) * self.relevance + bias)
        return not self.capped and least >= logit(AT)


def measure(answers, share, bias):
    sent = [a for a in answers if a.is_sent(share, bias)]
    asked = sum(a.answerable for a in answers)
    answered = sum(a.answerable for a in sent)
    loose = len(sent) - answered
    wrong = loose + sum(a.answerable and not a.right for a in sent)
    return "%5.3f %5.3f %5.3f" % (1 - loose / max(1, len(answers) - asked),
                                  answered / max(1, asked),
                                  wrong / max(1, len(sent)))


def main():
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawTextHelpFormatter)
    parser.add_argument("--bin", default="build")
    parser.add_argument("--data", default=os.environ.get("KB_DATA",
                                                         "../shared/data"))
    parser.add_argument("--out", default="build/eval/local-relevance")
    parser.add_argument("--encoder")
    parser.set_defaults(json=None)
    args = parser.parse_args()
    bench = Bench(args)
    share, bias = constant("LOCAL_SHARE"), constant("LOCAL_BIAS")
    parts = {}

    def add(name, rows, halves):
        for row, right in zip(rows, Bench.right(rows)):
            key = f"{name}/{place(row['id']) % 2}" if halves else name
            parts.setdefault(key, []).append(Answer(row, right, share, bias))

    for name in ("en_squad", "zh_cmrc2018"):
        folder = os.path.join(args.data, "retrieval", name)
        add(name, answered_without(bench, Questions(folder, None)), True)
    kb = bench.index("shop.kb", os.path.join(DATA, "shop"))
    for name in ("questions", "questions-heldout"):
        path = os.path.join(DATA, name + ".jsonl")
        with open(path, encoding="utf-8") as lines:
            add(name, bench.answer([json.loads(x) for x in lines], kb), False)
    names = sorted(parts)
    print("share  bias  " + "  ".join(f"{n:17}" for n in names))
    for s in SHARES:
        for b in BIASES if s else (0,):
            print(f"{s:5} {b:5}  " + "  ".join(
                measure(parts[n], s, b) for n in names))


if __name__ == "__main__":
    main()
