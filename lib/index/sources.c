#include "index/sources.h"

#include <stdlib.h>

#include "index/writer_impl.h"

_Static_assert(sizeof(struct kb_source_entry) == 64, "source entry");

int kb_sources_parse(struct kb_sources *s, const struct kb_container_view *view,
		     struct kb_err *err)
{
	size_t len = view->sec[KB_SOURCES_ENTRIES].len;

	s->entries = (const void *)view->sec[KB_SOURCES_ENTRIES].ptr;
	s->n = len / sizeof(*s->entries);
	s->paths = (const char *)view->sec[KB_SOURCES_PATHS].ptr;
	s->paths_len = view->sec[KB_SOURCES_PATHS].len;
	if (len % sizeof(*s->entries) || (s->n && !s->paths))
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
				      KB_KIND_SOURCES, 6, err);
		if (rc < 0)
			return rc;
	}
	return kb_sources_parse(s, &w->sources_view, err);
}

struct kb_str kb_sources_path(const struct kb_sources *s, size_t i)
{
	const struct kb_source_entry *e = &s->entries[i];

	if (e->path > s->paths_len || e->path_len > s->paths_len - e->path)
		return (struct kb_str){"", 0};
	return (struct kb_str){s->paths + e->path, e->path_len};
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
}

void kb_sources_out_release(struct kb_sources_out *out)
{
	free(out->entries);
	kb_buf_release(&out->paths);
	*out = (struct kb_sources_out){0};
}

void kb_sources_out_add(struct kb_sources_out *out, struct kb_str path,
			const struct kb_source_entry *entry)
{
	struct kb_source_entry *e;

	kb_grow(&out->entries, &out->cap, out->n + 1, sizeof(*out->entries));
	e = &out->entries[out->n++];
	*e = *entry;
	e->path = out->paths.len;
	e->path_len = (uint32_t)path.len;
	e->zero = 0;
	kb_buf_add_str(&out->paths, path);
}

struct sort_view {
	const struct kb_source_entry *entry;
	const char *paths;
};

static int by_path(const void *a, const void *b)
{
	const struct sort_view *x = a, *y = b;

	return kb_str_cmp(
	    (struct kb_str){x->paths + x->entry->path, x->entry->path_len},
	    (struct kb_str){y->paths + y->entry->path, y->entry->path_len});
}

static void write_entries(struct kb_container *c,
			  const struct kb_sources_out *out)
{
	struct sort_view *order =
	    kb_reallocarray(NULL, out->n + 1, sizeof(*order));

	for (size_t i = 0; i < out->n; i++)
		order[i] = (struct sort_view){&out->entries[i], out->paths.ptr};
	qsort(order, out->n, sizeof(*order), by_path);
	kb_container_begin(c, KB_SOURCES_ENTRIES, true);
	for (size_t i = 0; i < out->n; i++)
		kb_container_add(c, order[i].entry, sizeof(*order->entry));
	kb_container_end(c);
	kb_container_put(c, KB_SOURCES_PATHS, true, out->paths.ptr,
			 out->paths.len);
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
	write_entries(&c, out);
	rc = kb_container_finish(&c, err);
	if (rc < 0)
		return rc;
	memcpy(w->next.sources.name, c.name, sizeof(w->next.sources.name) - 1);
	w->next.sources.size = c.size;
	w->next.sources.crc = c.table_crc;
	w->touched = true;
	return 0;
}
