#!/bin/sh
# Office files and e-books as documents: their text, its structure, where it
# stands; and what is broken, encrypted or made to hurt costs itself alone.
. "$(dirname "$0")/../lib.sh"
need kb-index kb-search jq python3
office() { python3 "$ROOT/tests/pipe/helper/office.py" "$@"; }

# text FILE: what an index of the file holds, its documents in order
text() {
	kb-index --rebuild one.kb "$1" >said 2>&1
	kb-index --dump one.kb | jq -r 'select(.text) | .text'
}
# member FILE JQ: of its documents
member() { kb-index --dump one.kb | jq -c "select(.text) | $1"; }

# ---- what is read ----

mkdir files
for kind in docx odt ods epub xlsx pptx; do
	office $kind files/a.$kind
done

text files/a.docx >got
cat >want <<'END'
# 退货政策 Returns

# 第一章 一般规定

Refunds take ~~9~~ 7 days[1].

[1] Weekends and holidays do not count.

About 10^6

## Lists

1. first
  - a) under it
    - 1.a.1 deeper
2. second
- bullet

## Table

Card | Days | Fee
--- | --- | ---
Visa | 5 | 1
Visa | both | both
Amex | 7 |

x = 1;
y = 2;

Before the box.

Inside the box.

# 第二章 二般规定

结束。
END
same "a Word document" got want
is "... has title, author and time" "$(member '[.title, .author, .modified]')" \
	'["退货政策 Returns","Lin Wei","2024-05-01T08:00:00Z"]'

text files/a.odt >got
cat >want <<'END'
# Opening hours

We open at 9.[1]

[1] Not on Sundays.

10^6 visitors

1. ring
2. wait

Day | Hours
--- | ---
Monday | 9-17
END
same "a text of OpenDocument" got want
is "... has a title" "$(member .title)" '"Handbook"'

text files/a.xlsx >got
cat >want <<'END'
Item | Price |  | Since | Share
--- | --- | --- | --- | ---
Blue kettle | 39.9 |  | 2024-05-01 | 15%
Lid |  |  |  | TRUE
城市 | 库存
--- | ---
上海 | 120
END
kb-index --dump one.kb | jq -s -r 'map(select(.text)) | sort_by(.id) | .[].text' >got
same "a workbook has a document for each sheet that is shown" got want
is "... which is named" "$(member '[.id, .title, .sheet]' | sort | tr '\n' ' ')" \
	'["files/a.xlsx#Prices","a - Prices","Prices"] ["files/a.xlsx#仓库","a - 仓库","仓库"] '

text files/a.ods >got
printf '%s\n' 'Part |  |  | Left' '--- | --- | --- | ---' \
	'Bolt |  |  | 1,200' >want
same "a spreadsheet of OpenDocument, without a million empty rows" got want

text files/a.pptx >/dev/null
kb-index --dump one.kb | jq -s -r 'map(select(.text)) | sort_by(.slide) | .[].text' >got
cat >want <<'END'
# Plans

- Two plans
  - monthly

Plan | Price
--- | ---
Basic | 9 EUR

Say that students pay half.
# 联系我们

电话 400-123-4567
END
same "slides, in the order they are shown, with their notes" got want
is "... are numbered" "$(member '[.id, .title, .slide]' | sort | tr '\n' ' ')" \
	'["files/a.pptx#1","Plans",1] ["files/a.pptx#2","联系我们",2] '

text files/a.epub >got
has "a chapter of a book" got '^Boil it at 100 °C .$'
is "... and which one" "$(member '[.title, .chapter, .author]' | sort | tail -1)" \
	'["The Kettle Book - Water",2,"A. Potter"]'

# ---- found ----

run kb-index all.kb files
is "all of them are indexed in silence" "$status $(cat out err)" "0 "
for q in 'students pay:a.pptx' '信用卡 上海 库存:a.xlsx' 'holidays count:a.docx' \
	'boil water:a.epub' 'open on Sundays:a.odt' 'bolt left:a.ods'; do
	is "${q%%:*} is found" "$(kb-search --format=json all.kb "${q%%:*}" |
		jq -r '.hits[0].source' | sed 's,.*/,,')" "${q#*:}"
done

# A renamed ending does not hide what an archive is; others are refused as before.
cp files/a.docx files/b.bin
python3 -c 'import zipfile; zipfile.ZipFile("files/c.zip", "w").writestr("x", "y")'
run kb-index all.kb files
has "an archive of other things is refused" err "'files/c.zip' is a ZIP"
is "... alone" "$status $(wc -l <err) $(kb-index --dump all.kb |
	jq -r .id | grep -c b.bin)" "3 1 1"

# ---- refreshed ----

rm files/c.zip files/b.bin
office xlsx files/b.xlsx
kb-index --allow-delete all.kb files >said 2>&1
touch -d '2020-01-01' files/a.docx
office docx-long files/c.docx 3
office docx-rows files/a.docx 4
kb-index --allow-delete all.kb files >>said 2>&1
kb-index --rebuild anew.kb files >want 2>&1
same "a refresh says what a rebuild does" said want
for i in all anew; do
	kb-index --dump $i.kb | jq -c 'del(.kb_dump.settings)' | sort >$i.dump
done
same "... and holds the same" all.dump anew.dump

# ---- broken, encrypted, hostile ----

# refused NAME REASON: one line, nothing else is lost
refused() {
	run kb-index bad.kb bad good.txt
	has "$1 is refused" err "^kb-index: 'bad/[a-z.]*' .*$2"
	is "... in one line, and the rest is read" \
		"$status $(wc -l <err) $(kb-index --dump bad.kb | grep -c '"text"')" "3 1 1"
	rm -rf bad bad.kb
	mkdir bad
}
echo "a good file" >good.txt
mkdir bad
for kind in encrypted:encrypted encrypted-odt:encrypted ole:encrypted \
	cut:archive broken:XML flipped:checksum bomb:bomb \
	docx-entities:entities; do
	case $kind in *odt*) name=bad/f.odt ;; *) name=bad/f.docx ;; esac
	office "${kind%%:*}" $name
	refused "${kind%%:*}" "${kind#*:}"
done
: >bad/f.xlsx
refused "an empty workbook" "empty"
office docx-deep bad/f.docx 400
refused "tables 400 deep" "XML"
office docx-attributes bad/f.docx 600
refused "a tag of 600 attributes" "attributes"
head -c 5000 /dev/urandom >bad/f.pptx
refused "noise" "archive"

# What was good stays when it breaks.
office docx bad/f.docx
kb-index bad.kb bad
office cut bad/f.docx
run kb-index bad.kb bad
has "a file that breaks keeps its documents" err "stay as they were"
is "... which are there" "$(kb-index --dump bad.kb | grep -c '"text"')" 1

rmdir bad 2>/dev/null || rm -rf bad
mkdir bad
office many bad/f.docx 60000
run kb-index --rebuild bad.kb bad
is "60,000 names beside its parts are no harm" "$status $(cat err)" "0 "

# ---- linear ----

# seconds FILE: of the processor, the best of three
seconds() {
	for _ in 1 2 3; do
		python3 - "$1" <<'END'
import resource, subprocess, sys
subprocess.run(["kb-index", "--rebuild", "--single-thread", "--no-graph",
                "--no-word-vectors", "t.kb", sys.argv[1]], check=True)
print(resource.getrusage(resource.RUSAGE_CHILDREN).ru_utime)
END
	done | sort -n | head -1
}
case $KB_BIN in
*san | *cov | *fuzz) skip "linear" "only the release build is measured" ;;
*)
	for kind in docx-long docx-rows; do
		office $kind small.docx 25000
		office $kind large.docx 100000
		s=$(seconds small.docx) l=$(seconds large.docx)
		is "$kind: four times the text is four times the work" \
			"$(echo "$s $l" | awk '{ print ($2 < 7 * $1 + .2) }')" 1
	done
	;;
esac

finish
