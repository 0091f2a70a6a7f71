/* Judgements, runs and answers as kb-eval reads them: each report is made
 * or refused with a reason. The first byte says where the input's second
 * part begins, as a share of the whole: judgements, then a run. */
#include "eval/eval.h"
#include "memory_file.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

static void report(int (*make)(const struct kb_eval_opts *, struct kb_buf *,
			       struct kb_err *),
		   struct kb_eval_opts *opts)
{
	for (int json = 0; json < 2; json++) {
		struct kb_err err = {0};
		struct kb_buf out;

		kb_buf_init(&out, 0);
		opts->json = json;
		if (make(opts, &out, &err) < 0 && !err.msg[0])
			abort();
		kb_buf_release(&out);
	}
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	struct memory_file qrels, run;
	const char *files[2];
	struct kb_eval_opts opts = {.files = files,
				    .n_files = 1,
				    .threshold = 0.6,
				    .rounds = 20,
				    .seed = 1,
				    .by = "kind",
				    .risk = 0.1,
				    .delta = 0.1,
				    .base = 0.12,
				    .draws = 3,
				    .labels = 30};
	struct kb_buf plot;
	size_t cut;

	if (!size)
		return 0;
	cut = 1 + (size - 1) * data[0] / 255;
	memory_file_make(&qrels, data + 1, cut - 1);
	memory_file_make(&run, data + cut, size - cut);
	files[0] = files[1] = run.path;
	report(kb_eval_answers, &opts);
	kb_buf_init(&plot, 0);
	opts.plot = &plot;
	report(kb_eval_confidence, &opts);
	report(kb_eval_check, &opts);
	kb_buf_release(&plot);
	opts.plot = NULL;
	report(kb_eval_retrieval, &opts);
	opts.n_files = 2;
	report(kb_eval_compare, &opts);
	opts.qrels = qrels.path;
	report(kb_eval_retrieval, &opts);
	memory_file_close(&run);
	memory_file_close(&qrels);
	return 0;
}
