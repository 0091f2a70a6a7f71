#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include "docs.h"

static const struct {
	const char *why, *html, *text, *title;
} rows[] = {
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
     "灯色 | 含义\n | ok\n\nz", "f"},
    {"code keeps its lines", "<pre>a\n  b\n</pre>", "a\n  b", "f"},
    {"script, style, nav and comments drop",
     "<nav>menu<nav>x</nav></nav>a<script>if (a<b) \"</p>\"</script>"
     "<style>p{}</style><!-- <p>no --> b",
     "a b", "f"},
    {"an open nav does not swallow the page", "<nav>menu<main><p>text</main>",
     "text", "f"},
    {"quoted >", "<p title='a>b' x=\">\">c</p>", "c", "f"},
    {"broken markup", "a < b <3 </ p> <p <b>x</", "a < b <3 </ p>\n\nx</", "f"},
    {"cut entity and tag", "x &#x <div cla", "x &#x", "f"},
    {"nothing", "", "", "f"},
};

static void html_becomes_text(void **state)
{
	struct kb_arena arena;
	struct kb_err err;

	(void)state;
	kb_arena_init(&arena);
	for (size_t i = 0; i < sizeof(rows) / sizeof(rows[0]); i++) {
		struct kb_doc_reader *r;
		struct kb_doc doc;

		assert_int_equal(open_bytes(&r, rows[i].html,
					    strlen(rows[i].html), "f.html",
					    NULL, &err),
				 0);
		assert_int_equal(kb_doc_next(r, &arena, &doc, &err), 1);
		if (!kb_str_is(doc.text, rows[i].text))
			fail_msg("%s: '%.*s'", rows[i].why, (int)doc.text.len,
				 doc.text.ptr);
		if (!kb_str_is(doc.title, rows[i].title))
			fail_msg("%s: title '%.*s'", rows[i].why,
				 (int)doc.title.len, doc.title.ptr);
		kb_doc_close(r);
	}
	kb_arena_release(&arena);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
	    cmocka_unit_test(html_becomes_text),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
