/*
 * How far apart two values may be and still be one. Private to agree.c.
 *
 * By hand; tests/eval/fit-constants.py verify tries others.
 */
#ifndef KB_TEXT_AGREE_WEIGHTS_H
#define KB_TEXT_AGREE_WEIGHTS_H

#define ROUNDING .5001 /* of the last digit that is said */
#define ABOUT	 .1    /* of a value said to be so about */
#define CALENDAR .04   /* of days beside months: 30 are one, 365 a year */

#endif
