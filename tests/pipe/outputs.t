#!/bin/sh
# What is written, and what becomes of it: files keep their mode and links,
# nobody's file is written instead, no two outputs are one file, ignored
# signals stay ignored, and a dead letter has every byte.
. "$(dirname "$0")/../lib.sh"
need loop_pass

echo '{"id":1,"query":"a"}' >q
echo '{"id":1,"query":"a","rank":0}' >want

# ---- one way to write a file ----
for option in -o --stats= --dead-letter= --resume=; do
	rm -f kept
	: >kept
	chmod 600 kept
	run loop_pass "${option}kept" -f q
	is "a file of mode 600 stays one: $option" \
		"$status $(stat -c %a kept)" "0 600"
	rm -f new
	(umask 027 && loop_pass "${option}new" -f q >out)
	is "... a new one has what the umask leaves" "$(stat -c %a new)" 640
	ln -sf kept link
	: >kept
	run loop_pass "${option}link" -f q
	is "... a link stays" "$status $(readlink link)" "0 kept"
	[ $option = --dead-letter= ] ||
		ok "... and its target is written" [ -s kept ]
	rm -f kept
	ln -sf "$T/absent" link
	run loop_pass "${option}link" -f q
	ok "... also one that was not there" [ -e absent -a -L link ]
	rm -f absent link
	run loop_pass "$option/dev/null" -f q
	is "... the null device stays one" \
		"$status $(stat -c %F /dev/null)" "0 character special file"
done
ln -s /dev/stdout out-link
loop_pass -o out-link -f q >out
same "-o writes standard output by its name" out want
{ echo first; loop_pass -o /dev/stdout -f q; echo last; } >out
is "... at its place" "$(sed -n '1p;$p' out | tr '\n' ' ')" "first last "
{ loop_pass -f q --stats=/dev/stdout; } >out
is "--stats=/dev/stdout comes behind the records" \
	"$(head -1 out) $(wc -l <out)" "$(cat want) 2"
mkfifo fifo
cat fifo >out &
loop_pass -o fifo -f q
wait
same "-o writes a FIFO" out want
ok "... which stays one" [ -p fifo ]

echo mine >victim
# shellcheck disable=SC2016 # for that shell
run sh -c 'ln -s victim new-file.$$.tmp; exec loop_pass -o new-file -f q'
is "a link under a foreseeable name is not followed" \
	"$status $(cat victim)" "0 mine"
same "... and the output is there" new-file want
long=$(printf %0250d 0)
run loop_pass -o "$long" -f q
same "a name of 250 bytes" "$long" want
rm -f "$long"

# ---- no two outputs are one file ----
: >one
ln -sf one other
for pair in '-o one --dead-letter=one' '-o one --dead-letter=./one' \
	'-o other --dead-letter=one' '-o absent --dead-letter=./absent' \
	'-o one --stats=one' '--stats=one --dead-letter=other' \
	'--resume=one --dead-letter=one' '--dead-letter=q' '--resume=./q' \
	'--stats=q'; do
	cp q before
	# shellcheck disable=SC2086
	run loop_pass $pair -f q
	is "refused: $pair" "$status $(grep -c 'are the same file' err)" "2 1"
	same "... and the input stays" q before
done
loop_pass -f q --dead-letter=one >one 2>err
is "... so is the file of standard output" "$?" 2
loop_pass --dead-letter=q <q >out 2>err
is "... and of standard input" "$? $(cat q)" "2 $(cat before)"
cp q same
run loop_pass -f same -o same
same "-o may be the input: it is replaced at the end" same want

# ---- --resume ----
mkfifo in
rm -f res
loop_pass --resume=res <in &
pid=$!
exec 3>in
cat q >&3
wait_for test -s res
run loop_pass --resume=res -f q 3>&-
is "a file that another run resumes is busy" \
	"$status $(wc -l <err)" "75 1"
run loop_pass --resume=./res -f q 3>&-
is "... by any name" "$status" 75
kill -TERM $pid
status=0
wait $pid || status=$?
exec 3>&-
is "SIGTERM ends it" "$status" 143
same "... what was written stays" res want
chmod 640 res
ln -s res res-link
printf '{"id":2,"query":"cu' >>res
echo '{"id":2,"query":"b"}' >>q
run loop_pass --resume=res-link -f q
is "going on keeps the mode and the link" \
	"$status $(stat -c %a res) $(readlink res-link)" "0 640 res"
is "... and every record once" "$(sed 's/,.*//' res | tr '\n' ' ')" \
	'{"id":1 {"id":2 '
{ echo 'a shopping list'; cat res; } >list
printf '{"id":1,\n "query":"a"}\n' >spread
printf 'no newline' >note
for file in list spread note; do
	cp $file before
	run loop_pass --resume=$file -f q
	has "what is no output of an earlier run is refused: $file" err \
		"^loop_pass: $file:1: no record, so this is not what an earlier"
	same "... and left as it is" $file before
	is "... with status 2" "$status" 2
done
for n in 0 1 2 3 4 5 6 7; do # packed, one or the other ends in a newline
	echo "{\"id\":1,\"query\":\"$n\"}" | gzip -n >"packed$n"
	run loop_pass --resume="packed$n" -f q
	sed 's/,.*//' "packed$n"
done >got 2>&1
is "a packed one goes on as it was before it was packed" \
	"$(sort got | uniq -c | tr -s ' \n' ' ')" ' 8 {"id":1 8 {"id":2 '

# ---- signals that are ignored stay ignored ----
for sig in HUP INT; do
	rm -f part
	sh -c "trap '' $sig; exec loop_pass -o part" <in &
	pid=$!
	exec 3>in
	cat q >&3
	wait_for sh -c 'ls part.*.tmp >/dev/null'
	kill -$sig $pid
	exec 3>&-
	status=0
	wait $pid || status=$?
	is "an ignored SIG$sig stays ignored" "$status $(wc -l <part)" "0 2"
done
nohup loop_pass -o part <in 2>/dev/null &
pid=$!
exec 3>in
wait_for sh -c 'ls part.*.tmp >/dev/null'
kill -HUP $pid
cat q >&3
exec 3>&-
wait $pid
is "... so it is under nohup" "$? $(wc -l <part)" "0 2"

# ---- dead letters ----
printf 'x \357\277\275 y \377 z' >raw
run loop_pass --input=json --dead-letter=dead -f raw
sed 's/.*"raw_base64":"//; s/"}$//' dead | base64 -d >restored
same "a line with U+FFFD and a broken byte is kept as it is" restored raw
printf 'x \357\277\275 y' >raw
run loop_pass --input=json --dead-letter=dead -f raw
has "... one of sound UTF-8 as text" dead '"raw":"x � y"}$'
{
	head -c 100000 /dev/zero | tr '\0' x
	echo
	echo '{"id":1}'
} | gzip -c | head -c 110 >cut.gz
run loop_pass --max-line=1000 --dead-letter=dead -f cut.gz
is "a long line whose input fails" "$status $(wc -l <dead)" "2 1"
has "... leaves one whole letter, marked" dead \
	'"raw_base64":"eHh4[^"]*","cut":true,"bytes":[0-9]+\}$'
sed 's/.*"raw_base64":"//; s/".*//' dead | base64 -d >restored
is "... with as many bytes as it says" "$(wc -c <restored)" \
	"$(sed 's/.*"bytes":\([0-9]*\).*/\1/' dead)"
rm -f dead
loop_pass --input=json --dead-letter=dead <in >out 2>err &
pid=$!
exec 3>in
echo 'no record' >&3
wait_for test -s dead
run loop_pass --dead-letter=dead -f q 3>&-
is "dead letters that another run writes are busy" "$status" 75
kill -KILL $pid
wait $pid 2>/dev/null
exec 3>&-
has "... and are there after a kill" dead '"raw":"no record"}$'

# What is written never takes the place of a part of an index.
echo '{"id":"a","text":"returns within 30 days"}' | kb-index in.kb
ln -s in.kb/MANIFEST link
for to in in.kb/MANIFEST in.kb/new "$PWD/in.kb/new" link; do
	for how in --output --resume --dead-letter --stats; do
		echo '{"query":"returns"}' >q1
		run kb-search -f q1 $how="$to" in.kb
		is "$how=${to##*/} is not put into an index" \
			"$status $(grep -c 'lies in an index' err)" "2 1"
	done
done
is "the index is as it was" "$(kb-index --verify in.kb && ls in.kb | wc -l)" 3
mkdir foreign
echo 'my list' >foreign/MANIFEST
run kb-search -f q1 -o foreign/new in.kb
is "a file of that name makes no index" "$status" 0
finish
