/*
 * kb-eval: measures of retrieval, answers and confidence.
 */
#include <stdlib.h>
#include <unistd.h>

#include "cli/command.h"
#include "cli/output.h"
#include "eval/eval.h"

static struct {
	struct kb_opt_list runs;
	const char *qrels, *set;
	double threshold;
	uint64_t rounds, seed;
	bool only_run;
} o = {.threshold = 0.6, .rounds = 10000, .seed = 1};

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
	 .type = KB_OPT_LIST, .to = &o.runs,
	 .help = "TREC lines or records with hits; again: compare"},
	{.name = "seed", .arg = "N", .type = KB_OPT_COUNT, .to = &o.seed,
	 .help = "of the random numbers (1)"},
};

static const struct kb_opt of_confidence[] = {
	{.name = "threshold", .arg = "P",
	 .type = KB_OPT_NUMBER, .to = &o.threshold, .max = 1,
	 .help = "cut for coverage and accuracy (0.6)"},
};

static const struct kb_opt of_all[] = {
	{.name = "set", .arg = "NAME", .type = KB_OPT_STRING, .to = &o.set,
	 .help = "name of the data set, shown in the report"},
};
/* clang-format on */

/* Print what 'make' reports about the runs and operands. */
static int report(const struct kb_once *once,
		  int (*make)(const struct kb_eval_opts *opts,
			      struct kb_buf *out, struct kb_err *err),
		  struct kb_err *err)
{
	struct kb_eval_opts opts = {
	    .json = once->format == 0,
	    .set = o.set,
	    .qrels = o.qrels,
	    .only_run = o.only_run,
	    .threshold = o.threshold,
	    .rounds = (unsigned)o.rounds,
	    .seed = o.seed,
	    .n_files = o.runs.n + once->n_operands,
	};
	const char **files = kb_calloc(opts.n_files + 1, sizeof(*files));
	struct kb_buf out;
	int rc;

	if (!opts.n_files && isatty(STDIN_FILENO)) {
		free(files);
		return KB_ONCE_USAGE;
	}
	for (size_t i = 0; i < opts.n_files; i++)
		files[i] = i < o.runs.n ? o.runs.items[i]
					: once->operands[i - o.runs.n];
	opts.files = files;
	kb_buf_init(&out, 0);
	rc = make(&opts, &out, err);
	if (rc == 0 && out.len)
		rc = kb_output_print(NULL, kb_buf_str(&out), err);
	kb_buf_release(&out);
	free(files);
	return rc;
}

static int retrieval(struct kb_once *once, struct kb_err *err)
{
	return report(once, kb_eval_retrieval, err);
}

static int answers(struct kb_once *once, struct kb_err *err)
{
	return report(once, kb_eval_answers, err);
}

static int confidence(struct kb_once *once, struct kb_err *err)
{
	return report(once, kb_eval_confidence, err);
}

static const struct kb_command commands[] = {
    {
	.name = "retrieval",
	.synopsis = "[OPTION]... [RUN]...",
	.about = "ranked lists against judgements",
	.options = of_retrieval,
	.n_options = KB_OPT_N(of_retrieval),
	.formats = "json|text",
	.operands = true,
	.run = retrieval,
    },
    {
	.name = "answers",
	.synopsis = "[OPTION]... [FILE]...",
	.about = "records with gold against their answer and route",
	.formats = "json|text",
	.operands = true,
	.run = answers,
    },
    {
	.name = "confidence",
	.synopsis = "[OPTION]... [FILE]...",
	.about = "how far the confidence of records can be believed",
	.options = of_confidence,
	.n_options = KB_OPT_N(of_confidence),
	.formats = "json|text",
	.operands = true,
	.run = confidence,
    },
};

static const struct kb_command program = {
    .name = "kb-eval",
    .synopsis = "COMMAND [OPTION]... [FILE]...",
    .about = "Measure retrieval, answers and confidence.",
    .options = of_all,
    .n_options = KB_OPT_N(of_all),
    .commands = commands,
    .n_commands = KB_OPT_N(commands),
};

int main(int argc, char **argv)
{
	return kb_cli_main(argc, argv, &program);
}
