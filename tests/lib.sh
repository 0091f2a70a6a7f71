# Helpers for tests/pipe/*.t: POSIX shell, TAP output.
#
#	. "$(dirname "$0")/../lib.sh"
#	need kb-search			# or skip the whole script
#	run kb-search nowhere.kb x	# sets $status, files out and err
#	is "a missing index is said" "$status" 2
#	finish
#
# Each script works in a directory of its own ($T) that is removed at the
# end. Programs come from $KB_BIN, test programs from $KB_BIN/bench. The tree
# is $ROOT, the data sets $KB_DATA (a test that wants them skips without).
# shellcheck shell=sh disable=SC2034
set -u
ROOT=$(cd "$(dirname "$0")/../.." && pwd)
KB_BIN=${KB_BIN:-$ROOT/build}
case $KB_BIN in /*) ;; *) KB_BIN=$PWD/$KB_BIN ;; esac
KB_DATA=${KB_DATA:-$ROOT/../shared/data}
PATH=$KB_BIN:$KB_BIN/bench:$PATH
T=$(mktemp -d) || exit 2
trap 'rm -rf "$T"' EXIT
trap 'exit 130' INT TERM
cd "$T" || exit 2

# Nothing of the user's own configuration or providers reaches a test.
export HOME="$T" XDG_CONFIG_HOME="$T/config" XDG_CACHE_HOME="$T/cache"
export XDG_STATE_HOME="$T/state"
unset OPENAI_BASE_URL OPENAI_API_KEY ANTHROPIC_BASE_URL ANTHROPIC_API_KEY
unset GEMINI_BASE_URL GEMINI_API_KEY NO_COLOR KB_INDEX EDITOR
n_tests=0 n_failed=0

pass() {
	n_tests=$((n_tests + 1))
	echo "ok $n_tests - $1"
}

# fail NAME [FILE...]: the files are shown
fail() {
	n_tests=$((n_tests + 1)) n_failed=$((n_failed + 1))
	echo "not ok $n_tests - $1"
	shift
	for shown; do
		[ -f "$shown" ] && head -c 2000 "$shown" | sed "s|^|# $shown: |"
	done
	return 0
}

# ok NAME COMMAND...: the command succeeds
ok() {
	named=$1
	shift
	if "$@" >"$T/.log" 2>&1; then
		pass "$named"
	else
		fail "$named" "$T/.log"
	fi
}

# is NAME GOT WANT
is() {
	if [ "$2" = "$3" ]; then
		pass "$1"
	else
		printf '%s\n' "$2" >"$T/.got" && printf '%s\n' "$3" >"$T/.want"
		fail "$1" "$T/.got" "$T/.want"
	fi
}

# has NAME FILE PATTERN: a line of the file matches (extended expression)
has() {
	if grep -qE -e "$3" "$2"; then
		pass "$1"
	else
		fail "$1" "$2"
	fi
}

# same NAME FILE FILE
same() {
	if cmp -s "$2" "$3"; then
		pass "$1"
	else
		diff "$2" "$3" 2>&1 | head -6 >"$T/.diff"
		fail "$1" "$T/.diff"
	fi
}

# The filters of the pipe, for tests of what they have in common.
filters='ctx-compress kb-search prompt-render llm-call fact-check kb-ask'

# filter NAME [ARGUMENT...]: the program with the index kb.kb
# where it takes one
filter() {
	filter=$1
	shift
	case $filter in
	kb-search | fact-check | kb-ask) "$filter" "$@" kb.kb ;;
	*) "$filter" "$@" ;;
	esac
}

# one_line NAME: standard error has one line, which begins with the program
one_line() {
	is "... in one line" "$(wc -l <err) $(sed 's/: .*//' err)" "1 $1"
}

# run COMMAND...: $status, files out and err in the current directory
run() {
	status=0
	"$@" >out 2>err || status=$?
}

skip() {
	n_tests=$((n_tests + 1))
	echo "ok $n_tests # SKIP $1: $2"
}

skip_all() {
	echo "1..0 # SKIP $*"
	exit 0
}

# need PROGRAM...: skip the script while one does not exist
need() {
	for program; do
		command -v "$program" >/dev/null 2>&1 ||
			skip_all "$program is not there"
	done
}

# wait_for COMMAND...: until it succeeds; a minute at most
wait_for() {
	tries=0
	until "$@" 2>/dev/null; do
		tries=$((tries + 1))
		[ $tries -lt 3000 ] || return 1
		sleep 0.02
	done
}

# start_provider HELPER [ARGUMENT...]: a server of tests/pipe/helper that lives as long as the
# script does; $base is its address. False when it does not start.
start_provider() {
	helper=$1
	shift
	[ -p hold ] || mkfifo hold
	rm -f port
	python3 "$ROOT/tests/pipe/helper/$helper" "$T/port" "$@" <hold &
	exec 9>hold
	wait_for test -s port || return 1
	base=http://127.0.0.1:$(cat port)
}

# A shell without job control starts its background with SIGINT ignored, and
# then it stays so: what is to be interrupted is started by this.
interruptible='env --default-signal=INT'

finish() {
	echo "1..$n_tests"
	[ $n_failed -eq 0 ]
	exit
}
