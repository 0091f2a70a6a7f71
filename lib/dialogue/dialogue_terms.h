/*
 * What the turns of a conversation say, in terms (text/analyze.h) and phrases,
 * read once for everything that asks: which turns share words, how rare a word
 * is here, what is named.
 *
 * A term is known by its number, in the order in which terms are said first.
 * Turns point into one pool; all of it lives until the next reading.
 */
#ifndef KB_DIALOGUE_DIALOGUE_TERMS_H
#define KB_DIALOGUE_DIALOGUE_TERMS_H

#include "base/map.h"
#include "dialogue/convo.h"
#include "dialogue/phrase.h"
#include "text/analyze.h"

struct kb_said_term {
	uint32_t id;
	uint32_t times; /* in the turn */
};

struct kb_said {
	size_t first; /* in the pool */
	uint32_t n;
	uint32_t length; /* base terms, repeated ones too */
	const struct kb_noun_phrase *phrases; /* in the conversation's arena */
	size_t n_phrases;
};

struct kb_dialogue_term {
	uint64_t key;
	uint32_t n_turns; /* that say it */
	uint32_t last;	  /* while reading: 1 + the last of them, */
	size_t at;	  /* and its place in the pool */
	double idf;	  /* among the turns */
	bool function;	  /* a word of grammar */
};

struct kb_dialogue_terms {
	struct kb_said *turns; /* as many as the conversation has */
	struct kb_said_term *pool;
	struct kb_dialogue_term *items;
	size_t n_turns, n_pool, n;
	double mean_length; /* of a turn */
	/* Private: room that is kept, and what finds a term. */
	struct kb_map index;
	struct kb_terms terms;
	size_t turns_cap, pool_cap, cap;
};

void kb_dialogue_terms_init(struct kb_dialogue_terms *terms);
void kb_dialogue_terms_release(struct kb_dialogue_terms *terms);

/* Read another conversation. */
void kb_dialogue_terms_read(struct kb_dialogue_terms *terms,
			    const struct kb_convo *convo,
			    struct kb_analyzer *analyzer);

/* The term of a key, or NULL when nobody said it. */
const struct kb_dialogue_term *kb_dialogue_term(
    const struct kb_dialogue_terms *terms, uint64_t key);

#endif
