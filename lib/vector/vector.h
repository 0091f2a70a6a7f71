/*
 * Vectors of chunks: int8 with a scale each, and 1-bit codes to find them.
 *
 * A blob of vectors (KB_SEC_VECTORS; also inside KB_SEC_WORDVEC) holds the
 * rotated, normalised vectors of the chunks that have one, as int8 with one
 * scale a vector, so that their dot product is the cosine. A blob of codes
 * (KB_SEC_CODES) is derived from it: the signs of the rotated coordinates,
 * in blocks of 32 vectors, and one factor a vector, which makes the sign
 * product an unbiased estimate of the cosine (RaBitQ: Gao and Long, SIGMOD
 * 2024, section 3).
 *
 * Small segments are scanned exactly; large ones through their codes, with
 * the best of the estimates scored again from the int8 vectors.
 *
 * Blobs are read where they lie. Opening checks every offset; the contents
 * can then be wrong, never lead outside.
 */
#ifndef KB_VECTOR_VECTOR_H
#define KB_VECTOR_VECTOR_H

#include <stdbool.h>
#include <stdint.h>

#include "base/buf.h"
#include "base/err.h"
#include "vector/rotate.h"

/* Segments with at least this many vectors get codes. */
#define KB_VEC_CODES_MIN 16384

/* ---- writing ---- */

struct kb_vec_builder {
	size_t dim;	/* 0 until the first vector */
	size_t stride;	/* padded dimension */
	uint64_t model; /* hash of the model's name; chosen by the caller */
	uint32_t *rows; /* chunk of each vector, ascending */
	size_t n, rows_cap;
	float *scales;
	size_t scales_cap;
	struct kb_buf data; /* n * stride int8 */
	float *work;
};

void kb_vec_builder_init(struct kb_vec_builder *b, uint64_t model);
void kb_vec_builder_release(struct kb_vec_builder *b);

/*
 * Add the vector of a chunk (greater than the last one added). It is
 * normalised and rotated here; a vector of zeros or with a NaN is left out.
 * KB_EINVAL when its dimension is not that of the others, KB_ELIMIT when it
 * is above KB_VEC_DIM_MAX.
 */
int kb_vec_add(struct kb_vec_builder *b, uint32_t chunk, const float *x,
	       size_t dim, struct kb_err *err);

/* Append the blob of vectors. */
void kb_vec_write(const struct kb_vec_builder *b, struct kb_buf *out);

/* ---- reading ---- */

struct kb_vec_view {
	size_t dim, stride, n; /* n vectors */
	uint64_t model;
	const uint32_t *rows;
	const float *scales;
	const int8_t *data;
	const float *factors; /* NULL without codes */
	const unsigned char *codes;
};

/*
 * Look at a blob of vectors and, when codes is not NULL, its codes; both
 * stay where they are. KB_EFORMAT when they are damaged. ptr must be aligned
 * to 64 bytes, as sections are.
 */
int kb_vec_open(struct kb_vec_view *view, const unsigned char *ptr, size_t len,
		const unsigned char *codes, size_t codes_len,
		struct kb_err *err);

/*
 * A section that holds both blobs, as KB_SEC_WORDVEC does: the codes, if
 * any, at the next multiple of 64 behind the vectors.
 */
int kb_vec_open_joint(struct kb_vec_view *view, const unsigned char *ptr,
		      size_t len, struct kb_err *err);
void kb_vec_write_joint(const struct kb_vec_builder *b, struct kb_buf *out);

/* Append the blob of codes of a view's vectors. */
void kb_vec_write_codes(const struct kb_vec_view *view, struct kb_buf *out);

/*
 * Add row 'row' of another view as chunk 'chunk', bytes unchanged: merging,
 * and reuse of a vector whose text did not change. KB_EINVAL when model or
 * dimension differ.
 */
int kb_vec_add_row(struct kb_vec_builder *b, uint32_t chunk,
		   const struct kb_vec_view *view, size_t row,
		   struct kb_err *err);

/* Begin to read the vector of a chunk: the second step reads what the first
 * one asked for. */
#define KB_VEC_WANT_STEPS 2
void kb_vec_prefetch_chunk(const struct kb_vec_view *v, uint32_t chunk,
			   int step);

/* The row of a chunk, or -1. */
int64_t kb_vec_row(const struct kb_vec_view *view, uint32_t chunk);

/* ---- searching ---- */

struct kb_vec_query {
	size_t dim, stride;
	float scale;	 /* of hi * 128 + lo */
	int8_t *hi, *lo; /* rotated coordinates in 14 bits */
	float *x;	 /* the same, as they are */
};

/* Prepare a query vector. KB_EINVAL for zeros or NaN, KB_ELIMIT as above. */
int kb_vec_query_init(struct kb_vec_query *q, const float *x, size_t dim,
		      struct kb_err *err);
/* ... one that is rotated already: x[stride] of dim dimensions. */
int kb_vec_query_init_rotated(struct kb_vec_query *q, const float *x,
			      size_t dim, struct kb_err *err);
void kb_vec_query_release(struct kb_vec_query *q);

struct kb_vec_hit {
	uint32_t view; /* number in views[] */
	uint32_t chunk;
	float score; /* cosine */
};

struct kb_vec_search {
	size_t k;    /* hits wanted */
	size_t pool; /* candidates scored again; 0 means a good default */
	/* Deleted or filtered chunks are refused here; NULL takes all. */
	bool (*accept)(void *arg, uint32_t view, uint32_t chunk);
	void *arg;
	size_t rescored; /* out: candidates that were scored again */
	size_t scanned;	 /* out: vectors scored exactly */
};

/*
 * The k best of all views, best first (ties: view, then chunk), in hits[k].
 * Views of another dimension than the query's are passed over. Returns the
 * number of hits.
 */
size_t kb_vec_search(const struct kb_vec_view *views, size_t n_views,
		     const struct kb_vec_query *q, struct kb_vec_search *how,
		     struct kb_vec_hit *hits);

/* Bring a row near before it is scored. */
static inline void kb_vec_prefetch(const struct kb_vec_view *view, size_t row)
{
	for (size_t i = 0; i < view->stride; i += 64)
		__builtin_prefetch(view->data + row * view->stride + i);
}

/*
 * The mean cosine of two rows drawn from views of one dimension (those of
 * others than the first are passed over): of at most KB_VEC_MEAN_ROWS rows,
 * spread evenly. NAN of fewer than two rows.
 */
#define KB_VEC_MEAN_ROWS 4096
float kb_vec_mean_cosine(const struct kb_vec_view *views, size_t n_views);

/* Cosine of the query and one row. */
float kb_vec_score(const struct kb_vec_view *view, size_t row,
		   const struct kb_vec_query *q);

#endif
