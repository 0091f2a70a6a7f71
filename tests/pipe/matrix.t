#!/bin/sh
# Whole matrices of everyday questions: yes-no questions with sentences that
# affirm and deny, attributes of a thing with each other's values, two cases and
# the value of each, values in other spellings,
# words that widen, narrow and except, questions of one text with each other's
# answers, two passages that differ in name and values; single contrasts; cases
# that bounds tell apart, and questions that ask two things.
. "$(dirname "$0")/../lib.sh"
need fact-check
command -v python3 >/dev/null || skip_all "no python3"

count() { # MATRIX
	case $1 in
	contrasts | cases)
		python3 "$(dirname "$0")/helper/$1.py" "$KB_BIN" ;;
	*) python3 "$(dirname "$0")/helper/matrix.py" "$1" "$KB_BIN" ;;
	esac 2>/dev/null
}

counts() { # MATRIX, RIGHT_PERCENT, OTHERS_PERCENT, LINES
	count "$1" >counted
	while read -r language form right n others all; do
		ok "$1, $language, $form: $right of $n right ones are sent" \
			test "$((right * 100))" -ge "$((n * $2))"
		ok "$1, $language, $form: $others of $all others" \
			test "$((others * 100))" -le "$((all * $3))"
	done <counted
	is "$1: all languages and forms" "$(wc -l <counted | tr -d ' ')" "$4"
}

counts polarity 100 0 4
counts attributes 92 4 4
counts conditions 99 3 4
counts spellings 97 0 4
counts modifiers 90 0 2
counts kinds 100 20 2
counts sisters 100 0 4
counts contrasts 88 7 2
counts cases 100 0 3

finish
