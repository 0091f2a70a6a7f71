#include "context/salience.h"

#include <math.h>

#include "base/num.h"
#include "context/salience_weights.h"
#include "text/literals.h"
#include "text/synonym.h"

/* Terms of a question that count; a longer one says no more with more. */
#define MAX_QUERY    256
#define MAX_SYNONYMS 64

/* ---- the score of a turn ---- */

/* What each term of the conversation is worth to the question. */
struct query {
	const struct kb_dialogue_terms *terms;
	struct kb_analyzer *analyzer;
	struct kb_terms found;
	double *weight; /* by the number of the term; 0: none */
};

/* A term that so many turns say tells them not apart: who speaks, often. */
static bool tells(const struct kb_dialogue_terms *terms,
		  const struct kb_dialogue_term *t)
{
	return !t->function &&
	       (t->n_turns < 3 ||
		t->n_turns < EVERYWHERE * (double)terms->n_turns);
}

static void add_terms(struct query *q, struct kb_str text, double weight)
{
	kb_terms_reset(&q->found);
	kb_analyze(q->analyzer, text.ptr, text.len, &q->found);
	for (size_t i = 0; i < q->found.n && i < MAX_QUERY; i++) {
		const struct kb_dialogue_term *t =
		    kb_dialogue_term(q->terms, q->found.items[i].key);
		size_t id = t ? (size_t)(t - q->terms->items) : 0;

		if (t && tells(q->terms, t) && q->weight[id] < weight)
			q->weight[id] = weight;
	}
}

/* Other words for those of the question; one word for one. */
static void add_synonyms(struct query *q, struct kb_str question)
{
	struct kb_synonym found[MAX_SYNONYMS];
	size_t n = kb_synonyms_find(kb_synonyms_builtin(), question, found, 0,
				    MAX_SYNONYMS);

	for (size_t i = 0; i < n; i++) {
		const char *at = kb_synonym_meant(found[i].group);
		struct kb_str word;

		while (kb_synonym_next(&at, &word))
			if (!memchr(word.ptr, ' ', word.len))
				add_terms(q, word, SYNONYM);
	}
}

/* Of each turn, of the terms of the question, each of which counts once. */
static void bm25(const struct query *q, double *score)
{
	const struct kb_dialogue_terms *terms = q->terms;

	for (size_t i = 0; i < terms->n_turns; i++) {
		const struct kb_said *said = &terms->turns[i];
		const struct kb_said_term *t = terms->pool + said->first;
		double norm = BM25_K1 * (1 - BM25_B +
					 BM25_B * said->length /
					     (terms->mean_length + 1e-9));

		score[i] = 0;
		for (size_t k = 0; k < said->n; k++)
			if (q->weight[t[k].id] > 0)
				score[i] += q->weight[t[k].id] *
					    terms->items[t[k].id].idf *
					    t[k].times * (BM25_K1 + 1) /
					    (t[k].times + norm);
	}
}

static void score_turns(const struct kb_dialogue_terms *terms,
			struct kb_str question, struct kb_analyzer *analyzer,
			struct kb_arena *arena, double *score)
{
	struct query q = {.terms = terms, .analyzer = analyzer};

	q.weight = kb_arena_calloc(arena, terms->n + 1, sizeof(*q.weight));
	add_terms(&q, question, 1);
	add_synonyms(&q, question);
	bm25(&q, score);
	kb_terms_release(&q.found);
}

/* ---- who speaks ---- */

/* Does the question say the name, or the first word of it? */
static bool names(struct kb_str question, struct kb_str name)
{
	const char *blank = memchr(name.ptr, ' ', name.len);

	if (blank)
		name.len = (size_t)(blank - name.ptr);
	if (name.len < 2)
		return false;
	for (size_t at = 0; at + name.len <= question.len; at++)
		if (!memcmp(question.ptr + at, name.ptr, name.len) &&
		    kb_is_bounded(question.ptr, question.len, at, name.len))
			return true;
	return false;
}

/* ---- together ---- */

static void put_near(const double *own, size_t n, size_t i, double *f)
{
	f[KB_SALIENCE_OWN] = own[i];
	f[KB_SALIENCE_BEFORE] = i > 0 ? own[i - 1] : 0;
	f[KB_SALIENCE_AFTER] = i + 1 < n ? own[i + 1] : 0;
	f[KB_SALIENCE_BEFORE_2] = i > 1 ? own[i - 2] : 0;
	f[KB_SALIENCE_AFTER_2] = i + 2 < n ? own[i + 2] : 0;
	f[KB_SALIENCE_NEAR] = fmax(f[KB_SALIENCE_BEFORE], f[KB_SALIENCE_AFTER]);
	f[KB_SALIENCE_SUM] =
	    log(SUM_FLOOR + f[KB_SALIENCE_OWN] +
		SUM_1 * (f[KB_SALIENCE_BEFORE] + f[KB_SALIENCE_AFTER]) +
		SUM_2 * (f[KB_SALIENCE_BEFORE_2] + f[KB_SALIENCE_AFTER_2]));
}

static void measure(const struct kb_convo *convo,
		    const struct kb_dialogue_terms *terms,
		    struct kb_str question, struct kb_analyzer *analyzer,
		    double (*prior)[KB_PRIOR_FEATURES],
		    double (*f)[KB_SALIENCE_FEATURES])
{
	double *own =
	    kb_arena_alloc(convo->arena, (convo->n + 1) * sizeof(*own));
	double best = 0;

	kb_prior_measure(convo, terms, prior);
	score_turns(terms, question, analyzer, convo->arena, own);
	for (size_t i = 0; i < convo->n; i++)
		best = fmax(best, own[i]);
	for (size_t i = 0; i < convo->n && best > 0; i++)
		own[i] /= best;
	for (size_t i = 0; i < convo->n; i++) {
		put_near(own, convo->n, i, f[i]);
		f[i][KB_SALIENCE_SPEAKER] =
		    names(question, kb_turn_speaker(&convo->turns[i]));
		f[i][KB_SALIENCE_PRIOR] = kb_prior(prior[i]);
	}
}

void kb_salience_measure(const struct kb_convo *convo,
			 const struct kb_dialogue_terms *terms,
			 struct kb_str question, struct kb_analyzer *analyzer,
			 double (*f)[KB_SALIENCE_FEATURES])
{
	double(*prior)[KB_PRIOR_FEATURES] =
	    kb_arena_alloc(convo->arena, (convo->n + 1) * sizeof(*prior));

	measure(convo, terms, question, analyzer, prior, f);
}

/* ---- why ---- */

static double mean_of(const struct kb_salience_parts *parts, size_t n,
		      size_t offset)
{
	double sum = 0;

	for (size_t i = 0; i < n; i++)
		sum += *(const double *)((const char *)&parts[i] + offset);
	return n ? sum / (double)n : 0;
}

/* by_prior: how much of the salience the prior has. What is said for the first
 * time counts by what the turn would lose if it had no more of that than the
 * mean. */
static void take_apart(double by_prior, const double *salience,
		       double (*prior)[KB_PRIOR_FEATURES], size_t n,
		       struct kb_salience_parts *parts)
{
	double fresh = 0, question, novelty, rest;

	for (size_t i = 0; i < n; i++)
		fresh += prior[i][KB_PRIOR_FRESH] / (double)n;
	for (size_t i = 0; i < n; i++) {
		double whole = by_prior * kb_prior(prior[i]), without;

		prior[i][KB_PRIOR_FRESH] = fresh;
		without = by_prior * kb_prior(prior[i]);
		parts[i] =
		    (struct kb_salience_parts){.question = salience[i] - whole,
					       .novelty = whole - without,
					       .prior = without};
	}
	question =
	    mean_of(parts, n, offsetof(struct kb_salience_parts, question));
	novelty =
	    mean_of(parts, n, offsetof(struct kb_salience_parts, novelty));
	rest = mean_of(parts, n, offsetof(struct kb_salience_parts, prior));
	for (size_t i = 0; i < n; i++) {
		parts[i].question -= question;
		parts[i].novelty -= novelty;
		parts[i].prior -= rest;
	}
}

void kb_salience(const struct kb_convo *convo,
		 const struct kb_dialogue_terms *terms, struct kb_str question,
		 enum kb_asked_how how, struct kb_analyzer *analyzer,
		 double *salience, struct kb_salience_parts *parts)
{
	static const double share[] = {
	    [KB_ASKED_SAID] = SHARE_SAID,
	    [KB_ASKED_TURN] = SHARE_TURN,
	    [KB_ASKED_QUERY] = 1,
	};
	static const double weights[KB_SALIENCE_FEATURES] = SALIENCE_WEIGHTS;
	double(*prior)[KB_PRIOR_FEATURES] =
	    kb_arena_alloc(convo->arena, (convo->n + 1) * sizeof(*prior));
	double(*f)[KB_SALIENCE_FEATURES] =
	    kb_arena_alloc(convo->arena, (convo->n + 1) * sizeof(*f));

	measure(convo, terms, question, analyzer, prior, f);
	for (size_t i = 0; i < convo->n; i++)
		salience[i] = share[how] * kb_weigh(0, weights, f[i],
						    KB_SALIENCE_FEATURES) +
			      (1 - share[how]) * f[i][KB_SALIENCE_PRIOR];
	if (parts)
		take_apart(share[how] * weights[KB_SALIENCE_PRIOR] + 1 -
			       share[how],
			   salience, prior, convo->n, parts);
}
