#!/bin/sh
# Vectors of a model: what kb-index embeds, what it does not embed twice, and
# what kb-search does when the embedder fails.
. "$(dirname "$0")/../lib.sh"
need kb-index kb-search python3 jq

# An embedder that counts its texts in the file "calls". $1: dimension.
cat > emb.py <<'PY'
import json, os, sys, time
dim = int(sys.argv[1])
how = sys.argv[2] if len(sys.argv) > 2 else ""
lines = 0
for line in sys.stdin:
    lines += 1
    record = json.loads(line)
    if how == "silent":
        continue
    sizes = [len(record["texts"])]
    if how == "gathers" and lines == 2:
        for _ in range(2):
            more = json.loads(sys.stdin.readline())["texts"]
            sizes.append(len(more))
            record["texts"] += more
    out = []
    with open(os.environ.get("CALLS", "calls"), "a") as f:
        for text in record["texts"]:
            told = record.get("input_type")
            f.write(json.dumps([told, text] if told else text) + "\n")
            x = [0.1] * dim
            for i, c in enumerate(text):
                x[(ord(c) * 7 + i % 3) % dim] += 1.0
            out.append(x)
    if how == "fewer":
        out.pop()
    for size in sizes[:-1]:
        print(json.dumps({"vectors": {"texts": out[:size]}}))
        out = out[size:]
    record = {"vectors": {"texts": out}}
    if how == "twice" and lines == 3:
        sys.exit(3)
    if how == "hangs" and lines == 3:
        with open("hanging", "w") as f:
            f.write(str(os.getpid()))
        time.sleep(600)
    if how == "error":
        record = {"error": {"message": "no credit"}}
    if how == "nonsense":
        print("<html>")
    else:
        print(json.dumps(record))
    sys.stdout.flush()
PY
n_calls() { cat calls 2> /dev/null | wc -l | tr -d ' '; }
embed="python3 emb.py 70"

mkdir a b
for i in 1 2 3 4 5 6; do
	echo "{\"id\":\"d$i\",\"text\":\"Refund $i goes back to card $i. 退款第${i}条。\"}"
done > a/docs.jsonl
printf '# One\n\nA page about lamps.\n' > a/page.md
run kb-index --embed m-1 --embed-cmd "$embed" v.kb a
is "every chunk is embedded once" "$status$(n_calls)" 07
rm -f calls
kb-index --embed-cmd "$embed" v.kb a
is "an unchanged index asks for nothing" "$(n_calls)" 0
sed 's/"id":"d3"/"id":"d3","x":1/; s/Refund 4/Refund four/' a/docs.jsonl > new
mv new a/docs.jsonl
kb-index --embed-cmd "$embed" v.kb a
is "of changed documents only new text is" "$(cat calls)" \
	'"Refund four goes back to card 4. \u9000\u6b3e\u7b2c4\u6761\u3002"'
rm -f calls
mv a/docs.jsonl b/moved.jsonl
mv a/page.md b/other.md
run kb-index --allow-delete --embed-cmd "$embed" v.kb a b
is "nor when files move" "$status$(n_calls)" 00
run kb-index --rebuild --embed-cmd "$embed" v.kb a b
is "nor for --rebuild" "$status$(n_calls)" 00
kb-index --optimize --embed-cmd "$embed" v.kb
is "nor for --optimize" "$(n_calls)" 0
i=0
while [ $i -lt 12 ]; do
	i=$((i + 1))
	echo "{\"id\":\"s$i\",\"text\":\"stream $i\"}" |
		kb-index --embed-cmd "$embed" v.kb
done
is "nor when segments are merged, or the index doubles" "$(sort -u calls |
	wc -l | tr -d ' ')$(n_calls)" 1212
run kb-index --verify v.kb
is "all of it is sound" "$status" 0
kb-index --info v.kb > info
is "the index records model and dimension" \
	"$(jq -c .settings.vectors info)" '{"model":"m-1","dim":70,"embed":true}'

run kb-index --embed m-2 --embed-cmd "$embed" v.kb a b
is "another model is refused" "$status" 2
has "and both are named" err "'m-1'.*--rebuild"
echo '{"id":"bad","text":"of another size","vector":[1,2,3]}' > small
run kb-index --embed-cmd "$embed" v.kb small
is "a vector of another dimension costs its document" "$status" 3
has "and is named" err "vector of 3 dimensions in an index of 70"
is "which is not half there" "$(kb-index --dump v.kb | grep -c '"bad"')" 0
kb-index half.kb - 2> err <<LINES
{"id":"a","text":"x y","vector":[1,2,3,4]}
{"id":"b","text":"$(seq 1 2000 | tr '\n' ' ')","vector":[1,2,3]}
{"id":"c","text":"z","vector":[4,3,2,1]}
LINES
is "nor in the way of the others, of any leg" \
	"$?$(kb-index --verify half.kb 2>&1)$(
	kb-search half.kb --format=ids 'x z' | sort | tr '\n' ' ')" "3a c "
echo '{"id":"late","text":"later text"}' > late
run kb-index --embed-cmd 'python3 emb.py 8' v.kb late
is "an embedder of another dimension ends the run" "$status" 2
has "with both" err "8 dimensions.*70"
for how in error nonsense fewer; do
	run kb-index --embed-cmd "$embed $how" v.kb late
	is "$how: the index stays as it was" \
		"$status$(kb-index --dump v.kb | grep -c later)" 20
done
run kb-index --embed-cmd 'exit 3' v.kb late
is "a dead embedder, too" "$status$(kb-index --dump v.kb | grep -c later)" 20

# ---- searching ----

q='Refund four card'
rm -f calls
run kb-search v.kb --format=json --embed-cmd "$embed" "$q"
is "the question is embedded" "$(cat calls)" '"Refund four card"'
is "the leg answers" "$(jq -c '[.retrieval.legs,.retrieval.degraded]' out)" \
	'[["lexical","vector"],null]'
cp out whole
weight='.hits[0].explain.legs.vector.weight'
kb-search v.kb --format=json --explain --embed-cmd "$embed" "$q" > out
cp out of-model
kb-search v.kb --format=json --explain --embed-cmd false "$q" > out
kb-index words.kb a b
kb-search words.kb --format=json --explain "$q" > alone
is "words that stand in for them as words do" "$(jq -c "$weight" out)" \
	"$(jq -c "$weight" alone)"
kb-search v.kb --format=json --explain --weights 1,0.3,0 \
	--embed-cmd "$embed" "$q" > out
is "a weight that is given counts; else vectors of a model weigh as such" \
	"$(jq -s "[.[]$weight]"' | .[0] / .[1] * 3 | round / 10' of-model out)" 1.4
while IFS=: read -r how pattern; do
	run kb-search v.kb --format=json --embed-cmd "$embed $how" "$q"
	is "$how: the search goes on" "$status$(jq -r '.hits[0].doc' out)" 0d4
	jq -r .retrieval.degraded out > why
	has "$how: and says so" why "^vector: .*$pattern"
done << 'CASES'
error:no credit
nonsense:JSON|expected|value
fewer:0 vectors for 1 texts
CASES
i=0
while [ $i -lt 200 ]; do
	echo "{\"query\":\"Refund $i card\"}"
	i=$((i + 1))
done > many
started="echo start >> starts; $embed"
kb-search v.kb --embed-cmd "$started" -f many > one_thread
kb-search v.kb --embed-cmd "$started" -j 3 -f many > threads
is "the threads of a run share one embedder" "$(wc -l < starts | tr -d ' ')" 2
same "and answer as one does" one_thread threads
run kb-search v.kb --format=json --embed-cmd 'echo gone >&2; exit 7' "$q"
jq -r .retrieval.degraded out > why
has "a dead embedder is told" why "^vector: .*status 7: gone"
run kb-search v.kb --format=json --embed-cmd 'python3 emb.py 8' "$q"
is "one of another dimension finds nothing" "$(jq -r '.hits[0].doc' out)" d4

mkdir c
sed 's/"id":"d/"id":"c/' b/moved.jsonl > c/c.jsonl
kb-index --embed m-3 --embed-cmd "CALLS=c3 $embed" third.kb c
run kb-search v.kb -i third.kb --format=json --embed-cmd "$embed" --duplicates \
	--legs vector -k 20 "$q"
is "of two indexes the one of the embedder's model is searched by it" \
	"$(jq -c '[.hits[]|.doc|select(startswith("c"))]|length' out)" 0
is "which has its hits" "$(jq -c '[.hits[]|.doc|select(startswith("d"))]|length' \
	out)" 6

# ---- what was paid for ----

awk 'BEGIN { for (i = 0; i < 100; i++)
	printf "{\"id\":\"p%d\",\"text\":\"Paid %d. 付款第%d条。\"}\n", i, i, i
}' > paid
run kb-index --seed 7 --embed m --embed-cmd "CALLS=paid1 $embed" whole.kb - < paid
run kb-index --seed 7 --embed m --embed-cmd "CALLS=paid2 $embed twice" paid.kb - \
	< paid
is "an embedder dies after two answers" "$status" 2
run kb-search paid.kb Paid
is "which is no index" "$status" 2
run kb-index --seed 7 --embed m --embed-cmd "CALLS=paid3 $embed" paid.kb - < paid
is "the next run asks for the rest" "$status $(wc -l < paid3 | tr -d ' ')" "0 67"
kb-index --dump whole.kb > want
kb-index --dump paid.kb > got
same "and has the same" want got
is "and nothing stays behind" "$(find paid.kb -name EMBEDDED | wc -l | tr -d " ")" 0

sed 's/Paid/Later/; s/"p/"l/' paid > later
kb-index --embed-cmd "CALLS=paid4 $embed hangs" paid.kb - < later &
# two answers of 32 rows, behind a head of 32 bytes
written() { cat paid.kb/EMBEDDED 2> /dev/null | wc -c; }
i=0
while { [ ! -s hanging ] || [ "$(written)" -lt 18976 ]; } && [ $i -lt 600 ]; do
	sleep 0.1
	i=$((i + 1))
done
kill -9 $!
wait $! 2> /dev/null
kill "$(cat hanging)"
is "so does one that is killed" "$(find paid.kb -name EMBEDDED | wc -l | tr -d " ")" 1
dd if=/dev/null of=paid.kb/EMBEDDED bs=1 seek=17000 2> /dev/null
run kb-index --lock-wait 20s --embed-cmd "CALLS=paid5 $embed" paid.kb - < later
left=$(wc -l < paid5)
is "what was written whole counts" \
	"$status $((left <= 50 && left > 36))" "0 1"
is "and the index is sound" "$(kb-index --verify paid.kb; echo $?)" 0
echo mine > paid.kb/EMBEDDED
echo '{"id":"y","text":"y"}' > one
run kb-index --embed-cmd "$embed" paid.kb - < one
is "a file that is none of ours stays" "$status$(cat paid.kb/EMBEDDED)" 2mine
rm -f paid.kb/EMBEDDED

# Committed as it goes: what a killed run did is there, and found.
rm -f hanging
head -n 12 paid > paid.jsonl
cat > slow << END
[ "\$(cat parts1 | wc -l)" -lt 5 ] && CALLS=parts1 exec $embed
echo \$\$ > hanging
exec sleep 600
END
: > parts1
kb-index --seed 7 --commit-every 0.000001s --embed m --embed-cmd "sh slow" \
	parts.kb paid.jsonl &
i=0
while [ ! -s hanging ] && [ $i -lt 600 ]; do
	sleep 0.1
	i=$((i + 1))
done
kill -9 $!
wait $! 2> /dev/null
kill "$(cat hanging)"
is "a run that is killed leaves what it committed" "$(kb-search -k 99 \
	--format=ids --embed-cmd "$embed" parts.kb 付款 | grep -c '^p')" 5
run kb-index --lock-wait 20s --commit-every 0.000001s -v \
	--embed-cmd "CALLS=parts2 $embed" parts.kb paid.jsonl
is "the next one goes on" "$status $(cat parts1 parts2 | sort | uniq -d |
	wc -l | tr -d ' ')" "0 0"
has "and says all that it did" err "1 files, 1 read, .* 0 removed.* 0 problems"
ok "in parts" test "$(kb-index --info parts.kb | jq .generation)" -ge 12
kb-index --seed 7 --embed m --embed-cmd "$embed" once.kb paid.jsonl
ends() { kb-index --dump "$1" | jq -c 'del(.kb_dump.settings)'; }
ends once.kb > a.once
ends parts.kb > a.parts
same "which end as one run does" a.once a.parts
is "a whole run is at one commit" "$(kb-index --info once.kb | jq .generation)" 1
cp -r once.kb rebuilt.kb
kb-index --rebuild --commit-every 0.000001s --embed-cmd "$embed" rebuilt.kb paid.jsonl
is "and so is one that takes another's place" \
	"$(kb-index --info rebuilt.kb | jq .generation)" 2

# One text in every seventh document, the first ones in one batch.
awk 'BEGIN { for (i = 0; i < 300; i++)
	printf "{\"id\":\"s%d\",\"text\":\"%s\"}\n", i, i % 7 ? "Single " i : "Same"
}' > same
run kb-index --embed m --embed-cmd "CALLS=same1 $embed" same.kb - < same
is "a text that comes again is not asked for again" \
	"$status $(sort same1 | uniq -d | wc -l | tr -d ' ') $(wc -l < same1 |
		tr -d ' ')" "0 0 258"
is "each document has its vector" "$(kb-index --dump same.kb | jq -r 'select(.text ==
	"Same") | .kb_dump.vectors.rows[0]' | sort | uniq -c | awk '{print $1}')" 43

# ---- several at once ----

# One that answers the second batch when it has the fourth.
run kb-index --seed 7 --embed m --embed-cmd "CALLS=many1 $embed gathers" \
	many.kb - < paid
kb-index --dump many.kb > got
same "batches are on their way together" want got
# A thread that was woken is not up at once where it has no core of its own.
for i in 1 2 3 4 5; do
	taskset -c "$(taskset -cp $$ | sed 's/.*[ ,-]//')" timeout 30 \
		kb-index --seed 7 --embed m \
		--embed-cmd "CALLS=many0 $embed gathers" "core$i.kb" - < paid
done 2> log
is "nor do they wait for each other on one core" \
	"$(find core*.kb -name MANIFEST | wc -l | tr -d ' ')" 5
for jobs in 1 2 64; do
	rm -f many2
	run kb-index --seed 7 --embed m --embed-jobs $jobs \
		--embed-cmd "CALLS=many2 $embed" jobs$jobs.kb - < paid
	kb-index --dump jobs$jobs.kb > got
	same "with $jobs jobs the vectors are the same" want got
	is "and no text is asked for twice" "$status $(sort many2 | uniq -d |
		wc -l | tr -d ' ') $(wc -l < many2 | tr -d ' ')" "0 0 100"
done
run kb-index --embed-jobs 0 jobs1.kb - < paid
is "no jobs make no vectors" "$status" 2

# ---- prefixes ----

rm -f calls
run kb-index --embed e5 --embed-passage-prefix 'passage: ' \
	--embed-query-prefix 'query: ' --embed-cmd "$embed" p.kb b
is "passages are embedded behind their prefix" \
	"$status$(grep -c '^"passage: ' calls)$(n_calls)" 077
rm -f calls
kb-index --embed-cmd "$embed" p.kb b
is "an unchanged index asks for nothing" "$(n_calls)" 0
echo '{"id":"new","text":"A new one"}' | kb-index --embed-cmd "$embed" p.kb -
is "what comes later has it, too" "$(cat calls)" '"passage: A new one"'
rm -f calls
echo '{"query":"Refund","hyde":"It goes back."}' |
	kb-search p.kb --embed-cmd "$embed" > out
is "a question has its own, its imagined answer that of passages" \
	"$(tr '\n' ' ' < calls)" '"query: Refund" "passage: It goes back." '
rm -f calls
run kb-index --embed-query-prefix 'ask: ' --embed-cmd "$embed" p.kb b
kb-search p.kb --embed-cmd "$embed" Refund > out
is "that of questions may change" "$status$(cat calls)" '0"ask: Refund"'
# ---- what the texts are, in the words of the model ----

rm -f calls
run kb-index --embed c4 --embed-passage-type search_document \
	--embed-query-type search_query --embed-cmd "$embed" t.kb b
is "passages go as what they are" \
	"$status$(grep -c '^."search_document", ' calls)$(n_calls)" 077
rm -f calls
echo '{"query":"Refund","hyde":"It goes back."}' |
	kb-search t.kb --embed-cmd "$embed" > out
is "a question, too, and its imagined answer" "$(tr '\n' ' ' < calls)" \
	'["search_query", "Refund"] ["search_document", "It goes back."] '
is "which are two calls" "$(jq -c '.retrieval|[.legs,.degraded]' out)" \
	'[["lexical","vector"],null]'
rm -f calls
kb-index --embed-cmd "$embed" t.kb b
is "an unchanged index asks for nothing" "$(n_calls)" 0
run kb-index --embed c4 --embed-passage-type other --embed-cmd "$embed" t.kb b
is "another type of passages is refused" "$status" 2
has "and the old one named" err "type 'search_document'.*--rebuild"
kb-index --dump t.kb > t.dump
rm -f calls
run kb-index --restore --embed c4 --embed-passage-type search_document \
	--embed-cmd "$embed" t2.kb - < t.dump
is "a dump brings its vectors, and both types" "$status$(n_calls)$(
	kb-index --info t2.kb | jq -c '.settings.embed_prefixes')" \
	'00{"query":"","passage":"","query_type":"search_query","passage_type":"search_document"}'
run kb-index --rebuild --embed c4 --embed-passage-type other \
	--embed-cmd "$embed" t.kb b
is "a rebuild with another embeds anew" \
	"$status$(grep -c '^."other", ' calls)" 07

run kb-index --embed-passage-prefix 'text: ' --embed-cmd "$embed" p.kb b
is "that of passages may not" "$status" 2
has "and both are told" err "with prefix 'passage: '; use --rebuild"
kb-index --dump p.kb > dump
rm -f calls
kb-index --dump p.kb | kb-index --restore p2.kb -
kb-index --dump p2.kb > dump2
same "a dump keeps both" dump dump2
kb-index --embed-cmd "$embed" --allow-delete p2.kb b
is "and the texts that they stand before" "$(n_calls)" 0
rm -f calls
run kb-index --restore --embed e5 --embed-passage-prefix 'text: ' \
	--embed-cmd "$embed" p3.kb - < dump
is "its vectors are not those of another prefix" \
	"$status$(grep -c '^"text: ' calls)" 08
rm -f calls
run kb-index --rebuild --embed-passage-prefix 'text: ' --embed-cmd "$embed" \
	p.kb b
is "a rebuild with another embeds anew" \
	"$status$(grep -c '^"text: ' calls)$(n_calls)" 077
rm -f calls
run kb-index --rebuild --embed m-9 --embed-cmd "$embed" p.kb b
is "another model has none of them" "$status$(grep -c : calls)" 00
run kb-index --embed-passage-prefix 'text: ' bare.kb b
is "without a model there is nothing to stand before" "$status" 2

# llm-call as it is used, up and down
mkfifo hold
python3 "$ROOT/tests/pipe/helper/provider.py" "$T/port" < hold &
exec 9> hold
wait_for test -s port || skip_all "the test provider does not start"
export OPENAI_API_KEY=x
base=http://127.0.0.1:$(cat port)
export OPENAI_BASE_URL="$base/ok/v1"
run kb-index --embed mock-e up.kb b
is "llm-call embeds" "$status$(kb-index --info up.kb |
	jq -c .settings.vectors)" '0{"model":"mock-e","dim":3,"embed":true}'
run kb-search up.kb --format=json "$q"
is "a search asks it, too" "$(jq -c '[.retrieval.legs,.retrieval.degraded]' \
	out)" '[["lexical","vector"],null]'
export OPENAI_BASE_URL="$base/auth/v1"
run kb-search up.kb --format=json "$q"
is "a provider that is down costs the leg only" \
	"$status$(jq -r '.hits[0].doc' out)" 0d4
has "and the record says so" out '"degraded":"vector: '
exec 9>&-

# ---- dumps ----

kb-index --dump v.kb > dump
rm -f calls
run kb-index --restore copy.kb - < dump
is "a dump is read without an embedder" "$status$(n_calls)" 00
kb-index --dump copy.kb > dump2
same "and is dumped again to the byte" dump dump2
run kb-search copy.kb --format=json --embed-cmd "$embed" "$q"
jq -c .hits whole > want
jq -c .hits out > got
same "its copy answers like the index" want got
run kb-index --embed-cmd "$embed" copy.kb b
is "the copy knows its texts" "$(grep -c Refund calls)" 1
sed 's/"form":1/"form":9/' dump > ./form
run kb-index --restore form.kb - < form
has "vectors of another form are refused" err "not of a dump"
run kb-index other.kb - < small
run kb-index --restore other.kb - < dump
is "vectors of another model are not mixed in" "$status" 3
has "and are named" err "model 'm-1' in an index of ''"
rm -f calls
run kb-index --restore --embed m-9 --embed-cmd "$embed" nine.kb - < dump
is "with another model the texts are embedded" "$status$(n_calls)" 019

# Vectors that come with documents.
for i in 1 2 3 4 5; do
	echo "{\"id\":\"o$i\",\"text\":\"own $i 自己的\",\"vector\":[$i,0.5,-$i,1e-3]}"
done > own
kb-index own.kb - < own
kb-index --dump own.kb > dump
kb-index --restore own2.kb - < dump
kb-index --dump own2.kb > dump2
same "a dump holds the vectors of documents" dump dump2
has "as they are in the index" dump '"vectors":\{"form":1,"model":"",.*"dim":4'
v='{"query":"x","vectors":{"query":[3,1,-2,0]}}'
echo "$v" | kb-search own.kb --format=json | jq -c .hits > want
echo "$v" | kb-search own2.kb --format=json | jq -c .hits > got
same "its copy answers like the index" want got
is "and it is an answer" "$(jq length want)" 5
run kb-search own.kb --format=json --embed-cmd 'python3 emb.py 4' 自己的
is "a question is embedded for own vectors, too" \
	"$(jq -c '.retrieval.degraded' out)" null
for i in 1 2 3 4 5; do
	sed "s/.*/{\"query\":\"x\",\"vectors\":{\"query\":[$i,0.5,-$i,1e-3]}}/;q" own
done > same
is "no cosine is above 1" "$(kb-search own.kb -f same |
	jq -s '[.[].hits[].legs.vector] | max <= 1 and max > 0.99')" true
said() { echo "$1" | kb-search own.kb | jq -r .retrieval.degraded; }
is "a vector of another length is said" \
	"$(said '{"query":"own 自己的","vectors":{"query":[1,2]}}')" \
	"vector: the question's vector has 2 dimensions, the index's 4"
is "a vector of zeros, too" \
	"$(said '{"query":"own","vectors":{"query":[0,0,0,0]}}')" \
	"vector: the record's vectors are none, or zero"
printf '\n{"id":"o6","text":"own","vector":[1,2]}\n' > short
run kb-index own.kb - < short
is "a document's vector that does not fit is said with its line" \
	"$status $(cat err)" \
	"3 kb-index: standard input:2: vector of 2 dimensions in an index of 4"
awk 'BEGIN { printf "{\"id\":\"o7\",\"text\":\"own\",\"vector\":["
	for (i = 0; i < 5000; i++) printf "1,"; print "1]}" }' > long
run kb-index long.kb - < long
has "and one too long with its limit" err "input:1: vector.*limit.* 4096"
run kb-index --embed m-1 own.kb own
has "an embedder for vectors of documents is refused" err \
	"has vectors that came with its documents; use --rebuild"
finish
