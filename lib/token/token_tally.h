/*
 * The tokens of a text that comes in parts: a file of any size.
 *
 * The parts are counted up to a line break that no piece of any rule
 * (token_split.h) goes beyond: one behind what is no blank, before what is
 * neither blank nor slash. Where a line break is the mark of the word behind it
 * (Unigram), they are counted up to one between two letters or digits that
 * normalisation leaves as such. What is left waits for the next part, so memory
 * is bounded by the longest stretch without such a line break; a vocabulary
 * whose pieces go beyond line breaks has none.
 */
#ifndef KB_TOKEN_TOKEN_TALLY_H
#define KB_TOKEN_TOKEN_TALLY_H

#include <stdint.h>

#include "token/tokenizer.h"

struct kb_token_tally {
	struct kb_token_counter *counter; /* borrowed */
	uint64_t tokens, lines, bytes;	  /* lines: line breaks */
	struct kb_buf rest;
	size_t tried; /* bytes of 'rest' without a place to cut */
};

void kb_token_tally_init(struct kb_token_tally *tally,
			 struct kb_token_counter *counter);
void kb_token_tally_release(struct kb_token_tally *tally);

void kb_token_tally_add(struct kb_token_tally *tally, const char *text,
			size_t len);

/* The text has ended: count what is left. */
void kb_token_tally_end(struct kb_token_tally *tally);

#endif
