#!/bin/sh
# kb-search --tune: the weights of the legs, learned and kept.
. "$(dirname "$0")/../lib.sh"
need kb-search
need kb-index

# Questions whose words point at the next document, and whose vectors at the
# right one, though at a third of the greatest cosine: by default the words win.
awk 'BEGIN {
	for (i = 0; i < 60; i++) {
		v = sprintf("%.4f,%.4f,%.4f,%.4f", sin(i), cos(i),
			sin(2.3 * i), cos(2.3 * i))
		printf "{\"id\":\"d%d\",\"text\":\"Word%d 第%d号 of many.\",\
\"vector\":[%s,0]}\n", i, i, i, v > "docs.jsonl"
		printf "{\"id\":\"q%d\",\"query\":\"which is word%d?\",\
\"vectors\":{\"query\":[%s,4]}}\n", i, (i + 1) % 60, v > "asked"
		printf "q%d\td%d\t1\n", i, i > "qrels"
	}
}'
kb-index v.kb docs.jsonl
first() { kb-search -f asked --format=trec -k 1 "$@" v.kb |
	awk '{ n += substr($1, 2) == substr($3, 2) } END { print n }'; }
before=$(first)
ok "before, the words win nearly always" test "$before" -lt 3
cp -r v.kb other.kb

if command -v flock >/dev/null; then
	exec 9>>v.kb/LOCK
	flock 9
	run kb-search --tune qrels -f asked v.kb
	exec 9>&-
	is "while somebody writes, come again" "$status $(wc -l <err)" "75 1"
	ok "though what was learned is shown" grep -q '"written":false' out
	is "and nothing is changed" "$(first)" "$before"
fi

run kb-search --tune qrels -f asked v.kb
is "weights are learned" "$status" 0
is "silently" "$(cat err)" ""
ok "and are the index's now" grep -q '"written":true' out
is "both halves are shown, before and after" "$(jq -c '[.asked, .judged,
	(.before, .after | .learned.n + .held_out.n)]' out)" "[60,60,60,60]"
is "before and after differ" "$(jq '.before.held_out["ndcg@10"] <
	.after.held_out["ndcg@10"]' out)" true
is "after, the vectors win" "$(first)" 60
is "weights of the line still come first" "$(first --weights 1,0,0)" 0
mv out learned

run kb-search -j 4 --tune qrels -f asked other.kb
ok "threads change nothing" cmp out learned
run kb-search --tune qrels -f asked v.kb
is "what is learned already is not written again" \
	"$status $(jq -c .written out)" "0 false"

weights() { kb-index --info v.kb | jq -c .settings.search.weights; }
weights >before
echo '{"id":"new","text":"Another word. 又一个词。"}' | kb-index v.kb -
weights >after
ok "a refresh keeps them" cmp before after
kb-index --optimize v.kb
weights >after
ok "so does --optimize" cmp before after
kb-index --rebuild v.kb docs.jsonl
weights >after
ok "and --rebuild" cmp before after

head -12 qrels >few
for file in qrels asked; do
	cp $file before
	run kb-search --tune qrels -f asked -o $file v.kb
	has "-o does not replace $file" err 'are the same file$'
	same "... which stays" $file before
done
run kb-search --tune few -f asked v.kb
is "a few questions are too few" "$status $(wc -l <err)" "2 1"
run kb-search --tune nowhere -f asked v.kb
is "judgements that are not there are said" "$status $(wc -l <err)" "2 1"
run kb-search --tune qrels --weights 1,1,1 -f asked v.kb
is "weights are given or learned" "$status" 2
run kb-search --format=text --tune qrels -f asked v.kb
is "people get a table" "$(sed -n 2p out | cut -c1-16)" "learned   before"

# Passages that differ in nothing but where the words of the question stand.
awk 'BEGIN {
	for (i = 0; i < 60; i++) {
		printf "{\"id\":\"a%d\",\"text\":\"Lamp %d was of glass and " \
			"it was red 灯.\"}\n", i, i > "orders.jsonl"
		printf "{\"id\":\"b%d\",\"text\":\"It was a red glass lamp " \
			"%d of 灯 and.\"}\n", i, i > "orders.jsonl"
		for (k = 0; k < 4; k++)
			printf "{\"id\":\"c%d-%d\",\"text\":\"Tea number " \
				"%d is green.\"}\n", i, k, i * 4 + k + 60 \
				> "orders.jsonl"
		printf "{\"id\":\"q%d\",\"query\":\"red glass lamp %d\"}\n", \
			i, i > "lamps"
		printf "q%d\tb%d\t1\n", i, i > "orders"
	}
}'
kb-index fit.kb orders.jsonl
found() { kb-search -f lamps --format=trec -k 1 "$@" fit.kb |
	awk '{ n += $3 ~ /^b/ } END { print n }'; }
is "words alone do not tell the passages apart" "$(found)" 0
cat >model <<'END'
{"kb_model":1,"kind":"linear","name":"r","features":[{"name":"cover","weight":1}]}
END
run kb-search --tune orders --model-file model -f lamps fit.kb
is "a reranker of one's own is tried instead of the built-in one" \
	"$status $(jq -c '[.written, .after.fit]' out)" "0 [false,null]"
sed 's/cover/order/' model >own
cp -r fit.kb own.kb
run kb-search --tune orders --model-file own -f lamps own.kb
is "and taken where it helps" "$(jq -c \
	'[.written, .after.fit.order > 0, .after.fit.title]' out)" \
	"[true,true,0]"
sed 's/linear/logistic/' model >logistic
sed 's/cover/moon/' model >foreign
for bad in logistic foreign none; do
	run kb-search --tune orders --model-file $bad -f lamps own.kb
	is "a model that is none is refused: $bad" \
		"$status $(wc -c <out) $(grep -c "'$bad'" err)" "2 0 1"
done
run kb-search --tune orders -f lamps fit.kb
is "the reranker is on where it helps" "$(jq -c \
	'[.written, .before.fit != null, .after.fit != null]' out)" \
	"[true,false,true]"
is "then the order of the words tells" "$(found)" 60
is "weights of the line leave it out" "$(found --weights 1,0,0)" 0
kb-index --dump fit.kb | kb-index --restore copy.kb
kb-search -f lamps --format=trec fit.kb > of_fit
kb-search -f lamps --format=trec copy.kb > of_copy
same "a copy made from a dump has learned the same" of_fit of_copy
kb-search --explain -f lamps fit.kb | head -1 > one
ok "--explain says what it adds" \
	jq -e '.hits[0].explain.fit.score > .hits[1].explain.fit.score' one
finish
