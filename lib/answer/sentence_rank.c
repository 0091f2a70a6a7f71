#include "answer/reading.h"

#include <math.h>

#include "answer/cues.h"
#include "answer/match_weights.h"
#include "base/num.h"
#include "text/polarity.h"

#define POLARS 16 /* of a sentence that are looked at */

static double max_of(double a, double b)
{
	return a > b ? a : b;
}

double kb_form_kind_met(enum kb_wanted kind, unsigned cues)
{
	static const unsigned wanted[KB_WANTED_KINDS] = {
	    [KB_WANTED_WHEN] = KB_CUE_DATE,
	    [KB_WANTED_HOW_LONG] = KB_CUE_SPAN,
	    [KB_WANTED_HOW_MUCH] = KB_CUE_MONEY,
	    [KB_WANTED_HOW_MANY] = KB_CUE_NUMBER,
	    [KB_WANTED_WHO] = KB_CUE_PERSON,
	    [KB_WANTED_WHERE] = KB_CUE_PLACE,
	    [KB_WANTED_WHY] = KB_CUE_REASON,
	    [KB_WANTED_HOW] = KB_CUE_WAY,
	    [KB_WANTED_YES_NO] = KB_CUE_POLAR,
	};

	if (cues & wanted[kind])
		return 1;
	if (kind == KB_WANTED_HOW_MANY)
		return cues & KB_CUE_COUNT ? KIND_COUNT : 0;
	if (kind <= KB_WANTED_HOW_MANY && kind != KB_WANTED_WHAT)
		return cues & KB_CUE_NUMBER ? KIND_NUMBER : 0;
	return 0;
}

/* Rarity of each unit among the sentences read (BM25's idf), times its
 * weight. */
static double *rarity(struct kb_arena *arena, const struct kb_reading *r)
{
	size_t n = r->question.n_units;
	double *w = kb_arena_calloc(arena, n + 1, sizeof(*w));
	double count = (double)r->n_sentences;

	for (size_t i = 0; i < n; i++) {
		double df = 0;

		for (size_t k = 0; k < r->n_sentences; k++)
			df += r->sentences[k].match[i] > MATCH_THERE;
		w[i] = r->question.units[i].weight * kb_idf(count, df);
	}
	return w;
}

/* What the neighbour covers beyond this sentence. */
static double beyond(const double *w, const struct kb_reading_sentence *s,
		     const struct kb_reading_sentence *near, size_t n)
{
	double sum = 0;

	if (near->hit != s->hit)
		return 0;
	for (size_t i = 0; i < n; i++)
		sum += w[i] * max_of(0, near->match[i] - s->with_title[i]);
	return sum;
}

static bool ends_as_question(struct kb_str text)
{
	return text.len >= 3 && (text.ptr[text.len - 1] == '?' ||
				 !memcmp(text.ptr + text.len - 3, "？", 3));
}

static bool is_wide(struct kb_str text)
{
	size_t wide = 0;

	for (size_t i = 0; i < text.len; i++)
		wide += (unsigned char)text.ptr[i] >= 0x80;
	return wide * 2 > text.len;
}

static bool denies(struct kb_str text)
{
	struct kb_polar found[POLARS];
	size_t n = kb_polarity_find(text.ptr, text.len, found, POLARS);

	for (size_t i = 0; i < n; i++)
		if (found[i].group == KB_POLAR_NEGATION)
			return true;
	return kb_starts(text.ptr, text.len, "--no-") > 0;
}

/* Does the question ask for an option, or for a way, which one may be? */
static bool asks_for_option(const struct kb_form *q)
{
	static const char *const names[] = {"option*", "flag*", "switch*",
					    "选项", "参数"};

	for (size_t i = 0; i < sizeof(names) / sizeof(*names); i++)
		if (kb_cue_in(&q->cues, names[i]))
			return true;
	return q->kind == KB_WANTED_HOW;
}

/* How much the sentence is of an option that is asked for. */
static double option_asked(const struct kb_reading *r,
			   const struct kb_reading_sentence *s)
{
	struct kb_str of =
	    s->under >= 0 ? r->sentences[s->under].text : KB_STR("");

	if (!s->is_option || !asks_for_option(&r->question))
		return 0;
	return (denies(s->text) || denies(of)) && !denies(r->question.folded)
		   ? OPTION_DENIED
		   : 1;
}

/* Features that need neither neighbours nor weights of terms. */
static void plain_features(const struct kb_reading *r,
			   struct kb_reading_sentence *s)
{
	const struct kb_form *q = &r->question;
	const struct kb_asked_hit *hits = r->asked->hits;
	double *f = s->features, top = hits[0].score;
	double chars = is_wide(s->text) ? (double)s->text.len / 3
					: (double)s->text.len * CHARS_A_LETTER;

	f[KB_SENTENCE_SCORE] = top > 0 ? hits[s->hit].score / top : 0;
	if (!(f[KB_SENTENCE_SCORE] >= 0 && f[KB_SENTENCE_SCORE] <= 1))
		f[KB_SENTENCE_SCORE] = f[KB_SENTENCE_SCORE] > 1;
	f[KB_SENTENCE_RANK] = 1 / (1 + (double)s->hit);
	f[KB_SENTENCE_FIRST] = s->at == 0;
	f[KB_SENTENCE_LENGTH] = log(1 + chars);
	if (q->measure)
		f[KB_SENTENCE_MEASURE] = s->cues & q->measure ? 1 : -1;
	s->kind_score = kb_form_kind_met(q->kind, s->cues);
	if (q->kind != KB_WANTED_WHAT)
		f[KB_SENTENCE_KIND + q->kind - 1] = s->kind_score;
	f[KB_SENTENCE_SHORT] = chars < (is_wide(s->text) ? 12 : 4);
	f[KB_SENTENCE_QUESTION] = ends_as_question(s->text);
	f[KB_SENTENCE_HEAD] = kb_layout_is_head(s->kind);
	f[KB_SENTENCE_OPTION] = option_asked(r, s);
}

static void cover_features(const struct kb_reading *r, size_t at,
			   const double *rare, const double *plain)
{
	struct kb_reading_sentence *s = &r->sentences[at];
	size_t n = r->question.n_units;
	double all = 1e-9, *f = s->features;

	for (size_t i = 0; i < n; i++)
		all += rare[i];
	f[KB_SENTENCE_COVER_RARE] = kb_weigh(0, rare, s->match, n) / all;
	f[KB_SENTENCE_COVER_RARE_TITLE] =
	    kb_weigh(0, rare, s->with_title, n) / all;
	f[KB_SENTENCE_COVER_RARE_HIT] =
	    kb_weigh(0, rare, r->hit[s->hit], n) / all;
	f[KB_SENTENCE_COVER] =
	    kb_weigh(0, plain, s->match, n) / r->question.weight;
	f[KB_SENTENCE_COVER_TITLE] =
	    kb_weigh(0, plain, s->with_title, n) / r->question.weight;
	if (at)
		f[KB_SENTENCE_PREVIOUS] = beyond(rare, s, s - 1, n) / all;
	if (at + 1 < r->n_sentences)
		f[KB_SENTENCE_NEXT] = beyond(rare, s, s + 1, n) / all;
}

static double *plain_weights(struct kb_arena *arena, const struct kb_form *q)
{
	double *w = kb_arena_calloc(arena, q->n_units + 1, sizeof(*w));

	for (size_t i = 0; i < q->n_units; i++)
		w[i] = q->units[i].weight;
	return w;
}

/* What a sentence says with the title, and with what it stands under. */
static void join_titles(struct kb_arena *arena, const struct kb_reading *r)
{
	size_t n = r->question.n_units;

	for (size_t k = 0; k < r->n_sentences; k++) {
		struct kb_reading_sentence *s = &r->sentences[k];
		const double *above = s->under >= 0 && (size_t)s->under < k
					  ? r->sentences[s->under].with_title
					  : r->title[s->hit];

		s->with_title = kb_arena_calloc(arena, n + 1, sizeof(double));
		for (size_t i = 0; i < n; i++)
			s->with_title[i] = max_of(s->match[i], above[i]);
	}
}

long kb_reading_rank(struct kb_arena *arena, struct kb_reading *r)
{
	const double *rare = rarity(arena, r);
	const double *plain = plain_weights(arena, &r->question);
	long best = -1;

	join_titles(arena, r);
	for (size_t k = 0; k < r->n_sentences; k++) {
		struct kb_reading_sentence *s = &r->sentences[k];

		plain_features(r, s);
		cover_features(r, k, rare, plain);
		s->score = kb_linear_sum(&r->reader->sentence, s->features);
		if (best < 0 || s->score > r->sentences[best].score)
			best = (long)k;
	}
	return best;
}

/* ---- confidence ---- */

static void missing_traits(const struct kb_reading *r, size_t hit, double *t)
{
	const struct kb_form *q = &r->question;

	for (size_t i = 0; i < q->n_units; i++) {
		const struct kb_form_unit *u = &q->units[i];

		if (u->weight < UNIT_CONTENT || r->hit[hit][i] >= MATCH_THERE)
			continue;
		t[KB_TRAIT_MISSING_WORDS] += u->weight >= 1;
		t[KB_TRAIT_MISSING_CODE] += u->is_code;
	}
	t[KB_TRAIT_MISSING_WORDS] = fmin(t[KB_TRAIT_MISSING_WORDS], 3);
	t[KB_TRAIT_MISSING_CODE] = t[KB_TRAIT_MISSING_CODE] > 0;
}

static double best_elsewhere(const struct kb_reading *r, size_t hit,
			     size_t unit)
{
	double best = 0;

	for (size_t h = 0; h < r->n_hits; h++)
		if (h != hit)
			best = max_of(best, r->hit[h][unit]);
	return best;
}

/*
 * A title names the thing; the rest of the question says what is asked of it.
 * How much of that rest is there? A half of a word's weight is given, so that
 * a rest of nothing is neither there nor missing.
 */
static void beyond_title(const struct kb_reading *r,
			 const struct kb_reading_sentence *s, double *t)
{
	const struct kb_form *q = &r->question;
	double all = REST_ALL, here = REST_HERE, hit = REST_HERE, other = 0;

	for (size_t i = 0; i < q->n_units; i++) {
		double w = q->units[i].weight, in_hit = r->hit[s->hit][i];

		if (w < UNIT_CONTENT || r->title[s->hit][i] >= MATCH_THERE)
			continue;
		all += w;
		here += w * s->with_title[i];
		hit += w * in_hit;
		other += w * max_of(0, best_elsewhere(r, s->hit, i) - in_hit);
	}
	t[KB_TRAIT_BEYOND] = here / all;
	t[KB_TRAIT_BEYOND_HIT] = hit / all;
	t[KB_TRAIT_BEYOND_OTHER] = other / all;
}

/* Share of the units that any passage covers. */
static double cover_all(const struct kb_reading *r)
{
	const struct kb_form *q = &r->question;
	double sum = 0;

	for (size_t i = 0; i < q->n_units; i++) {
		double best = 0;

		for (size_t h = 0; h < r->n_hits; h++)
			best = max_of(best, r->hit[h][i]);
		sum += q->units[i].weight * best;
	}
	return sum / q->weight;
}

static double margin(const struct kb_reading *r, size_t best)
{
	double least = 6;

	for (size_t k = 0; k < r->n_sentences; k++)
		if (r->sentences[k].hit != r->sentences[best].hit)
			least = fmin(least, r->sentences[best].score -
						r->sentences[k].score);
	return least;
}

/* The ranking is a softmax over all sentences: which share of it do those of
 * the answer have? As log-odds, with SHARE_FLOOR for both sides. */
static double share(const struct kb_reading *r, const size_t *items, size_t n)
{
	double most = r->sentences[items[0]].score, all = 0, own = 0;

	for (size_t k = 0; k < r->n_sentences; k++)
		most = max_of(most, r->sentences[k].score);
	for (size_t k = 0; k < r->n_sentences; k++)
		all += exp(r->sentences[k].score - most);
	for (size_t i = 0; i < n; i++)
		own += exp(r->sentences[items[i]].score - most);
	return log((own / all + SHARE_FLOOR) /
		   (fmax(1 - own / all, 0) + SHARE_FLOOR));
}

void kb_reading_traits(const struct kb_reading *r, size_t best,
		       const size_t *items, size_t n, double t[KB_TRAITS])
{
	const struct kb_form *q = &r->question;
	const struct kb_reading_sentence *s = &r->sentences[best];

	memset(t, 0, KB_TRAITS * sizeof(*t));
	t[KB_TRAIT_COVER_TITLE] = s->features[KB_SENTENCE_COVER_TITLE];
	t[KB_TRAIT_COVER] = s->features[KB_SENTENCE_COVER];
	for (size_t i = 0; i < q->n_units; i++) {
		double w = q->units[i].weight / q->weight;

		t[KB_TRAIT_COVER_HIT] += w * r->hit[s->hit][i];
		t[KB_TRAIT_TITLE] += w * r->title[s->hit][i];
	}
	t[KB_TRAIT_COVER_ALL] = cover_all(r);
	missing_traits(r, s->hit, t);
	t[KB_TRAIT_RARE_TITLE] = s->features[KB_SENTENCE_COVER_RARE_TITLE];
	t[KB_TRAIT_RARE_HIT] = s->features[KB_SENTENCE_COVER_RARE_HIT];
	beyond_title(r, s, t);
	t[KB_TRAIT_MARGIN] = margin(r, best);
	t[KB_TRAIT_KIND] = s->kind_score;
	t[KB_TRAIT_IS_WHAT] = q->kind == KB_WANTED_WHAT;
	t[KB_TRAIT_TITLE_ASKED] = r->title_asked[s->hit];
	t[KB_TRAIT_NOT_FIRST] = s->hit > 0;
	t[KB_TRAIT_WEIGHT] = log(1 + q->weight);
	t[KB_TRAIT_MEASURE] = s->features[KB_SENTENCE_MEASURE];
	t[KB_TRAIT_OPTION] = s->features[KB_SENTENCE_OPTION];
	t[KB_TRAIT_SHARE] = share(r, items, n);
	t[KB_TRAIT_YES_NO] = q->kind == KB_WANTED_YES_NO;
	t[KB_TRAIT_MEANING] = s->features[KB_SENTENCE_MEANING];
}
