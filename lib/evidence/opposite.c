/*
 * Polarity of a claim: does it deny what its source says, or say the opposite?
 * Clauses are compared, as "members get a discount, others do not" says both;
 * a claim whose words are spread over several clauses of a sentence is compared
 * with all of it.
 */
#include <math.h>
#include <string.h>

#include "evidence/compare.h"
#include "evidence/compare_weights.h"
#include "evidence/cover.h"
#include "evidence/gaps.h"
#include "evidence/same.h"
#include "passage/clause.h"
#include "passage/token_weights.h"

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

/* Does the word deny what stands behind it, as "not" does, 不含 or 不支持? */
static bool denies_object(const struct kb_prepared *p, size_t polar)
{
	const struct kb_polar *word = &p->polars[polar];
	uint32_t at = p->polar_at[polar].token;
	struct kb_str text = kb_prepared_token_text(p, at);

	return kb_polar_denies(word) ||
	       ((word->group == KB_POLAR_INCLUDED ||
		 word->group == KB_POLAR_SUPPORTED) &&
		word->side < 0 &&
		(kb_starts(text.ptr, text.len, "不") ||
		 kb_starts_folded(text.ptr, text.len, "exclud")));
}

#define DENIALS_MAX 256 /* words of polarity of a part are looked at */

#define FAR_DENIAL 6u /* "unless the item is faulty" */

/* A Chinese prefix denies the word that it is part of. */
static uint32_t reach(const struct kb_prepared *p, size_t polar)
{
	if (p->polars[polar].group == KB_POLAR_UNLESS)
		return FAR_DENIAL;
	return p->polars[polar].side == KB_POLAR_PREFIX ? 0 : NEAR_DENIAL;
}

/* "Except for faulty ones" denies no less than "unless they are faulty". */
static bool denies(const struct kb_polar *word)
{
	return kb_polar_denies(word) ||
	       (word->group == KB_POLAR_UNLESS && word->side < 0);
}

/* "Sugar-free" */
static bool is_free_of(const struct kb_prepared *p, uint32_t token)
{
	const struct kb_prepared_token *t = &p->tokens[token];
	struct kb_str text = kb_prepared_text(p, t->sentence);

	return kb_starts_folded(text.ptr + t->end, text.len - t->end, "-free");
}

/* Is the token denied: does a negation of the part reach it? */
static bool is_denied(const struct part *part, uint32_t token)
{
	const struct kb_prepared *p = part->text;
	size_t low = part->from, high = part->to;

	if (is_free_of(p, token))
		return true;
	/* the first that ends beyond the token; those before it are near */
	while (low < high) {
		size_t mid = low + (high - low) / 2;

		if (p->polar_at[mid].after <= token)
			low = mid + 1;
		else
			high = mid;
	}
	for (; low > part->from &&
	       token - p->polar_at[low - 1].after <= FAR_DENIAL;
	     low--)
		if ((denies(&p->polars[low - 1]) ||
		     denies_object(p, low - 1)) &&
		    token - p->polar_at[low - 1].after <= reach(p, low - 1))
			return true;
	return false;
}

/* Has the stretch a token of this key? */
static bool has_key(const struct part *part, uint64_t key)
{
	for (uint32_t i = part->tokens.from; i < part->tokens.to; i++)
		if (part->text->tokens[i].key == key)
			return true;
	return false;
}

/* The first content token behind a negation of the part, or its end; not a
 * light verb that the other part is without. */
static uint32_t denied_head(const struct part *part, size_t polar,
			    const struct part *other)
{
	const struct kb_prepared *p = part->text;
	uint32_t after = p->polar_at[polar].after;
	uint32_t last = after + NEAR_DENIAL;

	for (uint32_t i = after; i < part->tokens.to && i <= last; i++) {
		if (p->tokens[i].weight < TOKEN_CONTENT)
			continue;
		if (!kb_same_is_light(p, i) || has_key(other, p->tokens[i].key))
			return i;
		last++;
	}
	return part->tokens.to;
}

static float weight_of(const struct part *part)
{
	float all = 0;

	for (uint32_t i = part->tokens.from; i < part->tokens.to; i++)
		all += part->text->tokens[i].weight;
	return all;
}

/* Weight of the tokens behind one up to the end of its clause, and of those of
 * them that stand behind the other one in its clause. */
static float rest_in(const struct part *one, uint32_t at,
		     const struct part *other, uint32_t place, float *found)
{
	float all = *found = 0;

	for (uint32_t i = at; i < one->tokens.to; i++) {
		if (i > at && kb_clause_begins(one->text, i))
			break;
		all += one->text->tokens[i].weight;
		for (uint32_t k = place; k < other->tokens.to; k++) {
			if (k > place && kb_clause_begins(other->text, k))
				break;
			if (other->text->tokens[k].key !=
			    one->text->tokens[i].key)
				continue;
			*found += one->text->tokens[i].weight;
			break;
		}
	}
	return all;
}

/* Is all that is denied from the head on said behind the same word in the other
 * part, or the other way round, and is it a good part of what both say? "It is
 * no red tea" denies nothing of a green one. */
static bool holds_denied(const struct part *one, uint32_t head,
			 const struct part *other, uint32_t place)
{
	float found, found_too;
	float all = rest_in(one, head, other, place, &found);
	float all_too = rest_in(other, place, one, head, &found_too);

	return (found >= all * WHOLE_COVER ||
		found_too >= all_too * WHOLE_COVER) &&
	       fmaxf(all, all_too) >=
		   fminf(weight_of(one), weight_of(other)) * DENIED_SHARE;
}

/*
 * A negation of one part whose head stands undenied in the other one. Both ways
 * round are asked: what is added and what is dropped. spread: all of what it
 * denies stands there.
 */
static bool denial_differs(const struct kb_compare_input *in,
			   const struct part *one, const struct part *other,
			   bool spread, size_t *which)
{
	const struct kb_prepared *from = one->text, *to = other->text;

	size_t last = one->from + DENIALS_MAX;

	for (size_t i = one->from; i < one->to && i < last; i++) {
		bool plain = false, denied = false;
		uint32_t head;

		if (!denies_object(from, i))
			continue;
		head = denied_head(one, i, other);
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
			else if (!spread || holds_denied(one, head, other, k))
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

/* "No refund less than 24 hours before" denies the refund. */
static bool is_bound(const struct kb_prepared *p, size_t polar)
{
	struct kb_str text = kb_prepared_text(p, p->polar_at[polar].sentence);
	uint32_t end = p->polars[polar].end;

	return kb_starts_folded(text.ptr + end, text.len - end, " than ");
}

/* The sides of a group in a part, as a set: bit side + 1. "Not closed" is on
 * the side of "open", a price on that of "paid for". */
static unsigned sides(const struct part *part, unsigned group)
{
	const struct kb_prepared *p = part->text;
	unsigned set = group == KB_POLAR_FREE && has_price(part);
	bool denied = false; /* "no oil may be used" */

	for (size_t i = part->from; i < part->to; i++) {
		int side = p->polars[i].side;

		denied |= p->polars[i].group == KB_POLAR_NEGATION;
		if (p->polars[i].group != group)
			continue;
		if (group >= KB_POLAR_PAIR && !kb_polar_is_noun(group) &&
		    !is_bound(p, i) && is_denied(part, p->polar_at[i].token))
			side = -side;
		if (group == KB_POLAR_MODAL && side == 1 && denied)
			side = -1;
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

	/* "all runs" relates nothing */
	if (group == KB_POLAR_SHARE && !left &&
	    claim->text->polars[polar].side > 0)
		return false;
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
		    (kb_polar_relates(group) &&
		     is_converse(in, claim, i, source)))
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
			  double cover, bool spread, uint32_t sentence,
			  struct kb_comparison *out)
{
	size_t which;

	if ((!spread && cover >= OPPOSITE_COVER &&
	     side_differs(in, claim, source, &which)) ||
	    (cover >= DENIAL_COVER &&
	     denial_differs(in, claim, source, spread, &which)))
		find(claim, which, true, in, sentence, out);
	else if (cover >= DENIED_COVER &&
		 denial_differs(in, source, claim, spread, &which))
		find(source, which, false, in, sentence, out);
	else
		return false;
	return true;
}

/* Is the token of a word of polarity? */
static bool is_polar(const struct kb_prepared *p, uint32_t token)
{
	size_t low = 0, high = p->n_polars;

	while (low < high) {
		size_t mid = low + (high - low) / 2;

		if (p->polar_at[mid].after <= token)
			low = mid + 1;
		else
			high = mid;
	}
	return low < p->n_polars && p->polar_at[low].token <= token;
}

/* Share of a stretch of the claim that stands in one of the source; of all of
 * it, or without its words of polarity. */
static double cover(const struct kb_compare_input *in, struct kb_tokens claim,
		    struct kb_tokens source, bool all_words)
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
		if (k < source.to ||
		    !(kb_cover_is_told(in->comparer, i) ||
		      (!all_words && (is_polar(in->claim, i) ||
				      kb_same_is_light(in->claim, i)))))
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
		double share = cover(in, claim, clause, !in->asks);

		if (share > *most) {
			*most = share;
			best = clause;
		}
		at = clause.to;
	}
	return best;
}

/* How a claim's clauses stood to those of a sentence. */
struct clauses {
	bool some;   /* one stands in a clause */
	bool spread; /* one stands in several: "can --all be undone" over
		      * "--all erases everything and cannot be undone" */
	bool found;  /* what contradicts */
};

static struct clauses compare_clauses(const struct kb_compare_input *in,
				      uint32_t sentence,
				      struct kb_comparison *out)
{
	struct kb_tokens all = {0, (uint32_t)in->claim->n_tokens};
	struct kb_tokens home = sentence_tokens(in->evidence, sentence);
	struct clauses seen = {0};

	for (uint32_t at = all.from; at < all.to;) {
		struct kb_tokens clause =
		    kb_clause_at(in->claim, in->claim->tokens[at].sentence, at);
		double share;
		struct kb_tokens best =
		    best_clause(in, clause, sentence, &share);
		struct part mine = part_of(in->claim, clause),
			    theirs = part_of(in->evidence, best);

		at = clause.to;
		seen.spread |= share < WHOLE_COVER &&
			       cover(in, clause, home, !in->asks) > share;
		if (share < OPPOSITE_COVER)
			continue;
		seen.some = true;
		share = cover(in, mine.tokens, best, false);
		seen.found = compare_parts(in, &mine, &theirs, share, false,
					   sentence, out);
		if (seen.found)
			break;
	}
	return seen;
}

void kb_compare_polarity(const struct kb_compare_input *in, uint32_t best,
			 double coverage, struct kb_comparison *out)
{
	struct part claim = part_of(
	    in->claim, (struct kb_tokens){0, (uint32_t)in->claim->n_tokens});
	struct part source;
	struct clauses seen = {0};

	kb_prepared_find_polars(in->evidence, best);
	source = part_of(in->evidence, sentence_tokens(in->evidence, best));
	/* sentences that do not speak of the same thing prove nothing */
	if (in->asks && in->claim->n_tokens <= KB_ALIGN_TOKENS)
		coverage = cover(in, claim.tokens, source.tokens, false);
	if (!in->asks && coverage >= NAMED_COVER)
		kb_compare_named(in, best, out);
	if (kb_compare_excepted(in, best, coverage, out))
		return;
	if (coverage >= OPPOSITE_COVER && kb_compare_elliptic(in, best, out)) {
		kb_compare_cohyponyms(in, best, out);
		return;
	}
	if (coverage < OPPOSITE_COVER) {
		if (in->claim->n_tokens <= BRIEF_CLAIM)
			kb_compare_cohyponyms(in, best, out);
		if (in->claim->n_tokens <= KB_ALIGN_TOKENS)
			coverage =
			    cover(in, claim.tokens, source.tokens, false);
		if (coverage < DENIED_COVER)
			return;
	}
	kb_compare_cohyponyms(in, best, out);
	if ((claim.from == claim.to && source.from == source.to))
		return;
	if (!in->asks && in->claim->n_tokens <= KB_ALIGN_TOKENS &&
	    in->evidence->sentences[best].n <= KB_ALIGN_TOKENS)
		seen = compare_clauses(in, best, out);
	if (!seen.found && (!seen.some || seen.spread))
		compare_parts(in, &claim, &source, coverage, seen.some, best,
			      out);
}
