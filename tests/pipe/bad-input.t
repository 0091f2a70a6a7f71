#!/bin/sh
# Bad input, given to the programs themselves: one clear line, the right exit
# status, nothing lost.
. "$(dirname "$0")/../lib.sh"
need kb-index kb-search ctx-compress prompt-render llm-call fact-check

shop=$ROOT/tests/data/shop
questions=$ROOT/tests/data/questions.jsonl
kb-index shop.kb "$shop" || fail "the sample is indexed"

# pipe: the whole of it, from standard input to standard output
pipe() {
	ctx-compress -b 3000 2>err1 | kb-search shop.kb 2>err2 |
		prompt-render 2>err3 | llm-call 2>err4 |
		fact-check shop.kb 2>err5
}

# each COMMAND: run it for every filter, with what it needs on its line
each() {
	for filter in "ctx-compress -b 3000" "kb-search shop.kb" \
		prompt-render llm-call "fact-check shop.kb"; do
		"$@"
	done
}

empty() {
	# shellcheck disable=SC2086 # a command line
	$filter </dev/null >out 2>err
	is "empty input gives empty output and 0: $filter" \
		"$? $(cat out err)" "0 "
}
each empty

full() {
	# shellcheck disable=SC2086
	$filter -f "$questions" >/dev/full 2>err
	is "a full disk is said: $filter" "$? $(grep -c 'No space left' err)" \
		"2 1"
}
each full

closed() {
	# shellcheck disable=SC2086
	{
		$filter -f "$questions" 2>err
		echo $? >code
	} | head -1 >out
	is "a closed pipe ends it silently: $filter" \
		"$(cat code err) $(wc -l <out)" "141 1"
}
many() { for _ in 1 2 3 4 5 6 7 8; do cat "$ROOT/tests/data/questions.jsonl"; done; }
many >many.jsonl
questions=$T/many.jsonl
each closed
questions=$ROOT/tests/data/questions.jsonl

# ---- records that are odd but sound pass all six unchanged ----
big=1234567890123456789012345678901234567890123456789012345678901234567890
printf '%s\n' \
	"{\"id\":$big,\"query\":\"退货要几天？\",\"n\":1e400}" \
	'{"id":"dup","query":"x","query":"What is the restocking fee?"}' \
	'{"id":"nul","query":"refund\u0000 period","s":"\ud83d"}' \
	'{"id":"cut","query":"退货\xe9\x80"}' >odd
printf '{"id":"cut","query":"退货\351\200"}\n' >broken
sed '$d' odd >odd4 && cat broken >>odd4
pipe <odd4 >out
is "huge numbers, duplicates, NUL, cut UTF-8: as many out as in" \
	"$? $(wc -l <out)" "0 4"
has "... a number of 70 digits keeps its digits" out "^\{\"id\":$big,"
has "... and one beyond the range of a double its spelling" out '"n":1e400'
has "... and a lone surrogate its escape" out '"s":"\\ud83d"'
is "... and broken bytes stand where they stood" \
	"$(grep -c "$(printf '\351\200')\"" out)" 1

# ---- the wrong file fills no mailbox ----
{ echo '{"query":"x"}'; seq 3000; } >wrong
ln -s shop.kb kb.kb
for p in $filters; do
	run filter "$p" -f wrong
	is "$p: 20 lines that are no records are said" \
		"$status $(grep -c 'not a JSON object$' err)" "3 20"
	is "... and how many more" "$(tail -1 err)" "$p: 2980 more lines are \
no records; --dead-letter keeps all of them"
	run filter "$p" -f wrong --dead-letter dead
	is "... which it does" "$(wc -l <dead) $(wc -c <err)" "3000 0"
done

# ---- lines that are no records cost themselves ----
{
	head -2 "$questions"
	echo 'plain text on the third line'
	printf '{"id":"deep","a":'
	head -c 10000 /dev/zero | tr '\0' '['
	echo
	printf '{"id":"raw\0"}\n'
	sed -n 3,4p "$questions"
} >mixed
pipe <mixed >out
is "plain text, depth 10,000 and a raw NUL cost their lines" \
	"$(wc -l <out) $(wc -l <err1)" "4 3"
has "... each said with its number" err1 \
	'^ctx-compress: stdin:3: byte 1: not a JSON object'
has "... and its limit" err1 'stdin:4: .*512'

# ---- a line of 100 MB ----
{
	printf '{"id":1,"query":"'
	head -c 100000000 /dev/zero | tr '\0' x
	printf '"}\n{"id":2,"query":"退货要几天？"}\n'
} | kb-search --dead-letter dead shop.kb >out 2>err
is "a line of 100 MB costs itself" "$? $(wc -l <out)" "3 1"
is "... and is kept whole" "$(($(wc -c <dead) > 133000000))" 1
rm -f dead

# ---- documents ----
mkdir docs
head -c 4096 "$KB_BIN/kb-index" >docs/program
printf 'a page\n' >docs/page.txt
kb-index docs.kb docs >out 2>err
is "a binary file costs itself" "$?" 3
has "... and is named" err "docs/program"
is "... the others are there" "$(kb-index --dump docs.kb | wc -l)" 1
kb-index docs.kb nowhere 2>err
is "a path that is missing is an error" "$?" 2
has "... that names it" err "nowhere"
is "... and the index stays" "$(kb-index --dump docs.kb | wc -l)" 1
if [ "$(id -u)" = 0 ] && command -v setpriv >/dev/null; then
	mkdir -p closed/in && echo x >closed/in/a.txt && echo y >closed/b.txt
	chmod 700 closed/in && chmod 755 "$T" closed
	mkdir nobody && chown 65534 nobody
	setpriv --reuid 65534 --clear-groups "$KB_BIN/kb-index" \
		nobody/n.kb closed 2>err
	is "a directory without permission costs itself" "$?" 3
	has "... and is named" err "closed/in.*Permission denied"
else
	skip "a directory without permission" "needs root and setpriv"
fi

# ---- indexes ----
kb-search nowhere.kb x >out 2>err
is "no index is said" "$? $(wc -l <err)" "2 1"
kb-index docs2.kb docs/page.txt
for file in docs2.kb/*.seg; do
	size=$(wc -c <"$file")
	cp "$file" whole
	head -c $((size / 2)) whole >"$file"
	kb-search docs2.kb page >out 2>err
	is "an index cut short is refused in one line" \
		"$? $(wc -l <err)" "2 1"
	cp whole "$file"
	printf '\377' | dd of="$file" bs=1 seek=$((size / 2)) conv=notrunc \
		2>/dev/null
	kb-index --verify docs2.kb >out 2>err
	is "a flipped byte is found by --verify" "$? $(wc -l <err)" "2 1"
	cp whole "$file"
	printf '\143' | dd of="$file" bs=1 seek=8 conv=notrunc 2>/dev/null
	kb-search docs2.kb page >out 2>err
	is "another version is refused in one line" "$? $(wc -l <err)" "2 1"
	cp whole "$file"
done
exec 9>docs2.kb/LOCK
if command -v flock >/dev/null; then
	flock 9
	kb-index docs2.kb docs/page.txt 2>err
	is "a second writer leaves with 75" "$? $(wc -l <err)" "75 1"
	kb-search -e docs2.kb page >out 2>err
	is "... and readers go on" "$? $(cat err)" "0 "
fi
exec 9>&-

for nothing in '' ' ' '​⁠'; do
	run kb-search -e shop.kb "$nothing"
	is "a question of nothing is refused" \
		"$status $(grep -c 'question is empty' err)" "2 1"
done

# ---- going on ----
kb-search shop.kb -f "$questions" | prompt-render | llm-call >checked
fact-check -f checked -o want
head -c $(($(wc -c <want) / 3)) want >res
fact-check -f checked --resume res
is "a batch cut anywhere goes on to the same end" \
	"$? $(cksum <res)" "0 $(cksum <want)"
finish
