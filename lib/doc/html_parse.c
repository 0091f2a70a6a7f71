#include "doc/html.h"

#include <assert.h>

#include "doc/libxml.h"

/* U+FEFF */
static const char mark[3] = {'\xef', '\xbb', '\xbf'};

struct parse {
	const struct kb_libxml *xml;
	const struct kb_html_events *events;
	htmlParserCtxtPtr parser;
	uint32_t lines; /* before this parser's part of the page */
	unsigned depth;
	bool stopped;
	size_t used; /* bytes, when it stopped */
	struct kb_str unread;
};

/* The page by and by: a part of one that stops soon must not cost all that
 * lies behind it. */
static int on_read(void *arg, char *to, int room)
{
	struct parse *p = arg;
	size_t n = p->unread.len;

	if (n > (size_t)room)
		n = (size_t)room;
	memcpy(to, p->unread.ptr, n);
	p->unread = kb_str_skip(p->unread, n);
	return (int)n;
}

static void on_open(void *arg, const xmlChar *name, const xmlChar **attributes)
{
	struct parse *p = arg;

	if (p->stopped)
		return;
	p->events->open(p->events->arg, (const char *)name,
			(const char *const *)attributes);
	if (++p->depth < KB_HTML_DEPTH)
		return;
	p->stopped = true;
	p->used = (size_t)p->xml->consumed(p->parser);
	p->xml->stop(p->parser);
}

static void on_close(void *arg, const xmlChar *name)
{
	struct parse *p = arg;

	if (p->stopped)
		return;
	p->depth--;
	p->events->close(p->events->arg, (const char *)name);
}

static void on_text(void *arg, const xmlChar *text, int len)
{
	struct parse *p = arg;

	if (!p->stopped)
		p->events->text(
		    p->events->arg,
		    (struct kb_str){(const char *)text, (size_t)len},
		    p->lines + (uint32_t)p->xml->line(p->parser));
}

/* Scripts and styles are not for reading. */
static void on_script(void *arg, const xmlChar *text, int len)
{
	(void)arg;
	(void)text;
	(void)len;
}

/* Parse as far as the depth allows: the bytes that took. A byte order mark
 * begins the part, which says what the encoding is without a conversion. */
static size_t parse_part(struct parse *p, const char *page, size_t len)
{
	const int options = HTML_PARSE_RECOVER | HTML_PARSE_NOERROR |
			    HTML_PARSE_NOWARNING | HTML_PARSE_NONET |
			    HTML_PARSE_IGNORE_ENC;

	p->parser = p->xml->new_parser();
	if (!p->parser)
		kb_oom();
	*p->parser->sax = (xmlSAXHandler){
	    .startElement = on_open,
	    .endElement = on_close,
	    .characters = on_text,
	    .ignorableWhitespace = on_text,
	    .cdataBlock = on_script,
	};
	p->parser->userData = p;
	p->depth = 0;
	p->stopped = false;
	p->unread = (struct kb_str){page, len};
	p->xml->read(p->parser, on_read, NULL, p, NULL, NULL, options);
	p->xml->free_parser(p->parser);
	return p->stopped && p->used < len ? p->used : len;
}

static void parse_all(struct parse *p, char *page, size_t len)
{
	for (;;) {
		size_t used = parse_part(p, page, len);

		/* It stops before the end of the tag that is too deep. */
		while (used < len && (page[used] == '/' || page[used] == '>'))
			used++;
		if (used == len)
			return;
		for (size_t i = 0; i < used; i++)
			p->lines += page[i] == '\n';
		used -= sizeof(mark);
		page += used;
		len -= used;
		memcpy(page, mark, sizeof(mark));
		p->events->reset(p->events->arg);
	}
}

int kb_html_parse(struct kb_str page, const struct kb_html_events *events,
		  struct kb_err *err)
{
	struct parse p = {.xml = kb_libxml_open(err), .events = events};
	struct kb_buf copy;

	assert(events->open && events->close);
	assert(events->text && events->reset);
	if (!p.xml)
		return KB_EREMOTE; /* it is not installed */
	kb_buf_init(&copy, 0);
	kb_buf_add(&copy, mark, sizeof(mark));
	kb_html_spell_references(page, &copy);
	kb_html_blank(copy.ptr, copy.len);
	if (page.len)
		parse_all(&p, copy.ptr, copy.len);
	kb_buf_release(&copy);
	return KB_OK;
}
