#!/bin/sh
# What must not matter does not: threads, how the input is cut into files, the
# order of members. How an index came to be: see refresh.t.
. "$(dirname "$0")/../lib.sh"
need kb-index kb-search ctx-compress prompt-render llm-call fact-check

kb-index kb.kb "$ROOT/tests/data/shop" >log 2>&1 ||
	fail "the sample is indexed" log
head -60 "$ROOT/tests/data/questions.jsonl" >questions
head -20 "$ROOT/tests/data/dialogues.jsonl" >>questions
printf '{"answer":5,"messages":"none"}\n{"query":""}\n' >>questions
kb-search kb.kb -f questions | prompt-render | llm-call --provider=local >records
ok "the records hold what every filter reads" [ "$(wc -l <records)" -eq 82 ]

# filtered FILTER ARGUMENT...: with a provider that needs no network
filtered() {
	case $1 in
	llm-call) filter "$@" --provider=local ;;
	ctx-compress) filter "$@" -b 200 --over=flag ;;
	*) filter "$@" ;;
	esac
}

# in_order FILE: the members of its records sorted
in_order() { jq -cS . "$1"; }

head -41 records >first
tail -n +42 records >second
# the last member first
jq -c 'to_entries | reverse | from_entries' records >turned
for p in $filters; do
	filtered "$p" -f records >one 2>err
	for n in 2 3 8; do
		filtered "$p" -j $n -f records >many 2>err
		same "$p: -j $n gives the bytes of -j 1" many one
	done
	filtered "$p" -f first -f second >parts 2>err
	same "$p: two files are as good as one" parts one
	filtered "$p" <records >parts 2>err
	same "$p: so is standard input" parts one
	filtered "$p" -f turned >parts 2>err
	in_order parts >got
	in_order one >want
	same "$p: the order of members does not matter" got want
done

# ---- several answers to one question, one behind the other or not ----
jq -c 'select(.hits) | {id: .id, query, hits, answer} |
	., (.id += "-n" | .answer = ((.answer // "") + " 共 3 项，5 days.")),
	(.id += "-x" | .answer = "I do not know."),
	(.id += "-y" | .answer = "Orders ship within 48 hours. 满200元免费配送。")' \
	records >grouped
# the same in another order: by the last letters of the id
jq -cs 'sort_by(.id | split("-") | reverse) | .[]' grouped >apart
fact-check -f grouped 2>err | jq -cs 'sort_by(.id) | .[]' >got
fact-check -f apart 2>err | jq -cs 'sort_by(.id) | .[]' >want
ok "there are answers enough" [ "$(wc -l <want)" -gt 200 ]
same "answers to one question do not change each other" got want

# ---- an index ----
products="$ROOT/tests/data/shop/products.jsonl"
mkdir cut
head -20 "$products" >cut/a.jsonl
tail -n +21 "$products" >cut/b.jsonl
kb-index whole.kb "$products" >log 2>&1
kb-index parts.kb cut >log 2>&1
# documents: id, title, text; where they come from differs
documents() {
	kb-index --dump "$1" | jq -cS 'del(.kb_dump)' | sort
}
documents whole.kb >want
documents parts.kb >got
same "documents in several files make the index of one" got want
finish
