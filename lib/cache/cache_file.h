/*
 * One file of a cache: a table of places in front, entries appended behind it.
 *
 *	header	64 bytes: magic, places (a power of two), hash of both
 *	table	from 4096: 16 bytes a place: tag, and where its entry lies
 *	entries	each at a multiple of 16: key, date, lengths, hash, bytes
 *
 * Written by pwrite() alone and under a lock of its first byte: first the
 * entry, behind the end of the file, then its place. Whoever is killed between
 * the two leaves bytes that nobody finds. Readers take no lock: a place that is
 * torn, a file that is cut, an entry that was exchanged all show by the key and
 * the hash of the entry. The file is not synced: after a loss of power entries
 * may be missing, and are no other's. It is read by pread(), not mapped: a file
 * that others cut is a short read, not a SIGBUS.
 *
 * For one thread.
 */
#ifndef KB_CACHE_CACHE_FILE_H
#define KB_CACHE_CACHE_FILE_H

#include <stdint.h>

#include "base/buf.h"
#include "base/err.h"
#include "base/hash.h"

#define KB_CACHE_ENTRY_MAX ((uint32_t)64 << 20) /* bytes of one, as stored */

struct kb_cache_file {
	int fd; /* -1: not open */
	uint64_t places;
};

/* An entry as it is stored. */
struct kb_cache_entry {
	int64_t made_s; /* Unix seconds */
	uint32_t full;	/* bytes when unpacked; 0: they are not packed */
	struct kb_str bytes;
};

/*
 * Open the file 'name' of the directory. With places (a power of two) it is
 * made when it is not there, mode 0600; with 0 that is KB_ENOENT. KB_EFORMAT:
 * it is no file of a cache, and stays as it is. path is for messages.
 */
int kb_cache_file_open(struct kb_cache_file *f, int dir, const char *name,
		       uint64_t places, const char *path, struct kb_err *err);
void kb_cache_file_close(struct kb_cache_file *f);

/*
 * Find an entry: true, its bytes in buf. *damaged is set (else it stays) when
 * something stood in its place that is not whole.
 */
bool kb_cache_file_get(const struct kb_cache_file *f, struct kb_hash128 key,
		       struct kb_buf *buf, struct kb_cache_entry *entry,
		       bool *damaged);

/* Hold the file for kb_cache_file_put(). KB_EBUSY as kb_byte_lock(). */
int kb_cache_file_lock(const struct kb_cache_file *f, struct kb_err *err);
void kb_cache_file_unlock(const struct kb_cache_file *f);

/*
 * Append an entry to a file that is held; it takes the place of an older one
 * of the key, where all places of a key are taken that of the oldest. *full,
 * and nothing is written, when the file would have more than max bytes of
 * entries. A write that fails leaves the file as it was.
 */
int kb_cache_file_put(const struct kb_cache_file *f, struct kb_hash128 key,
		      const struct kb_cache_entry *entry, uint64_t max,
		      bool *full, struct kb_err *err);

/* Is it still the file of that name? */
bool kb_cache_file_is_current(const struct kb_cache_file *f, int dir,
			      const char *name);

#endif
