/*
 * Damaged sections of the graph and vector legs: opening refuses them, or
 * whatever is read then lies inside.
 *
 * The first byte chooses the leg, the next four say where the first of two
 * sections ends.
 */
#include <stdint.h>
#include <stdlib.h>

#include "base/mem.h"
#include "graph/graph.h"
#include "vector/static_encoder.h"
#include "vector/vector.h"
#include "vector/word_vectors.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

/* Keeps what is read from being optimised away. */
static volatile uint64_t seen;

enum { MAX_LOOKED_AT = 300 };

/* A section as it is mapped: aligned, with nothing to read behind it. */
static unsigned char *section(const uint8_t *data, size_t size)
{
	void *at;

	if (posix_memalign(&at, 64, size ? size : 1))
		abort();
	if (size)
		memcpy(at, data, size);
	return at;
}

static uint64_t graph(const unsigned char *entities, size_t entities_len,
		      const unsigned char *edges, size_t edges_len)
{
	struct kb_graph g;
	uint64_t sum = 0;
	size_t n;

	if (kb_graph_open(&g, entities, entities_len, edges, edges_len, NULL))
		return 0;
	for (uint32_t e = 0; e < g.n_entities && e < MAX_LOOKED_AT; e++) {
		const uint32_t *chunks = kb_graph_chunks(&g, e, &n);
		struct kb_str name = kb_graph_name(&g, e);

		sum += (uint64_t)kb_graph_find(&g, g.keys[e]);
		for (size_t i = 0; i < n; i++)
			sum += chunks[i];
		for (size_t i = 0; i < name.len; i++)
			sum += (unsigned char)name.ptr[i];
	}
	for (uint32_t c = 0; c < g.n_chunks && c < MAX_LOOKED_AT; c++) {
		const uint32_t *entities_of = kb_graph_entities(&g, c, &n);

		for (size_t i = 0; i < n; i++)
			sum += entities_of[i];
		sum += kb_graph_goes_on(&g, c);
	}
	for (uint64_t key = 1; key; key <<= 1)
		sum += (uint64_t)kb_graph_find(&g, key);
	return sum;
}

static void merge(const unsigned char *entities, size_t entities_len,
		  const unsigned char *edges, size_t edges_len)
{
	struct kb_buf out[2] = {{0}, {0}};
	struct kb_graph g;
	uint32_t *places;

	if (kb_graph_open(&g, entities, entities_len, edges, edges_len, NULL) ||
	    g.n_chunks > 1 << 16)
		return;
	places = kb_calloc(g.n_chunks + (size_t)1, sizeof(*places));
	for (uint32_t c = 0; c < g.n_chunks; c++)
		places[c] = c % 3 ? c : UINT32_MAX;
	kb_graph_merge(&(struct kb_graph_input){&g, places}, 1, g.n_chunks,
		       &out[0], &out[1]);
	free(places);
	kb_buf_release(&out[0]);
	kb_buf_release(&out[1]);
}

static void vectors(const unsigned char *ptr, size_t len,
		    const unsigned char *codes, size_t codes_len)
{
	struct kb_vec_search how = {.k = 5};
	struct kb_vec_hit hits[5];
	struct kb_vec_query q;
	struct kb_vec_view v;
	float *x;

	if (kb_vec_open(&v, ptr, len, codes, codes_len, NULL) &&
	    kb_vec_open_joint(&v, ptr, len, NULL))
		return;
	x = kb_calloc(v.dim + 1, sizeof(*x));
	for (size_t i = 0; i < v.dim; i++)
		x[i] = (float)(i % 5) - 1;
	if (!kb_vec_query_init(&q, x, v.dim, NULL)) {
		kb_vec_search(&v, 1, &q, &how, hits);
		for (uint32_t c = 0; c < 64; c++) {
			for (int step = 0; step < KB_VEC_WANT_STEPS; step++)
				kb_vec_prefetch_chunk(&v, c, step);
			int64_t row = kb_vec_row(&v, c);

			if (row >= 0)
				kb_vec_score(&v, (size_t)row, &q);
		}
		kb_vec_query_release(&q);
	}
	free(x);
}

/* Sections of a global file, which the caller frees: two bytes say the length
 * of each of the five in turn. */
static void split(const unsigned char *data, size_t size,
		  struct kb_container_view *view, unsigned char *blocks[6])
{
	memset(blocks, 0, 6 * sizeof(*blocks));
	for (int type = 1; type <= 5 && size >= 2; type++) {
		size_t len = data[0] | (size_t)data[1] << 8;

		data += 2, size -= 2;
		len = len < size ? len : size;
		blocks[type] = section(data, len);
		view->sec[type].ptr = blocks[type];
		view->sec[type].len = len;
		data += len, size -= len;
	}
}

static void words(const unsigned char *data, size_t size)
{
	struct kb_container_view view = {0};
	uint32_t terms[] = {0, 1, 2, 3, UINT32_MAX};
	float x[KB_WORDVEC_DIM];
	struct kb_wordvec *model;
	unsigned char *blocks[6];

	split(data, size, &view, blocks);
	if (!kb_wordvec_open(&model, &view, NULL)) {
		kb_wordvec_encode(model, terms, 5, x);
		kb_wordvec_free(model);
	}
	for (int type = 1; type <= 5; type++)
		free(blocks[type]);
}

static void statics(const unsigned char *data, size_t size)
{
	struct kb_container_view view = {0};
	struct kb_term items[] = {{.key = kb_term_han1(1)},
				  {.key = kb_term_han1(0x9000)},
				  {.key = kb_term_han2(2, 3)},
				  {.key = (uint64_t)KB_TERM_WORD << 60}};
	struct kb_terms terms = {.items = items, .n = 4};
	struct kb_static_encoder encoder;
	unsigned char *blocks[6];
	struct kb_vec_query q;

	split(data, size, &view, blocks);
	if (!kb_static_open(&encoder, &view, NULL)) {
		float *x = kb_calloc(encoder.stride, sizeof(*x));

		if (encoder.n)
			items[1].key = encoder.units[encoder.n - 1];
		if (kb_static_encode(&encoder, &terms, x) &&
		    !kb_vec_query_init_rotated(&q, x, encoder.dim, NULL))
			kb_vec_query_release(&q);
		free(x);
		kb_static_release(&encoder);
	}
	for (int type = 1; type <= 5; type++)
		free(blocks[type]);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	unsigned char *a, *b;
	uint32_t end;

	if (size < 5)
		return 0;
	memcpy(&end, data + 1, 4);
	if (end > size - 5)
		end = (uint32_t)size - 5;
	a = section(data + 5, end);
	b = section(data + 5 + end, size - 5 - end);
	switch (data[0] % 8) {
	case 0:
	case 4:
		seen += graph(a, end, b, size - 5 - end);
		merge(a, end, b, size - 5 - end);
		break;
	case 1:
	case 5:
		vectors(a, end, b, size - 5 - end);
		break;
	case 2:
	case 6:
		vectors(a, end, NULL, 0);
		break;
	case 7:
		statics(data + 5, size - 5);
		break;
	default:
		words(data + 5, size - 5);
	}
	free(a);
	free(b);
	return 0;
}
