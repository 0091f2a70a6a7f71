/* Times of day, and what dates share with them. */
#include <string.h>

#include "base/str.h"
#include "quantity/quantity_int.h"

size_t kb_date_digits(const char *p, size_t len, size_t max, unsigned *value,
		      size_t *count)
{
	size_t at = 0, n;
	char c;

	*value = 0;
	*count = 0;
	while (*count < max && at < len &&
	       (n = kb_fold_digit(p + at, len - at, &c)) && c >= '0' &&
	       c <= '9') {
		*value = *value * 10 + (unsigned)(c - '0');
		++*count;
		at += n;
	}
	return at;
}

size_t kb_date_part(const char *p, size_t len, unsigned *value)
{
	double v, step;
	size_t count, n = kb_date_digits(p, len, 4, value, &count);

	if (n)
		return n;
	if (!len || (unsigned char)p[0] < 0x80)
		return 0;
	n = kb_numeral_parse(p, len, &v, &step);
	if (!n || v > 2999)
		return 0;
	*value = (unsigned)v;
	return n;
}

size_t kb_date_blanks(const char *p, size_t len, size_t at)
{
	while (at < len && p[at] == ' ')
		at++;
	return at;
}

/* Noon and midnight, which are times of day without a number. */
static size_t named_clock(const char *p, size_t len, unsigned *minutes)
{
	static const struct {
		const char *name;
		unsigned minutes;
	} names[] = {{"noon", 720}, {"midday", 720}, {"midnight", 1440}};
	size_t n = kb_starts(p, len, "正午");

	*minutes = 720;
	for (size_t i = 0; i < sizeof(names) / sizeof(*names) && !n; i++) {
		n = kb_match_word(p, len, names[i].name);
		*minutes = names[i].minutes;
	}
	return n;
}

static size_t half_day(const char *p, size_t len, size_t at, unsigned *min)
{
	size_t from = kb_date_blanks(p, len, at);
	bool pm;

	if (from + 1 >= len)
		return at;
	pm = (p[from] | 32) == 'p';
	if (!pm && (p[from] | 32) != 'a')
		return at;
	if ((p[from + 1] | 32) == 'm') {
		if (from + 2 < len && (p[from + 2] | 32) >= 'a' &&
		    (p[from + 2] | 32) <= 'z')
			return at;
		from += 2;
	} else if (from + 3 < len && p[from + 1] == '.' &&
		   (p[from + 2] | 32) == 'm' && p[from + 3] == '.') {
		from += 4;
	} else {
		return at;
	}
	if (pm && *min < 720)
		*min += 720;
	else if (!pm && *min >= 720 && *min < 780)
		*min -= 720;
	return from;
}

/* 12:30, 9:00, 3 pm, 8点, 8点半, 8点20分, 下午3点. */
static size_t one_clock(const char *p, size_t len, unsigned *minutes)
{
	static const char *const afternoon[] = {"下午", "晚上", "傍晚",
						"中午", "午后", "晚"};
	size_t skip = 0, count, n, m, at;
	bool pm = false;
	unsigned h, min = 0;

	n = named_clock(p, len, minutes);
	if (n)
		return n;
	for (size_t i = 0; i < sizeof(afternoon) / sizeof(*afternoon) && !skip;
	     i++)
		skip = kb_starts(p, len, afternoon[i]);
	pm = skip > 0;
	skip += kb_starts(p + skip, len - skip, "上午") +
		kb_starts(p + skip, len - skip, "早上") +
		kb_starts(p + skip, len - skip, "清晨") +
		kb_starts(p + skip, len - skip, "凌晨");
	n = kb_date_part(p + skip, len - skip, &h);
	if (!n || h > 24)
		return 0;
	at = skip + n;
	if ((m = kb_starts(p + at, len - at, ":")) ||
	    (m = kb_starts(p + at, len - at, "："))) {
		n = kb_date_digits(p + at + m, len - at - m, 2, &min, &count);
		if (count != 2 || min > 59)
			return 0;
		at += m + n;
		*minutes = h * 60 + min;
		at = half_day(p, len, at, minutes);
	} else if ((m = kb_starts(p + at, len - at, "点")) ||
		   (m = kb_starts(p + at, len - at, "时"))) {
		if (at + m < len && (unsigned char)p[at] == 0xe6 &&
		    kb_starts(p + at + m, len - at - m, "候"))
			return 0;
		at += m;
		at += kb_starts(p + at, len - at, "钟");
		*minutes = h * 60;
		if ((m = kb_starts(p + at, len - at, "半"))) {
			*minutes += 30;
			at += m;
		} else if ((n = kb_date_part(p + at, len - at, &min)) &&
			   min < 60 &&
			   (m = kb_starts(p + at + n, len - at - n, "分"))) {
			*minutes += min;
			at += n + m;
		}
	} else if (h == 12 && (m = named_clock(p + kb_date_blanks(p, len, at),
					       len - kb_date_blanks(p, len, at),
					       minutes))) {
		at = kb_date_blanks(p, len, at) + m; /* 12 noon */
	} else {
		*minutes = h * 60;
		m = half_day(p, len, at, minutes);
		if (m == at || h > 12)
			return 0;
		at = m;
	}
	if (pm && *minutes < 720)
		*minutes += 720;
	return at;
}

/* "7 to 9 am", "between 7 and 9 pm", 下午2至5点: what follows the second hour
 * is said of both. */
static size_t hours(const char *p, size_t len, unsigned *from, unsigned *to)
{
	size_t prefix = kb_starts(p, len, "下午") + kb_starts(p, len, "晚上") +
			kb_starts(p, len, "上午") + kb_starts(p, len, "早上");
	bool pm =
	    prefix && !kb_starts(p, len, "上午") && !kb_starts(p, len, "早上");
	size_t count, k,
	    n = kb_date_digits(p + prefix, len - prefix, 2, from, &count);
	size_t at = prefix + n, mark = n ? kb_range_mark(p + at, len - at) : 0;

	if (n && !mark && at < len && p[at] == ' ') {
		mark = kb_match_word(p + at + 1, len - at - 1, "and");
		mark = mark ? kb_date_blanks(p, len, at + 1 + mark) - at : 0;
	}
	if (!mark || *from > 12)
		return 0;
	at += mark;
	k = one_clock(p + at, len - at, to);
	if (!k || memchr(p + at, ':', k))
		return 0;
	*from *= 60;
	if (pm && *to < 720)
		*to += 720;
	/* 11 to 2 pm begins in the morning */
	if (*to >= 720 && *from < 720 && *from + 720 < *to)
		*from += 720;
	return *from < *to ? at + k : 0;
}

bool kb_clock_begins(const char *p, size_t len)
{
	unsigned minutes;

	return named_clock(p, len, &minutes) > 0;
}

size_t kb_clock_parse(const char *p, size_t len, struct kb_quantity *q)
{
	unsigned from, to;
	size_t n = hours(p, len, &from, &to), mark, k = 0;

	if (!n) {
		n = one_clock(p, len, &from);
		to = from;
		mark = n ? kb_range_mark(p + n, len - n) : 0;
		if (mark)
			k = one_clock(p + n + mark, len - n - mark, &to);
		n += k ? mark + k : 0;
		to = k ? to : from;
	}
	if (!n)
		return 0;
	q->dim = KB_DIM_CLOCK;
	q->lo = from;
	q->hi = to;
	return n;
}
