/*
 * Classes of ASCII characters, the same in every locale. Bytes from 0x80 on
 * are in none of them.
 */
#ifndef KB_BASE_ASCII_H
#define KB_BASE_ASCII_H

#include <stdbool.h>

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

/* What parts words: blank, tab, and the ends of a line. */
static inline bool kb_is_blank(char c)
{
	return c == ' ' || c == '\t' || c == '\n' || c == '\r';
}

/* The same with vertical tab and form feed. */
static inline bool kb_is_space(char c)
{
	return c == ' ' || (c >= '\t' && c <= '\r');
}

/* The value of a hexadecimal digit, -1: it is none. */
static inline int kb_hex_value(char c)
{
	if (kb_is_digit(c))
		return c - '0';
	c = kb_lower(c);
	return c >= 'a' && c <= 'f' ? c - 'a' + 10 : -1;
}

#endif
