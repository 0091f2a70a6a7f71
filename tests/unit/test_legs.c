#include <math.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdlib.h>

#include <cmocka.h>

#include "base/hash.h"
#include "graph/graph.h"
#include "index/write/writer_legs.h"
#include "index_dir.h"
#include "vector/vector.h"
#include "vector/word_vectors.h"
#include "vector/word_vectors_impl.h"

/* Documents [from, to), every one with a vector of its own. */
static int fill(const char *path, unsigned from, unsigned to, bool optimize,
		struct kb_err *err)
{
	const struct kb_writer_options opt = {.optimize = optimize};
	struct kb_legs legs = {0};
	struct kb_writer *w;
	int rc = kb_writer_open(&w, path, &opt, err);

	if (!rc)
		rc = kb_legs_join(&legs, w, NULL, err);
	for (unsigned i = from; i < to && !rc; i++) {
		char id[16], text[1024], vector[64];
		struct kb_writer_doc doc = {0};

		snprintf(id, sizeof(id), "d%u", i);
		snprintf(vector, sizeof(vector), "[%u,1,%u]", i % 7, i % 5);
		index_dir_text(i, text, sizeof(text) - 64);
		/* More words than the generator has. */
		snprintf(text + strlen(text), 32, " %c%cter %c%cing",
			 'a' + i % 20, 'a' + i % 17, 'b' + i % 13,
			 'a' + i % 11);
		doc.id = kb_str_of(id);
		doc.title = KB_STR("Hank Snow");
		doc.text = kb_str_of(text);
		doc.vector = kb_str_of(vector);
		rc = kb_writer_put(w, &doc, err);
	}
	if (!rc)
		rc = kb_writer_commit(w, err);
	kb_writer_close(w);
	kb_legs_release(&legs);
	return rc;
}

/* All three legs of every segment cover its chunks, with one model. */
static void check(const char *path, size_t want)
{
	struct kb_index *index;
	struct kb_wordvec *model;
	size_t n = 0;

	assert_int_equal(kb_index_open(&index, path, NULL), 0);
	assert_int_equal(
	    kb_wordvec_open(&model, kb_index_global(index, KB_WORDVEC_SLOT),
			    NULL),
	    0);
	for (size_t i = 0; i < index->n_segments; i++) {
		const struct kb_segment *seg = index->segments[i];
		const struct kb_section *sec = seg->sec;
		struct kb_vec_view v;
		struct kb_graph g;

		assert_int_equal(kb_vec_open(&v, sec[KB_SEC_VECTORS].ptr,
					     sec[KB_SEC_VECTORS].len, NULL, 0,
					     NULL),
				 0);
		assert_int_equal(v.n, seg->n_chunks);
		assert_int_equal(v.dim, 3);
		assert_int_equal(kb_vec_open_joint(&v, sec[KB_SEC_WORDVEC].ptr,
						   sec[KB_SEC_WORDVEC].len,
						   NULL),
				 0);
		assert_int_equal(v.n, seg->n_chunks);
		assert_true(v.model == kb_wordvec_id(model));
		assert_int_equal(kb_graph_open(&g, sec[KB_SEC_ENTITIES].ptr,
					       sec[KB_SEC_ENTITIES].len,
					       sec[KB_SEC_EDGES].ptr,
					       sec[KB_SEC_EDGES].len, NULL),
				 0);
		assert_int_equal(g.n_chunks, seg->n_chunks);
		n += seg->n_live;
	}
	assert_int_equal(n, want);
	kb_wordvec_free(model);
	kb_index_close(index);
}

static void legs_cover_a_build_a_refresh_and_a_merge(void **state)
{
	struct index_dir dir;
	struct kb_err err = {0};

	(void)state;
	index_dir_make(&dir);
	assert_int_equal(fill(dir.path, 0, 300, false, &err), 0);
	check(dir.path, 300);
	assert_int_equal(fill(dir.path, 250, 400, false, &err), 0);
	check(dir.path, 400);
	assert_int_equal(fill(dir.path, 0, 0, true, &err), 0);
	check(dir.path, 400);
	index_dir_remove(&dir);
}

/* Documents [from, to) in the order given, some of which speak of titles that
 * come later. */
static int tell(const char *path, unsigned from, unsigned to, bool rebuild,
		struct kb_err *err)
{
	const struct kb_writer_options opt = {.rebuild = rebuild};
	struct kb_legs legs = {.rebuild = rebuild};
	struct kb_writer *w;
	int rc = kb_writer_open(&w, path, &opt, err);

	if (!rc)
		rc = kb_legs_join(&legs, w, NULL, err);
	for (unsigned i = from; i < to && !rc; i++) {
		char id[16], title[32], text[1024], meta[80];
		struct kb_writer_doc doc = {0};

		snprintf(id, sizeof(id), "d%u", i);
		snprintf(title, sizeof(title), "Velvet Harbour %u", i);
		snprintf(text, sizeof(text),
			 "it was made by velvet harbour %u %c%cter %c%cing ",
			 (i * 7 + 90) % 200, 'a' + i % 20, 'a' + i % 17,
			 'b' + i % 13, 'a' + i % 11);
		index_dir_text(i, text + strlen(text), 800);
		doc.id = kb_str_of(id);
		doc.title = kb_str_of(title);
		doc.text = kb_str_of(text);
		if (i % 5 == 0) {
			doc.triple[0] = kb_str_of(id);
			doc.triple[1] = KB_STR("likes");
			doc.triple[2] = KB_STR("Bo");
			snprintf(meta, sizeof(meta),
				 "{\"triple\":[\"%s\",\"likes\",\"Bo\"]}", id);
			doc.meta = kb_str_of(meta);
		}
		rc = kb_writer_put(w, &doc, err);
	}
	if (!rc)
		rc = kb_writer_commit(w, err);
	kb_writer_close(w);
	kb_legs_release(&legs);
	return rc;
}

static uint64_t model_of(const struct kb_index *index)
{
	struct kb_wordvec *model;
	uint64_t id;

	assert_int_equal(
	    kb_wordvec_open(&model, kb_index_global(index, KB_WORDVEC_SLOT),
			    NULL),
	    0);
	id = kb_wordvec_id(model);
	kb_wordvec_free(model);
	return id;
}

static void an_index_that_doubled_learns_like_a_new_one(void **state)
{
	static const int sections[] = {KB_SEC_WORDVEC, KB_SEC_ENTITIES,
				       KB_SEC_EDGES};
	struct kb_index *grown, *made;
	struct index_dir a, b;
	struct kb_err err = {0};
	uint64_t first;

	(void)state;
	index_dir_make(&a);
	index_dir_make(&b);
	assert_int_equal(tell(a.path, 0, 100, false, &err), 0);
	assert_int_equal(kb_index_open(&grown, a.path, NULL), 0);
	first = model_of(grown);
	kb_index_close(grown);
	assert_int_equal(tell(a.path, 100, 199, false, &err), 0);
	assert_int_equal(kb_index_open(&grown, a.path, NULL), 0);
	assert_true(model_of(grown) == first);
	assert_int_equal(grown->n_segments, 2);
	kb_index_close(grown);
	assert_int_equal(tell(a.path, 199, 200, false, &err), 0);
	assert_int_equal(tell(b.path, 0, 200, false, &err), 0);
	assert_int_equal(kb_index_open(&grown, a.path, NULL), 0);
	assert_int_equal(kb_index_open(&made, b.path, NULL), 0);
	assert_true(model_of(grown) != first);
	assert_true(model_of(grown) == model_of(made));
	assert_int_equal(grown->n_segments, 1);
	for (size_t i = 0; i < sizeof(sections) / sizeof(*sections); i++) {
		const struct kb_section *x =
		    &grown->segments[0]->sec[sections[i]];
		const struct kb_section *y =
		    &made->segments[0]->sec[sections[i]];

		assert_int_equal(x->len, y->len);
		assert_memory_equal(x->ptr, y->ptr, x->len);
	}
	assert_int_equal(grown->settings.learnt, 200);
	kb_index_close(grown);
	kb_index_close(made);
	index_dir_remove(&a);
	index_dir_remove(&b);
}

/* A model tells by a term's length how rare it is, not how much company it
 * kept: 100 terms, the first with few neighbours, the last with all. */
static void a_term_counts_by_its_rarity_alone(void **unused)
{
	enum { TEXTS = 1000, LENGTH = 8, TERMS = 100 };
	uint32_t terms[TEXTS * LENGTH];
	size_t ends[TEXTS], counts[TERMS] = {0};
	struct kb_wordvec *model;

	(void)unused;
	for (size_t i = 0; i < TEXTS * LENGTH; i++) {
		size_t text = i / LENGTH, first = text % TERMS;

		terms[i] =
		    (uint32_t)((first + kb_mix64(i) % (1 + first)) % TERMS);
		counts[terms[i]]++;
		ends[text] = i + 1;
	}
	model = kb_wordvec_train(terms, ends, TEXTS);
	assert_non_null(model);
	for (uint32_t i = 0; i < model->n; i++) {
		double p = (double)counts[model->terms[i]] / (TEXTS * LENGTH);
		double squares = 0;

		for (size_t d = 0; d < KB_WORDVEC_DIM; d++) {
			double v = model->vectors[i * KB_WORDVEC_DIM + d];

			squares += v * v;
		}
		assert_true(fabs(sqrt(squares) * (double)model->scales[i] -
				 2e-3 / (2e-3 + p)) <= .01);
	}
	kb_wordvec_free(model);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
	    cmocka_unit_test(a_term_counts_by_its_rarity_alone),
	    cmocka_unit_test(legs_cover_a_build_a_refresh_and_a_merge),
	    cmocka_unit_test(an_index_that_doubled_learns_like_a_new_one),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
