/*
 * Clauses of a prepared sentence: stretches of tokens between punctuation and
 * conjunctions. What is said of one thing stands in one of them, so a value or
 * a denial in another clause belongs to another thing.
 */
#ifndef KB_PASSAGE_CLAUSE_H
#define KB_PASSAGE_CLAUSE_H

#include "passage/prepare.h"

/* Does a clause begin at the token? True at the first of a sentence. */
bool kb_clause_begins(const struct kb_prepared *p, uint32_t token);

/* The clause that begins at 'from', a token of the sentence. */
struct kb_tokens kb_clause_at(const struct kb_prepared *p, uint32_t sentence,
			      uint32_t from);

/* Is the sentence a row of a Markdown table? Not of a title. */
bool kb_clause_is_row(const struct kb_prepared *p, uint32_t sentence);

/* Of a date that is an end of a range whose dates stand apart, as "the 3rd,
 * 9:00, to the 5th, 18:00" has them: -1 the first, 1 the last; 0 for others. */
int kb_range_side(const struct kb_prepared *p, size_t quantity);

/*
 * Set p->quantity_about from quantity 'first' on. Where its sentence has no
 * other quantity of its dimension, a quantity is about all of it; else about
 * what follows the clause of the one before, up to the end of its own clause.
 */
void kb_clauses_link(struct kb_prepared *p, size_t first);

#endif
