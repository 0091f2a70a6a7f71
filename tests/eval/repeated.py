#!/usr/bin/env python3
"""What the cache of llm-call saves over a day of questions that repeat.

usage: tests/eval/repeated.py DATA [QUESTIONS [EXPONENT...]]

Draws QUESTIONS (20000) from those of DATA/cache/cache_pairs, Chinese and
English, each by its own words, with Zipf's law: the question of rank r as often
as 1/r^EXPONENT (.8, 1 and 1.2), seed 1. Each day goes twice through llm-call
with an empty cache: a paraphrase is another question, none is taken for
another. The provider is one of the tests, on this machine, which answers in 61
tokens of its own; prices are 1 and 4 a million tokens. Prints, of the day: the
share of questions found, the share of the cost that was not paid, and that
among the second half of the day. Then the bytes of 20,000 answers (evidence
sentences of DATA's fact-check sets) by themselves, packed one by one, and
packed with a dictionary of 32 KiB trained on others.
environment: KB_BIN
"""
import ctypes
import glob
import json
import os
import random
import subprocess
import sys
import tempfile

ROOT = os.path.dirname(os.path.dirname(os.path.dirname(
    os.path.abspath(__file__))))
BIN = os.environ.get("KB_BIN", os.path.join(ROOT, "build"))


def questions(data):
    """All of them, in an order of their own."""
    texts = set()
    for name in sorted(glob.glob(f"{data}/cache/cache_pairs/*.jsonl")):
        with open(name, encoding="utf-8") as f:
            for line in f:
                row = json.loads(line)
                texts.update((row["a"], row["b"]))
    texts = sorted(texts)
    random.Random(1).shuffle(texts)
    return texts


def day(texts, n, exponent):
    weights = [(r + 1) ** -exponent for r in range(len(texts))]
    return random.Random(1).choices(texts, weights, k=n)


class Provider:
    def __init__(self, folder):
        port = os.path.join(folder, "port")
        self.process = subprocess.Popen(
            [sys.executable,
             os.path.join(ROOT, "tests/pipe/helper/faults.py"), port],
            stdin=subprocess.PIPE)
        while not os.path.exists(port) or not os.path.getsize(port):
            if self.process.poll() is not None:
                sys.exit("repeated.py: the provider does not start")
        with open(port, encoding="ascii") as f:
            base = f"http://127.0.0.1:{f.read().strip()}/ok/v1"
        self.config = os.path.join(folder, "provider.json")
        with open(self.config, "w", encoding="utf-8") as f:
            json.dump({"providers": [
                {"name": "a", "base_url": base, "model": "m",
                 "price": {"input": 1, "output": 4}}]}, f)

    def close(self):
        self.process.stdin.close()
        self.process.wait()


def call(provider, folder, lines):
    source, stats = (os.path.join(folder, x) for x in ("in", "stats"))
    with open(source, "w", encoding="utf-8") as f:
        for i, text in enumerate(lines):
            print(json.dumps({"id": i, "query": text}), file=f)
    subprocess.run([f"{BIN}/llm-call", "--config", provider.config,
                    f"--cache={folder}/cache", "--in-flight", "256",
                    "--stats", stats, "-f", source],
                   check=True, stdout=subprocess.DEVNULL)
    with open(stats, encoding="utf-8") as f:
        return json.load(f)


def report(provider, texts, n, exponent):
    with tempfile.TemporaryDirectory() as folder:
        lines = day(texts, n, exponent)
        halves = [call(provider, folder, lines[:n // 2]),
                  call(provider, folder, lines[n // 2:])]
    found = sum(h["cached"] for h in halves)
    paid = [h["cost"] for h in halves]
    saved = [h["saved"] for h in halves]
    print("exponent %.1f: %d questions, %d different; found %.3f, "
          "cost -%.3f, of the second half -%.3f" % (
              exponent, n, len(set(lines)), found / n,
              sum(saved) / (sum(saved) + sum(paid)),
              saved[1] / (saved[1] + paid[1])))


class Zstd:
    """What is needed of libzstd: packed sizes, with and without a
    dictionary, at level 3."""

    def __init__(self):
        self.lib = ctypes.CDLL("libzstd.so.1")
        for name in ("ZSTD_compressBound", "ZSTD_compress_usingDict",
                     "ZDICT_trainFromBuffer"):
            getattr(self.lib, name).restype = ctypes.c_size_t
        self.lib.ZSTD_createCCtx.restype = ctypes.c_void_p
        self.context = ctypes.c_void_p(self.lib.ZSTD_createCCtx())

    def train(self, size, values):
        out = ctypes.create_string_buffer(size)
        lengths = (ctypes.c_size_t * len(values))(*map(len, values))
        n = self.lib.ZDICT_trainFromBuffer(
            out, ctypes.c_size_t(size), b"".join(values), lengths,
            ctypes.c_uint(len(values)))
        if self.lib.ZDICT_isError(ctypes.c_size_t(n)):
            sys.exit("repeated.py: no dictionary could be trained")
        return out.raw[:n]

    def size(self, value, dictionary=b""):
        bound = self.lib.ZSTD_compressBound(ctypes.c_size_t(len(value)))
        out = ctypes.create_string_buffer(bound)
        n = self.lib.ZSTD_compress_usingDict(
            self.context, out, ctypes.c_size_t(bound), value,
            ctypes.c_size_t(len(value)), dictionary,
            ctypes.c_size_t(len(dictionary)), 3)
        return min(n, len(value))


def sizes(data):
    try:
        zstd = Zstd()
    except OSError:
        print("sizes: skipped, no libzstd.so.1")
        return
    answers = set()
    for name in sorted(glob.glob(f"{data}/factcheck/**/*.jsonl",
                                 recursive=True)):
        with open(name, encoding="utf-8") as f:
            for line in f:
                text = json.loads(line).get("answer")
                if isinstance(text, str) and text:
                    answers.add(text)
    answers = sorted(answers)
    random.Random(2).shuffle(answers)
    answers = answers[:22000]
    if len(answers) < 200:
        print("sizes: skipped, too few answers in", data)
        return
    values = [json.dumps({"text": a, "model": "m-1", "finish": "stop",
                          "input": 700, "output": 60},
                         ensure_ascii=False).encode() for a in answers]
    cut = len(values) // 11
    model = zstd.train(32768, values[:cut])
    rest = values[cut:]
    full = sum(map(len, rest))
    one = sum(zstd.size(v) for v in rest)
    with_it = sum(zstd.size(v, model) for v in rest)
    print("sizes: %d answers, %d bytes; one by one %.3f of them, with a "
          "dictionary %.3f" % (len(rest), full, one / full, with_it / full))


def main():
    if len(sys.argv) < 2:
        sys.exit(__doc__.split("\n\n")[1])
    data = sys.argv[1]
    n = int(sys.argv[2]) if len(sys.argv) > 2 else 20000
    exponents = [float(x) for x in sys.argv[3:]] or [.8, 1.0, 1.2]
    texts = questions(data)
    if not texts:
        sys.exit(f"repeated.py: no questions in {data}/cache/cache_pairs")
    print(f"{len(texts)} questions to draw from")
    with tempfile.TemporaryDirectory() as folder:
        provider = Provider(folder)
        try:
            for exponent in exponents:
                report(provider, texts, n, exponent)
        finally:
            provider.close()
    sizes(data)


if __name__ == "__main__":
    main()
