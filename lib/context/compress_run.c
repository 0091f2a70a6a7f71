#include "context/compress_run.h"

#include "context/summarize.h"

int kb_compress_run_open(struct kb_compress_run *run,
			 const struct kb_compress_setup *setup,
			 struct kb_err *err)
{
	int rc;

	*run = (struct kb_compress_run){.options = setup->options};
	rc = kb_tokenizer_open(setup->tokenizer, setup->model, &run->tokenizer,
			       err);
	if (rc < 0)
		return rc;
	if (setup->time && !setup->by)
		return kb_err_set(err, KB_EINVAL, "--time goes with --by");
	if (run->options.append_only &&
	    (!run->options.budget_tokens || run->options.ratio > 0))
		return kb_err_set(err, KB_EINVAL,
				  "--append-only needs a budget (-b) and no "
				  "ratio, which grows with the conversation");
	if (setup->by)
		run->sessions = kb_sessions_new(setup->by, setup->time);
	run->options.tokenizer = run->tokenizer;
	rc = kb_gazetteer_open(&run->gazetteer, setup->gazetteer,
			       setup->indexes, setup->n_indexes, err);
	run->options.gazetteer = run->gazetteer;
	if (rc == 0)
		rc = kb_summarizer_open(&run->summarizer, setup->summary_cmd,
					setup->summary_timeout_s, err);
	run->options.summarizer = run->summarizer;
	if (rc < 0 || !setup->intents)
		return rc;
	run->options.intents = &run->intents;
	return kb_class_model_open(&run->intents, setup->intents, err);
}

void kb_compress_run_close(struct kb_compress_run *run)
{
	kb_tokenizer_close(run->tokenizer);
	if (run->options.intents)
		kb_class_model_release(&run->intents);
	kb_summarizer_close(run->summarizer);
	kb_gazetteer_free(run->gazetteer);
	kb_sessions_free(run->sessions);
}
