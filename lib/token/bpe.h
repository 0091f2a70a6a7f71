/*
 * Byte-pair encoding: a text is cut into pieces (token_split.h), and in each,
 * beginning with its bytes, the pair of neighbours of the lowest rank is made
 * one, the leftmost of equals first, until no pair has a rank (Gage 1994;
 * Sennrich, Haddow and Birch 2016; over bytes: Radford et al. 2019).
 *
 * A counter remembers the pieces it met and belongs to one thread. A piece of
 * n bytes takes O(n log n). Control tokens ("<|endoftext|>") have no meaning in
 * text: they are encoded as the bytes they are written with.
 */
#ifndef KB_TOKEN_BPE_H
#define KB_TOKEN_BPE_H

#include "base/buf.h"
#include "token/bpe_table.h"

struct kb_bpe_counter;

/* 'bpe' is borrowed. */
struct kb_bpe_counter *kb_bpe_counter_new(const struct kb_bpe *bpe);
void kb_bpe_counter_free(struct kb_bpe_counter *counter);

/* Tokens of a text. */
size_t kb_bpe_count(struct kb_bpe_counter *counter, const char *text,
		    size_t len);

/* Their ids, uint32_t each, appended to out. */
void kb_bpe_encode(struct kb_bpe_counter *counter, const char *text, size_t len,
		   struct kb_buf *out);

#endif
