#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include "docs.h"

#include "base/buf.h"
#include "doc/chunk.h"

static struct kb_arena arena;
static struct kb_doc doc;
static struct kb_chunk *chunks;

static size_t cut(const char *name, struct kb_str bytes, uint32_t target,
		  uint32_t max)
{
	struct kb_chunk_opts opts = {target, max};
	struct kb_doc_reader *r;
	struct kb_err err;

	kb_arena_reset(&arena);
	assert_int_equal(open_bytes(&r, bytes.ptr, bytes.len, name, NULL, &err),
			 0);
	assert_int_equal(kb_doc_next(r, &arena, &doc, &err), 1);
	kb_doc_close(r);
	return kb_chunk_doc(&doc, &opts, &arena, &chunks);
}

static void check_chunk(size_t i, const char *text, const char *heading,
			uint32_t line)
{
	struct kb_str got = {doc.text.ptr + chunks[i].start,
			     chunks[i].end - chunks[i].start};

	if (!kb_str_is(got, text))
		fail_msg("chunk %zu: '%.*s'", i, (int)got.len, got.ptr);
	if (!kb_str_is(chunks[i].heading, heading))
		fail_msg("chunk %zu: heading '%.*s'", i,
			 (int)chunks[i].heading.len, chunks[i].heading.ptr);
	assert_int_equal(chunks[i].line, line);
}

static void sections_become_chunks_with_their_path(void **state)
{
	(void)state;
	assert_int_equal(cut("a.md",
			     KB_STR("# 退货\n\n## Electronics\n\nOne.\n\nTwo.\n"
				    "\n## 服装\n三。\n# 配送\n四。\n"),
			     0, 0),
			 3);
	check_chunk(0, "# 退货\n\n## Electronics\n\nOne.\n\nTwo.",
		    "退货 > Electronics", 1);
	check_chunk(1, "## 服装\n三。", "退货 > 服装", 9);
	check_chunk(2, "# 配送\n四。", "配送", 11);
}

static void paragraphs_gather_up_to_the_target(void **state)
{
	(void)state;
	assert_int_equal(cut("a.txt",
			     KB_STR("one two three\n\nfour five\n\nsix seven "
				    "eight nine\n"),
			     6, 8),
			 2);
	check_chunk(0, "one two three\n\nfour five", "", 1);
	check_chunk(1, "six seven eight nine", "", 5);
}

static void long_paragraphs_are_cut_at_sentence_ends(void **state)
{
	static const struct {
		const char *text, *first;
	} rows[] = {
	    {"Mr. Li paid 3.50 today. He left soon. Then it rained a lot.",
	     "Mr. Li paid 3.50 today."},
	    {"他说：“今天退货。”然后离开了。明天再来。", "他说：“今天退货。”"},
	    {"iPhone 15 可以退货！七天 only please. 谢谢你们",
	     "iPhone 15 可以退货！"},
	};

	(void)state;
	for (size_t i = 0; i < sizeof(rows) / sizeof(rows[0]); i++) {
		assert_true(cut("a.txt", kb_str_of(rows[i].text), 6, 8) > 1);
		check_chunk(0, rows[i].first, "", 1);
	}
}

static void tables_and_lists_stay_whole_when_they_fit(void **state)
{
	(void)state;
	assert_int_equal(cut("a.md",
			     KB_STR("a b c\n\n| x | y |\n|---|---|\n| 1 | 2 |\n"
				    "\n- p\n- q\n- r\n- s\n- t\n- u\n"),
			     4, 5),
			 4);
	check_chunk(0, "a b c", "", 1);
	check_chunk(1, "| x | y |\n|---|---|\n| 1 | 2 |", "", 3);
	check_chunk(2, "- p\n- q\n- r\n- s", "", 7);
	check_chunk(3, "- t\n- u", "", 11);
}

static void parts_of_a_table_repeat_its_head(void **state)
{
	static const char md[] = "# 价格\n\n| 名 | n |\n|---|---|\n| a | 1 |\n"
				 "| b | 2 |\n| c | 3 |\n| d | 4 |\n| e | 5 |\n"
				 "\n## After\n\nText.\n";
	static const char html[] =
	    "<table><tr><th>k<th>v<tr><td>a<td>1<tr><td>b<td>2<tr><td>c<td>3"
	    "<tr><td>d<td>4<tr><td>e<td>5</table>";
	static const char two[] =
	    "<table><tr><th>k<th>v<tr><th><th>w<tr><td>a<td>1<tr><td>b<td>2"
	    "<tr><td>c<td>3<tr><td>d<td>4<tr><td>e<td>5</table>";
	size_t n;

	(void)state;
	n = cut("a.md", kb_str_of(md), 8, 9);
	assert_int_equal(n, 4);
	check_chunk(0, "# 价格\n\n| 名 | n |\n|---|---|\n| a | 1 |", "价格", 1);
	check_chunk(1, "| 名 | n |\n|---|---|\n| b | 2 |\n| c | 3 |\n| d | 4 |",
		    "价格", 6);
	check_chunk(2, "| 名 | n |\n|---|---|\n| e | 5 |", "价格", 9);
	check_chunk(3, "## After\n\nText.", "价格 > After", 11);
	n = cut("a.html", kb_str_of(html), 8, 9);
	assert_int_equal(n, 2);
	check_chunk(1, "k | v\n--- | ---\nc | 3\nd | 4\ne | 5", "", 1);
	n = cut("a.html", kb_str_of(two), 12, 12);
	assert_int_equal(n, 2);
	check_chunk(1, "k | v\n | w\n--- | ---\ne | 5", "", 1);
	n = cut("a.csv", KB_STR("k,v\na,1\nb,2\nc,3\nd,4\ne,5\n"), 8, 9);
	assert_int_equal(n, 2);
	check_chunk(1, "k,v\nd,4\ne,5", "", 5);
	/* a head as long as a part is not repeated */
	n = cut("a.txt", KB_STR("|a b c d|\n|-|\n|1 2 3|\n|4 5 6|\n"), 8, 9);
	assert_int_equal(n, 2);
	check_chunk(1, "|4 5 6|", "", 4);
	/* nor before a row that does not fit behind it */
	n = cut("a.txt",
		KB_STR("|a|b|\n|-|-|\n|1|2|\n|1 2 3 4 5 6 7 8|\n|3|4|\n"), 8,
		9);
	assert_int_equal(n, 3);
	check_chunk(1, "|1 2 3 4 5 6 7 8|", "", 4);
	check_chunk(2, "|a|b|\n|-|-|\n|3|4|", "", 5);
}

static void a_document_without_text_has_one_empty_chunk(void **state)
{
	(void)state;
	assert_int_equal(cut("a.txt", KB_STR(" \n\n"), 0, 0), 1);
	assert_int_equal(chunks[0].start, chunks[0].end);
	assert_int_equal(
	    cut("a.jsonl", KB_STR("{\"id\":1,\"title\":\"t\"}"), 0, 0), 1);
	assert_int_equal(
	    cut("a.jsonl", KB_STR("{\"id\":1,\"deleted\":true}"), 0, 0), 0);
}

/* Without spaces, sentences, words: still cut, and every byte is there. */
static void check_cut(struct kb_str text, uint32_t target, uint32_t max,
		      uint32_t most)
{
	size_t n = cut("a.txt", text, target, max), covered = 0, bytes = 0;

	for (size_t i = 0; i < n; i++) {
		const char *p = doc.text.ptr + chunks[i].start;
		uint32_t len = chunks[i].end - chunks[i].start;

		assert_true(chunks[i].tokens <= most);
		assert_true(kb_chunk_tokens(p, len) <= most);
		assert_true(i == 0 || chunks[i].start >= chunks[i - 1].end);
		for (uint32_t k = 0; k < len; k++)
			covered += p[k] > ' ' || p[k] < 0;
	}
	for (size_t k = 0; k < doc.text.len; k++)
		bytes += doc.text.ptr[k] > ' ' || doc.text.ptr[k] < 0;
	assert_int_equal(covered, bytes);
}

static void no_chunk_is_longer_than_max(void **state)
{
	static const char *const units[] = {
	    "x", "退", "-", "a ", "。", ". ", "\xf0\x9f\x98\x80", "-\n"};
	static const struct {
		uint32_t target, max, most;
	} sizes[] = {{40, 80, 80}, {0, 80, 80}, {100, 80, 80}, {1000, 0, 1000}};

	(void)state;
	for (size_t u = 0; u < sizeof(units) / sizeof(units[0]); u++) {
		struct kb_buf text;

		kb_buf_init(&text, 0);
		for (int i = 0; i < 5000; i++)
			kb_buf_add_cstr(&text, units[u]);
		for (size_t i = 0; i < sizeof(sizes) / sizeof(*sizes); i++)
			check_cut(kb_buf_str(&text), sizes[i].target,
				  sizes[i].max, sizes[i].most);
		kb_buf_release(&text);
	}
}

static int setup(void **state)
{
	(void)state;
	kb_arena_init(&arena);
	return 0;
}

static int teardown(void **state)
{
	(void)state;
	kb_arena_release(&arena);
	return 0;
}

int main(void)
{
	const struct CMUnitTest tests[] = {
	    cmocka_unit_test(sections_become_chunks_with_their_path),
	    cmocka_unit_test(paragraphs_gather_up_to_the_target),
	    cmocka_unit_test(long_paragraphs_are_cut_at_sentence_ends),
	    cmocka_unit_test(tables_and_lists_stay_whole_when_they_fit),
	    cmocka_unit_test(parts_of_a_table_repeat_its_head),
	    cmocka_unit_test(a_document_without_text_has_one_empty_chunk),
	    cmocka_unit_test(no_chunk_is_longer_than_max),
	};

	return cmocka_run_group_tests(tests, setup, teardown);
}
