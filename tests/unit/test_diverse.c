#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#include "index/index.h"
#include "index/write/writer.h"
#include "index_dir.h"
#include "search/diverse.h"

#define WORDS 400 /* of a vocabulary, none a form of another */

static struct kb_analyzer *analyzer;
static struct kb_terms terms;
static struct kb_arena arena;
static uint64_t seed;

static unsigned draw(unsigned below)
{
	seed = seed * 6364136223846793005u + 1442695040888963407u;
	return (unsigned)(seed >> 33) % below;
}

static int set_up(void **state)
{
	(void)state;
	analyzer = kb_analyzer_new();
	kb_arena_init(&arena);
	seed = 9;
	return 0;
}

static int tear_down(void **state)
{
	(void)state;
	kb_terms_release(&terms);
	kb_arena_release(&arena);
	kb_analyzer_free(analyzer);
	return 0;
}

/* A word, or with the number 0 of a kind of its own: one with a digit. */
static struct kb_str word(unsigned no, bool han)
{
	char *p = kb_arena_alloc(&arena, 16);
	size_t n;

	if (han) {
		memcpy(p, "\xe4\xb8\x80", 4);
		p[1] = (char)(0xb8 + no / 64);
		p[2] = (char)(0x80 + no % 64);
		n = 3;
	} else {
		n = (size_t)sprintf(p, "k%c%cu ", 'a' + no / 20, 'a' + no % 20);
	}
	return (struct kb_str){p, n};
}

static struct kb_str text_of(const unsigned *words, size_t n, bool han,
			     const char *end)
{
	struct kb_str text = {"", 0};

	for (size_t i = 0; i < n; i++)
		text = kb_arena_join(&arena, text, word(words[i], han));
	return kb_arena_join(&arena, text, kb_str_of(end));
}

static struct kb_term_sketch sketch_of(struct kb_str text)
{
	struct kb_sketching s;

	kb_terms_reset(&terms);
	kb_analyze(analyzer, text.ptr, text.len, &terms);
	kb_sketching_begin(&s);
	kb_sketching_add(&s, &terms);
	return kb_sketching_end(&s);
}

/* Is the second one new after the first? */
static bool is_new(struct kb_str first, struct kb_str second, bool stored)
{
	const struct kb_str texts[] = {first, second};
	struct kb_diverse *d = kb_diverse_start(analyzer, &terms, &arena);
	bool is = false;

	for (int i = 0; i < 2; i++) {
		struct kb_term_sketch sketch = sketch_of(texts[i]);
		struct kb_hit hit = {
		    .passage = {.title = KB_STR(""), .text = texts[i]}};

		is = kb_diverse_new(d, &hit, stored ? &sketch : NULL);
	}
	return is;
}

static size_t distinct(struct kb_str text, uint64_t *keys)
{
	size_t n = 0;

	kb_terms_reset(&terms);
	kb_analyze(analyzer, text.ptr, text.len, &terms);
	for (size_t i = 0; i < terms.n; i++) {
		size_t at = 0;

		while (at < n && keys[at] != terms.items[i].key)
			at++;
		keys[at] = terms.items[i].key;
		n += at == n;
	}
	return n;
}

/* Jaccard's coefficient by the book. */
static double likeness(struct kb_str a, struct kb_str b)
{
	static uint64_t x[2048], y[2048];
	size_t n = distinct(a, x), m = distinct(b, y), both = 0;

	for (size_t i = 0; i < n; i++)
		for (size_t j = 0; j < m; j++)
			both += x[i] == y[j];
	return (double)both / (double)(n + m - both);
}

/* Texts with 0, 1, 2, ... words exchanged: a sketch never hides what the texts
 * would have told, of any length and in both languages. */
static void sketches_change_no_verdict(void **state)
{
	size_t same = 0, other = 0;

	(void)state;
	for (int round = 0; round < 600; round++) {
		unsigned words[300];
		size_t n = 30 + draw(270);
		bool han = round % 2;
		struct kb_str a, b;
		bool new;

		kb_arena_reset(&arena);
		for (size_t i = 0; i < n; i++)
			words[i] = draw(WORDS);
		a = text_of(words, n, han, "");
		for (unsigned i = draw(round % 3 ? 12 : 200); i > 0; i--)
			words[draw((unsigned)n)] = draw(WORDS);
		b = text_of(words, n, han, "");
		new = is_new(a, b, true);
		assert_int_equal(new, is_new(a, b, false));
		if (sketch_of(b).n < 40 && !kb_str_eq(a, b))
			assert_true(new);
		else
			assert_int_equal(new, likeness(a, b) < 0.95);
		same += !new;
		other += new;
	}
	assert_true(same > 100 && other > 100);
}

static void another_number_is_no_duplicate(void **state)
{
	unsigned words[200];

	(void)state;
	for (unsigned i = 0; i < 200; i++)
		words[i] = i;
	assert_false(is_new(text_of(words, 200, false, "seven"),
			    text_of(words, 200, false, "eleven"), true));
	assert_true(is_new(text_of(words, 200, false, "7"),
			   text_of(words, 200, false, "11"), true));
	assert_false(is_new(text_of(words, 200, false, "7"),
			    text_of(words, 200, false, "7"), true));
}

static int put(struct kb_writer *w, unsigned no)
{
	struct kb_writer_doc doc = {0};
	char id[16], text[64];

	snprintf(id, sizeof(id), "d%u", no);
	snprintf(text, sizeof(text), "the text of %u, 第%u篇", no, no);
	doc.id = kb_str_of(id);
	doc.title = KB_STR("A title");
	doc.text = kb_str_of(text);
	return kb_writer_put(w, &doc, NULL);
}

/* What a segment says of its chunks is what their texts say, also once many
 * small ones have been merged. */
static void segments_keep_sketches(void **state)
{
	const struct kb_writer_options options = {.single_thread = true};
	struct index_dir dir;
	struct kb_index *index;
	size_t chunks = 0;

	(void)state;
	index_dir_make(&dir);
	for (unsigned i = 0; i < 14; i++) {
		struct kb_writer *w;

		assert_int_equal(kb_writer_open(&w, dir.path, &options, NULL),
				 0);
		assert_int_equal(put(w, i), 0);
		assert_int_equal(kb_writer_commit(w, NULL), 0);
		kb_writer_close(w);
	}
	assert_int_equal(kb_index_open(&index, dir.path, NULL), 0);
	assert_true(index->n_segments < 14);
	for (size_t i = 0; i < index->n_segments; i++) {
		const struct kb_segment *seg = index->segments[i];

		assert_non_null(seg->sketches);
		for (uint32_t c = 0; c < seg->n_chunks; c++, chunks++) {
			struct kb_passage p;
			struct kb_term_sketch sketch;

			assert_int_equal(
			    kb_segment_fetch(seg, c, &arena, &p, NULL), 0);
			sketch = sketch_of(kb_arena_join(
			    &arena, kb_arena_join(&arena, p.title, KB_STR(" ")),
			    p.text));
			assert_memory_equal(kb_segment_sketch(seg, c), &sketch,
					    sizeof(sketch));
		}
		assert_null(kb_segment_sketch(seg, seg->n_chunks));
	}
	assert_int_equal(chunks, 14);
	kb_index_close(index);
	index_dir_remove(&dir);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
	    cmocka_unit_test_setup_teardown(sketches_change_no_verdict, set_up,
					    tear_down),
	    cmocka_unit_test_setup_teardown(another_number_is_no_duplicate,
					    set_up, tear_down),
	    cmocka_unit_test_setup_teardown(segments_keep_sketches, set_up,
					    tear_down),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
