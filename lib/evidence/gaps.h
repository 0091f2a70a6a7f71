/*
 * What gaps.c, transposed.c and bound.c share: the texts and weights of a gap.
 * Private to lib/evidence.
 */
#ifndef KB_EVIDENCE_GAPS_H
#define KB_EVIDENCE_GAPS_H

#include "evidence/compare.h"
#include "evidence/compare_weights.h"
#include "passage/token_weights.h"

#define VISIT_BYTES 64 /* of a text that is looked through are a visit */

static inline float kb_gap_content(const struct kb_prepared *p, uint32_t from,
				   uint32_t to)
{
	float sum = 0;

	for (uint32_t i = from; i < to; i++)
		if (p->tokens[i].weight >= TOKEN_CONTENT)
			sum += p->tokens[i].weight;
	return sum;
}

static inline struct kb_str kb_token_text(const struct kb_prepared *p,
					  struct kb_str text, uint32_t i)
{
	const struct kb_prepared_token *t = &p->tokens[i];

	return (struct kb_str){text.ptr + t->start, t->end - t->start};
}

/* The text between two tokens of the claim, both included. */
static inline struct kb_str kb_gap_stretch(const struct kb_prepared *claim,
					   uint32_t from, uint32_t to)
{
	uint32_t start = claim->tokens[from].start;

	return (struct kb_str){claim->texts[0].ptr + start,
			       claim->tokens[to].end - start};
}

static inline struct kb_str kb_gap_claim(const struct kb_prepared *claim,
					 const struct kb_align_gap *gap)
{
	return gap->claim < gap->claim_end
		   ? kb_gap_stretch(claim, gap->claim, gap->claim_end - 1)
		   : (struct kb_str){"", 0};
}

static inline struct kb_str kb_gap_source(const struct kb_prepared *ev,
					  const struct kb_align_gap *gap,
					  uint32_t sentence)
{
	if (gap->source >= gap->source_end)
		return (struct kb_str){"", 0};
	return kb_compare_slice(ev, sentence, ev->tokens[gap->source].start,
				ev->tokens[gap->source_end - 1].end);
}

/* transposed.c: what of the sentence the claim says with things or words in
 * each other's places, or turned round. */
void kb_compare_transposed(const struct kb_compare_input *in,
			   const struct kb_alignment *fit, uint32_t sentence,
			   struct kb_comparison *out);

/* bound.c: what of the sentence it says turned round, or of another thing. */
void kb_compare_bound(const struct kb_compare_input *in,
		      const struct kb_alignment *fit, uint32_t sentence,
		      struct kb_comparison *out);

/* transposed.c: a Chinese name of the claim that is another one's there. */
void kb_compare_names(const struct kb_compare_input *in, uint32_t sentence,
		      struct kb_comparison *out);

/* ... that names a day or a month which the sentence does not. */
void kb_compare_named(const struct kb_compare_input *in, uint32_t sentence,
		      struct kb_comparison *out);

/* Has the passage of the sentence, or the title above it, the text, or another
 * word of the same meaning? */
bool kb_gap_in_passage(const struct kb_compare_input *in, uint32_t sentence,
		       struct kb_str text);

/* Is one of the tokens one of the words, a list that NULL ends? */
bool kb_gap_holds(const struct kb_prepared *p, struct kb_str text,
		  struct kb_tokens in, const char *const *words);

/* Has the stretch a word beside which both orders are true: "the bank merged
 * with the insurer"? */
bool kb_gap_symmetric(const struct kb_prepared *p, struct kb_str text,
		      uint32_t from, uint32_t to);

/* excluded.c: does the claim say today where the sentence says tomorrow? */
void kb_compare_cohyponyms(const struct kb_compare_input *in, uint32_t sentence,
			   struct kb_comparison *out);

/*
 * exception.c: does the claim, of which the sentence has the share 'coverage',
 * say of its exception what it says of the rest, or that there is a fan where
 * it is fanless? True when it is judged by an exception.
 */
bool kb_compare_excepted(const struct kb_compare_input *in, uint32_t sentence,
			 double coverage, struct kb_comparison *out);

/* widened.c: does a clause that only denies, "day cards are not", speak of the
 * claim? Then it agrees with a claim that denies, and contradicts another. */
bool kb_compare_elliptic(const struct kb_compare_input *in, uint32_t sentence,
			 struct kb_comparison *out);

/* widened.c: does the claim leave out the "only" of the sentence, say "every
 * day" where its passage does not, or of something what another sentence denies
 * of it? */
void kb_compare_widened(const struct kb_compare_input *in, uint32_t sentence,
			double coverage, struct kb_comparison *out);

/* The parts of kb_compare(). best: the sentence that covers most of it,
 * coverage its share. */
void kb_compare_numbers(const struct kb_compare_input *in,
			struct kb_comparison *out);
void kb_compare_polarity(const struct kb_compare_input *in, uint32_t best,
			 double coverage, struct kb_comparison *out);

/* all_of.c: does the claim speak of all of a kind, and the sentence only of
 * some, by a word of a class (answer/lexicon/cohyponyms.h)? */
void kb_compare_all_of(const struct kb_compare_input *in, uint32_t sentence,
		       struct kb_comparison *out);

/* subject.c: after kb_compare_polarity(), of the same sentence: does it say of
 * another thing what the claim says of its first word? */
void kb_compare_subject(const struct kb_compare_input *in, uint32_t best,
			struct kb_comparison *out);

/* gaps.c: over each of the n sentences that cover it best, the best fit. */
void kb_compare_gaps(const struct kb_compare_input *in,
		     const uint32_t *sentences, size_t n,
		     struct kb_comparison *out);

#endif
