#!/bin/sh
# The command line and the configuration, alike for all programs: shortened
# names, opposites of flags, what overrules what. The wording of refusals is
# in golden.t.
. "$(dirname "$0")/../lib.sh"
need loop_pass kb-eval kb-search kb-index
printf '{"id":1}\n{"id":2}\n' >two

# no NAME WANT ARGUMENT...: does --no (every odd record says no, seen by -e)
# hold after the arguments?
no() {
	named=$1 want=$2
	shift 2
	run loop_pass -e -f two "$@"
	is "$named" "$status$(cat err)" "$want"
}
no "a flag is off" 0
no "... on" 1 --no
no "... and off again" 0 --no --no-no
no "... the last one counts" 1 --no-no --no
no "a letter, too" 1 --no --no-exit-status -e
no "... and its opposite" 0 --no --no-exit-status

mkdir -p config/kb
echo '{"no":true,"max-line":"1K","verbose":true}' >config/kb/loop_pass.json
run loop_pass -e -f two
is "the user's configuration is read" "$status $(wc -l <err)" "1 1"
no "... and overruled by a flag's opposite" 0 --no-no --no-verbose
no "... also shortened" 0 --no-no --no-verb
echo '{"no-no":false}' >config/kb/loop_pass.json
no "an opposite that is false is the flag" 1
echo '{"no":true,"no-no":true}' >config/kb/loop_pass.json
no "in the file, too, the last one counts" 0
echo '{"no":"yes"}' >config/kb/loop_pass.json
no "text is no value of a flag" \
	"2loop_pass: '$T/config/kb/loop_pass.json': --no: 'yes' is neither true nor false"
echo '{"verb":true}' >config/kb/loop_pass.json
no "names are written in full in a file" \
	"2loop_pass: '$T/config/kb/loop_pass.json': no option 'verb'"
for name in config help version dump-options; do
	echo "{\"$name\":\"x\"}" >config/kb/loop_pass.json
	no "... $name is not for files" \
		"2loop_pass: '$T/config/kb/loop_pass.json': no option '$name'"
done
run loop_pass --help
is "--help is shown whatever the file says" "$status" 0
echo '{"no":true}' >other.json
no "--config takes its place" 1 --config other.json
no "... anywhere on the line" 1 --no-verbose --config=other.json
echo '{}' >none.json
no "--no-config reads none, nor the user's own" 0 --no-config
no "... after a file, too" 0 --config=other.json --no-conf
no "... but before it the file counts" 1 --no-config --config=other.json
no "... the last of several" 0 --config=other.json --config=none.json
no "... and is overruled like it" 0 --no-no --config=other.json
echo '{"file":["two","two"],"on-error":"drop","fail":true}' >list.json
run loop_pass --config=list.json
is "a list has its items, a choice its value" "$status $(wc -l <out)" "3 2"
run loop_pass --config=list.json --no-file --no-on-error -f two --no-fail
is "... and the opposite of both is as if it said nothing" \
	"$status $(wc -l <out)" "0 2"
for value in '["two"]' null '{}'; do
	echo "{\"on-error\":$value}" >bad.json
	run loop_pass --config=bad.json -f two
	is "$value is no single value" "$status" 2
	has "... which is said with file and key" err \
		"^loop_pass: 'bad.json': 'on-error' is (a list|null|an object); want one text or number$"
done

# ---- a file that others may write ----
rm -rf written && mkdir written
for name in output dead-letter resume stats; do
	echo "{\"$name\":\"written/x\"}" >open.json
	chmod 666 open.json
	run loop_pass --config=open.json -f two
	is "$name of a file that others may write is refused" \
		"$status $(ls written) $(cat err)" "2  loop_pass: 'open.json': \
'$name' writes files, and 'open.json' may be written by others (mode 0666); \
chmod go-w it"
	chmod 644 open.json
	run loop_pass --config=open.json -f two
	is "... and obeyed of one's own" "$status $(ls written)" "0 x"
	rm written/x
done
rm -r config

# ---- shortened names ----
run loop_pass --inp=json --on-e drop --fai -f two
is "long options may be shortened" "$status $(cat out)" '3 {"id":2,"rank":0}'
run loop_pass --stat=stats --tim -f two
ok "... where no other begins so" [ -s stats ]
run loop_pass --no --f two
is "a name that is another's beginning is itself" "$status" 2
run loop_pass --no -f two
is "... when it is typed in full" "$status" 0

# ---- switches that decide by themselves ----
if script -qec true /dev/null </dev/null >/dev/null 2>&1; then
	echo '{"stream":false}' >quiet.json
	hit='{"query":"保修多久？","hits":[{"doc":"a","title":"保修","text":"手机保修1年。"}]}'
	echo "$hit" >hit
	for how in '' --stream --no-stream --config=quiet.json; do
		script -qec "llm-call -f hit $how" /dev/null </dev/null >out
		has "llm-call $how answers on a terminal" out '1年'
	done
fi

# ---- commands ----
printf 'q1\td1\t1\n' >qrels.tsv
echo '{"id":"q1","hits":[{"doc":"d1"}],"confidence":0.5}' >run.jsonl
echo '{"id":"q1","answer":"a","gold":{"answers":["a"]},"confidence":0.5}' >said.jsonl
cat >eval.json <<-X
	{"retrieval":{"set":"ours","qrels":"qrels.tsv"},"set":"all",
	 "threshold":0.4,"confidence":{"threshold":0.7}}
X
run kb-eval retrieval --config=eval.json run.jsonl
has "a command's part of the file counts more" out '"set":"ours"'
run kb-eval retr --config=eval.json run.jsonl
has "... also when its name is shortened" out '"set":"ours"'
run kb-eval answers --config=eval.json said.jsonl
has "... and another's not" out '"set":"all"'
run kb-eval confidence --config=eval.json said.jsonl
has "... whatever stands first" out '"threshold":0.7'
echo '{"answers":{"threshold":0.4}}' >eval.json
run kb-eval answers --config=eval.json said.jsonl
is "an option of another command is none" "$status $(cat err)" \
	"2 kb-eval: 'eval.json': no option 'threshold'"
echo '{"nonsense":{}}' >eval.json
run kb-eval answers --config=eval.json said.jsonl
is "... nor is what no command has" "$status $(cat err)" \
	"2 kb-eval: 'eval.json': no option 'nonsense'"

echo '{"config":"x"}' >eval.json
run kb-eval answers --config=eval.json said.jsonl
is "... nor --config itself" "$status $(cat err)" \
	"2 kb-eval: 'eval.json': no option 'config'"

# ---- one name, two things ----
printf '{"id":"a","text":"Our shipping fee is ten."}\n' | kb-index shop.kb
run kb-search shop.kb --no-synonyms --synonyms=/dev/null --format=ids fee
is "--no-synonyms is a flag beside --synonyms=FILE" "$status$(cat err)" 0
run kb-search shop.kb --no-synonyms --no-no-synonyms --format=ids postage
is "... with an opposite of its own" "$(cat out)" a
run kb-search shop.kb --rerank=false --no-rerank --format=ids fee
is "the opposite of an option with a value" "$status$(cat out err)" 0a
echo 'postage, fee' >words
echo '{"synonyms":"words","rerank":"false","mmr":0.5}' >search.json
run kb-search shop.kb --config=search.json --no-rerank --no-mmr --no-no-synonyms \
	--no-synonyms --format=ids postage
is "... overrules a file's, --no-synonyms too" "$status$(cat out err)" 0
run kb-search shop.kb --config=search.json --no-rerank --no-synonyms \
	--synonyms=words --format=ids postage
is "... but not what the line says beside it" "$status$(cat out err)" 0a
for name in sync rebuild allow-delete; do
	echo "{\"$name\":true}" >open.json
	chmod 666 open.json
	run kb-index --config=open.json shop.kb /dev/null
	has "$name of a file that others may write is refused" err \
		"^kb-index: 'open.json': '$name' writes files, and"
done
for value in '"*.zz=touch ran; cat {}"' '["*.zz=touch ran; cat {}"]'; do
	echo "{\"convert\":$value}" >open.json
	echo words >a.zz
	run kb-index --config=open.json new.kb a.zz
	is "so is a command of kb-index's convert" "$status $(cat err)" \
		"2 kb-index: 'open.json': 'convert' names a command, and \
'open.json' may be written by others (mode 0666); chmod go-w it"
	ok "... which did not run" [ ! -e ran ]
done
chmod 644 open.json
run kb-index --config=open.json new.kb a.zz
ok "... as it does from one's own" [ -e ran ]
rm -rf new.kb a.zz ran
chmod 666 open.json
echo '{"tune":"qrels.tsv"}' >open.json
run kb-search --config=open.json shop.kb -f two
has "... and so is kb-search's tune" err "'tune' writes files, and"
echo '{"human":"written/x"}' >open.json
run fact-check --config=open.json -f two
has "... and fact-check's human" err "'human' writes files, and"
echo '{"plot":"written/x"}' >open.json
run kb-eval check --config=open.json two
has "... and kb-eval's plot" err "'plot' writes files, and"
run kb-index --no-graph --graph new.kb </dev/null
is "the opposite of --no-graph is --graph" "$status$(cat err)" 0

# ---- what is no filter has what is common, too ----
printf '{"id":"a","text":"x"}\n' >doc.jsonl
run kb-index --stats=stats -v new.kb doc.jsonl
has "kb-index writes --stats" stats '"program":"kb-index","records_in":1,.*"added":1'
has "... and says with -v what it did" err '^kb-index: .*1 added'
echo '{"keyword":"lang"}' >index.json
run kb-index --config=index.json two.kb doc.jsonl
has "... and reads --config" two.kb/MANIFEST 'lang'
finish
