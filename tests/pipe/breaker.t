#!/bin/sh
# llm-call: what short processes tell each other of providers.
. "$(dirname "$0")/../lib.sh"
need llm-call python3 jq

start_provider faults.py || skip_all "the test provider does not start"
file=$XDG_STATE_HOME/kb/providers.state
echo '{"id":1,"query":"how long?"}' >in
get() { jq -r "$1" out; }
count() {
	python3 -c 'import sys, urllib.request as u
print(u.urlopen(sys.argv[1]).read().decode())' "$base/count/$1"
}
config() { # FAULT [MEMBERS]: one provider of that conduct
	echo "{\"providers\":[{\"name\":\"a\",\"base_url\":\"$base/$1/v1\",\"model\":\"m\"${2-}}]}" >"$1.json"
}
fifty() { # FAULT OPTION...: processes at once
	fault=$1
	shift
	pids=
	for i in $(seq 50); do
		llm-call --config "$fault.json" -f in "$@" >"out.$i" 2>"err.$i" &
		pids="$pids $!"
	done
	# shellcheck disable=SC2086 # a list of numbers
	wait $pids
	cat out.* >out
	cat err.* >err
}

# ---- the breaker ----

config ok
run llm-call --config ok.json -f in
is "where nothing went wrong nothing is written" \
	"$(get .answer | cut -c1-3)$(test -e "$file" || echo none)" Thenone

config fails
run llm-call --config fails.json -f in
is "three attempts of one process leave it closed" "$(count fails)" 3
run llm-call --config fails.json -f in
is "two more of another open it" "$(count fails) $(get '.error.retryable')" \
	"5 true"
is "the file is the user's own" "$(stat -c %a "$file")" 600
start=$(date +%s%N)
fifty fails --deadline 3s
cooldowns() { echo $((($(date +%s%N) - start) / 5000000000)); }
took=$(cooldowns)
ok "fifty processes do not ask what is open ($took cooldowns)" \
	test $(($(count fails) - 5)) -le "$took"
is "... each says so" "$(jq -s -r '[.[].error.retryable]|unique|tostring' \
	out)" "[true]"
has "... and when it may be asked" out 'it may be asked in [0-9]* ms'
is "... with no words beside the records" "$(cat err)" ""
fifty fails
took=$(cooldowns)
asked=$(($(count fails) - 5))
ok "fifty that wait make at most one probe a cooldown ($asked in $took)" \
	test "$asked" -ge 1 -a "$asked" -le $((took + 1))
has "... whose failure is the failure of all" out \
	'failed 5 times in a row, and again when it was asked once more'
echo "{\"providers\":[$(jq -c '.providers[0]' fails.json),{\"name\":\"b\",\"base_url\":\"$base/ok/v1\",\"model\":\"m\"}]}" >two.json
before=$(count fails)
run llm-call --config two.json -f in
is "who has another asks that at once" \
	"$(get '[.generation.provider,(.generation.attempts|length)]|@tsv') $(count fails)" \
	"$(printf 'b\t1') $before"
sed 's/"model":"m"/"model":"n"/' fails.json >other.json
run llm-call --config other.json -f in
is "another model is another record" "$(($(count fails) - before))" 3
before=$(count fails)
K=one run llm-call --config fails.json -f in --deadline 2s
ok "... and the same without its key is not" \
	test $(($(count fails) - before)) -le 1
before=$(count fails)
sed 's/"model":"m"/&,"key_env":"K"/' fails.json >keyed.json
K=one run llm-call --config keyed.json -f in
is "another key is another record" "$(($(count fails) - before))" 3
is "... of which nothing is to be read in the file" \
	"$(grep -c "fails\|127.0.0.1" "$file")" 0

config revives
run llm-call --config revives.json -f in
run llm-call --config revives.json -f in
is "what revives is open after five" "$(count revives)" 5
fifty revives
is "... and serves all once one has found it so" \
	"$(jq -s -r '[.[].answer]|unique|length' out) $(grep -c '"error"' out)" "1 0"
run llm-call --config revives.json -f in
is "... at once from then on" "$(get '.generation.attempts|length')" 1

# ---- one that dies on its way ----

config silent
for i in 1 2 3 4 5; do
	llm-call --config silent.json -f in --timeout 100ms >/dev/null
done
is "five of five processes open it, too" "$(count silent)" 5
sleep 5
llm-call --config silent.json -f in --timeout 2s >/dev/null 2>&1 &
probe=$!
asked6() { test "$(count silent)" = 6; }
wait_for asked6
kill -KILL $probe
run llm-call --config silent.json -f in --timeout 300ms
is "a probe that was killed is followed by another, when its lease is over" \
	"$(count silent) $(get .error.code)" "7 timeout"

# ---- rates and limits ----

config ratelong
run llm-call --config ratelong.json -f in
fifty ratelong --deadline 5s
is "a time that one was told is kept by all" "$(count ratelong)" 1
has "... who say how long it is" out 'it may be asked in 35[0-9]* ms'
config ok ',"limits":{"rpm":3}'
for i in 1 2 3 4 5; do
	run llm-call --config ok.json -f in --deadline 2s
	get '.error.code // "answered"'
done >all
is "requests a minute are those of all processes" "$(sort all | uniq -c |
	tr -s ' \n' ' ')" " 3 answered 2 remote "
sed 's/"rpm":3/"tpm":39/; s/"m"/"m2"/' ok.json >tokens.json
for i in 1 2 3 4 5 6; do
	run llm-call --config tokens.json -f in --deadline 2s
	get '.error.code // "answered"'
done >all
# 13 an answer
is "... and tokens, as many as they took" "$(sort all | uniq -c |
	tr -s ' \n' ' ')" " 3 answered 3 remote "
seq 30 | sed 's/.*/{"id":&,"query":"q"}/' >many
sed 's/"rpm":3/"concurrent":1/; s/"m"/"m3"/' ok.json >one.json
run llm-call --config one.json -f many --in-flight 30
is "one at a time serves all in the end" "$status $(grep -c answer out)" "0 30"
config ok ',"limits":{"rpn":3}'
run llm-call --config ok.json -f in
has "a limit that is none is said" err "unknown member 'limits.rpn'"

# ---- faults that are no outage ----

for name in a:openai:v1 b:anthropic:v1 c:gemini:v1beta; do
	rest=${name#*:}
	printf '{"name":"%s","dialect":"%s","base_url":"%s/fifth%s/%s","model":"m"}\n' \
		"${name%%:*}" "${rest%:*}" "$base" "${name%%:*}" "${rest#*:}"
done | jq -s '{providers: .}' >three.json
seq 2000 | sed 's/.*/{"id":&,"query":"how long?"}/' >many
run llm-call --config three.json -f many --in-flight 64
is "a fifth of faults at each of three providers loses no record" \
	"$status $(grep -c '"answer"' out)" "0 2000"
calls=$(($(count fiftha) + $(count fifthb) + $(count fifthc)))
ok "... for at most 1.3 calls a record ($calls of 2000)" test $calls -le 2600

# ---- the file ----

for harm in "truncate -s 1000" "cp in"; do
	# shellcheck disable=SC2086 # a command and its options
	$harm "$file"
	run llm-call --config fails.json -f in
	is "a file that is foreign or cut ($harm) is made anew, and that is said" \
		"$(stat -c %s "$file") $(cat err)" \
		"131200 llm-call: '$file' was no record of providers, or cut; it is made anew"
	run llm-call --config fails.json -f in
	is "... once" "$(cat err)" ""
done
XDG_STATE_HOME=/dev/null/x run llm-call --config two.json -f in
is "where it cannot be kept, that is said" \
	"$(get .generation.provider) $(cat err)" \
	"b llm-call: what is known of providers is not shared with other processes: cannot open '/dev/null/x/kb/providers.state': Not a directory"
exec 9>&-
finish
