/*
 * What a search finds when nothing answers: the null distribution of the
 * best lexical score.
 *
 * Pseudo-questions are made of words and pieces of two to four Chinese
 * characters, each from another passage, so that no passage is about all of
 * them; common words come up as often as in the texts. The strength of a
 * question is the best score any chunk has, of the highest possible. For
 * questions of 2, 4, ... 32 base terms the ninth decile of the strength
 * stands in the index's settings:
 *
 *	"null":{"chunks":N,"high":[5 numbers],"cosines":[X]}
 *
 * kb-index measures when there is no such member, when the index has doubled
 * or halved since, and on --rebuild; never in a refresh that changes little.
 * An index of fewer than KB_NULL_CHUNKS chunks has none.
 *
 * Beside it stands the same of vectors of a model, "cosines": the mean one of
 * two passages, 0 at least, by model; of all the same none. Any two texts are
 *alike to a model to some degree, and what is more than that tells that they
 *are about one thing.
 */
#ifndef KB_SEARCH_NULL_DISTRIBUTION_H
#define KB_SEARCH_NULL_DISTRIBUTION_H

#include "index/write/leg_ops.h"
#include "index/write/writer.h"

#define KB_NULL_QUESTIONS 40 /* of each length */
#define KB_NULL_CHUNKS	  16

/* What an index without has. */
extern const struct kb_null kb_null_defaults;

/* Takes part in building an index; its argument is a bool *, whether to
 * measure in any case. */
extern const struct kb_leg_ops kb_null_leg;

/* The natural logarithm of the strength of a question of so many base terms
 * over the ninth decile. */
double kb_null_rise(const struct kb_null *null, size_t length, double strength);

#endif
