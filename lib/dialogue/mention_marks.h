/*
 * Values that a character of Chinese marks: types (经济型), stations
 * (虎坊桥地铁站 C口), what is free (免费), what is eaten (吃驴杂汤这道菜: slot
 * "dish").
 */
#ifndef KB_DIALOGUE_MENTION_MARKS_H
#define KB_DIALOGUE_MENTION_MARKS_H

#include "dialogue/mention.h"

/* At most max; they may overlap. Returns their number. */
size_t kb_mention_marks(struct kb_str text, struct kb_mention *out, size_t max);

#endif
