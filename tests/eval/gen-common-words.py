#!/usr/bin/env python3
"""Write lib/query/common_words_table.c. A one-off; its output is in the tree.

usage: gen-common-words.py SCOWL-FOLDER JIEBA-DICT \\
           >lib/query/common_words_table.c

English: SCOWL 2020.12.07 by Kevin Atkinson (free for any purpose as long as
the notice goes with it: see the head of the output), the folder
/usr/share/dict/scowl of Debian's package scowl: words, names and contractions
of the sizes 10 to 60 in American, British and Canadian spelling, lower case,
without apostrophes, of four letters or more. Chinese: the pairs of characters
inside the words of jieba 0.42.1 (MIT licence), jieba/dict.txt of its source
package on PyPI, that occur PAIRS times or more in its counts.

Both lie in one binary fuse filter (Graf and Lemire 2022): a byte for each
slot, 1.13 slots for each word. Every word of the lists is found in it, and of
other strings one in 256.
"""
import collections
import glob
import math
import os
import re
import sys

SPELLINGS = """english american british british_z canadian variant_1
british_variant_1""".split()
SIZES = {"words": 60, "upper": 60, "proper-names": 60, "contractions": 60}
SIZES_OF_TRIPLES = {"words": 70, "upper": 95, "proper-names": 95}
PAIRS = 150
TRIPLES = 8
LETTERS = 4
MASK = (1 << 64) - 1


def mix64(x):
    x ^= x >> 30
    x = x * 0xbf58476d1ce4e5b9 & MASK
    x ^= x >> 27
    x = x * 0x94d049bb133111eb & MASK
    return x ^ x >> 31


def mul_fold(a, b):
    r = a * b
    return (r ^ r >> 64) & MASK


def hash64(p, seed):
    """kb_hash64() of lib/base/hash.c."""
    k1 = 0xd6e8feb86659fd93
    h, a, b, n, at = seed ^ 0x9e3779b97f4a7c15, 0, 0, len(p), 0

    def load(i, size):
        return int.from_bytes(p[i:i + size], "little")

    while n > 16:
        h = mul_fold(load(at, 8) ^ k1, load(at + 8, 8) ^ h)
        at += 16
        n -= 16
    if n >= 8:
        a, b = load(at, 8), load(at + n - 8, 8)
    elif n >= 4:
        a, b = load(at, 4), load(at + n - 4, 4)
    elif n:
        a = p[at] << 16 | p[at + n // 2] << 8 | p[at + n - 1]
    return mix64(mul_fold(a ^ k1, b ^ h) ^ len(p))


def english(folder, size_of, shortest):
    """The words whose size is at most size_of[their kind]."""
    words = set()
    for path in glob.glob(os.path.join(folder, "*.*")):
        name, size = os.path.basename(path).rsplit(".", 1)
        spelling, _, kind = name.partition("-")
        if spelling not in SPELLINGS or int(size) > size_of.get(kind, 0):
            continue
        with open(path, encoding="latin-1") as lines:
            for line in lines:
                word = line.strip().lower()
                if not word.endswith("'s"):
                    word = word.replace("'", "")
                    if re.fullmatch("[a-z]{%d,32}" % shortest, word):
                        words.add(word)
    return words


def triples(words):
    """The runs of three letters of a set of words."""
    runs = collections.Counter()
    for word in words:
        word = " " + word + " "
        runs.update(word[i:i + 3] for i in range(len(word) - 2))
    return {run for run, count in runs.items() if count >= TRIPLES}


def chinese(path):
    pairs = collections.Counter()
    with open(path, encoding="utf-8") as lines:
        for line in lines:
            word, count, _ = line.split(" ")
            for i in range(len(word) - 1):
                if all("\u4e00" <= c <= "\u9fff" for c in word[i:i + 2]):
                    pairs[word[i:i + 2]] += int(count)
    return {pair for pair, count in pairs.items() if count >= PAIRS}


def slots_of(h, segment, starts):
    """The slots of a hash: one in each of three segments side by side."""
    at = h * starts >> 64
    return (at, (at + segment) ^ (h >> 18 & (segment - 1)),
            (at + 2 * segment) ^ (h & (segment - 1)))


def fill(hashes, segment, segments):
    """The bytes of the filter, or None when the hashes do not peel."""
    size = segment * (segments + 2)
    count, xored = [0] * size, [0] * size
    slots = {h: slots_of(h, segment, segment * segments) for h in hashes}
    for h, at in slots.items():
        for i in at:
            count[i] += 1
            xored[i] ^= h
    alone = [i for i in range(size) if count[i] == 1]
    order = []
    while alone:
        i = alone.pop()
        if count[i] != 1:
            continue
        h = xored[i]
        order.append((h, i))
        for j in slots[h]:
            count[j] -= 1
            xored[j] ^= h
            if count[j] == 1:
                alone.append(j)
    if len(order) < len(slots):
        return None
    cells = bytearray(size)
    for h, i in reversed(order):
        a, b, c = slots[h]
        cells[i] ^= (h ^ h >> 32) & 0xff ^ cells[a] ^ cells[b] ^ cells[c]
    return bytes(cells)


def build(keys):
    segment = 1 << int(math.log(len(keys)) / math.log(3.33) + 2.25)
    slots = len(keys) * (0.875 + 0.25 * math.log(1e6) / math.log(len(keys)))
    segments = math.ceil(slots / segment) - 2
    for seed in range(1, 100):
        cells = fill({hash64(k, seed) for k in keys}, segment, segments)
        if cells:
            return [seed, segment, segments], cells
    sys.exit("no seed will do")


HEAD = """/*
 * The filter behind common_words.h, written by tests/eval/gen-common-words.py:
 * %d English words, %d runs of three letters and %d pairs of Chinese
 * characters.
 *
 * English: SCOWL 2020.12.07, Debian package scowl. Copyright 2000-2011 by Kevin
 * Atkinson. "Permission to use, copy, modify, distribute and sell these word
 * lists, the associated scripts, the output created from the scripts, and its
 * documentation for any purpose is hereby granted without fee, provided that
 * the above copyright notice appears in all copies and that both that copyright
 * notice and this permission notice appear in supporting documentation. Kevin
 * Atkinson makes no representations about the suitability of this array for any
 * purpose. It is provided "as is" without express or implied warranty." Its
 * sources are in the public domain or as free.
 *
 * Chinese: the dictionary of jieba 0.42.1, MIT licence, Copyright (c) 2013 Sun
 * Junyi.
 */
#include "query/common_words.h"

/* Seed, slots of a segment, segments less two; then the slots, a byte each. */
/* clang-format off */
const uint64_t kb_common_words_table[] = {"""


def main():
    if len(sys.argv) != 3:
        sys.exit(__doc__)
    words = english(sys.argv[1], SIZES, LETTERS)
    runs = triples(english(sys.argv[1], SIZES_OF_TRIPLES, 3))
    pairs = chinese(sys.argv[2])
    head, cells = build({k.encode() for k in words | runs | pairs})
    cells += bytes(-len(cells) % 8)
    numbers = head + [int.from_bytes(cells[i:i + 8], "little")
                      for i in range(0, len(cells), 8)]
    print(HEAD % (len(words), len(runs), len(pairs)))
    for i in range(0, len(numbers), 4):
        print("\t" + "".join("0x%x," % n for n in numbers[i:i + 4]))
    print("};")


if __name__ == "__main__":
    main()
