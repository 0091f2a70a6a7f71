#!/usr/bin/env python3
"""Write lib/token/piece/wordpiece_table.c: what BERT's tokenizer takes characters for.

usage: gen-bert-table.py > lib/token/piece/wordpiece_table.c

Its categories are those of Unicode 8.0, older than any library that is
installed, and decide what becomes one token: so they are asked of the
tokenizers library (PyPI), a character at a time, and kept as ranges.
"""
from tokenizers.normalizers import BertNormalizer
from tokenizers.pre_tokenizers import BertPreTokenizer


def normalizer(**on):
    off = dict(clean_text=False, handle_chinese_chars=False,
               strip_accents=False, lowercase=False)
    return BertNormalizer(**{**off, **on})


CLEAN = normalizer(clean_text=True)
STRIP = normalizer(strip_accents=True)
PUNCTUATION = BertPreTokenizer()


def is_removed(c):
    return CLEAN.normalize_str(c) == ""


def is_mark(c):
    return STRIP.normalize_str(c) == ""


def is_punctuation(c):
    return len(PUNCTUATION.pre_tokenize_str("a" + c + "a")) == 3


def ranges(test):
    out = []
    for cp in range(0x80, 0x110000):
        if 0xd800 <= cp < 0xe000 or not test(chr(cp)):
            continue
        if out and out[-1][1] == cp - 1:
            out[-1][1] = cp
        else:
            out.append([cp, cp])
    return out


def show(name, what, test):
    rows = ranges(test)
    print(f"\n/* {what} */")
    print(f"const struct kb_wordpiece_range {name}[] = {{")
    for i in range(0, len(rows), 4):
        print("\t" + " ".join(f"{{{a:#x}, {b:#x}}}," for a, b in
                              rows[i:i + 4]))
    print("};")
    print(f"const size_t {name}_n = sizeof({name}) / sizeof({name}[0]);")


def main():
    print("/* Made by tests/eval/gen-bert-table.py from the categories of "
          "Unicode 8.0\n * (Unicode License v3). */")
    print('#include "token/piece/wordpiece_table.h"')
    show("kb_wordpiece_removed", "Cc, Cf, Co, and U+FFFD.", is_removed)
    show("kb_wordpiece_marks", "Mn.", is_mark)
    show("kb_wordpiece_punctuation", "Pc, Pd, Ps, Pe, Pi, Pf, Po.",
         is_punctuation)


if __name__ == "__main__":
    main()
