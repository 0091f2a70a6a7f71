/*
 * Parts of e-mail: headers (RFC 5322), encoded words (RFC 2047), parameters
 * (RFC 2045, 2231) and bodies (base64, quoted-printable) as UTF-8.
 *
 * Nothing is refused: what is malformed is read as far as it goes.
 */
#ifndef KB_CONVERT_MIME_H
#define KB_CONVERT_MIME_H

#include "base/buf.h"
#include "base/str.h"

#define KB_MIME_HEADER_MAX \
	((size_t)64 << 10) /* bytes of a value; more is cut */

/* The next header: its name, and its value on one line in 'value', which is
 * reset. False behind the last: 'rest' is the body then. */
bool kb_mime_header(struct kb_str *rest, struct kb_str *name,
		    struct kb_buf *value);

/* Append the text of a header's value: words decoded, valid UTF-8. */
void kb_mime_words(struct kb_str value, struct kb_buf *out);

/* "text/html; charset=gb2312": the value without its parameters, and one of
 * them, appended as UTF-8; false when it is not there. */
struct kb_str kb_mime_value(struct kb_str value);
bool kb_mime_parameter(struct kb_str value, const char *name,
		       struct kb_buf *out);

/* Append a body that is encoded so ("base64", "quoted-printable", anything
 * else as it is). */
void kb_mime_body(struct kb_str encoding, struct kb_str body,
		  struct kb_buf *out);

/* Append text of a character set as UTF-8; one that is unknown or empty is
 * found out. */
void kb_mime_text(struct kb_str charset, struct kb_str text,
		  struct kb_buf *out);

/* The next part between lines of the boundary; 'rest' starts as the body. */
bool kb_mime_part(struct kb_str *rest, struct kb_str boundary,
		  struct kb_str *part);

#endif
