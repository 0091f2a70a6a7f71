#!/bin/sh
# ctx-compress --append-only: from turn to turn the messages begin with those
# that were written before, but where they are cut.
. "$(dirname "$0")/../lib.sh"
need ctx-compress python3 jq

# A conversation with everything in it, as the records of its first 1 .. 64
# messages; FORM is en, zh or mixed.
cat >grow.py <<'PY'
import json, sys
form, n = sys.argv[1], int(sys.argv[2]) if len(sys.argv) > 2 else 64
said = {
    "en": ["I ordered item %d of the list for %d euros last week, and it has "
           "not come yet.", "Parcel number P-%d is on its way, it costs you %d "
           "euros and comes on Friday."],
    "zh": ["我上周订了%d号商品，花了%d元，到现在还没有收到。",
           "包裹P-%d已经发出，运费%d元，预计周五送达。"],
    "mixed": ["我的order %d花了%d元，still没有收到，please帮忙查一下。",
              "Parcel P-%d已经发出，运费%d元，arrives on Friday。"],
}[form]
turns = [{"role": "system", "content": "Be brief."}]
for i in range(n):
    if i % 16 == 5:
        turns += [{"role": "assistant", "content": "", "tool_calls": [
            {"id": "c%d" % i, "type": "function",
             "function": {"name": "track", "arguments": "{\"n\":%d}" % i}}]},
            {"role": "tool", "tool_call_id": "c%d" % i, "content": "on its way"}]
    elif i % 16 == 9:
        turns.append({"role": "user", "content":
                      "不要红色的" if form == "zh" else "Not the red one."})
    else:
        turns.append({"role": ("user", "assistant")[i % 2],
                      "content": said[i % 2] % (1000 + i * 7, i + 3)})
turns = turns[:n]
for k in range(1, n + 1):
    print(json.dumps({"id": k, "messages": turns[:k]}, ensure_ascii=False))
PY

# The common beginnings of neighbours: prints the records whose messages do not
# begin with those of the one before though no cut was made between, and the
# number of cuts.
cat >prefix.py <<'PY'
import json, sys
last, broken, cuts = None, [], 0
for line in sys.stdin:
    r = json.loads(line)
    # as written, byte for byte
    text = line[line.index('"messages": ') if '"messages": ' in line else
                line.index('"messages":'):]
    depth = text.index("[")
    body, end = text[depth + 1:], json.JSONDecoder().raw_decode(text[depth:])[1]
    body = text[depth + 1:depth + end - 1]
    now = r["compression"]["frozen"]
    if last is not None:
        cut = (now["cuts"], now.get("turn")) != last[1]
        cuts += cut
        same = body.replace(", {", ",{").startswith(last[0])
        if not same and not cut:
            broken.append(r["id"])
    last = body.replace(", {", ",{"), (now["cuts"], now.get("turn"))
print("broken", broken, "cuts", cuts)
PY

for form in en zh mixed; do
	python3 grow.py $form >grown
	for budget in 200 300 500 900; do
		run ctx-compress --append-only -b $budget -k 2 -f grown
		is "$form, $budget: no record fails" "$status $(wc -l <out | tr -d ' ')" "0 64"
		is "$form, $budget: each begins as the one before, but at cuts" \
			"$(python3 prefix.py <out | sed 's/ cuts.*//')" "broken []"
		is "$form, $budget: no budget is exceeded" "$(jq -c "select(
			.compression.tokens_after > $budget)" out)" ""
	done
	most=$(python3 prefix.py <out | sed 's/.*cuts //')
	is "$form: cuts are few" "$([ "$most" -ge 1 ] && [ "$most" -le 8 ] && echo yes)" yes
	is "$form: demands and the system outlive them" "$(tail -1 out | jq -r '[.messages[] |
		select(.content == "Be brief." or .content == "Not the red one." or
		.content == "不要红色的")] | length')" 5
	is "$form: a call and its answer stay or go together" "$(jq -c '
		([.messages[] | .tool_calls[]?.id] | sort) as $calls |
		([.messages[] | .tool_call_id // empty] | sort) as $answers |
		select($answers - $calls != [])' out)" ""
	ctx-compress --append-only -b 900 -k 2 --explain -f grown | jq -c 'del(.compression.explain)' >told
	jq -c . out >plain
	same "$form: who asks why gets the same" told plain
done

# What it depends on: the messages, and nothing beside them
python3 grow.py en >grown
run ctx-compress --append-only -b 300 -f grown
jq -c .messages out >want
jq -c '.query = "What about parcel P-1028?"' grown |
	ctx-compress --append-only -b 300 | jq -c .messages >asked
same "a question changes nothing" asked want
ctx-compress --append-only -b 300 -j 4 -f grown | jq -c .messages >threads
same "nor do threads" threads want
shuf --random-source=grown grown | ctx-compress --append-only -b 300 |
	jq -c '[.id, .messages]' | sort -t, -k1.2n | jq -c '.[1]' >order
same "nor does the order of records" order want
echo 'import json, sys
for line in sys.stdin:
    r = json.loads(line)
    r["answer"] = "Parcel numbers and dates were given."
    print(json.dumps(r), flush=True)' >sum.py
ctx-compress --append-only -b 500 -k 2 --summary-cmd "python3 sum.py" -f grown >summed
is "a summary of a filter is frozen, too" \
	"$(python3 prefix.py <summed | sed 's/ cuts.*//') $(tail -1 summed |
		jq -c '.messages | map(.content | test("numbers and dates")) | index(true)')" \
	"broken [] 1"
run ctx-compress --append-only -f grown
is "without a budget it is wrong usage" "$status" 2
run ctx-compress --append-only -b 300 -r .5 -f grown
is "... as it is with a ratio" "$status" 2
run ctx-compress --append-only -b 40 -f grown
has "what cannot stay is an error" out '"code":"limit".*what must stay needs [0-9]+ tokens, the budget leaves 40'
finish
