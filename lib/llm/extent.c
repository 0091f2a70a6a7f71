#include "llm/extent.h"

#include <assert.h>
#include <math.h>

#include "answer/cues.h"
#include "llm/compose_weights.h"

const char *const kb_extent_features[KB_EXTENT_FEATURES] = {
    [KB_EXTENT_GAP] = "gap",
    [KB_EXTENT_NEXT] = "next",
    [KB_EXTENT_PREVIOUS] = "previous",
    [KB_EXTENT_FAR] = "far",
    [KB_EXTENT_NEXT_REFERS] = "next_refers",
    [KB_EXTENT_PREVIOUS_WANTED] = "previous_wanted",
    [KB_EXTENT_MEASURE] = "measure",
    [KB_EXTENT_JOINED] = "joined",
    [KB_EXTENT_SECOND] = "second",
    [KB_EXTENT_MANY] = "many",
    [KB_EXTENT_NEXT_MANY] = "next_many",
    [KB_EXTENT_QUESTION] = "question",
};

/* Does the question ask for what takes more than one value? */
static bool asks_for_many(const struct kb_form *q)
{
	static const char *const cues[] = {
	    "哪些", "哪几",  "哪两",	 "哪三",     "什么是",	  "是什么",
	    "有何", "分别",  "特点",	 "特征",     "步骤",	  "流程",
	    "list", "steps", "types of", "what are", "which are", "name the"};

	if (q->kind == KB_WANTED_WHY || q->kind == KB_WANTED_HOW)
		return true;
	for (size_t i = 0; i < sizeof(cues) / sizeof(*cues); i++)
		if (kb_cue_in(&q->cues, cues[i]))
			return true;
	return false;
}

/* ---- prose ---- */

/* How many sentences of its passage, the best aside, score higher. */
static size_t rank_of(const struct kb_reading *r, size_t best, size_t at)
{
	size_t rank = 0;

	for (size_t k = at;
	     k-- > 0 && r->sentences[k].hit == r->sentences[at].hit;)
		rank += k != best &&
			r->sentences[k].score >= r->sentences[at].score;
	for (size_t k = at + 1;
	     k < r->n_sentences && r->sentences[k].hit == r->sentences[at].hit;
	     k++)
		rank +=
		    k != best && r->sentences[k].score > r->sentences[at].score;
	return rank;
}

static bool is_joined(const struct kb_reading *r, size_t from, size_t to)
{
	for (; from < to; from++)
		if (r->sentences[from].ends)
			return false;
	return true;
}

/* Do both stand under the same line, or one in the item that the other
 * begins? */
static bool are_together(const struct kb_reading *r, size_t a, size_t b)
{
	const struct kb_reading_sentence *s = &r->sentences[a];
	const struct kb_reading_sentence *t = &r->sentences[b];

	return s->hit == t->hit &&
	       (s->under == t->under ||
		(s->under == (long)b && t->kind == KB_LAYOUT_ITEM) ||
		(t->under == (long)a && s->kind == KB_LAYOUT_ITEM));
}

bool kb_extent_measure(const struct kb_reading *r, size_t best, size_t at,
		       double f[KB_EXTENT_FEATURES])
{
	const struct kb_reading_sentence *b = &r->sentences[best];
	const struct kb_reading_sentence *s = &r->sentences[at];
	size_t away = at > best ? at - best : best - at, rank;
	bool next = at == best + 1, previous = at + 1 == best;
	bool many = asks_for_many(&r->question);

	memset(f, 0, KB_EXTENT_FEATURES * sizeof(*f));
	if (at == best || !are_together(r, at, best) ||
	    kb_layout_is_head(s->kind))
		return false;
	rank = rank_of(r, best, at);
	if (away > EXTENT_AWAY && rank >= EXTENT_RANK)
		return false;
	f[KB_EXTENT_GAP] = fmin(b->score - s->score, EXTENT_GAP_MOST);
	f[KB_EXTENT_NEXT] = next;
	f[KB_EXTENT_PREVIOUS] = previous;
	f[KB_EXTENT_FAR] = away > 2;
	f[KB_EXTENT_NEXT_REFERS] = next && s->refers;
	f[KB_EXTENT_PREVIOUS_WANTED] = previous && b->refers;
	f[KB_EXTENT_MEASURE] =
	    s->features[KB_SENTENCE_MEASURE] - b->features[KB_SENTENCE_MEASURE];
	f[KB_EXTENT_JOINED] =
	    at < best ? is_joined(r, at, best) : is_joined(r, best, at);
	f[KB_EXTENT_SECOND] = rank == 0;
	f[KB_EXTENT_MANY] = many;
	f[KB_EXTENT_NEXT_MANY] = next && many;
	f[KB_EXTENT_QUESTION] = s->features[KB_SENTENCE_QUESTION];
	return true;
}

static void add(struct kb_extent *out, size_t item)
{
	size_t k = out->n++;

	assert(out->n <= KB_EXTENT_MAX);
	for (; k > 0 && out->items[k - 1] > item; k--)
		out->items[k] = out->items[k - 1];
	out->items[k] = item;
}

/* Is sentence number 'at' among them? */
static bool has(const struct kb_extent *extent, size_t at)
{
	for (size_t i = 0; i < extent->n; i++)
		if (extent->items[i] == at)
			return true;
	return false;
}

/* A sentence between two that are told is told, too: what stands apart in the
 * passage does not stand side by side in the answer. */
static void fill_gaps(const struct kb_reading *r, struct kb_extent *out)
{
	for (size_t i = 0; i + 1 < out->n && out->n < KB_EXTENT_MAX; i++) {
		size_t between = out->items[i] + 1;

		if (out->items[i + 1] == between + 1 && !has(out, between) &&
		    !kb_layout_is_head(r->sentences[between].kind))
			add(out, between);
	}
}

static void extend_prose(const struct kb_linear *model,
			 const struct kb_reading *r, size_t best,
			 struct kb_extent *out)
{
	struct {
		double p;
		size_t at;
	} more[KB_EXTENT_MANY_PROSE] = {0}; /* the surest first; one to spare */
	bool many = asks_for_many(&r->question);
	double least = many ? EXTENT_LEAST_MANY : EXTENT_LEAST;
	size_t most = many ? KB_EXTENT_MANY_PROSE : KB_EXTENT_PROSE;
	double f[KB_EXTENT_FEATURES];

	for (size_t k = 0; k < r->n_sentences; k++) {
		size_t i = most - 1;
		double p;

		if (!kb_extent_measure(r, best, k, f))
			continue;
		p = kb_linear_score(model, f);
		if (!(p >= least))
			continue;
		for (; i > 0 && more[i - 1].p < p; i--)
			more[i] = more[i - 1];
		more[i].p = p;
		more[i].at = k;
	}
	for (size_t i = 0; i + 1 < most && more[i].p > 0; i++)
		add(out, more[i].at);
	fill_gaps(r, out);
}

/* ---- lists ---- */

static bool is_listed(enum kb_layout_kind kind)
{
	return kind == KB_LAYOUT_ITEM || kind == KB_LAYOUT_CODE;
}

/* Does sentence number 'at' stand under 'top', at whatever depth? */
static bool stands_under(const struct kb_reading *r, size_t at, long top)
{
	long up = r->sentences[at].under;

	while (up >= 0 && up != top)
		up = r->sentences[up].under;
	return up == top;
}

/* Add what stands under sentence number 'top' from 'from' on, as long as it is
 * no heading and there is room. */
static void add_under(const struct kb_reading *r, long top, size_t from,
		      struct kb_extent *out)
{
	size_t bytes = 0;

	for (size_t k = from; k < r->n_sentences && out->n < KB_EXTENT_MAX;
	     k++) {
		const struct kb_reading_sentence *s = &r->sentences[k];

		if (s->hit != r->sentences[from].hit ||
		    !stands_under(r, k, top) || s->kind == KB_LAYOUT_HEADING ||
		    (bytes += s->text.len) > LIST_BYTES)
			break;
		add(out, k);
	}
}

/* The whole list that the best sentence is an item of. */
static void extend_list(const struct kb_reading *r, size_t best,
			struct kb_extent *out)
{
	const struct kb_reading_sentence *b = &r->sentences[best];
	size_t first = best;

	while (first > 0 && r->sentences[first - 1].hit == b->hit &&
	       stands_under(r, first - 1, b->under) &&
	       (is_listed(r->sentences[first - 1].kind) ||
		r->sentences[first - 1].under != b->under))
		first--;
	out->n = 0;
	if (b->under >= 0 && r->sentences[b->under].kind == KB_LAYOUT_LEAD &&
	    r->sentences[b->under].features[KB_SENTENCE_QUESTION] == 0)
		add(out, (size_t)b->under);
	for (size_t k = first, bytes = 0;
	     k < r->n_sentences && out->n < KB_EXTENT_MAX; k++) {
		const struct kb_reading_sentence *s = &r->sentences[k];

		if (s->hit != b->hit || !stands_under(r, k, b->under) ||
		    (s->under == b->under && !is_listed(s->kind)))
			break;
		bytes += s->text.len;
		if (bytes > LIST_BYTES && k > best)
			break;
		add(out, k);
	}
}

void kb_extent_choose(const struct kb_linear *model, const struct kb_reading *r,
		      size_t best, struct kb_extent *out)
{
	const struct kb_reading_sentence *b = &r->sentences[best];
	bool led;

	assert(best < r->n_sentences);
	led = b->under >= 0 && r->sentences[b->under].kind == KB_LAYOUT_LEAD;
	*out = (struct kb_extent){.items = {best}, .n = 1};
	if ((kb_layout_is_head(b->kind) && b->kind != KB_LAYOUT_HEADER) ||
	    (b->is_option && b->kind == KB_LAYOUT_ITEM)) /* not all of them */
		add_under(r, (long)best, best + 1, out);
	else if (is_listed(b->kind) && (led || asks_for_many(&r->question)))
		extend_list(r, best, out);
	else if (b->kind != KB_LAYOUT_ROW)
		extend_prose(model, r, best, out);
}
