#include "convert/office/page_text.h"

#include <stdio.h>

void kb_page_text_begin(struct kb_page_text *page, struct kb_doc *doc,
			struct kb_arena *arena, size_t max)
{
	*page = (struct kb_page_text){.html = {.doc = doc, .arena = arena}};
	kb_buf_init(&page->html.out, max);
	kb_buf_init(&page->html.title, 4096);
}

void kb_page_text_put(struct kb_page_text *page, struct kb_str text)
{
	if (text.len)
		kb_html_put_text(&page->html, text, 0);
	page->full = page->html.out.over;
}

void kb_page_text_cell(struct kb_page_text *page, bool head, unsigned columns,
		       unsigned rows)
{
	char wide[16], high[16];
	const char *const attributes[] = {"colspan", wide, "rowspan", high,
					  NULL};

	snprintf(wide, sizeof(wide), "%u", columns);
	snprintf(high, sizeof(high), "%u", rows);
	kb_html_open(&page->html, head ? "th" : "td", attributes);
}

const char *kb_page_text_heading(int level)
{
	static const char names[][3] = {"h1", "h2", "h3", "h4", "h5", "h6"};

	return names[level < 1 ? 0 : level > 6 ? 5 : level - 1];
}

int kb_page_text_end(struct kb_page_text *page, struct kb_err *err)
{
	struct kb_html_text *g = &page->html;
	size_t max = g->out.max;
	bool over = g->out.over;

	if (!over) {
		kb_html_close_all(g);
		over = g->out.over;
	}
	if (!over) {
		g->doc->text = kb_arena_copy(g->arena, kb_buf_str(&g->out));
		if (g->title.len)
			g->doc->title =
			    kb_arena_copy(g->arena, kb_buf_str(&g->title));
	}
	/* it has no lines of its source */
	for (size_t i = 0; i < g->doc->n_blocks; i++)
		g->doc->blocks[i].line = 0;
	kb_page_text_drop(page);
	return over ? kb_err_set(err, KB_ELIMIT,
				 "text is larger than the limit of %zu bytes",
				 max)
		    : 0;
}

void kb_page_text_drop(struct kb_page_text *page)
{
	kb_buf_release(&page->html.out);
	kb_buf_release(&page->html.title);
}
