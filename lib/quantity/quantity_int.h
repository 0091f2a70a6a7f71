/*
 * Inside of quantities: what numeral.c, unit.c, date.c, clock_time.c and
 * quantity.c share.
 * Users include quantity/quantity.h.
 */
#ifndef KB_QUANTITY_QUANTITY_INT_H
#define KB_QUANTITY_QUANTITY_INT_H

#include "quantity/quantity.h"

/* The ASCII character at ptr, full-width forms folded; 0 bytes when it is
 * another one. */
size_t kb_fold_digit(const char *ptr, size_t len, char *c);

/* Value of a Chinese figure, or -1. */
int kb_han_digit(uint32_t cp);

/* May a quantity begin with the letters or the character of Han at p? Most are
 * refused by this one look. */
bool kb_quantity_may_begin(const char *p, size_t len);

/* Bytes of the lower-case word at p, any case, not followed by a letter. */
size_t kb_match_word(const char *p, size_t len, const char *word);

/* 百分之五, 三分之一, 一半, two thirds at p: fills q as a percentage, all but
 * the spans. Returns its bytes, 0 for none. */
size_t kb_fraction_parse(const char *p, size_t len, struct kb_quantity *q);

/* Does a number begin with the word of English letters at p: "two", "third",
 * "half", "dozen"? What is false begins none. */
bool kb_numeral_begins(const char *p, size_t len);

/* Is the word at p a month, as dates spell it? */
bool kb_date_begins(const char *p, size_t len);

struct kb_unit {
	enum kb_dim dim;
	double scale; /* canonical units in one */
	uint32_t id;  /* currency or measure word */
	bool calendar;
};

/* The longest unit at p, with a blank or hyphen before it allowed; returns
 * its bytes, 0 for none. */
size_t kb_unit_parse(const char *p, size_t len, struct kb_unit *unit);

/* A currency sign or name before a number. */
size_t kb_unit_prefix(const char *p, size_t len, struct kb_unit *unit);

/* A date or a time of day at p, or a range of two; fills all of q but the
 * spans. Returns its bytes, 0 for none. */
size_t kb_date_parse(const char *p, size_t len, struct kb_quantity *q);

/* Of clock_time.c, which dates share: 1 to max ASCII digits (full width too),
 * their value and how many there are; a number before 年 月 日 号, in digits or
 * Chinese figures; the first byte from 'at' on that is no blank. The first two
 * return bytes, 0 for none. */
size_t kb_date_digits(const char *p, size_t len, size_t max, unsigned *value,
		      size_t *count);
size_t kb_date_part(const char *p, size_t len, unsigned *value);
size_t kb_date_blanks(const char *p, size_t len, size_t at);

/* A time of day at p, or a range of two, into dim, lo and hi; bytes, 0 for
 * none. */
size_t kb_clock_parse(const char *p, size_t len, struct kb_quantity *q);

/* Is the word at p a time of day without a number: noon? */
bool kb_clock_begins(const char *p, size_t len);

/* comparator.c: the bound that stands beside a quantity, from text + from on,
 * becomes part of it. */
void kb_comparator_add(const char *text, size_t len, size_t from,
		       struct kb_quantity *q);

/* Do a lower and an upper bound, one right behind the other, make a range?
 * The first becomes it. */
bool kb_bounds_merge(const char *text, struct kb_quantity *first,
		     const struct kb_quantity *second);

/* The text from 'from' to 'end': its end without blanks; does it end with the
 * lower-case word of n bytes, in any case? */
size_t kb_text_unspaced(const char *text, size_t from, size_t end);
bool kb_text_ends_with(const char *text, size_t from, size_t end,
		       const char *word, size_t n);

/* A mark between the two ends of a range (- ~ 至 到 to), blanks included. */
size_t kb_range_mark(const char *p, size_t len);

#endif
