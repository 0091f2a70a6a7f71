#include "evidence/number_match.h"

#include <math.h>

#include "answer/cues.h"
#include "answer/range_end.h"
#include "evidence/compare_weights.h"
#include "evidence/cover.h"
#include "evidence/gaps.h"
#include "passage/clause.h"
#include "passage/token_weights.h"
#include "relevance/lacking.h"
#include "text/fold.h"

static void add_context(struct kb_number_context *c,
			const struct kb_prepared *ev, size_t from, size_t to)
{
	for (size_t i = from; i < to && c->n < KB_NUMBER_CONTEXT; i++) {
		if (ev->tokens[i].weight < TOKEN_CONTENT)
			continue;
		c->keys[c->n] = ev->tokens[i].key;
		c->weights[c->n++] = ev->tokens[i].weight;
		c->total += ev->tokens[i].weight;
	}
}

/* The tokens around a quantity, of those that it is said of. */
static void neighbours(const struct kb_prepared *ev, size_t quantity,
		       size_t near, size_t *from, size_t *to)
{
	struct kb_place at = ev->quantity_at[quantity];
	struct kb_tokens about = ev->quantity_about[quantity];

	*from = at.token > about.from + near ? at.token - near : about.from;
	*to = at.after + near;
	if (*to > about.to)
		*to = about.to;
}

/* Of "24 months (two years)" one is not what the other is about. Is the token
 * part of the same quantity? */
static bool says_the_same(const struct kb_prepared *claim, size_t quantity,
			  size_t token)
{
	const struct kb_place *at = claim->quantity_at;
	size_t i = quantity;

	/* they stand in the order of the text, and this one is near */
	while (i && at[i - 1].after > token)
		i--;
	while (i + 1 < claim->n_quantities && at[i].after <= token)
		i++;
	return token >= at[i].token && token < at[i].after &&
	       kb_quantity_compare(&claim->quantities[quantity],
				   &claim->quantities[i]) == KB_AGREE_SAME;
}

/* Is it a word of the claim that only says what the title does? */
static bool is_told(const struct kb_compare_input *in, uint64_t key)
{
	const struct kb_occurrence *o = kb_prepared_find(in->claim, key);

	return o && kb_cover_is_told(in->comparer, o->token);
}

static bool is_bound(const struct kb_quantity *q)
{
	return q->hi > q->lo || q->cmp >= KB_CMP_LE;
}

/* Does the question say a value of this kind, so that a bound or range of such
 * values is a condition: "orders of $50 to $200" for a $150 order? */
static bool asks_of_case(const struct kb_compare_input *in,
			 const struct kb_quantity *q)
{
	const struct kb_prepared *ask = in->question;

	kb_compare_visit(in, ask ? ask->n_quantities : 0);
	for (size_t i = 0; ask && i < ask->n_quantities; i++) {
		const struct kb_quantity *a = &ask->quantities[i];

		if (a->dim == q->dim && a->unit == q->unit &&
		    a->dim != KB_DIM_NUMBER && !is_bound(a) &&
		    kb_quantity_compare(q, a) != KB_AGREE_SAME)
			return true;
	}
	return false;
}

void kb_number_context(const struct kb_compare_input *in, size_t quantity,
		       struct kb_number_context *c)
{
	size_t from, to;

	c->n = 0;
	c->total = 0;
	c->asked = true;
	c->cases = !is_bound(&in->claim->quantities[quantity]) &&
		   asks_of_case(in, &in->claim->quantities[quantity]);
	neighbours(in->claim, quantity, NEAR_CLAIM, &from, &to);
	for (size_t i = from; i < to; i++)
		if (kb_cover_is_told(in->comparer, (uint32_t)i))
			c->asked = false;
		else if (!says_the_same(in->claim, quantity, i))
			add_context(c, in->claim, i, i + 1);
	c->asked &= c->total < BARE_CONTEXT;
	c->both = c->total < BARE_CONTEXT && in->question;
	if (c->both) {
		kb_compare_visit(in, in->question->n_tokens);
		for (size_t i = 0; i < in->question->n_tokens; i++)
			if (!is_told(in, in->question->tokens[i].key) &&
			    !kb_cover_only_asks(in,
						in->question->tokens[i].key))
				add_context(c, in->question, i, i + 1);
	}
}

/* Share of the context that stands near a quantity of the evidence. */
static double overlap(const struct kb_prepared *ev, size_t quantity,
		      const struct kb_number_context *c)
{
	struct kb_place at = ev->quantity_at[quantity];
	float found = 0;
	size_t from, to;

	if (c->total <= 0)
		return 0;
	neighbours(ev, quantity, NEAR_SOURCE, &from, &to);
	for (size_t k = 0; k < c->n; k++) {
		for (size_t i = from; i < to; i++) {
			if (i == at.token)
				i = at.after;
			if (i >= to)
				break;
			if (ev->tokens[i].key != c->keys[k])
				continue;
			found += c->weights[k];
			break;
		}
	}
	return (double)(found / c->total);
}

static bool in_one_unit(const struct kb_quantity *a,
			const struct kb_quantity *b)
{
	double x = a->lo * b->said, y = b->lo * a->said;

	/* 9折 is 90 per cent and 95折 is 95 */
	if (a->dim == KB_DIM_DISCOUNT && b->dim == KB_DIM_DISCOUNT)
		return true;
	/* or of the same number in another unit, which is a slip */
	return fabs(x - y) <= fabs(x) * 1e-6 ||
	       fabs(a->said - b->said) <= fabs(a->said) * 1e-6;
}

/* Of "routes 15 and 207" each is one of them: do the two stand side by side in
 * the claim? */
static bool is_listed(const struct kb_compare_input *in, size_t i,
		      const struct kb_quantity *other)
{
	const struct kb_place *at = in->claim->quantity_at;
	size_t from = i, to = i;

	while (from && at[from].token <= at[from - 1].after + LISTED_TOKENS)
		from--;
	while (to + 1 < in->claim->n_quantities &&
	       at[to + 1].token <= at[to].after + LISTED_TOKENS)
		to++;
	if (!kb_compare_visit(in, (to - from) * KB_QUANTITY_VISITS))
		return false;
	for (size_t k = from; k <= to; k++)
		if (k != i && kb_quantity_compare(&in->claim->quantities[k],
						  other) == KB_AGREE_SAME)
			return true;
	return false;
}

/* The first token behind the place, or before it, that is content: what a
 * number without a unit counts. */
static uint64_t counted(const struct kb_prepared *ev, struct kb_place at)
{
	const struct kb_prepared_sentence *s = &ev->sentences[at.sentence];

	for (size_t i = at.after;
	     i < s->first + s->n && i < at.after + NEAR_COUNTED; i++)
		if (ev->tokens[i].weight >= TOKEN_CONTENT)
			return ev->tokens[i].key;
	for (size_t i = at.token; i > s->first && i + NEAR_COUNTED > at.token;
	     i--)
		if (ev->tokens[i - 1].weight >= TOKEN_CONTENT)
			return ev->tokens[i - 1].key;
	return 0;
}

/* A bare number counts what the question asks for; a unit says what it is. */
static bool counts_the_same(const struct kb_compare_input *in, size_t i,
			    const struct kb_number_context *c, size_t k)
{
	const struct kb_prepared *claim = in->claim, *ev = in->evidence;
	uint64_t mine = counted(claim, claim->quantity_at[i]);
	uint64_t its = counted(ev, ev->quantity_at[k]);

	return mine == its ||
	       (!mine && c->both && kb_prepared_find(in->question, its)) ||
	       (claim->quantities[i].dim && ev->quantities[k].dim);
}

/* A time of day right behind a date. */
static bool is_of_day(const struct kb_prepared *p, size_t i)
{
	return i && p->quantities[i].dim == KB_DIM_CLOCK &&
	       p->quantities[i - 1].dim == KB_DIM_DATE &&
	       p->quantity_at[i - 1].after == p->quantity_at[i].token &&
	       p->quantity_at[i - 1].sentence == p->quantity_at[i].sentence;
}

/* "24:00 of the 18th" is of the 18th, whatever else stands around it. */
static bool is_of_same_day(const struct kb_prepared *claim, size_t i,
			   const struct kb_prepared *ev, size_t k)
{
	return is_of_day(claim, i) && is_of_day(ev, k) &&
	       kb_quantity_compare(&claim->quantities[i - 1],
				   &ev->quantities[k - 1]) == KB_AGREE_SAME;
}

/* May a number of the evidence be the claim's, said rightly? One of another
 * passage is, where that was asked of, or the question says what it is about.
 */
static bool is_rival(const struct kb_compare_input *in, size_t number,
		     const struct kb_number_context *c, size_t quantity,
		     uint32_t home)
{
	const struct kb_prepared *ev = in->evidence;
	const bool *asked = in->comparer->asked_of;
	uint32_t hit = ev->sentences[ev->quantity_at[quantity].sentence].hit;

	return (hit == home || c->asked || (asked[hit] && !asked[home])) &&
	       in_one_unit(&in->claim->quantities[number],
			   &ev->quantities[quantity]) &&
	       !is_listed(in, number, &ev->quantities[quantity]);
}

/* 5 is no answer where it is "up to 12". */
static bool is_bound_of_another(const struct kb_quantity *q,
				const struct kb_quantity *source)
{
	return q->cmp == KB_CMP_EQ && source->cmp >= KB_CMP_LE &&
	       q->lo >= q->hi && source->lo >= source->hi &&
	       fabs(q->lo - source->lo) > fabs(q->lo) * 1e-9;
}

bool kb_number_in_question(const struct kb_compare_input *in,
			   const struct kb_quantity *q)
{
	const struct kb_prepared *ask = in->question;

	kb_compare_visit(in, ask ? ask->n_quantities : 0);
	for (size_t i = 0; ask && i < ask->n_quantities; i++)
		if (kb_quantity_compare(q, &ask->quantities[i]) ==
		    KB_AGREE_SAME)
			return true;
	return false;
}

bool kb_number_is_its_end(const struct kb_compare_input *in, size_t number,
			  size_t whole)
{
	const struct kb_quantity *q = &in->claim->quantities[number];
	const struct kb_quantity *range = &in->evidence->quantities[whole];
	const struct kb_form *asked = &in->comparer->relevance->form;
	int side = kb_range_side(in->evidence, whole);
	unsigned ends = asked->folded.len ? kb_range_ends(&asked->cues) : 0;

	if (!side)
		side =
		    fabs(q->lo - range->hi) < fabs(q->lo - range->lo) ? 1 : -1;
	if (!ends && q->dim == KB_DIM_DATE) {
		struct kb_cue_text said;

		kb_cue_text_init(&said, kb_text_fold(in->evidence->arena,
						     in->claim->texts[0]));
		ends = kb_range_ends(&said);
	}
	/* from when to when is more than either */
	return ends == (side > 0 ? KB_RANGE_HIGH : KB_RANGE_LOW);
}

/* A date that is one end of "the 3rd, 9:00, to the 5th, 18:00", of which the
 * claim has not the other, and not the one that is asked for; or nine o'clock
 * of "9:00-18:00" where it is asked when it closes. */
static bool is_lone_end(const struct kb_compare_input *in, size_t number,
			size_t quantity)
{
	const struct kb_quantity *q = &in->claim->quantities[number];
	const struct kb_quantity *range = &in->evidence->quantities[quantity];
	int side = 0;

	if (q->dim == KB_DIM_DATE)
		side = kb_range_side(in->evidence, quantity);
	else if (q->dim == KB_DIM_CLOCK && q->lo >= q->hi &&
		 range->lo < range->hi && in->question &&
		 kb_range_ends(&in->comparer->relevance->form.cues))
		return !kb_number_is_its_end(in, number, quantity);
	return side && kb_range_side(in->claim, number) != side &&
	       !kb_number_is_its_end(in, number, quantity);
}

/* Is a quantity of the evidence said of another case than the question's: $9.95
 * of "orders of $100 to $250 cost $9.95" where $80 are asked of? */
static bool is_of_other_case(const struct kb_compare_input *in, size_t quantity)
{
	const struct kb_prepared *ev = in->evidence;
	struct kb_tokens about = ev->quantity_about[quantity];
	uint32_t hit = ev->sentences[ev->quantity_at[quantity].sentence].hit;
	struct kb_str clause, asked;

	if (about.from >= about.to || hit >= ev->n_texts)
		return false;
	clause.ptr = ev->texts[hit].ptr + ev->tokens[about.from].start;
	clause.len =
	    ev->tokens[about.to - 1].end - ev->tokens[about.from].start;
	return kb_compare_visit(in, clause.len / VISIT_BYTES + 1) &&
	       kb_lacking_case(in->comparer->relevance, clause, in->claim,
			       &asked) == KB_CASE_OTHER;
}

struct kb_number_match kb_number_match(const struct kb_compare_input *in,
				       size_t number,
				       const struct kb_number_context *c,
				       uint32_t home)
{
	const struct kb_quantity *q = &in->claim->quantities[number];
	const struct kb_prepared *ev = in->evidence;
	struct kb_number_match m = {-1, -1, -1, -1,    0,    0,
				    0,	0,  -1, false, false};

	kb_compare_visit(in, ev->n_quantities * KB_QUANTITY_VISITS);
	for (size_t i = 0; i < ev->n_quantities; i++) {
		uint32_t at = ev->quantity_at[i].sentence;
		enum kb_agreement a;
		double near;

		if (!kb_compare_allowed(in, at))
			continue;
		a = kb_quantity_compare(q, &ev->quantities[i]);
		if (a == KB_AGREE_INSIDE && c->asked && c->both &&
		    is_bound_of_another(q, &ev->quantities[i]))
			a = KB_AGREE_CONFLICT;
		if (a == KB_AGREE_UNRELATED ||
		    (a == KB_AGREE_CONFLICT &&
		     (ev->quantities[i].article ||
		      (c->cases && (is_bound(&ev->quantities[i]) ||
				    is_of_other_case(in, i))) ||
		      (c->both &&
		       kb_number_in_question(in, &ev->quantities[i])))))
			continue;
		near = is_of_same_day(in->claim, number, ev, i)
			   ? 1
			   : overlap(ev, i, c);
		if (a == KB_AGREE_CONFLICT) {
			if (near <= m.rival ||
			    !counts_the_same(in, number, c, i))
				continue;
			if (near > m.conflict) {
				m.conflict = near;
				m.source = i;
			}
			if (is_rival(in, number, c, i, home)) {
				m.rival = near;
				m.other = i;
			}
		} else if (a == KB_AGREE_PART) {
			if (near > m.part) {
				m.part = near;
				m.whole = i;
			}
			if (ev->sentences[at].hit == home)
				m.home_part = fmax(m.home_part, near);
		} else if (is_lone_end(in, number, i)) {
			m.lone = true;
			if (near > m.part) {
				m.part = near;
				m.whole = i;
			}
		} else {
			if (near > m.same) {
				m.same = near;
				m.agrees = i;
			}
			m.home_same |= ev->sentences[at].hit == home;
		}
	}
	return m;
}
