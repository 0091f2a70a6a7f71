/* What text-classify is made of: features, sums, learning, columns, tables. */
#include <math.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>

#include <cmocka.h>

#include "base/hash.h"
#include "classify/class_columns.h"
#include "classify/class_kernel.h"
#include "classify/class_score.h"
#include "classify/class_train.h"
#include "learn/one_vs_rest.h"
#include "json/csv.h"

#define S(literal) KB_STR(literal)

/* ---- features ---- */

static bool same_features(struct kb_str a, struct kb_str b)
{
	struct kb_class_features x, y;
	bool same;

	kb_class_features_init(&x);
	kb_class_features_init(&y);
	kb_class_features_make(&x, a);
	kb_class_features_make(&y, b);
	same = x.n == y.n && !memcmp(x.items, y.items, x.n * sizeof(*x.items));
	kb_class_features_release(&x);
	kb_class_features_release(&y);
	return same;
}

static void folded_text_has_the_same_features(void **state)
{
	(void)state;
	assert_true(same_features(S("Where is it?"), S("where  is\tit ?")));
	assert_true(same_features(S("到賬"), S("到账")));
	assert_true(same_features(S("\xef\xbc\xa1\xef\xbc\x91"), S("a1")));
	assert_true(same_features(S("a\xff\xfe b"), S("a b")));
	assert_false(same_features(S("a b"), S("b a")));
	assert_false(same_features(S("退款"), S("款退")));
}

static void each_feature_is_there_once(void **state)
{
	struct kb_class_features f;
	size_t n;

	(void)state;
	kb_class_features_init(&f);
	kb_class_features_make(&f, S("ab"));
	/* the word; it behind the beginning, and before the end; _a _ab _ab_
	 * ab ab_ b_ */
	assert_int_equal(f.n, 3 + 6);
	n = f.n;
	kb_class_features_make(&f, S("ab ab"));
	for (size_t i = 0; i < f.n; i++)
		for (size_t k = 0; k < i; k++)
			assert_true(f.items[i].key != f.items[k].key);
	assert_int_equal(f.items[0].count, 2);
	assert_true(f.n > n && f.n < 2 * n);
	kb_class_features_make(&f, S(""));
	assert_int_equal(f.n, 0);
	kb_class_features_make(&f, S(" \n\t"));
	assert_int_equal(f.n, 0);
	kb_class_features_release(&f);
}

/* ---- sums ---- */

static void all_ways_of_adding_are_one(void **state)
{
	enum { COLUMNS = 48, TERMS = 7 };
	static int8_t weights[TERMS][COLUMNS];
	struct kb_class_term terms[TERMS];
	int32_t a[COLUMNS], b[COLUMNS];
	uint64_t seed = 1;

	(void)state;
	for (size_t t = 0; t < TERMS; t++) {
		for (size_t c = 0; c < COLUMNS; c++)
			weights[t][c] = (int8_t)kb_mix64(seed++);
		terms[t].weights = weights[t];
		terms[t].value = (int32_t)(kb_mix64(seed++) % 32768);
	}
	for (size_t n = 0; n <= TERMS; n++) {
		for (size_t c = 0; c < COLUMNS; c++)
			a[c] = b[c] = (int32_t)c * 1000 - 7;
		kb_class_add_terms(a, COLUMNS, terms, n);
		kb_class_add_terms_plain(b, COLUMNS, terms, n);
		assert_memory_equal(a, b, sizeof(a));
	}
}

/* ---- learning ---- */

enum { ROWS = 360, CLASSES = 18 };

struct got {
	float weights[CLASSES][CLASSES];
	float bias[CLASSES];
	float z[ROWS][CLASSES];
	unsigned held[ROWS];
};

static void put(void *arg, size_t first, size_t n, const float *weights,
		const float *bias)
{
	struct got *got = arg;

	for (size_t k = 0; k < n; k++) {
		got->bias[first + k] = bias[k];
		for (size_t c = 0; c < CLASSES; c++)
			got->weights[first + k][c] =
			    weights[c * KB_OVR_LANES + k];
	}
}

static void held(void *arg, size_t first, size_t n, size_t row, const float *z)
{
	struct got *got = arg;

	if (!first)
		got->held[row]++;
	memcpy(&got->z[row][first], z, n * sizeof(*z));
}

/* Row i is of class i % CLASSES and has its feature. */
static void learn(struct got *got, unsigned threads)
{
	static size_t start[ROWS + 1];
	static uint32_t column[ROWS], label[ROWS];
	static float value[ROWS];
	struct kb_ovr_problem p = {
	    .x = {start, column, value, ROWS, CLASSES},
	    .label = label,
	    .n_classes = CLASSES,
	    .n_held = ROWS / 2,
	    .folds = 3,
	    .threads = threads,
	    .put = put,
	    .held = held,
	    .arg = got,
	};

	for (uint32_t i = 0; i < ROWS; i++) {
		start[i + 1] = i + 1;
		column[i] = label[i] = i % CLASSES;
		value[i] = 1;
	}
	memset(got, 0, sizeof(*got));
	assert_int_equal(kb_ovr_train(&p, NULL), 0);
}

static void a_class_knows_its_own(void **state)
{
	struct got *a = malloc(sizeof(*a)), *b = malloc(sizeof(*b));
	size_t n_held = 0;

	(void)state;
	learn(a, 1);
	learn(b, 3);
	assert_memory_equal(a, b, sizeof(*a));
	for (size_t k = 0; k < CLASSES; k++)
		for (size_t c = 0; c < CLASSES; c++) {
			float z = a->bias[k] + a->weights[k][c];

			assert_true(k == c ? z > 0.2f : z < -.5f);
		}
	for (size_t i = 0; i < ROWS; i++) {
		n_held += a->held[i];
		assert_true(a->held[i] <= 1);
		for (size_t k = 0; a->held[i] && k < CLASSES; k++)
			assert_true((a->z[i][k] > 0) == (k == i % CLASSES));
	}
	assert_int_equal(n_held, ROWS / 2);
	free(a);
	free(b);
}

/* An example that nothing else is like says nothing once it is left out. */
static void what_is_left_out_is_not_known(void **state)
{
	static const size_t start[] = {0, 1, 2, 3, 4};
	static const uint32_t column[] = {0, 1, 2, 3}, label[] = {0, 1, 2, 3};
	static const float value[] = {1, 1, 1, 1};
	struct got *got = calloc(1, sizeof(*got));
	struct kb_ovr_problem p = {
	    .x = {start, column, value, 4, CLASSES},
	    .label = label,
	    .n_classes = 4,
	    .n_held = 4,
	    .folds = 4,
	    .threads = 1,
	    .put = put,
	    .held = held,
	    .arg = got,
	};

	(void)state;
	assert_int_equal(kb_ovr_train(&p, NULL), 0);
	for (size_t i = 0; i < 4; i++) {
		assert_true(got->bias[i] + got->weights[i][i] > 0);
		for (size_t k = 0; k < 4; k++)
			assert_true(got->z[i][k] < 0);
	}
	free(got);
}

/* ---- columns ---- */

static void parents_come_behind_labels(void **state)
{
	const struct kb_str labels[] = {S("b/x"), S("a"),   S("b/y/z"),
					S("b"),	  S("b/x"), S("c/")};
	struct kb_class_columns c;
	struct kb_err err;

	(void)state;
	assert_int_equal(kb_class_columns_make(&c, labels, 6, false, &err), 0);
	assert_int_equal(c.n_labels, 5);
	assert_int_equal(c.n, 7); /* a b b/x b/y/z c/, b c */
	assert_true(kb_str_is(c.names[5], "b") && kb_str_is(c.names[6], "c"));
	assert_int_equal(c.parent[0], UINT32_MAX);
	assert_int_equal(c.parent[1], 5);
	assert_int_equal(c.parent_of_text[2], 5);
	assert_int_equal(c.of_text[0], 2);
	kb_class_columns_release(&c);
	assert_int_equal(kb_class_columns_make(&c, labels, 6, true, &err), 0);
	assert_int_equal(c.n, 5);
	kb_class_columns_release(&c);
	assert_int_equal(kb_class_columns_make(&c, labels, 1, false, &err),
			 KB_EINVAL);
	kb_class_columns_release(&c);
	assert_int_equal(kb_class_label_check(S("a\tb"), &err), KB_EINVAL);
	assert_int_equal(kb_class_label_check(S(""), &err), KB_EINVAL);
}

/* ---- the file ---- */

static void train_small(struct kb_buf *out)
{
	const struct kb_str texts[][2] = {
	    {S("a/x"), S("one two")},	{S("a/x"), S("one three")},
	    {S("a/y"), S("four five")}, {S("a/y"), S("four six")},
	    {S("b"), S("seven")},	{S("b"), S("退款")},
	};
	const struct kb_class_train_options options = {.threads = 1,
						       .date = "2026-11-30"};
	struct kb_class_trainer *t = kb_class_trainer_new();
	struct kb_class_features f;
	struct kb_err err;

	kb_class_features_init(&f);
	for (size_t i = 6; i-- > 0;) {
		kb_class_features_make(&f, texts[i][1]);
		assert_int_equal(
		    kb_class_trainer_add(t, i, texts[i][0], &f, &err), 0);
	}
	assert_int_equal(kb_class_trainer_finish(t, &options, out, &err), 0);
	kb_class_features_release(&f);
	kb_class_trainer_free(t);
}

static void a_model_says_what_it_learned(void **state)
{
	struct kb_class_scratch *scratch = kb_class_scratch_new();
	const struct kb_class_rule rule = {.leaf = 0};
	struct kb_class_model m;
	struct kb_buf file;
	struct kb_err err;

	(void)state;
	kb_buf_init(&file, 0);
	train_small(&file);
	assert_int_equal(
	    kb_class_model_parse(&m, file.ptr, file.len, "m", &err), 0);
	assert_int_equal(m.n_labels, 3);
	assert_int_equal(m.n_columns, 4);
	assert_int_equal(m.about.records, 6);
	assert_true(kb_str_is(m.about.date, "2026-11-30"));
	assert_int_equal(
	    kb_class_decide(&m, kb_class_score(&m, scratch, S("one")), &rule)
		.column,
	    0);
	assert_int_equal(
	    kb_class_decide(&m, kb_class_score(&m, scratch, S("退")), &rule)
		.column,
	    2);
	kb_class_model_release(&m);
	kb_class_scratch_free(scratch);
	kb_buf_release(&file);
}

/* Every byte of a model is under a checksum or has to be as it is. */
static void every_flipped_byte_is_found(void **state)
{
	struct kb_class_model m;
	struct kb_buf file;

	(void)state;
	kb_buf_init(&file, 0);
	train_small(&file);
	for (size_t i = 0; i < file.len; i++) {
		file.ptr[i] ^= 0x10;
		assert_int_equal(
		    kb_class_model_parse(&m, file.ptr, file.len, "m", NULL),
		    KB_EFORMAT);
		kb_class_model_release(&m);
		file.ptr[i] ^= 0x10;
	}
	for (size_t n = 0; n < file.len; n += 37) {
		assert_int_equal(
		    kb_class_model_parse(&m, file.ptr, n, "m", NULL),
		    KB_EFORMAT);
		kb_class_model_release(&m);
	}
	kb_buf_release(&file);
}

/* ---- tables ---- */

static void rows_become_objects(void **state)
{
	const struct {
		enum kb_csv_kind kind;
		struct kb_str row;
		const char *object; /* NULL: refused */
	} rows[] = {
	    {KB_CSV, S("1,2"), "{\"a\":\"1\",\"2\":\"2\"}"},
	    {KB_CSV, S("\"x, \"\"y\"\"\nz\","),
	     "{\"a\":\"x, \\\"y\\\"\\nz\",\"2\":\"\"}"},
	    {KB_CSV, S("5\" pipe,\"\""), "{\"a\":\"5\\\" pipe\",\"2\":\"\"}"},
	    {KB_CSV, S(","), "{\"a\":\"\",\"2\":\"\"}"},
	    {KB_CSV, S("1"), NULL},
	    {KB_CSV, S("1,2,3"), NULL},
	    {KB_CSV, S("\"1\"2,3"), NULL},
	    {KB_CSV, S("1,\"2"), NULL},
	    {KB_TSV, S("\"1\t2"), "{\"a\":\"\\\"1\",\"2\":\"2\"}"},
	    {KB_TSV, S("1,2\t3"), "{\"a\":\"1,2\",\"2\":\"3\"}"},
	    {KB_TSV, S("1"), NULL},
	};

	(void)state;
	for (size_t i = 0; i < sizeof(rows) / sizeof(*rows); i++) {
		struct kb_buf out;
		struct kb_csv csv;
		int rc;

		kb_csv_init(&csv, rows[i].kind);
		kb_buf_init(&out, 0);
		rc = kb_csv_head(
		    &csv, rows[i].kind == KB_CSV ? S("a,") : S("a\t"), NULL);
		assert_int_equal(rc, 0);
		rc = kb_csv_object(&csv, rows[i].row, &out, NULL);
		assert_int_equal(rc, rows[i].object ? 0 : KB_EINVAL);
		if (rows[i].object)
			assert_string_equal(out.ptr, rows[i].object);
		kb_buf_release(&out);
		kb_csv_release(&csv);
	}
}

static void names_are_told_apart(void **state)
{
	struct kb_csv csv;

	(void)state;
	kb_csv_init(&csv, KB_CSV);
	assert_int_equal(kb_csv_head(&csv, S("a,b,\"a\""), NULL), KB_EINVAL);
	assert_int_equal(kb_csv_head(&csv, S("2,"), NULL), KB_EINVAL);
	assert_int_equal(kb_csv_head(&csv, S("a,b"), NULL), 0);
	assert_int_equal(csv.n, 2);
	kb_csv_release(&csv);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
	    cmocka_unit_test(folded_text_has_the_same_features),
	    cmocka_unit_test(each_feature_is_there_once),
	    cmocka_unit_test(all_ways_of_adding_are_one),
	    cmocka_unit_test(a_class_knows_its_own),
	    cmocka_unit_test(what_is_left_out_is_not_known),
	    cmocka_unit_test(parents_come_behind_labels),
	    cmocka_unit_test(a_model_says_what_it_learned),
	    cmocka_unit_test(every_flipped_byte_is_found),
	    cmocka_unit_test(rows_become_objects),
	    cmocka_unit_test(names_are_told_apart),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
