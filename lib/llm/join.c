#include "llm/join.h"

#include <assert.h>
#include <math.h>

#include "answer/cues.h"
#include "llm/compose_weights.h"

/* Does the question ask twice: by two phrases of Chinese, or by one of English
 * behind an "and"? */
static bool asks_twice(const struct kb_form *q)
{
	static const char *const asking[] = {
	    "多少", "多久", "多长", "几", "哪",	  "什么", "怎么", "怎样",
	    "如何", "谁",   "何时", "吗", "是否", "能否", "为何"};
	static const char *const again[] = {
	    "and how",	"and what", "and where", "and when",	  "and who",
	    "and whom", "and why",  "and which", "and can",	  "and is",
	    "and are",	"and do",   "and does",	 "and will",	  "or how",
	    "or what",	"or where", "or when",	 "as well as how"};
	size_t n = 0;

	for (size_t i = 0; i < sizeof(again) / sizeof(*again); i++)
		if (kb_cue_in(&q->cues, again[i]))
			return true;
	for (size_t at = 0; at < q->folded.len; at++)
		for (size_t i = 0; i < sizeof(asking) / sizeof(*asking); i++)
			n += kb_starts(q->folded.ptr + at, q->folded.len - at,
				       asking[i]) > 0;
	return n > 1;
}

/* What of the question's words none of the parts covers, by weight. Returns
 * the sum. */
static double missing_of(const struct kb_reading *r, const struct kb_join *join,
			 double *missing)
{
	const struct kb_form *q = &r->question;
	double sum = 0;

	for (size_t i = 0; i < q->n_units; i++) {
		double best = 0;

		for (size_t p = 0; p < join->n; p++)
			for (size_t k = 0; k < join->parts[p].n; k++)
				best = fmax(
				    best, r->sentences[join->parts[p].items[k]]
					      .with_title[i]);
		missing[i] = q->units[i].weight * (1 - best);
		sum += missing[i];
	}
	return sum;
}

static bool is_used(const struct kb_reading *r, const struct kb_join *join,
		    size_t hit)
{
	for (size_t p = 0; p < join->n; p++)
		if (r->sentences[join->parts[p].items[0]].hit == hit)
			return true;
	return false;
}

/* The sentence of another passage that covers most of what is missing, the
 * better one of equals; -1 when none covers enough of it. */
static long find(const struct kb_reading *r, const struct kb_join *join,
		 const double *missing, double all)
{
	double most = JOIN_SHARE * all;
	long found = -1;

	for (size_t k = 0; k < r->n_sentences; k++) {
		const struct kb_reading_sentence *s = &r->sentences[k];
		double gain = 0;

		if (kb_layout_is_head(s->kind) || is_used(r, join, s->hit) ||
		    s->features[KB_SENTENCE_QUESTION] > 0)
			continue;
		for (size_t i = 0; i < r->question.n_units; i++)
			gain += missing[i] * s->with_title[i];
		if (gain > most || (gain >= most && found >= 0 &&
				    s->score > r->sentences[found].score)) {
			most = gain;
			found = (long)k;
		}
	}
	return found;
}

void kb_join_choose(const struct kb_linear *model, const struct kb_reading *r,
		    const struct kb_extent *first, struct kb_join *out)
{
	double missing[KB_FORM_UNITS];

	assert(first->n > 0);
	*out = (struct kb_join){.parts = {*first}, .n = 1};
	if (!asks_twice(&r->question))
		return;
	while (out->n < KB_JOIN_PARTS) {
		double all = missing_of(r, out, missing);
		long next = all < JOIN_LEAST ? -1 : find(r, out, missing, all);

		if (next < 0)
			return;
		kb_extent_choose(model, r, (size_t)next, &out->parts[out->n++]);
	}
}
