/*
 * A bump allocator for things that die together.
 *
 * One arena per task (reset when the record is written) and one per run.
 * Memory comes in blocks that a reset keeps for the next record, down to
 * the arena's keep limit, so a single huge record does not hold its memory
 * for ever. Nothing is freed singly. Under AddressSanitizer a reset poisons
 * what it reclaims, so a pointer kept across records is reported.
 *
 * Not for use by two threads at once.
 */
#ifndef KB_BASE_ARENA_H
#define KB_BASE_ARENA_H

#include "base/mem.h"

/* gcc says it with a macro, clang with a feature. */
#if defined(__SANITIZE_ADDRESS__)
#define KB_ARENA_POISON 1
#elif defined(__has_feature)
#if __has_feature(address_sanitizer)
#define KB_ARENA_POISON 1
#endif
#endif

struct kb_arena_block;

struct kb_arena {
	struct kb_arena_block *first;	/* block list, oldest first */
	struct kb_arena_block *current; /* block that serves allocations */
	char *next;			/* next free byte in current */
	char *end;			/* its limit */
};

void kb_arena_init(struct kb_arena *arena);
void kb_arena_release(struct kb_arena *arena);

/* Everything allocated becomes invalid. */
void kb_arena_reset(struct kb_arena *arena);

void *kb_arena_alloc_slow(struct kb_arena *arena, size_t size);

/* size bytes, aligned to 16, not zeroed. Never NULL. */
static inline void *kb_arena_alloc(struct kb_arena *arena, size_t size)
{
#ifndef KB_ARENA_POISON
	size_t need = (size + 15) & ~(size_t)15;

	if (size && need >= size &&
	    need <= (size_t)(arena->end - arena->next)) {
		void *p = arena->next;

		arena->next += need;
		return p;
	}
#endif
	return kb_arena_alloc_slow(arena, size);
}

/* n * size bytes, zeroed. */
void *kb_arena_calloc(struct kb_arena *arena, size_t n, size_t size);

/*
 * Room for n items of size bytes in the arena's array *ptr (a pointer to the
 * pointer, as for kb_grow()) that holds 'used' of *cap. A grown array leaves
 * its old one behind, which doubling bounds to the size of the last.
 */
void kb_arena_grow_slow(struct kb_arena *arena, void *ptr, size_t *cap,
			size_t used, size_t n, size_t size);

static inline void kb_arena_grow(struct kb_arena *arena, void *ptr, size_t *cap,
				 size_t used, size_t n, size_t size)
{
	if (n > *cap)
		kb_arena_grow_slow(arena, ptr, cap, used, n, size);
}

/* A NUL-terminated copy. */
char *kb_arena_strndup(struct kb_arena *arena, const char *ptr, size_t len);

static inline struct kb_str kb_arena_copy(struct kb_arena *arena,
					  struct kb_str s)
{
	return (struct kb_str){kb_arena_strndup(arena, s.ptr, s.len), s.len};
}

/* One behind the other. */
static inline struct kb_str kb_arena_join(struct kb_arena *arena,
					  struct kb_str a, struct kb_str b)
{
	char *to = kb_arena_alloc(arena, a.len + b.len + 1);

	if (a.len)
		memcpy(to, a.ptr, a.len);
	if (b.len)
		memcpy(to + a.len, b.ptr, b.len);
	to[a.len + b.len] = '\0';
	return (struct kb_str){to, a.len + b.len};
}

char *kb_arena_printf(struct kb_arena *arena, const char *fmt, ...)
    __attribute__((format(printf, 2, 3)));

#endif
