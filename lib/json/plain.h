/*
 * Text that a JSON string holds as it is: all but quotes, backslashes,
 * control characters and broken UTF-8.
 *
 * For the modules of lib/json only.
 */
#ifndef KB_JSON_PLAIN_H
#define KB_JSON_PLAIN_H

/* The first byte that is not plain, or that begins no well-formed character;
 * end when all are. */
const unsigned char *kb_json_plain_end(const unsigned char *p,
				       const unsigned char *end);

#endif
