#!/bin/sh
# Explore with libFuzzer: every harness for SECONDS (default 60), starting
# from the corpus in the tree, JOBS at a time (default 2), and from FUZZ_SEED
# (default: another one each time). What is found goes
# to BUILD/new/NAME, crashes beside it; the tree itself is never written.
#
# usage: tests/fuzz/explore.sh BUILD_DIR [SECONDS [JOBS]]
#
# A seed is worth keeping when the corpus lacks what it reaches:
#	build/fuzz/fuzz/fuzz_NAME -merge=1 tests/fuzz/corpus/NAME build/fuzz/new/NAME
set -u
build=$1 seconds=${2:-60} jobs=${3:-2}
here=$(dirname "$0")

# explore.sh BUILD_DIR one NAME SECONDS
if [ "$seconds" = one ]; then
	name=$3 seconds=$4
	# libFuzzer writes into the first directory only.
	mkdir -p "$build/new/$name" "$build/new/found"
	"$build/fuzz/fuzz_$name" -max_total_time="$seconds" \
		-seed="${FUZZ_SEED:-0}" \
		-print_final_stats=1 -rss_limit_mb=2048 -timeout=20 \
		-artifact_prefix="$build/new/found/$name-" \
		"$build/new/$name" "$here/corpus/$name" \
		>"$build/new/$name.log" 2>&1 || {
		echo "$name: a crash; see $build/new/$name.log"
		exit 1
	}
	echo "$name: $(sed -n \
		's/.*number_of_executed_units: //p' "$build/new/$name.log") runs, $(
		sed -n 's/.*new_units_added: //p' "$build/new/$name.log") new"
	exit
fi

for harness in "$build"/fuzz/fuzz_*; do
	[ -x "$harness" ] && [ ! -d "$harness" ] || continue
	echo "${harness##*/fuzz_}"
done | xargs -P "$jobs" -I NAME sh "$0" "$build" one NAME "$seconds" || exit 1
