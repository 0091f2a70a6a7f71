/*
 * The inverter: from a stream of (chunk, terms) to one postings list per
 * term, in memory.
 *
 * Terms are 64-bit keys in an open-addressing table ordered by the top bits
 * of kb_dict_mix(key), so that walking the table gives almost the order the
 * dictionary wants. A slot collects the frequency of its term in the current
 * chunk; when the next chunk brings the term, the finished posting goes
 * as two varints into the slot, and once that is full into a chain of slices
 * that grow from 32 to 256 bytes, in the manner of Lucene's byte slices. A
 * term of few chunks needs no slice at all. Table lookups are prefetched
 * some terms ahead.
 *
 * Chunks arrive in ascending order. Not for use by two threads at once.
 */
#ifndef KB_POSTING_INVERT_H
#define KB_POSTING_INVERT_H

#include "text/analyze.h"

struct kb_invert;

struct kb_invert *kb_invert_new(void);
void kb_invert_free(struct kb_invert *inv);

/* The text of keys[term], for terms other than Han. */
struct kb_invert_name {
	uint32_t term;
	uint16_t len;
	uint32_t off; /* in texts */
};

/* The terms keys[from..to). */
struct kb_invert_terms {
	const uint64_t *keys;
	size_t from, to;
	/* In the order of terms, for at least the first time that the
	 * inverter sees a term; kb_invert_add() moves it on. */
	const struct kb_invert_name *names, *names_end;
	const char *texts;
};

/* Every term counts 'weight' occurrences in chunk. */
void kb_invert_add(struct kb_invert *inv, uint32_t chunk,
		   struct kb_invert_terms *terms, unsigned weight);

/* Bytes held, to compare with a bound. */
size_t kb_invert_bytes(const struct kb_invert *inv);

/* ---- once all is added ---- */

/* Order the terms; returns how many there are. No more adding. */
uint32_t kb_invert_sort(struct kb_invert *inv);

/* One term's postings, after the sort. */
struct kb_invert_list {
	uint64_t key, mixed; /* mixed ascends with i */
	struct kb_str text;  /* empty for Han terms */
	uint32_t *chunks;    /* valid until the buffers' next use */
	uint16_t *freqs;
	uint32_t n; /* 0 when every chunk is dead */
};

/* Room that kb_invert_read() grows; one per reading thread. */
struct kb_invert_room {
	uint32_t *chunks;
	uint16_t *freqs;
	size_t cap, cap_freqs;
};

/* Term i; chunks whose bit in dead (may be NULL) is set are left out. */
void kb_invert_read(const struct kb_invert *inv, uint32_t i,
		    const uint64_t *dead, struct kb_invert_room *room,
		    struct kb_invert_list *list);
void kb_invert_room_release(struct kb_invert_room *room);

#endif
