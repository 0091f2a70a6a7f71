#include "cache/cache_file.h"

#include <assert.h>
#include <errno.h>
#include <fcntl.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "store/byte_lock.h"

#define TABLE	4096 /* where it begins */
#define WINDOW	16   /* places of a key */
#define ALIGN	16
#define WAIT_MS 200 /* for the lock; it is held for microseconds */

static const char magic[16] = "kb cache 1";

/* As they lie in the file. */
struct head {
	char magic[16];
	uint64_t places;
	uint64_t check; /* of all before it */
	char zero[32];
};

struct place {
	uint64_t tag;	/* the high half of the key; 0: free */
	uint64_t where; /* offset and bytes of the entry, both by ALIGN */
};

struct entry {
	uint64_t low, high;
	int64_t made_s;
	uint32_t len, full;
	uint64_t check; /* of all before it, and of the bytes */
};

_Static_assert(sizeof(struct head) == 64, "the header has its size");
_Static_assert(sizeof(struct place) == 16, "a place has its size");
_Static_assert(sizeof(struct entry) == 40, "an entry's head has its size");

#define UNITS_BITS 24
#define UNITS_MASK ((UINT64_C(1) << UNITS_BITS) - 1)

static uint64_t entries_at(const struct kb_cache_file *f)
{
	return TABLE + f->places * sizeof(struct place);
}

static uint64_t head_check(const struct head *head)
{
	return kb_xxh64(head, offsetof(struct head, check), KB_HASH_SEED);
}

static uint64_t entry_check(const struct entry *e, struct kb_str bytes)
{
	uint64_t h = kb_xxh64(e, offsetof(struct entry, check), KB_HASH_SEED);

	return kb_xxh64_part(h, bytes.ptr, bytes.len);
}

/* ---- the file ---- */

static bool read_head(struct kb_cache_file *f)
{
	struct head head;

	if (pread(f->fd, &head, sizeof(head), 0) != (ssize_t)sizeof(head) ||
	    memcmp(head.magic, magic, sizeof(magic)) ||
	    head.check != head_check(&head) || head.places < WINDOW ||
	    head.places & (head.places - 1) || head.places > UINT32_MAX)
		return false;
	f->places = head.places;
	return true;
}

/* A file of no bytes is one that was just made. */
static int make_head(const struct kb_cache_file *f, uint64_t places,
		     const char *path, struct kb_err *err)
{
	struct head head = {.places = places};

	memcpy(head.magic, magic, sizeof(magic));
	head.check = head_check(&head);
	if (pwrite(f->fd, &head, sizeof(head), 0) == (ssize_t)sizeof(head))
		return 0;
	kb_err_sys(err, "cannot write '%s'", path);
	if (ftruncate(f->fd, 0)) /* what is left is told apart later */
		errno = 0;
	return KB_EIO;
}

static int settle(struct kb_cache_file *f, uint64_t places, const char *path,
		  struct kb_err *err)
{
	struct stat st;
	int rc = 0;

	if (fstat(f->fd, &st) || !S_ISREG(st.st_mode))
		return kb_err_set(err, KB_EFORMAT, "'%s' is no file", path);
	if (!st.st_size && places) {
		rc = kb_cache_file_lock(f, err);
		if (rc)
			return rc;
		if (!fstat(f->fd, &st) && !st.st_size)
			rc = make_head(f, places, path, err);
		kb_cache_file_unlock(f);
	}
	if (rc || read_head(f))
		return rc;
	return kb_err_set(err, KB_EFORMAT,
			  "'%s' is no file of this cache, or damaged; remove "
			  "it, or name another directory",
			  path);
}

int kb_cache_file_open(struct kb_cache_file *f, int dir, const char *name,
		       uint64_t places, const char *path, struct kb_err *err)
{
	int flags = O_RDWR | O_CLOEXEC | O_NOFOLLOW | O_NONBLOCK, rc;

	assert(!(places & (places - 1)) && (!places || places >= WINDOW));
	f->places = 0;
	f->fd = openat(dir, name, flags | (places ? O_CREAT : 0), 0600);
	if (f->fd < 0)
		return kb_err_sys(err, "cannot open '%s'", path);
	rc = settle(f, places, path, err);
	if (rc)
		kb_cache_file_close(f);
	return rc;
}

void kb_cache_file_close(struct kb_cache_file *f)
{
	if (f->fd >= 0)
		close(f->fd);
	f->fd = -1;
}

bool kb_cache_file_is_current(const struct kb_cache_file *f, int dir,
			      const char *name)
{
	struct stat ours, named;

	return !fstat(f->fd, &ours) &&
	       !fstatat(dir, name, &named, AT_SYMLINK_NOFOLLOW) &&
	       ours.st_ino == named.st_ino && ours.st_dev == named.st_dev;
}

int kb_cache_file_lock(const struct kb_cache_file *f, struct kb_err *err)
{
	return kb_byte_lock(f->fd, 0, 1, WAIT_MS, "the cache", err);
}

void kb_cache_file_unlock(const struct kb_cache_file *f)
{
	kb_byte_unlock(f->fd, 0, 1);
}

/* ---- entries ---- */

static uint64_t tag_of(struct kb_hash128 key)
{
	return key.high ? key.high : 1;
}

static off_t window_at(const struct kb_cache_file *f, struct kb_hash128 key)
{
	uint64_t window = key.low % (f->places / WINDOW);

	return TABLE + (off_t)(window * WINDOW * sizeof(struct place));
}

/* The places of a key; what lies behind the end of the file is free. */
static void read_window(const struct kb_cache_file *f, struct kb_hash128 key,
			struct place *places)
{
	memset(places, 0, WINDOW * sizeof(*places));
	if (pread(f->fd, places, WINDOW * sizeof(*places), window_at(f, key)) <
	    0)
		memset(places, 0, WINDOW * sizeof(*places));
}

enum found { FOUND, OTHER, BROKEN };

static enum found read_entry(const struct kb_cache_file *f, uint64_t where,
			     struct kb_hash128 key, struct kb_buf *buf,
			     struct kb_cache_entry *out)
{
	size_t units = where & UNITS_MASK, size = units * ALIGN;
	off_t at = (off_t)((where >> UNITS_BITS) * ALIGN);
	struct entry e;
	ssize_t n;

	kb_buf_reset(buf);
	if (size < sizeof(e) || size > KB_CACHE_ENTRY_MAX + sizeof(e) + ALIGN ||
	    !kb_buf_reserve(buf, size))
		return BROKEN;
	n = pread(f->fd, buf->ptr, size, at);
	if (n < (ssize_t)sizeof(e))
		return BROKEN;
	memcpy(&e, buf->ptr, sizeof(e));
	if (e.len > (size_t)n - sizeof(e))
		return BROKEN;
	buf->len = sizeof(e) + e.len;
	*out = (struct kb_cache_entry){
	    .made_s = e.made_s,
	    .full = e.full,
	    .bytes = {buf->ptr + sizeof(e), e.len},
	};
	if (e.check != entry_check(&e, out->bytes))
		return BROKEN;
	return e.low == key.low && e.high == key.high ? FOUND : OTHER;
}

bool kb_cache_file_get(const struct kb_cache_file *f, struct kb_hash128 key,
		       struct kb_buf *buf, struct kb_cache_entry *entry,
		       bool *damaged)
{
	struct place places[WINDOW];

	read_window(f, key, places);
	for (size_t i = 0; i < WINDOW; i++) {
		enum found found;

		if (places[i].tag != tag_of(key))
			continue;
		found = read_entry(f, places[i].where, key, buf, entry);
		if (found == FOUND)
			return true;
		*damaged |= found == BROKEN;
	}
	return false;
}

/* The place of the key, else a free one, else that of the oldest entry. */
static off_t choose(const struct kb_cache_file *f, struct kb_hash128 key)
{
	struct place places[WINDOW];
	size_t best = 0;

	read_window(f, key, places);
	for (size_t i = 0; i < WINDOW; i++) {
		if (places[i].tag == tag_of(key)) {
			best = i;
			break;
		}
		if (places[best].tag &&
		    (!places[i].tag || places[i].where < places[best].where))
			best = i;
	}
	return window_at(f, key) + (off_t)(best * sizeof(struct place));
}

static bool write_all(int fd, const void *ptr, size_t len, off_t at)
{
	const char *p = ptr;

	while (len) {
		ssize_t n = pwrite(fd, p, len, at);

		if (n < 0 && errno == EINTR)
			continue;
		if (n <= 0)
			return false;
		p += n;
		at += n;
		len -= (size_t)n;
	}
	return true;
}

/* The entry as it lies in the file, filled up to ALIGN. */
static void format_entry(struct kb_hash128 key,
			 const struct kb_cache_entry *entry, struct kb_buf *out)
{
	static const char zero[ALIGN];
	struct entry e = {.low = key.low,
			  .high = key.high,
			  .made_s = entry->made_s,
			  .len = (uint32_t)entry->bytes.len,
			  .full = entry->full};

	e.check = entry_check(&e, entry->bytes);
	kb_buf_add(out, &e, sizeof(e));
	kb_buf_add_str(out, entry->bytes);
	kb_buf_add(out, zero, (ALIGN - out->len % ALIGN) % ALIGN);
}

int kb_cache_file_put(const struct kb_cache_file *f, struct kb_hash128 key,
		      const struct kb_cache_entry *entry, uint64_t max,
		      bool *full, struct kb_err *err)
{
	struct place place = {.tag = tag_of(key)};
	struct kb_buf buf;
	struct stat st;
	uint64_t at;
	int rc = 0;

	assert(entry->bytes.len <= KB_CACHE_ENTRY_MAX);
	*full = false;
	if (fstat(f->fd, &st))
		return kb_err_sys(err, "cannot look at the cache");
	at = (uint64_t)st.st_size;
	if (at < entries_at(f))
		at = entries_at(f);
	at = (at + ALIGN - 1) / ALIGN * ALIGN;
	kb_buf_init(&buf, 0);
	format_entry(key, entry, &buf);
	place.where = (at / ALIGN) << UNITS_BITS | buf.len / ALIGN;
	if (at + buf.len - entries_at(f) > max) {
		*full = true;
	} else if (!write_all(f->fd, buf.ptr, buf.len, (off_t)at) ||
		   !write_all(f->fd, &place, sizeof(place), choose(f, key))) {
		rc = kb_err_sys(err, "cannot write to the cache");
		/* nobody finds what is left of it, should this fail, too */
		if (ftruncate(f->fd, st.st_size))
			errno = 0;
	}
	kb_buf_release(&buf);
	return rc;
}
