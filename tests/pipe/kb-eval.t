#!/bin/sh
# kb-eval: what it refuses, what it prints.
# shellcheck source=tests/lib.sh
. "$(dirname "$0")/../lib.sh"
need kb-eval

printf 'q1\td1\t1\n' >qrels.tsv
echo '{"id":"q1","hits":[{"doc":"d2"},{"doc":"d1"}]}' >run.jsonl

run kb-eval retrieval -q qrels.tsv run.jsonl
is "a run is measured" "$(cat out)" '{"run":"run.jsonl","queries":1,"missing":0,"hit@1":0,"recall@1":0,"recall@5":1,"recall@10":1,"recall@100":1,"mrr@10":0.5,"ndcg@10":0.6309,"all@10":1}'
gzip -c run.jsonl >run.jsonl.gz
kb-eval retrieval -q qrels.tsv - <run.jsonl.gz >out2
is "packed input is the same" "$(sed 's/"-"/"run.jsonl"/' out2)" "$(cat out)"
run kb-eval retrieval --format=text --set=小集 -q qrels.tsv run.jsonl run.jsonl
has "two runs are compared" out 'p 1.0000'
has "the set is named" out '小集: 1 queries'

run kb-eval
is "no command is wrong usage" "$status" 2
run kb-eval nonsense
is "an unknown command is wrong usage" "$status" 2
has "and is named" err "no command 'nonsense'"
run kb-eval retrieval -q nowhere.tsv run.jsonl
is "a missing file is an error" "$status" 2
has "and is named" err "nowhere.tsv"
printf '{"id":1}\nplain\n' >bad.jsonl
run kb-eval retrieval -q qrels.tsv bad.jsonl
has "a bad line is named" err 'bad.jsonl:2'
: >empty
run kb-eval answers empty
is "nothing to measure is an error" "$status" 2
if [ -w /dev/full ]; then
	kb-eval retrieval -q qrels.tsv run.jsonl >/dev/full 2>err
	is "a full disk is an error" "$?" 2
fi
# ---- judgements of an editor that marks its files ----
printf '\357\273\277q1 0 a 1\n' >marked.qrels
printf 'q1 Q0 a 1 0.5 t\n' >marked.run
run kb-eval retrieval --format=json -q marked.qrels marked.run
has "a byte order mark is no part of a query's id" out '"hit@1":1,'
finish
