#include "index/index.h"

#include <fcntl.h>
#include <stdlib.h>
#include <unistd.h>

#include "index/segment_file.h"
#include "index/user_words.h"
#include "store/directory.h"
#include "vector/static_encoder.h"
#include "vector/word_vectors.h"

#define OPEN_TRIES 16

struct kb_index_files {
	char *path;
	struct kb_manifest manifest;
	struct kb_container_view globals[KB_MANIFEST_GLOBALS];
	int dir; /* to read the sources, which a search does not need */
};

/* Sections of a global file that this program understands; of a slot that
 * it does not use it reads none. */
static uint32_t known_of(const char *slot)
{
	if (!strcmp(slot, KB_WORDVEC_SLOT))
		return KB_WORDVEC_KNOWN;
	if (kb_static_is_slot(slot))
		return KB_STATIC_KNOWN;
	return strcmp(slot, KB_USER_WORDS_SLOT) ? UINT32_MAX
						: KB_USER_WORDS_KNOWN;
}

static int open_global(struct kb_index *index, int dir, size_t i,
		       struct kb_err *err)
{
	const struct kb_manifest_file *file =
	    &index->files->manifest.globals[i].file;
	struct kb_container_view *view = &index->files->globals[i];
	int rc = kb_container_map(
	    view, dir, file->name, KB_KIND_GLOBAL,
	    known_of(index->files->manifest.globals[i].slot), err);

	if (rc < 0)
		return rc;
	if (view->len != file->size || view->table_crc != file->crc)
		return kb_err_set(err, KB_EFORMAT,
				  "'%s' is not the file the manifest names; "
				  "run kb-index --rebuild",
				  file->name);
	return 0;
}

static int open_files(struct kb_index *index, int dir, struct kb_err *err)
{
	const struct kb_manifest *m = &index->files->manifest;

	index->segments = kb_calloc(m->n_segments, sizeof(*index->segments));
	for (size_t i = 0; i < m->n_segments; i++) {
		struct kb_segment *seg;
		int rc = kb_segment_open(&seg, dir, &m->segments[i], err);

		if (rc < 0)
			return rc;
		index->segments[index->n_segments++] = seg;
		index->n_chunks += seg->n_live;
		index->total_length += seg->total_length;
	}
	for (size_t i = 0; i < m->n_globals; i++) {
		int rc = open_global(index, dir, i, err);

		if (rc < 0)
			return rc;
	}
	return 0;
}

/* What helps is what kb-index would not refuse. */
static int no_index(int dir, const char *path, struct kb_err *err)
{
	enum kb_directory_kind kind;
	int rc = kb_directory_kind(dir, path, &kind, err);

	if (rc < 0)
		return rc == KB_ENOENT ? KB_EIO : rc;
	if (kind == KB_DIRECTORY_OTHER)
		return kb_err_set(err, KB_EINVAL,
				  "'%s' holds other files and no index; make "
				  "one of them with kb-index INDEX %s",
				  path, path);
	return kb_err_set(err, KB_EINVAL,
			  "'%s' holds no index; make one with kb-index %s "
			  "PATH...",
			  path, path);
}

static int open_generation(struct kb_index **out, const char *path, int dir,
			   struct kb_err *err)
{
	struct kb_index *index = kb_calloc(1, sizeof(*index));
	struct kb_manifest *m;
	int rc;

	kb_settings_init(&index->settings);
	index->files = kb_calloc(1, sizeof(*index->files));
	index->files->dir = fcntl(dir, F_DUPFD_CLOEXEC, 0);
	index->files->path = kb_strdup(path);
	index->path = index->files->path;
	m = &index->files->manifest;
	kb_manifest_init(m);
	rc = kb_manifest_load(m, dir, path, err);
	if (rc < 0) {
		kb_index_close(index);
		/* Tells a missing manifest from a file lost meanwhile. */
		return rc == KB_ENOENT ? no_index(dir, path, err) : rc;
	}
	index->generation = m->generation;
	memcpy(index->commit, m->commit, sizeof(index->commit));
	kb_settings_parse(&index->settings, kb_buf_str(&m->settings));
	rc = open_files(index, dir, err);
	if (rc < 0) {
		kb_index_close(index);
		return rc;
	}
	*out = index;
	return 0;
}

int kb_index_open(struct kb_index **out, const char *path, struct kb_err *err)
{
	int dir = open(path, O_RDONLY | O_DIRECTORY | O_CLOEXEC);
	int rc = KB_ENOENT;

	*out = NULL;
	if (dir < 0) {
		rc = kb_err_sys(err, "cannot open index '%s'", path);
		return rc == KB_ENOENT
			   ? kb_err_set(err, KB_ENOENT,
					"no index '%s'; make one with "
					"kb-index %s PATH...",
					path, path)
			   : rc;
	}
	/* A file may vanish between the reading of a manifest and its
	 * opening when a writer publishes twice meanwhile: look again. */
	for (int i = 0; i < OPEN_TRIES && rc == KB_ENOENT; i++)
		rc = open_generation(out, path, dir, err);
	if (rc == KB_EINVAL) {
		rc = KB_ENOENT;
		if (err)
			err->code = rc;
	}
	close(dir);
	return rc;
}

void kb_index_close(struct kb_index *index)
{
	if (!index)
		return;
	for (size_t i = 0; i < index->n_segments; i++)
		kb_segment_close(index->segments[i]);
	for (size_t i = 0; i < KB_MANIFEST_GLOBALS; i++)
		kb_container_unmap(&index->files->globals[i]);
	kb_manifest_release(&index->files->manifest);
	if (index->files->dir >= 0)
		close(index->files->dir);
	free(index->files->path);
	free(index->files);
	free(index->segments);
	kb_settings_release(&index->settings);
	free(index);
}

void kb_index_once(const struct kb_index *index)
{
	for (size_t i = 0; i < index->n_segments; i++) {
		struct kb_segment_file *f = index->segments[i]->file;

		/* a file that is gone by now is read where it is mapped */
		f->peek.fd =
		    openat(index->files->dir, f->name, O_RDONLY | O_CLOEXEC);
		f->peek.base = f->view.ptr;
	}
}

const struct kb_container_view *kb_index_global(const struct kb_index *index,
						const char *slot)
{
	const struct kb_manifest *m = &index->files->manifest;

	for (size_t i = 0; i < m->n_globals; i++)
		if (!strcmp(m->globals[i].slot, slot))
			return &index->files->globals[i];
	return NULL;
}

bool kb_index_has_section(const struct kb_index *index, int section)
{
	for (size_t i = 0; i < index->n_segments; i++)
		if (index->segments[i]->sec[section].ptr)
			return true;
	return false;
}

int kb_index_map_sources(const struct kb_index *index, uint32_t known,
			 struct kb_container_view *view, struct kb_err *err)
{
	const struct kb_manifest_file *file = &index->files->manifest.sources;
	int rc;

	*view = (struct kb_container_view){0};
	if (!file->name[0])
		return 0;
	rc = kb_container_map(view, index->files->dir, file->name,
			      KB_KIND_SOURCES, known, err);
	if (rc == 0 &&
	    (view->len != file->size || view->table_crc != file->crc))
		rc = kb_err_set(err, KB_EFORMAT,
				"'%s' is not the file the manifest names; run "
				"kb-index --rebuild",
				file->name);
	return rc;
}

int kb_index_verify_files(const struct kb_index *index, struct kb_err *err)
{
	const struct kb_manifest *m = &index->files->manifest;
	struct kb_container_view view;
	int rc = 0;

	for (size_t i = 0; i < m->n_globals && rc == 0; i++)
		rc = kb_container_verify(&index->files->globals[i],
					 m->globals[i].file.name, err);
	if (rc < 0 || !m->sources.name[0])
		return rc;
	rc = kb_index_map_sources(index, UINT32_MAX, &view, err);
	if (rc == 0)
		rc = kb_container_verify(&view, m->sources.name, err);
	kb_container_unmap(&view);
	return rc;
}
