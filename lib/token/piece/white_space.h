/* White_Space of Unicode (PropList.txt), for the tokenizers of this folder. */
#ifndef KB_TOKEN_PIECE_WHITE_SPACE_H
#define KB_TOKEN_PIECE_WHITE_SPACE_H

#include <stdbool.h>
#include <stdint.h>

static inline bool kb_is_white_space(uint32_t cp)
{
	if (cp < 0x80)
		return cp == ' ' || (cp >= 9 && cp <= 13);
	return cp == 0x85 || cp == 0xa0 || cp == 0x1680 ||
	       (cp >= 0x2000 && cp <= 0x200a) || cp == 0x2028 || cp == 0x2029 ||
	       cp == 0x202f || cp == 0x205f || cp == 0x3000;
}

#endif
