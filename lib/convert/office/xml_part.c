#include "convert/office/xml_part.h"

#include <string.h>

#include "base/ascii.h"
#include "base/str.h"
#include "doc/libxml.h"

struct parse {
	const struct kb_libxml *xml;
	const struct kb_xml_events *events;
	struct kb_zip_part *part;
	xmlParserCtxtPtr parser;
	struct kb_err err;   /* of reading; code 0: none */
	unsigned attributes; /* of the tag that is read */
	char quote;	     /* around the value that is read, 0: none */
	bool begins;	     /* the byte before was '<' */
	bool in_tag;
	bool stopped;
};

static int give_up(struct parse *p, int code, const char *why)
{
	if (!p->err.code)
		kb_err_set(&p->err, code, "%s", why);
	p->stopped = true;
	return -1;
}

/* Count attributes before libxml2 sees them. A tag begins with '<' wherever it
 * stands, for a value cannot hold one. */
static bool too_many(struct parse *p, const char *bytes, size_t n)
{
	for (size_t i = 0; i < n; i++) {
		char c = bytes[i];

		bool kind = p->begins && (c == '!' || c == '?');

		p->begins = c == '<';
		if (c == '<') {
			p->in_tag = true;
			p->attributes = 0;
			p->quote = '\0';
		} else if (!p->in_tag || kind) {
			p->in_tag = false; /* text, or a comment */
		} else if (p->quote) {
			p->quote = c == p->quote ? '\0' : p->quote;
		} else if (c == '"' || c == '\'') {
			p->quote = c;
		} else if (c == '>') {
			p->in_tag = false;
		} else if (c == '=' && ++p->attributes > KB_XML_ATTRIBUTES) {
			return true;
		}
	}
	return false;
}

static int on_read(void *arg, char *to, int room)
{
	struct parse *p = arg;
	int n;

	if (p->stopped)
		return -1;
	if (p->events->enough && *p->events->enough)
		return 0;
	n = kb_zip_part_read(p->part, to, (size_t)room, &p->err);
	if (n < 0)
		p->stopped = true;
	if (n > 0 && too_many(p, to, (size_t)n))
		return give_up(p, KB_ELIMIT,
			       "has a tag with more attributes than are read");
	return n;
}

static const char *local(const xmlChar *name)
{
	const char *n = (const char *)name, *colon = strchr(n, ':');

	return colon ? colon + 1 : n;
}

static void on_open(void *arg, const xmlChar *name, const xmlChar **attributes)
{
	struct parse *p = arg;

	if (!p->stopped)
		p->events->open(p->events->arg, local(name),
				(const char *const *)attributes);
}

static void on_close(void *arg, const xmlChar *name)
{
	struct parse *p = arg;

	if (!p->stopped)
		p->events->close(p->events->arg, local(name));
}

static void on_text(void *arg, const xmlChar *text, int len)
{
	struct parse *p = arg;

	if (!p->stopped && len > 0)
		p->events->text(
		    p->events->arg,
		    (struct kb_str){(const char *)text, (size_t)len});
}

static void on_entity(void *arg, const xmlChar *name, int type,
		      const xmlChar *public, const xmlChar *system,
		      xmlChar *content)
{
	struct parse *p = arg;

	(void)name;
	(void)type;
	(void)public;
	(void)system;
	(void)content;
	give_up(p, KB_EFORMAT, "declares entities, which are not expanded");
	p->xml->stop(p->parser);
}

static int parse(struct parse *p, struct kb_err *err)
{
	const int options =
	    XML_PARSE_NOERROR | XML_PARSE_NOWARNING | XML_PARSE_NONET;
	xmlDocPtr doc; /* made for what it declares */
	bool sound;
	int line;

	p->parser = p->xml->new_xml();
	if (!p->parser)
		kb_oom();
	*p->parser->sax = (xmlSAXHandler){
	    .startElement = on_open,
	    .endElement = on_close,
	    .characters = on_text,
	    .ignorableWhitespace = on_text,
	    .cdataBlock = on_text,
	    .entityDecl = on_entity,
	};
	p->parser->userData = p;
	doc =
	    p->xml->read_xml(p->parser, on_read, NULL, p, NULL, NULL, options);
	if (doc)
		p->xml->free_doc(doc);
	sound =
	    p->parser->wellFormed || (p->events->enough && *p->events->enough);
	line = p->parser->lastError.line;
	p->xml->free_xml(p->parser);
	if (p->err.code) {
		if (err)
			*err = p->err;
		return p->err.code;
	}
	return sound ? 0
		     : kb_err_set(err, KB_EFORMAT,
				  "is damaged: broken XML in line %d of a part",
				  line);
}

int kb_xml_part(struct kb_zip *zip, struct kb_str name,
		const struct kb_xml_events *events, struct kb_err *err)
{
	const struct kb_zip_entry *entry = kb_zip_find(zip, name);
	struct parse p = {.events = events};
	int rc;

	if (!entry)
		return KB_ENOENT;
	p.xml = kb_libxml_open(err);
	if (!p.xml)
		return kb_err_set(err, KB_EREMOTE,
				  "Office files need libxml2, of the package "
				  "libxml2");
	rc = kb_zip_part_open(&p.part, zip, entry, err);
	if (rc < 0)
		return rc;
	rc = parse(&p, err);
	kb_zip_part_close(p.part);
	return rc;
}

const char *kb_xml_attribute(const char *const *attributes, const char *name)
{
	for (; attributes && attributes[0]; attributes += 2) {
		const char *colon = strchr(attributes[0], ':');

		if (!strcmp(colon ? colon + 1 : attributes[0], name))
			return attributes[1];
	}
	return NULL;
}

int kb_xml_number(const char *value)
{
	int n = 0;
	size_t i;

	for (i = 0; value && kb_is_digit(value[i]) && i < 9; i++)
		n = n * 10 + (value[i] - '0');
	return i && !value[i] ? n : -1;
}

/* A step of a path. */
static void step(struct kb_buf *out, size_t from, struct kb_str name)
{
	if (kb_str_is(name, ".") || !name.len)
		return;
	if (!kb_str_is(name, "..")) {
		if (out->len > from)
			kb_buf_add_char(out, '/');
		kb_buf_add_str(out, name);
		return;
	}
	while (out->len > from && out->ptr[out->len - 1] != '/')
		out->len--;
	out->len -= out->len > from;
}

/* Its %XX as bytes. */
static void unescape(struct kb_buf *out, size_t from)
{
	size_t n = from;

	for (size_t i = from; i < out->len; i++, n++) {
		const char *p = out->ptr + i;

		out->ptr[n] = *p;
		if (*p == '%' && i + 2 < out->len && kb_hex_value(p[1]) >= 0 &&
		    kb_hex_value(p[2]) >= 0) {
			out->ptr[n] = (char)(kb_hex_value(p[1]) << 4 |
					     kb_hex_value(p[2]));
			i += 2;
		}
	}
	out->len = n;
}

void kb_xml_path(struct kb_str part, const char *reference, struct kb_buf *out)
{
	size_t from = out->len;
	const char *p = reference;

	while (part.len && part.ptr[part.len - 1] != '/')
		part.len--;
	if (*p != '/' && part.len)
		kb_buf_add(out, part.ptr, part.len - 1);
	while (*p && *p != '#') {
		size_t n = strcspn(p, "/#");

		step(out, from, (struct kb_str){p, n});
		p += n + (p[n] == '/');
	}
	unescape(out, from);
}
