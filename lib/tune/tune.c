#include "tune/tune.h"

#include <assert.h>
#include <math.h>
#include <pthread.h>
#include <stdlib.h>
#include <string.h>

#include "base/hash.h"
#include "index/write/writer.h"
#include "learn/model_file.h"
#include "search/fit.h"
#include "tune/judgements.h"
#include "tune/tune_weights.h"
#include "tune/weigh.h"
#include "json/write.h"

#define GRACE_S 300 /* as kb-index has */
#define HITS	10

struct question {
	uint64_t number, place; /* in the input, and in the drawing */
	const struct kb_judged_query *judged;
	struct kb_request request;
	bool learn;
};

static const enum kb_measure shown[] = {KB_NDCG_10, KB_RECALL_10, KB_MRR_10};
enum { SHOWN = sizeof(shown) / sizeof(shown[0]) };

/* One set of weights and how it does on [0] the half that is learned from
 * and [1] the half that is held out. */
struct outcome {
	float weights[KB_LEGS];
	float fit[KB_FIT_FEATURES];
	double measures[2][SHOWN];
};

struct kb_tune {
	pthread_mutex_t lock; /* of what kb_tune_add() writes */
	struct kb_qrels qrels;
	const struct kb_tune_options *opt;
	struct kb_arena arena; /* of the questions and the reranker */
	struct kb_linear_model reranker;
	struct question *questions;
	size_t n, cap;
	uint64_t asked;	  /* questions in all */
	size_t halves[2]; /* questions in each */
	struct outcome before, after;
	bool helps, written;
};

int kb_tune_open(struct kb_tune **out, const struct kb_tune_options *options,
		 struct kb_err *err)
{
	struct kb_tune *t = kb_calloc(1, sizeof(*t));
	int rc;

	pthread_mutex_init(&t->lock, NULL);
	kb_qrels_init(&t->qrels);
	kb_arena_init(&t->arena);
	t->opt = options;
	t->reranker = kb_fit_builtin;
	rc = kb_judgements_load(&t->qrels, options->qrels, err);
	if (rc == 0 && options->reranker_path)
		rc = kb_model_file_load(options->reranker_path, KB_LINEAR,
					kb_fit_names, KB_FIT_FEATURES,
					&t->arena, &t->reranker, err);
	if (rc < 0)
		kb_tune_close(t);
	else
		*out = t;
	return rc;
}

void kb_tune_close(struct kb_tune *t)
{
	if (!t)
		return;
	kb_qrels_release(&t->qrels);
	kb_arena_release(&t->arena);
	pthread_mutex_destroy(&t->lock);
	free(t->questions);
	free(t);
}

/* ---- the questions ---- */

static const struct kb_str *copy_list(struct kb_arena *arena,
				      const struct kb_str *from, size_t n)
{
	struct kb_str *to = kb_arena_alloc(arena, (n + 1) * sizeof(*to));

	for (size_t i = 0; i < n; i++)
		to[i] = kb_arena_copy(arena, from[i]);
	return to;
}

static struct kb_request copy_request(struct kb_arena *arena,
				      const struct kb_request *from)
{
	struct kb_request to = *from;
	struct kb_str vectors = {from->vectors.ptr, from->vectors.len};

	to.query = kb_arena_copy(arena, from->query);
	to.asked = kb_arena_copy(arena, from->asked);
	to.hyde = kb_arena_copy(arena, from->hyde);
	to.rewrites = copy_list(arena, from->rewrites, from->n_rewrites);
	to.history = copy_list(arena, from->history, from->n_history);
	if (vectors.len)
		to.vectors.ptr = kb_arena_copy(arena, vectors).ptr;
	return to;
}

void kb_tune_add(struct kb_tune *t, uint64_t number, struct kb_str id,
		 const struct kb_request *request)
{
	uint64_t *place = kb_map_get(&t->qrels.by_id, kb_qrels_hash(id));
	uint64_t mixed = kb_hash64(id.ptr, id.len, kb_mix64(t->opt->seed));

	pthread_mutex_lock(&t->lock);
	t->asked++;
	/* nothing is learned of a question that nothing answers */
	if (place && t->qrels.queries[*place].n) {
		kb_grow(&t->questions, &t->cap, t->n + 1,
			sizeof(*t->questions));
		t->questions[t->n++] = (struct question){
		    .number = number,
		    .place = mixed >> 1,
		    .judged = &t->qrels.queries[*place],
		    .request = copy_request(&t->arena, request),
		    .learn = mixed & 1,
		};
	}
	pthread_mutex_unlock(&t->lock);
}

static int by_place(const void *a, const void *b)
{
	const struct question *x = a, *y = b;

	if (x->place != y->place)
		return x->place < y->place ? -1 : 1;
	return (x->number > y->number) - (x->number < y->number);
}

static int draw(struct kb_tune *t, struct kb_err *err)
{
	if (t->n)
		qsort(t->questions, t->n, sizeof(*t->questions), by_place);
	if (t->n > KB_TUNE_QUESTIONS)
		t->n = KB_TUNE_QUESTIONS;
	for (size_t i = 0; i < t->n; i++)
		t->halves[!t->questions[i].learn]++;
	if (t->halves[0] >= KB_TUNE_LEAST && t->halves[1] >= KB_TUNE_LEAST)
		return 0;
	return kb_err_set(err, KB_EINVAL,
			  "%zu and %zu judged questions in the two halves; "
			  "each needs at least %d",
			  t->halves[0], t->halves[1], KB_TUNE_LEAST);
}

/* ---- learning ---- */

/* Search every question as a user would. */
static int measure(struct kb_tune *t, struct kb_search *search,
		   struct outcome *out, struct kb_err *err)
{
	struct kb_arena arena;
	int rc = 0;

	memset(out->measures, 0, sizeof(out->measures));
	kb_arena_init(&arena);
	for (size_t i = 0; i < t->n && rc == 0; i++) {
		const struct question *q = &t->questions[i];
		struct kb_ranking ranking = {0};
		double values[KB_MEASURES];
		struct kb_result result;

		rc = kb_search_run(search, &q->request, &arena, &result, err);
		for (size_t h = 0; rc == 0 && h < result.n; h++)
			kb_ranking_add(
			    &ranking, kb_qrels_hash(result.hits[h].passage.id));
		kb_rank_measure(q->judged, &ranking, values);
		for (size_t m = 0; m < SHOWN; m++)
			out->measures[!q->learn][m] +=
			    values[shown[m]] / (double)t->halves[!q->learn];
		free(ranking.docs);
		kb_arena_reset(&arena);
	}
	kb_arena_release(&arena);
	return rc;
}

/* The candidates of the questions that are learned from. */
static int take_candidates(const struct kb_tune *t, struct kb_search *search,
			   struct kb_weigh_question *list,
			   struct kb_arena *keep, struct kb_err *err)
{
	const struct kb_scope *scope = &kb_search_base(search)->scope;
	struct kb_arena arena;
	int rc = 0;

	kb_arena_init(&arena);
	for (size_t i = 0; i < t->n && rc == 0; i++) {
		const struct question *q = &t->questions[i];
		struct kb_fused *fused;
		size_t n;

		list[i].learn = q->learn;
		if (!q->learn)
			continue;
		rc = kb_search_candidates(search, &q->request, &arena, &fused,
					  &n, err);
		if (rc == 0)
			kb_weigh_take(&list[i], scope, fused, n, q->judged,
				      keep);
		kb_arena_reset(&arena);
	}
	kb_arena_release(&arena);
	return rc;
}

/* What is learned for: the mean of nDCG@10 and recall@10. */
static double worth(const struct outcome *o, int half)
{
	return (o->measures[half][0] + o->measures[half][1]) / 2;
}

/* Measure what was tried; it is t->after from now on when it gains where it
 * was learned and loses nothing elsewhere. */
static int try(struct kb_tune *t, struct kb_base *base,
	       struct kb_search *search, struct outcome *tried,
	       struct kb_err *err)
{
	int rc;

	memcpy(base->weights, tried->weights, sizeof(base->weights));
	memcpy(base->fit, tried->fit, sizeof(base->fit));
	rc = measure(t, search, tried, err);
	if (rc == 0 && worth(tried, 0) >= worth(&t->after, 0) + GAIN &&
	    worth(tried, 1) >= worth(&t->after, 1)) {
		t->after = *tried;
		t->helps = true;
	}
	return rc;
}

static int learn_weights(struct kb_tune *t, struct kb_search *search,
			 struct outcome *tried, struct kb_err *err)
{
	struct kb_weigh_question *list = kb_calloc(t->n, sizeof(*list));
	struct kb_arena keep;
	int rc;

	kb_arena_init(&keep);
	rc = take_candidates(t, search, list, &keep, err);
	if (rc == 0)
		kb_weigh_best(list, t->n, tried->weights);
	kb_arena_release(&keep);
	free(list);
	return rc;
}

static float reranker_weight(const struct kb_tune *t, int feature)
{
	const struct kb_linear_feature *f =
	    kb_linear_find(&t->reranker, kb_fit_names[feature]);

	return f ? (float)fmax(f->weight, 0) : 0;
}

/* The reranker's weights times a few factors; the one that does best where it
 * is learned is tried. */
static int learn_fit(struct kb_tune *t, struct kb_base *base,
		     struct kb_search *search, struct outcome *best,
		     struct kb_err *err)
{
	static const float factors[] = RERANKER_STEPS;
	const struct outcome start = t->after;
	int rc = 0;

	*best = start;
	memcpy(base->weights, start.weights, sizeof(base->weights));
	for (size_t i = 0; i < 4 && rc == 0; i++) {
		struct outcome o = start;

		for (int f = 0; f < KB_FIT_FEATURES; f++)
			o.fit[f] = factors[i] * reranker_weight(t, f);
		if (memcmp(o.fit, start.fit, sizeof(o.fit)) == 0)
			continue;
		memcpy(base->fit, o.fit, sizeof(base->fit));
		rc = measure(t, search, &o, err);
		if (rc == 0 && worth(&o, 0) > worth(best, 0))
			*best = o;
	}
	return rc;
}

/* The weights of the legs first, then whether the reranker helps. */
static int learn(struct kb_tune *t, struct kb_base *base,
		 struct kb_search *search, struct kb_err *err)
{
	struct outcome tried = t->before;
	int rc = learn_weights(t, search, &tried, err);

	memcpy(base->weights, t->before.weights, sizeof(base->weights));
	if (rc == 0)
		rc = measure(t, search, &t->before, err);
	t->after = t->before;
	if (rc == 0)
		rc = try(t, base, search, &tried, err);
	if (rc == 0)
		rc = learn_fit(t, base, search, &tried, err);
	if (rc == 0)
		rc = try(t, base, search, &tried, err);
	return rc;
}

static int search_and_learn(struct kb_tune *t,
			    const struct kb_base_options *base_options,
			    const struct kb_search_options *options,
			    struct kb_err *err)
{
	struct kb_search_options own = *options;
	struct kb_search_shared *shared = NULL;
	struct kb_search *search = NULL;
	struct kb_base *base = NULL;
	int rc = draw(t, err);

	own.k = HITS;
	own.distinct = true;
	own.explain = own.paths = own.reciprocal = false;
	own.mmr = 0;
	own.confidence_path = NULL;
	if (rc == 0)
		rc = kb_search_shared_open(&shared, &own, err);
	if (rc == 0)
		rc = kb_base_open(&base, base_options, err);
	if (rc == 0) {
		memcpy(t->before.weights, base->weights, sizeof(base->weights));
		memcpy(t->before.fit, base->fit, sizeof(base->fit));
		for (size_t leg = 0; leg < KB_LEGS; leg++)
			base->weights[leg] = 1; /* every leg is to open */
		rc = kb_search_open(&search, base, &own, shared, err);
	}
	if (rc == 0)
		rc = learn(t, base, search, err);
	kb_search_close(search);
	kb_search_shared_close(shared);
	kb_base_unref(base);
	return rc;
}

/* ---- the result ---- */

static void put_weights(struct kb_jw *w, const struct outcome *o)
{
	kb_jw_key(w, "weights");
	kb_jw_obj(w);
	for (size_t leg = 0; leg < KB_LEGS; leg++) {
		kb_jw_key(w, kb_leg_names[leg]);
		kb_jw_fixed(w, (double)o->weights[leg], 3);
	}
	kb_jw_end(w);
}

static bool has_fit(const struct outcome *o)
{
	for (int f = 0; f < KB_FIT_FEATURES; f++)
		if (o->fit[f] > 0)
			return true;
	return false;
}

/* The reranker's weights, or nothing when it is off. */
static void put_fit(struct kb_jw *w, const struct outcome *o)
{
	if (!has_fit(o))
		return;
	kb_jw_key(w, "fit");
	kb_jw_obj(w);
	for (int f = 0; f < KB_FIT_FEATURES; f++) {
		kb_jw_key(w, kb_fit_names[f]);
		kb_jw_fixed(w, (double)o->fit[f], 3);
	}
	kb_jw_end(w);
}

/* As they are shown. */
static double rounded(float x)
{
	return round((double)x * 1000) / 1000;
}

static void keep(const struct outcome *o, struct kb_ranking_settings *s)
{
	s->known = true;
	for (size_t leg = 0; leg < KB_LEGS; leg++)
		s->weights[leg] = rounded(o->weights[leg]);
	for (size_t f = 0; f < KB_FIT_FEATURES; f++)
		s->fit[f] = has_fit(o) ? rounded(o->fit[f]) : NAN;
}

static int store(struct kb_tune *t, const char *path, struct kb_err *err)
{
	const struct kb_writer_options options = {.lock_wait_s =
						      t->opt->lock_wait_s,
						  .grace_s = GRACE_S,
						  .single_thread = true,
						  .must_exist = true,
						  .settings_only = true};
	struct kb_writer *writer;
	int rc = kb_writer_open(&writer, path, &options, err);

	if (rc < 0)
		return rc;
	keep(&t->after, &kb_writer_settings(writer)->search);
	rc = kb_writer_commit(writer, err);
	t->written = rc == 0;
	kb_writer_close(writer);
	return rc;
}

static const char *const half_names[2] = {"learned", "held_out"};

static void put_outcome(struct kb_jw *w, const struct kb_tune *t,
			const char *name, const struct outcome *o)
{
	kb_jw_key(w, name);
	kb_jw_obj(w);
	put_weights(w, o);
	put_fit(w, o);
	for (int half = 0; half < 2; half++) {
		kb_jw_key(w, half_names[half]);
		kb_jw_obj(w);
		kb_jw_key(w, "n");
		kb_jw_int(w, (int64_t)t->halves[half]);
		for (size_t m = 0; m < SHOWN; m++) {
			kb_jw_key(w, kb_measure_names[shown[m]]);
			kb_jw_fixed(w, o->measures[half][m], 4);
		}
		kb_jw_end(w);
	}
	kb_jw_end(w);
}

static void report_json(const struct kb_tune *t, struct kb_buf *out)
{
	struct kb_jw w;

	kb_jw_init(&w, out);
	kb_jw_obj(&w);
	kb_jw_key(&w, "asked");
	kb_jw_int(&w, (int64_t)t->asked);
	kb_jw_key(&w, "judged");
	kb_jw_int(&w, (int64_t)t->n);
	put_outcome(&w, t, "before", &t->before);
	put_outcome(&w, t, "after", &t->after);
	kb_jw_key(&w, "written");
	kb_jw_bool(&w, t->written);
	kb_jw_end(&w);
	kb_buf_add_char(out, '\n');
}

static void put_row(const struct outcome *o, int half, const char *when,
		    struct kb_buf *out)
{
	kb_buf_printf(out, "%-9s %-6s", half ? "held out" : "learned", when);
	for (size_t m = 0; m < SHOWN; m++)
		kb_buf_printf(out, " %9.4f", o->measures[half][m]);
	for (size_t leg = 0; leg < KB_LEGS; leg++)
		kb_buf_printf(out, " %8.3f", (double)o->weights[leg]);
	kb_buf_printf(out, " %8s\n", has_fit(o) ? "on" : "off");
}

static void report_table(const struct kb_tune *t, struct kb_buf *out)
{
	kb_buf_printf(out, "%-16s", "");
	for (size_t m = 0; m < SHOWN; m++)
		kb_buf_printf(out, " %9s", kb_measure_names[shown[m]]);
	for (size_t leg = 0; leg < KB_LEGS; leg++)
		kb_buf_printf(out, " %8s", kb_leg_names[leg]);
	kb_buf_add_cstr(out, " reranker\n");
	for (int half = 0; half < 2; half++) {
		put_row(&t->before, half, "before", out);
		put_row(&t->after, half, "after", out);
	}
	kb_buf_printf(
	    out, "%zu and %zu questions; %s\n", t->halves[0], t->halves[1],
	    t->written ? "this is the index's now" : "nothing was changed");
}

int kb_tune_run(struct kb_tune *t, const struct kb_base_options *base,
		const struct kb_search_options *options, bool json,
		struct kb_buf *out, struct kb_err *err)
{
	int rc, stored = 0;

	assert(base->n_paths > 0);
	assert(!t->helps); /* once */
	if (base->weights || options->reciprocal)
		return kb_err_set(err, KB_EINVAL,
				  "--tune learns weights: --weights and --rrf "
				  "exclude it");
	rc = search_and_learn(t, base, options, err);
	if (rc < 0)
		return rc;
	if (t->helps)
		stored = store(t, base->paths[0], err);
	if (json)
		report_json(t, out);
	else
		report_table(t, out);
	return stored;
}
