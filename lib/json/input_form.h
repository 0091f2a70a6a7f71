/*
 * The form of an input, told from its first bytes: UTF-16, lines, JSON
 * values that do not stand on lines of their own, one JSON array.
 *
 * A form is asked for with the bytes that are there; KB_FORM_OPEN wants more
 * of them. Values are split by their brackets alone, so memory is that of
 * one value; whether each is sound is the scanner's to say.
 */
#ifndef KB_JSON_INPUT_FORM_H
#define KB_JSON_INPUT_FORM_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "base/mem.h"

enum kb_input_code { KB_CODE_OPEN, KB_CODE_UTF8, KB_CODE_UTF16, KB_CODE_UTF32 };

/* Of the first bytes of a file, 'ended' when there are no more; *big: the
 * high byte of a unit is first. */
enum kb_input_code kb_input_code(struct kb_str head, bool ended, bool *big);

enum kb_input_shape {
	KB_SHAPE_OPEN,
	KB_SHAPE_LINES,
	KB_SHAPE_VALUES, /* JSON over several lines, one value after another */
	KB_SHAPE_ARRAY,	 /* the elements of a JSON array */
	KB_SHAPE_ROWS,	 /* of a table; only where it is asked for */
};

/* Of the first bytes of a file, its mark skipped. may_be_text: a line that
 * begins with '[' may be a question. */
enum kb_input_shape kb_input_shape(struct kb_str head, bool may_be_text);

/* Is it no UTF-8, but sound GB18030 with Chinese characters in it? */
bool kb_is_gb18030(struct kb_str text);

/* The message about it; %s is what was looked at. */
#define KB_INPUT_NOT_UTF8                                                \
	"%s is no UTF-8, but GB18030 as it seems; 'iconv -f GB18030 -t " \
	"UTF-8' makes it readable"

struct kb_value_split {
	bool array;    /* values are elements of arrays */
	bool in_value; /* between its first byte and its end */
	bool in_string, escaped;
	bool opened, after; /* inside an array; behind an element */
	bool comma;	    /* behind one */
	uint64_t depth;	    /* of brackets in the value */
	uint64_t lines;	    /* newlines read */
	uint64_t line;	    /* of the value's first byte, from 1 */
};

/* What is wrong when the text ends while split->opened. */
#define KB_SPLIT_NO_END "the end of a JSON array is missing"

enum kb_split { KB_SPLIT_MORE, KB_SPLIT_VALUE, KB_SPLIT_BROKEN };

/*
 * Go on at text[*at], which moves. KB_SPLIT_MORE: all was read; the value
 * that may have begun stands at *start. KB_SPLIT_VALUE: it is [*start, *at).
 * KB_SPLIT_BROKEN: *why says how. Newlines in a value outside strings become
 * blanks.
 */
enum kb_split kb_value_split(struct kb_value_split *split, char *text,
			     size_t end, size_t *start, size_t *at,
			     const char **why);

#endif
