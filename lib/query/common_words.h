/*
 * Words that are right wherever they stand: 88,744 forms of everyday English
 * and its names, the 6,410 runs of three letters they are made of, and 28,653
 * pairs of characters inside Chinese words. A filter of 144 KiB that is part of
 * the program and takes nothing to start.
 *
 * Every word of the lists is found. Of other strings one in 256 is, too.
 */
#ifndef KB_QUERY_COMMON_WORDS_H
#define KB_QUERY_COMMON_WORDS_H

#include <stdbool.h>
#include <stdint.h>

#include "base/str.h"

#define KB_COMMON_LETTERS 4 /* shorter words are not in the lists */

/* An English word of lower-case letters without apostrophes. */
bool kb_common_word(struct kb_str word);

/* Do English words or names hold these three letters? A blank is the border of
 * a word. */
bool kb_common_letters(const char *three);

/* Two simplified characters that stand side by side in a word. */
bool kb_common_pair(uint32_t first, uint32_t second);

/* Private: seed, slots of a segment, segments less two, slots of a byte. */
extern const uint64_t kb_common_words_table[];

#endif
