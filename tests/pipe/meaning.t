#!/bin/sh
# Sentences ranked by an encoder, too: llm-call --encoder and kb-ask. The model is
# tests/data/models/tiny, whose weights are random; with the models of 'make
# models', where they are, what they are for.
real=${XDG_DATA_HOME:-${HOME:-}/.local/share}/kb/models
# shellcheck source=tests/lib.sh
. "$(dirname "$0")/../lib.sh"
need kb-index kb-search kb-embed llm-call fact-check kb-ask prompt-render

export XDG_DATA_HOME="$T/data"
models=$T/data/kb/models
mkdir -p "$models"
tiny=$ROOT/tests/data/models/tiny/model.onnx
kb-embed --import "$tiny" --pooling=mean -o "$models/tiny.kbm"
kb-embed --import "$tiny" --pooling=mean --language=zh -o "$models/han.kbm"
kb-embed --import "$tiny" --pooling=mean --language=en -o "$models/abc.kbm"
shop=$ROOT/tests/data/shop
kb-index shop.kb "$shop"
printf '{"id":%d,"query":"%s"}\n' 1 '退款到信用卡要多久？' 2 '门店几点开门？' \
	3 'How long does delivery take?' 4 'Who won the cup in 1998?' >questions
kb-search shop.kb <questions >hits

llm-call <hits >without
run llm-call --encoder=tiny <hits
is "an encoder is said in each record" \
	"$status$(jq -r .generation.encoder out | sort -u)" 0tiny
is "without one nothing is said of it" "$(grep -c encoder without)" 0
llm-call --encoder= <hits >none
same "one that is empty is none" without none
llm-call --encoder=tiny -j 4 <hits >four
same "more jobs change nothing" out four
run llm-call --encoder=han <hits
is "a question of another language than the encoder's is answered by words" \
	"$(sed -n '3,4p' out)" "$(sed -n '3,4p' without)"
is "one of its language is not" \
	"$(jq -c '.generation.encoder' out | tr '\n' ' ')" '"han" "han" null null '
run llm-call --encoder=abc,han <hits
is "of two each has its language" \
	"$(jq -r '.generation.encoder' out | tr '\n' ' ')" 'han han abc abc '
is "what cites nothing found is no answer" "$(jq -r 'select(.id == 4) |
	.generation.finish' out)" unknown
echo '{"query":"anything"}' >bare
is "a record without hits is none for it" "$(llm-call --encoder=tiny <bare |
	jq -c '[.generation | .finish, .encoder]')" '["unknown",null]'

run llm-call --encoder=nowhere <hits
is "a model that is not here is one line" "$status$(wc -l <err | tr -d ' ')" 21
has "... which says where it was looked for" err "no model 'nowhere'"
run llm-call --encoder=tiny,han,abc <hits
has "no more than one a language" err "more than 2 encoders"
run llm-call --encoder=, <hits
has "a list of nothing" err "no encoder is named"
head -c 9000 "$models/tiny.kbm" >"$models/cut.kbm"
run llm-call --encoder=cut <hits
is "a damaged model is one line" "$status$(wc -l <err | tr -d ' ')" 21

# kb-ask takes the encoders of its index.
kb-index --embed=abc,han two.kb "$shop"
kb-search two.kb <questions | prompt-render | llm-call --encoder=han,abc |
	fact-check two.kb >pipe
kb-ask --json two.kb <questions >asked
same "kb-ask takes the encoders of its index" pipe asked
kb-search two.kb <questions | prompt-render | llm-call | fact-check two.kb >pipe
kb-ask --encoder= --json two.kb <questions >asked
same "... or none" pipe asked
kb-ask --json -j 3 two.kb <questions >three && kb-ask --json two.kb <questions >one
same "threads change nothing" one three
head -c 9000 "$models/han.kbm" >short.kbm && mv short.kbm "$models/han.kbm"
run kb-ask --json two.kb <questions
is "kb-ask goes on without a damaged one, and the search says so" \
	"$status$(jq -r '.generation.encoder, (.retrieval.degraded != null)' out |
	head -2 | tr '\n' ' ')" '0null true '

# What it is for: the same in other words, and not another thing.
if [ ! -f "$real/bge-small-zh.kbm" ] || [ ! -f "$real/bge-small-en.kbm" ]; then
	finish
fi
export XDG_DATA_HOME="${real%/kb/models}"
both="--encoder=bge-small-zh,bge-small-en"
knows() { # QUESTION PASSAGE [OPTION]
	jq -cn --arg q "$1" --arg t "$2" \
		'{query: $q, hits: [{doc: "a", title: "", text: $t, score: 1}]}' |
		llm-call ${3:+"$3"} | jq -r .generation.confidence
}
# IN OTHER WORDS|OF ANOTHER THING|PASSAGE
while IFS='|' read -r other thing passage; do
	echo "$(knows "$other" "$passage") $(knows "$thing" "$passage")" \
		"$(knows "$other" "$passage" "$both")" \
		"$(knows "$thing" "$passage" "$both")"
done >pairs <<'END'
交的保证金啥时候还给我？|押金能用支付宝交吗？|押金在归还房卡后三天内退还到原账户。图书馆每天九点开放。
早上最早什么时候能吃饭？|早餐有哪些菜？|早餐从六点半开始供应。停车场在地下二层。
不想要了，怎么把单子撤掉？|订单金额是多少？|在订单详情页点“取消订单”即可取消。会员每月有一张优惠券。
When do I get back the money I left as security?|Who invented the deposit box?|The deposit is returned within three days of check-out. The library opens at nine.
Is there a place to store bags?|How heavy may my luggage be?|Luggage can be left at the front desk until 6 pm. Breakfast is served on the first floor.
My tickets never arrived, what now?|Which tickets are the cheapest?|If your tickets have not come by post, collect copies at the box office. The hall seats 900.
END
is "questions in other words gain on those about another thing" "$(awk '
	{ by_words += $1 - $2; meant += $3 - $4 }
	END { print (meant > by_words + .15 * NR) }' pairs)" 1
is "... in no less than two of three pairs" "$(awk '
	$3 - $4 > $1 - $2 + .03 { n++ } END { print (n >= 2 / 3 * NR) }' pairs)" 1
finish
