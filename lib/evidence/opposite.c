/*
 * Polarity of a claim: does it deny what its source says, or say the opposite?
 * Clauses are compared, as "members get a discount, others do not" says both;
 * a claim whose words are spread over several clauses of a sentence is compared
 * with all of it.
 */
#include "evidence/clause.h"
#include "evidence/compare.h"
#include "evidence/compare_weights.h"
#include "evidence/cover.h"

/* A stretch of a text, and its words of polarity: polars [from, to). */
struct part {
	const struct kb_prepared *text;
	struct kb_tokens tokens;
	size_t from, to;
};

/* The words of polarity that begin in the tokens: they ascend. */
static struct part part_of(const struct kb_prepared *p, struct kb_tokens tokens)
{
	struct part part = {p, tokens, 0, p->n_polars};

	while (part.from < part.to) {
		size_t mid = part.from + (part.to - part.from) / 2;

		if (p->polar_at[mid].token < tokens.from)
			part.from = mid + 1;
		else
			part.to = mid;
	}
	while (part.to < p->n_polars && p->polar_at[part.to].token < tokens.to)
		part.to++;
	return part;
}

static struct kb_tokens sentence_tokens(const struct kb_prepared *p,
					uint32_t sentence)
{
	const struct kb_prepared_sentence *s = &p->sentences[sentence];

	return (struct kb_tokens){s->first, s->first + s->n};
}

#define DENIALS_MAX 256 /* words of polarity of a part are looked at */

/* A Chinese prefix denies the word that it is part of. */
static uint32_t reach(const struct kb_prepared *p, size_t polar)
{
	return p->polars[polar].side == KB_POLAR_PREFIX ? 0 : NEAR_DENIAL;
}

/* Is the token denied: does a negation of the part reach it? */
static bool is_denied(const struct part *part, uint32_t token)
{
	const struct kb_prepared *p = part->text;
	size_t low = part->from, high = part->to;

	/* the first that ends beyond the token; those before it are near */
	while (low < high) {
		size_t mid = low + (high - low) / 2;

		if (p->polar_at[mid].after <= token)
			low = mid + 1;
		else
			high = mid;
	}
	for (; low > part->from &&
	       token - p->polar_at[low - 1].after <= NEAR_DENIAL;
	     low--)
		if (kb_polar_denies(&p->polars[low - 1]) &&
		    token - p->polar_at[low - 1].after <= reach(p, low - 1))
			return true;
	return false;
}

/* The first content token behind a negation of the part, or its end. */
static uint32_t denied_head(const struct part *part, size_t polar)
{
	const struct kb_prepared *p = part->text;
	uint32_t after = p->polar_at[polar].after;

	for (uint32_t i = after;
	     i < part->tokens.to && i <= after + NEAR_DENIAL; i++)
		if (p->tokens[i].weight >= TOKEN_CONTENT)
			return i;
	return part->tokens.to;
}

/*
 * A negation of one part whose head stands undenied in the other one. Both ways
 * round are asked: what is added and what is dropped.
 */
static bool denial_differs(const struct kb_compare_input *in,
			   const struct part *one, const struct part *other,
			   size_t *which)
{
	const struct kb_prepared *from = one->text, *to = other->text;

	size_t last = one->from + DENIALS_MAX;

	for (size_t i = one->from; i < one->to && i < last; i++) {
		bool plain = false, denied = false;
		uint32_t head;

		if (!kb_polar_denies(&from->polars[i]))
			continue;
		head = denied_head(one, i);
		if (head == one->tokens.to)
			continue;
		if (!kb_compare_visit(in,
				      other->tokens.to - other->tokens.from))
			return false;
		for (uint32_t k = other->tokens.from; k < other->tokens.to;
		     k++) {
			if (to->tokens[k].key != from->tokens[head].key)
				continue;
			if (is_denied(other, k))
				denied = true;
			else
				plain = true;
		}
		if (plain && !denied) {
			*which = i;
			return true;
		}
	}
	return false;
}

/* Has the part an amount of money that is to be paid, not one from which on
 * something holds? */
static bool has_price(const struct part *part)
{
	const struct kb_prepared *p = part->text;
	size_t low = 0, high = p->n_quantities;

	while (low < high) {
		size_t mid = low + (high - low) / 2;

		if (p->quantity_at[mid].token < part->tokens.from)
			low = mid + 1;
		else
			high = mid;
	}
	for (; low < p->n_quantities &&
	       p->quantity_at[low].token < part->tokens.to;
	     low++)
		if (p->quantities[low].dim == KB_DIM_MONEY &&
		    p->quantities[low].cmp <= KB_CMP_ABOUT &&
		    p->quantities[low].lo > 0)
			return true;
	return false;
}

/* The sides of a group in a part, as a set: bit side + 1. "Not closed" is on
 * the side of "open", a price on that of "paid for". */
static unsigned sides(const struct part *part, unsigned group)
{
	const struct kb_prepared *p = part->text;
	unsigned set = group == KB_POLAR_FREE && has_price(part);

	for (size_t i = part->from; i < part->to; i++) {
		int side = p->polars[i].side;

		if (p->polars[i].group != group)
			continue;
		if (group >= KB_POLAR_PAIR &&
		    is_denied(part, p->polar_at[i].token))
			side = -side;
		set |= 1u << (side + 1);
	}
	return set;
}

/* The key of the content token nearest to a word of polarity, before or behind
 * it in the part; 0 for none. */
static uint64_t beside(const struct part *part, size_t polar, bool behind)
{
	const struct kb_prepared *p = part->text;
	uint32_t at = p->polar_at[polar].token;

	if (behind) {
		for (at = p->polar_at[polar].after; at < part->tokens.to; at++)
			if (p->tokens[at].weight >= TOKEN_CONTENT)
				return p->tokens[at].key;
		return 0;
	}
	while (at-- > part->tokens.from)
		if (p->tokens[at].weight >= TOKEN_CONTENT)
			return p->tokens[at].key;
	return 0;
}

/* Does the key stand in the part before the place, behind it: bits 1 and 2. */
static unsigned where(const struct part *part, uint32_t place, uint64_t key)
{
	unsigned set = 0;

	for (uint32_t i = part->tokens.from; i < part->tokens.to; i++)
		if (part->text->tokens[i].key == key)
			set |= i < place ? 1 : 2;
	return set;
}

/* Has a token of the claim on one side of its word of polarity changed to the
 * other side of the source's? */
static bool has_crossed(const struct part *claim, struct kb_tokens side,
			unsigned from, const struct part *source,
			uint32_t place)
{
	for (uint32_t i = side.from; i < side.to; i++)
		if (claim->text->tokens[i].weight >= TOKEN_CONTENT &&
		    where(source, place, claim->text->tokens[i].key) ==
			(3 ^ from))
			return true;
	return false;
}

/* "X is before Y" says the same as "Y is after X". */
static bool is_converse(const struct kb_compare_input *in,
			const struct part *claim, size_t polar,
			const struct part *source)
{
	const struct kb_place *at = &claim->text->polar_at[polar];
	unsigned group = claim->text->polars[polar].group;
	struct kb_tokens before = {claim->tokens.from, at->token};
	struct kb_tokens behind = {at->after, claim->tokens.to};
	uint64_t left = beside(claim, polar, false);
	uint64_t right = beside(claim, polar, true);

	for (size_t i = source->from; i < source->to; i++) {
		uint32_t place = source->text->polar_at[i].token;

		if (source->text->polars[i].group != group)
			continue;
		if ((left && left == beside(source, i, true)) ||
		    (right && right == beside(source, i, false)))
			return true;
		if (!kb_compare_visit(
			in, (uint64_t)(claim->tokens.to - claim->tokens.from) *
				(source->tokens.to - source->tokens.from)))
			return false;
		if (has_crossed(claim, before, 1, source, place) &&
		    has_crossed(claim, behind, 2, source, place))
			return true;
	}
	return false;
}

static bool side_differs(const struct kb_compare_input *in,
			 const struct part *claim, const struct part *source,
			 size_t *which)
{
	size_t last = claim->from + DENIALS_MAX;

	for (size_t i = claim->from; i < claim->to && i < last; i++) {
		unsigned group = claim->text->polars[i].group, there;

		if (group == KB_POLAR_NEGATION)
			continue;
		if (!kb_compare_visit(in, claim->to - claim->from + source->to -
					      source->from))
			return false;
		there = sides(source, group);
		if (!there || sides(claim, group) & there ||
		    is_converse(in, claim, i, source))
			continue;
		*which = i;
		return true;
	}
	return false;
}

static void find(const struct part *part, size_t polar, bool of_claim,
		 const struct kb_compare_input *in, uint32_t sentence,
		 struct kb_comparison *out)
{
	const struct kb_polar *word = &part->text->polars[polar];
	struct kb_str none = {"", 0}, text = none, source = none;

	if (of_claim)
		text = (struct kb_str){in->claim->texts[0].ptr + word->start,
				       word->end - word->start};
	else
		source = kb_compare_slice(in->evidence, sentence, word->start,
					  word->end);
	out->f[KB_F_POLARITY] = 0;
	kb_compare_find(out, KB_FIND_POLARITY, text, source,
			in->evidence->sentences[sentence].hit);
}

/* Does the claim's part say the opposite of the source's, which holds the share
 * 'cover' of it? */
static bool compare_parts(const struct kb_compare_input *in,
			  const struct part *claim, const struct part *source,
			  double cover, uint32_t sentence,
			  struct kb_comparison *out)
{
	size_t which;

	if (side_differs(in, claim, source, &which) ||
	    (cover >= DENIAL_COVER &&
	     denial_differs(in, claim, source, &which)))
		find(claim, which, true, in, sentence, out);
	else if (cover >= DENIED_COVER &&
		 denial_differs(in, source, claim, &which))
		find(source, which, false, in, sentence, out);
	else
		return false;
	return true;
}

/* Share of a stretch of the claim that stands in one of the source. */
static double cover(const struct kb_compare_input *in, struct kb_tokens claim,
		    struct kb_tokens source)
{
	const struct kb_prepared_token *c = in->claim->tokens;
	const struct kb_prepared_token *e = in->evidence->tokens;
	float all = 0, found = 0;

	if (!kb_compare_visit(in, (size_t)(claim.to - claim.from) *
				      (source.to - source.from)))
		return 0;
	for (uint32_t i = claim.from; i < claim.to; i++) {
		uint32_t k = source.from;

		while (k < source.to && c[i].key != e[k].key)
			k++;
		if (k < source.to)
			found += c[i].weight;
		if (k < source.to || !kb_cover_is_told(in->comparer, i))
			all += c[i].weight;
	}
	return all >= CLAUSE_WEIGHT ? (double)(found / all) : 0;
}

/* The clause of the sentence that holds most of the claim's. */
static struct kb_tokens best_clause(const struct kb_compare_input *in,
				    struct kb_tokens claim, uint32_t sentence,
				    double *most)
{
	struct kb_tokens all = sentence_tokens(in->evidence, sentence);
	struct kb_tokens best = {all.from, all.from};

	*most = 0;
	for (uint32_t at = all.from; at < all.to;) {
		struct kb_tokens clause =
		    kb_clause_at(in->evidence, sentence, at);
		double share = cover(in, claim, clause);

		if (share > *most) {
			*most = share;
			best = clause;
		}
		at = clause.to;
	}
	return best;
}

/* Clause by clause; false when the claim's are spread over the sentence. */
static bool compare_clauses(const struct kb_compare_input *in,
			    uint32_t sentence, struct kb_comparison *out)
{
	struct kb_tokens all = {0, (uint32_t)in->claim->n_tokens};
	bool some = false;

	for (uint32_t at = all.from; at < all.to;) {
		struct kb_tokens clause =
		    kb_clause_at(in->claim, in->claim->tokens[at].sentence, at);
		double share;
		struct kb_tokens best =
		    best_clause(in, clause, sentence, &share);
		struct part mine = part_of(in->claim, clause),
			    theirs = part_of(in->evidence, best);

		at = clause.to;
		if (share < OPPOSITE_COVER)
			continue;
		some = true;
		if (compare_parts(in, &mine, &theirs, share, sentence, out))
			return true;
	}
	return some;
}

void kb_compare_polarity(const struct kb_compare_input *in, uint32_t best,
			 double coverage, struct kb_comparison *out)
{
	struct part claim = part_of(
	    in->claim, (struct kb_tokens){0, (uint32_t)in->claim->n_tokens});
	struct part source =
	    part_of(in->evidence, sentence_tokens(in->evidence, best));

	/* sentences that do not speak of the same thing prove nothing */
	if (coverage < OPPOSITE_COVER ||
	    (claim.from == claim.to && source.from == source.to))
		return;
	if (in->claim->n_tokens > KB_ALIGN_TOKENS ||
	    in->evidence->sentences[best].n > KB_ALIGN_TOKENS ||
	    !compare_clauses(in, best, out))
		compare_parts(in, &claim, &source, coverage, best, out);
}
