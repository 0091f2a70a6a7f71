"""Sources for the refresh bench, and one percent of them changed.

usage: mkrefresh.py files NEWS DIR N	N small text files in DIR
       mkrefresh.py touch DIR N		change one file in a hundred
       mkrefresh.py lines NEWS OUT	NEWS with one line in a hundred changed
"""

import json
import os
import sys

PIECE = 400  # characters of a small file
PER_DIR = 1000


def path_of(root, i):
    return "%s/d%03d/f%06d.txt" % (root, i // PER_DIR, i)


def files(news, root, n):
    done = 0
    while done < n:
        before = done
        for line in open(news, encoding="utf-8"):
            text = json.loads(line)["text"]
            for at in range(0, len(text), PIECE):
                if done == n:
                    return
                if done % PER_DIR == 0:
                    os.makedirs(os.path.dirname(path_of(root, done)))
                with open(path_of(root, done), "w", encoding="utf-8") as out:
                    out.write(text[at:at + PIECE] + "\n")
                done += 1
        if done == before:
            sys.exit("mkrefresh.py: %s holds no text" % news)


def touch(root, n):
    for i in range(50, n, 100):
        with open(path_of(root, i), "a", encoding="utf-8") as out:
            out.write("changed 改了 %d\n" % i)


def lines(news, out):
    with open(out, "w", encoding="utf-8") as to:
        for i, line in enumerate(open(news, encoding="utf-8")):
            if i % 100 == 50:
                doc = json.loads(line)
                doc["text"] += " changed 改了 %d" % i
                line = json.dumps(doc, ensure_ascii=False) + "\n"
            to.write(line)


if sys.argv[1] == "files":
    files(sys.argv[2], sys.argv[3], int(sys.argv[4]))
elif sys.argv[1] == "touch":
    touch(sys.argv[2], int(sys.argv[3]))
else:
    lines(sys.argv[2], sys.argv[3])
