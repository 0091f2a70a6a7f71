/*
 * Tables of byte-pair encoding from what their files say.
 *
 * A file of ranks (.tiktoken) lists tokens, whose merges are found: each is
 * merged with the ranks below its own, and if two tokens are left, these are
 * its pair. A token that is not derived so may still be met by other ways, so
 * each pair of tokens that makes it gets its rank, and a piece that is it is
 * taken whole. A tokenizer.json lists the merges themselves.
 */
#ifndef KB_TOKEN_BPE_BUILD_H
#define KB_TOKEN_BPE_BUILD_H

#include "base/err.h"
#include "base/mem.h"
#include "token/bpe_table.h"

/* The longest token, in bytes. */
#define KB_BPE_MAX_TOKEN 4096

/* Owns what 'bpe' points to. */
struct kb_bpe_owned {
	struct kb_bpe bpe;
	uint32_t *slots, *id_of_rank, *byte_id, *chars;
	uint64_t *pairs, *borders, *joins;
	size_t n_slots;
	struct kb_bpe_whole *whole;
};

void kb_bpe_owned_release(struct kb_bpe_owned *owned);

/*
 * From n tokens, tokens[id]; an id that is not given has no bytes (len 0).
 * KB_EFORMAT when a byte has no token of its own or two ids the same bytes,
 * KB_ELIMIT for more than KB_BPE_MAX_IDS or a token too long.
 */
int kb_bpe_from_tokens(struct kb_bpe_owned *owned, enum kb_split_rule rule,
		       const struct kb_str *tokens, size_t n,
		       struct kb_err *err);

struct kb_bpe_merge {
	uint32_t left, right, made; /* ids of tokens */
};

/*
 * From tokens, as above, and merges in their order. 'whole': a piece that is a
 * token is that one, whatever merging makes of it. KB_EFORMAT when a byte has
 * no token, two ids the same bytes, or two merges the same sides.
 */
int kb_bpe_from_merges(struct kb_bpe_owned *owned, enum kb_split_rule rule,
		       const struct kb_str *tokens, size_t n,
		       const struct kb_bpe_merge *merges, size_t n_merges,
		       bool whole, struct kb_err *err);

#endif
