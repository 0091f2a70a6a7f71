#!/bin/sh
# The scripts of kb-recipes(7), taken out of the page: the job of Slurm, as an
# array runs it and as one runs it again; the program for Spark, where PySpark
# is installed ($PYSPARK_PYTHON, python3). Those of GNU parallel are examples
# that docs.t runs.
# shellcheck source=tests/lib.sh
. "$(dirname "$0")/../lib.sh"
need kb-index kb-ask jq split
page=$ROOT/man/kb-recipes.7

# script NAME: the literal block that has "# NAME:" in its first two lines
script() {
	awk -v name="# $1:" '
	/^\.Bd/ { inside = 1; text = ""; found = 0; next }
	/^\.Ed/ { if (found) printf "%s", text; inside = 0 }
	inside { gsub(/\\e/, "\\"); gsub(/\\&/, ""); text = text $0 "\n" }
	inside && index($0, name) == 1 { found = 1 }' "$page"
}
script kb.sbatch >kb.sbatch
script kb_spark.py >kb_spark.py
ok "the page has both scripts" test -s kb.sbatch -a -s kb_spark.py

cp -r "$ROOT/tests/data/shop" shop
kb-index shop.kb shop
cp "$ROOT/tests/data/questions.jsonl" .
kb-ask shop.kb <questions.jsonl >whole.jsonl

# ---- a job array ----

mkdir parts
split -l 50 -d questions.jsonl parts/q
array() { # TASK...
	for task; do
		SLURM_ARRAY_TASK_ID=$task SLURM_CPUS_PER_TASK=2 \
			sh kb.sbatch || echo "task $task: $?"
	done
}
array 0 1 2 3 >log 2>&1
is "each task of the array ends well" "$(cat log)" ""
cat parts/q??.done >answers.jsonl
same "together they answer what one process answers" answers.jsonl whole.jsonl
head -c 20000 parts/q02.done >short && cp short parts/q02.done
array 2 >log 2>&1
cat parts/q??.done >again.jsonl
same "a task that was killed goes on when Slurm starts it again" \
	again.jsonl whole.jsonl
echo 'no record' >>parts/q03
rm parts/q03.done
array 3 >log 2>&1
is "a bad line is no failed task" "$(grep -c '^task' log)" 0
is "... its other records are there" "$(wc -l <parts/q03.done)" 50
mv shop.kb elsewhere
array 0 >log 2>&1
has "without the index a task fails" log '^task 0: 1'
mv elsewhere shop.kb

if command -v sbatch >where && sinfo >nodes 2>&1; then
	rm -f parts/*.done && split -l 50 -d questions.jsonl parts/q
	run sbatch --array=0-3 --wait --export=ALL kb.sbatch
	is "Slurm runs the array" "$status" 0
	cat parts/q??.done >slurm.jsonl
	same "... with the same answers" slurm.jsonl whole.jsonl
else
	skip "Slurm" "no cluster answers (sinfo)"
fi

# ---- Hadoop ----

sed 's/$/\t/' questions.jsonl | kb-search shop.kb | jq -c .hits >tabbed
kb-search shop.kb <questions.jsonl | jq -c .hits >plain
same "a tab behind a record, as Hadoop writes it, is no matter" tabbed plain

# ---- Spark ----

python=${PYSPARK_PYTHON:-python3}
if ! "$python" -c 'import pyspark' 2>why; then
	skip "Spark" "no PySpark in $python"
elif ! java -version 2>why; then
	skip "Spark" "no java"
else
	export PYSPARK_PYTHON="$python" SPARK_LOCAL_IP=127.0.0.1
	jq -r .route whole.jsonl | sort | uniq -c | awk '{ print $2, $1 }' >want
	run "$python" kb_spark.py questions.jsonl shop.kb
	is "Spark ends well" "$status$(grep -m1 Error err)" 0
	same "... and counts the routes that one process finds" out want
	# status 3 is no failure for it, a missing index is
	(cat questions.jsonl && echo '{"id":"x","query":"?","error":{"code":"e"}}') \
		>more.jsonl
	run "$python" kb_spark.py more.jsonl shop.kb
	is "a record with an error does not fail the job" "$status" 0
	run "$python" kb_spark.py questions.jsonl none.kb
	ok "a missing index does" [ "$status" != 0 ]
fi
finish
