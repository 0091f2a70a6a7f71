#!/bin/sh
# llm-call against a server of the three dialects that others wrote: aimock,
# whose program llmock is looked for in $AIMOCK, then in PATH.
. "$(dirname "$0")/../lib.sh"
need llm-call python3 jq

llmock=${AIMOCK:-$(command -v llmock || true)}
test -x "$llmock" ||
	skip_all "llmock (of @copilotkit/aimock) is not installed"
mkdir fixtures
cat >fixtures/a.json <<'EOF'
{"fixtures":[
 {"match":{"userMessage":"warranty"},
  "response":{"content":"The warranty is 12 months, 保修12个月."}},
 {"match":{"userMessage":"weather"},
  "response":{"toolCalls":[{"name":"look","arguments":"{\"q\":\"x\"}"}]}},
 {"match":{"userMessage":"busy"},
  "response":{"error":{"message":"no","type":"rate_limit_error"},"status":429}},
 {"match":{"userMessage":"cut"},"truncateAfterChunks":3,"chunkSize":4,
  "response":{"content":"The warranty is 12 months, 保修12个月."}}]}
EOF
port=$(python3 -c 'import socket; s = socket.socket()
s.bind(("127.0.0.1", 0)); print(s.getsockname()[1])')
"$llmock" -p "$port" -f fixtures/ --log-level warn >log 2>&1 &
server=$!
trap 'kill $server; rm -rf "$T"' EXIT
listens() { python3 -c 'import socket, sys
socket.create_connection(("127.0.0.1", int(sys.argv[1])))' "$port"; }
wait_for listens || skip_all "llmock does not start"

cat >in <<'EOF'
{"id":1,"messages":[{"role":"system","content":"be brief"},{"role":"user","content":"warranty"}]}
{"id":2,"query":"weather"}
{"id":3,"query":"busy"}
EOF
for row in openai:v1 anthropic:v1 gemini:v1beta; do
	dialect=${row%:*}
	echo "{\"providers\":[{\"name\":\"a\",\"dialect\":\"$dialect\",\"base_url\":\"http://127.0.0.1:$port/${row#*:}\",\"model\":\"m-1\"}]}" >one.json
	for how in --no-stream --stream; do
		rm -rf "$XDG_STATE_HOME"
		run llm-call --config one.json -f in $how --deadline 1s
		is "$dialect $how: an answer, a call of a tool, a refusal" \
			"$(jq -c '[.answer,.generation.finish,.generation.tool_calls[0]?.function,([.generation.attempts[].class]|unique|join(","))]' out)" \
			'["The warranty is 12 months, 保修12个月.","stop",null,"ok"]
[null,"tool_calls",{"name":"look","arguments":"{\"q\":\"x\"}"},"ok"]
[null,null,null,"rate"]'
	done
	echo '{"id":4,"query":"cut"}' >four
	rm -rf "$XDG_STATE_HOME"
	run llm-call --config one.json -f four --stream --deadline 3s
	is "$dialect: a stream that it cuts is no answer" \
		"$(jq -c '[.answer,.error.code,.error.retryable]' out)" \
		'[null,"remote",true]'
done
finish
