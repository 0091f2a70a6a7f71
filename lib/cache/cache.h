/*
 * A cache on disk that processes share: values by a 128-bit key, kept within
 * a size, the least recently used going first, and used for a time.
 *
 * It is two files of a directory (cache/cache_file.h), NAME and NAME.old. What
 * is new is appended to NAME; when that holds half of the size it becomes
 * NAME.old, whose entries are gone then, but those that were used since: an
 * entry that is found in NAME.old is appended to NAME again. So nothing is ever
 * rewritten or compacted, and what was used since the last change of files
 * outlives the next.
 *
 * A cache never stops anybody: what cannot be opened, read or written is said
 * once through warn(), and the rest of the run goes on without it. Values are
 * packed by zstd where that makes them smaller, each on its own: answers of 290
 * bytes to .74 of them. A dictionary trained on others would make that .47
 * (tests/eval/repeated.py) and have to be kept with each file.
 *
 * For one thread.
 */
#ifndef KB_CACHE_CACHE_H
#define KB_CACHE_CACHE_H

#include <stdint.h>

#include "base/buf.h"
#include "base/err.h"
#include "base/hash.h"

#define KB_CACHE_SIZE_MIN ((uint64_t)1 << 20)
#define KB_CACHE_SIZE	  ((uint64_t)256 << 20)
#define KB_CACHE_TTL_S	  (30.0 * 86400)

struct kb_cache_options {
	const char *dir;  /* "": the user's, $XDG_CACHE_HOME/kb; else made when
			     it is not there, its parent being there */
	const char *name; /* of the file */
	uint64_t size;	  /* bytes of entries in both files; 0: KB_CACHE_SIZE */
	double ttl_s;	  /* an older entry is none; 0: however old */
	void (*warn)(void *arg, const char *line); /* may be NULL */
	void *arg;
};

struct kb_cache;

/* Nothing is opened before the first use. Name and arg are borrowed. */
struct kb_cache *kb_cache_new(const struct kb_cache_options *options);
void kb_cache_free(struct kb_cache *cache); /* NULL is allowed */

/*
 * The secret that keys are to be made with: random bytes of its own, in
 * NAME.lock. False when the cache cannot be used.
 */
bool kb_cache_seed(struct kb_cache *cache, uint64_t *seed);

/* Find a value that is young enough; false: there is none. It is appended to
 * out. now_s in Unix seconds. */
bool kb_cache_get(struct kb_cache *cache, struct kb_hash128 key, int64_t now_s,
		  struct kb_buf *out);

/* Keep a value; pack: it is text, which zstd makes smaller. One that is too
 * large for the cache (an eighth of its size) is not kept, nor is any while
 * another process holds the file. */
void kb_cache_put(struct kb_cache *cache, struct kb_hash128 key, int64_t now_s,
		  struct kb_str value, bool pack);

/*
 * Single flight: claim what is asked under a key, before others ask it, too.
 * False while another process has it. Two claims of one process are not kept
 * apart. Where the cache cannot be used everybody has it.
 */
bool kb_cache_claim(struct kb_cache *cache, struct kb_hash128 key);
void kb_cache_yield(struct kb_cache *cache, struct kb_hash128 key);

#endif
