#!/bin/sh
# JSON Schema: the same verdicts as Python's jsonschema, of random schemas and
# values; answers of a model that are of one, in three dialects.
. "$(dirname "$0")/../lib.sh"
need kb-eval llm-call python3 jq

for seed in 1 2 3; do
	if ! python3 "$ROOT/tests/pipe/helper/schemas.py" 4000 $seed >in 2>err; then
		skip "verdicts of jsonschema" "$(tail -n 1 err)"
		break
	fi
	run kb-eval answers --format=json --fail-under=assertions=1 in
	is "4,000 verdicts are those of jsonschema (seed $seed)" \
		"$status $(jq -c '[.records,.assertions,.asserted]' out)" "0 [4000,1,1]"
done
# ---- llm-call --schema ----

start_provider scripted.py || skip_all "the test provider does not start"
cat >s.json <<'EOF'
{"$schema": "https://json-schema.org/draft/2020-12/schema",
 "type": "object", "required": ["name", "items"],
 "properties": {
  "name": {"type": "string"},
  "note": {"type": ["string", "null"]},
  "items": {"type": "array", "items": {"$ref": "#/$defs/item"}}},
 "$defs": {"item": {"type": "object", "required": ["price"],
  "properties": {"price": {"type": "number", "minimum": 0},
   "unit": {"enum": ["kg", "m"]}}}}}
EOF
cat >p.json <<EOF
{"providers":[
  {"name":"openai","base_url":"$base/v1","model":"m","price":{"input":1,"output":1}},
  {"name":"anthropic","dialect":"anthropic","base_url":"$base/v1","model":"m"},
  {"name":"gemini","dialect":"gemini","base_url":"$base/v1beta","model":"m"}]}
EOF
ask() { # QUERY [OPTION]...: one question
	query=$1
	shift
	jq -nc --arg q "$query" '{id:1,query:$q}' >in
	run llm-call --config p.json -f in --schema s.json "$@"
}
get() { jq -r "$1" out; }
last() { curl -s "$base/last/$1"; }

good='{"name":"桌子","items":[{"price":3.5},{"price":4,"unit":"m"}]}'
bad='{"name":"桌子","items":[{"price":3.5},{"price":4},{"price":"5"}]}'
for dialect in openai anthropic gemini; do
	ask "[$good]" --provider $dialect
	is "$dialect: an answer of the schema is JSON" \
		"$status $(get '.answer|fromjson|.items[1].unit')" "0 m"
	is "$dialect: ... without a word of repair" "$(get '.generation.repaired')" null
	ask "[$bad,$good]" --provider $dialect
	is "$dialect: one that is not is asked for once more" \
		"$status $(get '[(.answer|fromjson|.items|length),.generation.repaired,(.generation.attempts|length)]|tostring')" \
		"0 [2,true,2]"
	is "$dialect: ... both are paid for" "$(get '.generation.usage|[.prompt_tokens,.completion_tokens]|tostring')" \
		"[18,8]"
	if command -v curl >/dev/null; then
		has "$dialect: ... with what is wrong told" - \
			'\$\.items\[2\]\.price: expected number, got string' <<EOF
$(last 0)
EOF
		has "$dialect: ... and what came" - 'price[\\": ]+5' <<EOF
$(last 0)
EOF
	fi
	ask "[$bad]" --provider $dialect
	is "$dialect: a second one is an error, and no answer" \
		"$status $(get '[.answer,.error.code,.generation.repaired]|tostring')" \
		'3 [null,"remote",false]'
	is "$dialect: ... that says where" "$(get .error.message)" \
		"provider '$dialect': the answer is not of the schema: \$.items[2].price: expected number, got string"
	is "$dialect: ... with the text kept" "$(get '.generation.partial|fromjson|.items|length')" 3
	ask "[\"no\",\"\`\`\`json\\n$(echo "$good" | sed 's/"/\\"/g')\\n\`\`\`\\n\"]" --provider $dialect
	is "$dialect: what is no JSON is repaired, a fence is none of it" \
		"$status $(get '.answer|fromjson|.items[0].price')" "0 3.5"
done
ask "[$good]" --dry-run --provider openai
is "openai takes a response_format" "$(get '.request.body.response_format|[.type,.json_schema.name,.json_schema.strict,.json_schema.schema.type]|tostring')" \
	'["json_schema","answer",null,"object"]'
echo '{"type":"object","properties":{"a":{"type":"integer"}},"required":["a"],"additionalProperties":false}' >strict.json
ask "[$good]" --dry-run --provider openai --schema strict.json
is "... which is strict where the schema is closed" \
	"$(get .request.body.response_format.json_schema.strict)" true
ask "[$good]" --dry-run --provider openai -O 'response_format={"type":"json_object"}'
is "... and that of the user counts more" "$(get '.request.body.response_format|tostring')" '{"type":"json_object"}'
ask "[$good]" --dry-run --provider anthropic
is "anthropic takes an output_config" "$(get '.request.body.output_config.format|[.type,.schema["$defs"].item.required[0]]|tostring')" \
	'["json_schema","price"]'
ask "[$good]" --dry-run --provider gemini
is "gemini takes OpenAPI's words, references written out" \
	"$(get '.request.body.generationConfig|[.responseMimeType,(.responseSchema|[.type,.properties.note.type,.properties.note.nullable,.properties.items.items.properties.price,.properties.items.items.properties.unit])]|tostring')" \
	'["application/json",["OBJECT","STRING",true,{"type":"NUMBER","minimum":0},{"enum":["kg","m"],"type":"STRING"}]]'
echo '{"type":"object","properties":{"next":{"$ref":"#"}}}' >tree.json
ask "[$good]" --dry-run --provider gemini --schema tree.json
is "... or the schema as it is, where it refers to itself" \
	"$(get '.request.body.generationConfig|[.responseSchema,.responseJsonSchema.type]|tostring')" \
	'[null,"object"]'
while IFS='|' read -r schema said; do
	printf '%s\n' "$schema" >bad.json
	ask "[1]" --schema bad.json
	is "a schema is refused at the start: $said" "$status $(cat err)" \
		"2 llm-call: 'bad.json': $said"
done <<'CASES'
{"properties":{"a":{"if":{}}}}|schema #/properties/a: unknown keyword 'if'
{"type":"x"}|schema #: 'type' must be one of null, boolean, number, integer, string, array, object
{"type":|byte 10: value is missing
CASES
run llm-call -f in --schema s.json
is "the built-in model writes no JSON" "$status $(cat err)" \
	"2 llm-call: --schema needs a provider: the built-in model writes no JSON"
ask "[$bad,$good,1]" --provider openai --budget 1 --max-tokens 30
is "a repair is within the budget" "$status $(get '.generation.cost')" "0 2.6e-05"
ask "[$bad,$good,2]" --provider openai --budget 0.0001 --max-tokens 30
is "... or is not made" "$status $(get '[.answer,.error.code]|tostring')" '3 [null,"limit"]'
seq 300 | jq -c --argjson q "[$bad,$good]" '{id:.,query:($q+[.,"x"]|tostring)}' >many
run llm-call --config p.json -f many --schema s.json --provider openai --in-flight 8 --stats st
is "many records are repaired in their order" \
	"$status $(jq -s -c '[length,([.[].id]==[range(1;301)]),([.[]|select(.answer)]|length)]' out)" \
	'0 [300,true,300]'
# What was asked for again is kept as it came: both of it.
ask "[$bad,$good,4]" --provider openai --cache=k
cp out first
ask "[$bad,$good,4]" --provider openai --cache=k
is "with a cache both answers are there the second time" \
	"$(get '[.generation.cached,.generation.repaired,(.generation.attempts|length)]|tostring')" \
	"[true,true,0]"
is "... and the record's is the same" "$(jq .answer out)" "$(jq .answer first)"
exec 9>&-
finish
