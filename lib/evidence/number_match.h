/*
 * Where a number of a claim stands in the evidence, by what is said around it.
 * Private to lib/evidence.
 */
#ifndef KB_EVIDENCE_NUMBER_MATCH_H
#define KB_EVIDENCE_NUMBER_MATCH_H

#include "evidence/compare.h"

#define KB_NUMBER_CONTEXT 32 /* tokens of a context that are looked for */

struct kb_number_context {
	uint64_t keys[KB_NUMBER_CONTEXT];
	float weights[KB_NUMBER_CONTEXT];
	size_t n;
	float total;
	bool asked, both; /* the question says what it is about, alone or too */
	bool cases; /* bounds tell cases of another number, of the question */
};

/* Best context overlaps, -1 for none, and the quantities of those. A rival is
 * a conflict in the same unit. */
struct kb_number_match {
	double same, conflict, rival, part;
	size_t agrees, source, other, whole;
	double home_part; /* in the claim's passage */
	bool home_same;
	bool lone; /* the part is an end of a range of two dates */
};

/* What a quantity of the claim is about. A bare answer ("7天") is about
 * what the question asks. */
void kb_number_context(const struct kb_compare_input *in, size_t quantity,
		       struct kb_number_context *c);

/* home: the passage of the claim's best place. */
struct kb_number_match kb_number_match(const struct kb_compare_input *in,
				       size_t number,
				       const struct kb_number_context *c,
				       uint32_t home);

/* Is the quantity said in the question? Then it is no news. */
bool kb_number_in_question(const struct kb_compare_input *in,
			   const struct kb_quantity *q);

/* Is the number the end of a range that the question asks for, or that the
 * claim says it is: "runs until 30 November"? What is asked for decides. */
bool kb_number_is_its_end(const struct kb_compare_input *in, size_t number,
			  size_t whole);

#endif
