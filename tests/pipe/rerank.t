#!/bin/sh
# kb-search --rerank: a child filter orders the hits, and every way in which
# it can fail leaves the fused order and says so.
. "$(dirname "$0")/../lib.sh"
need kb-search kb-index python3 jq

for i in 1 2 3 4 5 6 7 8; do
	echo "{\"id\":\"d$i\",\"text\":\"$(seq $i 8 | tr '\n' ' ') refund 退款 number$i. Way $i of paying back.\"}"
done > docs
kb-index kb.kb docs
printf '%s\n' '{"id":1,"query":"refund"}' '{"id":2,"query":"退款"}' \
	'{"id":3,"query":"退款 refund way"}' > three

# A reranker that does what its first argument says.
cat > ranker.py <<'PY'
import json, os, sys, time
how = sys.argv[1]
n = 0
while how == "loading" and not os.path.exists("go"):
    time.sleep(0.01)
for line in sys.stdin:
    n += 1
    with open("calls", "a") as f:
        f.write(line)
    record = json.loads(line)
    hits = record["hits"]
    for i, hit in enumerate(hits):
        # the last of the documents is the best
        hit.setdefault("legs", {})["rerank"] = int(hit["doc"][1:]) * 3.5 - 9
    if how == "reverse":
        hits.reverse()
    elif how == "few":
        del hits[2:]
    elif how == "dies" and n == 2:
        print("out of memory", file=sys.stderr)
        sys.exit(3)
    elif how == "nonsense":
        print("<html>")
        sys.stdout.flush()
        continue
    elif how == "silent":
        continue
    elif how == "none":
        for hit in hits:
            del hit["legs"]["rerank"]
    elif how == "strings":
        for hit in hits:
            hit["legs"]["rerank"] = "high"
    elif how == "other":
        for hit in hits:
            hit["doc"] = "x"
    elif how == "error":
        record["error"] = {"code": "remote", "message": "no \x1bcredit"}
    elif how == "late" and n == 1:
        time.sleep(0.5)
    elif how == "scalar":
        print("7")
        sys.stdout.flush()
        continue
    elif how == "nested":
        record["hits"] = [[1, None, {"doc": [], "chunk": "0", "legs": 5}], {}]
    print(json.dumps(record))
    sys.stdout.flush()
    if how == "loading":
        with open("ready", "w") as f:
            f.write(str(n))
PY

# ranked CONDUCT [OPTION...]
ranked() {
	conduct=$1
	shift
	rm -f calls
	run kb-search kb.kb -f three --format=json \
		--rerank "python3 ranker.py $conduct" --rerank-timeout 20s "$@"
}
docs() { jq -r '[.hits[].doc]|join(" ")' out | "$@"; }
said() { jq -r '.retrieval.degraded//"nothing"' out | "$@"; }

kb-search kb.kb -f three --format=json > plain
jq -r '[.hits[].doc]|join(" ")' plain > fused

ranked ok --rerank-weight 1
is "the child's order counts" "$(docs sort -u)" "d8 d7 d6 d5 d4 d3 d2 d1"
is "its scores stand beside the other legs" \
	"$(jq -c '.hits[0].legs.rerank' out | sort -u)" 19
is "and it is a leg that took part" \
	"$(jq -c '.retrieval.legs[-1]' out | sort -u)" '"rerank"'
is "nothing was missed" "$(said sort -u)" nothing
is "the scores still fall, within 0 and 1" \
	"$(jq -c '[.hits[].score] | . == (sort|reverse) and .[0] <= 1 and
		.[-1] >= 0' out | sort -u)" true
is "it gets the question" "$(jq -r .query calls)" "$(jq -r .query three)"
is "and whole hits" "$(jq -c '.hits[0]|has("text") and has("score")' \
	calls | sort -u)" true
ranked ok --rerank-weight 0
is "a weight of 0 keeps the fused order" "$(docs cat)" "$(cat fused)"
ranked reverse --rerank-weight 1
is "hits may come back in any order" "$(docs sort -u)" \
	"d8 d7 d6 d5 d4 d3 d2 d1"
ranked ok --rerank-weight 1 -k 2
is "all are asked about, then cut to -k" "$(docs sort -u)" "d8 d7"
ranked ok --rerank-weight 1 --rerank-hits 3
is "of a few asked about, the rest stays below" \
	"$(docs cut -d' ' -f4-)" "$(cut -d' ' -f4- fused)"
is "and only these were sent" "$(jq -c '.hits|length' calls | sort -u)" 3

while IFS=: read -r conduct pattern; do
	ranked "$conduct"
	is "$conduct: the fused order stays" "$(docs cat)" "$(cat fused)"
	said cat > why
	is "$conduct: every record says so" \
		"$(grep -cE "^rerank: .*$pattern" why)" 3
	is "$conduct: it is no error" "$status" 0
	is "$conduct: no leg is told" \
		"$(jq -c '.retrieval.legs' out)" "$(jq -c '.retrieval.legs' plain)"
done << 'CASES'
nonsense:JSON|object|expected|value
scalar:object
none:no score of any
strings:no score of any
other:no score of any
nested:no score of any
error:no .x1bcredit
CASES

ranked few --rerank-weight 1
is "too few scores: those with one come first" \
	"$(jq -c '[.hits[]|.legs|has("rerank")] == ([true,true]+[range(6)|false])' \
		out | sort -u)" true
is "and the record says how many" "$(said sort -u)" \
	"rerank: scores of 2 of 8 hits"
ranked dies --rerank-weight 1
is "what came before its death counts" \
	"$(jq -r '.hits[0].doc' out | head -1)" d8
said sed -n '2,3p' > why
is "what comes after says how it died" \
	"$(grep -c 'ended with status 3: out of memory' why)" 2
ranked silent --rerank-timeout 30ms
is "a silent child costs its time only" "$(docs cat)" "$(cat fused)"
is "and is told" "$(said grep -c 'did not answer in time')" 3
seq 1 40 | sed 's/.*/{"id":&,"query":"refund number&"}/' > many
run kb-search kb.kb -f many --format=json --rerank-timeout 30ms \
	--rerank "python3 ranker.py silent"
is "after five in a row it is asked no more" \
	"$(said grep -c 'and none since')" 35
mkfifo feed
kb-search kb.kb --format=json --rerank-timeout 30ms --rerank-weight 1 \
	--rerank "python3 ranker.py loading" < feed > out &
exec 8> feed
sed 6q many >&8
answers() { [ "$(wc -l < out)" -ge "$1" ]; }
wait_for answers 6
is "nor is one that is loading its model" \
	"$(said grep -c 'did not answer in time')$(said grep -c 'none since')" 51
: > go
wait_for grep -q 5 ready
sed -n 7p many | sed 's/number7/number/' >&8
wait_for answers 7
exec 8>&-
wait
is "which joins when it is ready" \
	"$(jq -r '[.hits[0].doc,.retrieval.degraded]|tostring' out | tail -1)" \
	'["d8",null]'
ranked late --rerank-timeout 250ms --rerank-weight 1
is "an answer that came too late is not taken for the next one" \
	"$(jq -r '.hits[0].doc' out | tail -1)" d8
run kb-search kb.kb -f three --format=json --rerank ./no-such-program
is "a missing program is told" "$(said grep -c 'not found')" 3
is "and the hits are there" "$(docs cat)" "$(cat fused)"
echo '{"id":"v","text":"refund number","vector":[1,0,1]}' | kb-index own.kb
kb-search own.kb --format=json --rerank ./no-such-program 'refund number' > out
is "a reason does not hide another" \
	"$(said sed 's/^\(vector: the record has no vectors; rerank: \).*not found.*/\1/')" \
	"vector: the record has no vectors; rerank: "
kb-search own.kb --format=text --rerank ./no-such-program 'refund number' > out
has "and people see both" out '^could not be done: vector: .*; rerank: '
run kb-search kb.kb -f three --rerank ' '
is "an empty command is refused" "$status" 2
run kb-search kb.kb -f three --format=json --rerank 'sh -c "cat; exit 0"'
is "a filter that adds nothing changes nothing" "$(docs cat)" "$(cat fused)"
run kb-search kb.kb --format=json --rerank "python3 ranker.py ok" nothing
is "no hits, no question" "$status$(jq -c '[.hits,.retrieval.degraded]' out)" \
	'0[[],null]'

kb-search kb.kb -f many --rerank "python3 ranker.py ok" \
	--rerank-timeout 20s > one
kb-search kb.kb -f many --rerank "python3 ranker.py ok" \
	--rerank-timeout 20s -j 4 > four
same "threads change nothing" one four
is "near-duplicates are not sent twice" "$(
	{ cat docs; sed 's/"id":"d/"id":"e/' docs; } > twice
	kb-index twice.kb twice
	rm -f calls
	kb-search twice.kb --rerank "python3 ranker.py ok" refund > /dev/null
	jq -c '.hits|length' calls)" 8

# llm-call as it is used
mkfifo hold
python3 "$ROOT/tests/pipe/helper/provider.py" "$T/port" < hold &
exec 9> hold
wait_for test -s port || skip_all "the test provider does not start"
base=http://127.0.0.1:$(cat port)
export OPENAI_API_KEY=x
OPENAI_BASE_URL=$base/ok/v1 run kb-search kb.kb -f three --format=json \
	--rerank 'llm-call --rerank' --rerank-weight 1 --rerank-timeout 20s
is "a provider's scores count: its last is the best" \
	"$(jq -c '.hits[0].legs.rerank' out | sort -u)" 0.880797
is "the order is turned round" "$(docs cat)" \
	"$(awk '{ for (i = NF; i > 0; i--) printf "%s%s", $i,
		(i > 1 ? " " : "\n") }' fused)"
OPENAI_BASE_URL=$base/auth/v1 run kb-search kb.kb -f three --format=json \
	--rerank 'llm-call --rerank' --rerank-timeout 20s
is "a provider that refuses leaves the fused order" "$(docs cat)" "$(cat fused)"
is "and is told" "$(said grep -c '^rerank: ')" 3
exec 9>&-
finish
