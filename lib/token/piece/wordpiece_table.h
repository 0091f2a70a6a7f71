/* Categories of characters as BERT's tokenizer has them; for wordpiece.c. */
#ifndef KB_TOKEN_PIECE_WORDPIECE_TABLE_H
#define KB_TOKEN_PIECE_WORDPIECE_TABLE_H

#include <stddef.h>
#include <stdint.h>

/* From the first to the last code point. */
struct kb_wordpiece_range {
	uint32_t first, last;
};

/* Ascending, above ASCII. */
extern const struct kb_wordpiece_range kb_wordpiece_removed[];
extern const size_t kb_wordpiece_removed_n;
extern const struct kb_wordpiece_range kb_wordpiece_marks[];
extern const size_t kb_wordpiece_marks_n;
extern const struct kb_wordpiece_range kb_wordpiece_punctuation[];
extern const size_t kb_wordpiece_punctuation_n;

#endif
