/*
 * Turns of a user that must not be lost: what was forbidden, demanded or
 * corrected. "不要红色", "no, I meant the other one", "must be under $50".
 * Judged by phrases at the head of a clause; talk that only sounds alike
 * ("不要紧", "don't worry") is none.
 */
#ifndef KB_DIALOGUE_CONSTRAINT_H
#define KB_DIALOGUE_CONSTRAINT_H

#include <stdbool.h>

#include "base/str.h"

bool kb_is_constraint(struct kb_str text);

#endif
