#!/bin/sh
# Explore with libFuzzer: every harness for SECONDS (default 60), starting
# from the corpus in the tree. What is found goes to BUILD/new/NAME; the tree
# itself is never written.
#
# usage: tests/fuzz/explore.sh BUILD_DIR [SECONDS]
set -u
build=$1 seconds=${2:-60} status=0
here=$(dirname "$0")

for harness in "$build"/fuzz/fuzz_*; do
	[ -x "$harness" ] && [ ! -d "$harness" ] || continue
	name=${harness##*/fuzz_}
	mkdir -p "$build/new/$name"
	echo "== $name: $seconds s"
	# libFuzzer writes into the first directory only.
	"$harness" -max_total_time="$seconds" -print_final_stats=1 \
		-artifact_prefix="$build/new/$name/" -rss_limit_mb=2048 \
		"$build/new/$name" "$here/corpus/$name" \
		>"$build/new/$name.log" 2>&1 || {
		echo "$name: a crash; see $build/new/$name.log"
		status=1
	}
	grep -E 'number_of_executed_units|new_units_added' "$build/new/$name.log"
done
exit $status
