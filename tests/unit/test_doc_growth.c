#include <math.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <time.h>

#include <cmocka.h>

#include "docs.h"

#include "base/buf.h"
#include "doc/chunk.h"

/* Shapes that cost a parser quadratic time somewhere, or once did. */
static const struct {
	const char *name, *head, *unit;
} shapes[] = {
    {"a.txt", "", "word "},
    {"a.txt", "", "one line of a long text\n"},
    {"a.md", "- - - - - - - - - - - - - - - - - - - - x", "\n"},
    {"a.md", "", "- "},
    {"a.md", "", ">"},
    {"a.md", "", "> > > > x\n"},
    {"a.md", "", "- x\n\n"},
    {"a.md", "|a|b|\n|-|-|\n", "|x|y|\n"},
    {"a.md", "", "|a"},
    {"a.md", "```\n", "x\n"},
    {"a.md", "", "- ```\n"},
    {"a.md", "", "["},
    {"a.md", "", "![[]()"},
    {"a.md", "", "[a](\n"},
    {"a.md", "", "*a_\n**b_\n"},
    {"a.md", "", "a <!-- >"},
    {"a.md", "", "<a b=\"\n"},
    {"a.md", "", "a``b` "},
    {"a.md", "---\n", "a: b\n"},
    {"a.html", "", "<b>"},
    {"a.html", "", "<b><i></u>"},
    {"a.html", "", "<ul><li>x"},
    {"a.html", "", "<table><tr><td>x"},
    {"a.html", "<a ", "a=b c d "},
    {"a.html", "<a b='>' ", "c='<' d "},
    {"a.html", "", "<a "},
    {"a.html", "", "<a b=\""},
    {"a.html", "", "<![CDATA["},
    {"a.html", "", "<!-- "},
    {"a.html", "", "&"},
    {"a.html", "", "x<sup>1"},
    {"a.html", "<script>", "</scrip"},
    {"a.html", "<pre>", "x\n"},
};

/* CPU time to read and cut n bytes of a shape, the better of two. */
static double cost_ms(size_t shape, size_t n)
{
	struct kb_arena arena;
	struct kb_buf bytes;
	double best = 1e9;

	kb_arena_init(&arena);
	kb_buf_init(&bytes, 0);
	kb_buf_add_cstr(&bytes, shapes[shape].head);
	while (bytes.len < n)
		kb_buf_add_cstr(&bytes, shapes[shape].unit);
	for (int i = 0; i < 2; i++) {
		struct kb_doc_reader *r;
		struct kb_chunk *chunks;
		struct kb_doc doc;
		struct kb_err err;
		clock_t start = clock();
		double ms;

		assert_int_equal(open_bytes(&r, bytes.ptr, bytes.len,
					    shapes[shape].name, NULL, &err),
				 0);
		assert_int_equal(kb_doc_next(r, &arena, &doc, &err), 1);
		kb_chunk_doc(&doc, NULL, &arena, &chunks);
		kb_doc_close(r);
		kb_arena_reset(&arena);
		ms = (double)(clock() - start) * 1000 / CLOCKS_PER_SEC;
		best = ms < best ? ms : best;
	}
	kb_buf_release(&bytes);
	kb_arena_release(&arena);
	return best;
}

/* Four times the input: four times the work, not sixteen. Below some
 * milliseconds the clock says little. */
/* Sanitizers change what grows how; only the other builds are measured. */
#if defined(__SANITIZE_ADDRESS__) || defined(__SANITIZE_THREAD__)
#define MEASURED false
#elif defined(__has_feature)
#if __has_feature(address_sanitizer) || __has_feature(thread_sanitizer)
#define MEASURED false
#endif
#endif
#ifndef MEASURED
#define MEASURED true
#endif

#define TRIES 3 /* a busy machine slows one, hardly all */

static void reading_is_linear(void **state)
{
	(void)state;
	if (!MEASURED)
		skip();
	for (size_t i = 0; i < sizeof(shapes) / sizeof(*shapes); i++) {
		double small = 0, large = INFINITY;

		for (int t = 0; t < TRIES && large > 8 * small + 30; t++) {
			small = cost_ms(i, 100000);
			large = cost_ms(i, 400000);
		}
		if (large > 8 * small + 30)
			fail_msg("%s of '%s': %.1f ms, then %.1f",
				 shapes[i].name, shapes[i].unit, small, large);
	}
}

int main(void)
{
	const struct CMUnitTest tests[] = {
	    cmocka_unit_test(reading_is_linear),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
