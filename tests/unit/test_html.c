#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include "docs.h"

#include "base/buf.h"

static const struct {
	const char *why, *html, *text, *title;
} pages[] = {
    {"headings and paragraphs",
     "<title>The  Shop</title><h1>Re<b>turns</b></h1><p>In 7 days.<p>Or not",
     "# Returns\n\nIn 7 days.\n\nOr not", "The Shop"},
    {"Chinese", "<h2>退货</h2><div>七天内<br>可退。</div>",
     "## 退货\n\n七天内\n可退。", "退货"},
    {"mixed, white space folded", "<p> iPhone\n  15 <i>退货</i>\t政策 </p>",
     "iPhone 15 退货 政策", "f"},
    {"entities", "<p>&lt;5 &amp 6&gt; &#36864;&#x8d27; &nbsp; &bogus; &eacute;",
     "<5 & 6> 退货 &bogus; \xc3\xa9", "f"},
    {"lists nest and count", "<ul><li>a<ol><li>x<li>y</ol><li><p>b</p></ul>",
     "- a\n  1. x\n  2. y\n- b", "f"},
    {"definition list", "<dl><dt>运费<dd>10 元</dl>", "- 运费\n10 元", "f"},
    {"tables",
     "<table><tr><th>灯色<th>含义</tr><tr><td></td><td>ok</table><p>z",
     "灯色 | 含义\n--- | ---\n | ok\n\nz", "f"},
    {"code keeps its lines", "<pre>a\n  b\n</pre>", "a\n  b", "f"},
    {"script, style, nav and comments drop",
     "<nav>menu<nav>x</nav></nav>a<script>if (a<b) \"</p>\"</script>"
     "<style>p{}</style><!-- <p>no --> b",
     "a b", "f"},
    {"an open nav does not swallow the page", "<nav>menu<main><p>text</main>",
     "text", "f"},
    {"quoted >", "<p title='a>b' x=\">\">c</p>", "c", "f"},
    {"broken markup", "a < b <3 </ p> <p <b>x</", "a < b <3 p>\n\nx", "f"},
    {"cut entity and tag", "x &#x <div cla", "x", "f"},
    {"powers stay powers, ordinals ordinals",
     "10<sup>6</sup> m<sup>2</sup> x<sup>n</sup> 10<sup>\xe2\x88\x92"
     "3</sup> 1<sup>st</sup> 2<sup>e</sup> 注<sup>1</sup> H<sub>2</sub>O "
     "<sup>6</sup>",
     "10^6 m^2 x^n 10^\xe2\x88\x92"
     "3 1st 2e 注^1 H2O 6",
     "f"},
    {"what is below the line stays there",
     "x<sub>i</sub> C<sub>6</sub>H<sub>12</sub> 10<sub>2</sub> x<sub>1</sub>",
     "x_i C6H12 10_2 x1", "f"},
    {"a note is no power",
     "1990<sup><a href='#f'>3</a></sup> 1991<a href='#f'><sup>4</sup></a> "
     "1992<sup><a>[5]</a></sup> <a>10<sup>6</sup></a>",
     "1990[3] 1991[4] 1992[5] 10^6", "f"},
    {"what is struck out is shown as that",
     "was <del>$5</del><ins>$6</ins> <s>a</s><del><p>b<p>c</del><ul><li>"
     "<strike>d</strike></ul>",
     "was ~~$5~~$6 ~~a~~\n\n~~b~~\n\n~~c~~\n\n- ~~d~~", "f"},
    {"a quotation keeps its marks", "he said <q>退货 ok </q>.",
     "he said \"退货 ok\".", "f"},
    {"a table behind text has a head, its cells paragraphs",
     "<p>x<table><tr><th>a<th>b<tr><td><p>1</p><td><p>2</p><p>3</p></table>",
     "x\n\na | b\n--- | ---\n1 | 2 3", "f"},
    {"names of rows are no head", "<table><tr><th>a<td>1<tr><th>b<td>2</table>",
     "a | 1\nb | 2", "f"},
    {"dashes of Windows-1252", "<p>a &#150; b &#8212; c&#1500;",
     "a \xe2\x80\x93 b \xe2\x80\x94 c\xd7\x9c", "f"},
    {"CDATA is text, declarations are not",
     "<!DOCTYPE html [ x ]><p>a<![CDATA[ 退货 ]]>b<?php x ?><!x>c",
     "a 退货 b c", "f"},
    {"text behind the end", "</div>a<html><body>b</body></html>c<p>d",
     "a\n\nbc\n\nd", "f"},
    {"a title without end", "<title>The Shop<h1>退货</h1>a", "# 退货\n\na",
     "The Shop"},
    {"a head of two rows",
     "<table><tr><th rowspan=2>型号<th colspan=2>Price</tr>"
     "<tr><th>EUR<th>USD</tr><tr><td>X1<td>10<td>11</table>",
     "型号 | Price | Price\n型号 | EUR | USD\n--- | --- | ---\n"
     "X1 | 10 | 11",
     "f"},
    {"cells that go on in the rows below",
     "<table><tr><td rowspan=2>Bonn<td>1<td rowspan=3>z<tr><td>2"
     "<tr><td>Ulm<td>3<tr><td>4<td>5<td>6</table>",
     "Bonn | 1 | z\nBonn | 2 | z\nUlm | 3 | z\n4 | 5 | 6", "f"},
    {"a cell over all columns is no head of each",
     "<table><tr><td>a<td>b<tr><td colspan=2>in 千</table>", "a | b\nin 千",
     "f"},
    {"spans that are none",
     "<table><tr><td rowspan=-1 colspan=0>a<td colspan=x>b<tr><td>c"
     "</table><table><tr><td rowspan=9>d</table><table><tr><td>e</table>",
     "a | b\nc\n\nd\n\ne", "f"},
    {"a cell over the rows that are left in its group",
     "<table><tbody><tr><td rowspan=0>a<td>b<tr><td>c<tr><td>d</tbody>"
     "<tbody><tr><td>e<td rowspan=3>f</tbody><tr><td>g<td>h</table>",
     "a | b\na | c\na | d\ne | f\ng | h", "f"},
    {"tables in tables",
     "<table><tr><td>a<td><table><tr><td>x<td>y</table>b<tr><td>c</table>z",
     "a |\nx | y\nb\nc\n\nz", "f"},
    {"conditional comments", "<!--[if IE]><p>no<![endif]-->a", "a", "f"},
    {"nothing", "", "", "f"},
};

static void html_becomes_text(void **state)
{
	struct kb_arena arena;
	struct kb_err err;

	(void)state;
	kb_arena_init(&arena);
	for (size_t i = 0; i < sizeof(pages) / sizeof(pages[0]); i++) {
		struct kb_doc_reader *r;
		struct kb_doc doc;

		assert_int_equal(open_bytes(&r, pages[i].html,
					    strlen(pages[i].html), "f.html",
					    NULL, &err),
				 0);
		assert_int_equal(kb_doc_next(r, &arena, &doc, &err), 1);
		if (!kb_str_is(doc.text, pages[i].text))
			fail_msg("%s: '%.*s'", pages[i].why, (int)doc.text.len,
				 doc.text.ptr);
		if (!kb_str_is(doc.title, pages[i].title))
			fail_msg("%s: title '%.*s'", pages[i].why,
				 (int)doc.title.len, doc.title.ptr);
		kb_doc_close(r);
	}
	kb_arena_release(&arena);
}

/* Reads a page; the caller closes. */
static void read_page(struct kb_str page, struct kb_arena *arena,
		      struct kb_doc *doc)
{
	struct kb_doc_reader *r;
	struct kb_err err;

	if (open_bytes(&r, page.ptr, page.len, "f.html", NULL, &err) < 0)
		fail_msg("%s", err.msg);
	assert_int_equal(kb_doc_next(r, arena, doc, &err), 1);
	kb_doc_close(r);
}

#define OWN   "<p>Returns are taken within seven days of the delivery.</p>"
#define WORDS "Returns are taken within seven days of the delivery."
#define LINKS                                                  \
	"<ul><li><a href=a>Home</a><li><a href=b>Shop</a><li>" \
	"<a href=c>About us</a></ul>"

/* What is on every page of a site is not what this one says. */
static void frames_of_sites_are_left_out(void **state)
{
	static const struct {
		const char *why, *page, *text;
	} rows[] = {
	    {"main content that says so",
	     "<header>Acme</header><main>" OWN
	     "</main><footer>Imprint</footer>",
	     WORDS},
	    {"... by its role", "<div>Acme</div><div role=main>" OWN "</div>",
	     WORDS},
	    {"... is not believed when it is small",
	     "<main>x</main><div>" OWN OWN "</div>",
	     "x\n\n" WORDS "\n\n" WORDS},
	    {"a title outside it stays",
	     "<div><h1>退货</h1><p>Acme</div><article>" OWN "</article>",
	     "# 退货\n\n" WORDS},
	    {"names",
	     "<div class='top-nav x'>Acme</div><div id=cookie-bar>We use "
	     "them</div><div class=crumbs>A</div>" OWN,
	     WORDS},
	    {"... are words, not parts of them",
	     "<p class=navigator>a</p><p id=shared>b</p>" OWN,
	     "a\n\nb\n\n" WORDS},
	    {"... of what holds the page say nothing",
	     "<body class=has-sidebar><div class=menu-open>" OWN "</div>",
	     WORDS},
	    {"roles",
	     "<div role=navigation>a</div><div role='banner'>b</div>" OWN,
	     WORDS},
	    {"the footer of an article is its own",
	     "<article>" OWN "<footer>by Li</footer></article>",
	     WORDS "\n\nby Li"},
	    {"lists of links", "<div>" LINKS "</div>" OWN, WORDS},
	    {"... within a text are its own",
	     "<article>" OWN LINKS "</article>",
	     WORDS "\n\n- Home\n- Shop\n- About us"},
	    {"... when they are the page", "<h2>Guides</h2>" LINKS,
	     "## Guides\n\n- Home\n- Shop\n- About us"},
	    {"links to their own place",
	     "<h2>退货<a href='#x'>&para;</a></h2><p>in <a "
	     "href='#y'>#7</a> " WORDS,
	     "## 退货\n\nin #7 " WORDS},
	};
	struct kb_arena arena;
	struct kb_doc doc;

	(void)state;
	kb_arena_init(&arena);
	for (size_t i = 0; i < sizeof(rows) / sizeof(rows[0]); i++) {
		read_page(kb_str_of(rows[i].page), &arena, &doc);
		if (!kb_str_is(doc.text, rows[i].text))
			fail_msg("%s: '%.*s'", rows[i].why, (int)doc.text.len,
				 doc.text.ptr);
	}
	kb_arena_release(&arena);
}

static void blocks_know_their_lines(void **state)
{
	static const char page[] = "<html>\n<p>\n\na\nb\n<table>\n<tr><td>x\n"
				   "</table>\n\n\nc &amp;\nd\n<p>e";
	static const uint32_t lines[] = {4, 7, 11, 13};
	struct kb_arena arena;
	struct kb_doc doc;

	(void)state;
	kb_arena_init(&arena);
	read_page(kb_str_of(page), &arena, &doc);
	assert_int_equal(doc.n_blocks, 4);
	for (size_t i = 0; i < 4; i++)
		assert_int_equal(doc.blocks[i].line, lines[i]);
	kb_arena_release(&arena);
}

/* Nothing is lost where the parser begins anew, and lines go on. */
static void deep_pages_are_read_whole(void **state)
{
	struct kb_arena arena;
	struct kb_buf page;
	struct kb_doc doc;
	size_t n = 0;

	(void)state;
	kb_arena_init(&arena);
	kb_buf_init(&page, 0);
	for (int i = 0; i < 5000; i++)
		kb_buf_add_cstr(&page, "<font a='x'>退\n");
	kb_buf_add_cstr(&page, "<p>end");
	read_page(kb_buf_str(&page), &arena, &doc);
	for (size_t i = 0; i + 3 <= doc.text.len; i++)
		n += !memcmp(doc.text.ptr + i, "退", 3);
	assert_int_equal(n, 5000);
	assert_int_equal(doc.blocks[doc.n_blocks - 1].line, 5001);
	kb_buf_release(&page);
	kb_arena_release(&arena);
}

/* What a page says is believed where its bytes do not say otherwise. */
static void a_page_is_read_as_it_declares(void **state)
{
	static const struct {
		const char *why, *page, *text;
	} rows[] = {
	    {"Shift_JIS, meta charset",
	     "<meta charset=\"Shift_JIS\"><p>\x82\xb1\x82\xea", "これ"},
	    {"KOI8-R, http-equiv",
	     "<meta http-equiv=Content-Type content='text/html; "
	     "charset=KOI8-R'><p>\xf2\xd5\xd3\xd3\xcb\xc9\xca",
	     "Русский"},
	    {"windows-1251, XML declaration",
	     "<?xml version='1.0' encoding=\"windows-1251\"?><html><p>"
	     "\xd0\xf3\xf1\xf1\xea\xe8\xe9 \xd2",
	     "Русский Т"},
	    {"Big5", "<meta charset=big5><p>\xc1\x63\xc5\xe9", "繁體"},
	    {"EUC-KR", "<meta charset='euc-kr'><p>\xc7\xd1\xb1\xdb", "한글"},
	    {"ISO-2022-JP", "<meta charset=iso-2022-jp><p>\x1b$B$3$l\x1b(B",
	     "これ"},
	    {"gb2312 means GB18030",
	     "<meta charset=gb2312><p>\xcd\xcb\xbb\xf5\xe9\x46", "退货镕"},
	    {"Latin 1 means Windows-1252",
	     "<meta charset=iso-8859-1><p>\x93\xe9\x94", "“é”"},
	    {"sound UTF-8 is that", "<meta charset=windows-1251><p>退货 policy",
	     "退货 policy"},
	    {"in a comment it declares nothing",
	     "<!-- <meta charset=big5> --><p>\xcd\xcb\xbb\xf5\xd5\xfe",
	     "退货政"},
	    {"a name nobody knows", "<meta charset=klingon><p>退", "退"},
	};
	struct kb_arena arena;
	struct kb_doc doc;

	(void)state;
	kb_arena_init(&arena);
	for (size_t i = 0; i < sizeof(rows) / sizeof(rows[0]); i++) {
		read_page(kb_str_of(rows[i].page), &arena, &doc);
		if (!kb_str_is(doc.text, rows[i].text))
			fail_msg("%s: '%.*s'", rows[i].why, (int)doc.text.len,
				 doc.text.ptr);
	}
	kb_arena_release(&arena);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
	    cmocka_unit_test(html_becomes_text),
	    cmocka_unit_test(frames_of_sites_are_left_out),
	    cmocka_unit_test(blocks_know_their_lines),
	    cmocka_unit_test(deep_pages_are_read_whole),
	    cmocka_unit_test(a_page_is_read_as_it_declares),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
