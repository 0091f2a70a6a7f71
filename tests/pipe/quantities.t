#!/bin/sh
# A quantity is asked for and another one is given: 7 mm for "how heavy?".
. "$(dirname "$0")/../lib.sh"
need fact-check
command -v python3 >/dev/null || skip_all "no python3"

python3 "$(dirname "$0")/helper/quantities.py" "$KB_BIN" >counted
while read -r language form right n others all; do
	is "$language, $form: the right ones are sent" "$right" "$n"
	ok "$language, $form: of others .04 at most ($others of $all)" \
		test "$((others * 25))" -le "$all"
done <counted
is "both languages and forms were counted" "$(wc -l <counted | tr -d ' ')" 4

finish
