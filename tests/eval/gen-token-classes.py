#!/usr/bin/env python3
"""Write lib/token/token_class_table.c. A one-off; its output is in the tree.

Needs tiktoken (PyPI; written with 0.14.0), whose regular expressions are what
the splitter has to agree with: the classes of all characters are asked of it,
so that they are of the same version of Unicode (16.0).

    python3 tests/eval/gen-token-classes.py >lib/token/token_class_table.c
"""
import tiktoken

BLOCK = 128
# In the order of enum kb_token_class.
CLASSES = [None, r"[\p{P}\p{S}]", r"\p{Ll}", r"[\p{Lu}\p{Lt}]",
           r"[\p{Lm}\p{Lo}]", r"\p{M}", r"\p{N}", r"\s"]


def members(pattern):
    """The characters that the pattern matches."""
    one_byte = tiktoken.Encoding(
        "bytes", pat_str=pattern, special_tokens={},
        mergeable_ranks={bytes([i]): i for i in range(256)})
    every = [c for c in range(0x110000) if not 0xd800 <= c < 0xe000]
    found = set()
    for i in range(0, len(every), 4096):
        text = "".join(map(chr, every[i:i + 4096]))
        found |= set(map(ord, bytes(one_byte.encode_ordinary(text)).decode()))
    return found


def main():
    classes = bytearray(0x110000)
    for number, pattern in enumerate(CLASSES):
        for c in members(pattern) if pattern else ():
            assert not classes[c]
            classes[c] = number
    rows, blocks, where = [], [], {}
    for at in range(0, len(classes), BLOCK):
        block = bytes(classes[at:at + BLOCK])
        if block not in where:
            where[block] = len(blocks)
            blocks.append(block)
        rows.append(where[block])
    assert len(blocks) <= 256
    while rows[-1] == rows[-2]:
        rows.pop()
    print("/* Written by tests/eval/gen-token-classes.py. */")
    print('#include "token/token_class.h"\n')
    print("_Static_assert(KB_TOKEN_CLASS_BLOCKS == %d &&" % len(rows))
    print("\t\t   KB_TOKEN_CLASS_KINDS == %d," % len(blocks))
    print('\t       "the header says the sizes");\n')
    print("const uint8_t kb_token_class_block[KB_TOKEN_CLASS_BLOCKS] = {")
    for i in range(0, len(rows), 16):
        print("    " + " ".join("%d," % r for r in rows[i:i + 16]))
    print("};\n")
    print("const uint8_t kb_token_class_of_block[KB_TOKEN_CLASS_KINDS]"
          "[%d] = {" % BLOCK)
    for block in blocks:
        print("    {")
        for i in range(0, BLOCK, 32):
            print("\t" + "".join("%d," % c for c in block[i:i + 32]))
        print("    },")
    print("};")


if __name__ == "__main__":
    main()
