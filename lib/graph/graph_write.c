#include "graph/graph_write.h"

#include <stdlib.h>

#include "base/utf8.h"

/* Names mentioned by more chunks than these lead nowhere in particular. */

void kb_graph_edges_init(struct kb_graph_edges *e)
{
	*e = (struct kb_graph_edges){0};
	kb_map_init(&e->names);
	kb_buf_init(&e->text, UINT32_MAX);
}

void kb_graph_edges_release(struct kb_graph_edges *e)
{
	free(e->items);
	kb_map_release(&e->names);
	kb_buf_release(&e->text);
	kb_graph_edges_init(e);
}

void kb_graph_edges_name(struct kb_graph_edges *e, uint64_t key,
			 struct kb_str name)
{
	bool added;
	uint64_t *slot = kb_map_put(&e->names, key, &added);

	if (added) {
		size_t n = kb_utf8_cut(name.ptr, name.len, KB_ENTITY_NAME);

		*slot = (uint64_t)e->text.len << 8 | n;
		if (n)
			kb_buf_add(&e->text, name.ptr, n);
	}
}

void kb_graph_edges_add(struct kb_graph_edges *e, uint64_t key, uint32_t chunk,
			enum kb_edge_kind kind, struct kb_str name)
{
	kb_graph_edges_name(e, key, name);
	kb_grow(&e->items, &e->cap, e->n + 1, sizeof(*e->items));
	e->items[e->n++] = (struct kb_graph_edge){key, chunk, kind};
}

/* By key and chunk, the edge that says most first. */
static int by_place(const void *a, const void *b)
{
	const struct kb_graph_edge *x = a, *y = b;

	if (x->key != y->key)
		return x->key < y->key ? -1 : 1;
	if (x->chunk != y->chunk)
		return x->chunk < y->chunk ? -1 : 1;
	return (x->kind < y->kind) - (x->kind > y->kind);
}

static int by_kind(const void *a, const void *b)
{
	const struct kb_graph_edge *x = a, *y = b;

	if (x->kind != y->kind)
		return x->kind > y->kind ? -1 : 1;
	return (x->chunk > y->chunk) - (x->chunk < y->chunk);
}

/* Of several edges between a name and a chunk the first stays. */
static size_t unique(struct kb_graph_edge *items, size_t n)
{
	size_t kept = 0;

	for (size_t i = 0; i < n; i++) {
		if (kept && items[kept - 1].key == items[i].key &&
		    items[kept - 1].chunk == items[i].chunk)
			continue;
		items[kept++] = items[i];
	}
	return kept;
}

struct output {
	struct kb_buf keys, chunk_start, name_end, names, chunks;
	uint32_t n_entities, n_edges, n_links, n_triples;
	uint32_t *links; /* entity numbers, by chunk */
	uint32_t *link_start;
	struct kb_graph_edge *pending; /* links: key holds the entity */
	size_t n_pending, cap_pending;
};

static void add_u32(struct kb_buf *buf, uint32_t x)
{
	kb_buf_add(buf, &x, sizeof(x));
}

/* One entity with its edges, sorted. */
static void put_entity(struct output *out, const struct kb_graph_edges *e,
		       const struct kb_graph_edge *items, size_t n,
		       size_t limit)
{
	size_t about = 0;

	while (about < n && items[about].kind != KB_EDGE_MENTION)
		about++;
	if (n == 1 && !about)
		return;
	size_t back = n - about > limit ? about : n;
	const uint64_t *name = kb_map_get(&e->names, items[0].key);
	uint32_t number = out->n_entities++;

	kb_buf_add(&out->keys, &items[0].key, sizeof(items[0].key));
	add_u32(&out->chunk_start, out->n_edges);
	if (name && (*name & 0xff))
		kb_buf_add(&out->names, e->text.ptr + (*name >> 8),
			   *name & 0xff);
	add_u32(&out->name_end, (uint32_t)out->names.len);
	for (size_t i = 0; i < back; i++)
		add_u32(&out->chunks, items[i].chunk << 2 | items[i].kind);
	out->n_edges += (uint32_t)back;
	for (size_t i = 0; i < n; i++) {
		if (items[i].kind > KB_EDGE_OBJECT)
			continue;
		kb_grow(&out->pending, &out->cap_pending, out->n_pending + 1,
			sizeof(*out->pending));
		out->pending[out->n_pending++] = (struct kb_graph_edge){
		    number, items[i].chunk, items[i].kind};
	}
}

/* Chunks that have a subject; it may be called by several names. */
static uint32_t count_triples(const struct kb_graph_edges *e, uint32_t n_chunks)
{
	uint64_t *seen = kb_calloc((size_t)n_chunks / 64 + 1, sizeof(*seen));
	uint32_t n = 0;

	for (size_t i = 0; i < e->n; i++) {
		uint32_t chunk = e->items[i].chunk;
		uint64_t bit = (uint64_t)1 << chunk % 64;

		if (e->items[i].kind != KB_EDGE_SUBJECT || chunk >= n_chunks)
			continue;
		n += (seen[chunk / 64] & bit) == 0;
		seen[chunk / 64] |= bit;
	}
	free(seen);
	return n;
}

/* Counting sort of the links by chunk; entities stay in order. */
static void sort_links(struct output *out, uint32_t n_chunks)
{
	out->link_start = kb_calloc((size_t)n_chunks + 2, sizeof(uint32_t));
	out->links =
	    kb_reallocarray(NULL, out->n_pending + 1, sizeof(uint32_t));
	for (size_t i = 0; i < out->n_pending; i++)
		out->link_start[out->pending[i].chunk + 2]++;
	for (uint32_t c = 0; c < n_chunks; c++)
		out->link_start[c + 2] += out->link_start[c + 1];
	for (size_t i = 0; i < out->n_pending; i++) {
		uint32_t *at = &out->link_start[out->pending[i].chunk + 1];

		out->links[(*at)++] = (uint32_t)out->pending[i].key;
	}
	out->n_links = (uint32_t)out->n_pending;
}

static void pad(struct kb_buf *buf, size_t start)
{
	while ((buf->len - start) % 64)
		kb_buf_add_char(buf, '\0');
}

static void write_entities(struct output *out, uint32_t n_chunks,
			   struct kb_buf *to)
{
	size_t start = to->len;
	const uint64_t *keys = (const uint64_t *)(const void *)out->keys.ptr;
	uint32_t bits = 0, at = 0;

	while (bits < 28 && (4u << bits) < out->n_entities)
		bits++;
	struct kb_graph_head head = {.version = KB_GRAPH_VERSION,
				     .n_entities = out->n_entities,
				     .n_chunks = n_chunks,
				     .bucket_bits = bits,
				     .names_len = (uint32_t)out->names.len,
				     .n_triples = out->n_triples};

	kb_buf_add(to, &head, sizeof(head));
	for (uint64_t b = 0; b <= (uint64_t)1 << bits; b++) {
		while (at < out->n_entities &&
		       (bits ? keys[at] >> (64 - bits) : 0) < b)
			at++;
		add_u32(to, at);
	}
	pad(to, start);
	kb_buf_add_str(to, kb_buf_str(&out->keys));
	pad(to, start);
	add_u32(&out->chunk_start, out->n_edges);
	kb_buf_add_str(to, kb_buf_str(&out->chunk_start));
	pad(to, start);
	kb_buf_add_str(to, kb_buf_str(&out->name_end));
	pad(to, start);
	kb_buf_add_str(to, kb_buf_str(&out->names));
}

static void write_edges(struct output *out, uint32_t n_chunks,
			const uint64_t *goes_on, struct kb_buf *to)
{
	size_t start = to->len;
	struct kb_graph_head head = {.version = KB_GRAPH_VERSION,
				     .n_entities = out->n_edges,
				     .n_chunks = n_chunks,
				     .bucket_bits = out->n_links};

	kb_buf_add(to, &head, sizeof(head));
	kb_buf_add_str(to, kb_buf_str(&out->chunks));
	pad(to, start);
	kb_buf_add(to, out->link_start,
		   ((size_t)n_chunks + 1) * sizeof(uint32_t));
	pad(to, start);
	kb_buf_add(to, out->links, out->n_links * sizeof(uint32_t));
	pad(to, start);
	kb_buf_add(to, goes_on, ((size_t)n_chunks + 63) / 64 * 8);
}

void kb_graph_edges_write(struct kb_graph_edges *e, uint32_t n_chunks,
			  const uint64_t *goes_on, struct kb_buf *entities,
			  struct kb_buf *edges)
{
	struct output out = {0};
	size_t limit = kb_graph_common(n_chunks);

	if (e->n)
		qsort(e->items, e->n, sizeof(*e->items), by_place);
	e->n = unique(e->items, e->n);
	out.n_triples = count_triples(e, n_chunks);
	for (size_t i = 0, end; i < e->n; i = end) {
		end = i + 1;
		while (end < e->n && e->items[end].key == e->items[i].key)
			end++;
		if (end - i > 1)
			qsort(e->items + i, end - i, sizeof(*e->items),
			      by_kind);
		put_entity(&out, e, e->items + i, end - i, limit);
	}
	sort_links(&out, n_chunks);
	write_entities(&out, n_chunks, entities);
	write_edges(&out, n_chunks, goes_on, edges);
	kb_buf_release(&out.keys);
	kb_buf_release(&out.chunk_start);
	kb_buf_release(&out.name_end);
	kb_buf_release(&out.names);
	kb_buf_release(&out.chunks);
	free(out.links);
	free(out.link_start);
	free(out.pending);
}
