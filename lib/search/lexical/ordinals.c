#include "search/lexical/ordinals.h"

#include <stdio.h>

#define ORDINAL 0x7b2c /* 第 */
#define ZERO	0x96f6 /* 零 */
#define ROUND	0x3007 /* 〇 */
#define DIGITS	7      /* characters of a numeral: 九千九百九十九 */

/* 一 to 九 */
static const uint32_t digits[] = {0x4e00, 0x4e8c, 0x4e09, 0x56db, 0x4e94,
				  0x516d, 0x4e03, 0x516b, 0x4e5d};
/* 千 百 十 */
static const struct {
	uint32_t sign;
	unsigned value;
} units[] = {{0x5343, 1000}, {0x767e, 100}, {0x5341, 10}};

#define UNITS (sizeof(units) / sizeof(*units))

/* The character of a HAN1 term, 0 of another. */
static uint32_t han_of(const struct kb_term *t)
{
	return kb_term_class(t->key) == KB_TERM_HAN1
		   ? (uint32_t)(t->key & 0xffffff)
		   : 0;
}

/* The base term at pos + 1, close behind: a blank may stand between. */
static const struct kb_term *next_base(const struct kb_terms *terms,
				       const struct kb_term *t)
{
	const struct kb_term *end = terms->items + terms->n;

	for (const struct kb_term *u = t + 1; u < end && u->pos <= t->pos + 1;
	     u++) {
		enum kb_term_class class = kb_term_class(u->key);

		if (u->pos == t->pos + 1 &&
		    (class == KB_TERM_HAN1 || class == KB_TERM_WORD))
			return u->start >= t->end && u->start - t->end <= 1
				   ? u
				   : NULL;
	}
	return NULL;
}

/* ---- 第三 to 第3 ---- */

static unsigned digit_of(uint32_t sign)
{
	for (unsigned i = 0; i < 9; i++)
		if (digits[i] == sign)
			return i + 1;
	return 0;
}

static unsigned unit_of(uint32_t sign)
{
	for (size_t i = 0; i < UNITS; i++)
		if (units[i].sign == sign)
			return units[i].value;
	return 0;
}

/* The number that characters make up: its value, 0 when they make none. */
static unsigned value_of(const uint32_t *signs, size_t n)
{
	unsigned value = 0, digit = 0, least = 10000;

	for (size_t i = 0; i < n; i++) {
		unsigned unit = unit_of(signs[i]), next = digit_of(signs[i]);

		if (unit && unit < least && (digit || (unit == 10 && !i))) {
			value += (digit ? digit : 1) * unit;
			least = unit;
			digit = 0;
		} else if (next && !digit) {
			digit = next;
		} else if ((signs[i] != ZERO && signs[i] != ROUND) || digit ||
			   !value) {
			return 0;
		}
	}
	/* 第三百二: a digit behind a unit other than ten is short for another
	 */
	return digit && value && least > 10 && signs[n - 2] != ZERO &&
		       signs[n - 2] != ROUND
		   ? 0
		   : value + digit;
}

static bool from_signs(const struct kb_terms *terms, const struct kb_term *t,
		       struct kb_ordinal *out)
{
	uint32_t signs[DIGITS + 1];
	unsigned value;
	char text[16];
	size_t n = 0;

	for (const struct kb_term *u = next_base(terms, t); u;
	     u = next_base(terms, u)) {
		uint32_t sign = han_of(u);

		if (!digit_of(sign) && !unit_of(sign) && sign != ZERO &&
		    sign != ROUND)
			break;
		if (n == DIGITS)
			return false;
		signs[n++] = sign;
	}
	value = n ? value_of(signs, n) : 0;
	if (!value)
		return false;
	out->own = kb_term_han2(ORDINAL, signs[0]);
	out->others[0] =
	    kb_term_key(KB_TERM_WORD, text,
			(size_t)snprintf(text, sizeof(text), "%u", value));
	out->n = 1;
	return true;
}

/* ---- 第3 to 第三 ---- */

static size_t write_signs(unsigned value, uint32_t *signs)
{
	bool gap = false; /* a zero before the next digit */
	size_t n = 0;

	for (size_t i = 0; i < UNITS; i++) {
		unsigned digit = value / units[i].value % 10;

		if (!digit) {
			gap = n > 0;
			continue;
		}
		if (gap)
			signs[n++] = ZERO;
		gap = false;
		/* 十五, and 一百一十五 */
		if (digit != 1 || units[i].value != 10 || n)
			signs[n++] = digits[digit - 1];
		signs[n++] = units[i].sign;
	}
	if (value % 10) {
		if (gap)
			signs[n++] = ZERO;
		signs[n++] = digits[value % 10 - 1];
	}
	return n;
}

/* The value of a word of digits alone, 0 of another. */
static unsigned number_of(const struct kb_terms *terms, const struct kb_term *t)
{
	const char *text = terms->text + t->text_off;
	unsigned value = 0;

	if (kb_term_class(t->key) != KB_TERM_WORD || t->text_len > 4)
		return 0;
	for (size_t i = 0; i < t->text_len; i++) {
		if (text[i] < '0' || text[i] > '9')
			return 0;
		value = value * 10 + (unsigned)(text[i] - '0');
	}
	return value;
}

static bool from_number(const struct kb_terms *terms, const struct kb_term *t,
			struct kb_ordinal *out)
{
	/* 第, at most nine characters of the numeral, one behind */
	uint32_t signs[KB_ORDINAL_TERMS + 2] = {ORDINAL};
	const struct kb_term *number = next_base(terms, t), *behind;
	unsigned value = number ? number_of(terms, number) : 0;
	size_t n;

	if (!value)
		return false;
	n = 1 + write_signs(value, signs + 1);
	behind = next_base(terms, number);
	if (behind && han_of(behind) && n < KB_ORDINAL_TERMS + 1)
		signs[n++] = han_of(behind);
	out->own = number->key;
	out->n = 0;
	for (size_t i = 0; i + 1 < n && out->n < KB_ORDINAL_TERMS; i++)
		out->others[out->n++] = kb_term_han2(signs[i], signs[i + 1]);
	return true;
}

size_t kb_ordinals_find(const struct kb_terms *terms, struct kb_ordinal *out,
			size_t max)
{
	size_t n = 0;

	for (size_t i = 0; i < terms->n && n < max; i++) {
		const struct kb_term *t = &terms->items[i];

		if (han_of(t) == ORDINAL)
			n += from_signs(terms, t, &out[n]) ||
			     from_number(terms, t, &out[n]);
	}
	return n;
}
