#!/bin/sh
# E-mail as documents: messages, mailboxes, their parts and character sets.
. "$(dirname "$0")/../lib.sh"
need kb-index kb-search jq python3
mail() { python3 "$ROOT/tests/pipe/helper/mail.py" "$@"; }

# document FILE: title, members and text of its one document
document() {
	kb-index --rebuild one.kb "$1" >said 2>&1
	cat said
	kb-index --dump one.kb | jq -r 'select(.text) | .title, (del(.id, .title,
		.text, .kb_dump) | tojson), .text'
}

mail plain a.eml
document a.eml >got
cat >want <<'END'
Opening hours
{"from":"Lin Wei <lin@example.org>","to":"shop@example.org","date":"2024-05-01T08:00:00Z","message_id":"1@example.org"}
We open at nine
on weekdays.

Lin
END
same "a message has title, sender, date and text" got want

mail chinese a.eml
document a.eml >got
is "GB2312 in base64, and a subject that divides a character" \
	"$(sed -n '1p;3p' got | tr '\n' ' ')" "退款多久到账 信用卡退款需要五个工作日。 "

mail alternative a.eml
document a.eml >got
is "of alternatives the plain one, its soft breaks joined" "$(sed -n '3,$p' got)" \
	"Coffee costs 3 € = three euros, naïve as it is, in every single one of the shops that we have got so far."
is "... with the names of attachments" "$(sed -n 2p got | jq -c .attachments)" \
	'["price list.pdf"]'
is "... and a subject in quoted letters" "$(sed -n 1p got)" "Café prices"

mail html a.eml
document a.eml >got
is "HTML alone is read as a page" "$(sed -n '3,$p' got)" "## Sale

Kettles cost 20 EUR."
mail nested a.eml
document a.eml >got
is "a message that is forwarded is read in its place" "$(sed -n '3,$p' got |
	tr '\n' ' ')" "See below.  Opening hours  We open at nine on weekdays.  Lin "
mail reply a.eml
document a.eml >got
is "what a reply quotes at its end is left out, what it answers is not" \
	"$(sed -n '3,$p' got | tr '\n' ' ')" "> do you open on Sundays? No, never. "
is "... and which message it answers is kept" "$(sed -n 2p got | jq -r .reply_to)" \
	"1@example.org"

mkdir box
mail mbox box/all.mbox
cp box/all.mbox box/INBOX
kb-index box.kb box
kb-index --dump box.kb | jq -c 'select(.text) | [.id, .title]' | sort >got
cat >want <<'END'
["box/INBOX#1","Opening hours"]
["box/INBOX#2","退款多久到账"]
["box/INBOX#3","Re: Opening hours"]
["box/all.mbox#1","Opening hours"]
["box/all.mbox#2","退款多久到账"]
["box/all.mbox#3","Re: Opening hours"]
END
same "a mailbox is known by its name, or by its first lines" got want
has "\">From \" is a line of the text" box/all.mbox '^>From the shop'
is "..." "$(kb-index --dump box.kb | jq -r 'select(.id == "box/INBOX#1") | .text' |
	tail -1)" "From the shop with love."
kb-search --format=text -k 1 box.kb "do you open on Sundays" >got
line=$(grep -n 'Re: Opening' box/INBOX | cut -d: -f1)
has "a message is cited by its line" got "box/(INBOX|all.mbox):$((line - 3))$"

# A refresh is a rebuild.
mail long box/INBOX 40
kb-index --allow-delete box.kb box
mail long box/INBOX 50
rm box/all.mbox
kb-index --allow-delete box.kb box
kb-index --rebuild anew.kb box
for i in box anew; do
	kb-index --dump $i.kb | jq -c 'del(.kb_dump.settings)' | sort >$i.dump
done
same "a refresh holds what a rebuild does" box.dump anew.dump

# ---- odd ones ----

mail deep a.eml 500
document a.eml >got
is "parts 500 deep end at the limit" "$(wc -l <said)" 0
mail wide a.eml 5000
document a.eml >got
is "of 5,000 parts the first thousand are read" "$(grep -c '^part ' got)" 999
printf 'no mail at all\n' >a.mbox
run kb-index --rebuild one.kb a.mbox
has "what is named .mbox and is none is refused" err "a.mbox' is no mailbox"
is "... in one line" "$status $(wc -l <err)" "3 1"
printf 'Subject: only this\n\n' >a.eml
is "a message of a subject alone says that" "$(document a.eml | tail -1)" "only this"
{ mail plain a.eml; cat a.eml; head -c 70000000 /dev/zero | tr '\0' 'x'; echo; } >b.eml
run kb-index --rebuild one.kb b.eml
is "of one larger than the limit the rest is left out, as it says" \
	"$status $(kb-index --dump one.kb | jq -c 'select(.text) | .truncated')" "0 true"
echo "From here on: we tell you how it was." >letter
is "a letter that begins with From is none" "$(document letter | grep From)" \
	"From here on: we tell you how it was."

# ---- linear, and in bounded memory ----

case $KB_BIN in
*san | *cov | *fuzz) skip "linear" "only the release build is measured" ;;
*)
	cat >measure.py <<'END'
import resource, subprocess, sys
subprocess.run(["kb-index", "--rebuild", "--single-thread", "--no-graph",
                "--no-word-vectors", "t.kb", sys.argv[1]], check=True)
r = resource.getrusage(resource.RUSAGE_CHILDREN)
print(r.ru_utime, r.ru_maxrss)
END
	mail long small.mbox 25000
	mail long large.mbox 100000
	for size in small large; do
		for _ in 1 2 3; do python3 measure.py $size.mbox; done |
			sort -n | head -1 >$size
	done
	cat small large >both
	is "four times the messages are four times the work" \
		"$(awk 'NR == 1 { t = $1 } END { print ($1 < 7 * t + .2) }' both)" 1
	is "... in the same memory" \
		"$(awk 'NR == 1 { m = $2 } END { print ($2 < 3 * m) }' both)" 1
	;;
esac

finish
