#!/bin/sh
# Questions that ask two things: answered by two passages, or sent to a human.
. "$(dirname "$0")/../lib.sh"
for program in kb-index kb-search llm-call fact-check; do
	need $program
done

kb-index shop.kb "$ROOT/tests/data/shop" 2>log
route() { # QUESTION: where it goes, and what is cited
	kb-search shop.kb "$1" | llm-call | fact-check shop.kb |
		jq -r '[.route] + [.answer | scan("\\[[0-9]+\\]")] | join(" ")'
}
is "two questions, two passages" \
	"$(route 'When is my card charged and how long can I return an international order?')" \
	'answer [1] [3]'
is "... in Chinese" "$(route '积分多久会过期，100积分能抵多少钱？')" \
	'answer [2] [1]'
is "one sentence answers both" "$(route '密码输错几次会被锁，锁多久？')" \
	'answer [1]'
is "one of the two is not known" "$(route '积分多久会过期，董事长是谁？')" \
	'human [1]'
is "... in English" \
	"$(route 'When is my card charged and who is your chairman?')" \
	'human [1]'

# what a provider says: each claim is judged beside the passage that it cites
cat >two <<'END'
{"query":"When is my card charged and how long can I return it?",
 "hits":[{"title":"Cards","text":"Cards are charged when the order is dispatched."},
	 {"title":"Returns","text":"Orders can be returned within 30 days."}],
 "answer":"Cards are charged when the order is dispatched [1], and orders can be returned within 30 days [2]."}
END
jq -c . two | fact-check >both
is "a sentence with two citations is two claims" \
	"$(jq -c '[.check.claims[] | .verdict]' both)" '["supported","supported"]'
is "each with its passage" "$(jq -c '[.check.claims[].evidence.hit]' both)" '[1,2]'
sed 's/30 days \[2\]/40 days [2]/' two | jq -c . | fact-check >wrong
is "one of them is wrong" "$(jq -c '[.check.claims[] | .verdict]' wrong)" \
	'["supported","contradicted"]'
is "and goes to a human" "$(jq -r .route wrong)" human

finish
