/* The legs of one request, one after the other. */
#include <stdlib.h>

#include "base/sort.h"
#include "search/places.h"
#include "search/search_run.h"

static int search_lexical(struct kb_run *run, struct kb_err *err)
{
	struct kb_search *s = run->s;
	struct kb_lex_params params = s->base->lexical;
	struct kb_leg_answer *answer = &run->input.answers[KB_LEG_LEXICAL];
	size_t depth = run->depth, n;
	int rc;

	params.exhaustive = s->options.exhaustive;
	kb_grow(&s->found, &s->found_cap, depth, sizeof(*s->found));
	rc = kb_lexical_search(s->lexical, &run->scope, s->lex_terms,
			       run->n_terms, &params, depth, s->found, &n, err);
	if (rc < 0)
		return rc;
	*answer = (struct kb_leg_answer){.items = s->found, .n = n};
	run->exhausted = n < depth;
	return 0;
}

/* A question without a term: what stands in the texts as it does in it. No
 * other leg knows more of that. */
static int search_signs(struct kb_run *run, struct kb_err *err)
{
	struct kb_search *s = run->s;
	struct kb_leg_answer *answer = &run->input.answers[KB_LEG_LEXICAL];
	bool partial;
	size_t n;
	int rc;

	kb_grow(&s->found, &s->found_cap, run->depth, sizeof(*s->found));
	rc = kb_signs_search(&run->signs, &run->scope, run->depth, s->found, &n,
			     &partial, err);
	if (rc < 0)
		return rc;
	*answer = (struct kb_leg_answer){
	    .items = s->found, .n = n, .most = (float)run->signs.n};
	run->exhausted = true;
	run->result->used[KB_LEG_LEXICAL] = n > 0;
	kb_result_degrade(run->result, KB_LEG_LEXICAL,
			  partial ? KB_SIGNS_PARTIAL : NULL, run->arena);
	return 0;
}

/* The lexical candidates with the best one's score as 1. */
static const struct kb_candidate *relative(struct kb_run *run)
{
	const struct kb_leg_answer *from = &run->input.answers[KB_LEG_LEXICAL];
	struct kb_candidate *items =
	    kb_arena_alloc(run->arena, (from->n + 1) * sizeof(*items));

	for (size_t i = 0; i < from->n; i++) {
		items[i] = from->items[i];
		items[i].raw /= from->items[0].raw;
	}
	return items;
}

static void search_other(struct kb_run *run, enum kb_leg_no no, bool lazy)
{
	struct kb_leg *leg = &run->s->legs[no];
	struct kb_leg_answer *answer = &run->input.answers[no];
	const struct kb_leg_answer *graph = &run->input.answers[KB_LEG_GRAPH];
	struct kb_leg_query query = {
	    .scope = &run->scope,
	    .text = run->query.text,
	    .terms = &run->s->terms,
	    .hyde = run->request->hyde,
	    .vectors = run->request->vectors,
	    .rewrites = run->request->rewrites,
	    .n_rewrites = run->request->n_rewrites,
	    .history = run->request->history,
	    .n_history = run->request->n_history,
	    .lexical = relative(run),
	    .n_lexical = run->input.answers[KB_LEG_LEXICAL].n,
	    .others = graph->items,
	    .n_others = no == KB_LEG_VECTOR ? graph->n : 0,
	    .linked = graph->linked,
	    .depth = run->depth,
	    .lazy = lazy,
	    .arena = run->arena,
	};
	struct kb_err err = {0};

	if (!leg->name)
		return;
	if (leg->search(leg->state, &query, answer, &err) < 0) {
		*answer = (struct kb_leg_answer){0};
		answer->degraded =
		    kb_arena_strndup(run->arena, err.msg, strlen(err.msg));
	}
	kb_result_degrade(run->result, (int)no, answer->degraded, run->arena);
}

static int by_chunk(const void *a, const void *b, void *arg)
{
	(void)arg;
	const struct kb_candidate *x = a, *y = b;

	if (x->segment != y->segment)
		return x->segment < y->segment ? -1 : 1;
	return (x->chunk > y->chunk) - (x->chunk < y->chunk);
}

/* The other legs' candidates that the lexical leg has not, by place. */
static size_t unscored(struct kb_run *run, struct kb_candidate *out, size_t max)
{
	const struct kb_leg_answer *answers = run->input.answers;
	size_t n_found = answers[KB_LEG_LEXICAL].n, n = 0;
	struct kb_places places;

	kb_places_init(&places, n_found + max, run->arena);
	for (size_t i = 0; i < n_found; i++)
		*kb_places_at(&places, run->s->found[i].segment,
			      run->s->found[i].chunk) = 1;
	for (int no = KB_LEG_VECTOR; no < KB_LEGS; no++)
		for (size_t i = 0; i < answers[no].n; i++) {
			const struct kb_candidate *c = &answers[no].items[i];
			uint32_t *seen =
			    kb_places_at(&places, c->segment, c->chunk);

			if (!*seen)
				out[n++] = *c;
			*seen = 1;
		}
	kb_sort(out, n, sizeof(*out), by_chunk, NULL);
	return n;
}

/*
 * Give the other legs' candidates their lexical scores: which of the triples
 * about one thing answers the question, only the words say.
 */
static void complete_lexical(struct kb_run *run)
{
	struct kb_search *s = run->s;
	struct kb_leg_answer *answer = &run->input.answers[KB_LEG_LEXICAL];
	size_t n = answer->n, n_items = 0;
	struct kb_candidate *items;

	for (int no = KB_LEG_VECTOR; no < KB_LEGS; no++)
		n_items += run->input.answers[no].n;
	if (!n || !n_items || s->options.reciprocal)
		return;
	items = kb_arena_alloc(run->arena, n_items * sizeof(*items));
	n_items = unscored(run, items, n_items);
	kb_lexical_score(&run->scope, s->lex_terms, run->n_terms,
			 &s->base->lexical, items, n_items);
	kb_grow(&s->found, &s->found_cap, n + n_items, sizeof(*s->found));
	for (size_t i = 0; i < n_items; i++)
		if (items[i].raw > 0)
			s->found[n++] = items[i];
	answer->items = s->found;
	answer->n = n;
}

/* The last leg: then every candidate is known. */
void kb_run_ask_vector(struct kb_run *run, bool lazy)
{
	search_other(run, KB_LEG_VECTOR, lazy);
	complete_lexical(run);
	for (int no = 0; no < KB_LEGS; no++)
		run->result->used[no] = run->input.answers[no].n > 0;
}

int kb_run_ask(struct kb_run *run, struct kb_err *err)
{
	struct kb_search *s = run->s;
	int rc = 0;

	memset(&run->input, 0, sizeof(run->input));
	memcpy(run->input.weights, s->base->weights, sizeof(s->base->weights));
	run->input.reciprocal = s->options.reciprocal;
	run->exhausted = true;
	if (s->options.legs[KB_LEG_LEXICAL] && run->signs.n)
		return search_signs(run, err);
	if (s->options.legs[KB_LEG_LEXICAL])
		rc = search_lexical(run, err);
	if (rc < 0)
		return rc;
	search_other(run, KB_LEG_GRAPH, false);
	kb_run_ask_vector(run, run->lazy);
	return 0;
}
