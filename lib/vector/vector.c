#include "vector/vector.h"

#include <assert.h>
#include <math.h>
#include <stdlib.h>

#include "base/page_advice.h"
#include "vector/code_scan.h"

#define VERSION 1
#define ALIGN	64

/* First bytes of both blobs. */
struct header {
	uint32_t version;
	uint32_t dim;
	uint32_t stride;
	uint32_t n;
	uint64_t model;
	uint8_t reserved[40];
};
_Static_assert(sizeof(struct header) == 64, "header is one cache line");

static size_t align_up(size_t n)
{
	return (n + ALIGN - 1) / ALIGN * ALIGN;
}

static void pad(struct kb_buf *out, size_t start)
{
	static const char zeros[ALIGN];

	kb_buf_add(out, zeros, align_up(out->len - start) - (out->len - start));
}

void kb_vec_builder_init(struct kb_vec_builder *b, uint64_t model)
{
	*b = (struct kb_vec_builder){.model = model};
	kb_buf_init(&b->data, 0);
}

void kb_vec_builder_release(struct kb_vec_builder *b)
{
	free(b->rows);
	free(b->scales);
	free(b->work);
	kb_buf_release(&b->data);
	kb_vec_builder_init(b, b->model);
}

static int set_dim(struct kb_vec_builder *b, size_t dim, struct kb_err *err)
{
	if (dim == 0)
		return kb_err_set(err, KB_EINVAL, "vector of no dimensions");
	if (dim > KB_VEC_DIM_MAX)
		return kb_err_set(err, KB_ELIMIT,
				  "vector of %zu dimensions, limit %d", dim,
				  KB_VEC_DIM_MAX);
	if (b->dim && b->dim != dim)
		return kb_err_set(err, KB_EINVAL,
				  "vector of %zu dimensions in an index of %zu",
				  dim, b->dim);
	if (!b->dim) {
		b->dim = dim;
		b->stride = kb_rotate_padded(dim);
		b->work = kb_calloc(b->stride, sizeof(float));
	}
	return 0;
}

static void add_row(struct kb_vec_builder *b, uint32_t chunk, float scale,
		    const int8_t *x)
{
	kb_grow(&b->rows, &b->rows_cap, b->n + 1, sizeof(*b->rows));
	kb_grow(&b->scales, &b->scales_cap, b->n + 1, sizeof(*b->scales));
	b->rows[b->n] = chunk;
	b->scales[b->n] = scale;
	kb_buf_add(&b->data, x, b->stride);
	b->n++;
}

int kb_vec_add(struct kb_vec_builder *b, uint32_t chunk, const float *x,
	       size_t dim, struct kb_err *err)
{
	int8_t row[KB_VEC_DIM_MAX];
	float max = 0;
	int rc = set_dim(b, dim, err);

	assert(x || !dim);
	assert(!b->n || b->rows[b->n - 1] < chunk); /* ascending */
	if (rc)
		return rc;
	memset(b->work, 0, b->stride * sizeof(float));
	memcpy(b->work, x, dim * sizeof(float));
	if (!kb_vec_normalise(b->work, dim))
		return 0;
	kb_rotate(b->work, b->stride);
	for (size_t i = 0; i < b->stride; i++)
		max = fmaxf(max, fabsf(b->work[i]));
	for (size_t i = 0; i < b->stride; i++)
		row[i] = (int8_t)lrintf(b->work[i] / max * 127);
	add_row(b, chunk, max / 127, row);
	return 0;
}

int kb_vec_add_row(struct kb_vec_builder *b, uint32_t chunk,
		   const struct kb_vec_view *view, size_t row,
		   struct kb_err *err)
{
	int rc = set_dim(b, view->dim, err);

	assert(row < view->n);
	assert(!b->n || b->rows[b->n - 1] < chunk);
	if (rc)
		return rc;
	if (view->model != b->model)
		return kb_err_set(err, KB_EINVAL,
				  "vectors of two models in one index");
	add_row(b, chunk, view->scales[row], view->data + row * view->stride);
	return 0;
}

void kb_vec_write(const struct kb_vec_builder *b, struct kb_buf *out)
{
	size_t start = out->len;
	struct header h = {.version = VERSION,
			   .dim = (uint32_t)b->dim,
			   .stride = (uint32_t)b->stride,
			   .n = (uint32_t)b->n,
			   .model = b->model};

	kb_buf_add(out, &h, sizeof(h));
	kb_buf_add(out, b->rows ? (const void *)b->rows : "",
		   b->n * sizeof(*b->rows));
	pad(out, start);
	kb_buf_add(out, b->scales ? (const void *)b->scales : "",
		   b->n * sizeof(*b->scales));
	pad(out, start);
	kb_buf_add_str(out, kb_buf_str(&b->data));
}

/* ---- codes ---- */

static size_t blocks_of(size_t n)
{
	return (n + KB_SCAN_BLOCK - 1) / KB_SCAN_BLOCK;
}

/* sum x^2 / sum |x|: the factor that makes the sign product an estimate of
 * the dot product (the vector has length 1, up to rounding). */
static float code_factor(const int8_t *x, size_t n, float scale)
{
	int32_t squares = 0, sizes = 0;

	for (size_t i = 0; i < n; i++) {
		squares += x[i] * x[i];
		sizes += abs(x[i]);
	}
	return sizes ? scale * (float)squares / (float)sizes : 0;
}

static void code_block(const struct kb_vec_view *v, size_t first,
		       unsigned char *codes)
{
	size_t groups = v->stride / 4;
	size_t count =
	    v->n - first < KB_SCAN_BLOCK ? v->n - first : KB_SCAN_BLOCK;

	memset(codes, 0, groups * 16);
	for (size_t i = 0; i < count; i++) {
		const int8_t *x = v->data + (first + i) * v->stride;
		int shift = i < 16 ? 0 : 4;

		for (size_t g = 0; g < groups; g++) {
			unsigned bits = 0;

			for (size_t j = 0; j < 4; j++)
				bits |= (unsigned)(x[4 * g + j] >= 0) << j;
			codes[16 * g + i % 16] |=
			    (unsigned char)(bits << shift);
		}
	}
}

void kb_vec_write_codes(const struct kb_vec_view *v, struct kb_buf *out)
{
	size_t start = out->len, blocks = blocks_of(v->n);
	unsigned char codes[4 * KB_VEC_DIM_MAX];
	struct header h = {.version = VERSION,
			   .dim = (uint32_t)v->dim,
			   .stride = (uint32_t)v->stride,
			   .n = (uint32_t)v->n,
			   .model = v->model};

	kb_buf_add(out, &h, sizeof(h));
	for (size_t i = 0; i < blocks * KB_SCAN_BLOCK; i++) {
		float f = i < v->n ? code_factor(v->data + i * v->stride,
						 v->stride, v->scales[i])
				   : 0;

		kb_buf_add(out, &f, sizeof(f));
	}
	pad(out, start);
	for (size_t b = 0; b < blocks; b++) {
		code_block(v, b * KB_SCAN_BLOCK, codes);
		kb_buf_add(out, codes, v->stride * 4);
	}
}

/* ---- reading ---- */

static int damaged(struct kb_err *err, const char *what)
{
	return kb_err_set(err, KB_EFORMAT, "vectors are damaged: %s", what);
}

static int read_header(struct header *h, const unsigned char *ptr, size_t len,
		       struct kb_err *err)
{
	if (len < sizeof(*h) || (uintptr_t)ptr % 16)
		return damaged(err, "cut short");
	memcpy(h, ptr, sizeof(*h));
	if (h->version != VERSION)
		return damaged(err, "unknown version");
	if (h->dim > KB_VEC_DIM_MAX || h->stride != kb_rotate_padded(h->dim))
		return damaged(err, "dimension");
	return 0;
}

static int open_codes(struct kb_vec_view *v, const unsigned char *ptr,
		      size_t len, struct kb_err *err)
{
	struct header h;
	int rc = read_header(&h, ptr, len, err);

	if (rc)
		return rc;
	size_t padded = blocks_of(v->n) * KB_SCAN_BLOCK;
	size_t at = align_up(sizeof(h) + padded * sizeof(float));

	if (h.n != v->n || h.stride != v->stride || h.model != v->model)
		return damaged(err, "codes of other vectors");
	if (len < at || (len - at) < padded * v->stride / 8)
		return damaged(err, "codes cut short");
	v->factors = (const float *)(ptr + sizeof(h));
	v->codes = ptr + at;
	return 0;
}

int kb_vec_open(struct kb_vec_view *v, const unsigned char *ptr, size_t len,
		const unsigned char *codes, size_t codes_len,
		struct kb_err *err)
{
	struct header h;
	int rc = read_header(&h, ptr, len, err);

	*v = (struct kb_vec_view){0};
	if (rc)
		return rc;
	size_t n = h.n;
	size_t scales = align_up(sizeof(h) + n * sizeof(uint32_t));
	size_t data = align_up(scales + n * sizeof(float));

	if (data > len || n * h.stride > len - data)
		return damaged(err, "cut short");
	v->dim = h.dim;
	v->stride = h.stride;
	v->n = n;
	v->model = h.model;
	v->rows = (const uint32_t *)(const void *)(ptr + sizeof(h));
	v->scales = (const float *)(const void *)(ptr + scales);
	v->data = (const int8_t *)(ptr + data);
	return codes ? open_codes(v, codes, codes_len, err) : 0;
}

int kb_vec_open_joint(struct kb_vec_view *v, const unsigned char *ptr,
		      size_t len, struct kb_err *err)
{
	int rc = kb_vec_open(v, ptr, len, NULL, 0, err);
	size_t end;

	if (rc)
		return rc;
	end = align_up((size_t)((const unsigned char *)v->data - ptr) +
		       v->n * v->stride);
	return len > end ? open_codes(v, ptr + end, len - end, err) : 0;
}

void kb_vec_write_joint(const struct kb_vec_builder *b, struct kb_buf *out)
{
	size_t start = out->len;
	struct kb_buf vectors = {0};
	struct kb_vec_view view;

	kb_vec_write(b, out);
	if (b->n < KB_VEC_CODES_MIN)
		return;
	/* The buffer may move while codes are added: a copy of its bytes. */
	kb_vec_write(b, &vectors);
	if (!kb_vec_open(&view, (const unsigned char *)vectors.ptr, vectors.len,
			 NULL, 0, NULL)) {
		pad(out, start);
		kb_vec_write_codes(&view, out);
	}
	kb_buf_release(&vectors);
}

void kb_vec_prefetch_chunk(const struct kb_vec_view *v, uint32_t chunk,
			   int step)
{
	if (chunk >= v->n)
		return;
	if (step == 0) {
		kb_pages_prefetch(&v->rows[chunk], sizeof(*v->rows));
	} else if (v->rows[chunk] == chunk) {
		kb_pages_prefetch(&v->scales[chunk], sizeof(*v->scales));
		kb_pages_prefetch(v->data + chunk * v->stride, v->stride);
	}
}

int64_t kb_vec_row(const struct kb_vec_view *v, uint32_t chunk)
{
	size_t lo = 0, hi = v->n;

	if (chunk < v->n && v->rows[chunk] == chunk) /* every one has one */
		return chunk;
	while (lo < hi) {
		size_t mid = lo + (hi - lo) / 2;

		if (v->rows[mid] < chunk)
			lo = mid + 1;
		else
			hi = mid;
	}
	return lo < v->n && v->rows[lo] == chunk ? (int64_t)lo : -1;
}

/* Adds what every 'step'-th row points to; the sum of the squares of their
 * lengths, which are nearly 1. */
static double add_rows(const struct kb_vec_view *v, size_t step, double *sum,
		       size_t *n)
{
	double squares = 0;

	for (size_t row = 0; row < v->n; row += step) {
		const int8_t *x = v->data + row * v->stride;
		double scale = (double)v->scales[row], square = 0;

		for (size_t i = 0; i < v->stride; i++) {
			double y = x[i] * scale;

			sum[i] += y;
			square += y * y;
		}
		squares += square;
		++*n;
	}
	return squares;
}

/* The square of the sum of all is the sum of all their products. */
float kb_vec_mean_cosine(const struct kb_vec_view *views, size_t n_views)
{
	double sum[KB_VEC_DIM_MAX] = {0}, square = 0, own = 0;
	size_t all = 0, n = 0, stride = 0;

	for (size_t i = 0; i < n_views; i++) {
		stride = stride ? stride : views[i].stride;
		all += views[i].stride == stride ? views[i].n : 0;
	}
	for (size_t i = 0; i < n_views; i++)
		if (views[i].n && views[i].stride == stride)
			own += add_rows(&views[i], all / KB_VEC_MEAN_ROWS + 1,
					sum, &n);
	for (size_t i = 0; i < stride; i++)
		square += sum[i] * sum[i];
	return n < 2 ? NAN
		     : (float)((square - own) / ((double)n * (double)(n - 1)));
}
