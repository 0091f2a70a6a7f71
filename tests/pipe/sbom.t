#!/bin/sh
# 'make sbom': a sound SPDX document that names what is in the programs, the
# same each time; NOTICE and the change log say the same as it.
# shellcheck source=tests/lib.sh
. "$(dirname "$0")/../lib.sh"
need kb-search jq python3
[ "$KB_BIN" = "$ROOT/build" ] || skip_all "another build than the released one"
version=$(make -s -C "$ROOT" version)
made=$ROOT/build/kb-$version.spdx.json
run make -s -C "$ROOT" sbom
is "it is made" "$status" 0
cp "$made" first.json || exit 2

is "kb-search --version names the version of the Makefile" \
	"$(kb-search --version | cut -d' ' -f2)" "$version"
has "the change log begins with it" "$ROOT/CHANGELOG.md" "^## $version - "
has "the Debian package has it" "$ROOT/packaging/debian/changelog" \
	"^kb \($version\) "

jq_is() { is "$1" "$(jq -c "$2" first.json)" "$3"; }
jq_is "it is SPDX 2.3" '[.spdxVersion, .dataLicense, .SPDXID]' \
	'["SPDX-2.3","CC0-1.0","SPDXRef-DOCUMENT"]'
jq_is "each package has what a package needs" '[.packages[] | select(
	(.name and .SPDXID and .downloadLocation and .licenseConcluded and
	 .licenseDeclared and .copyrightText) | not)]' '[]'
jq_is "identifiers are unique and well formed" '[.packages[].SPDXID] |
	(length == (unique | length)) and
	all(test("^SPDXRef-[A-Za-z0-9.-]+$"))' true
jq_is "relations are between what is there" '([.packages[].SPDXID] +
	["SPDXRef-DOCUMENT"]) as $ids | [.relationships[] |
	.spdxElementId, .relatedSpdxElement] - $ids' '[]'
jq_is "every package is in a relation" '[.packages[].SPDXID] -
	[.relationships[] | .spdxElementId, .relatedSpdxElement]' '[]'
jq_is "licences of its own are explained" '[.packages[].licenseConcluded |
	select(startswith("LicenseRef-"))] -
	[.hasExtractedLicensingInfos[].licenseId]' '[]'
jq_is "what is linked has a sum and a version" '[.packages[] |
	select(.SPDXID | startswith("SPDXRef-lib-")) |
	select((.versionInfo and (.checksums or .comment)) | not) | .name]' '[]'
is "every program is in it" "$(jq -r '.packages[].SPDXID |
	select(startswith("SPDXRef-program-")) | .[16:]' first.json | sort |
	tr '\n' ' ')" "$(cd "$ROOT/cmd" && ls -- *.c | sed 's/\.c$//' | sort |
	tr '\n' ' ')"
# zlib 1.2.13, as the program says it and as the document does
for pair in jansson:jansson zlib:zlib zstd:zstd; do
	is "the version of ${pair%:*} is that of the program" "$(jq -r \
		--arg name "${pair#*:}" '[.packages[] | select(.name == $name)
		| .versionInfo] | unique[]' first.json)" "$(kb-search --version |
		sed "s/.*${pair%:*} \([0-9.]*\).*/\1/")"
done
# cmark is in kb-index alone, libcurl is opened by two
jq_is "cmark is in kb-index alone" '[.relationships[] |
	select(.relatedSpdxElement | test("cmark")) | .spdxElementId]' \
	'["SPDXRef-program-kb-index"]'
jq_is "two programs open libcurl" '[.relationships[] |
	select(.spdxElementId == "SPDXRef-opened-libcurl") |
	.relatedSpdxElement[16:]] | sort' '["kb-ask","llm-call"]'

# NOTICE names each of them
jq -r '.packages[] | select(.supplier != "Organization: the kb authors") |
	.name' first.json | sed 's/^tiktoken .*/tiktoken/; s/^glibc .*/glibc/
	s/^pcre2-8/PCRE2/; s/^stemmer/libstemmer/; s/^Unicode .*/Unicode/
	s/^\(OpenCC\|Unihan\|jieba\) .*/\1/' | sort -u | while read -r name; do
	grep -q "$name" "$ROOT/NOTICE" || echo "$name"
done >missing
is "NOTICE names all of them" "$(cat missing)" ""
grep -rlE --exclude='*.h' 'SCOWL|OpenCC|Unihan|Unicode License|tiktoken 0' "$ROOT/lib" |
	sed "s|$ROOT/||; s|data/README|data/|" | while read -r file; do
	grep -qF "$file" "$ROOT/NOTICE" || echo "$file"
done >missing
is "and every table with a licence in its head" "$(cat missing)" ""

make -s -C "$ROOT" sbom >log 2>&1
same "the same tree gives the same document" "$made" first.json
printf 'kb-search /usr/lib/libother.a\n' >linked
run sh -c 'cd "$1" && python3 packaging/sbom.py 1 <"$2"' - "$ROOT" "$T/linked"
is "a library that nobody knows is refused" "$status" 1
has "... by name" err "libother.a' is linked"
run sh -c 'cd "$1" && python3 packaging/sbom.py 1 </dev/null' - "$ROOT"
is "nothing linked is refused" "$status$(cat err)" \
	"1sbom.py: no program on standard input"
finish
