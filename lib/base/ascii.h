/*
 * Classes of ASCII characters, the same in every locale. Bytes from 0x80 on
 * are in none of them.
 */
#ifndef KB_BASE_ASCII_H
#define KB_BASE_ASCII_H

#include <stdbool.h>

#include "base/mem.h"

static inline bool kb_is_digit(char c)
{
	return c >= '0' && c <= '9';
}

static inline bool kb_is_upper(char c)
{
	return c >= 'A' && c <= 'Z';
}

static inline bool kb_is_lower(char c)
{
	return c >= 'a' && c <= 'z';
}

static inline bool kb_is_letter(char c)
{
	return kb_is_upper(c) || kb_is_lower(c);
}

static inline bool kb_is_alnum(char c)
{
	return kb_is_letter(c) || kb_is_digit(c);
}

static inline char kb_lower(char c)
{
	return kb_is_upper(c) ? (char)(c | 32) : c;
}

/* Are n bytes those of 'lower' but for the case of their letters? */
static inline bool kb_is_folded(const char *p, const char *lower, size_t n)
{
	for (size_t i = 0; i < n; i++)
		if (kb_lower(p[i]) != lower[i])
			return false;
	return true;
}

/* A line without the blanks at its ends, and without its carriage return. */
static inline struct kb_str kb_trim(struct kb_str s)
{
	while (s.len && (*s.ptr == ' ' || *s.ptr == '\t')) {
		s.ptr++;
		s.len--;
	}
	while (s.len && memchr(" \t\r", s.ptr[s.len - 1], 3))
		s.len--;
	return s;
}

#endif
