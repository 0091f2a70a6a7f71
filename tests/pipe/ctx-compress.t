#!/bin/sh
# ctx-compress: budgets, passing through, order.
. "$(dirname "$0")/../lib.sh"
need ctx-compress

run ctx-compress -b 200 -f "$ROOT/tests/data/dialogues.jsonl"
is "every dialogue fits" "$status $(wc -l <out | tr -d ' ')" "0 20"
over=$(sed 's/.*"tokens_after":\([0-9]*\).*/\1/' out | awk '$1 > 200' | wc -l)
is "no budget is exceeded" "$((over))" 0
has "the question stands alone" out '"standalone":"'

echo '{"x":1.0,"id":12345678901234567890}' >in.jsonl
run ctx-compress -b 10 -f in.jsonl
same "a record without a conversation passes" out in.jsonl
echo '{"ts":1,"role":"user","content":"hello there"}' >turn.jsonl
run ctx-compress -b 100 -f turn.jsonl
has "a turn that is a record is counted" out '"tokens_before":[0-9]+,"tokens_after"'
is "and is not given a question" "$(grep -c standalone out)" 0
echo '{"id":1,"messages":[{"role":"user","content":"a b c d e f g h i j k l m n o p q r s t"}]}' >big.jsonl
run ctx-compress -b 5 -f big.jsonl
is "what must stay and does not fit is an error" "$status" 3
has "of code limit" out '"code":"limit"'
run ctx-compress -b 5 --over=flag -f big.jsonl
has "or is flagged" out '"over":true'
run ctx-compress -r 2 -f big.jsonl
is "a share above 1 is wrong usage" "$status" 2

ctx-compress -r 0.5 -f "$ROOT/tests/data/dialogues.jsonl" >one
ctx-compress -r 0.5 -j 2 -f "$ROOT/tests/data/dialogues.jsonl" >two
same "threads change nothing" one two

# ---- why ----

talks=$ROOT/tests/data/dialogues.jsonl
ctx-compress -b 200 --explain -f "$talks" >why
is "each message is told of, in its order" "$(jq -c '.compression |
	select(.explain | map(.turn) != [range(length)])' why | wc -l)" 0
is "what is said to be dropped or shortened is" "$(jq -c '.compression | select(
	[.explain[] | select(.fate == "dropped").turn] != .dropped or
	[.explain[] | select(.fate == "shortened").turn] != (.shortened // []))' why)" ""
is "what goes goes for the budget, what stays does not" "$(jq -c '.compression.explain[] |
	select((.fate == "kept") == (.why == "budget"))' why)" ""
jq -c 'del(.compression.explain)' why >without
ctx-compress -b 200 -f "$talks" | jq -c . >plain
same "who asks why gets the same" without plain
run ctx-compress -b 200 --explain --format=text -f "$talks"
is "people get a line a message" "$(grep -cE '^ +[0-9]+  (kept|shortened|dropped) ' out)" \
	"$(jq '.compression.explain | length' why | awk '{ n += $1 } END { print n }')"
printf '%s\n' '{"id":"\u001b[2J","compression":{"explain":[{"why":"\u001b[0m","fate":"a\u0007","text":"b\nc\u001b"}]}}' >steer
ctx-compress --format=text -f steer >out
is "no record steers a terminal" "$(tr -d '\n -~' <out | tr -d '\357\277\275\342\220\200-\277' | wc -c | tr -d ' ')" 0
run ctx-compress -b 200 --format=text -f "$talks"
has "without it what is left is shown" out '^user: '

# ---- which tokens ----

# [name] sends what jq prints of one record's compression.
told() { ctx-compress "$@" | jq -c '.compression | [.tokens_before, .exact, .tokenizer]'; }
say='{"messages":[{"role":"user","content":"退款要多久？ How long does a refund take?"}]}'
is "o200k is the default" "$(echo "$say" | told)" '[18,true,"o200k_base"]'
is "a model is known by its name" "$(echo "$say" | told -m gpt-4)" \
	'[21,true,"cl100k_base"]'
is "... with a provider and a date" \
	"$(echo "$say" | told -m openai/gpt-4o-mini-2024-07-18)" '[18,true,"o200k_base"]'
is "... another maker's is guessed" "$(echo "$say" | told -m qwen-max)" \
	'[18,false,"o200k_base"]'
is "... unless a tokenizer is named, too" \
	"$(echo "$say" | told -m qwen-max --tokenizer cl100k)" '[21,true,"cl100k_base"]'
is "an estimate where one asks for it" \
	"$(echo "$say" | told --tokenizer est | jq -c '.[1:]')" '[false,"est"]'
is "... and where bytes tell that it fits" \
	"$(echo "$say" | told -b 100 | jq -c '.[1:]')" '[false,"est"]'
is "... but not where they do not" \
	"$(echo "$say" | told -b 40)" '[18,true,"o200k_base"]'
is "a budget is used to its last token" "$(echo "$say" | told -b 18)" \
	'[18,true,"o200k_base"]'
run ctx-compress -b 17 <<END
$say
END
has "... and not by one more" out 'need 18 tokens, the budget leaves 17'
is "control tokens in text are text" \
	"$(echo '{"messages":[{"role":"user","content":"<|endoftext|>"}]}' | told)" \
	'[14,true,"o200k_base"]'
is "a name counts, a call is a guess" "$(printf '%s\n' \
	'{"messages":[{"role":"user","name":"anna","content":"hi"}]}' \
	'{"messages":[{"role":"assistant","content":"","tool_calls":[{"id":"c","function":{"name":"f","arguments":"{}"}}]}]}' |
	told | jq -c '.[:2]' | tr '\n' ' ')" '[10,true] [18,false] '
run ctx-compress --tokenizer nothing
has "no such tokenizer is wrong usage" err \
	"no tokenizer 'nothing': o200k, cl100k, est, or a file"
is "a file of a tokenizer counts" "$(echo "$say" |
	told --tokenizer "$ROOT/tests/fuzz/corpus/token/gpt2.json" |
	jq -c '.[1:]')" '[true,"gpt2.json"]'
run ctx-compress --tokenizer "$ROOT/tests/fuzz/corpus/token/ranks.tiktoken"
has "ranks of nothing that is known are refused" err \
	"26[0-9] ranks are of no vocabulary that is known here"
for budget in 50 120 300; do
	for model in gpt-4 gpt-4o; do
		ctx-compress -b $budget -m $model --over=flag \
			-f "$ROOT/tests/data/dialogues.jsonl" >fit
		is "$model: no dialogue is over $budget, counted anew" \
			"$(jq -c 'select(.compression.over != true)' <fit |
			ctx-compress --count --each=record -m $model |
			awk -v most=$budget '$1 > most' | wc -l | tr -d ' ')" 0
	done
done

# ---- counting files ----

printf 'Hello, world!\n你好\n' >a.txt
printf 'x' >b.txt
is "files are counted as wc counts words" "$(ctx-compress --count=o200k a.txt b.txt |
	sed 's/  */ /g')" " 2 6 21 a.txt
 0 1 1 b.txt
 2 7 22 total"
is "... one on standard input, too" "$(ctx-compress --count <a.txt | sed 's/  */ /g')" \
	" 2 6 21"
is "... packed or not" "$(gzip -c a.txt | ctx-compress --count -m gpt-4 | sed 's/  */ /g')" \
	" 2 7 21"
is "lines are counted" "$(ctx-compress --count --each=line a.txt b.txt | tr '\n' ' ')" \
	"4 1 1 "
is "records are counted with their frames" \
	"$(echo "$say" | ctx-compress --count --each=record)" 18
run ctx-compress --count=o200k a.txt nothing.txt b.txt
is "a file that is not there is told, and the next one counted" \
	"$status $(sed 's/  */ /g' out | tr '\n' '|')" "1  2 6 21 a.txt| 0 1 1 b.txt| 2 7 22 total|"
has "... by its name" err "ctx-compress: 'nothing.txt': No such file"
run ctx-compress --count --each=line nothing.txt b.txt
is "... so with lines" "$status $(cat out)" "1 1"
run ctx-compress a.txt
has "a word without --count is none" err "operand 'a.txt'"

# ---- a message a line ----

cat >log.jsonl <<'END'
{"ts":3,"session":"s1","role":"assistant","content":"2999元","agent":"x"}
{"ts":2,"session":7,"role":"user","content":"hi"}
{"ts":1,"session":"s1","role":"user","name":"Li","content":"青禾 X12 多少钱"}
no message
{"ts":9,"session":"s1","content":"no role"}
{"ts":4,"session":"s1","role":"user","content":"它支持快充吗？"}
END
run ctx-compress --by session --time ts -f log.jsonl
is "lines of a session are a conversation, in the order of their time" \
	"$(jq -c 'select(.id == "s1") | [.messages[].content]' out)" \
	'["青禾 X12 多少钱","2999元","它支持快充吗？"]'
is "... whose question stands alone" "$(jq -r 'select(.id == "s1") | .standalone' out)" \
	'X12 支持快充吗？'
is "... with what a provider reads" \
	"$(jq -c 'select(.id == "s1") | .messages[0:2] | map(keys)' out)" \
	'[["content","name","role"],["content","role"]]'
is "a line that is none costs one line" "$status $(wc -l <out | tr -d ' ')" "3 2"
has "... by its place" err 'log.jsonl:5: a message without .role.'
ctx-compress --by session -f log.jsonl 2>/dev/null | jq -c 'select(.id == "s1") | [.messages[].content]' >unsorted
is "without a time the order of lines counts" "$(cat unsorted)" \
	'["2999元","青禾 X12 多少钱","它支持快充吗？"]'
awk 'BEGIN { for (i = 0; i < 3000; i++) for (k = 0; k < 2; k++)
	printf "{\"s\":%d,\"role\":\"user\",\"content\":\"a%d\"}\n", i, k }' >sorted.jsonl
run ctx-compress --by s -f sorted.jsonl
is "sorted input is never split" "$(wc -l <out | tr -d ' ') $(wc -l <err | tr -d ' ')" "3000 0"
is "... and stays in order" "$(jq -r .id out | sort -n -c && echo yes)" yes
ctx-compress --by s -j 2 -f sorted.jsonl >two
same "... with threads, too" two out
awk 'BEGIN { for (k = 0; k < 2; k++) for (i = 0; i < 3000; i++)
	printf "{\"s\":%d,\"role\":\"user\",\"content\":\"a%d\"}\n", i, k }' >mixed.jsonl
run ctx-compress --by s -f mixed.jsonl
is "what does not fit into memory is split" "$(wc -l <out | tr -d ' ')" 6000
has "... and told" err "ctx-compress: 3000 conversations went on .* sort the input"
run ctx-compress --time ts -f log.jsonl
is "a time without a session is wrong usage" "$status" 2
finish
