/*
 * Vectors with the hashes of the texts they were made of, so that no text is
 * embedded twice: not when its document changes around it, moves, or the
 * index is merged or built anew.
 *
 * KB_SEC_TEXT_HASHES holds one u64 for each vector of KB_SEC_VECTORS, 0 for
 * one that came with its document. A segment may have vectors of
 * KB_VECTOR_SLOTS models.
 */
#ifndef KB_VECTOR_VECTOR_ROWS_H
#define KB_VECTOR_VECTOR_ROWS_H

#include "base/map.h"
#include "store/container.h"
#include "store/sections.h"
#include "vector/vector.h"

/* The sections of a slot. */
struct kb_vec_slot {
	enum kb_section_type vectors, codes, hashes;
};
extern const struct kb_vec_slot kb_vec_slots[KB_VECTOR_SLOTS];

/* With the index's seed; never 0. */
uint64_t kb_vec_text_hash(struct kb_str text, uint64_t seed);

/* ---- writing ---- */

struct kb_vec_rows {
	struct kb_vec_builder b;
	uint64_t *hashes;
	size_t cap;
	bool embedded; /* some hash is not 0 */
};

void kb_vec_rows_init(struct kb_vec_rows *rows, uint64_t model);
void kb_vec_rows_release(struct kb_vec_rows *rows);

/* As kb_vec_add() and kb_vec_add_row(). */
int kb_vec_rows_add(struct kb_vec_rows *rows, uint32_t chunk, const float *x,
		    size_t dim, uint64_t hash, struct kb_err *err);
int kb_vec_rows_copy(struct kb_vec_rows *rows, uint32_t chunk,
		     const struct kb_vec_view *view, size_t row, uint64_t hash,
		     struct kb_err *err);

/* Write the sections, none when there is no vector. */
void kb_vec_rows_put(const struct kb_vec_rows *rows, size_t slot,
		     struct kb_container *out);

/* ---- reading ---- */

/* Look at a segment's vectors, without their codes; *hashes, one each, is
 * NULL when none was embedded. A segment without vectors gives n = 0.
 * sec[KB_SEC_MAX] are its sections. */
int kb_vec_rows_open(const struct kb_section *sec, size_t slot,
		     struct kb_vec_view *view, const uint64_t **hashes,
		     struct kb_err *err);

struct kb_vec_known {
	struct kb_vec_view *views; /* of the index's segments */
	size_t n;
	struct kb_map rows; /* hash -> view << 32 | row */
};

/* The vectors of one model that an index holds, dead chunks' too: empty, for
 * n segments; then each of them, whose mapping outlives this. */
void kb_vec_known_init(struct kb_vec_known *known, size_t n);
int kb_vec_known_add(struct kb_vec_known *known, const struct kb_section *sec,
		     size_t slot, uint64_t model, struct kb_err *err);
void kb_vec_known_release(struct kb_vec_known *known);

/* The vector of a text, or NULL. */
const struct kb_vec_view *kb_vec_known_find(const struct kb_vec_known *known,
					    uint64_t hash, size_t *row);

#endif
