#include "terminal/display.h"

#include <utf8proc.h>

#include "base/visible.h"

size_t kb_text_width(const char *ptr, size_t len)
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

void kb_text_printable(struct kb_buf *out, const char *ptr, size_t len)
{
	struct kb_str text = {ptr, len};

	for (size_t i = 0; i < len;) {
		uint32_t cp;
		bool hidden;
		size_t n = kb_visible_next(text, i, &cp, &hidden);

		if (hidden && cp != '\n' && cp != '\t')
			kb_buf_add(out, KB_UTF8_MARK, 3);
		else
			kb_buf_add(out, ptr + i, n);
		i += n;
	}
}
