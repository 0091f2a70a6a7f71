/*
 * XML of a ZIP archive, as libxml2 parses it: elements and text, streamed.
 *
 * Nothing is fetched, no entity is expanded: a document that declares some is
 * refused, as is one with more than KB_XML_ATTRIBUTES attributes in a tag
 * (libxml2 compares each with those before) or deeper than libxml2's 256
 * elements. libxml2 is opened when the first one is read (doc/libxml.h).
 */
#ifndef KB_CONVERT_OFFICE_XML_PART_H
#define KB_CONVERT_OFFICE_XML_PART_H

#include "convert/office/zip.h"

#define KB_XML_ATTRIBUTES 512u

/* Names and values live for the call. 'name' is without its prefix, attributes
 * are name and value in turn up to a NULL, as written; NULL: none. */
struct kb_xml_events {
	void (*open)(void *arg, const char *name,
		     const char *const *attributes);
	void (*close)(void *arg, const char *name);
	void (*text)(void *arg, struct kb_str text);
	void *arg;
	const bool *enough; /* set: what follows is not wanted */
};

/* KB_ENOENT without a message when the archive has no such part; KB_EFORMAT
 * for what is no XML, KB_ELIMIT, KB_EIO; KB_EREMOTE without libxml2. */
int kb_xml_part(struct kb_zip *zip, struct kb_str name,
		const struct kb_xml_events *events, struct kb_err *err);

/* The value of the attribute with that name behind its prefix; NULL: none. */
const char *kb_xml_attribute(const char *const *attributes, const char *name);

/* A whole number of at most nine digits; -1 for what is none. */
int kb_xml_number(const char *value);

/* The path a reference of a part means: "word/document.xml" and
 * "../media/a" are "media/a"; an absolute one begins at the archive's top. A
 * part behind '#' goes, "%20" is a blank. Appended to out. */
void kb_xml_path(struct kb_str part, const char *reference, struct kb_buf *out);

#endif
