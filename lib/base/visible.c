#include "base/visible.h"

bool kb_is_hidden(uint32_t cp)
{
	static const uint32_t ranges[][2] = {
	    {0x7f, 0x9f},	{0x61c, 0x61c},	  {0x180e, 0x180e},
	    {0x200b, 0x200f},	{0x2028, 0x202e}, {0x2060, 0x206f},
	    {0xfeff, 0xfeff},	{0xfff9, 0xfffb}, {0x1d173, 0x1d17a},
	    {0xe0000, 0xe007f},
	};

	if (cp < 0x7f)
		return cp < 0x20;
	for (size_t i = 0; i < sizeof(ranges) / sizeof(*ranges); i++)
		if (cp <= ranges[i][1])
			return cp >= ranges[i][0];
	return cp == KB_UTF8_BAD;
}

static bool is_beyond_ascii(struct kb_str text, size_t pos)
{
	return pos < text.len && (unsigned char)text.ptr[pos] >= 0x80;
}

size_t kb_visible_next(struct kb_str text, size_t pos, uint32_t *cp,
		       bool *hidden)
{
	size_t n = kb_utf8_next(text.ptr + pos, text.len - pos, cp);

	*hidden = kb_is_hidden(*cp);
	if ((*cp == 0x200c || *cp == 0x200d) && pos &&
	    is_beyond_ascii(text, pos - 1) && is_beyond_ascii(text, pos + n))
		*hidden = false;
	return n;
}

void kb_visible_add(struct kb_buf *out, struct kb_str text, const char *mark)
{
	for (size_t i = 0; i < text.len;) {
		uint32_t cp;
		bool hidden;
		size_t n = kb_visible_next(text, i, &cp, &hidden);

		if (hidden)
			kb_buf_add_cstr(out, mark);
		else
			kb_buf_add(out, text.ptr + i, n);
		i += n;
	}
}
