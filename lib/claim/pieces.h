/*
 * A sentence of an answer that says several things, each for itself: "The pool
 * opens at 7 [1] and breakfast is served until 10 [2]." Private to lib/claim.
 */
#ifndef KB_CLAIM_PIECES_H
#define KB_CLAIM_PIECES_H

#include <stdbool.h>
#include <stddef.h>

#include "base/str.h"

/*
 * Bytes of the sentence's first piece, all of it where it is one. It ends
 * behind a citation that a clause with another citation follows; with clauses
 * also at a comma, semicolon or "and" between two clauses of PIECE_WORDS words,
 * or PIECE_HAN characters, each.
 */
size_t kb_claim_piece(struct kb_str sentence, bool clauses);

#endif
