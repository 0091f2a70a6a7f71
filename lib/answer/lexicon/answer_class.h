/*
 * Classes of what a question asks for by name, and of what is one of them:
 * "which colours?" wants black and white, "which payment methods?" cash. By
 * hand, Chinese and English; a class that is not among them is not known.
 */
#ifndef KB_ANSWER_LEXICON_ANSWER_CLASS_H
#define KB_ANSWER_LEXICON_ANSWER_CLASS_H

#include <stdbool.h>

#include "base/str.h"

/* The class that a folded phrase names, the last of several; 0 for none. */
int kb_answer_class_of(struct kb_str phrase);

/* Does the folded text say one of that class that the question does not? */
bool kb_answer_class_has(int class, struct kb_str text, struct kb_str question);

#endif
