/*
 * Word vectors: time to train and to encode, and what they find alone.
 *
 *	wordvec_bench < FILE    JSON lines with 'text', or with 'a', 'b' and
 *				'label' (../shared/data/cache/cache_pairs)
 *
 * With pairs every b is a passage, and every a of label 1 a question that
 * wants its b: prints the share found in the first 10 and 100.
 */
#include <stdio.h>
#include <stdlib.h>
#include <time.h>

#include "base/hash.h"
#include "base/map.h"
#include "vector/vector.h"
#include "vector/word_vectors.h"
#include "json/rec.h"

struct texts {
	uint32_t *terms;
	size_t n_terms, cap;
	size_t *ends;
	size_t n, ends_cap;
};

static double cpu_ms(void)
{
	struct timespec ts;

	clock_gettime(CLOCK_PROCESS_CPUTIME_ID, &ts);
	return (double)ts.tv_sec * 1e3 + (double)ts.tv_nsec / 1e6;
}

static void add_text(struct texts *t, const struct kb_terms *terms)
{
	kb_grow(&t->terms, &t->cap, t->n_terms + terms->n + 1,
		sizeof(*t->terms));
	for (size_t i = 0; i < terms->n; i++) {
		if (kb_wordvec_term(terms->items[i].key, &t->terms[t->n_terms]))
			t->n_terms++;
	}
	kb_grow(&t->ends, &t->ends_cap, t->n + 1, sizeof(*t->ends));
	t->ends[t->n++] = t->n_terms;
}

static size_t start_of(const struct texts *t, size_t i)
{
	return i ? t->ends[i - 1] : 0;
}

static void find_pairs(const struct kb_wordvec *model,
		       const struct kb_vec_view *view,
		       const struct texts *questions, const uint32_t *wanted)
{
	size_t in10 = 0, in100 = 0, n = 0;
	double start = cpu_ms();

	for (size_t i = 0; i < questions->n && n < 2000; i++) {
		struct kb_vec_search how = {.k = 100};
		struct kb_vec_hit hits[100];
		struct kb_vec_query q;
		float x[KB_WORDVEC_DIM];
		size_t from = start_of(questions, i), found = 0;

		n++;
		if (!kb_wordvec_encode(model, questions->terms + from,
				       questions->ends[i] - from, x) ||
		    kb_vec_query_init(&q, x, KB_WORDVEC_DIM, NULL))
			continue;
		found = kb_vec_search(view, 1, &q, &how, hits);
		kb_vec_query_release(&q);
		for (size_t j = 0; j < found; j++) {
			in10 += j < 10 && hits[j].chunk == wanted[i];
			in100 += hits[j].chunk == wanted[i];
		}
	}
	if (n)
		printf("%zu questions: R@10 %.3f R@100 %.3f, %.2f ms each\n", n,
		       (double)in10 / (double)n, (double)in100 / (double)n,
		       (cpu_ms() - start) / (double)n);
}

static bool member(const struct kb_rec *rec, const char *name,
		   struct kb_str *out)
{
	return kb_json_str(kb_rec_get(rec, name), rec->arena, out);
}

int main(void)
{
	struct kb_analyzer *an = kb_analyzer_new();
	struct texts texts = {0}, questions = {0};
	struct kb_terms terms = {0};
	struct kb_arena arena;
	struct kb_map seen;
	uint32_t *wanted = NULL;
	size_t wanted_cap = 0, cap = 0, bytes = 0;
	char *line = NULL;
	ssize_t len;

	kb_arena_init(&arena);
	kb_map_init(&seen);
	while ((len = getline(&line, &cap, stdin)) > 0) {
		struct kb_rec rec;
		struct kb_str text, a;
		double label = 0;
		bool added = true;

		kb_arena_reset(&arena);
		if (kb_rec_scan(&rec, &arena, line,
				(size_t)len - (line[len - 1] == '\n'), NULL))
			continue;
		bool pair = member(&rec, "b", &text);

		if (!pair && !member(&rec, "text", &text))
			continue;
		bytes += text.len;
		uint64_t *slot =
		    kb_map_put(&seen, kb_hash64(text.ptr, text.len, 0), &added);

		if (added) {
			*slot = texts.n;
			kb_terms_reset(&terms);
			kb_analyze(an, text.ptr, text.len, &terms);
			add_text(&texts, &terms);
		}
		if (pair && member(&rec, "a", &a) &&
		    kb_json_num(kb_rec_get(&rec, "label"), &label) &&
		    label > 0) {
			kb_grow(&wanted, &wanted_cap, questions.n + 1,
				sizeof(*wanted));
			wanted[questions.n] = (uint32_t)*slot;
			kb_terms_reset(&terms);
			kb_analyze(an, a.ptr, a.len, &terms);
			add_text(&questions, &terms);
		}
	}
	size_t sample = 0;

	while (sample < texts.n && texts.ends[sample] < KB_WORDVEC_SAMPLE)
		sample++;
	double start = cpu_ms();
	struct kb_wordvec *model =
	    kb_wordvec_train(texts.terms, texts.ends, sample);
	double trained = cpu_ms();
	struct kb_vec_builder b;
	struct kb_buf blob = {0};
	struct kb_vec_view view;

	if (!model)
		return 1;
	kb_vec_builder_init(&b, kb_wordvec_id(model));
	for (size_t i = 0; i < texts.n; i++) {
		float x[KB_WORDVEC_DIM];
		size_t from = start_of(&texts, i);

		if (kb_wordvec_encode(model, texts.terms + from,
				      texts.ends[i] - from, x) &&
		    kb_vec_add(&b, (uint32_t)i, x, KB_WORDVEC_DIM, NULL))
			return 1;
	}
	printf("%zu texts, %zu terms, %.1f MB: trained on %zu texts in %.0f "
	       "ms, encoded in %.0f ms; model %016llx\n",
	       texts.n, texts.n_terms, (double)bytes / 1e6, sample,
	       trained - start, cpu_ms() - trained,
	       (unsigned long long)kb_wordvec_id(model));
	kb_vec_write(&b, &blob);
	if (kb_vec_open(&view, (unsigned char *)blob.ptr, blob.len, NULL, 0,
			NULL))
		return 1;
	find_pairs(model, &view, &questions, wanted);
	return 0;
}
