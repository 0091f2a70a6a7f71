#include "query/background.h"

#include <math.h>

#include "base/ascii.h"
#include "query/background_weights.h"
#include "query/common_words.h"
#include "text/words.h"

static const double shares[KB_BACKGROUND_KINDS] = {
    [KB_BACKGROUND_RARE] = SHARE_RARE,
    [KB_BACKGROUND_FUNCTION] = SHARE_FUNCTION,
    [KB_BACKGROUND_COMMON] = SHARE_COMMON,
    [KB_BACKGROUND_SHORT] = SHARE_SHORT,
    [KB_BACKGROUND_HAN_FUNCTION] = SHARE_HAN_FUNCTION,
    [KB_BACKGROUND_HAN] = SHARE_HAN,
    [KB_BACKGROUND_PAIR] = SHARE_PAIR,
};

static bool is_word(struct kb_str text)
{
	for (size_t i = 0; i < text.len; i++)
		if (!kb_is_lower(text.ptr[i]))
			return false;
	return text.len > 0;
}

/* Is the stem that of an everyday word? "hous" is no word, but "house" is. */
static bool is_common(struct kb_str stem)
{
	static const char *const ends[] = {"", "e", "s", "es", "ing"};
	char word[32];

	for (size_t i = 0; i < sizeof(ends) / sizeof(*ends); i++) {
		size_t len = strlen(ends[i]);

		if (stem.len + len > sizeof(word))
			break;
		memcpy(word, stem.ptr, stem.len);
		memcpy(word + stem.len, ends[i], len);
		if (kb_common_word((struct kb_str){word, stem.len + len}))
			return true;
	}
	return false;
}

static enum kb_background kind_of_word(struct kb_str text)
{
	if (!is_word(text))
		return KB_BACKGROUND_RARE;
	if (kb_stop_word(text.ptr, text.len))
		return KB_BACKGROUND_FUNCTION;
	if (is_common(text))
		return KB_BACKGROUND_COMMON;
	return text.len < KB_COMMON_LETTERS ? KB_BACKGROUND_SHORT
					    : KB_BACKGROUND_RARE;
}

enum kb_background kb_background_kind(uint64_t key, struct kb_str text)
{
	uint32_t last = (uint32_t)(key & 0xffffff);

	switch (kb_term_class(key)) {
	case KB_TERM_HAN1:
		return kb_stop_han(last) ? KB_BACKGROUND_HAN_FUNCTION
					 : KB_BACKGROUND_HAN;
	case KB_TERM_HAN2:
		return kb_common_pair((uint32_t)(key >> 24 & 0xffffff), last)
			   ? KB_BACKGROUND_PAIR
			   : KB_BACKGROUND_RARE;
	case KB_TERM_WORD:
	case KB_TERM_EXACT:
		return kind_of_word(text);
	default:
		return KB_BACKGROUND_RARE;
	}
}

void kb_background_add(enum kb_background kind, uint64_t *n, uint64_t *df)
{
	*n += PRIOR_CHUNKS;
	*df += (uint64_t)lround(PRIOR_CHUNKS * shares[kind]);
}

void kb_background_lengths(uint64_t *n, uint64_t *terms)
{
	*n += PRIOR_CHUNKS;
	*terms += (uint64_t)PRIOR_CHUNKS * PRIOR_LENGTH;
}
