#!/usr/bin/env python3
"""Write lib/text/han_table.c. A one-off; its output is in the tree.

Needs the Debian packages opencc with libopencc-data (OpenCC TSCharacters,
Apache-2.0) and unicode-data (Unihan kMandarin, Unicode licence):

    tests/eval/gen-han-tables.py >lib/text/han_table.c

A character is simplified by opencc alone on its line, so that only the
character dictionary decides, not the phrases.
"""
import bz2
import subprocess
import unicodedata

FIRST, LAST = 0x4E00, 0x9FFF
READINGS = "/usr/share/unicode/Unihan_Readings.txt.bz2"


def simplified():
    chars = [chr(c) for c in range(FIRST, LAST + 1)]
    out = subprocess.run(["opencc", "-c", "t2s"], input="\n".join(chars),
                         capture_output=True, text=True, check=True).stdout
    table = [0] * len(chars)
    for i, s in enumerate(out.split("\n")[:len(chars)]):
        if len(s) == 1 and s != chars[i] and FIRST <= ord(s) <= LAST:
            table[i] = ord(s)
    return table


def toneless(reading):
    # u with diaeresis survives as v; every other mark is a tone.
    s = unicodedata.normalize("NFD", reading).replace("u\u0308", "v")
    return "".join(c for c in s if c.isascii())


def pinyin():
    of = {}
    with bz2.open(READINGS, "rt", encoding="utf-8") as lines:
        for line in lines:
            part = line.rstrip("\n").split("\t")
            if len(part) == 3 and part[1] == "kMandarin":
                of[int(part[0][2:], 16)] = toneless(part[2].split()[0])
    names = sorted({of[c] for c in of if FIRST <= c <= LAST})
    number = {name: i + 1 for i, name in enumerate(names)}
    table = [number.get(of.get(c), 0) for c in range(FIRST, LAST + 1)]
    return table, names


def rows(items):
    line = "\t"
    for item in items:
        if len(line.expandtabs(8)) + len(item) > 78:
            yield line.rstrip()
            line = "\t"
        line += item
    yield line.rstrip()


def main():
    table, names = pinyin()
    print("""/*
 * Tables of Han characters, written by tests/eval/gen-han-tables.py.
 *
 * Traditional to simplified: OpenCC's TSCharacters (Apache-2.0), Debian
 * package libopencc-data. Readings: the first kMandarin of Unihan 15.0
 * (Unicode licence), Debian package unicode-data.
 */
#include "text/han.h"

/* clang-format off */
const uint16_t kb_han_simple[KB_HAN_LAST - KB_HAN_FIRST + 1] = {""")
    print("\n".join(rows(f"{v}," for v in simplified())))
    print("""};

const uint16_t kb_han_syllable[KB_HAN_LAST - KB_HAN_FIRST + 1] = {""")
    print("\n".join(rows(f"{v}," for v in table)))
    print("};")


main()
