/*
 * Text prepared for comparison: the passages that an answer rests on, and
 * a claim of the answer, both as the same structure.
 *
 * A prepared text knows its tokens in order, where each term occurs, its
 * sentences, quantities and words of polarity. Texts are borrowed. Preparing
 * costs one analysis; many claims are then compared with it. The room of one
 * text serves the next: a thread keeps its prepared texts.
 */
#ifndef KB_PASSAGE_PREPARE_H
#define KB_PASSAGE_PREPARE_H

#include <stdbool.h>
#include <stdint.h>

#include "base/arena.h"
#include "base/map.h"
#include "quantity/quantity.h"
#include "text/analyze.h"
#include "text/polarity.h"

#define KB_PASSAGE_MAX	      ((size_t)4 << 20) /* bytes of passages in all */
#define KB_PASSAGE_QUANTITIES 65536		/* numbers in them */

/* A base term in its place. */
struct kb_prepared_token {
	uint64_t key;
	uint32_t start, end; /* bytes of its passage */
	uint32_t sentence;
	float weight; /* what it counts: function words little */
};

/* An occurrence of a term: a base term, or a pair of Han characters. */
struct kb_occurrence {
	uint64_t key;
	uint32_t token; /* the (first) base token */
	uint32_t next;	/* next occurrence of the key + 1, 0 at the end */
	float weight;
};

struct kb_prepared_sentence {
	uint32_t hit;	     /* number of the passage, from 0 */
	uint32_t start, end; /* bytes of the passage's text */
	uint32_t first, n;   /* tokens */
	bool title;	     /* the passage's title, not its text */
};

struct kb_place {
	uint32_t token; /* of the quantity's or word's first byte */
	uint32_t after; /* the token after it */
	uint32_t sentence;
};

/* Tokens [from, to). */
struct kb_tokens {
	uint32_t from, to;
};

struct kb_prepared {
	struct kb_arena *arena; /* for what is made of it; borrowed */
	struct kb_str *texts;	/* of the passages added */
	struct kb_str *titles;	/* of the same; len 0 without */
	size_t n_texts, cap_texts;
	struct kb_prepared_token *tokens;
	size_t n_tokens, cap_tokens;
	struct kb_occurrence *occ;
	size_t n_occ, cap_occ;
	struct kb_prepared_sentence *sentences;
	size_t n_sentences, cap_sentences;
	struct kb_quantity *quantities; /* spans in their passage */
	struct kb_place *quantity_at;
	struct kb_tokens *quantity_about; /* what each is said of (clause.h) */
	size_t n_quantities, cap_quantities;
	struct kb_polar *polars;
	struct kb_place *polar_at;
	size_t n_polars, cap_polars;
	struct kb_map ends; /* key -> first occurrence + 1, last + 1 << 32 */
	size_t bytes;	    /* of texts and titles */
	bool cut;	    /* a text was left out: too much of it */
	bool no_quantities; /* set before adding: they are not looked for */
	bool late_polars;   /* set before adding: polars are those of the
			     * sentence asked for last */
};

void kb_prepared_init(struct kb_prepared *ev);
void kb_prepared_release(struct kb_prepared *ev);

/* Forget the texts, and all room beyond what a common record needs. */
void kb_prepared_begin(struct kb_prepared *ev, struct kb_arena *arena);

/* Add a text as the next passage (or as the title of the next). Beyond
 * KB_PASSAGE_MAX bytes nothing is added, nor beyond KB_PASSAGE_QUANTITIES
 * any quantity, and ev->cut says so. terms is
 * scratch. */
void kb_prepared_add(struct kb_prepared *ev, struct kb_analyzer *an,
		     struct kb_terms *terms, struct kb_str text);
void kb_prepared_add_title(struct kb_prepared *ev, struct kb_analyzer *an,
			   struct kb_terms *terms, struct kb_str title);

/* With no_quantities: find those of all texts after all. */
void kb_prepared_add_quantities(struct kb_prepared *ev);

/* With late_polars: find the words of polarity of a sentence, instead of those
 * of the one before. Few sentences of much evidence are ever asked for. */
void kb_prepared_find_polars(struct kb_prepared *ev, uint32_t sentence);

/* The text that a sentence is of, and a token of it. */
static inline struct kb_str kb_prepared_text(const struct kb_prepared *p,
					     uint32_t sentence)
{
	const struct kb_prepared_sentence *s = &p->sentences[sentence];

	return (s->title ? p->titles : p->texts)[s->hit];
}

static inline struct kb_str kb_prepared_token_text(const struct kb_prepared *p,
						   uint32_t token)
{
	const struct kb_prepared_token *t = &p->tokens[token];

	return (struct kb_str){kb_prepared_text(p, t->sentence).ptr + t->start,
			       t->end - t->start};
}

/* Is the token part of a quantity? */
static inline bool kb_prepared_in_quantity(const struct kb_prepared *p,
					   uint32_t token)
{
	for (size_t i = 0; i < p->n_quantities; i++)
		if (token >= p->quantity_at[i].token &&
		    token < p->quantity_at[i].after)
			return true;
	return false;
}

/* Is the token part of a word of polarity? */
static inline bool kb_prepared_in_polar(const struct kb_prepared *p,
					uint32_t token)
{
	for (size_t i = 0; i < p->n_polars; i++)
		if (p->polar_at[i].token <= token &&
		    token < p->polar_at[i].after)
			return true;
	return false;
}

/* Does any of its words of polarity deny, or leave something out? */
static inline bool kb_prepared_refuses(const struct kb_prepared *p)
{
	for (size_t i = 0; i < p->n_polars; i++)
		if (kb_polar_refuses(&p->polars[i]))
			return true;
	return false;
}

/* The first occurrence of a key, or NULL; go on with kb_prepared_next(). */
static inline const struct kb_occurrence *kb_prepared_find(
    const struct kb_prepared *ev, uint64_t key)
{
	uint64_t *ends = kb_map_get(&ev->ends, key);

	return ends ? &ev->occ[(uint32_t)*ends - 1] : NULL;
}

static inline const struct kb_occurrence *kb_prepared_next(
    const struct kb_prepared *ev, const struct kb_occurrence *occ)
{
	return occ->next ? &ev->occ[occ->next - 1] : NULL;
}

#endif
