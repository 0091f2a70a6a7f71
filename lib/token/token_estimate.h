/*
 * Counting tokens without a model's vocabulary.
 *
 * The estimate sums fitted weights over classes of characters and runs of
 * them (words by length, digits by threes, Han characters, marks, blanks).
 * The weights were fitted to o200k_base on half of a mixed corpus, and
 * tests/eval/fit-tokens.py prints the errors on the other half: about 3 % on
 * a page of English, Chinese, code or mixed text, 1 to 2 % on JSON and logs,
 * 4 to 17 % on one line.
 * It is an estimate: what is made from it is labelled exact:false.
 *
 * Counts do not add up: count the text as it will be sent, not its parts.
 */
#ifndef KB_TOKEN_TOKEN_ESTIMATE_H
#define KB_TOKEN_TOKEN_ESTIMATE_H

#include <stddef.h>
#include <stdint.h>

/* Tokens of the text, rounded up; 0 for empty text only. */
size_t kb_tokens_estimate(const char *text, size_t len);

/*
 * The largest estimate to aim for so that a text keeps within 'budget' true
 * tokens: the budget less a guard of 10 % (at least 2). Of the pages of the
 * test half 1 % have more than 10 % over the estimate, none more than 25 %
 * (a page of C macros); a longer text errs less.
 */
static inline size_t kb_tokens_within(size_t budget)
{
	size_t guard = budget / 11 + 1;

	if (guard < 2)
		guard = 2;
	return budget > guard ? budget - guard : 0;
}

/* What the weights apply to; for the script that fits them. */
#define KB_TOKEN_FEATURES 72
void kb_tokens_features(const char *text, size_t len,
			uint32_t features[KB_TOKEN_FEATURES]);

/* tokens_table.c: the weights, and a bit for each character from U+4E00 on
 * that is a token by itself. */
extern const double kb_token_weight[KB_TOKEN_FEATURES];
extern const uint64_t kb_token_common[0x5200 / 64];

#endif
