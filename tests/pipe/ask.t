#!/bin/sh
# kb-ask is the pipe in one process: the same bytes for every question, known
# beforehand or not, well formed or odd, with a provider or without; and on a
# terminal the answer with its evidence, and a prompt.
. "$(dirname "$0")/../lib.sh"
need kb-index kb-ask kb-search prompt-render llm-call fact-check python3 jq
data=$ROOT/tests/data

kb-index --keyword lang shop.kb "$data/shop" >log 2>&1 || fail "the sample is indexed" log

# alike NAME FILE [OPTION...]: the pipe's records and kb-ask's; the options are
# those of the search
alike() {
	name=$1 file=$2
	shift 2
	rm -rf "$XDG_STATE_HOME"
	kb-search "$@" -f "$file" shop.kb 2>err1 | prompt-render 2>err2 |
		llm-call 2>err3 | fact-check shop.kb >want 2>err4
	want=$?
	rm -rf "$XDG_STATE_HOME" # what the one found out the other does not know
	run kb-ask "$@" -f "$file" shop.kb
	same "$name: as the pipe" out want
	is "... with its status" "$status" "$want"
}

# ---- the pipe in one process ----
alike "200 questions" "$data/questions.jsonl"
is "... all of them" "$(wc -l <out)" 200
cp out all
alike "those that were held out" "$data/questions-heldout.jsonl"
alike "those in other words" "$data/questions-paraphrased.jsonl"
alike "conversations" "$data/dialogues.jsonl"
alike "three hits" "$data/questions.jsonl" -k 3
alike "a filter" "$data/questions.jsonl" --filter lang:en
alike "a date" "$data/questions-heldout.jsonl" --at 2001-01-01
jq -r .query "$data/questions.jsonl" >lines
alike "plain lines" lines
run kb-ask -j 2 -f "$data/questions.jsonl" shop.kb
same "two threads write the bytes of one" out all
kb-ask shop.kb <"$data/questions.jsonl" >out 2>err
same "standard input is as good as a file" out all
head -3 "$data/questions.jsonl" >few
kb-search shop.kb -f few | prompt-render | llm-call |
	fact-check --threshold .99 shop.kb >want
kb-ask --threshold .99 -f few shop.kb >out 2>err
same "the threshold is fact-check's" out want
run kb-ask shop.kb 信用卡退款要多久
printf '信用卡退款要多久\n' | kb-ask shop.kb >want
same "a question of the command line is a line" out want
mkdir two && echo '{"id":"x","title":"Parking","text":"Parking at the shop costs 7 euros a day."}' >two/more.jsonl
kb-index more.kb two >log 2>&1
run kb-ask -i more.kb shop.kb How much does parking cost a day
is "a second index answers, and is evidence" \
	"$(jq -r '.hits[0].doc + " " + .route' out)" "x answer"

# ---- odd records ----
for member in query messages hits prompt answer standalone rewrites vectors \
	hyde retrieval generation history check confidence route error; do
	for val in null true 1e400 '""' '[]' '{}' '[null]' '{"messages":1}' \
		'[{"role":1,"content":{}}]' '[{"text":7,"legs":[]}]'; do
		echo "{\"id\":1,\"query\":\"退货\",\"$member\":$val,\"query\":\"退货要多久?\"}"
		echo "{\"query\":\"退货要多久?\", \"$member\" : $val, \"z\":1.50}"
		echo "{\"$member\":$val}"
	done
done >odd
printf '{"query":"how long 退\351\200","z":"\351"}\n{"que\\u0072y":"退货要多久"}\n{}\n' >>odd
echo '{"query":"x","error":{"tool":"me","code":"invalid","message":"no","retryable":true}}' >>odd
alike "members of any type, twice, and errors" odd
is "... some of them fail" "$status $(grep -c '"tool":"kb-search"' out)" \
	"3 $(grep -c '"tool":"kb-search"' want)"
ok "... in the name of their step" grep -q '"tool":"kb-search"' out
is "... and go to a human" \
	"$(jq -r 'select(.error).route' out | sort -u)" human
kb-ask --retry -f odd shop.kb 2>err | tail -1 >out
is "--retry asks again" "$(jq -r '.error, (.hits|length > 0)' out | tr '\n' ' ')" \
	"null true "
run kb-ask --on-error=fail -f odd shop.kb
is "--on-error=fail ends it" "$status" 2
has "... and says why" err "^kb-ask: odd:[0-9]*: '?.*"

# ---- which words are the index ----
for p in kb-ask kb-search; do
	run "$p"
	is "$p: no index is said" "$status $(cat err)" \
		"2 $p: no index given; name one, or set KB_INDEX"
	$p shop.kb how long is the warranty >want
	KB_INDEX=shop.kb run $p how long is the warranty
	same "$p: KB_INDEX is the index" out want
	KB_INDEX=nowhere.kb run $p shop.kb how long is the warranty
	same "... unless one is named" out want
	KB_INDEX=shop.kb run $p shpo.kb how long is the warranty
	is "... also one that is not there" "$status $(cat err)" \
		"2 $p: no index 'shpo.kb'; make one with kb-index shpo.kb PATH..."
	KB_INDEX='' run $p how long
	is "$p: an empty KB_INDEX is none" "$status $(cat err)" \
		"2 $p: no index 'how'; make one with kb-index how PATH..."
	KB_INDEX=shop.kb $p <few >out 2>err
	$p shop.kb <few >want
	same "$p: KB_INDEX for records" out want
done
run kb-ask shop.kb '  '
is "an empty question is said" "$status $(cat err)" \
	"2 kb-ask: the question is empty"
mkdir docs
KB_INDEX=shop.kb run kb-ask docs how
is "a directory that is no index is said" "$status" 2
one_line kb-ask

# ---- pairs: what is answered, and its like that is not ----
while IFS='|' read -r answered not; do
	is "answered: $answered" \
		"$(kb-ask shop.kb "$answered" | jq -r .route)" answer
	is "... and not: $not" "$(kb-ask shop.kb "$not" | jq -r .route)" human
done <<X
信用卡退款要多久|信用卡年费要多少
满多少元包邮|满多少岁可以开车
How long is the international warranty?|How long is the lunar warranty?
What is the inspection fee for repairs?|What is the entrance fee for museums?
How do I reset the router?|How do I reset the dishwasher?
X

# ---- for people ----
run kb-ask --format=text shop.kb 信用卡退款要多久
is "the answer comes first" "$(sed -n 1p out)" "$(jq -r \
	'select(.query == "信用卡退款要多久").answer' want1 2>/dev/null ||
	kb-ask shop.kb 信用卡退款要多久 | jq -r .answer)"
has "... then where it stands" out "^\[1\] 退款多久到账  .*returns.jsonl:3$"
has "... word by word" out '^    ".*信用卡5至7个工作日到账.*"$'
is "... and what it is worth" "$(tail -1 out)" "-> answer, confidence 0.9076"
run kb-ask --format=text shop.kb Who is the CEO
is "what is not known comes with three passages" \
	"$status $(grep -c '^ [0-9] 0' out)" "0 3"
is "... and goes to a human" "$(tail -1 out)" "-> human, confidence 0 abstain"
run kb-ask -e --format=text shop.kb Who is the CEO
is "... which -e says" "$status" 1
run kb-ask --format=text --color=always shop.kb 信用卡退款要多久
ok "--color=always has colours in a pipe" \
	grep -q "$(printf '\033')\[32manswer" out
for never in --color=never --no-color '--color=always --no-color'; do
	kb-ask --format=text $never shop.kb 信用卡退款要多久 >out
	ok "$never has none" sh -c "! grep -q '$(printf '\033')' out"
done
kb-ask --format=text --no-color --color=always shop.kb 信用卡退款要多久 >out
ok "... the last one counts" grep -q "$(printf '\033')" out
(cd / && kb-ask --format=text "$T/shop.kb" 信用卡退款要多久) >out
has "a place is named from where one is" out \
	"  ${ROOT#/}/tests/data/shop/returns.jsonl:3$"
esc=$(printf '\033')
jq -nc --arg e "$esc" '{id:"e",title:("Zorblat " + $e + "[2Jx"),text:("The zorblat costs 41 euros " + $e + "[31m a year.")}' >evil.jsonl
kb-index evil.kb evil.jsonl >log 2>&1
kb-ask --format=text evil.kb How much does the zorblat cost a year >out 2>err
has "a document is shown" out '41 euros'
ok "... and cannot steer the terminal" sh -c "! grep -q '$esc' out"

kb-ask --format=text -f few shop.kb >out 2>err
is "records are shown below their questions" \
	"$(head -1 out) $(grep -c '^-> ' out)" "$(jq -r .query few | head -1) 3"

# ---- what is loaded ----
LD_DEBUG=files kb-ask shop.kb 信用卡退款要多久 2>&1 >/dev/null |
	grep -oE 'lib(curl|edit|readline)' >loaded
is "a question loads neither libcurl nor an editor" "$(cat loaded)" ""

# ---- a provider ----
if ! start_provider provider.py; then
	skip "providers" "the test provider does not start"
	finish
	exit
fi
for conduct in ok down bad cut empty; do
	export OPENAI_BASE_URL=$base/$conduct/v1
	alike "a provider that is $conduct" few
done
unset OPENAI_BASE_URL
kb-ask --provider local -f few shop.kb >want
OPENAI_BASE_URL=$base/ok/v1 kb-ask --provider local -f few shop.kb >out
same "--provider local asks none" out want
kb-search shop.kb -f few | prompt-render |
	OPENAI_BASE_URL=$base/ok/v1 llm-call -m m1 | fact-check shop.kb >want
OPENAI_BASE_URL=$base/ok/v1 kb-ask -m m1 -f few shop.kb >out 2>err
same "-m names the model" out want
for n in 1 2 16; do
	OPENAI_BASE_URL=$base/ok/v1 kb-ask -j $n -f "$data/questions.jsonl" \
		shop.kb >many.$n 2>err
done
same "as many at a time as -j says" many.1 many.2
same "... give the same" many.1 many.16
OPENAI_API_KEY=secret-key run kb-ask shop.kb 信用卡退款要多久
is "a key alone sends nothing" "$(jq -r .generation.provider out)" local
has "... which is said" err '^kb-ask: OPENAI_API_KEY alone sends nothing'

# ---- a terminal ----
export TERM=xterm LANG=C.UTF-8
talk() { python3 "$ROOT/tests/pipe/helper/talk.py" "$@" >shown; }
talk kb-ask shop.kb 信用卡退款要多久 </dev/null
has "one question on a terminal" shown '-> .*answer.*, confidence 0.9076'
has "... and it ends" shown '^status 0$'
OPENAI_BASE_URL=$base/reasoning/v1 talk kb-ask shop.kb What is it </dev/null
is "an answer that streams stands there once" "$(grep -c '^hello' shown)" 1
has "... with its verdict" shown '^-> .*confidence'
OPENAI_BASE_URL=$base/reasoning/v1 talk kb-ask --no-stream shop.kb What is it \
	</dev/null
is "... also as a whole" "$(grep -c '^hello' shown)" 1
OPENAI_BASE_URL=$base/cut/v1 talk kb-ask shop.kb What is it </dev/null
has "an answer that breaks off is void" shown '\[broke off\]'
has "... and its error said" shown '^kb-ask: .*llm-call: '

# An editor's library that is none is passed over.
mkdir edit0 edit1 edit2
: >edit1/libedit.so.2 && : >edit1/libedit.so.0
cp edit1/* edit2 && : >edit2/libreadline.so.8 && : >edit2/libreadline.so.7
for n in 0 1 2; do
	LD_LIBRARY_PATH=$T/edit$n talk kb-ask shop.kb <<-'X'
		expect > $
		type 信用卡退款要多久\n
		expect confidence 0.9076.*> $
		type 那支付宝呢\n
		expect understood as. .*confidence.*> $
		type 退货运费谁出\nWho is the CEO\n
		expect confidence.*human.*, confidence 0 abstain.*> $
		type dropped\x03
		expect > $
		type Who is the CEO\n
		expect human.*> $
		type /more\n
		expect  4 0.* 5 0.* 6 0.*> $
		type /open 99\n
		expect N is 1 to 10.*> $
		type /open 1\n
		expect Setting up.*:15.*> $
		type /help\n
		expect Ctrl-C.*> $
		type /nothing\n
		expect no such command.*> $
		type  \n
		expect > $
		type \x04
	X
	has "a conversation, editor $n: Ctrl-D ends it" shown '^status 0$'
	is "... every step" "$(grep 'no match' shown)" ""
done
# What ctx-compress and the pipe make of the same conversation.
jq -nc '{query:"那支付宝呢",messages:[{role:"user",content:"信用卡退款要多久"},{role:"assistant",content:"支付宝和微信支付1至3个工作日到账，信用卡5至7个工作日到账，银行卡转账3至5个工作日到账。 [1]"}]}' |
	ctx-compress -b 3000 >turn
has "a follow-up is completed as ctx-compress does" shown \
	"understood as. $(jq -r .standalone turn)"
kb-ask -f turn --format=text shop.kb >want
has "... and answered as its record" shown "$(tail -1 want | sed 's/.*, //')"
talk kb-ask shop.kb <<-'X'
	expect > $
	type 信用卡退款要多久\n
	expect confidence 0.9076.*> $
	type \x1b[A\n
	expect confidence 0.9076.*> $
	type /quit\n
X
has "a line is called back" shown '^status 0$'
cat >editor <<'X'
#!/bin/sh
echo "edits $*"
X
chmod +x editor && cp editor vi
EDITOR="$T/vi" talk kb-ask shop.kb <<-'X'
	expect > $
	type /open 1\n
	expect no passages to open.*> $
	type 信用卡退款要多久\n
	expect confidence 0.9076.*> $
	type /open 1\n
	expect edits .3 .*returns.jsonl.*> $
	type /q\n
X
has "an editor is opened at the line" shown '^status 0$'
EDITOR="$T/editor -x" talk kb-ask shop.kb <<-'X'
	expect > $
	type 信用卡退款要多久\n
	expect confidence 0.9076.*> $
	type /open 1\n
	expect edits -x /.*returns.jsonl.*> $
	type /q\n
X
has "... an unknown one at the file" shown '^status 0$'
EDITOR=false talk kb-ask shop.kb <<-'X'
	expect > $
	type 信用卡退款要多久\n
	expect confidence 0.9076.*> $
	type /open 1\n
	expect EDITOR ended with status 1.*> $
	type /q\n
X
has "... and one that fails is said" shown '^status 0$'
# A shell stops and resumes it; the line begun before is dropped.
cat >stop <<'X'
set -m
kb-ask shop.kb
fg >/dev/null
X
talk sh -i <<-X
	expect [#\$] $
	type . ./stop\n
	expect > $
	type half a
	expect half a
	type \x1a
	expect > $
	type 信用卡退款要多久\n
	expect confidence 0.9076.*> $
	type /quit\n
	expect [#\$] $
	type exit\n
X
has "a shell stops it and lets it go on" shown '^status 0$'
TERM=dumb talk kb-ask shop.kb <<-'X'
	expect > $
	type 信用卡退款要多久\n
	expect confidence 0.9076.*> $
	type \x04
X
has "a dumb terminal will do" shown '^status 0$'
ok "... without colours" sh -c "! grep -q '$esc' shown"
OPENAI_BASE_URL=$base/silent/v1 talk kb-ask shop.kb <<-'X'
	expect > $
	type what is the return window\n
	expect window
	type \x03
	expect > $
	type /more\n
	expect no passages to show.*> $
	type \x04
X
has "Ctrl-C gives up an answer, and the prompt goes on" shown '^status 0$'
OPENAI_BASE_URL=$base/ok/v1 talk kb-ask shop.kb <<-'X'
	expect > $
	type what is the return window\n
	expect WINDOW.*confidence.*> $
	type and for sale items\n
	expect ITEMS.*confidence.*> $
	type \x04
X
has "a provider is talked with" shown '^status 0$'
OPENAI_BASE_URL=$base/down/v1 talk kb-ask --timeout 1s shop.kb <<-'X'
	expect > $
	type what is the return window\n
	expect kb-ask: .*> $
	type \x04
X
has "... and what fails costs its turn" shown '^status 0$'
talk kb-ask shop.kb <<-'X'
	expect > $
	type 信用卡
	close
X
has "a terminal that hangs up ends it" shown '^status (-1|0)$'
finish
