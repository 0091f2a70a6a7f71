#!/bin/sh
# kb-index --embed and kb-search with a model in the process: tests/data/models/
# tiny, whose weights are random.
# shellcheck source=tests/lib.sh
. "$(dirname "$0")/../lib.sh"
need kb-index kb-search kb-embed

tiny=$ROOT/tests/data/models/tiny
export XDG_DATA_HOME="$T/data"
models=$T/data/kb/models
mkdir -p "$models"
kb-embed --import "$tiny/model.onnx" --pooling=mean --query-prefix='b ' \
	--passage-prefix='c ' -o "$models/tiny.kbm"
awk 'BEGIN { split("a b c ab", w); for (i = 1; i < 90; i++) {
	printf "{\"id\":\"d%d\",\"text\":\"", i
	for (n = i; n; n = int(n / 4)) printf "%s ", w[1 + n % 4]
	print "\xe9\x80\x80\"}" } }' >docs.jsonl

run kb-index --seed=7 --embed=tiny one.kb docs.jsonl
is "a model in the process embeds" "$status$(cat err)" 0
is "... and is recorded" "$(kb-index --info one.kb |
	jq -c '.settings.vectors')" '{"model":"tiny","dim":32,"embed":true}'
is "what it wants before texts is kept" "$(kb-index --dump one.kb | sed 1q |
	jq -c '[.. | .query? , .passage? | strings]')" '["b ","c "]'
kb-index --seed=7 --single-thread --embed=tiny two.kb docs.jsonl
kb-index --dump one.kb >one && kb-index --dump two.kb >two
same "threads change nothing" one two

kb-search -k 3 one.kb 'a b 退' >hits
is "a question is embedded in the process" "$(jq -c '[.retrieval.legs[1],
	.retrieval.degraded]' hits)" '["vector",null]'
evidence() { kb-search --explain "$@" 'a b 退' | jq -c '.retrieval |
	[.confidence, .evidence.vector]'; }
is "its cosine makes a search more or less sure" "$(evidence one.kb |
	jq '.[1] > 0')$(evidence --embed-cmd false one.kb | jq '.[1]')$([ \
	"$(evidence one.kb | jq '.[0]')" = "$(evidence --embed-cmd false one.kb |
	jq '.[0]')" ] || echo differs)" true0differs
cat >flat.json <<'END'
{"kb_model":1,"kind":"logistic","features":[{"name":"vector","weight":0}],"bias":0}
END
is "weights that are given are for both" "$(evidence --model-file=flat.json one.kb |
	jq '.[0]')$(evidence --model-file=flat.json --embed-cmd false one.kb |
	jq '.[0]')" 0.50.5
echo '{"query":"a b 退"}' | kb-embed -m tiny | kb-search -k 3 one.kb >record
is "as kb-embed does" "$(jq -c '[.hits[] | .doc, .legs.vector]' record)" \
	"$(jq -c '[.hits[] | .doc, .legs.vector]' hits)"
kb-index --seed=7 --embed=tiny --embed-cmd "kb-embed -m tiny" \
	--embed-query-prefix='b ' --embed-passage-prefix='c ' three.kb docs.jsonl
kb-index --dump three.kb >three
same "and as kb-embed does as a command" one three

echo '{"id":"new","text":"c c 款"}' >>docs.jsonl
mv "$models/tiny.kbm" "$models/away"
run kb-search -k 1 one.kb 'a b'
is "a model that is away is said, and searched without" \
	"$status$(jq -c '[(.hits | length), (.retrieval.degraded != null)]' out)" \
	'0[1,true]'
head -c 20000 "$models/away" >"$models/tiny.kbm"
run kb-search -k 1 one.kb 'a b'
is "a damaged one, too" "$status$(jq -c '.hits | length' out)" 01
has "... in words" out "degraded.*tiny.kbm' is damaged: cut short"
run kb-index one.kb docs.jsonl
is "an index is not changed with it" "$status" 2
has "... and it is named" err "tiny.kbm' is damaged: cut short; import"
mv "$models/away" "$models/tiny.kbm"
run kb-index -v one.kb docs.jsonl
is "a refresh goes on with the model" "$status" 0
kb-search -k 200 one.kb 'c c 款' >after
is "the new text has a vector" "$(jq -r '.hits[] | select(.doc == "new") |
	.legs.vector > 0' after)" true

run kb-index --embed=tiny --embed-passage-type=document four.kb docs.jsonl
has "a type of texts is refused" err "knows no type of texts such as 'document'"
# ---- committed as it goes ----

# Files that change, grow, lose documents, go, and take each other's ids, in
# parts of one document, end as an index that is built of them at once.
dump() { kb-index --dump "$1" | jq -cS 'del(.kb_dump.settings)' | sort; }
mkdir tree
head -n 12 docs.jsonl >tree/b.jsonl
sed -n '20,24p' docs.jsonl >tree/d.jsonl
for i in 1 2 3; do echo "a b $i c 退款" >"tree/c$i.txt"; done
kb-index --commit-every=0.000001s --embed=tiny parts.kb tree
kb-index --embed=tiny at-once.kb tree
dump parts.kb >parts && dump at-once.kb >at-once
same "what is committed in parts is what is built at once" parts at-once
ok "in parts" test "$(kb-index --info parts.kb | jq .generation)" -ge 15
sed -e '3,5d' -e 's/退/款/' docs.jsonl | head -n 30 >tree/b.jsonl
sed -n '18,22p' docs.jsonl >tree/a.jsonl
echo "new" >tree/c2.txt
echo 'broken {' >>tree/d.jsonl
rm tree/c1.txt
run kb-index --commit-every=0.000001s -v --allow-delete parts.kb tree
is "a refresh in parts says a problem once" \
	"$status $(grep -c "d.jsonl:6" err)" "3 1"
kb-index --embed=tiny after.kb tree 2>/dev/null
dump parts.kb >parts && dump after.kb >at-once
same "and ends as what is built of them at once" parts at-once
kb-index --verify parts.kb
is "and is sound" $? 0
kb-index -v parts.kb tree 2>said
has "with nothing left to do" said " 0 read, .* 0 added, 0 replaced, 0 removed"

for bad in ../tiny ./tiny.kbm; do
	run kb-index --embed=$bad five.kb docs.jsonl
	has "'$bad' is no name of one, but llm-call is asked" err \
		'no provider is configured to ask for model'
	rm -rf five.kb
done
finish
