/*
 * What the models of lib/context see of the turns of each record with
 * 'messages' (and 'query'): {"tokens":[...],"prior":[[...]],"asked":[[...]]},
 * one line a record. For fit-salience.py.
 *
 * usage: build/eval/turn-features < records > features.jsonl
 */
#include <stdio.h>
#include <stdlib.h>

#include "context/salience.h"
#include "json/rec.h"
#include "json/write.h"

static void put_rows(struct kb_jw *w, const char *name, const double *rows,
		     size_t n, size_t d)
{
	kb_jw_key(w, name);
	kb_jw_arr(w);
	for (size_t i = 0; i < n; i++) {
		kb_jw_arr(w);
		for (size_t k = 0; k < d; k++)
			kb_jw_fixed(w, rows[i * d + k], 5);
		kb_jw_end(w);
	}
	kb_jw_end(w);
}

struct reader {
	struct kb_arena arena;
	struct kb_analyzer *analyzer;
	struct kb_token_counter *counter;
	struct kb_dialogue_terms terms;
};

static void put_convo(struct reader *r, const struct kb_convo *convo,
		      struct kb_str query, struct kb_jw *w)
{
	double(*prior)[KB_PRIOR_FEATURES] =
	    kb_arena_alloc(&r->arena, (convo->n + 1) * sizeof(*prior));
	double(*asked)[KB_SALIENCE_FEATURES] =
	    kb_arena_alloc(&r->arena, (convo->n + 1) * sizeof(*asked));

	kb_dialogue_terms_read(&r->terms, convo, r->analyzer);
	kb_jw_obj(w);
	kb_jw_key(w, "tokens");
	kb_jw_arr(w);
	for (size_t i = 0; i < convo->n; i++)
		kb_jw_int(w, (int64_t)convo->turns[i].tokens);
	kb_jw_end(w);
	kb_prior_measure(convo, &r->terms, prior);
	put_rows(w, "prior", *prior, convo->n, KB_PRIOR_FEATURES);
	if (query.len) {
		kb_salience_measure(convo, &r->terms, query, r->analyzer,
				    asked);
		put_rows(w, "asked", *asked, convo->n, KB_SALIENCE_FEATURES);
	}
	kb_jw_end(w);
}

static int put_record(struct reader *r, const char *line, size_t len)
{
	struct kb_err err = {0};
	struct kb_convo convo;
	struct kb_str query = {NULL, 0};
	struct kb_rec rec;
	struct kb_buf out;
	struct kb_jw w;

	kb_arena_reset(&r->arena);
	if (kb_rec_scan(&rec, &r->arena, line, len, &err) < 0 ||
	    kb_convo_read(&convo, kb_rec_get(&rec, "messages"), r->counter,
			  &r->arena, &err) < 0) {
		fprintf(stderr, "turn-features: %s\n", err.msg);
		return -1;
	}
	kb_json_str(kb_rec_get(&rec, "query"), &r->arena, &query);
	kb_buf_init(&out, 0);
	kb_jw_init(&w, &out);
	put_convo(r, &convo, query, &w);
	kb_buf_add_char(&out, '\n');
	fwrite(out.ptr, 1, out.len, stdout);
	kb_buf_release(&out);
	return 0;
}

int main(void)
{
	struct reader r = {.analyzer = kb_analyzer_new()};
	struct kb_tokenizer *tokenizer = NULL;
	struct kb_err err = {0};
	char *line = NULL;
	size_t cap = 0;
	ssize_t n;
	int rc = 0;

	if (kb_tokenizer_open("o200k", NULL, &tokenizer, &err) < 0)
		return 1;
	r.counter = kb_token_counter_new(tokenizer);
	kb_arena_init(&r.arena);
	kb_dialogue_terms_init(&r.terms);
	while (rc == 0 && (n = getline(&line, &cap, stdin)) > 0)
		rc = put_record(&r, line, (size_t)n - (line[n - 1] == '\n'));
	free(line);
	kb_dialogue_terms_release(&r.terms);
	kb_token_counter_free(r.counter);
	kb_tokenizer_close(tokenizer);
	kb_analyzer_free(r.analyzer);
	kb_arena_release(&r.arena);
	return rc < 0;
}
