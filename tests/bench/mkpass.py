#!/usr/bin/env python3
"""Write records of 0.2 to 2 KB, as a pipe of these programs carries them.

usage: mkpass.py DIR [MEGABYTES]

One file a kind: query (a question alone), hits (a question with passages),
talk (a conversation whose question stands alone), lean (one whose question
needs the turns before it), mixed (all of them: one query, two hits, two talks
and one that leans in six). Chinese, English and both. The same bytes in every
run.
"""
import json
import os
import random
import sys

CHINESE = [
    "退款一般三到五个工作日到账。", "运费满九十九元免，不足收八元。",
    "这款手机的屏幕是六点七英寸，支持快充。", "订单号是 A1009，请帮我查一下物流。",
    "收货地址改成北京市海淀区中关村大街一号。", "电池容量五千毫安时，官方标称续航两天。",
    "保修期为一年，人为损坏不在保修范围内。", "耳机的降噪效果很好，但是戴久了会不舒服。",
    "《山海行记》是谁写的？", "青禾 X12 多少钱", "你好，请问可以开发票吗？", "好的，谢谢！",
]
ENGLISH = [
    "Refunds usually arrive within three to five working days. ",
    "Shipping is free for orders over 99 dollars. ",
    "The phone has a 6.7 inch screen and supports fast charging. ",
    "My order number is A1009, please check the delivery. ",
    "Could you change the address to 12 Harbour Street, Leeds? ",
    "The battery holds 5,000 mAh and lasts about two days. ",
    "The warranty covers one year, but not damage by water. ",
    "The headphones sound great, though they hurt after an hour. ",
    "Who wrote \"The Quiet Harbour\"? ", "How much is the Aurora X12? ",
    "Thanks a lot! ",
    "It took Maria Lopez two weeks to get a reply from the office in Madrid. ",
]
WHOLE = {
    "zh": ["青禾 X12 的保修期是多久？", "海淀区中关村店几点关门？",
           "订单号 A1009 什么时候发货", "耳机的降噪效果和佩戴舒适度如何"],
    "en": ["How long does a refund of an order take?",
           "What is the warranty period of the Aurora X12?",
           "When does the Leeds store close on Sunday?",
           "Which headphones support fast charging?"],
}
LEANING = {
    "zh": ["它多少钱？", "那运费呢？", "这款支持快充吗？", "多久能到？"],
    "en": ["How much is it?", "What about the blue one?", "And shipping?",
           "Does it support that?"],
}


class Maker:
    def __init__(self):
        self.random = random.Random(5)

    def language(self):
        return self.random.choice(["zh", "en", "both"])

    def one(self, language):
        return self.random.choice(["zh", "en"]) if language == "both" \
            else language

    def text(self, language, n):
        out = ""
        while len(out.encode()) < n:
            chinese = self.one(language) == "zh"
            out += self.random.choice(CHINESE if chinese else ENGLISH)
        return out

    def question(self, language, table):
        return self.random.choice(table[self.one(language)])

    def query(self, n):
        size = self.random.choice([60, 100, 200, 400])
        return {"id": n, "query": self.text(self.language(), size),
                "channel": "web",
                "meta": {"user": self.random.randrange(10**9),
                         "tags": ["a", "b"], "score": self.random.random()}}

    def hit(self, language, place):
        return {"doc": "d%d.md" % self.random.randrange(999), "chunk": place,
                "title": self.text(language, 20).strip(),
                "text": self.text(language, self.random.randrange(60, 400)),
                "score": round(self.random.random() * 9, 4),
                "legs": {"lexical": round(self.random.random() * 9, 4),
                         "vector": round(self.random.random(), 4)},
                "source": "docs/d.md", "line": self.random.randrange(99),
                "start": self.random.randrange(999),
                "end": self.random.randrange(2000)}

    def hits(self, n):
        language = self.language()
        return {"id": n, "query": self.question(language, WHOLE),
                "hits": [self.hit(language, i)
                         for i in range(self.random.randrange(1, 5))],
                "retrieval": {"index": "shop.kb", "commit": 7,
                              "legs": ["lexical", "vector"],
                              "confidence": 0.71, "degraded": []}}

    def conversation(self, n, table):
        language, messages = self.language(), []
        if self.random.random() < .3:
            messages.append({"role": "system", "content":
                             "You answer questions of customers. "})
        for i in range(self.random.randrange(0, 4) * 2):
            messages.append({"role": "assistant" if i % 2 else "user",
                             "content": self.text(
                                 language, self.random.randrange(20, 300))})
        messages.append({"role": "user",
                         "content": self.question(language, table)})
        return {"id": n, "messages": messages, "channel": "web",
                "session": "s-%08d" % self.random.randrange(10**8)}

    def talk(self, n):
        return self.conversation(n, WHOLE)

    def lean(self, n):
        return self.conversation(n, LEANING)

    def mixed(self, n):
        return self.random.choice([self.query, self.hits, self.hits,
                                   self.talk, self.talk, self.lean])(n)


def main(argv):
    if len(argv) < 2:
        sys.exit(__doc__)
    size = int(argv[2]) * 1000000 if len(argv) > 2 else 12000000
    for kind in ("query", "hits", "talk", "lean", "mixed"):
        maker, written, n = Maker(), 0, 0
        with open(os.path.join(argv[1], kind + ".jsonl"), "wb") as out:
            while written < size:
                n += 1
                line = json.dumps(getattr(maker, kind)(n),
                                  ensure_ascii=False).encode()
                if 200 <= len(line) <= 2048:
                    out.write(line + b"\n")
                    written += len(line) + 1


if __name__ == "__main__":
    main(sys.argv)
