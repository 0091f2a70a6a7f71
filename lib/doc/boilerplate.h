/*
 * What of a page is its site's and not its own: navigation, breadcrumbs,
 * banners, lists of links, footers. Internal to lib/doc.
 *
 * The rules are of the readability family: what an element is and is called
 * (role, class, id), how much of its text is links, and where the main content
 * is, if the page says. Each is held back where it would take too much: a
 * page that is links keeps them. One pass over the page that keeps some bytes
 * an element; a page of more than KB_BOILERPLATE_ELEMENTS blocks and links is
 * kept whole.
 */
#ifndef KB_DOC_BOILERPLATE_H
#define KB_DOC_BOILERPLATE_H

#include <stdint.h>

#include "base/err.h"
#include "base/mem.h"

#define KB_BOILERPLATE_ELEMENTS 200000u

/* Elements by the number of their opening among all of kb_html_parse(). */
struct kb_boilerplate {
	uint32_t *elements; /* ascending; none lies within another */
	size_t n;
};

/* Page as for kb_html_parse(), with its errors. Release with free() of
 * elements. */
int kb_boilerplate_find(struct kb_str page, struct kb_boilerplate *out,
			struct kb_err *err);

#endif
