#!/bin/sh
# ctx-compress --intents: threads by what turns want; left, kept and resumed.
. "$(dirname "$0")/../lib.sh"
need ctx-compress text-classify python3 jq

# Examples written for this test: a turn by itself, and behind what was wanted.
python3 - >examples.jsonl <<'PY'
import json
alone = {
    "order": ["我的订单到哪了", "订单A1009什么时候发货", "包裹还没有收到", "快递几天到",
              "查一下订单的物流", "where is my order", "has the parcel shipped yet",
              "when does order A1009 arrive", "track my parcel please",
              "the package has not come"],
    "refund": ["我要退款", "退款多久到账", "退货怎么办理", "钱什么时候退给我",
               "可以退货吗", "I want a refund", "how long does a refund take",
               "can I send it back", "when do I get my money back",
               "return this item please"],
    "hotel": ["帮我订一家酒店", "酒店有早餐吗", "房间可以看海吗", "住两晚多少钱",
              "入住时间是几点", "book me a hotel room", "is breakfast included",
              "a room with a sea view", "how much is it for two nights",
              "when is check-in"],
}
goes_on = ["多少钱", "那要多久", "可以吗", "几点", "how much is it", "how long",
           "is that possible", "what time"]
for label, texts in alone.items():
    for text in texts:
        print(json.dumps({"text": text, "label": label}))
        for before in alone:
            print(json.dumps({"text": before + " " + text, "label": label}))
    for text in goes_on:
        print(json.dumps({"text": label + " " + text, "label": label}))
PY
text-classify train -o m.tc <examples.jsonl

# talk TURN... prints a record of user turns, each with a reply.
talk() {
	for turn in "$@"; do
		jq -nc --arg t "$turn" '{role:"user",content:$t},
			{role:"assistant",content:"好的, one moment."}'
	done | jq -sc '{id:1, messages:.[:-1]}'
}
# threads TURN... prints the number of the thread of each user turn.
threads() {
	talk "$@" | ctx-compress --intents m.tc | jq -c '.compression.threads as $t |
		[range(0; ([$t[].turns[]] | max) + 1; 2)] |
		map(. as $i | $t[] | select(.turns | index($i)) | .id)'
}
# intents TURN... prints the intents of the threads.
intents() {
	talk "$@" | ctx-compress --intents m.tc |
		jq -c '.compression.threads | map(.intent)'
}

while IFS='|' read -r name want turns; do
	echo "$turns" | tr '/' '\n' >turns
	set --
	while read -r turn; do set -- "$@" "$turn"; done <turns
	is "$name" "$(threads "$@")" "$want"
done <<'CASES'
one intent is one thread|[1,1]|我的订单到哪了/快递几天到
another one opens a thread|[1,2]|我的订单到哪了/帮我订一家酒店
... in English|[1,2]|where is my order/book me a hotel room
... and in both|[1,2]|查一下order的物流/book me a 酒店 room
what was left is resumed|[1,2,1]|我的订单到哪了/帮我订一家酒店/订单什么时候发货
... in English|[1,2,1]|where is my order/book me a hotel room/has the parcel shipped yet
... by words alone|[1,2,1]|我的订单到哪了/帮我订一家酒店/回到刚才那个订单
... that name nothing|[1,2,1]|我的订单到哪了/帮我订一家酒店/回到刚才那个
... in English, by words alone|[1,2,1]|where is my order/book me a hotel room/back to my order
... the one that is named of two|[1,2,3,1]|where is my order/I want a refund/book me a hotel room/back to my order
what says nothing of its own stays|[1,2,2]|我的订单到哪了/帮我订一家酒店/谢谢
... in English|[1,2,2]|where is my order/book me a hotel room/thank you
a short question goes on|[1,2,2]|我的订单到哪了/帮我订一家酒店/多少钱
... in English|[1,2,2]|where is my order/book me a hotel room/how much is it
a greeting belongs to what it opens|[1,1]|你好/我的订单到哪了
CASES
is "threads have the model's names" "$(intents 我的订单到哪了 我要退款)" '["order","refund"]'
is "the last one is open" "$(talk 我的订单到哪了 我要退款 订单什么时候发货 |
	ctx-compress --intents m.tc | jq -c '.compression.threads | map(.open)')" '[true,false]'
is "without a model nothing of it is said" "$(talk 我的订单到哪了 我要退款 |
	ctx-compress | jq -c '.compression | [.threads[0].intent, .threads[0].open, .state.slots[0].thread]')" \
	'[null,null,null]'

# What is idle shrinks to a line and its values.
python3 - >long.jsonl <<'PY'
import json
turns = []
for a, b in (("我的订单号是A1009，什么时候发货？快递几天到？请查一下物流。", "好的，您的包裹已经在路上了，请您耐心等待，一般来说三天左右可以送到您手上。"),
             ("订单还没有收到，包裹到哪了？", "正在为您查询物流，请您稍等片刻，查到以后马上告诉您，谢谢您的理解和支持。"),
             ("帮我订一家酒店，预算是500元，住两晚，房间可以看海吗？", "好的，为您找到几家可以看海的酒店，房间都很宽敞，您看看喜欢哪一家呢。"),
             ("酒店有早餐吗？房间大不大？", "早餐是有的，房间大约三十平方米，床很舒服，住过的客人都说非常满意。"),
             ("入住时间是几点？", "下午两点以后都可以办理入住，请带好您的证件。")):
    turns += [{"role": "user", "content": a}, {"role": "assistant", "content": b}]
print(json.dumps({"id": 1, "messages": turns[:-1]}, ensure_ascii=False))
PY
jq -c '.query = "酒店入住和早餐的时间，房间可以看海吗"' long.jsonl >asked.jsonl
run ctx-compress --intents m.tc -b 150 -k 1 -f asked.jsonl
is "an idle thread is a line and its values" "$(jq -r .compression.summary out | grep -c '^\[order\] order：A1009$')" 1
is "values say their thread" "$(jq -c '.compression as $c | $c.state.slots |
	map(select(.name == "order" or .name == "budget") | [.name, $c.threads[.thread - 1].intent])' out)" \
	'[["order","order"],["budget","hotel"]]'
run ctx-compress --intents m.tc -b 160 -k 1 -f long.jsonl
is "what is open is kept before what is idle" "$(jq -c '[.compression.threads[] |
	select(.open | not) | .turns[]] as $idle | [.compression.threads[] | select(.open) |
	.turns[]] as $open | .compression.dropped | [(. - $idle | length) / ($open | length) <
	(. - $open | length) / ($idle | length)]' out)" '[true]'

i=0
while [ $i -lt 20 ]; do cat long.jsonl && i=$((i + 1)); done >many
ctx-compress --intents m.tc -r .4 -f many >one
ctx-compress --intents m.tc -r .4 -j 4 -f many >four
same "threads of the machine change nothing" one four
run ctx-compress --intents examples.jsonl -f long.jsonl
is "what is no model is refused" "$status $(wc -l <err | tr -d ' ')" "2 1"
run ctx-compress --intents nothing.tc -f long.jsonl
has "... and what is not there" err "nothing.tc"
finish
