#include "index/ingest/sources.h"

#include <assert.h>
#include <stdlib.h>

#include "base/hash.h"
#include "index/write/writer_impl.h"

_Static_assert(sizeof(struct kb_source_entry) == 64, "source entry");
_Static_assert(sizeof(struct kb_source_state) == 40, "source state");

int kb_sources_parse(struct kb_sources *s, const struct kb_container_view *view,
		     struct kb_err *err)
{
	size_t len = view->sec[KB_SOURCES_ENTRIES].len;

	s->entries = (const void *)view->sec[KB_SOURCES_ENTRIES].ptr;
	s->n = len / sizeof(*s->entries);
	s->paths = (const char *)view->sec[KB_SOURCES_PATHS].ptr;
	s->paths_len = view->sec[KB_SOURCES_PATHS].len;
	s->states = (const void *)view->sec[KB_SOURCES_STATES].ptr;
	s->said = (struct kb_str){(const char *)view->sec[KB_SOURCES_SAID].ptr,
				  view->sec[KB_SOURCES_SAID].len};
	if (len % sizeof(*s->entries) || (s->n && !s->paths) ||
	    (s->states &&
	     view->sec[KB_SOURCES_STATES].len != s->n * sizeof(*s->states)))
		return kb_err_set(err, KB_EFORMAT,
				  "the sources file is damaged; run kb-index "
				  "--rebuild");
	return 0;
}

int kb_sources_open(struct kb_sources *s, struct kb_writer *w,
		    struct kb_err *err)
{
	const struct kb_manifest_file *file = &w->next.sources;
	int rc;

	*s = (struct kb_sources){0};
	if (!file->name[0])
		return 0;
	if (!w->sources_view.ptr) {
		rc = kb_container_map(&w->sources_view, w->dir, file->name,
				      KB_KIND_SOURCES, KB_SOURCES_KNOWN, err);
		if (rc < 0)
			return rc;
	}
	return kb_sources_parse(s, &w->sources_view, err);
}

struct kb_str kb_sources_path(const struct kb_sources *s, size_t i)
{
	const struct kb_source_entry *e;

	assert(i < s->n);
	e = &s->entries[i];
	if (e->path > s->paths_len || e->path_len > s->paths_len - e->path)
		return (struct kb_str){"", 0};
	return (struct kb_str){s->paths + e->path, e->path_len};
}

const struct kb_source_state *kb_sources_state(const struct kb_sources *s,
					       size_t i)
{
	static const struct kb_source_state none;

	assert(i < s->n);
	return s->states ? &s->states[i] : &none;
}

struct kb_source kb_sources_get(const struct kb_sources *s, size_t i)
{
	struct kb_source source = {.said = {"", 0}};

	assert(i < s->n);
	source.entry = s->entries[i];
	source.state = *kb_sources_state(s, i);
	/* an older index has no section of it */
	if (source.state.said_len && source.state.said <= s->said.len &&
	    source.state.said_len <= s->said.len - source.state.said)
		source.said = (struct kb_str){s->said.ptr + source.state.said,
					      source.state.said_len};
	return source;
}

const struct kb_source_entry *kb_sources_find(const struct kb_sources *s,
					      struct kb_str path, size_t *at)
{
	for (; *at < s->n; ++*at) {
		int c = kb_str_cmp(kb_sources_path(s, *at), path);

		if (c >= 0)
			return c == 0 ? &s->entries[*at] : NULL;
	}
	return NULL;
}

/* ---- writing ---- */

void kb_sources_out_init(struct kb_sources_out *out)
{
	*out = (struct kb_sources_out){0};
	kb_buf_init(&out->paths, 0);
	kb_buf_init(&out->said, 0);
}

void kb_sources_out_release(struct kb_sources_out *out)
{
	free(out->entries);
	free(out->states);
	kb_buf_release(&out->paths);
	kb_buf_release(&out->said);
	*out = (struct kb_sources_out){0};
}

void kb_sources_out_add(struct kb_sources_out *out, struct kb_str path,
			const struct kb_source *source)
{
	struct kb_source_entry *e;
	struct kb_source_state *state;

	assert(path.len && path.len <= UINT32_MAX);
	assert(source->said.len <= UINT32_MAX);
	kb_grow(&out->entries, &out->cap, out->n + 1, sizeof(*out->entries));
	kb_grow(&out->states, &out->cap_states, out->n + 1,
		sizeof(*out->states));
	e = &out->entries[out->n];
	*e = source->entry;
	e->path = out->paths.len;
	e->path_len = (uint32_t)path.len;
	kb_buf_add_str(&out->paths, path);
	state = &out->states[out->n++];
	*state = source->state;
	state->said = source->said.len ? out->said.len : 0;
	state->said_len = (uint32_t)source->said.len;
	kb_buf_add_str(&out->said, source->said);
}

struct sort_view {
	const struct kb_source_entry *entry;
	const struct kb_source_state *state;
	const char *paths;
};

static int by_path(const void *a, const void *b)
{
	const struct sort_view *x = a, *y = b;

	return kb_str_cmp(
	    (struct kb_str){x->paths + x->entry->path, x->entry->path_len},
	    (struct kb_str){y->paths + y->entry->path, y->entry->path_len});
}

static void write_sections(struct kb_container *c,
			   const struct kb_sources_out *out)
{
	struct sort_view *order =
	    kb_reallocarray(NULL, out->n + 1, sizeof(*order));
	bool sorted = true;

	for (size_t i = 0; i < out->n; i++) {
		order[i] = (struct sort_view){&out->entries[i], &out->states[i],
					      out->paths.ptr};
		sorted &= !i || by_path(&order[i - 1], &order[i]) < 0;
	}
	if (!sorted)
		qsort(order, out->n, sizeof(*order), by_path);
	kb_container_begin(c, KB_SOURCES_ENTRIES, true);
	for (size_t i = 0; i < out->n; i++)
		kb_container_add(c, order[i].entry, sizeof(*order->entry));
	kb_container_end(c);
	kb_container_put(c, KB_SOURCES_PATHS, true, out->paths.ptr,
			 out->paths.len);
	kb_container_begin(c, KB_SOURCES_STATES, false);
	for (size_t i = 0; i < out->n; i++)
		kb_container_add(c, order[i].state, sizeof(*order->state));
	kb_container_end(c);
	kb_container_put(c, KB_SOURCES_SAID, false, out->said.ptr,
			 out->said.len);
	free(order);
}

int kb_sources_out_write(struct kb_sources_out *out, struct kb_writer *w,
			 struct kb_err *err)
{
	struct kb_container c;
	char name[64];
	int rc;

	kb_writer_file_name(w, name, sizeof(name), "src");
	rc = kb_container_create(&c, w->io, name, KB_KIND_SOURCES, err);
	if (rc < 0)
		return rc;
	write_sections(&c, out);
	rc = kb_container_finish(&c, err);
	if (rc < 0)
		return rc;
	memcpy(w->next.sources.name, c.name, sizeof(w->next.sources.name) - 1);
	w->next.sources.size = c.size;
	w->next.sources.crc = c.table_crc;
	w->touched = true;
	return 0;
}

/* ---- out of a dump ---- */

void kb_sources_restored_init(struct kb_sources_restored *r)
{
	kb_arena_init(&r->names);
	kb_map_init(&r->paths);
}

void kb_sources_restored_release(struct kb_sources_restored *r)
{
	kb_map_release(&r->paths);
	kb_arena_release(&r->names);
}

void kb_sources_restore(struct kb_sources_restored *r, struct kb_str path)
{
	bool added;
	uint64_t *name =
	    kb_map_put(&r->paths, kb_xxh64(path.ptr, path.len, 0), &added);

	if (added)
		*name =
		    (uintptr_t)kb_arena_strndup(&r->names, path.ptr, path.len);
}

bool kb_sources_restored_add(const struct kb_sources_restored *r,
			     const struct kb_sources *old,
			     struct kb_sources_out *out)
{
	/* No file has this size: whatever is there is read. */
	const struct kb_source unknown = {
	    .entry = {.flags = KB_SOURCE_RACY, .size = UINT64_MAX}};
	struct kb_map known;
	struct kb_map_slot slot;
	bool any = false;
	size_t pos = 0;

	kb_map_init(&known);
	for (size_t i = 0; i < old->n && r->paths.n; i++) {
		struct kb_str path = kb_sources_path(old, i);

		kb_map_put(&known, kb_xxh64(path.ptr, path.len, 0), NULL);
	}
	while (kb_map_next(&r->paths, &pos, &slot))
		if (!kb_map_get(&known, slot.key)) {
			kb_sources_out_add(
			    out, kb_str_of((const char *)(uintptr_t)slot.value),
			    &unknown);
			any = true;
		}
	kb_map_release(&known);
	return any;
}
