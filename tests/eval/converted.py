#!/usr/bin/env python3
"""How near the text of converted documents is to what is expected of them.

usage: converted.py BIN DATA [-v]

DATA holds index.jsonl, whose lines name a file and its expected Markdown. All
files are indexed by BIN/kb-index and taken out again by --dump. Compared are
the words in their order, by the ratio of matching ones (2 M / (a + b)), with a
mark for each heading, item and cell: what Markdown writes beside (emphasis,
rules of tables, comments for pictures, addresses of links, level of a heading,
escapes) counts for nothing. Printed are the mean for each kind and for all,
and the files that were refused with their reasons; with -v each file.
"""
import collections
import difflib
import json
import os
import re
import subprocess
import sys
import tempfile

MARKS = re.compile(r"[0-9A-Za-z\u00c0-\u024f]+|[\u3400-\u9fff]|#+|\||[^\s\w]")


def words(text, kind):
    text = re.sub(r"<!--.*?-->", " ", text, flags=re.S)
    text = re.sub(r"!?\[([^\[\]]*)\]\([^()\s]*\)", r"\1", text)
    out = []
    for line in text.splitlines():
        if re.fullmatch(r"[\s|:-]+", line) and "-" in line:
            continue
        if re.fullmatch(r"\s*(```|~~~).*", line):
            continue
        line = re.sub(r"\\([^\w\s])", r"\1", line)
        line = line.replace("**", "").replace("~~", "").replace("`", "")
        line = re.sub(r"(?<!\w)[*_]|[*_](?!\w)", " ", line)
        line = re.sub(r"^\s*[-*+] ", "- ", line)
        if kind == "csv":
            line = re.sub(r"[,;\t]", " | ", line)
        line = re.sub(r"^\s*\||\|\s*$", "", line)
        for word in MARKS.findall(line):
            out.append("#" if word[0] == "#" else word)
    return out


def ratio(a, b):
    if not a and not b:
        return 1.0
    return difflib.SequenceMatcher(None, a, b, autojunk=False).ratio()


def documents(binary, files):
    """Texts by file, and what was said of those without one."""
    with tempfile.TemporaryDirectory() as tmp:
        index = os.path.join(tmp, "i.kb")
        run = subprocess.run([binary, index] + files, capture_output=True,
                             text=True, check=False)
        dump = subprocess.run([binary, "--dump", index], capture_output=True,
                              text=True, check=True).stdout
    texts = collections.defaultdict(list)
    for line in dump.splitlines():
        record = json.loads(line)
        if "text" in record:
            source = record["kb_dump"].get("source") or record["id"]
            texts[os.path.realpath(source)].append(record["text"])
    return texts, run.stderr.splitlines()


def main():
    binary = os.path.join(sys.argv[1], "kb-index")
    data, verbose = sys.argv[2], "-v" in sys.argv[3:]
    rows = [json.loads(line) for line in
            open(os.path.join(data, "index.jsonl"), encoding="utf-8")]
    texts, said = documents(binary,
                            [os.path.join(data, r["file"]) for r in rows])
    by_kind = collections.defaultdict(list)
    for row in rows:
        path = os.path.join(data, row["file"])
        kind = row["file"].rsplit(".", 1)[1]
        expected = open(os.path.join(data, row["expected"]),
                        encoding="utf-8").read()
        got = "\n\n".join(texts.get(os.path.realpath(path), []))
        score = ratio(words(got, kind), words(expected, "md"))
        by_kind[kind].append(score)
        if verbose:
            print(f"{score:.3f} {row['file']}")
    every = [s for scores in by_kind.values() for s in scores]
    print("kind    files  similarity  lowest")
    for kind, scores in sorted(by_kind.items()):
        print(f"{kind:6} {len(scores):6} {sum(scores) / len(scores):11.3f}"
              f" {min(scores):7.3f}")
    print(f"all    {len(every):6} {sum(every) / len(every):11.3f}"
          f" {min(every):7.3f}")
    missing = [r["file"] for r in rows
               if os.path.realpath(os.path.join(data, r["file"])) not in texts]
    print(f"without a document: {len(missing)}, lines said: {len(said)}")
    for line in said + missing:
        print("  " + line)


if __name__ == "__main__":
    main()
