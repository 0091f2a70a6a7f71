#!/bin/sh
# What every program prints on its command line: help, versions, refusals, to
# the letter. 'make golden' writes the transcripts anew.
. "$(dirname "$0")/../lib.sh"
need kb-index kb-search ctx-compress prompt-render llm-call fact-check kb-embed kb-eval text-classify kb-ask

# A file for each command of a transcript: 1, 2, ...
commands() {
	mkdir "$2" && awk -v dir="$2" '
		/^\$ / { close(file); file = dir "/" ++n }
		n && !/^#/ && NF { print >file }' "$1"
}
for file in "$ROOT"/tests/golden/*.txt; do
	rm -rf now want
	ok "${file##*/} runs" sh -c \
		"sh '$ROOT/tests/golden.sh' '$KB_BIN' '$file' >transcript"
	commands "$file" want
	commands transcript now
	n=1
	while [ -f want/$n ]; do
		same "$(sed -n '1s/^\$ //p' want/$n)" want/$n now/$n
		n=$((n + 1))
	done
done
for p in $(cd "$ROOT/cmd" && ls -- *.c | sed 's/\.c$//'); do
	ok "$p has a transcript" [ -s "$ROOT/tests/golden/$p.txt" ]
done
finish
