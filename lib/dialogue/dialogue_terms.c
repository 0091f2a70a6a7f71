#include "dialogue/dialogue_terms.h"

#include <stdlib.h>

#include "base/num.h"
#include "text/words.h"

/* Pairs and words as written count half, as in the search. */
#define REFINE 0.5

/* Slots of an index that is worth being kept for the next conversation. */
#define KEEP_SLOTS 65536

void kb_dialogue_terms_init(struct kb_dialogue_terms *terms)
{
	*terms = (struct kb_dialogue_terms){0};
	kb_map_init(&terms->index);
}

void kb_dialogue_terms_release(struct kb_dialogue_terms *terms)
{
	free(terms->turns);
	free(terms->pool);
	free(terms->items);
	kb_map_release(&terms->index);
	kb_terms_release(&terms->terms);
}

static bool is_function(const struct kb_term *t, const char *text)
{
	if (kb_term_class(t->key) == KB_TERM_HAN1)
		return kb_stop_han((uint32_t)(t->key & 0x1fffff));
	return kb_term_class(t->key) == KB_TERM_WORD &&
	       kb_stop_word(text + t->start, t->end - t->start);
}

static double class_weight(uint64_t key)
{
	switch (kb_term_class(key)) {
	case KB_TERM_HAN1:
	case KB_TERM_WORD:
	case KB_TERM_CODE:
		return 1;
	default:
		return REFINE;
	}
}

static size_t number_of(struct kb_dialogue_terms *d, const struct kb_term *term,
			const char *text)
{
	bool added;
	uint64_t *place = kb_map_put(&d->index, term->key, &added);

	if (added) {
		*place = d->n;
		kb_grow(&d->items, &d->cap, d->n + 1, sizeof(*d->items));
		d->items[d->n++] = (struct kb_dialogue_term){
		    .key = term->key, .function = is_function(term, text)};
	}
	return (size_t)*place;
}

static void read_terms(struct kb_dialogue_terms *d, size_t turn,
		       struct kb_str text, struct kb_analyzer *analyzer)
{
	struct kb_said *said = &d->turns[turn];

	kb_terms_reset(&d->terms);
	kb_analyze(analyzer, text.ptr, text.len, &d->terms);
	*said = (struct kb_said){.first = d->n_pool, .length = d->terms.length};
	for (size_t i = 0; i < d->terms.n; i++) {
		size_t id = number_of(d, &d->terms.items[i], text.ptr);
		struct kb_dialogue_term *t = &d->items[id];

		if (t->last == turn + 1) {
			d->pool[t->at].times++;
			continue;
		}
		t->last = (uint32_t)turn + 1;
		t->at = d->n_pool;
		t->n_turns++;
		kb_grow(&d->pool, &d->pool_cap, d->n_pool + 1,
			sizeof(*d->pool));
		d->pool[d->n_pool++] = (struct kb_said_term){(uint32_t)id, 1};
		said->n++;
	}
}

static void read_phrases(struct kb_said *said, struct kb_str text,
			 struct kb_arena *arena)
{
	struct kb_noun_phrase found[KB_PHRASES_MAX], *copy;
	size_t n = kb_phrases(text, found);

	copy = kb_arena_alloc(arena, (n + 1) * sizeof(*copy));
	memcpy(copy, found, n * sizeof(*copy));
	said->phrases = copy;
	said->n_phrases = n;
}

/* Few numbers of turns differ: a logarithm each, no more. */
static void weigh_terms(struct kb_dialogue_terms *d,
			const struct kb_convo *convo)
{
	double *idf = kb_arena_calloc(convo->arena, convo->n + 1, sizeof(*idf));

	for (size_t i = 0; i < d->n; i++) {
		struct kb_dialogue_term *t = &d->items[i];

		if (idf[t->n_turns] <= 0)
			idf[t->n_turns] = kb_idf((double)convo->n, t->n_turns);
		t->idf = idf[t->n_turns] * class_weight(t->key);
	}
}

void kb_dialogue_terms_read(struct kb_dialogue_terms *d,
			    const struct kb_convo *convo,
			    struct kb_analyzer *analyzer)
{
	double total = 0;

	if (d->index.cap > KEEP_SLOTS) {
		kb_dialogue_terms_release(d);
		kb_dialogue_terms_init(d);
	}
	kb_map_clear(&d->index);
	d->n_pool = d->n = 0;
	d->n_turns = convo->n;
	kb_grow(&d->turns, &d->turns_cap, convo->n + 1, sizeof(*d->turns));
	for (size_t i = 0; i < convo->n; i++) {
		read_terms(d, i, convo->turns[i].text, analyzer);
		read_phrases(&d->turns[i], convo->turns[i].text, convo->arena);
		total += d->turns[i].length;
	}
	d->mean_length = convo->n ? total / (double)convo->n : 1;
	weigh_terms(d, convo);
}

const struct kb_dialogue_term *kb_dialogue_term(
    const struct kb_dialogue_terms *d, uint64_t key)
{
	const uint64_t *place = kb_map_get(&d->index, key);

	return place ? &d->items[*place] : NULL;
}
