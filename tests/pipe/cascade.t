#!/bin/sh
# llm-call with a cascade: the small model where it is enough, else the large
# one; a router that is learned from outcomes.
. "$(dirname "$0")/../lib.sh"
need llm-call python3 jq

start_provider scripted.py || skip_all "the test provider does not start"

# cascade SMALL LARGE WHEN [ROUTER]: the configuration
cascade() {
	jq -n --arg b "$base" --arg s "$1" --arg l "$2" --arg w "$3" --arg r "${4:-}" '{
	providers:[{name:"a",base_url:($b+"/v1"),model:"small",price:{input:1,output:1}},
	 {name:"b",dialect:"anthropic",base_url:($b+"/v1"),model:"large",price:{input:10,output:10}},
	 "local"],
	routes:{cheap:["a"],best:["b","a/large"]},
	cascade:({small:$s,large:$l,when:$w}+(if $r=="" then {} else {router:$r} end))}' >c.json
}
ask() { # RECORD [OPTION]...: one record
	printf '%s\n' "$1" >in
	shift
	run llm-call --config c.json -f in "$@"
}
get() { jq -r "$1" out; }
told() { get '[.answer,.generation.cascade,.generation.model//"",(.generation.attempts//[]|map(.provider)|join(","))]|@tsv' | tr '\t' ' '; }
say='{"query":"{\"small\":[\"s\"],\"large\":[\"l\"]}","class":{"label":"LABEL"}}'
easy=$(echo "$say" | sed s/LABEL/easy/) hard=$(echo "$say" | sed s/LABEL/refund/)

cascade cheap best "class.label in ['refund', 'legal']"
ask "$easy"
is "an easy record stays with the small one" "$(told)" "s small mock a"
ask "$hard"
is "a hard one goes to the large one at once" "$(told)" "l large mock b"
ask "$hard" -m a/small
is "-m names whom to ask, without a cascade" "$(told)" "s  mock a"
ask '{"query":"{\"small\":[\"s\"]}"}'
is "an expression that fails is the record's error" \
	"$status $(get .error.message)" "3 cascade.when:1:9: 'class' is undefined"
cascade a/small b "(class|default({})).label == 'x' or .5 > .7"
ask "$easy"
is "numbers need no zero before the point" "$(told)" "s small mock a"

cascade cheap best "false"
ask '{"query":"{\"small\":[null],\"large\":[\"l\"]}"}'
is "where the small one fails the large one is asked" "$(told)" "l large mock a,b"
cascade cheap b "true"
ask '{"query":"{\"small\":[\"s\"],\"large\":[null]}"}'
is "what is always hard is never asked of the small one" \
	"$status $(get .error.code) $(get '[.generation.attempts[].provider]|unique|tostring')" '3 remote ["b"]'
printf '%s\n' '{"type":"object","required":["n"]}' >s.json
cascade cheap best "false"
ask '{"query":"{\"small\":[\"x\",\"y\"],\"large\":[{\"n\":1}]}"}' --schema s.json
is "what is not of the schema, not after a repair either, is not enough" \
	"$(get '[(.answer|fromjson.n),.generation.cascade,(.generation.attempts|length)]|tostring')" '[1,"large",3]'

cascade cheap best "confidence < .8"
ask "$easy"
is "a confidence must come from somewhere" "$status $(cat err)" \
	"2 llm-call: cascade: a confidence needs --samples, or 'local' as the small one"
ask '{"query":"{\"small\":[\"7\",\"7\"],\"large\":[\"l\"]}"}' --samples 3 --samples-least 2
is "samples that agree are enough" "$(get '[.answer,.generation.cascade,.generation.votes]|tostring')" '["7","small",1]'
ask '{"query":"{\"small\":[\"7\",\"8\",\"9\"],\"large\":[\"4\",\"4\"]}"}' --samples 3 --samples-least 2
is "... that do not are not" "$(get '[.answer,.generation.cascade,.generation.votes,(.generation.attempts|length)]|tostring')" '["4","large",1,5]'
is "... and all are paid for" "$(get .generation.cost)" 0.000299
ask '{"query":"{\"small\":[\"7\",\"8\",\"9\"],\"large\":[null]}"}' --samples 3 --samples-least 2
is "without an answer of the large one that of the small one holds" \
	"$status $(get '[.answer,.generation.cascade,(.generation.degraded[0]|startswith("small instead of large: "))]|tostring')" '0 ["7","small",true]'
cascade local best "confidence < .6"
ask '{"query":"How long is the warranty?","hits":[{"title":"Warranty","text":"The warranty is 12 months."}]}'
is "the built-in model may be the small one" "$(get '[.generation.provider,(.answer|startswith("The warranty is 12"))]|tostring')" '["local",true]'
ask '{"query":"{\"small\":[\"s\"],\"large\":[\"l\"]}","hits":[]}'
is "... and what it does not know goes on" "$(told)" "l large mock b"

# Errors of the configuration.
while IFS='|' read -r small large when said; do
	cascade "$small" "$large" "$when"
	ask "$easy"
	is "refused: $said" "$status $(cat err)" "2 llm-call: $said"
done <<'CASES'
nobody|best|true|cascade: no route or provider 'nobody' is configured
cheap|b/|true|cascade: no route or provider 'b/' is configured
cheap|best|1 +|cascade.when:1:12: expected an expression, found ')'
cheap|best||cascade: 'when' must be a string
CASES

# ---- the router ----

python3 - >outcomes <<'EOF'
import json, random
rng = random.Random(1)
for i in range(400):
    a, b = rng.randrange(10, 99), rng.randrange(10, 99)
    wrong = rng.random() < .3
    said = a * b + (wrong and rng.randrange(1, 50))
    print(json.dumps({"query": f"A box has {a} rows of {b}. How many are in it?",
        "small": f"{a} * {b} = {said}\n#### {said}", "small_ok": not wrong,
        "large_ok": rng.random() < .95}))
EOF
run llm-call --cascade-train outcomes --keep .95 -o r.json
is "a router is learned from outcomes" "$status $(jq -r '[.name,.kind,.training.records]|tostring' r.json)" \
	'0 ["router","logistic",400]'
has "... and says what to write, and what that costs" err \
	'^llm-call: "when": "router >= 0\.[0-9]+" sends 0\.[0-9]+ of the outcomes to the large model and keeps 0\.95 of what it has right; drawn at random 0\.[0-9]+$'
is "... which is less than chance" "$(sed -E 's/.*sends ([0-9.]+) .*random ([0-9.]+)/\1 \2/' err |
	awk '{ print ($1 < $2 - 0.3) }')" 1
cp r.json r1.json && run llm-call --cascade-train outcomes -o r.json
SOURCE_DATE_EPOCH=0 llm-call --cascade-train outcomes -o r1.json 2>/dev/null
SOURCE_DATE_EPOCH=0 llm-call --cascade-train outcomes -o r2.json 2>/dev/null
same "the same outcomes give the same router" r1.json r2.json
cascade cheap best "router > .5" r.json
wrong='{"small":["12 * 12 = 150\n#### 150"],"large":["#### 144"]}'
right='{"small":["12 * 12 = 144\n#### 144"],"large":["no"]}'
ask "$(jq -nc --arg q "$right" '{query:$q}')"
is "what adds up stays with the small one" "$(get '[.generation.cascade,.answer]|tostring')" '["small","12 * 12 = 144\n#### 144"]'
ask "$(jq -nc --arg q "$wrong" '{query:$q}')"
is "what does not goes to the large one" "$(get '[.generation.cascade,.answer]|tostring')" '["large","#### 144"]'
head -n 20 outcomes >few
run llm-call --cascade-train few -o r.json
is "too few outcomes are said" "$status $(sed 's/, [0-9]* of/, N of/' err)" \
	"2 llm-call: 20 outcomes, N of which the large model alone has right: a router needs 50 and some of both kinds"
echo '{"query":"x","small_ok":1}' >bad
run llm-call --cascade-train bad -o r.json
is "an outcome that is none is said" "$status $(cat err)" \
	"2 llm-call: record 1: an outcome needs 'small_ok', true or false"
exec 9>&-
finish
