/* From text to the characters of words, on the way to unigram.c. */
#ifndef KB_TOKEN_PIECE_UNIGRAM_TEXT_H
#define KB_TOKEN_PIECE_UNIGRAM_TEXT_H

#include "token/piece/charsmap.h"

/* How a text is brought to words, from tokenizer.json. */
struct kb_unigram_form {
	uint32_t strip_left, strip_right; /* white space at the ends */
	uint32_t collapse; /* what several blanks become; 0: they stay */
	uint32_t words;	   /* white space parts words, and is gone */
	uint32_t mark;	   /* what a blank becomes */
	uint32_t prepend;  /* a mark before each word, or the text */
	uint32_t split;	   /* a mark begins a word */
};

/* Who takes the characters. */
struct kb_unigram_sink {
	void *arg;
	void (*put)(void *arg, uint32_t cp);
	void (*end)(void *arg); /* of a word that has characters */
	const bool *full;	/* nothing more is wanted */
};

/* Memory: nothing, or the blanks at a place where perhaps the text ends. */
void kb_unigram_read(const struct kb_unigram_form *form,
		     const struct kb_charsmap *charsmap, struct kb_str text,
		     const struct kb_unigram_sink *sink);

#endif
