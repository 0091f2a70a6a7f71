#!/usr/bin/env python3
"""Make N distinct passages, and queries with the passage they came from.

usage: mkpassages.py N DATA PASSAGES.jsonl QUERIES.jsonl [N_QUERIES]

Sentences of scale/zh_news and scale/en_chat under DATA are drawn at random
(seeded: the same N gives the same bytes), two to six of one language for a
passage; two of three passages are Chinese. A query is a stretch of real
length, 8 to 20 Chinese characters or 5 to 10 words, of one sentence of its
passage. Needs zstd.
"""
import json
import random
import re
import subprocess
import sys

SENTENCE = re.compile(r"[^。！？!?\n]+[。！？!?]?")


def lines(path):
    with subprocess.Popen(["zstd", "-dcq", path], stdout=subprocess.PIPE,
                          stderr=subprocess.DEVNULL) as unpack:
        for line in unpack.stdout:
            yield json.loads(line)
        unpack.stdout.close()


def pool(path, member, least, limit):
    seen, out = set(), []
    for record in lines(path):
        for sentence in SENTENCE.findall(record.get(member) or ""):
            sentence = sentence.strip()
            if len(sentence) >= least and sentence not in seen:
                seen.add(sentence)
                out.append(sentence)
        if len(out) >= limit:
            break
    return out


def query_of(rng, sentence, chinese):
    if chinese:
        n = rng.randint(8, 20)
        at = rng.randint(0, max(0, len(sentence) - n))
        return sentence[at:at + n]
    words = sentence.split()
    n = rng.randint(5, 10)
    at = rng.randint(0, max(0, len(words) - n))
    return " ".join(words[at:at + n])


def main(argv):
    if len(argv) not in (5, 6):
        sys.exit(__doc__)
    n, n_queries = int(argv[1]), int(argv[5]) if len(argv) == 6 else 1000
    rng = random.Random(n)
    limit = min(400000, max(20000, n))
    chinese = pool(argv[2] + "/scale/zh_news.jsonl.zst", "text", 8, limit)
    english = pool(argv[2] + "/scale/en_chat.jsonl.zst", "content", 30, limit)
    every = max(1, n // n_queries)
    with open(argv[3], "w", encoding="utf-8") as passages, \
            open(argv[4], "w", encoding="utf-8") as queries:
        for i in range(n):
            zh = rng.random() < 2 / 3
            picked = rng.choices(chinese if zh else english,
                                 k=rng.randint(2, 6))
            json.dump({"id": "p%d" % i,
                       "text": ("" if zh else " ").join(picked)},
                      passages, ensure_ascii=False)
            passages.write("\n")
            if i % every == 0 and i // every < n_queries:
                json.dump({"id": "q%d" % (i // every),
                           "query": query_of(rng, rng.choice(picked), zh),
                           "gold": {"docs": ["p%d" % i]}},
                          queries, ensure_ascii=False)
                queries.write("\n")


if __name__ == "__main__":
    main(sys.argv)
