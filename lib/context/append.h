/*
 * A conversation that is cut so rarely that its beginning stays: from turn to
 * turn what is written begins with what was written before, byte for byte, so
 * that a provider finds it in its cache.
 *
 * Turns are added as they are until the budget, the high-water mark, is
 * reached. Then all so far is cut to half of it, the low-water mark, and stands
 * frozen; and so on. Where that happens, and what is left, is a function of the
 * turns up to there: neither of the question nor of what is said later. So a
 * record is cut as the records of its earlier turns were, though nothing is
 * kept of them.
 *
 * What was dropped is not looked at again: a cut costs what the budget holds,
 * and all of them time that is linear in the record. The place of a summary is
 * counted whether it is there or not, for the next cut must not depend on what
 * a model answers.
 */
#ifndef KB_CONTEXT_APPEND_H
#define KB_CONTEXT_APPEND_H

#include "context/compress_job.h"

/*
 * Set what kb_select() and kb_summarize() set, and job->frozen. The job is of a
 * conversation above its budget, with its state; job->terms are those of
 * another conversation then. KB_ELIMIT when what must stay exceeds the budget
 * and that is an error.
 */
int kb_append(struct kb_compress_job *job, struct kb_err *err);

/* The tokens that the parts of the budget leave: to cut at, to cut to. */
void kb_append_marks(const struct kb_compress_job *job, size_t *high,
		     size_t *low);

#endif
