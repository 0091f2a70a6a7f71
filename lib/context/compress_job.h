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

/* Why a turn is as it is. */
enum kb_why {
	KB_WHY_FITS, /* nothing had to be cut */
	KB_WHY_SYSTEM,
	KB_WHY_ASKED,	 /* the last user turn */
	KB_WHY_DEMANDED, /* the user forbade, demanded or corrected */
	KB_WHY_LAST,	 /* one of the last turns */
	KB_WHY_EXCHANGE, /* of an exchange with a tool: one that has a turn
			    that must stay, or fits */
	KB_WHY_QUESTION, /* what it has most of above others: what is asked, */
	KB_WHY_NOVELTY,	 /* what is said for the first time, */
	KB_WHY_PRIOR,	 /* what is worth keeping whatever is asked */
	KB_WHY_BUDGET,	 /* others were worth more for their price */
};

enum kb_over { KB_OVER_ERROR, KB_OVER_FLAG };

struct kb_compress_options {
	uint64_t budget_tokens; /* 0: none */
	double ratio;		/* of the tokens before; 0: none */
	uint64_t keep_last;	/* turns kept as they are */
	enum kb_over over;	/* when what must stay exceeds the budget */
	bool no_summary;  /* whole turns only, and nothing of the others */
	bool append_only; /* cut rarely: append.h */
	bool explain;	  /* say of every turn why it is as it is */
	const struct kb_tokenizer *tokenizer; /* borrowed; NULL: the estimate */
	const struct kb_gazetteer *gazetteer; /* borrowed; NULL: none */
	const struct kb_summarizer *summarizer; /* borrowed; NULL: values */
	const struct kb_class_model *intents;	/* borrowed; NULL: by words */
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
	struct kb_dialogue_terms *terms;
	struct kb_analyzer *analyzer;
	struct kb_intents *intents; /* NULL: threads by words */
	struct kb_state *state;	    /* NULL: neither is read, nor told */
	struct kb_threads *threads;
	double *salience;
	struct kb_salience_parts *parts; /* NULL: nobody asks why */
	enum kb_why *why;		 /* of each turn */
	size_t *unit_of; /* the first turn of what stays or goes together */
	size_t *costs;	 /* of each turn as it stands, once it is shortened */
	bool *dropped;
	struct kb_str *shortened; /* of each turn, "" for what is whole */
	size_t n_dropped, n_shortened;
	size_t before, after, fit;
	struct kb_str summary;
	bool written;	      /* by the summarizer */
	const char *degraded; /* what could not be done, or NULL */
	bool over;
	struct {
		size_t cuts, turn; /* behind which the last was made */
	} frozen;		   /* with append_only */
};

#endif
