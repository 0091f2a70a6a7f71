/* The formats of strings that are simple enough to be sure of. */
#include <arpa/inet.h>

#include "base/ascii.h"
#include "schema/schema_impl.h"

/* n digits at *p, their value in *out. */
static bool digits(const char **p, const char *end, int n, int *out)
{
	*out = 0;
	for (; n; n--, ++*p) {
		if (*p == end || !kb_is_digit(**p))
			return false;
		*out = *out * 10 + (**p - '0');
	}
	return true;
}

static bool one(const char **p, const char *end, const char *of)
{
	if (*p == end || !**p || !strchr(of, **p))
		return false;
	++*p;
	return true;
}

static bool take_date(const char **p, const char *end)
{
	static const int days[] = {31, 29, 31, 30, 31, 30,
				   31, 31, 30, 31, 30, 31};
	int year, month, day;

	if (!digits(p, end, 4, &year) || !one(p, end, "-") ||
	    !digits(p, end, 2, &month) || !one(p, end, "-") ||
	    !digits(p, end, 2, &day))
		return false;
	if (month < 1 || month > 12 || day < 1 || day > days[month - 1])
		return false;
	return month != 2 || day < 29 ||
	       (year % 4 == 0 && (year % 100 || year % 400 == 0));
}

/* RFC 3339: a time of day with its zone. */
static bool take_time(const char **p, const char *end)
{
	int hour, minute, second, ignored;

	if (!digits(p, end, 2, &hour) || !one(p, end, ":") ||
	    !digits(p, end, 2, &minute) || !one(p, end, ":") ||
	    !digits(p, end, 2, &second) || hour > 23 || minute > 59 ||
	    second > 60)
		return false;
	if (one(p, end, ".")) {
		if (!digits(p, end, 1, &ignored))
			return false;
		while (*p < end && kb_is_digit(**p))
			++*p;
	}
	if (one(p, end, "Zz"))
		return true;
	return one(p, end, "+-") && digits(p, end, 2, &hour) &&
	       one(p, end, ":") && digits(p, end, 2, &minute) && hour < 24 &&
	       minute < 60;
}

static bool is_date(struct kb_str s)
{
	const char *p = s.ptr, *end = s.ptr + s.len;

	return take_date(&p, end) && p == end;
}

static bool is_time(struct kb_str s)
{
	const char *p = s.ptr, *end = s.ptr + s.len;

	return take_time(&p, end) && p == end;
}

static bool is_date_time(struct kb_str s)
{
	const char *p = s.ptr, *end = s.ptr + s.len;

	return take_date(&p, end) && one(&p, end, "Tt") && take_time(&p, end) &&
	       p == end;
}

static bool has_blank(struct kb_str s)
{
	for (size_t i = 0; i < s.len; i++)
		if ((unsigned char)s.ptr[i] <= ' ' || s.ptr[i] == 127)
			return true;
	return false;
}

/* Something, an '@', a host; neither is looked into. */
static bool is_email(struct kb_str s)
{
	const char *at = s.len ? memchr(s.ptr, '@', s.len) : NULL;
	size_t before = at ? (size_t)(at - s.ptr) : 0;
	struct kb_str host = kb_str_skip(s, before + 1);

	return at && before && host.len && !has_blank(s) &&
	       !memchr(host.ptr, '@', host.len) && *host.ptr != '.' &&
	       host.ptr[host.len - 1] != '.';
}

/* A scheme and a colon, and no blank. */
static bool is_uri(struct kb_str s)
{
	size_t n = 0;

	if (!s.len || !kb_is_letter(*s.ptr) || has_blank(s))
		return false;
	while (n < s.len && (kb_is_alnum(s.ptr[n]) || s.ptr[n] == '+' ||
			     s.ptr[n] == '-' || s.ptr[n] == '.'))
		n++;
	return n < s.len && s.ptr[n] == ':' && n + 1 < s.len;
}

static bool is_uuid(struct kb_str s)
{
	if (s.len != 36)
		return false;
	for (size_t i = 0; i < s.len; i++) {
		bool dash = i == 8 || i == 13 || i == 18 || i == 23;

		if (dash ? s.ptr[i] != '-'
			 : !strchr("0123456789abcdefABCDEF", s.ptr[i]) ||
			       !s.ptr[i])
			return false;
	}
	return true;
}

static bool is_address(struct kb_str s, int family)
{
	unsigned char out[16];
	char text[64];

	if (s.len >= sizeof(text) || (s.len && memchr(s.ptr, 0, s.len)))
		return false;
	if (s.len)
		memcpy(text, s.ptr, s.len);
	text[s.len] = '\0';
	return inet_pton(family, text, out) == 1;
}

static bool is_ipv4(struct kb_str s)
{
	return is_address(s, AF_INET);
}

static bool is_ipv6(struct kb_str s)
{
	return is_address(s, AF_INET6);
}

static const struct kb_schema_format formats[] = {
    {"date", is_date},	 {"time", is_time}, {"date-time", is_date_time},
    {"email", is_email}, {"uri", is_uri},   {"uuid", is_uuid},
    {"ipv4", is_ipv4},	 {"ipv6", is_ipv6},
};

const struct kb_schema_format *kb_schema_format_named(struct kb_str name)
{
	for (size_t i = 0; i < sizeof(formats) / sizeof(*formats); i++)
		if (kb_str_is(name, formats[i].name))
			return &formats[i];
	return NULL;
}
