#!/bin/sh
# llm-call --samples: answers that vote, as many as can change the outcome.
. "$(dirname "$0")/../lib.sh"
need llm-call python3 jq

start_provider scripted.py || skip_all "the test provider does not start"
cat >p.json <<EOF
{"providers":[
  {"name":"a","base_url":"$base/v1","model":"m","price":{"input":1,"output":1}},
  {"name":"b","dialect":"anthropic","base_url":"$base/v1","model":"m"}]}
EOF
ask() { # ANSWERS [OPTION]...: one question
	jq -nc --arg q "$1" '{id:1,query:$q}' >in
	shift
	run llm-call --config p.json -f in --provider a "$@"
}
get() { jq -r "$1" out; }
told() { get '[.answer,(.samples|length+1),.generation.votes]|tostring'; }

steps='One step.\nTwice 24 is 48, and 3 times 48 is 144.\nThen 12 are left of the 156, so that 7 more\nmake 19 in 4 rows.\n5 and 6 are 11.\n\n\n'
steps=$steps$steps$steps
ask "[\"7\",\"7\",\"7\"]" --samples 3
is "a short answer suffices alone" "$(told)" '["7",1,1]'
ask "[\"7\",\"8\",\"8\",\"x\"]" --samples 3 --samples-least 2
is "... unless more are wanted; most votes win" "$(told)" '["8",3,0.6667]'
is "... the others are kept" "$(get '.samples|tostring')" '["7","8"]'
ask "[\"${steps}Answer: 48 apples\",\"${steps}ans = 48.0\",\"no\"]" --samples 3
is "of a long one two that agree suffice" "$(get '[(.samples|length+1),.generation.votes]|tostring')" '[2,1]'
is "... they are paid for" "$(get '[.generation.usage.prompt_tokens,.generation.cost,(.generation.attempts|length)]|tostring')" '[18,2.6e-05,2]'
ask "[\"${steps}#### 1\",\"${steps}#### 2\",\"${steps}#### 3\",\"${steps}#### 3\",\"${steps}#### 2\",\"${steps}#### 3\"]" --samples 6
is "the last one may decide" "$(get '[(.answer|split("#### ")[1]),(.samples|length+1),.generation.votes]|tostring')" '["3",6,0.5]'
low=$(get .generation.confidence)
ask "[\"${steps}#### 1\",\"${steps}#### 1\",\"${steps}#### 1\",\"${steps}#### 1\"]" --samples 6
is "more agreement is more confidence" \
	"$(jq -r --argjson low "$low" '.generation.confidence as $c|$c>$low and $c<1' out)" true
ask "[\"${steps}#### 1\",\"${steps}#### 2\",\"${steps}#### 2\",\"${steps}#### 2\"]" --samples 6 --in-flight 1
is "what cannot be reached by what is left settles it" "$(get '[(.answer|split("#### ")[1]),.generation.votes]|tostring')" '["2",0.8]'
ask "[null,\"7\",\"7\"]" --samples 3 --samples-least 3
is "a sample that fails is no vote" "$status $(told)" '0 ["7",2,1]'
ask "[null,null,null]" --samples 3 --samples-least 2
is "... without any there is no answer" "$status $(get '[.answer,.error.code]|tostring')" '3 [null,"remote"]'
echo '{"type":"object","required":["n"],"properties":{"n":{"type":"integer"}}}' >s.json
ask '[{"n":"1"},{"n":2},{"n":2}]' --samples 3 --samples-least 2 --schema s.json
is "what is not of the schema is no vote" "$status $(get '[(.answer|fromjson.n),(.samples|length),.generation.votes]|tostring')" '0 [2,1,1]'
ask '[{"n":"1"},{"n":"1"},{"n":3}]' --samples 2 --samples-least 2 --schema s.json
is "... where none is, one is repaired" "$status $(get '[(.answer|fromjson.n),.generation.repaired]|tostring')" '0 [3,true]'
ask '["7","8","8"]' --samples 3 --samples-least 4
is "no more than all" "$status $(cat err)" \
	"2 llm-call: --samples-least 4 is more than the 3 of --samples"
run llm-call -f in --samples 3
is "the built-in model has one answer" "$status $(cat err)" \
	"2 llm-call: --samples needs a provider: the built-in model always says the same"
run llm-call --config p.json -f in --samples 3 --embed
is "votes are of answers" "$status" 2

# Many records at once, in their order, within a budget.
seq 200 | jq -c '{id:.,query:(["1","2","2",.]|tostring)}' >many
run llm-call --config p.json -f many --provider a --samples 3 --samples-least 2 --in-flight 9
is "records keep their order" "$status $(jq -s -c '[length,([.[].id]==[range(1;201)]),([.[].answer]|unique)]' out)" \
	'0 [200,true,["2"]]'
run llm-call --config p.json -f many --provider a --samples 3 --samples-least 3 --budget 0.001 --max-tokens 10 --stats st
is "a budget holds for all samples" "$(jq -c '[.cost<=0.001,.cost>0]' st)" '[true,true]'
exec 9>&-
finish
