#!/bin/sh
# prompt-render: templates, budgets, refusals, order.
. "$(dirname "$0")/../lib.sh"
need prompt-render

cat >t.jinja <<'END'
{% message role="system" %}
{% include "rules.txt" %}
{% endmessage %}
{% message role="user" %}
{% for h in hits %}
[{{ loop.index }}] {{ h.text }}
{% endfor %}
{{ question }} {{ shop }}
{%- endmessage %}
END
echo 'Be brief.' >rules.txt
echo '{"id":1,"n":1.0,"query":"退款？","hits":[{"text":"{{ shop }}"}]}' >in.jsonl

run prompt-render -t t.jinja -D shop=QH -f in.jsonl
is "a template of one's own renders" "$(sed 's/.*"messages":\(\[.*\]\),"template".*/\1/' out)" \
	'[{"role":"system","content":"Be brief."},{"role":"user","content":"[1] {{ shop }}\n退款？ QH"}]'
has "what nobody touched stays" out '^\{"id":1,"n":1.0,"query"'

mkdir -p config/kb/templates
echo 'Q {{ query }}' >config/kb/templates/plain.jinja
run prompt-render -t plain -f in.jsonl
has "a name is looked up in the configuration" out '"content":"Q 退款？"'
run prompt-render -t plain --emit=text -f in.jsonl
has "text has no markers" out '"prompt":\{"text":"Q 退款？"'

run prompt-render -t nowhere -f in.jsonl
is "a missing template is exit 2" "$status" 2
has "and is named" err "no template 'nowhere'"
printf 'a\n{%% if x %%}' >bad.jinja
run prompt-render -t bad.jinja -f in.jsonl
is "a broken template is exit 2" "$status" 2
has "with file, line and column" err 'bad.jinja:2:11: template ends'
echo '{% include "../rules.txt" %}' >out.jinja
run prompt-render -t out.jinja -f in.jsonl
is "an include may not leave its directory" "$status" 2
run prompt-render --check t.jinja
is "a good template passes the check" "$status" 0

printf '{"id":1,"query":"a"}\n{"id":2}\n{"id":3,"query":"b"}\n' >three.jsonl
run prompt-render -f three.jsonl
is "a bad record costs one record" "$status $(wc -l <out | tr -d ' ')" "3 3"
has "and says what it lacks" out '^\{"id":2,"error".*no question: .standalone., .query. and the last user'
run prompt-render -b 10 -f in.jsonl
has "a budget too small is an error of the record" out '"code":"limit"'

i=0
while [ $i -lt 300 ]; do
	echo "{\"id\":$i,\"query\":\"what is $i\",\"hits\":[{\"text\":\"$i\"}]}"
	i=$((i + 1))
done >many.jsonl
prompt-render -f many.jsonl >one
prompt-render -j 2 -f many.jsonl >two
same "threads change nothing" one two
# A list that holds one list twice, again and again, is far larger than it
# looks; and work on a long string is work.
{
	echo '{% set a=[] %}{% set b=[] %}'
	i=0
	while [ $i -lt 60 ]; do
		echo '{% set a=[a,a] %}{% set b=[b,b] %}'
		i=$((i + 1))
	done
} > twins
for last in 'a == b' 'a in [b]' '[a,b]|unique|length' '[a,b]|sort|length' \
	'a < b' 'a is eq(b)'; do
	{ cat twins && echo "{{ $last }}"; } > t
	echo '{}' | "$KB_BIN/prompt-render" -t t > out
	has "'$last' of lists of lists is counted" out 'more steps than the limit'
done
for work in 'x[500000]' 'x|length' '"ac" in x' 'x[1:9]' 'x[::-2]' 'x == y'; do
	printf '{%% set x="ab"*500000 %%}{%% set y="ab"*500000 %%}%s' \
		"{% for i in range(3000) %}{% if $work %}{% endif %}{% endfor %}" > t
	echo '{}' | "$KB_BIN/prompt-render" -t t > out
	has "'$work' of a long string is counted" out \
		'more (steps|memory) than the limit'
done
echo '{{ question }}' >own.j
printf '{"query":"how?","question":"own"}\n{"question":"only"}\n' |
	prompt-render -t own.j 2>err >out
is "a member 'question' stands in only where nothing asks" \
	"$(jq -r '.prompt.messages[0].content' out | xargs)" "how? only"

# Members of one name: the last counts, in an object of any size.
seq 400 | awk 'BEGIN { printf "{\"query\":\"q\",\"m\":{\"a\":1" }
	{ printf ",\"k%d\":%d", $1, $1 } END { print ",\"k7\":70,\"a\":2}}" }' >many
echo '{{ m.a }} {{ m.k7 }} {{ m["k400"] }} {{ "k401" in m }} {{ m|length }}' >t
run prompt-render -t ./t -f many
is "the last of equal names counts in a large object, too" \
	"$(jq -r '.prompt.messages[-1].content' out)" "2 70 400 false 401"
finish
