#!/bin/sh
# What is linked: nothing that no source includes, no reader of documents
# outside kb-index, one language of the stemmer.
. "$(dirname "$0")/../lib.sh"
need kb-index kb-search
programs=$(cd "$ROOT" && for f in cmd/*.c; do f=${f#cmd/} && echo "${f%.c}"; done)

# The name in the Makefile, and the header that a source must include.
listed=$(make -s -C "$ROOT" libraries)
for lib in $listed; do
	case $lib in
	pcre2-8) header=pcre2.h ;;
	stemmer) header=libstemmer.h ;;
	z) header=zlib.h ;;
	*) header=$lib.h ;;
	esac
	ok "$lib is linked, and $header included" \
		grep -rq "#include <$header>" "$ROOT/lib" "$ROOT/cmd"
done
is "all libraries were looked at" "$(echo "$listed" | wc -w | tr -d ' ')" 7

for p in $programs; do
	[ -x "$KB_BIN/$p" ] || continue
	ldd "$KB_BIN/$p" >shared 2>&1
	ok "$p links no libxml2 and no libcurl" sh -c \
		'! grep -qE "libxml2|libcurl" shared'
	[ "$p" = kb-index ] && continue
	ok "... and no cmark" sh -c '! grep -q libcmark shared'
done
if command -v nm >/dev/null && nm "$KB_BIN/kb-index" >index.nm 2>&1 &&
	grep -q cmark_parser_new index.nm; then
	for p in $programs; do
		[ -x "$KB_BIN/$p" ] && [ "$p" != kb-index ] || continue
		nm "$KB_BIN/$p" >names
		ok "no symbol of a reader is in $p" sh -c \
			'! grep -qE " (cmark_|kb_doc_read_|kb_html_parse)" names'
	done
else
	skip "symbols of readers" "cmark is not linked statically"
fi
if nm "$KB_BIN/kb-search" 2>&1 | grep -q english_ISO_8859_1_stem; then
	is "one language of the stemmer is linked" "$(
		nm "$KB_BIN/kb-search" | awk '$2 ~ /[Tt]/ && /_create_env$/ {
			print $3 }' | grep -v ^SN_)" english_ISO_8859_1_create_env
else
	skip "languages" "the stemmer is not linked statically"
fi
finish
