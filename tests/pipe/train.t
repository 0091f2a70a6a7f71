#!/bin/sh
# fact-check --train, --calibrate and --risk: from a user's labels to a model
# file that --model-file applies, with its drift told.
. "$(dirname "$0")/../lib.sh"
need fact-check kb-eval python3 jq
export SOURCE_DATE_EPOCH=1764460800

# Labelled records, made by rules: copies, half-copies, other numbers, other
# things, in two languages; rightness has noise.
cat > make.py <<'PY'
import json, random, sys
n, seed, wrong = int(sys.argv[1]), int(sys.argv[2]), float(sys.argv[3])
rng = random.Random(seed)
THINGS = ["kettle", "lamp", "desk", "chair", "radio", "printer", "camera"]
ZH = ["水壶", "台灯", "书桌", "椅子", "收音机", "打印机", "相机"]
for i in range(n):
    k, days = rng.randrange(7), rng.randrange(3, 90)
    zh = rng.random() < .4
    if zh:
        text = "%s可以在签收后%d天内退回商店，运费由商店承担。" % (ZH[k], days)
        good = ["%s可以在签收后%d天内退回商店。" % (ZH[k], days),
                "%s在%d天内能退，运费商店出。" % (ZH[k], days)]
        bad = ["%s可以在签收后%d天内退回商店。" % (ZH[k], days + 2),
               "%s的保修期比别的商品长。" % ZH[k], "会员购买%s另有折扣。" % ZH[k]]
        query = "%s多少天内可以退？" % ZH[k]
    else:
        text = ("The %s may be sent back within %d days of delivery; the shop "
                "pays for shipping." % (THINGS[k], days))
        good = ["The %s may be sent back within %d days." % (THINGS[k], days),
                "You have %d days to return the %s to us." % (days, THINGS[k])]
        bad = ["The %s may be sent back within %d days." % (THINGS[k], days + 2),
               "Members get the %s at a discount." % THINGS[k],
               "The %s comes with a longer warranty." % THINGS[k]]
        query = "Within how many days may the %s be sent back?" % THINGS[k]
    right = rng.random() >= wrong
    label = right if rng.random() < .97 else not right
    print(json.dumps({
        "id": i, "query": query + " " * (i % 50), "hits": [{"text": text}],
        "answer": rng.choice(good if right else bad),
        "retrieval": {"confidence": rng.random() * .5 + .5 * right},
        "label": int(label)}, ensure_ascii=False))
PY
python3 make.py 800 1 .3 > labels
python3 make.py 800 2 .3 > others
figures() { kb-eval check --format=json "$@"; }
fact-check -f others > plain
figures plain > before

for how in train calibrate; do
	run fact-check --$how labels -o $how.json
	is "--$how ends well" "$status" 0
	has "... it says what it learned from" err '^fact-check: [0-9]+ labels of 2025-11-30'
	has "... and what that is worth held out" err \
		'^fact-check: held out .*Brier .* -> .*AUROC .* -> .*ECE .* -> '
	run fact-check --$how labels
	same "... the same labels give the same bytes" out $how.json
	fact-check --$how labels -j 4 > four 2>err
	same "... with threads, too" four $how.json
	cp labels labels.bak
	run fact-check --$how labels -o ./labels
	has "... the model does not replace the labels" err 'are the same file$'
	same "... which stay" labels labels.bak
	run fact-check --$how labels --risk 0
	is "... no risk at all is refused, not ignored" "$status" 2
	run fact-check -f others -m $how.json
	is "... the model is applied, without a word" "$status$(cat err)" 0
	is "... it is nearer to the truth on other labels" \
		"$(figures out | jq -c --slurpfile b before \
			'[.brier < $b[0].brier - .02, .ece < $b[0].ece / 2]')" \
		"[true,true]"
	is "... its date and count are kept" "$(jq -r \
		'.training|"\(.date) \(.records > 700) \(.sets[0])"' $how.json)" \
		"2025-11-30 true labels"
	run fact-check -f labels -m $how.json --stats stats
	is "... its own labels are no drift" \
		"$(cat err)$(jq -c '.drift.shifted' stats)" false
	head -40 others | fact-check -m $how.json --stats stats > out 2>err
	is "... nor are forty like them" \
		"$(cat err)$(jq -c '.drift|[.records,.shifted]' stats)" "[40,false]"
	python3 make.py 400 3 .95 | fact-check -m $how.json --stats stats \
		> out 2>err
	is "... but others are, in one line" \
		"$(wc -l < err) $(jq -c .drift.shifted stats)" "1 true"
	jq -c 'del(.training)' $how.json > unnamed.json
	python3 make.py 400 3 .95 | fact-check -m unnamed.json > out 2>err
	has "... of a model that does not say what it was learned from, too" err \
		'^fact-check: these 400 records are unlike those that the model was learned from: '
	python3 make.py 400 3 .95 | fact-check -m $how.json > out 2>err
	has "... that says by how much" err \
		"^fact-check: these 400 records are unlike the .*2025-11-30.*index [0-9.]+ of"
done
run fact-check -f others -m calibrate.json
is "a calibration keeps the order of what no rule caps" \
	"$(paste plain out | jq -s -c '
	[range(0; length; 2) as $i | [.[$i], .[$i+1]] |
		select(all(.[0].check.claims[]; .reason == null or
			(.reason|startswith("coverage")))) |
		map(.confidence)] |
	sort | [.[][1]] as $c | [($c|length) > 300] + [range(1; $c|length) |
		$c[.] >= $c[. - 1] - 0.0001] | all')" true

# --risk
for how in train calibrate; do
	run fact-check --$how labels --risk .1 -o risk.json
	has "--$how --risk: the certificate is told" err \
		'^fact-check: certificate: [0-9]+ of [0-9]+ labels answered from 0.6 on, [0-9]+ wrong'
	is "... and kept" "$(jq -c '.certificate|[.risk,.delta,.labels > 100,
		.answered > .wrong,.threshold != null]' risk.json)" \
		"[0.1,0.1,true,true,true]"
	run fact-check -f others -m risk.json
	# one draw; tests/unit/test_record_fit.c draws sixty
	is "... on others it is about kept, and some are answered" \
		"$(figures out | jq -c '[.risk <= .13, .answered > .05]')" \
		"[true,true]"
	is "... a contradiction goes to a human all the same" "$(jq -r '
		select(any(.check.claims[]; .verdict == "contradicted"))|.route' \
		out | sort -u)" human
	run fact-check --$how labels --risk .001 -o none.json
	has "... a risk that cannot be shown has none" err \
		'^fact-check: no certificate: [0-9]+ labels'
	is "... and the file says so" "$(jq -c '.certificate.threshold' none.json)" \
		null
done
run fact-check --calibrate labels -o plain.json
fact-check -f others -m plain.json > a
fact-check -f others -m none.json > b
is "without a certificate the confidence is not moved" \
	"$(jq -c .confidence a | cksum)" "$(fact-check --calibrate labels \
		--risk .001 2>err > none.json; fact-check -f others \
		-m none.json | jq -c .confidence | cksum)"

# one on the other, and beside the model of a claim
run fact-check --calibrate labels -m train.json -o both.json
is "a calibration of learned weights keeps them" \
	"$(jq -c '[.features[].weight]' both.json)" \
	"$(jq -c '[.features[].weight]' train.json)"
if command -v model_write > cmd; then
	model_write claim > claim.json
	run fact-check --train labels -m claim.json -o two.json
	is "a model of a claim stays in the file" \
		"$(jq -c '[.models[].name]' two.json)" '["claim","record"]'
	fact-check -f others -m two.json > a
	fact-check -f others -m train.json > b
	same "... and both are applied" a b
else
	skip "model files of random models" "model_write is not there"
fi

# --explain
fact-check -f others --explain -m train.json > out
is "--explain shows what is weighed, the lowest stage, and what caps" \
	"$(jq -c 'select(any(.check.claims[]; .verdict == "contradicted"))|
		.check.explain|[.features.facts < 0 or .features.facts >= 0,
		.p <= 1,(.lowest|type),.cap,.capped_by]' out | sort -u)" \
	'[true,true,"string",0.3,"contradiction"]'

# refusals
head -30 labels > few
run fact-check --train few
is "too few labels are refused" "$status $(wc -c < out) $(wc -l < err)" "2 0 1"
has "... with the numbers" err 'too few labels: [0-9]+ right and [0-9]+ wrong'
jq -c 'select(.label == 1)' labels > one
run fact-check --calibrate one -o model
is "one outcome is refused" "$status $(wc -l < err)" "2 1"
is "... and nothing is written" "$(test -e model; echo $?)" 1
run fact-check --train labels --calibrate labels
is "one way at a time" "$status $(wc -l < err)" "2 1"
run fact-check --risk .1 -f labels
is "a risk needs labels" "$status $(wc -l < err)" "2 1"
run fact-check --train labels -f others
is "the labels are the input" "$status $(wc -l < err)" "2 1"
run fact-check --train no-such-file
is "a missing file is told" "$status $(wc -l < err)" "2 1"
{ echo '{"id":"x","answer":"y","label":"perhaps"}'; cat labels; } > odd
run fact-check --train odd -o odd.json
is "a label that is none costs one record" "$status" 3
learned() { jq -c "del(.training.sets)" "$1" | cksum; }
is "... and changes nothing" "$(learned odd.json)" "$(learned train.json)"
jq -c 'del(.label)' labels | head -20 | cat - labels > without
run fact-check --train without -o odd.json
has "records without a label are counted" err '20 records without a label'
is "... and change nothing" "$(learned odd.json)" "$(learned train.json)"
jq -c '.features[0].name = "moon"' train.json > foreign
run fact-check -f others -m foreign
is "a model of something else is refused" "$status $(wc -l < err)" "2 1"
run sh -c 'fact-check --train - < labels'
is "labels may come from standard input" \
	"$(learned out)" "$(learned train.json)"
finish
