#include "doc/blocks.h"

#include "base/ascii.h"

struct cursor {
	const char *p, *end;
};

/*
 * Match a picture: 9 is a digit, A a letter of a month's or day's name,
 * anything else itself. Moves on only when all of it is there.
 */
static bool picture(struct cursor *c, const char *pic)
{
	const char *p = c->p;

	for (; *pic; pic++, p++) {
		if (p == c->end)
			return false;
		if (*pic == '9'	  ? !kb_is_digit(*p)
		    : *pic == 'A' ? (*p | 32) < 'a' || (*p | 32) > 'z'
				  : *p != *pic)
			return false;
	}
	c->p = p;
	return true;
}

/* A level or a priority before the time: "INFO ", "[warn] ", "<34>". */
static void skip_level(struct cursor *c)
{
	static const char *const levels[] = {"trace",  "debug",	  "info",
					     "notice", "warning", "warn",
					     "error",  "fatal",	  "critical"};
	struct cursor at = *c;
	size_t i, n;

	if (at.p < at.end && *at.p == '<') {
		at.p++;
		while (at.p < at.end && kb_is_digit(*at.p))
			at.p++;
		if (picture(&at, ">")) {
			picture(&at, "1 "); /* RFC 5424 version */
			*c = at;
		}
		return;
	}
	picture(&at, "[");
	for (i = 0; i < sizeof(levels) / sizeof(levels[0]); i++) {
		size_t left = (size_t)(at.end - at.p);

		n = kb_starts_folded(at.p, left, levels[i]);
		if (n && left > n)
			break;
	}
	if (i == sizeof(levels) / sizeof(levels[0]))
		return;
	at.p += n;
	while (at.p < at.end &&
	       (*at.p == ']' || *at.p == ':' || *at.p == ' ' || *at.p == '\t'))
		at.p++;
	*c = at;
}

/* "1.2.3.4 - frank [10/Oct/2000:13:55:36": web servers' access logs. */
static bool access_log(struct cursor c)
{
	size_t n = (size_t)(c.end - c.p);
	const char *at = memchr(c.p, '[', n < 200 ? n : 200);

	if (!at)
		return false;
	c.p = at;
	return picture(&c, "[99/AAA/9999:99:99");
}

bool kb_doc_log_stamp(struct kb_str line)
{
	static const char *const pictures[] = {
	    "9999-99-99",	"9999/99/99",	     "9999.99.99",
	    "99/99/9999 99:99", "99-99 99:99:99",    "99/AAA/9999",
	    "99999999 99:99",	"99999999-99:99:99", "99999999T999999",
	    "99:99:99",		"AAA 99 99:99",	     "AAA  9 99:99",
	    "AAA AAA 99 99:99", "AAA AAA  9 99:99",  "999999 999999 ",
	    "A9999 99:99:99",	"9999\xe5\xb9\xb4", /* U+5E74, year */
	};
	struct cursor c = {line.ptr, line.ptr + line.len};
	size_t i, n;

	if (!line.len || (unsigned char)line.ptr[0] <= ' ')
		return false;
	skip_level(&c);
	picture(&c, "[");
	for (i = 0; i < sizeof(pictures) / sizeof(pictures[0]); i++) {
		struct cursor at = c;

		if (picture(&at, pictures[i]))
			return true;
	}
	/* Unix time, to the second or to the millisecond */
	for (n = 0; c.p + n < c.end && kb_is_digit(c.p[n]); n++)
		;
	if ((n == 10 || n == 13) && c.p[0] == '1' && c.p + n < c.end &&
	    memchr(" .\t]:", c.p[n], 5))
		return true;
	return access_log(c);
}

bool kb_doc_log_continues(struct kb_str line)
{
	static const char *const starts[] = {
	    "Caused by:",
	    "... ",
	    "Traceback (most recent call last)",
	    "Suppressed:",
	};
	size_t i;

	if (line.len && (line.ptr[0] == ' ' || line.ptr[0] == '\t'))
		return true;
	for (i = 0; i < sizeof(starts) / sizeof(starts[0]); i++) {
		if (kb_starts(line.ptr, line.len, starts[i]))
			return true;
	}
	return false;
}
