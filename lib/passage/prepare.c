#include "passage/prepare.h"

#include <assert.h>
#include <stdlib.h>

#include "base/ascii.h"
#include "base/utf8.h"
#include "passage/clause.h"
#include "passage/token_weights.h"
#include "text/sentence.h"
#include "text/words.h"

void kb_prepared_init(struct kb_prepared *ev)
{
	*ev = (struct kb_prepared){0};
	kb_map_init(&ev->ends);
}

void kb_prepared_release(struct kb_prepared *ev)
{
	free(ev->texts);
	free(ev->titles);
	free(ev->tokens);
	free(ev->occ);
	free(ev->sentences);
	free(ev->quantities);
	free(ev->quantity_at);
	free(ev->quantity_about);
	free(ev->polars);
	free(ev->polar_at);
	kb_map_release(&ev->ends);
	kb_prepared_init(ev);
}

/* For the next text, which has no title yet. */
static void room_for_text(struct kb_prepared *ev)
{
	size_t cap = ev->cap_texts;

	kb_grow(&ev->titles, &cap, ev->n_texts + 1, sizeof(*ev->titles));
	kb_grow(&ev->texts, &ev->cap_texts, ev->n_texts + 1,
		sizeof(*ev->texts));
	ev->titles[ev->n_texts] = (struct kb_str){"", 0};
}

/* Tokens whose room is kept for the next text; some 1.5 MB in all. */
#define KEEP_TOKENS 16384

void kb_prepared_begin(struct kb_prepared *ev, struct kb_arena *arena)
{
	if (ev->cap_tokens > KEEP_TOKENS)
		kb_prepared_release(ev);
	ev->arena = arena;
	ev->n_texts = ev->n_tokens = ev->n_occ = ev->n_sentences = 0;
	ev->n_quantities = ev->n_polars = ev->bytes = 0;
	ev->cut = ev->no_quantities = ev->late_polars = false;
	kb_map_clear(&ev->ends);
	room_for_text(ev);
}

/* Room for one item more. */
#define ROOM(ev, items, n, cap) \
	kb_grow(&(ev)->items, &(ev)->cap, (ev)->n + 1, sizeof(*(ev)->items))

/* Function words carry little; numbers carry most. */
static float weigh(const struct kb_term *t, const struct kb_terms *terms)
{
	const char *text = t->text_len ? terms->text + t->text_off : "";

	switch (kb_term_class(t->key)) {
	case KB_TERM_HAN1:
		return kb_stop_han((uint32_t)t->key & 0xffffff)
			   ? TOKEN_HAN_FUNCTION
			   : TOKEN_HAN;
	case KB_TERM_HAN2:
		return kb_stop_han((uint32_t)t->key & 0xffffff) ||
			       kb_stop_han((uint32_t)(t->key >> 24) & 0xffffff)
			   ? TOKEN_PAIR_FUNCTION
			   : TOKEN_PAIR;
	default:
		if (t->text_len && text[0] >= '0' && text[0] <= '9')
			return TOKEN_NUMBER;
		return kb_stop_term(t->key) ? TOKEN_FUNCTION : 1;
	}
}

static void add_sentences(struct kb_prepared *ev, struct kb_str text,
			  uint32_t hit, bool title)
{
	struct kb_sentence_it it = {text.ptr, text.len, 0};
	size_t start, end;

	while (kb_sentence_next(&it, &start, &end)) {
		ROOM(ev, sentences, n_sentences, cap_sentences);
		ev->sentences[ev->n_sentences++] =
		    (struct kb_prepared_sentence){
			.hit = hit,
			.start = (uint32_t)start,
			.end = (uint32_t)end,
			.title = title,
		    };
	}
}

/* Chained to the ones of its key before; they weigh the same. */
static float add_occurrence(struct kb_prepared *ev,
			    const struct kb_terms *terms,
			    const struct kb_term *t, uint32_t token)
{
	uint64_t *ends = kb_map_put(&ev->ends, t->key, NULL);
	uint64_t at = ev->n_occ + 1;
	float weight;

	if (*ends) {
		uint32_t last = (uint32_t)(*ends >> 32);

		weight = ev->occ[last - 1].weight;
		ev->occ[last - 1].next = (uint32_t)at;
		*ends = at << 32 | (uint32_t)*ends;
	} else {
		weight = weigh(t, terms);
		*ends = at << 32 | at;
	}
	ROOM(ev, occ, n_occ, cap_occ);
	ev->occ[ev->n_occ++] = (struct kb_occurrence){
	    .key = t->key,
	    .token = token,
	    .weight = weight,
	};
	return weight;
}

#define AHEAD 8 /* terms, about as long as a line of memory takes */

/* Base terms become tokens of the sentence they lie in; sentence is the
 * first one of this text. */
static void add_tokens(struct kb_prepared *ev, const struct kb_terms *terms,
		       size_t sentence)
{
	uint32_t base = (uint32_t)ev->n_tokens;

	for (size_t i = 0; i < terms->n; i++) {
		const struct kb_term *t = &terms->items[i];
		enum kb_term_class class = kb_term_class(t->key);
		float weight;

		if (i + AHEAD < terms->n)
			kb_map_prefetch(&ev->ends, t[AHEAD].key);
		if (class != KB_TERM_HAN1 && class != KB_TERM_WORD &&
		    class != KB_TERM_HAN2)
			continue;
		weight = add_occurrence(ev, terms, t, base + t->pos);
		if (class == KB_TERM_HAN2)
			continue;
		while (sentence + 1 < ev->n_sentences &&
		       t->start >= ev->sentences[sentence].end)
			sentence++;
		if (!ev->sentences[sentence].n)
			ev->sentences[sentence].first = (uint32_t)ev->n_tokens;
		ev->sentences[sentence].n++;
		ROOM(ev, tokens, n_tokens, cap_tokens);
		ev->tokens[ev->n_tokens++] = (struct kb_prepared_token){
		    .key = t->key,
		    .start = t->start,
		    .end = t->end,
		    .sentence = (uint32_t)sentence,
		    .weight = weight,
		};
	}
}

/* A text among those prepared: tokens [from, to), and its last sentence. */
struct part {
	size_t from, to;
	uint32_t last;
};

/* Where bytes start..end lie among the tokens of a part. */
static struct kb_place locate(const struct kb_prepared *ev,
			      const struct part *part, uint32_t start,
			      uint32_t end)
{
	size_t i = part->from, j;

	while (i < part->to && ev->tokens[i].end <= start)
		i++;
	for (j = i; j < part->to && ev->tokens[j].start < end;)
		j++;
	return (struct kb_place){
	    .token = (uint32_t)i,
	    .after = (uint32_t)j,
	    .sentence = i < part->to ? ev->tokens[i].sentence : part->last,
	};
}

static void add_quantity(struct kb_prepared *ev, const struct kb_quantity *q,
			 const struct part *part)
{
	size_t cap = ev->cap_quantities, about = cap;

	ROOM(ev, quantities, n_quantities, cap_quantities);
	kb_grow(&ev->quantity_at, &cap, ev->n_quantities + 1,
		sizeof(*ev->quantity_at));
	kb_grow(&ev->quantity_about, &about, ev->n_quantities + 1,
		sizeof(*ev->quantity_about));
	ev->quantities[ev->n_quantities] = *q;
	ev->quantity_at[ev->n_quantities++] =
	    locate(ev, part, q->num_start, q->num_end);
}

#define PIECE_BYTES 65536 /* that quantities are found in at once */

/* Where a piece of the text ends that begins at 'at': at a line or a blank. */
static size_t piece_end(struct kb_str text, size_t at)
{
	size_t end = text.len;

	if (end - at <= PIECE_BYTES)
		return end;
	end = at + PIECE_BYTES;
	while (end > at + PIECE_BYTES / 2 && !kb_is_space(text.ptr[end]))
		end--;
	if (kb_is_space(text.ptr[end]))
		return end;
	return at + kb_utf8_cut(text.ptr + at, text.len - at, PIECE_BYTES);
}

static void add_quantities(struct kb_prepared *ev, struct kb_str text,
			   struct part part)
{
	struct kb_quantities q = {0};
	size_t end;

	for (size_t at = 0; at < text.len; at = end) {
		end = piece_end(text, at);
		q.n = 0;
		kb_quantities_find_all(&q, text.ptr + at, end - at);
		for (size_t i = 0; i < q.n; i++) {
			if (ev->n_quantities == KB_PASSAGE_QUANTITIES) {
				ev->cut = true;
				break;
			}
			q.items[i].start += (uint32_t)at;
			q.items[i].end += (uint32_t)at;
			q.items[i].num_start += (uint32_t)at;
			q.items[i].num_end += (uint32_t)at;
			add_quantity(ev, &q.items[i], &part);
			part.from = ev->quantity_at[ev->n_quantities - 1].token;
		}
	}
	kb_quantities_release(&q);
}

/* The words of polarity that begin in [start, end) of the text. */
static void add_polars(struct kb_prepared *ev, struct kb_str text, size_t start,
		       size_t end, struct part part)
{
	struct kb_polar *found = NULL;
	size_t n, room = 0;

	do {
		kb_grow(&found, &room, room + 256, sizeof(*found));
		n = kb_polarity_find_in(text.ptr, text.len, start, end, found,
					room);
	} while (n == room);
	for (size_t i = 0; i < n; i++) {
		size_t cap = ev->cap_polars;

		ROOM(ev, polars, n_polars, cap_polars);
		kb_grow(&ev->polar_at, &cap, ev->n_polars + 1,
			sizeof(*ev->polar_at));
		ev->polars[ev->n_polars] = found[i];
		ev->polar_at[ev->n_polars] =
		    locate(ev, &part, found[i].start, found[i].end);
		part.from = ev->polar_at[ev->n_polars].token;
		ev->n_polars++;
	}
	free(found);
}

void kb_prepared_find_polars(struct kb_prepared *ev, uint32_t sentence)
{
	const struct kb_prepared_sentence *s = &ev->sentences[sentence];
	struct kb_str text = s->title ? ev->titles[s->hit] : ev->texts[s->hit];

	assert(sentence < ev->n_sentences);
	if (!ev->late_polars)
		return;
	ev->n_polars = 0;
	if (s->n)
		add_polars(ev, text, s->start, s->end,
			   (struct part){s->first, s->first + s->n, sentence});
}

static void add_text(struct kb_prepared *ev, struct kb_analyzer *an,
		     struct kb_terms *terms, struct kb_str text, uint32_t hit,
		     bool title)
{
	size_t sentence = ev->n_sentences;
	struct part part = {.from = ev->n_tokens};

	if (text.len > KB_PASSAGE_MAX - ev->bytes) {
		ev->cut = true;
		return;
	}
	ev->bytes += text.len;
	add_sentences(ev, text, hit, title);
	if (ev->n_sentences == sentence)
		return;
	kb_terms_reset(terms);
	kb_analyze(an, text.ptr, text.len, terms);
	add_tokens(ev, terms, sentence);
	part.to = ev->n_tokens;
	part.last = (uint32_t)ev->n_sentences - 1;
	if (!ev->no_quantities)
		add_quantities(ev, text, part);
	if (!ev->late_polars)
		add_polars(ev, text, 0, text.len, part);
}

void kb_prepared_add_title(struct kb_prepared *ev, struct kb_analyzer *an,
			   struct kb_terms *terms, struct kb_str title)
{
	size_t quantity = ev->n_quantities;

	ev->titles[ev->n_texts] = title;
	add_text(ev, an, terms, title, (uint32_t)ev->n_texts, true);
	kb_clauses_link(ev, quantity);
}

void kb_prepared_add(struct kb_prepared *ev, struct kb_analyzer *an,
		     struct kb_terms *terms, struct kb_str text)
{
	size_t quantity = ev->n_quantities;

	add_text(ev, an, terms, text, (uint32_t)ev->n_texts, false);
	ev->texts[ev->n_texts++] = text;
	room_for_text(ev);
	kb_clauses_link(ev, quantity);
}

void kb_prepared_add_quantities(struct kb_prepared *ev)
{
	const struct kb_prepared_sentence *s = ev->sentences;
	struct part part = {0};

	assert(ev->no_quantities && !ev->n_quantities);
	for (size_t i = 0, next; i < ev->n_sentences; i = next) {
		size_t quantity = ev->n_quantities;

		part.from = part.to;
		for (next = i;
		     next < ev->n_sentences && s[next].hit == s[i].hit &&
		     s[next].title == s[i].title;
		     next++)
			part.to += s[next].n;
		part.last = (uint32_t)next - 1;
		add_quantities(
		    ev, s[i].title ? ev->titles[s[i].hit] : ev->texts[s[i].hit],
		    part);
		kb_clauses_link(ev, quantity);
	}
}
