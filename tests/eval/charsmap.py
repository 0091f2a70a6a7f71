#!/usr/bin/env python3
"""A precompiled charsmap of SentencePiece out of pairs, as base64.

usage: charsmap.py FROM TO [FROM TO...]

Prints what stands for 'precompiled_charsmap' in a tokenizer.json; a text may
hold escapes, as "\\u00e9". The layout is that of lib/token/piece/charsmap.h.
"""
import base64
import struct
import sys

LEAF, VALUE = 1 << 8, 1 << 31


def tree(pairs):
    root, texts = {}, b""
    for key, to in sorted(pairs.items()):
        node = root
        for byte in key.encode():
            node = node.setdefault(byte, {})
        node[0] = len(texts)
        texts += to.encode() + b"\0"
    return root, texts


def build(pairs):
    """The bytes of a charsmap from a dictionary of texts."""
    root, texts = tree(pairs)
    units, taken, first = {0: 0}, {0}, 1
    todo = [(0, root)]
    while todo:
        at, node = todo.pop()
        base = first
        while (at ^ base) >> 21 or any(base ^ c in taken for c in node):
            base += 1
        while first in taken:
            first += 1
        units[at] |= (at ^ base) << 10 | (LEAF if 0 in node else 0)
        taken.update(base ^ c for c in node)
        for byte, child in node.items():
            if byte:
                units[base ^ byte] = byte
                todo.append((base ^ byte, child))
            else:
                units[base] = child | VALUE
    size = (max(units) | 255) + 1
    # what is free has a label that no byte is
    table = struct.pack(f"<{size}I", *(units.get(i, VALUE)
                                       for i in range(size)))
    return struct.pack("<I", len(table)) + table + texts


def main(argv):
    if len(argv) < 3 or len(argv) % 2 == 0:
        sys.exit(__doc__)
    texts = [a.encode().decode("unicode_escape") for a in argv[1:]]
    pairs = dict(zip(texts[::2], texts[1::2]))
    print(base64.b64encode(build(pairs)).decode())


if __name__ == "__main__":
    main(sys.argv)
