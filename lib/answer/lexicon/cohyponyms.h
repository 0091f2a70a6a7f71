/*
 * Words for things of one class of which one excludes the others: 学生 and
 * 老人, wired and wireless, this year and next year, thick and wide. A text
 * that speaks of one of them says nothing of another. Chinese and English, by
 * hand, of what customers ask about and of everyday life.
 */
#ifndef KB_ANSWER_LEXICON_COHYPONYMS_H
#define KB_ANSWER_LEXICON_COHYPONYMS_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "base/str.h"

/* Bytes behind a word that say in what place it stands: a character, or the
 * first letters of another word. */
#define KB_COHYPONYM_PLACE 3

struct kb_cohyponym {
	uint32_t start, end; /* bytes of the text */
	uint8_t class;
	uint8_t member; /* of the class; words of one member say the same */
};

/* Up to max of them, in order, without overlap, the longest first; returns
 * their number. Letters of either case, simplified characters. */
size_t kb_cohyponyms_find(struct kb_str text, struct kb_cohyponym *out,
			  size_t max);

/* Is one of the n a word for the same as this one? */
bool kb_cohyponyms_have(const struct kb_cohyponym *all, size_t n,
			const struct kb_cohyponym *of);

/* Does one exclude another only in the same place: what is said of the battery
 * of a phone, of that of a watch? Phones and watches may be spoken of at once.
 */
bool kb_cohyponym_in_place(unsigned class);

/* Does it say when, where or for what something holds: at night, abroad, for
 * what was opened? Whom it holds for is named in texts of all kinds. */
bool kb_cohyponym_is_case(unsigned class);

/* Is one that a text does not name excluded without another one in it? */
bool kb_cohyponym_alone(unsigned class);

#endif
