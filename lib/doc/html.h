/*
 * A tolerant HTML tokenizer: text, start tags and end tags out of any
 * bytes. It follows the habits of browsers where pages are broken, knows
 * nothing of a tree, and never fails. Internal to lib/doc.
 */
#ifndef KB_DOC_HTML_H
#define KB_DOC_HTML_H

#include <stdint.h>

#include "base/mem.h"

enum kb_html_type {
	KB_HTML_END, /* of the input */
	KB_HTML_TEXT,
	KB_HTML_OPEN,
	KB_HTML_CLOSE,
};

struct kb_html_token {
	enum kb_html_type type;
	struct kb_str text; /* TEXT: raw, entities not decoded */
	char name[16];	    /* tags: lower case, cut when longer */
	bool raw;	    /* TEXT of script and style: not for reading */
};

struct kb_html_tokenizer {
	const char *p, *end;
	char raw_name[16]; /* inside script, style or the like */
};

void kb_html_next(struct kb_html_tokenizer *t, struct kb_html_token *tok);

/*
 * Decode the character reference at p ('&'): the bytes it takes and its
 * code point; 0 when it is none and '&' stands for itself.
 */
size_t kb_html_entity(const char *p, size_t len, uint32_t *cp);

#endif
