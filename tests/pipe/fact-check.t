#!/bin/sh
. "$(dirname "$0")/../lib.sh"
need fact-check

hits='[{"doc":"ret","title":"退货","text":"签收次日起7天内可以退货。"}]'
record() { # ID ANSWER
	printf '{"id":"%s","query":"几天内可以退货？","hits":%s,"answer":"%s"}\n' \
		"$1" "$hits" "$2"
}
record a '签收次日起7天内可以退货。[1]' >in.jsonl
record b '签收次日起15天内可以退货。[1]' >>in.jsonl
record c '根据现有资料无法回答。' >>in.jsonl
record d '签收次日起7天内可以退货。[9]' >>in.jsonl
echo '{"id":"e","query":"q"}' >>in.jsonl
echo '{"id":"f","error":{"tool":"llm-call","code":"timeout","message":"m"}}' \
	>>in.jsonl
echo '{"id":"g","answer":"The return period is 7 days."}' >>in.jsonl
echo '{"id":"h","x":1e2,"answer":""}' >>in.jsonl

run fact-check -f in.jsonl
cp out all
is "records with an error make exit 3" "$status" 3
is "every record is written" "$(wc -l <all | tr -d ' ')" 8
has "a copy is supported and answered" all \
	'"id":"a".*"verdict":"supported","evidence":\{"hit":1,"start":0,"end":37\}.*"route":"answer"'
has "a wrong number is named with the right one" all \
	'"id":"b".*"verdict":"contradicted".*"reason":"num:15天.*≠7天.*"route":"human"'
has "an abstention goes to a human" all \
	'"id":"c".*"reasons":\["abstain","needless-refusal"\],?.*"confidence":0,"route":"human"'
has "a citation of nothing is dangling" all '"id":"d".*"reason":"cite:9"'
has "a record without an answer gets an error and a human" all \
	'"id":"e".*"route":"human".*"error":.*no string member .answer'
has "a record with an error only gets its route" all \
	'"id":"f","error":\{[^}]*\},"confidence":0,"route":"human"\}$'
has "nothing to check against is unchecked" all \
	'"id":"g".*"verdict":"unchecked".*"route":"human"'
has "what is not understood passes unchanged" all '"id":"h","x":1e2,'

# Where another passage says it, a citation is right or wrong.
cited() { # PASSAGE
	jq -nc --arg n "$1" '{query: "几天内可以退货？",
		answer: "签收次日起7天内可以退货[\($n)]。",
		hits: [{title: "退货", text: "签收次日起7天内可以退货。"},
		       {title: "开票", text: "电子发票在订单完成后开具。"}]}' |
		fact-check | jq -r '[.route, .check.reasons[0] // ""] | join(" ")'
}
is "a citation of the passage that says it" "$(cited 1)" "answer "
is "a citation of another one goes to a human" "$(cited 2)" "human cite:2≠1"

run fact-check -j 2 -f in.jsonl
same "two threads write what one writes" all out

run fact-check --threshold 1 -e -f in.jsonl
is "no confidence reaches a threshold of 1" "$(grep -c '"route":"answer"' out)" 0
record a '签收次日起7天内可以退货。' >one.jsonl
run fact-check -e -f one.jsonl
is "answered: exit 0 with -e" "$status" 0
record c '不知道。' >one.jsonl
run fact-check -e -f one.jsonl
is "routed to a human: exit 1 with -e" "$status" 1
run fact-check -e --format=text -f in.jsonl
has "text for people shows verdict and route" out '^  -> human, confidence 0'

run fact-check --threshold 2 -f one.jsonl
is "a threshold above 1 is refused" "$status" 2
run fact-check nowhere.kb -f one.jsonl
is "a missing index is refused" "$status" 2
run fact-check -f /dev/null
is "no input, no output" "$status:$(cat out)" "0:"
if [ -e /dev/full ]; then
	run sh -c 'fact-check -f one.jsonl >/dev/full'
	is "a full disk is an error" "$status" 2
fi

if command -v kb-index >/dev/null; then
	echo '{"id":"w","title":"保修","text":"音箱保修期为两年。"}' >docs.jsonl
	kb-index w.kb docs.jsonl >/dev/null 2>&1
	echo '{"id":1,"query":"音箱保修多久？","answer":"音箱保修期为两年。"}' >one.jsonl
	run fact-check w.kb -f one.jsonl
	has "an index gives evidence where hits are missing" out \
		'"verdict":"supported","evidence":\{"doc":"w",'
fi
# ---- more than can be looked at ----
python3 - >many <<'X'
import json
claims = " ".join("Item %d costs %d euros." % (i, i * 3) for i in range(4000))
print(json.dumps(dict(query="Prices?", answer=claims, hits=[
    dict(doc="d", text=claims)])))
X
run fact-check -f many
is "a record with too much to compare goes to a human" \
	"$status $(jq -r .route out)" "0 human"
is "... the first thousand claims are compared, at most" \
	"$(jq '[.check.claims[] | select(.verdict == "supported")] |
		length <= 1000' out)" true
is "... every claim has its place in the check" \
	"$(jq '.check.claims | length' out)" 4000
is "... what was not looked at is unchecked, the rest supported" \
	"$(jq -r '[.check.claims[].verdict] | unique | join(" ")' out)" \
	"supported unchecked"
is "... which is a reason, and holds the confidence" \
	"$(jq -c '[.check.reasons, .confidence <= 0.3]' out)" \
	'[["unchecked"],true]'
python3 - >large <<'X'
import json
print(json.dumps(dict(query="Prices?", answer="Item 7 costs 21 euros. "
    "The moon is made of green cheese.", hits=[
    dict(doc="a", text="Item 7 costs 21 euros."),
    dict(doc="b", text="word " * 1000000)])))
X
run fact-check -f large
is "a claim that evidence left unread may support is unchecked" \
	"$(jq -r '[.check.claims[].verdict] | join(" ")' out)" \
	"supported unchecked"

# ---- forms and places ----
record a '签收次日起7天内可以退货。' >in.jsonl
record b '签收次日起15天内可以退货。' >>in.jsonl
printf '%s\n' '{"id":"c\td","query":"q"}' >>in.jsonl
echo '{"answer":"签收次日起7天内可以退货。","hits":[]}' >>in.jsonl
run fact-check -f in.jsonl
cp out all
run fact-check --human=queue.jsonl -f in.jsonl
is "--human parts the records" "$status $(wc -l <out) $(wc -l <queue.jsonl)" \
	"3 1 3"
grep '"route":"answer"' all >answers
grep '"route":"human"' all >humans
same "... those for a human are in the file" humans queue.jsonl
same "... the others in the output" answers out
run fact-check -j 3 --human=queue.jsonl -f in.jsonl
same "... in order, with threads" humans queue.jsonl
run fact-check --only=human -f in.jsonl
same "--only writes one route" humans out
run fact-check --only=answer -f in.jsonl
same "... or the other" answers out
run fact-check --tsv -f in.jsonl
is "--tsv writes a line a record" "$(cut -f 1,3 out | tr '\t' ' ')" \
	'a answer
b human
c\td human
4 human'
has "... with the reasons" out '^b.*num:15天.*≠7天'
run fact-check --claims -f in.jsonl
is "--claims writes a line a claim" "$(jq -c '[.id, .verdict]' out)" \
	"$(printf '["a","supported"]\n["b","contradicted"]\n[4,"unchecked"]')"
run fact-check --human=in.jsonl -f in.jsonl
is "--human writes over no input" "$status" 2
run fact-check --human=x --only=human -f in.jsonl
is "--human and --only exclude each other" "$status" 2
run fact-check --tsv --format=json -f in.jsonl
is "--tsv and --format exclude each other" "$status" 2

for passages in '"The kettle weighs 1.2 kg."' '["Tea.","The kettle weighs 1.2 kg."]' \
	'[{"content":"The kettle weighs 1.2 kg.","id":7}]'; do
	printf '{"answer":"The kettle weighs 1.2 kg.","contexts":%s}\n' \
		"$passages"
done >in.jsonl
run fact-check --evidence=contexts -f in.jsonl
is "--evidence takes the passages of another member" \
	"$(jq -r '.check.claims[0] | "\(.verdict) \(.evidence.hit)"' out)" \
	"$(printf 'supported 1\nsupported 2\nsupported 1')"
run fact-check -f in.jsonl
is "... which is no evidence without it" \
	"$(jq -r '.check.claims[0].verdict' out | sort -u)" unchecked
echo '{"answer":"It is.","contexts":7}' >in.jsonl
run fact-check --evidence=contexts -f in.jsonl
has "... and must be text or an array" out "'contexts' is neither"

# ---- what is around, and what is not there ----
five=$(for i in 1 2 3 4 5; do
	printf ',{"doc":"o%s","text":"The ferry %s leaves the harbour at noon; in 7 days it is back."}' $i $i
done)
for answer in '签收次日起7天内可以退货。' '签收次日起9天内可以退货。' '本店在北京。'; do
	printf '{"query":"几天内可以退货？","hits":[%s],"answer":"%s"}\n' \
		'{"doc":"r","text":"签收次日起7天内可以退货。"}' "$answer" \
		'{"doc":"r","text":"签收次日起7天内可以退货。"}'"$five" "$answer"
done >in.jsonl
run fact-check -f in.jsonl
is "passages about something else change nothing" \
	"$(jq -r .check.p out | sed -n 'p;n')" \
	"$(jq -r .check.p out | sed -n 'n;p')"
evidence='[{"doc":"d","text":"The museum opens at 9 on Sundays. Tickets cost 4 euros."}]'
for answer in 'I could not find that in the documents.' 'At 9.'; do
	printf '{"query":"When does the museum open on Sundays?","hits":%s,"answer":"%s"}\n' \
		"$evidence" "$answer"
done >in.jsonl
printf '{"query":"Who built the bridge?","hits":%s,"answer":"I do not know."}\n' \
	"$evidence" >>in.jsonl
run fact-check -f in.jsonl
is "a needless refusal is named" \
	"$(jq -r '.check.reasons | join(" ")' out | sed -n 1p)" \
	"abstain needless-refusal"
is "... with what answers" \
	"$(jq -c '.check.claims[0].evidence' out | sed -n 1p)" \
	'{"hit":1,"start":0,"end":33}'
is "... one with a reason is not" \
	"$(jq -r '.check.reasons | join(" ")' out | sed -n 3p)" "abstain"
for answer in 'Goods can be returned for free at any shop.' \
	'Goods can be returned within 90 days.'; do
	printf '{"hits":[{"doc":"d","text":"签收次日起7天内可以退货。"}],"answer":"%s"}\n' \
		"$answer"
done >in.jsonl
run fact-check -f in.jsonl
is "what is said in another language is unchecked, but for its numbers" \
	"$(jq -r '.check.claims[0] | "\(.verdict) \(.reason)"' out)" \
	"unchecked language
$(printf 'unsupported num:90 days')"

# An item too many, whose characters stand in other items one by one, and the
# same items in another order or told elsewhere in the passage.
while read -r want evidence answer; do
	is "$answer: $want" "$(jq -nc --arg e "$evidence" --arg a "$answer" \
		'{hits: [{doc: "d", text: $e}], answer: $a}' | fact-check |
		jq -r .route)" "$want"
done <<'END'
human 展厅周一、周三和周五开放。 展厅周一、周三、周五和周日开放。
human 食堂供应早餐、午餐和小菜。 食堂供应早餐、午餐、小菜和晚餐。
human 窗口收现金、支付宝和微信支付。 窗口收现金、支付宝、微信支付和支票。
human 馆内可借图书、画册和光盘。 馆内可借图书、图册、画册和光盘。
answer 展厅周一、周三和周五开放。 展厅周五、周一和周三开放。
answer 食堂供应早餐、午餐和小菜。周末有晚餐。 食堂供应早餐、午餐、小菜和晚餐。
answer 窗口收现金、支付宝和微信支付。 窗口收微信支付、现金以及支付宝。
END
finish
