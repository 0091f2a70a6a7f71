#include "search/rerank.h"

#include <math.h>
#include <stdlib.h>

#include "base/shared_child.h"
#include "record/error_member.h"
#include "record/hit.h"
#include "search/search_result.h"

struct kb_rerank {
	struct kb_rerank_options options;
	struct kb_shared_child *child;
};

int kb_rerank_open(struct kb_rerank **out,
		   const struct kb_rerank_options *options, struct kb_err *err)
{
	struct kb_rerank *r;
	int rc;

	*out = NULL;
	if (!options->command)
		return 0;
	r = kb_calloc(1, sizeof(*r));
	r->options = *options;
	r->child = kb_shared_child_new(options->command, NULL);
	rc = kb_shared_child_start(r->child, err);
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
	kb_shared_child_free(r->child);
	free(r);
}

size_t kb_rerank_depth(const struct kb_rerank *r, size_t least)
{
	return r && r->options.hits > least ? r->options.hits : least;
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
 * step below its least. Of the child's, which may be of any size, only halves
 * are subtracted. */
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
			part = floor + (1 - floor) *
					   (scores[i].score / 2 - least / 2) /
					   (most / 2 - least / 2);
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
	int timeout_ms = r ? (int)fmin(r->options.timeout_s * 1000, 1e9) : 0;
	struct kb_buf line, answer;
	size_t n, n_scored = 0;
	struct scored *scores;
	struct kb_err why;
	int rc;

	if (!r || !result->n)
		return;
	n = result->n < r->options.hits ? result->n : r->options.hits;
	scores = kb_arena_calloc(arena, n, sizeof(*scores));
	kb_buf_init(&line, 0);
	kb_buf_init(&answer, 0);
	write_record(question, result, n, &line);
	rc = kb_shared_child_ask(r->child, kb_buf_str(&line), timeout_ms,
				 &answer, &why);
	if (!rc)
		rc = read_scores(kb_arena_copy(arena, kb_buf_str(&answer)),
				 result, n, scores, &n_scored, arena, &why);
	kb_buf_release(&line);
	kb_buf_release(&answer);
	if (!rc) {
		mix(r->options.weight, scores, n_scored, result, n);
		sort(scope, result->hits, n, arena);
		result->reranked = true;
	}
	if (rc)
		kb_result_degrade(result, KB_LEGS, why.msg, arena);
	else if (n_scored < n)
		kb_result_degrade(result, KB_LEGS,
				  kb_arena_printf(arena,
						  "scores of %zu of %zu hits",
						  n_scored, n),
				  arena);
}
