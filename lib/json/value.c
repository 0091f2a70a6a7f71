#include <errno.h>
#include <stdlib.h>

#include "base/ascii.h"
#include "base/utf8.h"
#include "json/plain.h"
#include "json/rec.h"

/* ---- strings ---- */

static unsigned hex4(const unsigned char *p)
{
	unsigned v = 0;

	for (int i = 0; i < 4; i++) {
		v = v << 4 | (unsigned)kb_hex_value((char)p[i]);
	}
	return v;
}

/* The code point of the escape at *p, which moves behind it. */
static unsigned unescape(const unsigned char **p, const unsigned char *end)
{
	const unsigned char *s = *p;
	unsigned c;

	*p += 2;
	switch (s[1]) {
	case 'b':
		return '\b';
	case 'f':
		return '\f';
	case 'n':
		return '\n';
	case 'r':
		return '\r';
	case 't':
		return '\t';
	case 'u':
		break;
	default:
		return s[1];
	}
	c = hex4(s + 2);
	*p += 4;
	if (c >= 0xd800 && c < 0xdc00 && end - *p >= 6 && s[6] == '\\' &&
	    s[7] == 'u') {
		unsigned low = hex4(s + 8);

		if (low >= 0xdc00 && low < 0xe000) {
			*p += 6;
			return 0x10000 + ((c - 0xd800) << 10) + (low - 0xdc00);
		}
	}
	return c >= 0xd800 && c < 0xe000 ? 0xfffd : c;
}

bool kb_json_str(struct kb_json val, struct kb_arena *arena, struct kb_str *out)
{
	const unsigned char *p, *end, *stop;
	char *dst;

	if (val.type != KB_JSON_STRING)
		return false;
	p = (const unsigned char *)val.ptr + 1;
	end = p + val.len - 2;
	stop = kb_json_plain_end(p, end);
	if (stop == end) {
		*out = (struct kb_str){(const char *)p, val.len - 2};
		return true;
	}
	/* A broken byte becomes three; an escape only shrinks. */
	dst = kb_arena_alloc(arena, (val.len - 2) * 3 + 1);
	out->ptr = dst;
	while (stop < end) {
		memcpy(dst, p, (size_t)(stop - p));
		dst += stop - p;
		p = stop;
		if (*p == '\\') {
			dst += kb_utf8_encode(dst, unescape(&p, end));
		} else {
			dst += kb_utf8_encode(dst, 0xfffd);
			p++;
		}
		stop = kb_json_plain_end(p, end);
	}
	memcpy(dst, p, (size_t)(end - p));
	dst += end - p;
	*dst = '\0';
	out->len = (size_t)(dst - out->ptr);
	return true;
}

bool kb_json_key_is(struct kb_str raw_key, const char *name)
{
	const unsigned char *p = (const unsigned char *)raw_key.ptr;
	const unsigned char *end = p + raw_key.len;
	size_t len = strlen(name), at = 0;

	if (raw_key.len == len && !memcmp(p, name, len))
		return true;
	if (!memchr(p, '\\', raw_key.len))
		return false;
	while (p < end) {
		char bytes[4];
		size_t n = 1;

		if (*p == '\\')
			n = kb_utf8_encode(bytes, unescape(&p, end));
		else
			bytes[0] = (char)*p++;
		if (len - at < n || memcmp(name + at, bytes, n) != 0)
			return false;
		at += n;
	}
	return at == len;
}

/* ---- numbers ---- */

bool kb_json_num(struct kb_json val, double *out)
{
	char small[64], *text = small, *stop;
	double x;

	if (val.type != KB_JSON_NUMBER)
		return false;
	if (val.len >= sizeof(small))
		text = kb_malloc(val.len + 1);
	memcpy(text, val.ptr, val.len);
	text[val.len] = '\0';
	errno = 0;
	x = strtod(text, &stop);
	if (text != small)
		free(text);
	/* Underflow to zero or a subnormal is a value; overflow is not. */
	if (x > 1.7976931348623157e308 || x < -1.7976931348623157e308)
		return false;
	*out = x;
	return true;
}

bool kb_json_int(struct kb_json val, int64_t *out)
{
	bool negative;
	uint64_t n = 0, limit;
	size_t i;

	if (val.type != KB_JSON_NUMBER)
		return false;
	negative = val.ptr[0] == '-';
	limit = (uint64_t)INT64_MAX + negative;
	for (i = negative; i < val.len; i++) {
		unsigned digit = (unsigned)(val.ptr[i] - '0');

		if (digit > 9 || n > (limit - digit) / 10)
			return false;
		n = n * 10 + digit;
	}
	*out = negative ? (int64_t)(0 - n) : (int64_t)n;
	return true;
}
