#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <unistd.h>

#include <cmocka.h>

#include "base/hash.h"
#include "index/write/writer.h"
#include "search/lexical/collect.h"
#include "search/lexical/lexical.h"

static uint64_t seed = 1;

static uint32_t draw(uint32_t below)
{
	seed += 0x9e3779b97f4a7c15u;
	return (uint32_t)(kb_mix64(seed) >> 32) % below;
}

/* A rank, low ones far more often. */
static uint32_t draw_word(uint32_t n)
{
	return draw(1 + draw(1 + draw(n)));
}

static void add_words(struct kb_buf *text, uint32_t n)
{
	for (uint32_t i = 0; i < n; i++) {
		uint32_t word = draw_word(3000);

		if (word % 3)
			kb_buf_printf(text, " w%ub", word);
		else
			kb_buf_printf(text, "\xe4%c%c", 0xb8 + word % 7,
				      0x80 + word / 7 % 64);
	}
}

#define N_DOCS 9000

static char dir[] = "/tmp/kb-lexical-XXXXXX";
static struct kb_buf texts[N_DOCS];

static struct kb_index *build(const char *name, uint32_t first, uint32_t step,
			      bool in_parts)
{
	struct kb_writer_options options = {.single_thread = true};
	struct kb_index *index;
	struct kb_writer *writer;
	char path[128], id[16];

	snprintf(path, sizeof(path), "%s/%s", dir, name);
	assert_int_equal(kb_writer_open(&writer, path, &options, NULL), 0);
	for (uint32_t i = first; i < N_DOCS; i += step) {
		struct kb_writer_doc doc = {.text = kb_buf_str(&texts[i])};

		snprintf(id, sizeof(id), "d%u", i);
		doc.id = kb_str_of(id);
		assert_int_equal(kb_writer_put(writer, &doc, NULL), 0);
		if (!in_parts || i % 3001 != 3000)
			continue;
		assert_int_equal(kb_writer_commit(writer, NULL), 0);
		kb_writer_close(writer);
		assert_int_equal(kb_writer_open(&writer, path, &options, NULL),
				 0);
	}
	assert_int_equal(kb_writer_commit(writer, NULL), 0);
	kb_writer_close(writer);
	assert_int_equal(kb_index_open(&index, path, NULL), 0);
	return index;
}

struct fixture {
	struct kb_index *whole, *parts, *odd, *even;
	struct kb_lexical *lex;
	struct kb_analyzer *analyzer;
	struct kb_terms terms;
};

static int set_up(void **state)
{
	static struct fixture f;

	assert_non_null(mkdtemp(dir));
	for (uint32_t i = 0; i < N_DOCS; i++) {
		kb_buf_init(&texts[i], 0);
		/* some documents are alike, for ties */
		if (i % 50 == 49)
			kb_buf_add_str(&texts[i], kb_buf_str(&texts[i - 7]));
		else
			add_words(&texts[i], 5 + draw(60));
	}
	f.whole = build("whole", 0, 1, false);
	f.parts = build("parts", 0, 1, true);
	f.even = build("even", 0, 2, false);
	f.odd = build("odd", 1, 2, false);
	f.lex = kb_lexical_new();
	f.analyzer = kb_analyzer_new();
	*state = &f;
	return 0;
}

static int tear_down(void **state)
{
	struct fixture *f = *state;
	char command[128];
	pid_t unused;

	kb_index_close(f->whole);
	kb_index_close(f->parts);
	kb_index_close(f->even);
	kb_index_close(f->odd);
	kb_lexical_free(f->lex);
	kb_analyzer_free(f->analyzer);
	kb_terms_release(&f->terms);
	for (uint32_t i = 0; i < N_DOCS; i++)
		kb_buf_release(&texts[i]);
	snprintf(command, sizeof(command), "rm -rf '%s'", dir);
	unused = (pid_t)system(command);
	(void)unused;
	return 0;
}

static struct kb_scope scope_of(struct kb_index **indexes, size_t n)
{
	static struct kb_scope_segment segments[64];
	struct kb_scope scope = {.segments = segments};

	for (uint32_t i = 0; i < n; i++) {
		for (size_t s = 0; s < indexes[i]->n_segments; s++)
			segments[scope.n++] = (struct kb_scope_segment){
			    indexes[i]->segments[s], indexes[i], i,
			    indexes[i]->segments[s]->live};
		scope.n_chunks += indexes[i]->n_chunks;
		scope.total_length += indexes[i]->total_length;
	}
	return scope;
}

/* Results as text: ids and scores. */
static void search(struct fixture *f, struct kb_index **indexes, size_t n,
		   const char *query, size_t k, bool exhaustive,
		   struct kb_buf *out)
{
	struct kb_scope scope = scope_of(indexes, n);
	struct kb_lex_params params = kb_lex_defaults;
	struct kb_lex_term terms[KB_LEX_TERMS];
	struct kb_candidate found[100];
	size_t n_terms, n_found;

	kb_buf_reset(out);
	params.exhaustive = exhaustive;
	kb_terms_reset(&f->terms);
	kb_analyze(f->analyzer, query, strlen(query), &f->terms);
	n_terms =
	    kb_lexical_gather(&f->terms, &params, 1, terms, 0, KB_LEX_TERMS);
	kb_lexical_stats(&scope, terms, n_terms);
	assert_int_equal(kb_lexical_search(f->lex, &scope, terms, n_terms,
					   &params, k, found, &n_found, NULL),
			 0);
	for (size_t i = 0; i < n_found; i++) {
		struct kb_str id = kb_segment_id(
		    scope.segments[found[i].segment].segment, found[i].chunk);

		kb_buf_printf(out, "%.*s %.6f\n", (int)id.len, id.ptr,
			      (double)found[i].raw);
	}
}

static void check_queries(struct fixture *f, struct kb_index **indexes,
			  size_t n, bool exhaustive)
{
	struct kb_buf query, want, got;

	kb_buf_init(&query, 0);
	kb_buf_init(&want, 0);
	kb_buf_init(&got, 0);
	for (int i = 0; i < 60; i++) {
		size_t k = (size_t)(i % 3 == 0 ? 1 : i % 3 == 1 ? 10 : 100);

		kb_buf_reset(&query);
		add_words(&query, 1 + draw(15));
		search(f, &f->whole, 1, query.ptr, k, exhaustive, &want);
		search(f, indexes, n, query.ptr, k, false, &got);
		assert_true(want.len > 0);
		assert_string_equal(want.ptr, got.ptr);
	}
	kb_buf_release(&query);
	kb_buf_release(&want);
	kb_buf_release(&got);
}

static void pruning_changes_no_result(void **state)
{
	struct fixture *f = *state;

	check_queries(f, &f->whole, 1, true);
}

static void a_refreshed_index_answers_like_a_rebuilt_one(void **state)
{
	struct fixture *f = *state;

	check_queries(f, &f->parts, 1, false);
}

static void several_indexes_answer_like_one(void **state)
{
	struct fixture *f = *state;
	struct kb_index *both[] = {f->even, f->odd};

	check_queries(f, both, 2, false);
}

static void alike_documents_come_in_the_order_of_their_ids(void **state)
{
	struct fixture *f = *state;
	struct kb_buf got;

	kb_buf_init(&got, 0);
	search(f, &f->whole, 1, texts[42].ptr, 2, false, &got);
	assert_int_equal(memcmp(got.ptr, "d42 ", 4), 0);
	assert_non_null(memmem(got.ptr, got.len, "\nd49 ", 5));
	kb_buf_release(&got);
}

static void explained_parts_add_up_to_the_score(void **state)
{
	struct fixture *f = *state;
	struct kb_scope scope = scope_of(&f->parts, 1);
	struct kb_lex_term terms[KB_LEX_TERMS];
	float parts[KB_LEX_TERMS];
	struct kb_candidate found[10];
	size_t n, n_found;

	kb_terms_reset(&f->terms);
	kb_analyze(f->analyzer, texts[77].ptr, texts[77].len, &f->terms);
	n = kb_lexical_gather(&f->terms, &kb_lex_defaults, 1, terms, 0,
			      KB_LEX_TERMS);
	kb_lexical_stats(&scope, terms, n);
	assert_int_equal(kb_lexical_search(f->lex, &scope, terms, n,
					   &kb_lex_defaults, 10, found,
					   &n_found, NULL),
			 0);
	for (size_t i = 0; i < n_found; i++) {
		float sum = 0;

		kb_lexical_explain(&scope, terms, n, &kb_lex_defaults,
				   found[i].segment, found[i].chunk, parts);
		for (size_t t = 0; t < n; t++)
			sum += parts[t];
		assert_float_equal(sum, found[i].raw, 0.01);
	}
}

static void all_processors_collect_alike(void **state)
{
	enum { N = 4 * KB_COLLECT_STEP };
	int32_t points[N];
	uint16_t want[N], got[N + KB_COLLECT_STEP];

	(void)state;
	for (uint32_t round = 0; round < 300; round++) {
		int32_t least = 1 + (int32_t)draw(100);
		uint32_t n = 0;

		for (uint16_t i = 0; i < N; i++) {
			points[i] = (int32_t)draw(1 + round);
			if (points[i] >= least)
				want[n++] = i;
		}
		for (const struct kb_collect *c = kb_collect_all; c->name;
		     c++) {
			if (!c->supported())
				continue;
			assert_int_equal(c->run(points, N, least, got), n);
			assert_memory_equal(got, want, n * sizeof(*want));
		}
	}
}

int main(void)
{
	const struct CMUnitTest tests[] = {
	    cmocka_unit_test(pruning_changes_no_result),
	    cmocka_unit_test(a_refreshed_index_answers_like_a_rebuilt_one),
	    cmocka_unit_test(several_indexes_answer_like_one),
	    cmocka_unit_test(alike_documents_come_in_the_order_of_their_ids),
	    cmocka_unit_test(explained_parts_add_up_to_the_score),
	    cmocka_unit_test(all_processors_collect_alike),
	};

	return cmocka_run_group_tests_name("lexical", tests, set_up, tear_down);
}
