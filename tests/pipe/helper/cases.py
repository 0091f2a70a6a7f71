#!/usr/bin/env python3
"""Questions about one case of several that bounds tell apart (a parcel of 7 kg,
an order of 120 yuan), and questions that ask two things; with what is right and
what is so of another case, or answers only one of the two.

usage: cases.py [BIN]	(BIN: where fact-check is; default build)

Prints right answers sent, of how many, others sent, of how many, for bounds and
for parts; on standard error what was judged otherwise.
"""
import json
import subprocess
import sys

# passages (title, text), then each question, right answers, others
BOUNDS = (
    ((("运费", "订单金额50元以上200元以下收取8元运费，200元以上免运费，50元以下收取15元运费。"),),
     ("订单100元要付多少运费？", ("8元",), ("15元",)),
     ("订单30元要付多少运费？", ("15元",), ("8元",)),
     ("订单300元要付多少运费？", ("免运费",), ()),
     ("50元以上200元以下的订单运费多少？", ("订单金额50元以上200元以下收取8元运费。",), ()),
     ("订单120元运费是多少？",
      ("120元在50元以上200元以下，运费8元。", "您的订单满50元不满200元，运费为8元。"), ())),
    ((("Shipping", "Orders over $250 ship free. Orders of $100 to $250 cost "
       "$9.95 to ship. Orders below $100 cost $14."),),
     ("How much is shipping for a $150 order?",
      ("A $150 order costs $9.95 to ship.", "$9.95"), ("$14",)),
     ("How much is shipping for a $80 order?", ("$14",), ("$9.95",))),
    ((("Parcels", "Parcels up to 2 kg cost 5 euros, parcels from 2 to 10 kg "
       "cost 9 euros and parcels over 10 kg cost 16 euros."),),
     ("How much is a parcel of 7 kg?", ("9 euros",), ("16 euros", "5 euros")),
     ("How much does a 12 kg parcel cost?",
      ("A 12 kg parcel costs 16 euros.",), ("A 12 kg parcel costs 9 euros.",)),
     ("How much does a 1 kg parcel cost?", ("5 euros",), ("9 euros",))),
    ((("包裹寄送价格", "首重1公斤以内12元，1至5公斤20元，5公斤以上35元。"),),
     ("3公斤的包裹多少钱？", ("20元",), ("35元", "12元")),
     ("8公斤的包裹多少钱？", ("35元",), ("20元",))),
    ((("Tickets for children and adults",
       "| Age | Price |\n|---|---|\n| under 6 years | free |\n"
       "| 6 to 12 years | 8 euros |\n| over 12 years | 15 euros |\n"),),
     ("How much does a child of 8 years pay?", ("8 euros",), ("15 euros",)),
     ("What does a 40 year old pay?", ("15 euros",), ("8 euros",))),
    ((("运费", "| 订单金额 | 运费 |\n|---|---|\n| 50元以下 | 15元 |\n"
       "| 50元至200元 | 8元 |\n| 200元以上 | 免运费 |\n"),),
     ("120元的订单运费多少？", ("8元",), ("15元", "免运费")),
     ("30元的订单运费多少？", ("15元",), ("8元",)),
     ("260元的订单运费多少？", ("免运费",), ("8元",))),
    ((("取消", "提前7天以上取消全额退款，提前3至7天取消退款50%，提前3天以内取消不予退款。"),),
     ("提前5天取消能退多少？", ("提前3至7天取消退款50%。", "50%"), ("全额退款",)),
     ("提前10天取消能退多少？", ("全额退款",), ("50%",))),
    ((("Cancelling", "Cancel more than 48 hours before departure and you get a "
       "full refund. Between 24 and 48 hours we refund 50%. Less than 24 hours "
       "before departure there is no refund."),),
     ("How much do I get back when I cancel 30 hours before departure?",
      ("We refund 50%.",), ("You get a full refund.",)),
     ("How much do I get back when I cancel 72 hours before departure?",
      ("You get a full refund.",), ("50%",)),
     ("How much do I get back when I cancel 5 hours before departure?",
      ("There is no refund.",
       "There is no refund less than 24 hours before departure."),
      ("You get a full refund.",))),
    ((("儿童门票", "1.2米以下儿童免票，1.2米至1.5米儿童半价30元，1.5米以上成人票60元。"),),
     ("1.3米的儿童门票多少钱？", ("30元",), ("60元",)),
     ("1.6米的孩子门票多少钱？", (), ("半价30元",))),
)

PARTS = (
    ((("", "The pool opens at 7 am. Towels cost 3 euros."),
      ("", "Breakfast is served until 10 am.")),
     ("When does the pool open and until when is breakfast?",
      ("The pool opens at 7 am [1]. Breakfast is served until 10 am [2].",
       "The pool opens at 7 am [1] and breakfast is served until 10 am [2]."),
      ("The pool opens at 7 am [1] and breakfast is served until 10 am [1].",
       "The pool opens at 10 am [2] and breakfast is served until 7 am [1].",
       "The pool opens at 7 am [1]."))),
    ((("", "游泳池早上7点开放。"), ("", "早餐供应到10点。")),
     ("游泳池几点开，早餐供应到几点？",
      ("游泳池早上7点开放[1]，早餐供应到10点[2]。", "游泳池早上7点开放[1]。早餐供应到10点[2]。"),
      ("游泳池10点开放[2]，早餐供应到7点[1]。", "早餐供应到10点[2]。"))),
    ((("", "退货运费由买家承担；质量问题由商家承担运费。退款在收到退货后3个工作日内到账。"),
      ("", "专业版保修2年，价格399元。"), ("", "标准版保修1年，价格199元。")),
     ("退货运费谁出？退款多久到账？",
      ("退货运费由买家承担，退款在收到退货后3个工作日内到账。",), ()),
     ("退货运费谁出，多久退款？",
      ("退货运费由买家承担，质量问题由商家承担。收到退货后3个工作日内退款。",),
      ("退货运费由买家承担。",)),
     ("专业版保修几年，多少钱？", ("专业版保修2年，399元。",),
      ("专业版保修2年，价格199元。",))),
    ((("Aero 3", "The Aero 3 weighs 1.2 kg. It costs 249 euros."),
      ("Aero 5", "The Aero 5 weighs 1.5 kg. It costs 349 euros.")),
     ("How heavy is the Aero 3 and what does it cost?",
      ("The Aero 3 weighs 1.2 kg and costs 249 euros.",
       "The Aero 3 weighs 1.2 kg. It costs 249 euros."),
      ("The Aero 3 weighs 1.5 kg and costs 349 euros.",)),
     ("How heavy is the Aero 3, and how much is the Aero 5?",
      ("The Aero 3 weighs 1.2 kg and the Aero 5 costs 349 euros.",),
      ("The Aero 3 weighs 1.2 kg and the Aero 5 costs 249 euros.",
       "The Aero 3 weighs 1.2 kg."))),
)

TABLE = ("健身房价格",
         "| 课程 | 单次 | 月卡 |\n|---|---|---|\n| 一对一私教 | 300元 | 2400元 |\n"
         "| 团课 | 60元 | 399元 |\n")
SUBJECTS = (
    ((TABLE,),
     ("一对一私教单次多少钱？", ("300元",), ("60元", "2400元")),
     ("一对一私教的月卡价格是多少？", ("一对一私教月卡2400元。",),
      ("一对一私教月卡300元。",)),
     ("团课单次多少钱？", ("团课单次60元。",), ("团课单次399元。",))),
    ((("Clinic", "New clients get 20% off the first visit. Every client may "
       "cancel up to 24 hours before."),),
     ("What discount do new clients get?",
      ("New clients get 20% off their first visit.",), ()),
     ("What discount do clients get?", (),
      ("All clients get 20% off the first visit.",)),
     ("Who may cancel up to 24 hours before?",
      ("All clients may cancel up to 24 hours before.",), ())),
    ((("会员", "金卡会员可以免费停车2小时。所有会员生日当天双倍积分。"),),
     ("会员可以免费停车吗？", (), ("所有会员可以免费停车2小时。",)),
     ("生日当天会员有什么优惠？", ("所有会员生日当天双倍积分。",), ())),
    ((("Hotel", "Hotel guests get free breakfast. Adult guests may use the "
       "sauna."),),
     ("Is breakfast free?", ("All guests get free breakfast.",), ()),
     ("Who may use the sauna?", ("Adult guests may use the sauna.",),
      ("All guests may use the sauna.",))),
    ((("Refund method", "Refunds always go back to the original payment method. "
       "Gift card payments are refunded to a new gift card, which is e-mailed "
       "within 1 business day."),),
     ("How long does a refund to a gift card take?",
      ("Gift card payments are refunded to a new gift card, which is e-mailed "
       "within 1 business day.",), ()),
     ("How long does a refund to a credit card take?", (),
      ("Gift card payments are refunded to a new gift card, which is e-mailed "
       "within 1 business day.", "1 business day"))),
    ((("Tools", "Chain saws are not rented out; ladders and power drills can be "
       "rented for 12 euros a day."),),
     ("Can I rent a ladder?",
      ("Yes, ladders can be rented for 12 euros a day.",),
      ("No, ladders are not rented out.",)),
     ("Can I rent a chain saw?", ("Chain saws are not rented out.",),
      ("Chain saws can be rented for 12 euros a day.",))),
    ((("Admission", "Adults pay 5 euros, children under 12 pay 3 euros, seniors "
       "pay 4 euros."),),
     ("What do children pay?", ("Children under 12 pay 3 euros.",),
      ("Children pay 5 euros.",)),
     ("What do seniors pay?", ("Seniors pay 4 euros.",), ())),
    ((("The pool", "The pool opens at 7 am, closes at 9 pm and costs 4 euros."),),
     ("When does the pool close?",
      ("The pool closes at 9 pm.", "The pool shuts at 9 pm."), ())),
    ((("Animals", "Dogs are allowed on the terrace, but cats are not allowed."),),
     ("Are cats allowed on the terrace?", ("No, cats are not allowed.",),
      ("Cats are allowed on the terrace.",)),
     ("Are dogs allowed?", ("Yes, dogs are allowed on the terrace.",),
      ("Dogs are not allowed.",))),
    ((("停车", "金卡会员可以免费停车，普通会员不可以免费停车。"),),
     ("普通会员可以免费停车吗？", ("普通会员不可以免费停车。",),
      ("普通会员可以免费停车。",)),
     ("金卡会员可以免费停车吗？", ("金卡会员可以免费停车。",),
      ("金卡会员不可以免费停车。",))),
)


def records(groups):
    for passages, *questions in groups:
        hits = [{"title": title, "text": text} for title, text in passages]
        for question, right, others in questions:
            for label, answers in ((1, right), (0, others)):
                for answer in answers:
                    yield {"query": question, "answer": answer, "label": label,
                           "hits": hits}


def main():
    program = (sys.argv[1] if len(sys.argv) > 1 else "build") + "/fact-check"
    for name, groups in (("bounds", BOUNDS), ("parts", PARTS),
                         ("subjects", SUBJECTS)):
        given = "".join(json.dumps(r) + "\n" for r in records(groups))
        done = subprocess.run([program], input=given, text=True, check=True,
                              stdout=subprocess.PIPE)
        n = [0, 0, 0, 0]
        for line in done.stdout.splitlines():
            r = json.loads(line)
            sent, label = r["route"] == "answer", r["label"]
            n[0 if label else 2] += sent
            n[1 if label else 3] += 1
            if sent != bool(label):
                print("%.3f" % r["confidence"], r["query"], "=>", r["answer"],
                      r["check"]["reasons"], file=sys.stderr)
        print(name, "pairs", *n)


if __name__ == "__main__":
    main()
