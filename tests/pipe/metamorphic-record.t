#!/bin/sh
# What a record means does not hang on its form: content as a string, as
# parts, with a picture beside it, and with an empty last user message lead to
# the same result in every program (but that a picture takes room in a budget);
# and every program finds the same question
# in what is odd, or refuses it in the same words.
. "$(dirname "$0")/../lib.sh"
need kb-index kb-search ctx-compress prompt-render llm-call fact-check kb-eval jq

kb-index kb.kb "$ROOT/tests/data/shop" >index.log 2>&1 ||
	fail "the sample is indexed" index.log
export OPENAI_BASE_URL=http://127.0.0.1:1/v1

# Conversations, and every fifth question as one.
cat "$ROOT/tests/data/dialogues.jsonl" >string.in
sed -n '1~5p' "$ROOT/tests/data/questions.jsonl" |
	jq -c '.messages=[{role:"user",content:.query}]|del(.query)' >>string.in

# form NAME FILTER: the records in another form
form() {
	jq -c "$2" string.in >"$1.in"
}
text='{type:"text",text:.}'
form parts ".messages[].content |= [$text]"
form typeless '.messages[].content |= [{text:.}]'
form picture ".messages[].content |= [{type:\"image_url\",image_url:{url:\"http://x/退货\"}},$text,{type:\"input_audio\",input_audio:{data:\"AAAA\",format:\"wav\"}},{type:\"refusal\",refusal:\"I cannot\"}]"
form empty '.messages += [{role:"user",content:""}]'
form blank '.messages += [{role:"user",content:" \n\t　"}]'
form null '.messages += [{role:"user",content:null}]'
form noparts '.messages += [{role:"user",content:[]}]'
form twice ".messages[].content |= [$text] | .messages += [{role:\"user\",content:[{type:\"text\",text:\" \"}]},{role:\"user\"}]"
forms='parts typeless empty blank null noparts twice picture'

# stages FORM: what each program makes of it, without the messages
stages() {
	ctx-compress -b 200 <"$1.in" >s1
	ctx-compress <"$1.in" >s2
	kb-search kb.kb <"$1.in" >s3
	kb-search kb.kb <s1 >s4
	prompt-render <s3 >s5
	prompt-render -b 400 <s4 >s6
	llm-call --provider local <s3 >s7
	llm-call --provider local <s6 >s8
	llm-call --provider local --rerank <s3 >s9
	llm-call --dry-run --embed <"$1.in" >s10
	llm-call --dry-run --rerank <s3 >s11
	llm-call --dry-run <s5 >s12
	fact-check kb.kb <s7 >s13
	fact-check <s8 >s14
	kb-eval answers s13 >s15
	kb-eval retrieval s13 >s16
	for n in 1 2 3 4 5 6 7 8 9 10 11 12 13 14; do
		jq -c 'del(.messages)' <s$n >"$1.$n"
	done
	mv s15 "$1.15"
	mv s16 "$1.16"
}

# A name for each stage.
stage() {
	case $1 in
	1) echo 'ctx-compress within a budget' ;;
	2) echo 'ctx-compress' ;;
	3) echo 'kb-search' ;;
	4) echo 'kb-search of what was compressed' ;;
	5) echo 'prompt-render' ;;
	6) echo 'prompt-render within a budget' ;;
	7 | 8) echo 'llm-call, local' ;;
	9) echo 'llm-call --rerank, local' ;;
	10) echo 'llm-call --embed' ;;
	11) echo 'llm-call --rerank' ;;
	12) echo 'llm-call' ;;
	13) echo 'fact-check with an index' ;;
	14) echo 'fact-check' ;;
	15 | 16) echo 'kb-eval' ;;
	esac
}

stages string
jq -c .compression.tokens_before <string.2 >string.tokens
is "no record of the strings fails" \
	"$(cat string.[0-9] string.1[0-4] | grep -c '"error":{')" 0
is "... all are there" "$(wc -l <string.13)" "$(wc -l <string.in)"
for form in $forms; do
	stages $form
	for n in 1 2 3 4 5 6 7 8 9 10 11 12 13 14 15 16; do
		case $form.$n in picture.[1468] | picture.14) continue ;; esac
		[ $form.$n = picture.2 ] && for file in picture string; do
			jq -c 'del(.compression.tokens_before, .compression.tokens_after,
				.compression.exact)' \
				<$file.2 >$file.less && mv $file.less $file.2
		done
		same "$form: $(stage $n) does the same" $form.$n string.$n
	done
done

# A picture 1600, sound as much, a refusal no more than its JSON.
ctx-compress <picture.in | jq -c .compression.tokens_before >picture.tokens
jq -c '.messages | length' <string.in >messages
is "pictures and sound count in the budget" "$(paste string.tokens picture.tokens messages |
	awk '{ n = ($2 - $1) / $3; if (n < 3200 || n > 3220) print }')" ""

# ---- what is odd ----

printf '{{ question }}' >question.jinja
cat >rows <<'END'
{"query":"Q"}	Q
{"standalone":"Q","query":"x","messages":[{"role":"user","content":"y"}]}	Q
{"standalone":"","query":" ","messages":[{"role":"user","content":"Q"}]}	Q
{"standalone":null,"query":null,"messages":[{"role":"user","content":"Q"}]}	Q
{"query":"Q","messages":null}	Q
{"query":"Q","messages":[1,"x",null,[],{}]}	Q
{"messages":[{"role":"user","content":"Q"},{"role":"assistant","content":null,"tool_calls":[{"id":"t","type":"function","function":{"name":"f","arguments":"{}"}}]},{"role":"tool","tool_call_id":"t","content":"result"}]}	Q
{"messages":[{"role":"user","content":"Q"},{"role":"user","content":7}]}	Q
{"messages":[{"role":"user","content":"Q"},{"role":"user","content":{"text":"x"}}]}	Q
{"messages":[{"role":"user","content":"Q"},{"role":"user","content":[[{"type":"text","text":"x"}],[[["x"]]],"x",5,null,true]}]}	Q
{"messages":[{"role":"user","content":"Q"},{"role":"user","content":[{"type":"text","text":5},{"type":"text"},{"type":"text","text":["x"]}]}]}	Q
{"messages":[{"role":"user","content":"Q"},{"role":"user","content":[{"type":"image_url","image_url":{"url":"u"},"text":"x"}]}]}	Q
{"messages":[{"role":"user","content":"Q"},{"role":"user","content":[{"type":"input_audio","input_audio":{"data":"x"}},{"type":"refusal","refusal":"x"},{"type":"file","text":"x"}]}]}	Q
{"messages":[{"role":"user","content":[{"type":"input_text","text":"Q"},{"type":7}]},{"content":"x"},{"role":7,"content":"x"},{"role":null,"content":"x"}]}	Q
{"messages":[{"role":"user","content":"x","content":[{"text":"Q"}]}]}	Q
{"query":"x","query":"Q"}	Q
{"messages":{"role":"user","content":"Q"}}	'messages' is not an array
{"query":"Q","messages":"x"}	'messages' is not an array
{"standalone":"Q","messages":7}	'messages' is not an array
{"query":7,"messages":[{"role":"user","content":"Q"}]}	'query' is not a string
{"standalone":"Q","query":["Q"]}	'query' is not a string
{"standalone":{},"query":"Q"}	'standalone' is not a string
{"messages":[]}	no question: 'standalone', 'query' and the last user message are missing or empty
{"messages":[{"role":"assistant","content":"Q"},{"role":"tool","content":"Q"}]}	no question: 'standalone', 'query' and the last user message are missing or empty
{"messages":[{"role":"user","content":"　"}]}	no question: 'standalone', 'query' and the last user message are missing or empty
END
{
	cat rows
	printf '{"messages":[{"role":"user","content":[{"type":"text","text":"Q"}'
	seq 10000 | sed 's/.*/,{"type":"image_url","image_url":{"url":"&"}}/' |
		tr -d '\n'
	printf ']}]}\tQ\n'
} | sed 's/Q/退款多久到账/g' >odd
awk -F'\t' '{ sub(/}$/, ",\"id\":" NR "}", $1); print $1 }' odd >odd.in
sed 's/}$/,"answer":"3天。","hits":[]}/' odd.in >answered.in
cut -f2 odd >want
ok "the odd ones are JSON" jq -c . answered.in

# What each found: the question, or the error.
said='if .error then .error.message else '
prompt-render -t question.jinja --emit text <odd.in |
	jq -r "$said.prompt.text end" >got.prompt-render
llm-call --dry-run --embed <odd.in |
	jq -r "$said.request.body.input[0] end" >got.llm-call
fact-check --format=text <answered.in 2>err.fact-check |
	sed -n 's/^Q //p' >got.fact-check
kb-search --format=json kb.kb <odd.in | jq -r "$said(.hits[0].doc) end" \
	>docs.kb-search
echo '{"query":"退款多久到账"}' | kb-search kb.kb | jq -r '.hits[0].doc' >doc
# a question that cannot be asked leaves its error, any other its first hit
sed "s/^$(cat doc)\$/退款多久到账/" docs.kb-search >got.kb-search
llm-call --provider local <answered.in | jq -r "$said\"退款多久到账\" end" \
	>got.llm-call-local
# ctx-compress makes standalone of what was asked
ctx-compress <odd.in | jq -r "$said.standalone end" >got.ctx-compress

# A template of one's own may do without a question; --embed says what it
# lacks in its own words; fact-check needs none.
none="no question: "
sed "s/^$none.*/-/" want >want.none
for p in kb-search llm-call-local; do
	same "$p finds the question or says what is wrong" got.$p want
done
sed 's/^$/-/; s/.*undefined.*/-/' got.prompt-render | sed "s/^$none.*/-/" >got
same "prompt-render does, too" got want.none
sed "s/^no 'query', no 'text'.*/-/" got.llm-call >got
same "llm-call --embed does, too" got want.none
sed -n "s/^.*: \('.*' is not an\{0,1\} .*\)/\1/p" err.fact-check >errors
grep "is not" want >want.errors
same "fact-check fails for the same records" errors want.errors
sed 's/^$/-/' got.fact-check >got
sed "s/^'.*is not.*/-/" want.none >want.text
is "fact-check shows the question" "$(sed -n 1,16p got)" "$(sed -n 1,16p want.text)"
# no. 2 asks "x" of its query: standalone is made anew
sed '2s/.*/x/; s/^null$/-/' want.none >want.asked
sed 's/^null$/-/' got.ctx-compress >got
same "ctx-compress makes a standalone of it" got want.asked

# Nothing of a part that is no text comes into a prompt.
is "what is no text becomes none" \
	"$(prompt-render <picture.in | grep -cE '"prompt":.*(退货","|I cannot|AAAA)')" 0
finish
