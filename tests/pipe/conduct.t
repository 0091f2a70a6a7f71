#!/bin/sh
# Every program by itself and on each kind of trouble: what is bad costs what
# it must and no more, is said in one clear line, and ends with the right
# status. The rules of the loop are in loop.t, the pipe in bad-input.t.
. "$(dirname "$0")/../lib.sh"
need kb-index kb-search ctx-compress prompt-render llm-call fact-check kb-ask

kb-index kb.kb "$ROOT/tests/data/shop" >log 2>&1 ||
	fail "the sample is indexed" log

# whole: the pipe of five filters
whole() {
	ctx-compress -b 3000 | kb-search kb.kb | prompt-render | llm-call |
		fact-check kb.kb
}

# ---- nothing at all ----
for p in $filters; do
	run filter "$p" </dev/null
	is "$p: empty input gives empty output" "$status$(cat out err)" 0
	printf '\n \r\n\n' | filter "$p" >out 2>err
	is "$p: so do blank lines" "$?$(cat out err)" 0
done
run kb-eval answers </dev/null
is "kb-eval: nothing to measure is status 2" "$status $(wc -l <err)" "2 1"
kb-index empty.kb </dev/null >out 2>err
is "kb-index: an index of nothing" "$?$(cat out err)" 0
run kb-search empty.kb x
is "... in which nothing is found" "$status$(cat err)" 0
: >nothing.md && : >nothing.jsonl && : >nothing.html
kb-index empty.kb nothing.md nothing.jsonl nothing.html >out 2>err
is "kb-index: empty files" "$?$(cat out err)" 0

# ---- nothing, on a terminal: nobody waits for a prompt that never comes ----
if script -qec true /dev/null </dev/null >/dev/null 2>&1; then
	for p in $filters 'kb-index new.kb' kb-eval 'kb-eval answers'; do
		case $p in
		kb-search) p='kb-search kb.kb' ;;
		kb-ask) p='kb-ask --json kb.kb' ;; # else it prompts
		esac
		script -qec "$p 2>&1" /dev/null </dev/null >out
		has "$p: usage on a terminal" out "^usage: ${p%% *} "
	done
	script -qec "stty cols 40; kb-search -k 1 kb.kb 退货运费" \
		/dev/null </dev/null >out
	ok "text for people fits the terminal" \
		[ "$(sed 's/\x1b\[[0-9;]*m//g' out | tr -d '\r' |
			awk 'length > 120 { n++ } END { print n + 0 }')" = 0 ]
	ok "... in colours" grep -q "$(printf '\033')\[1;33m" out
	script -qec "kb-search -k 3 kb.kb 'what is the 退货 return policy'" \
		/dev/null </dev/null >out
	is "... but of words that say something alone" "$(grep -ciE \
		"$(printf '\033')\[1;33m(what|is|the)$(printf '\033')" out)" 0
	NO_COLOR=1 script -qec "kb-search -k 1 kb.kb 退货运费" \
		/dev/null </dev/null >out
	is "... but with NO_COLOR" "$(grep -c "$(printf '\033')\[" out)" 0
fi

# ---- forms that have no place for an error say it ----
bad='{"id":3,"error":{"tool":"x","code":"remote","message":"down \u001b[1m"}}'
for form in text trec ids; do
	run kb-search --format=$form -f /dev/stdin kb.kb <<-X
		{"id":1}
	X
	is "an error is said with --format=$form" "$status $(cat out err)" \
		"3 kb-search: /dev/stdin:1: no question: 'standalone', 'query' and the last user message are missing or empty"
done
echo "$bad" >bad
run fact-check --format=text -f bad
is "... with the program it comes from, and no control characters" \
	"$(cat err)" "$(printf 'fact-check: bad:1: x: down \357\277\275[1m')"

# ---- records that are none, among others ----
head -2 "$ROOT/tests/data/questions.jsonl" >third
echo 'a plain line' >>third
sed -n 3p "$ROOT/tests/data/questions.jsonl" >>third
whole <third >out 2>err
is "a plain third line costs itself" "$(wc -l <out)" 3
is "... and is said once, with its number" "$(cat err)" \
	"ctx-compress: stdin:3: byte 1: not a JSON object"
run ctx-compress -f third
is "... status 3" "$status" 3

awk 'BEGIN { printf "{\"a\":"; for (i = 0; i < 10000; i++) printf "["
	for (i = 0; i < 10000; i++) printf "]"; print "}" }' >deep
printf '{"id":1,"query":"退货 \000 运费"}\n' >nul
printf '{"id":2,"query":"退\351\200' >"cut"
for p in $filters; do
	for bad in deep nul cut; do
		run filter "$p" -f $bad
		is "$p: $bad is no record" "$status $(cat out)" "2 "
		one_line "$p"
	done
done
printf '{"id":2,"query":"how long 退\351\200","z":"\351"}\n' >broken
whole <broken >out 2>err
is "a character cut in a question is searched without it" \
	"$(head -c 40 out | od -An -c)" "$(head -c 40 broken | od -An -c)"
is "... silently" "$(cat err)" ""

# ---- what must pass unchanged ----
n70=1234567890123456789012345678901234567890123456789012345678901234567890
printf '{"a":1e400,"b":%s,"c":-%s.0E-9,"id":%s,"query":"退货要多久?","d":[%s],"e":"\\u0000\\ud800"}\n' \
	$n70 $n70 $n70 $n70 >huge
whole <huge >out 2>err
is "1e400 and integers of 70 digits pass through the pipe" \
	"$(head -c $(($(wc -c <huge) - 2)) out)" \
	"$(head -c $(($(wc -c <huge) - 2)) huge)"
is "... silently" "$(cat err)" ""
is "... and the record was answered" "$(grep -c '"route":"' out)" 1
for member in threshold score p; do
	printf '{"query":"x","answer":"退货七天。","hits":[{"doc":"a","text":"t","score":1e400}],"retrieval":{"confidence":1e400},"generation":{"confidence":-1e400},"%s":1e400}\n' $member
done | fact-check >out 2>err
is "1e400 where a number is read" \
	"$? $(grep -c '"confidence":[01]\(\.[0-9]*\)\?,"route"' out)" "0 3"

printf '{"id":1,"query":"first","query":"退货要多久?","answer":"x","hits":1,"hits":2,"route":1,"route":2,"prompt":0,"prompt":0}\n' |
	whole >out 2>err
for member in '"hits":\[{' '"answer":"' '"prompt":{"m' '"route":"'; do
	is "duplicates: $member stands once when written" \
		"$(grep -o ",$member" out | wc -l)" 1
done
is "... the old values are gone" "$(grep -cE '"(hits|prompt|route)":[0-9]' out)" 0
has "... and what nobody writes is as it was" out \
	'^\{"id":1,"query":"first","query":"退货要多久\?",'
printf '{"id":1,"query":"zzzzqq","query":"退货要多久?"}\n' >dup
printf '{"id":1,"query":"退货要多久?"}\n' >once
is "... the last one is searched" \
	"$(kb-search kb.kb --format=ids -f dup)" \
	"$(kb-search kb.kb --format=ids -f once)"

# Members of any type, where a program reads one.
for member in query messages hits prompt answer standalone rewrites vectors \
	hyde retrieval generation history check gold compression error; do
	for val in null true 1e400 '""' '[]' '{}' '[null]' '[[]]' '{"messages":1}' \
		'[{"role":1,"content":{}}]' '[{"text":7,"legs":[]}]'; do
		echo "{\"id\":\"$member $val\",\"query\":\"退货\",\"$member\":$val}" |
			sed 's/\("id":"[^"]*\)"\("\|\(.*\)"","\)/\1/'
	done
done >kinds
for p in $filters; do
	run filter "$p" --input=json -f kinds --dead-letter=/dev/null
	ok "$p: members of another type never end it ($status)" \
		[ "$status" -eq 0 -o "$status" -eq 3 ]
	is "... nor lose a record" "$(wc -l <out)" \
		"$(filter "$p" -f kinds --dead-letter=/dev/null 2>&1 |
			grep -c '^{')"
done

# ---- a line of 100 MB ----
{
	printf '{"id":1,"query":"退货要多久?","x":"'
	head -c 100000000 /dev/zero | tr '\0' y
	printf '"}\n{"id":2,"query":"退货要多久?"}\n'
} >long
for p in $filters; do
	run filter "$p" -f long
	is "$p: a line of 100 MB costs itself" \
		"$status $(cut -c1-7 out | tr -d '\n')" \
		"3 {\"id\":2"
	has "... with the limit named" err "^$p: long:1: .*16777216.*--max-line"
done
run kb-index long.kb long
ok "kb-index: a line of 100 MB is said" [ "$status" -ge 2 ]
has "... with its place" err "^kb-index: .*long:1"
rm -rf long long.kb

# ---- files for kb-index ----
mkdir bin
head -c 20000 "$KB_BIN/kb-index" >bin/program.txt
head -c 5000 /dev/urandom | { printf '\001'; cat; } >bin/noise.md
head -c 5000 /dev/urandom | { printf '\377\376'; cat; } >bin/marked.md
printf '\211PNG\r\n\032\n\000\000\000\rIHDR' >bin/picture.html
printf '\000\000\000' >bin/zeros.txt
printf 'sound 正常\n' >bin/good.txt
run kb-index bin.kb bin
is "binary files are no documents" "$status $(kb-index --dump bin.kb | wc -l)" \
	"3 1"
for name in program.txt noise.md marked.md picture.html zeros.txt; do
	is "... $name is said in a line" "$(grep -c "^kb-index: .*bin/$name" err)" 1
done
printf '{"id":"a","text":"x"}\n\000\001\377\n' >half.jsonl
seq 1 20 | sed 's/.*/{"id":"b&","text":"some text 文字 &"}/' >>half.jsonl
run kb-index half.kb half.jsonl
is "bytes among JSON lines cost their line" \
	"$status $(kb-index --dump half.kb | wc -l)" "3 21"
one_line kb-index
has "... with its number" err 'half\.jsonl:2'
for doc in '{"id":"a"}' '{"text":7}' '{"id":[],"text":"x"}' \
	'{"id":"a","text":"x","vector":"!"}' '{"id":"","text":"x"}'; do
	printf '%s\n{"id":"ok","text":"sound"}\n' "$doc" >one.jsonl
	rm -rf one.kb
	run kb-index one.kb one.jsonl
	ok "kb-index over $doc: status $status" \
		[ "$status" -eq 0 -o "$status" -eq 3 ]
	ok "... the other is there" \
		sh -c 'kb-index --dump one.kb | grep -q "\"ok\""'
done

mkdir shut shut/in
echo 'some text' >shut/in/a.txt
chmod 0 shut/in
as_other=
[ "$(id -u)" = 0 ] && as_other='setpriv --reuid 65534 --clear-groups'
if [ -z "$as_other" ] || $as_other true 2>/dev/null; then
	chmod 777 "$T"
	status=0
	$as_other kb-index shut.kb shut >out 2>err || status=$?
	ok "a directory without permission is an error ($status)" \
		[ "$status" -ge 2 ]
	one_line kb-index
	has "... that names it" err "shut/in.*Permission denied"
	cp -r kb.kb closed.kb && chmod 0 closed.kb
	status=0
	$as_other kb-search closed.kb x >out 2>err || status=$?
	is "an index without permission" "$status" 2
	has "... is named" err "^kb-search: .*closed.kb.*Permission denied"
	chmod 700 closed.kb
else
	skip "a directory without permission" "setpriv is not there"
fi
chmod 755 shut/in

# ---- damaged indexes ----
for how in empty cut other noise flipped; do
	rm -rf bad.kb && cp -r kb.kb bad.kb
	case $how in
	empty) : >bad.kb/MANIFEST ;;
	cut) head -c 60 kb.kb/MANIFEST >bad.kb/MANIFEST ;;
	other) sed '1s/[0-9][0-9]*/99/' kb.kb/MANIFEST >bad.kb/MANIFEST ;;
	noise) head -c 500 /dev/urandom >bad.kb/MANIFEST ;;
	flipped) LC_ALL=C tr 'e' 'f' <kb.kb/MANIFEST >bad.kb/MANIFEST ;;
	esac
	for p in 'kb-search bad.kb x' 'kb-index --info bad.kb' \
		'kb-index --dump bad.kb' 'kb-index --verify bad.kb' \
		'kb-index bad.kb half.jsonl' 'fact-check bad.kb'; do
		status=0
		$p <once >out 2>err || status=$?
		is "$how manifest: $p" "$status $(wc -l <out)" "2 0"
		one_line "${p%% *}"
		has "... that names the index" err 'bad\.kb'
	done
done
for seg in kb.kb/*.seg; do break; done
size=$(wc -c <"$seg")
for at in 0 4 8 16 64 128 $((size / 2)) $((size - 20)); do
	rm -rf bad.kb && cp -r kb.kb bad.kb
	old=$(od -An -tu1 -j "$at" -N 1 "$seg" | tr -d ' ')
	# shellcheck disable=SC2059
	printf "\\$(printf %o $((old ^ 16)))" |
		dd of="bad.kb/${seg##*/}" bs=1 seek="$at" conv=notrunc 2>/dev/null
	run kb-index --verify bad.kb
	is "a bit at $at is found by --verify" "$status" 2
	one_line kb-index
	run kb-search bad.kb '退货要多久 return shipping'
	ok "... and kills no search ($status)" [ "$status" -le 3 ]
	ok "... that says at most one line" [ "$(wc -l <err)" -le 1 ]
done
for part in 0 40 1000 $((size / 2)) $((size - 1)); do
	rm -rf bad.kb && cp -r kb.kb bad.kb
	head -c "$part" "$seg" >"bad.kb/${seg##*/}"
	run kb-search bad.kb x
	is "a segment cut to $part bytes is refused" "$status" 2
	one_line kb-search
done
rm "bad.kb/${seg##*/}"
run kb-search bad.kb x
is "a segment that is gone is said" "$status" 2
one_line kb-search

# ---- two writers, and readers beside one ----
# writing INDEX: somebody holds its lock
writing() {
	status=0
	kb-index "$1" </dev/null >/dev/null 2>&1 3>&- || status=$?
	[ "$status" = 75 ]
}
mkfifo feed
printf '{"id":"a","text":"one"}\n{"id":"b","text":"two 二"}\n' >half.jsonl
kb-index two.kb <half.jsonl
kb-index --lock-wait=60s two.kb <feed 2>first.err &
pid=$!
exec 3>feed
echo '{"id":"c","text":"third 第三"}' >&3
wait_for writing two.kb
status=0
kb-index two.kb half.jsonl >out 2>err 3>&- || status=$?
is "a second writer is told to come again" "$status" 75
one_line kb-index
is "a reader sees what was before" \
	"$(kb-index --dump two.kb 3>&- | wc -l)" 2
exec 3>&-
wait $pid
is "... and then what is new" "$? $(kb-index --dump two.kb | wc -l)" "0 3"

# ---- outputs that fail ----
head -40 "$ROOT/tests/data/questions.jsonl" | whole >answers 2>err
is "forty questions are answered" "$(wc -l <answers)" 40
if [ -c /dev/full ]; then
	for p in $filters; do
		status=0
		filter "$p" -f answers >/dev/full 2>err || status=$?
		is "$p: a full disk" "$status $(cat err)" \
			"2 $p: cannot write 'stdout': No space left on device"
	done
	for p in 'kb-index --info kb.kb' 'kb-index --dump kb.kb' \
		'kb-eval answers answers' 'kb-search kb.kb --format=trec 退货' \
		'kb-search --help' 'kb-index --version' 'kb-eval --help' \
		'prompt-render --check=/dev/null'; do
		status=0
		$p </dev/null >/dev/full 2>err || status=$?
		is "$p: a full disk" "$status $(wc -l <err)" "2 1"
	done
fi
for p in $filters; do
	cat answers answers answers answers answers answers answers |
		{ filter "$p" 2>err; echo $? >status; } | head -1 >out
	is "$p: a closed pipe ends it silently" \
		"$(cat err) $(wc -l <out) $(cat status)" " 1 141"
done
{ kb-index --dump kb.kb 2>err; echo $? >status; } | head -1 >out
ok "kb-index --dump: a closed pipe ends it silently" [ ! -s err ]

# ---- interrupts ----
mkfifo in1
for p in $filters; do
	rm -f part*
	case $p in kb-search | fact-check | kb-ask) index=kb.kb ;; *) index= ;; esac
	$interruptible $p -o part $index <in1 2>err &
	pid=$!
	exec 3>in1
	cat answers >&3
	wait_for sh -c 'ls part.*.tmp >/dev/null'
	kill -INT $pid
	status=0
	wait $pid || status=$?
	exec 3>&-
	is "$p: Ctrl-C ends it" "$status $(cat err)" "130 "
	is "... with nothing left" "$(ls part* 2>/dev/null)" ""
done
kb-index --lock-wait=60s two.kb <feed 2>err &
pid=$!
exec 3>feed
echo '{"id":"d","text":"fourth"}' >&3
wait_for writing two.kb
# It ends as any program does; a shell's background ignores SIGINT.
kill -TERM $pid
status=0
wait $pid || status=$?
exec 3>&-
is "kb-index: a signal ends it" "$status" 143
is "... the index is as it was" "$(kb-index --dump two.kb | wc -l)" 3
run kb-index two.kb <half.jsonl
is "... and can be written again" "$status" 0

# A first build that is stopped leaves nothing, whenever that is; what lay in
# the directory before stays.
i=0
while [ $i -lt 12 ]; do
	i=$((i + 1))
	$interruptible kb-index first.kb "$ROOT/lib" 2>err &
	pid=$!
	sleep "0.0$((i * 5 / 4))$((i % 4))"
	kill -INT $pid 2>/dev/null
	status=0
	wait $pid || status=$?
	[ $status = 130 ] && ls -d first.kb 2>/dev/null
	rm -rf first.kb
done >left
is "kb-index: an early Ctrl-C leaves no directory" "$(cat left)" ""
mkdir first.kb
mkfifo feed2
$interruptible kb-index first.kb <feed2 &
pid=$!
exec 3>feed2
wait_for test -e first.kb/LOCK
kill -INT $pid
wait $pid
exec 3>&-
is "... nor a lock in one that was there" "$(ls -A first.kb)" ""
mkdir db
echo x >db/LOCK
echo x >db/000001.log
run kb-index db half.jsonl
is "... and no other program's lock is touched" "$status $(ls -x db)" \
	"2 000001.log  LOCK"

# ---- the whole pipe, and going on after a kill ----
whole <"$ROOT/tests/data/questions.jsonl" >all 2>err
ids() { sed 's/^{"id":\("[^"]*"\|[^,]*\).*/\1/' "$1"; }
ids "$ROOT/tests/data/questions.jsonl" >want.ids
ids all >got.ids
same "six programs: as many records, in order" got.ids want.ids
is "... silently" "$(cat err)" ""
is "... each with a route" "$(grep -c '"route":"\(answer\|human\)"' all)" \
	"$(wc -l <want.ids)"
head -120 all >some
fact-check kb.kb --resume=res <in1 2>err &
pid=$!
exec 3>in1
cat some >&3
wait_for sh -c '[ "$(wc -l <res)" -ge 100 ]'
kill -9 $pid
wait $pid 2>/dev/null
exec 3>&-
printf '{"id":"half a rec' >>res
run fact-check kb.kb --resume=res -f all
ids res | sort >got.ids
sort want.ids >want.sorted
is "--resume after kill -9: status" "$status$(cat err)" 0
same "... every id once" got.ids want.sorted
finish
