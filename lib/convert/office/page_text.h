/*
 * The text of a document that another format holds, written as that of a page
 * of HTML is (doc/html_text.h): headings, lists, tables and their blocks.
 */
#ifndef KB_CONVERT_OFFICE_PAGE_TEXT_H
#define KB_CONVERT_OFFICE_PAGE_TEXT_H

#include "base/err.h"
#include "doc/html_text.h"

struct kb_page_text {
	struct kb_html_text html;
	bool full; /* the limit is reached: what follows is not wanted */
};

/* Begin the text of 'doc', of at most 'max' bytes. */
void kb_page_text_begin(struct kb_page_text *page, struct kb_doc *doc,
			struct kb_arena *arena, size_t max);
/* Set text and blocks, and the title where <title> said one. KB_ELIMIT. */
int kb_page_text_end(struct kb_page_text *page, struct kb_err *err);
/* Give it up, in the place of its end. */
void kb_page_text_drop(struct kb_page_text *page);

static inline void kb_page_text_open(struct kb_page_text *page,
				     const char *element)
{
	kb_html_open(&page->html, element, NULL);
}

static inline void kb_page_text_close(struct kb_page_text *page,
				      const char *element)
{
	kb_html_close(&page->html, element);
}

void kb_page_text_put(struct kb_page_text *page, struct kb_str text);
/* A cell of a row, which spans so many columns. */
void kb_page_text_cell(struct kb_page_text *page, bool head, unsigned columns,
		       unsigned rows);
/* An element of level 1 to 6, "h1" to "h6"; anything else is the nearest. */
const char *kb_page_text_heading(int level);

#endif
