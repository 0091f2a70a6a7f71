/*
 * HTML as libxml2 parses it: the tags it sees and implies, and text with
 * its entities decoded. Internal to lib/doc.
 *
 * Work is linear in the page. libxml2 compares each attribute of a tag with
 * those before and each end tag with all that is open, so what stands in a tag
 * behind KB_HTML_PARTS parts is dropped, and a page nested deeper than
 * KB_HTML_DEPTH is parsed anew from there, as if it began.
 */
#ifndef KB_DOC_HTML_H
#define KB_DOC_HTML_H

#include <stdint.h>

#include "base/buf.h"
#include "base/err.h"

#define KB_HTML_PARTS 256u
#define KB_HTML_DEPTH 512u

/* What a page tells. Names are in lower case and live for the call, as do
 * attributes: name and value (or NULL) in turn, up to a NULL; NULL: none. */
struct kb_html_events {
	void (*open)(void *arg, const char *name,
		     const char *const *attributes);
	void (*close)(void *arg, const char *name);
	/* 'line' is the one text ends in, 1-based. */
	void (*text)(void *arg, struct kb_str text, uint32_t line);
	/* Everything open is closed, without a call for each. */
	void (*reset)(void *arg);
	void *arg;
};

/* Parse a page of UTF-8 of at most KB_DOC_TEXT_MAX bytes. KB_EIO without
 * libxml2. */
int kb_html_parse(struct kb_str page, const struct kb_html_events *events,
		  struct kb_err *err);

/* Is what the element holds never a page's text? */
bool kb_html_is_dropped(const char *name);

/* Append the page with its character references as the HTML standard reads
 * them where old releases of libxml2 do not: "&amp" ends without a
 * semicolon, and "&#150;" is a dash. */
void kb_html_spell_references(struct kb_str page, struct kb_buf *out);

/* Blank what libxml2 shall not see: declarations, the marks of CDATA,
 * and of a tag what is beyond the limit. The length stays. */
void kb_html_blank(char *page, size_t len);

/* The character set that a page declares (in a meta element or an XML
 * declaration), as iconv calls what browsers understand by it. False when
 * it declares none in its head, or one that needs no conversion. */
#define KB_HTML_CHARSET_MAX 32u
bool kb_html_charset(struct kb_str page, char name[KB_HTML_CHARSET_MAX]);

#endif
