#!/bin/sh
# Index the sample shop, ask it, answer its questions through all six programs,
# and show them to a reader. Programs come from $KB_BIN.
#
# usage: tests/demo.sh [all]     all: every answer, not a selection
set -eu
cd "$(dirname "$0")/.."
PATH=${KB_BIN:-$PWD/build}:$PATH
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT

say() { printf '\n\033[1m%s\033[0m\n' "$*"; }
[ -t 1 ] && [ -z "${NO_COLOR:-}" ] || say() { printf '\n%s\n' "$*"; }

say "kb-index shop.kb tests/data/shop"
kb-index -v "$work/shop.kb" tests/data/shop

for question in 信用卡退款要多久 'Who is the CEO'; do
	say "kb-ask shop.kb '$question'"
	kb-ask --format=text "$work/shop.kb" "$question"
done

say "ctx-compress -b 3000 | kb-search shop.kb | prompt-render | llm-call | fact-check shop.kb"
ctx-compress -b 3000 <tests/data/questions.jsonl |
	kb-search "$work/shop.kb" | prompt-render | llm-call |
	fact-check "$work/shop.kb" >"$work/answers.jsonl" || [ $? = 3 ]

if [ "${1:-}" = all ]; then
	cp "$work/answers.jsonl" "$work/shown.jsonl"
else
	# One of each kind of question, and every twentieth.
	awk 'NR % 20 == 1' "$work/answers.jsonl" >"$work/shown.jsonl"
fi
# fact-check passes a checked record on; as text it is for reading.
fact-check --format=text <"$work/shown.jsonl"

say "kb-eval answers < answers.jsonl"
kb-eval answers --format=text <"$work/answers.jsonl"
say "kb-eval retrieval < answers.jsonl"
kb-eval retrieval --format=text <"$work/answers.jsonl"

# Questions in other words than the documents', by words alone and with the
# models of 'make models'.
models=bge-small-zh,bge-small-en
paraphrased=tests/data/questions-paraphrased.jsonl
first() { kb-search "$@" <$paraphrased | kb-eval retrieval --format=text |
	awk '{ print $1, $3 }' | tail -1; }
if [ "$(kb-embed --list | grep -c '"name":"bge-small-[ze][hn]"')" -lt 2 ]; then
	say "30 questions in other words: 'make models' brings what finds them"
	exit
fi
say "30 questions in other words: kb-index --embed $models"
kb-index --embed $models "$work/models.kb" tests/data/shop
{
	echo "vectors - the first hit answers - of the first five"
	echo "no model - $(first "$work/shop.kb" | sed 's/ / - /')"
	echo "of models - $(first "$work/models.kb" | sed 's/ / - /')"
} | awk -F ' - ' '{ printf "%-10s  %-22s  %s\n", $1, $2, $3 }'
for question in '找人把电视钉到墙上要花多少钱？' \
	'How do I get you to erase everything you know about me?'; do
	printf '\n%s\n' "$question"
	for kb in shop models; do
		printf '  %-10s  ' "$([ $kb = shop ] && echo no model ||
			echo of models)"
		kb-search -k 1 --format=text "$work/$kb.kb" "$question" |
			awk -F '  ' 'NR == 1 { print $2 }'
	done
done
