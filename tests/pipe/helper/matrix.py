#!/usr/bin/env python3
"""Whole matrices of questions and answers of everyday kinds.

usage: matrix.py polarity|attributes|conditions|spellings|modifiers|
                 kinds|sisters [BIN]	(BIN: where fact-check is; default build)

polarity: each yes-no question with sentences that affirm and that deny it, answered in a word
and in each of the sentences. attributes: each question for an attribute of a thing, answered
with every attribute that stands there. conditions: two cases with a value each, in several shapes
of sentence, answered with either; and one of them alone, asked of the other. spellings: values in
other spellings and units, and other values. modifiers: all and only, at most and at least,
before and after, exceptions. kinds: each question of a text with the answer to each. sisters: two
passages that differ in name and values, each asked for and answered with either. Prints for
each language and form: right answers sent, of how many, others sent, of how many.
"""
import json
import subprocess
import sys

# question, yes, no, sentences that affirm, sentences that deny
POLARITY = (
    ("Does the Kestrel T2 have a lamp?", "Yes", "No",
     ("The Kestrel T2 has a lamp.", "There is a lamp in the Kestrel T2."),
     ("The Kestrel T2 has no lamp.", "The Kestrel T2 does not have a lamp.",
      "There is no lamp in the Kestrel T2.", "The Kestrel T2 doesn't have a lamp.",
      "The Kestrel T2 lacks a lamp.", "The Kestrel T2 comes without a lamp.")),
    ("Is the Kestrel T2 dustproof?", "Yes", "No",
     ("The Kestrel T2 is dustproof.", "The Kestrel T2 is fully dustproof."),
     ("The Kestrel T2 is not dustproof.", "The Kestrel T2 isn't dustproof.")),
    ("Can tickets be exchanged after printing?", "Yes", "No",
     ("Tickets can be exchanged after printing.",
      "Visitors may exchange tickets after printing."),
     ("Tickets cannot be exchanged after printing.",
      "Tickets may not be exchanged after printing.")),
    ("Does the Kestrel T2 support Zigbee?", "Yes", "No",
     ("The Kestrel T2 supports Zigbee.",
      "Zigbee is supported by the Kestrel T2."),
     ("The Kestrel T2 does not support Zigbee.",
      "Zigbee is not supported by the Kestrel T2.")),
    ("Are bicycles allowed in the park?", "Yes", "No",
     ("Bicycles are allowed in the park.", "Bicycles are welcome in the park."),
     ("Bicycles are not allowed in the park.",
      "No bicycles are allowed in the park.",
      "The park does not allow bicycles.",
      "Bicycles are forbidden in the park.")),
    ("Do you deliver to Iceland?", "Yes", "No",
     ("We deliver to Iceland.", "We also deliver to Iceland and Malta."),
     ("We do not deliver to Iceland.", "We don't deliver to Iceland.",
      "We never deliver to Iceland.")),
    ("Is there a spare key in the bag?", "Yes", "No",
     ("There is a spare key in the bag.", "A spare key is in the bag."),
     ("There is no spare key in the bag.", "The bag contains no spare key.",
      "The bag does not contain a spare key.")),
    ("Will the bonus apply to old contracts?", "Yes", "No",
     ("The bonus will apply to old contracts.",
      "The bonus applies to old contracts."),
     ("The bonus will not apply to old contracts.",
      "The bonus does not apply to old contracts.",
      "The bonus won't apply to old contracts.")),
    ("青松T2有台灯吗？", "有", "没有",
     ("青松T2有台灯。", "青松T2带台灯。"),
     ("青松T2没有台灯。", "青松T2无台灯。", "青松T2不带台灯。", "青松T2未配台灯。")),
    ("青松T2支持投屏吗？", "支持", "不支持",
     ("青松T2支持投屏。",), ("青松T2不支持投屏。", "青松T2暂不支持投屏。")),
    ("打印后可以换票吗？", "可以", "不可以",
     ("打印后可以换票。", "打印后仍可换票。"),
     ("打印后不可以换票。", "打印后不可换票。", "打印后不能换票。", "打印后恕不换票。",
      "打印后不予换票。")),
    ("奖章会作废吗？", "会", "不会",
     ("奖章会作废。", "奖章三年后会作废。"), ("奖章不会作废。", "奖章永不作废。")),
    ("公园能带单车入内吗？", "能", "不能",
     ("公园能带单车入内。", "公园允许携带单车入内。"),
     ("公园不能带单车入内。", "公园禁止携带单车入内。", "公园不允许带单车入内。")),
    ("袋子里有备用钥匙吗？", "有", "没有",
     ("袋子里有备用钥匙。", "袋子里附带备用钥匙。"),
     ("袋子里没有备用钥匙。", "袋子里不含备用钥匙。", "袋子里无备用钥匙。")))

# question, what the text says, the value
HAN = (("什么颜色？", "有黑色和白色", "黑色和白色"), ("是什么材质？", "采用铝合金", "铝合金"),
       ("用什么接口？", "采用USB-C接口", "USB-C"),
       ("支持哪些系统？", "支持Windows和Linux", "Windows和Linux"),
       ("是谁设计的？", "由林远设计", "林远"), ("什么时候上市？", "2024年5月上市", "2024年5月"),
       ("型号是什么？", "型号QS-T2", "QS-T2"), ("附赠什么配件？", "附赠一个收纳袋", "一个收纳袋"),
       ("用什么显卡？", "搭载锐影5显卡", "锐影5"), ("支持哪些语言？", "支持中文和英文", "中文和英文"),
       ("保修多久？", "保修三年", "三年"), ("防水等级是多少？", "防水等级IP67", "IP67"),
       ("有哪些图案？", "有条纹和格子图案", "条纹和格子"), ("用什么键帽？", "采用PBT键帽", "PBT"))
ENGLISH = (
    ("Which colours does the %s come in?", "comes in black and white", "black and white"),
    ("What material is the %s made of?", "is made of aluminium", "aluminium"),
    ("Which connector does the %s use?", "uses a USB-C connector", "USB-C"),
    ("Who designed the %s?", "was designed by Ida Brandt", "Ida Brandt"),
    ("When was the %s launched?", "was launched in May 2024", "May 2024"),
    ("Which graphics chip does the %s have?", "has a Ravel 5 graphics chip", "Ravel 5"),
    ("Which languages does the %s speak?", "speaks English and Chinese",
     "English and Chinese"),
    ("How long is the warranty of the %s?", "has a warranty of three years", "three years"),
    ("What is the water rating of the %s?", "has a water rating of IP67", "IP67"),
    ("Which patterns does the %s come in?", "comes in striped and checked patterns",
     "striped and checked"),
    ("Which speakers does the %s have?", "has two stereo speakers", "two stereo speakers"))


def polarity():
    for question, yes, no, affirm, deny in POLARITY:
        language = "en" if question.isascii() else "zh"
        for text in affirm + deny:
            says = text in affirm
            yield language, "word", says, question, yes, text, ""
            yield language, "word", not says, question, no, text, ""
            yield language, "sentence", True, question, text, text, ""
            for other in deny if says else affirm:
                yield language, "sentence", False, question, other, text, ""


def attributes():
    for language, items, thing, ask, said in (
            ("zh", HAN, "青松T2", "青松T2{}", "{}，"),
            ("en", ENGLISH, "Kestrel T2", None, "The Kestrel T2 {}. ")):
        n = len(items)
        for i, (question, _, _) in enumerate(items):
            question = ask.format(question) if ask else question % thing
            for j, (_, text, value) in enumerate(items):
                more = [k for k in ((j + 3) % n, (j + 7) % n) if k not in (i, j)]
                passage = "".join(said.format(t) for t in
                                  [text] + [items[k][1] for k in more])
                yield language, "word", i == j, question, value, passage, thing
                yield (language, "sentence", i == j, question,
                       f"{thing}{text}。" if ask else said.format(text).strip(),
                       passage, thing)


CASES_HAN = ("周末", "节假日", "学生", "海外", "雨天", "夜间", "团体", "儿童")
FACTS_HAN = (("门票多少钱？", "门票30元", "30元", "门票45元", "45元"),
             ("几点闭馆？", "17点闭馆", "17点", "21点闭馆", "21点"),
             ("配送要几天？", "配送需要3天", "3天", "配送需要7天", "7天"),
             ("最多能借几本？", "最多借5本", "5本", "最多借12本", "12本"))
SHAPES_HAN = ("{a}{x}，{b}{y}。", "{a}{x}；{b}{y}。", "{a}{x}。{b}{y}。",
              "- {a}：{x}\n- {b}：{y}")
CASES = ("on weekends", "for students", "for groups", "abroad", "at night",
         "in winter", "for children", "when it rains")
FACTS = (("How much is a ticket %s?", "a ticket costs 30 euros", "30 euros",
          "a ticket costs 45 euros", "45 euros"),
         ("When does the hall close %s?", "the hall closes at 17:00", "17:00",
          "the hall closes at 21:00", "21:00"),
         ("How many books can be borrowed %s?", "up to 5 books can be borrowed", "5",
          "up to 12 books can be borrowed", "12"))
SHAPES = ("{x} {a} and {y} {b}.", "{x} {a}. {y} {b}.", "{a}, {x}; {b}, {y}.",
          "- {a}: {x}\n- {b}: {y}")


def conditions():
    for language, cases, facts, shapes, join, end in (
            ("zh", CASES_HAN, FACTS_HAN, SHAPES_HAN, "{0}{1}", "。"),
            ("en", CASES, FACTS, SHAPES, "{1} {0}", ".")):
        for a, b in zip(cases, cases[3:] + cases[:3]):
            for question, x, first, y, second in facts:
                def ask(case, question=question):
                    return question % case if "%" in question else case + question
                texts = [s.format(a=a, b=b, x=x, y=y) for s in shapes]
                for text in texts:
                    for case, fact, value, wrong, other in (
                            (a, x, first, y, second), (b, y, second, x, first)):
                        for right, answer in ((True, value), (False, other)):
                            yield (language, "word", right, ask(case), answer, text,
                                   "Services")
                        for right, said in ((True, fact), (False, wrong)):
                            yield (language, "sentence", right, ask(case),
                                   join.format(case, said) + end, text, "Services")
                yield (language, "word", False, ask(b), first,
                       join.format(a, x) + end, "Services")


# question, sentence, value, other spellings of it, other values
SPELLINGS = (
    ("How long does the service take?", "The service takes {}.", "48 hours",
     ("two days", "2 days", "48 h"), ("2 hours", "48 days", "three days")),
    ("How long does the tour last?", "The tour lasts {}.", "one and a half hours",
     ("90 minutes", "1.5 hours"), ("half an hour", "one hour")),
    ("How heavy is the crate?", "The crate weighs {}.", "2.5 kg",
     ("2500 g", "2,500 grams", "two and a half kilograms"), ("2.5 g", "25 kg")),
    ("When does the bar open?", "The bar opens at {}.", "5 pm",
     ("17:00", "5 p.m.", "5:00 PM"), ("5 am", "15:00", "5:30 pm")),
    ("When does the bar close?", "The bar closes at {}.", "noon",
     ("12:00", "12 noon", "12 pm"), ("midnight", "11:00")),
    ("When was the dam built?", "The dam was built on {}.", "8 March 2017",
     ("March 8, 2017", "8 Mar 2017", "2017-03-08"), ("8 May 2017", "March 18, 2017")),
    ("How many people live there?", "About {} people live there.", "3.4 million",
     ("3,400,000", "3400 thousand"), ("34 million", "340,000")),
    ("What share of members agreed?", "{} of the members agreed.", "Three quarters",
     ("75%", "3/4", "75 percent"), ("25%", "half")),
    ("How many cups are in a crate?", "A crate holds {}.", "two dozen cups",
     ("24 cups", "twenty-four cups"), ("12 cups", "20 cups")),
    ("How fast may one go?", "One may go at {}.", "30 km/h",
     ("30 kilometres per hour", "30 kph"), ("30 mph", "13 km/h")),
    ("How large is the disk?", "The disk holds {}.", "2 TB",
     ("2048 GB", "two terabytes"), ("2 GB", "20 TB")),
    ("How warm should it be?", "It should be {} warm.", "25 °C",
     ("25 degrees Celsius", "77 °F"), ("25 °F", "52 °C")),
    ("服务需要多久？", "服务需要{}。", "48小时", ("两天", "2天", "四十八小时"), ("48天", "2小时")),
    ("木箱有多重？", "木箱重{}。", "2.5公斤", ("2500克", "5斤", "2.5kg"), ("2.5克", "25公斤")),
    ("几点开门？", "{}开门。", "下午5点", ("17:00", "17点", "下午五点"), ("凌晨5点", "15:00")),
    ("有多少人口？", "人口约{}。", "340万", ("3400000", "三百四十万"), ("34万", "3400万")),
    ("占比多少？", "占比为{}。", "35%", ("百分之三十五", "三成五"), ("53%", "3.5%")),
    ("费用是多少？", "费用为{}。", "2600元", ("2,600元", "两千六百元"), ("2600美元", "260元")),
    ("限速是多少？", "限速{}。", "每小时30公里", ("30公里/小时", "时速30公里", "30km/h"),
     ("每小时13公里", "30英里/小时")))


def spellings():
    for question, sentence, value, same, other in SPELLINGS:
        language = "en" if question.isascii() else "zh"
        for answer in (value, *same, *other):
            right = answer not in other
            said = sentence.format(answer)
            text = sentence.format(value)
            yield language, "word", right, question, answer, text, ""
            yield (language, "sentence", right, question, said[0].upper() + said[1:],
                   text, "")


# question, what the source says, what says the same, what does not
MODIFIERS = (
    ("Who may enter?", "Only members may enter.",
     ("Members only may enter.",),
     ("All visitors may enter.", "Everyone may enter.", "Non-members may enter.")),
    ("How many passs may I buy?", "You may buy at most four passs.",
     ("You may buy no more than four passs.", "You may buy up to four passs.", "You may buy a maximum of four passs."),
     ("You must buy at least four passs.", "You may buy more than four passs.", "You may buy at least four passs.")),
    ("How many people must take part?", "At least ten people must take part.",
     ("Ten or more people must take part.", "A minimum of ten people must take part."),
     ("At most ten people may take part.", "Fewer than ten people must take part.", "No more than ten people may take part.")),
    ("When should the list be sent?", "The list should be sent before the tour.",
     ("The list should be sent prior to the tour.",),
     ("The list should be sent after the tour.", "The list should be sent during the tour.")),
    ("Where is the safe?", "The safe is to the left of the gate.",
     ("The safe is on the left of the gate.",),
     ("The safe is to the right of the gate.", "The safe is behind the gate.")),
    ("Is parking free?", "Parking is free of charge.",
     ("Parking is free.", "There is no charge for parking."),
     ("Parking costs extra.", "Parking is charged.", "There is a charge for parking.")),
    ("Is the cellar open on Monday?", "The cellar is open every day except Monday.",
     ("The cellar is closed on Monday.", "The cellar is not open on Monday."),
     ("The cellar is open on Monday.", "The cellar is open every day.")),
    ("谁可以用桑拿？", "所有住客都可以使用桑拿。",
     ("全部住客都可以使用桑拿。",),
     ("部分住客可以使用桑拿。", "只有会员可以使用桑拿。", "住客不可以使用桑拿。")),
    ("谁可以进入？", "只有会员可以进入。",
     ("仅会员可以进入。", "仅限会员进入。"),
     ("所有人都可以进入。", "非会员可以进入。")),
    ("至少几人成班？", "至少十人成班。",
     ("最少十人成班。",),
     ("最多十人成班。", "十人以下成班。", "不超过十人成班。")),
    ("保险柜在哪里？", "保险柜在大门左侧。",
     ("保险柜在大门左边。",),
     ("保险柜在大门右侧。", "保险柜在大门后面。")),
    ("停车免费吗？", "停车免费。",
     ("停车不收费。",),
     ("停车收费。", "停车需要付费。", "停车不免费。")),
    ("酒窖周一开放吗？", "酒窖除周一外每天开放。",
     ("酒窖周一不开放。", "酒窖周一闭馆。"),
     ("酒窖周一开放。", "酒窖每天开放。")),
)


def modifiers():
    for question, text, same, other in MODIFIERS:
        language = "en" if question.isascii() else "zh"
        for answer in (text, *same, *other):
            yield (language, "sentence", answer not in other, question, answer,
                   text, "")


# a text, and of each question its answer there
KINDS = (
    ("en", "Heron bridge",
     "The Heron bridge was designed by Nora Lind. It stands in Gdansk. It was "
     "opened in May 1987. It is 420 metres long. It was closed in 2011 because a "
     "pillar had cracked. It can be crossed by pressing the green button at the "
     "gate. About 9,000 cars cross it every day. A crossing costs 2 euros. "
     "Repairs took eight months. Bicycles are not allowed. It is also known as "
     "the Old Lady.",
     (("Who designed the Heron bridge?", "Nora Lind"),
      ("Where does the Heron bridge stand?", "In Gdansk"),
      ("When was the Heron bridge opened?", "In May 1987"),
      ("How long is the Heron bridge?", "420 metres"),
      ("Why was the Heron bridge closed in 2011?", "Because a pillar had cracked"),
      ("How can the Heron bridge be crossed?", "By pressing the green button at the gate"),
      ("How many cars cross the Heron bridge every day?", "About 9,000"),
      ("How much does a crossing of the Heron bridge cost?", "2 euros"),
      ("How long did the repairs of the Heron bridge take?", "Eight months"),
      ("What is the Heron bridge also known as?", "The Old Lady"),
      ("When was the Heron bridge closed?", "In 2011"))),
    ("zh", "苍鹭桥",
     "苍鹭桥由周启设计，位于绍兴。苍鹭桥于1987年5月通车，全长420米。2011年因桥墩开裂而封闭。在入口按绿色按钮即可过桥。每天约有9000辆车通过，过"
     "桥费2元。维修用了八个月。自行车不得上桥。苍鹭桥又名老太太桥。",
     (("苍鹭桥是谁设计的？", "周启"),
      ("苍鹭桥在哪里？", "绍兴"),
      ("苍鹭桥什么时候通车？", "1987年5月"),
      ("苍鹭桥有多长？", "420米"),
      ("苍鹭桥2011年为什么封闭？", "因桥墩开裂"),
      ("怎么过苍鹭桥？", "在入口按绿色按钮"),
      ("苍鹭桥每天有多少辆车通过？", "约9000辆"),
      ("苍鹭桥的过桥费是多少？", "2元"),
      ("苍鹭桥维修了多久？", "八个月"),
      ("苍鹭桥又叫什么？", "老太太桥"),
      ("苍鹭桥哪一年封闭？", "2011年"))),
)


def kinds():
    for language, thing, text, answers in KINDS:
        for i, (question, _) in enumerate(answers):
            for j, (_, answer) in enumerate(answers):
                yield language, "word", i == j, question, answer, text, thing


# two passages of things of one kind that only differ in name and values
SISTERS = (
    ("en", (("Plan Larch", "Larch costs 14 euros a month and includes 8 GB of data."),
            ("Plan Birch", "Birch costs 22 euros a month and includes 30 GB of data.")),
     (("How much data does {} include?", "{} includes {} of data.", "8 GB", "30 GB"),
      ("What does {} cost a month?", "{} costs {} a month.", "14 euros", "22 euros")),
     ("Larch", "Birch")),
    ("zh", (("青松T2", "青松T2售价199元，重240克。"), ("青松T5", "青松T5售价349元，重410克。")),
     (("{}多少钱？", "{}售价{}。", "199元", "349元"), ("{}有多重？", "{}重{}。", "240克", "410克")),
     ("青松T2", "青松T5")))


def sisters():
    for language, passages, facts, names in SISTERS:
        for order in passages, passages[::-1]:
            for question, sentence, *values in facts:
                for i, name in enumerate(names):
                    for j, value in enumerate(values):
                        yield (language, "word", i == j, question.format(name), value,
                               order, "")
                        yield (language, "sentence", i == j, question.format(name),
                               sentence.format(name, value), order, "")


def hits_of(text, title):
    passages = ((title, text),) if isinstance(text, str) else text
    return [{"doc": str(i), "title": head, "text": body}
            for i, (head, body) in enumerate(passages)]


def main(argv):
    rows = list({"polarity": polarity, "attributes": attributes,
                 "conditions": conditions,
                 "spellings": spellings, "modifiers": modifiers,
                 "kinds": kinds, "sisters": sisters}[argv[1]]())
    bin_ = argv[2] if len(argv) > 2 else "build"
    lines = "".join(json.dumps(
        {"query": question, "answer": answer,
         "hits": hits_of(text, title)}, ensure_ascii=False) + "\n" for *_, question, answer, text, title in rows)
    out = subprocess.run([f"{bin_}/fact-check"], input=lines, text=True,
                         stdout=subprocess.PIPE, check=True).stdout
    got = {}
    for (language, form, right, *rest), line in zip(rows, out.splitlines()):
        counts = got.setdefault((language, form), [0, 0, 0, 0])
        sent = json.loads(line)["confidence"] >= .6
        counts[0 if right else 2] += sent
        counts[1 if right else 3] += 1
        if "--show" in argv and sent != right:
            print(right, *rest, json.loads(line)["check"]["reasons"])
    for (language, form), counts in got.items():
        print(language, form, *counts)


if __name__ == "__main__":
    main(sys.argv)
