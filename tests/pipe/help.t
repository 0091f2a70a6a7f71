#!/bin/sh
# --help fits a screen of 80 columns and 24 lines, names every option, and shows
# two examples that use what there is.
. "$(dirname "$0")/../lib.sh"

for program in kb-index ctx-compress kb-search prompt-render llm-call \
	fact-check kb-ask kb-embed kb-eval text-classify; do
	need "$program"
	"$program" --help >help
	is "$program: a screen" "$(awk 'length > 80 { wide = 1 }
		END { print NR <= 24, wide + 0 }' help)" "1 0"
	sed -n '/^Examples:/,$p' help | grep "^  " >examples
	is "$program: two examples" "$(grep -c "$program" examples)" 2
	"$program" --dump-options | cut -f 2,4 >options
	is "$program: every option is there" "$(while read -r name kind; do
		[ "$kind" = command ] || [ "$name" = dump-options ] ||
			grep -q -e "--$name" help || echo "$name"
	done <options)" ""
	# options of examples exist, those of other programs in the pipe too
	is "$program: examples say what there is" "$(tr '|' '\n' <examples |
		while read -r one rest; do
			command -v "$one" >/dev/null || echo "$one"
			[ "$one" = jq ] && continue
			for word in $rest; do
				case $word in --*) ;; *) continue ;; esac
				name=${word#--} name=${name%%=*}
				"$one" --help | grep -q -e "--$name" ||
					echo "$one $word"
			done
		done)" ""
done

finish
