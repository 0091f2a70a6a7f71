/*
 * Publishing a generation, and what belongs to it: live files, and
 * the removal of files that nobody needs any more.
 */
#include <assert.h>
#include <dirent.h>
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <sys/stat.h>
#include <time.h>
#include <unistd.h>

#include "base/file_out.h"
#include "base/map.h"
#include "index/write/writer_impl.h"
#include "store/directory.h"

#define DELETE_LIMIT_PERCENT 20

/* ---- deletions ---- */

/* What counting the terms of dead chunks needs. */
struct counting {
	struct kb_writer *w;
	const struct kb_segment *seg;
	struct kb_arena arena;
	struct kb_map seen; /* key -> the chunk that counted it last, + 1 */
	struct kb_map *counts;
	uint32_t doc; /* whose title w->title holds; UINT32_MAX: none's */
};

/* Count the terms of a chunk, each once. */
static void count_terms(struct counting *c, const struct kb_terms *terms,
			uint32_t chunk)
{
	for (size_t i = 0; i < terms->n; i++) {
		uint64_t key = terms->items[i].key;
		uint64_t *last = kb_map_put(&c->seen, key, NULL);

		if (*last == (uint64_t)chunk + 1)
			continue;
		*last = (uint64_t)chunk + 1;
		++*kb_map_put(c->counts, key, NULL);
	}
}

static int count_chunk(struct counting *c, uint32_t chunk, struct kb_err *err)
{
	const struct kb_chunk_entry *chunks = c->seg->chunks;
	struct kb_writer *w = c->w;
	struct kb_terms title;
	struct kb_passage p;
	int rc;

	kb_arena_reset(&c->arena);
	rc = kb_segment_fetch(c->seg, chunk, &c->arena, &p, err);
	if (rc < 0)
		return rc;
	if (c->doc != chunks[chunk].doc) {
		kb_terms_reset(&w->title);
		kb_analyze(w->an, p.title.ptr, p.title.len, &w->title);
		kb_writer_path_terms(w, p.source, p.id);
		c->doc = chunks[chunk].doc;
	}
	title = kb_writer_title(&w->title,
				!chunk || chunks[chunk - 1].doc != c->doc);
	kb_terms_reset(&w->text);
	kb_analyze(w->an, p.text.ptr, p.text.len, &w->text);
	kb_analyze(w->an, p.heading.ptr, p.heading.len, &w->text);
	count_terms(c, &w->text, chunk);
	count_terms(c, &title, chunk);
	count_terms(c, &w->path_terms, chunk);
	return 0;
}

static int by_key(const void *a, const void *b)
{
	const struct kb_map_slot *x = a, *y = b;

	return (x->key > y->key) - (x->key < y->key);
}

static void write_counts(struct kb_container *out, const struct kb_map *counts)
{
	struct kb_map_slot *slots =
	    kb_reallocarray(NULL, counts->n + 1, sizeof(*slots));
	size_t n = 0, pos = 0;

	while (kb_map_next(counts, &pos, &slots[n]))
		n++;
	qsort(slots, n, sizeof(*slots), by_key);
	kb_container_begin(out, KB_LIVE_TERMS, true);
	for (size_t i = 0; i < n; i++)
		kb_container_add(out, &slots[i].key, 8);
	kb_container_end(out);
	kb_container_begin(out, KB_LIVE_COUNTS, true);
	for (size_t i = 0; i < n; i++) {
		uint32_t count = (uint32_t)slots[i].value;

		kb_container_add(out, &count, 4);
	}
	kb_container_end(out);
	free(slots);
}

/* The counts of the old live file, then those of what died just now. */
static int collect_counts(struct kb_writer *w,
			  const struct kb_writer_segment *s,
			  struct kb_map *counts, struct kb_err *err)
{
	const struct kb_segment_file *f = s->seg->file;
	struct counting c = {
	    .w = w, .seg = s->seg, .counts = counts, .doc = UINT32_MAX};
	int rc = 0;

	for (size_t i = 0; i < f->n_dead; i++) {
		uint64_t key;
		uint32_t n;

		memcpy(&key, f->dead_terms + i * 8, 8);
		memcpy(&n, f->dead_counts + i * 4, 4);
		*kb_map_put(counts, key, NULL) = n;
	}
	kb_arena_init(&c.arena);
	kb_map_init(&c.seen);
	for (size_t i = 0; i < s->n_dying && rc == 0; i++)
		rc = count_chunk(&c, s->dying[i], err);
	kb_map_release(&c.seen);
	kb_arena_release(&c.arena);
	return rc;
}

static int write_live(struct kb_writer *w, struct kb_writer_segment *s,
		      struct kb_err *err)
{
	struct kb_live_meta meta = {s->seg->n_chunks, s->n_live,
				    s->total_length};
	struct kb_container out;
	struct kb_map counts;
	char name[64];
	int rc;

	kb_map_init(&counts);
	rc = collect_counts(w, s, &counts, err);
	kb_writer_file_name(w, name, sizeof(name), "live");
	if (rc == 0)
		rc = kb_container_create(&out, w->io, name, KB_KIND_LIVE, err);
	if (rc == 0) {
		kb_container_put(&out, KB_LIVE_META, true, &meta, sizeof(meta));
		kb_container_put(&out, KB_LIVE_BITS, true, s->live,
				 ((size_t)meta.n_chunks + 63) / 64 * 8);
		write_counts(&out, &counts);
		rc = kb_container_finish(&out, err);
	}
	kb_map_release(&counts);
	if (rc < 0)
		return rc;
	memcpy(s->entry.live.name, out.name, sizeof(s->entry.live.name) - 1);
	s->entry.live.size = out.size;
	s->entry.live.crc = out.table_crc;
	s->entry.n_live = s->n_live;
	s->entry.total_length = s->total_length;
	return 0;
}

/* ---- old files ---- */

/* Was the file written for this generation? One that the manifest does not
 * name, such as a segment that was merged before the commit, has never been
 * seen by a reader. */
static bool is_of_this(const struct kb_writer *w, const char *name)
{
	char prefix[32];
	int n = snprintf(prefix, sizeof(prefix), "g%llu-",
			 (unsigned long long)w->next.generation);

	return !strncmp(name, prefix, (size_t)n);
}

/* What neither this nor the last generation names goes: at once when no
 * reader can have seen it, else after the grace time, for a reader that has
 * read an older manifest may still be opening its files. Best effort: the
 * next commit tries again. */
static void collect(struct kb_writer *w)
{
	int fd = openat(w->dir, ".", O_RDONLY | O_DIRECTORY | O_CLOEXEC);
	DIR *dir = fd < 0 ? NULL : fdopendir(fd);
	double now = (double)time(NULL);
	struct dirent *e;

	if (!dir) {
		if (fd >= 0)
			close(fd);
		return;
	}
	while ((e = readdir(dir))) {
		struct stat st;

		if (kb_manifest_names(&w->next, e->d_name) ||
		    kb_manifest_names(&w->old, e->d_name) ||
		    !kb_directory_is_ours(w->dir, e->d_name))
			continue;
		if (fstatat(w->dir, e->d_name, &st, AT_SYMLINK_NOFOLLOW) < 0 ||
		    (now - (double)st.st_ctime < w->opt.grace_s &&
		     !is_of_this(w, e->d_name)))
			continue;
		w->io->ops->remove(w->io, e->d_name, NULL);
	}
	closedir(dir);
}

/* ---- commit ---- */

/* Documents that their sources no longer hold: an unmounted disk, a cut file.
 * What came instead does not make up for them; a line that says "deleted" is
 * no accident. */
static int check_deletions(const struct kb_writer *w, struct kb_err *err)
{
	uint64_t before = w->n_docs_before, gone = w->n_vanished;

	if (w->opt.allow_delete || gone * 100 <= before * DELETE_LIMIT_PERCENT)
		return 0;
	return kb_err_set(err, KB_EINVAL,
			  "this would remove %llu of the %llu documents of "
			  "'%s', more than %d %%; nothing was changed; give "
			  "--allow-delete if it is meant",
			  (unsigned long long)gone, (unsigned long long)before,
			  w->path, DELETE_LIMIT_PERCENT);
}

static int finish_segments(struct kb_writer *w, struct kb_err *err)
{
	for (size_t i = 0; i < w->n_segs; i++) {
		struct kb_writer_segment *s = &w->segs[i];
		int rc;

		if (s->gone || !s->n_live)
			continue;
		if (s->changed) {
			rc = write_live(w, s, err);
			if (rc < 0)
				return rc;
		}
		*kb_manifest_add(&w->next) = s->entry;
	}
	return 0;
}

/* The segments as the legs see them: without what is merged or empty. */
static int commit_legs(struct kb_writer *w, struct kb_err *err)
{
	struct kb_segment **list = kb_calloc(w->n_segs, sizeof(*list));
	size_t n = 0;
	int rc = 0;

	for (size_t i = 0; i < w->n_segs; i++)
		if (!w->segs[i].gone && w->segs[i].n_live)
			list[n++] = w->segs[i].seg;
	for (size_t i = 0; i < w->n_legs && rc == 0; i++)
		if (w->ops[i].ops->commit)
			rc = w->ops[i].ops->commit(w->ops[i].leg, w, list, n,
						   err);
	free(list);
	return rc;
}

static bool anything_changed(const struct kb_writer *w)
{
	bool changed =
	    w->touched || w->fresh || (w->opt.optimize && w->n_segs > 1);

	for (size_t i = 0; i < w->n_segs; i++)
		changed |=
		    w->segs[i].changed || w->segs[i].owned || w->segs[i].gone;
	return changed;
}

/* From here on what was made stays. */
static int publish(struct kb_writer *w, struct kb_err *err)
{
	kb_file_out_also_remove(NULL, NULL);
	return kb_manifest_publish(&w->next, w->io, err);
}

int kb_writer_commit(struct kb_writer *w, struct kb_err *err)
{
	int rc = kb_writer_seal(w, err);

	if (rc == 0)
		rc = kb_writer_settle(w, err);
	if (rc < 0)
		return rc;
	assert(w->dir >= 0);
	assert(!w->build && !w->seals);
	kb_writer_drop_unseen(w);
	rc = check_deletions(w, err);
	if (rc == 0)
		rc = kb_settings_commit(w, err);
	if (rc < 0 || !anything_changed(w))
		return rc;
	rc = w->opt.settings_only ? 0 : kb_writer_merge(w, err);
	if (rc == 0)
		rc = commit_legs(w, err);
	if (rc == 0)
		rc = finish_segments(w, err);
	if (rc == 0)
		rc = kb_settings_commit(w, err);
	if (rc == 0)
		rc = publish(w, err);
	if (rc < 0)
		return rc;
	w->stats.segments = w->next.n_segments;
	collect(w);
	return 0;
}
