#!/bin/sh
# The static encoder of an index: what stands in for a model that is away. The
# model is tests/data/models/tiny, whose weights are random: its vectors depend
# on the words of a text all the same.
# shellcheck source=tests/lib.sh
. "$(dirname "$0")/../lib.sh"
need kb-index kb-search kb-embed

export XDG_DATA_HOME="$T/data"
models=$T/data/kb/models
mkdir -p "$models"
model() { # NAME LANGUAGE
	kb-embed --import "$ROOT/tests/data/models/tiny/model.onnx" \
		--pooling=mean --language="$2" -o "$models/$1.kbm"
}
model han zh
model abc en
# docs LANGUAGE FROM TO: every one another text, of three kinds
docs() {
	awk -v zh="$1" -v from="$2" -v to="$3" 'BEGIN {
	split(zh == "zh" ? "退 款 费 到" : "a b c ab", w)
	for (i = from; i <= to; i++) {
		printf "{\"id\":\"%s%d\",\"text\":\"", zh, i
		for (n = 0; n < 8; n++)
			printf "%s%s", w[1 + i % 3], zh == "zh" ? "" : " "
		for (n = i; n; n = int(n / 4))
			printf "%s%s", w[1 + n % 4], zh == "zh" ? "" : " "
		print "\"}"
	} }'
}
info() { kb-index --info "$1" | jq -c "$2"; }
learned() { info "$1" '[.settings.static[]? | .chunks, .kept]'; }
# the file of an index that holds its encoder: learned_file INDEX [SLOT]
learned_file() {
	echo "$1/$(sed -n "s/^global ${2:-static} \([^ ]*\) .*/\1/p" \
		"$1/MANIFEST")"
}
asked() { # INDEX OPTION...: degraded, and whether some hit has a cosine
	kb-search -k 5 "$@" | jq -c '[.retrieval.degraded,
		([.hits[] | select(.legs.vector)] | length > 0)]'
}

docs en 1 1400 >docs.jsonl
run kb-index --seed=7 --embed=abc one.kb docs.jsonl
is "an index with vectors of a model learns an encoder" \
	"$status$(cat err)$(learned one.kb)" '0[1400,true]'
kb-index --verify one.kb
is "its file is checked with the others" $? 0
is "with the model it is not used" "$(asked one.kb 'a ab c')" '[null,true]'
is "--no-model: it stands in, which is said" \
	"$(asked --no-model one.kb 'a ab c')" \
	'["vector: no model, by --no-model; the index'"'"'s static encoder stands in",true]'
is "so it does for an embedder that fails" \
	"$(asked --embed-cmd false one.kb 'a ab c' | jq -c '[(.[0] |
	test("; the index.s static encoder stands in$")), .[1]]')" '[true,true]'
is "a record of another model's vectors" \
	"$(echo '{"query":"a ab c","vectors":{"model":"x","query":[1,2]}}' |
		asked one.kb)" \
	'["vector: the record'"'"'s vectors are of another model; the index'"'"'s static encoder stands in",true]'
is "a question of no known word: vectors of words, if anything" \
	"$(asked --no-model one.kb 'zebra' | jq -c '.[0]')" \
	'"vector: no model, by --no-model"'
# ... and its vectors are near the model's
kb-search -k 20 one.kb 'ab c b a ab' | jq -r '.hits[].doc' | sort >with
kb-search -k 20 --no-model one.kb 'ab c b a ab' | jq -r '.hits[].doc' |
	sort >without
ok "most of what it finds the model finds, too" \
	[ "$(comm -12 with without | wc -l)" -ge 10 ]
kb-search --legs vector -k 3 --no-model one.kb 'ab c b a ab' >alone
is "it serves alone" "$(jq -c '[(.hits | length), .retrieval.legs]' alone)" \
	'[3,["vector"]]'

# ---- how the index came to be does not matter ----

before=$(learned_file one.kb)
cp "$before" first
kb-index --rebuild --seed=7 one.kb docs.jsonl
same "a rebuild learns the same, to the byte" "$(learned_file one.kb)" first
head -600 docs.jsonl >half.jsonl
tail -n +601 docs.jsonl >rest.jsonl
kb-index --embed=abc parts.kb half.jsonl
is "of less there is another" "$(learned parts.kb)" '[600,true]'
sort -R --random-source=docs.jsonl rest.jsonl >mixed.jsonl
kb-index parts.kb mixed.jsonl
is "twice the chunks: it is learned anew" "$(learned parts.kb)" '[1400,true]'
same "and is that of a new build, whatever the order" \
	"$(learned_file parts.kb)" first
kb-index --single-thread --embed=abc threads.kb docs.jsonl
same "threads do not matter" "$(learned_file threads.kb)" first
kb-index --dump one.kb | kb-index --restore back.kb -
same "nor does a dump" "$(learned_file back.kb)" first
echo '{"id":"new","text":"b b b"}' | kb-index one.kb
is "a refresh that changes little keeps it" "$(learned one.kb)" '[1400,true]'
same "as it is" "$(learned_file one.kb)" first
head -300 docs.jsonl | kb-index --allow-delete --sync one.kb -
is "half of the chunks gone: learned anew" "$(learned one.kb)" '[300,true]'
head -100 docs.jsonl | kb-index --allow-delete --sync one.kb -
is "too few: there is none, and nothing is said of it" \
	"$(learned one.kb)$(grep -c '^global static' one.kb/MANIFEST)" '[]0'
is "then a search without the model says just that" \
	"$(asked --no-model one.kb 'a ab c' | jq -c '.[0]')" \
	'"vector: no model, by --no-model"'

# ---- a test keeps out what was not learned ----

awk 'BEGIN { srand(3); for (i = 1; i <= 400; i++) printf \
	"{\"id\":\"r%d\",\"text\":\"a b c number %d\",\"vector\":[%f,%f,%f,%f]}\n",
	i, i, rand() - .5, rand() - .5, rand() - .5, rand() - .5 }' >noise.jsonl
run kb-index noise.kb noise.jsonl
is "vectors that the words do not tell: none is kept, --info says so" \
	"$status$(cat err)$(learned noise.kb)$(
		info noise.kb '.settings.static[0].agreement < 0.5')$(
		grep -c '^global static' noise.kb/MANIFEST)" '0[400,false]true0'
awk 'BEGIN { for (i = 1; i <= 400; i++) printf \
	"{\"id\":\"r%d\",\"text\":\"kind%d of %d\",\"vector\":[%d,%d,1]}\n",
	i, i % 9, i, i % 9, i * 4 % 9 }' >own.jsonl
kb-index own.kb own.jsonl
is "vectors that came with the documents teach one, too" \
	"$(learned own.kb)$(asked own.kb kind3)" \
	'[400,true]["vector: the record has no vectors; the index'"'"'s static encoder stands in",true]'

# ---- two models ----

docs zh 1 500 >zh.jsonl
docs en 1 500 | cat zh.jsonl - >both.jsonl
kb-index --embed=abc,han two.kb both.jsonl
is "of two models there are two" "$(learned two.kb)$(
	grep -c '^global static' two.kb/MANIFEST)" '[500,true,500,true]2'
for question in 退款到:zh 'ab c:en'; do
	is "a question goes to that of its language (${question#*:})" \
		"$(kb-search --legs vector --no-model -k 40 two.kb \
			"${question%:*}" | jq -c '[.hits[] |
			select(.legs.vector) | .doc[:2]] | unique')" \
		"[\"${question#*:}\"]"
done
mv "$models/han.kbm" "$T/kept"
is "one model is away: its encoder stands in" "$(asked two.kb 退款到)" \
	'["vector: no model '"'han'"' on this machine (kb-embed --list); the index'"'"'s static encoder stands in",true]'
is "the other one is asked" "$(asked two.kb 'ab c')" '[null,true]'
is "several indexes are asked, each with its own" \
	"$(kb-search --legs vector --no-model -k 40 -i parts.kb two.kb 'ab c' |
		jq -c '[.hits[] | select(.legs.vector) | .doc[:2]] | unique')" \
	'["en"]'

# ---- damage ----

file=$(learned_file parts.kb)
cp "$file" whole
size=$(wc -c <whole)
for at in 70 200 $((size / 2)) $((size - 400)); do
	cp whole "$file"
	printf '\377' | dd of="$file" bs=1 seek="$at" conv=notrunc 2>dd.log
	cmp -s whole "$file" &&
		printf '\0' | dd of="$file" bs=1 seek="$at" conv=notrunc 2>dd.log
	run kb-search --no-model parts.kb 'a ab c'
	[ "$status" -le 2 ] || fail "a flipped byte at $at: no crash" err
	kb-index --verify parts.kb >log 2>&1
	is "a flipped byte at $at is found by --verify" $? 2
done
head -c $((size / 2)) whole >"$file"
run kb-search --no-model parts.kb 'a ab c'
is "a cut file is refused in one line" "$status$(wc -l <err)" 21
finish
