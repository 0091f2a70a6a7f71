/*
 * One request while it is answered, and the working memory of a search: what
 * search.c hands to the steps below it. Private to this folder.
 */
#ifndef KB_SEARCH_SEARCH_RUN_H
#define KB_SEARCH_SEARCH_RUN_H

#include "learn/linear.h"
#include "query/syntax.h"
#include "search/fit.h"
#include "search/lexical/phrase_match.h"
#include "search/lexical/signs.h"
#include "search/search_options.h"
#include "search/search_request.h"
#include "search/search_result.h"

struct kb_search {
	struct kb_base *base;
	struct kb_search_options options;
	struct kb_search_shared *shared; /* borrowed, or NULL */
	struct kb_analyzer *analyzer;
	struct kb_terms terms;	 /* of the question */
	struct kb_terms scratch; /* of anything else */
	struct kb_lexical *lexical;
	struct kb_lookup *lookup;
	struct kb_leg legs[KB_LEGS]; /* the lexical one is not among them */
	struct kb_candidate *found;
	size_t found_cap;
	struct kb_arena arena; /* see kb_search_arena() */
	struct kb_buf buf;     /* see kb_search_buf() */
	/* Ready: without vectors of a model, and with them. */
	struct kb_linear confidence, confidence_model;
	long waited; /* for pages, until the last question's words were known */
	struct kb_lex_term lex_terms[KB_LEX_TERMS];
};

/* One request while it is answered. */
struct kb_run {
	struct kb_search *s;
	const struct kb_request *request;
	struct kb_arena *arena;
	struct kb_result *result;
	struct kb_query query;
	struct kb_scope scope;
	struct kb_phrases phrases;
	size_t n_terms;
	struct kb_signs signs; /* in the place of terms */
	struct kb_fit fit;     /* the question as its texts are looked at */
	struct kb_fuse_input input;
	size_t depth;	/* candidates asked of each leg */
	bool lazy;	/* the vector leg is asked only when it matters */
	bool exhausted; /* the legs have nothing more */
};

/* Add what the question's unknown words may have been meant to be to its terms,
 * before they have their statistics, and offer it in the result. */
void kb_run_correct(struct kb_run *run);

/* Ask every leg for run->depth candidates, the vector leg as run->lazy says:
 * run->input holds their answers, and every candidate's lexical score. */
int kb_run_ask(struct kb_run *run, struct kb_err *err);

/* Ask the vector leg once more, lazily or not. */
void kb_run_ask_vector(struct kb_run *run, bool lazy);

#endif
