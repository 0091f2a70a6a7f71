#!/usr/bin/env python3
"""Write texts to count tokens of, and say how fast tiktoken does it.

usage: mktokens.py DATA DIR          en, zh, code, log, a (a megabyte of it)
       mktokens.py --peer TOKENIZER FILE...   MB a second of CPU time each

English and Chinese are passages of DATA/retrieval, logs DATA/logs, code the C
sources of the tree. The peer is tiktoken (PyPI) with the tables of the tree.
"""
import glob
import importlib.util
import json
import os
import sys
import time

HERE = os.path.dirname(os.path.abspath(__file__))
ROOT = os.path.join(HERE, "..", "..")


def passages(data, *sets):
    for name in sets:
        with open("%s/retrieval/%s/corpus.jsonl" % (data, name), encoding="utf-8") as file:
            for line in file:
                yield json.loads(line).get("text", "")


def files(pattern):
    for path in sorted(glob.glob(pattern)):
        if "table" not in path:
            with open(path, encoding="utf-8", errors="replace") as file:
                yield file.read()


def write(data, folder):
    texts = {
        "en": "\n".join(passages(data, "en_squad", "en_multihop", "en_lfqa")),
        "zh": "\n".join(passages(data, "zh_cmrc2018", "zh_kdconv_kb")),
        "code": "".join(files(ROOT + "/lib/*/*.[ch]")),
        "log": "".join(files(data + "/logs/logs_loghub/*.log")),
        "a": "a" * 1000000,
    }
    for name, text in texts.items():
        with open("%s/%s.txt" % (folder, name), "w", encoding="utf-8") as file:
            file.write(text)


def peer(name, paths):
    spec = importlib.util.spec_from_file_location("tokens", ROOT + "/tests/eval/tokens.py")
    tokens = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(tokens)
    encoding = tokens.encoding(name + "_base")
    for path in paths:
        with open(path, encoding="utf-8", newline="") as file:
            text = file.read()
        best = 1e9
        for _ in range(2):
            start = time.process_time()
            n = len(encoding.encode_ordinary(text))
            best = min(best, time.process_time() - start)
        print(path, n, "%.1f %.2f" % (len(text.encode()) / best / 1e6, best * 1e3))


if sys.argv[1] == "--peer":
    peer(sys.argv[2], sys.argv[3:])
else:
    write(sys.argv[1], sys.argv[2])
