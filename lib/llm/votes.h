/*
 * Self-consistency: several answers to one question, and which of them most
 * samples give (Wang et al. 2023).
 *
 * What is compared is the final answer: what stands behind the last "answer:",
 * "ans =", "####", \boxed or 答案 of a text, else all of it. Two agree when
 * they are the same but for case, width, punctuation and articles; when they
 * say the same numbers, whatever units stand beside them; and longer ones when
 * they say the same numbers and negations in mostly the same words. Answers
 * that agree with the first of a group are a vote for it.
 *
 * Samples are asked for as long as they can change the outcome: an answer that
 * is short and says few numbers is one that others agree with, and suffices
 * alone; of several the leading one must be ahead beyond what is left, or
 * likely to stay (vote_weights.h).
 */
#ifndef KB_LLM_VOTES_H
#define KB_LLM_VOTES_H

#include "base/arena.h"
#include "base/str.h"

#define KB_VOTES_MAX	 64
#define KB_VOTE_TEXT_MAX ((size_t)16 << 10) /* bytes that are compared */

struct kb_vote {
	struct kb_str text;  /* of the first sample of the group */
	struct kb_str final; /* what of it is compared */
	size_t sample;	     /* its number */
	size_t n;	     /* samples that agree */
};

struct kb_votes {
	struct kb_arena *arena; /* borrowed */
	struct kb_vote groups[KB_VOTES_MAX];
	size_t n, cast; /* groups; samples */
	double alone;	/* log-odds that others agree with the first */
};

void kb_votes_init(struct kb_votes *votes, struct kb_arena *arena);

/* The text is borrowed; at most KB_VOTES_MAX of them. */
void kb_votes_cast(struct kb_votes *votes, struct kb_str text, size_t sample);

/* The group with the most votes, of equal ones the earliest; NULL: none. */
const struct kb_vote *kb_votes_lead(const struct kb_votes *votes);

/* How many more samples are to be asked for at least, so that the outcome may
 * be settled; 0: it is. Of all 'least' to 'most' are asked for. */
size_t kb_votes_more(const struct kb_votes *votes, size_t least, size_t most);

/* That the leading answer is right, 0..1. */
double kb_votes_confidence(const struct kb_votes *votes);

/* The final answer of a text; points into it. */
struct kb_str kb_vote_final(struct kb_str text);

/* Do two final answers agree? Of each the first KB_VOTE_TEXT_MAX bytes count.
 */
bool kb_vote_agree(struct kb_str a, struct kb_str b, struct kb_arena *arena);

#endif
