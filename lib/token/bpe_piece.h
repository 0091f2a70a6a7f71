/*
 * The merging of one piece, short and long. For lib/token.
 */
#ifndef KB_TOKEN_BPE_PIECE_H
#define KB_TOKEN_BPE_PIECE_H

#include "token/bpe_table.h"

/* Tokens whose pairs are all looked at for each merge. */
#define KB_BPE_SHORT 126

/*
 * Merge n tokens, 1 to KB_BPE_SHORT, in place; returns how many are left. One
 * more is written to.
 */
size_t kb_bpe_merge_short(const struct kb_bpe *bpe, uint32_t *ids, size_t n);

/* The same on any machine; the other is faster where it can. */
size_t kb_bpe_merge_plain(const struct kb_bpe *bpe, uint32_t *ids, size_t n);

/* What merging many tokens needs; kept from one piece to the next. */
struct kb_bpe_room;
void kb_bpe_room_free(struct kb_bpe_room *room);

/* The same for any number below 2^31; *room is made when it is NULL. */
size_t kb_bpe_merge_long(const struct kb_bpe *bpe, struct kb_bpe_room **room,
			 uint32_t *ids, size_t n);

static inline size_t kb_bpe_merge(const struct kb_bpe *bpe,
				  struct kb_bpe_room **room, uint32_t *ids,
				  size_t n)
{
	return n <= KB_BPE_SHORT ? kb_bpe_merge_short(bpe, ids, n)
				 : kb_bpe_merge_long(bpe, room, ids, n);
}

#endif
