/*
 * What the built-in model sees: a line of features for each record with hits.
 * For fit-local.py.
 *
 * usage: kb-search kb < questions |
 *	build/eval/local-features [ENCODERS] > features.jsonl
 *
 * ENCODERS: as of llm-call --encoder. What they say of each sentence is the
 * last of its features; a record that has it as member 'meaning', a number a
 * sentence, is not encoded again.
 *
 * Of each: id, query, kind and gold as they came; best, the sentence chosen
 * by the compiled weights, or -1; answer, knows; traits of the best; text, what
 * would be answered, of how many sentences; extents, those that may stand
 * beside the best with their features; s, every sentence with its passage's
 * number and its features.
 */
#include <stdio.h>
#include <stdlib.h>

#include "answer/meaning.h"
#include "llm/local.h"
#include "json/rec.h"
#include "json/write.h"

#define HITS 16

static void read_ask(const struct kb_rec *rec, struct kb_arena *arena,
		     struct kb_asked_hit *hits, struct kb_asked *ask)
{
	struct kb_json_iter it = kb_json_iter(kb_rec_get(rec, "hits"));

	*ask = (struct kb_asked){.hits = hits};
	kb_json_str(kb_rec_get(rec, "query"), arena, &ask->query);
	while (ask->n_hits < HITS && kb_json_next(&it)) {
		struct kb_asked_hit *hit = &hits[ask->n_hits++];

		*hit = (struct kb_asked_hit){.score = 0};
		kb_json_str(kb_json_get(it.val, "title"), arena, &hit->title);
		kb_json_str(kb_json_get(it.val, "text"), arena, &hit->text);
		kb_json_num(kb_json_get(it.val, "score"), &hit->score);
	}
}

static void put_member(struct kb_jw *w, const struct kb_rec *rec,
		       const char *name)
{
	struct kb_json value = kb_rec_get(rec, name);

	if (value.type == KB_JSON_NONE)
		return;
	kb_jw_key(w, name);
	kb_jw_raw(w, (struct kb_str){value.ptr, value.len});
}

static void put_numbers(struct kb_jw *w, const double *values, size_t n)
{
	kb_jw_arr(w);
	for (size_t i = 0; i < n; i++)
		kb_jw_fixed(w, values[i], 5);
	kb_jw_end(w);
}

/* The sentences that may stand beside the best one. */
static void put_extents(struct kb_jw *w, const struct kb_reading *r,
			size_t best)
{
	double f[KB_EXTENT_FEATURES];

	kb_jw_key(w, "extents");
	kb_jw_arr(w);
	for (size_t i = 0; i < r->n_sentences; i++) {
		if (!kb_extent_measure(r, best, i, f))
			continue;
		kb_jw_arr(w);
		kb_jw_int(w, (int64_t)i);
		put_numbers(w, f, KB_EXTENT_FEATURES);
		kb_jw_end(w);
	}
	kb_jw_end(w);
}

/* The meaning of the sentences, given by the record or by the encoders. */
static int weigh(struct kb_local *local, const struct kb_rec *rec,
		 struct kb_arena *arena, struct kb_reading *r, long *best)
{
	struct kb_json_iter it = kb_json_iter(kb_rec_get(rec, "meaning"));
	double *scores =
	    kb_arena_calloc(arena, r->n_sentences + 1, sizeof(*scores));
	size_t *at = kb_arena_calloc(arena, r->n_sentences + 1, sizeof(*at));
	struct kb_err err = {0};
	size_t n = 0;

	if (!local->meaning || *best < 0)
		return 0;
	for (; n < r->n_sentences && kb_json_next(&it); n++) {
		kb_json_num(it.val, &scores[n]);
		at[n] = n;
	}
	if (n == r->n_sentences) {
		r->encoder = KB_STR("given");
		*best = kb_reading_set_meaning(r, at, scores, n);
		return 0;
	}
	if (kb_reading_weigh_meaning(r, local->meaning, arena, best, &err)) {
		fprintf(stderr, "local-features: %s\n", err.msg);
		return 1;
	}
	return 0;
}

static void put_reading(struct kb_jw *w, const struct kb_local *local,
			struct kb_arena *arena, const struct kb_reading *r,
			long best, const struct kb_model_answer *answer)
{
	size_t n_traits = local->meaning ? KB_TRAITS : KB_TRAIT_MEANING;
	size_t n_features =
	    local->meaning ? KB_SENTENCE_FEATURES : KB_SENTENCE_MEANING;
	double traits[KB_TRAITS];
	struct kb_extent extent;
	struct kb_join join;

	kb_jw_key(w, "best");
	kb_jw_int(w, best);
	kb_jw_key(w, "answer");
	kb_jw_str(w, answer->text);
	kb_jw_key(w, "knows");
	kb_jw_bool(w, answer->knows);
	if (best >= 0) {
		kb_extent_choose(&local->extent, r, (size_t)best, &extent);
		kb_reading_traits(r, (size_t)best, extent.items, extent.n,
				  traits);
		kb_jw_key(w, "traits");
		put_numbers(w, traits, n_traits);
		kb_jw_key(w, "text");
		kb_join_choose(&local->extent, r, &extent, &join);
		kb_jw_str(w, kb_local_write(arena, r, &join));
		kb_jw_key(w, "sentences");
		kb_jw_int(w, (int64_t)extent.n);
		put_extents(w, r, (size_t)best);
	}
	kb_jw_key(w, "s");
	kb_jw_arr(w);
	for (size_t i = 0; i < r->n_sentences; i++) {
		kb_jw_arr(w);
		kb_jw_str(w, r->sentences[i].text);
		kb_jw_int(w, (int64_t)r->sentences[i].hit);
		put_numbers(w, r->sentences[i].features, n_features);
		kb_jw_end(w);
	}
	kb_jw_end(w);
}

static int features(struct kb_local *local, const struct kb_rec *rec,
		    struct kb_arena *arena, struct kb_buf *out)
{
	struct kb_asked_hit hits[HITS];
	struct kb_asked ask;
	struct kb_reading reading;
	struct kb_model_answer answer;
	struct kb_jw w;
	long best;

	read_ask(rec, arena, hits, &ask);
	kb_reading_read(&local->reader, arena, &ask, &reading);
	best = kb_reading_rank(arena, &reading);
	if (weigh(local, rec, arena, &reading, &best))
		return 1;
	kb_local_compose(local, arena, &reading, best, &answer);
	kb_buf_reset(out);
	kb_jw_init(&w, out);
	kb_jw_obj(&w);
	put_member(&w, rec, "id");
	put_member(&w, rec, "query");
	put_member(&w, rec, "kind");
	put_member(&w, rec, "gold");
	put_reading(&w, local, arena, &reading, best, &answer);
	kb_jw_end(&w);
	kb_buf_add_char(out, '\n');
	return fwrite(out->ptr, 1, out->len, stdout) == out->len ? 0 : 1;
}

int main(int argc, char **argv)
{
	struct kb_local_models models = {NULL};
	struct kb_model *model;
	struct kb_err wrong = {0};
	struct kb_arena arena;
	struct kb_buf out;
	char *line = NULL;
	size_t cap = 0;
	ssize_t n;
	int bad = 0;

	if (argc > 1 && kb_meaning_open(&models.meaning, argv[1], &wrong)) {
		fprintf(stderr, "local-features: %s\n", wrong.msg);
		return 1;
	}
	model = kb_model_local_new(&models);
	kb_arena_init(&arena);
	kb_buf_init(&out, 0);
	while (!bad && (n = getline(&line, &cap, stdin)) > 0) {
		struct kb_err err = {0};
		struct kb_rec rec;

		n -= line[n - 1] == '\n';
		kb_arena_reset(&arena);
		if (kb_rec_scan(&rec, &arena, line, (size_t)n, &err)) {
			fprintf(stderr, "local-features: %s\n", err.msg);
			bad = 1;
		} else {
			bad = features((struct kb_local *)model, &rec, &arena,
				       &out);
		}
	}
	free(line);
	kb_buf_release(&out);
	kb_arena_release(&arena);
	model->free(model);
	kb_meaning_close(models.meaning);
	return bad;
}
