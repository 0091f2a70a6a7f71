/*
 * The words of a clause, each as the set of classes it belongs to: what
 * courtesy.c and refusal.c read instead of the words.
 */
#ifndef KB_CLAIM_WORD_CLASSES_H
#define KB_CLAIM_WORD_CLASSES_H

#include "text/literals.h"

#define KB_WORD_CLASSES_MAX 64 /* words of a text that are read */

/* A row of a table of classes. */
struct kb_word_class {
	const char *word; /* lower case, "'" for an apostrophe */
	unsigned set;
};

struct kb_classed_word {
	struct kb_str text;
	unsigned set; /* 0: in no class */
};

struct kb_classed {
	struct kb_classed_word words[KB_WORD_CLASSES_MAX];
	size_t n;
	bool whole; /* there were no more words */
};

/* The next word from *at on, as below; false at the end. */
bool kb_words_next(struct kb_str text, struct kb_literals *set,
		   const struct kb_word_class *rows, unsigned denied,
		   size_t *at, struct kb_classed_word *out);

/* Cut the text into words of letters, with the apostrophes in them, and look
 * each up in the set over rows; words in "n't" that are not there get
 * 'denied'. */
void kb_words_class(struct kb_str text, struct kb_literals *set,
		    const struct kb_word_class *rows, unsigned denied,
		    struct kb_classed *out);

/* The class of the longest literal of the set at text + at, and its bytes
 * (0: none). For scripts without blanks. */
unsigned kb_class_at(struct kb_str text, size_t at, struct kb_literals *set,
		     const struct kb_word_class *rows, size_t *len);

#endif
