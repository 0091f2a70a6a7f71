#include "text/lang.h"

#include "base/utf8.h"
#include "text/script.h"

enum kb_lang kb_lang_main(const char *text, size_t len)
{
	size_t han = 0, latin = 0;
	bool in_word = false;

	for (size_t i = 0; i < len;) {
		uint32_t cp;

		i += kb_utf8_next(text + i, len - i, &cp);
		if ((cp | 32) - 'a' < 26 || (cp >= 0xc0 && cp <= 0x24f)) {
			latin += !in_word;
			in_word = true;
		} else if (!in_word || cp != '\'') {
			in_word = false;
			han += kb_is_han(cp);
		}
	}
	return han && han * 10 >= (han + latin) * 4 ? KB_LANG_ZH : KB_LANG_EN;
}
