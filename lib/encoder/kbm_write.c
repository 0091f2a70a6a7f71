#include <stdio.h>
#include <stdlib.h>
#include <unistd.h>

#include "base/file_out.h"
#include "base/hash.h"
#include "encoder/kbm.h"

static void add(struct kb_kbm_writer *w, const void *data, size_t len)
{
	if (!w->failed)
		w->failed = kb_file_out_write(w->file, data, len, &w->err);
	w->at += len;
}

static void align(struct kb_kbm_writer *w)
{
	static const char zeros[KB_KBM_ALIGN];

	add(w, zeros, (size_t)(-w->at % KB_KBM_ALIGN));
}

void kb_kbm_begin(struct kb_kbm_writer *w, struct kb_file_out *file)
{
	const struct kb_kbm_header header = {.zero = {0}};

	*w = (struct kb_kbm_writer){.file = file};
	add(w, &header, sizeof(header)); /* its place; written at the end */
}

void kb_kbm_put(struct kb_kbm_writer *w, const char *name,
		enum kb_kbm_type type, size_t rows, size_t cols, int zero,
		const void *data, size_t len)
{
	struct kb_kbm_entry *e;

	align(w);
	kb_grow(&w->entries, &w->cap, w->n + 1, sizeof(*w->entries));
	e = &w->entries[w->n++];
	*e = (struct kb_kbm_entry){
	    .type = (uint32_t)type,
	    .rows = (uint32_t)rows,
	    .cols = (uint32_t)cols,
	    .zero = zero,
	    .crc = kb_crc32c(0, data, len),
	    .offset = w->at,
	    .length = len,
	};
	snprintf(e->name, sizeof(e->name), "%s", name);
	add(w, data, len);
}

int kb_kbm_end(struct kb_kbm_writer *w, struct kb_err *err)
{
	size_t table_size = w->n * sizeof(*w->entries);
	struct kb_kbm_header h = {
	    .major = KB_KBM_MAJOR,
	    .minor = KB_KBM_MINOR,
	    .n = (uint32_t)w->n,
	    .table_crc = kb_crc32c(0, w->entries, table_size),
	};

	memcpy(h.magic, KB_KBM_MAGIC, sizeof(h.magic));
	align(w);
	h.table = w->at;
	add(w, w->entries, table_size);
	h.size = w->at;
	h.crc = kb_crc32c(0, &h, offsetof(struct kb_kbm_header, crc));
	if (!w->failed && pwrite(w->file->fd, &h, sizeof(h), 0) != sizeof(h))
		w->failed =
		    kb_err_sys(&w->err, "cannot write '%s'", w->file->path);
	if (w->failed && err)
		*err = w->err;
	if (!w->failed)
		w->failed = kb_file_out_publish(w->file, err);
	return w->failed ? w->failed : kb_file_out_close(w->file, err);
}

void kb_kbm_writer_release(struct kb_kbm_writer *w)
{
	free(w->entries);
	w->entries = NULL;
}
