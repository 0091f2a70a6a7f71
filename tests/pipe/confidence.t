#!/bin/sh
# retrieval.confidence: what it is measured against, and that it falls.
. "$(dirname "$0")/../lib.sh"
need kb-search
need kb-index

null() { kb-index --info "$1" | jq -c .settings.null; }
docs() { awk -v from="$1" -v to="$2" 'BEGIN {
	for (i = from; i <= to; i++)
		printf "{\"id\":\"%d\",\"text\":\"Lamp %d 灯具第%d款, made of " \
			"glass in plant %d.\"}\n", i, i * 7, i, i % 5
	}'; }
docs 1 8 | kb-index few.kb -
is "a handful of passages has no null distribution" "$(null few.kb)" null
docs 1 30 | kb-index some.kb -
is "an index has one" "$(null some.kb | jq -c '[.chunks, (.high | length)]')" \
	'[30,5]'
null some.kb > before
docs 1 31 | kb-index some.kb -
null some.kb > after
ok "a small refresh leaves it" cmp before after
docs 1 70 | kb-index some.kb -
is "one that doubles the index measures again" "$(null some.kb | jq .chunks)" 70
docs 1 70 | kb-index again.kb -
null some.kb > before
docs 1 70 | kb-index --rebuild again.kb -
null again.kb > after
ok "the same index has the same" cmp before after

# The sample shop with all documents, and with every fourth taken away.
cat "$ROOT"/tests/data/shop/*.jsonl > all
kb-index all.kb all
jq -r .id all | awk 'NR % 4 == 0' > gone
jq -c --rawfile gone gone '($gone | split("\n")) as $g |
	select(.id as $id | $g | index($id) | not)' all | kb-index left.kb -
jq -c --rawfile gone gone '($gone | split("\n")) as $g |
	select(.gold.docs | length > 0 and all(. as $d | $g | index($d)))' \
	"$ROOT"/tests/data/questions.jsonl > asked
conf() { kb-search "$1" < asked | jq .retrieval.confidence; }
conf all.kb > with
conf left.kb > without
ok "enough questions lose their documents" [ "$(wc -l < asked)" -ge 25 ]
paste with without | awk '{ n++; fell += $2 < $1; a += $1; b += $2 }
	END { print (fell / n >= 0.8) " " (a / n - b / n >= 0.25) }' > falls
is "without its document the confidence falls" "$(cat falls)" "1 1"
paste with without > show

head -1 asked > one
run kb-search --explain all.kb -f one
is "--explain says what it is made of" \
	"$(jq -r '.retrieval.evidence | keys | join(" ")' out)" \
	"agreement coverage graph margin near rise strength unknown vector"
is "and how the text of a hit fits" \
	"$(jq -r '.hits[0].explain.fit | keys | join(" ")' out)" \
	"cover near order run title"

# Notes by themselves, down to a single one, are judged as among a thousand.
cat > notes <<'END'
{"id":"hp","text":"HP9 costs 2,950 EUR and ships within two weeks."}
{"id":"lease","text":"The meeting with Brandt about the lease is on Thursday at 10 in room 214."}
{"id":"room","text":"会议室预订请找前台小李，电话8021，每次最多两个小时。"}
{"id":"backup","text":"服务器db7的备份每天凌晨三点运行，保留三十天。"}
{"id":"cake","text":"Plum cake: 400 g flour, 200 g butter, 1 kg plums, 45 minutes at 180 degrees."}
END
cat > about <<'END'
{"id":"hp","query":"How much does the HP9 cost?"}
{"id":"lease","query":"When is the meeting with Brandt?"}
{"id":"room","query":"会议室怎么预订？"}
{"id":"backup","query":"db7的备份保留多久？"}
END
cat "$ROOT"/lib/*/*.h | jq -Rsc 'split("\n\n") | map(select(length > 60)) |
	to_entries[:834][] | {id: "o\(.key)", text: .value}' > others
cat "$ROOT"/tests/data/shop/*.jsonl >> others
ok "a thousand others" test "$(wc -l < others)" -ge 1000
cat notes others | kb-index among.kb -
kb-search among.kb < about > many
for n in 1 2 3 5; do
	rm -rf notes.kb
	head -n $n notes | kb-index notes.kb -
	head -n $n about | kb-search notes.kb > few
	is "$n of them" "$(jq -rn --slurpfile many many --slurpfile few few '
		$few[] | . as $f | ($many[] | select(.id == $f.id)) |
		select((.retrieval.confidence - $f.retrieval.confidence |
			fabs) > .1) | "\(.id) \($f.retrieval.confidence
			) \(.retrieval.confidence)"')" ""
done
is "what answers is not sent to a human" \
	"$(jq -r 'select(.retrieval.confidence < .4) | .id' few)" ""
cat > aside <<'END'
{"id":"1","query":"How much does the HP7 printer weigh?"}
{"id":"2","query":"What is the capital of Mongolia?"}
{"id":"3","query":"食堂几点开门？"}
END
is "what does not answer is" "$(kb-search notes.kb < aside |
	jq -r 'select(.retrieval.confidence > .2) | .id')" ""
finish
