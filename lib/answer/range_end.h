/*
 * Which end of a range a text asks for or speaks of: "when does it end", "from
 * the 3rd on", 最晚.
 */
#ifndef KB_ANSWER_RANGE_END_H
#define KB_ANSWER_RANGE_END_H

#include "answer/cues.h"

enum { KB_RANGE_LOW = 1, KB_RANGE_HIGH = 2 };

/* The set of ends; 0 for none. */
unsigned kb_range_ends(const struct kb_cue_text *text);

#endif
