/*
 * Numbers, names and polarity of a claim. A number is checked with its
 * neighbours: the right number beside the wrong thing is as wrong as a new
 * one (fact-check measurements: coverage is blind to swapped numbers).
 */
#include "text/entity.h"
#include "verify/check_weights.h"
#include "verify/compare.h"

#define CONTEXT_MAX 32 /* tokens of a context that are looked for */

/* What comparing two quantities and their contexts costs, in visits. */
#define QUANTITY_VISITS 8

struct context {
	uint64_t keys[CONTEXT_MAX];
	float weights[CONTEXT_MAX];
	size_t n;
	float total;
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

/* The tokens around a place, in its sentence and not in it. */
static void neighbours(const struct kb_prepared *ev, struct kb_place at,
		       size_t near, size_t *from, size_t *to)
{
	const struct kb_prepared_sentence *s = &ev->sentences[at.sentence];

	*from = at.token > s->first + near ? at.token - near : s->first;
	*to = at.after + near;
	if (*to > s->first + s->n)
		*to = s->first + s->n;
}

/* What a quantity of the claim is about. A bare answer ("7天") is about
 * what the question asks. */
static void claim_context(const struct kb_compare_input *in, struct kb_place at,
			  struct context *c)
{
	size_t from, to;

	c->n = 0;
	c->total = 0;
	neighbours(in->claim, at, NEAR_CLAIM, &from, &to);
	add_context(c, in->claim, from, at.token);
	add_context(c, in->claim, at.after, to);
	if (c->total < BARE_CONTEXT && in->question) {
		kb_compare_visit(in, in->question->n_tokens);
		add_context(c, in->question, 0, in->question->n_tokens);
	}
}

/* Share of the context that stands near a place of the evidence. */
static double overlap(const struct kb_prepared *ev, struct kb_place at,
		      const struct context *c)
{
	float found = 0;
	size_t from, to;

	if (c->total <= 0)
		return 0;
	neighbours(ev, at, NEAR_SOURCE, &from, &to);
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

static void add_finding(struct kb_comparison *out, enum kb_finding_kind kind,
			struct kb_str claim, struct kb_str source, uint32_t hit)
{
	if (kind == KB_FIND_NUMBER_CONFLICT || kind == KB_FIND_POLARITY)
		out->contradicted = true;
	if (out->n_findings == KB_FINDINGS_MAX)
		return;
	out->findings[out->n_findings++] =
	    (struct kb_finding){kind, claim, source, hit};
}

/* Passages that only have a title, or none left, have no text. */
static struct kb_str slice(const struct kb_prepared *ev, uint32_t sentence,
			   uint32_t start, uint32_t end)
{
	const struct kb_prepared_sentence *s = &ev->sentences[sentence];

	if (s->title || s->hit >= ev->n_texts)
		return (struct kb_str){"", 0};
	return (struct kb_str){ev->texts[s->hit].ptr + start, end - start};
}

static struct kb_str claim_slice(const struct kb_prepared *claim,
				 uint32_t start, uint32_t end)
{
	return (struct kb_str){claim->texts[0].ptr + start, end - start};
}

struct match {
	double same, conflict; /* best context overlap, -1 for none */
	size_t source;	       /* of the conflict */
};

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

static bool counts_the_same(const struct kb_prepared *claim, size_t i,
			    const struct kb_prepared *ev, size_t k)
{
	if (claim->quantities[i].dim != KB_DIM_NUMBER &&
	    ev->quantities[k].dim != KB_DIM_NUMBER)
		return true;
	return counted(claim, claim->quantity_at[i]) ==
	       counted(ev, ev->quantity_at[k]);
}

static struct match match_quantity(const struct kb_compare_input *in,
				   size_t number, const struct context *c)
{
	const struct kb_quantity *q = &in->claim->quantities[number];
	const struct kb_prepared *ev = in->evidence;
	struct match m = {-1, -1, 0};

	kb_compare_visit(in, ev->n_quantities * QUANTITY_VISITS);
	for (size_t i = 0; i < ev->n_quantities; i++) {
		enum kb_agreement a;
		double near;

		if (!kb_compare_allowed(in, ev->quantity_at[i].sentence))
			continue;
		a = kb_quantity_compare(q, &ev->quantities[i]);
		if (a == KB_AGREE_UNRELATED)
			continue;
		near = overlap(ev, ev->quantity_at[i], c);
		if (a == KB_AGREE_CONFLICT) {
			if (near > m.conflict &&
			    counts_the_same(in->claim, number, ev, i)) {
				m.conflict = near;
				m.source = i;
			}
		} else if (near > m.same) {
			m.same = near;
		}
	}
	return m;
}

/* Is the quantity said in the question? Then the claim only repeats it. */
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

void kb_compare_numbers(const struct kb_compare_input *in,
			struct kb_comparison *out)
{
	const struct kb_prepared *claim = in->claim, *ev = in->evidence;
	double agreed = 0;

	for (size_t i = 0;
	     i < claim->n_quantities && !kb_comparer_spent(in->comparer); i++) {
		const struct kb_quantity *q = &claim->quantities[i];
		struct kb_str text =
		    claim_slice(claim, q->num_start, q->num_end);
		struct context c;
		struct match m;

		claim_context(in, claim->quantity_at[i], &c);
		m = match_quantity(in, i, &c);
		if (m.conflict >=
			(m.same < 0 ? CONFLICT_ALONE : CONFLICT_NEAR) &&
		    m.conflict > m.same + CONFLICT_MARGIN) {
			const struct kb_quantity *s = &ev->quantities[m.source];
			uint32_t at = ev->quantity_at[m.source].sentence;

			if (in_question(in, q))
				continue;
			add_finding(out, KB_FIND_NUMBER_CONFLICT, text,
				    slice(ev, at, s->num_start, s->num_end),
				    ev->sentences[at].hit);
		} else if (m.same >= 0) {
			agreed += 1;
		} else if (in_question(in, q)) {
			agreed += REPEATED_NUMBER;
		} else {
			add_finding(out, KB_FIND_NUMBER_MISSING, text,
				    (struct kb_str){"", 0}, 0);
		}
	}
	if (claim->n_quantities)
		out->f[KB_F_NUMBERS] = agreed / (double)claim->n_quantities;
}

static bool occurs(const struct kb_compare_input *in, uint64_t key)
{
	const struct kb_occurrence *o = kb_prepared_find(in->evidence, key);

	for (; o; o = kb_prepared_next(in->evidence, o)) {
		if (kb_compare_allowed(in,
				       in->evidence->tokens[o->token].sentence))
			return true;
		kb_compare_visit(in, 1);
	}
	return in->question && kb_prepared_find(in->question, key);
}

void kb_compare_entities(const struct kb_compare_input *in,
			 struct kb_comparison *out)
{
	const struct kb_prepared *claim = in->claim;
	struct kb_str text = claim->texts[0];
	struct kb_entities e = {0};
	size_t all = 0, found = 0, t = 0;

	kb_entities_find(&e, text.ptr, text.len);
	for (size_t i = 0; i < e.n; i++) {
		const struct kb_entity *it = &e.items[i];
		bool here = true;

		if (it->weak)
			continue;
		while (t < claim->n_tokens && claim->tokens[t].end <= it->start)
			t++;
		for (size_t k = t;
		     k < claim->n_tokens && claim->tokens[k].start < it->end;
		     k++)
			if (claim->tokens[k].weight >= TOKEN_CONTENT)
				here &= occurs(in, claim->tokens[k].key);
		all++;
		found += here;
		if (!here)
			add_finding(out, KB_FIND_ENTITY_MISSING,
				    claim_slice(claim, it->start, it->end),
				    (struct kb_str){"", 0}, 0);
	}
	kb_entities_release(&e);
	if (all)
		out->f[KB_F_ENTITIES] = (double)found / (double)all;
}

/* ---- polarity ---- */

struct range {
	size_t from, to;
};

/* The words of polarity of a sentence: they ascend. */
static struct range polars_of(const struct kb_prepared *ev, uint32_t sentence)
{
	size_t low = 0, high = ev->n_polars;
	struct range r;

	while (low < high) {
		size_t mid = low + (high - low) / 2;

		if (ev->polar_at[mid].sentence < sentence)
			low = mid + 1;
		else
			high = mid;
	}
	r = (struct range){low, low};
	while (r.to < ev->n_polars && ev->polar_at[r.to].sentence == sentence)
		r.to++;
	return r;
}

/* Is token 'at' denied: a negation of its sentence within NEAR_DENIAL
 * tokens before? 'polars' are those of the sentence. */
static bool is_denied(const struct kb_prepared *ev, struct range polars,
		      size_t at)
{
	size_t low = polars.from, high = polars.to;

	/* the first that ends beyond the token; those before it are near */
	while (low < high) {
		size_t mid = low + (high - low) / 2;

		if (ev->polar_at[mid].after <= at)
			low = mid + 1;
		else
			high = mid;
	}
	for (; low > polars.from &&
	       at - ev->polar_at[low - 1].after <= NEAR_DENIAL;
	     low--)
		if (ev->polars[low - 1].group == KB_POLAR_NEGATION)
			return true;
	return false;
}

/* The first content token behind a negation, or n_tokens. */
static size_t denied_head(const struct kb_prepared *ev, size_t polar)
{
	struct kb_place at = ev->polar_at[polar];
	const struct kb_prepared_sentence *s = &ev->sentences[at.sentence];

	for (size_t i = at.after;
	     i < s->first + s->n && i <= at.after + NEAR_DENIAL; i++)
		if (ev->tokens[i].weight >= TOKEN_CONTENT)
			return i;
	return ev->n_tokens;
}

/*
 * A negation of 'from' whose head stands undenied in sentence 'there' of
 * 'to'. Both ways round are asked: what is added and what is dropped.
 */
static bool denial_differs(const struct kb_compare_input *in,
			   const struct kb_prepared *from, uint32_t here,
			   const struct kb_prepared *to, uint32_t there,
			   size_t *which)
{
	const struct kb_prepared_sentence *s = &to->sentences[there];
	struct range mine = polars_of(from, here),
		     theirs = polars_of(to, there);

	for (size_t i = mine.from; i < mine.to; i++) {
		bool plain = false, denied = false;
		size_t head;

		if (from->polars[i].group != KB_POLAR_NEGATION)
			continue;
		head = denied_head(from, i);
		if (head == from->n_tokens)
			continue;
		if (!kb_compare_visit(in, s->n))
			return false;
		for (size_t k = s->first; k < s->first + s->n; k++) {
			if (to->tokens[k].key != from->tokens[head].key)
				continue;
			if (is_denied(to, theirs, k))
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

/* The sides of a group in a sentence, as a set: bit side + 1. */
static unsigned sides(const struct kb_prepared *ev, struct range polars,
		      unsigned group)
{
	unsigned set = 0;

	for (size_t i = polars.from; i < polars.to; i++)
		if (ev->polars[i].group == group)
			set |= 1u << (ev->polars[i].side + 1);
	return set;
}

static bool side_differs(const struct kb_compare_input *in, uint32_t best,
			 size_t *which)
{
	const struct kb_prepared *claim = in->claim, *ev = in->evidence;
	struct range theirs = polars_of(ev, best);

	for (size_t i = 0; i < claim->n_polars; i++) {
		unsigned group = claim->polars[i].group, here, there;
		struct range mine;

		if (group == KB_POLAR_NEGATION)
			continue;
		mine = polars_of(claim, claim->polar_at[i].sentence);
		if (!kb_compare_visit(in, mine.to - mine.from + theirs.to -
					      theirs.from))
			return false;
		here = sides(claim, mine, group);
		there = sides(ev, theirs, group);
		if (!there || here & there)
			continue;
		*which = i;
		return true;
	}
	return false;
}

void kb_compare_polarity(const struct kb_compare_input *in, uint32_t best,
			 double coverage, struct kb_comparison *out)
{
	const struct kb_prepared *claim = in->claim, *ev = in->evidence;
	struct kb_str source = {"", 0}, text = {"", 0};
	uint32_t hit = ev->sentences[best].hit;
	size_t which;
	bool found = false;

	/* sentences that do not speak of the same thing prove nothing */
	if (coverage < OPPOSITE_COVER)
		return;
	if (side_differs(in, best, &which) ||
	    (coverage >= DENIAL_COVER &&
	     denial_differs(in, claim, 0, ev, best, &which))) {
		text = claim_slice(claim, claim->polars[which].start,
				   claim->polars[which].end);
		found = true;
	} else if (coverage >= DENIED_COVER &&
		   denial_differs(in, ev, best, claim, 0, &which)) {
		source = slice(ev, best, ev->polars[which].start,
			       ev->polars[which].end);
		found = true;
	}
	if (!found)
		return;
	out->f[KB_F_POLARITY] = 0;
	add_finding(out, KB_FIND_POLARITY, text, source, hit);
}
