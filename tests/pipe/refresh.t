#!/bin/sh
# After every run the index equals a new build over the same files and options,
# or the run says what it left, every time.
#
#	KB_REFRESH_SEEDS="1 2 3"	seeds of the random rounds (4 of them)
#	KB_REFRESH_ROUNDS=200		rounds of each (50)
. "$(dirname "$0")/../lib.sh"
need kb-index kb-search jq

# of_documents INDEX: its dump without the settings, sorted
of_documents() {
	kb-index --dump "$1" | jq -c 'del(.kb_dump.settings)' | sort
}

# texts INDEX: of the documents, in order
texts() {
	kb-index --dump "$1" | jq -r .text | sort | tr '\n' ' '
}

# as_anew NAME DIR: runs twice, and compares with a new build what the index
# holds and what is said; the second run writes no document
as_anew() {
	kb-index --allow-delete "$2.kb" "$2" >said 2>&1
	kb-index --rebuild anew.kb "$2" >want 2>&1
	same "$1: what is said" said want
	of_documents "$2.kb" >got
	of_documents anew.kb >want
	same "$1: what is there" got want
	grep ^segment "$2.kb/MANIFEST" >before
	mv said want
	kb-index --allow-delete "$2.kb" "$2" >said 2>&1
	same "$1: said again" said want
	grep ^segment "$2.kb/MANIFEST" >after
	same "$1: and no document is written" after before
}


# ---- one id from several files ----

line() {
	printf '{"id":"%s","text":"%s"}\n' "$1" "$2"
}
mkdir ids
line x "of b 乙" >ids/b.jsonl
as_anew "one file" ids
line x "of c 丙" >ids/c.jsonl
as_anew "a second file with its id" ids
has "both are named, and the first stays" said \
	"^kb-index: ids/c.jsonl:1: id 'x' of .*c.jsonl' is .*taken by .*b.jsonl'"
line x "of a 甲" >ids/a.jsonl
as_anew "a file before both" ids
is "has the id" "$(texts ids.kb)" "of a 甲 "
rm ids/a.jsonl
as_anew "it goes, and the next one has it" ids
is "as before" "$(texts ids.kb)" "of b 乙 "
rm ids/b.jsonl
as_anew "so does that" ids
is "and the last one comes back" "$(texts ids.kb)" "of c 丙 "
mkdir dumped
printf '%s\n' '{"id":"k","text":"kept","kb_dump":{}}' \
	'{"id":"l","text":"first"}' >dumped/a.jsonl
as_anew "a member that is left out" dumped
sed -i s/first/second/ dumped/a.jsonl
as_anew "... of a line that is as it was, in a file that is not" dumped
has "is said again" want "'kb_dump' is left out"
mv ids/c.jsonl ids/C.jsonl
as_anew "a name in other letters is another name" ids
ln ids/C.jsonl ids/d.jsonl
as_anew "a hard link is a file like any other" ids
rm ids/d.jsonl
line x "first 一" >ids/twice.jsonl
line x "second 二" >>ids/twice.jsonl
rm ids/C.jsonl
as_anew "one id twice in a file" ids
has "is said" said "twice.jsonl:2: id 'x' came before in this file"
is "the last line counts" "$(texts ids.kb)" "second 二 "
line y "other" >>ids/twice.jsonl
echo "no document" >>ids/twice.jsonl
as_anew "a line that is no document" ids

# ---- the wrong file ----

lf='a
b'
mkdir wrong
for name in wrong.jsonl "12	tab.jsonl" "$lf.jsonl"; do
	line "${#name}" "词 word" >"wrong/$name"
	seq 20000 >>"wrong/$name"
done
kb-index -v wrong.kb wrong 2>said
is "of a file 20 lines are said" "$(grep -c 'not a JSON object' said)" 60
has "the others are counted" said \
	'^kb-index: wrong/wrong.jsonl: 19980 more documents or lines were refused'
has "in all, too" said '; 60000 problems$'
kb-index -v wrong.kb wrong 2>again
is "and again, though the files are not read" \
	"$(sed 's/files, .*ged;/files;/' said)" \
	"$(sed 's/files, .*ged;/files;/' again)"
has "... they are not" again ' 3 files, 0 read'
rm wrong/wrong.jsonl
as_anew "one goes" wrong

# ---- lines that remove ----

mkdir gone
line x "of a 甲" >gone/a.jsonl
line y "of a, too" >>gone/a.jsonl
as_anew "two documents" gone
echo '{"id":"x","deleted":true}' >gone/b.jsonl
as_anew "a later file removes one" gone
is "it is gone" "$(texts gone.kb)" "of a, too "
line x "of c 丙" >gone/c.jsonl
as_anew "a file behind that has the id" gone
line z "third" >>gone/a.jsonl
as_anew "while others change" gone
rm gone/b.jsonl
as_anew "and gives it back when nothing removes it" gone
has "which is said" said "id 'x' of .*c.jsonl' is already taken by .*a.jsonl'"

# ---- content that changes behind the time ----

mkdir -p behind
line b "price 100" >behind/b.jsonl
touch -d 2020-01-01 behind/b.jsonl
as_anew "a file" behind
line b "price 999" >new
cat new >behind/b.jsonl
touch -d 2020-01-01 behind/b.jsonl
as_anew "other content of one size, inode and time" behind
is "is seen" "$(texts behind.kb)" "price 999 "
chmod 600 behind/b.jsonl
kb-index -v behind.kb behind 2>said
has "another mode is no other content" said "1 files, 0 read"

# ---- files that can no longer be read ----

# kept NAME: the documents of keep/ are as they were; twice said
kept() {
	for again in '' ', again'; do
		run kb-index keep.kb keep
		of_documents keep.kb >got
		is "$1: status$again" "$status" 3
		same "$1: the documents stay$again" got good
		has "$1: which is said$again" err "; its documents stay as they"
	done
}
mkdir keep
seq 1 12000 | sed 's/.*/{"id":"k&","text":"entry & 条目 &&&"}/' | gzip -c \
	>keep/big.jsonl.gz
echo '# Page 页' | gzip -c >keep/page.md.gz
echo 'plain 纯文本' >keep/plain.txt
cp -r keep sound
kb-index keep.kb keep
of_documents keep.kb >good
size=$(wc -c <sound/big.jsonl.gz)
head -c $((size * 9 / 10)) sound/big.jsonl.gz >keep/big.jsonl.gz
kept "a packed file that is cut short"
cp sound/big.jsonl.gz keep
head -c 25 sound/page.md.gz >keep/page.md.gz
kept "a page that is cut short"
cp sound/page.md.gz keep
{ printf '\000\001'; cat sound/plain.txt; } >keep/plain.txt
kept "a text that is none"
head -c 70000000 /dev/zero | tr '\000' 'a' >keep/plain.txt
kept "a text beyond the limit"
has "with the limit" err "larger than the limit of 67108864 bytes"
cp sound/plain.txt keep
run kb-index keep.kb keep
is "what is as it was has nothing to say" "$status$(cat err)" 0
head -c 25 sound/page.md.gz >keep/page.md.gz
kept "damaged again"
echo '# Another 另一页' | gzip -c >keep/page.md.gz
run kb-index keep.kb keep
is "and repaired" "$status$(texts keep.kb | grep -c 'Another 另一页')" 01
rm keep/page.md.gz
run kb-index keep.kb keep
is "what vanished is not kept" "$status$(texts keep.kb | grep -c Another)" 00
printf '\000\001' >keep/picture
run kb-index keep.kb keep
has "what was never read" err "picture' is binary"
run kb-index keep.kb keep
has "is said every time, too" err "picture' is binary"
seq 1 20000 | sed 's/.*/{"id":"m&","text":"entry & 条目 &&&"}/' | gzip -c >longer
size=$(wc -c <longer)
for part in 5 8 7; do
	head -c $((size * part / 10)) longer >keep/more.jsonl.gz
	as_anew "a file never read to its end ($part tenths)" keep
	has "is read as far as it goes ($part tenths)" got '"m2000"'
done
cp longer keep/more.jsonl.gz
as_anew "and then to its end" keep
rm keep/more.jsonl.gz
printf '\000' >keep/plain.txt
run kb-index keep.kb keep
is "a run that keeps what it cannot read" "$(texts keep.kb | grep -c plain)" 1
run kb-index --rebuild keep.kb keep
is "is no new build, which has none of it" \
	"$status$(texts keep.kb | grep -c plain)" 30

as_user=
if [ "$(id -u)" -eq 0 ]; then
	as_user="setpriv --reuid 65534 --regid 65534 --clear-groups"
	$as_user test -x "$KB_BIN/kb-index" 2>/dev/null || as_user=no
fi
if [ "$as_user" = no ]; then
	skip "a closed file keeps its documents" "no setpriv, or a closed tree"
else
	mkdir -p closed user
	line c "closed 关" >closed/c.jsonl
	chmod 711 . && chmod -R a+rX closed && chmod 777 user
	$as_user kb-index user/c.kb closed
	chmod 0 closed/c.jsonl
	for again in 1 2; do
		run $as_user kb-index user/c.kb closed
		has "a closed file is said ($again)" err "cannot read .*stay as"
		is "and keeps its documents ($again)" \
			"$status$($as_user "$KB_BIN/kb-index" --dump \
			user/c.kb | wc -l | tr -d ' ')" 31
	done
	chmod 644 closed/c.jsonl
	run $as_user kb-index user/c.kb closed
	is "until it is open again" "$status$(cat err)" 0
fi

# ---- how a path is spelled ----

mkdir -p spell/sub
echo '# Page 页' >spell/sub/page.md
line s "with an id" >spell/s.jsonl
echo '{"text":"without one"}' >>spell/s.jsonl
kb-index spell.kb spell
for path in ./spell spell/ "$PWD/spell" spell/../spell spell "spell spell/sub"; do
	# shellcheck disable=SC2086
	run kb-index spell.kb $path
	# shellcheck disable=SC2086
	kb-index --rebuild anew.kb $path
	of_documents spell.kb >got
	of_documents anew.kb >want
	is "given as $path it is what a new build makes" \
		"$status$(cat err)$(cmp got want)" 0
done

mkdir v1 v2
echo '# Old 旧' >v1/page.md
line r "old release" >v1/r.jsonl
echo 'only in the old one' >v1/gone.txt
echo '# New 新' >v2/page.md
line r "new release" >v2/r.jsonl
for link in "$PWD/current" current; do
	rm -rf current turned.kb
	ln -s v1 current
	kb-index turned.kb "$link"
	rm current
	ln -s v2 current
	run kb-index --allow-delete turned.kb "$link"
	kb-index --rebuild anew.kb "$link"
	of_documents turned.kb >got
	of_documents anew.kb >want
	same "a link that leads elsewhere takes its documents along" got want
	is "with no word ($link)" "$status$(cat err)" 0
done
ln -s ../v1 v2/inside
as_anew "a link in a directory is not followed" v2

# ---- the input stream ----

mkdir files
line f "of a file" >files/f.jsonl
kb-index stream.kb files
line f "of the stream" | kb-index stream.kb 2>err
has "a file's id is not the stream's" err "id 'f' of 'the input stream' is"
echo '{"id":"f","deleted":true}' | kb-index -v stream.kb 2>err
is "what the stream removes goes" "$(texts stream.kb)" ""
has "and comes back" err "'f' is removed, and comes back with the next refresh"
kb-index stream.kb files
is "with the file that holds it" "$(texts stream.kb)" "of a file "
line g "of the stream" | kb-index stream.kb
line g "of a file, too" >files/g.jsonl
for again in 1 2; do
	run kb-index stream.kb files
	has "nor is a stream's id a file's ($again)" err "taken by 'the input st"
done
echo '{"id":"g","deleted":true}' | kb-index stream.kb
kb-index stream.kb files
is "until it gives it up" "$(texts stream.kb)" "of a file of a file, too "
line h "alone" | kb-index --sync --allow-delete stream.kb
is "a stream that is all there is" "$(texts stream.kb)" "alone "
kb-index stream.kb files
is "does not hide the files that come back" "$(texts stream.kb)" \
	"alone of a file of a file, too "

# ---- parts of the files ----

mkdir -p part/a part/z
line p "of z" >part/z/z.jsonl
kb-index part.kb part/z
line p "of a" >part/a/a.jsonl
run kb-index part.kb part/a
has "a file that was not given loses its id" err \
	"z.jsonl' loses a document to one with its id in 'part/a/a.jsonl'"
rm part/a/a.jsonl
kb-index --allow-delete part.kb part/a
kb-index part.kb part
is "and has it back when it is given" "$(texts part.kb)" "of z "

# ---- random rounds ----

room=$PWD
[ -d /dev/shm ] && [ -w /dev/shm ] && room=$(mktemp -d /dev/shm/kb.XXXXXX) &&
	trap 'rm -rf "$T" "$room"' EXIT
# rounds SEED
rounds() {
	mkdir "$room/seed$1" && cd "$room/seed$1" &&
		python3 "$ROOT/tests/pipe/helper/refresh.py" "$1" \
			"${KB_REFRESH_ROUNDS:-50}" >"$T/log$1" 2>&1
	echo $? >"$T/status$1"
}
side=0
for seed in ${KB_REFRESH_SEEDS:-1 2 3 4}; do
	(rounds "$seed") &
	side=$((1 - side))
	[ $side = 1 ] || wait
done
wait
for seed in ${KB_REFRESH_SEEDS:-1 2 3 4}; do
	is "seed $seed: after each round the index is as a new build's" \
		"$(cat "status$seed")$(head -c 2000 "log$seed")" 0
done
finish
