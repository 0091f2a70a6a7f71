/*
 * The table of a byte-pair vocabulary: which two neighbours become one, and in
 * which order. Read-only once made, and shared by threads.
 */
#ifndef KB_TOKEN_BPE_TABLE_H
#define KB_TOKEN_BPE_TABLE_H

#include <stddef.h>
#include <stdint.h>

#include "token/token_split.h"

#define KB_BPE_ID_BITS	 21
#define KB_BPE_RANK_BITS 22
#define KB_BPE_MAX_IDS	 (((uint32_t)1 << KB_BPE_ID_BITS) - 1)
#define KB_BPE_NO_ID	 KB_BPE_MAX_IDS
#define KB_BPE_MAX_RANKS (((uint32_t)1 << KB_BPE_RANK_BITS) - 1)
#define KB_BPE_NO_RANK	 KB_BPE_MAX_RANKS

/*
 * A place of the table of pairs: some bits of the pair's hash, which nearly
 * always tell that it is another one, and its rank; all ones: free. Places come
 * in groups, which are filled from the first on.
 */
#define KB_BPE_FREE  UINT32_MAX
#define KB_BPE_GROUP 8

/* Characters of three bytes, and a filter of borders between characters. */
#define KB_BPE_CHAR_FIRST  0x800u
#define KB_BPE_CHARS	   (0x10000u - KB_BPE_CHAR_FIRST)
#define KB_BPE_PARTS	   0x80000000u
#define KB_BPE_BORDER_BITS 16
#define KB_BPE_JOIN_BITS   18

/*
 * A pair stands in the group it is sent to, or behind it when that is full; the
 * last group is not. A token that is taken whole, though no order of merges
 * leads to it, stands in 'whole'.
 *
 * 'chars' tells what the bytes of a character become when it stands alone: an
 * id, or how many tokens (KB_BPE_PARTS and their number). In a text it is the
 * same where no token crosses the border to a neighbour and ends within a
 * character: such borders are in the filter 'borders', by the byte before them
 * and two behind. For a token has a higher rank than its parts (else there is
 * no 'chars'): whatever holds a whole character is made after it. 'joins' is a
 * filter of the neighbours that some token of whole characters holds: between
 * others nothing is merged.
 */
struct kb_bpe {
	enum kb_split_rule rule;
	const uint32_t *slots;		  /* aligned to a group */
	const uint64_t *pairs;		  /* [n_ranks], kb_bpe_key() by rank */
	uint32_t n_groups;		  /* that pairs are sent to */
	uint32_t n_ranks;		  /* ranks are below */
	const uint32_t *id_of_rank;	  /* NULL: a rank is its token's id */
	const uint32_t *byte_id;	  /* [256] */
	const uint32_t *chars;		  /* [KB_BPE_CHARS], or NULL */
	const uint64_t *borders, *joins;  /* a bit each */
	const struct kb_bpe_whole *whole; /* NULL: none */
};

static inline uint64_t kb_bpe_key(uint32_t left, uint32_t right)
{
	return (uint64_t)left << KB_BPE_ID_BITS | right;
}

static inline uint64_t kb_bpe_hash(uint64_t key)
{
	return key * 0x9e3779b97f4a7c15u;
}

/* The first place of the group that a pair is sent to. */
static inline size_t kb_bpe_home(uint64_t hash, uint32_t n_groups)
{
	return (size_t)((hash >> 32) * n_groups >> 32) * KB_BPE_GROUP;
}

/* The bits that stand above the rank. */
static inline uint32_t kb_bpe_tag(uint64_t hash)
{
	return (uint32_t)hash >> KB_BPE_RANK_BITS;
}

/* The rank of two neighbours, or KB_BPE_NO_RANK. */
static inline uint32_t kb_bpe_rank(const struct kb_bpe *bpe, uint32_t left,
				   uint32_t right)
{
	uint64_t key = kb_bpe_key(left, right), hash = kb_bpe_hash(key);
	const uint32_t *slot = bpe->slots + kb_bpe_home(hash, bpe->n_groups);
	uint32_t tag = kb_bpe_tag(hash);

	for (; *slot != KB_BPE_FREE; slot++)
		if (*slot >> KB_BPE_RANK_BITS == tag &&
		    bpe->pairs[*slot & KB_BPE_NO_RANK] == key)
			return *slot & KB_BPE_NO_RANK;
	return KB_BPE_NO_RANK;
}

static inline uint32_t kb_bpe_id(const struct kb_bpe *bpe, uint32_t rank)
{
	return bpe->id_of_rank ? bpe->id_of_rank[rank] : rank;
}

/* The bit of a border: the byte before it, and two behind. */
static inline uint32_t kb_bpe_border(unsigned char before, unsigned char first,
				     unsigned char second)
{
	uint32_t x = (uint32_t)before << 16 | (uint32_t)first << 8 | second;

	return x * 0x9e3779b1u >> (32 - KB_BPE_BORDER_BITS);
}

/* The bit of two characters of three bytes. */
static inline uint32_t kb_bpe_join(uint32_t left, uint32_t right)
{
	return (left << 16 ^ right) * 0x9e3779b1u >> (32 - KB_BPE_JOIN_BITS);
}

static inline bool kb_bpe_is_join(const struct kb_bpe *bpe, uint32_t left,
				  uint32_t right)
{
	uint32_t bit = kb_bpe_join(left, right);

	return bpe->joins[bit / 64] >> bit % 64 & 1;
}

static inline bool kb_bpe_is_border(const struct kb_bpe *bpe, uint32_t bit)
{
	return bpe->borders[bit / 64] >> bit % 64 & 1;
}

#endif
