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
# ---- limits ----
cat >answers.jsonl <<'EOF'
{"id":1,"answer":"7 days","route":"answer","gold":{"answers":["7 days"],"assert":[{"regex":"^\\d+ days$"},{"max_length":3}]}}
{"id":2,"answer":"{\"days\":8}","route":"answer","gold":{"answers":["9"],"assert":{"schema":{"type":"object","required":["days"],"properties":{"days":{"type":"integer"}}}}}}
EOF
run kb-eval answers --format=json --fail-under accuracy_answered=0.5 \
	answers.jsonl
is "a limit that is kept is no failure" "$status" 0
has "assertions are counted" out '"assertions":0.6667,"asserted":0.5'
has "and numbers" out '"numbers":0.5'
run kb-eval answers --fail-under accuracy_answered=0.95 \
	--fail-over hallucination=0.1 answers.jsonl
is "a limit that is not kept is" "$status" 1
has "which is said" err 'accuracy_answered is 0.5000, under 0.95'
has "of each" err 'hallucination is 0.5000, over 0.1'
has "behind the report" out '"accuracy_answered":0.5'
run kb-eval answers --fail-under unanswerable_routed=0.5 answers.jsonl
is "what is not known keeps no limit" "$status" 1
has "and is called so" err 'unanswerable_routed is not known'
run kb-eval answers --fail-under acuracy=0.95 answers.jsonl
is "a measure that is not there is wrong usage" "$status" 2
has "and is named" err "no measure 'acuracy'"
run kb-eval answers --fail-under accuracy=high answers.jsonl
is "a limit without a number is wrong usage" "$status" 2
run kb-eval retrieval --fail-under mrr@10=0.9 -q qrels.tsv run.jsonl
is "runs have limits, too" "$status" 1
echo '{"answer":"x","gold":{"answers":"x","assert":{"regexp":"x"}}}' >bad.jsonl
run kb-eval answers bad.jsonl
is "an assertion that is none is an error" "$status" 2
has "with its place" err "bad.jsonl:1: gold.assert: 'regexp'"

# ---- labels ----
i=0
while [ $i -lt 200 ]; do
	i=$((i + 1)) right=$((i > 20))
	echo "{\"id\":$i,\"label\":$right,\"confidence\":$((3 + 4 * right))e-1,\"kind\":\"k$((i % 2))\"}"
done >labels.jsonl
run kb-eval check --format=json --by kind --plot p.svg labels.jsonl
is "labels are checked" "$status" 0
has "they part" out '"auroc":1,'
has "and a threshold is certified" out \
	'"certified_threshold":0.7,"certified_answered":0.9,"certified_risk":0,'
has "and kept" out '"draws_violated":0,'
has "each kind has a line" out \
	'"by":"kind","value":"k1","right":90,"right_answered":1,"wrong":10,"wrong_answered":0'
has "the picture is one" p.svg '<svg xmlns'
cp out first
kb-eval check --format=json --by kind labels.jsonl >again
ok "the same seed gives the same report" cmp first again
head -n 60 labels.jsonl | kb-eval check --format=json >out
has "few labels certify nothing" out \
	'"certified_threshold":null,"certified_answered":0,'
cp labels.jsonl kept
run kb-eval check --plot ./labels.jsonl labels.jsonl
is "--plot replaces no file that is measured" \
	"$status $(grep -c 'are the same file$' err)" "2 1"
same "... which stays" labels.jsonl kept
run kb-eval check --plot nowhere/p.svg labels.jsonl
is "a picture that cannot be written is an error" "$status" 2
is "and nothing is printed" "$(cat out)" ""

# ---- two files ----
sed 's/"answer":"7 days"/"answer":"7"/' answers.jsonl >worse.jsonl
run kb-eval compare --format=json worse.jsonl answers.jsonl
is "two files are compared" "$status" 0
has "record by record" out \
	'"measure":"contained","records":2,"unpaired":0,"a":0,"b":0.5,"only_a":0,"only_b":1,'
run kb-eval compare --format=text --fail-under contained_difference=0 \
	answers.jsonl worse.jsonl
is "a loss can fail" "$status" 1
run kb-eval compare answers.jsonl
is "one file is wrong usage" "$status" 2
seq 1001 | jq -sc '{id:1,query:"q",answer:"7",gold:{answers:map(tostring)}}' >many
run kb-eval answers many
is "more than 1000 gold answers are refused" "$status $(cat err)" \
	"2 kb-eval: many:1: gold.answers: more than 1000"
jq -c '.gold.answers |= .[1:]' many >fewer
run kb-eval answers fewer
has "... 1000 are not" out '"contained":1,'
finish
