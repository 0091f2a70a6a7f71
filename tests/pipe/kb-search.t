#!/bin/sh
. "$(dirname "$0")/../lib.sh"
need kb-search
need kb-index

cat > docs <<'END'
{"id":"a","title":"退货运费","text":"七天无理由退货的运费由买家承担。","category":"returns","price":10}
{"id":"b","title":"Free shipping","text":"Orders above 60 USD ship free to Europe.","category":"shipping","price":60}
{"id":"c","title":"SKU-12345 充电器","text":"iPhone15ProMax256G 快充，支持 USB-C。","category":"product","price":99}
{"id":"d","title":"Old sale","text":"The winter sale: 20% off.","valid_until":"2020-01-31"}
END
run kb-index --keyword category --numeric price kb.kb docs
is "the index is built" "$status" 0

first() { kb-search kb.kb --format=ids -k 1 "$@" 2>&1; }
is "an English question finds its passage" "$(first 'is shipping free?')" b
is "a Chinese question finds its passage" "$(first '退货谁付运费？')" a
is "a mixed question finds its passage" "$(first 'iPhone15ProMax 快充')" c
is "a phrase must be there" "$(first '"orders above"')" b
is "a phrase in another order is not there" "$(first '"above orders"')" ""
is "a word may be excluded" "$(first 'shipping 运费 -Europe')" a
excluded() { kb-search kb.kb --format=json "$@" | jq -c .retrieval.excluded; }
asked='shipping 运费 -Europe -category:product -title:sale -"七天 无理由"'
is "and is shown" "$(excluded "$asked")" \
	'["Europe","category:product","title:sale","七天 无理由"]'
is "what excludes nothing shows nothing" "$(excluded 'shipping 运费')" null
kb-search kb.kb --format=text 'shipping 运费 -Europe -title:sale' > out
has "nor from people" out '^left out is what has: Europe, title:sale$'
is "a prefix finds the words that begin so" "$(first 'shipp*')" b
is "a field is asked for" "$(first 'category:product 快充')" c
is "a stray quote is text" "$(first 'free" shipping')" b
is "a filter narrows by value" "$(first --filter category:product 快充)" c
is "a filter narrows by number" "$(first --filter 'price>=50' '运费 USD 快充')" c
is "a pattern narrows by title" \
	"$(first --filter 'title~/^sku-\d+/i' 'iPhone15ProMax 运费 ship')" c
is "a pattern narrows by keyword" \
	"$(first --filter 'category~/^(ship|prod)/ price<90' 'ship 快充 运费')" b
is "a pattern is turned round" \
	"$(first --filter '-source~/docs$/ -title~/./' '运费 ship')" ""
run kb-search kb.kb --filter 'title~/a(b/' x
is "a bad pattern is a usage error" "$status" 2
has "... that says where it is wrong" err "missing closing parenthesis at byte 4"
echo '{"id":"aa","text":"x","title":"aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaab"}' |
	kb-index like.kb
run kb-search like.kb --filter 'title~/^(a+)+$/' x
is "a pattern that tries too much gives up" "$status" 2
has "... and says so" err \
	"^kb-search: filter: pattern '.*' gives up: more than [0-9]+ steps of"
# Not one of many titles takes much, all together take too much.
awk 'BEGIN { for (i = 0; i < 5000; i++)
	print "{\"id\":" i ",\"text\":\"lamp" i % 50 "\",\"title\":\"aaaaaaaaaaaaaaaa" i "b\"}"
}' | kb-index many.kb
run timeout 20 kb-search many.kb --filter 'title~/^(a+)+\d+$/' x
is "nor can many titles take long together" "$status" 2
has "... which is said in the same words" err "gives up: more than [0-9]+ steps"
is "plain patterns cost nothing of it" \
	"$(kb-search many.kb --format=ids --filter 'title~/a4999b$/' lamp49)" 4999
run kb-search kb.kb --filter 'category:product,"sh' x
is "an unclosed quotation mark is a usage error" "$status $(cat err)" \
	"2 kb-search: filter: a quotation mark that nothing closes at byte 18, \
in 'category:product,\"sh'"
is "what is over is not found" "$(first 'winter sale')" ""
is "another day is asked for" "$(first --at 2020-01-30 'winter sale')" d
is "the last day is one" "$(first --at 2020-01-31 'winter sale')" d
is "the day after is none" "$(first --at 2020-02-01 'winter sale')" ""
is "what has no such number meets the condition turned round" \
	"$(first --filter '-price>5' --at 2020-01-30 'winter sale')" d
is "but not another one" \
	"$(first --filter 'price!=5' --at 2020-01-30 'winter sale')" ""

i=0
while [ $i -lt 6 ]; do
	i=$((i + 1))
	echo "{\"id\":\"s$i\",\"text\":\"Refrigerator $i. 冰箱保修期第${i}年。\"}"
	echo "{\"id\":\"o$i\",\"text\":\"订单提交以后可以在个人中心里查看物流，共${i}步。\"}"
done > fridges
kb-index spell.kb fridges 2> /dev/null
corrected() { kb-search spell.kb --format=json "$@" |
	sed -n 's/.*"corrected":"\([^"]*\)".*/\1/p'; }
is "a wrong letter is put right" "$(corrected 'my refrigreator')" \
	"my refrigerator"
is "a wrong homophone is put right" "$(corrected '冰箱保休期')" "冰箱保修期"
is "both are" "$(corrected 'refridgerator 冰箱保休期')" \
	"refrigerator 冰箱保修期"
is "or left when asked to" "$(corrected --no-spelling 'refrigreator')" ""
is "a code is never changed" "$(corrected 'refrigrator2')" ""

is "another word for it finds it, too" "$(first '邮费')" a
is "another English word, too" "$(first 'postage')" b
printf '%s\n' '# ours' 'gratis, free of charge, free' \
	'rma, 返修单 => 退货' > ours
is "words of one's own find it" "$(first --synonyms ours gratis)" b
is "Chinese ones, too" "$(first --synonyms ours '返修单')" a
is "beside the built-in ones" "$(first --synonyms ours postage)" b
is "or without them" "$(first --synonyms ours --no-synonyms postage)$(
	first --synonyms ours --no-synonyms gratis)" b
is "one way is not the other" "$(
	kb-search kb.kb --synonyms ours --explain 退货 | grep -c rma)" 0
mkdir -p config/kb
echo '{"synonyms":"ours"}' > config/kb/kb-search.json
is "the configuration may name the file" "$(first gratis)" b
rm config/kb/kb-search.json
echo 'a, ' > ours
run kb-search kb.kb --synonyms ours gratis
is "a bad line ends the run" "$status" 2
has "and is named" err "ours:1: no word between"
is "unless the words alone are wanted" "$(first --no-synonyms postage)" ""

awk 'BEGIN {
	for (part = 1; part <= 4; part++) {
		printf "## Part %d\n\n", part
		for (i = 0; i < 60; i++)
			printf "The lamp of part %d has lamp number %d. ", part,
				part * 1000 + i
		print "\n"
	}
}' > lamp.md
for i in 1 2 3 4; do
	echo "{\"id\":\"l$i\",\"text\":\"Number $i of many things has a lamp.\"}"
done > lamps.jsonl
kb-index lamp.kb lamp.md lamps.jsonl
kb-search --format=json -k 5 lamp.kb lamp | jq -r ".hits[].doc" | sort | uniq -c |
	sort -rn | awk 'NR == 1 { print $1 }' > crowd
is "one document does not crowd the first hits" "$(cat crowd)" 2

mkdir other new
echo lamp >other/a.txt
run kb-search other/ x
is "what is said of a directory of documents" "$status $(cat err)" \
	"2 kb-search: 'other/' holds other files and no index; make one of them \
with kb-index INDEX other/"
ok "... can be done" kb-index lamps.kb other/
run kb-search new x
is "... and of an empty one" "$status $(cat err)" \
	"2 kb-search: 'new' holds no index; make one with kb-index new PATH..."
ok "... can be done" kb-index new other
run kb-search kb.kb --filter colour:red x
is "an unknown member is refused" "$status" 2
run kb-search kb.kb --filter 'category>1' x
has "a comparison of a keyword member is said" err \
	"'category' is a keyword member: want ':' and a value"
run kb-search kb.kb --filter price:10 x
has "and a value of a numeric one" err "'price' is a numeric member: want ="
echo '{"id":1,"text":"apple 苹果"}' |
	kb-index --keyword colour --numeric weight no.kb
for filter in colour:red 'weight>1' 'valid_from>2020-01-01'; do
	run kb-search no.kb --format=ids --filter "$filter" apple
	is "a member that no document has finds nothing: $filter" \
		"$status $(cat out err)" "0 "
done
for legs in '' lexical,fog; do
	run kb-search --legs "$legs" kb.kb shipping
	has "legs that are none are refused: '$legs'" err \
		"no leg '(fog)?'; want some of lexical,vector,graph"
done
run kb-search nowhere.kb x
is "a missing index is said" "$status" 2
run kb-search -e kb.kb zzzzqq
is "no hits are a no with -e" "$status" 1

printf '%s\n' '{"id":7,"query":"free shipping","x":1e2}' '{"id":8}' > in
run kb-search kb.kb -f in
is "a bad record costs one record" "$status" 3
ok "what is not understood passes through" \
	grep -q '^{"id":7,"query":"free shipping","x":1e2,"hits":\[{"doc":"b"' out

cat > way <<'END'
{"id":"w1","title":"Hello Love","text":"A song by Hank Snow."}
{"id":"w2","title":"Hank Snow","text":"He was born in Brooklyn, Nova Scotia."}
{"id":"w3","title":"红砖美术馆","text":"门票 100 元。","triple":["红砖美术馆","门票","100 元"]}
{"id":"w4","title":"May 1","text":"Ann: which trail did you take?"}
{"id":"w5","title":"May 1","text":"Bob: the long one, three hours."}
END
kb-index way.kb way
way() { kb-search --format=text --path way.kb "$@" | sed -n 's/^   way: //p'; }
is "the way begins with a name of the question and goes by documents" \
	"$(way 'who sang Hello Love?')" \
	"\"Hello Love\" > w1
\"Hello Love\" > w1 (Hello Love) > \"Hank Snow\" > w2"
is "a Chinese name leads to its triple" "$(way '红砖美术馆多少钱')" \
	"\"红砖美术馆\" > w3"
is "a neighbour's way begins at the neighbour" "$(way 'which trail')" \
	"w4 (May 1) > beside > w5"

awk 'BEGIN {
	print "{\"id\":\"door\",\"title\":\"Blue Door\",\"text\":\"A shop.\"}"
	for (i = 0; i < 60; i++)
		printf "{\"id\":%d,\"text\":\"how may one w%s x%s it at the" \
			" shop\"}\n", i, i, (i + 1) % 60
	for (i = 0; i < 60; i++)
		printf "{\"id\":\"z%d\",\"text\":\"怎么把w%s和x%s退回店里\"}\n",
			i, i, (i + 1) % 60
}' > brief
kb-index brief.kb brief
worth() { kb-search --explain --format=json -k 1 brief.kb "$1" |
	sed -n 's/.*"vector":{"score":[^}]*"weight":\([0-9.]*\)}.*/\1/p'; }
more() { awk -v a="$1" -v b="$2" 'BEGIN { exit !(a > b) }'; }
ok "word vectors count more where question and passages are brief and alike" \
	more "$(worth 'how may one w7 x21 it at the shop')" 0.2
ok "in Chinese, too" more "$(worth '怎么把w7和x21退回店里')" 0.2
pair() { kb-search --explain --format=json -k 1 "$@" |
	sed -n 's/.*{"term":"退回"[^}]*"weight":\([0-9.]*\),.*/\1/p'; }
ok "and pairs of Chinese characters less" \
	more 0.4 "$(pair brief.kb '怎么把w7和x21退回店里')"
is "a long question leaves them at their weight" \
	"$(worth "w7 $(awk 'BEGIN { for (; i < 60; i++) printf "w%d ", i }')")" \
	0.05
is "and one that names what it is about has no use for them" \
	"$(worth 'Blue Door')" ""

i=0
while [ $i -lt 300 ]; do
	i=$((i + 1))
	echo "{\"id\":$i,\"query\":\"运费 shipping $i\"}"
done > many
kb-search kb.kb -f many > one
kb-search kb.kb -f many -j 4 > four
ok "threads change nothing" cmp one four
kb-search kb.kb -f many --exhaustive > all
ok "pruning changes nothing" cmp one all
kb-index shop.kb "$ROOT/tests/data/shop"
for weights in 1,0.05,0.7 1,1,1 0.1,1,0; do
	for way in '' --exhaustive; do
		kb-search shop.kb -f "$ROOT/tests/data/questions.jsonl" -k 5 \
			--weights $weights $way > "lazy$way"
	done
	ok "a leg left out changes nothing, weights $weights" \
		cmp lazy lazy--exhaustive
done

kb-index --keyword category --numeric price left.kb - < docs
sed -n 1,2p docs | kb-index --keyword category --numeric price l.kb
sed -n 3,4p docs | kb-index --keyword category --numeric price r.kb
run kb-search --legs lexical l.kb -i r.kb --format=trec 'USD 运费 free'
mv out both
run kb-search --legs lexical left.kb --format=trec 'USD 运费 free'
ok "two indexes answer like one" cmp both out

cat > said.jsonl <<'END'
{"id":"en-word","text":"Warranty for all of our household goods: two years."}
{"id":"en-topic","text":"Aurora lamp, brass."}
{"id":"zh-word","text":"所有家用产品的保修都是两年，凭发票办理。"}
{"id":"zh-topic","text":"台灯，黄铜。"}
{"id":"mix-word","text":"Pickup 都在门店办理。"}
{"id":"mix-topic","text":"冰箱，白色。"}
END
kb-index said.kb said.jsonl
kb-search said.kb --format=json -k 1 > out <<'END'
{"id":1,"query":"and the warranty?","standalone":"and the warranty? (Aurora lamp)"}
{"id":2,"query":"那保修呢","standalone":"台灯那保修呢"}
{"id":3,"query":"那 pickup 呢","standalone":"冰箱那 pickup 呢"}
END
is "what the person said counts more than what was supplied" \
	"$(jq -r '.hits[0].doc' out | xargs)" "en-word zh-word mix-word"

# A question that leans on the turns before it.
cat > turns <<'END'
{"id":1,"messages":[{"role":"user","content":"退货后退款怎么办？"},{"role":"assistant","content":"会退回原账户。"},{"role":"user","content":"那要多久到账？"}]}
{"id":2,"query":"那要多久到账？","messages":[{"role":"user","content":"退货后退款怎么办？"}],"standalone":"发票多久能开出来？"}
{"id":3,"query":"How do I get a return label?","messages":[]}
END
kb-search shop.kb -f turns -k 1 | jq -r '.hits[0].doc' > found
is "it is completed from messages, unless there is a standalone" \
	"$(tr '\n' ' ' < found)" "ret-03 $(kb-search shop.kb --format=ids -k 1 \
		'发票多久能开出来？') ret-12 "
# A stream that is running goes with the time, too.
printf '{"id":"soon","text":"the summer price","valid_from":%s}\n' \
	$(($(date +%s) + 2)) > soon
kb-index soon.kb soon
mkfifo feed
kb-search --reload --format=ids soon.kb < feed > begun &
exec 8> feed
begins() { echo '{"query":"summer price"}' >&8 && [ -s begun ]; }
ok "with --reload it finds what begins meanwhile" wait_for begins
exec 8>&-
wait

# What stands in every passage is worth next to nothing, and is found.
seq 8000 | awk '{ printf "{\"id\":\"%04d\",\"text\":\"Gizmo 手册 page %d%s.\"}\n",
	$1, $1, $1 == 17 ? ", of gizmo gizmo 手册" : "" }' > every
kb-index --no-word-vectors every.kb every
for q in gizmo 手册 'gizmo 手册' 'giz* page' 'gizmo nowhere'; do
	kb-search every.kb --legs lexical --format=ids -k 3 "$q" > out
	is "'$q' is in all 8,000" "$(xargs < out)" '0017 0001 0002'
	kb-search every.kb --legs lexical --format=ids -k 3 --exhaustive "$q" |
		cmp -s - out || fail "... exhaustive, too" out
done
is "beside a rare word, too" "$(kb-search every.kb --legs lexical \
	--format=ids -k 9 'gizmo 4711' | sed -n '1p;$=' | xargs)" '4711 9'

# Signs that people write as words.
printf '%s\n' '{"id":"e","text":"Deploy went fine 🚀 today"}' \
	'{"id":"k","text":"净重5㎏，25℃以下保存。"}' | kb-index signs.kb
for row in '🚀 e' '👍 ' '㎏ k' 'kg k' '5kg k' '25°C k'; do
	is "'${row%% *}' finds what has it" "$(kb-search signs.kb --plain \
		--legs lexical --format=ids "${row%% *}")" "${row#* }"
done

# Signs that are no words at all are found as they stand.
cat > code << 'END'
{"id":"make","title":"Rules","text":"$$@ is escaped, $@ the target; twice $@."}
{"id":"c","title":"C","text":"a->b follows it, x <=> y compares, p && q || r."}
{"id":"math","title":"Sums","text":"∑ over i, x ≠ y. Is it so? Yes... -- no"}
{"id":"op","title":"The operator ~>","text":"nothing more"}
END
kb-index code.kb code
while read -r sign want; do
	is "'$sign' is found where it stands" \
		"$(kb-search code.kb --format=ids -- "$sign" | xargs)" "$want"
done << 'END'
$$@ make
$@ make
-> c
<=> c
&& c
|| c
∑ math
≠ math
-- math
~> op
<$> 
? 
... 
？！ 
- 
END
is "signs by several: each counts" "$(kb-search code.kb --format=ids \
	'$@ $$@ <=>' | xargs)" 'make c'
kb-search code.kb '$@' | jq -e '.hits[0].score > 0 and .hits[0].score <= 1
	and .retrieval.confidence < .01 and .retrieval.legs == ["lexical"]' > out
is "... at a score in 0 to 1, and little trust" "$(cat out)" true
is "... only where a filter allows" "$(kb-search code.kb --format=ids \
	--filter 'title~/C/' '$@')" ''
is "... not without the leg" "$(kb-search code.kb --legs vector,graph \
	--format=ids '$@')" ''

# For editors: path, line and the line itself, as it stands in the file.
mkdir places
printf 'Shop\n\nWe sell lamps.\nOrders above 60 USD ship free\nto Europe.\n' \
	> places/a.txt
printf '# 退货\n\n其他说明。\n七天无理由退货的运费由买家承担。\n' > places/退货.md
printf 'Umbrellas\r\n\r\nAn umbrella is mended here.\r\n' > places/crlf.txt
odd=$(printf 'places/x\nplaces:1:\033[31m.txt')
mkdir -p "${odd%/*}"
echo 'Gloves are washed by hand.' > "$odd"
kb-index places.kb places 2> /dev/null
grepped() { kb-search places.kb -k 1 --format=grep "$@"; }
is "an editor is told the line of the match" "$(grepped 'ship free Europe USD')" \
	'places/a.txt:4:Orders above 60 USD ship free'
is "... in Chinese" "$(grepped '运费由谁承担')" \
	'places/退货.md:4:七天无理由退货的运费由买家承担。'
is "... with other line ends" "$(grepped 'umbrella mended')" \
	'places/crlf.txt:3:An umbrella is mended here.'
grepped 'gloves washed' > out
is "a name with a break in it is one line" "$(wc -l < out)" 1
is "... without a control character" "$(tr -d '\n' < out | grep -c '[[:cntrl:]]')" 0
run kb-search places.kb --format=grep zzzzqqqq
is "nothing found is no line" "$status $(cat out)" '0 '
cat > places.jsonl <<'END'
{"id":"r","text":"Hats.\nScarves are knitted.\nCoats."}
END
kb-index record.kb places.jsonl
scarves() { kb-search record.kb --format=grep 'scarves knitted'; }
is "a record has one line" "$(scarves)" 'places.jsonl:1:Scarves are knitted.'
mv places.jsonl kept && mkfifo places.jsonl
is "... also where a pipe took its place" "$(scarves)" \
	'places.jsonl:1:Scarves are knitted.'
echo moved > places/a.txt
is "a file that changed is told by its passage" "$(grepped 'ship free USD')" \
	'places/a.txt:1:Orders above 60 USD ship free'
finish
