#!/bin/sh
# The rules of conduct, held to by the record loop itself: loop_pass adds one
# member to every record and does nothing else.
. "$(dirname "$0")/../lib.sh"
need loop_pass

lines() { awk -v n="$1" 'BEGIN { for (i = 1; i <= n; i++)
	printf "{\"id\":%d,\"query\":\"how long 多久 %d\"}\n", i, i }'; }
lines 5000 >many
sed 's/}$/,"rank":0}/' many >want

# ---- bytes ----
printf '{"big":123456789012345678901234567890,"n":1.50e+3, "x" :"\351\200","x":2}\n' >odd
run loop_pass <odd
printf '{"big":123456789012345678901234567890,"n":1.50e+3, "x" :"\351\200","x":2,"rank":0}\n' >odd.want
same "members that nobody knows pass byte for byte" out odd.want
printf '{"rank":9,"a":1,"rank":8}\n' | loop_pass >out
is "a written member stands once" "$(cat out)" '{"a":1,"rank":0}'
printf '\357\273\277{"a":1}\r\n\r\n  \n{"a":2}' | loop_pass >out
is "BOM, CRLF, blank lines and a missing last newline are accepted" \
	"$(tr '\n' ' ' <out)" '{"a":1,"rank":0} {"a":2,"rank":0} '
run loop_pass </dev/null
is "empty input gives empty output and 0" "$status$(cat out err)" 0
gzip -c many | loop_pass >out
same "gzip is recognised in a pipe" out want
{ head -2500 many | gzip -c; tail -n +2501 many | gzip -c; } >two.gz
loop_pass -f two.gz >out
same "gzip members follow each other" out want
printf '\357\273\277{"a":1}\n' | gzip -c | loop_pass >out
is "a mark is skipped in packed data too" "$(cat out)" '{"a":1,"rank":0}'
{ gzip -c many; echo more; } >behind.gz
run loop_pass -f behind.gz
is "other bytes behind packed data are an error" "$status" 2
has "... that says so" err "'behind.gz': other bytes behind the end of gzip"
if command -v zstd >/dev/null; then
	zstd -qc many >many.zst
	loop_pass -f many.zst >out
	same "zstd is recognised in a file" out want
	head -c 300 many.zst >cut.zst
	run loop_pass -f cut.zst
	is "cut compressed data are an error" "$status" 2
	has "... that names the file" err "'cut.zst' ends inside compressed"
fi
loop_pass -f many -f odd >out
is "several files are read one after the other" "$(wc -l <out)" 5001

# ---- one bad record costs one record ----
printf '{"a":1}\n{"b":2}\nplain text\n{"c":3}\n' >third
run loop_pass <third
is "a line that is no record costs itself" "$status $(wc -l <out)" "3 3"
is "... and is said with its number" "$(cat err)" \
	"loop_pass: stdin:3: byte 1: not a JSON object"
run loop_pass --dead-letter=dead -f third
has "--dead-letter keeps it with file and line" dead \
	'^\{"file":"third","line":3,.*"raw":"plain text"\}$'
is "... and standard error is silent" "$(cat err)" ""
printf '{"a":"\351\200"}x\n' | loop_pass --dead-letter=dead 2>/dev/null
has "bytes that are not UTF-8 go there in base64" dead \
	'"raw_base64":"eyJhIjoi6YAifXg="'
run loop_pass -f many </dev/null
printf '{"a":1e400,"b":"\\u0000\\ud800","c":%s}\n' \
	1234567890123456789012345678901234567890123456789012345678901234567890 >odd
run loop_pass <odd
is "huge numbers, NUL and lone surrogates pass" "$status $(sed 's/,"rank":0//' out)" \
	"0 $(cat odd)"
awk 'BEGIN { printf "{\"a\":"; for (i = 0; i < 10000; i++) printf "["
	for (i = 0; i < 10000; i++) printf "]"; print "}\n{\"b\":1}" }' >deep
run loop_pass <deep
is "depth 10,000 costs one record" "$status $(cat out)" '3 {"b":1,"rank":0}'
has "... with the limit named" err "nested deeper than 512"
printf '{"a":"x\000y"}\n{"b":1}\n' | loop_pass >out 2>err
is "a NUL byte costs one record" "$(cat out)" '{"b":1,"rank":0}'
run loop_pass --fail -f many
is "failed records keep their data" "$status $(head -1 out)" \
	'3 {"id":1,"query":"how long 多久 1","error":{"tool":"loop_pass","code":"invalid","message":"record 1 is odd","retryable":true}}'
is "... and the others their order" "$(wc -l <out)" 5000
cp out failed
run loop_pass -f failed
is "a record with an error is passed on untouched" \
	"$status $(head -1 out)" "3 $(head -1 failed)"
run loop_pass --retry -f failed
same "--retry clears a retryable error and works again" out want
is "... and the status is 0" "$status" 0
run loop_pass --fail --on-error=drop -f many
is "--on-error=drop leaves them out" "$status $(wc -l <out)" "3 2500"
run loop_pass --fail --on-error=fail -f many
is "--on-error=fail ends the run" "$status" 2
has "... and says where" err "^loop_pass: many:1: record 1 is odd"

# ---- a line that is too long ----
{ echo '{"a":1}'; head -c 100000000 /dev/zero | tr '\0' 'x'; echo
	echo '{"b":2}'; } >long
loop_pass --dead-letter=dead --stats=stats -f long >out 2>err
status=$?
is "a line of 100 MB costs one record" "$status $(wc -l <out)" "3 2"
is "... and stands whole in the dead letters" \
	"$(sed 's/.*"raw_base64":"//; s/"}$//' dead | base64 -d | wc -c)" 100000000
rss=$(sed 's/.*"peak_rss_bytes":\([0-9]*\).*/\1/' stats)
most=100000000
case $KB_BIN in *san) most=300000000 ;; esac
ok "... in constant memory ($rss bytes)" [ "$rss" -lt $most ]
rm -f long dead
printf '{"a":"%0100d"}\n{"b":1}\n' 0 | loop_pass --max-line=50 >out 2>err
is "--max-line bounds a record" "$(cat out)" '{"b":1,"rank":0}'
has "... and is named" err "stdin:1: line is longer than 50 bytes .--max-line"

# ---- plain text ----
printf '退货要多久？\n\n{"not":"json" here\n' | loop_pass >out
is "plain lines are queries where the first line is one" "$(tr '\n' ' ' <out)" \
	'{"query":"退货要多久？","rank":0} {"query":"{\"not\":\"json\" here","rank":0} '
printf '{"a":1}\n' | loop_pass --input=text >out
is "--input=text says it outright" "$(cat out)" '{"query":"{\"a\":1}","rank":0}'
run loop_pass --input=json <<-X
	plain
X
is "... as --input=json does; nothing could be done" "$status" 2
printf '{"query":"a\\u001b[31mb\\u0000\\u009bc"}\n' |
	loop_pass --format=text >out
is "control characters of documents do not reach a terminal" "$(cat out)" \
	"a�[31mb��c"

# ---- order ----
for how in -j2 -j7 '--pend=3000' '--pend=1' '--child=sed -u s/a/b/'; do
	loop_pass "$how" -f many >out
	case $how in
	--child*) is "N in, N out, in order: $how" "$(sed 's/,.*//' out | cksum)" \
		"$(sed 's/,.*//' many | cksum)" ;;
	*) same "N in, N out, in order: $how" out want ;;
	esac
done
loop_pass -j2 --fail -f many >out
same "-j 2 gives the bytes of -j 1, errors too" out failed
loop_pass --unordered --pend=64 -f many | sort >out
sort want >want.sorted
same "--unordered loses nothing" out want.sorted
ok "--unordered is not the input's order" \
	[ "$(loop_pass --unordered --pend=64 -f many | cksum)" != "$(cksum <want)" ]
run loop_pass --child='read a; echo answer; exit 7' -f many
is "a child that ends costs the records behind" \
	"$status $(wc -l <out) $(grep -c "has ended with status 7" out)" "3 5000 4999"

# ---- output ----
run loop_pass -o kept -f many
same "-o writes the file" kept want
is "... and leaves nothing beside" "$(ls kept*)" kept
run loop_pass -o kept -f many -f missing
is "a missing file is an error" "$status" 2
has "... that names it" err "cannot open 'missing': No such file"
same "... and -o keeps what was there" kept want
is "... with nothing beside" "$(ls kept*)" kept
run loop_pass -o nowhere/x -f many
has "a directory that is not there is said" err "cannot write 'nowhere/x'"
if [ -c /dev/full ]; then
	for how in -j1 -j2 --pend=8; do
		status=0
		loop_pass "$how" -f many >/dev/full 2>err || status=$?
		is "a full disk is an error: $how" "$status $(cat err)" \
			"2 loop_pass: cannot write 'stdout': No space left on device"
	done
	echo '{}' | loop_pass -o /dev/full 2>err
	is "... at the last flush, too" "$?" 2
	echo '{}' | loop_pass --stats=/dev/full >out 2>err
	is "... and for --stats" "$? $(cat err)" \
		"2 loop_pass: cannot write '/dev/full': No space left on device"
fi
for how in -j1 -j2 --pend=8; do
	{ loop_pass "$how" -f many 2>err; echo $? >status; } | head -1 >out
	is "a closed pipe ends it silently: $how" "$(cat out err)" "$(head -1 want)"
done
mkfifo in1 out1
loop_pass <in1 >out1 &
exec 3>in1 4<out1
echo '{"a":1}' >&3
read -r line <&4
is "output is flushed when the next read would block" "$line" '{"a":1,"rank":0}'
echo '{"a":2}' >&3
read -r line <&4
is "... each time" "$line" '{"a":2,"rank":0}'
exec 3>&- 4<&-
wait
for how in -j2 --pend=8 --child=cat; do
	loop_pass "$how" <in1 >out1 &
	exec 3>in1 4<out1
	printf '{"a":1}\n{"a":2}\n' | gzip -c >&3
	read -r line <&4
	read -r line <&4
	is "... also of compressed input with $how" "${line%%,*}" '{"a":2'
	exec 3>&- 4<&-
	wait
done

# ---- the end of a run ----
run loop_pass -f many --no
is "without -e an answer 'no' is no failure" "$status" 0
run loop_pass -f many --no -e
is "with -e it is status 1" "$status" 1
run loop_pass --bogus
is "an unknown option is status 2" "$status $(cat err)" \
	"2 loop_pass: unknown option '--bogus'; 'loop_pass --help' lists them"
run loop_pass --jbos=2
is "a mistyped one is guessed" "$(cat err)" \
	"loop_pass: unknown option '--jbos'; is '--jobs' meant?"
run loop_pass -v -f third
ok "-v says at the end what was done, in one line" \
	grep -qx 'loop_pass: 3 records, 0 with errors, 0 skipped, 1 lines no records; .* s' err
run loop_pass --jobs=0 -f many
is "a number out of range is said with the range" "$(cat err)" \
	"loop_pass: --jobs: '0' is not in 1 to 256"
run loop_pass --output
is "a value that is missing is said" "$(cat err)" "loop_pass: --output wants a value"
run loop_pass operand
is "an operand too much is said" "$status" 2
run loop_pass --help
ok "--help fits a screen" [ "$(wc -l <out)" -le 24 ]
is "... and 80 columns" "$(awk 'length > 79' out)" ""
run loop_pass --version
has "--version names the libraries" out "^loop_pass .*jansson.*zlib.*zstd"
if script -qec true /dev/null </dev/null >/dev/null 2>&1; then
	script -qec "'$KB_BIN/bench/loop_pass' 2>&1" /dev/null </dev/null >out
	has "a terminal and nothing to read: usage" out "^usage: loop_pass"
fi
mkdir -p config/kb
echo '{"burn":0,"fail":true}' >config/kb/loop_pass.json
run loop_pass -f third
has "the configuration sets options" out "record 1 is odd"
echo '{"no-such":1}' >config/kb/loop_pass.json
run loop_pass -f third
is "a wrong one is said with its path" "$(cat err)" \
	"loop_pass: '$T/config/kb/loop_pass.json': no option 'no-such'"
rm -r config
run loop_pass --stats=stats -f many -f third --dead-letter=dead
has "--stats counts" stats \
	'"records_in":5003,"records_out":5003,"errors":0,"dropped":0,"skipped":0,"dead_letters":1'
has "... and has percentiles" stats '"latency":\{"n":5003,"p50_ms":'
loop_pass -f many --timing >out
has "--timing is the only clock in a record" out '"timing":\{"loop_pass":[0-9.e-]+\}\}$'

# ---- interrupts and going on ----
for sig in INT TERM; do
	for how in -j1 -j2 --child=cat; do
		rm -f part part.*
		echo old >stats
		$interruptible loop_pass "$how" -o part --stats=stats <in1 &
		pid=$!
		exec 3>in1
		cat many >&3
		wait_for sh -c 'ls part.*.tmp >/dev/null'
		kill -$sig $pid
		status=0
		wait $pid || status=$?
		exec 3>&-
		is "SIG$sig ends it with 128 + signal: $how" "$status" \
			"$([ $sig = INT ] && echo 130 || echo 143)"
		is "... and no temporary file is left" \
			"$(ls part* stats* 2>/dev/null)" stats
		is "... nor statistics of what did not come to be" \
			"$(cat stats)" old
	done
done
$interruptible loop_pass --stats=stats2 <in1 >part &
pid=$!
exec 3>in1
cat many >&3
wait_for cmp -s part want
kill -INT $pid
wait $pid
exec 3>&-
same "what was complete is written" part want
is "... but no statistics, as if it were all" "$(ls stats2 2>/dev/null)" ""
run loop_pass --stats=stats2 --on-error=fail --fail -f many
is "... nor of a run that fails" "$status $(ls stats2 2>/dev/null)" "2 "

loop_pass --resume=res <in1 &
pid=$!
exec 3>in1
head -3000 many >&3
wait_for sh -c '[ $(wc -l <res) = 3000 ]'
kill -9 $pid
wait $pid 2>/dev/null
exec 3>&-
printf '{"id":3001,"query":"cu' >>res
run loop_pass --resume=res -f many
same "--resume goes on where a killed run stopped" res want
inode=$(ls -i res)
run loop_pass --resume=res -f many --stats=stats
same "... and again changes nothing" res want
is "... not even the file" "$(ls -i res)" "$inode"
has "... all are skipped" stats '"skipped":5000'
cp failed res
run loop_pass --resume=res -f many
sort res | cmp -s - want.sorted
is "... and works again on retryable errors" "$?" 0
printf '{"id":1}\n{"id":"1"}\n' | loop_pass --resume=res2 >out 2>err
is "... ids must be unique: 7 is \"7\"" "$? $(cat err)" \
	"2 loop_pass: stdin:2: id '1' stands twice; --resume needs unique ids"
echo '{"a":1}' | loop_pass --resume=res3 2>err
is "... and there" "$?" 2
finish
