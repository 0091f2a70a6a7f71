/*
 * What the legs of a search share: the question they are asked over a scope
 * (query/scope.h), and the form of their answer.
 *
 * A leg returns its candidates best first on its own scale and says what
 * the least possible score of that scale is; the fusion normalises with
 * that (theoretical minimum, Bruch, Gai, Ingber 2023, section 4.2) and the
 * best score seen. One kb_leg belongs to one thread.
 *
 * The vector leg is asked last, and lazily: most often nothing that it could
 * find would come near the best hits.
 *
 * The graph leg is asked after the lexical one. Its scores are made to be
 * added to normalised lexical ones at about equal weight, and what it finds
 * needs its lexical score even where that made it no candidate: which triple
 * about a thing answers the question, the words say.
 */
#ifndef KB_SEARCH_LEG_H
#define KB_SEARCH_LEG_H

#include "query/scope.h"
#include "text/analyze.h"
#include "json/rec.h"

struct kb_search_shared;

/* What one request asks of every leg. Borrowed for the call. */
struct kb_leg_query {
	const struct kb_scope *scope;
	struct kb_str text; /* the question, syntax removed */
	const struct kb_terms *terms;
	struct kb_str hyde;	/* hypothetical answer, may be empty */
	struct kb_json vectors; /* the record's member, or KB_JSON_NONE */
	const struct kb_str *rewrites;
	size_t n_rewrites;
	/* Earlier turns of the conversation, the newest first. */
	const struct kb_str *history;
	size_t n_history;
	/* What the lexical leg found, its raw scores divided by the best:
	 * the graph leg propagates from there. */
	const struct kb_candidate *lexical;
	size_t n_lexical;
	/* What other legs found; the vector leg gives it scores too. */
	const struct kb_candidate *others;
	size_t n_others;
	float linked; /* of the graph leg's answer */
	size_t depth; /* candidates wanted */
	/* A leg whose scores have a maximum may leave it at the scores of
	 * what is found already, and say so. */
	bool lazy;
	struct kb_arena *arena; /* for the answer; reset after the request */
};

/* A leg that has nothing to say gives n = 0. */
struct kb_leg_answer {
	const struct kb_candidate *items; /* best first, no chunk twice */
	size_t n;
	float least;	      /* theoretical minimum of raw */
	float most;	      /* theoretical maximum, or 0: best one seen */
	float gain;	      /* of its weight for this question; 0: 1 */
	float linked;	      /* how surely the question names what it is
				 about, 0..1: the graph leg's */
	bool model;	      /* by vectors of a model: the vector leg's */
	bool partial;	      /* nothing was looked for: the query was lazy */
	const char *degraded; /* why less than usual was done, or NULL */
};

struct kb_leg {
	const char *name; /* the member of hits[].legs */
	void *state;
	int (*search)(void *state, const struct kb_leg_query *query,
		      struct kb_leg_answer *answer, struct kb_err *err);
	/* One line on how the candidate came to be, for --explain and
	 * --path; in the arena, empty when there is nothing. May be NULL. */
	struct kb_str (*explain)(void *state, const struct kb_leg_query *query,
				 const struct kb_candidate *candidate);
	void (*close)(void *state);
};

/*
 * Legs beside the lexical one. Each opens over the indexes of the run; *out
 * gets name NULL when no index has what the leg needs. 'shared'
 * has the embedder, NULL: none.
 */
int kb_leg_vector_open(struct kb_leg *out, struct kb_index *const *indexes,
		       size_t n, struct kb_search_shared *shared,
		       struct kb_err *err);
int kb_leg_graph_open(struct kb_leg *out, struct kb_index *const *indexes,
		      size_t n, struct kb_err *err);

#endif
