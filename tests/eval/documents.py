#!/usr/bin/env python3
"""How much of a document's text is kept: words against reviewed Markdown.

usage: documents.py KB_INDEX DATA/document/doc_docling WORK_DIR

Indexes the HTML and Markdown files, dumps them, and counts which of the
words of the expected Markdown are there (links' addresses and comments
aside). Prints a line a document that lost some, then a JSON line.
"""
import collections
import html
import json
import os
import re
import subprocess
import sys

WORD = re.compile(r"[a-z0-9]+|[\u3400-\u9fff\u3040-\u30ff\uac00-\ud7a3]")


def words(text):
    text = re.sub(r"<!--.*?-->", " ", text, flags=re.S)
    text = re.sub(r"\]\([^)]*\)", " ", text)
    return collections.Counter(WORD.findall(html.unescape(text).lower()))


def main(argv):
    if len(argv) != 4:
        sys.exit(__doc__)
    program, data, work = argv[1:]
    kb = os.path.join(work, "documents.kb")
    subprocess.run([program, "--rebuild", "--exclude", "*.expected.md",
                    "--include", "*.html", "--include", "*.md",
                    kb, data], check=True)
    dump = subprocess.run([program, "--dump", kb], check=True,
                          stdout=subprocess.PIPE).stdout
    texts = {}
    for line in dump.decode().splitlines():
        record = json.loads(line)
        texts[os.path.relpath(record["id"], data)] = (
            record.get("title", "") + "\n" + record.get("text", ""))
    total = lost = n = 0
    with open(os.path.join(data, "index.jsonl"), encoding="utf-8") as lines:
        for case in map(json.loads, lines):
            if case["file"] not in texts:
                continue
            with open(os.path.join(data, case["expected"]),
                      encoding="utf-8") as expected:
                want = words(expected.read())
            missing = want - words(texts[case["file"]])
            n, total = n + 1, total + sum(want.values())
            lost += sum(missing.values())
            if missing:
                print("%-44s %5d words, %4d missing: %s" % (
                    case["file"], sum(want.values()), sum(missing.values()),
                    " ".join(list(missing)[:6])))
    print(json.dumps({"documents": n, "words": total,
                      "present": round(1 - lost / max(1, total), 4)}))


if __name__ == "__main__":
    main(sys.argv)
