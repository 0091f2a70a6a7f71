#!/bin/sh
# kb-index: what a run does to an index, seen from a shell.
. "$(dirname "$0")/../lib.sh"
need kb-index kb-search jq

# documents INDEX: ids in order
documents() {
	kb-index --dump "$1" | sed 's/^{"id":"\([^"]*\)".*/\1/' | sort |
		tr '\n' ' '
}

# of_documents INDEX: its dump without the settings, sorted
of_documents() {
	kb-index --dump "$1" | jq -c 'del(.kb_dump.settings)' | sort
}

run kb-index
is "without an index usage is shown" "$status" 2

mkdir -p docs/sub docs/.git
printf '# Returns 退货\n\nSeven days. 七天内可退。\n' > docs/a.md
printf 'plain 纯文本\n' > docs/sub/b.txt
printf '{"id":"j1","text":"one 一"}\n{"id":"j2","text":"two 二"}\n' > docs/j.jsonl
printf 'hidden\n' > docs/.git/x.txt
mkfifo docs/fifo
ln -s /etc/passwd docs/link.txt
run kb-index shop.kb docs
is "success is silent" "$status$(cat out err)" 0
is "files, not links, FIFOs and hidden names" "$(documents shop.kb)" \
	"docs/a.md docs/sub/b.txt j1 j2 "
for index in docs/own.kb docs/other.kb; do
	run kb-index $index docs
	run kb-index $index docs
	is "indexes among the documents are none of them" \
		"$status$(documents $index)" \
		"0docs/a.md docs/sub/b.txt j1 j2 "
done
rm -rf docs/own.kb docs/other.kb
cp shop.kb/MANIFEST before
run kb-index shop.kb docs
touch -d '2001-01-01' docs/a.md docs/sub/b.txt docs/j.jsonl
run kb-index shop.kb docs
run kb-index -v shop.kb docs
case $(cat err) in
*"3 files, 0 read"*) pass "an unchanged file is not read again" ;;
*) fail "an unchanged file is not read again" err ;;
esac

printf '{"id":"j1","text":"one 一"}\n{"id":"j2","text":"changed"}\n' > docs/j.jsonl
run kb-index -v shop.kb docs
case $(cat err) in
*"1 read"*"1 replaced, 0 removed, 1 unchanged"*)
	pass "of a changed file only the changed document is put" ;;
*) fail "of a changed file only the changed document is put" err ;;
esac

# A line that is known is not decoded; which document an id means must not
# depend on that.
one='{"id":"e1","text":"alpha 甲"}' two='{"id":"e2","text":"beta 乙"}'
new='{"id":"e1","text":"gamma 丙"}' gone='{"id":"e2","deleted":true}'
mkdir edit
n=0 wrong=
for lines in "$one $two" "$one $two $new" "$one $two" "$gone $one $two" \
	"$two $one $gone" "$two $one" "$one" "$one $one $two" \
	"$two $one $new $two" "$new $two" "$one $two {"; do
	n=$((n + 1))
	# shellcheck disable=SC2086
	printf '%s\n' "$lines" | sed 's/} {/}\n{/g; s/\] {/]\n{/' \
		> edit/e.jsonl
	kb-index --allow-delete edit.kb edit 2> err
	kb-index --rebuild anew.kb edit 2> err2
	of_documents edit.kb > edited
	of_documents anew.kb > anew
	cmp -s edited anew && cmp -s err err2 || wrong="$wrong $n"
done
is "a refreshed file means what a new one does" "$wrong" ""

# Eight bytes that made the hash before XXH3 forget all before them.
forget=$(printf '\223\375\131\146\270\376\350\326')
mkdir frozen
for fee in 100 999; do
	start="{\"id\":\"p1\",\"text\":\"The fee is $fee euros. "
	pad=$(printf "%$(((16 - ${#start} % 16) % 16))s" '')
	printf '%s\n' "$start$pad${forget}yyyyyyyy end of the text\"}" \
		>frozen/p.jsonl
	kb-index frozen.kb frozen
	touch -d @1700000000 frozen/p.jsonl
done
kb-index --dump frozen.kb >dump
has "no content makes a change pass unseen" dump "999 euros"
# A file changed within the last moment is marked: both runs see old ones.
find docs -type f -exec touch -d @1700000000 {} +
sleep 2.1
for kb in seed1 seed2; do
	kb-index --seed 7 $kb.kb docs
	cat $kb.kb/* | cksum >$kb
done
same "one seed, one input, the same bytes" seed1 seed2
kb-index anyseed.kb docs
cat anyseed.kb/* | cksum >seed2
ok "without one no two indexes hash alike" test "$(cat seed1)" != "$(cat seed2)"

rm docs/sub/b.txt
run kb-index shop.kb docs
is "a quarter is not removed unasked" "$status" 2
run kb-index --allow-delete shop.kb docs
is "a vanished file's documents go" "$(documents shop.kb)" \
	"docs/a.md j1 j2 "
run kb-index shop.kb docs nowhere
is "a missing path is an error" "$status" 2
printf '{"id":"j1","text":"mine"}\n' > other.jsonl
run kb-index shop.kb other.jsonl
is "one id from two files costs the second" "$status" 3
has "with its place" err "^kb-index: other.jsonl:1: id 'j1' of "
case $(cat err) in
*other.jsonl*j.jsonl*) pass "and names both" ;;
*) fail "and names both" err ;;
esac

# ---- options that changed, and the limit of what vanishes ----

i=0
while [ $i -lt 20 ]; do
	echo "{\"id\":\"n$i\",\"text\":\"Entry $i is about lamps. $(printf 'It goes on. %.0s' 1 2 3 4 5 6 7 8 9)\"}"
	i=$((i + 1))
done > twenty.jsonl
# remade OPTION...: a refresh with other options, beside a new build
remade() {
	rm -rf changed.kb anew.kb
	kb-index --shard=1/2 changed.kb twenty.jsonl
	kb-index --allow-delete "$@" changed.kb twenty.jsonl
	kb-index "$@" anew.kb twenty.jsonl
	of_documents changed.kb > changed
	of_documents anew.kb > anew
}
remade
same "a refresh without --shard takes the rest" changed anew
is "which is all" "$(wc -l < changed | tr -d ' ')" 20
remade --shard=2/2
same "another --shard takes the place of the first" changed anew
remade --chunk-target=8 --chunk-max=16
same "other sizes of chunks are for unchanged files, too" changed anew
mkdir two
kb-index two.dir.kb twenty.jsonl two
sed 's/"id":"n/"id":"m/' twenty.jsonl > two/new.jsonl
: > twenty.jsonl
run kb-index two.dir.kb twenty.jsonl two
is "what came does not make up for what went" "$status" 2
has "and nothing was changed" err "remove 20 of the 20 documents"
run kb-index --allow-delete two.dir.kb twenty.jsonl two
is "unless it is meant" "$status $(kb-index --dump two.dir.kb | wc -l | tr -d ' ')" \
	"0 20"
sed 's/"text".*/"deleted":true}/' two/new.jsonl > all-gone
run kb-index two.dir.kb < all-gone
is "a line that deletes is no accident" \
	"$status $(kb-index --dump two.dir.kb | wc -l | tr -d ' ')" "0 0"

# ---- directories that are no index ----

mkdir foreign wrong
echo text > foreign/passwd
run kb-index foreign docs
is "a directory with other files is no place for an index" \
	"$status $(ls foreign)" "2 passwd"
has "and the arguments may be swapped" err "neither empty nor an index; are the arg"
run kb-index docs fresh.kb
is "nor are the documents, by arguments swapped" \
	"$status $(ls docs | tr '\n' ' ')" "2 $(ls docs | tr '\n' ' ')"
echo 'foreign text' > wrong/MANIFEST
run kb-index --rebuild wrong docs
is "nor is one with a MANIFEST of something else" \
	"$status $(ls wrong) $(cat wrong/MANIFEST)" "2 MANIFEST foreign text"
run kb-search wrong anything
has "which a reader does not take for a damaged index" err \
	"file MANIFEST is not one of an index"
run kb-index new.kb shop.kb
is "an index is no document, and no new index comes of it" \
	"$status $(test -e new.kb; echo $?)" "2 1"
run kb-index new.kb shop.kb/MANIFEST
is "nor is a file of one" "$status" 2
run kb-index new.kb no-such-path
is "a run that fails leaves no directory" \
	"$status $(test -e new.kb; echo $?)" "2 1"
kb-index own.kb docs
echo precious > own.kb/g7-3.seg
kb-index --rebuild --grace 0s own.kb docs
kb-index --rebuild --grace 0s own.kb docs
is "a file that is only named like ours stays" "$(cat own.kb/g7-3.seg)" precious
mkdir mounted mounted/lost+found
run kb-index mounted docs
is "a new file system is an empty directory" "$status" 0

run kb-index --dump shop.kb docs
is "a look takes no path" "$status$(cat out)" 2

# Packed files are read as what is in them; so is the input stream.
for packer in gzip zstd; do
	if command -v $packer > /dev/null; then
		$packer -qc docs/j.jsonl > packed.jsonl
		rm -rf packed.kb stream.kb
		kb-index packed.kb packed.jsonl
		kb-index stream.kb - < packed.jsonl
		is "a file of $packer" "$(documents packed.kb)" "j1 j2 "
		is "a stream of $packer" "$(documents stream.kb)" "j1 j2 "
	else
		skip "a file of $packer" "$packer is not there"
	fi
done

printf '{"id":"s1","text":"stream"}\nnonsense\n\n{"id":"s2","text":"流"}\n' |
	kb-index shop.kb 2> err
is "a bad line costs a line" "$?$(documents shop.kb)" \
	"3docs/a.md j1 j2 s1 s2 "
printf '{"id":"s1","deleted":true}\n' | kb-index shop.kb
is "an id is deleted" "$(documents shop.kb)" "docs/a.md j1 j2 s2 "
printf '{"id":"only","text":"x"}\n' |
	kb-index --sync --allow-delete --progress --stats st shop.kb 2> err
is "--progress is silent in a short run" "$(cat err)" ""
has "--stats counts documents and bytes" st \
	'"records_in":1,.*"bytes_in":25,.*"peak_rss_bytes":[1-9].*"mb_s":[0-9]'
is "--sync: what is given is all" "$(documents shop.kb)" "only "

run kb-index one.kb docs
kb-index --dump one.kb > dump
kb-index --restore two.kb < dump
kb-index --dump two.kb > dump2
is "a dump builds the same index" "$(cat dump2)" "$(cat dump)"
cp -r docs moved
kb-index old.kb moved
kb-index --dump old.kb | kb-index --restore copy.kb
cp -r copy.kb copy2.kb
rm moved/a.md
run kb-index --allow-delete copy.kb moved
is "a copy made from a dump knows its files" \
	"$status$(documents copy.kb)" "0j1 j2 "
run kb-index --sync --allow-delete copy2.kb other.jsonl
is "and --sync takes away those not given" "$status$(documents copy2.kb)" "0j1 "
cp dump dump.jsonl
run kb-index --restore file.kb dump.jsonl
is "a dump in a file is a file of documents" \
	"$(kb-search file.kb --format=json 'seven days' | jq -r \
	'.hits[0] | "\(.source | sub(".*/"; "")) \(.line)"')" "dump.jsonl 1"
sed -i 1d dump.jsonl
kb-index --restore --allow-delete file.kb dump.jsonl
is "a refresh drops what went from it" "$(documents file.kb)" \
	"$(sed 1d dump | jq -r .id | sort | tr '\n' ' ')"

printf 'Blue Finch\n云盘青禾\n' > names
kb-index --keyword lang --numeric price --title-weight 3 --no-graph \
	--no-word-vectors --words names set.kb docs
kb-index --dump set.kb > dump
kb-index --restore set2.kb < dump
kb-index --dump set2.kb > dump2
same "a dump holds how the index was made" dump dump2
is "for a new index, part by part too" "$(kb-index --restore --shard 2/2 set3.kb < dump
	kb-index --info set3.kb | jq -c '.settings | [.title_weight, .keywords,
	.numerics, .no_graph, .no_words]')" '[3,["lang"],["price"],true,true]'
kb-index --restore --keyword brand --title-weight 2 set4.kb < dump
is "an option comes before it" "$(kb-index --info set4.kb | jq -c \
	'.settings | [.title_weight, .keywords]')" '[2,["brand"]]'
kb-index set5.kb docs
kb-index --info set5.kb | jq .settings > before
kb-index --restore set5.kb < dump
kb-index --info set5.kb | jq .settings > after
same "an index that is there keeps its own" before after
run kb-index plain.kb < dump
is "without --restore it is documents, and a member is left out" \
	"$status $(kb-index --info plain.kb | jq -c '.settings.title_weight') \
$(kb-index --dump plain.kb | grep -c 'title_weight":3')" "3 1 0"
has "which is said once" err "^kb-index: standard input: 'kb_dump' is left out of \
the documents; to build an index from a dump give --restore$"
mkdir md
printf -- '---\nkb_dump: {"settings":{"title_weight":77,"no_graph":true}}\n---\ntext\n' > md/000.md
run kb-index md.kb md
is "a page that looks like a dump sets nothing" \
	"$(kb-index --info md.kb | jq -c '.settings|[.title_weight,.no_graph]')" "[1,null]"
sed 's/"keywords":\["lang"\]/"keywords":7/' dump > odd
run kb-index --restore set6.kb < odd
is "settings that are none cost their line" "$status $(cat err)" \
	"3 kb-index: standard input:1: 'keywords' in member 'kb_dump' is not of a dump"
run kb-index --verify one.kb
is "a sound index is sound" "$status" 0
for seg in one.kb/*.seg; do
	printf 'X' | dd of="$seg" bs=1 seek=70 conv=notrunc 2> /dev/null
done
run kb-index --verify one.kb
is "a damaged one is not" "$status" 2
run kb-index one.kb docs
run kb-index --rebuild one.kb docs
is "--rebuild makes it new" "$status$(documents one.kb)" \
	"0docs/a.md j1 j2 "
head -c 50 one.kb/MANIFEST > ./cut && cp cut one.kb/MANIFEST
run kb-index one.kb docs
is "a cut manifest is said" "$status" 2
run kb-index --rebuild one.kb docs
is "and made new" "$status$(documents one.kb)" "0docs/a.md j1 j2 "

for i in 1 2 3; do
	kb-index --restore --shard $i/3 "part$i.kb" < dump2
done
is "shards share the documents" \
	"$(for i in 1 2 3; do documents part$i.kb; done | tr ' ' '\n' |
		grep . | sort | tr '\n' ' ')" "docs/a.md j1 j2 "
run kb-index --dump /dev/null
is "no directory is no index" "$status" 2
kb-index --dump two.kb > /dev/full 2> err
is "a full disk is said" "$?" 2

run kb-index --no-graph --no-word-vectors legs.kb docs
run kb-index legs.kb dump2
is "a leg left out stays out" \
	"$(kb-index --info legs.kb | grep -c '"16":')" 0
run kb-index --rebuild legs.kb docs
is "until a rebuild" "$(kb-index --info legs.kb | grep -c '"16":')" 1

printf '%s\n' '{"s":"Paris","p":"capital of","o":"France"}' \
	'{"s":"北京","p":"首都","o":"中国","doc":"zh"}' > triples.jsonl
kb-index triples.kb triples.jsonl
is "a triple is found with its line" "$(kb-search triples.kb -k 1 \
	--format=json '中国的首都是哪里' | jq -c '.hits[0] | [.line, .text]')" \
	'[2,"北京 首都 中国"]'

# Searches go on while the index is built anew, again and again.
seq 1 400 | sed 's/.*/{"id":"r&","text":"word& 词语& return 退货"}/' > busy
kb-index busy.kb < busy
: > failures
(for i in 1 2 3 4; do kb-index --rebuild --grace 1h busy.kb < busy; done) &
i=0
while [ "$i" -lt 50 ]; do
	i=$((i + 1))
	(for _ in 1 2 3; do
		kb-search busy.kb 退货 > "found$i" 2>> failures &&
			[ -s "found$i" ] || echo "search $i" >> failures
	done) &
done
wait
is "50 searchers during rebuilds never fail" "$(cat failures)" ""

# Two writers: the second is told to come again.
mkfifo feed
kb-index --lock-wait 10s lock.kb < feed &
exec 3> feed
wait_for test -e lock.kb/LOCK
printf '{"id":"w1","text":"one 一"}\n' >&3
busy_said() {
	printf '{"id":"w2","text":"two 二"}\n' | kb-index lock.kb 2> err
	[ $? -eq 75 ]
}
ok "a second writer gets 75" wait_for busy_said
exec 3>&-
wait
is "and the first one finishes" "$(documents lock.kb | grep -c w1)" 1

# A directory without permission costs itself, and removes nothing.
as_user=
if [ "$(id -u)" -eq 0 ]; then
	as_user="setpriv --reuid 65534 --regid 65534 --clear-groups"
	$as_user test -x "$KB_BIN/kb-index" 2> /dev/null || as_user=no
fi
if [ "$as_user" = no ]; then
	skip "a closed directory costs itself" "no setpriv, or a closed tree"
else
	mkdir -p tree/open tree/closed user
	echo 'open 开' > tree/open/a.txt
	echo 'closed 关' > tree/closed/b.txt
	chmod 711 . && chmod -R a+rX tree && chmod 777 user
	$as_user kb-index user/t.kb tree
	chmod 0 tree/closed
	run $as_user kb-index user/t.kb tree
	is "a closed directory costs itself" "$status" 3
	has "and is named" err closed
	is "its documents stay" "$($as_user "$KB_BIN/kb-index" --dump \
		user/t.kb | wc -l)" 2
	chmod 700 tree/closed
	chmod 555 user
	run $as_user kb-index user/u.kb tree/open
	is "no room for an index is an error" "$status" 2
fi

# Killed at any moment the index opens as before or as after, for 8 readers
# at a time as well. The moments are spread over the time that a whole run
# takes on this machine.
i=0 bad=0 old=0 new=0
seq 1 300 | sed 's/.*/{"id":"k&","text":"word& 词语& return 退货"}/' > many
kb-index kill.kb < many
start=$(date +%s%N)
kb-index kill.kb < many
took=$(($(date +%s%N) - start))
while [ "$i" -lt 40 ]; do
	i=$((i + 1))
	sed "s/word/round$i/" many > changed
	kb-index kill.kb < changed 2> /dev/null &
	pid=$!
	# readers come and go while it is written and killed
	r=0 readers=
	while [ "$r" -lt 4 ]; do
		r=$((r + 1))
		kb-index --verify kill.kb &
		readers="$readers $!"
		kb-search -e kill.kb 退货 > found 2>&1 &
		readers="$readers $!"
	done
	sleep "$(printf '0.%09d' $((took * i % (3 * took) / 40)))"
	[ $((i % 4)) -eq 0 ] || kill -9 $pid 2> /dev/null
	wait $pid 2> /dev/null
	for r in $readers; do
		wait "$r" || bad=$((bad + 1))
	done
	kb-index --verify kill.kb || bad=$((bad + 1))
	kb-index --dump kill.kb > after
	[ "$(grep -c "round$i" after)" -eq 300 ] && new=$((new + 1))
	[ "$(grep -c "round$i" after)" -eq 0 ] && old=$((old + 1))
	[ "$(wc -l < after)" -eq 300 ] || bad=$((bad + 1))
done
is "kill -9 leaves a sound index" "$bad" 0
is "... either the old or the new one, whole" $((old + new)) 40
echo "# $old old, $new new"

# ---- long spans ----
{
	echo '<table><tr><th>Land<th>Item<tr><td rowspan=3000>Norland<td>r0'
	seq 2999 | sed 's/.*/<tr><td>row&/'
	echo '</table>'
} >span.html
kb-index span.kb span.html
is "a cell over thousands of rows stands in each" "$(kb-search span.kb \
	--plain -k 1 row2998 | jq -r '.hits[0].text' | grep row2998)" \
	"Norland | row2998"
finish
