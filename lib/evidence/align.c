#include "evidence/align.h"

#include <assert.h>
#include <string.h>

#include "evidence/compare_weights.h"
#include "passage/token_weights.h"

/* The table of the alignment: best score of the first i and k tokens, and of
 * those where the last two match. */
struct table {
	const struct kb_prepared_token *a, *b;
	uint32_t n, m;
	float *best, *match; /* one row each, m + 1 */
	unsigned char *step; /* (n + 1) * (m + 1) */
};

enum {
	STEP_UP = 1,	/* the claim's token stands in a gap */
	STEP_LEFT = 2,	/* the source's does */
	STEP_MATCH = 3, /* neither */
	STEP_RUN = 4,	/* a match right behind another one */
};

static bool has_key(const struct table *t, uint64_t key)
{
	bool found = false;

	for (uint32_t k = 0; k < t->m; k++)
		found |= t->b[k].key == key;
	return found;
}

/* One row: best and match are those of the row above and become its own. As
 * best grows along a row, a token that the source has not changes nothing. */
static void fill_row(struct table *t, uint32_t i)
{
	unsigned char *step = t->step + (size_t)i * (t->m + 1);
	uint64_t key = t->a[i - 1].key;
	float weight = t->a[i - 1].weight, best = t->best[0],
	      match = t->match[0];

	if (!has_key(t, key)) {
		memset(step + 1, STEP_UP, t->m);
		memset(t->match + 1, 0, t->m * sizeof(*t->match));
		return;
	}
	for (uint32_t k = 1; k <= t->m; k++) {
		float above = t->best[k], above_match = t->match[k];
		float now = above, run = 0;
		unsigned char s = STEP_UP;

		if (t->best[k - 1] > now) {
			now = t->best[k - 1];
			s = STEP_LEFT;
		}
		if (key == t->b[k - 1].key) {
			float fresh = best + weight;

			run = match > 0 ? match + weight + ALIGN_RUN : 0;
			s |= run > fresh ? STEP_RUN : 0;
			run = run > fresh ? run : fresh;
			if (run >= now) {
				now = run;
				s = (s & STEP_RUN) | STEP_MATCH;
			}
		}
		best = above;
		match = above_match;
		t->best[k] = now;
		t->match[k] = run;
		step[k] = s;
	}
}

/* Mark, from the end, the claim's tokens that match: at[i] = token of the
 * source + 1. */
static void trace(const struct table *t, uint32_t *at)
{
	uint32_t i = t->n, k = t->m;
	bool forced = false; /* inside a run: the match counts, best or not */

	while (i && k) {
		unsigned char s = t->step[(size_t)i * (t->m + 1) + k];

		if (forced || (s & 3) == STEP_MATCH) {
			at[i - 1] = k;
			forced = s & STEP_RUN;
			i--;
			k--;
		} else if ((s & 3) == STEP_LEFT) {
			k--;
		} else {
			i--;
		}
	}
}

/* A match that is only function words between two gaps says nothing: the gap
 * goes on over it. */
static void drop_islands(const struct table *t, uint32_t *at)
{
	uint32_t i = 0;

	while (i < t->n) {
		uint32_t from = i;
		float weight = 0;

		while (i < t->n && at[i] &&
		       (i == from || at[i] == at[i - 1] + 1))
			weight += t->a[i++].weight;
		if (i == from) {
			i++;
			continue;
		}
		if (weight < ALIGN_ANCHOR && from && i < t->n)
			memset(at + from, 0, (i - from) * sizeof(*at));
	}
}

static bool add_gap(struct kb_alignment *out, struct kb_align_gap gap)
{
	if (gap.claim == gap.claim_end && gap.source == gap.source_end)
		return true;
	if (out->n == KB_ALIGN_GAPS)
		return false;
	out->gaps[out->n++] = gap;
	return true;
}

static bool collect(const struct table *t, const uint32_t *at, uint32_t first,
		    struct kb_alignment *out)
{
	struct kb_align_gap gap = {0, 0, first, first};
	float all = 0, matched = 0;

	for (uint32_t i = 0; i < t->n; i++) {
		all += t->a[i].weight;
		if (!at[i])
			continue;
		matched += t->a[i].weight;
		if (t->a[i].weight < TOKEN_NUMBER)
			out->weight += (double)t->a[i].weight;
		gap.claim_end = i;
		gap.source_end = first + at[i] - 1;
		if (!add_gap(out, gap))
			return false;
		gap.claim = i + 1;
		gap.source = first + at[i];
	}
	gap.claim_end = t->n;
	gap.source_end = first + t->m;
	out->all = (double)all;
	out->matched = all > 0 ? (double)(matched / all) : 0;
	return add_gap(out, gap);
}

bool kb_align(const struct kb_prepared *claim, const struct kb_prepared *ev,
	      uint32_t sentence, struct kb_align_scratch *scratch,
	      struct kb_alignment *out)
{
	const struct kb_prepared_sentence *s = &ev->sentences[sentence];
	struct table t = {.a = claim->tokens,
			  .b = ev->tokens + s->first,
			  .n = (uint32_t)claim->n_tokens,
			  .m = s->n,
			  .best = scratch->best,
			  .match = scratch->match,
			  .step = scratch->step};

	assert(sentence < ev->n_sentences);
	*out = (struct kb_alignment){.n = 0};
	if (!t.n || !t.m || claim->n_tokens > KB_ALIGN_TOKENS ||
	    t.m > KB_ALIGN_TOKENS ||
	    (size_t)(t.n + 1) * (t.m + 1) > KB_ALIGN_CELLS)
		return false;
	memset(t.best, 0, (t.m + 1) * sizeof(*t.best));
	memset(t.match, 0, (t.m + 1) * sizeof(*t.match));
	memset(scratch->at, 0, t.n * sizeof(*scratch->at));
	for (uint32_t i = 1; i <= t.n; i++)
		fill_row(&t, i);
	trace(&t, scratch->at);
	drop_islands(&t, scratch->at);
	return collect(&t, scratch->at, s->first, out);
}
