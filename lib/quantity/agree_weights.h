/*
 * How far apart two values may be and still be one. Private to agree.c.
 *
 * By hand: what people mean by the words. tests/eval/fit-constants.py verify
 * halves and doubles each (2026-11-30), measured as in
 * evidence/compare_weights.h, .876 on half 0 and .874 on half 1, held out: no
 * value differs by more than .0004 +-.0007.
 */
#ifndef KB_QUANTITY_AGREE_WEIGHTS_H
#define KB_QUANTITY_AGREE_WEIGHTS_H

#define ROUNDING .5001 /* of the last digit that is said */
#define ABOUT	 .1    /* of a value said to be so about */
#define CALENDAR .04   /* of days beside months: 30 are one, 365 a year */

#endif
