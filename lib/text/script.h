/* Scripts that are written without blanks, by code point. */
#ifndef KB_TEXT_SCRIPT_H
#define KB_TEXT_SCRIPT_H

#include <stdbool.h>
#include <stdint.h>

/* Han, kana, bopomofo or hangul: scripts cut into single characters. */
static inline bool kb_is_cjk(uint32_t cp)
{
	if (cp < 0x1100)
		return false;
	if (cp >= 0x4e00 && cp <= 0x9fff)
		return true;
	return (cp >= 0x3400 && cp <= 0x4dbf) || cp == 0x3005 || cp == 0x3007 ||
	       (cp >= 0x3041 && cp <= 0x3096) ||
	       (cp >= 0x30a1 && cp <= 0x30fa) ||
	       (cp >= 0x30fc && cp <= 0x30fe) ||
	       (cp >= 0x3105 && cp <= 0x31ff) ||
	       (cp >= 0xac00 && cp <= 0xd7a3) || cp <= 0x11ff ||
	       (cp >= 0xf900 && cp <= 0xfaff) ||
	       (cp >= 0x2e80 && cp <= 0x2fd5) ||
	       (cp >= 0xff66 && cp <= 0xff9f) ||
	       (cp >= 0x20000 && cp <= 0x3ffff);
}

/* Han only. */
static inline bool kb_is_han(uint32_t cp)
{
	return (cp >= 0x4e00 && cp <= 0x9fff) ||
	       (cp >= 0x3400 && cp <= 0x4dbf) || cp == 0x3005 || cp == 0x3007 ||
	       (cp >= 0xf900 && cp <= 0xfaff) ||
	       (cp >= 0x20000 && cp <= 0x3ffff);
}

#endif
