#include "vector/static_encoder.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "base/simd.h"
#include "vector/rotate.h"

#define SECTION_HEAD   1
#define SECTION_UNITS  2
#define SECTION_SCALES 3
#define SECTION_ROWS   4
#define SECTION_MEAN   5
#define VERSION	       1

const char *const kb_static_slots[KB_VECTOR_SLOTS] = {"static", "static-2"};

bool kb_static_is_slot(const char *slot)
{
	for (size_t i = 0; i < KB_VECTOR_SLOTS; i++)
		if (!strcmp(slot, kb_static_slots[i]))
			return true;
	return false;
}

struct head {
	uint32_t version, dim, stride, n;
	uint64_t model, texts;
	float agreement;
	uint32_t zero;
};
_Static_assert(sizeof(struct head) == 40, "as kb-index-format(5) says");

static const void *section(const struct kb_container_view *view, uint32_t type,
			   size_t size)
{
	return view->sec[type].ptr && view->sec[type].len == size
		   ? view->sec[type].ptr
		   : NULL;
}

int kb_static_open(struct kb_static_encoder *out,
		   const struct kb_container_view *view, struct kb_err *err)
{
	const struct head *h = section(view, SECTION_HEAD, sizeof(*h));

	*out = (struct kb_static_encoder){0};
	if (!h || h->version != VERSION || !h->dim || h->dim > KB_VEC_DIM_MAX ||
	    h->stride != kb_rotate_padded(h->dim) || h->n > KB_STATIC_UNITS_MAX)
		return kb_err_set(err, KB_EFORMAT,
				  "the static encoder is damaged: head");
	size_t n = h->n;
	struct kb_static_encoder e = {
	    .dim = h->dim,
	    .stride = h->stride,
	    .n = n,
	    .model = h->model,
	    .texts = h->texts,
	    .agreement = h->agreement,
	    .units = section(view, SECTION_UNITS, n * sizeof(*e.units)),
	    .scales = section(view, SECTION_SCALES, n * sizeof(*e.scales)),
	    .rows = section(view, SECTION_ROWS, n * h->stride),
	    .mean = section(view, SECTION_MEAN, h->stride * sizeof(*e.mean)),
	};

	if (!e.units || !e.scales || !e.rows || !e.mean)
		return kb_err_set(err, KB_EFORMAT,
				  "the static encoder is damaged: cut short");
	*out = e;
	return 0;
}

void kb_static_release(struct kb_static_encoder *e)
{
	free(e->owned);
	*e = (struct kb_static_encoder){0};
}

void kb_static_write(const struct kb_static_encoder *e,
		     struct kb_container *out)
{
	struct head h = {.version = VERSION,
			 .dim = (uint32_t)e->dim,
			 .stride = (uint32_t)e->stride,
			 .n = (uint32_t)e->n,
			 .model = e->model,
			 .texts = e->texts,
			 .agreement = e->agreement};

	kb_container_put(out, SECTION_HEAD, true, &h, sizeof(h));
	kb_container_put(out, SECTION_UNITS, true, e->units,
			 e->n * sizeof(*e->units));
	kb_container_put(out, SECTION_SCALES, true, e->scales,
			 e->n * sizeof(*e->scales));
	kb_container_put(out, SECTION_ROWS, true, e->rows, e->n * e->stride);
	kb_container_put(out, SECTION_MEAN, true, e->mean,
			 e->stride * sizeof(*e->mean));
}

/* The number of a unit, or -1. Of a damaged file any. */
static int64_t find(const struct kb_static_encoder *e, uint64_t unit)
{
	size_t lo = 0, hi = e->n;

	while (lo < hi) {
		size_t mid = lo + (hi - lo) / 2;

		if (e->units[mid] < unit)
			lo = mid + 1;
		else
			hi = mid;
	}
	return lo < e->n && e->units[lo] == unit ? (int64_t)lo : -1;
}

KB_WIDE
static void add_row(float *restrict x, const int8_t *restrict row, float scale,
		    size_t n)
{
	for (size_t i = 0; i < n; i++)
		x[i] += scale * (float)row[i];
}

bool kb_static_encode(const struct kb_static_encoder *e,
		      const struct kb_terms *terms, float *x)
{
	size_t known = 0;

	memset(x, 0, e->stride * sizeof(*x));
	for (size_t i = 0; i < terms->n; i++) {
		uint64_t key = terms->items[i].key;
		int64_t at = kb_static_is_unit(key) ? find(e, key) : -1;

		if (at < 0)
			continue;
		known++;
		add_row(x, e->rows + (size_t)at * e->stride, e->scales[at],
			e->stride);
	}
	for (size_t i = 0; i < e->stride && known; i++)
		x[i] = e->mean[i] + x[i] / (float)known;
	return known > 0;
}
