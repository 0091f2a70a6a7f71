/*
 * Sentences of Chinese, English and mixed text, and their clauses.
 *
 * A sentence ends after 。！？；… ! ? or a full stop, together with closing
 * quotes and brackets and with citations such as [1] that follow at once; at
 * a blank line; and at a single line break, unless the next line goes on in
 * lower case after a letter, digit or comma, or the line ends in a word such as
 * "or" (wrapped English), and its first word has no column of its own. A full
 * stop ends nothing inside numbers and names, after an abbreviation or an
 * initial, or after the number of a list item; no mark ends anything inside
 * the marks of a title, 《...》. A word cut by a hyphen at a line's end goes
 * on.
 *
 * Nothing is allocated; text of any bytes is accepted.
 */
#ifndef KB_TEXT_SENTENCE_H
#define KB_TEXT_SENTENCE_H

#include <stdbool.h>
#include <stddef.h>

struct kb_sentence_it {
	const char *text; /* borrowed */
	size_t len;
	size_t at; /* where to go on; start with 0 */
};

/* The next sentence that is not blank, as bytes start..end of the text with
 * surrounding white space cut off; false at the end. */
bool kb_sentence_next(struct kb_sentence_it *it, size_t *start, size_t *end);

/*
 * The next clause: cut at ， 、 ： and at ", " or ": " as well, but not inside
 * a number; the mark stays with the clause before it. Give it one sentence.
 */
bool kb_clause_next(struct kb_sentence_it *it, size_t *start, size_t *end);

#endif
