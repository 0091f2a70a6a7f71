#include "token/bpe_build.h"

#include <stdlib.h>

#include "base/utf8.h"
#include "token/bpe_piece.h"
#include "token/bpe_whole.h"

/* Pairs a group, and groups behind the last that pairs are sent to. */
#define FILL	5
#define OVERRUN ((size_t)1024)

struct builder {
	struct kb_bpe_owned *owned;
	const struct kb_str *tokens;
	size_t n;
	struct kb_bpe_whole *ids; /* of every token */
	struct kb_bpe_room *room;
	bool mapped;	  /* a token has several pairs: ranks are not ids */
	uint32_t n_ranks; /* given so far, when they are not */
	uint32_t parts[KB_BPE_MAX_TOKEN + 1];
	struct kb_err *err;
};

void kb_bpe_owned_release(struct kb_bpe_owned *owned)
{
	free(owned->slots);
	free(owned->pairs);
	free(owned->id_of_rank);
	free(owned->byte_id);
	free(owned->chars);
	free(owned->borders);
	free(owned->joins);
	kb_bpe_whole_free(owned->whole);
	*owned = (struct kb_bpe_owned){.slots = NULL};
}

static void *aligned(size_t alignment, size_t size)
{
	void *p = aligned_alloc(alignment, size);

	if (!p)
		kb_oom();
	return p;
}

static void open_table(struct kb_bpe_owned *owned, size_t n_ranks)
{
	size_t groups = n_ranks / FILL + 1;
	size_t size = (groups + OVERRUN) * KB_BPE_GROUP * sizeof(uint32_t);

	owned->n_slots = (groups + OVERRUN) * KB_BPE_GROUP;
	owned->slots = aligned(KB_BPE_GROUP * sizeof(uint32_t), size);
	memset(owned->slots, 0xff, size);
	owned->pairs = kb_reallocarray(NULL, n_ranks + 1, sizeof(uint64_t));
	memset(owned->pairs, 0xff, (n_ranks + 1) * sizeof(uint64_t));
	owned->bpe.slots = owned->slots;
	owned->bpe.pairs = owned->pairs;
	owned->bpe.n_groups = (uint32_t)groups;
	owned->bpe.n_ranks = (uint32_t)n_ranks;
}

static int add_pair(struct kb_bpe_owned *owned, uint32_t left, uint32_t right,
		    uint32_t rank, struct kb_err *err)
{
	uint64_t key = kb_bpe_key(left, right), hash = kb_bpe_hash(key);
	size_t at = kb_bpe_home(hash, owned->bpe.n_groups);
	size_t last = KB_BPE_GROUP * (owned->bpe.n_groups + OVERRUN - 1);

	while (owned->slots[at] != KB_BPE_FREE)
		at++;
	if (at >= last)
		return kb_err_set(err, KB_ELIMIT,
				  "too many of its pairs share a place");
	owned->slots[at] = kb_bpe_tag(hash) << KB_BPE_RANK_BITS | rank;
	owned->pairs[rank] = key;
	return 0;
}

static int add(struct builder *b, uint32_t left, uint32_t right, uint32_t id)
{
	uint32_t rank = b->mapped ? b->n_ranks++ : id;

	if (rank >= b->owned->bpe.n_ranks)
		return kb_err_set(b->err, KB_ELIMIT,
				  "too many of its tokens are not derived from "
				  "those of lower ranks");
	if (b->mapped)
		b->owned->id_of_rank[rank] = id;
	return add_pair(b->owned, left, right, rank, b->err);
}

/* For a token that no order of merges leads to. */
static int add_every_pair(struct builder *b, uint32_t id)
{
	struct kb_str token = b->tokens[id];
	uint32_t left, right;
	int rc = 0;

	for (size_t i = 1; rc == 0 && i < token.len; i++)
		if (kb_bpe_whole_find(b->ids, token.ptr, i, &left) &&
		    kb_bpe_whole_find(b->ids, token.ptr + i, token.len - i,
				      &right))
			rc = add(b, left, right, id);
	kb_bpe_whole_add(b->owned->whole, token, id);
	return rc;
}

/* What is left of a token's bytes, in b->parts. */
static size_t merged(struct builder *b, struct kb_str token)
{
	const struct kb_bpe *bpe = &b->owned->bpe;

	for (size_t i = 0; i < token.len; i++)
		b->parts[i] = bpe->byte_id[(unsigned char)token.ptr[i]];
	return kb_bpe_merge(bpe, &b->room, b->parts, token.len);
}

/* Find the pairs of all tokens; 1 when one is not derived, and mapped is not
 * set. */
static int derive(struct builder *b)
{
	int rc = 0;

	for (uint32_t id = 0; rc == 0 && id < b->n; id++) {
		if (b->tokens[id].len < 2)
			continue;
		if (merged(b, b->tokens[id]) == 2)
			rc = add(b, b->parts[0], b->parts[1], id);
		else
			rc = b->mapped ? add_every_pair(b, id) : 1;
	}
	return rc;
}

/* Again, with room for further pairs. */
static int derive_mapped(struct builder *b)
{
	struct kb_bpe_owned *owned = b->owned;

	b->mapped = true;
	free(owned->slots);
	free(owned->pairs);
	open_table(owned, 2 * b->n);
	owned->id_of_rank = kb_calloc(2 * b->n, sizeof(*owned->id_of_rank));
	owned->bpe.id_of_rank = owned->id_of_rank;
	owned->whole = kb_bpe_whole_new(16);
	owned->bpe.whole = owned->whole;
	kb_bpe_room_free(b->room); /* it has room for fewer ranks */
	b->room = NULL;
	return derive(b);
}

static int take_names(struct builder *b)
{
	size_t n_bytes = 0;
	uint32_t seen;

	for (uint32_t id = 0; id < b->n; id++) {
		struct kb_str token = b->tokens[id];

		if (!token.len)
			continue;
		if (token.len > KB_BPE_MAX_TOKEN)
			return kb_err_set(b->err, KB_ELIMIT,
					  "token %u has %zu bytes, more than "
					  "the limit of %d",
					  id, token.len, KB_BPE_MAX_TOKEN);
		if (kb_bpe_whole_find(b->ids, token.ptr, token.len, &seen))
			return kb_err_set(b->err, KB_EFORMAT,
					  "tokens %u and %u are the same", seen,
					  id);
		kb_bpe_whole_add(b->ids, token, id);
		if (token.len > 1)
			continue;
		b->owned->byte_id[(unsigned char)*token.ptr] = id;
		n_bytes++;
	}
	if (n_bytes != 256)
		return kb_err_set(b->err, KB_EFORMAT,
				  "%zu of the 256 bytes have a token of their "
				  "own",
				  n_bytes);
	return 0;
}

/* ---- characters ---- */

static void add_border(struct kb_bpe_owned *owned, struct kb_str token,
		       size_t at)
{
	const unsigned char *p = (const unsigned char *)token.ptr + at;
	unsigned last = at + 1 < token.len ? p[1] : 255;

	for (unsigned second = last == 255 ? 0 : last; second <= last;
	     second++) {
		uint32_t bit =
		    kb_bpe_border(p[-1], p[0], (unsigned char)second);

		owned->borders[bit / 64] |= (uint64_t)1 << bit % 64;
	}
}

/* Neighbours of three bytes in a token of whole characters. */
static void take_joins(struct kb_bpe_owned *owned, struct kb_str token)
{
	uint32_t before = 0, cp;

	for (size_t at = 0; at < token.len;) {
		size_t n = kb_utf8_next(token.ptr + at, token.len - at, &cp);

		if (n == 3 && before) {
			uint32_t bit = kb_bpe_join(before, cp);

			owned->joins[bit / 64] |= (uint64_t)1 << bit % 64;
		}
		before = n == 3 ? cp : 0;
		at += n;
	}
}

/* The borders of tokens that are no whole characters, the joins of others. */
static void take_borders(struct kb_bpe_owned *owned, struct kb_str token)
{
	if (kb_utf8_valid(token.ptr, token.len)) {
		take_joins(owned, token);
		return;
	}
	for (size_t i = 1; i < token.len; i++)
		if (!kb_utf8_is_inner(token.ptr[i]))
			add_border(owned, token, i);
}

static void take_chars(struct builder *b)
{
	struct kb_bpe_owned *owned = b->owned;

	owned->chars = kb_calloc(KB_BPE_CHARS, sizeof(*owned->chars));
	owned->borders =
	    kb_calloc((1 << KB_BPE_BORDER_BITS) / 64, sizeof(uint64_t));
	owned->joins =
	    kb_calloc((1 << KB_BPE_JOIN_BITS) / 64, sizeof(uint64_t));
	for (uint32_t cp = KB_BPE_CHAR_FIRST; cp <= 0xffff; cp++) {
		char bytes[4];
		size_t n;

		if (cp >= 0xd800 && cp <= 0xdfff)
			continue;
		n = merged(b,
			   (struct kb_str){bytes, kb_utf8_encode(bytes, cp)});
		owned->chars[cp - KB_BPE_CHAR_FIRST] =
		    n == 1 ? b->parts[0] : KB_BPE_PARTS | (uint32_t)n;
	}
	for (size_t id = 0; id < b->n; id++)
		take_borders(owned, b->tokens[id]);
	owned->bpe.chars = owned->chars;
	owned->bpe.borders = owned->borders;
	owned->bpe.joins = owned->joins;
}

static int begin(struct builder *b, enum kb_split_rule rule, size_t n_ranks)
{
	struct kb_bpe_owned *owned = b->owned;
	int rc;

	*owned = (struct kb_bpe_owned){.slots = NULL};
	if (b->n > KB_BPE_MAX_IDS)
		return kb_err_set(b->err, KB_ELIMIT,
				  "%zu tokens, more than the limit of %u", b->n,
				  KB_BPE_MAX_IDS);
	owned->byte_id = kb_calloc(256, sizeof(*owned->byte_id));
	b->ids = kb_bpe_whole_new(b->n);
	rc = take_names(b);
	if (rc < 0)
		return rc;
	open_table(owned, n_ranks);
	owned->bpe.rule = rule;
	owned->bpe.byte_id = owned->byte_id;
	return 0;
}

static int end(struct builder *b, int rc)
{
	kb_bpe_whole_free(b->ids);
	kb_bpe_room_free(b->room);
	if (rc < 0)
		kb_bpe_owned_release(b->owned);
	return rc;
}

int kb_bpe_from_tokens(struct kb_bpe_owned *owned, enum kb_split_rule rule,
		       const struct kb_str *tokens, size_t n,
		       struct kb_err *err)
{
	struct builder b = {
	    .owned = owned, .tokens = tokens, .n = n, .err = err};
	int rc = begin(&b, rule, n);

	if (rc == 0)
		rc = derive(&b);
	if (rc == 0 && !b.mapped)
		take_chars(&b);
	else if (rc > 0)
		rc = derive_mapped(&b);
	return end(&b, rc);
}

/* ---- from merges ---- */

static int take_merges(struct builder *b, const struct kb_bpe_merge *merges,
		       size_t n)
{
	struct kb_bpe_owned *owned = b->owned;
	int rc = 0;

	owned->id_of_rank = kb_calloc(n + 1, sizeof(*owned->id_of_rank));
	owned->bpe.id_of_rank = owned->id_of_rank;
	for (uint32_t i = 0; rc == 0 && i < n; i++) {
		const struct kb_bpe_merge *m = &merges[i];

		if (kb_bpe_rank(&owned->bpe, m->left, m->right) !=
		    KB_BPE_NO_RANK)
			return kb_err_set(b->err, KB_EFORMAT,
					  "merge %u stands twice", i + 1);
		owned->id_of_rank[i] = m->made;
		rc = add_pair(owned, m->left, m->right, i, b->err);
	}
	return rc;
}

/* Is every token made once, after its parts? */
static bool is_rising(const struct builder *b,
		      const struct kb_bpe_merge *merges, size_t n)
{
	bool *is_made = kb_calloc(b->n, sizeof(*is_made)), rising = true;

	for (size_t id = 0; id < b->n; id++)
		is_made[id] = b->tokens[id].len == 1;
	for (size_t i = 0; rising && i < n; i++) {
		rising = is_made[merges[i].left] && is_made[merges[i].right] &&
			 !is_made[merges[i].made];
		is_made[merges[i].made] = true;
	}
	free(is_made);
	return rising;
}

/* Tokens that merging their bytes does not lead to. */
static void take_whole(struct builder *b)
{
	for (uint32_t id = 0; id < b->n; id++) {
		if (!b->tokens[id].len ||
		    (merged(b, b->tokens[id]) == 1 && b->parts[0] == id))
			continue;
		if (!b->owned->whole)
			b->owned->whole = kb_bpe_whole_new(16);
		kb_bpe_whole_add(b->owned->whole, b->tokens[id], id);
	}
	b->owned->bpe.whole = b->owned->whole;
}

int kb_bpe_from_merges(struct kb_bpe_owned *owned, enum kb_split_rule rule,
		       const struct kb_str *tokens, size_t n,
		       const struct kb_bpe_merge *merges, size_t n_merges,
		       bool whole, struct kb_err *err)
{
	struct builder b = {
	    .owned = owned, .tokens = tokens, .n = n, .err = err};
	int rc = begin(&b, rule, n_merges);

	if (rc == 0)
		rc = take_merges(&b, merges, n_merges);
	if (rc == 0 && whole)
		take_whole(&b);
	if (rc == 0 && is_rising(&b, merges, n_merges))
		take_chars(&b);
	return end(&b, rc);
}
