/*
 * fact-check: check answers against their evidence, and route them.
 */
#include <stdlib.h>
#include <time.h>

#include "cli/run.h"
#include "verify/verify_run.h"

static struct {
	struct kb_verify_setup setup;
	bool tsv, claims;
	const char *human;
	int only; /* 0 answer, 1 human */
} o = {.setup = {.threshold = .6,
		 .fetch = 5,
		 .delta = .1,
		 .judge = {.low = .25, .high = .75, .timeout_s = 30}},
       .only = KB_OPT_UNSET};

enum { FORMAT_TSV = 2, FORMAT_CLAIMS }; /* places in .formats */

/* clang-format off */
static const struct kb_opt options[] = {
	{.name = "answers", .arg = "DIR", .type = KB_OPT_STRING, .bare = "",
	 .writes = true, .to = &o.setup.answers.dir,
	 .help = "keep answers there for kb-search --answers"},
	{.name = "band", .arg = "LOW,HIGH", .type = KB_OPT_STRING,
	 .to = &o.setup.band,
	 .help = "of p, which --judge is asked about (.25,.75)"},
	{.name = "calibrate", .arg = "FILE", .type = KB_OPT_STRING,
	 .to = &o.setup.calibrate,
	 .help = "learn from labels what a confidence is worth"},
	{.name = "claims", .type = KB_OPT_FLAG, .to = &o.claims,
	 .help = "write a line a claim"},
	{.name = "delta", .arg = "P", .type = KB_OPT_NUMBER,
	 .to = &o.setup.delta, .min = 1e-6, .max = .5,
	 .help = "chance that --risk is not kept (0.1)"},
	{.name = "evidence", .arg = "MEMBER", .type = KB_OPT_STRING,
	 .to = &o.setup.evidence,
	 .help = "that holds the passages (hits)"},
	{.name = "explain", .type = KB_OPT_FLAG, .to = &o.setup.explain,
	 .help = "write what was measured, and what decided, too"},
	{.name = "fetch", .arg = "N", .type = KB_OPT_COUNT, .to = &o.setup.fetch,
	 .min = 1, .max = 100,
	 .help = "passages to fetch from the indexes (5)"},
	{.name = "human", .arg = "FILE", .type = KB_OPT_STRING, .writes = true,
	 .to = &o.human,
	 .help = "write there the records for a human"},
	{.name = "judge", .arg = "CMD", .type = KB_OPT_STRING,
	 .to = &o.setup.judge.command,
	 .help = "ask this filter about claims in doubt"},
	{.name = "judge-timeout", .arg = "TIME", .type = KB_OPT_DURATION,
	 .to = &o.setup.judge.timeout_s,
	 .help = "it has for a claim (30s)"},
	{.letter = 'm', .name = "model-file", .arg = "FILE", .type = KB_OPT_STRING,
	 .to = &o.setup.model_file,
	 .help = "learned weights, or those of a claim (built in)"},
	{.name = "only", .arg = "ROUTE", .type = KB_OPT_CHOICE, .to = &o.only,
	 .choices = "answer|human",
	 .help = "write the records of one route, answer or human"},
	{.name = "risk", .arg = "P", .type = KB_OPT_NUMBER,
	 .to = &o.setup.risk, .min = 1e-6, .max = .999,
	 .help = "certify: wrong share of the answered at most P"},
	{.name = "threshold", .arg = "X", .type = KB_OPT_NUMBER,
	 .to = &o.setup.threshold, .max = 1,
	 .help = "confidence from which to answer (0.6)"},
	{.name = "train", .arg = "FILE", .type = KB_OPT_STRING,
	 .to = &o.setup.train,
	 .help = "learn from labels how the levels are weighed"},
	{.name = "tsv", .type = KB_OPT_FLAG, .to = &o.tsv,
	 .help = "write id, confidence, route, reasons between tabs"},
};
/* clang-format on */

static struct kb_verify_run run;
static struct kb_filter filter; /* below */

static int report(int format, struct kb_buf *out, struct kb_err *err)
{
	struct kb_buf said;
	int rc;

	(void)format;
	kb_buf_init(&said, 0);
	rc = kb_verify_run_learned(&run, out, &said, err);
	kb_cli_say("fact-check", kb_buf_str(&said));
	kb_buf_release(&said);
	return rc;
}

static void stats(struct kb_buf *members)
{
	kb_verify_run_stats(&run, members);
}

static int open_run(int n, char **operands, const char **line,
		    struct kb_err *err)
{
	const char *labels = o.setup.train ? o.setup.train : o.setup.calibrate;
	int rc = kb_cli_set_aside(o.human, "--human", err);

	(void)line;
	if (!rc && o.human && o.only != KB_OPT_UNSET)
		rc = kb_err_set(err, KB_EINVAL,
				"--human and --only exclude each other");
	if (!rc && o.tsv)
		rc = kb_cli_set_format(FORMAT_TSV, "--tsv", err);
	if (!rc && o.claims)
		rc = kb_cli_set_format(FORMAT_CLAIMS, "--claims", err);
	if (!rc && labels)
		rc = kb_cli_set_input(labels, "a file of labels", err);
	filter.report = labels ? report : NULL;
	o.setup.indexes = (const char *const *)operands;
	o.setup.n_indexes = (size_t)n;
	o.setup.now = time(NULL);
	o.setup.answers.warn = kb_cli_warn;
	o.setup.date = kb_cli_date();
	return rc ? rc : kb_verify_run_open(&run, &o.setup, err);
}

static void close_run(void)
{
	struct kb_buf warning;

	kb_buf_init(&warning, 0);
	if (kb_verify_run_drift(&run, &warning))
		kb_cli_say("fact-check", kb_buf_str(&warning));
	kb_buf_release(&warning);
	kb_verify_run_close(&run);
}

static int thread_open(void **thread, struct kb_err *err)
{
	return kb_verify_worker_open((struct kb_verify_worker **)thread, &run,
				     err);
}

static void thread_close(void *thread)
{
	kb_verify_worker_close(thread);
}

static enum kb_work work(struct kb_task *task)
{
	bool human = true;
	int rc = kb_verify_work(task->thread, &task->rec, task->number, &human,
				&task->err);

	task->no = human;
	if (human && o.human)
		task->where = KB_WHERE_ASIDE;
	if (o.only != KB_OPT_UNSET && human != o.only)
		task->where = KB_WHERE_NOWHERE;
	return rc < 0 ? KB_WORK_FAILED : KB_WORK_DONE;
}

static void print(struct kb_task *task, int format, struct kb_buf *out)
{
	struct kb_verify_style style = {kb_cli_colour(), kb_print_text};

	if (format == FORMAT_TSV)
		kb_verify_tsv(&task->rec, kb_task_id(task), out);
	else if (format == FORMAT_CLAIMS)
		kb_verify_claims(&task->rec, kb_task_id(task), out);
	else
		kb_verify_print(&task->rec, &style, out);
}

static struct kb_filter filter = {
    .sees_errors = true,
    .open = open_run,
    .close = close_run,
    .thread_open = thread_open,
    .thread_close = thread_close,
    .work = work,
    .print = print,
    .stats = stats,
};

static const struct kb_command program = {
    .name = "fact-check",
    .synopsis = "[OPTION]... [INDEX]...",
    .about = "Check answers against their evidence and route them.",
    .shown = "answers calibrate claims explain human "
	     "judge only risk threshold tsv",
    .examples = "  kb-search my.kb 'pool hours' | llm-call | fact-check my.kb\n"
		"  fact-check --human people.jsonl --only answer -f "
		"answers.jsonl my.kb\n",
    .options = options,
    .n_options = KB_OPT_N(options),
    .operands = true,
    .formats = "json|text|tsv|claims",
    .filter = &filter,
};

int main(int argc, char **argv)
{
	return kb_cli_main(argc, argv, &program);
}
