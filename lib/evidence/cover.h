/*
 * How much of a claim the sentences of its evidence hold, term by term. What
 * says a quantity of theirs otherwise is held, too ("two years", 24 months),
 * and so is, in part, another everyday word for the same. Private to
 * lib/evidence.
 */
#ifndef KB_EVIDENCE_COVER_H
#define KB_EVIDENCE_COVER_H

#include "evidence/compare.h"

/* Weights of a claim's terms. */
struct kb_cover {
	float total, found, missing;
};

/* Sentences with a quantity of the claim, the first of them. */
#define KB_AGREED_SENTENCES 16

struct kb_agreed {
	uint32_t sentences[KB_AGREED_SENTENCES];
	size_t n;
	bool
	    whole; /* one says all of it: a year agrees with each of its days */
};

/* The claim terms are unique: a repeated one counts once. */
bool kb_cover_is_repeat(const struct kb_prepared *claim, size_t i);

/* Add weight to every window of three that holds sentence s; 'mark' is the
 * number of the term, so that no window counts it twice. */
void kb_cover_window(struct kb_comparer *c, float *window, uint32_t s,
		     uint32_t mark, float weight);

/* Leave the scratch as the next claim must find it. */
void kb_cover_clean(struct kb_comparer *c);

/* Fills one, three, title and in_title of the comparer. */
void kb_cover_claim(const struct kb_compare_input *in, struct kb_cover *cover);

/* Mark the claim's tokens that name what the title above the sentence names: no
 * clause below it repeats them. */
void kb_cover_note_told(const struct kb_compare_input *in, uint32_t sentence);

static inline bool kb_cover_is_told(const struct kb_comparer *c, uint32_t i)
{
	return c->told && c->told[i];
}

/* Does the word of the question only ask: "how much", 多少钱? */
bool kb_cover_only_asks(const struct kb_compare_input *in, uint64_t key);

/* Of the claim in a sentence or in the title above it. */
static inline float kb_cover_told(const struct kb_comparer *c, uint32_t s)
{
	const struct kb_prepared_sentence *at = &c->evidence->sentences[s];

	return at->title ? c->one[s]
			 : c->one[s] + c->title[at->hit] - c->in_title[s];
}

/* Is the claim's token part of a quantity that the evidence has? */
static inline bool kb_cover_agreed(const struct kb_comparer *c, uint32_t i)
{
	return i < c->n_agreed && c->agreed[i] && c->agreed[i]->n;
}

/* ... that it has whole? */
static inline bool kb_cover_respelled(const struct kb_comparer *c, uint32_t i)
{
	return kb_cover_agreed(c, i) && c->agreed[i]->whole;
}

#endif
