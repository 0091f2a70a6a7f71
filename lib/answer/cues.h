/*
 * What a sentence offers to a question: a number, a date, money, a person,
 * a reason ... Told by quantities and by closed lists of words, Chinese and
 * English.
 */
#ifndef KB_ANSWER_CUES_H
#define KB_ANSWER_CUES_H

#include <stdbool.h>
#include <stdint.h>

#include "base/mem.h"

struct kb_reader;

/* A mask. */
enum kb_cue {
	KB_CUE_NUMBER = 1 << 0, /* one that the question does not name */
	KB_CUE_DATE = 1 << 1,
	KB_CUE_SPAN = 1 << 2, /* a length of time */
	KB_CUE_MONEY = 1 << 3,
	KB_CUE_MASS = 1 << 4,
	KB_CUE_LENGTH = 1 << 5,
	KB_CUE_AREA = 1 << 6,
	KB_CUE_VOLUME = 1 << 7,
	KB_CUE_SHARE = 1 << 8, /* per cent */
	KB_CUE_DEGREE = 1 << 9,
	KB_CUE_PERSON = 1 << 10,
	KB_CUE_PLACE = 1 << 11,
	KB_CUE_REASON = 1 << 12,
	KB_CUE_WAY = 1 << 13,
	KB_CUE_POLAR = 1 << 14,	 /* yes, no, may, must */
	KB_CUE_COUNT = 1 << 15,	 /* a number in words */
	KB_CUE_POWER = 1 << 16,	 /* watts, watt hours */
	KB_CUE_RATE = 1 << 17,	 /* hertz */
	KB_CUE_AMOUNT = 1 << 18, /* see kb_cue_amount() */
	KB_CUE_PLAIN = 1 << 19,	 /* a number without a unit, or a count */
	KB_CUE_DATA = 1 << 20,
	KB_CUE_CHARGE = 1 << 21, /* ampere hours, watt hours */
	KB_CUE_VOLTAGE = 1 << 22,
	KB_CUE_CURRENT = 1 << 23,
	KB_CUE_SOUND = 1 << 24,
	KB_CUE_PRESSURE = 1 << 25,
	KB_CUE_LIGHT = 1 << 26,
	KB_CUE_ROTATION = 1 << 27,
	KB_CUE_PIXELS = 1 << 28,
	KB_CUE_SPEED = 1 << 29
};

/* Quantities with a unit, of which one is not another. */
#define KB_CUE_MEASURED                                                     \
	(KB_CUE_SPAN | KB_CUE_MONEY | KB_CUE_MASS | KB_CUE_LENGTH |         \
	 KB_CUE_AREA | KB_CUE_VOLUME | KB_CUE_SHARE | KB_CUE_DEGREE |       \
	 KB_CUE_POWER | KB_CUE_RATE | KB_CUE_DATA | KB_CUE_CHARGE |         \
	 KB_CUE_VOLTAGE | KB_CUE_CURRENT | KB_CUE_SOUND | KB_CUE_PRESSURE | \
	 KB_CUE_LIGHT | KB_CUE_ROTATION | KB_CUE_PIXELS | KB_CUE_SPEED)

/* Of any of these a sentence holds a number. */
#define KB_CUE_NUMBERS \
	(KB_CUE_NUMBER | KB_CUE_DATE | KB_CUE_COUNT | KB_CUE_MEASURED)

/* A folded text, and which pairs of bytes it has, hashed: most of many cues are
 * refused by one look. */
#define KB_CUE_PAIRS 2048

struct kb_cue_text {
	struct kb_str folded; /* borrowed */
	uint64_t pairs[KB_CUE_PAIRS / 64];
};
void kb_cue_text_init(struct kb_cue_text *text, struct kb_str folded);

/* Does the text hold the cue? A cue that starts or ends with a Latin letter
 * stands at a word's border there; '*' at its end lifts that. */
bool kb_cue_in(const struct kb_cue_text *text, const char *cue);

/* Does it hold any of a list that NULL ends? */
bool kb_cue_any(const struct kb_cue_text *text, const char *const *cues);

/* Where the text first holds the cue; len 0 where it does not. */
struct kb_str kb_cue_find(const struct kb_cue_text *text, const char *cue);

/* May the folded sentence say how much, how many or how long without a number:
 * free, none, all, for life? */
bool kb_cue_amount(struct kb_str folded);

/* The cues of quantities in units like that at the start of the folded text:
 * of "kilograms does it" those of a mass; 0 where it is no unit. *len: its
 * bytes.
 */
unsigned kb_cues_of_unit(struct kb_reader *reader, struct kb_str text,
			 size_t *len);

/* The cues of a folded sentence; numbers of the folded question count not. */
unsigned kb_cues_find(struct kb_reader *reader, struct kb_str folded,
		      struct kb_str question);

#endif
