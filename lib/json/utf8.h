/* The one UTF-8 check of lib/json, for its own modules only. */
#ifndef KB_JSON_UTF8_H
#define KB_JSON_UTF8_H

#include <stddef.h>

/*
 * Length of the well-formed UTF-8 sequence at p (RFC 3629), 0 when it is
 * not one: overlong forms, surrogates and cut sequences are refused.
 */
static inline size_t kb_json_utf8(const unsigned char *p,
				  const unsigned char *end)
{
	size_t n = (size_t)(end - p);

	if (p[0] < 0x80)
		return 1;
	if (p[0] < 0xc2 || n < 2 || (p[1] & 0xc0) != 0x80)
		return 0;
	if (p[0] < 0xe0)
		return 2;
	if (n < 3 || (p[2] & 0xc0) != 0x80)
		return 0;
	if (p[0] < 0xf0) {
		if ((p[0] == 0xe0 && p[1] < 0xa0) ||
		    (p[0] == 0xed && p[1] > 0x9f))
			return 0;
		return 3;
	}
	if (n < 4 || (p[3] & 0xc0) != 0x80 || p[0] > 0xf4 ||
	    (p[0] == 0xf0 && p[1] < 0x90) || (p[0] == 0xf4 && p[1] > 0x8f))
		return 0;
	return 4;
}

#endif
