#!/bin/sh
# kb-index --embed=ZH,EN: passages and questions go to the model of their
# language. Both models are tests/data/models/tiny, whose weights are random, with
# other texts before what is embedded.
# shellcheck source=tests/lib.sh
. "$(dirname "$0")/../lib.sh"
need kb-index kb-search kb-embed

export XDG_DATA_HOME="$T/data"
models=$T/data/kb/models
mkdir -p "$models"
model() { # NAME LANGUAGE PREFIX [POOLING]
	kb-embed --import "$ROOT/tests/data/models/tiny/model.onnx" \
		--pooling="${4:-mean}" --language="$2" --query-prefix="$3" \
		--passage-prefix="$3" -o "$models/$1.kbm"
}
model han zh 'b '
model abc en 'c '
model xyz en 'c ' cls
awk 'BEGIN { split("a b c ab", w); split("退 款 费 到", h)
for (i = 1; i < 61; i++) {
	printf "{\"id\":\"d%d\",\"text\":\"", i
	for (n = i; n; n = int(n / 4))
		printf "%s", i % 2 ? h[1 + n % 4] : w[1 + n % 4] " "
	print "\"}" } }' >docs.jsonl

info() { kb-index --info "$1" | jq -c "$2"; }
vectors() { kb-index --dump "$1" | jq -c 'select(.id == "'"$2"'") | .kb_dump |
	[.vectors.model, .vectors_2.model]'; }
run kb-index --seed=7 --embed=abc,han two.kb docs.jsonl
is "two models embed, the Chinese one is the first" \
	"$status$(cat err)$(info two.kb '[.settings | .vectors, .vectors_2 |
	[.model, .dim, .embed, .language]]')" \
	'0[["han",32,true,"zh"],["abc",32,true,"en"]]'
is "each text by that of its language" "$(vectors two.kb d1)$(vectors two.kb d2)" \
	'["han",null][null,"abc"]'
is "with what each wants before it" "$(info two.kb '[.settings |
	.embed_prefixes.passage, .embed_prefixes_2.passage]')" '["b ","c "]'
is "the cosine of any two texts is known of both" \
	"$(info two.kb '.settings.null.cosines | length')" 2
kb-index --verify two.kb
is "the index is sound" $? 0

for language in zh:退款:han en:'a c':abc; do
	IFS=: read -r code question name <<-END
		$language
	END
	kb-search -k 60 two.kb "$question" >hits
	is "$code: a question finds texts of its language by vector" \
		"$(jq -c '[.retrieval.degraded, ([.hits[] |
		select(.legs.vector) | .doc[1:] | tonumber % 2] | unique)]' \
			hits)" "[null,[$([ "$code" = zh ] && echo 1 || echo 0)]]"
	echo "{\"query\":\"$question\"}" | kb-embed -m "$name" >record
	jq -c .vectors.model record >named
	kb-search -k 60 two.kb <record >own
	is "$code: as with its vector in the record" \
		"$(jq -c '[.hits[] | .doc, .legs.vector]' own)" \
		"$(jq -c '[.hits[] | .doc, .legs.vector]' hits)"
	kb-index --seed=7 --embed="$name" one.$code.kb docs.jsonl
	kb-search -k 60 one.$code.kb "$question" >one
	is "$code: cosines are those of that model alone" \
		"$(jq -cS '[.hits[] | select(.legs.vector) | {(.doc):
		.legs.vector}] | add' hits)" "$(jq -cS '[.hits[] |
		select((.doc[1:] | tonumber % 2) == '"$([ $code = zh ] &&
			echo 1 || echo 0)"') | {(.doc): .legs.vector}] | add |
		with_entries(select(.value))' one)"
done

# ---- refreshes ----

kb-index --dump two.kb >first
kb-index --seed=7 --embed=han,abc order.kb docs.jsonl
kb-index --dump order.kb >second
same "the order in which they are named does not matter" first second
echo '{"id":"new-zh","text":"费用到账"}
{"id":"new-en","text":"c ab b"}' >more.jsonl
run kb-index two.kb more.jsonl
is "a refresh goes on with both" "$status$(vectors two.kb new-zh)$(
	vectors two.kb new-en)" '0["han",null][null,"abc"]'
cat docs.jsonl more.jsonl >all.jsonl
kb-index --seed=7 --embed=han,abc anew.kb all.jsonl
kb-search -k 60 -f - two.kb >a <<'END'
{"id":1,"query":"退费"}
{"id":2,"query":"c b"}
END
kb-search -k 60 -f - anew.kb >b <<'END'
{"id":1,"query":"退费"}
{"id":2,"query":"c b"}
END
found() { jq -c '[.hits[] | .doc, .legs.vector]' "$1"; }
is "what is refreshed finds as what is built anew" "$(found a)" "$(found b)"
kb-index --optimize two.kb
rows() { kb-index --dump "$1" |
	jq -c '[.id, .kb_dump.vectors, .kb_dump.vectors_2]' | sort; }
rows two.kb >merged && rows anew.kb >built
same "a merge keeps both" merged built
kb-index --dump two.kb | kb-index --restore --seed=7 back.kb -
is "so does a restore" "$(info back.kb '.settings | [.vectors, .vectors_2] |
	map([.model, .language, .embed])')" \
	'[["han","zh",true],["abc","en",true]]'
rows back.kb >restored
same "to the bit" merged restored
echo '{"id":"en-only","text":"c c"}' |
	kb-index --embed=han,abc english.kb -
echo '{"id":"zh","text":"退款"}' | kb-index english.kb -
is "a language that comes later finds its model" "$(vectors english.kb zh)" \
	'["han",null]'

# ---- none is embedded twice ----

mv "$models/abc.kbm" "$models/kept"
cp "$models/xyz.kbm" "$models/abc.kbm" # another model under that name
kb-index --rebuild --seed=7 one.en.kb docs.jsonl
row() { kb-index --dump "$1" | jq -c 'select(.id == "d2") | .kb_dump |
	(.vectors // .vectors_2).rows'; }
row one.en.kb >x && row anew.kb >y
same "not by --rebuild" x y
kb-index --rebuild --embed=abc,han one.en.kb docs.jsonl
row one.en.kb >x
same "nor when a second model takes the other language over" x y
mv "$models/kept" "$models/abc.kbm"

# ---- what is refused, or missing ----

while IFS=: read -r what options message; do
	# shellcheck disable=SC2086 # options are words
	run kb-index $options bad.kb docs.jsonl
	is "$what: refused" "$status" 2
	has "$what: in words" err "$message"
	rm -rf bad.kb
done <<'CASES'
three:--embed=han,abc,xyz:takes 2 models at most
two of one language:--embed=abc,xyz:one is Chinese and one English
one that is not here:--embed=han,none:no model 'none' on this machine
a command:--embed=han,abc --embed-cmd=false:go with one model
a prefix:--embed=han,abc --embed-query-prefix=x:go with one model
nothing behind the comma:--embed=han,:no name of a model
CASES
run kb-index --embed=han two.kb docs.jsonl
has "one of the two alone is another index" err "model 'abc'; use --rebuild"
run kb-index --embed=han,xyz two.kb docs.jsonl
has "and so is another one" err "model 'abc'; use --rebuild"
run kb-index --embed=abc,han one.zh.kb docs.jsonl
has "as is a second one" err "model 'han'; use --rebuild"

mv "$models/abc.kbm" "$models/away"
run kb-search -k 3 two.kb 'a c'
is "a search goes on without a model that is away" \
	"$status$(jq -c '.hits | length' out)" 03
is "and says which" "$(jq -r '.retrieval.degraded[]? // .retrieval.degraded' \
	out)" "vector: no model 'abc' on this machine (kb-embed --list)"
run kb-search -k 3 two.kb 退款
is "the other language has its own" \
	"$status$(jq -c '.retrieval.degraded' out)" 0null
run kb-index two.kb more.jsonl
is "an index is not refreshed without it" "$status" 2
has "in words" err "no model 'abc' on this machine, one of two"
mv "$models/away" "$models/abc.kbm"
finish
