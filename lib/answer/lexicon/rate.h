/* What an amount is counted by: the "a day" of "15 euros a day". */
#ifndef KB_ANSWER_LEXICON_RATE_H
#define KB_ANSWER_LEXICON_RATE_H

#include "base/str.h"
#include "quantity/quantity.h"

enum kb_rate {
	KB_RATE_NONE, /* it is not said */
	KB_RATE_MINUTE,
	KB_RATE_HOUR,
	KB_RATE_DAY,
	KB_RATE_NIGHT,
	KB_RATE_WEEK,
	KB_RATE_MONTH,
	KB_RATE_QUARTER,
	KB_RATE_YEAR,
	KB_RATE_PERSON,
	KB_RATE_LITRE,
	KB_RATE_METRE,
	KB_RATE_KILOMETRE,
	KB_RATE_KILOGRAM,
	KB_RATE_PIECE,
	KB_RATE_PAGE,
};

/* By the words right behind the quantity of the text ("per night", "/月",
 * "一天"), or in Chinese right before it (每晚). */
enum kb_rate kb_rate_of(struct kb_str text, const struct kb_quantity *q);

#endif
