#!/bin/sh
# Encoders of XLM-R's shape, and cross-encoders as rerankers: kb-embed of the
# models of random weights in tests/data/models, beside what an implementation
# of its own gives (tests/eval/tiny-models.py).
# shellcheck source=tests/lib.sh
. "$(dirname "$0")/../lib.sh"
need kb-embed kb-index kb-search ctx-compress python3 jq

from=$ROOT/tests/data/models
export XDG_DATA_HOME="$T/data"
models=$T/data/kb/models
mkdir -p "$models"

# ---- XLM-R ----

run kb-embed --import "$from/xlmr" -o "$models/xlmr.kbm"
has "a sentence model must say how it pools" err 'use --pooling$'
run kb-embed --import "$from/xlmr" --pooling mean -o "$models/xlmr.kbm"
is "a model of XLM-R's shape is imported" "$status$(cat err)" 0
run kb-embed --info -m xlmr
is "positions of padding are none of its own" "$(jq -c '[.dimensions,.layers,
	.positions,.max_tokens,.vocabulary,.tokenizer,.pooling]' out)" \
	'[32,2,24,24,20,"unigram","mean"]'
kb-embed -m xlmr -f "$from/xlmr/model.jsonl" >vectors
is "its vectors are those of the reference" "$(
	python3 - vectors "$from/xlmr/model.jsonl" <<'PY'
import base64, json, struct, sys
def rows(path, code, size):
    for line in open(path, encoding="utf-8"):
        raw = base64.b64decode(json.loads(line)["vector"])
        yield struct.unpack(f"<{len(raw) // size}{code}", raw)
def dot(a, b):
    return sum(x * y for x, y in zip(a, b))
pairs = list(zip(rows(sys.argv[1], "f", 4), rows(sys.argv[2], "b", 1)))
least = min(dot(a, b) / (dot(a, a) * dot(b, b)) ** .5 for a, b in pairs)
print(len(pairs), "near" if least > .999 else least)
PY
)" "10 near"
is "its tokenizer counts, too" "$(echo '{"messages":[{"role":"user",
	"content":"a b c"}]}' | tr -d '\n\t' | ctx-compress -b 100 \
	--tokenizer "$from/xlmr/tokenizer.json" |
	jq -c '.compression | [.exact, .tokenizer]')" '[true,"tokenizer.json"]'

# ---- centred ----

awk 'BEGIN { for (i = 0; i < 24; i++) {
	print substr("a b c, ab c b a", 1 + i % 7, 3 + i % 5)
	print substr("c b", 1, i % 4), "退款" substr("abc", 1 + i % 3)
} }' >lines
run kb-embed --import "$models/xlmr.kbm" --centre lines -o "$models/centred.kbm"
is "a model is centred" "$status$(cat err)" 0
run kb-embed --info -m centred
is "... and says so" "$(jq -c .centred out)" true
grep . lines | jq -Rc '{text:.}' >lines.jsonl
kb-embed -m xlmr -f lines.jsonl >plain
kb-embed -m centred -f lines.jsonl >taken
is "the mean of the language is taken off" "$(
	python3 - plain taken <<'PY'
import base64, json, struct, sys
def rows(path):
    for line in open(path, encoding="utf-8"):
        raw = base64.b64decode(json.loads(line)["vector"])
        yield struct.unpack("<32f", raw)
def dot(a, b):
    return sum(x * y for x, y in zip(a, b))
plain, taken = list(rows(sys.argv[1])), list(rows(sys.argv[2]))
least = 1
for first in (0, 1):
    of = plain[first::2]
    mean = [sum(x) / len(of) for x in zip(*of)]
    for a, b in zip(of, taken[first::2]):
        a = [x - m for x, m in zip(a, mean)]
        least = min(least, dot(a, b) / (dot(a, a) * dot(b, b)) ** .5)
print(len(plain), "near" if least > .9999 else least)
PY
)" "48 near"
run kb-embed --import "$models/centred.kbm" --centre lines -o again.kbm
same "what is centred twice is centred once" again.kbm "$models/centred.kbm"
head -30 lines >few
run kb-embed --import "$models/xlmr.kbm" --centre few -o few.kbm
has "too few lines are refused" err "'few' has 15 Chinese lines and 15 others; 20 of each are needed"
run kb-embed --import "$from/xlmr" --centre lines -o few.kbm
has "what is no model yet is imported first" err 'import the model first'
run kb-embed --import "$models/xlmr.kbm" --centre nowhere -o few.kbm
is "lines that are not there" "$status$(ls few.kbm 2>&1 | wc -l)" 21
rm again.kbm lines few

# ---- cross-encoders ----

# differ RECORDS: how many scores, and the largest difference of their logits
# to 'score', in tenths
differ() {
	jq -rs 'def logit: (. / (1 - .)) | log;
		[.[].hits[] | (.legs.rerank | logit) - (.score | logit)
			| fabs] | "\(length) \(max * 10 | ceil)"' "$1"
}

for model in rank-bert rank-xlmr; do
	run kb-embed --import "$from/$model" -o "$models/$model.kbm"
	is "$model is imported" "$status$(cat err)" 0
	run kb-embed --info -m $model
	is "$model says that it ranks" "$(jq -c '[.rerank,.pooling]' out)" \
		'[true,null]'
	run kb-embed --rerank -m $model -f "$from/$model/model.jsonl"
	is "$model: its scores are those of the reference" "$(differ out)" "13 2"
	is "$model: the rest of a hit is as it was" \
		"$(jq -c 'del(.hits[].legs)' out)" \
		"$(jq -c . "$from/$model/model.jsonl")"
	jq -c '.hits |= reverse' "$from/$model/model.jsonl" |
		kb-embed --rerank -m $model -j 2 >reversed
	is "$model: a pair has its score whatever stands beside it" \
		"$(jq -c '[.hits[] | [.doc, .legs.rerank]] | reverse' reversed)" \
		"$(jq -c '[.hits[] | [.doc, .legs.rerank]]' out)"
done
run kb-embed --rerank -m rank-bert --stats stats -f "$from/rank-bert/model.jsonl"
is "pairs that are cut are counted" "$(jq -c '[.texts,.texts_cut]' stats)" \
	'[13,4]'

while IFS='|' read -r name record want; do
	echo "$record" >one.jsonl
	run kb-embed --rerank -m rank-xlmr -f one.jsonl
	is "$name" "$status$(jq -r '.error.message // (.hits | tojson)' out)" \
		"$want"
done <<'CASES'
a record without hits|{"query":"a"}|3no array 'hits'
one without a question|{"hits":[{"text":"a"}]}|3no question: 'standalone', 'query' and the last user message are missing or empty
hits that are none|{"query":"a","hits":"x"}|3'hits' is not an array
no hits, no scores|{"query":"a","hits":[]}|0[]
CASES
run kb-embed --rerank -m xlmr -f one.jsonl
is "an encoder does not rank" "$status" 2
has "... and says so" err 'is no reranker; leave --rerank out$'
run kb-embed -m rank-bert -f one.jsonl
is "a cross-encoder has no vectors" "$status" 2
has "... and says so" err 'is a reranker and has no vectors; use --rerank$'

# ---- with kb-search ----

for i in 1 2 3 4 5 6; do
	echo "{\"id\":\"d$i\",\"text\":\"a b refund $(seq $i 6 | tr '\n' ' ')\"}"
done >docs
kb-index kb.kb docs
kb-search kb.kb --format=json refund >plain
run kb-search kb.kb --format=json --rerank "kb-embed -m rank-bert --rerank" \
	--rerank-weight 1 --rerank-timeout 20s refund
is "kb-search takes its scores" "$(jq -c '.retrieval | [.legs[-1], .degraded]' \
	out)" '["rerank",null]'
is "... in their order" "$(jq -c '[.hits[].legs.rerank] |
	length == 6 and . == (sort | reverse)' out)" true
kb-embed -m rank-bert --rerank -f plain >scored
is "... which are those of kb-embed alone" \
	"$(jq -c '[.hits[] | [.doc, .legs.rerank]] | sort' out)" \
	"$(jq -c '[.hits[] | [.doc, .legs.rerank]] | sort' scored)"
run kb-search kb.kb --format=json --rerank "kb-embed -m xlmr --rerank" refund
has "a model that cannot rank is said in the record" out \
	'"degraded":"rerank: .*is no reranker'
is "... and leaves the order" "$(jq -c '[.hits[].doc]' out)" \
	"$(jq -c '[.hits[].doc]' plain)"
run kb-index --embed rank-bert other.kb docs
has "an index does not embed with one" err 'is a reranker'

# ---- what does not belong together ----

# alter FILE JQ: a folder 'bad' of rank-bert with one file changed
alter() {
	rm -rf bad
	cp -R "$from/rank-bert" bad
	jq -c "$2" "bad/$1" >changed && mv changed "bad/$1"
	run kb-embed --import bad -o bad.kbm
}
alter tokenizer.json '.model.vocab.d = 12'
has "a tokenizer of another model" err 'tokenizer.json has 13 tokens, the weights rows for 12'
alter config.json '.model_type = "deberta"'
has "another architecture" err "a model of type 'deberta' is not understood"
alter tokenizer.json '.model.type = "BPE"'
has "another tokenizer" err "a model of type 'BPE' is not understood"
rm -rf bad
cp -R "$from/rank-xlmr" bad
jq -c '.post_processor = null' "$from/xlmr/tokenizer.json" >bad/tokenizer.json
run kb-embed --import bad -o bad.kbm
has "one that puts nothing round a text" err 'no post_processor that puts'
cp "$from/xlmr/tokenizer.json" bad
jq -c '.pad_token_id = 99' "$from/xlmr/config.json" >bad/config.json
run kb-embed --import bad -o bad.kbm
has "positions that are not there" err 'a table of 26 positions, of which the first 100'
cp "$from/xlmr/config.json" bad
python3 - bad/model.safetensors <<'PY'
import json, struct, sys
data = open(sys.argv[1], "rb").read()
n = struct.unpack("<Q", data[:8])[0]
head = json.loads(data[8:8 + n])
head["classifier.out_proj.weight"]["shape"] = [2, 16]
raw = json.dumps(head).encode()
open(sys.argv[1], "wb").write(struct.pack("<Q", len(raw)) + raw + data[8 + n:])
PY
run kb-embed --import bad -o bad.kbm
has "a classifier of more than one label" err 'a classifier of 2 labels is no reranker; one of 1 is'
head -c 9000 "$from/rank-xlmr/model.safetensors" >bad/model.safetensors
run kb-embed --import bad -o bad.kbm
is "weights that are cut" "$status$(wc -l <err)" 21
is "no import that failed left a file" "$(find . -maxdepth 1 -name 'bad.kbm*')" ""
head -c 20000 "$models/rank-xlmr.kbm" >"$models/cut.kbm"
run kb-embed --rerank -m cut
has "a reranker that is cut" err 'cut short; import the model again$'
finish
