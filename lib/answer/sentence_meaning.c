/*
 * Sentences ranked by their meaning, too. To encode one takes milliseconds, so
 * it is done with the best by their words only; the others count as the least
 * of these.
 */
#include "answer/match_weights.h"
#include "answer/meaning.h"
#include "answer/reading.h"
#include "base/utf8.h"

/* The n best sentences by their scores, into at; how many there are. */
static size_t best_of(const struct kb_reading *r, size_t n, size_t *at)
{
	size_t found = 0;

	for (size_t k = 0; k < r->n_sentences; k++) {
		double score = r->sentences[k].score;
		size_t i = found;

		if (found == n && score <= r->sentences[at[n - 1]].score)
			continue;
		if (found < n)
			found++;
		else
			i = n - 1;
		for (; i && r->sentences[at[i - 1]].score < score; i--)
			at[i] = at[i - 1];
		at[i] = k;
	}
	return found;
}

/* The sentence behind the title of its passage. */
static struct kb_str with_title(const struct kb_reading *r, size_t sentence,
				struct kb_arena *arena)
{
	const struct kb_reading_sentence *s = &r->sentences[sentence];
	struct kb_str title = r->asked->hits[s->hit].title, text = s->text;

	title.len = kb_utf8_cut(title.ptr, title.len, MEANING_TITLE_BYTES);
	text.len = kb_utf8_cut(text.ptr, text.len, MEANING_BYTES);
	return kb_str_of(kb_arena_printf(arena, "%.*s %.*s", (int)title.len,
					 title.ptr, (int)text.len, text.ptr));
}

long kb_reading_set_meaning(struct kb_reading *r, const size_t *at,
			    const double *scores, size_t n)
{
	long best = 0;
	double least = scores[0];

	for (size_t i = 1; i < n; i++)
		if (scores[i] < least)
			least = scores[i];
	for (size_t k = 0; k < r->n_sentences; k++)
		r->sentences[k].features[KB_SENTENCE_MEANING] = least;
	for (size_t i = 0; i < n; i++)
		r->sentences[at[i]].features[KB_SENTENCE_MEANING] = scores[i];
	for (size_t k = 0; k < r->n_sentences; k++) {
		struct kb_reading_sentence *s = &r->sentences[k];

		s->score = kb_linear_sum(&r->reader->meant, s->features);
		if (s->score > r->sentences[best].score)
			best = (long)k;
	}
	return best;
}

int kb_reading_weigh_meaning(struct kb_reading *r, struct kb_meaning *meaning,
			     struct kb_arena *arena, long *best,
			     struct kb_err *err)
{
	struct kb_str texts[MEANING_SENTENCES], question = r->asked->query;
	double scores[MEANING_SENTENCES];
	size_t at[MEANING_SENTENCES] = {0};
	size_t n = best_of(r, MEANING_SENTENCES, at);
	int rc;

	if (!n)
		return 0;
	question.len = kb_utf8_cut(question.ptr, question.len, MEANING_BYTES);
	for (size_t i = 0; i < n; i++)
		texts[i] = with_title(r, at[i], arena);
	rc = kb_meaning_score(meaning, question, texts, n, scores, &r->encoder,
			      err);
	if (!rc && r->encoder.len)
		*best = kb_reading_set_meaning(r, at, scores, n);
	return rc;
}
