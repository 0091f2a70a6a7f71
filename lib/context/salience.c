#include "context/salience.h"

#include <math.h>
#include <stdlib.h>

#include "base/hash.h"
#include "base/map.h"
#include "base/num.h"
#include "context/phrase.h"
#include "context/salience_weights.h"
#include "text/words.h"

/* Terms of a question that count; a longer one says no more with more. */
#define MAX_QUERY 256

/* A question's term with its statistics in the conversation. */
struct query_term {
	uint64_t key;
	double idf;
	uint32_t n_turns;
};

struct scorer {
	const struct kb_convo *convo;
	struct kb_analyzer *analyzer;
	struct kb_terms terms;
	struct kb_map index; /* query key to place + 1 */
	struct query_term *query;
	size_t n_query;
	uint32_t *tf;	  /* turn * n_query + term */
	uint32_t *length; /* base terms of a turn */
	double mean_length;
};

static double class_weight(uint64_t key)
{
	switch (kb_term_class(key)) {
	case KB_TERM_HAN1:
	case KB_TERM_WORD:
	case KB_TERM_CODE:
		return 1;
	default:
		return TERM_REFINE;
	}
}

static bool is_function(const struct kb_term *t, const char *text)
{
	if (kb_term_class(t->key) == KB_TERM_HAN1)
		return kb_stop_han((uint32_t)(t->key & 0x1fffff));
	return kb_term_class(t->key) == KB_TERM_WORD &&
	       kb_stop_word(text + t->start, t->end - t->start);
}

static void read_query(struct scorer *s, struct kb_str question)
{
	kb_terms_reset(&s->terms);
	kb_analyze(s->analyzer, question.ptr, question.len, &s->terms);
	s->query = kb_calloc(s->terms.n + 1, sizeof(*s->query));
	for (size_t i = 0; i < s->terms.n && s->n_query < MAX_QUERY; i++) {
		const struct kb_term *t = &s->terms.items[i];
		uint64_t *place;
		bool added;

		if (is_function(t, question.ptr))
			continue;
		place = kb_map_put(&s->index, t->key, &added);
		if (!added)
			continue;
		s->query[s->n_query].key = t->key;
		*place = ++s->n_query;
	}
}

static void count(struct scorer *s)
{
	const struct kb_convo *convo = s->convo;
	uint64_t total = 0;

	s->tf = kb_calloc(convo->n * s->n_query + 1, sizeof(*s->tf));
	s->length = kb_calloc(convo->n + 1, sizeof(*s->length));
	for (size_t i = 0; i < convo->n; i++) {
		uint32_t *tf = s->tf + i * s->n_query;

		kb_terms_reset(&s->terms);
		kb_analyze(s->analyzer, convo->turns[i].text.ptr,
			   convo->turns[i].text.len, &s->terms);
		s->length[i] = s->terms.length;
		total += s->terms.length;
		for (size_t k = 0; k < s->terms.n; k++) {
			uint64_t *place =
			    kb_map_get(&s->index, s->terms.items[k].key);

			if (place && !tf[*place - 1]++)
				s->query[*place - 1].n_turns++;
		}
	}
	s->mean_length = convo->n ? (double)total / (double)convo->n : 1;
	for (size_t q = 0; q < s->n_query; q++) {
		double n = (double)convo->n, df = s->query[q].n_turns;

		s->query[q].idf = kb_idf(n, df) * class_weight(s->query[q].key);
	}
}

static double bm25(const struct scorer *s, size_t turn)
{
	const uint32_t *tf = s->tf + turn * s->n_query;
	double norm =
	    BM25_K1 *
	    (1 - BM25_B + BM25_B * s->length[turn] / (s->mean_length + 1e-9));
	double score = 0;

	for (size_t q = 0; q < s->n_query; q++)
		if (tf[q])
			score += s->query[q].idf * tf[q] * (BM25_K1 + 1) /
				 (tf[q] + norm);
	return score;
}

/* What makes a turn worth keeping whatever is asked. */
static double prior(struct kb_str text, struct kb_map *known)
{
	struct kb_noun_phrase phrases[KB_PHRASES_MAX];
	size_t n = kb_phrases(text, phrases);
	double score = PRIOR, fresh = 0;

	for (size_t i = 0; i < n; i++) {
		uint64_t key =
		    kb_xxh64(phrases[i].text.ptr, phrases[i].text.len, 0);
		bool added;

		kb_map_put(known, key, &added);
		fresh += added;
		switch (phrases[i].kind) {
		case KB_PHRASE_QUOTE:
		case KB_PHRASE_CODE:
			score += PRIOR_QUOTE;
			break;
		case KB_PHRASE_NAME:
			score += PRIOR_NAME;
			break;
		default:
			score += PRIOR_PHRASE;
		}
	}
	for (size_t i = 0; i < text.len; i++)
		if (text.ptr[i] >= '0' && text.ptr[i] <= '9') {
			score += PRIOR_DIGIT;
			break;
		}
	score += PRIOR_FRESH * fresh;
	return fmin(score, PRIOR_MOST);
}

static void spread(const double *own, size_t n, double *out)
{
	static const double share[3] = {1, NEIGHBOUR_1, NEIGHBOUR_2};

	for (size_t i = 0; i < n; i++) {
		out[i] = own[i];
		for (size_t d = 1; d <= 2; d++) {
			if (i >= d)
				out[i] += share[d] * own[i - d];
			if (i + d < n)
				out[i] += share[d] * own[i + d];
		}
	}
}

void kb_salience(const struct kb_convo *convo, struct kb_str question,
		 struct kb_analyzer *analyzer, double *salience)
{
	struct scorer s = {.convo = convo, .analyzer = analyzer};
	double *own = kb_calloc(convo->n + 1, sizeof(*own));
	struct kb_map known;

	kb_map_init(&s.index);
	kb_map_init(&known);
	read_query(&s, question);
	count(&s);
	for (size_t i = 0; i < convo->n; i++)
		own[i] = bm25(&s, i);
	spread(own, convo->n, salience);
	for (size_t i = 0; i < convo->n; i++) {
		double p = prior(convo->turns[i].text, &known);

		salience[i] = (salience[i] + PRIOR_NO_MATCH) * p;
	}
	free(own);
	free(s.tf);
	free(s.length);
	free(s.query);
	kb_terms_release(&s.terms);
	kb_map_release(&s.index);
	kb_map_release(&known);
}
