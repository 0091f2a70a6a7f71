/*
 * Does a sentence say a word of the claim, in whatever words? Private to
 * lib/evidence.
 */
#ifndef KB_EVIDENCE_SAME_H
#define KB_EVIDENCE_SAME_H

#include "evidence/compare.h"

enum kb_said {
	KB_SAID_SENTENCE, /* the sentence does, */
	KB_SAID_TITLE,	  /* or the title of its passage, */
	KB_SAID_PASSAGE,  /* or another sentence of it */
	KB_SAID_NOWHERE,
};

/* Where the term itself stands. */
enum kb_said kb_same_key(const struct kb_compare_input *in, uint64_t key,
			 uint32_t sentence);

/* Is token i of the claim part of a quantity that the sentence has, too: "2"
 * and "two", "24 months" and "two years"? */
bool kb_same_quantity(const struct kb_compare_input *in, uint32_t i,
		      uint32_t sentence);

/* The same of token i of the evidence and the claim. */
bool kb_same_claimed(const struct kb_compare_input *in, uint32_t i);

/* Does token i of the claim only name the measure of a quantity that both have:
 * "weighing up to 10 kg" for "up to 10 kg"? */
bool kb_same_measure(const struct kb_compare_input *in, uint32_t i,
		     uint32_t sentence);

/* Has the sentence another word for token i of the claim, or for it and the
 * token beside it? */
bool kb_same_alike(const struct kb_compare_input *in, uint32_t i,
		   uint32_t sentence);

/* Is the token a verb that says only that there is something, or that it may
 * be? Who has no fan has a fan denied, in whatever word. */
bool kb_same_is_light(const struct kb_prepared *p, uint32_t token);

#endif
