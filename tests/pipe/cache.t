#!/bin/sh
# llm-call --cache: what was answered is not asked again, and nothing but that.
. "$(dirname "$0")/../lib.sh"
need llm-call python3 jq

start_provider faults.py .05 || skip_all "the test provider does not start"
get() { jq -r "$1" out; }
count() {
	python3 -c 'import sys, urllib.request as u
print(u.urlopen(sys.argv[1]).read().decode())' "$base/count/$1"
}
config() { # FAULT [MEMBERS]: one provider of that conduct
	echo "{\"providers\":[{\"name\":\"a\",\"base_url\":\"$base/$1/v1\",\"model\":\"m\",\"price\":{\"input\":1,\"output\":2}${2-}}]}" >"$1.json"
}
config ok
ask() { run llm-call --config ok.json --cache=c "$@"; }
asked() { # NAME COUNT: so many questions reached the provider since the last
	now=$(count ok)
	is "$1" $((now - before)) "$2"
	before=$now
}
before=0

# ---- an answer ----

echo '{"id":1,"query":"how long?"}' >in
ask -f in
cp out first
is "the first time it is asked" \
	"$(get '[.generation.cached,(.generation.attempts|length)]|tostring') $(count ok)" \
	"[null,1] 1"
before=1
ask -f in --stats stats
is "the second time it is not, costs nothing and says so" \
	"$(get '[.generation.cached,.generation.cost,(.generation.attempts|length)]|tostring')" \
	"[true,0,0]"
asked "... and nobody is asked" 0
is "... answer, usage, provider, model, finish are the same" \
	"$(jq -c '[.answer,.generation.usage,.generation.provider,.generation.model,.generation.finish]' out)" \
	"$(jq -c '[.answer,.generation.usage,.generation.provider,.generation.model,.generation.finish]' first)"
is "... --stats says how many and what they would have cost" \
	"$(jq -c '[.cached,.saved,.cost,(.providers|length)]' stats)" \
	"[1,$(jq '.generation.cost' first),0,0]"
run llm-call --config ok.json -f in
asked "without --cache it is asked" 1
is "the files are the user's own" "$(stat -c %a c c/responses | tr '\n' ' ')" \
	"700 600 "
printf '{"query":"how long?","id":2}\n{"id":"x","messages":[{"content":"how long?","role":"user"}]}\n' >same
ask -f same
is "the same in other members is the same" \
	"$(jq -s -c 'map(.generation.cached)' out)" "[true,true]"
printf '{"query":"caf\\u00e9 \\u4fdd"}\n' >composed
printf '{"query":"cafe\\u0301 \344\277\235"}\n' >decomposed
ask -f composed
ask -f decomposed
is "a text in another normal form is the same" "$(get .generation.cached)" true
before=$(count ok)

# ---- what shapes an answer ----

for option in "--temperature 0" "--temperature 1" "--max-tokens 5" "-m other" \
	"-s brief" "-O seed=1" "-O seed=2" "-O top_p=0.5"; do
	# shellcheck disable=SC2086 # words of an option
	ask -f in $option
	asked "$option is asked" 1
	# shellcheck disable=SC2086
	ask -f in $option
	asked "... once" 0
done
ask -f in -O top_p=5e-1
asked "a number in another spelling is the same" 0
ask -f in --stream
asked "how it is carried makes no difference" 0
config ok ',"extra":{"top_k":3}'
ask -f in
asked "what a provider adds is asked" 1
config ok
sed 's/"a"/"b"/; s/ok\/v1/ok\/v1\//' ok.json >other.json
run llm-call --config other.json --cache=c -f in
is "whose the address is makes none" "$(get .generation.cached)" true
printf '{"query":"how long? "}\n' >in2
ask -f in2
asked "another text is another question" 1

# ---- what is not kept ----

for fault in length safety tools nullfinish doneonly cleancut fails empty; do
	config $fault
	for _ in 1 2; do
		run llm-call --config $fault.json --cache="of-$fault" -f in \
			--deadline 2s --timeout 1s
		[ "$(get .generation.cached)" = null ] || break
	done
	is "what comes of '$fault' is not kept" "$(get .generation.cached)" null
done

# ---- who answered ----

config fails
echo "{\"providers\":[$(jq -c '.providers[0]|.model="n"' fails.json),$(jq -c '.providers[0]|.name="b"|.model="k"' ok.json)]}" >two.json
run llm-call --config two.json --cache=c -f in
is "the second answers for the first" "$(get '.generation.provider')" b
run llm-call --config two.json --cache=c -f in
is "... which is not kept as that of the first" "$(get .generation.cached)" null
run llm-call --config two.json --cache=c -f in -m b/k
is "... but as its own" "$(get .generation.cached)" true

# ---- time and size ----

before=$(count ok)
ask -f in --cache-ttl 1h
asked "young enough" 0
ask -f in --cache-ttl 1ms
asked "too old" 1
python3 - >many <<'END'
import json
for i in range(3000):
    print(json.dumps({"id": i, "query": f"{i} " + "%x" % (hash(str(i)) & (2**60 - 1)) * 40}))
END
run llm-call --config ok.json --cache=small --cache-size 1M --in-flight 999 -f many
size=$(cat small/responses small/responses.old 2>/dev/null | wc -c)
ok "a cache stays within its size and its tables ($size)" \
	test "$size" -le $((1048576 + 2 * 70000))
tail -1000 many >newest
run llm-call --config ok.json --cache=small --cache-size 1M -f newest
kept=$(jq -s 'map(select(.generation.cached))|length' out)
ok "... and of the newest thousand nearly all stay ($kept)" \
	test "$kept" -ge 990

# ---- at once ----

sed "s,$base/ok,$base/slow," ok.json >slow.json
start_at=$(count slow)
jq -c -n 'range(200)|{id:.,query:"at once"}' >at-once
run llm-call --config slow.json --cache=d -f at-once --in-flight 50
is "200 records of one question ask once" $(($(count slow) - start_at)) 1
is "... all have the answer, in order" \
	"$(jq -s -c '[(map(.answer)|unique|length),(map(.generation.cached == true)|map(select(.))|length),(map(.id) == [range(200)])]' out)" \
	"[1,199,true]"
start_at=$(count slow)
pids=
for i in $(seq 20); do
	echo '{"query":"of processes"}' |
		llm-call --config slow.json --cache=d >"out.$i" 2>"err.$i" &
	pids="$pids $!"
done
# shellcheck disable=SC2086 # a list of numbers
wait $pids
is "20 processes with one question ask once" $(($(count slow) - start_at)) 1
is "... and all have the answer" \
	"$(cat out.* | jq -s -c '[length,(map(.answer)|unique|length)]') $(cat err.*)" "[20,1] "

# ---- what is wrong with a cache stops nobody ----

spoilt() { # NAME DIR WORDS: the answer comes, with one warning
	run llm-call --config ok.json --cache="$2" -f same
	is "$1: the answers come" "$status $(jq -s -c 'map(.answer != null)' out)" \
		"0 [true,true]"
	is "... with one warning" "$(wc -l <err)" "$(test -n "$3" && echo 1 || echo 0)"
	[ -z "$3" ] || has "... that says it" err "$3"
}
spoilt "a directory that cannot be made" no/such/dir "going on without the cache: cannot make the directory 'no/such/dir'"
echo x >file
spoilt "no directory" file "going on without the cache"
mkdir f && echo "a letter of mine" >f/responses
spoilt "a foreign file" f "'f/responses' is no file of this cache"
is "... stays as it is" "$(cat f/responses)" "a letter of mine"
mkdir g && ln -s ../c/responses g/responses
spoilt "a link" g "going on without the cache"
cp -r c cut && truncate -s 4200 cut/responses
spoilt "a cut file" cut ""
cp -r c flipped
python3 - <<'END'
p = "flipped/responses"
b = bytearray(open(p, "rb").read())
head = 4096 + 16 * int.from_bytes(b[16:24], "little")
for i in range(head, len(b), 7):
    b[i] ^= 4
open(p, "wb").write(b)
END
spoilt "a flipped file" flipped "the cache is damaged; what is not whole is asked anew"
spoilt "... which is whole again" flipped ""
cp -r c head
python3 -c 'open("head/responses","r+b").write(b"kb cache 9")'
spoilt "a file of another version" head "is no file of this cache, or damaged; remove it"
# a limit of the file's size stands for a full disk
(
	trap '' XFSZ
	ulimit -f 8
	llm-call --config ok.json --cache=full -f same >full.out 2>full.err
	echo $? >full.status
)
is "a full disk: the answers come" \
	"$(cat full.status) $(jq -s -c 'map(.answer != null)' full.out)" \
	"0 [true,true]"
has "... with a warning" full.err 'cache'
is "... one" "$(wc -l <full.err)" 1
run llm-call --config ok.json --cache=full -f same
is "... and what it left is none of a problem" \
	"$status $(cat err)" "0 "

# ---- killed while it writes ----

before=$(count ok)
head -400 many >some
i=0
while [ $i -lt 12 ]; do
	timeout -s KILL "0.$((i * 7 % 9 + 1))" llm-call --config ok.json \
		--cache=killed --in-flight 99 -f some >/dev/null 2>&1
	i=$((i + 1))
done
run llm-call --config ok.json --cache=killed -f some
is "killed twelve times, it is read and written without a word" \
	"$status $(jq -s 'map(select(.answer))|length' out) $(cat err)" "0 400 "
run llm-call --config ok.json --cache=killed -f some
is "... and has all then" \
	"$(jq -s 'map(select(.generation.cached))|length' out)" 400

# ---- where it lies ----

mkdir -p config/kb cache
jq -c '.cache=true' ok.json >config/kb/llm-call.json
run llm-call -f in
run llm-call -f in
is "the configuration may ask for it" "$(get .generation.cached)" true
ok "... in the user's directory" test -f cache/kb/responses
before=$(count ok)
run llm-call -f in --no-cache
asked "... and the command line may not want it" 1
run llm-call -f in --cache --dry-run
is "what is only shown is not looked up" "$(get '.request.provider, .answer' | tr '\n' ' ')" "a null "
run env -u HOME -u XDG_CACHE_HOME "$KB_BIN/llm-call" --config ok.json --cache -f in
has "nowhere to keep it" err "neither XDG_CACHE_HOME nor HOME"
# ---- vectors and scores, text by text ----

exec 9>&- # which ends the first one
start_provider provider.py || skip_all "the test provider does not start"
config ok
embed() { run llm-call --config ok.json --cache=v --embed -f "$1"; }
echo '{"texts":["red","blue"],"text":"own"}' >texts
echo '{"texts":["blue","green","red"],"text":"red"}' >texts2
embed texts
cp out first
before=$(count ok)
embed texts
same "vectors that were made before are the same" out first
asked "... and nobody is asked for them" 0
embed texts2
asked "of new ones it is asked once" 1
is "... for what is new, and all stand in their places" \
	"$(get '[.vectors.texts[0],.vectors.texts[2],.vector]|tojson')" \
	"$(jq -c '[.vectors.texts[1],.vectors.texts[0],.vectors.texts[0]]' first)"
run llm-call --config ok.json --embed -f texts2
get '.vectors.texts' >plain
embed texts2
get '.vectors.texts' >cached
same "... as without a cache" plain cached
before=$(count ok)
run llm-call --config ok.json --cache=v --embed -f texts -m other
asked "vectors of another model are others" 1
sed 's/}$/,"input_type":"search_query"}/' texts >typed
embed typed
asked "so are those of another purpose" 1
echo '{"query":"q","hits":[{"text":"one"},{"text":"two"},{"text":"three"}]}' >hits
run llm-call --config ok.json --cache=v --rerank -f hits
cp out first
before=$(count ok)
run llm-call --config ok.json --cache=v --rerank -f hits
same "scores that were given before are the same" out first
asked "... and nobody is asked for them" 0

# ---- with answers that vote ----

before=$(count ok)
for _ in 1 2; do
	run llm-call --config ok.json --cache=s --samples 2 --samples-least 2 -f in
	asked "answers that vote are asked for each time" 2
done
finish
