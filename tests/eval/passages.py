#!/usr/bin/env python3
"""Cut articles into many short passages, as a retrieval set.

usage: passages.py squad|cmrc|named|facts|news DIR [--data DATA]

Writes corpus.jsonl, queries.jsonl and qrels.tsv to DIR. The passages of an
article are documents of one title that follow each other.

squad   paragraphs of en_squad of one title, joined and cut after sentences
        of about 110 characters; its questions, judged are the passages of
        their paragraph that hold the answer
cmrc    the same of zh_cmrc2018, about 45 characters
named   the same, about 120 characters; a question begins with the title
facts   the same, about 90 characters, and with four triples an article, made
        of pieces of its passages; every second article's passages have a
        number for a title and begin with its name
news    every thirtieth text of zh_news, whose title is the longest part of
        the first sentence, cut at about 60 characters. A question is a run
        of the title and two runs of one passage's other sentences, chosen
        by the CRC-32 of its id; that passage is judged.

Questions whose answer no passage holds, or every passage of the article,
are left out. DATA is ../shared/data, or KB_DATA.
"""
import json
import os
import random
import re
import subprocess
import sys
import zlib

SIZES = {"cmrc": 45, "named": 120, "facts": 90}  # characters of a passage
PARTS = re.compile("[，。；：、！？“”《》（）]")
END = re.compile(r"(?<=[。！？!?；])|(?<=[.!?])\s+(?=[\"'A-Z0-9])")


def lines(path):
    with open(path, encoding="utf-8") as text:
        return [json.loads(line) for line in text if line.strip()]


def cut(text, size):
    """Sentences, joined while they are shorter than size characters."""
    passages, now = [], ""
    for sentence in END.split(text):
        if now and len(now) + len(sentence) > size * 1.25:
            passages.append(now)
            now = ""
        now = (now + " " + sentence if now and sentence.isascii()
               else now + sentence).strip()
        if len(now) >= size:
            passages.append(now)
            now = ""
    return passages + [now] if now else passages


def judged_set(folder, size):
    """Passages of each article, and (question, judged passages)."""
    articles, of = {}, {}
    for doc in lines(folder + "/corpus.jsonl"):
        mine = articles.setdefault(doc["title"], [])
        start = len(mine)
        mine += cut(doc["text"], size)
        of[doc["id"]] = (doc["title"], range(start, len(mine)))
    gold = {}
    with open(folder + "/qrels.tsv", encoding="utf-8") as text:
        for line in text:
            query, doc = line.split("\t")[:2]
            gold.setdefault(query, []).append(of[doc])
    asked = []
    for q in lines(folder + "/queries.jsonl"):
        places = [(t, i) for t, some in gold.get(q["id"], []) for i in some]
        want = [(t, i) for t, i in places if any(
            a in articles[t][i] for a in q.get("answers") or [])]
        if want and len(want) < len(places):
            asked.append((q["id"], q["query"], want))
    return articles, asked


def say_title(asked):
    return [(name, want[0][0] + "，" + text, want) for name, text, want in asked]


def facts_of(articles):
    for title, passages in articles.items():
        for passage in passages[:4]:
            parts = [p for p in PARTS.split(passage) if len(p) >= 4]
            if len(parts) > 1:
                yield [title, parts[0][:6], parts[1]]


def by_number(articles, asked):
    """Every second article under a number, its name in its passages."""
    title = {t: "词条 %d" % i if i % 2 else t for i, t in enumerate(articles)}
    return ({title[t]: some if title[t] == t else
             [t + "：" + p for p in some] for t, some in articles.items()},
            [(name, text, [(title[t], i) for t, i in want])
             for name, text, want in asked])


def news(path):
    text = subprocess.run(["zstdcat", path], stdout=subprocess.PIPE,
                          check=True).stdout.decode()
    for line in text.splitlines()[::30]:
        yield json.loads(line)


def run(rng, text, size):
    at = rng.randrange(max(1, len(text) - size + 1))
    return text[at:at + size]


def news_set(path):
    articles, asked = {}, []
    for doc in news(path):
        head = END.split(doc["text"].strip())[0]
        title = max(re.split("[，,、：:（）() ]", head), key=len)[:30]
        passages = cut(doc["text"], 60)
        if len(title) < 8 or len(passages) < 6 or title in articles:
            continue
        articles[title] = passages
        rng = random.Random(zlib.crc32(doc["id"].encode()))
        at = rng.randrange(1, len(passages))
        parts = [p for p in PARTS.split(passages[at]) if len(p) >= 6]
        if len(parts) < 2:
            continue
        words = [run(rng, p, 4) for p in rng.sample(parts, 2)]
        asked.append(("q_" + doc["id"], " ".join(
            [run(rng, title, 6)] + words).strip(), [(title, at)]))
    return articles, asked


def write(folder, articles, asked, facts=()):
    os.makedirs(folder, exist_ok=True)
    ids = {}
    with open(folder + "/corpus.jsonl", "w", encoding="utf-8") as out:
        for no, (title, passages) in enumerate(articles.items()):
            for i, text in enumerate(passages):
                ids[title, i] = "a%d_%d" % (no, i)
                print(json.dumps({"id": ids[title, i], "title": title,
                                  "text": text}, ensure_ascii=False),
                      file=out)
        for no, fact in enumerate(facts):
            print(json.dumps({"id": "t%d" % no, "title": fact[0],
                              "text": fact[1] + "：" + fact[2],
                              "triple": fact}, ensure_ascii=False), file=out)
    with open(folder + "/queries.jsonl", "w", encoding="utf-8") as queries, \
            open(folder + "/qrels.tsv", "w", encoding="utf-8") as qrels:
        for name, text, want in asked:
            print(json.dumps({"id": name, "query": text},
                             ensure_ascii=False), file=queries)
            for place in want:
                print(name, ids[place], 1, sep="\t", file=qrels)


def main(argv):
    data = os.environ.get("KB_DATA", "../shared/data")
    if len(argv) == 5 and argv[3] == "--data":
        data = argv[4]
    elif len(argv) != 3:
        sys.exit(__doc__)
    kind, folder = argv[1:3]
    facts = ()
    if kind == "squad":
        articles, asked = judged_set(data + "/retrieval/en_squad", 110)
    elif kind in SIZES:
        articles, asked = judged_set(data + "/retrieval/zh_cmrc2018",
                                     SIZES[kind])
    elif kind == "news":
        articles, asked = news_set(data + "/scale/zh_news.jsonl.zst")
    else:
        sys.exit(__doc__)
    if kind in ("named", "facts"):
        asked = say_title(asked)
    if kind == "facts":
        facts = list(facts_of(articles))
        articles, asked = by_number(articles, asked)
    write(folder, articles, asked, facts)


if __name__ == "__main__":
    main(sys.argv)
