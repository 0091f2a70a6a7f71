#!/usr/bin/env python3
"""Records of questions for one quantity, answered with it and with another.

usage: quantities.py [BIN]	(BIN: where fact-check is; default build)

A passage of terse lines gives some quantities of a thing. Every question asks for one of them
and is answered, as a value and as a sentence, with the right one or with another that stands
there. Prints for each language and form how many of the right and of the others are sent.
"""
import json
import re
import subprocess
import sys

HAN = (("有多厚？", "厚7毫米"), ("有多重？", "重240克"),
       ("的噪音是多少？", "噪音38分贝"), ("的功率是多少？", "功率55W"),
       ("的容量是多少？", "容量3升"), ("多少钱？", "售价219元"),
       ("的吸力是多少？", "吸力8000Pa"), ("保修多久？", "保修三年"),
       ("的最高温度是多少？", "最高温度95℃"), ("有多宽？", "宽21厘米"),
       ("的电压是多少？", "电压110V"), ("的转速是多少？", "转速900转/分"),
       ("的刷新率是多少？", "刷新率120Hz"), ("的电池多大？", "电池4200mAh"),
       ("的亮度是多少？", "亮度350尼特"), ("能存多少首歌？", "可存2000首歌"))
ENGLISH = (("How thick is the %s?", "is 7 mm thick"),
           ("How much does the %s weigh?", "weighs 240 g"),
           ("How loud is the %s?", "has a noise level of 38 dB"),
           ("What is the power of the %s?", "has a power of 55 W"),
           ("How many litres does the %s hold?", "holds 3 litres"),
           ("What does the %s cost?", "costs 219 USD"),
           ("How long is the warranty of the %s?", "has a warranty of 3 years"),
           ("How hot does the %s get?", "heats up to 95 °C"),
           ("How wide is the %s?", "is 21 cm wide"),
           ("What voltage does the %s need?", "needs 110 V"),
           ("How fast does the %s spin?", "spins at 900 rpm"),
           ("What refresh rate does the %s have?", "has a refresh rate of 120 Hz"),
           ("How big is the battery of the %s?", "has a battery of 4200 mAh"))


def pairs(items, thing, passage, ask, sentence):
    """Of every two items: is it the one asked for, form, record."""
    n = len(items)
    for i, (question, said) in enumerate(items):
        for j, (_, other) in enumerate(items):
            more = [k for k in ((j + 3) % n, (j + 5) % n) if k not in (i, j)]
            text = passage([other] + [items[k][1] for k in more])
            value = re.search(r"[\d三]+ ?\S+", other).group()
            for form, answer in (("value", value), ("sentence", sentence(other))):
                yield i == j, form, {
                    "query": ask(question), "answer": answer,
                    "hits": [{"doc": "a", "title": thing, "text": text}]}


def main(argv):
    bin_ = argv[1] if len(argv) > 1 else "build"
    han, english = "云岭M6", "Larkspur M6"
    rows = [("zh", *p) for p in pairs(
        HAN, han, lambda said: f"型号YL-M6，{'，'.join(said)}。",
        lambda q: han + q, lambda said: f"{han}{said}。")]
    rows += [("en", *p) for p in pairs(
        ENGLISH, english,
        lambda said: " ".join(f"The {english} {s}." for s in said),
        lambda q: q % english, lambda said: f"The {english} {said}.")]
    lines = "".join(json.dumps(r[3], ensure_ascii=False) + "\n" for r in rows)
    out = subprocess.run([f"{bin_}/fact-check"], input=lines, text=True,
                         stdout=subprocess.PIPE, check=True).stdout
    got = {}
    for (language, right, form, _), line in zip(rows, out.splitlines()):
        counts = got.setdefault((language, form), [0, 0, 0, 0])
        counts[0 if right else 2] += json.loads(line)["confidence"] >= .6
        counts[1 if right else 3] += 1
    for (language, form), counts in got.items():
        print(language, form, *counts)


if __name__ == "__main__":
    main(sys.argv)
