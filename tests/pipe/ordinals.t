#!/bin/sh
# "The second one" of the list that was given, and of no other.
. "$(dirname "$0")/../lib.sh"
need ctx-compress

asked() { # WHAT THE ASSISTANT SAID, QUESTION
	jq -nc --arg a "$1" --arg q "$2" '{messages: [
		{role: "user", content: "?"}, {role: "assistant", content: $a},
		{role: "user", content: $q}]}' | ctx-compress |
		jq -r --arg q "$2" '.standalone // $q'
}
numbered='1. 青禾AX3000路由器，299元
2. **青禾BE7200路由器**：499元
3. 青禾AX1500路由器（149元）'
bullets='- Silver: 10 euros
- Gold: 20 euros'
named='We have the AX3000 (299 USD), the BE7200 (499 USD) and the AX1500 (149 USD).'

is "a numbered list" "$(asked "$numbered" 第二个多少钱？)" 青禾BE7200路由器多少钱？
is "its last" "$(asked "$numbered" 最后一款有货吗？)" 青禾AX1500路由器有货吗？
is "more than it has is left" "$(asked "$numbered" 第五个多少钱？)" 第五个多少钱？
is "a month is no item" "$(asked "$numbered" 第二个月会涨价吗？)" 第二个月会涨价吗？
is "bullets" "$(asked "$bullets" 'What does the first one include?')" \
	'What does Silver include?'
is "a floor is no item" "$(asked "$bullets" 'Is the first floor open on Sunday?')" \
	'Is the first floor open on Sunday?'
is "names in a sentence" "$(asked "$named" 'How much is the second one?')" \
	'How much is BE7200?'
is "the last of them" "$(asked "$named" 'And the last?')" 'And AX1500?'
is "names between 、" "$(asked 有标准间、豪华间和套房三种。 第三种多少钱？)" 套房多少钱？
is "two clauses are no list" \
	"$(asked 'It opens at nine, and closes at five.' 'How much is the second one?')" \
	'How much is the second one?'
is "nor are two of Chinese" "$(asked 上午营业和下午休息。 第二个多少钱？)" 第二个多少钱？
is "without a list nothing is put there" "$(asked 没有。 第二个多少钱？)" 第二个多少钱？

# CPU of many items and of many questions for them stays in proportion.
for n in 2000 4000; do
	awk -v n=$n 'BEGIN { for (i = 1; i <= n; i++) printf "%d. Item %d, %d euros\\n", i, i, i }' >list
	printf '{"messages":[{"role":"user","content":"?"},{"role":"assistant","content":"%s"},{"role":"user","content":"How much is the second one?"}]}\n' \
		"$(cat list)" >long.jsonl
	is "of $n items the second" "$(ctx-compress <long.jsonl | jq -r .standalone)" \
		'How much is Item 2?'
done
finish
