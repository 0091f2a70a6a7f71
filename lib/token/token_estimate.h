/*
 * Counting tokens without a model's vocabulary.
 *
 * Both estimates sum fitted weights over classes of characters and runs of
 * them (words by length, digits by threes, Han characters, marks, blanks,
 * letters by their script). One is the count of o200k_base as it is expected,
 * for who asks how much a text is about. The other is for budgets, which must
 * hold in cl100k_base, too: the larger count of the two, in which Chinese costs
 * half as much again and Hindi 2.5 times. tests/eval/fit-tokens.py fits the
 * weights on half of a mixed corpus and prints the errors on the other half and
 * on sources that no weight saw. Documents of 2,000 tokens there are counted
 * 1 to 3 % wrong in the mean where they are Chinese, English, JSON, code or
 * logs, HTML 5 %, chat and abstracts that no weight saw 6 %; for budgets pages
 * of 2,000 bytes 0 to 13 % above cl100k_base, of Chinese 46 to 68 % above
 * o200k_base.
 *
 * Vocabularies that take each digit by itself (Qwen) count a page of logs a
 * third higher than the larger; those of Llama 3 and DeepSeek lie within it.
 *
 * They are estimates: what is made from one is labelled exact:false.
 *
 * Counts do not add up: count the text as it will be sent, not its parts.
 */
#ifndef KB_TOKEN_TOKEN_ESTIMATE_H
#define KB_TOKEN_TOKEN_ESTIMATE_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

/* Tokens of the text in o200k_base, rounded up; no more than its bytes, and 0
 * for empty text only. */
size_t kb_tokens_estimate(const char *text, size_t len);

/* The same in the dearer of o200k_base and cl100k_base, for a budget. */
size_t kb_tokens_most(const char *text, size_t len);

/*
 * The most of kb_tokens_most() to aim for so that a text keeps within 'budget'
 * true tokens: the budget less a guard of 10 % (at least 2). Of 2,441 pages of
 * 2,000 bytes from sources that no weight saw none has more than that over the
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

/* Of the Han of a text: pairs that begin a token of o200k_base, read from the
 * left, and of the characters between them those that are none. */
void kb_token_han(const char *text, size_t len, uint32_t found[2]);

#define KB_TOKEN_HAN 0x5200 /* characters from U+4E00 on */

/* token_estimate_table.c: the weights, and a bit for each character from U+4E00
 * on that is a token by itself. */
extern const double kb_token_weight[KB_TOKEN_FEATURES];
extern const uint64_t kb_token_common[KB_TOKEN_HAN / 64];

/* ... those of the expected count, a bit for each character that is a token of
 * o200k_base, and one for the hash of two that begin one. */
extern const double kb_token_expected[KB_TOKEN_FEATURES + 2];
extern const uint64_t kb_token_single[KB_TOKEN_HAN / 64];
extern const uint64_t kb_token_pairs[0x10000 / 64];

#endif
