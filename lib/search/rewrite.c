#include "search/rewrite.h"

#include "search/leg_weights.h"
#include "text/fold.h"
#include "text/synonym.h"

#define SYNONYMS 32 /* words of the question that have some */
#define SYNONYMS_TEXT                                \
	120 /* bytes; a longer text has its own. The \
	    user's words are searched for all the same */

/* Words of the question that the person said count more than those that were
 * supplied from the conversation, where the graph leg has that anyway. */
static void raise_asked(const struct kb_rewrite *rewrite,
			struct kb_lex_term *terms, size_t n)
{
	struct kb_str asked = rewrite->request->asked;

	if (!asked.len || kb_str_eq(asked, rewrite->request->query))
		return;
	kb_terms_reset(rewrite->scratch);
	kb_analyze(rewrite->analyzer, asked.ptr, asked.len, rewrite->scratch);
	kb_lexical_gather(rewrite->scratch, rewrite->params, ASKED_WEIGHT,
			  terms, n, n);
}

/* All rewrites together count as much as the question. */
static size_t add_rewrites(const struct kb_rewrite *rewrite,
			   struct kb_lex_term *terms, size_t n, size_t max)
{
	const struct kb_request *request = rewrite->request;
	size_t before = n;

	for (size_t i = 0; i < request->n_rewrites; i++) {
		struct kb_str text = request->rewrites[i];

		kb_terms_reset(rewrite->scratch);
		kb_analyze(rewrite->analyzer, text.ptr, text.len,
			   rewrite->scratch);
		n = kb_lexical_gather(rewrite->scratch, rewrite->params,
				      1 / (float)request->n_rewrites, terms, n,
				      max);
	}
	kb_lexical_stats(rewrite->scope, terms + before, n - before);
	return n;
}

/* Single characters say too little, and a word as written no more than its
 * stem. */
static bool tells(uint64_t key)
{
	return kb_term_class(key) != KB_TERM_HAN1 &&
	       kb_term_class(key) != KB_TERM_EXACT;
}

static size_t analyze(const struct kb_rewrite *rewrite, const char *text,
		      size_t len)
{
	struct kb_terms *terms = rewrite->scratch;
	size_t n = 0;

	kb_terms_reset(terms);
	kb_analyze(rewrite->analyzer, text, len, terms);
	for (size_t i = 0; i < terms->n; i++)
		if (tells(terms->items[i].key))
			terms->items[n++] = terms->items[i];
	terms->n = n;
	return n;
}

/*
 * Add the terms of one other word, its weight shared among them. A term that
 * is there already keeps the larger weight, if it is not the question's. No
 * term counts as rarer than the word it stands for.
 */
static size_t add_word(const struct kb_rewrite *rewrite, struct kb_str word,
		       float idf, struct kb_lex_term *terms, size_t asked,
		       size_t n, size_t max)
{
	size_t parts = analyze(rewrite, word.ptr, word.len);

	for (size_t i = 0; i < parts; i++) {
		struct kb_lex_term add = {.key = rewrite->scratch->items[i].key,
					  .added = true};
		size_t at = 0;

		add.weight = SYNONYM_WEIGHT / (float)parts;
		while (at < n && terms[at].key != add.key)
			at++;
		if (at < asked || n == max)
			continue;
		kb_lexical_stats(rewrite->scope, &add, 1);
		if (add.idf > idf)
			add.idf = idf;
		if (!add.df)
			continue;
		if (at == n)
			terms[n++] = add;
		else if (add.weight * add.idf >
			 terms[at].weight * terms[at].idf)
			terms[at] = add;
	}
	return n;
}

/* The rarest of the terms of the question's own word. */
static float rarity(const struct kb_rewrite *rewrite, struct kb_str text,
		    const struct kb_lex_term *terms, size_t n)
{
	size_t parts = analyze(rewrite, text.ptr, text.len);
	float idf = 0;

	for (size_t i = 0; i < parts; i++)
		for (size_t at = 0; at < n; at++)
			if (terms[at].key == rewrite->scratch->items[i].key &&
			    terms[at].idf > idf)
				idf = terms[at].idf;
	return idf;
}

static size_t add_synonyms(const struct kb_rewrite *rewrite,
			   struct kb_lex_term *terms, size_t n, size_t max)
{
	struct kb_str text = kb_text_fold(rewrite->arena, rewrite->question);
	struct kb_synonym found[SYNONYMS];
	size_t n_found = 0, asked = n;

	if (rewrite->own)
		n_found =
		    kb_synonyms_find(rewrite->own, text, found, 0, SYNONYMS);
	if (rewrite->synonyms && text.len <= SYNONYMS_TEXT)
		n_found = kb_synonyms_find(kb_synonyms_builtin(), text, found,
					   n_found, SYNONYMS);
	for (size_t i = 0; i < n_found; i++) {
		struct kb_str own = {text.ptr + found[i].start,
				     found[i].end - found[i].start};
		float idf = rarity(rewrite, own, terms, asked);
		const char *at = kb_synonym_meant(found[i].group);
		struct kb_str word;

		while (kb_synonym_next(&at, &word))
			if (word.ptr != found[i].word.ptr)
				n = add_word(rewrite, word, idf, terms, asked,
					     n, max);
	}
	return n;
}

size_t kb_rewrite_terms(const struct kb_rewrite *rewrite,
			struct kb_lex_term *terms, size_t n, size_t max)
{
	if (rewrite->history)
		raise_asked(rewrite, terms, n);
	n = add_rewrites(rewrite, terms, n, max);
	if (rewrite->own ||
	    (rewrite->synonyms && rewrite->question.len <= SYNONYMS_TEXT))
		n = add_synonyms(rewrite, terms, n, max);
	return n;
}
