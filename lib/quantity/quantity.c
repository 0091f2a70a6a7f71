#include "quantity/quantity.h"

#include <assert.h>
#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "base/letters.h"
#include "base/mem.h"
#include "base/str.h"
#include "base/utf8.h"
#include "quantity/quantity_int.h"

void kb_quantities_release(struct kb_quantities *q)
{
	free(q->items);
	*q = (struct kb_quantities){0};
}

size_t kb_range_mark(const char *p, size_t len)
{
	static const char *const marks[] = {"至", "到", "~", "～",
					    "–",  "—",	"-", "－"};
	size_t at = 0, n = 0;

	while (at < len && p[at] == ' ')
		at++;
	for (size_t i = 0; !n && i < sizeof(marks) / sizeof(*marks); i++)
		if (at < len && p[at] == *marks[i])
			n = kb_starts(p + at, len - at, marks[i]);
	if (!n && at)
		n = kb_match_word(p + at, len - at, "to");
	if (!n)
		return 0;
	at += n;
	while (at < len && p[at] == ' ')
		at++;
	return at;
}

/* ---- one quantity ---- */

/* May a number stand at text + at? Not inside a code or a longer number. */
static bool may_start(const char *text, size_t at)
{
	char c;

	if (!at)
		return true;
	c = text[at - 1];
	/* 几十, 数百; 周三, 星期一 */
	if (at >= 3 && (unsigned char)text[at] >= 0x80 &&
	    (!memcmp(text + at - 3, "几", 3) ||
	     !memcmp(text + at - 3, "数", 3) ||
	     !memcmp(text + at - 3, "周", 3) ||
	     (at >= 6 && !memcmp(text + at - 6, "星期", 6))))
		return false;
	if (kb_is_letter(c) || kb_is_digit(c) || c == '_')
		return false;
	if ((c == '-' || c == '.' || c == '/' || c == '#') && at > 1) {
		char b = text[at - 2];

		return !kb_is_letter(b) && !kb_is_digit(b);
	}
	return true;
}

static bool is_han_number(const char *p, size_t len)
{
	uint32_t cp;

	kb_utf8_next(p, len, &cp);
	return kb_han_digit(cp) >= 0 || cp == 0x5341 || cp == 0x767e ||
	       cp == 0x5343;
}

static void set_value(struct kb_quantity *q, double lo, double hi, double step,
		      const struct kb_unit *unit)
{
	q->dim = (unsigned char)unit->dim;
	q->said = lo;
	q->unit = unit->id;
	q->calendar = unit->calendar;
	q->lo = lo * unit->scale;
	q->hi = hi * unit->scale;
	q->step = step * unit->scale;
	/* a price is exact, unless given in 万 or millions */
	if (unit->dim == KB_DIM_MONEY && step < 1)
		q->step = 0;
	if (unit->dim == KB_DIM_TEMPERATURE && unit->id) {
		q->lo = (lo - 32) * 5 / 9;
		q->hi = (hi - 32) * 5 / 9;
		q->step = .5;
		q->unit = 0;
	}
	if (unit->dim == KB_DIM_DISCOUNT) {
		/* 8折, 85折, 八五折 */
		q->lo = lo < 10 ? lo * 10 : lo;
		q->hi = hi < 10 ? hi * 10 : hi;
		q->step = 0;
	}
}

/* "% off" turns a percentage into a discount; 两个半小时 and 一年半 add a
 * half. Returns the bytes used. */
static size_t finish_unit(const char *p, size_t len, struct kb_quantity *q,
			  double scale)
{
	size_t n;

	if (q->dim == KB_DIM_PERCENT) {
		n = kb_starts(p, len, " off") ? 4
					      : kb_starts(p, len, " discount");
		if (n) {
			q->dim = KB_DIM_DISCOUNT;
			q->lo = 100 - q->lo;
			q->hi = 100 - q->hi;
			return n;
		}
	}
	if (q->dim == KB_DIM_PERCENT && scale > 1 && len >= 3) {
		uint32_t cp;
		int digit;

		n = kb_utf8_next(p, len, &cp);
		digit = kb_han_digit(cp); /* 七成五 */
		if (digit < 1)
			return 0;
		q->lo += digit;
		q->hi += digit;
		return n;
	}
	if (q->dim == KB_DIM_DURATION && (n = kb_starts(p, len, "半"))) {
		q->lo += scale / 2;
		q->hi += scale / 2;
		return n;
	}
	return 0;
}

/* 半年, 半小时, half a year, half an hour. */
static size_t parse_half(const char *p, size_t len, struct kb_quantity *q)
{
	struct kb_unit unit;
	size_t n = kb_starts(p, len, "半"), m;

	if (!n && (n = kb_match_word(p, len, "half a")) == 0)
		n = kb_match_word(p, len, "half an");
	if (!n)
		return 0;
	m = kb_starts(p + n, len - n, "个");
	if (!kb_unit_parse(p + n + m, len - n - m, &unit))
		m = 0;
	n += m;
	m = kb_unit_parse(p + n, len - n, &unit);
	if (!m || unit.dim == KB_DIM_COUNT || unit.dim == KB_DIM_MONEY ||
	    unit.dim == KB_DIM_DISCOUNT)
		return 0;
	set_value(q, .5, .5, 0, &unit);
	return n + m;
}

/* Is a number without a unit worth having? */
static bool counts(const char *p, size_t number_len, const struct kb_unit *unit,
		   double value)
{
	bool ascii = (unsigned char)p[0] < 0x80 || (unsigned char)p[0] == 0xef;

	if (ascii && (kb_is_digit(p[0]) || (unsigned char)p[0] == 0xef))
		return true;
	if (unit->dim == KB_DIM_NUMBER)
		return ascii ? value >= 2 : number_len > 3;
	return true;
}

/* 一个, 一种, 一次 are articles more than numbers. */
static bool is_article(const char *p, const struct kb_unit *unit, double value)
{
	return (unsigned char)p[0] >= 0x80 && (unsigned char)p[0] != 0xef &&
	       unit->dim == KB_DIM_COUNT && value <= 1;
}

/* 两个半小时. */
static size_t unit_with_half(const char *p, size_t len, struct kb_unit *unit,
			     double *extra)
{
	size_t n = kb_starts(p, len, "个半"), m;

	*extra = 0;
	if (n && (m = kb_unit_parse(p + n, len - n, unit)) &&
	    unit->dim == KB_DIM_DURATION) {
		*extra = .5;
		return n + m;
	}
	return kb_unit_parse(p, len, unit);
}

/* The second end of a range after a number of n bytes (and its unit); with
 * 'between', "and" joins them. The sign before the first, or NULL, may stand
 * before it, too: $100 to $250. */
static size_t parse_second(const char *p, size_t len, size_t n, bool between,
			   const struct kb_unit *sign, double *hi, double *step)
{
	size_t skip = kb_starts(p + n, len - n, "（含）");
	size_t m = kb_range_mark(p + n + skip, len - n - skip), k;
	struct kb_unit other;

	if (!m && between)
		m = kb_starts(p + n, len - n, " and ");
	if (!m)
		return 0;
	m += skip;
	k = sign ? kb_unit_prefix(p + n + m, len - n - m, &other) : 0;
	if (k && other.id == sign->id)
		m += k;
	k = kb_numeral_parse(p + n + m, len - n - m, hi, step);
	return k ? m + k : 0;
}

/* 两三 and 五六 before a unit: either. */
static bool two_figures(const char *p, size_t n, double *lo, double *hi)
{
	uint32_t a, b;

	if (n != 6)
		return false;
	kb_utf8_next(p, 3, &a);
	kb_utf8_next(p + 3, 3, &b);
	if (kb_han_digit(a) < 1 || kb_han_digit(b) != kb_han_digit(a) + 1)
		return false;
	*lo = kb_han_digit(a);
	*hi = kb_han_digit(b);
	return true;
}

static bool is_dash(const char *p, size_t len)
{
	static const char *const dashes[] = {"-", "–", "—", "－"};

	while (len && *p == ' ') {
		p++;
		len--;
	}
	for (size_t i = 0; i < sizeof(dashes) / sizeof(*dashes); i++)
		if (kb_starts(p, len, dashes[i]))
			return true;
	return false;
}

static size_t parse_number(const char *p, size_t len, bool between,
			   struct kb_quantity *q)
{
	struct kb_unit unit = {KB_DIM_NUMBER, 1, 0, false}, first, prefix;
	double lo, hi, step, step2 = 0, extra;
	size_t skip = kb_unit_prefix(p, len, &prefix), n, m, k, mark;
	const char *number;

	n = kb_numeral_parse(p + skip, len - skip, &lo, &step);
	if (!n)
		return 0;
	number = p + skip;
	n += skip;
	m = kb_match_word(p + n, len - n, " and a half");
	n += m;
	lo += m ? .5 : 0;
	hi = lo;
	k = unit_with_half(p + n, len - n, &first, &extra);
	mark = n + k;
	if (k == 3 && lo >= 10 && kb_starts(p + n, len - n, "成"))
		k = 0;
	m = parse_second(p, len, n + k, between, skip ? &prefix : NULL, &hi,
			 &step2);
	if (m) {
		/* 3天-5天 and 3-5天 */
		size_t at = n + k + m;
		size_t j = kb_unit_parse(p + at, len - at, &unit);

		if (!j && k && !skip) /* 3天-5 is no range */
			m = 0;
		else if (k && j && first.dim != unit.dim)
			m = 0;
		else if (hi > lo)
			n = at + j;
		else
			m = 0;
		if (k && j && m && first.scale != unit.scale)
			lo = lo * first.scale / unit.scale;
	}
	if (!m) {
		hi = lo;
		if (k) {
			unit = first;
			n += k;
			lo += extra;
			hi = lo;
		} else {
			unit = (struct kb_unit){KB_DIM_NUMBER, 1, 0, false};
		}
		if (k && two_figures(number, n - skip - k, &lo, &hi))
			step = 0;
	}
	if (skip)
		unit = prefix;
	if (!counts(number, n - skip, &unit, lo))
		return 0;
	set_value(q, lo, hi, step > step2 ? step : step2, &unit);
	q->worded = hi > lo && !is_dash(p + mark, len - mark);
	q->article = is_article(number, &unit, lo);
	return n + finish_unit(p + n, len - n, q, unit.scale);
}

/* A token of letters and digits that is no number with its unit. */
static bool is_code(const char *p, size_t len, size_t n)
{
	if (n >= len)
		return false;
	if (kb_is_letter(p[n - 1]) && kb_is_digit(p[n]))
		return true;
	if (p[n] == '.' && n + 1 < len && kb_is_digit(p[n + 1]))
		return true; /* a version: 1.2.3 */
	return kb_is_digit(p[n - 1]) && (kb_is_letter(p[n]) || p[n] == '_') &&
	       !(kb_match_word(p + n, len - n, "st") ||
		 kb_match_word(p + n, len - n, "nd") ||
		 kb_match_word(p + n, len - n, "rd") ||
		 kb_match_word(p + n, len - n, "th") ||
		 kb_match_word(p + n, len - n, "x"));
}

/* What a byte is to a token of letters and digits. */
enum { PART_OTHER, PART_TOKEN, PART_SIGN, PART_HIGH };
__extension__ static const unsigned char part_of[256] = {
    ['a' ... 'z'] = PART_TOKEN, ['A' ... 'Z'] = PART_TOKEN,
    ['0' ... '9'] = PART_TOKEN, ['_'] = PART_TOKEN,
    ['$'] = PART_SIGN,		[0x80 ... 0xff] = PART_HIGH,
};

/* Over the bytes of one part. */
static size_t skip_part(const char *text, size_t len, size_t at,
			unsigned char part)
{
	while (at < len && part_of[(unsigned char)text[at]] == part)
		at++;
	return at;
}

/* Behind the token or character at text + at, which begins no quantity: where
 * the next one may begin. */
static size_t skip_token(const char *text, size_t len, size_t at)
{
	uint32_t cp;

	if (kb_is_alnum(text[at]))
		at = skip_part(text, len,
			       at + kb_count_letters(text + at, len - at),
			       PART_TOKEN);
	else
		at += kb_utf8_next(text + at, len - at, &cp);
	return skip_part(text, len, at, PART_OTHER);
}

static bool begins_word(const char *p, size_t len)
{
	struct kb_unit unit;

	return kb_quantity_may_begin(p, len) &&
	       (kb_numeral_begins(p, len) || kb_date_begins(p, len) ||
		kb_unit_prefix(p, len, &unit));
}

/* Could a quantity begin with the character at p? A quick refusal. */
static bool may_begin(const char *p, size_t len)
{
	unsigned char c = (unsigned char)p[0];

	if (c < 0x80)
		return kb_is_digit(p[0]) || c == '$' ||
		       (kb_is_letter(p[0]) && begins_word(p, len));
	if (c == 0xc2)
		return kb_starts(p, len, "¥") || kb_starts(p, len, "£");
	if (c == 0xe2)
		return kb_starts(p, len, "€");
	if (c == 0xef)
		return true;
	if (!kb_quantity_may_begin(p, len))
		return false;
	if (is_han_number(p, len))
		return true;
	if (c >= 0xe4 && c <= 0xe6)
		return kb_starts(p, len, "半") || kb_starts(p, len, "正午") ||
		       kb_starts(p, len, "下午") || kb_starts(p, len, "上午") ||
		       kb_starts(p, len, "晚上") || kb_starts(p, len, "早上") ||
		       kb_starts(p, len, "凌晨") || kb_starts(p, len, "中午") ||
		       kb_starts(p, len, "傍晚") || kb_starts(p, len, "晚") ||
		       kb_starts(p, len, "早");
	return false;
}

static size_t parse_any(const char *p, size_t len, bool between,
			struct kb_quantity *q)
{
	size_t n = kb_date_parse(p, len, q);

	if (n)
		return n;
	*q = (struct kb_quantity){0};
	n = kb_fraction_parse(p, len, q);
	if (n)
		return n;
	*q = (struct kb_quantity){0};
	n = parse_half(p, len, q);
	return n ? n : parse_number(p, len, between, q);
}

static bool is_between(const char *text, size_t from, size_t at)
{
	return kb_text_ends_with(text, from, kb_text_unspaced(text, from, at),
				 "between", 7);
}

#define HOUR 3600 /* seconds */

/* 每小时50公里 is a speed. */
static void add_hour(const char *text, size_t from, size_t at,
		     struct kb_quantity *q)
{
	if (q->dim != KB_DIM_LENGTH ||
	    (!kb_text_ends_with(text, from, at, "每小时", 9) &&
	     !kb_text_ends_with(text, from, at, "时速", 6)))
		return;
	q->dim = KB_DIM_SPEED;
	q->lo /= HOUR;
	q->hi /= HOUR;
	q->step /= HOUR;
}

static void find(struct kb_quantities *out, const char *text, size_t len,
		 bool articles)
{
	size_t at = 0, from = 0;

	assert(text || !len);
	assert(len <= UINT32_MAX);
	while (at < len) {
		struct kb_quantity q = {0};
		const char *p = text + at;
		size_t n = 0;

		if (may_begin(p, len - at) && may_start(text, at)) {
			n = parse_any(p, len - at, is_between(text, from, at),
				      &q);
			if (n && is_code(p, len - at, n))
				n = 0;
		}
		if (!n || (q.article && !articles)) {
			at = skip_token(text, len, at);
			continue;
		}
		q.start = q.num_start = (uint32_t)at;
		q.end = q.num_end = (uint32_t)(at + n);
		add_hour(text, from, at, &q);
		kb_comparator_add(text, len, from, &q);
		at = from = q.end;
		if (out->n &&
		    kb_bounds_merge(text, &out->items[out->n - 1], &q))
			continue;
		kb_grow(&out->items, &out->cap, out->n + 1,
			sizeof(*out->items));
		out->items[out->n++] = q;
	}
}

void kb_quantities_find(struct kb_quantities *out, const char *text, size_t len)
{
	find(out, text, len, false);
}

void kb_quantities_find_all(struct kb_quantities *out, const char *text,
			    size_t len)
{
	find(out, text, len, true);
}
