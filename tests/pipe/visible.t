#!/bin/sh
# No text for people holds a character that they would not see or that steers
# what they see; JSON is left alone.
. "$(dirname "$0")/../lib.sh"
need kb-index kb-search kb-eval llm-call fact-check jq

# hidden FILE: how many hidden characters it holds (C1, bidi marks, zero width,
# line separators, tags, byte order marks)
hidden() {
	LC_ALL=C grep -oaE "$(printf '\302[\200-\237]|\342\200[\213\216\217\250-\256]|\342\201[\240-\257]|\330\234|\363\240[\200\201][\200-\277]|\357\273\277')" \
		"$1" | wc -l
}
# Each kind once.
bad=$(printf 'a\302\233b\342\200\256c\342\201\246d\330\234e\363\240\201\201f\342\200\213g\342\200\250h\357\273\277i\342\200\217j')
printf '%s\n' "$bad" >bad
is "the test sees all nine" "$(hidden bad)" 9

mkdir docs
printf '{"id":"id-%s","title":"Title %s","text":"The warranty %s is 12 months."}\n' \
	"$bad" "$bad" "$bad" >"docs/file-$bad.jsonl"
run kb-index x.kb docs
is "a file with such a name is read" "$status" 0
for format in text trec ids grep; do
	run kb-search x.kb --format=$format warranty
	is "kb-search --format=$format shows marks in their place" \
		"$status $(hidden out)" "0 0"
	has "... and the rest" out 'a.+b.+c.+d.+e.+f.+g.+h.+i'
done
is "trec has six words a line" "$(kb-search x.kb --format=trec warranty |
	awk '{print NF}')" 6
run kb-search x.kb warranty
is "JSON keeps them" "$(jq -j ".hits[0].doc" out >id; hidden id)" 9

run kb-search "no-$bad.kb" x
is "a name in a message is escaped" "$status $(hidden err)" "2 0"
has "... so that it can be told" err 'a\\u009bb\\u202ec\\u2066d\\u061ce\\U000e0041f'
printf 'no json %s\n{"query":1}\n' "$bad" >"in-$bad"
run kb-search x.kb --input=json --format=text -f "in-$bad"
is "... also that of an input and what it holds" "$(hidden err)" 0
has "... of a record" err 'in-a.*b.*:2: '
printf 'q Q0 d 1 1 r\n' >run-$$
mv run-$$ "run-$bad"
printf 'q 0 d 1\n' >qrels
run kb-eval retrieval --format=text --qrels qrels --set "$bad" "run-$bad" "run-$bad"
is "... of a set and a run" "$(hidden out) $(hidden err)" "0 0"
printf '{"query":"How long is the warranty?","hits":[{"text":"%s warranty is 12 months."}],"answer":"It is %s 12 months."}\n' \
	"$bad" "$bad" >record
run llm-call --format=text -f record
is "llm-call shows none" "$status $(hidden out)" "0 0"
run fact-check --format=text -f record
is "fact-check shows none" "$(hidden out)" 0

# Joiners are letters of many scripts, and of emoji.
printf '{"query":"x","answer":"می\342\200\214خواهم 👨\342\200\215👩 a\342\200\215b","hits":[]}\n' >record
run fact-check --format=text -f record
has "a joiner stays where it joins" out "$(printf 'می\342\200\214خواهم 👨\342\200\215👩')"
is "... and is shown where it does not" \
	"$(grep -c "$(printf 'a\342\200\215b')" out)" 0

# ---- what a model thought ----

echo '{"hits":[{"doc":"d","text":"The capital of Norland is Vesk."}],"answer":"<think>Maybe Torp; it has 5 million people.</think>The capital of Norland is Vesk."}' >record
run fact-check -f record
is "reasoning left in an answer is no claim" \
	"$(jq -c '[.check.claims[]|[.text,.start]]' out)" \
	'[["The capital of Norland is Vesk.",51]]'

# ---- commands in a configuration ----

mkdir -p config/kb
echo '{"rerank":"touch run"}' >config/kb/kb-search.json
chmod 666 config/kb/kb-search.json
run kb-search x.kb warranty
is "a command that others may write is not run" \
	"$status $(ls run 2>/dev/null) $(cat err)" \
	"2  kb-search: '$T/config/kb/kb-search.json': 'rerank' names a command, and '$T/config/kb/kb-search.json' may be written by others (mode 0666); chmod go-w it"
echo '{"hits":3}' >config/kb/kb-search.json
run kb-search x.kb warranty
is "... other defaults are read" "$status" 0
finish
