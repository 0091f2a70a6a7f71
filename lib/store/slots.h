/*
 * A file of small records that processes share, each found by a 64-bit key
 * and held by a byte-range lock while it is changed.
 *
 * The locks are those of open file descriptions (F_OFD_SETLK): the system
 * releases them when a process ends, however it ends. A record is read and
 * written by one call of its 128 bytes, with a checksum, and not through a
 * mapping: a process that is killed leaves the old or the new one, and a file
 * that is cut by others is a short read, not a SIGBUS. A record that is
 * damaged counts as none; a file that is none of these, or is cut, is made anew
 * (and said). Where all places of a key are taken, the one that was used
 * longest ago makes room.
 *
 * For one thread.
 */
#ifndef KB_STORE_SLOTS_H
#define KB_STORE_SLOTS_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "base/err.h"

#define KB_SLOTS	 1024
#define KB_SLOT_BYTES	 128
#define KB_SLOT_DATA_MAX 104 /* of which are the caller's */
#define KB_SLOT_WAIT_MS	 200 /* for a lock; it is held for microseconds */

struct kb_slots {
	int fd; /* -1: not open */
};

/* A place that is locked. */
struct kb_slots_held {
	uint64_t key;
	size_t at;
};

/*
 * Open the file, and with 'make' create it and its directories (mode 0700, the
 * file 0600). *remade tells that what was there is gone. KB_ENOENT when it is
 * not there and is not to be made.
 */
int kb_slots_open(struct kb_slots *slots, const char *path, bool make,
		  bool *remade, struct kb_err *err);
void kb_slots_close(struct kb_slots *slots);

/* Read a record without a lock; false when there is none. */
bool kb_slots_peek(const struct kb_slots *slots, uint64_t key, void *data,
		   size_t size);

/*
 * Lock the place of a key, a new one when it has none, and read it; data is
 * zeroed when there is none. KB_EBUSY when somebody holds it for longer than
 * KB_SLOT_WAIT_MS.
 */
int kb_slots_lock(struct kb_slots *slots, uint64_t key,
		  struct kb_slots_held *slot, void *data, size_t size,
		  struct kb_err *err);

/* Write it, unless data is NULL, as used at now_ms (since 1970), and unlock. */
int kb_slots_unlock(struct kb_slots *slots, const struct kb_slots_held *slot,
		    const void *data, size_t size, int64_t now_ms,
		    struct kb_err *err);

#endif
