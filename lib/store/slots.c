#include "store/slots.h"

#include <assert.h>
#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "base/hash.h"
#include "store/byte_lock.h"

#define WINDOW 16 /* places of a key */
#define HEAD   KB_SLOT_BYTES
#define SIZE   (HEAD + (off_t)KB_SLOTS * KB_SLOT_BYTES)

static const char magic[16] = "kb slots 1";

/* As it lies in the file. */
struct place {
	uint64_t key; /* 0: free */
	int64_t used_ms;
	unsigned char data[KB_SLOT_DATA_MAX];
	uint64_t check; /* of all before it */
};

_Static_assert(sizeof(struct place) == KB_SLOT_BYTES, "a place has its size");

static uint64_t check_of(const struct place *place)
{
	return kb_xxh64(place, offsetof(struct place, check), KB_HASH_SEED);
}

static off_t offset_of(size_t at)
{
	return HEAD + (off_t)at * KB_SLOT_BYTES;
}

static int take_lock(int fd, off_t start, off_t len, struct kb_err *err)
{
	return kb_byte_lock(fd, start, len, KB_SLOT_WAIT_MS, "a record", err);
}

/* ---- the file ---- */

static void make_directories(const char *path)
{
	char part[4096];

	for (size_t i = 1; path[i] && i < sizeof(part); i++) {
		if (path[i] != '/')
			continue;
		memcpy(part, path, i);
		part[i] = '\0';
		mkdir(part, 0700); /* what fails shows when the file is made */
	}
}

static bool is_ours(int fd)
{
	char head[sizeof(magic)];
	struct stat st;

	return !fstat(fd, &st) && st.st_size == SIZE &&
	       pread(fd, head, sizeof(head), 0) == (ssize_t)sizeof(head) &&
	       !memcmp(head, magic, sizeof(magic));
}

/* Look at it, and mend it, under the lock of its head. */
static int settle(int fd, const char *path, bool *remade, struct kb_err *err)
{
	struct stat st;
	int rc = 0;

	if (fstat(fd, &st) || !S_ISREG(st.st_mode))
		return kb_err_set(err, KB_EINVAL, "'%s' is no file", path);
	if (is_ours(fd))
		return 0;
	rc = take_lock(fd, 0, HEAD, err);
	if (rc)
		return rc;
	if (!is_ours(fd)) {
		*remade = !fstat(fd, &st) && st.st_size > 0;
		if (ftruncate(fd, 0) || ftruncate(fd, SIZE) ||
		    pwrite(fd, magic, sizeof(magic), 0) !=
			(ssize_t)sizeof(magic))
			rc = kb_err_sys(err, "cannot make '%s'", path);
	}
	kb_byte_unlock(fd, 0, HEAD);
	return rc;
}

int kb_slots_open(struct kb_slots *slots, const char *path, bool make,
		  bool *remade, struct kb_err *err)
{
	int flags = O_RDWR | O_CLOEXEC | O_NOFOLLOW | O_NONBLOCK;
	int rc;

	*remade = false;
	slots->fd = open(path, flags);
	if (slots->fd < 0 && errno == ENOENT && make) {
		make_directories(path);
		slots->fd = open(path, flags | O_CREAT, 0600);
	}
	if (slots->fd < 0 && errno == ENOENT && !make)
		return kb_err_set(err, KB_ENOENT, "there is no '%s'", path);
	if (slots->fd < 0)
		return kb_err_sys(err, "cannot open '%s'", path);
	rc = settle(slots->fd, path, remade, err);
	if (rc)
		kb_slots_close(slots);
	return rc;
}

void kb_slots_close(struct kb_slots *slots)
{
	if (slots->fd >= 0)
		close(slots->fd);
	slots->fd = -1;
}

/* ---- records ---- */

static bool is_sound(const struct place *place)
{
	return place->key && place->check == check_of(place);
}

/* All places of a key; what lies behind the end of the file is free. */
static void read_window(int fd, uint64_t key, struct place *places)
{
	size_t at = key % KB_SLOTS, n = KB_SLOTS - at;

	memset(places, 0, WINDOW * sizeof(*places));
	if (n > WINDOW)
		n = WINDOW;
	if (pread(fd, places, n * sizeof(*places), offset_of(at)) < 0 ||
	    (n < WINDOW && pread(fd, places + n, (WINDOW - n) * sizeof(*places),
				 offset_of(0)) < 0))
		memset(places, 0, WINDOW * sizeof(*places));
}

bool kb_slots_peek(const struct kb_slots *slots, uint64_t key, void *data,
		   size_t size)
{
	struct place places[WINDOW];

	assert(size <= KB_SLOT_DATA_MAX);
	read_window(slots->fd, key, places);
	for (size_t i = 0; i < WINDOW; i++)
		if (places[i].key == key && is_sound(&places[i])) {
			memcpy(data, places[i].data, size);
			return true;
		}
	return false;
}

/* The place of the key, else a free one, else the one used longest ago. */
static size_t find(int fd, uint64_t key, struct place *found)
{
	struct place places[WINDOW];
	size_t best = 0;

	read_window(fd, key, places);
	for (size_t i = 0; i < WINDOW; i++)
		if (places[i].key == key && is_sound(&places[i])) {
			*found = places[i];
			return (key + i) % KB_SLOTS;
		}
	for (size_t i = 0; i < WINDOW; i++) {
		if (!is_sound(&places[i]))
			places[i] = (struct place){.used_ms = INT64_MIN};
		if (places[i].used_ms < places[best].used_ms)
			best = i;
	}
	*found = places[best];
	return (key + best) % KB_SLOTS;
}

/* Is it still at its place, which is locked now? */
static bool is_there(int fd, uint64_t key, size_t at, struct place *place)
{
	return pread(fd, place, sizeof(*place), offset_of(at)) ==
		   (ssize_t)sizeof(*place) &&
	       place->key == key && is_sound(place);
}

int kb_slots_lock(struct kb_slots *slots, uint64_t key,
		  struct kb_slots_held *slot, void *data, size_t size,
		  struct kb_err *err)
{
	struct place place;
	int rc;

	assert(key);
	assert(size <= KB_SLOT_DATA_MAX);
	/* Another may take the place between the look and the lock. */
	for (;;) {
		size_t at = find(slots->fd, key, &place);

		rc = take_lock(slots->fd, offset_of(at), KB_SLOT_BYTES, err);
		if (rc)
			return rc;
		*slot = (struct kb_slots_held){.key = key, .at = at};
		if (is_there(slots->fd, key, at, &place) ||
		    find(slots->fd, key, &place) == at)
			break;
		kb_byte_unlock(slots->fd, offset_of(at), KB_SLOT_BYTES);
	}
	memset(data, 0, size);
	if (place.key == key)
		memcpy(data, place.data, size);
	return 0;
}

int kb_slots_unlock(struct kb_slots *slots, const struct kb_slots_held *slot,
		    const void *data, size_t size, int64_t now_ms,
		    struct kb_err *err)
{
	struct place place = {.key = slot->key, .used_ms = now_ms};
	int rc = 0;

	if (data) {
		memcpy(place.data, data, size);
		place.check = check_of(&place);
		if (pwrite(slots->fd, &place, sizeof(place),
			   offset_of(slot->at)) != (ssize_t)sizeof(place))
			rc = kb_err_sys(err, "cannot write a record");
	}
	kb_byte_unlock(slots->fd, offset_of(slot->at), KB_SLOT_BYTES);
	return rc;
}
