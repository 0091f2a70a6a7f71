/* Dates. A part that is not said is 0. */
#include <string.h>

#include "base/str.h"
#include "quantity/quantity_int.h"

struct date {
	unsigned y, m, d;
};

static bool plausible(const struct date *t)
{
	return t->y <= 2999 && (!t->y || t->y >= 1000) && t->m <= 12 &&
	       t->d <= 31;
}

static bool digit_follows(const char *p, size_t len, size_t at)
{
	char c;

	return at < len && kb_fold_digit(p + at, len - at, &c) && c >= '0' &&
	       c <= '9';
}

/* 日 or 号 after a day; not 日元, 号码, 号线. */
static size_t day_mark(const char *p, size_t len)
{
	size_t n = kb_starts(p, len, "日");

	if (n)
		return kb_starts(p + n, len - n, "元") ? 0 : n;
	n = kb_starts(p, len, "号");
	if (!n || kb_starts(p + n, len - n, "码") ||
	    kb_starts(p + n, len - n, "线"))
		return 0;
	return n;
}

/* 2024年1月31日, 2024年1月, 2024年, 1月31日, 1月. */
static size_t chinese_date(const char *p, size_t len, struct date *t)
{
	unsigned v;
	size_t n = kb_date_part(p, len, &v), at, m;

	*t = (struct date){0};
	if (!n)
		return 0;
	at = kb_date_blanks(p, len, n);
	if ((m = kb_starts(p + at, len - at, "年"))) {
		if (v < 1000) /* 3年 is a duration */
			return 0;
		t->y = v;
		n = at + m;
		m = kb_date_part(p + kb_date_blanks(p, len, n),
				 len - kb_date_blanks(p, len, n), &v);
		if (!m)
			return n;
		m += kb_date_blanks(p, len, n);
		at = kb_date_blanks(p, len, m);
	} else {
		m = n;
	}
	if (!kb_starts(p + at, len - at, "月") ||
	    kb_starts(p + at, len - at, "月份来") || !v || v > 12)
		return t->y ? n : 0;
	t->m = v;
	n = at + 3;
	n += kb_starts(p + n, len - n, "份");
	at = kb_date_blanks(p, len, n);
	m = kb_date_part(p + at, len - at, &v);
	if (!m || !v || v > 31)
		return n;
	at = kb_date_blanks(p, len, at + m);
	m = day_mark(p + at, len - at);
	if (!m)
		return n;
	t->d = v;
	return at + m;
}

/* 22日, 5号: a day of an unsaid month. 7日内 is a duration. */
static size_t chinese_day(const char *p, size_t len, struct date *t)
{
	static const char *const spans[] = {"内", "之内", "以内", "无",
					    "游", "后",	  "起"};
	size_t count, n, m;
	unsigned v;

	*t = (struct date){0};
	n = kb_date_digits(p, len, 2, &v, &count);
	if (!n || !v || v > 31 || !(m = kb_starts(p + n, len - n, "日")))
		return 0;
	n += m;
	for (size_t i = 0; i < sizeof(spans) / sizeof(*spans); i++)
		if (kb_starts(p + n, len - n, spans[i]))
			return 0;
	if (kb_starts(p + n, len - n, "元"))
		return 0;
	t->d = v;
	return n;
}

/* 2024-01-31, 2024/1/31, 2024.01.31, 2024-01. */
static size_t numeric_date(const char *p, size_t len, struct date *t)
{
	size_t count, n = kb_date_digits(p, len, 4, &t->y, &count), m, at;
	char sep;

	t->m = t->d = 0;
	if (count != 4 || t->y < 1000 || n >= len)
		return 0;
	sep = p[n];
	if (sep != '-' && sep != '/' && sep != '.')
		return 0;
	at = n + 1;
	m = kb_date_digits(p + at, len - at, 2, &t->m, &count);
	if (!m || !t->m || t->m > 12)
		return 0;
	at += m;
	if (at < len && p[at] == sep) {
		m = kb_date_digits(p + at + 1, len - at - 1, 2, &t->d, &count);
		if (m && t->d && t->d <= 31)
			return digit_follows(p, len, at + 1 + m) ? 0
								 : at + 1 + m;
	}
	t->d = 0;
	return sep == '-' && count == 2 && !digit_follows(p, len, at) ? at : 0;
}

static size_t month_name(const char *p, size_t len, unsigned *month)
{
	static const char *const names[] = {
	    "january",	"february", "march",  "april",	   "may",
	    "june",	"july",	    "august", "september", "october",
	    "november", "december", "jan",    "feb",	   "mar",
	    "apr",	"may",	    "jun",    "jul",	   "aug",
	    "sep",	"oct",	    "nov",    "dec"};

	/* "may" and "march" in lower case are other words */
	if (!len || p[0] < 'A' || p[0] > 'Z')
		return 0;
	for (size_t i = 0; i < sizeof(names) / sizeof(*names); i++) {
		size_t n = kb_match_word(p, len, names[i]);

		if (!n)
			continue;
		*month = (unsigned)(i % 12) + 1;
		if (n < len && p[n] == '.')
			n++;
		return n;
	}
	if (kb_match_word(p, len, "sept")) {
		*month = 9;
		return len > 4 && p[4] == '.' ? 5 : 4;
	}
	return 0;
}

bool kb_date_begins(const char *p, size_t len)
{
	unsigned number;

	return month_name(p, len, &number) > 0 || kb_clock_begins(p, len);
}

static size_t ordinal(const char *p, size_t len)
{
	static const char *const tails[] = {"st", "nd", "rd", "th"};

	for (size_t i = 0; i < 4; i++)
		if (kb_match_word(p, len, tails[i]))
			return 2;
	return 0;
}

/* ", 2024" or " 2024" after a month or a day. */
static size_t year_after(const char *p, size_t len, size_t at, unsigned *y)
{
	size_t from = at, count, n;
	unsigned v;

	if (from < len && p[from] == ',')
		from++;
	from = kb_date_blanks(p, len, from);
	if (from == at)
		return at;
	n = kb_date_digits(p + from, len - from, 4, &v, &count);
	if (count != 4 || v < 1000 || v > 2999 ||
	    digit_follows(p, len, from + n))
		return at;
	*y = v;
	return from + n;
}

/* January 31st, 2024; Jan 2024; 31 January 2024. */
static size_t english_date(const char *p, size_t len, struct date *t)
{
	size_t count, n = month_name(p, len, &t->m), m, at;

	t->y = t->d = 0;
	if (n) {
		at = kb_date_blanks(p, len, n);
		m = kb_date_digits(p + at, len - at, 2, &t->d, &count);
		if (m && t->d && t->d <= 31 && at > n &&
		    !digit_follows(p, len, at + m)) {
			at += m;
			at += ordinal(p + at, len - at);
			return year_after(p, len, at, &t->y);
		}
		t->d = 0;
		at = year_after(p, len, n, &t->y);
		return at > n ? at : 0;
	}
	m = kb_date_digits(p, len, 2, &t->d, &count);
	if (!m || !t->d || t->d > 31)
		return 0;
	at = m + ordinal(p + m, len - m);
	at = kb_date_blanks(p, len, at);
	at += kb_starts(p + at, len - at, "of ");
	n = month_name(p + at, len - at, &t->m);
	return n ? year_after(p, len, at + n, &t->y) : 0;
}

/* 2017 alone, from 1500 to 2099 and without a unit; the later year of
 * 2018-19 goes to *later. */
static size_t bare_year(const char *p, size_t len, struct date *t,
			unsigned *later)
{
	struct kb_unit unit;
	size_t count, n = kb_date_digits(p, len, 4, &t->y, &count), m, k;
	double v, step;
	unsigned y;

	t->m = t->d = *later = 0;
	if (count != 4 || t->y < 1500 || t->y > 2099 ||
	    digit_follows(p, len, n) || kb_unit_parse(p + n, len - n, &unit) ||
	    kb_numeral_parse(p, len, &v, &step) != n)
		return 0;
	m = kb_range_mark(p + n, len - n);
	if (!m)
		return n;
	k = kb_date_digits(p + n + m, len - n - m, 4, &y, &count);
	if (count == 2)
		y += t->y / 100 * 100;
	if ((count != 2 && count != 4) || y <= t->y || y > 2099 ||
	    kb_unit_parse(p + n + m + k, len - n - m - k, &unit))
		return n;
	*later = y;
	return n + m + k;
}

static size_t one_date(const char *p, size_t len, struct date *t)
{
	size_t n = chinese_date(p, len, t);

	if (!n || !plausible(t))
		n = numeric_date(p, len, t);
	if (!n || !plausible(t))
		n = english_date(p, len, t);
	if (!n || !plausible(t))
		n = chinese_day(p, len, t);
	return plausible(t) ? n : 0;
}

/* "20 to 30 November 2026". */
static size_t days_of_month(const char *p, size_t len, struct date *from,
			    struct date *to)
{
	size_t count, n = kb_date_digits(p, len, 2, &from->d, &count), m, k;

	m = n ? kb_range_mark(p + n, len - n) : 0;
	k = m ? english_date(p + n + m, len - n - m, to) : 0;
	from->y = to->y;
	from->m = to->m;
	return k ? n + m + k : 0;
}

/* "May 1-3, 2024". */
static size_t month_of_days(const char *p, size_t len, struct date *from,
			    struct date *to)
{
	size_t count, n = month_name(p, len, &from->m), m, at;

	if (!n)
		return 0;
	at = kb_date_blanks(p, len, n);
	n = kb_date_digits(p + at, len - at, 2, &from->d, &count);
	at += n;
	m = n ? kb_range_mark(p + at, len - at) : 0;
	if (!m)
		return 0;
	at += m;
	n = kb_date_digits(p + at, len - at, 2, &to->d, &count);
	if (!n || digit_follows(p, len, at + n))
		return 0;
	to->m = from->m;
	to->y = 0;
	at = year_after(p, len, at + n, &to->y);
	from->y = to->y;
	return at;
}

/* Days of one month. */
static size_t day_range(const char *p, size_t len, struct date *from,
			struct date *to)
{
	size_t n;

	*from = *to = (struct date){0};
	n = days_of_month(p, len, from, to);
	if (!n)
		n = month_of_days(p, len, from, to);
	return n && from->d && from->d < to->d && plausible(from) &&
		       plausible(to)
		   ? n
		   : 0;
}

/* Does one of the marks begin at p? */
static bool begins_one(const char *p, size_t len, const char *const *marks,
		       size_t n)
{
	for (size_t i = 0; i < n; i++)
		if (*p == *marks[i] && kb_starts(p, len, marks[i]))
			return true;
	return false;
}

/* Digits that no date or time has: more than four, or fewer and behind them a
 * fraction or a character that is no mark of theirs. */
static bool is_plain_digits(const char *p, size_t len)
{
	static const char *const marks[] = {"年", "月", "日", "号", "点",
					    "时", "至", "到", "–",  "—"};
	size_t n = 0;

	while (n < len && kb_is_digit(p[n]))
		n++;
	if (n >= 4 || n == len)
		return n > 4;
	if ((unsigned char)p[n] < 0x80)
		return p[n] == '.' && n + 1 < len && kb_is_digit(p[n + 1]);
	return (unsigned char)p[n] != 0xef &&
	       !begins_one(p + n, len - n, marks,
			   sizeof(marks) / sizeof(*marks));
}

/* Is it told by what is behind a number, as of most, that neither date nor time
 * begins with it? Full-width forms are left aside. */
static bool is_plain_number(const char *p, size_t len)
{
	static const char *const marks[] = {"年", "月", "点", "时", "正"};
	double v, step;
	size_t n;

	if (!len || (unsigned char)p[0] == 0xef)
		return false;
	if ((unsigned char)p[0] < 0xe3)
		return kb_is_digit(p[0]) && is_plain_digits(p, len);
	n = kb_numeral_parse(p, len, &v, &step);
	if (!n)
		return false;
	n = kb_date_blanks(p, len, n);
	if (n == len)
		return true;
	if ((unsigned char)p[n] < 0x80) /* ":", "am", "pm", "noon" */
		return !memchr(":apnmAPNM", p[n], 9);
	return (unsigned char)p[n] != 0xef &&
	       !begins_one(p + n, len - n, marks,
			   sizeof(marks) / sizeof(*marks));
}

static double packed(const struct date *t)
{
	return t->y * 1e4 + t->m * 100.0 + t->d;
}

size_t kb_date_parse(const char *p, size_t len, struct kb_quantity *q)
{
	struct date from, to;
	unsigned a;
	size_t n, m, k;

	q->cmp = KB_CMP_EQ;
	q->step = 0;
	q->unit = 0;
	q->calendar = false;
	if (is_plain_number(p, len))
		return 0;
	n = day_range(p, len, &from, &to);
	if (n) {
		q->dim = KB_DIM_DATE;
		q->lo = packed(&from);
		q->hi = packed(&to);
		return n;
	}
	n = one_date(p, len, &from);
	if (n) {
		q->dim = KB_DIM_DATE;
		q->lo = q->hi = packed(&from);
		m = kb_range_mark(p + n, len - n);
		k = m ? one_date(p + n + m, len - n - m, &to) : 0;
		if (!k)
			return n;
		if (!to.y && from.y)
			to.y = from.y;
		if (!to.m && from.m && to.d)
			to.m = from.m;
		q->hi = packed(&to);
		return n + m + k;
	}
	n = kb_clock_parse(p, len, q);
	if (n)
		return n;
	n = bare_year(p, len, &from, &a);
	q->dim = KB_DIM_DATE;
	q->lo = packed(&from);
	q->hi = a ? a * 1e4 : q->lo;
	return n;
}
