#!/bin/sh
# Measure quality: the whole pipe on the questions of the sample shop and on
# those that were kept apart from its making; then on the data sets that are
# there retrieval beside a reference BM25 and the yardsticks of the data, the
# time of a whole search, and the whole pipe on two sets with what it sends out
# where it should not; the same on the labelled set of tests/data/answers; what
# labels make of the confidence.
# Tables for people on standard output; JSON lines in $OUT/results.jsonl.
#
# usage: tests/eval/run.sh
#	DATA   folder of the data sets (default ../shared/data)
#	SET    only these sets, separated by blanks (sample, heldout and
#	       paraphrased are the shop's, answers the labelled set, labels those with
#	       labels, spelling is that of three indexes, classify the
#	       intents and question types)
#	LEGS   options of kb-search for another run beside the default one
#	EMBED  command of an embedder (kb-index --embed-cmd), such as
#	       tests/eval/onnx-embed.py, for another run with its vectors
#	MODEL  a model in the process (kb-index --embed), for another run; %
#	       in it is the language of the set: MODEL=bge-small-%; and one
#	       more of the same index without the model at question time
#	LIMIT  questions for the pipe (default 300)
#	ENCODER	models in the process for llm-call --encoder and for the index
#	       of the shop: ENCODER=bge-small-zh,bge-small-en
#	OUT    where indexes and runs go (default build/eval)
set -u
cd "$(dirname "$0")/../.." || exit 2
bin=${KB_BIN:-$PWD/build} PATH=${KB_BIN:-$PWD/build}:$PATH
data=${DATA:-${KB_DATA:-../shared/data}}
out=${OUT:-build/eval}
limit=${LIMIT:-300}
here=tests/eval
mkdir -p "$out" || exit 2
results=$out/results.jsonl
: >"$results"
status=0
embedder=

# Yardstick of the data's README: a naive BM25, hit@1 and recall@10.
yardstick() {
	case $1 in
	zh_cmrc2018) echo 'hit@1 .980  recall@10 .994' ;;
	zh_kdconv_kb) echo 'hit@1 .084  recall@10 .248' ;;
	en_squad) echo 'hit@1 .803  recall@10 .949' ;;
	en_cisi) echo 'hit@1 .395  recall@10 .090' ;;
	en_lfqa) echo 'hit@1 .967  recall@10 .704' ;;
	en_multihop) echo 'hit@1 .700  recall@10 .722  all@10 .490' ;;
	kg_pathquestion) echo 'hit@1 .687  recall@10 .712' ;;
	en_wice_evidence) echo 'hit@1 .721  recall@10 .572' ;;
	en_locomo_mem) echo 'hit@1 .315  recall@10 .596 (within the dialogue)' ;;
	cache_*) echo 'recall@100 of the first run; asked are 3 points more' ;;
	cut_*) echo 'hit@1 of the lexical leg' ;;
	esac
}

# The member that narrows a search to one part of the corpus.
within() {
	[ "$1" = en_locomo_mem ] && echo dialogue
}

# kb-search over records on standard input: search SET KB [OPTION...]
search() {
	set_=$1 kb=$2
	shift 2
	kb-search --format=trec --plain --distinct -k 100 \
		${embedder:+--embed-cmd "$embedder"} "$@" "$kb" || {
		[ $? = 3 ] && return
		echo "run.sh: kb-search did not run on $set_" >&2
		status=1
	}
}

# One search a value of the narrowing member.
search_within() {
	set_=$1 kb=$2 member=$3 records=$4
	shift 4
	sed -n "s/.*\"$member\": \"\([^\"]*\)\".*/\1/p" "$records" | sort -u |
		while read -r value; do
			grep -F "\"$member\": \"$value\"" "$records" |
				search "$set_" "$kb" \
					--filter "$member:$value" "$@"
		done
}

run_search() {
	member=$(within "$1")
	if [ -n "$member" ]; then
		# shellcheck disable=SC2086 # options are words
		search_within "$1" "$2" "$member" "$3" $4
	else
		# shellcheck disable=SC2086
		search "$1" "$2" $4 <"$3"
	fi
}

retrieval() {
	set_=$1 dir=$2 kb=$out/$1.kb work=$out/$1
	member=$(within "$set_")
	python3 $here/records.py "$dir/queries.jsonl" "$dir/qrels.tsv" \
		>"$work.records" || exit 2
	rm -rf "$kb"
	# shellcheck disable=SC2086 # an option or none
	kb-index ${member:+--keyword $member} "$kb" "$dir/corpus.jsonl" || {
		status=1
		return
	}
	run_search "$set_" "$kb" "$work.records" "--legs lexical" \
		>"$out/$set_.lexical.run"
	# as many hits as by default: it decides how deep the legs search
	case $set_ in cache_*) hits=100 ;; *) hits=10 ;; esac
	run_search "$set_" "$kb" "$work.records" "-k $hits" \
		>"$out/$set_.all.run"
	# shellcheck disable=SC2086
	[ -s "$work.bm25.run" ] ||
		python3 $here/bm25_reference.py "$dir/corpus.jsonl" \
			"$dir/queries.jsonl" ${member:+--within $member} \
			>"$work.bm25.run"
	set -- "$work.bm25.run" "$work.lexical.run" "$work.all.run"
	if [ -n "${LEGS:-}" ]; then
		run_search "$set_" "$kb" "$work.records" "-k $hits $LEGS" \
			>"$work.legs.run"
		set -- "$@" "$work.legs.run"
	fi
	if [ -n "${EMBED:-}" ]; then
		embed "$set_" "$dir"
		set -- "$@" "$work.embed.run"
	fi
	if [ -n "${MODEL:-}" ]; then
		embed_in_process "$set_" "$dir"
		set -- "$@" "$work.model.run" "$work.no-model.run"
	fi
	echo
	kb-eval retrieval --format=text --set="$set_" -q "$dir/qrels.tsv" "$@"
	echo "yardstick: $(yardstick "$set_")"
	kb-eval retrieval --format=json --set="$set_" -q "$dir/qrels.tsv" \
		"$@" >>"$results"
	# all legs may not lose the first place that words alone find
	python3 $here/mcnemar.py "$dir/qrels.tsv" "$out/$set_.lexical.run" \
		"$out/$set_.all.run" || {
		echo "run.sh: $set_ loses hit@1 to the lexical leg" >&2
		status=1
	}
	time_=$(python3 $here/p95.py "$work.records" 60 "$bin/kb-search" "$kb")
	echo "whole process: $time_"
	echo "{\"set\":\"$set_\",\"process\":$time_}" >>"$results"
}

# All legs, with vectors of a model; the index stays, as it is dear.
embed() {
	member=$(within "$1")
	# shellcheck disable=SC2086 # an option or none
	[ -d "$out/$1.embed.kb" ] || kb-index ${member:+--keyword $member} \
		--embed eval --embed-cmd "$EMBED" "$out/$1.embed.kb" \
		"$2/corpus.jsonl" || status=1
	embedder=$EMBED
	run_search "$1" "$out/$1.embed.kb" "$work.records" "-k $hits" \
		>"$work.embed.run"
	embedder=
}

# The language of a set, by its name.
language() {
	case $1 in *zh* | cut_cmrc | cut_news) echo zh ;; *) echo en ;; esac
}

# All legs, with vectors of a model in the process; then by what the index
# learned of it.
embed_in_process() {
	member=$(within "$1")
	language=$(language "$1")
	model=$(echo "$MODEL" | sed "s/%/$language/")
	kb=$out/$1.$model.kb
	# shellcheck disable=SC2086 # an option or none
	[ -d "$kb" ] || kb-index ${member:+--keyword $member} \
		--embed "$model" --stats "$work.model.stats" "$kb" \
		"$2/corpus.jsonl" || status=1
	run_search "$1" "$kb" "$work.records" "-k $hits" >"$work.model.run"
	run_search "$1" "$kb" "$work.records" "-k $hits --no-model" \
		>"$work.no-model.run"
	echo "static encoder: $(kb-index --info "$kb" |
		sed -n 's/.*"static":\[\([^]]*\)\].*/\1/p')"
	kb=$out/$1.kb
}

# The whole pipe, without and with the router's decision.
pipe() {
	set_=$1 dir=$data/retrieval/$1 kb=$out/$1.kb work=$out/$1
	for program in prompt-render llm-call fact-check; do
		[ -x "$bin/$program" ] || {
			echo "skipped: the pipe on $set_: no $program"
			return
		}
	done
	python3 $here/records.py "$dir/queries.jsonl" "$dir/qrels.tsv" \
		--limit "$limit" >"$work.questions"
	kb-search "$kb" <"$work.questions" | prompt-render |
		llm-call ${ENCODER:+--encoder "$ENCODER"} |
		fact-check "$kb" >"$work.answers"
	report_answers "$set_" "$work.answers"
}

# What the tables say of answers, and the JSON lines.
report_answers() {
	echo
	kb-eval answers --format=text --set="$1, whole pipe" "$2"
	kb-eval confidence --format=text "$2"
	kb-eval answers --format=json --set="$1" "$2" >>"$results"
	kb-eval confidence --format=json --set="$1" "$2" >>"$results"
}

# The sample shop: 'sample' was looked at while the programs were made,
# 'heldout' was not.
shop() {
	questions=tests/data/questions.jsonl kb=$out/shop.kb
	[ "$1" = sample ] || questions=tests/data/questions-$1.jsonl
	rm -rf "$kb"
	kb-index ${ENCODER:+--embed "$ENCODER"} "$kb" tests/data/shop || {
		status=1
		return
	}
	ctx-compress -b 3000 <"$questions" | kb-search "$kb" | prompt-render |
		llm-call ${ENCODER:+--encoder "$ENCODER"} |
		fact-check "$kb" >"$out/$1.answers"
	echo
	kb-eval retrieval --format=text --set="$1" "$out/$1.answers"
	kb-eval retrieval --format=json --set="$1" "$out/$1.answers" \
		>>"$results"
	report_answers "$1" "$out/$1.answers"
}

# What the spelling correction does to questions that are right, on the shop,
# on logs and on files of all kinds, and for those that are not.
spelling() {
	for part in shop logs mixed; do
		rm -rf "$out/spelling-$part.kb"
	done
	kb-index "$out/spelling-shop.kb" tests/data/shop &&
		kb-index "$out/spelling-logs.kb" "$data/logs" &&
		kb-index "$out/spelling-mixed.kb" "$data/document/doc_docling" \
			README.md man lib cmd tests/pipe tests/data || {
		# documents that are damaged on purpose are left out
		[ $? = 3 ] || status=1
	}
	python3 $here/well-formed.py "$bin/kb-search" "$data" \
		"$out/spelling-shop.kb" "$out/spelling-logs.kb" \
		"$out/spelling-mixed.kb" || status=1
	for set_ in en_squad zh_cmrc2018; do
		dir=$data/retrieval/$set_ kb=$out/$set_.kb
		[ -d "$kb" ] || kb-index "$kb" "$dir/corpus.jsonl"
		python3 $here/records.py "$dir/queries.jsonl" \
			"$dir/qrels.tsv" >"$out/$set_.records"
		echo "$set_"
		python3 $here/typos.py "$bin/kb-search" "$kb" \
			"$out/$set_.records" "$dir/qrels.tsv" || status=1
	done
}

# What is sent out though it does not answer: honest WHAT...
honest() {
	echo
	python3 $here/honest.py "$@" --bin "$bin" --out "$out/honest" \
		--json "$results" ${ENCODER:+--encoder "$ENCODER"} || status=1
}

# What a confidence is worth, raw and learned from labels.
labels() {
	echo
	names=own
	for set_ in lfqa begin en_rgb_fact qags frank wice halueval_qa \
		zh_halluqa zh_ocnli zh_uhgeval; do
		[ -r "$data/factcheck/fc_$set_/cases.jsonl" ] &&
			names="$names fc_$set_"
	done
	for set_ in en_squad zh_cmrc2018; do
		[ -r "$data/retrieval/$set_/corpus.jsonl" ] &&
			names="$names $set_"
	done
	# shellcheck disable=SC2086 # names hold no blanks
	python3 $here/learned.py $names --bin "$bin" --data "$data" \
		--out "$out/learned" --json "$results" || status=1
}

# Labels of texts.
classify() {
	echo
	python3 $here/classify.py "$data" --bin "$bin" --json "$results" ||
		status=1
}

# cache_zh_12000, the first documents of cache_zh, runs when it is named.
sets='sample heldout answers labels spelling classify zh_cmrc2018 en_squad en_cisi en_lfqa en_multihop kg_pathquestion
	en_wice_evidence en_locomo_mem zh_kdconv_kb cache_en cache_zh
	cut_squad cut_cmrc cut_named cut_facts cut_news'

# The folder of a set. Pairs of questions become a set of paraphrases, of
# which the half is scored that nothing was tuned on; cut_* are articles of
# other sets in many passages.
folder() {
	case $1 in
	cut_*)
		python3 $here/passages.py "${1#cut_}" "$out/$1.set" \
			--data "$data" >&2
		echo "$out/$1.set"
		return
		;;
	cache_en) pairs=$data/cache/cache_pairs/en_qqp_gptcache.jsonl ;;
	cache_zh | cache_zh_12000)
		pairs=$data/cache/cache_pairs/zh_afqmc_train.jsonl
		;;
	*)
		echo "$data/retrieval/$1"
		return
		;;
	esac
	# shellcheck disable=SC2046 # an option or none
	[ -r "$pairs" ] &&
		python3 $here/pairs.py "$pairs" "$out/$1.set" --half 1 \
			$([ "$1" = cache_zh_12000 ] &&
				echo --documents 12000)
	echo "$out/$1.set"
}

for s in ${SET:-$sets}; do
	case $s in sample | heldout | paraphrased)
		shop "$s"
		continue
		;;
	answers)
		honest own
		continue
		;;
	labels | classify)
		"$s"
		continue
		;;
	spelling)
		if [ -r "$data/retrieval/en_squad/corpus.jsonl" ]; then
			spelling
		else
			echo "skipped: $data/retrieval/en_squad is not there"
		fi
		continue
		;;
	esac
	dir=$(folder "$s")
	if [ ! -r "$dir/corpus.jsonl" ]; then
		echo "skipped: $dir is not there"
		continue
	fi
	retrieval "$s" "$dir"
	case $s in zh_cmrc2018 | en_squad)
		pipe "$s"
		honest set "$data/retrieval/$s" --limit "$limit"
		;;
	esac
done
echo
echo "results as JSON lines: $results"
exit $status
