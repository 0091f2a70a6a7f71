#include "base/base64.h"

#include <stdint.h>

void kb_base64_add(struct kb_buf *out, const void *ptr, size_t len)
{
	static const char digits[] = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijkl"
				     "mnopqrstuvwxyz0123456789+/";
	const unsigned char *raw = ptr;

	for (size_t i = 0; i < len; i += 3) {
		size_t left = len - i;
		unsigned bits = (unsigned)raw[i] << 16;
		char four[4];

		if (left > 1)
			bits |= (unsigned)raw[i + 1] << 8;
		if (left > 2)
			bits |= raw[i + 2];
		four[0] = digits[bits >> 18];
		four[1] = digits[bits >> 12 & 63];
		four[2] = left > 1 ? digits[bits >> 6 & 63] : '=';
		four[3] = left > 2 ? digits[bits & 63] : '=';
		kb_buf_add(out, four, 4);
	}
}

static int sextet(char c)
{
	if (c >= 'A' && c <= 'Z')
		return c - 'A';
	if (c >= 'a' && c <= 'z')
		return c - 'a' + 26;
	if (c >= '0' && c <= '9')
		return c - '0' + 52;
	return c == '+' || c == '-' ? 62 : c == '/' || c == '_' ? 63 : -1;
}

bool kb_base64_decode(struct kb_str text, struct kb_arena *arena,
		      struct kb_str *out)
{
	unsigned char *bytes = kb_arena_alloc(arena, text.len + 4);
	uint32_t bits = 0;
	size_t n = 0;
	int have = 0;

	while (text.len && text.ptr[text.len - 1] == '=')
		text.len--;
	for (size_t i = 0; i < text.len; i++) {
		int v = sextet(text.ptr[i]);

		if (v < 0) {
			*out = (struct kb_str){NULL, i};
			return false;
		}
		bits = bits << 6 | (uint32_t)v;
		have += 6;
		if (have >= 8) {
			have -= 8;
			bytes[n++] = (unsigned char)(bits >> have);
		}
	}
	*out = (struct kb_str){(const char *)bytes, n};
	return true;
}
