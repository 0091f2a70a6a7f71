#include "encoder/kbm.h"

#include <fcntl.h>
#include <sys/mman.h>
#include <sys/stat.h>
#include <unistd.h>

#include "base/hash.h"

static int damaged(const char *name, const char *what, struct kb_err *err)
{
	return kb_err_set(err, KB_EFORMAT,
			  "'%s' is damaged: %s; import the model again", name,
			  what);
}

/* Bytes of an entry of this type and shape; 0: of any length. */
static uint64_t length_of(uint32_t type, uint64_t rows, uint64_t cols)
{
	switch (type) {
	case KB_KBM_FLOATS:
		return rows * cols * 4;
	case KB_KBM_ROWS:
		return rows * cols + rows * 4;
	case KB_KBM_MATRIX:
		return rows * cols + rows * 8;
	default:
		return 0;
	}
}

static int check_header(const struct kb_kbm_header *h, size_t len,
			const char *name, struct kb_err *err)
{
	if (memcmp(h->magic, KB_KBM_MAGIC, sizeof(h->magic)) != 0)
		return kb_err_set(err, KB_EFORMAT,
				  "'%s' is no model; kb-embed --import makes "
				  "one",
				  name);
	if (kb_crc32c(0, h, offsetof(struct kb_kbm_header, crc)) != h->crc)
		return damaged(name, "header checksum differs", err);
	if (h->major != KB_KBM_MAJOR)
		return kb_err_set(err, KB_EFORMAT,
				  "'%s' has format %u.%u, this program reads "
				  "%d.x; import the model again",
				  name, h->major, h->minor, KB_KBM_MAJOR);
	if (h->size != len)
		return damaged(name, "cut short", err);
	if (h->n > KB_KBM_ENTRIES || h->table < sizeof(*h) || h->table % 8 ||
	    h->table > len ||
	    len - h->table != h->n * sizeof(struct kb_kbm_entry))
		return damaged(name, "its table lies outside", err);
	return 0;
}

static int check_entry(const struct kb_kbm_entry *e, uint64_t table,
		       const char *name, struct kb_err *err)
{
	uint64_t length = length_of(e->type, e->rows, e->cols);

	if (!memchr(e->name, '\0', sizeof(e->name)) ||
	    e->offset < sizeof(struct kb_kbm_header) ||
	    e->offset % KB_KBM_ALIGN || e->offset > table ||
	    e->length > table - e->offset || (length && length != e->length))
		return damaged(name, "an entry lies outside", err);
	return 0;
}

int kb_kbm_parse(struct kb_kbm *kbm, const void *ptr, size_t len,
		 const char *name, struct kb_err *err)
{
	struct kb_kbm_header h;
	int rc;

	*kbm = (struct kb_kbm){.ptr = ptr, .len = len};
	if (len < sizeof(h))
		return damaged(name, "cut short", err);
	memcpy(&h, ptr, sizeof(h));
	rc = check_header(&h, len, name, err);
	if (rc < 0)
		return rc;
	kbm->entries = (const void *)(kbm->ptr + h.table);
	kbm->n = h.n;
	if (kb_crc32c(0, kbm->entries, h.n * sizeof(*kbm->entries)) !=
	    h.table_crc)
		return damaged(name, "table checksum differs", err);
	for (uint32_t i = 0; i < h.n && !rc; i++)
		rc = check_entry(&kbm->entries[i], h.table, name, err);
	return rc;
}

int kb_kbm_map(struct kb_kbm *kbm, const char *path, struct kb_err *err)
{
	int fd = open(path, O_RDONLY | O_CLOEXEC), rc;
	struct stat st;
	void *ptr;

	*kbm = (struct kb_kbm){0};
	if (fd < 0)
		return kb_err_sys(err, "cannot open '%s'", path);
	if (fstat(fd, &st) < 0 || !S_ISREG(st.st_mode) || !st.st_size) {
		close(fd);
		return kb_err_set(err, KB_EFORMAT, "'%s' is no model", path);
	}
	ptr = mmap(NULL, (size_t)st.st_size, PROT_READ, MAP_SHARED, fd, 0);
	if (ptr == MAP_FAILED) {
		rc = kb_err_sys(err, "cannot map '%s'", path);
		close(fd);
		return rc;
	}
	close(fd);
	rc = kb_kbm_parse(kbm, ptr, (size_t)st.st_size, path, err);
	kbm->mapped = 1;
	if (rc < 0)
		kb_kbm_unmap(kbm);
	return rc;
}

void kb_kbm_unmap(struct kb_kbm *kbm)
{
	if (kbm->mapped)
		munmap((void *)(uintptr_t)kbm->ptr, kbm->len);
	*kbm = (struct kb_kbm){0};
}

const struct kb_kbm_entry *kb_kbm_find(struct kb_kbm *kbm, const char *name,
				       enum kb_kbm_type type, size_t rows,
				       size_t cols)
{
	for (uint32_t i = 0; i < kbm->n; i++) {
		/* they are asked for in the order they stand in, mostly */
		uint32_t at = (kbm->next + i) % kbm->n;
		const struct kb_kbm_entry *e = &kbm->entries[at];

		if (e->type != (uint32_t)type || strcmp(e->name, name) != 0)
			continue;
		kbm->next = at + 1;
		return (!rows || e->rows == rows) && (!cols || e->cols == cols)
			   ? e
			   : NULL;
	}
	return NULL;
}

int kb_kbm_verify(const struct kb_kbm *kbm, struct kb_err *err)
{
	for (uint32_t i = 0; i < kbm->n; i++) {
		const struct kb_kbm_entry *e = &kbm->entries[i];

		if (kb_crc32c(0, kb_kbm_data(kbm, e), e->length) != e->crc)
			return kb_err_set(err, KB_EFORMAT,
					  "checksum of '%s' differs; import "
					  "the model again",
					  e->name);
	}
	return 0;
}
