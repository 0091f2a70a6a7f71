#!/bin/sh
# fact-check --judge: a child filter is asked about the claims in doubt, and
# every way in which it can fail leaves the verdicts and says so.
. "$(dirname "$0")/../lib.sh"
need fact-check prompt-render llm-call kb-search kb-index python3 jq

cat > records <<'EOT'
{"id":1,"query":"How long can I return it?","hits":[{"text":"The desk is white."},{"title":"Returns","text":"Customers may send unopened boxes back to the shop during the month after they got them. Shipping is free."}],"answer":"You can send the box back during a month after you have got it."}
{"id":2,"query":"退货要多久？","hits":[{"text":"未拆封的商品在签收后三十天之内可以寄回商店。"}],"answer":"商品签收之后，没有拆开的，一个月里都能退回店里。"}
{"id":3,"query":"How long?","hits":[{"text":"Returns are accepted within 30 days."}],"answer":"Returns are accepted within 14 days."}
{"id":4,"query":"How long?","hits":[{"text":"Returns are accepted within 30 days."}],"answer":"Returns are accepted within 30 days."}
{"id":5,"query":"How long?","hits":[],"answer":"Returns are accepted within 30 days."}
EOT

# A judge that does what its first argument says.
cat > judge.py <<'PY'
import json, sys
how = sys.argv[1]
n = 0
for line in sys.stdin:
    n += 1
    with open("calls", "a") as f:
        f.write(line)
    record = json.loads(line)
    if how in ("supported", "unsupported", "支持", "不支持", "Yes.", "maybe",
               "<think>no</think>yes"):
        record["answer"] = how
    elif how == "label":
        record["class"] = {"label": "supported", "score": 0.83}
    elif how == "unlikely":
        record["class"] = {"label": "no", "score": 0.83}
    elif how == "beyond":
        record["class"] = {"label": "supported", "score": 7}
        record["answer"] = "unsupported"
    elif how == "dies" and n == 2:
        print("out of memory", file=sys.stderr)
        sys.exit(3)
    elif how == "dies":
        record["answer"] = "yes"
    elif how == "nonsense":
        print("<html>", flush=True)
        continue
    elif how == "scalar":
        print("7", flush=True)
        continue
    elif how == "silent":
        continue
    elif how == "number":
        record["answer"] = 1
    elif how == "error":
        record["error"] = {"code": "remote", "message": "no \x1bcredit"}
    elif how == "long":
        sys.stdout.write("x" * (70 << 20) + "\n")
        sys.stdout.flush()
        continue
    elif how == "late" and n == 1:
        # only answered when the second is there
        record["answer"] = "unsupported"
        held = json.dumps(record)
        continue
    elif how == "late":
        if n == 2:
            print(held)
        record["answer"] = "supported"
    print(json.dumps(record, ensure_ascii=False), flush=True)
PY

# judged CONDUCT [OPTION...]
judged() {
	conduct=$1
	shift
	rm -f calls
	run fact-check -f records --band 0.02,.98 --judge-timeout 20s \
		--judge "python3 judge.py '$conduct'" "$@"
}
doubt() { jq -r 'select(.id<3)|.check.claims[0].verdict' out | sort | uniq -c |
	sed 's/^ *//'; }
said() { jq -r 'select(.check.degraded)|.check.degraded' out; }

fact-check -f records > plain
is "without a judge these are in doubt" \
	"$(jq -c 'select(.id<3)|.check.claims[0]|.verdict == "contradicted"
		or .p < 0.02 or .p > 0.98' plain | sort -u)" false

judged supported
is "what it supports is" "$(doubt)" "2 supported"
is "p is as sure as its word" \
	"$(jq -c 'select(.id<3)|.check.claims[0]|[.p,.judge]' out | sort -u)" \
	'[0.9,0.9]'
is "nothing was missed" "$(said)" ""
is "it is asked about what is in doubt, once each" \
	"$(jq -r .claim calls)" "$(jq -r '.answer' records | sed -n '1,2p;4p')"
is "with the question" "$(jq -r .query calls | head -1)" \
	"How long can I return it?"
is "the best passage comes first" "$(jq -r '.hits[0].title' calls | head -1)" \
	Returns
is "a contradiction stays one" "$(jq -c 'select(.id==3)|[.route,.confidence]' out)" \
	"$(jq -c 'select(.id==3)|[.route,.confidence]' plain)"
is "and what has no evidence unchecked" \
	"$(jq -r 'select(.id==5)|.check.claims[0].verdict' out)" unchecked

while IFS=: read -r conduct verdict p; do
	judged "$conduct"
	is "$conduct: $verdict, $p" "$(jq -r 'select(.id<3)|.check.claims[0]|
		.verdict+" "+(.p|tostring)' out | sort -u)" "$verdict $p"
	is "$conduct: nothing was missed" "$(said)" ""
done << 'CASES'
unsupported:unsupported:0.1
支持:supported:0.9
不支持:unsupported:0.1
Yes.:supported:0.9
<think>no</think>yes:supported:0.9
label:supported:0.83
unlikely:unsupported:0.17
beyond:supported:0.9
CASES

jq -c 'select(.id<3)|[.check.claims[0]|.verdict,.p]' plain > built_in
while IFS=: read -r conduct pattern; do
	judged "$conduct"
	is "$conduct: the built-in verdict stands" \
		"$(jq -c 'select(.id<3)|[.check.claims[0]|.verdict,.p]' out)" \
		"$(cat built_in)"
	is "$conduct: every record says so" \
		"$(said | grep -cE "^judge: 1 of 1 claims: .*$pattern")" 3
	is "$conduct: it is no error" "$status$(cat err)" 0
done << 'CASES'
nonsense:JSON|object|expected|value
scalar:object
maybe:no verdict: 'maybe'
number:no verdict came back
echo:no verdict came back
error:no .x1bcredit
long:line longer than
CASES
judged dies
is "what came before its death counts" \
	"$(jq -c 'select(.id==1)|.check.claims[0].judge' out)" 0.9
is "what comes after says how it died" \
	"$(said | grep -c 'ended with status 3: out of memory')" 2
judged silent --judge-timeout 30ms
is "a silent one costs its time only" "$(said | grep -c 'did not answer in time')" 3
judged late --judge-timeout 2s
is "an answer that came too late is not taken for the next one" \
	"$(jq -c '[.check.claims[0].judge]' out | sed -n '1,2p;4p' | tr -d '\n')" \
	"[null][0.9][0.9]"
run fact-check -f records --band 0.02,0.98 --judge ./no-such-program
is "a missing program is told" "$(said | grep -c 'not found')" 3
run fact-check -f records --judge ' '
is "an empty command is refused" "$status" 2
run fact-check -f records --judge cat --band 0.9,0.1
is "a band that is none is refused" "$status $(wc -l < err)" "2 1"
run fact-check -e -f records --band 0.02,.98 --judge ./no-such-program
is "-e tells of people, not of the judge" "$status" 1
judged supported --band .999,1
is "outside of the band nobody is asked" "$(test -e calls; echo $?)" 1
i=0
while [ $i -lt 10 ]; do cat records && i=$((i + 1)); done > many
fact-check -f many --band 0,1 --judge "python3 judge.py label" \
	--judge-timeout 20s > one
fact-check -f many --band 0,1 --judge "python3 judge.py label" \
	--judge-timeout 20s -j 4 > four
same "threads change nothing" one four

# The template of prompt-render, as it is used
head -1 calls > ask
prompt-render -t judge < ask > prompted
is "the template shows passages, question and claim" \
	"$(jq -r '.prompt.messages[1].content' prompted | grep -cE \
		'^\[1\] Returns|^Question: How long|^Claim: You can send')" 3
is "it speaks Chinese when the question does" "$(sed -n 2p calls |
	prompt-render -t judge | jq -r '.prompt.messages[0].content' |
	grep -c '不支持')" 1
echo '{"claim":"X is Y.","hits":[{"text":"X is Y."}]}' |
	prompt-render -t judge > prompted
is "it needs no question" "$(jq -r .prompt.template prompted)" judge
mkdir -p config/kb/templates
echo 'mine {{ claim }}' > config/kb/templates/judge.jinja
is "a file of that name counts more" \
	"$(prompt-render -t judge < ask | jq -r '.prompt.messages[0].content' |
		cut -c1-8)" "mine You"
rm -r config
cat > model.py <<'PY'
import sys
from http.server import BaseHTTPRequestHandler, HTTPServer
class Model(BaseHTTPRequestHandler):
    def do_POST(self):
        self.rfile.read(int(self.headers["Content-Length"]))
        body = (b'{"choices":[{"message":{"content":"supported"},'
                b'"finish_reason":"stop"}]}')
        self.send_response(200)
        self.send_header("Content-Type", "application/json")
        self.send_header("Content-Length", str(len(body)))
        self.end_headers()
        self.wfile.write(body)
    def log_message(self, *args):
        pass
server = HTTPServer(("127.0.0.1", 0), Model)
with open("port", "w") as f:
    print(server.server_port, file=f)
server.serve_forever()
PY
python3 model.py &
model=$!
wait_for test -s port
OPENAI_BASE_URL=http://127.0.0.1:$(cat port)/v1
export OPENAI_BASE_URL OPENAI_API_KEY=x
run fact-check -f records --band 0.02,.98 --judge-timeout 20s \
	--judge "prompt-render -t judge | llm-call -m judge"
kill "$model"
is "prompt-render and llm-call are a judge" "$(doubt)$(said)" "2 supported"
finish
