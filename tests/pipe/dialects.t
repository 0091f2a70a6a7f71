#!/bin/sh
# llm-call in three dialects, whole and as a stream, through every fault that
# a provider can have: what is right is answered, what is not is never shown
# as an answer.
. "$(dirname "$0")/../lib.sh"
need llm-call python3 jq

start_provider faults.py || skip_all "the test provider does not start"
answer='The warranty is 12 months, 保修12个月.'
echo '{"id":1,"query":"how long?"}' >in

# provider NAME DIALECT FAULT: its member of a configuration
provider() {
	version=v1
	[ "$2" = gemini ] && version=v1beta
	printf '{"name":"%s","dialect":"%s","base_url":"%s/%s/%s","model":"m"}' \
		"$1" "$2" "$base" "$3" "$version"
}
get() { jq -r "$1" out; }

# ---- every fault ----

# fault, classes of the attempts, exit status; of a stream where it differs
cat >cases <<'CASES'
ok ok 0
rate rate,ok 0
ratelong rate 3
quota account 3
flaky transient,ok 0
fails transient,transient,transient 3
overloaded transient,transient,transient 3
auth account 3
forbidden account 3
bad request 3
context capacity 3
nomodel capacity 3
filter content 3
safety content 3
hangup transient,transient,transient 3
silent silent 3
html transient,transient,transient 3
empty truncated,truncated 3
cut truncated,truncated 3
cleancut transient,transient,transient 3 truncated,truncated 3
inband transient,transient,transient 3 truncated,truncated 3
length ok 3
parts ok 0
think ok 0
tools ok 0
nullfinish ok 0
doneonly ok 0
nodone ok 0
CASES

# ask DIALECT STREAM FAULT: leaves exit status and classes, and what was answered
ask() {
	name=$1-$3-${2:-whole}
	provider a "$1" "$3" >"$name.one"
	echo "{\"providers\":[$(cat "$name.one")]}" >"$name.json"
	code=0
	llm-call --config "$name.json" -f in --timeout 2s --deadline 9s \
		${2:+"$2"} >"$name.out" 2>"$name.err" || code=$?
	jq -r --arg code $code '[$code,
		([.generation.attempts[].class] | join(",")),
		(.answer // "none")] | join(" ")' "$name.out" >"$name.got"
}
restart() { # forget the counts of the faults that pass
	exec 9>&-
	rm -f "$XDG_STATE_HOME/kb/providers.state"
	start_provider faults.py
}

told=0 said=0
for dialect in openai anthropic gemini; do
	for how in "" --stream; do
		restart
		wrong=
		# all at once: most of the time they wait
		asked=
		while read -r fault _; do
			ask $dialect "$how" "$fault" &
			asked="$asked $!"
		done <cases
		# shellcheck disable=SC2086 # a list of numbers
		wait $asked
		while read -r fault classes status stream_classes stream_status; do
			if [ -n "$how" ] && [ -n "$stream_classes" ]; then
				classes=$stream_classes status=$stream_status
			fi
			# nothing else tells the end of Gemini's stream
			case $dialect$how$fault in
			gemini--streamnullfinish | gemini--streamdoneonly)
				classes=truncated,truncated status=3
				;;
			esac
			want="$status $classes none"
			[ "$status" = 0 ] && [ "$fault" != tools ] &&
				want="0 $classes $answer"
			got=$(cat "$dialect-$fault-${how:-whole}.got")
			told=$((told + 1))
			[ "$got" = "$want" ] && continue
			wrong="$wrong [$fault: $got, not $want]"
		done <cases
		is "$dialect${how:+ $how}: each fault has its class, none is an answer" \
			"$wrong" ""
		out=$dialect-think-${how:-whole}.out
		is "... reasoning stands apart" \
			"$(jq -r .generation.reasoning "$out")" "I ponder."
		out=$dialect-tools-${how:-whole}.out
		is "... calls of tools are whole" "$(jq -c \
			'[.generation.finish,(.generation.tool_calls[]|.id,.type,.function.name,(.function.arguments|fromjson))]' \
			"$out")" \
			'["tool_calls","c0","function","look",{"q":"warranty"},"c1","function","see",{}]'
		out=$dialect-ok-${how:-whole}.out
		is "... tokens, of which some were cached" "$(jq -c \
			'.generation|[.model,.finish,.usage]' "$out")" \
			'["mock","stop",{"prompt_tokens":9,"cached_tokens":2,"completion_tokens":4}]'
		out=$dialect-length-${how:-whole}.out
		is "... what was cut at its limit is kept apart" "$(jq -c \
			'[.generation.partial,.answer,.error.retryable]' "$out")" \
			'["The warranty",null,false]'
	done
done
is "faults that were tried" "$told" 168

# ---- failover between dialects ----

for first in openai anthropic gemini; do
	for fault in cut cleancut inband overloaded quota context silent; do
		for how in "" --stream; do
			case $first in
			openai) second=anthropic ;;
			anthropic) second=gemini ;;
			*) second=openai ;;
			esac
			echo "{\"providers\":[$(provider a $first $fault),$(provider b $second ok)]}" >two.json
			run llm-call --config two.json -f in --timeout 400ms \
				${how:+"$how"}
			[ "$(get '[.answer,.generation.provider]|@tsv')" = \
				"$(printf '%s\tb' "$answer")" ] &&
				said=$((said + 1))
		done
	done
done
is "after every fault the next provider answers from the start" "$said" 42
echo "{\"providers\":[$(provider a anthropic filter),$(provider b openai ok)]}" >two.json
run llm-call --config two.json -f in
is "what is refused for what it says is final" \
	"$(get '[.generation.attempts[].class]|join(",")')" content

# ---- keys and the environment ----

keys() { python3 - "$base/keys" <<'PY'; }
import sys, urllib.request
print(urllib.request.urlopen(sys.argv[1]).read().decode())
PY
ANTHROPIC_BASE_URL=$base/ok ANTHROPIC_API_KEY=top-secret run llm-call -f in -m m
is "a key goes where the dialect has it, with its version" \
	"$(get '[.answer,.generation.provider]|@tsv') $(keys)" \
	"$(printf '%s\tanthropic' "$answer") {\"x-api-key\": \"top-secret\", \"anthropic-version\": \"2023-06-01\"}"
GEMINI_BASE_URL=$base/ok GEMINI_API_KEY=top-secret run llm-call -f in -m m
is "... and in no URL" "$(get .generation.provider) $(keys)" \
	'gemini {"x-goog-api-key": "top-secret"}'
cat out err >both
is "... and in no output" "$(grep -c top-secret both)" 0
url() { get '.request.url // .request.provider'; }
for pair in ANTHROPIC:claude-x:https://api.anthropic.com/v1/messages \
	GEMINI:gemini-x:https://generativelanguage.googleapis.com/v1beta/models/gemini-x:generateContent; do
	service=${pair%%:*} rest=${pair#*:}
	run env "${service}_API_KEY=top-secret" llm-call -f in --dry-run
	is "${service}_API_KEY alone sends nothing, and that is said" \
		"$(url) $(cat err)" \
		"local llm-call: ${service}_API_KEY alone sends nothing: name a model (-m) or ${service}_BASE_URL"
	run env OPENAI_API_KEY=a ANTHROPIC_API_KEY=b GEMINI_API_KEY=c \
		llm-call -f in --dry-run -m "${rest%%:*}"
	is "of several keys that of the model's service is used" \
		"$(url)" "${rest#*:}"
done
run env OPENAI_API_KEY=a ANTHROPIC_API_KEY=b llm-call -f in --dry-run -m other
is "... else the first" "$(url)" https://api.openai.com/v1/chat/completions
mkdir -p config/kb
echo "{\"providers\":[$(provider a openai ok)]}" >config/kb/llm-call.json
ANTHROPIC_BASE_URL=http://127.0.0.1:1 run llm-call -f in
is "a URL that other programs set does not stand before the configuration" \
	"$(get .generation.provider)" a
rm config/kb/llm-call.json

# ---- configuration ----

echo '{"providers":[{"name":"a","dialect":"anthropic","key_env":"K","model":"m","headers":{"anthropic-version":"2099-01-01","anthropic-beta":"x"}}]}' >one.json
K=k run llm-call --config one.json -f in --dry-run
is "a dialect knows its service" "$(url)" https://api.anthropic.com/v1/messages
sed -i "s|\"key_env\"|\"base_url\":\"$base/ok\",&|" one.json
K=key-of-mine run llm-call --config one.json -f in
is "a header of the user's stands in place of the dialect's" \
	"$(get .answer) $(keys)" \
	"$answer {\"x-api-key\": \"key-of-mine\", \"anthropic-version\": \"2099-01-01\"}"
echo '{"providers":[{"name":"a","dialect":"anthropc"}]}' >one.json
run llm-call --config one.json -f in
is "a dialect that is none is said" "$status $(cat err)" \
	"2 llm-call: one.json: provider 1: unknown dialect 'anthropc'; known are openai, anthropic and gemini"
echo '{"providers":[{"name":"a","dialect":"anthropic","key_env":"K","headers":{"X-API-Key":{"env":"K"}}}]}' >one.json
run llm-call --config one.json -f in
has "the header of the key is the program's" err "that of the key"
echo "{\"providers\":[$(provider a anthropic ok),$(provider b openai ok)]}" >two.json
echo '{"text":"x"}' >text
run llm-call --config two.json -f text --embed
is "who cannot embed is passed over" \
	"$(get '.error.message')" \
	"provider 'b': HTTP 404 (capacity)"
run llm-call --config two.json -f text --embed --dry-run
is "... and a dry run says so" "$(get .error.message)" \
	"the dialect 'anthropic' does not embed (--embed)"
run llm-call --config two.json -f in --provider a
echo '{"providers":[{"name":"a","base_url":"http://127.0.0.1:1/v1","price":{"input":1,"output":2,"cached_input":0.1}}]}' |
	sed "s|http://127.0.0.1:1/v1|$base/ok/v1|" >price.json
run llm-call --config price.json -f in --stats st
is "cached input has a price of its own" \
	"$(get .generation.cost) $(jq .cost st)" "1.52e-05 1.52e-05"
exec 9>&-
finish
