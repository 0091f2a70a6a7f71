#!/bin/sh
# What is one thing meets in every spelling of it, whatever parts it, and a
# document is found by the name of its file.
. "$(dirname "$0")/../lib.sh"
need kb-search kb-index jq

# Each line: spellings of one thing. Every one, in an index of all, finds all.
cat > things << 'END'
Wi-Fi|wifi|wi fi|WiFi|ＷｉＦｉ|Wi‑Fi
AR-7|AR7|AR 7|ar‐7|ＡＲ－７|AR_7
e-mail|email|E-Mail|e mail
USB-C|usbc|USB C|usb-c
iPhone15|iPhone 15|iphone-15
v2.30|V2.30|2.30
第3代|第 3 代|第３代|第三代
第二十条|第20条|第 20 条
第一百零五号|第105号|第105 号
第15届|第十五届
data-base|database|data base
tele­phone|telephone|tele-phone
END
n=0
while IFS= read -r line; do
	n=$((n + 1))
	echo "$line" | tr '|' '\n' > spellings
	jq -Rc "{id:(\"$n-\"+.),text:(\"the \"+.+\" lamp 灯\")}" spellings
done < things > docs
seq 1 60 | sed 's/.*/{"id":"f&","text":"some other note & about a door"}/' >> docs
kb-index kb.kb docs
n=0
while IFS= read -r line; do
	n=$((n + 1))
	echo "$line" | tr '|' '\n' > spellings
	all=$(wc -l < spellings)
	while IFS= read -r asked; do
		kb-search kb.kb --no-synonyms --duplicates --legs lexical \
			--plain --format=ids -k "$all" "$asked" > out
		is "$asked finds all of $line" "$(grep -c "^$n-" out)" $((all))
	done < spellings
done < things

# A text that has the one form only, and a question that has another.
while IFS='|' read -r text asked finds; do
	echo "{\"id\":\"x\",\"text\":\"one $text here\"}" > one
	sed -n '/"f/p' docs >> one
	rm -rf one.kb
	kb-index one.kb one
	is "'$asked' and '$text'" "$(kb-search one.kb --no-synonyms -k 1 \
		--legs lexical --format=ids "$asked")" "$finds"
	is "... which is not put right" "$(kb-search one.kb --no-synonyms \
		--format=json "$asked" | jq .retrieval.corrected)" null
done << 'CASES'
Wi-Fi|wifi|x
wifi|Wi-Fi|x
wifi|wi fi|x
wi fi|wifi|x
usbc|USB-C|x
USB-C|usbc|x
O'Reilly|oreilly|x
oreilly|O'Reilly|x
iPhone15|iphone 15|x
第三代|第3代|x
第3代|第三代|x
第二十五章|第25章|x
第1024号|第一千零二十四号|x
第 9 条|第九条|x
fan and tom|fantom|
apart|a part|f1
into|in to|
1234|12 34|f12
CASES

# An option is no exclusion where a text has it.
cat > tools << 'END'
{"id":"opt","text":"Unpack with tar -xzf archive, or cp --no-preserve=mode. 用 gzip -9 压缩。"}
{"id":"tar","text":"Tar is sticky; the xzf extension is of an archive. gzip 压缩 no preserve"}
END
kb-index tools.kb tools
asks() { kb-search tools.kb --legs lexical --format=json "$1" |
	jq -c '[[.hits[].doc],.retrieval.excluded]'; }
while IFS='|' read -r asked says; do
	is "$asked" "$(asks "$asked")" "$says"
done << 'CASES'
tar -xzf|[["opt","tar"],null]
tar -XZF archive|[["opt","tar"],null]
gzip -9 压缩|[["opt","tar"],null]
cp --no-preserve|[["opt","tar"],null]
tar -sticky|[["opt"],["sticky"]]
tar -"xzf"|[[],["xzf"]]
CASES

# The names of files and of directories.
mkdir -p docs.d/refunds/eu docs.d/refunds/us docs.d/退款/欧洲 docs.d/v2.30
text='Some words about money and how long it takes.'
for f in refunds/eu/policy.md refunds/us/policy.md 退款/欧洲/政策.txt \
	v2.30/notes.html; do
	echo "$text" > "docs.d/$f"
done
printf -- '---\nid: own-id\n---\n# Heading\n%s\n' "$text" > docs.d/refunds/eu/faq.md
echo "Money of the eu and its refunds." > docs.d/other.txt
echo "$text" > docs.d/release.v2.30.0.md
seq 1 30 | sed 's/.*/{"id":"l&","text":"money line &"}/' > docs.d/lines.jsonl
kb-index paths.kb docs.d
named() { kb-search "$1" --legs lexical --no-synonyms --duplicates \
	--format=json -k 5 "$2" |
	jq -r '.hits[]|.source|sub(".*docs.d/";"")'; }
is "directories are searched" "$(named paths.kb 'eu refunds' | sort | xargs)" \
	"other.txt refunds/eu/faq.md refunds/eu/policy.md refunds/us/policy.md"
is "what the text says counts more" \
	"$(named paths.kb 'eu refunds' | head -1)" other.txt
is "Chinese ones, too" "$(named paths.kb '欧洲退款' | head -1)" \
	退款/欧洲/政策.txt
is "a version in one" "$(named paths.kb 'notes 2.30' | head -1)" v2.30/notes.html
is "what all have in their names says nothing" \
	"$(named paths.kb 'docs.d tmp' | wc -l | xargs)" 0
is "a title keeps what is behind the first dot" \
	"$(kb-search paths.kb --format=json 'v2.30.0' | jq -r '.hits[0].title')" \
	release.v2.30.0

# A refresh of moved, changed and lost files equals a new build.
compare() {
	kb-index --allow-delete paths.kb docs.d
	rm -rf new.kb
	kb-index new.kb docs.d
	for kb in paths new; do
		for q in 'eu refunds' 'us refunds' 'asia policy' '退款' v2.30; do
			kb-search $kb.kb --explain --duplicates -k 50 \
				--format=json --legs lexical "$q" |
				jq -c '[.hits[]|[.doc,.score,.explain.terms]]'
		done > $kb.out
	done
	same "$1" paths.out new.out
}
mkdir docs.d/asia
mv docs.d/refunds/us/policy.md docs.d/asia/policy.md
compare "a file has moved"
rm -r docs.d/refunds/eu
compare "a directory is gone"
echo "changed money" > docs.d/v2.30/notes.html
sed -i 5,9d docs.d/lines.jsonl
compare "files have changed"
finish
