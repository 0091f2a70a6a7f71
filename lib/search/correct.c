#include "query/spell.h"
#include "search/leg_weights.h"
#include "search/search_run.h"

#define BEARING_TERMS	 64 /* of the question, that are looked for */
#define BEARING_SEARCHES 16 /* for one question */

struct bearing {
	struct kb_run *run;
	size_t left; /* searches that are still made for this question */
};

/* kb_spell's: of the weight of the question's other words, what the best
 * passage with the term 'to' holds beside it. */
static double borne_out(void *arg, struct kb_str word, uint64_t to)
{
	struct bearing *bearing = arg;
	struct kb_run *run = bearing->run;
	struct kb_search *s = run->s;
	size_t n_terms =
	    run->n_terms < BEARING_TERMS ? run->n_terms : BEARING_TERMS;
	struct kb_lex_term *terms =
	    kb_arena_alloc(run->arena, (n_terms + 1) * sizeof(*terms));
	float parts[BEARING_TERMS + 1];
	double all = 0, held = 0;
	struct kb_candidate best;
	size_t n = 0, found = 0;

	if (!bearing->left)
		return 0;
	bearing->left--;
	kb_terms_reset(&s->scratch);
	kb_analyze(s->analyzer, word.ptr, word.len, &s->scratch);
	for (size_t i = 0; i < n_terms; i++) {
		terms[n] = s->lex_terms[i];
		for (size_t j = 0; j < s->scratch.n; j++)
			if (terms[n].key == s->scratch.items[j].key)
				terms[n].weight = 0;
		n += terms[n].weight > 0;
	}
	terms[n] = (struct kb_lex_term){.key = to, .weight = 1};
	kb_lexical_stats(&run->scope, terms, n + 1);
	for (size_t i = 0; i < n; i++)
		all += (double)(terms[i].weight * terms[i].idf);
	/* more than all the others, so that it is in the first passage */
	if (!(all > 0) || !(terms[n].idf > 0))
		return 0;
	terms[n].weight = 4 * (float)all / terms[n].idf;
	if (kb_lexical_search(s->lexical, &run->scope, terms, n + 1,
			      &s->base->lexical, 1, &best, &found, NULL) < 0 ||
	    !found)
		return 0;
	kb_lexical_explain(&run->scope, terms, n + 1, &s->base->lexical,
			   best.segment, best.chunk, parts);
	if (!(parts[n] > 0))
		return 0;
	for (size_t i = 0; i < n; i++)
		held +=
		    parts[i] > 0 ? (double)(terms[i].weight * terms[i].idf) : 0;
	return held / all;
}

/* The terms of a correction that are not among the question's. */
static void add_corrected(struct kb_run *run, struct kb_str text)
{
	struct kb_search *s = run->s;
	const struct kb_lex_params *params = &s->base->lexical;
	size_t as_written = run->n_terms;

	kb_terms_reset(&s->scratch);
	kb_analyze(s->analyzer, text.ptr, text.len, &s->scratch);
	for (size_t i = 0; i < s->scratch.n; i++) {
		uint64_t key = s->scratch.items[i].key;
		float weight = params->class_weight[kb_term_class(key) & 7];
		size_t at = 0;

		while (at < run->n_terms && s->lex_terms[at].key != key)
			at++;
		if (at < as_written || run->n_terms == KB_LEX_TERMS)
			continue;
		if (at == run->n_terms)
			s->lex_terms[run->n_terms++] =
			    (struct kb_lex_term){.key = key, .added = true};
		s->lex_terms[at].weight += CORRECTED_WEIGHT * weight;
	}
}

/* The words as written stay, and ask every leg: a correction is an offer. */
void kb_run_correct(struct kb_run *run)
{
	struct kb_search *s = run->s;
	struct bearing bearing = {run, BEARING_SEARCHES};
	struct kb_spell spell = {.scope = &run->scope,
				 .analyzer = s->analyzer,
				 .query = &run->query,
				 .terms = &s->terms,
				 .scratch = &s->scratch,
				 .arena = run->arena,
				 .borne_out = borne_out,
				 .arg = &bearing};
	struct kb_str text;

	if (s->options.no_spelling || !kb_spell_correct(&spell, &text))
		return;
	add_corrected(run, text);
	while (text.len && text.ptr[text.len - 1] == ' ')
		text.len--;
	run->result->corrected = text;
}
