/*
 * What a question lacks to stand alone: judged by its own words.
 */
#ifndef KB_DIALOGUE_NEED_H
#define KB_DIALOGUE_NEED_H

#include "dialogue/phrase.h"

enum kb_need {
	KB_NEED_NOTHING,
	KB_NEED_PRONOUN, /* it, 它: the phrase takes its place */
	KB_NEED_THIS,	 /* this, 这个: the phrase stands before it */
	KB_NEED_TOPIC,	 /* too short to stand alone */
	KB_NEED_FRAME, /* "那X呢", "what about X": the question itself too */
};

/* at and len: the pronoun's bytes in q; at is q.len when there is none. */
enum kb_need kb_need_of(struct kb_str q, size_t *at, size_t *len);

#endif
