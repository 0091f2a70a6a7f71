#include "query/common_words.h"

#include "base/hash.h"
#include "text/analyze.h"

/* The filter is the binary fuse filter of Graf and Lemire (2022): a key's byte
 * is the exclusive or of three slots, which lie in three neighbouring
 * segments. */
enum { SEED, SEGMENT, STARTS, SLOTS };

static unsigned slot(uint64_t i)
{
	return kb_common_words_table[SLOTS + i / 8] >> i % 8 * 8 & 0xff;
}

static bool holds(const char *key, size_t len)
{
	__extension__ typedef unsigned __int128 u128;
	uint64_t segment = kb_common_words_table[SEGMENT];
	uint64_t h = kb_hash64(key, len, kb_common_words_table[SEED]);
	u128 starts = segment * kb_common_words_table[STARTS];
	uint64_t at = (uint64_t)(h * starts >> 64);
	unsigned byte = slot(at);

	byte ^= slot((at + segment) ^ (h >> 18 & (segment - 1)));
	byte ^= slot((at + 2 * segment) ^ (h & (segment - 1)));
	return byte == ((h ^ h >> 32) & 0xff);
}

bool kb_common_word(struct kb_str word)
{
	return word.len >= KB_COMMON_LETTERS && holds(word.ptr, word.len);
}

bool kb_common_letters(const char *three)
{
	return holds(three, 3);
}

bool kb_common_pair(uint32_t first, uint32_t second)
{
	char pair[8];

	return holds(pair, kb_term_han_text(kb_term_han2(first, second), pair));
}
