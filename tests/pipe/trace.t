#!/bin/sh
# llm-call --trace: a line for each request, whole, without secrets.
. "$(dirname "$0")/../lib.sh"
need llm-call python3 jq

start_provider faults.py || skip_all "the test provider does not start"
echo '{"id":"r-1","query":"how long is the warranty?"}' >in

cat >p.json <<EOF
{"providers":[
  {"name":"a","base_url":"$base/fails/v1","model":"m-a","key_env":"A_KEY"},
  {"name":"b","dialect":"anthropic","base_url":"$base/ok/v1","model":"m-b",
   "key_env":"A_KEY"},
  {"name":"c","dialect":"gemini","base_url":"$base/ok/v1beta","model":"m"}],
 "routes":{"default":["a","b"],"last":["c"]}}
EOF
export A_KEY=top-secret
run llm-call --config p.json -f in --trace t.jsonl --temperature .5 --max-tokens 9
is "an answer comes as without a trace" "$status $(cat err)" "0 "
is "a line for each request" "$(jq -c '[.attributes|."kb.provider",."kb.attempt"]' t.jsonl | tr '\n' ' ')" \
	'["a",1] ["a",2] ["a",3] ["b",4] '
jq -s '.[0]' t.jsonl >first
jq -s '.[3]' t.jsonl >last
is "a failed one says of which class it was, and the status" \
	"$(jq -c '[.status,(.attributes|."error.type",."http.response.status_code")]' first)" \
	'["error","transient",500]'
is "a good one has model, end and tokens" "$(jq -c '[.name,.kind,.status,(.attributes|
	."gen_ai.operation.name",."gen_ai.provider.name",."gen_ai.request.model",
	."gen_ai.request.temperature",."gen_ai.request.max_tokens",
	."gen_ai.response.model",."gen_ai.response.finish_reasons",
	."gen_ai.usage.input_tokens",."gen_ai.usage.output_tokens",
	."gen_ai.usage.cache_read.input_tokens",."http.response.status_code",
	."server.address",."server.port",."kb.record.id",."error.type")]' last)" \
	"[\"chat m-b\",\"client\",\"ok\",\"chat\",\"anthropic\",\"m-b\",0.5,9,\"mock\",[\"stop\"],9,4,2,200,\"127.0.0.1\",${base##*:},\"r-1\",null]"
is "times go forward" "$(jq -s -c '[.[]|.start_time_unix_nano<.end_time_unix_nano]+
	[range(3) as $i|.[$i].end_time_unix_nano<=.[$i+1].start_time_unix_nano]|unique' t.jsonl)" "[true]"
is "requests of a record share a trace, each has a span" "$(jq -s -c '[
	([.[].trace_id]|unique|map(length)),([.[].span_id]|unique|map(length))]' t.jsonl)" \
	"[[32],[16,16,16,16]]"
is "no key and no text is in it" "$(grep -c -e secret -e warranty t.jsonl)" 0
run llm-call --config p.json -f in --trace t.jsonl --trace-messages -m last
is "a further run goes on behind the lines" "$(wc -l <t.jsonl | tr -d ' ')" 5
is "texts are there when they are asked for" "$(tail -n 1 t.jsonl | jq -c '.attributes|[
	."gen_ai.provider.name",."gen_ai.input.messages"[0].content,
	."gen_ai.output.messages"[0].content]')" \
	'["gcp.gemini","how long is the warranty?","The warranty is 12 months, 保修12个月."]'
run llm-call --config p.json -f in --trace s.jsonl --stream -m last
is "a stream tells when its first bytes came" \
	"$(jq '.attributes|."gen_ai.response.time_to_first_chunk" as $t|$t>0 and $t<60' s.jsonl)" true
run llm-call --config p.json -f in --trace d.jsonl --dry-run
is "nothing is sent, nothing is told" "$(wc -c <d.jsonl | tr -d ' ')" 0
is "the file is the owner's alone" "$(stat -c %a t.jsonl)" 600

# Ten processes at once write whole lines.
seq 20 | sed 's/.*/{"id":&,"query":"q"}/' >many
pids=
for i in 0 1 2 3 4 5 6 7 8 9; do
	llm-call --config p.json -f many --trace all.jsonl -m last \
		--trace-messages >"o$i" 2>&1 &
	pids="$pids $!"
done
# shellcheck disable=SC2086
wait $pids
is "lines of several processes do not mix" \
	"$(jq -c .status all.jsonl 2>&1 | sort | uniq -c | tr -s ' ')" ' 200 "ok"'

if [ -w /dev/full ]; then
	run llm-call --config p.json -f many --trace /dev/full -m last
	is "a full disk costs no answer" \
		"$status $(jq -s '[.[]|select(.answer)]|length' out)" "0 20"
	is "... and is said once, and how much is lost" \
		"$(wc -l <err | tr -d ' ') $(grep -c 'No space left' err) $(grep -c 'lacks 20 of 20' err)" "2 1 1"
fi
run llm-call --config p.json -f in --trace no/such/file
is "a file that cannot be made ends the run" "$status $(cat err)" \
	"2 llm-call: cannot write the trace 'no/such/file': No such file or directory"
exec 9>&-
finish
