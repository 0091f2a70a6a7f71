#!/bin/sh
# What a model says around an answer changes neither its route nor, by more
# than a hair, its confidence: not that of a right one, not that of a wrong one.
. "$(dirname "$0")/../lib.sh"
need fact-check

python3 - >in.jsonl <<'X'
import json

TEXTS = {
    "en": [("How long is the warranty of the kettle?",
            "The warranty of the kettle lasts 24 months from the invoice. "
            "Limescale is not covered. The kettle weighs 1.2 kg.",
            ["The warranty of the kettle lasts 24 months from the invoice."],
            ["The warranty of the kettle lasts 36 months from the invoice.",
             "Limescale is covered.",
             "The kettle is made in Portugal by hand."]),
           ("When does the library open on Saturdays?",
            "The library opens at 10:00 on Saturdays and closes at 16:00. "
            "Members may borrow six books.",
            ["The library opens at 10:00 on Saturdays and closes at 16:00."],
            ["The library opens at 8:00 on Saturdays and closes at 16:00.",
             "Members may borrow nine books."])],
    "zh": [("水壶保修多久？",
            "水壶自开票之日起保修24个月。水垢不在保修范围内。水壶净重1.2千克。",
            ["水壶自开票之日起保修24个月。"],
            ["水壶自开票之日起保修36个月。", "水壶由葡萄牙工匠手工制作。"]),
           ("图书馆周六几点开门？",
            "图书馆周六上午10点开门，下午4点关门。读者一次可借6本书。",
            ["图书馆周六上午10点开门，下午4点关门。"],
            ["图书馆周六上午8点开门，下午4点关门。", "读者一次可借9本书。"])],
}
AROUND = {
    "en": ["{}", "Hello! {}", "Hi there, {}",
           "Thank you for contacting us. {} If you have any further "
           "questions, please feel free to reach out to our team.",
           "**{}**", "- {}", "## Answer\n\n{}", "According to the passages, {}",
           '"{}"', "<think>\nPassage 2 says 99 days.\n</think>\n\n{}",
           "<think>\nIs it 99 days?\n</think>\nSure! {} Have a great day!",
           "Here is what I found:\n\n1. {}\n\nLet me know if you need "
           "anything else!",
           "Dear customer,\n\n{}\n\nKind regards,\nThe Support Team",
           "As far as I can tell, {}",
           'You asked: "How is that done?" {} Have a nice day!',
           "> {}", "Please note that {}", "The answer is: {} 😊"],
    "zh": ["{}", "您好！{}", "您好，{}",
           "感谢您的咨询。{}如有其他问题，欢迎随时联系我们，祝您生活愉快！",
           "**{}**", "- {}", "## 回答\n\n{}", "根据资料，{}", "“{}”",
           "<think>\n第二段说99天。\n</think>\n\n{}",
           "<think>\n是99天吗？\n</think>\n好的，很高兴为您解答！{}希望对您有所帮助～",
           "关于您的问题“这是怎么回事？”，答复如下：{}祝您生活愉快！",
           "以下是我找到的内容：\n\n1. {}\n\n如果还有什么不清楚的地方，请随时告诉我哦！",
           "尊敬的用户：\n\n{}\n\n此致\n敬礼", "> {}", "请注意，{}",
           "答案如下：{} 😊"],
}
for lang, things in TEXTS.items():
    for ask, text, right, wrong in things:
        for good, answers in ((True, right), (False, wrong)):
            for answer in answers:
                for k, around in enumerate(AROUND[lang]):
                    print(json.dumps(dict(
                        id=f"{lang} {answer} {k}", good=good, around=k,
                        query=ask, answer=around.format(answer),
                        hits=[dict(doc="d", text=text)])))
X
run fact-check -f in.jsonl
is "every answer is checked" "$status $(wc -l <out)" "0 $(wc -l <in.jsonl)"
jq -r '[.good, (.confidence * 1000 | round), .around, .route, .id] | @tsv' \
	out >routes
python3 - routes >moved <<'X'
import sys

bare = 0
for line in open(sys.argv[1]):
    good, confidence, around, route, name = line.rstrip("\n").split("\t")
    if around == "0":
        bare, to = int(confidence), route
    elif abs(int(confidence) - bare) > 20 or route != to:
        print(name, to, bare, "now", route, confidence)
X
is "no wrapping moves an answer" "$(cat moved)" ""
is "no wrong answer is sent out" \
	"$(grep -c '^false.*answer' routes)" 0
is "... and right ones are, wrapped or bare" \
	"$(grep -c '^true.*answer' routes) of $(grep -c '^true' routes)" \
	"$(grep -c '^true' routes) of $(grep -c '^true' routes)"
is "no claim is of a thought" \
	"$(jq -r '.check.claims[].text | select(test("99"))' out)" ""

# A thought whose end is cut off stays one.
printf '%s\n' '{"answer":"The kettle weighs 1.2 kg.\n<think>\nOr is it 99 kg?","hits":[{"doc":"d","text":"The kettle weighs 1.2 kg."}]}' >in.jsonl
run fact-check -f in.jsonl
is "nor of one without an end" \
	"$(jq -r '.check.claims | map(.text) | join("/")' out)" \
	"The kettle weighs 1.2 kg."
finish
