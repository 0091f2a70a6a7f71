#!/bin/sh
# Run tests and sum them up: unit tests, replays of the fuzz corpora, pipe
# scripts. What a failed one printed is shown; all of it is in BUILD/log.
# Ends with the line "N passed, N failed, N skipped"; exit 1 when any failed.
#
# usage: tests/run.sh BUILD_DIR [unit|fuzz|pipe|threads|packages]...
#	 ONLY=WORD	only tests whose name holds WORD
set -u
build=$1
shift
here=$(cd "$(dirname "$0")" && pwd)
case $build in /*) ;; *) build=$PWD/$build ;; esac
passed=0 failed=0 skipped=0
mkdir -p "$build/log"
# A test that hangs is a failed one.
limit=${KB_TEST_TIMEOUT:-300}

# Reads TAP and gives "passed failed skipped"; a plan not kept, or a bad exit
# status with no failed test, is one failure more.
sum_tap() {
	awk -v status="$2" '
	# cmocka says "not ok N # SKIP name"
	/^(not )?ok / && /# *SKIP/ { skipped++; next }
	/^ok / { passed++ }
	/^not ok / { failed++ }
	/^1\.\.[0-9]+/ {
		planned = 1
		split($1, plan, /\.\./)
		want = plan[2]
		if (want == 0) skipped++
	}
	END {
		met = passed + failed + skipped
		if (!planned || (want > 0 && want != met) ||
		    (status != 0 && !failed))
			failed++
		print passed + 0, failed + 0, skipped + 0
	}' "$1"
}

# one NAME COMMAND...: the command prints TAP
one() {
	name=$1 status=0
	shift
	case $name in *"${ONLY:-}"*) ;; *) return ;; esac
	log=$build/log/$(echo "$name" | tr / -).log
	timeout "$limit" "$@" >"$log" 2>&1 || status=$?
	read -r p f s <<-SUM
		$(sum_tap "$log" "$status")
	SUM
	passed=$((passed + p)) failed=$((failed + f)) skipped=$((skipped + s))
	if [ "$f" -gt 0 ]; then
		echo "$name: $f FAILED (exit $status), $p passed"
		grep -vE '^(ok |1\.\.|TAP version)' "$log" | tail -40 |
			sed 's/^/    /'
	else
		echo "$name: $p passed$([ "$s" = 0 ] || echo ", $s skipped")"
		sed -nE 's/^(not ok|ok|1\.\.0).*# *SKIP/    skipped:/p' "$log"
	fi
}

replay() {
	name=${1##*/fuzz_}
	"$1" "$here/fuzz/corpus/$name" &&
		echo "ok 1 - nothing in the corpus breaks it" && echo "1..1"
}

unit() {
	CMOCKA_MESSAGE_OUTPUT=TAP
	export CMOCKA_MESSAGE_OUTPUT
	for test in "$build"/unit/test_*; do
		[ -x "$test" ] && one "unit/${test##*/}" "$test"
	done
	unset CMOCKA_MESSAGE_OUTPUT
}

fuzz() {
	for test in "$build"/fuzz/fuzz_*; do
		[ -x "$test" ] && one "fuzz/${test##*/fuzz_}" \
			sh "$here/run.sh" "$build" replay "$test"
	done
}

pipe() {
	for test in "$here"/pipe/${1:-*}.t; do
		[ -f "$test" ] || continue
		name=${test##*/}
		KB_BIN=$build one "pipe/${name%.t}" sh "$test"
	done
}

packages() {
	for test in "$here"/packages/*.t; do
		name=${test##*/}
		KB_BIN=$build one "packages/${name%.t}" sh "$test"
	done
}

if [ "${1:-}" = replay ]; then
	replay "$2"
	exit
fi
cd "$here/.." || exit 2
for kind in "${@:-unit}"; do
	case $kind in
	unit | fuzz | pipe | packages) $kind ;;
	threads) unit && pipe loop && pipe kb-search && pipe kb-index ;;
	*) echo "run.sh: no kind of test '$kind'" >&2 && exit 2 ;;
	esac
done
echo "$passed passed, $failed failed, $skipped skipped"
[ $failed -eq 0 ]
