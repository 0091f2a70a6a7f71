#include "search/rerank.h"

#include <math.h>
#include <pthread.h>
#include <stdatomic.h>
#include <stdlib.h>
#include <sys/eventfd.h>
#include <unistd.h>

#include "base/child.h"
#include "record/error_member.h"
#include "record/hit.h"
#include "search/search.h"

#define REST 5 /* questions in a row without an answer in time */

/*
 * The child belongs to one thread at a time. The thread that waits for its
 * bytes holds the lock meanwhile; one that wants to send wakes it through
 * 'wake' and is let in before anyone waits again.
 */
struct kb_rerank {
	struct kb_rerank_options options;
	struct kb_child *child; /* NULL: given up */
	pthread_mutex_t lock;
	pthread_cond_t changed;
	int wake;
	atomic_uint wanting; /* threads that want to send */
	unsigned silent;     /* questions in a row that it let pass */
	struct kb_err why;   /* it was given up */
};

/* A question in flight. */
struct asked {
	bool done;
	struct kb_buf answer;
	struct kb_err err;
};

int kb_rerank_open(struct kb_rerank **out,
		   const struct kb_rerank_options *options, struct kb_err *err)
{
	struct kb_rerank *r;
	int rc = 0;

	*out = NULL;
	if (!options->command)
		return 0;
	r = kb_calloc(1, sizeof(*r));
	r->options = *options;
	atomic_init(&r->wanting, 0);
	pthread_mutex_init(&r->lock, NULL);
	pthread_cond_init(&r->changed, NULL);
	r->wake = eventfd(0, EFD_CLOEXEC | EFD_NONBLOCK);
	if (r->wake < 0)
		rc = kb_err_sys(err, "cannot make an event");
	else if (!(r->child = kb_child_open(options->command, err)))
		rc = KB_EINVAL;
	if (rc < 0)
		kb_rerank_close(r);
	else
		*out = r;
	return rc;
}

void kb_rerank_close(struct kb_rerank *r)
{
	if (!r)
		return;
	kb_child_close(r->child);
	if (r->wake >= 0)
		close(r->wake);
	pthread_cond_destroy(&r->changed);
	pthread_mutex_destroy(&r->lock);
	free(r);
}

size_t kb_rerank_depth(const struct kb_rerank *r, size_t least)
{
	return r && r->options.hits > least ? r->options.hits : least;
}

/* ---- the conversation with the child ---- */

static void give_up(struct kb_rerank *r)
{
	kb_child_close(r->child);
	r->child = NULL;
}

/* Hand out what the child answered, to whichever thread asked. */
static void deliver(struct kb_rerank *r)
{
	struct kb_child_outcome got;

	while (kb_child_take(r->child, &got)) {
		struct asked *to = got.tag;

		to->done = true;
		to->err = got.err;
		kb_buf_add_str(&to->answer, got.line);
		r->silent = got.err.code == KB_ETIMEOUT ? r->silent + 1 : 0;
	}
	pthread_cond_broadcast(&r->changed);
}

/* Wait for the child's bytes, or let another thread send. */
static void wait_turn(struct kb_rerank *r)
{
	uint64_t n;

	if (atomic_load(&r->wanting)) {
		pthread_cond_wait(&r->changed, &r->lock);
		return;
	}
	if (kb_child_poll(r->child, r->wake, -1, &r->why)) {
		give_up(r);
		pthread_cond_broadcast(&r->changed);
		return;
	}
	while (read(r->wake, &n, sizeof(n)) > 0)
		;
	deliver(r);
}

static void enter(struct kb_rerank *r)
{
	const uint64_t one = 1;
	ssize_t n;

	atomic_fetch_add(&r->wanting, 1);
	/* When it is full the waiting thread wakes all the same. */
	n = write(r->wake, &one, sizeof(one));
	(void)n;
	pthread_mutex_lock(&r->lock);
	atomic_fetch_sub(&r->wanting, 1);
	pthread_cond_broadcast(&r->changed);
}

/*
 * A child that let some questions pass is not asked again before it has
 * answered them: one that hangs costs no more time, one that was loading its
 * model joins when it is ready.
 */
static bool is_resting(struct kb_rerank *r, struct kb_err *err)
{
	if (r->silent < REST)
		return false;
	if (kb_child_owes(r->child) && !kb_child_poll(r->child, -1, 0, &r->why))
		deliver(r);
	if (!kb_child_owes(r->child)) {
		r->silent = 0;
		return false;
	}
	kb_err_set(err, KB_ETIMEOUT,
		   "no answer in time to %d questions, and none since", REST);
	return true;
}

/* The child's answer to a line, in asked; 0 or its error. */
static int ask(struct kb_rerank *r, struct kb_str line, struct asked *asked)
{
	int timeout_ms = (int)fmin(r->options.timeout_s * 1000, 1e9);

	enter(r);
	if (r->child &&
	    (is_resting(r, &asked->err) ||
	     kb_child_send(r->child, line, timeout_ms, asked, &asked->err) < 0))
		asked->done = true;
	while (!asked->done && r->child)
		wait_turn(r);
	if (!asked->done)
		asked->err = r->why;
	pthread_mutex_unlock(&r->lock);
	return asked->err.code;
}

/* ---- scores ---- */

/* One of the n hits asked about, as the child knows it. */
struct scored {
	bool has;
	double score;
};

static int read_error(const struct kb_rec *rec, struct kb_err *err)
{
	struct kb_str why = kb_error_message(rec);
	char quoted[KB_QUOTE_MAX];

	if (!kb_error_is_set(rec))
		return 0;
	return kb_err_set(err, KB_EREMOTE, "%s",
			  kb_err_quote(quoted, why.ptr, why.len));
}

/* The first of the hits without a score that has this document and chunk;
 * two indexes may both have it. */
static struct scored *find(const struct kb_result *result, size_t n,
			   struct scored *scores,
			   const struct kb_record_hit *hit,
			   struct kb_arena *arena)
{
	struct kb_str doc = kb_hit_doc(hit, arena);
	int64_t chunk;

	if (!kb_json_int(hit->at[KB_HIT_CHUNK], &chunk))
		return NULL;
	for (size_t i = 0; i < n; i++) {
		const struct kb_passage *p = &result->hits[i].passage;

		if (!scores[i].has && p->chunk_no == chunk &&
		    kb_str_eq(p->id, doc))
			return &scores[i];
	}
	return NULL;
}

/* How many of the n hits got a score; an error when none did. */
static int read_scores(struct kb_str line, const struct kb_result *result,
		       size_t n, struct scored *scores, size_t *n_scored,
		       struct kb_arena *arena, struct kb_err *err)
{
	struct kb_record_hit hit;
	struct kb_hits hits;
	struct kb_rec rec;
	int rc = kb_rec_scan(&rec, arena, line.ptr, line.len, err);

	if (!rc)
		rc = read_error(&rec, err);
	if (!rc)
		rc = kb_hits_open(&rec, &hits, err);
	if (rc)
		return rc;
	while (kb_hits_next(&hits, &hit)) {
		struct kb_json val = kb_json_get(hit.at[KB_HIT_LEGS], "rerank");
		struct scored *to = find(result, n, scores, &hit, arena);
		double score;

		if (!to || !kb_json_num(val, &score) || !isfinite(score))
			continue;
		*to = (struct scored){true, score};
		++*n_scored;
	}
	return *n_scored ? 0
			 : kb_err_set(err, KB_EREMOTE,
				      "no score of any of the hits came back");
}

/* The fused scores mixed with the child's; hits it passed over count as one
 * step below its least. */
static void mix(double weight, const struct scored *scores, size_t n_scored,
		struct kb_result *result, size_t n)
{
	double floor = (double)(n - n_scored) / (double)n;
	double least = INFINITY, most = -INFINITY, low, range;

	for (size_t i = 0; i < n; i++) {
		least = scores[i].has ? fmin(least, scores[i].score) : least;
		most = scores[i].has ? fmax(most, scores[i].score) : most;
	}
	low = range = (double)result->hits[0].at.score;
	for (size_t i = 0; i < n; i++) {
		low = fmin(low, (double)result->hits[i].at.score);
		range = fmax(range, (double)result->hits[i].at.score);
	}
	range -= low;
	for (size_t i = 0; i < n; i++) {
		struct kb_hit *hit = &result->hits[i];
		double part = scores[i].has;

		if (scores[i].has && most > least)
			part = floor + (1 - floor) * (scores[i].score - least) /
					   (most - least);
		hit->reranked = scores[i].has;
		hit->rerank = scores[i].score;
		hit->at.score = (float)((1 - weight) * (double)hit->at.score +
					weight * (low + range * part));
	}
}

/* Best first, with the rules of the fusion for ties and for documents with
 * many chunks. */
static void sort(const struct kb_scope *scope, struct kb_hit *hits, size_t n,
		 struct kb_arena *arena)
{
	struct kb_fused *order = kb_arena_alloc(arena, n * sizeof(*order));

	for (size_t i = 0; i < n; i++)
		order[i] = hits[i].at;
	kb_fuse_sort(scope, order, n, arena);
	kb_fuse_spread(scope, order, n);
	for (size_t i = 0; i < n; i++) {
		size_t from = i;
		struct kb_hit hit;

		while (hits[from].at.segment != order[i].segment ||
		       hits[from].at.chunk != order[i].chunk)
			from++;
		hit = hits[from];
		memmove(hits + i + 1, hits + i, (from - i) * sizeof(*hits));
		hits[i] = hit;
	}
}

/* ---- a question ---- */

static void write_record(struct kb_str question, const struct kb_result *result,
			 size_t n, struct kb_buf *out)
{
	struct kb_result part = *result;
	struct kb_buf hits;
	struct kb_jw w;

	while (question.len && question.ptr[question.len - 1] == ' ')
		question.len--;
	part.n = n;
	kb_buf_init(&hits, 0);
	kb_result_hits(&part, &hits);
	kb_jw_init(&w, out);
	kb_jw_obj(&w);
	kb_jw_key(&w, "query");
	kb_jw_str(&w, question);
	kb_jw_key(&w, "hits");
	kb_jw_raw(&w, kb_buf_str(&hits));
	kb_jw_end(&w);
	kb_buf_release(&hits);
}

void kb_rerank_run(struct kb_rerank *r, struct kb_str question,
		   const struct kb_scope *scope, struct kb_arena *arena,
		   struct kb_result *result)
{
	struct asked asked = {0};
	size_t n, n_scored = 0;
	struct scored *scores;
	struct kb_buf line;
	int rc;

	if (!r || !result->n)
		return;
	n = result->n < r->options.hits ? result->n : r->options.hits;
	scores = kb_arena_calloc(arena, n, sizeof(*scores));
	kb_buf_init(&line, 0);
	kb_buf_init(&asked.answer, 0);
	write_record(question, result, n, &line);
	rc = ask(r, kb_buf_str(&line), &asked);
	if (!rc)
		rc = read_scores(
		    kb_arena_copy(arena, kb_buf_str(&asked.answer)), result, n,
		    scores, &n_scored, arena, &asked.err);
	kb_buf_release(&line);
	kb_buf_release(&asked.answer);
	if (!rc) {
		mix(r->options.weight, scores, n_scored, result, n);
		sort(scope, result->hits, n, arena);
		result->reranked = true;
	}
	if (result->degraded || n_scored == n)
		return;
	result->degraded =
	    rc ? kb_arena_printf(arena, "rerank: %s", asked.err.msg)
	       : kb_arena_printf(arena, "rerank: scores of %zu of %zu hits",
				 n_scored, n);
}
