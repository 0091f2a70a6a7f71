/*
 * Inside of the built-in model. Users include llm/model.h.
 *
 * The passages are read and their sentences ranked (answer/reading.h); a
 * linear model over what the best one looks like gives the probability that
 * it answers. The models stand in local_weights.h with the way they were
 * learned.
 */
#ifndef KB_LLM_LOCAL_H
#define KB_LLM_LOCAL_H

#include "answer/meaning.h"
#include "answer/reading.h"
#include "llm/join.h"
#include "llm/model.h"

struct kb_local {
	struct kb_model model; /* first: the two convert */
	struct kb_reader reader;
	/* Of the answer, of a passage that is judged, of a sentence that may
	 * stand beside the best one. */
	struct kb_linear answer, judge, extent;
	struct kb_linear meant;	    /* of the answer, with an encoder */
	struct kb_meaning *meaning; /* borrowed; NULL: none */
};

/* answer_text.c: the sentences on one line, with their citations, in the
 * arena. */
struct kb_str kb_local_write(struct kb_arena *arena, const struct kb_reading *r,
			     const struct kb_join *join);

/* local_answer.c: the answer that sentence number best gives, in the arena;
 * best is -1 without sentences. */
void kb_local_compose(const struct kb_local *local, struct kb_arena *arena,
		      const struct kb_reading *r, long best,
		      struct kb_model_answer *answer);

#endif
