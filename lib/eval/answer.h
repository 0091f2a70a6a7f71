/*
 * Is the right answer in what was answered?
 *
 * Both texts become tokens: full-width forms, case and traditional
 * characters folded; every CJK character a token; letters and digits apart;
 * punctuation and spaces gone. In numbers a point between digits stays, a
 * comma goes, zeros behind the point go: 1,299.00 equals 1299. "Contained"
 * means that the gold tokens stand in a row in the answer, so 7 is not in
 * 17. F1 is that of SQuAD (Rajpurkar et al. 2016) over these tokens, the
 * English articles left out, and likewise exact match.
 */
#ifndef KB_EVAL_ANSWER_H
#define KB_EVAL_ANSWER_H

#include <stdint.h>

#include "base/mem.h"

#define KB_EVAL_GOLDS 1000 /* answers, and assertions, of a record's gold */

struct kb_answer_tokens {
	uint64_t *items; /* hash of each token; the lowest bit: a number */
	uint64_t *sorted;
	size_t n, cap, cap_sorted;
};

void kb_answer_tokens(struct kb_answer_tokens *out, struct kb_str text);
void kb_answer_tokens_release(struct kb_answer_tokens *tokens);

bool kb_answer_contains(const struct kb_answer_tokens *answer,
			const struct kb_answer_tokens *gold);
double kb_answer_f1(const struct kb_answer_tokens *answer,
		    const struct kb_answer_tokens *gold);
bool kb_answer_equal(const struct kb_answer_tokens *answer,
		     const struct kb_answer_tokens *gold);

/*
 * ROUGE-L (Lin 2004), as F1: the longest common subsequence of tokens over
 * the mean of both lengths. Of either text the first KB_ANSWER_ROUGE_TOKENS
 * count; 0 when one of them has none.
 */
#define KB_ANSWER_ROUGE_TOKENS 2000
double kb_answer_rouge(const struct kb_answer_tokens *answer,
		       const struct kb_answer_tokens *gold);

/* Does it hold a number? Does the answer hold each one that gold holds? */
bool kb_answer_has_number(const struct kb_answer_tokens *tokens);
bool kb_answer_numbers(const struct kb_answer_tokens *answer,
		       const struct kb_answer_tokens *gold);

#endif
