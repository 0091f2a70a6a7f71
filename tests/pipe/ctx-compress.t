#!/bin/sh
# ctx-compress: budgets, passing through, order.
. "$(dirname "$0")/../lib.sh"
need ctx-compress

run ctx-compress -b 200 -f "$ROOT/tests/data/dialogues.jsonl"
is "every dialogue fits" "$status $(wc -l <out | tr -d ' ')" "0 20"
over=$(sed 's/.*"tokens_after":\([0-9]*\).*/\1/' out | awk '$1 > 200' | wc -l)
is "no budget is exceeded" "$((over))" 0
has "the question stands alone" out '"standalone":"'

echo '{"x":1.0,"id":12345678901234567890}' >in.jsonl
run ctx-compress -b 10 -f in.jsonl
same "a record without a conversation passes" out in.jsonl
echo '{"ts":1,"role":"user","content":"hello there"}' >turn.jsonl
run ctx-compress -b 100 -f turn.jsonl
has "a turn that is a record is counted" out '"tokens_before":[0-9]+,"tokens_after"'
is "and is not given a question" "$(grep -c standalone out)" 0
echo '{"id":1,"messages":[{"role":"user","content":"a b c d e f g h i j k l m n o p q r s t"}]}' >big.jsonl
run ctx-compress -b 5 -f big.jsonl
is "what must stay and does not fit is an error" "$status" 3
has "of code limit" out '"code":"limit"'
run ctx-compress -b 5 --over=flag -f big.jsonl
has "or is flagged" out '"over":true'
run ctx-compress -r 2 -f big.jsonl
is "a share above 1 is wrong usage" "$status" 2

ctx-compress -r 0.5 -f "$ROOT/tests/data/dialogues.jsonl" >one
ctx-compress -r 0.5 -j 2 -f "$ROOT/tests/data/dialogues.jsonl" >two
same "threads change nothing" one two
finish
