#!/bin/sh
# JSON Schema: the same verdicts as Python's jsonschema, of random schemas and
# values.
. "$(dirname "$0")/../lib.sh"
need kb-eval python3 jq

for seed in 1 2 3; do
	if ! python3 "$ROOT/tests/pipe/helper/schemas.py" 4000 $seed >in 2>err; then
		skip "verdicts of jsonschema" "$(tail -n 1 err)"
		break
	fi
	run kb-eval answers --format=json --fail-under=assertions=1 in
	is "4,000 verdicts are those of jsonschema (seed $seed)" \
		"$status $(jq -c '[.records,.assertions,.asserted]' out)" "0 [4000,1,1]"
done
finish
