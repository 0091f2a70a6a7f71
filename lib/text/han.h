/*
 * Han characters: simplification and reading, from fixed tables.
 *
 * The tables cover U+4E00..U+9FFF; characters outside are themselves and
 * have no reading. They are character by character: where one traditional
 * character has two simplified forms, the commoner stands.
 */
#ifndef KB_TEXT_HAN_H
#define KB_TEXT_HAN_H

#include <stdint.h>

#define KB_HAN_FIRST 0x4e00
#define KB_HAN_LAST  0x9fff

/* 0 where the character is itself. */
extern const uint16_t kb_han_simple[KB_HAN_LAST - KB_HAN_FIRST + 1];
/* The number of a syllable, 0 for no reading. */
extern const uint16_t kb_han_syllable[KB_HAN_LAST - KB_HAN_FIRST + 1];

static inline uint32_t kb_han_simplify(uint32_t cp)
{
	uint32_t i = cp - KB_HAN_FIRST;

	if (i > KB_HAN_LAST - KB_HAN_FIRST || !kb_han_simple[i])
		return cp;
	return kb_han_simple[i];
}

/* The toneless syllable of the character's first Mandarin reading, as a
 * small number from 1 on; 0 when there is none. Homophones are equal. */
static inline unsigned kb_pinyin_syllable(uint32_t cp)
{
	uint32_t i = cp - KB_HAN_FIRST;

	return i > KB_HAN_LAST - KB_HAN_FIRST ? 0 : kb_han_syllable[i];
}

#endif
