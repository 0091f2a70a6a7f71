/*
 * One record on its way through a compressor: what reads it (compress.c), what
 * chooses (select.c) and what writes it (compress_write.c) share this.
 */
#ifndef KB_CONTEXT_COMPRESS_JOB_H
#define KB_CONTEXT_COMPRESS_JOB_H

#include "context/complete.h"
#include "context/salience.h"
#include "dialogue/state.h"
#include "dialogue/threads.h"

enum kb_over { KB_OVER_ERROR, KB_OVER_FLAG };

struct kb_compress_options {
	size_t budget_tokens; /* 0: none */
	double ratio;	      /* of the tokens before; 0: none */
	size_t keep_last;     /* turns kept as they are */
	enum kb_over over;    /* when what must stay exceeds the budget */
	bool no_summary;      /* whole turns only, and nothing of the others */
	const struct kb_tokenizer *tokenizer; /* borrowed; NULL: the estimate */
	const struct kb_gazetteer *gazetteer; /* borrowed; NULL: none */
};

struct kb_compress_job {
	const struct kb_compress_options *options;
	struct kb_token_counter *counter;
	const char *tokenizer;
	bool exact;
	struct kb_arena *arena;
	struct kb_json messages;
	struct kb_convo convo;
	struct kb_str question; /* as asked */
	enum kb_asked_how asked;
	struct kb_completion standalone;
	const struct kb_dialogue_terms *terms;
	struct kb_analyzer *analyzer;
	struct kb_state *state; /* NULL: neither is read, nor told */
	struct kb_threads *threads;
	double *salience;
	bool *dropped;
	struct kb_str *shortened; /* of each turn, "" for what is whole */
	size_t n_dropped, n_shortened;
	size_t before, after, fit;
	struct kb_str summary;
	bool over;
};

#endif
