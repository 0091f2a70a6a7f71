#!/bin/sh
# Index the sample shop, answer its questions through all six programs, and
# show them to a reader. Programs come from $KB_BIN.
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
