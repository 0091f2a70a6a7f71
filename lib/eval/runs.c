#include "eval/runs.h"

#include <stdlib.h>

#include "eval/records.h"
#include "record/hit.h"
#include "json/input.h"

#define LINE_MAX_SIZE ((size_t)64 << 20)

struct entry {
	uint64_t query;
	struct kb_str doc;
	float score;
};

/* As trec_eval has it: the column of ranks is not looked at, scores are
 * compared in single precision, and of equal ones the greater id is first. */
static int by_query_and_score(const void *a, const void *b)
{
	const struct entry *x = a, *y = b;
	size_t n = x->doc.len < y->doc.len ? x->doc.len : y->doc.len;
	int order;

	if (x->query != y->query)
		return x->query < y->query ? -1 : 1;
	if (x->score != y->score)
		return x->score > y->score ? -1 : 1;
	order = memcmp(y->doc.ptr, x->doc.ptr, n);
	return order ? order
		     : (y->doc.len > x->doc.len) - (y->doc.len < x->doc.len);
}

struct trec {
	struct entry *items;
	size_t n, cap;
	struct kb_arena ids;
};

static int trec_line(struct trec *t, struct kb_eval_run *run,
		     const struct kb_qrels *q, struct kb_str line,
		     struct kb_err *err)
{
	struct kb_str f[6];
	struct entry e;
	uint64_t *place;
	double rank, score;
	size_t n = kb_qrels_fields(line, f, 6);

	if (n == 0)
		return KB_OK;
	if (n < 5 || !kb_qrels_number(f[3], &rank) ||
	    !kb_qrels_number(f[4], &score))
		return kb_err_set(err, KB_EINVAL,
				  "neither a JSON object nor 'query Q0 "
				  "document rank score tag'");
	place = kb_map_get(&q->by_id, kb_qrels_hash(f[0]));
	if (!place) {
		run->n_other++;
		return KB_OK;
	}
	e.query = *place;
	e.doc = kb_arena_copy(&t->ids, f[2]);
	e.score = (float)score;
	kb_grow(&t->items, &t->cap, t->n + 1, sizeof(*t->items));
	t->items[t->n++] = e;
	return KB_OK;
}

/* Judgements of the record itself. */
static void learn_gold(struct kb_eval_run *run, struct kb_qrels *q,
		       struct kb_str id, struct kb_json gold,
		       struct kb_arena *arena)
{
	struct kb_json docs = kb_json_get(gold, "docs");
	struct kb_json_iter it = kb_json_iter(docs);

	if (docs.type == KB_JSON_STRING || docs.type == KB_JSON_NUMBER)
		kb_qrels_add(q, id, kb_eval_text(docs, arena), 1);
	else if (docs.type == KB_JSON_ARRAY)
		while (kb_json_next(&it))
			kb_qrels_add(q, id, kb_eval_text(it.val, arena), 1);
	kb_grow(&run->rankings, &run->cap, q->n, sizeof(*run->rankings));
	for (; run->n < q->n; run->n++)
		run->rankings[run->n] = (struct kb_ranking){0};
}

static int record_line(struct kb_eval_run *run, struct kb_qrels *q, bool learn,
		       struct kb_str line, unsigned long line_no,
		       struct kb_arena *arena, struct kb_err *err)
{
	struct kb_record_hit hit;
	struct kb_hits hits;
	struct kb_ranking *r;
	struct kb_rec rec;
	struct kb_str id;
	uint64_t *place;
	int rc;

	rc = kb_rec_scan(&rec, arena, line.ptr, line.len, err);
	if (rc < 0)
		return rc;
	id = kb_rec_id(&rec);
	if (!id.len)
		id = kb_str_of(kb_arena_printf(arena, "%lu", line_no));
	if (learn)
		learn_gold(run, q, id, kb_rec_get(&rec, "gold"), arena);
	place = kb_map_get(&q->by_id, kb_qrels_hash(id));
	if (!place) {
		run->n_other++;
		return KB_OK;
	}
	r = &run->rankings[*place];
	r->present = true;
	kb_hits_open(&rec, &hits, NULL);
	while (kb_hits_next(&hits, &hit))
		if (hit.at[KB_HIT_DOC].type != KB_JSON_NONE)
			kb_ranking_add(r,
				       kb_qrels_hash(kb_hit_doc(&hit, arena)));
	return KB_OK;
}

static void settle_trec(struct trec *t, struct kb_eval_run *run)
{
	size_t i;

	if (t->n)
		qsort(t->items, t->n, sizeof(*t->items), by_query_and_score);
	for (i = 0; i < t->n; i++) {
		struct kb_ranking *r = &run->rankings[t->items[i].query];

		r->present = true;
		kb_ranking_add(r, kb_qrels_hash(t->items[i].doc));
	}
	free(t->items);
	kb_arena_release(&t->ids);
}

static int each_line(struct kb_eval_run *run, struct kb_qrels *q, bool learn,
		     struct kb_input *in, struct trec *trec, struct kb_err *err)
{
	struct kb_arena arena;
	struct kb_str line;
	int rc;

	kb_arena_init(&arena);
	while ((rc = kb_input_line(in, &line, err)) > 0) {
		if (line.len && line.ptr[0] == '{')
			rc = record_line(run, q, learn, line,
					 (unsigned long)in->line, &arena, err);
		else
			rc = trec_line(trec, run, q, line, err);
		kb_arena_reset(&arena);
		if (rc < 0) {
			kb_input_place(in, err);
			break;
		}
	}
	kb_arena_release(&arena);
	return rc;
}

int kb_eval_run_load(struct kb_eval_run *run, struct kb_qrels *q, bool learn,
		     const char *path, struct kb_err *err)
{
	struct trec trec = {0};
	struct kb_input in;
	int rc;

	*run = (struct kb_eval_run){.n = q->n, .cap = q->n};
	run->rankings = kb_calloc(q->n, sizeof(*run->rankings));
	kb_arena_init(&trec.ids);
	kb_input_init(&in, &path, path != NULL, LINE_MAX_SIZE);
	in.takes = KB_INPUT_TAKES_BOTH;
	rc = each_line(run, q, learn, &in, &trec, err);
	settle_trec(&trec, run);
	if (rc == 0 && q->n == 0)
		rc = kb_err_set(err, KB_EINVAL,
				"'%s': no record has 'gold.docs'; judgements "
				"come with --qrels",
				in.name);
	kb_input_release(&in);
	if (rc < 0)
		kb_eval_run_release(run);
	return rc;
}

void kb_eval_run_release(struct kb_eval_run *run)
{
	size_t i;

	for (i = 0; run->rankings && i < run->n; i++)
		free(run->rankings[i].docs);
	free(run->rankings);
	*run = (struct kb_eval_run){0};
}
