#include "vector/embed_journal.h"

#include <errno.h>
#include <fcntl.h>
#include <stdlib.h>
#include <string.h>
#include <sys/random.h>
#include <unistd.h>

#include "base/buf.h"
#include "base/hash.h"
#include "base/map.h"
#include "store/directory.h"
#include "vector/vector.h"

struct head {
	char magic[sizeof(KB_EMBED_JOURNAL_MAGIC) - 1];
	uint64_t seed, model;
	uint32_t dim, zero;
};
_Static_assert(sizeof(struct head) == 32, "as the file has it");

struct kb_embed_journal {
	char *path;
	int fd; /* -1: not there */
	struct head head;
	uint64_t end;	    /* of the last row that is whole; 0: no head yet */
	struct kb_map rows; /* hash of a text -> offset of its row */
};

static size_t row_size(const struct kb_embed_journal *j)
{
	return sizeof(uint64_t) * 2 + j->head.dim * sizeof(float);
}

static uint64_t hash_of(const struct kb_embed_journal *j, struct kb_str text)
{
	return kb_xxh64(text.ptr, text.len, j->head.seed);
}

/* ---- reading ---- */

static bool read_at(int fd, void *to, size_t len, uint64_t at)
{
	char *p = to;

	while (len) {
		ssize_t n = pread(fd, p, len, (off_t)at);

		if (n < 0 && errno == EINTR)
			continue;
		if (n <= 0)
			return false;
		p += n;
		at += (uint64_t)n;
		len -= (size_t)n;
	}
	return true;
}

/* Is the row at 'at' whole? Its text's hash. */
static bool read_row(const struct kb_embed_journal *j, uint64_t at, char *row,
		     uint64_t *hash)
{
	size_t len = row_size(j) - sizeof(uint64_t);
	uint64_t check;

	if (!read_at(j->fd, row, row_size(j), at))
		return false;
	memcpy(hash, row, sizeof(*hash));
	memcpy(&check, row + len, sizeof(check));
	return check == kb_xxh64(row, len, j->head.seed);
}

static int read_all(struct kb_embed_journal *j, uint64_t model,
		    struct kb_err *err)
{
	struct head *h = &j->head;
	uint64_t hash;
	char *row;

	if (!read_at(j->fd, h->magic, sizeof(h->magic), 0) ||
	    memcmp(h->magic, KB_EMBED_JOURNAL_MAGIC, sizeof(h->magic)) != 0)
		return kb_err_set(err, KB_EFORMAT,
				  "'%s' holds no answers of an embedder; move "
				  "it away",
				  j->path);
	if (!read_at(j->fd, h, sizeof(*h), 0) || h->model != model ||
	    h->dim < 1 || h->dim > KB_VEC_DIM_MAX)
		return 0;
	row = kb_calloc(1, row_size(j));
	j->end = sizeof(*h);
	while (read_row(j, j->end, row, &hash)) {
		*kb_map_put(&j->rows, hash, NULL) = j->end;
		j->end += row_size(j);
	}
	free(row);
	return 0;
}

int kb_embed_journal_open(struct kb_embed_journal **out, const char *directory,
			  size_t slot, uint64_t model, struct kb_err *err)
{
	struct kb_embed_journal *j = kb_calloc(1, sizeof(*j));
	struct kb_buf path;
	int rc = 0;

	kb_buf_init(&path, 0);
	kb_buf_printf(&path, "%s/%s", directory,
		      slot ? KB_EMBED_JOURNAL_NAME_2 : KB_EMBED_JOURNAL_NAME);
	j->path = kb_strdup(path.ptr);
	kb_buf_release(&path);
	kb_map_init(&j->rows);
	j->fd = open(j->path, O_RDWR | O_NOFOLLOW | O_CLOEXEC);
	if (j->fd >= 0)
		rc = read_all(j, model, err);
	else if (errno != ENOENT)
		rc = kb_err_sys(err, "cannot open '%s'", j->path);
	j->head.model = model;
	if (rc < 0) {
		kb_embed_journal_close(j);
		j = NULL;
	}
	*out = j;
	return rc;
}

void kb_embed_journal_close(struct kb_embed_journal *j)
{
	if (!j)
		return;
	if (j->fd >= 0)
		close(j->fd);
	kb_map_release(&j->rows);
	free(j->path);
	free(j);
}

void kb_embed_journal_drop(struct kb_embed_journal *j)
{
	if (j->fd < 0)
		return;
	unlink(j->path);
	close(j->fd);
	j->fd = -1;
	j->end = 0;
	kb_map_clear(&j->rows);
}

const float *kb_embed_journal_find(struct kb_embed_journal *j,
				   struct kb_str text, struct kb_arena *arena,
				   size_t *dim)
{
	const uint64_t *at =
	    j->rows.n ? kb_map_get(&j->rows, hash_of(j, text)) : NULL;
	float *x;

	if (!at)
		return NULL;
	*dim = j->head.dim;
	x = kb_arena_alloc(arena, *dim * sizeof(*x));
	return read_at(j->fd, x, *dim * sizeof(*x), *at + sizeof(uint64_t))
		   ? x
		   : NULL;
}

/* ---- writing ---- */

static int write_at(const struct kb_embed_journal *j, struct kb_str data,
		    uint64_t at, struct kb_err *err)
{
	while (data.len) {
		ssize_t n = pwrite(j->fd, data.ptr, data.len, (off_t)at);

		if (n < 0 && errno == EINTR)
			continue;
		if (n < 0)
			return kb_err_sys(err, "cannot write '%s'", j->path);
		data = kb_str_skip(data, (size_t)n);
		at += (uint64_t)n;
	}
	return 0;
}

/* A journal of nothing: the head alone. */
static int begin(struct kb_embed_journal *j, size_t dim, struct kb_err *err)
{
	struct head *h = &j->head;
	int rc;

	if (j->fd < 0)
		j->fd = open(j->path,
			     O_RDWR | O_CREAT | O_EXCL | O_NOFOLLOW | O_CLOEXEC,
			     0666);
	if (j->fd < 0 || ftruncate(j->fd, 0) < 0)
		return kb_err_sys(err, "cannot make '%s'", j->path);
	while (getrandom(&h->seed, sizeof(h->seed), 0) != sizeof(h->seed))
		if (errno != EINTR)
			return kb_err_sys(err, "no random number");
	memcpy(h->magic, KB_EMBED_JOURNAL_MAGIC, sizeof(h->magic));
	h->dim = (uint32_t)dim;
	h->zero = 0;
	rc = write_at(j, (struct kb_str){(const char *)h, sizeof(*h)}, 0, err);
	if (!rc)
		j->end = sizeof(*h);
	return rc;
}

int kb_embed_journal_add(struct kb_embed_journal *j, const struct kb_str *texts,
			 size_t n, const float *x, size_t dim,
			 struct kb_err *err)
{
	struct kb_buf rows;
	int rc = 0;

	if (!j->end || j->head.dim != dim) {
		kb_map_clear(&j->rows);
		rc = begin(j, dim, err);
	}
	kb_buf_init(&rows, 0);
	for (size_t i = 0; i < n && !rc; i++) {
		uint64_t hash = hash_of(j, texts[i]), check;
		size_t start = rows.len;

		kb_buf_add(&rows, &hash, sizeof(hash));
		kb_buf_add(&rows, x + i * dim, dim * sizeof(*x));
		check =
		    kb_xxh64(rows.ptr + start, rows.len - start, j->head.seed);
		kb_buf_add(&rows, &check, sizeof(check));
	}
	if (!rc)
		rc = write_at(j, kb_buf_str(&rows), j->end, err);
	for (size_t i = 0; i < n && !rc; i++) {
		*kb_map_put(&j->rows, hash_of(j, texts[i]), NULL) = j->end;
		j->end += row_size(j);
	}
	kb_buf_release(&rows);
	return rc;
}
