#include "text/utf8.h"

#include <utf8proc.h>

size_t kb_utf8_decode(const char *ptr, size_t len, uint32_t *cp)
{
	const unsigned char *p = (const unsigned char *)ptr;
	unsigned char c = p[0];
	uint32_t v;

	*cp = KB_UTF8_BAD;
	if (c < 0x80) {
		*cp = c;
		return 1;
	}
	if (c < 0xc2 || c > 0xf4 || len < 2 || (p[1] & 0xc0) != 0x80)
		return 1;
	if (c < 0xe0) {
		*cp = (uint32_t)(c & 0x1f) << 6 | (p[1] & 0x3f);
		return 2;
	}
	if (len < 3 || (p[2] & 0xc0) != 0x80)
		return 1;
	if (c < 0xf0) {
		v = (uint32_t)(c & 0x0f) << 12 | (uint32_t)(p[1] & 0x3f) << 6 |
		    (p[2] & 0x3f);
		if (v < 0x800 || (v >= 0xd800 && v <= 0xdfff))
			return 1;
		*cp = v;
		return 3;
	}
	if (len < 4 || (p[3] & 0xc0) != 0x80)
		return 1;
	v = (uint32_t)(c & 0x07) << 18 | (uint32_t)(p[1] & 0x3f) << 12 |
	    (uint32_t)(p[2] & 0x3f) << 6 | (p[3] & 0x3f);
	if (v < 0x10000 || v > 0x10ffff)
		return 1;
	*cp = v;
	return 4;
}

size_t kb_utf8_prev(const char *ptr, size_t pos, uint32_t *cp)
{
	size_t back = 1;

	while (back < 4 && back < pos &&
	       ((unsigned char)ptr[pos - back] & 0xc0) == 0x80)
		back++;
	if (kb_utf8_next(ptr + pos - back, back, cp) == back)
		return back;
	return kb_utf8_next(ptr + pos - 1, 1, cp);
}

size_t kb_utf8_encode(char *dst, uint32_t cp)
{
	if (cp < 0x80) {
		dst[0] = (char)cp;
		return 1;
	}
	if (cp < 0x800) {
		dst[0] = (char)(0xc0 | cp >> 6);
		dst[1] = (char)(0x80 | (cp & 0x3f));
		return 2;
	}
	if (cp < 0x10000) {
		dst[0] = (char)(0xe0 | cp >> 12);
		dst[1] = (char)(0x80 | (cp >> 6 & 0x3f));
		dst[2] = (char)(0x80 | (cp & 0x3f));
		return 3;
	}
	dst[0] = (char)(0xf0 | cp >> 18);
	dst[1] = (char)(0x80 | (cp >> 12 & 0x3f));
	dst[2] = (char)(0x80 | (cp >> 6 & 0x3f));
	dst[3] = (char)(0x80 | (cp & 0x3f));
	return 4;
}

bool kb_utf8_valid(const char *ptr, size_t len)
{
	size_t i = 0;

	while (i < len) {
		uint32_t cp;

		i += kb_utf8_next(ptr + i, len - i, &cp);
		if (cp == KB_UTF8_BAD)
			return false;
	}
	return true;
}

size_t kb_utf8_count(const char *ptr, size_t len)
{
	size_t n = 0;

	for (size_t i = 0; i < len; n++) {
		uint32_t cp;

		i += kb_utf8_next(ptr + i, len - i, &cp);
	}
	return n;
}

size_t kb_utf8_cut(const char *ptr, size_t len, size_t max)
{
	size_t cut = max;

	if (len <= max)
		return len;
	while (cut > 0 && max - cut < 4) {
		uint32_t cp;
		size_t n;

		if (((unsigned char)ptr[cut] & 0xc0) != 0x80)
			return cut;
		cut--;
		if (((unsigned char)ptr[cut] & 0xc0) == 0x80)
			continue;
		n = kb_utf8_next(ptr + cut, len - cut, &cp);
		return cut + n > max ? cut : max;
	}
	return max; /* stray continuation bytes: no character to keep whole */
}

size_t kb_utf8_width(const char *ptr, size_t len)
{
	size_t width = 0;

	for (size_t i = 0; i < len;) {
		uint32_t cp;

		i += kb_utf8_next(ptr + i, len - i, &cp);
		if (cp == KB_UTF8_BAD)
			width++;
		else if (cp >= 0x20 && cp < 0x7f)
			width++;
		else
			width +=
			    (size_t)utf8proc_charwidth((utf8proc_int32_t)cp);
	}
	return width;
}

static bool is_control(uint32_t cp)
{
	return (cp < 0x20 && cp != '\n' && cp != '\t') ||
	       (cp >= 0x7f && cp < 0xa0) || (cp >= 0x200e && cp <= 0x200f) ||
	       (cp >= 0x2028 && cp <= 0x202e) || (cp >= 0x2066 && cp <= 0x2069);
}

void kb_utf8_printable(struct kb_buf *out, const char *ptr, size_t len)
{
	for (size_t i = 0; i < len;) {
		uint32_t cp;
		size_t n = kb_utf8_next(ptr + i, len - i, &cp);

		if (cp == KB_UTF8_BAD || is_control(cp))
			kb_buf_add(out, "\xef\xbf\xbd", 3);
		else
			kb_buf_add(out, ptr + i, n);
		i += n;
	}
}
