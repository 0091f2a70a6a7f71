/*
 * The claims of an answer: its sentences, each with the citations [n] that
 * stand in or behind it. What says nothing that could be checked (questions,
 * pleasantries, headings, leading phrases) is no claim; saying that the
 * answer is not known is an abstention.
 */
#ifndef KB_CLAIM_CLAIM_H
#define KB_CLAIM_CLAIM_H

#include "base/arena.h"
#include "base/mem.h"

#define KB_CLAIM_CITES 8

enum kb_claim_kind { KB_CLAIM, KB_CLAIM_ABSTAIN, KB_CLAIM_NONE };

struct kb_claim {
	struct kb_str text; /* points into the answer, citations and all */
	struct kb_str bare; /* the statement in it; may be in the arena */
	size_t start;	    /* byte of the answer */
	enum kb_claim_kind kind;
	bool label;    /* it ends in a colon: no claim beside others */
	bool particle; /* it is nothing but "yes" or "no" */
	bool denies;   /* ... but "no" */
	unsigned cites[KB_CLAIM_CITES]; /* 1-based, as written */
	size_t n_cites;
};

/* More are one: the rest of the answer. */
#define KB_CLAIMS_MAX 8000

/* Claims in the arena; returns their number, KB_CLAIMS_MAX at most. A sentence
 * is parted where each part has a citation of its own (pieces.h); with clauses,
 * for a question that asks several things, into clauses, too. */
size_t kb_claims_split(struct kb_str answer, bool clauses,
		       struct kb_arena *arena, struct kb_claim **claims);

#endif
