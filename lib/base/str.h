/*
 * Bytes somewhere else: the string view, and what is asked of text all the
 * time. Nothing here allocates or needs a NUL at the end; 'what' is a C
 * string. "Folded": ASCII letters match in either case, and 'lower' holds
 * none of upper case.
 */
#ifndef KB_BASE_STR_H
#define KB_BASE_STR_H

#include <stddef.h>
#include <string.h>

#include "base/ascii.h"

/* Not owned, not NUL-terminated. ptr may be NULL only when len is 0. */
struct kb_str {
	const char *ptr;
	size_t len;
};

#define KB_STR(literal) ((struct kb_str){(literal), sizeof(literal) - 1})

static inline struct kb_str kb_str_of(const char *cstr)
{
	return (struct kb_str){cstr, cstr ? strlen(cstr) : 0};
}

static inline bool kb_str_eq(struct kb_str a, struct kb_str b)
{
	return a.len == b.len && (a.len == 0 || !memcmp(a.ptr, b.ptr, a.len));
}

static inline bool kb_str_is(struct kb_str a, const char *cstr)
{
	return kb_str_eq(a, kb_str_of(cstr));
}

/* memcmp order, the shorter first among equal prefixes. */
static inline int kb_str_cmp(struct kb_str a, struct kb_str b)
{
	size_t n = a.len < b.len ? a.len : b.len;
	int c = n ? memcmp(a.ptr, b.ptr, n) : 0;

	return c ? c : (a.len > b.len) - (a.len < b.len);
}

/* Does s hold part? Nothing is in no text. */
static inline bool kb_str_has(struct kb_str s, struct kb_str part)
{
	return part.len && part.len <= s.len &&
	       memmem(s.ptr, s.len, part.ptr, part.len);
}

/* Without the first n bytes. */
static inline struct kb_str kb_str_skip(struct kb_str s, size_t n)
{
	return (struct kb_str){n ? s.ptr + n : s.ptr, s.len - n};
}

/* The next line of *rest, without its newline; false after the last. Start
 * with the whole text. */
static inline bool kb_str_line(struct kb_str *rest, struct kb_str *line)
{
	const char *nl = rest->len ? memchr(rest->ptr, '\n', rest->len) : NULL;

	*line = *rest;
	if (nl)
		line->len = (size_t)(nl - rest->ptr);
	*rest = kb_str_skip(*rest, line->len + (nl != NULL));
	return nl || line->len;
}

/* A line without the blanks at its ends, and without its carriage return. */
static inline struct kb_str kb_str_trim(struct kb_str s)
{
	while (s.len && (*s.ptr == ' ' || *s.ptr == '\t'))
		s = kb_str_skip(s, 1);
	while (s.len && memchr(" \t\r", s.ptr[s.len - 1], 3))
		s.len--;
	return s;
}

/* ---- beginnings and ends: how many bytes of 'what' stand there, 0: none */

static inline size_t kb_starts(const char *p, size_t len, const char *what)
{
	size_t n = strlen(what);

	return len >= n && !memcmp(p, what, n) ? n : 0;
}

static inline size_t kb_ends(const char *p, size_t len, const char *what)
{
	size_t n = strlen(what);

	return len >= n && !memcmp(p + len - n, what, n) ? n : 0;
}

/* Are n bytes those of 'lower', folded? */
static inline bool kb_is_folded(const char *p, const char *lower, size_t n)
{
	for (size_t i = 0; i < n; i++)
		if (kb_lower(p[i]) != lower[i])
			return false;
	return true;
}

static inline size_t kb_starts_folded(const char *p, size_t len,
				      const char *lower)
{
	size_t n = strlen(lower);

	return len >= n && kb_is_folded(p, lower, n) ? n : 0;
}

static inline size_t kb_ends_folded(const char *p, size_t len,
				    const char *lower)
{
	size_t n = strlen(lower);

	return len >= n && kb_is_folded(p + len - n, lower, n) ? n : 0;
}

static inline bool kb_str_is_folded(struct kb_str s, const char *lower)
{
	return s.len == strlen(lower) && kb_is_folded(s.ptr, lower, s.len);
}

static inline bool kb_str_has_folded(struct kb_str s, const char *lower)
{
	for (size_t i = 0; i < s.len; i++)
		if (kb_starts_folded(s.ptr + i, s.len - i, lower))
			return true;
	return false;
}

/* Bytes of a byte order mark of UTF-8 at the beginning: 3 or 0. */
static inline size_t kb_str_mark(struct kb_str s)
{
	return kb_starts(s.ptr, s.len, "\xef\xbb\xbf");
}

#endif
