/*
 * Ordinal numbers in Chinese, in both writings: 第三 and 第3, 第二十 and 第20.
 * Texts are taken as they are written; a question finds the other writing.
 * Behind 第 alone: elsewhere 一 and 十 are parts of words.
 */
#ifndef KB_SEARCH_LEXICAL_ORDINALS_H
#define KB_SEARCH_LEXICAL_ORDINALS_H

#include "text/analyze.h"

/* Pairs of 第, of up to nine characters and of what follows. */
#define KB_ORDINAL_TERMS 9

struct kb_ordinal {
	uint64_t own; /* a term of the question that has it */
	uint64_t others[KB_ORDINAL_TERMS]; /* of the other writing */
	size_t n;
};

/* Those up to 9999 of a question of these terms, at most max. */
size_t kb_ordinals_find(const struct kb_terms *terms, struct kb_ordinal *out,
			size_t max);

#endif
