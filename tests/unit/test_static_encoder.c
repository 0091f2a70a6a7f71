/*
 * Static encoders: what they learn from texts and their vectors, and what of a
 * damaged one is read.
 */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>
#include <fcntl.h>
#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "base/hash.h"
#include "index_dir.h"
#include "store/io.h"
#include "vector/static_encoder_fit.h"

#define TEXTS 2000
#define DIM   48
#define KINDS 60 /* of units */
#define LONG  6	 /* units of a text */

/* ---- texts whose vectors are the sum of their units' ---- */

struct world {
	struct kb_vec_builder b;
	struct kb_buf blob;
	void *aligned;
	struct kb_vec_view view;
	struct kb_term items[TEXTS][LONG];
	char names[TEXTS][24];
};

/* From -1 to 1. */
static float number(uint64_t seed)
{
	return (float)(kb_mix64(seed) >> 40) * 0x1p-23f - 1;
}

static float part_of(uint64_t key, size_t d)
{
	return number(key * 1000 + d);
}

/* noise: the share of the vectors that has nothing to do with the text. */
static struct world *make_world(float noise)
{
	struct world *w = kb_calloc(1, sizeof(*w));

	kb_vec_builder_init(&w->b, 7);
	for (uint32_t i = 0; i < TEXTS; i++) {
		float x[DIM] = {0};

		snprintf(w->names[i], sizeof(w->names[i]), "text %u", i);
		for (size_t u = 0; u < LONG; u++) {
			uint64_t key = kb_term_han1(
			    0x4e00 +
			    (uint32_t)(kb_mix64(i * LONG + u + 1) % KINDS));

			w->items[i][u].key = key;
			for (size_t d = 0; d < DIM; d++)
				x[d] += part_of(key, d) * (1 - noise);
		}
		for (size_t d = 0; d < DIM; d++)
			x[d] += number(0x777777 + i * DIM + d) * noise * LONG;
		assert_int_equal(kb_vec_add(&w->b, i, x, DIM, NULL), 0);
	}
	kb_buf_init(&w->blob, 0);
	kb_vec_write(&w->b, &w->blob);
	assert_int_equal(posix_memalign(&w->aligned, 64, w->blob.len), 0);
	memcpy(w->aligned, w->blob.ptr, w->blob.len);
	assert_int_equal(
	    kb_vec_open(&w->view, w->aligned, w->blob.len, NULL, 0, NULL), 0);
	return w;
}

static void free_world(struct world *w)
{
	kb_vec_builder_release(&w->b);
	kb_buf_release(&w->blob);
	free(w->aligned);
	free(w);
}

static void add(struct world *w, struct kb_static_texts *texts, size_t i)
{
	struct kb_terms terms = {.items = w->items[i], .n = LONG};

	kb_static_texts_add(texts, kb_str_of(w->names[i]), &terms, &w->view, i);
}

static bool fit(struct world *w, size_t n, size_t step, size_t threads,
		struct kb_static_encoder *out)
{
	struct kb_static_texts texts;
	bool kept;

	kb_static_texts_init(&texts, n * LONG);
	for (size_t i = 0; i < n; i++)
		add(w, &texts, i * step % n);
	kept = kb_static_fit(&texts, threads, out);
	kb_static_texts_release(&texts);
	return kept;
}

/* The cosine of a vector, rotated as those of the view, with a row. */
static float cosine(const struct world *w, const float *x, size_t row)
{
	struct kb_vec_query q;
	float score;

	assert_int_equal(kb_vec_query_init_rotated(&q, x, DIM, NULL), 0);
	score = kb_vec_score(&w->view, row, &q);
	kb_vec_query_release(&q);
	return score;
}

/* ---- tests ---- */

static void a_text_comes_near_its_vector(void **state)
{
	struct world *w = make_world(.1f);
	struct kb_static_encoder e;
	float x[64], least = 1;

	(void)state;
	assert_true(fit(w, TEXTS, 1, 1, &e));
	assert_int_equal(e.n, KINDS);
	assert_int_equal(e.dim, DIM);
	assert_int_equal(e.stride, 64);
	assert_int_equal(e.model, 7);
	assert_int_equal(e.texts, TEXTS);
	assert_true(e.agreement > .9f && e.agreement <= 1);
	for (size_t i = 0; i < TEXTS; i += 100) {
		struct kb_terms terms = {.items = w->items[i], .n = LONG};

		assert_true(kb_static_encode(&e, &terms, x));
		least = fminf(least, cosine(w, x, i));
	}
	assert_true(least > .9f);
	kb_static_release(&e);
	free_world(w);
}

static void a_text_of_unknown_units_has_no_vector(void **state)
{
	struct world *w = make_world(0);
	struct kb_term items[] = {{.key = kb_term_han1(0x3400)},
				  {.key = (uint64_t)KB_TERM_CODE << 60 | 1},
				  w->items[0][0]};
	struct kb_terms terms = {.items = items, .n = 2};
	struct kb_static_encoder e;
	float x[64], alone[64];

	(void)state;
	assert_true(fit(w, TEXTS, 1, 1, &e));
	assert_false(kb_static_encode(&e, &terms, x));
	/* beside a known one they count nothing */
	terms.n = 3;
	assert_true(kb_static_encode(&e, &terms, x));
	terms = (struct kb_terms){.items = items + 2, .n = 1};
	assert_true(kb_static_encode(&e, &terms, alone));
	assert_memory_equal(x, alone, sizeof(x));
	kb_static_release(&e);
	free_world(w);
}

static void order_and_threads_do_not_matter(void **state)
{
	struct world *w = make_world(.2f);
	struct kb_static_encoder a, b;

	(void)state;
	assert_true(fit(w, TEXTS, 1, 1, &a));
	assert_true(fit(w, TEXTS, 777, 3, &b));
	assert_int_equal(a.n, b.n);
	assert_true(a.agreement == b.agreement);
	assert_memory_equal(a.units, b.units, a.n * sizeof(*a.units));
	assert_memory_equal(a.scales, b.scales, a.n * sizeof(*a.scales));
	assert_memory_equal(a.rows, b.rows, a.n * a.stride);
	assert_memory_equal(a.mean, b.mean, a.stride * sizeof(*a.mean));
	kb_static_release(&a);
	kb_static_release(&b);
	free_world(w);
}

static void what_cannot_be_learned_is_not_kept(void **state)
{
	struct world *w = make_world(1);
	struct kb_static_encoder e;

	(void)state;
	assert_false(fit(w, TEXTS, 1, 2, &e));
	assert_int_equal(e.n, 0);
	assert_null(e.owned);
	assert_true(fabsf(e.agreement) < .2f);
	kb_static_release(&e);
	free_world(w);
}

static void few_texts_teach_nothing(void **state)
{
	struct world *w = make_world(0);
	struct kb_static_encoder e;

	(void)state;
	assert_false(fit(w, KB_STATIC_TEXTS_MIN - 1, 1, 1, &e));
	assert_true(e.agreement == 0);
	assert_true(fit(w, KB_STATIC_TEXTS_MIN, 1, 1, &e));
	kb_static_release(&e);
	/* nor does one text again and again */
	for (size_t i = 1; i < TEXTS; i++) {
		memcpy(w->items[i], w->items[0], sizeof(w->items[0]));
		memcpy(w->names[i], w->names[0], sizeof(w->names[0]));
	}
	assert_false(fit(w, TEXTS, 1, 1, &e));
	kb_static_release(&e);
	free_world(w);
}

static void of_much_text_a_share_is_taken(void **state)
{
	struct kb_static_texts texts;
	size_t taken = 0;

	(void)state;
	kb_static_texts_init(&texts, 4 * KB_STATIC_SAMPLE);
	for (unsigned i = 0; i < TEXTS; i++) {
		char name[24];

		snprintf(name, sizeof(name), "text %u", i);
		taken += kb_static_texts_wants(&texts, kb_str_of(name));
	}
	assert_in_range(taken, TEXTS / 5, TEXTS / 3);
	kb_static_texts_init(&texts, KB_STATIC_SAMPLE);
	assert_true(kb_static_texts_wants(&texts, kb_str_of("any")));
}

/* ---- in a file ---- */

static void write_to(const struct kb_static_encoder *e, int dir,
		     struct kb_container_view *view)
{
	struct kb_container out;
	struct kb_io io;

	kb_io_init(&io, "here", dir);
	assert_int_equal(
	    kb_container_create(&out, &io, "g1-0.glob", KB_KIND_GLOBAL, NULL),
	    0);
	kb_static_write(e, &out);
	assert_int_equal(kb_container_finish(&out, NULL), 0);
	assert_int_equal(kb_container_map(view, dir, "g1-0.glob",
					  KB_KIND_GLOBAL, KB_STATIC_KNOWN,
					  NULL),
			 0);
}

static void a_damaged_one_is_refused(const struct kb_container_view *view)
{
	struct kb_static_encoder e;
	struct kb_err err;
	uint32_t head[10];

	for (uint32_t type = 1; type <= 5; type++) {
		struct kb_container_view cut = *view;

		cut.sec[type].len--;
		assert_int_equal(kb_static_open(&e, &cut, &err), KB_EFORMAT);
		assert_non_null(strstr(err.msg, "static encoder is damaged"));
		cut.sec[type].ptr = NULL;
		assert_int_equal(kb_static_open(&e, &cut, NULL), KB_EFORMAT);
		assert_int_equal(e.n, 0);
	}
	/* version, dimensions, stride, units */
	for (size_t i = 0; i < 4; i++) {
		struct kb_container_view other = *view;

		memcpy(head, view->sec[1].ptr, sizeof(head));
		head[i] += 1 << 17;
		other.sec[1].ptr = (const unsigned char *)head;
		assert_int_equal(kb_static_open(&e, &other, NULL), KB_EFORMAT);
	}
}

static void what_is_written_is_read(void **state)
{
	struct world *w = make_world(0);
	struct kb_static_encoder e, again;
	struct kb_container_view view;
	struct kb_terms terms = {.items = w->items[3], .n = LONG};
	struct index_dir d;
	float x[64], y[64];
	int dir;

	(void)state;
	index_dir_make(&d);
	dir = open(d.path, O_RDONLY | O_DIRECTORY);
	assert_true(dir >= 0);
	assert_true(fit(w, TEXTS, 1, 1, &e));
	write_to(&e, dir, &view);
	assert_int_equal(kb_static_open(&again, &view, NULL), 0);
	assert_int_equal(again.dim, DIM);
	assert_int_equal(again.model, e.model);
	assert_int_equal(again.texts, e.texts);
	assert_true(again.agreement == e.agreement);
	assert_true(kb_static_encode(&e, &terms, x));
	assert_true(kb_static_encode(&again, &terms, y));
	assert_memory_equal(x, y, sizeof(x));
	kb_static_release(&again);
	a_damaged_one_is_refused(&view);
	kb_container_unmap(&view);
	kb_static_release(&e);
	close(dir);
	index_dir_remove(&d);
	free_world(w);
}

static void slots_are_known_by_their_names(void **state)
{
	(void)state;
	assert_true(kb_static_is_slot("static"));
	assert_true(kb_static_is_slot("static-2"));
	assert_false(kb_static_is_slot("wordvec"));
	assert_false(kb_static_is_slot(""));
}

int main(void)
{
	const struct CMUnitTest tests[] = {
	    cmocka_unit_test(a_text_comes_near_its_vector),
	    cmocka_unit_test(a_text_of_unknown_units_has_no_vector),
	    cmocka_unit_test(order_and_threads_do_not_matter),
	    cmocka_unit_test(what_cannot_be_learned_is_not_kept),
	    cmocka_unit_test(few_texts_teach_nothing),
	    cmocka_unit_test(of_much_text_a_share_is_taken),
	    cmocka_unit_test(what_is_written_is_read),
	    cmocka_unit_test(slots_are_known_by_their_names),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
