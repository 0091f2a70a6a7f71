#!/bin/sh
# kb-record(5) lists the members of the table in lib/record; programs write
# those that it says, of the types it says, and pass all others byte for byte;
# as many records come out as went in.
. "$(dirname "$0")/../lib.sh"
need record_check kb-index kb-search
page=$ROOT/man/kb-record.5

kb-index shop.kb "$ROOT/tests/data/shop" >index.log 2>&1 ||
	fail "the sample is indexed" index.log
head -60 "$ROOT/tests/data/questions.jsonl" >now
cat "$ROOT/tests/data/dialogues.jsonl" >>now
printf '%s\n' '{ "id" : 7.0 , "x":"\ud800", "query":"退货 return?","big":123456789012345678901 }' >>now
printf '{"query":"how","z":"\351\200"}\n' >>now
printf '%s\n' '{"id":"e","error":{"tool":"x","code":"io","message":"m","retryable":true}}' >>now

# stage PROGRAM ARGUMENT...: run it on what came before, check what it did
stage() {
	command -v "$1" >/dev/null || {
		skip "$1" "not there"
		return
	}
	"$@" <now >next 2>err
	ok "$1 keeps to kb-record(5)" record_check "$1" now next
	"$@" --timing <now >timed 2>err
	ok "$1 --timing, too" record_check "$1" now timed
	mv next now
}

# The checker sees what it is there to see.
printf '{"id":1,"query":"q"}\n' >a
for bad in '{"id":2,"query":"q"}' '{"id":1}' '{"id":1,"query":"q","new":1}' \
	'{"id":1,"query":"q","hits":{}}' '{"id":1,"query":"q","hits":[{"x":1}]}' \
	'{"id":1,"query":"q","answer":"a"}'; do
	echo "$bad" >b
	run record_check kb-search a b
	is "the checker refuses $bad" "$status" 1
done

ok "kb-record(5) lists exactly the members of the table" \
	record_check --page "$page"
for edit in '/^.It Sy answer Ta/d' 's/^.It Sy route Ta string/&\/null/' \
	's/^\(.It Sy \)vector Ta/\1vektor Ta/' \
	'/^.It Sy route Ta/{p;s/route/extra/;}' \
	's/^.Ss From fact-check/.Ss From llm-call/'; do
	sed "$edit" "$page" >edited.5
	run record_check --page edited.5
	is "... and '$edit' would be noticed" "$status" 1
done

stage ctx-compress -b 200
stage kb-search shop.kb
stage prompt-render
stage llm-call
stage fact-check shop.kb
finish
