/*
 * What the words of a sentence are to those of the question. The terms of the
 * sentence stand in reader->terms. Private to lib/answer.
 */
#ifndef KB_ANSWER_SENTENCE_WORDS_H
#define KB_ANSWER_SENTENCE_WORDS_H

#include "answer/reading.h"

/* Does the folded sentence begin by what stands before it: a pronoun, "also",
 * "therefore"? */
bool kb_words_refer(struct kb_str folded);

/*
 * How near the pieces of the question stand to what is wanted: a number, or a
 * name for who and where; the weight of each times e^(-words between / 6), by
 * the weight of all. 0 for other questions and where nothing wanted is there.
 */
double kb_words_near(const struct kb_reader *reader, const struct kb_form *q,
		     struct kb_str text);

#endif
