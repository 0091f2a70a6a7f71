/*
 * Classes of characters as the patterns of tokenizers tell them apart.
 *
 * From Unicode 16.0, as the reference implementation has it; a broken byte is
 * KB_TOKEN_OTHER.
 */
#ifndef KB_TOKEN_TOKEN_CLASS_H
#define KB_TOKEN_TOKEN_CLASS_H

#include "base/utf8.h"

enum kb_token_class {
	KB_TOKEN_OTHER,	 /* controls, what is not assigned, broken bytes */
	KB_TOKEN_SYMBOL, /* P, S */
	KB_TOKEN_LOWER,	 /* Ll */
	KB_TOKEN_UPPER,	 /* Lu, Lt */
	KB_TOKEN_LETTER, /* Lm, Lo */
	KB_TOKEN_MARK,	 /* M */
	KB_TOKEN_NUMBER, /* N */
	KB_TOKEN_SPACE,	 /* White_Space */
};

/* token_class_table.c: blocks of 128 characters by what they hold. */
#define KB_TOKEN_CLASS_BLOCKS 7173
#define KB_TOKEN_CLASS_KINDS  251
extern const uint8_t kb_token_class_block[KB_TOKEN_CLASS_BLOCKS];
extern const uint8_t kb_token_class_of_block[KB_TOKEN_CLASS_KINDS][128];

/* Of a byte below 0x80: the first block is the first kind. */
static inline enum kb_token_class kb_token_ascii_class(unsigned char byte)
{
	return kb_token_class_of_block[0][byte];
}

/* Of a character, or KB_UTF8_BAD. */
static inline enum kb_token_class kb_token_class(uint32_t cp)
{
	uint32_t block = cp / 128;

	if (block >= KB_TOKEN_CLASS_BLOCKS) /* as the last one's */
		block = cp > 0x10ffff ? 0 : KB_TOKEN_CLASS_BLOCKS - 1;
	if (cp > 0x10ffff)
		return KB_TOKEN_OTHER;
	return kb_token_class_of_block[kb_token_class_block[block]][cp % 128];
}

#endif
