#include "text/lang.h"

#include "base/utf8.h"
#include "text/script.h"

/* Han from i on, as far as two by two are seen to be; returns their end. */
static size_t skip_han(const char *text, size_t len, size_t i)
{
	uint64_t pair;

	while (len - i >= 8 && kb_utf8_pair(text + i, &pair) &&
	       (pair & 255) - 0xe5 < 5 && (pair >> 24 & 255) - 0xe5 < 5)
		i += KB_UTF8_PAIR_SIZE;
	return i;
}

enum kb_lang kb_lang_main(const char *text, size_t len)
{
	size_t han = 0, latin = 0;
	unsigned in_word = 0;

	for (size_t i = 0; i < len;) {
		uint32_t cp;
		size_t end;

		if ((unsigned char)text[i] < 0x80) {
			/* no branch: where words end cannot be foreseen */
			unsigned letter =
			    ((unsigned char)text[i] | 32u) - 'a' < 26;

			latin += letter & !in_word;
			in_word = letter | (in_word & (text[i] == '\''));
			i++;
			continue;
		}
		end = skip_han(text, len, i);
		if (end > i) {
			han += (end - i) / 3;
			in_word = 0;
			i = end;
			continue;
		}
		i += kb_utf8_next(text + i, len - i, &cp);
		if (cp >= 0xc0 && cp <= 0x24f) {
			latin += !in_word;
			in_word = 1;
		} else {
			in_word = 0;
			han += kb_is_han(cp);
		}
	}
	return han && han * 10 >= (han + latin) * 4 ? KB_LANG_ZH : KB_LANG_EN;
}
