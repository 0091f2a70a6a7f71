#include "token/bpe_piece.h"

#include <assert.h>
#include <stdlib.h>

#include "base/mem.h"

/*
 * A queue of pairs with a list for each rank, and a bit for each list that is
 * not empty: as ranks are small numbers, the smallest is found in the bits of
 * bits. What left the list of its rank since is passed over when it comes up.
 */
#define NO_PLACE UINT32_MAX

struct entry {
	uint32_t at, next;
};

struct token {
	uint32_t id, next, before;
	uint32_t rank; /* of it and the next */
};

struct kb_bpe_room {
	uint32_t n_ranks;
	uint32_t *first;	 /* of a rank's list in entries, or NO_PLACE */
	uint64_t *lists, *words; /* bits of lists; of words of bits */
	struct token *tokens;
	struct entry *entries;
	uint32_t *places; /* of one list */
	size_t token_cap, entry_cap, place_cap, n_entries;
};

static struct kb_bpe_room *room_new(uint32_t n_ranks)
{
	struct kb_bpe_room *room = kb_calloc(1, sizeof(*room));
	size_t words = n_ranks / 64 + 1;

	room->n_ranks = n_ranks;
	room->first = kb_reallocarray(NULL, n_ranks, sizeof(*room->first));
	memset(room->first, 0xff, n_ranks * sizeof(*room->first));
	room->lists = kb_calloc(words, sizeof(*room->lists));
	room->words = kb_calloc(words / 64 + 1, sizeof(*room->words));
	return room;
}

void kb_bpe_room_free(struct kb_bpe_room *room)
{
	if (!room)
		return;
	free(room->first);
	free(room->lists);
	free(room->words);
	free(room->tokens);
	free(room->entries);
	free(room->places);
	free(room);
}

/* What one huge piece took is not kept for ever. */
static void shrink(struct kb_bpe_room *room)
{
	if (room->token_cap <= 1 << 16)
		return;
	free(room->tokens);
	free(room->entries);
	free(room->places);
	room->tokens = NULL;
	room->entries = NULL;
	room->places = NULL;
	room->token_cap = room->entry_cap = room->place_cap = 0;
}

static void push(struct kb_bpe_room *room, uint32_t at, uint32_t rank)
{
	room->tokens[at].rank = rank;
	if (rank == KB_BPE_NO_RANK)
		return;
	assert(rank < room->n_ranks);
	if (room->n_entries == room->entry_cap)
		kb_grow(&room->entries, &room->entry_cap, room->n_entries + 1,
			sizeof(*room->entries));
	room->entries[room->n_entries] = (struct entry){at, room->first[rank]};
	room->first[rank] = (uint32_t)room->n_entries++;
	room->lists[rank / 64] |= (uint64_t)1 << rank % 64;
	room->words[rank / 4096] |= (uint64_t)1 << rank / 64 % 64;
}

/* The lowest rank with a list, or KB_BPE_NO_RANK. */
static uint32_t lowest(const struct kb_bpe_room *room)
{
	for (size_t i = 0; i <= room->n_ranks / 4096; i++) {
		size_t word;

		if (!room->words[i])
			continue;
		word = i * 64 + (size_t)__builtin_ctzll(room->words[i]);
		return (uint32_t)(word * 64) +
		       (uint32_t)__builtin_ctzll(room->lists[word]);
	}
	return KB_BPE_NO_RANK;
}

static int by_place(const void *a, const void *b)
{
	uint32_t x = *(const uint32_t *)a, y = *(const uint32_t *)b;

	return x < y ? -1 : x > y;
}

/* What was put in from left to right comes out from right to left. */
static void turn_round(uint32_t *places, size_t n)
{
	for (size_t i = 0; i < n / 2; i++) {
		uint32_t place = places[i];

		places[i] = places[n - 1 - i];
		places[n - 1 - i] = place;
	}
}

/* Take what still stands in a rank's list, from left to right, to places[];
 * returns how many there are. */
static size_t take(struct kb_bpe_room *room, uint32_t rank)
{
	bool rising = true, falling = true;
	uint32_t *places = room->places;
	size_t n = 0;

	for (uint32_t e = room->first[rank]; e != NO_PLACE;
	     e = room->entries[e].next) {
		uint32_t at = room->entries[e].at;

		if (room->tokens[at].rank != rank)
			continue;
		if (n == room->place_cap)
			kb_grow(&room->places, &room->place_cap, n + 1,
				sizeof(*room->places));
		places = room->places;
		rising &= !n || places[n - 1] < at;
		falling &= !n || places[n - 1] > at;
		places[n++] = at;
	}
	if (!rising && falling)
		turn_round(places, n);
	else if (!rising)
		qsort(places, n, sizeof(*places), by_place);
	room->first[rank] = NO_PLACE;
	room->lists[rank / 64] &= ~((uint64_t)1 << rank % 64);
	if (!room->lists[rank / 64])
		room->words[rank / 4096] &= ~((uint64_t)1 << rank / 64 % 64);
	return n;
}

static uint32_t rank_at(const struct kb_bpe *bpe, const struct token *tokens,
			uint32_t at)
{
	uint32_t next = tokens[at].next;

	return next == NO_PLACE
		   ? KB_BPE_NO_RANK
		   : kb_bpe_rank(bpe, tokens[at].id, tokens[next].id);
}

/* Make the token at 'at' and its next one; returns the lower rank of the two
 * pairs that come of it. */
static uint32_t join(const struct kb_bpe *bpe, struct kb_bpe_room *room,
		     uint32_t at)
{
	struct token *t = room->tokens;
	uint32_t gone = t[at].next, left, right = KB_BPE_NO_RANK;

	t[at].id = kb_bpe_id(bpe, t[at].rank);
	t[at].next = t[gone].next;
	t[gone].rank = KB_BPE_NO_RANK;
	if (t[at].next != NO_PLACE)
		t[t[at].next].before = at;
	left = rank_at(bpe, t, at);
	push(room, at, left);
	if (t[at].before != NO_PLACE) {
		right = rank_at(bpe, t, t[at].before);
		push(room, t[at].before, right);
	}
	return left < right ? left : right;
}

/* From right to left, so that the lists run from left to right. */
static void begin(const struct kb_bpe *bpe, struct kb_bpe_room *room,
		  const uint32_t *ids, uint32_t n)
{
	kb_grow(&room->tokens, &room->token_cap, n, sizeof(*room->tokens));
	kb_grow(&room->places, &room->place_cap, n, sizeof(*room->places));
	kb_grow(&room->entries, &room->entry_cap, 3 * (size_t)n,
		sizeof(*room->entries));
	room->n_entries = 0;
	for (uint32_t i = 0; i < n; i++)
		room->tokens[i] =
		    (struct token){.id = ids[i],
				   .next = i + 1 < n ? i + 1 : NO_PLACE,
				   .before = i ? i - 1 : NO_PLACE};
	for (uint32_t i = n; i-- > 0;)
		push(room, i, rank_at(bpe, room->tokens, i));
}

size_t kb_bpe_merge_long(const struct kb_bpe *bpe, struct kb_bpe_room **kept,
			 uint32_t *ids, size_t n_ids)
{
	struct kb_bpe_room *room;
	size_t n_tokens = 0;
	uint32_t rank;

	assert(n_ids > 0 && n_ids < (size_t)1 << 31);
	if (!*kept)
		*kept = room_new(bpe->n_ranks);
	room = *kept;
	begin(bpe, room, ids, (uint32_t)n_ids);
	while ((rank = lowest(room)) != KB_BPE_NO_RANK) {
		size_t n = take(room, rank), i = 0;
		uint32_t made = KB_BPE_NO_RANK;

		for (; i < n && made > rank; i++)
			if (room->tokens[room->places[i]].rank == rank)
				made = join(bpe, room, room->places[i]);
		/* A pair of a lower rank goes before the rest. */
		while (n > i)
			if (room->tokens[room->places[--n]].rank == rank)
				push(room, room->places[n], rank);
	}
	for (uint32_t at = 0; at != NO_PLACE; at = room->tokens[at].next)
		ids[n_tokens++] = room->tokens[at].id;
	shrink(room);
	return n_tokens;
}
