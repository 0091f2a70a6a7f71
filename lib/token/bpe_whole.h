/*
 * Tokens that are taken where a piece is exactly they, though no order of
 * merges leads to them. Few or none in most vocabularies.
 */
#ifndef KB_TOKEN_BPE_WHOLE_H
#define KB_TOKEN_BPE_WHOLE_H

#include <stdbool.h>
#include <stdint.h>

#include "base/str.h"

struct kb_bpe_whole;

/* With room for n tokens. */
struct kb_bpe_whole *kb_bpe_whole_new(size_t n);
void kb_bpe_whole_free(struct kb_bpe_whole *whole);

/* The bytes are copied; a token that is there already gets the id. */
void kb_bpe_whole_add(struct kb_bpe_whole *whole, struct kb_str token,
		      uint32_t id);

bool kb_bpe_whole_find(const struct kb_bpe_whole *whole, const char *piece,
		       size_t len, uint32_t *id);

#endif
