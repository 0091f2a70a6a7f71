/*
 * What language to answer in: Chinese or English (or another Latin one). A
 * Han character counts as one, a run of Latin letters as one.
 */
#ifndef KB_TEXT_LANG_H
#define KB_TEXT_LANG_H

#include <stddef.h>

enum kb_lang { KB_LANG_ZH, KB_LANG_EN };

/* ZH where Han is at least 40 % of both; EN when there is neither. */
enum kb_lang kb_lang_main(const char *text, size_t len);

/* Its code (ISO 639-1): "zh" or "en". */
static inline const char *kb_lang_code(enum kb_lang lang)
{
	return lang == KB_LANG_ZH ? "zh" : "en";
}

#endif
