#!/bin/sh
# kb-index-format(5): a program that knows the page alone reads an index.
. "$(dirname "$0")/../lib.sh"
need kb-index kb-search jq python3
reader=$(dirname "$0")/helper/read_index.py
case $reader in /*) ;; *) reader=$OLDPWD/$reader ;; esac

# df TERM: in how many chunks it is, as the search sees it
df() {
	kb-search shop.kb --legs lexical --explain --plain --no-spelling "$1" |
		jq -r --arg term "$1" '[.hits[].explain.terms[] |
			select(.term == $term) | .df] | max'
}
kb-index shop.kb "$ROOT/tests/data/shop"
run python3 "$reader" shop.kb 退 退货 warranti
is "an index is read by the page" "$status $(cat err)" "0 "
is "with all its terms and postings" "$(head -1 out)" "$(kb-index --info shop.kb |
	jq -r '.segments[0] | "\(.documents) \(.chunks) \(.terms) \(.postings)"')"
is "in as many chunks" "$(sed -n 2,4p out)" "退 $(df 退)
退货 $(df 退货)
warranti $(df warranti)"
is "and the rest" "$(sed 1,4d out | tr '\n' ' ')" "tables words graph "

awk 'BEGIN {
	for (i = 0; i < 17000; i++)
		printf "{\"id\":\"%d\",\"title\":\"%s灯\",\"text\":\"Item %d 件 " \
			"%c%cter %c%cing%s.\",\"vector\":[%.3f,%.3f,%.3f]}\n",
			i, i % 2 ? "红色" : "蓝色", i, 97 + i % 20, 97 + i % 17,
			98 + i % 13, 97 + i % 11, i % 7 ? "" : " item", sin(i),
			cos(i), sin(2.3 * i)
}' >many
kb-index many.kb many
run python3 "$reader" many.kb 件 item
is "lists of many blocks, vectors and codes, too" \
	"$status $(cat err) $(sed 1d out | tr '\n' ' ')" \
	"0  件 17000 item 17000 tables vectors words graph "
finish
