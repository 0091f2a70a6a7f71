#!/bin/sh
# The labelled set of right and wrong answers: its facts hold, every wrong
# answer has a right twin, its halves share no thing, fact-check reads it.
# shellcheck source=tests/lib.sh
. "$(dirname "$0")/../lib.sh"
need fact-check
command -v python3 >/dev/null || skip_all "no python3"
make="$ROOT/tests/eval/answer-set.py"

run python3 "$make" --check
is "every fact stands in its passage, every edit and twin is there" \
	"$status" 0
python3 "$make" >all.jsonl
python3 "$make" >again.jsonl
ok "the same facts give the same bytes" cmp all.jsonl again.jsonl

python3 - all.jsonl <<'EOP' >counted
import collections, json, sys
rows = [json.loads(line) for line in open(sys.argv[1], encoding="utf-8")]
by = {r["id"]: r for r in rows}
halves = collections.defaultdict(set)
for r in rows:
    halves[r["thing"]].add(r["half"])
    twin = by.get(r.get("twin"))
    assert r["label"] or (twin["label"] and twin["thing"] == r["thing"] and
                          twin["form"] == r["form"]), r["id"]
assert all(len(h) == 1 for h in halves.values())
for half in ("look", "scored"):
    n = collections.Counter()
    for r in rows:
        if r["half"] == half and "wrapped" not in r:
            n[r["kind"]] += 1
            n[r["lang"]] += 1
            n["asked"] += r["kind"] in ("noun", "attribute", "condition")
    assert n["name"] >= 150 and n["asked"] >= 150, n
    assert n["zh"] >= 400 and n["en"] >= 200, n
    assert min(n[k] for k in ("swap", "number", "unit", "date", "version",
                              "negation", "policy", "range", "list",
                              "citation", "refusal")) >= 5, n
print("as the README says")
EOP
is "kinds, twins and halves" "$(cat counted)" "as the README says"

fact-check <all.jsonl >checked.jsonl
is "fact-check answers for every record" \
	"$(wc -l <checked.jsonl)" "$(wc -l <all.jsonl)"
is "none of them fails" "$(grep -c '"error"' checked.jsonl)" 0
finish
