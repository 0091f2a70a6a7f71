/*
 * libxml2, opened when the first page of HTML or Office file is read: it brings
 * half a dozen libraries with it, which take longer to load than a run without
 * HTML takes in all. Internal to lib/doc.
 */
#ifndef KB_DOC_LIBXML_H
#define KB_DOC_LIBXML_H

#include <libxml/HTMLparser.h>
#include <libxml/SAX2.h>

#include "base/err.h"

/* The functions in use. */
struct kb_libxml {
	htmlParserCtxtPtr (*new_parser)(void);
	void (*free_parser)(htmlParserCtxtPtr parser);
	htmlDocPtr (*read)(htmlParserCtxtPtr parser, xmlInputReadCallback more,
			   xmlInputCloseCallback close, void *arg,
			   const char *url, const char *encoding, int options);
	void (*stop)(xmlParserCtxtPtr parser);
	long (*consumed)(xmlParserCtxtPtr parser);
	int (*line)(void *parser);
	xmlParserCtxtPtr (*new_xml)(void);
	void (*free_xml)(xmlParserCtxtPtr parser);
	void (*free_doc)(xmlDocPtr doc);
	xmlDocPtr (*read_xml)(xmlParserCtxtPtr parser,
			      xmlInputReadCallback more,
			      xmlInputCloseCallback close, void *arg,
			      const char *url, const char *encoding,
			      int options);
};

/* The table lives as long as the program; NULL when there is no libxml2.
 * The first call must not run beside another. */
const struct kb_libxml *kb_libxml_open(struct kb_err *err);

#endif
