#include "search/null_distribution.h"

#include <math.h>
#include <stdlib.h>

#include "base/hash.h"
#include "search/lexical/lexical.h"
#include "search/null_weights.h"
#include "vector/vector_rows.h"

#define POOL	  256  /* passages that the pieces are from */
#define HAN_PIECE 4    /* characters at most */
#define LEAST	  1e-2 /* keeps the logarithm of nothing finite */

const struct kb_null kb_null_defaults = {
    .high = NULL_HIGH,
    .cosines = {NULL_COSINE, NULL_COSINE},
};

/* Between the lengths that were measured, by their logarithms. */
static double between(const float row[KB_NULL_LENGTHS], double at)
{
	size_t i = (size_t)at;
	double part = at - (double)i;

	if (i + 1 >= KB_NULL_LENGTHS)
		return (double)row[KB_NULL_LENGTHS - 1];
	return (double)row[i] * (1 - part) + (double)row[i + 1] * part;
}

double kb_null_rise(const struct kb_null *null, size_t length, double strength)
{
	double at = fmax(log2(fmax((double)length, 1)) - 1, 0);

	return log((strength + LEAST) / (between(null->high, at) + LEAST));
}

/* ---- measuring ---- */

struct measure {
	struct kb_scope scope;
	struct kb_analyzer *analyzer;
	struct kb_lexical *lexical;
	struct kb_terms terms; /* of a question, or of a passage that is read */
	struct kb_arena arena;
	struct kb_terms pool[POOL]; /* of the passages */
	struct kb_str texts[POOL];
	size_t n;
	uint64_t state; /* of the random numbers */
};

static uint64_t draw(struct measure *m, uint64_t below)
{
	m->state += 0x9e3779b97f4a7c15u;
	return below ? kb_mix64(m->state) % below : 0;
}

/* Terms that a piece may begin with stand first; returns how many. */
static size_t keep_starts(struct kb_terms *terms)
{
	size_t n = 0;

	for (size_t i = 0; i < terms->n; i++) {
		enum kb_term_class class = kb_term_class(terms->items[i].key);

		if (class == KB_TERM_WORD || class == KB_TERM_HAN1)
			terms->items[n++] = terms->items[i];
	}
	return terms->n = n;
}

static int fill_pool(struct measure *m, struct kb_err *err)
{
	for (size_t i = 0; i < POOL; i++) {
		uint64_t at = draw(m, m->scope.n_chunks);
		struct kb_passage passage;
		uint32_t s = 0;
		int rc;

		while (at >= m->scope.segments[s].segment->n_chunks)
			at -= m->scope.segments[s++].segment->n_chunks;
		if (!kb_scope_allows(&m->scope, s, (uint32_t)at))
			continue;
		rc = kb_segment_fetch(m->scope.segments[s].segment,
				      (uint32_t)at, &m->arena, &passage, err);
		if (rc < 0)
			return rc;
		m->texts[m->n] = passage.text;
		kb_analyze(m->analyzer, passage.text.ptr, passage.text.len,
			   &m->pool[m->n]);
		m->n += keep_starts(&m->pool[m->n]) > 0;
	}
	return 0;
}

/* A word and a blank, or Chinese characters side by side. */
static void add_piece(struct measure *m, struct kb_buf *question)
{
	size_t from = draw(m, m->n), han = 1;
	const struct kb_terms *terms = &m->pool[from];
	size_t i = draw(m, terms->n);
	uint32_t start = terms->items[i].start, end = terms->items[i].end;
	bool word = kb_term_class(terms->items[i].key) == KB_TERM_WORD;
	uint64_t most = 2 + draw(m, HAN_PIECE - 1);

	while (!word && han < most && i + han < terms->n &&
	       terms->items[i + han].start == end) {
		end = terms->items[i + han].end;
		han++;
	}
	if (word)
		kb_buf_add_char(question, ' ');
	kb_buf_add(question, m->texts[from].ptr + start, end - start);
	if (word)
		kb_buf_add_char(question, ' ');
}

/* The strength of one pseudo-question. */
static int ask(struct measure *m, size_t length, float *strength,
	       struct kb_err *err)
{
	struct kb_lex_term terms[KB_LEX_TERMS];
	struct kb_candidate best = {0};
	struct kb_buf question;
	size_t n, found = 0;
	float all = 0;
	int rc;

	kb_buf_init(&question, 0);
	kb_terms_reset(&m->terms);
	while (m->terms.length < length) {
		add_piece(m, &question);
		kb_terms_reset(&m->terms);
		kb_analyze(m->analyzer, question.ptr, question.len, &m->terms);
	}
	kb_buf_release(&question);
	n = kb_lexical_gather(&m->terms, &kb_lex_defaults, 1, terms, 0,
			      KB_LEX_TERMS);
	kb_lexical_stats(&m->scope, terms, n);
	for (size_t i = 0; i < n; i++)
		all += terms[i].weight * terms[i].idf;
	rc = kb_lexical_search(m->lexical, &m->scope, terms, n,
			       &kb_lex_defaults, 1, &best, &found, err);
	*strength =
	    found && all > 0 ? best.raw / (all * (kb_lex_defaults.k1 + 1)) : 0;
	return rc;
}

static int ascending(const void *a, const void *b)
{
	const float *x = a, *y = b;

	return (*x > *y) - (*x < *y);
}

static int measure(struct measure *m, struct kb_null *out, struct kb_err *err)
{
	float strengths[KB_NULL_QUESTIONS];
	int rc = fill_pool(m, err);

	*out = kb_null_defaults;
	out->chunks = m->scope.n_chunks;
	for (size_t l = 0; l < KB_NULL_LENGTHS && m->n && rc == 0; l++) {
		for (size_t i = 0; i < KB_NULL_QUESTIONS && rc == 0; i++)
			rc = ask(m, (size_t)2 << l, &strengths[i], err);
		if (rc < 0)
			break;
		qsort(strengths, KB_NULL_QUESTIONS, sizeof(*strengths),
		      ascending);
		out->high[l] = strengths[KB_NULL_QUESTIONS * 9 / 10];
	}
	return rc;
}

static int measure_segments(struct kb_segment *const *segments, size_t n,
			    struct kb_null *out, struct kb_err *err)
{
	const struct kb_index index = {.path = "the new generation"};
	struct measure *m = kb_calloc(1, sizeof(*m));
	int rc;

	m->scope.segments = kb_calloc(n, sizeof(*m->scope.segments));
	m->scope.n = n;
	for (size_t i = 0; i < n; i++) {
		m->scope.segments[i] = (struct kb_scope_segment){
		    segments[i], &index, 0, segments[i]->live};
		m->scope.n_chunks += segments[i]->n_chunks;
		m->scope.total_length += segments[i]->total_length;
	}
	m->analyzer = kb_analyzer_new();
	m->lexical = kb_lexical_new();
	kb_arena_init(&m->arena);
	rc = measure(m, out, err);
	for (size_t i = 0; i < POOL; i++)
		kb_terms_release(&m->pool[i]);
	kb_terms_release(&m->terms);
	kb_arena_release(&m->arena);
	kb_lexical_free(m->lexical);
	kb_analyzer_free(m->analyzer);
	free(m->scope.segments);
	free(m);
	return rc;
}

/* NAN: the segments have less than two vectors of the model. */
static int measure_cosine(struct kb_segment *const *segments, size_t n,
			  size_t slot, float *out, struct kb_err *err)
{
	struct kb_vec_view *views = kb_calloc(n + 1, sizeof(*views));
	int rc = 0;

	for (size_t i = 0; i < n && rc == 0; i++) {
		const uint64_t *hashes;

		rc = kb_vec_rows_open(segments[i]->sec, slot, &views[i],
				      &hashes, err);
	}
	if (rc == 0)
		*out = kb_vec_mean_cosine(views, n);
	if (rc == 0 && !isnan(*out))
		*out = *out < 1 ? fmaxf(*out, 0) : NAN;
	free(views);
	return rc;
}

/* ---- as a part of building an index ---- */

static int commit(void *arg, struct kb_writer *writer,
		  struct kb_segment *const *segments, size_t n,
		  struct kb_err *err)
{
	struct kb_null *null = &kb_writer_settings(writer)->null;
	const bool *always = arg;
	uint64_t chunks = 0;
	int rc = 0;

	for (size_t i = 0; i < n; i++)
		chunks += segments[i]->n_live;
	if (chunks < KB_NULL_CHUNKS)
		kb_null_init(null);
	else if (*always || chunks >= 2 * null->chunks ||
		 chunks <= null->chunks / 2) {
		rc = measure_segments(segments, n, null, err);
		null->chunks = chunks;
		for (size_t i = 0; i < KB_VECTOR_SLOTS; i++)
			null->cosines[i] = NAN;
	}
	for (size_t i = 0; i < KB_VECTOR_SLOTS && rc == 0; i++)
		if (null->chunks && isnan(null->cosines[i]))
			rc = measure_cosine(segments, n, i, &null->cosines[i],
					    err);
	return rc;
}

const struct kb_leg_ops kb_null_leg = {
    .name = "null",
    .commit = commit,
};
