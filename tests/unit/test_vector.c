#include <math.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdlib.h>

#include <cmocka.h>

#include "base/hash.h"
#include "vector/code_scan.h"
#include "vector/vector.h"

static float noise(uint64_t *state)
{
	*state += 0x9e3779b97f4a7c15u;
	return (float)((double)(kb_mix64(*state) >> 11) * 0x1p-52 - 1);
}

static void fill(float *x, size_t n, uint64_t seed)
{
	for (size_t i = 0; i < n; i++)
		x[i] = noise(&seed);
}

static void rotation_keeps_dot_products(void **state)
{
	static const size_t dims[] = {1, 64, 100, 384, 768, 1024, 4096};
	float a[4096], b[4096];

	(void)state;
	for (size_t t = 0; t < sizeof(dims) / sizeof(*dims); t++) {
		size_t n = kb_rotate_padded(dims[t]);
		double before = 0, after = 0;

		fill(a, n, 1);
		fill(b, n, 2);
		for (size_t i = 0; i < n; i++)
			before += (double)a[i] * b[i];
		kb_rotate(a, n);
		kb_rotate(b, n);
		for (size_t i = 0; i < n; i++)
			after += (double)a[i] * b[i];
		assert_true(fabs(before - after) < 1e-2);
	}
}

static void rotation_spreads_a_single_coordinate(void **state)
{
	float a[768] = {0};

	(void)state;
	a[700] = 1;
	kb_rotate(a, 768);
	for (size_t i = 0; i < 768; i++)
		assert_true(fabsf(a[i]) < 0.3f);
}

static void every_instruction_set_gives_the_same_sums(void **state)
{
	static int8_t hi[4096], lo[4096], x[4096];
	static unsigned char codes[16 * 1024], table[16 * 1024];
	uint64_t s = 3;

	(void)state;
	for (size_t i = 0; i < 4096; i++) {
		hi[i] = (int8_t)(kb_mix64(s++) % 129 - 64);
		lo[i] = (int8_t)(kb_mix64(s++) % 129 - 64);
		x[i] = (int8_t)(kb_mix64(s++) % 255 - 127);
	}
	x[0] = hi[0] = lo[0] = 127;
	x[1] = hi[1] = lo[1] = -127;
	for (size_t i = 0; i < sizeof(codes); i++) {
		codes[i] = (unsigned char)kb_mix64(s++);
		table[i] = i % 3 ? 60 : (unsigned char)(kb_mix64(s++) % 61);
	}
	for (size_t n = 64; n <= 4096; n += 64) {
		int32_t want[2], got[2];
		uint32_t sums[2][KB_SCAN_BLOCK];

		kb_scan_force(KB_SCAN_PLAIN);
		kb_scan_dot2(hi, lo, x, n, want);
		kb_scan_block(codes, table, n / 4, sums[0]);
		for (int isa = KB_SCAN_AVX2; isa <= KB_SCAN_AVX512; isa++) {
			if (kb_scan_force((enum kb_scan_isa)isa))
				continue;
			kb_scan_dot2(hi, lo, x, n, got);
			assert_int_equal(want[0], got[0]);
			assert_int_equal(want[1], got[1]);
			kb_scan_block(codes, table, n / 4, sums[1]);
			assert_memory_equal(sums[0], sums[1], sizeof(sums[0]));
		}
	}
}

#define DIM   96
#define COUNT 1000

struct fixture {
	struct kb_buf vectors, codes;
	struct kb_vec_view plain, coded;
};

static void build(struct fixture *f)
{
	struct kb_vec_builder b;
	float x[DIM];

	*f = (struct fixture){0};
	kb_vec_builder_init(&b, 7);
	for (uint32_t i = 0; i < COUNT; i++) {
		fill(x, DIM, i);
		if (i == 500)
			memset(x, 0, sizeof(x));
		assert_int_equal(kb_vec_add(&b, 2 * i, x, DIM, NULL), 0);
	}
	kb_vec_write(&b, &f->vectors);
	kb_vec_builder_release(&b);
	assert_int_equal(kb_vec_open(&f->plain, (void *)f->vectors.ptr,
				     f->vectors.len, NULL, 0, NULL),
			 0);
	kb_vec_write_codes(&f->plain, &f->codes);
	assert_int_equal(kb_vec_open(&f->coded, (void *)f->vectors.ptr,
				     f->vectors.len, (void *)f->codes.ptr,
				     f->codes.len, NULL),
			 0);
}

static void drop(struct fixture *f)
{
	kb_buf_release(&f->vectors);
	kb_buf_release(&f->codes);
}

static void a_vector_finds_itself_first_exactly_and_by_codes(void **state)
{
	struct fixture f;

	(void)state;
	build(&f);
	assert_int_equal(f.plain.n, COUNT - 1);
	for (uint32_t i = 0; i < COUNT; i += 37) {
		struct kb_vec_view views[2] = {f.plain, f.coded};
		struct kb_vec_search how = {.k = 3};
		struct kb_vec_query q;
		struct kb_vec_hit hits[3];
		float x[DIM];

		fill(x, DIM, i);
		assert_int_equal(kb_vec_query_init(&q, x, DIM, NULL), 0);
		assert_int_equal(kb_vec_search(views, 2, &q, &how, hits), 3);
		assert_int_equal(hits[0].view, 0);
		assert_int_equal(hits[1].view, 1);
		assert_int_equal(hits[0].chunk, 2 * i);
		assert_int_equal(hits[1].chunk, 2 * i);
		assert_true(fabsf(hits[0].score - 1) < 0.01f);
		assert_true(hits[2].score < 0.9f);
		kb_vec_query_release(&q);
	}
	drop(&f);
}

static bool only_even(void *arg, uint32_t view, uint32_t chunk)
{
	(void)view;
	++*(size_t *)arg;
	return chunk % 4 == 0;
}

static void refused_chunks_do_not_take_places(void **state)
{
	struct fixture f;
	size_t asked = 0;
	struct kb_vec_search how = {
	    .k = 600, .pool = 600, .accept = only_even, .arg = &asked};
	struct kb_vec_hit hits[600];
	struct kb_vec_query q;
	float x[DIM];

	(void)state;
	build(&f);
	fill(x, DIM, 1);
	assert_int_equal(kb_vec_query_init(&q, x, DIM, NULL), 0);
	assert_int_equal(kb_vec_search(&f.coded, 1, &q, &how, hits), 499);
	for (size_t i = 0; i < 499; i++)
		assert_int_equal(hits[i].chunk % 4, 0);
	assert_true(asked >= 499);
	kb_vec_query_release(&q);
	drop(&f);
}

static void a_row_survives_a_merge_unchanged(void **state)
{
	struct fixture f;
	struct kb_vec_builder b;
	struct kb_buf again = {0};
	struct kb_vec_view v;
	struct kb_err err = {0};

	(void)state;
	build(&f);
	kb_vec_builder_init(&b, 7);
	for (size_t i = 0; i < f.plain.n; i++)
		assert_int_equal(
		    kb_vec_add_row(&b, f.plain.rows[i], &f.plain, i, NULL), 0);
	kb_vec_write(&b, &again);
	assert_int_equal(again.len, f.vectors.len);
	assert_memory_equal(again.ptr, f.vectors.ptr, again.len);
	assert_int_equal(
	    kb_vec_open(&v, (void *)again.ptr, again.len, NULL, 0, NULL), 0);
	assert_int_equal(kb_vec_row(&v, 14), 7);
	assert_int_equal(kb_vec_row(&v, 15), -1);
	v.model = 8;
	assert_int_equal(kb_vec_add_row(&b, 5000, &v, 0, &err), KB_EINVAL);
	kb_vec_builder_release(&b);
	kb_buf_release(&again);
	drop(&f);
}

static void a_cut_or_changed_blob_is_refused(void **state)
{
	struct fixture f;
	struct kb_vec_view v;

	(void)state;
	build(&f);
	for (size_t len = 0; len < f.vectors.len; len += 61)
		assert_int_equal(
		    kb_vec_open(&v, (void *)f.vectors.ptr, len, NULL, 0, NULL),
		    KB_EFORMAT);
	for (size_t len = 0; len < f.codes.len; len += 61)
		assert_int_equal(kb_vec_open(&v, (void *)f.vectors.ptr,
					     f.vectors.len, (void *)f.codes.ptr,
					     len, NULL),
				 KB_EFORMAT);
	f.vectors.ptr[8] ^= 1;
	assert_int_equal(kb_vec_open(&v, (void *)f.vectors.ptr, f.vectors.len,
				     NULL, 0, NULL),
			 KB_EFORMAT);
	drop(&f);
}

/* Beside the mean over all pairs; rows of zeros are none. */
static void the_mean_cosine_is_that_of_all_pairs(void **state)
{
	struct kb_vec_view parts[3] = {{0}};
	struct kb_vec_query q;
	double sum = 0;
	struct fixture f;
	float x[DIM];

	(void)state;
	build(&f);
	assert_int_equal(f.plain.n, COUNT - 1);
	for (uint32_t i = 0; i < COUNT; i++) {
		fill(x, DIM, i);
		if (i == 500)
			continue;
		assert_int_equal(kb_vec_query_init(&q, x, DIM, NULL), 0);
		for (size_t row = 0; row < f.plain.n; row++)
			if (f.plain.rows[row] != 2 * i)
				sum += (double)kb_vec_score(&f.plain, row, &q);
		kb_vec_query_release(&q);
	}
	sum /= (COUNT - 1.0) * (COUNT - 2.0);
	assert_float_equal(kb_vec_mean_cosine(&f.plain, 1), sum, 1e-4);
	/* the same in two parts, and one of another model is passed over */
	parts[0] = parts[2] = f.plain;
	parts[0].n = 400;
	parts[1] = (struct kb_vec_view){.stride = 64, .n = 9};
	parts[2].n -= 400;
	parts[2].scales += 400;
	parts[2].data += 400 * parts[2].stride;
	assert_float_equal(kb_vec_mean_cosine(parts, 3), sum, 1e-4);
	parts[0].n = 1;
	assert_true(isnan(kb_vec_mean_cosine(parts, 1)));
	assert_true(isnan(kb_vec_mean_cosine(parts, 0)));
	drop(&f);
}

static void mixed_dimensions_and_odd_vectors_are_refused(void **state)
{
	struct kb_vec_builder b;
	struct kb_vec_query q;
	struct kb_err err = {0};
	float x[8] = {1, 2, 3};
	float nan[2] = {NAN, 1};

	(void)state;
	kb_vec_builder_init(&b, 0);
	assert_int_equal(kb_vec_add(&b, 0, x, 8, &err), 0);
	assert_int_equal(kb_vec_add(&b, 1, x, 7, &err), KB_EINVAL);
	assert_string_equal(err.msg, "vector of 7 dimensions in an index of 8");
	kb_vec_builder_release(&b);
	assert_int_equal(kb_vec_query_init(&q, x + 4, 4, &err), KB_EINVAL);
	assert_int_equal(kb_vec_query_init(&q, nan, 2, &err), KB_EINVAL);
	assert_int_equal(kb_vec_query_init(&q, x, 5000, &err), KB_ELIMIT);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
	    cmocka_unit_test(rotation_keeps_dot_products),
	    cmocka_unit_test(rotation_spreads_a_single_coordinate),
	    cmocka_unit_test(every_instruction_set_gives_the_same_sums),
	    cmocka_unit_test(a_vector_finds_itself_first_exactly_and_by_codes),
	    cmocka_unit_test(refused_chunks_do_not_take_places),
	    cmocka_unit_test(a_row_survives_a_merge_unchanged),
	    cmocka_unit_test(the_mean_cosine_is_that_of_all_pairs),
	    cmocka_unit_test(a_cut_or_changed_blob_is_refused),
	    cmocka_unit_test(mixed_dimensions_and_odd_vectors_are_refused),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
