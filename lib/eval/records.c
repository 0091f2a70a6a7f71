#include "eval/records.h"

#include <assert.h>
#include <math.h>

#include "eval/assertion.h"
#include "learn/qrels.h"
#include "record/error_member.h"
#include "record/hit.h"
#include "json/input.h"

#define LINE_MAX_SIZE ((size_t)64 << 20)

struct judge {
	struct kb_arena *arena; /* of the record */
	struct kb_answer_tokens answer, gold;
	size_t *n_without;
	void (*fn)(void *arg, const struct kb_answer_scores *judged);
	void *arg;
};

struct kb_str kb_eval_text(struct kb_json val, struct kb_arena *arena)
{
	struct kb_str s = {"", 0};

	if (val.type == KB_JSON_NUMBER)
		return (struct kb_str){val.ptr, val.len};
	kb_json_str(val, arena, &s);
	return s;
}

/* A member that is a list, or one value standing for a list of one. */
static bool next_of(struct kb_json list, struct kb_json_iter *it, bool *once,
		    struct kb_json *val)
{
	if (list.type == KB_JSON_ARRAY) {
		if (!kb_json_next(it))
			return false;
		*val = it->val;
		return true;
	}
	*val = list;
	return list.type >= KB_JSON_NUMBER && !(*once) && (*once = true);
}

/* Without citations such as [12], whose numbers are no part of the answer. */
static struct kb_str without_citations(struct kb_str s, struct kb_arena *arena)
{
	char *out = kb_arena_alloc(arena, s.len + 1);
	size_t i = 0, n = 0, k;

	while (i < s.len) {
		for (k = i + 1; s.ptr[i] == '[' && k < s.len &&
				s.ptr[k] >= '0' && s.ptr[k] <= '9';)
			k++;
		if (k > i + 1 && k < s.len && s.ptr[k] == ']')
			i = k + 1;
		else
			out[n++] = s.ptr[i++];
	}
	return (struct kb_str){out, n};
}

static int judge_answer(struct judge *j, struct kb_json golds,
			struct kb_str answer, struct kb_answer_scores *out,
			struct kb_err *err)
{
	struct kb_json_iter it = kb_json_iter(golds);
	struct kb_json val;
	bool once = false;
	size_t n = 0;
	double f1;

	kb_answer_tokens(&j->answer, without_citations(answer, j->arena));
	while (next_of(golds, &it, &once, &val)) {
		struct kb_str gold = kb_eval_text(val, j->arena);

		if (!gold.len)
			continue;
		if (n++ == KB_EVAL_GOLDS)
			return kb_err_set(err, KB_ELIMIT,
					  "gold.answers: more than %d",
					  KB_EVAL_GOLDS);
		out->answerable = true;
		kb_answer_tokens(&j->gold, gold);
		f1 = kb_answer_f1(&j->answer, &j->gold);
		if (f1 > out->f1)
			out->f1 = f1;
		out->contained =
		    out->contained || kb_answer_contains(&j->answer, &j->gold);
		out->exact =
		    out->exact || kb_answer_equal(&j->answer, &j->gold);
		out->rouge_l =
		    fmax(out->rouge_l, kb_answer_rouge(&j->answer, &j->gold));
		if (kb_answer_has_number(&j->gold)) {
			out->has_numbers = true;
			out->numbers = out->numbers ||
				       kb_answer_numbers(&j->answer, &j->gold);
		}
	}
	return KB_OK;
}

#define FIRST_HITS 5

static size_t first_docs(struct judge *j, const struct kb_rec *rec,
			 struct kb_str docs[FIRST_HITS])
{
	struct kb_record_hit hit;
	struct kb_hits hits;
	size_t n = 0;

	kb_hits_open(rec, &hits, NULL);
	while (n < FIRST_HITS && kb_hits_next(&hits, &hit))
		docs[n++] = kb_hit_doc(&hit, j->arena);
	return n;
}

static void judge_docs(struct judge *j, struct kb_json docs,
		       const struct kb_rec *rec, struct kb_answer_scores *out)
{
	struct kb_json_iter it = kb_json_iter(docs);
	struct kb_json val;
	bool once = false;
	struct kb_str first[FIRST_HITS];
	size_t n = 0, found = 0, n_first;

	if (kb_rec_get(rec, "hits").type != KB_JSON_ARRAY)
		return;
	n_first = first_docs(j, rec, first);
	while (next_of(docs, &it, &once, &val)) {
		struct kb_str doc = kb_eval_text(val, j->arena);
		size_t i = 0;

		while (i < n_first && !kb_str_eq(doc, first[i]))
			i++;
		found += i < n_first;
		n++;
	}
	out->has_docs = n > 0;
	out->docs_found = n ? (double)found / (double)n : 0;
}

/* What tells the record from others, and what it shares with some. */
static void identify(struct judge *j, const struct kb_rec *rec,
		     unsigned long line, struct kb_json docs,
		     struct kb_answer_scores *out)
{
	struct kb_json_iter it = kb_json_iter(docs);
	struct kb_str id = kb_rec_id(rec);
	struct kb_json val;
	bool once = false;

	if (!id.len)
		id = kb_str_of(kb_arena_printf(j->arena, "%lu", line));
	out->id = kb_qrels_hash(id);
	out->group = out->id;
	if (next_of(docs, &it, &once, &val))
		out->group = kb_qrels_hash(kb_eval_text(val, j->arena));
}

static int judge_record(void *arg, const struct kb_rec *rec, unsigned long line,
			struct kb_arena *arena, struct kb_err *err)
{
	struct judge *j = arg;
	struct kb_json gold = kb_rec_get(rec, "gold");
	struct kb_json route = kb_rec_get(rec, "route"), docs;
	struct kb_answer_scores out = {0};
	struct kb_str answer, to = {"", 0};
	int rc;

	if (gold.type != KB_JSON_OBJECT) {
		++*j->n_without;
		return KB_OK;
	}
	j->arena = arena;
	docs = kb_json_get(gold, "docs");
	answer = kb_eval_text(kb_rec_get(rec, "answer"), arena);
	identify(j, rec, line, docs, &out);
	rc = judge_answer(j, kb_json_get(gold, "answers"), answer, &out, err);
	if (rc < 0)
		return rc;
	judge_docs(j, docs, rec, &out);
	rc = kb_assertions_judge(kb_json_get(gold, "assert"), answer, arena,
				 &out.n_assertions, &out.n_held, err);
	if (rc < 0)
		return rc;
	out.error = kb_error_is_set(rec);
	kb_json_str(route, arena, &to);
	out.answered = !out.error && answer.len && !kb_str_is(to, "human");
	out.has_confidence =
	    kb_json_num(kb_rec_get(rec, "confidence"), &out.confidence);
	j->fn(j->arg, &out);
	return KB_OK;
}

/* ---- reading ---- */

static int each_line(struct kb_input *in, struct kb_arena *arena,
		     int (*fn)(void *, const struct kb_rec *, unsigned long,
			       struct kb_arena *, struct kb_err *),
		     void *arg, struct kb_err *err)
{
	struct kb_rec rec;
	struct kb_str line;
	int rc;

	while ((rc = kb_input_line(in, &line, err)) > 0) {
		if (line.len == 0)
			continue;
		kb_arena_reset(arena);
		if (kb_rec_scan(&rec, arena, line.ptr, line.len, err) < 0 ||
		    fn(arg, &rec, (unsigned long)in->line, arena, err) < 0)
			return kb_input_place(in, err);
	}
	return rc;
}

int kb_eval_records(const char *const *files, size_t n_files,
		    int (*fn)(void *arg, const struct kb_rec *rec,
			      unsigned long line, struct kb_arena *arena,
			      struct kb_err *err),
		    void *arg, struct kb_err *err)
{
	struct kb_arena arena;
	struct kb_input in;
	int rc;

	assert(fn);
	assert(!n_files || files);
	kb_arena_init(&arena);
	kb_input_init(&in, files, n_files, LINE_MAX_SIZE);
	in.takes = KB_INPUT_TAKES_JSON;
	rc = each_line(&in, &arena, fn, arg, err);
	kb_input_release(&in);
	kb_arena_release(&arena);
	return rc;
}

int kb_eval_each(const struct kb_eval_opts *opts, size_t *n_without,
		 void (*fn)(void *arg, const struct kb_answer_scores *judged),
		 void *arg, struct kb_err *err)
{
	struct judge j = {.n_without = n_without, .fn = fn, .arg = arg};
	int rc;

	assert(fn && n_without);
	*n_without = 0;
	rc = kb_eval_records(opts->files, opts->n_files, judge_record, &j, err);
	kb_answer_tokens_release(&j.answer);
	kb_answer_tokens_release(&j.gold);
	return rc;
}
