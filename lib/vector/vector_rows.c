#include "vector/vector_rows.h"

#include <stdlib.h>

#include "base/hash.h"

const struct kb_vec_slot kb_vec_slots[KB_VECTOR_SLOTS] = {
    {KB_SEC_VECTORS, KB_SEC_CODES, KB_SEC_TEXT_HASHES},
    {KB_SEC_VECTORS_2, KB_SEC_CODES_2, KB_SEC_TEXT_HASHES_2},
};

uint64_t kb_vec_text_hash(struct kb_str text, uint64_t seed)
{
	uint64_t hash = kb_xxh64(text.ptr, text.len, seed);

	return hash ? hash : 1;
}

void kb_vec_rows_init(struct kb_vec_rows *rows, uint64_t model)
{
	*rows = (struct kb_vec_rows){.hashes = NULL};
	kb_vec_builder_init(&rows->b, model);
}

void kb_vec_rows_release(struct kb_vec_rows *rows)
{
	kb_vec_builder_release(&rows->b);
	free(rows->hashes);
	rows->hashes = NULL;
	rows->cap = 0;
}

/* The builder leaves out what has no direction. */
static int note(struct kb_vec_rows *rows, size_t before, uint64_t hash, int rc)
{
	if (rc || rows->b.n == before)
		return rc;
	kb_grow(&rows->hashes, &rows->cap, rows->b.n, sizeof(*rows->hashes));
	rows->hashes[before] = hash;
	rows->embedded |= hash != 0;
	return 0;
}

int kb_vec_rows_add(struct kb_vec_rows *rows, uint32_t chunk, const float *x,
		    size_t dim, uint64_t hash, struct kb_err *err)
{
	size_t n = rows->b.n;

	return note(rows, n, hash, kb_vec_add(&rows->b, chunk, x, dim, err));
}

int kb_vec_rows_copy(struct kb_vec_rows *rows, uint32_t chunk,
		     const struct kb_vec_view *view, size_t row, uint64_t hash,
		     struct kb_err *err)
{
	size_t n = rows->b.n;

	return note(rows, n, hash,
		    kb_vec_add_row(&rows->b, chunk, view, row, err));
}

void kb_vec_rows_put(const struct kb_vec_rows *rows, size_t slot,
		     struct kb_container *out)
{
	const struct kb_vec_slot *sections = &kb_vec_slots[slot];
	struct kb_buf vectors = {0}, codes = {0};
	struct kb_vec_view view;

	if (!rows->b.n)
		return;
	kb_vec_write(&rows->b, &vectors);
	kb_container_put(out, sections->vectors, false, vectors.ptr,
			 vectors.len);
	if (rows->b.n >= KB_VEC_CODES_MIN &&
	    !kb_vec_open(&view, (const unsigned char *)vectors.ptr, vectors.len,
			 NULL, 0, NULL)) {
		kb_vec_write_codes(&view, &codes);
		kb_container_put(out, sections->codes, false, codes.ptr,
				 codes.len);
	}
	if (rows->embedded)
		kb_container_put(out, sections->hashes, false, rows->hashes,
				 rows->b.n * sizeof(*rows->hashes));
	kb_buf_release(&vectors);
	kb_buf_release(&codes);
}

/* ---- reading ---- */

int kb_vec_rows_open(const struct kb_section *sec, size_t slot,
		     struct kb_vec_view *view, const uint64_t **hashes,
		     struct kb_err *err)
{
	const struct kb_section *made = &sec[kb_vec_slots[slot].hashes];
	int rc;

	*view = (struct kb_vec_view){0};
	*hashes = NULL;
	sec += kb_vec_slots[slot].vectors;
	if (!sec->ptr)
		return 0;
	rc = kb_vec_open(view, sec->ptr, sec->len, NULL, 0, err);
	if (!rc && made->ptr && made->len == view->n * sizeof(**hashes))
		*hashes = (const uint64_t *)(const void *)made->ptr;
	return rc;
}

void kb_vec_known_init(struct kb_vec_known *known, size_t n)
{
	*known = (struct kb_vec_known){.n = 0};
	known->views = kb_calloc(n + 1, sizeof(*known->views));
	kb_map_init(&known->rows);
}

int kb_vec_known_add(struct kb_vec_known *known, const struct kb_section *sec,
		     size_t slot, uint64_t model, struct kb_err *err)
{
	struct kb_vec_view *view = &known->views[known->n];
	const uint64_t *hashes;
	int rc = kb_vec_rows_open(sec, slot, view, &hashes, err);

	if (rc || !hashes || view->model != model)
		return rc;
	for (size_t row = 0; row < view->n; row++)
		if (hashes[row])
			*kb_map_put(&known->rows, hashes[row], NULL) =
			    (uint64_t)known->n << 32 | row;
	known->n++;
	return 0;
}

void kb_vec_known_release(struct kb_vec_known *known)
{
	kb_map_release(&known->rows);
	free(known->views);
	*known = (struct kb_vec_known){0};
}

const struct kb_vec_view *kb_vec_known_find(const struct kb_vec_known *known,
					    uint64_t hash, size_t *row)
{
	const uint64_t *at =
	    known->rows.n ? kb_map_get(&known->rows, hash) : NULL;

	if (!at)
		return NULL;
	*row = (uint32_t)*at;
	return &known->views[*at >> 32];
}
