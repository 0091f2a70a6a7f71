#!/bin/sh
# Transcripts of the command line, tests/golden/*.txt:
#
#	$ COMMAND	run by sh in a directory of its own, nothing on its input
#	1> LINE		what it prints on standard output
#	2> LINE		... and on standard error
#	= STATUS
#
# Lines that begin with '#' and empty ones are kept. tests/pipe/golden.t
# compares each command with what it prints now.
#
# usage: tests/golden.sh BUILD_DIR FILE		print the transcript of now
#	 tests/golden.sh --write BUILD_DIR	... and keep it, of all files
set -u
write=no
[ "${1:-}" = --write ] && write=yes && shift
build=$(cd "$1" && pwd) || exit 2
here=$(cd "$(dirname "$0")/golden" && pwd) || exit 2

# Nothing of the user's own shows, and messages name short paths.
T=$(mktemp -d) || exit 2
trap 'rm -rf "$T"' EXIT
export HOME=home XDG_CONFIG_HOME=conf LC_ALL=C PATH="$build:$PATH"
unset OPENAI_BASE_URL OPENAI_API_KEY NO_COLOR KB_INDEX EDITOR

again() {
	rm -rf "$T/work" && mkdir "$T/work"
	while IFS= read -r line; do
		case $line in
		'$ '*)
			printf '%s\n' "$line"
			(cd "$T/work" && sh -c "${line#??}") \
				</dev/null >"$T/out" 2>"$T/err"
			status=$?
			sed 's/^/1> /' "$T/out"
			sed 's/^/2> /' "$T/err"
			echo "= $status"
			;;
		'#'* | '') printf '%s\n' "$line" ;;
		'1> '* | '2> '* | '= '*) ;;
		*) echo "golden.sh: what is '$line'?" >&2 && return 2 ;;
		esac
	done <"$1"
}

if [ $write = no ]; then
	again "$2"
	exit
fi
for file in "$here"/*.txt; do
	again "$file" >"$T/new" && cat "$T/new" >"$file" || exit
done
