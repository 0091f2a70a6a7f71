#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>

#include <cmocka.h>

#include "docs.h"

static struct kb_arena arena;
static struct kb_doc doc;
static struct kb_err err;

static int read_page(const char *page)
{
	struct kb_doc_reader *r;
	int rc;

	kb_arena_reset(&arena);
	rc = open_bytes(&r, page, strlen(page), "page.1", NULL, &err);
	if (rc < 0)
		return rc;
	rc = kb_doc_next(r, &arena, &doc, &err);
	kb_doc_close(r);
	return rc;
}

struct row {
	const char *why, *page, *text;
};

static void check_texts(const char *first, const struct row *rows, size_t n)
{
	char page[1024];

	for (size_t i = 0; i < n; i++) {
		snprintf(page, sizeof(page), "%s%s", first, rows[i].page);
		assert_int_equal(read_page(page), 1);
		if (!kb_str_is(doc.text, rows[i].text))
			fail_msg("%s: '%.*s', want '%s'", rows[i].why,
				 (int)doc.text.len, doc.text.ptr, rows[i].text);
	}
}

#define CHECK(first, rows) \
	check_texts(first, rows, sizeof(rows) / sizeof(*(rows)))

static void macros_of_man_are_read(void **state)
{
	static const struct row rows[] = {
	    {"headings and paragraphs",
	     ".SH NAME\nls \\- 列出\n.SS \"More of\" it\none\n.PP\ntwo\n\n3\n",
	     "# NAME\n\nls - 列出\n\n## More of it\n\none\n\ntwo\n\n3"},
	    {"a heading on its own line", ".SH\nFILES\n.B x\n", "# FILES\n\nx"},
	    {"fonts", "a\n.BR \\-x \", \" \\-\\-yes =\\fIno\\fR\nb\n",
	     "a -x, --yes=no b"},
	    {"terms",
	     ".TP 8\n.B \\-x\nMeans\nit.\n.TQ\n-y\n.IP \\-z 4\nOr that.\n",
	     "-x\n    Means it.\n\n-y\n\n-z\n    Or that."},
	    {"marks of a list", ".IP \\(bu 2\none\n.IP \\(bu\ntwo\n",
	     "• one\n\n• two"},
	    {"examples keep their lines", "a\n.nf\n  x \\e\n\ty\n.fi\nb\n",
	     "a\n\n  x \\\n\ty\n\nb"},
	    {"a new line", "a\n.br\nb\n c\n", "a\nb\nc"},
	    {"tables",
	     ".TS\ntab(;);\nl l.\na;b\n_\nc;T{\nlong\none\nT}\n.TE\nx\n",
	     "a|b\nc| long one\n\nx"},
	    {"definitions and comments hold no text",
	     "a\n.de XX\nlost\n..\n.\\\" lost\nb\\\" lost\n.so man1/x.1\n",
	     "a b"},
	    {"conditions are those of a terminal",
	     ".if t lost\n.if n a\n.ie \\n(.g b\n.el lost\n.if \\nF \\{\\\n"
	     ".if n lost\n.if t \\{\\\nlost\n.\\}\nlost\n.\\}\n.ie t "
	     "\\{\\\nlost"
	     "\n.\\}\n.el \\{\\\nc\n.\\}\nd\n",
	     "a b c d"},
	    {"quotation marks", ".B \"a \"\"b\"\" c\" d\n", "a \"b\" c d"},
	};

	(void)state;
	CHECK(".TH LS 1\n", rows);
}

static void macros_of_mdoc_are_read(void **state)
{
	static const struct row rows[] = {
	    {"a synopsis",
	     ".Sh SYNOPSIS\n.Nm kb-a\n.Op Fl v | -quiet Ns = Ns Ar "
	     "n\n.Ar\n.Nm\n"
	     ".Oo Ar x Oc\n",
	     "# SYNOPSIS\n\nkb-a [-v | --quiet=n] file ...\nkb-a [x]"},
	    {"marks of punctuation",
	     "See\n.Xr b 5 ,\n.Pq or Sy it .\n.Dq so\n.Ns \\(en\n",
	     "See b(5), (or it). “so”–"},
	    {"terms",
	     ".Bl -tag -width Ds\n.It Fl x , -yes Ar n\nMeans\n.Em that .\n"
	     ".It Cm z\n.El\nb\n",
	     "-x, --yes n\n    Means that.\n\nz\n\nb"},
	    {"lists within lists",
	     ".Bl -tag\n.It a\nof a\n.Bl -bullet\n.It\none\n.It\ntwo\n.El\n.It "
	     "b\nof b\n.El\n",
	     "a\n    of a\n\none\n\ntwo\n\nb\n    of b"},
	    {"columns", ".Bl -column a b\n.It Sy a Ta b\n.El\n", "a | b"},
	    {"examples",
	     "a\n.Bd -literal -offset indent\n$ x |\n   y\n.Ed\n"
	     ".Dl $ kb-a \\-v\n",
	     "a\n\n$ x |\n   y\n\n$ kb-a -v"},
	};

	(void)state;
	CHECK(".Dd June 1, 2026\n.Dt KB-A 1\n.Os\n", rows);
}

static void escapes_are_read(void **state)
{
	static const struct row rows[] = {
	    {"marks", "\\(em\\[en]\\*(lqa\\*[rq]\\(aq\\e\\\\\n", "—–“a”'\\\\"},
	    {"blanks and joints", "a\\ b\\~c\\0d\\&\\|\\^\\/e\\%f\n",
	     "a b c def"},
	    {"fonts, sizes, motions",
	     "\\fBa\\f(CWb\\f[I]c\\fP\\s-1d\\s0\\s'+2'\\h'1m'\\v'2'e\\k(xx\\m["
	     "r]\n",
	     "abcde"},
	    {"code points", "\\[u4E2D]\\[u6587]\\[u110000]\\[uD800]\n", "中文"},
	    {"what is cut", "a\\f(\\\n", "a"},
	    {"bytes of one character stay together",
	     "\\f中a\\(中b\\h中c\\*文\n", "ab中c"},
	};

	(void)state;
	CHECK(".TH A 1\n", rows);
}

static void a_page_has_title_blocks_and_lines(void **state)
{
	(void)state;
	assert_int_equal(read_page("'\\\" t\n.\\\" of us\n.TH git\\-a 1\n.SH "
				   "NAME\na\n.SS 二\n.nf\nb\n.fi\n"),
			 1);
	assert_true(kb_str_is(doc.title, "git-a(1)"));
	assert_true(kb_str_is(doc.id, "page.1"));
	assert_int_equal(doc.n_blocks, 4);
	assert_int_equal(doc.blocks[0].type, KB_BLOCK_HEADING);
	assert_int_equal(doc.blocks[0].level, 1);
	assert_int_equal(doc.blocks[1].line, 5);
	assert_int_equal(doc.blocks[2].level, 2);
	assert_int_equal(doc.blocks[3].type, KB_BLOCK_CODE);
	assert_int_equal(doc.blocks[3].line, 8);
}

static void other_text_is_no_page(void **state)
{
	static const char *const texts[] = {
	    "x\n.TH A 1\n", ".gitignore\n.THE\n", "2026-01-01 rotated log\n",
	    "...\n"};

	(void)state;
	for (size_t i = 0; i < sizeof(texts) / sizeof(*texts); i++) {
		assert_int_equal(read_page(texts[i]), 1);
		assert_true(kb_str_eq(doc.text, kb_str_of(texts[i])));
	}
}

int main(void)
{
	static const struct CMUnitTest tests[] = {
	    cmocka_unit_test(macros_of_man_are_read),
	    cmocka_unit_test(macros_of_mdoc_are_read),
	    cmocka_unit_test(escapes_are_read),
	    cmocka_unit_test(a_page_has_title_blocks_and_lines),
	    cmocka_unit_test(other_text_is_no_page),
	};

	kb_arena_init(&arena);
	return cmocka_run_group_tests(tests, NULL, NULL);
}
