#!/usr/bin/env python3
"""How much of PDF files is kept, and how fast, beside pdftotext.

usage: pages.py BIN FILE.pdf...

For each file: pages; the visible characters of pdftotext's that its documents
hold, of all and without the lines set aside as heads and feet of pages (of the
first two and last two of a page those that are not in its document); pages
a second of kb-index, on one thread without vectors and graph and without what
was converted before, and of pdftotext alone, the best of three.
"""
import collections
import json
import os
import re
import subprocess
import sys
import tempfile
import time


def characters(text):
    return collections.Counter(c for c in text if c > " ")


def best(command, env):
    times = []
    for _ in range(3):
        with tempfile.TemporaryDirectory() as tmp:
            start = time.perf_counter()
            subprocess.run([c.replace("@", tmp) for c in command], check=True,
                           env=dict(env, XDG_CACHE_HOME=tmp + "/cache"))
            times.append(time.perf_counter() - start)
    return min(times)


def kept(pages, docs):
    """(share of all, share of what is not set aside)."""
    have = lost = aside = 0
    for number, page in enumerate(pages, 1):
        text = docs.get(number, "")
        flat = re.sub(r"[\s|\u00ad-]+", "", text)
        lines = [line for line in page.splitlines() if line.strip()]
        for line in lines if len(lines) < 4 else lines[:2] + lines[-2:]:
            chars = re.sub(r"[\s\u00ad-]+", "", line)
            if chars and chars not in flat:
                aside += len(chars)
        missing = characters(page) - characters(text)
        have += sum(characters(page).values())
        lost += sum(missing.values())
    return 1 - lost / max(have, 1), 1 - max(0, lost - aside) / max(have, 1)


def main():
    binary = os.path.join(sys.argv[1], "kb-index")
    print("pages  kept  kept of text  pages/s  pdftotext  file")
    for path in sys.argv[2:]:
        path = os.path.abspath(path)
        plain = subprocess.run(["pdftotext", path, "-"], check=True,
                               capture_output=True).stdout.decode()
        pages = plain.split("\f")[:-1]
        with tempfile.TemporaryDirectory() as tmp:
            kb = os.path.join(tmp, "i.kb")
            subprocess.run([binary, kb, path], check=True)
            dump = subprocess.run([binary, "--dump", kb], check=True,
                                  capture_output=True, text=True).stdout
        docs = {r["page"]: r["text"] for r in map(json.loads, dump.splitlines())
                if "page" in r}
        index = best([binary, "--single-thread", "--no-graph",
                      "--no-word-vectors", "@/i.kb", path], os.environ)
        alone = best(["pdftotext", path, "@/text"], os.environ)
        every, text = kept(pages, docs)
        print(f"{len(pages):5} {every:.4f} {text:13.4f} "
              f"{len(pages) / index:8.0f} {len(pages) / alone:10.0f}  "
              f"{os.path.basename(path)}")


if __name__ == "__main__":
    main()
