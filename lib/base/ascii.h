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

#endif
