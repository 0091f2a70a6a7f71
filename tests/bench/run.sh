#!/bin/sh
# Measure speed beside peers in the same run, as ratios. Tables for people;
# JSON lines in $OUT/results.jsonl. Nothing here is a test: figures depend on
# the machine, and what is not installed is skipped with a notice.
#
# usage: tests/bench/run.sh [PART...]     default: start loop one jobs
#	start  start of every program beside jq and node
#	loop   the record loop over 100 MB beside jq
#	pass   CPU time of the filters beside jq, records of 0.2 to 2 KB
#	talks  conversations of 32 turns cut to 30 %, CPU time a record
#	tokens counting tokens beside tiktoken, and a start that counts
#	one    one question, whole process, N passages (default 100000)
#	ask    a question from start to answer, and 200 of them, by kb-ask and
#	       by the pipe; where valgrind is, what each step takes of it
#	jobs   -j 2 beside -j 1: time, and the same bytes
#	large  1M passages: queries in one process, beside other engines;
#	       LARGE_N for another number, languages apart
#	legs   1M passages: each leg by itself, in one process
#	shot   1M passages: one question a process, page cache warm and cold
#	vector 1M vectors of 1024 dimensions: recall and time
#	encoder  a question and a passage by the models of 'make models', beside
#	       onnxruntime where ONNX names a folder with zh/ and en/, each
#	       with model.onnx and tokenizer.json
#	build  indexing zh_news: MB/s, memory, size
#	reply  reading what a provider sends: an event, an answer, vectors
#	claims  claims that fact-check judges in a second of one core
#	classify  learning 15,000 texts of 150 labels, and labelling lines,
#	       beside fastText where it is installed
#	cache  answers that llm-call has kept: lines a CPU second, a start with
#	       one; a question that kb-search --answers finds beside the search
#	refresh  a run after nothing, and after 1 % of the documents, changed
# environment: KB_BIN, DATA, OUT, N, PYTHON (one that finds the engines),
# JAVA_HOME (of 21 or later, for Lucene)
set -u
cd "$(dirname "$0")/../.." || exit 2
bin=${KB_BIN:-$PWD/build} PATH=${KB_BIN:-$PWD/build}:$PATH
data=${DATA:-${KB_DATA:-../shared/data}}
out=${OUT:-build/bench-out}
n=${N:-100000}
here=tests/bench
mkdir -p "$out" || exit 2
results=$out/results.jsonl
: >"$results"

have() { command -v "$1" >/dev/null 2>&1; }
skip() { echo "skipped: $*"; }

# A python that finds the module of a peer: python_of MODULE
python_of() {
	for python in ${PYTHON:-python3 /usr/bin/python3}; do
		"$python" -c "import $1" 2>/dev/null && echo "$python" && return
	done
	echo python3
}

# Milliseconds of a command, the best of many runs: ms RUNS COMMAND. The
# best, because what else the machine does only ever adds.
ms() {
	runs=$1
	shift
	python3 - "$runs" "$@" <<'PY'
import subprocess, sys, time
runs, command = int(sys.argv[1]), sys.argv[2:]
times = []
for i in range(runs + 2):
    start = time.perf_counter()
    subprocess.call(command, stdin=subprocess.DEVNULL,
                    stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
    times.append((time.perf_counter() - start) * 1000)
print("%.2f" % min(times[2:]))
PY
}

# CPU and wall seconds of a command: "wall cpu rss_kb".
cost() {
	python3 - "$@" <<'PY'
import resource, subprocess, sys, time
start = time.perf_counter()
status = subprocess.call(sys.argv[1:], stdout=subprocess.DEVNULL)
wall = time.perf_counter() - start
use = resource.getrusage(resource.RUSAGE_CHILDREN)
if status not in (0, 3):
    sys.exit("run.sh: %s: exit %d" % (sys.argv[1], status))
print("%.3f %.3f %d" % (wall, use.ru_utime + use.ru_stime, use.ru_maxrss))
PY
}

# Anonymous memory of kb-search in kB once all of a file is answered:
# anon QUERIES ARGUMENT...
anon() {
	python3 - "$@" <<'PY'
import subprocess, sys
lines = open(sys.argv[1], "rb").read().splitlines(keepends=True)
p = subprocess.Popen(["kb-search"] + sys.argv[2:], stdin=subprocess.PIPE,
                     stdout=subprocess.PIPE)
for line in lines:
    p.stdin.write(line)
    p.stdin.flush()
    p.stdout.readline()
for line in open("/proc/%d/status" % p.pid):
    if line.startswith("RssAnon"):
        print(line.split()[1])
p.stdin.close()
p.wait()
PY
}

# number NAME JSON
number() { printf '%s' "$2" | sed "s/.*\"$1\": *\([0-9.]*\).*/\1/"; }
# latency p50|p99 of the warm run
latency() { number "$1_ms" "$(cat "$out/warm.stats")"; }

row() { printf '%-34s %10s %-8s %s\n' "$1" "$2" "$3" "${4:-}"; }
json() { printf '%s\n' "$1" >>"$results"; }
over() { awk "BEGIN { if (($2) > 0) printf \"%.2f\", ($1) / ($2) }"; }

start() {
	echo "# start, whole process (best of 60)"
	echo '{"id":1,"query":"x","messages":[{"role":"user","content":"x"}]}' \
		>"$out/one.jsonl"
	peer=
	have jq && peer=$(ms 60 jq -n 1) && row "jq -n 1" "$peer" ms
	have node && row "node -e 0" "$(ms 10 node -e 0)" ms
	for program in kb-index kb-search ctx-compress prompt-render llm-call \
		fact-check kb-eval; do
		[ -x "$bin/$program" ] || continue
		t=$(ms 60 "$bin/$program" --version)
		row "$program --version" "$t" ms \
			"${peer:+$(over "$t" "$peer") x jq}"
		json "{\"bench\":\"start\",\"program\":\"$program\",\"ms\":$t}"
	done
	for program in ctx-compress prompt-render llm-call; do
		[ -x "$bin/$program" ] || continue
		t=$(ms 60 "$bin/$program" -f "$out/one.jsonl")
		row "$program, one record" "$t" ms \
			"${peer:+$(over "$t" "$peer") x jq}"
		json "{\"bench\":\"one-record\",\"program\":\"$program\",\"ms\":$t}"
	done
}

# 100 MB of records as they come: news and chat, mixed.
mixed() {
	[ -s "$out/mixed.jsonl" ] && return 0
	[ -r "$data/scale/zh_news.jsonl.zst" ] && have zstd || return 1
	{
		zstd -dcq "$data/scale/zh_news.jsonl.zst" 2>/dev/null |
			head -c 50000000 | sed '$d'
		zstd -dcq "$data/scale/en_chat.jsonl.zst" 2>/dev/null |
			head -c 50000000 | sed '$d'
	} >"$out/mixed.jsonl"
}

loop() {
	echo "# record loop: whole-line validation, one member added"
	mixed || {
		skip "no $data/scale"
		return
	}
	[ -x "$bin/bench/loop_pass" ] || {
		skip "no loop_pass"
		return
	}
	mb=$(($(wc -c <"$out/mixed.jsonl") / 1000000))
	# shellcheck disable=SC2046 # three words
	set -- $(cost "$bin/bench/loop_pass" -f "$out/mixed.jsonl")
	rate=$(over "$mb" "$2")
	row "loop_pass, MB per CPU second" "$rate" MB/s "peak $3 KB"
	json "{\"bench\":\"loop\",\"mb_s\":$rate,\"rss_kb\":$3}"
	have jq || return
	head -c 10000000 "$out/mixed.jsonl" | sed '$d' >"$out/mixed10.jsonl"
	# shellcheck disable=SC2046
	set -- $(cost jq -c '.rank=1' "$out/mixed10.jsonl")
	peer=$(over 10 "$2")
	row "jq -c .rank=1" "$peer" MB/s "$(over "$rate" "$peer") x jq"
	json "{\"bench\":\"loop-jq\",\"mb_s\":$peer}"
}

# CPU seconds of a command over a file, the least of five: cpu FILE COMMAND...
cpu() {
	python3 - "$@" <<'PY'
import resource, subprocess, sys
best, before = None, 0
for i in range(5):
    with open(sys.argv[1], "rb") as records:
        subprocess.check_call(sys.argv[2:], stdin=records,
                              stdout=subprocess.DEVNULL)
    use = resource.getrusage(resource.RUSAGE_CHILDREN)
    total = use.ru_utime + use.ru_stime
    best = min(best or total, total - before)
    before = total
print("%.3f" % best)
PY
}

pass() {
	echo "# records of 0.2 to 2 KB that need no cut, CPU time, jq -c . is 1"
	have jq || {
		skip "jq is not installed"
		return
	}
	[ -s "$out/pass/mixed.jsonl" ] || {
		mkdir -p "$out/pass"
		python3 $here/mkpass.py "$out/pass" || return
	}
	for kind in query hits talk lean mixed; do
		file=$out/pass/$kind.jsonl
		peer=$(cpu "$file" jq -c .)
		for what in "bench/loop_pass" "ctx-compress -b 3000" \
			"ctx-compress" "prompt-render"; do
			# shellcheck disable=SC2086 # a program and its options
			t=$(cpu "$file" "$bin"/$what)
			row "$kind, ${what#bench/}" "$(over "$peer" "$t")" \
				"x jq" "$t s of $peer s"
			json "{\"bench\":\"pass\",\"kind\":\"$kind\",\"command\":\"$what\",\"jq\":$(over "$peer" "$t"),\"cpu_s\":$t}"
		done
	done
}

talks() {
	echo "# conversations of 32 turns cut to 30 %, one core"
	mkdir -p "$out/talks" && python3 $here/mkcuts.py "$data" "$out/talks" || return
	for file in "$out"/talks/*.jsonl; do
		[ -s "$file" ] || continue
		count=$(wc -l <"$file")
		t=$(cpu "$file" "$bin/ctx-compress" -r .3)
		row "$(basename "$file" .jsonl), $(($(wc -c <"$file") / count)) bytes" \
			"$(over "$t * 1000" "$count")" ms "a record"
		json "{\"bench\":\"talks\",\"set\":\"$(basename "$file" .jsonl)\",\"ms\":$(over "$t * 1000" "$count")}"
	done
}

# Rows of what token_bench or mktokens.py --peer printed: token_rows WHO NAME
token_rows() {
	while read -r file count rate took; do
		case $file in
		*/a.txt) row "$2 of a megabyte of 'a', $1" "$took" ms "$count tokens" ;;
		*) row "$2 of ${file##*/}, $1" "$rate" MB/s "$count tokens" ;;
		esac
		json "{\"bench\":\"tokens\",\"who\":\"$1\",\"tokenizer\":\"$2\",\"text\":\"${file##*/}\",\"tokens\":$count,\"mb_s\":$rate,\"ms\":$took}"
	done
}

tokens() {
	echo "# counting tokens, MB per CPU second"
	[ -x "$bin/bench/token_bench" ] || {
		skip "no token_bench"
		return
	}
	mkdir -p "$out/tokens" && python3 $here/mktokens.py "$data" "$out/tokens" ||
		return
	python=$(python_of tiktoken)
	for name in o200k cl100k; do
		(cd "$out/tokens" && "$bin/bench/token_bench" $name ./en.txt \
			./zh.txt ./code.txt ./log.txt ./a.txt) | token_rows kb $name
		"$python" -c 'import tiktoken' 2>/dev/null || {
			skip "$python has no tiktoken"
			continue
		}
		"$python" $here/mktokens.py --peer $name "$out"/tokens/[ezcl]*.txt |
			token_rows tiktoken $name
	done
	one=$out/tokens/one.jsonl
	echo '{"messages":[{"role":"user","content":"How long does a refund take?"}]}' >"$one"
	for how in "--tokenizer est" "--tokenizer o200k" "--tokenizer cl100k"; do
		# shellcheck disable=SC2086 # an option and its value
		row "start, ctx-compress $how" \
			"$(ms 60 ctx-compress $how -f "$one")" ms
	done
}

# Passages, queries, terms and our index of N passages.
passages() {
	p=$out/p$1
	[ -s "$p.jsonl" ] || {
		[ -r "$data/scale/zh_news.jsonl.zst" ] && have zstd || return 1
		python3 $here/mkpassages.py "$1" "$data" "$p.jsonl" \
			"$p.queries" "${2:-1000}" || return 1
	}
	[ -s "$p.terms" ] || [ ! -x "$bin/bench/terms" ] || {
		"$bin/bench/terms" text <"$p.jsonl" >"$p.terms"
		"$bin/bench/terms" query <"$p.queries" >"$p.qterms"
	}
	[ -d "$p.kb" ] || kb-index "$p.kb" "$p.jsonl" || return 1
}

peer_index() {
	[ -d "$p.$1" ] && return 0
	rm -rf "$p.$1.new"
	"$(python_of "$1")" $here/peers.py "$1" build "$p.terms" "$p.$1.new" \
		>"$p.$1.build" || return 1
	mv "$p.$1.new" "$p.$1"
}

# share NAME: of the instructions of a run, in percent, with what it calls
share() {
	callgrind_annotate --inclusive=yes --threshold=100 "$out/ask.callgrind" |
		sed -n "s/^ *[0-9,]* (\([0-9. ]*\)%).*:$1 .*/\1/p" | head -1
}
ask() {
	echo "# a question on the sample shop, start to answer (best of 60)"
	question=信用卡退款要多久
	rm -rf "$out/shop.kb"
	kb-index "$out/shop.kb" tests/data/shop || return
	pipe='kb-search "$0" $1 | prompt-render | llm-call | fact-check "$0"'
	t=$(ms 60 kb-ask "$out/shop.kb" "$question")
	row "kb-ask" "$t" ms
	u=$(ms 60 sh -c "$pipe" "$out/shop.kb" "$question")
	row "the pipe" "$u" ms "$(over "$u" "$t") times as long"
	v=$(ms 60 kb-search "$out/shop.kb" "$question")
	row "kb-search alone" "$v" ms
	json "{\"bench\":\"ask\",\"ms\":$t,\"pipe_ms\":$u,\"search_ms\":$v}"
	if have valgrind; then
		valgrind --tool=callgrind \
			--callgrind-out-file="$out/ask.callgrind" kb-ask \
			"$out/shop.kb" "$question" >/dev/null 2>&1
		for step in kb_ask_run_open kb_ask_worker_open kb_record_search \
			kb_prompt_apply kb_session_begin kb_verify_work; do
			row "  $step" "$(share $step)" "% of the instructions"
		done
	else
		skip "shares: valgrind is not installed"
	fi
	t=$(ms 5 kb-ask -f tests/data/questions.jsonl "$out/shop.kb")
	row "200 questions, kb-ask" "$t" ms
	u=$(ms 5 sh -c "$pipe" "$out/shop.kb" "-f tests/data/questions.jsonl")
	row "... the pipe, on all cores" "$u" ms "$(over "$u" "$t") times as long"
	json "{\"bench\":\"ask-200\",\"ms\":$t,\"pipe_ms\":$u}"
}
one() {
	echo "# one question, $n passages, whole process, page cache warm"
	passages "$n" || {
		skip "no $data/scale, or no kb-index"
		return
	}
	query=$(sed -n '7s/.*"query": "\([^"]*\)".*/\1/p' "$p.queries")
	terms=$(sed -n 7p "$p.qterms" | cut -f 2)
	t=$(ms 40 "$bin/kb-search" "$p.kb" "$query")
	row "kb-search" "$t" ms "default legs"
	json "{\"bench\":\"one\",\"passages\":$n,\"ms\":$t}"
	u=$(ms 40 "$bin/kb-search" --legs lexical "$p.kb" "$query")
	row "kb-search --legs lexical" "$u" ms
	json "{\"bench\":\"one-lexical\",\"passages\":$n,\"ms\":$u}"
	if have quest && peer_index xapian; then
		v=$(ms 20 quest -d "$p.xapian/xapian" -s none -m 10 "$terms")
		row "Xapian (quest)" "$v" ms "$(over "$v" "$u") x lexical"
		json "{\"bench\":\"one-xapian\",\"passages\":$n,\"ms\":$v}"
	else
		skip "Xapian is not installed"
	fi
	if have sqlite3 && peer_index fts5; then
		match=$(echo "$terms" | tr ' ' '\n' | sed '/^$/d' | sort -u |
			paste -sd'|' | sed 's/|/ OR /g')
		v=$(ms 10 sqlite3 "$p.fts5/fts5.db" "select rowid from t where \
t match '$match' order by rank limit 10")
		row "SQLite FTS5" "$v" ms "$(over "$v" "$u") x lexical"
		json "{\"bench\":\"one-fts5\",\"passages\":$n,\"ms\":$v}"
	else
		skip "SQLite is not installed"
	fi
}

jobs() {
	echo "# -j 2, CPU-bound; output must be the same bytes"
	passages "$n" || {
		skip "no $data/scale, or no kb-index"
		return
	}
	cat "$p.queries" "$p.queries" "$p.queries" "$p.queries" \
		>"$out/jobs.queries"
	for j in 1 2; do
		# shellcheck disable=SC2046
		set -- $(cost "$bin/kb-search" -j $j -f "$out/jobs.queries" \
			-o "$out/j$j" "$p.kb")
		[ $j = 1 ] && first=$1 first_cpu=$2
	done
	same=no
	cmp -s "$out/j1" "$out/j2" && same=yes
	queries=$(wc -l <"$out/jobs.queries")
	row "kb-search -j 2 over -j 1" "$(over "$first" "$1")" x \
		"same bytes: $same; cpu $first_cpu s, with -j 2 $2 s"
	row "kb-search -j 2" "$(over "$queries" "$1")" "q/s" "$n passages"
	json "{\"bench\":\"jobs\",\"ratio\":$(over "$first" "$1"),\"same\":\"$same\",\"queries_s\":$(over "$queries" "$1")}"
}

large() {
	n=${LARGE_N:-1000000}
	echo "# $n passages, warm, one thread, one process, top 10"
	passages "$n" 2000 || {
		skip "no $data/scale, or no kb-index"
		return
	}
	for legs in lexical default; do
		option="--legs $legs"
		[ $legs = default ] && option=
		# the second run is warm
		for run in cold warm; do
			# shellcheck disable=SC2086
			kb-search -k 10 $option --timing --stats "$out/$run.stats" \
				-f "$p.queries" "$p.kb" >/dev/null
		done
		p50=$(latency p50) p99=$(latency p99)
		row "kb-search, $legs" "$p50" ms "p50; p99 $p99 ms"
		json "{\"bench\":\"large\",\"legs\":\"$legs\",\"stats\":$(cat "$out/warm.stats")}"
	done
	rss=$(anon "$p.queries" "$p.kb")
	row "kb-search, RssAnon" "$rss" kB "of 32768"
	json "{\"bench\":\"anon\",\"passages\":$n,\"kb\":$rss}"
	# one question of fifty: these peers take up to seconds for each
	sed -n '1~50p' "$p.queries" >"$p.some.queries"
	sed -n '1~50p' "$p.qterms" >"$p.some.qterms"
	by_language
	for engine in xapian fts5; do
		beside "$engine" some python_peer
	done
	for language in en zh; do
		beside tantivy $language python_peer
		beside lucene $language lucene_peer
	done
}

# The questions in English and in Chinese, and their terms: keys of classes 1
# and 2 are Chinese.
by_language() {
	for language in en zh; do
		: >"$p.$language.queries"
		: >"$p.$language.qterms"
	done
	paste "$p.qterms" "$p.queries" | awk -F '\t' -v p="$p" '{
		language = $2 ~ / [12]/ ? "zh" : "en"
		print $1 "\t" $2 >(p "." language ".qterms")
		print $3 >(p "." language ".queries")
	}'
}

# Our lexical leg on the questions of a set, as the peers do it: what they
# have no counterpart for is off, ids are printed beside the texts they need,
# and the index is one segment, as theirs are after their optimize and
# forceMerge.
ours_on() {
	[ -d "$p.one.kb" ] || {
		rm -rf "$p.one.kb.new"
		cp -R "$p.kb" "$p.one.kb.new" &&
			kb-index "$p.one.kb.new" --optimize >&2 &&
			mv "$p.one.kb.new" "$p.one.kb" || return 1
	}
	cat "$p.$1.queries" "$p.$1.queries" "$p.$1.queries" \
		"$p.$1.queries" >"$p.again"
	kb-search -k 10 --legs lexical --no-synonyms --no-spelling --timing \
		-f "$p.again" "$p.one.kb" | python3 $here/latency.py
}

python_peer() {
	peer_index "$1" || return 1
	"$(python_of "$1")" $here/peers.py "$1" query "$p.$2.qterms" "$p.$1"
}

# Lucene 10 needs Java 21; Maven brings it, once.
lucene_peer() {
	java=java
	[ -n "${JAVA_HOME:-}" ] && java=$JAVA_HOME/bin/java
	have "$java" && have mvn || return 1
	major=$("$java" -version 2>&1 | sed -n 's/.*version "\([0-9]*\).*/\1/p')
	[ "${major:-0}" -ge 21 ] || return 1
	[ -d "$out/lucene" ] || mvn -q -B -f $here/lucene/pom.xml \
		dependency:copy-dependencies \
		-DoutputDirectory="$(cd "$out" && pwd)/lucene" >&2 || return 1
	set -- "$java" "$p.$2.qterms" --add-modules jdk.incubator.vector \
		--enable-native-access=ALL-UNNAMED -Xmx2g -cp "$out/lucene/*" \
		$here/lucene/LucenePeer.java
	terms=$2
	shift 2
	[ -d "$p.lucene" ] || {
		rm -rf "$p.lucene.new"
		"$java" "$@" build "$p.terms" "$p.lucene.new" 2>/dev/null \
			>"$p.lucene.build" || return 1
		mv "$p.lucene.new" "$p.lucene"
	}
	"$java" "$@" query "$terms" "$p.lucene" 2>/dev/null
}

# beside ENGINE SET HOW: a peer and then we, on the questions of a set
beside() {
	answer=$($3 "$1" "$2") || {
		skip "$1 is not installed"
		return
	}
	mine=$(ours_on "$2") ours=$(number p50_ms "$mine")
	p50=$(number p50_ms "$answer")
	row "$1, questions: $2" "$p50" ms "p50; p99 $(number p99_ms \
		"$answer") ms; kb-search $ours and $(number p99_ms \
		"$mine") ms: $(over "$p50" "$ours") times"
	json "{\"bench\":\"beside\",\"passages\":$n,\"set\":\"$2\",\"peer\":$answer,\"ours\":$mine}"
}

legs() {
	echo "# ${LARGE_N:-1000000} passages, the time of each leg, warm"
	passages "${LARGE_N:-1000000}" 2000 || {
		skip "no $data/scale, or no kb-index"
		return
	}
	mkdir -p "$p.set"
	cp "$p.queries" "$p.set/queries.jsonl"
	sed 's/.*"id": "\([^"]*\)".*"docs": \["\([^"]*\)".*/\1 \2 1/' \
		"$p.queries" >"$p.set/qrels.tsv"
	times=$("$bin/bench/legs_bench" "$p.kb" "$p.set" 0.05 0.7 2000 |
		grep ms)
	echo "$times"
	json "{\"bench\":\"legs\",\"times\":\"$times\"}"
}

# shots NAME COMMAND...: one question a process, with the index warm and cold
shots() {
	name=$1 index=$2 lines=$3
	shift 3
	warm=$(python3 $here/oneshot.py "$index" "$lines" "$@") || return
	cold=$(python3 $here/oneshot.py --cold "$index" "$lines" "$@") || return
	shot=$(number p50_ms "$warm")
	[ "$name" = "kb-search --legs lexical" ] && ours=$shot
	row "$name" "$shot" ms "p50; max $(number max_ms "$warm"); cold \
p50 $(number p50_ms "$cold"), max $(number max_ms "$cold"); $(over "$shot" \
		"$ours") x lexical"
	json "{\"bench\":\"shot\",\"name\":\"$name\",\"warm\":$warm,\"cold\":$cold}"
}

shot() {
	echo "# ${LARGE_N:-1000000} passages, one question a process"
	passages "${LARGE_N:-1000000}" 2000 || {
		skip "no $data/scale, or no kb-index"
		return
	}
	sed -n '1~100s/.*"query": "\([^"]*\)".*/\1/p' "$p.queries" |
		grep -v '[\\"-]' >"$p.texts"
	sed -n '1~100s/.*	 *//p' "$p.qterms" >"$p.words"
	shots "kb-search --legs lexical" "$p.kb" "$p.texts" \
		"$bin/kb-search" --legs lexical "$p.kb" {}
	shots "kb-search" "$p.kb" "$p.texts" "$bin/kb-search" "$p.kb" {}
	if have quest && [ -d "$p.xapian" ]; then
		shots "Xapian (quest)" "$p.xapian" "$p.words" \
			quest -d "$p.xapian/xapian" -s none -m 10 {}
	else
		skip "no Xapian, or no index of it: part large makes it"
	fi
	if have sqlite3 && [ -d "$p.fts5" ]; then
		awk '{ n = 0; delete seen; for (i = 1; i <= NF; i++)
			if (!seen[$i]++) printf "%s%s", n++ ? " OR " : "", $i
			print "" }' "$p.words" >"$p.matches"
		shots "SQLite FTS5" "$p.fts5" "$p.matches" sqlite3 \
			"$p.fts5/fts5.db" "select rowid from t where t match \
'{}' order by rank limit 10"
	else
		skip "no SQLite, or no index of it: part large makes it"
	fi
}

vector() {
	echo "# vectors: 1M of 1024 dimensions, recall against exact float"
	"$bin/bench/vector_bench" "${VECTORS:-1000000}" 1024 100 |
		tee "$out/vector.txt"
	json "{\"bench\":\"vector\",\"default\":\"$(tail -1 "$out/vector.txt")\"}"
}

# Texts of about 12 and 120 tokens, in the language of the model.
encoder() {
	for language in zh en; do
		model=${XDG_DATA_HOME:-$HOME/.local/share}/kb/models/bge-small-$language.kbm
		[ -r "$model" ] || {
			skip "encoder: no $model; make models brings it"
			continue
		}
		case $language in
		zh) text=信用卡退款要多久到账 times=12 ;;
		*) text='how long does a refund to my card take' times=13 ;;
		esac
		long=$(awk -v t="$text" -v n=$times \
			'BEGIN { while (n--) printf "%s ", t }')
		echo "# $model, one thread, best of 60"
		"$bin/bench/encoder_bench" "$model" "$text" "$long" |
			tee "$out/encoder.txt"
		json "{\"bench\":\"encoder\",\"model\":\"$language\",\"ours\":\"$(
			tr '\n' ' ' <"$out/encoder.txt")\"}"
		python=$(python_of onnxruntime)
		if [ -n "$python" ] && [ -r "${ONNX:-}/$language/model.onnx" ]; then
			"$python" $here/onnx_one.py "$ONNX/$language/model.onnx" \
				"$ONNX/$language/tokenizer.json" "$text" "$long"
		else
			skip "onnxruntime: not installed, or no model in ONNX"
		fi
	done
}

# Bytes of the titles and texts of JSON lines.
text_bytes() {
	python3 - "$1" <<'PY'
import json, sys
total = 0
for line in open(sys.argv[1], "rb"):
    doc = json.loads(line)
    total += len((doc.get("title", "") + doc["text"]).encode())
print(total)
PY
}

build() {
	echo "# indexing zh_news, JSON lines; text is titles and texts"
	if [ ! -r "$data/scale/zh_news.jsonl.zst" ] || ! have zstd; then
		skip "no $data/scale"
		return
	fi
	[ -s "$out/news.jsonl" ] ||
		zstd -dcq "$data/scale/zh_news.jsonl.zst" >"$out/news.jsonl"
	mb=$(($(wc -c <"$out/news.jsonl") / 1000000))
	text=$(text_bytes "$out/news.jsonl")
	for legs in lexical default; do
		option=
		[ $legs = lexical ] && option='--no-graph --no-word-vectors'
		rm -rf "$out/news.kb"
		# shellcheck disable=SC2046,SC2086
		set -- $(cost "$bin/kb-index" $option "$out/news.kb" \
			"$out/news.jsonl")
		size=$(cat "$out/news.kb"/* | wc -c)
		row "kb-index, $legs" "$(over "$mb" "$1")" MB/s \
			"cpu $2 s, peak $3 KB, index $size bytes, $(over "$size" "$text") x text"
		json "{\"bench\":\"build\",\"legs\":\"$legs\",\"mb_s\":$(over "$mb" "$1"),\"cpu_s\":$2,\"rss_kb\":$3,\"index_bytes\":$size,\"text_bytes\":$text}"
	done
}

# refreshed NAME LIMIT FILES: one more run over the sources, beside its limit
refreshed() {
	# shellcheck disable=SC2046
	set -- "$1" "$2" $(cost "$bin/kb-index" "$out/refresh.kb" "$3")
	row "$1" "$3" s "cpu $4 s, peak $5 KB; limit $2 s"
	json "{\"bench\":\"refresh\",\"what\":\"$1\",\"s\":$3,\"cpu_s\":$4,\"rss_kb\":$5,\"limit_s\":$2}"
}

# The limit of a refresh is 3 % of what the whole took, and 0.2 s.
refresh_of() {
	rm -rf "$out/refresh.kb"
	# shellcheck disable=SC2046
	set -- "$1" "$2" $(cost "$bin/kb-index" "$out/refresh.kb" "$2")
	row "$1, full build" "$3" s "cpu $4 s, peak $5 KB"
	json "{\"bench\":\"refresh\",\"what\":\"$1, full\",\"s\":$3,\"cpu_s\":$4,\"rss_kb\":$5}"
	limit=$(awk "BEGIN { printf \"%.2f\", 0.03 * $3 + 0.2 }")
}

refresh() {
	echo "# refresh, all legs"
	if [ ! -r "$data/scale/zh_news.jsonl.zst" ] || ! have zstd; then
		skip "no $data/scale"
		return
	fi
	news=$out/news.jsonl small=$out/small
	[ -s "$news" ] ||
		zstd -dcq "$data/scale/zh_news.jsonl.zst" >"$news"
	rm -rf "$small" "$out/lines"
	python3 $here/mkrefresh.py files "$news" "$small" 100000
	mkdir "$out/lines"
	cp "$news" "$out/lines/news.jsonl"
	# A file just written is looked at again by the next run.
	touch -d '2 minutes ago' "$out/lines/news.jsonl"
	find "$small" -type f -exec touch -d '2 minutes ago' {} +
	refresh_of "100000 files" "$small"
	refreshed "100000 files, nothing changed" 1 "$small"
	python3 $here/mkrefresh.py touch "$small" 100000
	refreshed "100000 files, 1 % changed" "$limit" "$small"
	refresh_of "JSON lines" "$out/lines"
	refreshed "JSON lines, nothing changed" 1 "$out/lines"
	python3 $here/mkrefresh.py lines "$news" "$out/lines/news.jsonl"
	refreshed "JSON lines, 1 % changed" "$limit" "$out/lines"
	rm -rf "$small" "$out/lines" "$out/refresh.kb"
}

# A provider of the tests, as long as the shell lives; its address.
bench_provider() {
	rm -f "$out/port" "$out/hold"
	mkfifo "$out/hold"
	python3 tests/pipe/helper/faults.py "$out/port" <"$out/hold" &
	exec 8>"$out/hold"
	tries=0
	until [ -s "$out/port" ] || [ $tries -gt 200 ]; do
		sleep 0.05
		tries=$((tries + 1))
	done
	echo "{\"providers\":[{\"name\":\"a\",\"model\":\"m\",\"base_url\":\"http://127.0.0.1:$(cat "$out/port")/ok/v1\"}]}" >"$out/provider.json"
}

cache() {
	echo "# what was asked before, from the cache"
	bench_provider
	rm -rf "$out/cache"
	python3 - "$out" <<'PY'
import json, sys
out = sys.argv[1]
passage = "[1] 支付宝和微信支付1至3个工作日到账，信用卡5至7个工作日到账。"
def line(i):
    return json.dumps({"id": i, "prompt": {"messages": [
        {"role": "system", "content": "Answer from the passages only. " * 6},
        {"role": "user", "content": f"Question {i % 2000}: 退款多久到账?\n\n"
         + passage}]}}, ensure_ascii=False)
with open(f"{out}/cached.jsonl", "w") as f:
    for i in range(100000):
        print(line(i), file=f)
with open(f"{out}/cached-once.jsonl", "w") as f:
    for i in range(2000):
        print(line(i), file=f)
with open(f"{out}/cached-one.jsonl", "w") as f:
    print(line(7), file=f)
PY
	set -- llm-call --config "$out/provider.json" --cache="$out/cache" -f
	"$@" "$out/cached-once.jsonl" >"$out/cached.out"
	exec 8>&- # nobody is left to be asked
	best=
	for _ in 1 2 3; do
		"$@" "$out/cached.jsonl" --stats "$out/cached.stats" \
			>"$out/cached.out"
		took=$(sed 's/.*"cpu_ms":\([0-9.]*\).*/\1/' "$out/cached.stats")
		best=$(printf '%s\n%s\n' "$took" "${best:-$took}" | sort -g | head -1)
	done
	row "lines of 460 bytes" "$(over 100000000 "$best")" "a CPU s" \
		"$(sed 's/.*"cached":\([0-9]*\).*/\1/' "$out/cached.stats") cached"
	row "a process with one" "$(ms 60 "$@" "$out/cached-one.jsonl")" ms \
		"--version $(ms 60 llm-call --version)"
	rm -rf "$out/shop.kb" "$out/answers"
	kb-index "$out/shop.kb" tests/data/shop
	echo '{"query":"信用卡退款要多久"}' >"$out/asked.jsonl"
	kb-search --answers="$out/answers" -f "$out/asked.jsonl" "$out/shop.kb" |
		prompt-render | llm-call --provider local |
		fact-check --answers="$out/answers" >"$out/cached.out"
	row "an answer before the search" "$(ms 60 kb-search \
		--answers="$out/answers" -f "$out/asked.jsonl" "$out/shop.kb")" ms \
		"the search $(ms 60 kb-search -f "$out/asked.jsonl" "$out/shop.kb")"
}

reply() {
	echo "# reading a provider's answer, CPU time of one"
	[ -x "$bin/bench/reply_bench" ] || {
		skip "no reply_bench"
		return
	}
	for kind in token:300000 event:300000 chat:100000 vectors:30; do
		# shellcheck disable=SC2046 # two words
		set -- $("$bin/bench/reply_bench" "${kind%:*}" "${kind#*:}")
		case $kind in
		token:*) note="the event of a token, without a tree" first=$2 ;;
		event:*) note="the same as a tree, $(over "$2" "$first") times" ;;
		*) note= ;;
		esac
		row "${kind%:*}, $1 bytes" "$2" us "$note"
		json "{\"bench\":\"reply\",\"kind\":\"${kind%:*}\",\"us\":$2}"
	done
}

# Short Chinese premises, dialogues, passages of 2.3 and 8.4 thousand bytes.
claims() {
	echo "# claims a CPU second of fact-check -j1, without an index"
	[ -d "$data/factcheck" ] || {
		skip "no $data/factcheck"
		return
	}
	mkdir -p "$out/claims"
	for set in "fc_zh_ocnli" "fc_begin" "fc_lfqa" "fc_lfqa apart" "fc_wice"; do
		file=$out/claims/records.jsonl
		# shellcheck disable=SC2086 # a set and how it is ordered
		set -- $set
		python3 $here/mkclaims.py "$data/factcheck/$1" "$file" \
			${2:+"$2"} || return
		n=$(fact-check -j1 <"$file" | python3 -c 'import json, sys
print(sum(len(json.loads(r)["check"]["claims"]) for r in sys.stdin))')
		t=$(cpu "$file" "$bin/fact-check" -j1)
		row "$set" "$(over "$n" "$t")" claims/s \
			"$(wc -l <"$file") records, $(over "$(wc -c <"$file")" \
				"$(wc -l <"$file")") bytes each"
		json "{\"bench\":\"claims\",\"set\":\"$set\",\"claims_s\":$(over "$n" "$t")}"
	done
}

# The CPU seconds of a command, the least of N runs: least N COMMAND
least() {
	runs=$1 least=
	shift
	for _ in $(seq "$runs"); do
		# shellcheck disable=SC2046 # three words
		set_cost=$(cost "$@" | cut -d' ' -f2)
		least=$(printf '%s\n%s\n' "${least:-$set_cost}" "$set_cost" |
			sort -g | head -1)
	done
	echo "$least"
}

classify() {
	echo "# learning labels and labelling lines, one thread, CPU time"
	set_=$data/intent/int_clinc150 model=$out/clinc150.tc
	[ -r "$set_/train.jsonl" ] || {
		skip "no $set_"
		return
	}
	learned=$(least 3 text-classify train -o "$model" -f "$set_/train.jsonl")
	row "learning $(wc -l <"$set_/train.jsonl") texts of 150 labels" \
		"$learned" s
	python3 -c 'import json, sys
for i in range(20):
    for line in open(sys.argv[1]):
        print(json.loads(line)["text"])' "$set_/val.jsonl" >"$out/lines.txt"
	lines=$(wc -l <"$out/lines.txt")
	labelled=$(least 7 text-classify predict -m "$model" -f "$out/lines.txt")
	row "labelling $lines lines" "$(awk "BEGIN {
		printf \"%d\", $lines / $labelled }")" lines/s
	json "{\"bench\":\"classify\",\"train_s\":$learned,\"lines\":$lines,\"predict_s\":$labelled}"
	have fasttext || {
		skip "no fasttext"
		return
	}
	python3 -c 'import json, sys
for line in open(sys.argv[1]):
    r = json.loads(line)
    print("__label__" + r["label"], r["text"])' "$set_/train.jsonl" >"$out/ft.txt"
	peer=$(least 1 fasttext supervised -input "$out/ft.txt" -output "$out/ft" \
		-wordNgrams 2 -minn 2 -maxn 5 -epoch 25 -lr 0.5 -thread 1)
	row "... fastText" "$peer" s "$(over "$peer" "$learned") times"
	peer=$(least 3 fasttext predict "$out/ft.bin" "$out/lines.txt")
	row "... fastText labels" "$(awk "BEGIN { printf \"%d\", $lines / $peer }")" \
		lines/s "$(over "$peer" "$labelled") times as long"
}

[ $# -gt 0 ] || set -- start loop one jobs
for part; do
	case $part in
	start | loop | pass | talks | tokens | one | ask | jobs | large | legs | \
		shot | vector | encoder | build | reply | cache | claims | \
		refresh | classify)
		"$part"
		;;
	*)
		echo "run.sh: no part '$part'" >&2
		exit 2
		;;
	esac
done
echo "results as JSON lines: $results"
