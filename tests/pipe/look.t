#!/bin/sh
# What is inside of an index: --list, --show, --info.
. "$(dirname "$0")/../lib.sh"
need kb-index kb-search jq

mkdir docs
printf '# 退货\n\n七天内可以退货。\n\n## Cards\n\ncredit card refunds take 5 days\n' \
	>docs/退货.md
{
	echo '{"id":"a#1","title":"A\\tone","text":"mixed 中文 words","lang":"zh"}'
	echo 'no document'
	echo '{"id":"b","text":"\\u001b[31mred"}'
} >docs/lines.jsonl
touch -d 2026-01-02T03:04:05Z docs/*
kb-index k.kb docs 2>/dev/null
echo '{"id":"s","text":"from a stream"}' | kb-index k.kb

run kb-index --list k.kb
is "each document has a line" "$(jq -r 'select(.id) | .id' out | sort |
	tr '\n' ' ')" "a#1 b docs/退货.md s "
is "... with size, passages and date" \
	"$(jq -c 'select(.id == "b") | [.bytes, .passages, .modified]' out)" \
	'[8,1,"2026-01-02T03:04:05Z"]'
is "... and its file" "$(jq -r 'select(.id == "b") | .source' out)" \
	"$T/docs/lines.jsonl"
is "a stream has none" "$(jq -c 'select(.id == "s") | has("source")' out)" false
is "what was refused is told, and why" \
	"$(jq -r 'select(.problem) | .problem' out | grep -c 'lines.jsonl:2: ')" 1
kb-index k.kb docs 2>/dev/null
kb-index --list k.kb >again
same "... after a run that read nothing, too" out again
run kb-index --list --format=tsv k.kb
is "a table has six fields in every line" \
	"$(awk -F '\t' 'NF != 6' out | wc -l) $(wc -l <out)" "0 5"
run kb-index --list --format=text k.kb
has "people see a heading" out '^modified +size passages +document$'
has "... and a line each" out '^2026-01-02 03:04 +[0-9]+ +1  b'
ok "... in which no document steers the terminal" \
	sh -c '! grep -q "$(printf "\033")" out'

run kb-index --show='docs/退货.md' k.kb
is "a document is shown with its text" \
	"$status $(jq -r .text out | grep -c 'credit card')" "0 1"
kb-search k.kb 'credit card refunds' >hit
n=$(jq '.hits[0].chunk' hit)
run kb-index --show="docs/退货.md#$n" k.kb
is "a passage is what a search found" "$(jq -r .text out)" \
	"$(jq -r '.hits[0].text' hit)"
is "... at its place" "$(jq -c '[.line, .start, .end]' out)" \
	"$(jq -c '.hits[0] | [.line, .start, .end]' hit)"
run kb-index --show='a#1' k.kb
is "an id may look like a passage's" "$(jq -c '[.id, .meta.lang]' out)" \
	'["a#1","zh"]'
run kb-index --show='a#1#0' k.kb
is "... which it has all the same" "$(jq -c '[.id, .chunk]' out)" '["a#1",0]'
run kb-index --show=b --format=text k.kb
has "people see the text" out 'red$'
for bad in nowhere 'b#1' 'b#x' '#0' ''; do
	run kb-index --show="$bad" k.kb
	is "'$bad' is not there" "$status $(wc -l <err)" "2 1"
done
run kb-index --list k.kb docs
is "a look reads nothing" "$status" 2
run kb-index --info k.kb
is "--info is JSON in a pipe" "$(jq -c '[.documents, .chunks]' out)" "[4,5]"
run kb-index --info --format=text k.kb
has "... and for people a table" out '^documents +4 in 5 passages$'
has "... of the sources, too" out "^source +$T/docs$"

# ---- streams, memory, other ends ----
seq 60000 | sed 's/.*/{"id":"d&","text":"words of number &"}/' |
	kb-index --no-graph --no-word-vectors big.kb
run kb-index --list big.kb
is "many documents are listed" "$(wc -l <out)" 60000
is "... into a pipe that closes" "$(kb-index --list big.kb | head -1 | wc -l)" 1
if [ -e /dev/full ]; then
	status=0
	kb-index --list big.kb >/dev/full 2>err || status=$?
	is "a full disk is said" "$status $(wc -l <err)" "2 1"
fi
f=$(sed -n 's/^sources \([^ ]*\) .*/\1/p' k.kb/MANIFEST)
printf XXXX | dd of="k.kb/$f" bs=1 conv=notrunc 2>/dev/null
run kb-index --list k.kb
is "damage is said" "$status $(wc -l <err)" "2 1"
finish
