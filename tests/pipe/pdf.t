#!/bin/sh
# PDF by poppler's programs: a document a page, found by its page; what is no
# text, encrypted, broken or not to be read here costs itself alone; no file is
# converted twice.
. "$(dirname "$0")/../lib.sh"
need kb-index kb-search jq python3 pdftotext pdfinfo
pdf() { python3 "$ROOT/tests/pipe/helper/pdf.py" "$@"; }
export XDG_CACHE_HOME="$T/cache"

# texts INDEX: of the documents, in the order of their pages
texts() {
	kb-index --dump "$1" | jq -s -r 'map(select(.text)) | sort_by(.page) |
		.[] | .text'
}

mkdir files
pdf pages files/a.pdf 3
run kb-index a.kb files
is "a PDF is indexed in silence" "$status $(cat out err)" "0 "
texts a.kb >got
has "head and foot are set aside" got '^Warranty$'
is "... on each page" "$(grep -c 'ACME Handbook\|Page [0-9]' got)" 0
has "a word that a line divides is whole" got 'unless the manufacturer says'
has "lines are joined to paragraphs" got 'takes 2 days and the warranty'
is "each page says which it is" "$(kb-index --dump a.kb |
	jq -s -c 'map(select(.text) | [.id, .page, .title, .author]) | sort | .[1]')" \
	'["files/a.pdf:p2",2,"The ACME Handbook","Lin"]'
kb-search --format=text -k 1 a.kb "code of page 2" >got
has "a result names file and page" got 'files/a\.pdf:p2$'

# Page numbers: 100 of 100.
pdf pages b.pdf 100
kb-index b.kb b.pdf
kb-index --dump b.kb | jq -r 'select(.text) |
	select(.text | test("code of page \($ARGS.named.x // "")")) |
	"\(.page) \(.text | capture("code of page (?<n>[0-9]+)").n)"' |
	awk '$1 == $2 { n++ } END { print n + 0 }' >got
is "page numbers are right in 100 of 100" "$(cat got)" 100

pdf columns c.pdf
kb-index c.kb c.pdf
texts c.kb | tr '\n' ' ' >got
has "columns are read one behind the other" got \
	'Left column ends here.*The right column follows'
pdf table t.pdf
kb-index t.kb t.pdf
texts t.kb >got
has "a table keeps its rows" got '^School \| 49 EUR \| 200$'

# ---- once ----

find cache -type f | sort >before
mkdir log
cat >log/pdftotext <<END
#!/bin/sh
echo "\$@" >>"$T/ran"
exec $(command -v pdftotext) "\$@"
END
chmod +x log/pdftotext
kb-index --rebuild a.kb files
cp a.kb/MANIFEST want
mv files/a.pdf files/z.pdf
kb-index --allow-delete a.kb files
touch files/z.pdf
kb-index a.kb files
find cache -type f | sort >after
same "a refresh, a rebuild, another name convert nothing again" after before
is "... and the page is cited by its new name" "$(kb-index --dump a.kb |
	jq -r 'select(.page == 3) | .id')" files/z.pdf:p3
(PATH=$T/log:$PATH && kb-index --rebuild a.kb files)
is "... but another pdftotext does" "$(wc -l <ran)" 1
(PATH=$T/log:$PATH && kb-index --rebuild a.kb files)
is "... once" "$(wc -l <ran)" 1
for f in cache/kb/converted/*; do echo damaged >"$f"; done
run kb-index --rebuild a.kb files
is "a damaged cache is none" "$status $(cat err) $(texts a.kb | grep -c Warranty)" "0  1"
(XDG_CACHE_HOME=/dev/null/x kb-index --rebuild c.kb c.pdf) 2>err
is "without a cache it works" "$(cat err)$(texts c.kb | wc -l)" 3

# ---- refreshed ----

pdf pages files/y.pdf 2
kb-index a.kb files
pdf pages files/y.pdf 4
kb-index --allow-delete a.kb files
kb-index --rebuild anew.kb files
for i in a anew; do
	kb-index --dump $i.kb | jq -c 'del(.kb_dump.settings)' | sort >$i.dump
done
same "a refresh holds what a rebuild does" a.dump anew.dump

# ---- what is refused ----

mkdir bad
echo "good" >bad/good.txt
for kind in scan:'2 pages are pictures' encrypted:password cut:damaged \
	noise:damaged; do
	pdf "${kind%%:*}" bad/f.pdf
	run kb-index --rebuild bad.kb bad
	has "${kind%%:*}: refused" err "^kb-index: 'bad/f.pdf' is .*${kind#*:}"
	is "... in one line, and the rest is read" \
		"$status $(wc -l <err) $(texts bad.kb)" "3 1 good"
done
run kb-index bad.kb bad
is "said again by the next run" "$status $(wc -l <err)" "3 1"

# ---- poppler is not there ----

mkdir tools
for p in kb-index sh; do ln -s "$(command -v $p)" tools/; done
PATH=$T/tools run kb-index none.kb files
is "without poppler one line names the package, for all files" \
	"$status $(cat err)" \
	"3 kb-index: PDF needs pdftotext, of the package poppler-utils; 2 files are left as they were, the first 'files/y.pdf'"
run kb-index none.kb files
is "... and when it is there they are read" "$status $(texts none.kb |
	grep -c Warranty)" "0 2"
pdf pages files/y.pdf 5
PATH=$T/tools run kb-index none.kb files
is "gone again, the documents stay" "$status $(texts none.kb | grep -c Warranty)" \
	"3 2"
run kb-index --allow-delete none.kb files
is "... until it is back" "$status $(cat err)" "0 "

# ---- one that hangs, or dies ----

mkdir slow
printf '#!/bin/sh\nsleep 600 & wait\n' >slow/pdftotext
chmod +x slow/pdftotext
export KB_CONVERT_TIMEOUT=1
PATH=$T/slow:$PATH run kb-index --rebuild h.kb c.pdf
unset KB_CONVERT_TIMEOUT
has "a program that hangs is ended" err "'c.pdf' is not converted: .* 1 s$"
run kb-index h.kb c.pdf
is "... and asked again by the next run" "$status $(cat err)" "0 "
printf '#!/bin/sh\nkill -SEGV $$\n' >slow/pdftotext
PATH=$T/slow:$PATH run kb-index --rebuild h.kb t.pdf
is "one that dies costs the file" "$status $(wc -l <err)" "3 1"

finish
