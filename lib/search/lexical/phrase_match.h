/*
 * Words side by side: what a clause of the question asks of a text.
 *
 * Postings hold no positions, so a phrase is first narrowed to the chunks
 * that hold all its terms and then verified on the stored text, term by
 * term after normalisation; a word must stand as it was written, not only
 * with the same stem.
 */
#ifndef KB_SEARCH_LEXICAL_PHRASE_MATCH_H
#define KB_SEARCH_LEXICAL_PHRASE_MATCH_H

#include "query/scope.h"
#include "query/syntax.h"
#include "text/analyze.h"

#define KB_PHRASE_MAX 64

struct kb_clause_terms {
	uint64_t keys[KB_PHRASE_MAX]; /* base tokens in order */
	size_t n;
	uint64_t needed[KB_PHRASE_MAX]; /* terms that a chunk must have */
	size_t n_needed;
};

struct kb_phrases {
	const struct kb_query *query;
	struct kb_clause_terms items[KB_QUERY_CLAUSES]; /* of each clause */
	struct kb_analyzer *analyzer; /* borrowed, as is terms */
	struct kb_terms *terms;
};

/* Analyse the clauses. */
void kb_phrases_init(struct kb_phrases *phrases, const struct kb_query *query,
		     struct kb_analyzer *analyzer, struct kb_terms *terms);

/* Narrow allowed (a bit per chunk) to the chunks that may fulfil all. */
void kb_phrases_narrow(const struct kb_phrases *phrases,
		       const struct kb_segment *seg, uint64_t *allowed,
		       uint64_t *scratch);

/* Does the passage fulfil every clause? */
bool kb_phrases_hold(struct kb_phrases *phrases,
		     const struct kb_passage *passage);

#endif
