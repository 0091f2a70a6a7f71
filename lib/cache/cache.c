#include "cache/cache.h"

#include <assert.h>
#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>
#include <zstd.h>

#include "base/env.h"
#include "cache/cache_file.h"
#include "store/byte_lock.h"

#define PACK_LEVEL   3
#define PACK_FROM    64	  /* bytes; shorter ones do not become smaller */
#define ENTRY_BYTES  256  /* of one, about: the table has a place for each */
#define SKEW_S	     3600 /* an entry of later than that is of another clock */
#define CLAIM_AT     ((off_t)1 << 32) /* bytes of NAME.lock that stand for keys */
#define SEED_WAIT_MS 200
#define CLAIM_MASK   ((UINT64_C(1) << 31) - 1)

struct kb_cache {
	struct kb_cache_options opt;
	char path[4096];
	char name[64], old_name[72], lock_name[72];
	int dir;		       /* -1: not open */
	struct kb_cache_file now, old; /* old may not be there */
	int claims;		       /* NAME.lock; -1: not open */
	uint64_t seed;		       /* which stands in it */
	bool off;		       /* it cannot be used */
	bool told_damage, full;	       /* no place is left to write to */
	struct kb_buf entry;
	ZSTD_CCtx *cctx;
	ZSTD_DCtx *dctx;
};

/* ---- life ---- */

static bool set_path(struct kb_cache *c, const char *dir)
{
	const char *base = kb_env("XDG_CACHE_HOME"), *home = kb_env("HOME");
	int n = -1;

	if (*dir)
		n = snprintf(c->path, sizeof(c->path), "%s", dir);
	else if (base)
		n = snprintf(c->path, sizeof(c->path), "%s/kb", base);
	else if (home)
		n = snprintf(c->path, sizeof(c->path), "%s/.cache/kb", home);
	return n > 0 && (size_t)n < sizeof(c->path);
}

struct kb_cache *kb_cache_new(const struct kb_cache_options *options)
{
	struct kb_cache *c = kb_calloc(1, sizeof(*c));

	assert(options->name && strlen(options->name) < sizeof(c->name));
	c->opt = *options;
	if (!c->opt.size)
		c->opt.size = KB_CACHE_SIZE;
	c->dir = c->now.fd = c->old.fd = c->claims = -1;
	snprintf(c->name, sizeof(c->name), "%s", options->name);
	snprintf(c->old_name, sizeof(c->old_name), "%s.old", c->name);
	snprintf(c->lock_name, sizeof(c->lock_name), "%s.lock", c->name);
	if (!set_path(c, options->dir))
		*c->path = '\0'; /* which is said when it is used */
	kb_buf_init(&c->entry, 0);
	return c;
}

static void close_files(struct kb_cache *c)
{
	kb_cache_file_close(&c->now);
	kb_cache_file_close(&c->old);
}

void kb_cache_free(struct kb_cache *c)
{
	if (!c)
		return;
	close_files(c);
	if (c->claims >= 0)
		close(c->claims);
	if (c->dir >= 0)
		close(c->dir);
	kb_buf_release(&c->entry);
	ZSTD_freeCCtx(c->cctx);
	ZSTD_freeDCtx(c->dctx);
	free(c);
}

static void say(const struct kb_cache *c, const char *what, const char *why)
{
	char line[800];

	if (!c->opt.warn)
		return;
	snprintf(line, sizeof(line), "%s: %.600s", what, why);
	c->opt.warn(c->opt.arg, line);
}

/* Go on without it. */
static void give_up(struct kb_cache *c, const char *why)
{
	if (!c->off)
		say(c, "going on without the cache", why);
	c->off = true;
	close_files(c);
}

/* Another process held it for long: this entry is let go, no more. */
static void write_failed(struct kb_cache *c, const struct kb_err *err)
{
	if (err->code == KB_EBUSY)
		return;
	say(c, "answers are read from the cache and no longer kept", err->msg);
	c->full = true;
}

/* ---- files ---- */

static uint64_t places_of(uint64_t half)
{
	uint64_t places = 1024;

	while (places < half / ENTRY_BYTES)
		places *= 2;
	return places;
}

/* The directory, and those of the user's own that it lies in. */
static int open_directory(struct kb_cache *c, struct kb_err *err)
{
	char part[sizeof(c->path)];

	if (!*c->path)
		return kb_err_set(err, KB_ENOENT,
				  "neither XDG_CACHE_HOME nor HOME says where "
				  "it lies; name a directory");
	for (size_t i = 1; !*c->opt.dir && c->path[i]; i++) {
		if (c->path[i] != '/')
			continue;
		memcpy(part, c->path, i);
		part[i] = '\0';
		mkdir(part, 0700); /* what fails shows when it is opened */
	}
	if (mkdir(c->path, 0700) && errno != EEXIST)
		return kb_err_sys(err, "cannot make the directory '%s'",
				  c->path);
	c->dir = open(c->path, O_RDONLY | O_DIRECTORY | O_CLOEXEC);
	return c->dir < 0
		   ? kb_err_sys(err, "cannot open the directory '%s'", c->path)
		   : 0;
}

static int open_one(struct kb_cache *c, struct kb_cache_file *f,
		    const char *name, uint64_t places, struct kb_err *err)
{
	char path[sizeof(c->path) + sizeof(c->old_name) + 1];

	snprintf(path, sizeof(path), "%s/%s", c->path, name);
	return kb_cache_file_open(f, c->dir, name, places, path, err);
}

/* The seed is written once, by who comes first. */
static int read_seed(struct kb_cache *c, struct kb_err *err)
{
	int rc = kb_byte_lock(c->claims, 0, 1, SEED_WAIT_MS, "the cache", err);
	ssize_t n;

	if (rc)
		return rc;
	n = pread(c->claims, &c->seed, sizeof(c->seed), 0);
	if (n != (ssize_t)sizeof(c->seed) &&
	    (getentropy(&c->seed, sizeof(c->seed)) ||
	     pwrite(c->claims, &c->seed, sizeof(c->seed), 0) !=
		 (ssize_t)sizeof(c->seed)))
		rc = kb_err_sys(err, "cannot write '%s/%s'", c->path,
				c->lock_name);
	kb_byte_unlock(c->claims, 0, 1);
	return rc;
}

static int open_claims(struct kb_cache *c, struct kb_err *err)
{
	if (c->claims >= 0)
		return 0;
	c->claims = openat(
	    c->dir, c->lock_name,
	    O_RDWR | O_CREAT | O_CLOEXEC | O_NOFOLLOW | O_NONBLOCK, 0600);
	if (c->claims < 0)
		return kb_err_sys(err, "cannot open '%s/%s'", c->path,
				  c->lock_name);
	/* written once: whoever finds it whole needs no lock */
	return pread(c->claims, &c->seed, sizeof(c->seed), 0) ==
		       (ssize_t)sizeof(c->seed)
		   ? 0
		   : read_seed(c, err);
}

static int open_files(struct kb_cache *c, struct kb_err *err)
{
	int rc = c->dir < 0 ? open_directory(c, err) : 0;

	if (!rc)
		rc = open_claims(c, err);
	if (!rc)
		rc = open_one(c, &c->now, c->name, places_of(c->opt.size / 2),
			      err);
	if (rc)
		return rc;
	rc = open_one(c, &c->old, c->old_name, 0, err);
	return rc == KB_ENOENT ? 0 : rc;
}

static bool is_open(struct kb_cache *c)
{
	struct kb_err err;

	if (!c->off && c->now.fd < 0 && open_files(c, &err))
		give_up(c, err.msg);
	return !c->off;
}

/* Have others changed the files since they were opened here? Then they are
 * opened anew. */
static bool is_renewed(struct kb_cache *c)
{
	if (kb_cache_file_is_current(&c->now, c->dir, c->name))
		return false;
	close_files(c);
	return is_open(c);
}

bool kb_cache_seed(struct kb_cache *c, uint64_t *seed)
{
	if (!is_open(c))
		return false;
	*seed = c->seed;
	return true;
}

/* ---- reading ---- */

static bool unpack(struct kb_cache *c, const struct kb_cache_entry *entry,
		   struct kb_buf *out)
{
	size_t n;

	if (!entry->full) {
		kb_buf_add_str(out, entry->bytes);
		return true;
	}
	if (entry->full > KB_CACHE_ENTRY_MAX ||
	    !kb_buf_reserve(out, entry->full))
		return false;
	if (!c->dctx)
		c->dctx = ZSTD_createDCtx();
	if (!c->dctx)
		kb_oom();
	n = ZSTD_decompressDCtx(c->dctx, out->ptr + out->len, entry->full,
				entry->bytes.ptr, entry->bytes.len);
	if (n != entry->full)
		return false;
	out->len += n;
	out->ptr[out->len] = '\0';
	return true;
}

static bool is_young(const struct kb_cache *c,
		     const struct kb_cache_entry *entry, int64_t now_s)
{
	if (entry->made_s > now_s + SKEW_S)
		return false;
	/* of a second that began so long ago it may be one second older */
	return c->opt.ttl_s <= 0 ||
	       (double)(now_s - entry->made_s) + 1 <= c->opt.ttl_s;
}

static void put_entry(struct kb_cache *c, struct kb_hash128 key,
		      const struct kb_cache_entry *entry);

static bool find(struct kb_cache *c, struct kb_hash128 key, bool *damaged,
		 struct kb_cache_entry *entry, bool *is_old)
{
	*is_old = false;
	if (kb_cache_file_get(&c->now, key, &c->entry, entry, damaged))
		return true;
	*is_old = c->old.fd >= 0 &&
		  kb_cache_file_get(&c->old, key, &c->entry, entry, damaged);
	return *is_old;
}

bool kb_cache_get(struct kb_cache *c, struct kb_hash128 key, int64_t now_s,
		  struct kb_buf *out)
{
	struct kb_cache_entry entry;
	bool damaged = false, is_old, found;

	if (!is_open(c))
		return false;
	found = find(c, key, &damaged, &entry, &is_old);
	if (!found && is_renewed(c))
		found = find(c, key, &damaged, &entry, &is_old);
	if (found && !is_young(c, &entry, now_s))
		return false;
	if (found && !unpack(c, &entry, out)) {
		found = false;
		damaged = true;
	}
	if (damaged && !c->told_damage) {
		say(c, "the cache is damaged; what is not whole is asked anew",
		    c->path);
		c->told_damage = true;
	}
	if (found && is_old)
		put_entry(c, key, &entry);
	return found;
}

/* ---- writing ---- */

/* NAME, which is held and full, becomes NAME.old. */
static bool change_files(struct kb_cache *c)
{
	struct kb_err err;

	if (renameat(c->dir, c->name, c->dir, c->old_name)) {
		kb_err_sys(&err, "cannot rename '%s/%s'", c->path, c->name);
		write_failed(c, &err);
		return false;
	}
	close_files(c); /* which ends the lock */
	return is_open(c);
}

static void put_entry(struct kb_cache *c, struct kb_hash128 key,
		      const struct kb_cache_entry *entry)
{
	uint64_t half = c->opt.size / 2;
	struct kb_err err;
	bool full = false;
	int rc;

	if (c->full)
		return;
	for (int i = 0; i < 3; i++) {
		rc = kb_cache_file_lock(&c->now, &err);
		if (rc) {
			write_failed(c, &err);
			return;
		}
		/* it may have become the old one before it was held */
		if (is_renewed(c))
			continue;
		if (c->off)
			return;
		rc = kb_cache_file_put(&c->now, key, entry, half, &full, &err);
		if (!rc && full && change_files(c))
			continue;
		if (c->now.fd >= 0)
			kb_cache_file_unlock(&c->now);
		if (rc)
			write_failed(c, &err);
		return;
	}
}

static bool pack_value(struct kb_cache *c, struct kb_str value,
		       struct kb_buf *out)
{
	size_t n;

	if (value.len < PACK_FROM)
		return false;
	if (!c->cctx)
		c->cctx = ZSTD_createCCtx();
	if (!c->cctx)
		kb_oom();
	if (!kb_buf_reserve(out, value.len))
		return false;
	n = ZSTD_compressCCtx(c->cctx, out->ptr, value.len, value.ptr,
			      value.len, PACK_LEVEL);
	if (ZSTD_isError(n) || n >= value.len)
		return false;
	out->len = n;
	return true;
}

void kb_cache_put(struct kb_cache *c, struct kb_hash128 key, int64_t now_s,
		  struct kb_str value, bool pack)
{
	struct kb_cache_entry entry = {.made_s = now_s, .bytes = value};
	struct kb_buf packed;

	if (c->full || value.len > c->opt.size / 8 ||
	    value.len > KB_CACHE_ENTRY_MAX || !is_open(c))
		return;
	kb_buf_init(&packed, 0);
	if (pack && pack_value(c, value, &packed)) {
		entry.full = (uint32_t)value.len;
		entry.bytes = kb_buf_str(&packed);
	}
	put_entry(c, key, &entry);
	kb_buf_release(&packed);
}

/* ---- single flight ---- */

static off_t claim_at(struct kb_hash128 key)
{
	return CLAIM_AT + (off_t)(key.low & CLAIM_MASK);
}

bool kb_cache_claim(struct kb_cache *c, struct kb_hash128 key)
{
	if (!is_open(c))
		return true;
	return kb_byte_try_lock(c->claims, claim_at(key), 1) ||
	       (errno != EAGAIN && errno != EACCES);
}

void kb_cache_yield(struct kb_cache *c, struct kb_hash128 key)
{
	if (c->claims >= 0)
		kb_byte_unlock(c->claims, claim_at(key), 1);
}
