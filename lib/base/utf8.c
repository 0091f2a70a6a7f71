#include "base/utf8.h"

size_t kb_utf8_decode(const char *ptr, size_t len, uint32_t *cp)
{
	size_t n = kb_utf8_len(ptr, len);

	*cp = n ? kb_utf8_value(ptr, n) : KB_UTF8_BAD;
	return n ? n : 1;
}

size_t kb_utf8_prev(const char *ptr, size_t pos, uint32_t *cp)
{
	size_t back = 1;

	while (back < 4 && back < pos && kb_utf8_is_inner(ptr[pos - back]))
		back++;
	if (kb_utf8_next(ptr + pos - back, back, cp) == back)
		return back;
	return kb_utf8_next(ptr + pos - 1, 1, cp);
}

void kb_utf8_add(struct kb_buf *out, uint32_t cp)
{
	char bytes[4];

	kb_buf_add(out, bytes, kb_utf8_encode(bytes, cp));
}

bool kb_utf8_valid(const char *ptr, size_t len)
{
	size_t i = 0, n;

	for (; i < len; i += n) {
		n = kb_utf8_len(ptr + i, len - i);
		if (!n)
			return false;
	}
	return true;
}

/* Bytes that count as one character at ptr. */
static size_t step(const char *ptr, size_t len)
{
	size_t n = kb_utf8_len(ptr, len);

	return n ? n : 1;
}

size_t kb_utf8_count(const char *ptr, size_t len)
{
	size_t n = 0;

	for (size_t i = 0; i < len; n++)
		i += step(ptr + i, len - i);
	return n;
}

size_t kb_utf8_seek(const char *ptr, size_t len, size_t n)
{
	size_t i = 0;

	for (; i < len && n; n--)
		i += step(ptr + i, len - i);
	return i;
}

size_t kb_utf8_cut(const char *ptr, size_t len, size_t max)
{
	size_t cut = max;

	if (len <= max)
		return len;
	while (cut > 0 && max - cut < 4) {
		uint32_t cp;
		size_t n;

		if (!kb_utf8_is_inner(ptr[cut]))
			return cut;
		cut--;
		if (kb_utf8_is_inner(ptr[cut]))
			continue;
		n = kb_utf8_next(ptr + cut, len - cut, &cp);
		return cut + n > max ? cut : max;
	}
	return max; /* stray continuation bytes: no character to keep whole */
}
