#!/bin/sh
# text-classify: learning, labels, what a text that is none of them becomes,
# routes, forms of the input, damaged models. The texts are the project's own.
# shellcheck source=tests/lib.sh
. "$(dirname "$0")/../lib.sh"
need text-classify

# Questions of a shop, made of parts: seven kinds, two languages. The last of
# every five are held out.
python3 - <<'PY'
import json
parts = {
    "orders/status": (["where is", "when will I get", "track", "has it shipped yet,"],
        ["my order", "the parcel", "my package of monday", "order 1234", "the sofa I bought"]),
    "orders/cancel": (["please cancel", "I want to call off", "stop", "do not send"],
        ["my order", "the purchase", "order 1234", "what I ordered today", "the second order"]),
    "returns/refund": (["when is", "how long takes", "I am waiting for", "where is"],
        ["my refund", "the money back", "my money", "the repayment", "the amount I paid"]),
    "returns/how": (["how do I return", "I would like to send back", "can I bring back", "return"],
        ["the shoes", "a damaged lamp", "this jacket", "two of the chairs", "an opened box"]),
    "invoice": (["send me", "I need", "where do I find", "please correct"],
        ["the invoice", "a receipt for tax", "my bill", "an invoice with the company name", "the VAT receipt"]),
    "物流": (["我的快递", "包裹", "订单1234的货", "昨天买的东西"],
        ["到哪里了", "什么时候到", "怎么还没发货", "走到哪一步了", "今天能送到吗"]),
    "退款": (["退款", "我的钱", "退回的金额", "上次的退款"],
        ["多久到账", "什么时候退", "怎么还没收到", "退到哪里", "要几天"]),
}
train, held = open("train.jsonl", "w"), open("held.jsonl", "w")
rows = [(label, a + ("" if ord(a[0]) > 999 else " ") + b)
        for label, (x, y) in parts.items() for a in x for b in y]
for i, (label, text) in enumerate(rows):
    row = json.dumps({"id": i, "text": text, "label": label}, ensure_ascii=False)
    print(row, file=held if i * 7 % 5 == 4 else train)
other = ["what is the capital of France", "tell me a joke", "明天天气怎么样",
         "how old is the universe", "play some music", "who won the match",
         "translate good morning", "唱一首歌", "what time is it in Tokyo"]
with open("other.jsonl", "w") as f:
    for text in other:
        print(json.dumps({"text": text, "label": "none"}, ensure_ascii=False), file=f)
PY

# ---- learning ----
export SOURCE_DATE_EPOCH=0
run text-classify train -o shop.tc -f train.jsonl
is "it learns, silently" "$status$(cat out err)" 0
text-classify train -j 3 -o three.tc -f train.jsonl
same "threads make the same model" shop.tc three.tc
awk 'NR % 2' train.jsonl >half1 && awk 'NR % 2 == 0' train.jsonl >half2
cat half1 half2 | text-classify train >joined.tc
text-classify train -o parts.tc -f half1 -f half2
same "so do the same texts in several files, and a pipe" joined.tc parts.tc
jq -r '[.text, .label] | @csv' train.jsonl | text-classify train --input=csv \
	--columns=text,label -o csv.tc
same "... rows of CSV" shop.tc csv.tc
{ printf 'kind\tid\twords\n' && jq -r '[.label, .id, .text] | @tsv' train.jsonl; } >train.tsv
text-classify train --input=tsv --label=kind --text=words -o tsv.tc -f train.tsv
same "... of TSV, members by their names" shop.tc tsv.tc
jq -c '{messages: [{role: "user", content: .text}], gold: {class: .label}}' \
	train.jsonl | text-classify train -o gold.tc
same "... and conversations with gold.class" shop.tc gold.tc

if script -qec true /dev/null </dev/null >/dev/null 2>&1; then
	script -qec "text-classify train -f train.jsonl" /dev/null </dev/null >out
	has "a model is nothing for a terminal" out 'name a file with -o'
fi

# ---- labels ----
text-classify predict -m shop.tc <held.jsonl >got.jsonl
right=$(jq -c 'select(.class.label == .label)' got.jsonl | wc -l)
ok "of $(wc -l <held.jsonl) texts that it has not seen $right are right" \
	[ "$right" -ge 23 ]
is "class has what kb-record(5) says" "$(jq -c '[.class | to_entries[] |
	[.key, (.value | type)] | join(" ")] | join(", ")' got.jsonl | sort -u)" \
	'"label string, score number, margin number, runner_up string"'
sed 's/,"class":{[^}]*}}$/}/' got.jsonl >rest.jsonl
same "the rest is as it was, every byte" held.jsonl rest.jsonl
text-classify predict -j 3 -m shop.tc <held.jsonl >got3.jsonl
same "threads say the same" got.jsonl got3.jsonl
jq -c .class got.jsonl >classes
jq -r .text held.jsonl | text-classify predict -m shop.tc | jq -c .class >lines
same "a line of text is its text" lines classes
jq -r '[.text] | @csv' held.jsonl | text-classify predict -m shop.tc \
	--input=csv --columns=text | jq -c .class >rows
same "... a row its column" rows classes
for i in 1 2 3 4 5 6; do sed -n "${i}p" held.jsonl | text-classify predict -m shop.tc; done >single
head -6 got.jsonl >six
same "one by one is all at once" single six
printf 'WHERE IS MY ORDER\nwhere is my order\n' | text-classify predict -m shop.tc |
	jq -c .class | uniq >forms
is "capital letters say nothing" "$(wc -l <forms)" 1
printf '退款多久到账\n退款多久到賬\n' | text-classify predict -m shop.tc |
	jq -c .class | uniq >forms
is "nor do traditional characters" "$(wc -l <forms)" 1

# ---- parents, others ----
echo 'order 1234' | text-classify predict -m shop.tc --leaf=.99 >out
is "a doubtful child is its parent" "$(jq -r .class.label out)" orders
echo 'invoice' | text-classify predict -m shop.tc --leaf=.99 >out
is "a label without a parent stays" "$(jq -r .class.label out)" invoice
text-classify train --flat -o flat.tc -f train.jsonl
echo 'order 1234' | text-classify predict -m flat.tc --leaf=.99 >out
has "--flat: a slash is a letter" out '"label":"orders/'
cat train.jsonl other.jsonl | text-classify predict -m shop.tc --keep=.95 \
	--other=nothing >out
found=$(tail -9 out | jq -c 'select(.class.label == "nothing")' | wc -l)
ok "of 9 questions about something else $found are others" [ "$found" -ge 7 ]
kept=$(head -105 out | jq -c 'select(.class.label != "nothing")' | wc -l)
ok "... and $kept of 105 of the shop are kept" [ "$kept" -ge 95 ]
is "... whose runner-up is what they are nearest to" \
	"$(tail -9 out | jq -r 'select(.class.label == "nothing") | .class.runner_up' |
		sort -u | grep -cvE '/|invoice|物流|退款')" 0
run text-classify predict -e -m shop.tc --threshold=1 -f held.jsonl
is "-e says that one is none of the labels" "$status" 1
run text-classify predict -e -m shop.tc -f held.jsonl
is "... and that none is" "$status" 0
run text-classify predict -m shop.tc --stats stats --threshold=1 -f held.jsonl
is "--stats counts them" "$(jq .other stats)" "$(wc -l <held.jsonl)"

# ---- routes ----
text-classify predict -m shop.tc --leaf=0 --route=orders=o.jsonl \
	--route=orders/cancel=c.jsonl --route=物流=o.jsonl <held.jsonl >out
cat o.jsonl c.jsonl out | sort >all
sort got.jsonl >want
text-classify predict -m shop.tc --leaf=0 <held.jsonl | sort >want
same "every record goes to one place" all want
is "a child's route is before its parent's" \
	"$(jq -r .class.label c.jsonl | sort -u)" orders/cancel
is "two labels may have one file" "$(jq -r .class.label o.jsonl | sort -u |
	tr '\n' ' ')" 'orders/status 物流 '
run text-classify predict -m shop.tc --route=a=x --route=b=./x -f held.jsonl
is "one file by two names is refused" "$status $(cat out)" "2 "
ln -s held.jsonl link
run text-classify predict -m shop.tc --route=orders=link -f held.jsonl
is "... and so is the input" "$status" 2

# ---- calibrate, select, eval ----
cat held.jsonl other.jsonl >judged.jsonl
run text-classify calibrate -m shop.tc -o own.tc -f judged.jsonl
is "a model is calibrated" "$status$(cat err)" 0
text-classify predict -m own.tc --leaf=0 <held.jsonl | jq -r .class.label >own
jq -r .class.label got.jsonl >raw
text-classify predict -m shop.tc --leaf=0 <held.jsonl | jq -r .class.label >raw
same "... which changes no label" raw own
cp shop.tc same.tc
text-classify calibrate -m same.tc -o same.tc -f judged.jsonl
same "... and may take the model's own place" same.tc own.tc
run text-classify eval -m shop.tc --keep=.95 -f judged.jsonl
is "eval counts" "$(jq -c '[.records,.in_scope,.out_of_scope]' out)" '[37,28,9]'
is "... what predict says" "$(jq '.accuracy * 28 | round' out)" \
	"$(paste raw held.jsonl | awk -F '\t' '{ split($2, a, "\"label\": \""); sub(/".*/, "", a[2]); n += $1 == a[2] } END { print n }')"
echo '{"text":"where is my order","label":"orders"}' | text-classify eval \
	-m shop.tc >parents
is "a child is right for a text that has the parent's label" \
	"$(jq -c '[.accuracy,.parent_accuracy,.accuracy_kept]' parents)" '[1,1,1]'
ok "eval has a table for people" sh -c \
	"text-classify eval --format=text -m shop.tc -f judged.jsonl | grep -q '^accuracy  *[01][.]'"
cat held.jsonl held.jsonl other.jsonl | text-classify select -m shop.tc -n 5 >five
is "five are selected" "$(wc -l <five)" 5
is "... all different" "$(jq -r .text five | sort -u | wc -l)" 5
is "... the closest first" "$(jq .class.margin five)" \
	"$(cat held.jsonl other.jsonl | text-classify predict -m shop.tc --leaf=0 |
		jq .class.margin | sort -g | awk '!seen[$0]++' | head -5)"
cat other.jsonl held.jsonl held.jsonl | text-classify select -j 3 -m shop.tc -n 5 >turned
jq -r .text turned >a && jq -r .text five >b
same "... in whatever order they come" a b

# ---- what is no text, and no model ----
printf '{"text":7}\n{"id":1}\n{"text":"my order"}\n' >bad.jsonl
run text-classify predict -m shop.tc -f bad.jsonl
is "a record without a text fails alone" "$status $(jq -r '.error.message //
	"-"' out | tr '\n' ';')" "3 not a string member 'text';no 'text' and no question to classify;-;"
printf '\n\n' >empty
run text-classify predict -m shop.tc -f empty
is "nothing gives nothing" "$status$(cat out err)" 0
echo '{"text":""}' | text-classify predict -m shop.tc --keep=.95 >out
is "an empty text is none of the labels" "$(jq -r .class.label out)" other
printf '{"text":"where is my \377\376 order"}\n' | text-classify predict -m shop.tc >out
is "broken UTF-8 is passed over" "$(jq -r .class.label out 2>/dev/null)" orders/status
python3 -c 'print("{\"text\":\"" + "where is my order " * 60000 + "\"}")' >long.jsonl
run text-classify predict -m shop.tc -f long.jsonl
is "a text of a megabyte is one" "$status $(jq -r .class.label out)" "0 orders/status"

size=$(wc -c <shop.tc)
for at in 0 1 100 127 128 5000 $((size - 1)); do
	head -c $at shop.tc >cut.tc
	run text-classify predict -m cut.tc -f held.jsonl
	is "a model cut at $at is refused" "$status $(cat out)" "2 "
done
bad=0
for at in 9 20 30 40 60 121 130 $((size / 3)) $((size / 2)) $((size - 3)); do
	cp shop.tc flipped.tc
	byte=$(od -An -tu1 -j "$at" -N 1 shop.tc | tr -d ' ')
	printf "\\$(printf %o $((byte ^ 4)))" |
		dd of=flipped.tc bs=1 seek="$at" conv=notrunc 2>dd.err
	run text-classify predict -m flipped.tc -f held.jsonl
	[ "$status$(cat out)" = 2 ] || bad=$((bad + 1))
done
is "a flipped byte is found, wherever it is" $bad 0
has "... and what to do is said" err 'train the model again$'
for file in "$ROOT/tests/data/models/tiny/model.onnx" train.jsonl /dev/null .; do
	run text-classify predict -m "$file" -f held.jsonl
	is "$(basename "$file") is no model" "$status $(wc -l <err)" "2 1"
done
run text-classify predict -m shop.tc -o shop.tc -f held.jsonl
is "no output replaces the model" "$status$(cmp shop.tc csv.tc)" 2
finish
