#!/bin/sh
# Models from files of weights: the file of a built-in model changes nothing,
# other weights do, and what is no such file is refused in a line.
. "$(dirname "$0")/../lib.sh"
need kb-index kb-search llm-call fact-check prompt-render model_write jq
data=$ROOT/tests/data
kb-index kb.kb "$data/shop" 2>err
kb-search kb.kb -k 3 --format=json -f "$data/questions.jsonl" >found
llm-call --provider=local -f found >answered

# with_model NAME ARGUMENT...: the program that asks a model of this name
with_model() {
	case $1 in
	confidence) shift && kb-search kb.kb -k 3 -f "$data/questions.jsonl" "$@" ;;
	answer) shift && llm-call --provider=local -f found "$@" ;;
	judge) shift && llm-call --provider=local --rerank -f found "$@" ;;
	claim) shift && fact-check -f answered "$@" ;;
	esac
}

for name in confidence answer judge claim; do
	model_write $name >own.json
	with_model $name >plain 2>err
	ok "$name: there are records" [ "$(wc -l <plain)" -gt 5 ]
	run with_model $name --model-file own.json
	same "... the file of the built-in model changes nothing" out plain
	is "... and is read without a word" "$status$(cat err)" 0
	jq -c '.bias += 1' own.json >other.json
	run with_model $name --model-file=other.json
	ok "... one with another bias does" test -s out -a "$status" = 0
	is "... change what comes out" "$(cmp -s out plain; echo $?)" 1
	jq -c 'del(.features[1:])' own.json >less.json
	run with_model $name --model-file=less.json
	is "... and it need not have all features" "$status$(cat err)" 0

	jq -c '.kb_model = 2' own.json >version
	jq -c '.kind = "linear" | del(.calibration)' own.json >linear
	jq -c '.features[0].name = "moon"' own.json >foreign
	head -c 100 own.json >short
	echo '{"id":1,"query":"x"}' >record
	jq -c '.features[0].weight = "much"' own.json >text
	head -c 1100000 /dev/zero | tr '\0' ' ' >large
	for bad in version linear foreign short record text large none; do
		run with_model $name --model-file=$bad
		is "$name: a file that is wrong is refused: $bad" \
			"$status $(wc -c <out) $(wc -l <err)" "2 0 1"
		has "... by its name" err "^[a-z-]*: .*'$bad'"
	done
	run with_model $name --model-file=version
	has "... a version" err "a model of version 2; this program reads 1"
	run with_model $name --model-file=foreign
	has "... a feature that is not measured" err "nothing here measures 'moon'"
done
run llm-call --embed --model-file own.json -f found
is "no model of weights embeds" "$status $(wc -l <err)" "2 1"
finish
