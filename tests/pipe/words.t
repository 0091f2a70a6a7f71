#!/bin/sh
# The user's dictionary: words that count as one term, in an index and in the
# questions to it.
. "$(dirname "$0")/../lib.sh"
need kb-index kb-search jq

cat > docs <<'DOCS'
{"id":"whole","text":"关于云盘青禾的说明: the Blue Finch app keeps your files."}
{"id":"parts","text":"云上的盘子, 青色的禾苗, 云盘, 青禾: blue sky, a finch, an app, a blue bird, a finch."}
{"id":"other","text":"今天天气很好, 我们去公园。 The weather is fine today."}
{"id":"more","text":"Files of the office are kept in a drawer. 文件放在抽屉里。"}
DOCS
printf '\357\273\277# products, 产品\r\n\r\n  Blue Finch \r\n云盘青禾\nBlue Finch\n' > names

first() { kb-search "$@" --legs lexical --format=ids -k 1; }
score() { kb-search "$@" --legs lexical --format=json -k 1 |
	jq '.hits[0].legs.lexical'; }

run kb-index plain.kb docs
run kb-index --words names named.kb docs
is "a file of words is taken" "$status$(cat err)" 0
is "the word is found in English" "$(first named.kb 'blue finch')" whole
is "the word is found in Chinese" "$(first named.kb '云盘青禾')" whole
is "the word is found between both" "$(first named.kb '云盘青禾 blue finch app')" \
	whole
heavier() { awk "BEGIN { exit !($(score "$1" "$3") > $(score "$2" "$3")) }"; }
ok "it counts for more than its parts" heavier named.kb plain.kb 'blue finch'
ok "the Chinese one, too" heavier named.kb plain.kb '云盘青禾'
is "another question scores as without" "$(score named.kb 'fine weather')" \
	"$(score plain.kb 'fine weather')"
echo '{"id":"late","text":"Is BLUE  FINCH free? 雲盤青禾免費嗎"}' > late
run kb-index named.kb late
kb-index --words names whole.kb docs late
is "a refresh knows the words without being told" \
	"$(score named.kb 'blue finch')" "$(score whole.kb 'blue finch')"
kb-index --optimize named.kb
is "a merge keeps them" "$(score named.kb '云盘青禾')" \
	"$(score whole.kb '云盘青禾')"
run kb-index --verify named.kb
is "all of it is sound" "$status" 0
printf '%s\n' '{"id":"x1","text":"Blue Finch"}' '{"id":"x2","text":"y"}' \
	'{"id":"x3","text":"Blue Finch 云盘青禾"}' > stream
kb-index --words names gone.kb < stream
echo '{"id":"x1","deleted":true}' | kb-index --allow-delete gone.kb
sed 1d stream | kb-index --words names rest.kb
is "deleted documents take their words along" \
	"$(score gone.kb 'blue finch')" "$(score rest.kb 'blue finch')"

run kb-index --words names named.kb docs
is "the same words may be given again" "$status" 0
echo 'Red Finch' > others
run kb-index --words others named.kb docs
is "other words are refused" "$status" 2
has "with what to do" err "built with other words; give --rebuild"
run kb-index --words names plain.kb docs
is "words for an index without are refused" "$status" 2
run kb-index --rebuild named.kb docs late
is "--rebuild keeps them" "$(score named.kb 'blue finch')" \
	"$(score whole.kb 'blue finch')"
run kb-index --rebuild --words others named.kb docs late
kb-index --words others red.kb docs late
is "or takes others" "$(score named.kb 'red finch')$(score named.kb 'blue finch')" \
	"$(score red.kb 'red finch')$(score red.kb 'blue finch')"
run kb-index --rebuild --words /dev/null named.kb docs
is "or takes them away" "$(score named.kb 'blue finch')" \
	"$(score plain.kb 'blue finch')"

kb-index --words names l.kb docs
kb-index --words names r.kb late
run kb-search l.kb -i r.kb --legs lexical --format=trec '云盘青禾 blue finch'
mv out both
run kb-search whole.kb --legs lexical --format=trec '云盘青禾 blue finch'
same "two indexes with the same words answer like one" both out
kb-index --words others r2.kb late
is "a question knows the words of all indexes" \
	"$(first r2.kb -i l.kb '云盘青禾')" whole

# The stream that is running takes up the words of a new generation.
mkfifo feed
kb-search --reload --legs lexical --format=json named.kb < feed > answers &
exec 8> feed
ask() {
	n=$(wc -l < answers)
	echo '{"query":"blue finch"}' >&8
	more() { [ "$(wc -l < answers)" -gt "$n" ]; }
	wait_for more
	tail -1 answers | jq '.hits[0].legs.lexical'
}
is "a stream answers" "$(ask)" "$(score plain.kb 'blue finch')"
kb-index --rebuild --words names named.kb docs
is "and takes up new words" "$(ask)" "$(score named.kb 'blue finch')"
exec 8>&-
wait

# The graph joins what speaks of a name.
for i in 1 2 3; do
	echo "{\"id\":\"g$i\",\"text\":\"note $i: the velvet harbour opens at $i. 丝绒港第${i}号门。\"}"
done > notes
seq 1 30 | sed 's/.*/{"id":"f&","text":"some other note & about a lamp"}/' >> notes
printf 'velvet harbour\n丝绒港\n' > harbour
kb-index --words harbour graph.kb notes
for q in 'velvet harbour' 丝绒港 '丝绒港 velvet harbour'; do
	is "$q: its mentions are linked" "$(kb-search graph.kb --legs graph \
		--format=ids "$q" | sort | tr '\n' ' ')" "g1 g2 g3 "
done

while IFS=: read -r line says; do
	printf 'ok\n%b\n' "$line" > bad
	run kb-index --words bad new.kb docs
	is "refused: $says" "$status" 2
	has "with file and line" err "bad:2: $says"
done << 'CASES'
\0377x:not UTF-8
\0346\0234:not UTF-8
CASES
head -c 300 /dev/zero | tr '\0' x > bad
run kb-index --words bad new.kb docs
has "a long word is refused" err "bad:1: .*has 300 bytes, the limit is 256"
run kb-index --words nowhere new.kb docs
is "a missing file is an error" "$status" 2
finish
