/*
 * What is searched beside the words of the question: other phrasings from
 * the record, and synonyms; and what counts more in a completed question.
 */
#ifndef KB_SEARCH_REWRITE_H
#define KB_SEARCH_REWRITE_H

#include "search/lexical/lexical.h"
#include "search/search_request.h"

struct kb_rewrite {
	const struct kb_scope *scope;
	const struct kb_lex_params *params;
	struct kb_analyzer *analyzer;
	struct kb_str question;
	const struct kb_terms *terms; /* of the question */
	struct kb_terms *scratch;
	const struct kb_request *request;
	bool history;		       /* another leg knows the earlier turns */
	bool synonyms;		       /* the built-in ones */
	const struct kb_synonyms *own; /* NULL: none */
	struct kb_arena *arena;
	struct kb_str *corrected; /* set when a spelling was changed */
};

/* Add to the n terms of the question, whose statistics are known, and fill
 * the statistics of what is new. Returns the new number, at most max. */
size_t kb_rewrite_terms(const struct kb_rewrite *rewrite,
			struct kb_lex_term *terms, size_t n, size_t max);

#endif
