/*
 * What language a text is in, as far as the toolkit cares: Chinese, English
 * (or another Latin one), a mixture, or neither. A Han character counts as
 * one, a run of Latin letters as one.
 */
#ifndef KB_TEXT_LANG_H
#define KB_TEXT_LANG_H

#include <stddef.h>

enum kb_lang {
	KB_LANG_OTHER, /* no Han and no Latin: "12", Cyrillic */
	KB_LANG_ZH,    /* Han at least 60 % of both */
	KB_LANG_EN,    /* at most 20 % */
	KB_LANG_MIXED,
};

struct kb_lang_counts {
	size_t han;   /* characters */
	size_t latin; /* words */
	size_t other; /* letters of other scripts */
};

enum kb_lang kb_lang_detect(const char *text, size_t len,
			    struct kb_lang_counts *counts); /* may be NULL */

/* The language to answer in: ZH or EN, the larger of the two; EN when there
 * is neither. */
enum kb_lang kb_lang_main(const char *text, size_t len);

#endif
