#!/bin/sh
# kb-search --answers and fact-check --answers: an answer of earlier stands in
# front of the search for as long as the index says the same, and no longer.
. "$(dirname "$0")/../lib.sh"
need kb-index kb-search prompt-render llm-call fact-check jq python3

get() { jq -r "$1" out; }
pipe() { # QUESTIONS [OPTION...]: the whole pipe with answers kept in a
	asked=$1
	shift
	kb-search --answers=a "$@" -f "$asked" shop.kb | prompt-render |
		llm-call | fact-check --answers=a shop.kb >out 2>err
}
plain() { # the same without
	kb-search "$@" shop.kb | prompt-render | llm-call |
		fact-check shop.kb
}
hits() { jq -s 'map(select(.retrieval.cache.hit))|length' out; }

cp -r "$ROOT/tests/data/shop" docs
kb-index shop.kb docs >log 2>&1 || fail "the sample is indexed" log
head -40 "$ROOT/tests/data/questions.jsonl" | jq -c '{id,query}' >questions

# ---- found ----

plain -f questions >without
pipe questions
is "the first time nothing is found" "$(hits) $(cat err)" "0 "
is "... and nothing else differs" \
	"$(jq -c 'del(.retrieval.cache)' out)" "$(jq -c . without)"
pipe questions
kept=$(jq -s 'map(select(.route == "answer"))|length' without)
is "the second time all that was sent out is ($kept)" "$(hits)" "$kept"
is "... the same answers, routes, confidences" \
	"$(jq -c '[.id,.answer,.route,.confidence,.check,.hits]' out)" \
	"$(jq -c '[.id,.answer,.route,.confidence,.check,.hits]' without)"
is "... which say where they come from" \
	"$(jq -s -c 'map(select(.retrieval.cache.hit)|.generation.cached)|unique' out)" \
	"[true]"
is "... and no prompt was made for them" \
	"$(jq -s 'map(select(.retrieval.cache.hit and .prompt))|length' out)" 0
jq -c 'select(.retrieval.cache.hit)' out | head -1 >record
run fact-check --only human -f record shop.kb
is "who wants those for a human gets none" "$(wc -l <out)" 0
query=$(jq -r '.query' record)
jq -n -c --arg q "$query" '{query:$q,customer:"Ann"}' >ann
jq -n -c --arg q "$query" '{customer:"Ann",id:9,gold:{},query:$q}' >ann2
jq -n -c --arg q "$query" '{query:$q,customer:"Bob"}' >bob
pipe ann
is "what else a record holds is part of the question" "$(hits)" 0
pipe ann2
is "... but its id and what is right" "$(hits)" 1
pipe bob
is "... and another customer is another one" "$(hits)" 0
pipe record -k 3
is "so is what the search is told" "$(hits)" 0
run kb-search --answers=a --answers-ttl=1ms -f questions shop.kb
is "too old" "$(hits)" 0
pipe questions
kb-search -j 2 --answers=a -f questions shop.kb >threads
kb-search --answers=a -f questions shop.kb >out
same "in threads the same" threads out

# ---- an update of the index ----

# A file per document, so that an edit is one.
mkdir own
python3 - <<'END'
import json
for i in range(60):
    with open(f"own/{i}.md", "w") as f:
        f.write(f"# Fee of article {i}\n\nThe storage fee of article "
                f"K{i} is {i + 10} yuan a month.\n")
with open("fees", "w") as f:
    for i in range(60):
        f.write(json.dumps({"id": i, "query":
                f"What is the storage fee of article K{i}?"}) + "\n")
END
rm -rf shop.kb a
kb-index shop.kb own >log 2>&1
pipe fees
pipe fees
all=$(hits)
ok "of 60 most are sent out and found again ($all)" test "$all" -ge 50
# KB_EDITS updates (25), each of a document; an answer is stale when the whole
# pipe without a cache says another thing.
python3 - "${KB_EDITS:-25}" >edits <<'END'
import random
import sys
r = random.Random(7)
for step in range(int(sys.argv[1])):
    i = r.randrange(60)
    kind = r.choice(["edit", "edit", "remove", "add", "rival"])
    print(step, kind, i, r.randrange(100, 999))
END
stale=0 found=0
while read -r step kind i value; do
	case $kind in
	edit) sed -i "s/is [0-9]* yuan/is $value yuan/" "own/$i.md" 2>/dev/null ;;
	remove) rm -f "own/$i.md" ;;
	add) printf '# Notice %s\n\nThe opening hours change to %s.\n' \
		"$step" "$value" >"own/n$step.md" ;;
	rival) printf '# Correction\n\nThe storage fee of article K%s is %s yuan a month from now on.\n' \
		"$i" "$value" >"own/r$step.md" ;;
	esac
	kb-index shop.kb own >log 2>&1
	pipe fees
	plain -f fees >fresh
	found=$((found + $(hits)))
	jq -c '[.id,.answer,.route]' out >a1
	jq -c '[.id,.answer,.route]' fresh >a2
	stale=$((stale + $(diff a1 a2 | grep -c '^<')))
done <edits
steps=$(wc -l <edits)
is "$steps updates, $((steps * 60)) questions: stale answers" "$stale" 0
ok "... with $found answered in front" test "$found" -ge $((steps * 20))
pipe fees
before=$(hits)
touch own/1.md
kb-index shop.kb own >log 2>&1
pipe fees
is "an update of nothing keeps all" "$(hits)" "$before"

# ---- what is not kept ----

run kb-search --answers=b -f fees shop.kb
jq -c '.answer="x"|.generation={}|.check={claims:[]}|.confidence=.9' out >base
keeps() { # NAME FILTER COUNT
	rm -rf b2 && cp -r b b2
	jq -c "$2" base | head -5 >mine
	# passes fact-check as it is only by its own route
	fact-check --answers=b2 -f mine shop.kb >/dev/null 2>&1
	run kb-search --answers=b2 -f fees shop.kb
	is "$1" "$(hits)" "$3"
}
keeps "what goes to a human" '.answer="I do not know."' 0
keeps "what failed" '.error={tool:"x",code:"io",message:"m",retryable:false}' 0
right='.answer=(.hits[0].text|sub("^[^T]*";""))'
keeps "right answers are kept" "$right" 5
keeps "what was searched with something missing is not" \
	"$right|.retrieval.degraded=\"vector: away\"" 0
keeps "a key that is none is not" "$right|.retrieval.cache.key=\"zz\"" 0
keeps "nor is a record that was not looked up" "$right|del(.retrieval.cache)" 0

# ---- what is wrong with it stops nobody ----

for bad in no/such/dir file; do
	echo x >file
	run kb-search --answers=$bad -f fees shop.kb
	is "'$bad': all are searched, with one line" \
		"$status $(jq -s 'map(select(.hits))|length' out) $(wc -l <err)" "0 60 1"
	run fact-check --answers=$bad -f base shop.kb
	is "... and all are checked" "$(jq -s 'map(select(.check))|length' out)" 60
done
cp -r a flipped
python3 - <<'END'
p = "flipped/answers"
b = bytearray(open(p, "rb").read())
head = 4096 + 16 * int.from_bytes(b[16:24], "little")
for i in range(head, len(b), 3):
    b[i] ^= 1
open(p, "wb").write(b)
END
run kb-search --answers=flipped -f fees shop.kb
is "a flipped file: nothing of it is taken" "$(hits) $status" "0 0"
is "... with one line" "$(wc -l <err)" 1
finish
