#include "text/lang.h"

#include "text/utf8.h"

static void count(const char *text, size_t len, struct kb_lang_counts *counts)
{
	bool in_word = false;

	*counts = (struct kb_lang_counts){0};
	for (size_t i = 0; i < len;) {
		uint32_t cp;

		i += kb_utf8_next(text + i, len - i, &cp);
		if ((cp | 32) - 'a' < 26 || (cp >= 0xc0 && cp <= 0x24f)) {
			counts->latin += !in_word;
			in_word = true;
			continue;
		}
		if (in_word && cp == '\'')
			continue;
		in_word = false;
		if (kb_utf8_is_han(cp))
			counts->han++;
		else if (cp != KB_UTF8_BAD &&
			 ((cp >= 0x370 && cp < 0x2000) || kb_utf8_is_cjk(cp)))
			counts->other++;
	}
}

enum kb_lang kb_lang_detect(const char *text, size_t len,
			    struct kb_lang_counts *counts)
{
	struct kb_lang_counts own;
	size_t both;

	if (!counts)
		counts = &own;
	count(text, len, counts);
	both = counts->han + counts->latin;
	if (!both || counts->other > 2 * both)
		return KB_LANG_OTHER;
	if (counts->han * 10 >= both * 6)
		return KB_LANG_ZH;
	return counts->han * 10 <= both * 2 ? KB_LANG_EN : KB_LANG_MIXED;
}

enum kb_lang kb_lang_main(const char *text, size_t len)
{
	struct kb_lang_counts counts;

	count(text, len, &counts);
	return counts.han * 10 >= (counts.han + counts.latin) * 4 && counts.han
		   ? KB_LANG_ZH
		   : KB_LANG_EN;
}
