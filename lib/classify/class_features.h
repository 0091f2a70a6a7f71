/*
 * The features of a text for a classifier: words and pairs of them, pieces of
 * words, Han characters and pairs of them, each as a hash of 32 bits.
 *
 * A text is folded first: lower case, half width, simplified Chinese. A word is
 * a run of letters and digits; a Han character and a mark of punctuation are
 * words of their own. Pairs are of neighbouring words, of which the first has
 * the beginning of the text before it and the last its end behind it; the first
 * three words are a feature, too, as is the beginning with the first two.
 * Pieces are 2 to 5 characters of a word that is no Han character, its ends
 * counted as characters.
 *
 * Time and memory grow with the text, of which KB_CLASS_TEXT_MAX bytes count.
 */
#ifndef KB_CLASSIFY_CLASS_FEATURES_H
#define KB_CLASSIFY_CLASS_FEATURES_H

#include <stdint.h>

#include "base/mem.h"

#define KB_CLASS_TEXT_MAX ((size_t)1 << 20)

/* Each is weighed by itself (class_score.h). */
enum kb_class_group { KB_CLASS_WORDS, KB_CLASS_PIECES, KB_CLASS_GROUPS };

struct kb_class_feature {
	uint32_t key;
	uint32_t count : 31; /* in the text */
	uint32_t group : 1;  /* enum kb_class_group */
};

/* Features of one text, and room to make them; used again and again. */
struct kb_class_features {
	struct kb_class_feature
	    *items; /* each once, in the order of the text */
	size_t n, cap;
	uint32_t *slots;	   /* an item + 1, or 0 */
	size_t n_slots, cap_slots; /* in use, a power of two; there */
	uint32_t *chars;	   /* the folded text */
	size_t cap_chars;
};

void kb_class_features_init(struct kb_class_features *f);
void kb_class_features_release(struct kb_class_features *f);

void kb_class_features_make(struct kb_class_features *f, struct kb_str text);

#endif
