/*
 * Numbers of a claim. A number is checked with its
 * neighbours: the right number beside the wrong thing is as wrong as a new
 * one (fact-check measurements: coverage is blind to swapped numbers).
 */
#include <math.h>

#include "answer/lexicon/rate.h"
#include "evidence/compare.h"
#include "evidence/compare_weights.h"
#include "evidence/cover.h"
#include "evidence/gaps.h"
#include "evidence/number_match.h"
#include "passage/clause.h"
#include "passage/token_weights.h"

static struct kb_str claim_slice(const struct kb_prepared *claim,
				 uint32_t start, uint32_t end)
{
	return (struct kb_str){claim->texts[0].ptr + start, end - start};
}

static bool is_said(const struct kb_prepared *p, struct kb_tokens in,
		    uint64_t key)
{
	const struct kb_occurrence *o = kb_prepared_find(p, key);

	for (; o; o = kb_prepared_next(p, o))
		if (o->token >= in.from && o->token < in.to)
			return true;
	return false;
}

/* Is what agrees said of something that the claim does not speak of, "adults"
 * where children are meant? Not "in 2020", whose sentence says what rose. */
static bool is_of_another(const struct kb_compare_input *in, size_t number,
			  size_t quantity)
{
	const struct kb_prepared *ev = in->evidence, *claim = in->claim;
	struct kb_place at = ev->quantity_at[quantity];
	struct kb_tokens about = ev->quantity_about[quantity];

	if (about.to - about.from == ev->sentences[at.sentence].n)
		return true;
	for (uint32_t i = about.from; i < about.to; i++)
		if ((i < at.token || i >= at.after) &&
		    ev->tokens[i].weight >= TOKEN_CONTENT &&
		    !is_said(claim, claim->quantity_about[number],
			     ev->tokens[i].key) &&
		    !(in->question &&
		      kb_prepared_find(in->question, ev->tokens[i].key)))
			return true;
	return false;
}

/* Is the question more about the sentence of one quantity than of the other? */
static bool is_asked_rather(const struct kb_compare_input *in, size_t one,
			    size_t other)
{
	const struct kb_relevance *r = in->comparer->relevance;
	const struct kb_place *at = in->evidence->quantity_at;

	return r && r->n_units &&
	       r->score[at[one].sentence] > r->score[at[other].sentence];
}

static bool are_of_row(const struct kb_compare_input *in,
		       const struct kb_number_match *m)
{
	const struct kb_place *at = in->evidence->quantity_at;

	return at[m->agrees].sentence == at[m->other].sentence &&
	       kb_clause_is_row(in->evidence, at[m->agrees].sentence);
}

static bool is_conflict(const struct kb_compare_input *in, size_t number,
			const struct kb_number_context *c,
			const struct kb_number_match *m)
{
	if (m->same < 0)
		return !m->lone && m->conflict >= CONFLICT_ALONE &&
		       m->conflict > m->part + CONFLICT_MARGIN;
	/* cells of a row are told apart by their columns */
	return m->rival >= CONFLICT_NEAR && !are_of_row(in, m) &&
	       m->rival > m->same + CONFLICT_MARGIN &&
	       !(c->both && is_asked_rather(in, m->agrees, m->other)) &&
	       is_of_another(in, number, m->agrees);
}

static void find_number(struct kb_comparison *out, enum kb_finding_kind kind,
			const struct kb_compare_input *in, struct kb_str text,
			size_t source)
{
	const struct kb_quantity *s = &in->evidence->quantities[source];
	uint32_t at = in->evidence->quantity_at[source].sentence;

	kb_compare_find(
	    out, kind, text,
	    kb_compare_slice(in->evidence, at, s->num_start, s->num_end),
	    in->evidence->sentences[at].hit);
}

/* Is what the one is said of, in the source, said of the other's value, and the
 * other way round? */
static bool are_exchanged(const struct kb_compare_input *in, size_t a,
			  const struct kb_number_match *one, size_t b,
			  const struct kb_number_match *other)
{
	const struct kb_quantity *q = in->claim->quantities;
	const struct kb_quantity *e = in->evidence->quantities;

	return one->same >= 0 && other->same >= 0 &&
	       one->rival > one->same + CONFLICT_MARGIN &&
	       other->rival > other->same + CONFLICT_MARGIN &&
	       kb_quantity_compare(&q[a], &e[other->other]) == KB_AGREE_SAME &&
	       kb_quantity_compare(&q[b], &e[one->other]) == KB_AGREE_SAME;
}

/* "15 euros an hour" for "15 euros a day". */
static bool is_at_another_rate(const struct kb_compare_input *in, size_t number,
			       size_t quantity)
{
	const struct kb_prepared *ev = in->evidence;
	const struct kb_prepared_sentence *s =
	    &ev->sentences[ev->quantity_at[quantity].sentence];
	enum kb_rate mine, theirs;

	if (in->claim->quantities[number].dim != KB_DIM_MONEY || s->title ||
	    s->hit >= ev->n_texts)
		return false;
	mine = kb_rate_of(in->claim->texts[0], &in->claim->quantities[number]);
	theirs = kb_rate_of(ev->texts[s->hit], &ev->quantities[quantity]);
	return mine && theirs && mine != theirs;
}

/* Half of a range of the claim's passage is not made whole by the same number
 * in another one, which is of another thing. */
static bool is_half(const struct kb_number_match *m)
{
	return !m->home_same && m->home_part >= 0;
}

/* Has the claim's passage the number with another unit, and not with this one,
 * 7 grams for 7 kilograms? Another passage is of another thing. */
static bool is_in_another_unit(const struct kb_compare_input *in, size_t number,
			       uint32_t home, size_t *source)
{
	const struct kb_prepared *ev = in->evidence;
	const struct kb_quantity *q = &in->claim->quantities[number];
	bool found = false;

	if (!kb_quantity_is_measured(q) ||
	    !kb_compare_visit(in, ev->n_quantities * KB_QUANTITY_VISITS))
		return false;
	for (size_t i = 0; i < ev->n_quantities; i++) {
		const struct kb_quantity *e = &ev->quantities[i];
		uint32_t at = ev->quantity_at[i].sentence;

		if (ev->sentences[at].hit != home ||
		    !kb_compare_allowed(in, at))
			continue;
		switch (kb_quantity_compare(q, e)) {
		case KB_AGREE_UNRELATED:
		case KB_AGREE_CONFLICT:
		case KB_AGREE_INSIDE:
			break;
		default:
			return false;
		}
		if (found || !kb_quantity_is_measured(e) ||
		    fabs(q->said - e->said) > fabs(q->said) * 1e-6)
			continue;
		found = true;
		*source = i;
	}
	return found;
}

/* How far it is supported, 0 to 1. before: the match of the number before. */
static double compare_number(const struct kb_compare_input *in, size_t i,
			     struct kb_number_match *before,
			     struct kb_comparison *out)
{
	const struct kb_prepared *claim = in->claim;
	const struct kb_quantity *q = &claim->quantities[i];
	struct kb_str text = claim_slice(claim, q->num_start, q->num_end);
	struct kb_number_context c;
	struct kb_number_match m, last = *before;
	size_t other = 0;

	kb_number_context(in, i, &c);
	*before = m = kb_number_match(in, i, &c, out->hit);
	if (is_conflict(in, i, &c, &m) ||
	    (i && are_exchanged(in, i, &m, i - 1, &last))) {
		if (!kb_number_in_question(in, q))
			find_number(out, KB_FIND_NUMBER_CONFLICT, in, text,
				    m.same < 0 ? m.source : m.other);
		return 0;
	}
	if (!kb_number_in_question(in, q) &&
	    is_in_another_unit(in, i, out->hit, &other)) {
		find_number(out, KB_FIND_NUMBER_CONFLICT, in, text, other);
		return 0;
	}
	if (m.same >= 0 && m.same >= m.part && !is_half(&m)) {
		if (!is_at_another_rate(in, i, m.agrees))
			return 1;
		find_number(out, KB_FIND_NUMBER_CONFLICT, in, text, m.agrees);
		return 0;
	}
	if (kb_number_in_question(in, q))
		return REPEATED_NUMBER;
	if (m.part >= 0 && kb_number_is_its_end(in, i, m.whole))
		return 1;
	if (m.part >= 0)
		find_number(out, KB_FIND_NUMBER_PART, in, text, m.whole);
	else
		kb_compare_find(out, KB_FIND_NUMBER_MISSING, text,
				(struct kb_str){"", 0}, 0);
	return 0;
}

void kb_compare_numbers(const struct kb_compare_input *in,
			struct kb_comparison *out)
{
	size_t n = in->claim->n_quantities, all = 0;
	struct kb_number_match before = {-1, -1, -1, -1,    0,	  0,
					 0,  0,	 -1, false, false};
	double agreed = 0;

	for (size_t i = 0; i < n && !kb_comparer_spent(in->comparer); i++) {
		if (in->claim->quantities[i].article)
			continue;
		agreed += compare_number(in, i, &before, out);
		all++;
	}
	if (all)
		out->f[KB_F_NUMBERS] = agreed / (double)all;
}
