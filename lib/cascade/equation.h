/*
 * Equations that a text writes out, "48 / 2 = 24": do they hold?
 *
 * The left side is the longest run of numbers, + - * / x × ÷, parentheses,
 * currency signs and blanks before '=', with an operator in it, the right side
 * the number behind it. A
 * result that is rounded to its last digit holds. For a router: an answer whose
 * arithmetic is wrong is wrong.
 */
#ifndef KB_CASCADE_EQUATION_H
#define KB_CASCADE_EQUATION_H

#include <stddef.h>

#include "base/str.h"

struct kb_equations {
	size_t n, wrong;
};

/* Time is linear in the text. */
struct kb_equations kb_equations_check(struct kb_str text);

/* A number at the beginning of the text: digits with commas between and a
 * fraction. Its bytes, 0 when there is none. */
size_t kb_equation_number(struct kb_str text, double *value, int *decimals);

#endif
