#!/bin/sh
# llm-call: routes, prices, a budget, what a request would cost.
. "$(dirname "$0")/../lib.sh"
need llm-call python3 jq

start_provider faults.py || skip_all "the test provider does not start"
echo '{"id":1,"query":"how long?"}' >in
get() { jq -r "$1" out; }

# ---- routes ----

cat >r.json <<EOF
{"providers":[
  {"name":"a","base_url":"$base/fails/v1","model":"m-a","embed_model":"e-a"},
  {"name":"b","base_url":"$base/ok/v1","model":"m-b"},
  {"name":"c","dialect":"anthropic","base_url":"$base/ok/v1"}],
 "routes":{"default":["b","a"],"cheap":["a","c/tiny/1","local"],
  "sure":["local"]}}
EOF
asked() { # OPTION...: provider and model of a dry run
	run llm-call --config r.json -f in --dry-run "$@"
	get '[.request.provider,.request.body.model]|join(" ")'
}
is "without a name the route 'default' is taken" "$(asked)" "b m-b"
is "-m names a route" "$(asked -m cheap)" "a m-a"
is "... or a provider and its model" "$(asked -m b/other/x)" "b other/x"
is "... or a model, for all of the default route" "$(asked -m big)" "b big"
is "... which may hold a slash" "$(asked -m org/big)" "b org/big"
is "--provider stands before routes" "$(asked --provider a)" "a m-a"
is "... and -m is a model then" "$(asked --provider a -m cheap)" "a cheap"
is "a route of 'local' alone" "$(asked -m sure)" "local "
run llm-call --config r.json -f in -m cheap
is "a route is the order of failover, with the model of each" \
	"$(get '[.generation.provider,([.generation.attempts[]|.provider]|unique|join(","))]|@tsv')" \
	"$(printf 'c\ta,c')"
echo '{"text":"x"}' >text
run llm-call --config r.json -f text --dry-run --embed -m a/own
is "the model of an entry counts for vectors, too" \
	"$(get .request.body.model)" own
run llm-call --config r.json -f text --dry-run --embed -m cheap
is "... and a provider's own without one" "$(get .request.body.model)" e-a
while IFS='|' read -r routes want; do
	echo "{\"providers\":[\"local\"],\"routes\":$routes}" >bad.json
	run llm-call --config bad.json -f in
	is "routes $routes are refused" "$status $(cat err)" "2 llm-call: $want"
done <<'CASES'
[]|bad.json: 'routes' is no object
{"x":[]}|bad.json: route 'x': it is no array of providers
{"x":"local"}|bad.json: route 'x': it is no array of providers
{"x":["local",7]}|bad.json: route 'x': element 2 is no name of a provider
{"default":["nobody"]}|route 'default': no provider 'nobody' is configured
{"default":["local/m"]}|route 'default': no provider 'local/m' is configured
CASES

# ---- cost ----

cat >p.json <<EOF
{"providers":[{"name":"a","base_url":"$base/quota/v1","model":"gpt-4o",
  "price":{"input":1,"output":2}},
 {"name":"b","base_url":"$base/ok/v1","model":"gpt-4o",
  "price":{"input":100,"output":200,"cached_input":10}}]}
EOF
run llm-call --config p.json -f in --dry-run --max-tokens 100
# 3 for the reply, 4 and the 3 of "how long?" for the message
is "a dry run counts the tokens and what they may cost" \
	"$(get '.request|[.tokens,.cost]|tostring')" '[10,0.00021]'
run llm-call --config p.json -f in --stats st
is "each provider's share is counted" "$(jq -c .providers st)" \
	'[{"provider":"b","model":"gpt-4o","answers":1,"prompt_tokens":9,"completion_tokens":4,"cost":0.00152}]'

# An answer is .00152, one to come at most 10 x 100 + 20 x 200 per million.
seq 40 | sed 's/.*/{"id":&,"query":"how long?"}/' >many
for n in 1 8; do
	run llm-call --config p.json -f many --budget .03 --max-tokens 20 \
		--in-flight $n --stats st -m b/gpt-4o
	paid=$(jq -r '.cost <= .03 and .cost > .01' st)
	is "a budget is never passed, and used ($n in flight)" \
		"$status $paid" "3 true"
	is "... what it leaves is an error to try again" "$(jq -s -r \
		'[.[]|select(.error)|[.error.code,.error.retryable]|tostring]|unique|join(" ")' \
		out)" '["limit",true]'
	is "... counted, and said once" \
		"$(jq .over_budget st) $(wc -l <err | tr -d ' ')" \
		"$(grep -c '"error"' out) 1"
	has "... with what is left" err 'the budget of 0.030000: 0\.0[0-9]+ is left'
done
cp out first
run llm-call --config p.json -f first --retry --budget 1 --max-tokens 20 -m b/gpt-4o
is "another budget goes on with --retry" \
	"$status $(jq -s '[.[]|select(.answer)]|length' out)" "0 40"
run llm-call --config r.json -f in --budget 1
is "a budget wants prices" "$status $(cat err)" \
	"2 llm-call: provider 'b' has no 'price': what it costs cannot be kept within a budget"
run llm-call --config r.json -f in --budget 0 -m sure
is "... but local costs nothing" "$status" 0
exec 9>&-
finish
