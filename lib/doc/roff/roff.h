/*
 * Lines of manual pages: the escapes and words of roff, and the macros of
 * mdoc(7) that stand in text. doc/roff.c reads pages with them.
 */
#ifndef KB_DOC_ROFF_ROFF_H
#define KB_DOC_ROFF_ROFF_H

#include "base/buf.h"

/* Does a file begin as a page: with requests or comments, and with .TH or .Dd
 * in the part that is given? */
bool kb_roff_is_page(struct kb_str sample);

/* Append a text with its escapes read; what stands behind \" is a comment. */
void kb_roff_add(struct kb_buf *out, struct kb_str text);

/*
 * Of a request's line, the words of which it is made up: at most max, the rest
 * is left out. They lie in the line, without the quotation marks around them;
 * kb_roff_add_word() appends one.
 */
size_t kb_roff_words(struct kb_str line, struct kb_str *words, size_t max);
void kb_roff_add_word(struct kb_buf *out, struct kb_str word);

/*
 * The words of an mdoc line, from the first on, as text: macros among them
 * are obeyed. *glued: no blank before the next word; kept from call to call.
 * name: of the page's program, for .Nm alone; it is set where .Nm names it
 * first.
 */
struct kb_mdoc {
	struct kb_buf *out;
	struct kb_str name;
	bool glued;
};
void kb_mdoc_add(struct kb_mdoc *m, const struct kb_str *words, size_t n);
/* Is it a macro that stands in a line of text? */
bool kb_mdoc_is_inline(struct kb_str name);

#endif
