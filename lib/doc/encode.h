/*
 * Which encoding some bytes are in, and their conversion to UTF-8.
 *
 * The decision is statistical and made on a sample: a byte order mark
 * decides; NUL bytes in the pattern of UTF-16 mean that; sound UTF-8 is
 * UTF-8; what is sound GB18030 with mostly common characters is that;
 * little damage in much UTF-8 is still UTF-8; text of Latin letters with
 * stray high bytes is Windows-1252. Known magic numbers and too many
 * control characters make a file binary. An HTML page may know better what
 * it is written in; see kb_html_charset().
 */
#ifndef KB_DOC_ENCODE_H
#define KB_DOC_ENCODE_H

#include "base/buf.h"
#include "base/err.h"

enum kb_encoding {
	KB_ENC_UTF8,
	KB_ENC_UTF16LE,
	KB_ENC_UTF16BE,
	KB_ENC_GB18030,
	KB_ENC_WINDOWS1252,
	KB_ENC_UNKNOWN, /* text perhaps, in none of these */
	KB_ENC_BINARY,
};

/* Enough bytes for a decision; fewer only at the end of the file. */
#define KB_ENC_SAMPLE ((size_t)64 << 10)

/* *bom is the length of a byte order mark to skip. *why names the kind of
 * a binary or unknown file ("a PDF file"); static text. */
enum kb_encoding kb_encoding_guess(struct kb_str sample, size_t *bom,
				   const char **why);

/*
 * Append text as UTF-8; what cannot be converted becomes U+FFFD. Fails
 * (KB_ELIMIT) past the buffer's ceiling.
 */
int kb_encoding_convert(enum kb_encoding from, struct kb_str text,
			struct kb_buf *out, struct kb_err *err);

/* The same from the encoding that iconv calls so: KB_EINVAL when it knows
 * none of that name. */
int kb_encoding_convert_named(const char *name, struct kb_str text,
			      struct kb_buf *out, struct kb_err *err);

#endif
