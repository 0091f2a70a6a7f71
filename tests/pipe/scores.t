#!/bin/sh
# Scores lie in 0 to 1 and fall from hit to hit, whatever decides the order.
. "$(dirname "$0")/../lib.sh"
need kb-search kb-index jq python3

jq -c '{id,query}' "$ROOT/tests/data/questions.jsonl" | sed -n 'n;p' > asked
kb-index shop.kb "$ROOT/tests/data/shop"
kb-index --shard 1/2 half.kb "$ROOT/tests/data/shop"
kb-index --shard 2/2 rest.kb "$ROOT/tests/data/shop"
# many passages of one document, in front of others that say less
{
	seq 1 40 | sed 's/.*/The refund of order & takes & days. 退款第&天到账。\n/'
} > long.txt
echo 'One refund. 退款。' > short.txt
kb-index --chunk-target 16 many.kb long.txt short.txt
# vectors that point away from the question's, and ones that point its way
python3 - << 'PY'
import json
for n in range(12):
    print(json.dumps({"id": "v%d" % n, "text": "refund number %d 退款" % n,
                      "vector": [6 - n, 1, .3]}), file=open("own", "a"))
with open("vectors", "w") as f:
    for x in ([1, 0, 0], [-1, 0, 0], [6, 1, .3], [0, 0, -1]):
        print(json.dumps({"query": "refund number 3",
                          "vectors": {"query": x}}), file=f)
PY
kb-index own.kb own
# a reranker with scores of any size and sign
cat > ranker.py << 'PY'
import json, sys
for line in sys.stdin:
    r = json.loads(line)
    for i, h in enumerate(r["hits"]):
        h["legs"]["rerank"] = (1.7e308, -1.7e308, 3, -1, 0)[i * 7 % 5]
    print(json.dumps(r), flush=True)
PY
# wrong QUESTIONS [ARGUMENT]...: records whose scores do not fall; where the
# graph is not alone, that there are hits at all
wrong() {
	questions=$1
	shift
	kb-search --format=json -f "$questions" "$@" > out || return
	jq -c '[.hits[].score] | select(. != (sort | reverse) or
		(length > 0 and (.[0] > 1 or .[-1] < 0)))' out | head -3
	[ "$(wc -l < out)" = "$(wc -l < "$questions")" ] || echo records
	case " $* " in *' graph '*) return ;; esac
	[ "$(jq -s 'map(.hits | length) | add' out)" -ge 20 ] || echo hits
}

# falls NAME QUESTIONS ARGUMENTS: with many options; both may hold several
falls() {
	name=$1 asked=$2 arguments=$3
	while read -r options; do
		eval "set -- $arguments $options"
		is "$name: $options" "$(wrong "$asked" "$@")" ""
	done << 'OPTIONS'

--legs lexical
--legs vector
--legs graph
--legs lexical,graph --no-synonyms
--rrf
--rrf --mmr .5
--mmr 0.9 -k 20
--mmr 0.01 -k 5
--mmr 0.5 --distinct --duplicates
--distinct
--duplicates -k 50
--exhaustive --plain
--weights 0,1,0
--weights 0,0,0
--weights 0.1,100,100
--weights 1,0,100 --no-spelling
--rerank 'python3 ranker.py' --rerank-timeout 20s
--rerank 'python3 ranker.py' --rerank-timeout 20s --rerank-weight 1 --rerank-hits 3 -k 30
--rerank 'python3 ranker.py' --rerank-timeout 20s --rerank-weight 0.1 --mmr .3
--filter '-source~/zzz/' --explain --path
OPTIONS
}
falls shop asked 'shop.kb'
falls shards asked 'half.kb -i rest.kb'
falls 'many passages' asked 'many.kb'
falls vectors vectors 'own.kb -k 12'
finish
