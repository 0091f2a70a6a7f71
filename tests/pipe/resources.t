#!/bin/sh
# What the system withholds: descriptors, memory, room, files that vanish or
# shrink, odd names. One clear line, the right status, and nothing lost.
# shellcheck disable=SC3045 # dash, bash and busybox have ulimit -n and -v
. "$(dirname "$0")/../lib.sh"
need kb-index kb-search ctx-compress prompt-render llm-call fact-check kb-eval

kb-index kb.kb "$ROOT/tests/data/shop" >log 2>&1 ||
	fail "the sample is indexed" log
head -40 "$ROOT/tests/data/questions.jsonl" >questions
kb-search kb.kb -f questions | prompt-render | llm-call >records

# ---- standard files that are closed ----
for p in $filters; do
	status=0
	filter "$p" <&- >out 2>err || status=$?
	is "$p: standard input is closed" "$status $(cat out)" "2 "
	one_line "$p"
	status=0
	filter "$p" -f records >&- 2>err || status=$?
	is "$p: standard output is closed" "$status" 2
	one_line "$p"
	status=0
	{ cat records; echo 'no record'; } | filter "$p" >out 2>&- || status=$?
	is "$p: standard error is closed" "$status $(grep -c '^{' out)" "3 40"
	ok "... and nothing else is in the output" sh -c '! grep -qv "^{" out'
	filter "$p" -f records >"want $p" 2>err
	status=0
	filter "$p" -f records -o part <&- >&- 2>&- || status=$?
	is "$p: all three are closed" "$status" 0
	same "... the output is whole" part "want $p"
	# The first file that is opened would stand for standard error.
	{ cat records; echo 'no record'; } | filter "$p" -o part 2>&-
	same "... and no message is in it" part "want $p"
	rm -f part
done
printf '{"id":"a","text":"退货 return"}\nno record\n' >docs.jsonl
for fds in '<&-' '>&-' '2>&-' '<&- >&- 2>&-'; do
	rm -rf c.kb
	status=0
	eval "kb-index c.kb docs.jsonl >out 2>err $fds" || status=$?
	is "kb-index $fds" "$status $(kb-index --dump c.kb | wc -l)" "3 1"
	is "... the index is sound" "$(kb-index --verify c.kb 2>&1)$?" 0
	is "... and its lock is empty" "$(wc -c <c.kb/LOCK)" 0
done
for p in 'kb-index --dump kb.kb' 'kb-index --info kb.kb' 'kb-search --help' \
	'kb-eval answers records'; do
	status=0
	$p >&- 2>err || status=$?
	is "$p: standard output is closed" "$status $(wc -l <err)" "2 1"
done
status=0
kb-index c.kb <&- 2>err || status=$?
is "kb-index: no input, so what it remembers is read" \
	"$status $(kb-index --dump c.kb | wc -l)" "3 1"
one_line kb-index

# ---- packed input that is cut after its first bytes ----
gzip -c records >packed
for n in 2 3 9 100 $(($(wc -c <packed) - 1)); do
	head -c "$n" packed >short.gz
	run prompt-render -f short.gz
	is "gzip cut after $n bytes is an error" "$status" 2
	one_line prompt-render
	has "... and said" err "'short.gz' ends inside compressed data"
done

# ---- a limit on the size of files ----
# (ulimit -f counts 512 bytes in POSIX shells, 1,024 in others)
for p in $filters; do
	status=0
	(
		ulimit -f 4
		filter "$p" -f records -o part 2>err
	) || status=$?
	is "$p: a limit on the size of files" "$status $(ls part* 2>/dev/null)" \
		"2 "
	one_line "$p"
	has "... is named" err "cannot write 'part': File too large"
done
cp -r kb.kb limited.kb
kb-index --dump kb.kb | sed 's/"text":"/&changed /' >changed
status=0
(
	ulimit -f 16
	kb-index --restore limited.kb <changed 2>err
) || status=$?
is "kb-index: a limit on the size of files" "$status" 2
one_line kb-index
is "... the index is as it was" "$(kb-index --verify limited.kb 2>&1)$(
	kb-index --dump limited.kb | cksum)" "$(kb-index --dump kb.kb | cksum)"
kb-index --restore --grace=0 limited.kb <changed
is "... and the next run leaves no file of the other" \
	"$? $(ls limited.kb/*.tmp 2>/dev/null)" "0 "

# ---- too few descriptors ----
# (three are not enough to start a program)
for n in 4 5 6 7 8; do
	for p in $filters; do
		status=0
		(
			ulimit -n $n
			filter "$p" -f records -o part
		) >out 2>err || status=$?
		case $status in
		0) same "$p with $n descriptors does all" part "want $p" ;;
		2) one_line "$p" ;;
		3) pass "$p with $n descriptors says so in its records" ;;
		*) fail "$p with $n descriptors: status $status" err ;;
		esac
		rm -f part
	done
	rm -rf few.kb
	status=0
	(
		ulimit -n $n
		kb-index few.kb "$ROOT/tests/data/shop"
	) >out 2>err || status=$?
	case $status in
	0) is "kb-index with $n descriptors does all" "$(
		kb-index --dump few.kb | cksum)" "$(
		kb-index --dump kb.kb | cksum)" ;;
	2 | 3) has "kb-index with $n descriptors says it ($status)" err \
		"^kb-index: .*Too many open files" ;;
	*) fail "kb-index with $n descriptors: status $status" err ;;
	esac
done

# ---- too little memory ----
if (ulimit -v 400000 && kb-search --version >/dev/null 2>&1); then
	for p in $filters; do
		for kb in 3000 5000 8000 12000 20000 40000; do
			# in less than its own size it cannot begin
			(
				ulimit -v $kb
				"$p" --version
			) >/dev/null 2>&1 || continue
			status=0
			(
				ulimit -v $kb
				filter "$p" -f records -o part >out 2>err
			) || status=$?
			case $status in
			0) same "$p in $kb KB" part "want $p" ;;
			2) one_line "$p" ;;
			*) grep -q 'shared' err || [ "$status" = 127 ] ||
				fail "$p in $kb KB: status $status" err ;;
			esac
			is "... leaves nothing half done" \
				"$(ls part.*.tmp 2>/dev/null)" ""
			rm -f part
		done
	done
else
	skip "too little memory" "the programs need more address space"
fi
rm -rf limited.kb && cp -r kb.kb limited.kb
kb-index --dump kb.kb >before
for kb in 10000 14000 17000 20000 22000 24000 26000 28000 60000 120000; do
	(ulimit -v 400000 && kb-index --version >/dev/null 2>&1) || break
	status=0
	(
		ulimit -v $kb
		kb-index --restore limited.kb <changed
	) >out 2>err || status=$?
	case $status in
	0) pass "kb-index in $kb KB does all" ;;
	2) one_line kb-index ;;
	*) fail "kb-index in $kb KB: status $status" err ;;
	esac
	[ "$status" = 0 ] && break
	kb-index --dump limited.kb >after
	same "... the index is as it was" after before
	is "... and sound" "$(kb-index --verify limited.kb 2>&1)$?" 0
done

# ---- a signal while lines are refused ----
mkfifo feed
for p in $filters; do
	case $p in kb-search | fact-check | kb-ask) index=kb.kb ;; *) index= ;; esac
	$p -o part --dead-letter dead $index <feed 2>err &
	pid=$!
	exec 3>feed
	printf '{"id":1,"query":"x","answer":"y"}\nno record\n' >&3
	wait_for sh -c 'ls part.*.tmp >/dev/null'
	kill -TERM $pid
	status=0
	wait $pid || status=$?
	exec 3>&-
	is "$p: SIGTERM ends it" "$status $(cat err)" "143 "
	is "... with no file half done" "$(ls part* 2>/dev/null)" ""
	ok "... and each dead letter whole" sh -c '! grep -qv "^{.*}$" dead'
	rm -f dead
done

# ---- odd names ----
lf='a
b'
for name in 'with space.kb' '知识库 kb.kb' "$lf.kb" '-dash.kb' "quo'te\"\\.kb"; do
	shown=$(printf %s "$name" | tr '\n' ' ')
	mkdir -p "in $name"
	printf 'sound 正常 text\n' >"in $name/$name.txt"
	printf '\000\000\000' >"in $name/zeros $name.txt"
	run kb-index -- "$name" "in $name"
	is "an index '$shown'" "$status" 3
	one_line kb-index
	run kb-search -e -- "$name" 正常
	is "... is searched" "$status$(cat err)" 0
	ok "... the hit is one record" [ "$(wc -l <out)" -eq 1 ]
	run kb-search --format=text -e -- "$name" 正常
	is "... and shown" "$status$(cat err)" 0
	run kb-search -- "no $name" x
	is "... one that is missing is said" "$status" 2
	one_line kb-search
	run ctx-compress -f "no $name"
	is "... so is a file" "$status" 2
	one_line ctx-compress
	printf 'no record\n' >"bad $name"
	run ctx-compress -f "bad $name"
	is "... and a line in one" "$status" 2
	one_line ctx-compress
	run prompt-render -f records -o "out $name"
	is "... an output" "$status $(wc -l <"out $name")" "0 40"
done
long=$(awk 'BEGIN { for (i = 0; i < 20; i++)
	printf "%s/", "a-long-name-of-a-directory-for-this-test" }')
run kb-search "$long" x
is "a name of 800 bytes that is missing" "$status" 2
has "... is said with the reason" err 'no index'
run kb-search -f "$long" kb.kb
has "... so is a file" err 'No such file or directory$'

# ---- files that go or shrink while they are read ----
cp -r kb.kb gone.kb
kb-search gone.kb <feed >out 2>err &
pid=$!
exec 3>feed
head -1 questions >&3
wait_for test -s out
rm -r gone.kb
cat questions >&3
exec 3>&-
wait $pid
is "an index that is removed is searched to the end" \
	"$? $(wc -l <out)$(cat err)" "0 41"
kb-search kb.kb -f questions | head -1 >want
is "... as if it were there" \
	"$(sed -n '2s/gone\.kb/kb.kb/gp' out)" "$(cat want)"
cp -r kb.kb gone.kb
kb-search gone.kb -o part <feed 2>err &
pid=$!
exec 3>feed
head -1 questions >&3
wait_for sh -c 'ls part.*.tmp >/dev/null'
sleep 0.2
for file in gone.kb/*.seg; do : >"$file"; done
sed 1d questions >&3
exec 3>&-
status=0
wait $pid || status=$?
is "an index that is cut ends a search" "$status $(ls part* 2>/dev/null)" "2 "
one_line kb-search
finish
