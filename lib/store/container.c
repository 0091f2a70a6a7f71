#include "store/container.h"

#include <assert.h>
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <sys/mman.h>
#include <sys/stat.h>
#include <unistd.h>

#include "base/hash.h"
#include "base/page_advice.h"

#define HEADER_SIZE 64
#define FOOTER_SIZE 32
#define BUFFER_SIZE ((size_t)1 << 18)
#define REQUIRED    1u

static const char header_magic[KB_CONTAINER_MAGIC] = "\211kbidx\r\n";
static const char footer_magic[4] = "kbft";

struct header {
	char magic[8];
	uint16_t major, minor;
	uint32_t kind;
	char zero[44];
	uint32_t crc; /* of the 60 bytes before */
};

struct footer {
	uint64_t table; /* offset */
	uint64_t size;	/* of the whole file */
	uint32_t n;	/* entries */
	uint32_t table_crc;
	uint32_t crc; /* of the 24 bytes before */
	char magic[4];
};

_Static_assert(sizeof(struct header) == HEADER_SIZE, "header");
_Static_assert(sizeof(struct footer) == FOOTER_SIZE, "footer");
_Static_assert(sizeof(struct kb_container_entry) == 32, "entry");

static void flush(struct kb_container *c)
{
	if (!c->failed && c->buf.len)
		c->failed = c->io->ops->write(c->io, c->file, c->buf.ptr,
					      c->buf.len, &c->err);
	kb_buf_reset(&c->buf);
}

static void put(struct kb_container *c, const void *ptr, size_t len)
{
	c->size += len;
	if (c->failed)
		return;
	if (c->buf.len + len > BUFFER_SIZE)
		flush(c);
	if (len >= BUFFER_SIZE && !c->failed)
		c->failed =
		    c->io->ops->write(c->io, c->file, ptr, len, &c->err);
	else
		kb_buf_add(&c->buf, ptr, len);
}

static void align(struct kb_container *c)
{
	static const char zeros[KB_CONTAINER_ALIGN];
	size_t over = (size_t)(c->size % KB_CONTAINER_ALIGN);

	if (over)
		put(c, zeros, KB_CONTAINER_ALIGN - over);
}

int kb_container_create(struct kb_container *c, struct kb_io *io,
			const char *name, enum kb_container_kind kind,
			struct kb_err *err)
{
	struct header h = {
	    .major = KB_FORMAT_MAJOR,
	    .minor = KB_FORMAT_MINOR,
	    .kind = (uint32_t)kind,
	};
	int rc;

	*c = (struct kb_container){.io = io, .file = -1};
	snprintf(c->name, sizeof(c->name), "%s", name);
	rc = io->ops->create(io, name, &c->file, err);
	if (rc < 0)
		return rc;
	kb_buf_init(&c->buf, BUFFER_SIZE);
	memcpy(h.magic, header_magic, sizeof(h.magic));
	h.crc = kb_crc32c(0, &h, HEADER_SIZE - 4);
	put(c, &h, sizeof(h));
	return 0;
}

void kb_container_begin(struct kb_container *c, uint32_t type, bool required)
{
	struct kb_container_entry *e;

	assert(!c->open); /* sections follow each other */
	if (c->n == KB_CONTAINER_SECTIONS) {
		c->failed = kb_err_set(&c->err, KB_ELIMIT,
				       "'%s' has more than %d sections",
				       c->name, KB_CONTAINER_SECTIONS);
		return;
	}
	align(c);
	e = &c->entries[c->n++];
	*e = (struct kb_container_entry){
	    .type = type,
	    .flags = required ? REQUIRED : 0,
	    .offset = c->size,
	};
	c->open = true;
}

void kb_container_add(struct kb_container *c, const void *ptr, size_t len)
{
	struct kb_container_entry *e;

	assert(ptr || !len);
	if (!c->open || !len)
		return;
	e = &c->entries[c->n - 1];
	e->crc = kb_crc32c(e->crc, ptr, len);
	put(c, ptr, len);
}

uint64_t kb_container_pos(const struct kb_container *c)
{
	return c->open ? c->size - c->entries[c->n - 1].offset : 0;
}

void kb_container_end(struct kb_container *c)
{
	if (!c->open)
		return;
	c->entries[c->n - 1].length = kb_container_pos(c);
	c->open = false;
}

void kb_container_put(struct kb_container *c, uint32_t type, bool required,
		      const void *ptr, size_t len)
{
	kb_container_begin(c, type, required);
	kb_container_add(c, ptr, len);
	kb_container_end(c);
}

int kb_container_finish(struct kb_container *c, struct kb_err *err)
{
	struct footer f = {.n = c->n};
	size_t table_size = c->n * sizeof(*c->entries);
	int file = c->file;
	int rc;

	kb_container_end(c);
	align(c);
	f.table = c->size;
	f.table_crc = kb_crc32c(0, c->entries, table_size);
	put(c, c->entries, table_size);
	f.size = c->size + FOOTER_SIZE;
	f.crc = kb_crc32c(0, &f, 24);
	memcpy(f.magic, footer_magic, sizeof(f.magic));
	put(c, &f, sizeof(f));
	flush(c);
	c->table_crc = f.table_crc;
	if (!c->failed)
		c->failed = c->io->ops->sync(c->io, file, &c->err);
	if (c->failed) {
		rc = c->failed;
		if (err)
			*err = c->err;
		kb_container_abort(c);
		return rc;
	}
	c->file = -1;
	kb_buf_release(&c->buf);
	rc = c->io->ops->close(c->io, file, err);
	if (rc < 0)
		c->io->ops->remove(c->io, c->name, NULL);
	return rc;
}

void kb_container_abort(struct kb_container *c)
{
	if (c->file < 0)
		return;
	c->io->ops->close(c->io, c->file, NULL);
	c->io->ops->remove(c->io, c->name, NULL);
	c->file = -1;
	kb_buf_release(&c->buf);
}

/* ---- reading ---- */

bool kb_container_is_magic(const char start[KB_CONTAINER_MAGIC])
{
	return !memcmp(start, header_magic, sizeof(header_magic));
}

static int damaged(const char *name, const char *what, struct kb_err *err)
{
	return kb_err_set(err, KB_EFORMAT,
			  "'%s' is damaged: %s; run kb-index --rebuild", name,
			  what);
}

static int check_header(const struct header *h, enum kb_container_kind kind,
			const char *name, struct kb_err *err)
{
	if (memcmp(h->magic, header_magic, sizeof(h->magic)))
		return damaged(name, "not an index file", err);
	if (kb_crc32c(0, h, HEADER_SIZE - 4) != h->crc)
		return damaged(name, "header checksum differs", err);
	if (h->major != KB_FORMAT_MAJOR)
		return kb_err_set(err, KB_EFORMAT,
				  "'%s' has format %u.%u, this program reads "
				  "%d.x; run kb-index --rebuild",
				  name, h->major, h->minor, KB_FORMAT_MAJOR);
	if (h->kind != (uint32_t)kind)
		return damaged(name, "a file of another kind", err);
	return 0;
}

static int take_entry(struct kb_container_view *view,
		      const struct kb_container_entry *e, uint64_t table,
		      uint32_t known, const char *name, struct kb_err *err)
{
	if (e->offset < HEADER_SIZE || e->offset > table ||
	    e->length > table - e->offset || e->offset % KB_CONTAINER_ALIGN)
		return damaged(name, "a section lies outside the file", err);
	if (e->type >= KB_CONTAINER_SECTIONS || !(known >> e->type & 1)) {
		if (e->flags & REQUIRED)
			return kb_err_set(err, KB_EFORMAT,
					  "'%s' needs section type %u, which "
					  "this program does not know; it "
					  "needs a newer kb",
					  name, e->type);
		if (e->type >= KB_CONTAINER_SECTIONS)
			return 0;
	}
	if (view->sec[e->type].ptr)
		return damaged(name, "a section stands twice", err);
	view->sec[e->type].ptr = view->ptr + e->offset;
	view->sec[e->type].len = (size_t)e->length;
	view->sec[e->type].crc = e->crc;
	view->sec[e->type].required = e->flags & REQUIRED;
	return 0;
}

int kb_container_parse(struct kb_container_view *view, const void *ptr,
		       size_t len, enum kb_container_kind kind, uint32_t known,
		       const char *name, struct kb_err *err)
{
	struct kb_container_entry e;
	struct header h;
	struct footer f;
	int rc;

	*view = (struct kb_container_view){.ptr = ptr, .len = len};
	if (len < HEADER_SIZE + FOOTER_SIZE)
		return damaged(name, "cut short", err);
	memcpy(&h, ptr, sizeof(h));
	rc = check_header(&h, kind, name, err);
	if (rc < 0)
		return rc;
	memcpy(&f, view->ptr + len - FOOTER_SIZE, sizeof(f));
	if (memcmp(f.magic, footer_magic, sizeof(f.magic)) || f.size != len)
		return damaged(name, "cut short", err);
	if (kb_crc32c(0, &f, 24) != f.crc || f.n > KB_CONTAINER_SECTIONS ||
	    f.table < HEADER_SIZE || f.table > len - FOOTER_SIZE ||
	    len - FOOTER_SIZE - f.table != f.n * sizeof(e))
		return damaged(name, "footer checksum differs", err);
	if (kb_crc32c(0, view->ptr + f.table, f.n * sizeof(e)) != f.table_crc)
		return damaged(name, "table checksum differs", err);
	view->table_crc = f.table_crc;
	for (uint32_t i = 0; i < f.n; i++) {
		memcpy(&e, view->ptr + f.table + i * sizeof(e), sizeof(e));
		rc = take_entry(view, &e, f.table, known, name, err);
		if (rc < 0)
			return rc;
	}
	return 0;
}

int kb_container_map(struct kb_container_view *view, int dir, const char *name,
		     enum kb_container_kind kind, uint32_t known,
		     struct kb_err *err)
{
	struct stat st;
	void *ptr;
	int fd, rc;

	*view = (struct kb_container_view){0};
	fd = openat(dir, name, O_RDONLY | O_CLOEXEC);
	if (fd < 0)
		return kb_err_sys(err, "cannot open '%s'", name);
	if (fstat(fd, &st) < 0) {
		rc = kb_err_sys(err, "cannot read '%s'", name);
		close(fd);
		return rc;
	}
	if (!S_ISREG(st.st_mode) || st.st_size < HEADER_SIZE + FOOTER_SIZE) {
		close(fd);
		return damaged(name, "cut short", err);
	}
	ptr = mmap(NULL, (size_t)st.st_size, PROT_READ, MAP_SHARED, fd, 0);
	if (ptr == MAP_FAILED) {
		rc = kb_err_sys(err, "cannot map '%s'", name);
		close(fd);
		return rc;
	}
	close(fd);
	/* The header is at one end, the table at the other. */
	kb_pages_random(ptr, (size_t)st.st_size);
	rc = kb_container_parse(view, ptr, (size_t)st.st_size, kind, known,
				name, err);
	kb_pages_normal(ptr, (size_t)st.st_size);
	if (rc < 0)
		kb_container_unmap(view);
	return rc;
}

void kb_container_unmap(struct kb_container_view *view)
{
	if (view->ptr)
		munmap((void *)(uintptr_t)view->ptr, view->len);
	*view = (struct kb_container_view){0};
}

static bool only_zeros(const unsigned char *p, uint64_t n)
{
	for (uint64_t i = 0; i < n; i++)
		if (p[i])
			return false;
	return true;
}

/* Sections stand in the table as they stand in the file, those that are not
 * known here among them; what lies between them is zero. */
int kb_container_verify(const struct kb_container_view *view, const char *name,
			struct kb_err *err)
{
	struct kb_container_entry e;
	uint64_t at = HEADER_SIZE;
	struct footer f;

	if (!view->ptr)
		return 0;
	memcpy(&f, view->ptr + view->len - FOOTER_SIZE, sizeof(f));
	for (uint32_t i = 0; i <= f.n; i++) {
		if (i < f.n)
			memcpy(&e, view->ptr + f.table + i * sizeof(e),
			       sizeof(e));
		else
			e = (struct kb_container_entry){.offset = f.table};
		if (e.offset < at || !only_zeros(view->ptr + at, e.offset - at))
			return damaged(name, "bytes between sections", err);
		if (kb_crc32c(0, view->ptr + e.offset, e.length) != e.crc)
			return kb_err_set(err, KB_EFORMAT,
					  "'%s' is damaged: checksum of "
					  "section %u differs; run kb-index "
					  "--rebuild",
					  name, e.type);
		at = e.offset + e.length;
	}
	return 0;
}
