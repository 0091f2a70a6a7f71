/*
 * Numbers of a claim. A number is checked with its
 * neighbours: the right number beside the wrong thing is as wrong as a new
 * one (fact-check measurements: coverage is blind to swapped numbers).
 */
#include <math.h>

#include "answer/cues.h"
#include "answer/range_end.h"
#include "answer/rate.h"
#include "evidence/compare.h"
#include "evidence/compare_weights.h"
#include "evidence/cover.h"
#include "evidence/gaps.h"
#include "passage/clause.h"
#include "passage/token_weights.h"
#include "text/fold.h"

#define CONTEXT_MAX 32 /* tokens of a context that are looked for */

struct context {
	uint64_t keys[CONTEXT_MAX];
	float weights[CONTEXT_MAX];
	size_t n;
	float total;
	bool asked, both; /* the question says what it is about, alone or too */
};

static void add_context(struct context *c, const struct kb_prepared *ev,
			size_t from, size_t to)
{
	for (size_t i = from; i < to && c->n < CONTEXT_MAX; i++) {
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

/* What a quantity of the claim is about. A bare answer ("7天") is about
 * what the question asks. */
static void claim_context(const struct kb_compare_input *in, size_t quantity,
			  struct context *c)
{
	size_t from, to;

	c->n = 0;
	c->total = 0;
	c->asked = true;
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
		      const struct context *c)
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

static struct kb_str claim_slice(const struct kb_prepared *claim,
				 uint32_t start, uint32_t end)
{
	return (struct kb_str){claim->texts[0].ptr + start, end - start};
}

/* Best context overlaps, -1 for none, and the quantities of those. A rival is
 * a conflict in the same unit. */
struct match {
	double same, conflict, rival, part;
	size_t agrees, source, other, whole;
	double home_part; /* in the claim's passage */
	bool home_same;
	bool lone; /* the part is an end of a range of two dates */
};

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
			    const struct context *c, size_t k)
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
		     const struct context *c, size_t quantity, uint32_t home)
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

/* Is the quantity said in the question? Then it is no news. */
static bool in_question(const struct kb_compare_input *in,
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

/* Is the number the end of a range that the question asks for, or that the
 * claim says it is: "runs until 30 November"? What is asked for decides. */
static bool is_its_end(const struct kb_compare_input *in, size_t number,
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
		return !is_its_end(in, number, quantity);
	return side && kb_range_side(in->claim, number) != side &&
	       !is_its_end(in, number, quantity);
}

/* home: the passage of the claim's best place. */
static struct match match_quantity(const struct kb_compare_input *in,
				   size_t number, const struct context *c,
				   uint32_t home)
{
	const struct kb_quantity *q = &in->claim->quantities[number];
	const struct kb_prepared *ev = in->evidence;
	struct match m = {-1, -1, -1, -1, 0, 0, 0, 0, -1, false, false};

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
		      (c->both && in_question(in, &ev->quantities[i])))))
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

static bool are_of_row(const struct kb_compare_input *in, const struct match *m)
{
	const struct kb_place *at = in->evidence->quantity_at;

	return at[m->agrees].sentence == at[m->other].sentence &&
	       kb_clause_is_row(in->evidence, at[m->agrees].sentence);
}

static bool is_conflict(const struct kb_compare_input *in, size_t number,
			const struct context *c, const struct match *m)
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
			  const struct match *one, size_t b,
			  const struct match *other)
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
static bool is_half(const struct match *m)
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
			     struct match *before, struct kb_comparison *out)
{
	const struct kb_prepared *claim = in->claim;
	const struct kb_quantity *q = &claim->quantities[i];
	struct kb_str text = claim_slice(claim, q->num_start, q->num_end);
	struct context c;
	struct match m, last = *before;
	size_t other = 0;

	claim_context(in, i, &c);
	*before = m = match_quantity(in, i, &c, out->hit);
	if (is_conflict(in, i, &c, &m) ||
	    (i && are_exchanged(in, i, &m, i - 1, &last))) {
		if (!in_question(in, q))
			find_number(out, KB_FIND_NUMBER_CONFLICT, in, text,
				    m.same < 0 ? m.source : m.other);
		return 0;
	}
	if (!in_question(in, q) &&
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
	if (in_question(in, q))
		return REPEATED_NUMBER;
	if (m.part >= 0 && is_its_end(in, i, m.whole))
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
	struct match before = {-1, -1, -1, -1, 0, 0, 0, 0, -1, false, false};
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
