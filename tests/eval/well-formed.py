#!/usr/bin/env python3
"""How many well-formed questions the spelling correction changes.

usage: well-formed.py KB-SEARCH DATA [OPTION...] INDEX...

Asks every index the questions of DATA (../shared/data) as they are, which are
taken as well-formed: English ones of six sets, Chinese ones of three, at most
PER_SET of each, drawn by a seed. Prints for each index and language the share
that got a correction, in the half that the rules were chosen on (0) and in the
one they are scored on (1); a question's half is the parity of its CRC. With
--show, each correction of half 0, too; --show=1 those of half 1.
"""
import json
import os
import random
import subprocess
import sys
import zlib

PER_SET = 400
SETS = {
    "English": (("retrieval/en_squad/queries.jsonl", "query"),
                ("retrieval/en_lfqa/queries.jsonl", "query"),
                ("intent/int_banking77/train.jsonl", "text"),
                ("intent/int_clinc150/val.jsonl", "text"),
                ("intent/int_trec_qtype/train.jsonl", "text"),
                ("retrieval/en_locomo_mem/queries.jsonl", "query")),
    "Chinese": (("retrieval/zh_cmrc2018/queries.jsonl", "query"),
                ("cache/cache_pairs/zh_afqmc_train.jsonl", "a"),
                ("retrieval/zh_kdconv_kb/queries.jsonl", "query")),
}


def questions(data, sets):
    found = []
    for path, member in sets:
        with open(os.path.join(data, path), encoding="utf-8") as lines:
            texts = sorted({json.loads(line)[member] for line in lines})
        random.Random("well-formed:" + path).shuffle(texts)
        found += texts[:PER_SET]
    return found


def corrections(program, index, texts):
    """The correction of each text, or None."""
    asked = "".join(json.dumps({"id": i, "query": text}, ensure_ascii=False)
                    + "\n" for i, text in enumerate(texts))
    done = subprocess.run([program, "--format=json", "-k", "1", index],
                          input=asked, capture_output=True, text=True,
                          check=False)
    if done.returncode not in (0, 3):
        sys.exit(done.stderr)
    records = [json.loads(line) for line in done.stdout.splitlines()]
    if len(records) != len(texts):
        sys.exit("%s: %d answers to %d questions"
                 % (index, len(records), len(texts)))
    return [r.get("retrieval", {}).get("corrected") for r in records]


def main(argv):
    show = {"--show": 0, "--show=1": 1}
    shown = [show[a] for a in argv if a in show]
    argv = [a for a in argv if a not in show]
    if len(argv) < 4:
        sys.exit(__doc__)
    program, data, indexes = argv[1], argv[2], argv[3:]
    print("%-24s %-8s %20s %20s" % ("corrected", "", "half 0", "half 1"))
    for index in indexes:
        for language, sets in SETS.items():
            texts = questions(data, sets)
            changed, asked = [0, 0], [0, 0]
            for text, to in zip(texts, corrections(program, index, texts)):
                half = zlib.crc32(text.encode()) & 1
                asked[half] += 1
                changed[half] += to is not None
                if to is not None and half in shown:
                    print("  %s\n    -> %s" % (text, to))
            print("%-24s %-8s" % (os.path.basename(index), language),
                  *("%6d of %5d %.2f%%" % (c, n, 100 * c / n)
                    for c, n in zip(changed, asked)))


if __name__ == "__main__":
    main(sys.argv)
