/*
 * A claim laid over a sentence of its evidence, token by token.
 *
 * What a claim says otherwise than its source stands in the gaps between the
 * tokens that both have in the same order: the longest common subsequence,
 * weighted by what tokens count, where a token right behind the one before it
 * counts more (Needleman & Wunsch 1970 with the affine gaps of Gotoh 1982). A
 * paraphrase has wide gaps or none that match on both sides; a copy in which
 * something was exchanged has one narrow gap with something on either side.
 */
#ifndef KB_EVIDENCE_ALIGN_H
#define KB_EVIDENCE_ALIGN_H

#include "passage/prepare.h"

#define KB_ALIGN_GAPS	16
#define KB_ALIGN_TOKENS 1023  /* of the claim and of the sentence at most, */
#define KB_ALIGN_CELLS	40000 /* and so many of their pairs */

/* Tokens of the claim [claim, claim_end) that stand where the evidence has
 * [source, source_end); one of the two may be empty. */
struct kb_align_gap {
	uint32_t claim, claim_end;
	uint32_t source, source_end;
};

struct kb_alignment {
	struct kb_align_gap gaps[KB_ALIGN_GAPS];
	size_t n;
	double matched; /* share of the claim's weight outside gaps, */
	double weight;	/* and that weight, without numbers */
	double all;	/* the claim's weight */
};

/* What an alignment needs and the next one may overwrite. */
struct kb_align_scratch {
	float best[KB_ALIGN_TOKENS + 1], match[KB_ALIGN_TOKENS + 1];
	uint32_t at[KB_ALIGN_TOKENS];
	unsigned char step[KB_ALIGN_CELLS];
};

/* False when claim and sentence are too long for it, or a gap has no room. */
bool kb_align(const struct kb_prepared *claim, const struct kb_prepared *ev,
	      uint32_t sentence, struct kb_align_scratch *scratch,
	      struct kb_alignment *out);

#endif
