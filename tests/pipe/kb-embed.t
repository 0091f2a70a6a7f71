#!/bin/sh
# kb-embed: importing a model, the vectors of texts, what is refused. The model
# is tests/data/models/tiny, of random weights (tests/eval/tiny-onnx.py); its
# vectors are onnxruntime's.
# shellcheck source=tests/lib.sh
. "$(dirname "$0")/../lib.sh"
need kb-embed

tiny=$ROOT/tests/data/models/tiny
export XDG_DATA_HOME="$T/data"
models=$T/data/kb/models
mkdir -p "$models" from

# cosine A B: the least of the cosines of 'vector' in two files, where the
# second holds bytes
cosine() {
	python3 - "$1" "$2" <<'PY'
import base64, json, struct, sys
def rows(path, code, size):
    for line in open(path, encoding="utf-8"):
        raw = base64.b64decode(json.loads(line)["vector"])
        yield struct.unpack(f"<{len(raw) // size}{code}", raw)
def dot(a, b):
    return sum(x * y for x, y in zip(a, b))
pairs = zip(rows(sys.argv[1], "f", 4), rows(sys.argv[2], "b", 1))
print(f"{min(dot(a, b) / (dot(a, a) * dot(b, b)) ** .5 for a, b in pairs):.3f}")
PY
}

# ---- importing ----

cp "$tiny/model.onnx" "$tiny/tokenizer.json" from
run kb-embed --import from -o tiny.kbm
is "pooling must be said" "$status" 2
has "... and how" err 'use --pooling$'
ok "nothing is written" [ ! -e tiny.kbm ]
run kb-embed --import from --pooling=mean --licence=none \
	--query-prefix='b: ' --passage-prefix='c: ' -o "$models/tiny.kbm"
is "a quantised model is imported" "$status$(cat err)" 0
mkdir floats && cp "$tiny/floats.onnx" floats && cp "$tiny/tokenizer.json" floats
run kb-embed --import floats/floats.onnx --pooling=mean -o "$models/floats.kbm"
is "... and one of floats, by its file" "$status$(cat err)" 0
run kb-embed --import from --pooling=mean
has "a model goes into a file" err 'name it with -o$'
run kb-embed --import nowhere --pooling=mean -o x.kbm
has "what is not there is named" err "cannot read 'nowhere'"
mkdir empty
run kb-embed --import empty -o x.kbm
has "a directory without a model is said to be one" err "'empty' holds neither"
head -c 20000 "$tiny/model.onnx" >from/cut.onnx
run kb-embed --import from --pooling=mean -o x.kbm
has "one of several must be named" err "several .onnx files"
run kb-embed --import from/cut.onnx --pooling=mean -o x.kbm
has "a file that is cut is refused" err 'no ONNX file, or one that is cut'
sed 's/"WordPiece"/"BPE"/' "$tiny/tokenizer.json" >from/tokenizer.json
run kb-embed --import from/model.onnx --pooling=mean -o x.kbm
has "another tokenizer is named" err "a model of type 'BPE' is not understood"
sed 's/"a": 4/"a": 5/' "$tiny/tokenizer.json" >from/tokenizer.json
run kb-embed --import from/model.onnx --pooling=mean -o x.kbm
has "ids that stand twice are refused" err 'are not 0 to 11, each once'
is "no import that failed left a file" "$(find . -maxdepth 1 -name "*.kbm*")" ""

# ---- what is there ----

run kb-embed --list
is "models are listed, sorted" "$(jq -r .name out | tr '\n' ' ')" "floats tiny "
run kb-embed --info -m tiny
is "a model says what it is" "$(jq -c '[.dimensions,.layers,.heads,.inner,
	.positions,.max_tokens,.vocabulary,.pooling,.licence,.query_prefix]' out
	)" '[32,2,2,48,24,24,12,"mean","none","b: "]'
is "its path is named" "$(jq -r .path out)" "$models/tiny.kbm"
run kb-embed -m nothing
is "a model that is not there" "$status" 2
has "... is named" err "no model 'nothing' in '$models'"
run kb-embed -m ../models/tiny --info
is "a path is a path" "$status" 2

# ---- vectors ----

for model in tiny floats; do
	kb-embed -m $models/$model.kbm <"$tiny/model.jsonl" >prefixed.jsonl
	jq -c '{texts: [.text]}' "$tiny/model.jsonl" |
		kb-embed -m $model | jq -c '{vector: .vectors.texts[0]}' >$model.jsonl
	ok "$model is near onnxruntime" \
		sh -c "[ $(cosine $model.jsonl "$tiny/model.jsonl") \\> .998 ]"
done

record='{"id":7,"query":"a","hyde":"b","rewrites":["c","a b"],"text":"b","texts":["b: a","c: b"],"own":1e400}'
echo "$record" >record.jsonl
run kb-embed -m tiny -f record.jsonl
is "vectors stand where llm-call --embed puts them" "$(jq -c '[keys,
	(.vectors | keys), (.vectors.texts, .vectors.rewrites | length),
	.vectors.model]' out)" '[["hyde","id","own","query","rewrites","text","texts","vector","vectors"],["hyde","model","query","rewrites","texts"],2,2,"tiny"]'
has "the rest is as it was" out '"own":1e400'
is "a question has its prefix, a passage its own" "$(jq -c '[.vectors.query ==
	.vectors.texts[0], .vector == .vectors.texts[1], .vectors.hyde == .vector,
	.vectors.query != .vector]' out)" '[true,true,true,true]'
echo '{"texts":["a","b"],"input_type":"query"}' | kb-embed -m tiny >typed.jsonl
is "texts are what input_type says" "$(jq -r '.vectors.texts[0]' typed.jsonl)" \
	"$(jq -r .vectors.query out)"
echo a | kb-embed -m tiny >line.jsonl
is "a line of text is a question" "$(jq -r .vectors.query line.jsonl)" \
	"$(jq -r .vectors.query out)"
echo '{"texts":["a"],"input_type":"x"}' >other.jsonl
run kb-embed -m tiny -f other.jsonl
is "... and nothing else" "$status$(jq -r .error.message out)" \
	"3input_type 'x' is neither query nor passage"
echo '{"id":1}' >none.jsonl
run kb-embed -m tiny -f none.jsonl
is "a record without a text fails alone" "$status$(jq -r .error.message out)" \
	"3no 'query', no 'text' and no 'texts' to embed"

awk 'BEGIN { for (i = 0; i < 400; i++)
	printf "{\"id\":%d,\"text\":\"%s\"}\n", i, substr("a b c ab, b a c", 1, i % 15) "c" }' >many.jsonl
kb-embed -m tiny <many.jsonl >one
kb-embed -m tiny -j 3 <many.jsonl >three
same "threads change nothing" one three
python3 -c 'print("{\"text\":\"" + "a " * 5000000 + "\"}")' >long.jsonl
run kb-embed -v -m tiny --max-line=64M --stats stats -f long.jsonl
is "a text of 10 MB is its beginning" "$status" 0
is "... which is counted" "$(jq -c '[.texts,.texts_cut]' stats)" '[1,1]'
has "... and said with -v" err '^kb-embed: of 1 texts 1 are longer than 24 tokens'
printf '{"text":"a \377\376 b"}\n' >broken.jsonl
run kb-embed -m tiny -f broken.jsonl
is "what is no UTF-8 stands for nothing" "$(sed 1q out | jq -r .vector)" \
	"$(echo '{"text":"a b"}' | kb-embed -m tiny | jq -r .vector)"

# ---- damage ----

head -c 9000 "$models/tiny.kbm" >"$models/cut.kbm"
run kb-embed -m cut
is "a cut model is refused" "$status" 2
has "... and how to mend it is said" err 'cut short; import the model again$'
cp "$models/tiny.kbm" "$models/flipped.kbm"
printf '\252' | dd of="$models/flipped.kbm" bs=1 seek=20000 conv=notrunc 2>dd.err
run kb-embed --info -m flipped
is "a flipped byte is found by --info" "$status" 2
has "... in its entry" err "checksum of 'layer\.[01]\..*' differs"
run kb-embed -m "$tiny/model.onnx"
has "a foreign file is no model" err "is no model; kb-embed --import makes one"
run kb-embed --list
is "a list names what cannot be opened" \
	"$(jq -r 'select(.error).name' out)" cut
run kb-embed --list --info -m tiny
is "one thing at a time" "$status" 2
finish
