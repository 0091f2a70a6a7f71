/*
 * A crash, played: a directory that records every call that changes it, and
 * a disk made from any prefix of that record, with what was not synced yet
 * kept, lost or torn. Any call can be made to fail as well.
 */
#ifndef KB_TESTS_CRASH_H
#define KB_TESTS_CRASH_H

#include <fcntl.h>
#include <sys/stat.h>

#include "index_dir.h"

/* ---- a directory that records what is done to it ---- */

enum event_type { CREATE, WRITE, SYNC, RENAME, REMOVE, SYNC_DIR };

struct event {
	enum event_type type;
	char name[64], to[64];
	char *bytes;
	size_t len;
};

struct recorder {
	struct kb_io io; /* first */
	struct kb_io os;
	struct event *events;
	size_t n, cap;
	char open_names[64][64]; /* by descriptor */
	size_t fail_at;		 /* number of the call that fails, 0: none */
	size_t calls;
	char failed[64]; /* the file it was about, "" for none */
};

static inline int fault(struct recorder *r, const char *name,
			struct kb_err *err)
{
	if (++r->calls != r->fail_at)
		return 0;
	snprintf(r->failed, sizeof(r->failed), "%s", name);
	return kb_err_set(err, KB_EIO, "No space left on device");
}

static inline struct event *note(struct recorder *r, enum event_type type,
				 const char *name)
{
	struct event *e;

	kb_grow(&r->events, &r->cap, r->n + 1, sizeof(*r->events));
	e = &r->events[r->n++];
	*e = (struct event){.type = type};
	snprintf(e->name, sizeof(e->name), "%s", name);
	return e;
}

static inline int rec_create(struct kb_io *io, const char *name, int *file,
			     struct kb_err *err)
{
	struct recorder *r = (struct recorder *)(void *)io;
	int rc = fault(r, name, err);

	if (rc == 0)
		rc = kb_io_os.create(&r->os, name, file, err);
	if (rc < 0)
		return rc;
	assert_true(*file < 64);
	snprintf(r->open_names[*file], 64, "%s", name);
	note(r, CREATE, name);
	return 0;
}

static inline int rec_write(struct kb_io *io, int file, const void *ptr,
			    size_t len, struct kb_err *err)
{
	struct recorder *r = (struct recorder *)(void *)io;
	struct event *e;
	int rc = fault(r, r->open_names[file], err);

	if (rc < 0)
		return rc;
	e = note(r, WRITE, r->open_names[file]);
	e->bytes = kb_malloc(len);
	memcpy(e->bytes, ptr, len);
	e->len = len;
	return kb_io_os.write(&r->os, file, ptr, len, err);
}

static inline int rec_sync(struct kb_io *io, int file, struct kb_err *err)
{
	struct recorder *r = (struct recorder *)(void *)io;
	int rc = fault(r, r->open_names[file], err);

	if (rc < 0)
		return rc;
	note(r, SYNC, r->open_names[file]);
	return 0;
}

static inline int rec_close(struct kb_io *io, int file, struct kb_err *err)
{
	struct recorder *r = (struct recorder *)(void *)io;
	int rc = fault(r, r->open_names[file], err);

	kb_io_os.close(&r->os, file, NULL);
	return rc;
}

static inline int rec_rename(struct kb_io *io, const char *from, const char *to,
			     struct kb_err *err)
{
	struct recorder *r = (struct recorder *)(void *)io;
	int rc = fault(r, from, err);

	if (rc < 0)
		return rc;
	snprintf(note(r, RENAME, from)->to, 64, "%s", to);
	return kb_io_os.rename(&r->os, from, to, err);
}

static inline int rec_remove(struct kb_io *io, const char *name,
			     struct kb_err *err)
{
	struct recorder *r = (struct recorder *)(void *)io;

	note(r, REMOVE, name);
	return kb_io_os.remove(&r->os, name, err);
}

static inline int rec_sync_dir(struct kb_io *io, struct kb_err *err)
{
	struct recorder *r = (struct recorder *)(void *)io;
	int rc = fault(r, "", err);

	if (rc < 0)
		return rc;
	note(r, SYNC_DIR, "");
	return 0;
}

static const struct kb_io_ops recording = {rec_create,	rec_write,  rec_sync,
					   rec_close,	rec_rename, rec_remove,
					   rec_sync_dir};

static inline void recorder_init(struct recorder *r, const struct index_dir *d)
{
	*r = (struct recorder){0};
	kb_io_init(&r->os, d->path, open(d->path, O_RDONLY | O_DIRECTORY));
	r->io = r->os;
	r->io.ops = &recording;
}

static inline void recorder_release(struct recorder *r)
{
	for (size_t i = 0; i < r->n; i++)
		free(r->events[i].bytes);
	free(r->events);
	close(r->os.dir);
}

/* ---- a disk made from a prefix of the log ---- */

enum fate {
	KEPT,
	DROPPED,    /* what was not synced, bytes and names */
	TORN,	    /* half of the bytes are there, then zeros */
	SCATTERED,  /* every other page is there, zeros between */
	ONLY_NAMES, /* every name, but only bytes that were synced */
	LOST_NAMES, /* files of a directory that was not synced are not
		       there, but what was renamed is */
	N_FATES
};

static const char *const fate_names[N_FATES] = {
    "kept", "dropped", "torn", "scattered", "only names", "lost names"};

enum { PAGE = 512 };

struct image {
	char name[64];
	char *bytes;
	size_t len, synced;
	bool there;
	bool named; /* its name is on disk */
};

struct disk {
	struct image files[128];
	size_t n;
};

static inline struct image *image_of(struct disk *d, const char *name)
{
	for (size_t i = d->n; i-- > 0;)
		if (d->files[i].there && !strcmp(d->files[i].name, name))
			return &d->files[i];
	return NULL;
}

static inline struct image *new_image(struct disk *d, const char *name)
{
	struct image *f = image_of(d, name);

	if (f)
		f->there = false;
	assert_true(d->n < 128);
	f = &d->files[d->n++];
	*f = (struct image){.there = true};
	snprintf(f->name, sizeof(f->name), "%.63s", name);
	return f;
}

static inline void append(struct image *f, const char *bytes, size_t len)
{
	f->bytes = kb_realloc(f->bytes, f->len + len);
	memcpy(f->bytes + f->len, bytes, len);
	f->len += len;
}

/* The number of the last event whose directory change is on disk. */
static inline size_t last_dir_sync(const struct recorder *r, size_t n)
{
	while (n && r->events[n - 1].type != SYNC_DIR)
		n--;
	return n;
}

static inline void apply(struct disk *d, const struct event *e, bool names)
{
	struct image *f;

	switch (e->type) {
	case CREATE:
		new_image(d, e->name);
		break;
	case WRITE:
		f = image_of(d, e->name);
		if (f)
			append(f, e->bytes, e->len);
		break;
	case SYNC:
		f = image_of(d, e->name);
		if (f)
			f->synced = f->len;
		break;
	case RENAME:
		f = image_of(d, e->name);
		if (names && f) {
			struct image *old = image_of(d, e->to);

			f->named = true;
			if (old)
				old->there = false;
			snprintf(f->name, sizeof(f->name), "%s", e->to);
		}
		break;
	case REMOVE:
		f = image_of(d, e->name);
		if (names && f)
			f->there = false;
		break;
	case SYNC_DIR:
		for (size_t i = 0; i < d->n; i++)
			d->files[i].named = true;
		break;
	}
}

static inline bool is_kept(const struct image *f, size_t at, enum fate fate)
{
	if (at < f->synced || fate == KEPT || fate == LOST_NAMES)
		return true;
	if (fate == TORN)
		return at < f->synced + (f->len - f->synced) / 2;
	return fate == SCATTERED && at / PAGE % 2;
}

static inline void store(const struct disk *d, const struct index_dir *dir,
			 enum fate fate)
{
	for (size_t i = 0; i < d->n; i++) {
		const struct image *f = &d->files[i];
		size_t len = f->len;
		char path[200];
		FILE *out;

		if (!f->there || (fate == LOST_NAMES && !f->named))
			continue;
		if (fate == DROPPED || fate == ONLY_NAMES)
			len = f->synced;
		snprintf(path, sizeof(path), "%s/%s", dir->path, f->name);
		out = fopen(path, "w");
		assert_non_null(out);
		for (size_t at = 0; at < len; at++)
			putc(is_kept(f, at, fate) ? f->bytes[at] : 0, out);
		assert_int_equal(fclose(out), 0);
	}
}

static inline void disk_load(struct disk *d, const struct index_dir *dir)
{
	DIR *list = opendir(dir->path);
	struct dirent *e;

	d->n = 0;
	while ((e = readdir(list))) {
		char path[400], buf[4096];
		struct image *f;
		size_t n;
		FILE *in;

		if (e->d_name[0] == '.' || !strcmp(e->d_name, "LOCK"))
			continue;
		snprintf(path, sizeof(path), "%s/%s", dir->path, e->d_name);
		in = fopen(path, "r");
		assert_non_null(in);
		f = new_image(d, e->d_name);
		while ((n = fread(buf, 1, sizeof(buf), in)) > 0)
			append(f, buf, n);
		f->synced = f->len;
		f->named = true;
		fclose(in);
	}
	closedir(list);
}

static inline void disk_release(struct disk *d)
{
	for (size_t i = 0; i < d->n; i++)
		free(d->files[i].bytes);
	free(d);
}

static inline struct disk *disk_copy(const struct disk *from)
{
	struct disk *d = kb_calloc(1, sizeof(*d));

	for (size_t i = 0; i < from->n; i++) {
		struct image *f;

		if (!from->files[i].there)
			continue;
		f = new_image(d, from->files[i].name);
		append(f, from->files[i].bytes, from->files[i].len);
		f->synced = f->len;
		f->named = true;
	}
	return d;
}

/* The directory as a crash after the first n events would leave it. */
static inline void crash_after(const struct disk *base,
			       const struct recorder *r, size_t n,
			       enum fate fate, const struct index_dir *dir)
{
	size_t names = fate == DROPPED ? last_dir_sync(r, n) : n;
	struct disk *disk = disk_copy(base);

	for (size_t i = 0; i < n; i++)
		apply(disk, &r->events[i], i < names);
	store(disk, dir, fate);
	disk_release(disk);
}

#endif
