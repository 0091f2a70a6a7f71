/* What an index promises however it came to be. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>

#include <cmocka.h>

#include "base/hash.h"
#include "base/map.h"
#include "index/columns.h"
#include "index/ingest/dump.h"
#include "index/segment_file.h"
#include "index_dir.h"

static struct kb_writer *open_writer(const struct index_dir *d,
				     struct kb_writer_options opt)
{
	struct kb_writer *w;
	struct kb_err err;

	opt.allow_delete = true;
	if (kb_writer_open(&w, d->path, &opt, &err) < 0)
		fail_msg("%s", err.msg);
	return w;
}

static void commit(struct kb_writer *w)
{
	struct kb_err err;

	if (kb_writer_commit(w, &err) < 0)
		fail_msg("%s", err.msg);
	kb_writer_close(w);
}

static struct kb_index *open_sound(const struct index_dir *d)
{
	struct kb_index *index;
	struct kb_err err;

	if (kb_index_open(&index, d->path, &err) < 0 ||
	    kb_index_verify(index, &err) < 0)
		fail_msg("%s", err.msg);
	return index;
}

static void every_key_comes_back_from_its_mixed_form(void **state)
{
	static const uint32_t chars[] = {1,	 0x4e00,  0x9fff, 0xff5e,
					 0xffff, 0x10000, 0x2a6d6};
	const size_t n = sizeof(chars) / sizeof(*chars);

	(void)state;
	for (size_t i = 0; i < n; i++) {
		uint64_t one = kb_term_han1(chars[i]);

		assert_int_equal(kb_dict_unmix(kb_dict_mix(one)), one);
		assert_int_equal(kb_dict_mix(one) & 1, chars[i] > 0xffff);
		for (size_t j = 0; j < n; j++) {
			uint64_t two = kb_term_han2(chars[i], chars[j]);

			assert_int_equal(kb_dict_unmix(kb_dict_mix(two)), two);
		}
	}
	for (uint64_t i = 0; i < 100000; i++) {
		uint64_t key = kb_mix64(i) >> 1;

		assert_int_equal(kb_dict_unmix(kb_dict_mix(key)), key);
	}
	assert_int_equal(kb_dict_unmix(kb_dict_mix(0)), 0);
}

/* Live document frequencies of all terms, over all segments. */
static void frequencies(const struct kb_index *index, struct kb_map *df)
{
	kb_map_init(df);
	for (size_t i = 0; i < index->n_segments; i++) {
		const struct kb_segment *seg = index->segments[i];
		struct kb_dict_cursor c = {.dict = &seg->file->dict};

		while (kb_dict_next(&c, seg->sec[KB_SEC_POSTINGS]) > 0) {
			uint64_t key = kb_dict_unmix(c.mixed);
			struct kb_term_info info;

			assert_true(kb_segment_find_term(seg, key, &info));
			if (info.df_live)
				*kb_map_put(df, key, NULL) += info.df_live;
		}
	}
}

static void assert_same_statistics(const struct kb_index *a,
				   const struct kb_index *b)
{
	struct kb_map x, y;
	struct kb_map_slot slot;
	size_t pos = 0;

	assert_int_equal(a->n_chunks, b->n_chunks);
	assert_int_equal(a->total_length, b->total_length);
	frequencies(a, &x);
	frequencies(b, &y);
	assert_int_equal(x.n, y.n);
	while (kb_map_next(&x, &pos, &slot)) {
		const uint64_t *other = kb_map_get(&y, slot.key);

		assert_non_null(other);
		assert_int_equal(*other, slot.value);
	}
	kb_map_release(&x);
	kb_map_release(&y);
}

/* 14 runs of additions, replacements and deletions: merges happen. */
static void a_refreshed_index_counts_like_a_rebuilt_one(void **state)
{
	enum { IDS = 300 };
	unsigned seeds[IDS] = {0}, x = 7;
	struct index_dir refreshed, rebuilt;
	struct kb_index *a, *b;
	struct kb_writer *w;

	(void)state;
	index_dir_make(&refreshed);
	index_dir_make(&rebuilt);
	for (unsigned run = 0; run < 14; run++) {
		w = open_writer(&refreshed, (struct kb_writer_options){0});
		for (unsigned i = 0; i < 60; i++) {
			unsigned id = (x = x * 1103515245 + 12345) >> 8;

			id %= IDS;
			seeds[id] = i % 4 ? 1 + (x >> 4) % 500 : 0;
			if (seeds[id])
				index_dir_put(w, id, seeds[id], NULL);
			else {
				const char *from;
				char name[24];

				snprintf(name, sizeof(name), "d%u", id);
				kb_writer_delete(w, kb_str_of(name), KB_STR(""),
						 &from, NULL);
			}
		}
		commit(w);
	}
	w = open_writer(&rebuilt, (struct kb_writer_options){0});
	for (unsigned id = 0; id < IDS; id++)
		if (seeds[id])
			index_dir_put(w, id, seeds[id], NULL);
	commit(w);
	a = open_sound(&refreshed);
	b = open_sound(&rebuilt);
	assert_true(a->n_segments > 1 && a->n_segments <= 10);
	assert_same_statistics(a, b);
	kb_index_close(a);
	w = open_writer(&refreshed,
			(struct kb_writer_options){.optimize = true});
	commit(w);
	a = open_sound(&refreshed);
	assert_int_equal(a->n_segments, 1);
	assert_null(a->segments[0]->live);
	assert_same_statistics(a, b);
	kb_index_close(a);
	kb_index_close(b);
	index_dir_remove(&refreshed);
	index_dir_remove(&rebuilt);
}

/* A bound so small that each run writes many segments. */
static void memory_bound_and_threads_do_not_change_the_counts(void **state)
{
	struct index_dir d[2];
	struct kb_index *index[2];

	(void)state;
	for (int i = 0; i < 2; i++) {
		struct kb_writer_options opt = {.memory_bytes = i ? 0 : 800000,
						.single_thread = i};
		struct kb_writer *w;

		index_dir_make(&d[i]);
		w = open_writer(&d[i], opt);
		for (unsigned n = 0; n < 4000; n++)
			assert_int_equal(index_dir_put(w, n % 3900, n, NULL),
					 0);
		commit(w);
		index[i] = open_sound(&d[i]);
	}
	assert_true(index[0]->n_segments > 1);
	assert_int_equal(index[1]->n_segments, 1);
	assert_same_statistics(index[0], index[1]);
	for (int i = 0; i < 2; i++) {
		kb_index_close(index[i]);
		index_dir_remove(&d[i]);
	}
}

/* The name of a commit is a hash of its files' checksums. */
static void threads_change_no_byte(void **state)
{
	char commits[2][33];

	(void)state;
	for (int i = 0; i < 2; i++) {
		struct kb_writer_options opt = {
		    .memory_bytes = 800000, .hash_seed = 1, .single_thread = i};
		struct index_dir d;
		struct kb_index *index;
		struct kb_writer *w;

		index_dir_make(&d);
		w = open_writer(&d, opt);
		for (unsigned n = 0; n < 4000; n++)
			assert_int_equal(index_dir_put(w, n, n, NULL), 0);
		commit(w);
		index = open_sound(&d);
		assert_true(index->n_segments > 1);
		memcpy(commits[i], index->commit, sizeof(commits[i]));
		kb_index_close(index);
		index_dir_remove(&d);
	}
	assert_string_equal(commits[0], commits[1]);
}

/* What format 4.0 was: without a seed. */
static void an_index_without_a_seed_is_searched_and_rebuilt(void **state)
{
	const struct kb_writer_options rebuild = {.rebuild = true};
	struct kb_writer_options none = {0};
	struct index_dir d;
	struct kb_index *index;
	struct kb_writer *w;
	struct kb_err err;
	uint64_t seed;

	(void)state;
	index_dir_make(&d);
	w = open_writer(&d, none);
	assert_int_equal(index_dir_put(w, 1, 1, NULL), 0);
	kb_writer_settings(w)->hash_seed = 0;
	commit(w);
	assert_int_equal(kb_writer_open(&w, d.path, &none, &err), KB_EFORMAT);
	assert_non_null(strstr(err.msg, "run kb-index --rebuild"));
	index = open_sound(&d);
	assert_int_equal(index->n_chunks, 1);
	kb_index_close(index);
	w = open_writer(&d, rebuild);
	assert_int_equal(index_dir_put(w, 1, 1, NULL), 0);
	seed = kb_writer_settings(w)->hash_seed;
	assert_true(seed != 0);
	commit(w);
	/* and it is kept from then on */
	w = open_writer(&d, rebuild);
	assert_true(kb_writer_settings(w)->hash_seed == seed);
	kb_writer_close(w);
	index_dir_remove(&d);
}

static void an_index_of_other_terms_is_searched_and_rebuilt(void **state)
{
	const struct kb_writer_options rebuild = {.rebuild = true};
	static const unsigned others[] = {0, 1, KB_ANALYSIS + 1};
	struct kb_writer_options none = {0};
	struct index_dir d;
	struct kb_writer *w;
	struct kb_err err;

	(void)state;
	for (size_t i = 0; i < sizeof(others) / sizeof(*others); i++) {
		index_dir_make(&d);
		w = open_writer(&d, none);
		assert_int_equal(index_dir_put(w, 1, 1, NULL), 0);
		assert_int_equal(kb_writer_settings(w)->analysis, KB_ANALYSIS);
		kb_writer_settings(w)->analysis = others[i];
		commit(w);
		assert_int_equal(kb_writer_open(&w, d.path, &none, &err),
				 KB_EFORMAT);
		assert_non_null(strstr(err.msg, "run kb-index --rebuild"));
		kb_index_close(open_sound(&d));
		w = open_writer(&d, rebuild);
		assert_int_equal(index_dir_put(w, 1, 1, NULL), 0);
		commit(w);
		w = open_writer(&d, none);
		assert_int_equal(kb_writer_settings(w)->analysis, KB_ANALYSIS);
		kb_writer_close(w);
		index_dir_remove(&d);
	}
}

static int put_from(struct kb_writer *w, const char *id, const char *source,
		    const char *text, struct kb_err *err)
{
	const struct kb_writer_doc doc = {.id = kb_str_of(id),
					  .text = kb_str_of(text),
					  .source = kb_str_of(source)};

	return kb_writer_put(w, &doc, err);
}

static void one_id_from_two_sources_names_both(void **state)
{
	struct index_dir d;
	struct kb_index *index;
	struct kb_writer *w;
	struct kb_err err;

	(void)state;
	index_dir_make(&d);
	w = open_writer(&d, (struct kb_writer_options){0});
	assert_int_equal(put_from(w, "x", "/a.md", "first 第一", &err), 0);
	assert_int_equal(put_from(w, "x", "/b.md", "second", &err), KB_EINVAL);
	assert_non_null(strstr(err.msg, "/a.md"));
	assert_non_null(strstr(err.msg, "/b.md"));
	commit(w);
	w = open_writer(&d, (struct kb_writer_options){0});
	assert_int_equal(put_from(w, "x", "/b.md", "second", &err), KB_EINVAL);
	assert_non_null(strstr(err.msg, "/a.md"));
	/* but a document may move between files that are both read anew */
	kb_writer_renew_source(w, KB_STR("/a.md"), KB_RENEW);
	assert_int_equal(put_from(w, "x", "/b.md", "moved", &err), 0);
	commit(w);
	index = open_sound(&d);
	assert_int_equal(index->n_chunks, 1);
	kb_index_close(index);
	index_dir_remove(&d);
}

static void of_two_sources_the_lesser_path_holds_an_id(void **state)
{
	struct index_dir d;
	struct kb_writer *w;
	struct kb_err err;
	const char *from;

	(void)state;
	index_dir_make(&d);
	w = open_writer(&d, (struct kb_writer_options){0});
	assert_int_equal(put_from(w, "x", "/b.md", "of b 乙", &err), 0);
	commit(w);
	/* a source that is not read loses it to one before it, once */
	w = open_writer(&d, (struct kb_writer_options){0});
	assert_int_equal(put_from(w, "x", "/a.md", "of a 甲", &err), 0);
	assert_string_equal(kb_writer_displaced(w), "/b.md");
	assert_null(kb_writer_displaced(w));
	assert_int_equal(kb_writer_contest(w, KB_STR("/b.md")),
			 KB_CONTEST_IDS | KB_CONTEST_LOST);
	kb_writer_renew_source(w, KB_STR("/b.md"), KB_RENEW);
	assert_int_equal(put_from(w, "x", "/b.md", "of b 乙", &err), KB_EINVAL);
	commit(w);
	/* the stream neither takes it nor gives it away */
	w = open_writer(&d, (struct kb_writer_options){0});
	assert_int_equal(put_from(w, "x", "", "of none", &err), KB_EINVAL);
	assert_int_equal(put_from(w, "y", "", "of none", &err), 0);
	assert_int_equal(put_from(w, "y", "/a.md", "of a", &err), KB_EINVAL);
	/* a line removes what stands before it, not behind it */
	assert_int_equal(
	    kb_writer_delete(w, KB_STR("x"), KB_STR("/0.md"), &from, &err), 0);
	assert_null(from);
	assert_int_equal(
	    kb_writer_delete(w, KB_STR("x"), KB_STR("/b.md"), &from, &err), 0);
	assert_string_equal(from, "/a.md");
	assert_int_equal(kb_writer_contest(w, KB_STR("/a.md")), KB_CONTEST_IDS);
	commit(w);
	index_dir_remove(&d);
}

static void a_fifth_of_the_index_is_not_removed_unasked(void **state)
{
	struct kb_writer_options opt = {0};
	struct index_dir d;
	struct kb_index *index;
	struct kb_writer *w;
	struct kb_err err;

	(void)state;
	index_dir_make(&d);
	w = open_writer(&d, opt);
	for (unsigned i = 0; i < 10; i++)
		index_dir_put(w, i, i, NULL);
	commit(w);
	for (unsigned n = 2; n <= 3; n++) {
		assert_int_equal(kb_writer_open(&w, d.path, &opt, &err), 0);
		for (unsigned i = 0; i < n; i++) {
			const char *from;
			char name[24];

			snprintf(name, sizeof(name), "d%u", i);
			kb_writer_delete(w, kb_str_of(name), KB_STR(""), &from,
					 NULL);
		}
		assert_int_equal(kb_writer_commit(w, &err), 0);
		kb_writer_close(w);
	}
	/* one of eight went with the second run: 12 % */
	assert_int_equal(kb_writer_open(&w, d.path, &opt, &err), 0);
	kb_writer_renew_all(w);
	assert_int_equal(kb_writer_commit(w, &err), KB_EINVAL);
	assert_non_null(strstr(err.msg, "--allow-delete"));
	kb_writer_close(w);
	index = open_sound(&d);
	assert_int_equal(index->n_chunks, 7);
	kb_index_close(index);
	index_dir_remove(&d);
}

static void two_writers_never_meet(void **state)
{
	struct kb_writer_options opt = {0};
	struct index_dir d;
	struct kb_writer *a, *b;
	struct kb_err err;

	(void)state;
	index_dir_make(&d);
	assert_int_equal(kb_writer_open(&a, d.path, &opt, &err), 0);
	assert_int_equal(kb_writer_open(&b, d.path, &opt, &err), KB_EBUSY);
	kb_writer_close(a);
	assert_int_equal(kb_writer_open(&b, d.path, &opt, &err), 0);
	kb_writer_close(b);
	index_dir_remove(&d);
}

static void columns_answer_after_a_merge(void **state)
{
	struct kb_writer_options opt = {.keywords = "lang",
					.numerics = "price"};
	struct index_dir d;
	struct kb_index *index;
	const uint32_t *docs;
	const double *price;
	size_t n;

	(void)state;
	index_dir_make(&d);
	for (unsigned run = 0; run < 2; run++) {
		struct kb_writer *w;

		opt.optimize = run;
		w = open_writer(&d, opt);
		for (unsigned i = 0; i < 10; i++)
			index_dir_put(w, run * 10 + i, run * 10 + i, NULL);
		commit(w);
	}
	index = open_sound(&d);
	assert_int_equal(index->n_segments, 1);
	assert_true(kb_columns_keyword(index->segments[0], KB_STR("lang"),
				       KB_STR("zh"), &docs, &n));
	assert_int_equal(n, 10);
	assert_int_equal(docs[9], 19);
	assert_false(kb_columns_keyword(index->segments[0], KB_STR("none"),
					KB_STR("zh"), &docs, &n));
	price = kb_columns_numbers(index->segments[0], KB_STR("price"));
	assert_non_null(price);
	assert_true(price[12] == 12);
	kb_index_close(index);
	index_dir_remove(&d);
}

static bool collect(void *arg, struct kb_str text, uint64_t key)
{
	struct kb_buf *buf = arg;

	(void)key;
	kb_buf_add_str(buf, text);
	kb_buf_add_char(buf, ' ');
	return true;
}

static void words_come_in_byte_order_from_a_prefix_on(void **state)
{
	struct index_dir d;
	struct kb_index *index;
	struct kb_buf all, some;
	struct kb_writer *w;

	(void)state;
	index_dir_make(&d);
	w = open_writer(&d, (struct kb_writer_options){0});
	put_from(w, "x", "", "pear apple cherry SKU-12 apples 苹果 Zebra",
		 NULL);
	commit(w);
	index = open_sound(&d);
	kb_buf_init(&all, 0);
	kb_buf_init(&some, 0);
	kb_segment_words(index->segments[0], KB_STR(""), collect, &all);
	kb_segment_words(index->segments[0], KB_STR("p"), collect, &some);
	assert_non_null(memmem(all.ptr, all.len, "cherri", 6));
	assert_null(memmem(some.ptr, some.len, "cherri", 6));
	assert_memory_equal(some.ptr, "pear", 4);
	kb_buf_release(&all);
	kb_buf_release(&some);
	kb_index_close(index);
	index_dir_remove(&d);
}

static void assert_same_terms(const struct kb_segment *a,
			      const struct kb_segment *b)
{
	struct kb_dict_cursor c = {.dict = &a->file->dict};

	while (kb_dict_next(&c, a->sec[KB_SEC_POSTINGS]) > 0) {
		struct kb_term_info x, y;
		uint64_t key = kb_dict_unmix(c.mixed);

		assert_true(kb_segment_find_term(a, key, &x));
		assert_true(kb_segment_find_term(b, key, &y));
		assert_int_equal(x.count, y.count);
		assert_int_equal(x.df_live, y.df_live);
		assert_int_equal(x.size, y.size);
		assert_memory_equal(x.ptr, y.ptr, x.size);
	}
}

static void assert_same_passages(const struct kb_segment *a,
				 const struct kb_segment *b)
{
	struct kb_arena arena;

	kb_arena_init(&arena);
	assert_int_equal(a->n_chunks, b->n_chunks);
	for (uint32_t i = 0; i <= a->n_chunks; i++) {
		struct kb_passage x, y;
		int rc = kb_segment_fetch(a, i, &arena, &x, NULL);

		assert_int_equal(kb_segment_fetch(b, i, &arena, &y, NULL), rc);
		assert_int_equal(rc < 0, i == a->n_chunks);
		assert_true(
		    kb_str_eq(kb_segment_id(a, i), kb_segment_id(b, i)));
		assert_true(rc < 0 || (kb_str_eq(x.id, y.id) &&
				       kb_str_eq(x.text, y.text) &&
				       x.n_chunks == y.n_chunks));
	}
	kb_arena_release(&arena);
}

/* More is asked than is copied, and of files that are gone. */
static void an_index_asked_once_says_the_same(void **state)
{
	struct index_dir d;
	struct kb_index *mapped, *once;
	struct kb_writer *w;

	(void)state;
	index_dir_make(&d);
	w = open_writer(&d, (struct kb_writer_options){0});
	for (unsigned i = 0; i < 900; i++)
		assert_int_equal(index_dir_put(w, i, i + 1, NULL), 0);
	commit(w);
	mapped = open_sound(&d);
	once = open_sound(&d);
	kb_index_once(once);
	index_dir_remove(&d);
	assert_same_terms(mapped->segments[0], once->segments[0]);
	assert_same_passages(mapped->segments[0], once->segments[0]);
	kb_index_once(mapped);
	assert_same_terms(mapped->segments[0], once->segments[0]);
	kb_index_close(mapped);
	kb_index_close(once);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
	    cmocka_unit_test(every_key_comes_back_from_its_mixed_form),
	    cmocka_unit_test(a_refreshed_index_counts_like_a_rebuilt_one),
	    cmocka_unit_test(memory_bound_and_threads_do_not_change_the_counts),
	    cmocka_unit_test(threads_change_no_byte),
	    cmocka_unit_test(an_index_without_a_seed_is_searched_and_rebuilt),
	    cmocka_unit_test(an_index_of_other_terms_is_searched_and_rebuilt),
	    cmocka_unit_test(one_id_from_two_sources_names_both),
	    cmocka_unit_test(of_two_sources_the_lesser_path_holds_an_id),
	    cmocka_unit_test(a_fifth_of_the_index_is_not_removed_unasked),
	    cmocka_unit_test(two_writers_never_meet),
	    cmocka_unit_test(columns_answer_after_a_merge),
	    cmocka_unit_test(words_come_in_byte_order_from_a_prefix_on),
	    cmocka_unit_test(an_index_asked_once_says_the_same),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
