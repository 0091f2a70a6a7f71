#include "doc/log.h"

#include <stdio.h>
#include <strings.h>
#include <time.h>

#include "base/ascii.h"
#include "base/str.h"

/* Fields of a time that were read; a year of 0: it has no date. */
struct stamp {
	unsigned year, month, day, hour, minute, second;
	char zone[8];
	bool clock;
};

struct cursor {
	const char *p, *end;
};

static bool digits(struct cursor *c, size_t min, size_t max, unsigned *out)
{
	size_t n = 0;

	*out = 0;
	while (n < max && c->p + n < c->end && kb_is_digit(c->p[n]))
		*out = *out * 10 + (unsigned)(c->p[n++] - '0');
	if (n < min || (c->p + n < c->end && kb_is_digit(c->p[n]) && min < max))
		return false;
	c->p += n;
	return true;
}

static bool letters(struct cursor *c, const char *names, size_t n,
		    unsigned *out)
{
	for (size_t i = 0; i < n && c->end - c->p >= 3; i++) {
		if (!strncasecmp(c->p, names + 3 * i, 3)) {
			*out = (unsigned)i + 1;
			c->p += 3;
			return true;
		}
	}
	return false;
}

static bool blanks(struct cursor *c)
{
	const char *from = c->p;

	while (c->p < c->end && (*c->p == ' ' || *c->p == '\t'))
		c->p++;
	return c->p > from;
}

static bool literal(struct cursor *c, const char *text)
{
	size_t n =
	    kb_starts(c->p, (size_t)(c->end - c->p), text) ? strlen(text) : 0;

	c->p += n;
	return n > 0;
}

/*
 * Match a picture: Y a year, y one of two digits, m and d a month and a day
 * of one digit or two, n and e of two, B and W the name of a month and of a
 * day, '_' blanks, anything else itself. Moves on only when all of it is
 * there.
 */
static bool picture(struct cursor *c, const char *pic, struct stamp *s)
{
	static const char months[] = "janfebmaraprmayjunjulaugsepoctnovdec";
	static const char days[] = "montuewedthufrisatsun";
	struct stamp got = *s;
	struct cursor at = *c;
	unsigned day;
	bool ok = true;

	for (; ok && *pic; pic++) {
		if (*pic == 'Y')
			ok = digits(&at, 4, 4, &got.year);
		else if (*pic == 'y')
			ok = digits(&at, 2, 2, &day);
		else if (*pic == 'm' || *pic == 'n')
			ok = digits(&at, *pic == 'n' ? 2 : 1, 2, &got.month);
		else if (*pic == 'd' || *pic == 'e')
			ok = digits(&at, *pic == 'e' ? 2 : 1, 2, &got.day);
		else if (*pic == 'B')
			ok = letters(&at, months, 12, &got.month);
		else if (*pic == 'W')
			ok = letters(&at, days, 7, &day);
		else if (*pic == '_')
			ok = blanks(&at);
		else
			ok = at.p < at.end && *at.p++ == *pic;
	}
	if (!ok || got.month > 12 || got.day > 31 || (got.month && !got.day) ||
	    (got.year && got.year < 1970))
		return false;
	*s = got;
	*c = at;
	return true;
}

/* "Z", "+08:00", "+0800", " UTC", " GMT", perhaps behind a blank. */
static void zone(struct cursor *c, struct stamp *s)
{
	struct cursor at = *c;
	unsigned hour, minute = 0;
	char sign;

	blanks(&at);
	if (literal(&at, "UTC") || literal(&at, "GMT") || literal(&at, "Z")) {
		memcpy(s->zone, "Z", 2);
		*c = at;
		return;
	}
	if (at.p == at.end || (*at.p != '+' && *at.p != '-'))
		return;
	sign = *at.p++;
	if (!digits(&at, 2, 2, &hour) || hour > 14)
		return;
	literal(&at, ":");
	if (!digits(&at, 2, 2, &minute) || minute > 59 ||
	    (at.p < at.end && kb_is_alnum(*at.p)))
		return;
	snprintf(s->zone, sizeof(s->zone), "%c%02u:%02u", sign, hour % 15,
		 minute % 60);
	*c = at;
}

/* "8:00:01.123 AM +0800", or "080001"; 'min' digits of the hour. */
static bool clock_time(struct cursor *c, size_t min, struct stamp *s)
{
	struct cursor at = *c, half;
	unsigned hour, minute, second = 0;
	bool packed;

	if (!digits(&at, min, 2, &hour))
		return false;
	packed = at.p < at.end && kb_is_digit(*at.p);
	if ((!packed && !literal(&at, ":")) || !digits(&at, 2, 2, &minute))
		return false;
	if (packed ? !digits(&at, 2, 2, &second)
		   : literal(&at, ":") && !digits(&at, 2, 2, &second))
		return false;
	if (hour > 23 || minute > 59 || second > 60)
		return false;
	if (at.p + 1 < at.end && memchr(".,:", *at.p, 3) &&
	    kb_is_digit(at.p[1]))
		for (at.p++; at.p < at.end && kb_is_digit(*at.p);)
			at.p++;
	half = at;
	blanks(&half);
	if (half.end - half.p >= 2 && (half.p[1] | 32) == 'm' &&
	    ((*half.p | 32) == 'a' || (*half.p | 32) == 'p') && hour <= 12) {
		hour = hour % 12 + ((*half.p | 32) == 'p' ? 12 : 0);
		at = half;
		at.p += 2;
	}
	s->hour = hour;
	s->minute = minute;
	s->second = second;
	s->clock = true;
	zone(&at, s);
	*c = at;
	return true;
}

/* Dates, and whether a time of day must follow. A picture with two years
 * to choose from has none. */
static const struct {
	const char *picture;
	bool alone;
} dates[] = {
    {"Y-m-d", true},
    {"Y/m/d", true},
    {"Y.m.d", true},
    {"Y\xe5\xb9\xb4m\xe6\x9c\x88" /* year, month, day in Chinese */
     "d\xe6\x97\xa5",
     true},
    {"m/d/Y", false},
    {"d.m.Y", false},
    {"d/B/Y", false},
    {"d-B-Y", false},
    {"d_B_Y", false},
    {"W,_d_B_Y", false},
    {"B_d,_Y", false},
    {"W_B_d", false},
    {"B_d", false},
    {"Yne", false},
    {"m-d", false},
    {"m.d", false},
    {"y/n/e", false},
    {"yne_", false},
};

/* Does nothing stand here that would make the digits before it another
 * thing? */
static bool is_end(const struct cursor *c)
{
	return c->p == c->end || !kb_is_alnum(*c->p);
}

static bool date_time(struct cursor *c, struct stamp *s)
{
	for (size_t i = 0; i < sizeof(dates) / sizeof(*dates); i++) {
		struct stamp got = {0};
		struct cursor at = *c, date;

		if (!picture(&at, dates[i].picture, &got))
			continue;
		date = at;
		if (at.p < at.end && memchr("T,_-:", *at.p, 5))
			at.p++;
		blanks(&at);
		if (clock_time(&at, 1, &got)) {
			date = at;
			if (!got.year && picture(&at, "_Y", &got))
				date = at;
		} else if (!dates[i].alone || !is_end(&date)) {
			continue;
		}
		*s = got;
		*c = date;
		return true;
	}
	return clock_time(c, 2, s);
}

/* Seconds or milliseconds since 1970, of this century. */
static bool unix_time(struct cursor *c, struct stamp *s)
{
	uint64_t value = 0;
	struct tm tm;
	size_t n;
	time_t t;

	for (n = 0; c->p + n < c->end && kb_is_digit(c->p[n]) && n < 14; n++)
		value = value * 10 + (uint64_t)(c->p[n] - '0');
	if ((n != 10 && n != 13) || *c->p != '1' || c->p + n == c->end ||
	    !memchr(" .\t],:", c->p[n], 6))
		return false;
	t = (time_t)(n == 13 ? value / 1000 : value);
	if (!gmtime_r(&t, &tm))
		return false;
	*s = (struct stamp){
	    .year = (unsigned)tm.tm_year + 1900,
	    .month = (unsigned)tm.tm_mon + 1,
	    .day = (unsigned)tm.tm_mday,
	    .hour = (unsigned)tm.tm_hour,
	    .minute = (unsigned)tm.tm_min,
	    .second = (unsigned)tm.tm_sec,
	    .clock = true,
	    .zone = "Z",
	};
	c->p += n;
	return true;
}

bool kb_log_time(const char **p, const char *end, char time[KB_LOG_TIME_MAX])
{
	struct cursor c = {*p, end};
	struct stamp s = {0};

	*time = '\0';
	if (!unix_time(&c, &s) && !date_time(&c, &s))
		return false;
	*p = c.p;
	if (s.year && s.clock)
		snprintf(time, KB_LOG_TIME_MAX,
			 "%04u-%02u-%02uT%02u:%02u:%02u%s", s.year % 10000,
			 s.month % 100, s.day % 100, s.hour % 100,
			 s.minute % 100, s.second % 100, s.zone);
	else if (s.year)
		snprintf(time, KB_LOG_TIME_MAX, "%04u-%02u-%02u",
			 s.year % 10000, s.month % 100, s.day % 100);
	return true;
}
