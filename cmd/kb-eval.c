/*
 * kb-eval: measures of retrieval, answers and confidence.
 */
#include <stdlib.h>
#include <unistd.h>

#include "cli/command.h"
#include "cli/output.h"
#include "eval/eval.h"

static struct kb_eval_opts o = {
    .threshold = 0.6,
    .rounds = 10000,
    .seed = 1,
    .risk = 0.035,
    .delta = 0.1,
    .draws = 300,
    .labels = 1000,
};
static struct kb_opt_list runs, under, over;
static const char *plot;

/* clang-format off */
static const struct kb_opt of_retrieval[] = {
	{.name = "only-run", .type = KB_OPT_FLAG, .to = &o.only_run,
	 .help = "leave out judged queries that no run names"},
	{.letter = 'q', .name = "qrels", .arg = "FILE",
	 .type = KB_OPT_STRING, .to = &o.qrels,
	 .help = "judgements, else gold.docs: query, doc, grade"},
	{.name = "rounds", .arg = "N", .type = KB_OPT_COUNT, .to = &o.rounds,
	 .min = 100, .max = 1000000,
	 .help = "permutations and bootstrap samples (10000)"},
	{.letter = 'r', .name = "run", .arg = "FILE",
	 .type = KB_OPT_LIST, .to = &runs,
	 .help = "TREC lines or records with hits; again: compare"},
	{.name = "seed", .arg = "N", .type = KB_OPT_COUNT, .to = &o.seed,
	 .help = "of the random numbers (1)"},
};

static const struct kb_opt of_confidence[] = {
	{.name = "plot", .arg = "FILE", .type = KB_OPT_STRING, .writes = true,
	 .to = &plot,
	 .help = "reliability and risk over coverage, as SVG"},
	{.name = "threshold", .arg = "P",
	 .type = KB_OPT_NUMBER, .to = &o.threshold, .max = 1,
	 .help = "cut for coverage and accuracy (0.6)"},
};

static const struct kb_opt of_check[] = {
	{.name = "base", .arg = "P", .type = KB_OPT_NUMBER, .to = &o.base,
	 .max = 0.99,
	 .help = "share of wrong ones drawn; 0: as they come (0)"},
	{.name = "by", .arg = "MEMBER", .type = KB_OPT_STRING, .to = &o.by,
	 .help = "also what is answered for each value of a member"},
	{.name = "delta", .arg = "P", .type = KB_OPT_NUMBER, .to = &o.delta,
	 .min = 1e-6, .max = 0.5,
	 .help = "chance that a certificate is not kept (0.1)"},
	{.name = "draws", .arg = "N", .type = KB_OPT_COUNT, .to = &o.draws,
	 .min = 1, .max = 100000,
	 .help = "certificates from labels drawn anew (300)"},
	{.name = "labels", .arg = "N", .type = KB_OPT_COUNT, .to = &o.labels,
	 .min = 1, .max = 1000000, .help = "labels of a draw (1000)"},
	{.name = "plot", .arg = "FILE", .type = KB_OPT_STRING, .writes = true,
	 .to = &plot,
	 .help = "reliability and risk over coverage, as SVG"},
	{.name = "risk", .arg = "P", .type = KB_OPT_NUMBER, .to = &o.risk,
	 .min = 1e-6, .max = 0.999,
	 .help = "share of wrong ones among the answered (0.035)"},
	{.name = "score", .arg = "NAME", .type = KB_OPT_CHOICE, .to = &o.score,
	 .choices = "confidence|p",
	 .help = "what is measured, p: that of check (confidence)"},
	{.name = "seed", .arg = "N", .type = KB_OPT_COUNT, .to = &o.seed,
	 .help = "of the random numbers (1)"},
	{.name = "threshold", .arg = "P",
	 .type = KB_OPT_NUMBER, .to = &o.threshold, .max = 1,
	 .help = "score from which a record is answered (0.6)"},
};

static const struct kb_opt of_compare[] = {
	{.name = "rounds", .arg = "N", .type = KB_OPT_COUNT, .to = &o.rounds,
	 .min = 100, .max = 1000000,
	 .help = "permutations and bootstrap samples (10000)"},
	{.name = "seed", .arg = "N", .type = KB_OPT_COUNT, .to = &o.seed,
	 .help = "of the random numbers (1)"},
};

static const struct kb_opt of_all[] = {
	{.name = "fail-over", .arg = "LIMIT", .type = KB_OPT_LIST,
	 .to = &over, .help = "exit 1 when a measure is above: MEASURE=X"},
	{.name = "fail-under", .arg = "LIMIT", .type = KB_OPT_LIST,
	 .to = &under, .help = "exit 1 when a measure is below: MEASURE=X"},
	{.name = "set", .arg = "NAME", .type = KB_OPT_STRING, .to = &o.set,
	 .help = "name of the data set, shown in the report"},
};
/* clang-format on */

static void say(const char *line)
{
	kb_print_note("kb-eval", line);
}

static int draw(const struct kb_buf *picture, struct kb_err *err)
{
	struct kb_output file;
	int rc = kb_output_open(&file, plot, err);

	if (rc == KB_OK) {
		kb_buf_add_str(&file.buf, kb_buf_str(picture));
		rc = kb_output_finish(&file, err);
	}
	kb_output_release(&file);
	return rc;
}

static int take_limits(struct kb_eval_limits *limits, struct kb_err *err)
{
	int rc = KB_OK;

	for (size_t i = 0; rc == KB_OK && i < under.n; i++)
		rc = kb_eval_limits_add(limits, under.items[i], false, err);
	for (size_t i = 0; rc == KB_OK && i < over.n; i++)
		rc = kb_eval_limits_add(limits, over.items[i], true, err);
	return rc;
}

typedef int report_fn(const struct kb_eval_opts *opts, struct kb_buf *out,
		      struct kb_err *err);

/* Print what 'make' reports about the runs and operands. */
static int report(const struct kb_once *once, report_fn *make,
		  struct kb_err *err)
{
	struct kb_eval_limits limits = {0};
	struct kb_buf out, picture;
	const char **files;
	int rc;

	o.json = once->format == 0;
	o.n_files = runs.n + once->n_operands;
	if (!o.n_files && isatty(STDIN_FILENO))
		return KB_ONCE_USAGE;
	o.files = files = kb_calloc(o.n_files + 1, sizeof(*files));
	for (size_t i = 0; i < o.n_files; i++)
		files[i] =
		    i < runs.n ? runs.items[i] : once->operands[i - runs.n];
	kb_buf_init(&out, 0);
	kb_buf_init(&picture, 0);
	o.limits = &limits;
	o.plot = plot ? &picture : NULL;
	rc = take_limits(&limits, err);
	for (size_t i = 0; rc == KB_OK && plot && i < o.n_files; i++)
		rc = kb_output_keeps(plot, "--plot", files[i], err);
	if (rc == KB_OK)
		rc = make(&o, &out, err);
	if (rc == KB_OK && plot)
		rc = draw(&picture, err);
	if (rc == KB_OK && out.len)
		rc = kb_output_print(NULL, kb_buf_str(&out), err);
	if (rc == KB_OK)
		rc = kb_eval_limits_judge(&limits, say, err);
	kb_buf_release(&picture);
	kb_buf_release(&out);
	kb_eval_limits_release(&limits);
	free(files);
	return rc;
}

/* A command for each report. */
#define RUN(report_)                                                 \
	static int report_(struct kb_once *once, struct kb_err *err) \
	{                                                            \
		return report(once, kb_eval_##report_, err);         \
	}
RUN(retrieval)
RUN(answers)
RUN(confidence)
RUN(check)
RUN(compare)

#define COMMAND(report_, operands_, about_)                        \
	.name = #report_, .synopsis = "[OPTION]... " operands_,    \
	.about = about_, .formats = "json|text", .operands = true, \
	.run = report_
#define OPTIONS(rows_) .options = (rows_), .n_options = KB_OPT_N(rows_)

static const struct kb_command commands[] = {
    {COMMAND(retrieval, "[RUN]...", "ranked lists against judgements"),
     OPTIONS(of_retrieval)},
    {COMMAND(answers, "[FILE]...",
	     "records with gold against their answer and route")},
    {COMMAND(confidence, "[FILE]...",
	     "how far the confidence of records can be believed"),
     OPTIONS(of_confidence)},
    {COMMAND(check, "[FILE]...",
	     "labelled records: which threshold keeps a risk"),
     OPTIONS(of_check)},
    {COMMAND(compare, "A B", "two files of answers to the same questions"),
     OPTIONS(of_compare)},
};

static const struct kb_command program = {
    .name = "kb-eval",
    .synopsis = "COMMAND [OPTION]... [FILE]...",
    .about = "Measure retrieval, answers and confidence.",
    .examples = "  kb-eval retrieval -q qrels.tsv run.tsv\n"
		"  kb-eval answers answers.jsonl\n",
    OPTIONS(of_all),
    .commands = commands,
    .n_commands = KB_OPT_N(commands),
};

int main(int argc, char **argv)
{
	return kb_cli_main(argc, argv, &program);
}
