#include <math.h>
#include <string.h>

#include "base/ascii.h"
#include "base/str.h"
#include "base/utf8.h"
#include "quantity/quantity_int.h"
#include "text/literals.h"

static bool digit_at(const char *p, size_t len, size_t at, char *c, size_t *n)
{
	if (at >= len)
		return false;
	*n = kb_fold_digit(p + at, len - at, c);
	return *n && *c >= '0' && *c <= '9';
}

/* 1,000 and 12,345,678: groups of exactly three digits. */
static bool group_at(const char *p, size_t len, size_t at)
{
	for (size_t i = 1; i <= 3; i++)
		if (at + i >= len || p[at + i] < '0' || p[at + i] > '9')
			return false;
	return at + 4 >= len || p[at + 4] < '0' || p[at + 4] > '9';
}

static size_t parse_digits(const char *p, size_t len, double *value,
			   double *step)
{
	size_t at = 0, n, digits = 0;
	double v = 0, scale = 1;
	bool grouped = false;
	char c;

	*step = 0;
	while (at < len) {
		if (digit_at(p, len, at, &c, &n)) {
			v = v * 10 + (c - '0');
			digits++;
			at += n;
		} else if (p[at] == ',' && digits && (digits <= 3 || grouped) &&
			   group_at(p, len, at)) {
			grouped = true;
			at++;
		} else if (p[at] == ' ' && at + 1 < len && p[at + 1] == ',' &&
			   digits && (digits <= 3 || grouped) &&
			   group_at(p, len, at + 1)) {
			/* "36 ,000", as text cut into words has it */
			grouped = true;
			at += 2;
		} else {
			break;
		}
	}
	if (!digits)
		return 0;
	if (kb_fold_digit(p + at, len - at, &c) && c == '.' &&
	    digit_at(p, len, at + 1, &c, &n)) {
		size_t from = at++;

		while (digit_at(p, len, at, &c, &n)) {
			scale /= 10;
			v += (c - '0') * scale;
			at += n;
		}
		*step = scale;
		if (at < len && p[at] == '.' &&
		    digit_at(p, len, at + 1, &c, &n)) {
			/* 1.2.3 is no number: stop before the first dot */
			at = from;
			v = floor(v);
			*step = 0;
		}
	}
	*value = v;
	return at;
}

/* ---- Chinese ---- */

int kb_han_digit(uint32_t cp)
{
	switch (cp) {
	case 0x96f6:
	case 0x3007:
		return 0;
	case 0x4e00:
	case 0x58f9:
		return 1;
	case 0x4e8c:
	case 0x4e24:
	case 0x5169:
	case 0x8d30:
		return 2;
	case 0x4e09:
	case 0x53c1:
		return 3;
	case 0x56db:
	case 0x8086:
		return 4;
	case 0x4e94:
	case 0x4f0d:
		return 5;
	case 0x516d:
	case 0x9646:
		return 6;
	case 0x4e03:
	case 0x67d2:
		return 7;
	case 0x516b:
	case 0x634c:
		return 8;
	case 0x4e5d:
	case 0x7396:
		return 9;
	default:
		return -1;
	}
}

static double han_unit(uint32_t cp)
{
	switch (cp) {
	case 0x5341: /* 十 */
	case 0x62fe:
		return 10;
	case 0x767e: /* 百 */
	case 0x4f70:
		return 100;
	case 0x5343: /* 千 */
	case 0x4edf:
		return 1000;
	default:
		return 0;
	}
}

static double han_big_unit(uint32_t cp)
{
	if (cp == 0x4e07 || cp == 0x842c) /* 万 */
		return 1e4;
	return cp == 0x4ebf || cp == 0x5104 ? 1e8 : 0; /* 亿 */
}

/* Digits alone, without 十 百 千: 二〇二四, 一三八. */
static size_t parse_han_digits(const char *p, size_t len, double *value,
			       size_t *count)
{
	size_t at = 0;
	double v = 0;

	*count = 0;
	while (at < len) {
		uint32_t cp;
		size_t n = kb_utf8_next(p + at, len - at, &cp);
		int d = kb_han_digit(cp);

		if (d < 0 || *count == 12)
			break;
		v = v * 10 + d;
		++*count;
		at += n;
	}
	*value = v;
	return at;
}

/*
 * 一百二十, 十五, 三千零五, 五百六十万. section holds what is below the next
 * 万 or 亿, digit the figure that waits for its 十 百 千.
 */
static size_t parse_han(const char *p, size_t len, double *value)
{
	double total = 0, section = 0, last_unit = 0, last_big = 0;
	int digit = -1;
	size_t at = 0, zeros = 0;
	bool any = false;

	while (at < len) {
		uint32_t cp;
		size_t n = kb_utf8_next(p + at, len - at, &cp);
		int d = kb_han_digit(cp);
		double unit = han_unit(cp), big = han_big_unit(cp);

		if (d >= 0) {
			if (digit > 0)
				break;
			zeros += d == 0;
			digit = d;
		} else if (unit > 0) {
			if (digit < 0 && unit > 10)
				break;
			section += (digit < 0 ? 1 : digit) * unit;
			last_unit = unit;
			digit = -1;
		} else if (big > 0 && any) {
			if (digit > 0)
				section += digit;
			/* 一万亿, but 一亿 and then 两千万 */
			if (big < last_big)
				total += section * big;
			else
				total = (total + section) * big;
			last_big = big;
			section = 0;
			last_unit = big;
			digit = -1;
		} else {
			break;
		}
		any = true;
		at += n;
	}
	/* 一百二 is 120, 三万五 is 35,000; but 一百零二 is 102 */
	if (digit > 0)
		section +=
		    last_unit >= 100 && !zeros ? digit * last_unit / 10 : digit;
	*value = total + section;
	return any ? at : 0;
}

static size_t parse_chinese(const char *p, size_t len, double *value)
{
	size_t count, digits = parse_han_digits(p, len, value, &count);
	double v;
	size_t n;

	if (count >= 2) {
		uint32_t cp = 0;

		if (digits < len)
			kb_utf8_next(p + digits, len - digits, &cp);
		if (!(han_unit(cp) > 0))
			return digits;
	}
	n = parse_han(p, len, &v);
	*value = v;
	return n;
}

/* ---- English ---- */

static const struct {
	const char *word;
	double value; /* 100 and more multiply */
} number_words[] = {
    {"zero", 0},
    {"one", 1},
    {"two", 2},
    {"three", 3},
    {"four", 4},
    {"five", 5},
    {"six", 6},
    {"seven", 7},
    {"eight", 8},
    {"nine", 9},
    {"ten", 10},
    {"eleven", 11},
    {"twelve", 12},
    {"thirteen", 13},
    {"fourteen", 14},
    {"fifteen", 15},
    {"sixteen", 16},
    {"seventeen", 17},
    {"eighteen", 18},
    {"nineteen", 19},
    {"twenty", 20},
    {"thirty", 30},
    {"forty", 40},
    {"fifty", 50},
    {"sixty", 60},
    {"seventy", 70},
    {"eighty", 80},
    {"ninety", 90},
    {"hundred", 100},
    {"thousand", 1e3},
    {"million", 1e6},
    {"billion", 1e9},
    {"trillion", 1e12},
    /* ordinals; "second" is a unit of time */
    {"third", 3},
    {"fourth", 4},
    {"fifth", 5},
    {"sixth", 6},
    {"seventh", 7},
    {"eighth", 8},
    {"ninth", 9},
    {"tenth", 10},
};

static struct kb_literals number_set = KB_LITERALS(number_words);

/* The literal that is all of the word of letters at p, or NULL. */
static const struct kb_literal *word_at(struct kb_literals *set, const char *p,
					size_t len)
{
	struct kb_literal_it it =
	    kb_literals_at(kb_literals_index(set), p, len);
	const struct kb_literal *l;

	while ((l = kb_literal_next(&it)))
		if (l->len == len || !kb_is_letter(p[l->len]))
			return l;
	return NULL;
}

static size_t number_word(const char *p, size_t len, double *value)
{
	const struct kb_literal *l = word_at(&number_set, p, len);

	if (!l)
		return 0;
	*value = number_words[l->row].value;
	return l->len;
}

/* "Dozen", and "two dozen" behind a number of n bytes. */
static size_t parse_dozen(const char *p, size_t len, size_t n, double *value)
{
	size_t at = n && n < len && p[n] == ' ' ? n + 1 : n;
	size_t m = kb_match_word(p + at, len - at, "dozen");

	if (!m)
		return n;
	*value = 12 * (n ? *value : 1);
	return at + m;
}

static size_t parse_english(const char *p, size_t len, double *value)
{
	double total = 0, group = 0, v = 0;
	size_t at = 0, end = 0;
	bool any = false;

	while (at < len) {
		size_t n = number_word(p + at, len - at, &v), and = 0;

		if (!n && (group >= 100 || total > 0))
			and = kb_match_word(p + at, len - at, "and");
		if (and&&at + and+1 < len &&
		    number_word(p + at + and+1, len - at - and-1, &v)) {
			at += and+1;
			continue;
		}
		if (!n || (!any && v >= 100))
			break;
		if (v >= 1000) {
			total += group * v;
			group = 0;
		} else if (v >= 100) {
			group *= v;
		} else {
			group += v;
		}
		any = true;
		end = at += n;
		if (at < len && (p[at] == ' ' || p[at] == '-'))
			at++;
	}
	*value = total + group;
	return end;
}

/* 万 亿 千 k million after a number in digits. */
static size_t multiplier(const char *p, size_t len, double *factor)
{
	static const char *const words[] = {"thousand", "million", "billion",
					    "trillion", "hundred", "bn",
					    "mn",	"tn"};
	static const double factors[] = {1e3, 1e6, 1e9, 1e12,
					 100, 1e9, 1e6, 1e12};
	/* a blank, or a no-break space */
	size_t skip = len && p[0] == ' '		     ? 1
		      : len > 2 && !memcmp(p, "\xc2\xa0", 2) ? 2
							     : 0;
	uint32_t cp;
	size_t n;

	if (!len)
		return 0;
	n = kb_utf8_next(p, len, &cp);
	*factor = han_big_unit(cp);
	if (!(*factor > 0) && cp != 0x5341)
		*factor = han_unit(cp);
	if (*factor > 0) {
		if (n < len) {
			uint32_t next;
			size_t m = kb_utf8_next(p + n, len - n, &next);
			double more = han_big_unit(next);

			/* 千万, 万亿; but not 千克, 千米, 百分 */
			if (more > 0) {
				*factor *= more;
				return n + m;
			}
			if (next == 0x514b || next == 0x7c73 ||
			    next == 0x5206 || next == 0x74e6)
				return 0;
		}
		return n;
	}
	for (size_t i = 0; i < sizeof(words) / sizeof(*words); i++) {
		n = kb_match_word(p + skip, len - skip, words[i]);
		if (n) {
			*factor = factors[i];
			return n + skip;
		}
	}
	if ((p[0] | 32) == 'k' &&
	    (len == 1 || (p[1] | 32) < 'a' || (p[1] | 32) > 'z') &&
	    !(len > 1 && (p[1] & 0x80) == 0 && p[1] >= '0' && p[1] <= '9')) {
		*factor = 1e3;
		return 1;
	}
	return 0;
}

/* "1亿2千万" and "3万5千" go on with a smaller multiple: adds it. */
static size_t parse_rest(const char *p, size_t len, double factor,
			 double *value, double *step)
{
	double more, digits, part;
	size_t n, m;

	if (!len || !kb_is_digit(*p) || factor < 1e4)
		return 0;
	n = parse_digits(p, len, &part, &digits);
	m = n && n < len && (unsigned char)p[n] >= 0x80
		? multiplier(p + n, len - n, &more)
		: 0;
	if (!m || more >= factor || part * more >= factor)
		return 0;
	*value += part * more;
	*step = more;
	return n + m;
}

static size_t parse_multiple(const char *ptr, size_t len, size_t n,
			     double *value, double *step)
{
	double factor;
	size_t m = multiplier(ptr + n, len - n, &factor);

	if (!m)
		return n;
	*value *= factor;
	*step = (*step > 0 ? *step : 1) * factor;
	if (*value / factor >= 100)
		*step /= 10;
	n += m;
	return (unsigned char)ptr[n - 1] < 0x80
		   ? n
		   : n + parse_rest(ptr + n, len - n, factor, value, step);
}

size_t kb_numeral_parse(const char *ptr, size_t len, double *value,
			double *step)
{
	size_t n = parse_digits(ptr, len, value, step);

	if (n)
		return parse_multiple(ptr, len, n, value, step);
	*step = 0;
	if (!len)
		return 0;
	if ((unsigned char)ptr[0] >= 0x80)
		return parse_chinese(ptr, len, value);
	n = parse_english(ptr, len, value);
	return parse_dozen(ptr, len, n, value);
}

/* ---- parts of a whole ---- */

static const struct {
	const char *word;
	double of;
} parts[] = {{"half", 2},    {"halves", 2},   {"third", 3},   {"thirds", 3},
	     {"quarter", 4}, {"quarters", 4}, {"fifth", 5},   {"fifths", 5},
	     {"sixth", 6},   {"eighth", 8},   {"eighths", 8}, {"tenth", 10},
	     {"tenths", 10}};
static struct kb_literals part_set = KB_LITERALS(parts);

/* Third, thirds: the part of a whole that it names. */
static size_t parse_part(const char *p, size_t len, double *of)
{
	const struct kb_literal *l = word_at(&part_set, p, len);

	if (!l)
		return 0;
	*of = parts[l->row].of;
	return l->len;
}

bool kb_numeral_begins(const char *p, size_t len)
{
	return word_at(&number_set, p, len) || word_at(&part_set, p, len) ||
	       kb_match_word(p, len, "dozen");
}

/* "Two thirds", "three-quarters of"; one part alone is one only of something:
 * "half of", "a third of", "half the". */
static size_t parse_english_part(const char *p, size_t len,
				 struct kb_quantity *q)
{
	double count = 1, of;
	size_t n = parse_part(p, len, &of), m;

	if (!n) {
		n = number_word(p, len, &count);
		if (!n || n == len || (p[n] != ' ' && p[n] != '-'))
			return 0;
		m = parse_part(p + n + 1, len - n - 1, &of);
		if (!m)
			return 0;
		n += m + 1;
	}
	/* "the first half of 2020" is half a year */
	if (count >= of ||
	    (n + 4 < len && kb_match_word(p + n, len - n, " of") &&
	     kb_is_digit(p[n + 4])) ||
	    (count < 2 && !kb_match_word(p + n, len - n, " of") &&
	     !(of < 3 && kb_match_word(p + n, len - n, " the"))))
		return 0;
	q->lo = q->hi = 100 * count / of;
	q->step = 1;
	return n;
}

#define PARTS_MAX 10 /* 3/4 is a fraction, 3/14 a day in March */

/* 2/3 of, 2/3的; at the end of a text, where it may be a date as well, a
 * comparison finds it unrelated to one. */
static size_t parse_slashed(const char *p, size_t len, struct kb_quantity *q)
{
	double part, of;
	size_t n = 3;

	if (len < n || p[1] != '/' || !kb_is_digit(p[2]))
		return 0;
	part = p[0] - '0';
	of = p[2] - '0';
	if (len > 3 && p[2] == '1' && p[3] == '0') {
		of = PARTS_MAX;
		n = 4;
	}
	if (part < 1 || of < 2 || part >= of ||
	    !(n == len || kb_match_word(p + n, len - n, " of") ||
	      kb_starts(p + n, len - n, "的")))
		return 0;
	q->lo = q->hi = 100 * part / of;
	q->step = 1;
	return n;
}

size_t kb_fraction_parse(const char *p, size_t len, struct kb_quantity *q)
{
	double v, w, step;
	size_t n = kb_starts(p, len, "百分之"), m;

	q->dim = KB_DIM_PERCENT;
	if (kb_is_digit(*p))
		return parse_slashed(p, len, q);
	if ((unsigned char)*p < 0x80)
		return parse_english_part(p, len, q);
	if ((m = kb_starts(p, len, "一半")) ||
	    (m = kb_starts(p, len, "半数"))) {
		q->lo = q->hi = 50;
		q->step = 1;
		return m;
	}
	if (n) {
		m = kb_numeral_parse(p + n, len - n, &v, &step);
		q->lo = q->hi = v;
		q->step = step;
		return m ? n + m : 0;
	}
	n = kb_numeral_parse(p, len, &v, &step);
	if (!n || !(m = kb_starts(p + n, len - n, "分之")) || v < 2)
		return 0;
	n += m;
	m = kb_numeral_parse(p + n, len - n, &w, &step);
	q->lo = q->hi = 100 * w / v;
	q->step = 1;
	return m ? n + m : 0;
}
