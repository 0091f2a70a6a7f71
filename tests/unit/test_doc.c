#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>

#include <cmocka.h>

#include "docs.h"

#include "base/buf.h"

static struct kb_arena arena;
static struct kb_doc doc;
static struct kb_err err;

/* The first result of reading bytes as a file of that name. */
static int read_one(const char *name, const char *bytes, size_t len, bool lines)
{
	struct kb_doc_opts opts = {.lines = lines};
	struct kb_doc_reader *r;
	int rc;

	kb_arena_reset(&arena);
	err = (struct kb_err){0};
	rc = open_bytes(&r, bytes, len, name, &opts, &err);
	if (rc < 0)
		return rc;
	rc = kb_doc_next(r, &arena, &doc, &err);
	kb_doc_close(r);
	return rc;
}

static void check_str(struct kb_str got, const char *want)
{
	if (!kb_str_is(got, want))
		fail_msg("got '%.*s', want '%s'", (int)got.len, got.ptr, want);
}

static void a_json_line_becomes_a_document(void **state)
{
	static const struct {
		const char *line, *id, *title, *text, *meta;
	} rows[] = {
	    {"{\"id\":\"a\",\"title\":\"Returns\",\"text\":\"In 7 days.\"}",
	     "a", "Returns", "In 7 days.", ""},
	    {"{\"id\":7,\"text\":\"七天内可退货。\",\"price\":1.50}", "7", "",
	     "七天内可退货。", "{\"price\":1.50}"},
	    {"{\"text\":\"iPhone 15 退货\",\"n\":12345678901234567890123}",
	     "f.jsonl#1", "", "iPhone 15 退货",
	     "{\"n\":12345678901234567890123}"},
	    {"{ \"id\" : \"b\" , \"x\" : {\"a\" : [1, 2]}, \"text\":\"t\", "
	     "\"lang\":\"z\\u0068\"}",
	     "b", "", "t", "{\"x\" : {\"a\" : [1, 2]},\"lang\":\"z\\u0068\"}"},
	    {"{\"id\":\"\",\"title\":\"only\"}", "f.jsonl#1", "only", "", ""},
	};

	(void)state;
	for (size_t i = 0; i < sizeof(rows) / sizeof(rows[0]); i++) {
		assert_int_equal(read_one("f.jsonl", rows[i].line,
					  strlen(rows[i].line), false),
				 1);
		assert_int_equal(doc.kind, KB_DOC_PLAIN);
		check_str(doc.id, rows[i].id);
		check_str(doc.title, rows[i].title);
		check_str(doc.text, rows[i].text);
		check_str(doc.meta, rows[i].meta);
	}
}

static void a_bad_line_costs_that_line(void **state)
{
	static const char text[] = "{\"id\":1,\"text\":\"a\"}\r\n"
				   "\n"
				   "plain text\n"
				   "{\"id\":true,\"text\":\"x\"}\n"
				   "{\"id\":2,\"text\":5}\n"
				   "{\"id\":3,\"valid_until\":\"soon\","
				   "\"text\":\"x\"}\n"
				   "{\"deleted\":true}\n"
				   "{\"id\":4,\"text\":\"b\"}";
	static const char *const messages[] = {
	    "f.jsonl:3: byte 1: not a JSON object",
	    "f.jsonl:4: member 'id' is no string and no number",
	    "f.jsonl:5: member 'text' is no string",
	    "f.jsonl:6: 'valid_until' is no date such as 2024-05-01: 'soon'",
	    "f.jsonl:7: 'deleted' without an 'id'"};
	struct kb_doc_reader *r;

	(void)state;
	assert_int_equal(
	    open_bytes(&r, text, sizeof(text) - 1, "f.jsonl", NULL, &err), 0);
	assert_int_equal(kb_doc_next(r, &arena, &doc, &err), 1);
	check_str(doc.id, "1");
	for (size_t i = 0; i < 5; i++) {
		assert_int_equal(kb_doc_next(r, &arena, &doc, &err), KB_EINVAL);
		assert_string_equal(err.msg, messages[i]);
	}
	assert_int_equal(kb_doc_next(r, &arena, &doc, &err), 1);
	check_str(doc.id, "4");
	assert_int_equal(doc.line, 8);
	assert_int_equal(kb_doc_next(r, &arena, &doc, &err), 0);
	kb_doc_close(r);
}

/* What is an array, or stands over several lines, with its places. */
static void json_need_not_stand_one_value_a_line(void **state)
{
	static const char array[] =
	    "\xef\xbb\xbf[{\"text\":\"a\"},{\"text\":\"七天\"},\n"
	    "7,\n{\"id\":\"x\",\n\"text\":\"c]\"}\n]\n";
	static const char pretty[] = "{\n  \"id\": 1,\n  \"text\": \"a\"\n}\n"
				     "{\"id\":2, \"text\":\"b\"}";
	static const char cut[] = "[{\"id\":1,\"text\":\"a\"},\n{\"id\":2";
	static const char open[] = "[{\"id\":1,\"text\":\"a\"}\n";
	struct kb_doc_reader *r;

	(void)state;
	assert_int_equal(
	    open_bytes(&r, array, sizeof(array) - 1, "f.json", NULL, &err), 0);
	assert_int_equal(kb_doc_next(r, &arena, &doc, &err), 1);
	check_str(doc.id, "f.json#1");
	assert_int_equal(kb_doc_next(r, &arena, &doc, &err), 1);
	check_str(doc.id, "f.json#2");
	check_str(doc.text, "七天");
	assert_int_equal(doc.line, 1);
	assert_int_equal(kb_doc_next(r, &arena, &doc, &err), KB_EINVAL);
	assert_string_equal(err.msg, "f.json:2: byte 1: not a JSON object");
	assert_int_equal(kb_doc_next(r, &arena, &doc, &err), 1);
	check_str(doc.id, "x");
	assert_int_equal(doc.line, 3);
	assert_int_equal(kb_doc_next(r, &arena, &doc, &err), 0);
	kb_doc_close(r);

	assert_int_equal(
	    open_bytes(&r, pretty, sizeof(pretty) - 1, "f", NULL, &err), 0);
	assert_int_equal(kb_doc_next(r, &arena, &doc, &err), 1);
	check_str(doc.text, "a");
	assert_int_equal(kb_doc_next(r, &arena, &doc, &err), 1);
	check_str(doc.text, "b");
	assert_int_equal(doc.line, 5);
	kb_doc_close(r);

	assert_int_equal(
	    open_bytes(&r, cut, sizeof(cut) - 1, "f.jsonl", NULL, &err), 0);
	assert_int_equal(kb_doc_next(r, &arena, &doc, &err), 1);
	assert_int_equal(kb_doc_next(r, &arena, &doc, &err), KB_EINVAL);
	assert_int_equal(kb_doc_next(r, &arena, &doc, &err), KB_EFORMAT);
	assert_int_equal(kb_doc_next(r, &arena, &doc, &err), 0);
	kb_doc_close(r);

	assert_int_equal(
	    open_bytes(&r, open, sizeof(open) - 1, "f.jsonl", NULL, &err), 0);
	assert_int_equal(kb_doc_next(r, &arena, &doc, &err), 1);
	assert_int_equal(kb_doc_next(r, &arena, &doc, &err), KB_EFORMAT);
	assert_string_equal(err.msg,
			    "f.jsonl:2: the end of a JSON array is missing");
	kb_doc_close(r);
}

/* A configuration, a list of words, a manifest: no documents. */
static void other_json_is_text(void **state)
{
	static const char *const rows[] = {
	    "{\n \"name\": \"a\",\n \"version\": \"1\"\n}\n",
	    "[\"one\", \"two\"]\n",
	    "[\n {\"name\": \"a\"}\n]\n",
	    "[1] is a note\n",
	    "[{\"text\": \n",
	};

	(void)state;
	for (size_t i = 0; i < sizeof(rows) / sizeof(*rows); i++) {
		assert_int_equal(
		    read_one("f.json", rows[i], strlen(rows[i]), false), 1);
		check_str(doc.id, "f.json");
		check_str(doc.text, rows[i]);
	}
}

static void deletions_and_triples_are_told_apart(void **state)
{
	static const char del[] = "{\"id\":9,\"deleted\":true}";
	static const char not_del[] =
	    "{\"id\":9,\"deleted\":false,\"text\":\"t\"}";
	static const char triple[] =
	    "{\"s\":\"故宫\",\"p\":\"门票\",\"o\":\"60元\",\"doc\":12}";
	static const char member[] = "{\"id\":1,\"text\":\"t\",\"triple\":"
				     "[\"a\",\"b\",\"c\"]}";

	(void)state;
	assert_int_equal(read_one("f.jsonl", del, sizeof(del) - 1, false), 1);
	assert_int_equal(doc.kind, KB_DOC_DELETED);
	check_str(doc.id, "9");
	assert_int_equal(
	    read_one("f.jsonl", not_del, sizeof(not_del) - 1, false), 1);
	assert_int_equal(doc.kind, KB_DOC_PLAIN);
	check_str(doc.meta, "");
	assert_int_equal(read_one("f.jsonl", triple, sizeof(triple) - 1, false),
			 1);
	assert_int_equal(doc.kind, KB_DOC_TRIPLE);
	check_str(doc.id, "12");
	check_str(doc.triple[0], "故宫");
	check_str(doc.triple[2], "60元");
	assert_int_equal(read_one("f.jsonl", member, sizeof(member) - 1, false),
			 1);
	assert_int_equal(doc.kind, KB_DOC_PLAIN);
	check_str(doc.triple[1], "b");
	check_str(doc.meta, "{\"triple\":[\"a\",\"b\",\"c\"]}");
}

static void times_are_read_and_bounds_are_right(void **state)
{
	static const struct {
		const char *text;
		bool end, ok;
		int64_t want;
	} rows[] = {
	    {"1970-01-01", false, true, 0},
	    {"1970-01-01", true, true, 86400},
	    {"2024-02-29", false, true, 1709164800},
	    {"2024/05/01 08:00+08:00", false, true, 1714521600},
	    {"2024-05-01T00:00:00Z", true, true, 1714521600},
	    {"2024-05-01T00:00:00.250", false, true, 1714521600},
	    {"1714521600", true, true, 1714521600},
	    {"-5", false, true, -5},
	    {"2024-13-01", false, false, 0},
	    {"2024-05-01x", false, false, 0},
	    {"tomorrow", false, false, 0},
	    {"", false, false, 0},
	    {"12345678901234567", false, false, 0},
	};
	int64_t got;

	(void)state;
	for (size_t i = 0; i < sizeof(rows) / sizeof(rows[0]); i++) {
		assert_int_equal(
		    kb_doc_time(kb_str_of(rows[i].text), rows[i].end, &got),
		    rows[i].ok);
		if (rows[i].ok)
			assert_true(got == rows[i].want);
	}
}

static void markdown_gives_blocks_with_lines(void **state)
{
	static const char md[] = "---\n"
				 "title: \"退货 policy\"\n"
				 "id: ret-1\n"
				 "price: 12.50\n"
				 "tags: [退货, returns]\n"
				 "---\n"
				 "# Returns #\r\n"
				 "Intro.\r\n"
				 "\n"
				 "- one\n"
				 "  more\n"
				 "- two\n"
				 "\n"
				 "| a | b |\n"
				 "|---|---|\n"
				 "| 1 | 2 |\n"
				 "\n"
				 "```\n"
				 "# no heading\n"
				 "```\n"
				 "配送\n"
				 "----\n"
				 "##中文标题\n"
				 "三天。\n";
	static const struct {
		enum kb_block_type type;
		unsigned level, line;
		const char *text;
	} want[] = {
	    {KB_BLOCK_HEADING, 1, 7, "# Returns #"},
	    {KB_BLOCK_PARAGRAPH, 0, 8, "Intro."},
	    {KB_BLOCK_LIST, 0, 10, "- one\n  more\n- two"},
	    {KB_BLOCK_TABLE, 0, 14, "| a | b |\n|---|---|\n| 1 | 2 |"},
	    {KB_BLOCK_CODE, 0, 18, "```\n# no heading\n```"},
	    {KB_BLOCK_HEADING, 2, 21, "配送\n----"},
	    {KB_BLOCK_HEADING, 2, 23, "##中文标题"},
	    {KB_BLOCK_PARAGRAPH, 0, 24, "三天。"},
	};

	(void)state;
	assert_int_equal(read_one("d/a.md", md, sizeof(md) - 1, false), 1);
	check_str(doc.id, "ret-1");
	check_str(doc.title, "退货 policy");
	check_str(doc.meta,
		  "{\"price\":12.50,\"tags\":[\"退货\",\"returns\"]}");
	assert_int_equal(doc.n_blocks, sizeof(want) / sizeof(want[0]));
	for (size_t i = 0; i < doc.n_blocks; i++) {
		const struct kb_block *b = &doc.blocks[i];

		assert_int_equal(b->type, want[i].type);
		assert_int_equal(b->level, want[i].level);
		assert_int_equal(b->line, want[i].line);
		check_str(
		    (struct kb_str){doc.text.ptr + b->start, b->end - b->start},
		    want[i].text);
	}
	check_str((struct kb_str){doc.text.ptr + doc.blocks[0].title_start, 7},
		  "Returns");
}

struct want_block {
	enum kb_block_type type;
	unsigned line;
	const char *text;
};

static void check_blocks(const char *why, const struct want_block *want,
			 size_t n)
{
	if (doc.n_blocks != n)
		fail_msg("%s: %zu blocks", why, doc.n_blocks);
	for (size_t i = 0; i < n; i++) {
		const struct kb_block *b = &doc.blocks[i];
		struct kb_str text = {doc.text.ptr + b->start,
				      b->end - b->start};

		if (b->type != want[i].type || b->line != want[i].line ||
		    !kb_str_is(text, want[i].text))
			fail_msg("%s: block %zu, type %u, line %u: '%.*s'", why,
				 i, b->type, b->line, (int)text.len, text.ptr);
	}
}

#define CODE  KB_BLOCK_CODE
#define PARA  KB_BLOCK_PARAGRAPH
#define LIST  KB_BLOCK_LIST
#define HEAD  KB_BLOCK_HEADING
#define TABLE KB_BLOCK_TABLE

static void blocks_are_those_of_commonmark(void **state)
{
	static const struct {
		const char *why, *md;
		struct want_block want[4];
	} rows[] = {
	    {"a fence in a list item",
	     "- item\n\n  ```sh\n  # no heading\n  ```\n\n## 下一节\n",
	     {{LIST, 1, "- item\n\n  ```sh\n  # no heading\n  ```"},
	      {HEAD, 7, "## 下一节"}}},
	    {"an open fence ends with its list",
	     "1. ```\n   # x\n\n# Top\n",
	     {{LIST, 1, "1. ```\n   # x"}, {HEAD, 4, "# Top"}}},
	    {"a fence of marks in a fence",
	     "~~~~\n~~~\n# x\n~~~~\nz\n",
	     {{CODE, 1, "~~~~\n~~~\n# x\n~~~~"}, {PARA, 5, "z"}}},
	    {"no fence with a backtick behind",
	     "``` a`b\n# Top\n",
	     {{PARA, 1, "``` a`b"}, {HEAD, 2, "# Top"}}},
	    {"indented code",
	     "a\n\n    # x\n\n    y\n\nz\n",
	     {{PARA, 1, "a"}, {CODE, 3, "    # x\n\n    y"}, {PARA, 7, "z"}}},
	    {"an underlined heading of two lines",
	     "退货\npolicy\n=\nz\n",
	     {{HEAD, 1, "退货\npolicy\n="}, {PARA, 4, "z"}}},
	    {"HTML is not read as Markdown",
	     "<div\nid='x'>\n# no\n</div>\n\n# Top\n",
	     {{PARA, 1, "<div\nid='x'>\n# no\n</div>"}, {HEAD, 6, "# Top"}}},
	    {"a comment ends where it says",
	     "<!-- x\n\n# no\n-->\n# Top\n",
	     {{PARA, 1, "<!-- x\n\n# no\n-->"}, {HEAD, 5, "# Top"}}},
	    {"a quote holds its headings",
	     "> # 引用\n> text\nlazy\n\nz\n",
	     {{PARA, 1, "> # 引用\n> text\nlazy"}, {PARA, 5, "z"}}},
	    {"a table behind its caption",
	     "caption\na | b\n--|--\n1 | 2\nz\n",
	     {{PARA, 1, "caption"},
	      {TABLE, 2, "a | b\n--|--\n1 | 2"},
	      {PARA, 5, "z"}}},
	    {"a rule between paragraphs",
	     "a\n\n***\n\nb\n",
	     {{PARA, 1, "a"}, {PARA, 3, "***"}, {PARA, 5, "b"}}},
	    {"what inline marks mean stays",
	     "10^6 and 10<sup>6</sup>\n",
	     {{PARA, 1, "10^6 and 10<sup>6</sup>"}}},
	};

	(void)state;
	for (size_t i = 0; i < sizeof(rows) / sizeof(rows[0]); i++) {
		size_t n = 0;

		while (n < 4 && rows[i].want[n].text)
			n++;
		assert_int_equal(
		    read_one("a.md", rows[i].md, strlen(rows[i].md), false), 1);
		check_blocks(rows[i].why, rows[i].want, n);
	}
}

static void text_is_not_code_for_its_indentation(void **state)
{
	static const char text[] = "a\n\n    第一段。\n\none\ntwo\nthree\n"
				   "four\n----\nfive\n";
	static const struct want_block want[] = {
	    {PARA, 1, "a"},
	    {PARA, 3, "    第一段。"},
	    {PARA, 5, "one\ntwo\nthree\nfour\n----"},
	    {PARA, 10, "five"},
	};

	(void)state;
	assert_int_equal(read_one("a.txt", text, sizeof(text) - 1, false), 1);
	check_blocks("text", want, 4);
}

/* Blocks are found in pieces of a megabyte; none may show. */
static void large_files_have_the_same_blocks(void **state)
{
	struct kb_buf md;
	char item[64];
	size_t n = 0;

	(void)state;
	kb_buf_init(&md, 0);
	for (int section = 0; section < 3; section++) {
		kb_buf_add_cstr(&md, "# 节\n\nText.\n\n```\n");
		for (int i = 0; i < 150000; i++)
			kb_buf_add_cstr(&md, "# code\n\n");
		kb_buf_add_cstr(&md, "```\n\n");
		for (int i = 0; i < 50000; i++)
			kb_buf_add(&md, item,
				   (size_t)snprintf(item, sizeof(item),
						    "- item %d\n\n  more\n\n",
						    i));
	}
	assert_int_equal(read_one("a.md", md.ptr, md.len, false), 1);
	assert_int_equal(doc.n_blocks, 3 * 4);
	for (size_t i = 0; i < doc.n_blocks; i++) {
		static const struct {
			enum kb_block_type type;
			unsigned line;
		} want[] = {{HEAD, 1}, {PARA, 3}, {CODE, 5}, {LIST, 300008}};
		const struct kb_block *b = &doc.blocks[i];

		assert_int_equal(b->type, want[i % 4].type);
		assert_int_equal(b->line, i / 4 * 500007 + want[i % 4].line);
		for (; n < b->start; n++)
			assert_int_equal(doc.text.ptr[n], '\n');
		n = b->end;
	}
	kb_buf_release(&md);
}

static void front_matter_is_read_or_left_out(void **state)
{
	static const struct {
		const char *why, *md, *title, *meta;
	} rows[] = {
	    {"folded",
	     "---\ntitle: >\n  Folded\n  退货\n\n  title\nn: 5\n---\nx",
	     "Folded 退货\ntitle", "{\"n\":5}"},
	    {"literal", "---\ntitle: x\nsh: |-\n  a\n    b\n---\nx", "x",
	     "{\"sh\":\"a\\n  b\"}"},
	    {"plain over two lines", "---\ntitle: The\n  shop\n---\nx",
	     "The shop", ""},
	    {"lists",
	     "---\na: ['x, y', z]\nb:\n  - 退\n  - \"q\"\nc:\n- d\n---\nx", "a",
	     "{\"a\":[\"x, y\",\"z\"],\"b\":[\"退\",\"q\"],\"c\":[\"d\"]}"},
	    {"what is deeper is left out",
	     "---\na:\n  b: c\nd: {e: f}\ng:\n  - h: i\n    j: k\nl: m\n---\nx",
	     "a", "{\"l\":\"m\"}"},
	    {"a quoted number is text", "---\nn: '5'\nu: \"\\u9000\"\n---\nx",
	     "a", "{\"n\":\"5\",\"u\":\"退\"}"},
	    {"TOML",
	     "+++\ntitle = \"Toml \\\"title\\\"\" # why\nn = 5\nb = true\n"
	     "day = 2024-05-01\ns = 'a\\b'\nl = [\"退\",\n \"货\"]\n"
	     "m = \"\"\"\ntwo\nlines\"\"\"\na.b = 1\nt = { x = 1 }\n[extra]\n"
	     "q = 1\n+++\nx",
	     "Toml \"title\"",
	     "{\"n\":5,\"b\":true,\"day\":\"2024-05-01\",\"s\":\"a\\\\b\","
	     "\"l\":[\"退\",\"货\"],\"m\":\"two\\nlines\"}"},
	    {"comments",
	     "---\n# first\ntitle: \"A #1: b\"   # why\nl: [a, 'b # c'] # d\n"
	     "m:\n- e # f\n- 'g'#h\nu: http://x/#y #z\n---\nx",
	     "A #1: b",
	     "{\"l\":[\"a\",\"b # c\"],\"m\":[\"e\",\"'g'#h\"],"
	     "\"u\":\"http://x/#y\"}"},
	    {"comments in TOML",
	     "+++\nl = [\n \"a\", # b\n \"c#d\",\n]\n+++\nx", "a",
	     "{\"l\":[\"a\",\"c#d\"]}"},
	    {"quotes in quotes, and nothing",
	     "---\nq: 'it''s'\na: ~\nb: null\nc:\n---\nx", "a",
	     "{\"q\":\"it's\"}"},
	};
	static const char rule[] = "---\nA text under a rule.\n\n---\nmore";

	(void)state;
	for (size_t i = 0; i < sizeof(rows) / sizeof(rows[0]); i++) {
		assert_int_equal(
		    read_one("a.md", rows[i].md, strlen(rows[i].md), false), 1);
		if (!kb_str_is(doc.title, rows[i].title) ||
		    !kb_str_is(doc.meta, rows[i].meta))
			fail_msg("%s: '%.*s' %.*s", rows[i].why,
				 (int)doc.title.len, doc.title.ptr,
				 (int)doc.meta.len, doc.meta.ptr);
		check_str(doc.text, "x");
	}
	/* what does not close is text */
	assert_int_equal(read_one("a.md", "+++\na = 1\n", 10, false), 1);
	check_str(doc.text, "+++\na = 1\n");
	/* and so is what begins with no member */
	assert_int_equal(read_one("a.md", rule, sizeof(rule) - 1, false), 1);
	check_str(doc.text, rule);
}

/* The marks of a line are cut, but it is not lost. */
static void a_line_far_out_is_a_block(void **state)
{
	struct kb_buf md;

	(void)state;
	kb_buf_init(&md, 0);
	for (int i = 0; i < 200; i++)
		kb_buf_add_char(&md, ' ');
	kb_buf_add_cstr(&md, "---\n");
	assert_int_equal(read_one("a.md", md.ptr, md.len, false), 1);
	assert_int_equal(doc.n_blocks, 1);
	assert_int_equal(doc.blocks[0].end, 203);
	kb_buf_release(&md);
}

static void a_title_is_not_a_whole_text(void **state)
{
	struct kb_buf md;

	(void)state;
	kb_buf_init(&md, 0);
	for (int i = 0; i < 1000; i++)
		kb_buf_add_cstr(&md, "退");
	kb_buf_add_cstr(&md, "\n===\n# C# ##\n");
	assert_int_equal(read_one("a.md", md.ptr, md.len, false), 1);
	assert_int_equal(doc.title.len, 510);
	check_str((struct kb_str){doc.text.ptr + doc.blocks[1].title_start,
				  doc.blocks[1].title_end -
				      doc.blocks[1].title_start},
		  "C#");
	kb_buf_release(&md);
}

static void a_file_is_named_when_it_does_not_say(void **state)
{
	(void)state;
	assert_int_equal(read_one("d/return policy.md", "Text.", 5, false), 1);
	check_str(doc.id, "d/return policy.md");
	check_str(doc.title, "return policy");
	assert_int_equal(read_one("d/a.txt", "", 0, false), 1);
	check_str(doc.text, "");
	assert_int_equal(read_one("说明.md", "# 标题\n文", 12, false), 1);
	check_str(doc.title, "标题");
}

static void the_type_follows_name_then_content(void **state)
{
	static const struct {
		const char *name, *bytes;
		bool lines;
		enum kb_doc_type want;
	} rows[] = {
	    {"a.MD", "x", false, KB_DOC_MARKDOWN},
	    {"a.jsonl.zst", "x", false, KB_DOC_JSONL},
	    {"a.log", "x", false, KB_DOC_TEXT},
	    {"a.log", "x", true, KB_DOC_LOG},
	    {"a.html", "x", true, KB_DOC_HTML},
	    {"a", "{\"id\":1}\n", false, KB_DOC_JSONL},
	    {"a", "{not json\n", false, KB_DOC_TEXT},
	    {"a", "\n <!DOCTYPE HTML><p>x", false, KB_DOC_HTML},
	    {"a", "", false, KB_DOC_TEXT},
	    {"a.1", ".\\\" <html>\n.TH A 1\n", false, KB_DOC_ROFF},
	    {"a.1.gz", "'\\\" t\n.Dd June 1, 2026\n", true, KB_DOC_ROFF},
	    {"a.log.1", "2026-01-01 .TH \n", false, KB_DOC_TEXT},
	};

	(void)state;
	for (size_t i = 0; i < sizeof(rows) / sizeof(rows[0]); i++) {
		struct kb_doc_opts opts = {.lines = rows[i].lines};
		struct kb_doc_reader *r;

		assert_int_equal(open_bytes(&r, rows[i].bytes,
					    strlen(rows[i].bytes), rows[i].name,
					    &opts, &err),
				 0);
		assert_int_equal(kb_doc_reader_type(r), rows[i].want);
		kb_doc_close(r);
	}
}

static void log_groups_keep_their_stack_traces(void **state)
{
	static const char log[] =
	    "2024-05-01 08:00:00 ERROR 支付失败 order=7\n"
	    "java.lang.IllegalStateException: x\n"
	    "\tat a.b.C(C.java:1)\n"
	    "\n"
	    "Caused by: y\n"
	    "2024-05-01 08:00:01 INFO ok\n"
	    "[warn] Sun Dec 04 04:47:44 2005 x\n"
	    "1.2.3.4 - - [10/Oct/2000:13:55:36 +0000] \"GET /\"\n";
	static const struct {
		const char *id, *tail;
	} want[] = {
	    {"a.log:1", "Caused by: y"},
	    {"a.log:6", "INFO ok"},
	    {"a.log:7", "2005 x"},
	    {"a.log:8", "\"GET /\""},
	};
	struct kb_doc_opts opts = {.lines = true};
	struct kb_doc_reader *r;

	(void)state;
	assert_int_equal(
	    open_bytes(&r, log, sizeof(log) - 1, "a.log", &opts, &err), 0);
	for (size_t i = 0; i < 4; i++) {
		size_t n = strlen(want[i].tail);

		assert_int_equal(kb_doc_next(r, &arena, &doc, &err), 1);
		check_str(doc.id, want[i].id);
		check_str((struct kb_str){doc.text.ptr + doc.text.len - n, n},
			  want[i].tail);
	}
	assert_int_equal(kb_doc_next(r, &arena, &doc, &err), 0);
	kb_doc_close(r);
}

static void without_stamps_each_line_is_a_document(void **state)
{
	static const char log[] = "first\n\nsecond\n  goes on\n第三行\n";
	static const char *const want[] = {"first", "second\n  goes on",
					   "第三行"};
	struct kb_doc_opts opts = {.lines = true};
	struct kb_doc_reader *r;

	(void)state;
	assert_int_equal(
	    open_bytes(&r, log, sizeof(log) - 1, "a.log", &opts, &err), 0);
	for (size_t i = 0; i < 3; i++) {
		assert_int_equal(kb_doc_next(r, &arena, &doc, &err), 1);
		check_str(doc.text, want[i]);
	}
	assert_int_equal(kb_doc_next(r, &arena, &doc, &err), 0);
	kb_doc_close(r);
}

static void limits_are_named(void **state)
{
	struct kb_doc_opts opts = {.max_text_size = 10};
	struct kb_doc_reader *r;

	(void)state;
	assert_int_equal(
	    open_bytes(&r, "12345678901", 11, "a.txt", &opts, &err), 0);
	assert_int_equal(kb_doc_next(r, &arena, &doc, &err), KB_ELIMIT);
	assert_non_null(strstr(err.msg, "limit of 10 bytes"));
	assert_int_equal(kb_doc_next(r, &arena, &doc, &err), 0);
	kb_doc_close(r);
}

static void binary_files_are_refused_with_the_reason(void **state)
{
	(void)state;
	assert_int_equal(read_one("a.txt", "%PDF-1.4 ...", 12, false),
			 KB_EFORMAT);
	assert_string_equal(err.msg, "'a.txt' is a PDF file");
	assert_int_equal(read_one("a.txt", "a\0b\1c\2\3", 8, false),
			 KB_EFORMAT);
	assert_non_null(strstr(err.msg, "NUL"));
	assert_int_equal(read_one("a.jsonl", "\x1f\x8b\x08garbage", 10, false),
			 KB_EFORMAT);
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
	    cmocka_unit_test(a_json_line_becomes_a_document),
	    cmocka_unit_test(a_bad_line_costs_that_line),
	    cmocka_unit_test(json_need_not_stand_one_value_a_line),
	    cmocka_unit_test(other_json_is_text),
	    cmocka_unit_test(deletions_and_triples_are_told_apart),
	    cmocka_unit_test(times_are_read_and_bounds_are_right),
	    cmocka_unit_test(markdown_gives_blocks_with_lines),
	    cmocka_unit_test(blocks_are_those_of_commonmark),
	    cmocka_unit_test(text_is_not_code_for_its_indentation),
	    cmocka_unit_test(large_files_have_the_same_blocks),
	    cmocka_unit_test(front_matter_is_read_or_left_out),
	    cmocka_unit_test(a_line_far_out_is_a_block),
	    cmocka_unit_test(a_title_is_not_a_whole_text),
	    cmocka_unit_test(a_file_is_named_when_it_does_not_say),
	    cmocka_unit_test(the_type_follows_name_then_content),
	    cmocka_unit_test(log_groups_keep_their_stack_traces),
	    cmocka_unit_test(without_stamps_each_line_is_a_document),
	    cmocka_unit_test(limits_are_named),
	    cmocka_unit_test(binary_files_are_refused_with_the_reason),
	};

	return cmocka_run_group_tests(tests, setup, teardown);
}
