#!/bin/sh
# --convert: what a command prints is what a file says; a command that hangs,
# prints nothing, dies or prints no text costs the file and one line.
. "$(dirname "$0")/../lib.sh"
need kb-index kb-search jq pgrep
export XDG_CACHE_HOME="$T/cache"

texts() { kb-index --dump "$1" | jq -s -r 'map(select(.text)) | sort_by(.id) | .[] | .text'; }
documents() { kb-index --dump "$1" | jq -c 'del(.kb_dump.settings)' | sort; }

mkdir files
head -c 2000 /dev/zero >files/a.xyz
echo "plain words" >"files/it's {} b.xyz"
echo "a note" >files/note.txt
cat >conv <<END
#!/bin/sh
echo "\$1" >>"$T/ran"
printf '# Converted\n\nThe file of %s bytes speaks.\n' "\$(wc -c <"\$1" | tr -d ' ')"
END
chmod +x conv
to="*.xyz=$T/conv {}"

run kb-index a.kb files
has "without a command it is refused" err "a.xyz' is binary"
run kb-index --convert "$to" a.kb files
is "with one it is read in silence, whatever its name" "$status $(cat err out)" "0 "
is "... as what the command prints" "$(texts a.kb | grep -c 'file of .* bytes')" 2
is "... which is Markdown" "$(kb-index --dump a.kb |
	jq -r 'select(.id == "files/a.xyz") | .title')" Converted
is "... run once for each" "$(wc -l <ran)" 2
kb-index --convert "$to" a.kb files
touch files/a.xyz
kb-index --convert "$to" a.kb files
kb-index --rebuild --convert "$to" a.kb files
cp files/a.xyz files/c.xyz
kb-index --convert "$to" a.kb files
is "... and never again for the same bytes" "$(wc -l <ran)" 2
cp a.kb/MANIFEST before
kb-index --rebuild --convert "$to" anew.kb files
documents a.kb >got
documents anew.kb >want
same "a refresh holds what a rebuild does" got want

# Another command: everything is read again.
kb-index --convert '*.xyz=echo "now {} says this"' a.kb files
is "another command converts anew" "$(texts a.kb | grep -c 'says this')" 3
is "... also a name with a quotation mark and braces" \
	"$(texts a.kb | grep -cF "it's {} b.xyz says this")" 1
run kb-index a.kb files
is "without the command what it converted stays, and is told" \
	"$status $(texts a.kb | grep -c 'says this')" "3 2"
has "... in a line" err "a.xyz.*stay as they were"

# HTML, pages, another encoding.
printf 'x' >files/d.two
kb-index --convert '*.two=printf "<html><body><h2>Head</h2><p>Body</p></body></html>" {}' h.kb files/d.two
is "HTML is read as such" "$(texts h.kb)" "## Head

Body"
kb-index --rebuild --convert '*.two=printf "first page\fsecond page\f" {}' h.kb files/d.two
is "form feeds end pages" "$(kb-index --dump h.kb |
	jq -s -c 'map(select(.page) | [.id, .page, .text]) | sort | .[]' | tr '\n' ' ')" \
	'["files/d.two:p1",1,"first page"] ["files/d.two:p2",2,"second page"] '
kb-index --rebuild --convert '*.two=printf "\304\343\272\303\243\254\312\300\275\347\241\243" {}' h.kb files/d.two
is "GB18030 is found out" "$(texts h.kb)" "你好，世界。"

# ---- what goes wrong ----

# wrong NAME COMMAND REASON
wrong() {
	run kb-index --rebuild --convert "*.xyz=$2" bad.kb files/a.xyz files/note.txt
	has "a command that $1" err "^kb-index: 'files/a.xyz' is not converted: .*$3"
	is "... costs one line, and the rest is read" \
		"$status $(wc -l <err) $(texts bad.kb)" "3 1 a note"
}
wrong "prints nothing" "true {}" "prints nothing"
wrong "prints blanks" "printf ' \n\n' {}" "prints nothing"
wrong "fails" "echo cannot read it >&2; exit 4; {}" "status 4: cannot read it"
wrong "is not there" "no-such-program {}" "status 127"
wrong "dies" "kill -SEGV \$\$; {}" "ends by signal 11"
wrong "prints binary" "head -c 3000 /bin/sh; : {}" "no text"
wrong "prints without end" "yes {}" "more than .* bytes"
export KB_CONVERT_TIMEOUT=1
wrong "hangs" "sleep 600 & wait; {}" "does not end within 1 s"
wrong "hangs in its own child" "sh -c 'sleep 600; sleep 600' {}" "1 s"
is "... which is ended" "$(pgrep -f 'sleep 60[0]; sleep' | wc -l)" 0
for t in 0 x 1s; do
	KB_CONVERT_TIMEOUT=$t run kb-index bad.kb files/note.txt
	is "KB_CONVERT_TIMEOUT=$t is refused" "$status $(wc -l <err)" "2 1"
done
unset KB_CONVERT_TIMEOUT
for c in 'x' '=cat {}' '*.xyz=cat' '*.xyz'; do
	run kb-index --convert "$c" bad.kb files/note.txt
	is "--convert '$c' is refused" "$status $(wc -l <err)" "2 1"
done

# Once good, it stays when the command fails on the next version.
kb-index --rebuild --convert "$to" k.kb files/a.xyz
echo more >>files/a.xyz
cat >conv <<'END'
#!/bin/sh
exit 9
END
run kb-index --convert "$to" k.kb files/a.xyz
has "a command that fails keeps what the file said" err "status 9; its documents stay"
is "... there" "$(texts k.kb | grep -c 'file of')" 1

# From the configuration, as cron has it.
mkdir -p config/kb
printf '{"convert": ["*.two=echo configured {}"]}\n' >config/kb/kb-index.json
XDG_CONFIG_HOME=$T/config kb-index --rebuild h.kb files/d.two
is "the configuration names commands" "$(texts h.kb)" "configured $T/files/d.two"

# Without libxml2 what needs it is left, and the rest is indexed.
mkdir nolib without
for n in 2 16; do echo 'no library' >nolib/libxml2.so.$n; done
echo '<p>The boiler is serviced in May.</p>' >without/a.html
echo '<p>The roof is seen to in June.</p>' >without/b.html
echo 'The pool opens at seven.' >without/c.txt
LD_LIBRARY_PATH=$PWD/nolib kb-index without.kb without 2>err
is "no libxml2: a problem" $? 3
is "... said once" "$(grep -c libxml2 err)" 1
has "... with how many files" err '2 files'
is "... and the rest is there" \
	"$(kb-search without.kb pool --format=ids | wc -l | tr -d ' ')" 1
kb-index without.kb without 2>err
is "the next run reads them" "$? $(kb-search without.kb boiler --format=ids |
	wc -l | tr -d ' ')" "0 1"

finish
