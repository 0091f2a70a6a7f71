/*
 * One thing in two spellings: Wi-Fi, wifi and wi fi, USB-C and usbc, AR-7 and
 * AR 7, 第三代 and 第3代 (ordinals.h). Texts are taken as they are written;
 * here the terms of a question get those of its other spellings that the index
 * has, as much as of their own.
 *
 *   joined in the text    wifi finds Wi-Fi, Wi-Fi finds wifi
 *   joined in both        AR 7 and wi fi find AR7, AR-7, wifi and Wi-Fi
 *   parted in the text    wifi finds wi fi, where a passage has these two side
 *                         by side and none has the word
 *
 * And the terms of the names of files, where the index has any.
 */
#ifndef KB_SEARCH_LEXICAL_VARIANTS_H
#define KB_SEARCH_LEXICAL_VARIANTS_H

#include "search/lexical/lexical.h"

struct kb_variants {
	const struct kb_scope *scope;
	const struct kb_lex_params *params;
	struct kb_analyzer *analyzer;
	struct kb_str question;
	const struct kb_terms *terms; /* of the question */
	struct kb_terms *scratch;     /* changed */
	struct kb_lexical *lexical;
	struct kb_arena *arena;
	bool corrected; /* something else is meant by what is not known */
};

/*
 * Add to terms[0..n), gathered of v->terms and with their statistics; a term
 * that no passage holds may become the one that stands for it. Returns the new
 * number, at most max.
 */
size_t kb_variants_add(const struct kb_variants *v, struct kb_lex_term *terms,
		       size_t n, size_t max);

#endif
