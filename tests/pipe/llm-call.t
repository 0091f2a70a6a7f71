#!/bin/sh
# llm-call against a provider that behaves in every way a provider can.
. "$(dirname "$0")/../lib.sh"
need llm-call python3 jq

start_provider provider.py || skip_all "the test provider does not start"
question='{"id":1,"query":"hi 你好","keep":1.50}'

# ask CONDUCT [OPTION...]: one question to a provider of that conduct
ask() {
	conduct=$1
	shift
	printf '%s\n' "$question" >in
	status=0
	OPENAI_BASE_URL=$base/$conduct/v1 OPENAI_API_KEY=top-secret \
		llm-call "$@" -f in >out 2>err || status=$?
}
get() { jq -r "$1" out; }

# ---- what a provider can do ----

ask ok -m m1
is "an answer comes with who gave it" \
	"$(get '[.answer,.generation.provider,.generation.model,.generation.finish,.generation.usage.prompt_tokens]|@tsv')" \
	"$(printf 'HI 你好\topenai\tmock-1\tstop\t7')"
has "members nobody touched stay byte for byte" out '"keep":1.50'

# prompt tokens: 3 for the reply, 4 and the text's of a message
usage() { get '.generation.usage|[.prompt_tokens,.completion_tokens,.counted]|tostring'; }
is "what a provider counts is taken" "$(usage)" "[7,3,null]"
ask parts -m gpt-4o
is "... and counted for it where it does not" "$(usage)" "[10,4,true]"
ask parts -m gpt-4
is "... in the vocabulary of the model" "$(usage)" "[11,4,true]"
ask ok --stream -m gpt-4o
is "... of a stream, too" "$(usage)" "[10,3,true]"

# ---- deltas as JSON lines ----

lines() { jq -c "$1" out; }
ask parts --stream=jsonl -m m1
is "the deltas are the answer" "$(jq -js '[.[] | .delta // empty] | add' out)" \
	"$(jq -r 'select(.generation) | .answer' out)"
ok "... in several lines" test "$(lines 'select(has("delta"))' | wc -l)" -ge 2
is "the record is the last line" "$(tail -n 1 out | jq -c '[.id, has("answer"), .generation.finish]')" \
	'[1,true,"stop"]'
is "each delta says whose" "$(lines 'select(has("delta")) | keys' | sort -u)" \
	'["delta","id"]'
ask cut --stream=jsonl -m m1 --deadline 5s
is "what broke off is void" "$(lines 'select(.restart) | .delta' | sort -u)" '""'
is "... and the record says why it failed" \
	"$(tail -n 1 out | jq -r '.error.tool')" llm-call
ask down --stream=jsonl -m m1 --deadline 5s
is "what fails has no delta" "$(lines 'select(has("delta"))' | wc -l | tr -d ' ')" 0
printf '{"id":"%s","query":"hi"}\n' a b c d >four
OPENAI_BASE_URL=$base/parts/v1 OPENAI_API_KEY=k llm-call --stream=jsonl -m m1 \
	-f four >out
is "of several at once each has its own" \
	"$(jq -rs 'group_by(.id) | map((map(.delta // empty) | add) ==
	(map(select(has("answer"))) | .[0].answer)) | all' out)" true
is "... and lines are whole" "$(jq -c . out | wc -l)" "$(wc -l <out)"
printf '%s\n' '{"query":"What is it?","hits":[{"text":"It is a lamp that costs 5 euros."}]}' >one
llm-call --provider local --stream=jsonl -f one >out
is "of local it is one" "$(jq -rs '[.[0].delta == .[1].answer, length] | tostring' out)" \
	'[true,2]'
for how in '-o whole --resume=log'; do
	# shellcheck disable=SC2086 # words
	run llm-call --provider local --stream=jsonl $how -f one
	is "it excludes --resume" "$status" 2
done
run sh -c 'llm-call --provider local --stream=jsonl -f four >/dev/full'
is "a full disk is told" "$status" 2
has "... once" err 'No space left'

# ---- how calls end ----

while read -r conduct code classes want; do
	ask "$conduct" --deadline 5s --timeout 2s
	is "$conduct: exit status $want" "$status" "$want"
	is "$conduct: attempts $classes" \
		"$(get '[.generation.attempts[].class]|join(",")')" "$classes"
	is "$conduct: error $code" "$(get '.error.code//"none"')" "$code"
	[ "$want" = 0 ] || is "$conduct: no answer is made up" \
		"$(get '.answer//"none"')" none
done <<'CASES'
rate none rate,ok 0
flaky none transient,ok 0
down remote transient,transient,transient 3
hangup remote transient,transient,transient 3
quota remote account 3
auth remote account 3
bad remote request 3
unprocessable remote request 3
context remote capacity 3
filter remote content 3
redirect remote request 3
nonsense remote transient,transient,transient 3
html remote transient,transient,transient 3
empty remote transient,transient,transient 3
inband remote transient,transient,transient 3
cut remote truncated,truncated 3
huge remote capacity 3
ratelong remote rate 3
busylong remote transient 3
CASES

ask silent --timeout 200ms
is "a silent provider is not asked again" \
	"$(get '[.error.code,.error.retryable,(.generation.attempts|length)]|@tsv')" \
	"$(printf 'timeout\ttrue\t1')"
ask length
is "an answer cut at its token limit is no answer" \
	"$(get '[.answer,.generation.partial,.error.retryable]|tostring')" \
	'[null,"half an ans",false]'
ask bad
has "a provider's words reach the record without control characters" out \
	'no such thing\\\\x1b\[31m'

for conduct in ok crlf cr nodone; do
	ask "$conduct" --stream
	is "a stream ($conduct) gives the same answer" "$(get .answer)" \
		"HI 你好"
done
for conduct in cut inband; do
	ask "$conduct" --stream
	is "a stream that breaks off ($conduct) is no answer" \
		"$(get '[.answer,.error.code]|tostring')" '[null,"remote"]'
done

# ---- the forms of an answer ----

while IFS='|' read -r conduct how answer thought finish; do
	ask "$conduct" $how
	is "$conduct $how: the answer, its reasoning, how it ended" \
		"$status $(get '[.answer,.generation.reasoning,.generation.finish,(.generation.attempts|length)]|tostring')" \
		"0 [$answer,$thought,$finish,1]"
done <<'CASES'
parts||"part one part two"|null|"stop"
parts|--stream|"part one part two"|null|"stop"
think||"hello"|"It may be 5 million."|"stop"
think|--stream|"hello"|"It may be 5 million."|"stop"
thinkhead||"hello"|"I ponder."|"stop"
thinkhead|--stream|"hello"|"I ponder."|"stop"
thinkword||"The tag `<think>` opens it."|null|"stop"
thinkword|--stream|"The tag `<think>` opens it."|null|"stop"
reasoning||"hello"|"I ponder."|"stop"
reasoning|--stream|"hello"|"I ponder."|"stop"
nullfinish||"hello"|null|null
nullfinish|--stream|"hello"|null|null
donepad|--stream|"hello"|null|"stop"
two|--stream|"red sun"|null|"stop"
tools||null|null|"tool_calls"
tools|--stream|null|null|"tool_calls"
oldtools||null|null|"function_call"
CASES
ask nullfinish
is "that a whole answer names no end is said" \
	"$(get '.generation.degraded|tostring')" \
	'["the provider named no finish_reason"]'
ask tools
is "calls of tools are passed on as they came" \
	"$(get '.generation.tool_calls|tostring')" \
	'[{"id":"call_1","type":"function","function":{"name":"look","arguments":"{\"q\":\"warranty\"}"},"extra_content":{"sign":7}}]'
cp out whole
ask tools --stream
is "... and grow together in a stream" \
	"$(get '.generation.tool_calls[0]|tostring') $(get '.generation.tool_calls[1].function.arguments')" \
	"$(jq -r '.generation.tool_calls[0]|tostring' whole) {}"
ask oldtools
is "the older form, too" "$(get '.generation.tool_calls[0].function.name')" look
ask thinkcut
is "reasoning that met the limit is paid for once" \
	"$(get '[.answer,.generation.reasoning,(.generation.attempts|length)]|tostring')" \
	'[null,"and on",1]'
has "... and says so" out 'cut at its token limit'

# ---- failover ----

config() { # NAME:CONDUCT... and "local"
	list=
	for item; do
		if [ "$item" = local ]; then
			list="$list,\"local\""
		else
			list="$list,{\"name\":\"${item%:*}\",\"base_url\":\"$base/${item#*:}/v1\",\"model\":\"m\",\"price\":{\"input\":1,\"output\":2}}"
		fi
	done
	echo "{\"providers\":[${list#,}]}" >route.json
}
routed() {
	printf '%s\n' "$question" >in
	run llm-call --config route.json -f in "$@"
}
for conduct in down quota cut ratelong silent huge html bad unprocessable \
	context auth redirect; do
	config "a:$conduct" b:ok
	# the server writes 'huge' for longer, on a busy machine
	case $conduct in huge) wait=5s ;; *) wait=300ms ;; esac
	routed --timeout "$wait"
	is "after '$conduct' the next provider answers" \
		"$(get '[.answer,.generation.provider,.generation.cost]|@tsv')" \
		"$(printf 'HI 你好\tb\t1.3e-05')"
done
config a:bad b:unprocessable c:ok
routed
is "what two refuse is not asked a third time" \
	"$(get '[.error.code,(.generation.attempts|length)]|tostring')" \
	'["remote",2]'
config a:bad local
routed
is "after a refused request 'local' serves" \
	"$(get '[.generation.provider,.generation.attempts[0].class]|tostring')" \
	'["local","request"]'
config a:filter b:ok
routed
is "what is refused for its content is not asked elsewhere" \
	"$(get '[.generation.attempts[].class]|join(",")')" content
config a:ok b:ok
routed --provider b --stats st
is "one provider alone is asked" "$(get .generation.provider)" b
is "--stats counts its tokens and what it cost" "$(jq -c \
	'[.records_out, .prompt_tokens, .completion_tokens, .cost]' st)" \
	'[1,7,3,1.3e-05]'
routed --provider c
is "one that is not configured is said" "$status $(cat err)" \
	"2 llm-call: no provider 'c' is configured"
run llm-call -m some-model -f in
is "a model that nobody can be asked for is not answered for" "$status" 2
has "... and it is said what to do" err "no provider is configured to ask for \
model 'some-model': set the key or base URL of one, or leave -m out"
run llm-call -m local -f in
is "... but the built-in one, by its name" \
	"$status $(jq -r .generation.provider out)" "0 local"
run llm-call --config nowhere.json -f in
is "a configuration that is not there is named" "$status $(cat err)" "2 $(
	echo "llm-call: cannot open the configuration 'nowhere.json': No such" \
		"file or directory")"
echo '{"max-tokens":7}' >route.json
routed --dry-run
is "a configuration without providers leaves the built-in one" \
	"$status$(cat err) $(get .request.provider)" "0 local"
echo "{\"max-tokens\":7,\"providers\":[{\"name\":\"a\",\"base_url\":\"$base/ok/v1\",\"model\":\"m\"}]}" >route.json
routed --dry-run
is "... and its options hold as the user's own do" \
	"$(get .request.body.max_tokens)" 7
config a:down local
routed
is "local serves where the route lists it, and says so" \
	"$(get '[.generation.provider,(.generation.degraded|length)]|@tsv')" \
	"$(printf 'local\t1')"
config a:auth b:ok
seq 50 | sed 's/.*/{"id":&,"query":"q&"}/' >many
run llm-call --config route.json -f many --in-flight 1
is "a refused account is asked once in a run" \
	"$(grep -c '"class":"account"' out)" 1
has "and said loudly once" err "provider 'a' refuses the account"

# ---- many at once ----

seq 3000 | sed 's/.*/{"id":&,"query":"q&"}/' >many
config a:ok
run llm-call --config route.json -f many --in-flight 1000
is "3000 records with 1000 in flight come in order" \
	"$(jq -r '[.id,.answer]|join(" ")' out | cksum)" \
	"$(seq 3000 | sed 's/.*/& Q&/' | cksum)"
run llm-call --config route.json -f many -j 1
cp out one
run llm-call --config route.json -f many -j 64
same "the output does not depend on -j" one out
config a:late
head -8 many >few
run llm-call --config route.json -f few -j 1 --stats st
is "waiting for one's turn is no latency" \
	"$(jq '.latency.max_ms >= 20 and .latency.max_ms * 3 < .elapsed_ms' st)" \
	true

# ---- secrets ----

ask echo
has "the key goes to the provider" out 'terces-pot reraeB'
for conduct in auth bad down leak leakerror "leak --stream"; do
	ask $conduct -v --stats st --timing
	cat st >>err
	is "no key in output or messages ($conduct)" \
		"$(cat out err | grep -c top-secret)" 0
done
ask leak
is "a key that comes back is struck out, the rest stays" \
	"$(get '[.answer,.generation.model,.generation.reasoning]|tostring')" \
	'["key [redacted] ","m-[redacted]","[redacted]"]'
ask leak --format=text --stream
is "... as text, too" "$(cat out)" "key [redacted] end"
sed -i 's/hi 你好/my top-secret word/' in
OPENAI_BASE_URL="$base/ok/v1?key=top-secret" OPENAI_API_KEY=top-secret \
	llm-call -f in --dry-run >out
is "... and in a dry run" "$(jq -c .request out | grep -c top-secret)" 0
OPENAI_API_KEY=ollama OPENAI_BASE_URL=$base/ok/v1 llm-call -f in >out
printf '{"query":"ollama"}\n' >in
OPENAI_API_KEY=OLLAMA OPENAI_BASE_URL=$base/ok/v1 llm-call -f in >out
is "what stands in place of a key is none" "$(get .answer)" OLLAMA
ask ok --dry-run
is "a dry run shows the request without the key and sends nothing" \
	"$(get '[.request.provider,.request.body.messages[0].content,.answer]|tostring')" \
	'["openai","hi 你好",null]'
is "no key in a dry run" "$(grep -c top-secret out)" 0
printf 'file-key\n' >key
printf '{"providers":[{"name":"a","base_url":"%s/echo/v1","key_file":"%s"}]}' \
	"$base" "$T/key" >route.json
chmod 644 key
routed
has "a key file that others may read is refused" err \
	"key_file .* is open to others \(mode 0644\)"
is "and nothing is sent" "$(get '.answer//"none"')" none
chmod 600 key
routed
has "a key file of one's own is read" out 'yek-elif reraeB'
printf '{"providers":[{"name":"a","base_url":"%s/echo/v1","key_cmd":"echo cmd-key"}]}' \
	"$base" >route.json
routed
has "a key comes from a command" out 'yek-dmc reraeB'
printf '{"providers":[{"name":"a","base_url":"%s/echo/v1","timeout":0.2,"key_cmd":"exec sleep 1000"}]}' \
	"$base" >route.json
routed
is "a command that hangs is given up" "$(head -1 err)" \
	"llm-call: provider 'a': key_cmd does not end in time"
is "... before anything was sent or counted" \
	"$(get '[.generation.usage,.error.message]|tostring')" \
	"[null,\"provider 'a': key_cmd does not end in time (account)\"]"
is "and costs its record" "$status$(get .error.tool)" 3llm-call
if command -v setsid >/dev/null; then # no terminal, where it might ask
	printf '{"providers":[{"name":"a","base_url":"%s/echo/v1","timeout":0.3,"key_cmd":"sh -c '"'echo \$\$ >late; exec sleep 1000'"'; echo k"}]}' \
		"$base" >group.json
	echo '{"query":"q"}' | setsid -w llm-call --config=group.json \
		-m m >out 2>err
	is "... nor what it started" "$(sed -n \
		's/^State:[[:space:]]*\([A-WYa-z]\).*/\1/p' "/proc/$(cat late)/status" \
		2>/dev/null)" ""
fi
printf '{"providers":[{"name":"a","base_url":"%s/echo/v1","key_cmd":"touch asked; exec sleep 1000"}]}' \
	"$base" >route.json
(
	sh -c 'echo $$ >pid; exec llm-call --config route.json --timeout 1h --deadline 1h -f in' \
		>out 2>err
	echo $? >ended
) 9>&- &
wait_for test -e asked
kill -TERM "$(cat pid)"
wait_for test -s ended
is "... at once when the program is told to end" "$(cat ended)" 143
echo '{"providers":[{"name":"a","base_url":"https://x.example/v1","key":"k"}]}' \
	>route.json
routed
has "a key in the file is refused" err "use key_env, key_file or key_cmd"
is "with exit status 2" "$status" 2
echo '{"providers":[{"name":"a","base_url":"http://x.example/v1"}]}' >route.json
routed
has "plain http to another machine is refused" err "https is required"
echo '{"providers":[{"name":"a","base_url":"http://127.0.0.999/v1"}]}' >route.json
routed
has "what only looks like loopback is another machine" err "https is required"
echo '{"providers":[{"name":"a","base_url":"http://x.example/v1","insecure_http":true}]}' >route.json
routed --dry-run
is "... unless the provider is known for it" "$status $(get .request.url)" \
	"0 http://x.example/v1/chat/completions"
printf '{"query":"hi"}\n' >in
OPENAI_API_KEY=top-secret run llm-call -f in
is "a key alone sends nothing" "$(get .generation.provider)" local
is "... and that is said in one line" "$(cat err)" \
	"llm-call: OPENAI_API_KEY alone sends nothing: name a model (-m) or OPENAI_BASE_URL"
OPENAI_API_KEY=top-secret run llm-call -f in -m m --dry-run
is "with a model it is meant" "$(get .request.url)$(cat err)" \
	https://api.openai.com/v1/chat/completions
printf '%s\n' "{\"providers\":[{\"name\":\"a\",\"base_url\":\"$base/echo/openai?api-version=2024-02-01\",\"headers\":{\"api-key\":{\"env\":\"AZURE_KEY\"},\"X-Team\":\"red team\"}}]}" >route.json
AZURE_KEY=azure-secret routed
is "headers are sent, and a query stays behind the path" \
	"$(get '.answer|fromjson|[.headers["api-key"],.headers["x-team"],.path]|tostring')" \
	'["terces-eruza","maet der","/echo/openai/chat/completions?api-version=2024-02-01"]'
routed
has "a header without its value costs the provider" err \
	"header 'api-key': the environment has no 'AZURE_KEY'"
for bad in '"api-key":"k"' '"X-Auth":"k"' '"Content-Type":"x"' '"a b":"c"' \
	'"X":"a\rb"' '"X":""' '"X":{}' '"X":"1","x":"2"'; do
	printf '%s\n' "{\"providers\":[{\"name\":\"a\",\"base_url\":\"$base/ok/v1\",\"headers\":{$bad}}]}" >route.json
	routed
	is "headers {$bad} are refused" "$status$(grep -c header err)" 21
done

# ---- whose configuration ----

route() { # MEMBERS: one provider with them
	echo "{\"providers\":[{\"name\":\"a\",\"base_url\":\"$base/ok/v1\",$1}]}" >route.json
}
printf '{"providers":[{"name":"a","base_url":"%s/echo/v1","key_cmd":"echo cmd-key"}]}' \
	"$base" >route.json
ln -sf route.json link.json
for mode in 620 602; do
	chmod $mode route.json
	run llm-call --config link.json -f in
	is "a configuration with a command that others may write ($mode)" \
		"$status $(cat err)" \
		"2 llm-call: 'link.json' may be written by others (mode 0$mode); chmod go-w it"
done
for names in '"key_env":"K"' '"key_file":"key"' '"headers":{"api-key":{"env":"K"}}'; do
	route "$names"
	chmod 666 route.json
	routed --dry-run
	is "... with $names, too" "$status$(grep -c 'written by others' err)" 21
done
route '"model":"m"'
chmod 666 route.json
routed
is "... one that names neither is read" "$status" 0
chmod 600 route.json
if [ "$(id -u)" = 0 ]; then
	route '"key_env":"K"'
	chown 1234 route.json
	routed
	is "one of another user is refused" "$status $(cat err)" \
		"2 llm-call: 'route.json' belongs to another user (1234)"
	route '"key_file":"key"'
	chown 0 route.json
	chown 1234 key
	ln -sf key link
	route '"key_file":"link"'
	routed
	has "... and so is a key file of another user" err \
		"'link' belongs to another user \\(1234\\)"
else
	skip "files of another user" "needs root"
fi

# ---- what is asked ----

echo '{"query":"q","messages":[{"role":"user","content":"m"}],"prompt":{"messages":[{"role":"user","content":"p"}]}}' >three
OPENAI_BASE_URL=$base/ok/v1 run llm-call -f three
is "prompt.messages come first" "$(get .answer)" P
OPENAI_BASE_URL=$base/echo/v1 run llm-call -f three -s "be brief" \
	--temperature 0.5 --max-tokens 9 -O top_p=0.9 -O user=bob
is "options reach the body" \
	"$(get '.answer|fromjson|.body|[.messages[0].content,.temperature,.max_tokens,.top_p,.user]|tostring')" \
	'["be brief",0.5,9,0.9,"bob"]'
body() {
	routed --dry-run "$@"
	jq -c '.request.body|del(.messages)' out
}
route '"model":"m","extra":{"temperature":0.1,"max_tokens":5,"top_p":1,"model":"x"}'
is "a flag beats 'extra', and each member stands once" \
	"$(body --temperature 0.9 --max-tokens 7; grep -o '"temperature"\|"model"\|"max_tokens"' out | sort | uniq -c | tr -s ' \n' ' ')" \
	'{"model":"m","temperature":0.9,"max_tokens":7,"top_p":1}
 1 "max_tokens" 1 "model" 1 "temperature" '
is "-O beats both" \
	"$(body --temperature 0.9 -O temperature=0.2 -O top_p=0.5 -O model=z)" \
	'{"max_tokens":5,"temperature":0.2,"top_p":0.5,"model":"z"}'
route '"max_tokens_name":"max_completion_tokens","extra":{"max_tokens":5,"messages":[],"stream":true}'
is "the limit has the provider's name, what is the program's stays so" \
	"$(body --max-tokens 7)" '{"max_completion_tokens":7}'
is "a stream is asked for its usage" "$(body --stream)" \
	'{"stream":true,"stream_options":{"include_usage":true},"max_tokens":5}'
is "... unless that is taken out" "$(body --stream -O stream_options=null)" \
	'{"stream":true,"max_tokens":5}'
printf '{"messages":[]}\n{"messages":"x"}\n{"x":1}\n{"query":"fine"}\n' >bad
OPENAI_BASE_URL=$base/ok/v1 run llm-call -f bad
is "a bad record costs one record" \
	"$(jq -r '.error.code//.answer' out | tr '\n' ' ')" \
	"invalid invalid invalid FINE "

# ---- embed and rerank ----

echo '{"query":"abc","rewrites":["de","f"],"text":"wxyz"}' >in
OPENAI_BASE_URL=$base/ok/v1 run llm-call --embed -m e1 -f in
is "vectors are little-endian float32 in base64" \
	"$(get '[.vector,.vectors.model,.vectors.query,.vectors.rewrites[1]]|@tsv')" \
	"$(printf 'AACAQAAAAD8AAIC/\te1\tAABAQAAAAD8AAIC/\tAACAPwAAAD8AAIC/')"
run llm-call --embed -f in
has "without a provider --embed is an error of the record" out \
	'"error":.*the built-in model does not embed'
echo '{"query":"q","hits":[{"doc":"a","text":"x","legs":{"lexical":1.5}},{"doc":"b","text":"y"}]}' >in
OPENAI_BASE_URL=$base/ok/v1 run llm-call --rerank -f in
is "rerank scores stand beside the other legs" \
	"$(get '[.hits[]|.legs]|tojson')" \
	'[{"lexical":1.5,"rerank":0.25},{"rerank":0.5}]'
echo '{"query":"how long is the warranty","hits":[{"text":"We sell phones."},{"text":"The warranty is 12 months long."}]}' >in
run llm-call --rerank -f in
is "the built-in model reranks" \
	"$(get '.hits[1].legs.rerank > .hits[0].legs.rerank')" true

# ---- the built-in model ----

cat >in <<'LINES'
{"query":"运费多少钱？","hits":[{"title":"运费标准","text":"订单满99元包邮，不满99元收取8元运费。","score":9}]}
{"query":"How long is the warranty?","hits":[{"title":"Warranty","text":"Phones have a warranty of 12 months. Send them to us.","score":9}]}
{"query":"QH-P1202 的 warranty 多久？","hits":[{"title":"QH-P1202 warranty 保修","text":"QH-P1202 的 warranty 是12个月。","score":9}]}
{"query":"Who is the queen of Denmark?","hits":[{"title":"Warranty","text":"Phones have a warranty of 12 months.","score":1}]}
{"query":"创始人是谁？","hits":[{"title":"运费标准","text":"订单满99元包邮。","score":1}]}
{"query":"anything?"}
LINES
run llm-call -f in
is "local answers with a citation in the question's language" \
	"$(jq -r '.answer|test("\\[1\\]$")' out | head -3 | tr '\n' ' ')" \
	"true true true "
is "local says that it does not know" \
	"$(jq -r .generation.finish out | tail -3 | tr '\n' ' ')" \
	"unknown unknown unknown "
has "in Chinese" out '无法回答'
has "in English" out "I don't know"
printf 'How long?\n' >in
run llm-call -f in --format=text
is "a plain line is a question, and text comes out" "$(cat out)" \
	"I don't know: the available documents do not answer this question."
exec 9>&-
# What stands on several lines is answered on one, and nothing is glued.
printf '%s' '{"query":"支付网关 payment gateway timeout","hits":[{"doc":"a",' \
	'"score":1,"text":"2026-11-01 10:00:09 payment gateway timeout\n' \
	'  at foo.c:12\n2026-11-01 10:01:00 payment gateway timeout again"}]}' |
	llm-call --provider local | jq -r .answer >out
has "the lines of a log stay apart" out 'timeout at foo\.c:12 2026'
is "in one line" "$(wc -l <out | tr -d ' ')" 1
finish
