#include "text/fold.h"

#include "base/utf8.h"
#include "text/han.h"

struct kb_str kb_text_fold(struct kb_arena *arena, struct kb_str text)
{
	/* No character becomes longer: half-width and simplified forms take
	 * at most the bytes of the original. */
	char *dst = kb_arena_alloc(arena, text.len + 4);
	size_t n = 0;

	for (size_t i = 0; i < text.len;) {
		uint32_t cp;

		i += kb_utf8_next(text.ptr + i, text.len - i, &cp);
		if (cp == KB_UTF8_BAD)
			continue;
		if (cp >= 0xff01 && cp <= 0xff5e)
			cp -= 0xfee0;
		if (cp == 0x3000 || cp == 0xa0)
			cp = ' ';
		if (cp >= 'A' && cp <= 'Z')
			cp += 'a' - 'A';
		n += kb_utf8_encode(dst + n, kb_han_simplify(cp));
	}
	dst[n] = '\0';
	return (struct kb_str){dst, n};
}
