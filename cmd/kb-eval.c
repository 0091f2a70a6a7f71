/*
 * kb-eval: measures of retrieval, answers and confidence.
 */
#include <stdio.h>
#include <unistd.h>

#include "cli/opt.h"
#include "cli/output.h"
#include "eval/eval.h"

enum { FORMAT_JSON, FORMAT_TEXT, FORMAT_AUTO };

static int format = FORMAT_AUTO;
static struct kb_opt_list runs;
static uint64_t rounds = 10000, seed = 1;
static struct kb_eval_opts opts = {.threshold = 0.6};

static const struct kb_opt options[] = {
    {.name = "format",
     .arg = "json|text",
     .help = "text on a terminal, else json lines",
     .type = KB_OPT_CHOICE,
     .to = &format,
     .choices = "json|text"},
    {.letter = 'q',
     .name = "qrels",
     .arg = "FILE",
     .help = "judgements, else gold.docs: query, doc, grade",
     .type = KB_OPT_STRING,
     .to = &opts.qrels},
    {.letter = 'r',
     .name = "run",
     .arg = "FILE",
     .help = "TREC lines or records with hits; again: compare",
     .type = KB_OPT_LIST,
     .to = &runs},
    {.name = "only-run",
     .help = "leave out judged queries that no run names",
     .type = KB_OPT_FLAG,
     .to = &opts.only_run},
    {.name = "set",
     .arg = "NAME",
     .help = "name of the data set, shown in the report",
     .type = KB_OPT_STRING,
     .to = &opts.set},
    {.name = "threshold",
     .arg = "P",
     .help = "confidence: cut for coverage and accuracy (0.6)",
     .type = KB_OPT_NUMBER,
     .to = &opts.threshold,
     .max = 1},
    {.name = "rounds",
     .arg = "N",
     .help = "permutations and bootstrap samples (10000)",
     .type = KB_OPT_COUNT,
     .to = &rounds,
     .min = 100,
     .max = 1000000},
    {.name = "seed",
     .arg = "N",
     .help = "of the random numbers (1)",
     .type = KB_OPT_COUNT,
     .to = &seed},
};

static const struct kb_opt_program program = {
    .name = "kb-eval",
    .synopsis = "retrieval|answers|confidence [OPTION]... [FILE]...",
    .about = "Measure retrieval, answers and confidence.",
    .options = options,
    .n_options = KB_OPT_N(options),
};

static const struct {
	const char *name;
	int (*report)(const struct kb_eval_opts *opts, struct kb_buf *out,
		      struct kb_err *err);
} reports[] = {
    {"retrieval", kb_eval_retrieval},
    {"answers", kb_eval_answers},
    {"confidence", kb_eval_confidence},
};

static int run_report(int n, char **operands, struct kb_buf *out,
		      struct kb_err *err)
{
	const char *files[2 * KB_OPT_LIST_MAX];
	size_t i;

	for (i = 0; i < runs.n; i++)
		files[opts.n_files++] = runs.items[i];
	for (i = 1; i < (size_t)n && opts.n_files < KB_OPT_N(files); i++)
		files[opts.n_files++] = operands[i];
	opts.files = files;
	for (i = 0; i < KB_OPT_N(reports); i++) {
		if (kb_str_is(kb_str_of(operands[0]), reports[i].name))
			return reports[i].report(&opts, out, err);
	}
	return kb_err_set(err, KB_EINVAL,
			  "no report '%s': retrieval, answers or confidence",
			  operands[0]);
}

int main(int argc, char **argv)
{
	struct kb_err err = {0};
	struct kb_buf out;
	int n, rc;

	rc = kb_opt_parse(&program, argc, argv, &n, &err);
	if (rc == 1)
		return 0;
	if (rc < 0)
		return kb_opt_fail(&program, &err);
	if (n == 0 || (n == 1 && runs.n == 0 && isatty(STDIN_FILENO)))
		return kb_opt_usage(&program);
	opts.json = format == FORMAT_JSON ||
		    (format == FORMAT_AUTO && !isatty(STDOUT_FILENO));
	opts.rounds = (unsigned)rounds;
	opts.seed = seed;
	kb_buf_init(&out, 0);
	rc = run_report(n, argv, &out, &err);
	if (rc == KB_OK && out.len)
		rc = kb_output_print(NULL, kb_buf_str(&out), &err);
	kb_buf_release(&out);
	return rc < 0 ? kb_opt_fail(&program, &err) : 0;
}
