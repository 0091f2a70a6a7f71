#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdlib.h>

#include <cmocka.h>

#include "index/graph.h"
#include "index/legs.h"
#include "index/vector.h"
#include "index/wordvec.h"
#include "index_dir.h"

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

int main(void)
{
	const struct CMUnitTest tests[] = {
	    cmocka_unit_test(legs_cover_a_build_a_refresh_and_a_merge),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
