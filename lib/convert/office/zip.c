#include "convert/office/zip.h"

#include <assert.h>
#include <errno.h>
#include <limits.h>
#include <stdlib.h>
#include <sys/stat.h>
#include <unistd.h>
#include <zlib.h>

#include "base/mem.h"
#include "base/str.h"

/* APPNOTE.TXT, 4.3.7 (local header), 4.3.12 (directory), 4.3.16 (its end) */
enum {
	LOCAL_SIZE = 30,
	ENTRY_SIZE = 46,
	END_SIZE = 22,
	COMMENT_MAX = 65535,
	PACKED_STEP = 32 << 10,
	STORED = 0,
	DEFLATED = 8,
};

struct kb_zip_part {
	struct kb_zip *zip;
	const struct kb_zip_entry *entry;
	uint64_t at, left; /* packed bytes, in the file */
	uint64_t out;
	uint32_t crc;
	bool ended;
	z_stream stream;
	unsigned char packed[PACKED_STEP];
};

static unsigned u16(const char *p)
{
	const unsigned char *b = (const unsigned char *)p;

	return b[0] | (unsigned)b[1] << 8;
}

static uint32_t u32(const char *p)
{
	return u16(p) | (uint32_t)u16(p + 2) << 16;
}

/* All of len bytes, or less at the end of the file. */
static ssize_t read_at(int fd, void *to, size_t len, uint64_t at)
{
	char *p = to;
	size_t n = 0;

	while (n < len) {
		ssize_t got = pread(fd, p + n, len - n, (off_t)(at + n));

		if (got < 0 && errno == EINTR)
			continue;
		if (got < 0)
			return -1;
		if (!got)
			break;
		n += (size_t)got;
	}
	return (ssize_t)n;
}

static int damaged(struct kb_err *err, const char *why)
{
	return kb_err_set(err, KB_EFORMAT, "is a damaged archive: %s", why);
}

/* ---- the directory ---- */

static int by_name(const void *a, const void *b)
{
	const struct kb_zip_entry *x = a, *y = b;
	int order = kb_str_cmp(x->name, y->name);

	return order ? order
		     : (x->offset > y->offset) - (x->offset < y->offset);
}

/* The record that ends the archive, which a comment may follow. */
static int find_end(int fd, uint64_t size, char end[END_SIZE],
		    struct kb_err *err)
{
	size_t len = size < END_SIZE + COMMENT_MAX ? (size_t)size
						   : END_SIZE + COMMENT_MAX;
	char *tail = kb_malloc(len + 1);
	ssize_t got = read_at(fd, tail, len, size - len);
	int rc = -1;

	for (ssize_t i = got - END_SIZE; i >= 0 && rc < 0; i--) {
		if (memcmp(tail + i, "PK\5\6", 4) ||
		    u16(tail + i + 20) > (size_t)(got - i - END_SIZE))
			continue;
		memcpy(end, tail + i, END_SIZE);
		rc = 0;
	}
	free(tail);
	if (got < 0)
		return kb_err_sys(err, "cannot be read");
	return rc < 0 ? damaged(err, "it has no end") : 0;
}

static int add_entries(struct kb_zip *zip, size_t n, struct kb_err *err)
{
	struct kb_str rest = kb_buf_str(&zip->directory);

	zip->entries = kb_calloc(n ? n : 1, sizeof(*zip->entries));
	for (; zip->n < n; zip->n++) {
		struct kb_zip_entry *e = &zip->entries[zip->n];
		size_t len;

		if (rest.len < ENTRY_SIZE || memcmp(rest.ptr, "PK\1\2", 4))
			return damaged(err, "its directory is cut");
		len = ENTRY_SIZE + (size_t)u16(rest.ptr + 28) +
		      u16(rest.ptr + 30) + u16(rest.ptr + 32);
		if (len > rest.len)
			return damaged(err, "its directory is cut");
		*e = (struct kb_zip_entry){
		    .name = {rest.ptr + ENTRY_SIZE, u16(rest.ptr + 28)},
		    .packed = u32(rest.ptr + 20),
		    .size = u32(rest.ptr + 24),
		    .offset = u32(rest.ptr + 42),
		    .crc = u32(rest.ptr + 16),
		    .method = (uint16_t)u16(rest.ptr + 10),
		    .encrypted = u16(rest.ptr + 8) & 1,
		};
		if (e->packed == UINT32_MAX || e->offset == UINT32_MAX)
			return kb_err_set(err, KB_EFORMAT,
					  "is a ZIP64 archive, which is not "
					  "read");
		rest = kb_str_skip(rest, len);
	}
	qsort(zip->entries, n, sizeof(*zip->entries), by_name);
	return 0;
}

static int read_directory(struct kb_zip *zip, const char end[END_SIZE],
			  struct kb_err *err)
{
	size_t n = u16(end + 10), size = u32(end + 12);
	uint64_t at = u32(end + 16);
	ssize_t got;

	if (u16(end + 4) || u16(end + 6))
		return damaged(err, "it is one of several disks");
	if (at == UINT32_MAX || n == KB_ZIP_ENTRIES)
		return kb_err_set(err, KB_EFORMAT,
				  "is a ZIP64 archive, which is not read");
	if (size > KB_ZIP_DIRECTORY)
		return kb_err_set(err, KB_ELIMIT,
				  "is an archive whose directory is larger "
				  "than the limit of %zu bytes",
				  KB_ZIP_DIRECTORY);
	kb_buf_reserve(&zip->directory, size);
	got = read_at(zip->fd, zip->directory.ptr, size, at);
	if (got < 0)
		return kb_err_sys(err, "cannot be read");
	if ((size_t)got < size)
		return damaged(err, "its directory is cut");
	zip->directory.len = size;
	return add_entries(zip, n, err);
}

int kb_zip_open(struct kb_zip *zip, int fd, struct kb_err *err)
{
	char end[END_SIZE] = "";
	struct stat st;
	int rc;

	*zip = (struct kb_zip){.fd = fd};
	kb_buf_init(&zip->directory, 0);
	if (fstat(fd, &st) < 0)
		return kb_err_sys(err, "cannot be read");
	rc = find_end(fd, (uint64_t)st.st_size, end, err);
	if (rc == 0)
		rc = read_directory(zip, end, err);
	if (rc < 0)
		kb_zip_close(zip);
	return rc;
}

void kb_zip_close(struct kb_zip *zip)
{
	kb_buf_release(&zip->directory);
	free(zip->entries);
	*zip = (struct kb_zip){.fd = -1};
}

const struct kb_zip_entry *kb_zip_find(const struct kb_zip *zip,
				       struct kb_str name)
{
	size_t low = 0, high = zip->n;

	while (low < high) {
		size_t mid = low + (high - low) / 2;

		if (kb_str_cmp(zip->entries[mid].name, name) < 0)
			low = mid + 1;
		else
			high = mid;
	}
	return low < zip->n && kb_str_eq(zip->entries[low].name, name)
		   ? &zip->entries[low]
		   : NULL;
}

/* ---- unpacking ---- */

int kb_zip_part_open(struct kb_zip_part **part, struct kb_zip *zip,
		     const struct kb_zip_entry *entry, struct kb_err *err)
{
	char head[LOCAL_SIZE];
	struct kb_zip_part *p;

	*part = NULL;
	if (entry->encrypted)
		return kb_err_set(err, KB_EFORMAT, "is encrypted");
	if (entry->method != STORED && entry->method != DEFLATED)
		return kb_err_set(err, KB_EFORMAT,
				  "is packed by method %u, which is not read",
				  entry->method);
	if (read_at(zip->fd, head, LOCAL_SIZE, entry->offset) != LOCAL_SIZE ||
	    memcmp(head, "PK\3\4", 4))
		return damaged(err, "an entry is not where it should be");
	p = kb_malloc(sizeof(*p));
	memset(p, 0, offsetof(struct kb_zip_part, packed));
	p->zip = zip;
	p->entry = entry;
	p->at = entry->offset + LOCAL_SIZE + u16(head + 26) + u16(head + 28);
	p->left = entry->packed;
	/* less than 0: without a header of its own */
	if (inflateInit2(&p->stream, -MAX_WBITS) != Z_OK)
		kb_oom();
	*part = p;
	return 0;
}

void kb_zip_part_close(struct kb_zip_part *p)
{
	if (!p)
		return;
	inflateEnd(&p->stream);
	free(p);
}

/* More packed bytes, when there are none. */
static int fill(struct kb_zip_part *p, struct kb_err *err)
{
	size_t n = p->left < PACKED_STEP ? (size_t)p->left : PACKED_STEP;
	ssize_t got;

	if (p->stream.avail_in || !n)
		return 0;
	got = read_at(p->zip->fd, p->packed, n, p->at);
	if (got < 0)
		return kb_err_sys(err, "cannot be read");
	if ((size_t)got < n)
		return damaged(err, "it is cut");
	p->at += n;
	p->left -= n;
	p->stream.next_in = p->packed;
	p->stream.avail_in = (unsigned)n;
	return 0;
}

static int count(struct kb_zip_part *p, size_t n, struct kb_err *err)
{
	p->out += n;
	p->zip->unpacked += n;
	if (p->zip->unpacked > KB_ZIP_OUT_MAX)
		return kb_err_set(err, KB_ELIMIT,
				  "unpacks to more than the limit of %llu "
				  "bytes",
				  (unsigned long long)KB_ZIP_OUT_MAX);
	if (p->out > KB_ZIP_FREE && p->out / KB_ZIP_RATIO > p->entry->packed)
		return kb_err_set(err, KB_ELIMIT,
				  "unpacks to more than %u times its size: a "
				  "bomb, not a document",
				  KB_ZIP_RATIO);
	return 0;
}

static int at_end(struct kb_zip_part *p, struct kb_err *err)
{
	p->ended = true;
	return p->crc == p->entry->crc
		   ? 0
		   : damaged(err, "a checksum is not that of its bytes");
}

static int copy_stored(struct kb_zip_part *p, char *to, size_t room)
{
	size_t n = p->stream.avail_in;

	n = n < room ? n : room;
	memcpy(to, p->stream.next_in, n);
	p->stream.next_in += n;
	p->stream.avail_in -= (unsigned)n;
	return p->stream.avail_in || p->left ? Z_OK : Z_STREAM_END;
}

int kb_zip_part_read(struct kb_zip_part *p, char *to, size_t room,
		     struct kb_err *err)
{
	size_t n = 0;
	int rc = 0, state = Z_OK;

	if (room > INT_MAX)
		room = INT_MAX;
	while (!n && !p->ended && room) {
		rc = fill(p, err);
		if (rc < 0)
			return rc;
		p->stream.next_out = (unsigned char *)to;
		p->stream.avail_out = (unsigned)room;
		if (p->entry->method == STORED) {
			n = p->stream.avail_in < room ? p->stream.avail_in
						      : room;
			state = copy_stored(p, to, room);
		} else {
			state = inflate(&p->stream, Z_NO_FLUSH);
			n = room - p->stream.avail_out;
		}
		if (state != Z_OK && state != Z_STREAM_END &&
		    !(state == Z_BUF_ERROR && p->left))
			return damaged(err, p->stream.msg ? p->stream.msg
							  : "it is cut");
		p->crc =
		    (uint32_t)crc32(p->crc, (unsigned char *)to, (unsigned)n);
		rc = count(p, n, err);
		if (rc == 0 && state == Z_STREAM_END)
			rc = at_end(p, err);
		if (rc < 0)
			return rc;
	}
	return (int)n;
}

int kb_zip_read(struct kb_zip *zip, const char *name, struct kb_buf *out,
		struct kb_err *err)
{
	const struct kb_zip_entry *entry = kb_zip_find(zip, kb_str_of(name));
	struct kb_zip_part *part;
	char buf[4096];
	int n;

	if (!entry)
		return KB_ENOENT;
	n = kb_zip_part_open(&part, zip, entry, err);
	if (n < 0)
		return n;
	assert(part);
	while ((n = kb_zip_part_read(part, buf, sizeof(buf), err)) > 0 &&
	       !out->over)
		kb_buf_add(out, buf, (size_t)n);
	kb_zip_part_close(part);
	if (n >= 0 && out->over)
		return kb_err_set(err, KB_ELIMIT,
				  "has a part larger than the limit of %zu "
				  "bytes",
				  out->max);
	return n < 0 ? n : 0;
}
