/*
 * Counting tokens without a model's vocabulary.
 *
 * The estimate sums fitted weights over classes of characters and runs of
 * them (words by length, digits by threes, Han characters, marks, blanks,
 * letters by their script). It aims at the larger of the counts of cl100k_base
 * and o200k_base, for a budget must hold in both: Chinese costs half as much
 * again in the older one, Hindi 2.5 times. tests/eval/fit-tokens.py fits
 * the weights on half of a mixed corpus and prints the errors on the other half
 * and on sources that no weight saw. Pages of 2,000 bytes there: 0 to 13 %
 * above cl100k_base, for Chinese 46 to 68 % above o200k_base.
 *
 * Vocabularies that take each digit by itself (Qwen) count a page of logs a
 * third higher than this; those of Llama 3 and DeepSeek lie within it.
 *
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
 * tokens: the budget less a guard of 10 % (at least 2). Of 2,441 pages of 2,000
 * bytes from sources that no weight saw none has more than that over the
 * estimate in cl100k_base or o200k_base, of 500 bytes .05 %; of the test half,
 * which has 35 other languages, .5 % and 1.2 %.
 */
static inline size_t kb_tokens_within(size_t budget)
{
	size_t guard = budget / 11 + 1;

	if (guard < 2)
		guard = 2;
	return budget > guard ? budget - guard : 0;
}

/* What the weights apply to; for the script that fits them. */
#define KB_TOKEN_FEATURES 80
void kb_tokens_features(const char *text, size_t len,
			uint32_t features[KB_TOKEN_FEATURES]);

/* token_estimate_table.c: the weights, and a bit for each character from U+4E00
 * on that is a token by itself. */
extern const double kb_token_weight[KB_TOKEN_FEATURES];
extern const uint64_t kb_token_common[0x5200 / 64];

#endif
