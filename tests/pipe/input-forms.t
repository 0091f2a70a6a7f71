#!/bin/sh
# Forms an input comes in: read where that loses nothing, else refused with
# what to do, never searched as something else.
. "$(dirname "$0")/../lib.sh"
need loop_pass kb-search kb-index kb-eval fact-check

printf '{"id":1,"query":"退货要几天"}\n{"id":2,"query":"a 😀 b"}\n' >q
loop_pass -f q >want

# ---- encodings ----
for code in UTF-16 UTF-16LE UTF-16BE; do
	iconv -t $code q >coded
	run loop_pass -f coded
	same "$code records are read" out want
	is "... silently" "$status $(cat err)" "0 "
done
{ printf '\377\376'; printf '退货\n第二\n' | iconv -t UTF-16LE; } >coded
run loop_pass -f coded
is "... lines of text, too" "$(tr '\n' ' ' <out)" \
	'{"query":"退货","rank":0} {"query":"第二","rank":0} '
awk 'BEGIN { for (i = 1; i <= 20000; i++)
	printf "{\"id\":%d,\"query\":\"多久 😀 %d\"}\n", i, i }' >many
iconv -t UTF-16BE many | loop_pass >out
loop_pass -f many >many.want
same "... across blocks" out many.want
iconv -t UTF-16 q | gzip -c | loop_pass >out
same "... packed" out want
iconv -t UTF-16 q | head -c 41 >coded
run loop_pass -f coded
is "... cut inside a character" "$status" 2
has "... said" err "ends inside a character of UTF-16"
iconv -t UTF-32 q >coded
run loop_pass -f coded
has "UTF-32 is refused with what to do" err "iconv -f UTF-32 -t UTF-8"
iconv -t GB18030 q >coded
run loop_pass -f coded
is "GB18030 in a question costs the record" "$status $(wc -l <out)" "3 2"
has "... with what to do" out "query is no UTF-8.*iconv -f GB18030 -t UTF-8"
printf '退货要几天\n' | iconv -t GB18030 | loop_pass >out 2>err
is "... and a line of text the line" "$? $(cat out)" "2 "
has "... with what to do" err "stdin:1: .*iconv -f GB18030 -t UTF-8"
printf '{"id":1,"query":"x","note":"退货要几天"}\n' | iconv -t GB18030 >coded
run loop_pass -f coded
is "... but a member nobody reads passes" \
	"$(sed 's/,"rank":0//' out | cksum)" "$(cksum <coded)"
for tool in xz bzip2; do
	command -v $tool >/dev/null || continue
	$tool -c q >packed
	run loop_pass -f packed
	is "$tool is refused" "$status $(wc -l <err)" "2 1"
	has "... with what to do" err "'$tool -dc' unpacks it"
done
echo 'BZhao asked for a refund' | loop_pass >out
has "... but not a line that begins like it" out "BZhao asked"
printf 'PK\003\004 packed\n' >bin
printf '\036{"id":1}\n' >>bin
printf 'a\000b\n' >>bin
run loop_pass -f bin
is "lines that are no text are no questions" "$status $(wc -l <err) $(cat out)" \
	"2 3 "
has "... which is said" err "bin:1: binary data"
printf 'tab\there, \033[1mbold\033[0m\n' >lines
run loop_pass -f lines
is "... but those that a terminal shows" "$status $(wc -l <out)" "0 1"
for empty in '[]' ' [ ]' '[ ]
'; do
	printf '%s' "$empty" >array
	run loop_pass -f array
	is "an array of nothing is nothing: $empty" "$status $(cat out err)" "0 "
done

# ---- JSON that is not one object a line ----
printf '[{"id":1,"query":"退货要几天"},{"id":2,"query":"a 😀 b"}]\n' >array
run loop_pass -f array
same "a JSON array is its elements" out want
printf '\357\273\277 [\n {"id":1,"query":\n"退货要几天"}\n,\r\n{"id":2,"query":"a 😀 b"} ]' |
	loop_pass >out
is "... however it is laid out" "$? $(tr -d ' ' <out | cksum)" \
	"0 $(tr -d ' ' <want | cksum)"
printf '[]\n' | loop_pass >out 2>err
is "... an empty one is nothing" "$?$(cat out err)" 0
printf '[\n{"id":1},\n7,{"id":"]},{","s":[["\\"]"]]},{"a":},\n{"id":3}]\n' |
	loop_pass >out 2>err
is "... an element that is no record costs itself" "$? $(wc -l <out)" "3 3"
is "... said with its line" "$(cut -c1-19 err | tr '\n' ' ')" \
	"loop_pass: stdin:3: loop_pass: stdin:3: "
for bad in '[{"id":1}' '[{"id":1},]' '[{"id":1}{"id":2}]' '[{"id":1}]x'; do
	printf '%s\n' "$bad" | loop_pass >out 2>err
	is "... broken: $bad" "$? $(head -c 8 out)" '2 {"id":1,'
	one_line loop_pass
done
{
	printf '['
	sed 's/$/,/' many
	printf '{"id":0}]'
} >array
loop_pass -f array --stats=stats | head -20000 >out
same "... in order, across blocks" out many.want
{
	printf '[{"a":"'
	head -c 3000000 /dev/zero | tr '\0' x
	printf '"},{"id":2}]'
} | loop_pass --max-line=1M --dead-letter=dead >out
is "... an element too long costs itself" "$? $(cat out)" \
	'3 {"id":2,"rank":0}'
is "... kept whole" \
	"$(sed 's/.*"raw_base64":"//; s/"}$//' dead | base64 -d | wc -c)" \
	3000008
printf '{\n  "id": 1,\n  "query": "退货要几天"\n}\n{\n"id": 2,"query":"a 😀 b"}\n' |
	loop_pass >out
is "pretty-printed records are read" "$? $(tr -d ' ' <out | cksum)" \
	"0 $(tr -d ' ' <want | cksum)"
printf '[1] what does this note mean?\n' | loop_pass >out
has "a line of text may begin with a bracket" out '"query":"\[1\] what'
printf '[{"id":1}]\n' | loop_pass --input=text >out
has "... with --input=text any may" out '"query":"\[\{'

# ---- records behind a line of text ----
{ echo 'plain first line'; cat q; } >mixed
run loop_pass -f mixed
is "JSON behind a plain line is no question" "$status $(cat out)" \
	'3 {"query":"plain first line","rank":0}'
has "... and is said" err "mixed:2: a JSON object among lines of text"
run loop_pass --input=text -f mixed
is "... but with --input=text" "$status $(wc -l <out)" "0 3"

# ---- questions ----
kb-index kb.kb "$ROOT/tests/data/shop" || fail "the sample is indexed"
run kb-search -f q kb.kb extra
is "a question beside -f is refused" "$status $(cat err)" \
	"2 kb-search: a question on the command line and --file exclude each other"
for n in 100 65535 65536 65537 131072; do
	awk -v n=$n 'BEGIN {
		s = "How long does a credit card refund take? "
		printf "{\"answer\":\"About a week, I think.\","
		printf "\"query\":\"%s%*s\"}\n", s, n - length(s), "" }' |
		fact-check kb.kb >out
	has "a question of $n bytes finds its evidence" out \
		'"evidence":.{1}"doc":"ret-16"'
done

# ---- documents ----
printf '{"id":"a","text":"退货要几天"}\n{"id":"b","text":"a 😀 b"}\n' >docs
documents() { kb-index --dump d.kb | jq -c '[.id,.text]' 2>/dev/null; }
rm -rf d.kb && kb-index d.kb <docs && documents >want
iconv -t UTF-16 docs >d-utf16
iconv -t GB18030 docs >d-gb18030
jq -sc . docs >d-array
jq -s . docs >d-laid-out
jq . docs >d-several-lines
for form in utf16 gb18030 array laid-out several-lines; do
	rm -rf d.kb
	run kb-index d.kb <d-$form
	documents >out
	same "documents come as $form" out want
	is "... silently" "$status $(cat err)" "0 "
	rm -rf d.kb
	cp d-$form d.jsonl
	run kb-index d.kb d.jsonl
	documents >out
	same "... in a file, too" out want
done
iconv -t UTF-32 docs >d.jsonl
run kb-index d.kb d.jsonl
has "UTF-32 is refused with what to do" err "iconv -f UTF-32 -t UTF-8"
rm -rf d.kb
run kb-index d.kb <<-'EOF'
	[{"id":"a","text":"x"}
EOF
is "an array that is cut changes nothing" "$status" 2
has "... said with its line" err "standard input:2: the end of a JSON array"

# ---- what is measured ----
printf 'q1 0 a 1\nq2 0 b 1\n' >qrels
printf 'q1 Q0 a 1 0.5 t\nq2 Q0 b 1 0.5 t\n' >list
kb-eval retrieval -q qrels list >want
iconv -t UTF-16 qrels >qrels16
iconv -t UTF-16 list >list16
run kb-eval retrieval -q qrels16 list16
sed 's/list16/list/' out >got
same "judgements and lists come as UTF-16" got want
printf '%s\n' '{"id":"q1","hits":[{"doc":"a"}],"answer":"七天","gold":{"answers":["七天"]}}' \
	'{"id":"q2","hits":[{"doc":"b"}],"answer":"x","gold":{"answers":["y"]}}' >recs
kb-eval answers recs >want
jq -s . recs >recs-array
iconv -t UTF-16 recs >recs-utf16
for form in array utf16; do
	run kb-eval answers recs-$form
	same "records that are measured come as $form" out want
	run kb-eval retrieval -q qrels recs-$form
	has "... and as lists" out '"hit@1":1,'
done
printf '{"answer":"退货要几天","gold":{"answers":["退货要几天"]}}\n' |
	iconv -t GB18030 >recs-gb
run kb-eval answers recs-gb
is "... GB18030 is refused" "$status" 2
has "... with what to do" err "recs-gb:1: .*iconv -f GB18030 -t UTF-8"

# ---- tables ----
printf '\357\273\277id,query,"n ""x"""\r\n1,退货要几天,\r\n"2","a, ""b""\nc",5" pipe\r\n' >t.csv
cat >want <<'X'
{"id":"1","query":"退货要几天","n \"x\"":"","rank":0}
{"id":"2","query":"a, \"b\"\nc","n \"x\"":"5\" pipe","rank":0}
X
run loop_pass --input=csv -f t.csv
same "rows of CSV are records of their columns" out want
is "... silently" "$status$(cat err)" 0
loop_pass --input=csv -f t.csv -j 2 >out
same "... in threads, too" out want
tail -c +4 t.csv | iconv -f UTF-8 -t UTF-16 | gzip -c | loop_pass --input=csv >out
same "... packed, in UTF-16" out want
cat want want >twice
loop_pass --input=csv -f t.csv -f t.csv >out
same "each file has its own names" out twice
sed 1d t.csv | loop_pass --input=csv --columns='id,query,"n ""x"""' >out
same "... or the line has those of all" out want
printf 'id\tquery\n1\t"a\n2\tb,c\t\n3\td\n' | loop_pass --input=tsv >out 2>err
is "TSV knows no quotation marks" "$(head -1 out)" '{"id":"1","query":"\"a","rank":0}'
is "a row of another number of fields costs the row" "$(wc -l <out) $(cat err)" \
	"2 loop_pass: stdin:3: 3 fields, and 2 columns have a name"
printf 'a\n"x\ny"\n1,2\n' | loop_pass --input=csv >out 2>err
is "lines are counted as they stand in the file" "$(cat err)" \
	"loop_pass: stdin:4: 2 fields, and 1 columns have a name"
{ printf 'a,b\n1,"' && head -c 3000 /dev/zero | tr '\0' 'x\n' && printf '"\n2,3\n'; } |
	loop_pass --input=csv --max-line=1K >out 2>err
is "a row that is too long costs the row" "$(cat out)" '{"a":"2","b":"3","rank":0}'
printf 'a,b\n1,"2\n3,4\n' | loop_pass --input=csv >out 2>err
is "an open quotation mark is said where it begins" "$? $(cat err)" \
	"2 loop_pass: stdin:2: a field that begins with a quotation mark does not end with one"
for head in 'a,a' '2,'; do
	printf '%s\n1,2\n' "$head" | loop_pass --input=csv >out 2>err
	is "the names $head are refused" "$? $(sed "s/'.'/N/" err)" \
		"2 loop_pass: stdin:1: two columns have the name N"
done
printf '问题\n退货要几天\n' | iconv -t GB18030 | loop_pass --input=csv >out 2>err
has "a table in GB18030 is refused with what to do" err "stdin:1: .*iconv -f GB18030"
run loop_pass --columns=a -f t.csv
is "--columns is for tables" "$status$(cat out)" 2
printf 'id,query\nq1,how long is the warranty\n' | kb-search --input=csv \
	--format=ids nowhere.kb >out 2>err
is "every filter reads tables" "$(cut -d: -f1 err)" kb-search
finish
