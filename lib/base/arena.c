#include "base/arena.h"

#include <assert.h>
#include <stdarg.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>

#include "base/err.h"

#ifdef KB_ARENA_POISON
#include <sanitizer/asan_interface.h>
#define POISON(p, n)   ASAN_POISON_MEMORY_REGION(p, n)
#define UNPOISON(p, n) ASAN_UNPOISON_MEMORY_REGION(p, n)
#else
#define POISON(p, n)   ((void)(p), (void)(n))
#define UNPOISON(p, n) ((void)(p), (void)(n))
#endif

enum {
	BLOCK_SIZE = 64 << 10,
	KEEP_SIZE = 4 << 20, /* a reset gives back blocks beyond this */
};

struct kb_arena_block {
	struct kb_arena_block *next;
	size_t size; /* usable bytes */
	_Alignas(16) char data[];
};

void kb_arena_init(struct kb_arena *arena)
{
	*arena = (struct kb_arena){0};
}

static void free_from(struct kb_arena_block *block)
{
	while (block) {
		struct kb_arena_block *next = block->next;

		UNPOISON(block->data, block->size);
		free(block);
		block = next;
	}
}

void kb_arena_release(struct kb_arena *arena)
{
	free_from(arena->first);
	*arena = (struct kb_arena){0};
}

static void use_block(struct kb_arena *arena, struct kb_arena_block *block)
{
	arena->current = block;
	arena->next = block->data;
	arena->end = block->data + block->size;
}

void kb_arena_reset(struct kb_arena *arena)
{
	struct kb_arena_block *block, **link = &arena->first;
	size_t kept = 0;

	for (block = arena->first; block; block = *link) {
		kept += block->size;
		if (kept > KEEP_SIZE) {
			free_from(block);
			*link = NULL;
			break;
		}
		POISON(block->data, block->size);
		link = &block->next;
	}
	if (arena->first)
		use_block(arena, arena->first);
	else
		*arena = (struct kb_arena){0};
}

static struct kb_arena_block *add_block(struct kb_arena *arena, size_t need)
{
	size_t size = need > BLOCK_SIZE ? need : BLOCK_SIZE;
	struct kb_arena_block *block = kb_malloc(sizeof(*block) + size);

	block->size = size;
	block->next = NULL;
	POISON(block->data, block->size);
	if (arena->current) {
		block->next = arena->current->next;
		arena->current->next = block;
	} else {
		arena->first = block;
	}
	return block;
}

void *kb_arena_alloc_slow(struct kb_arena *arena, size_t size)
{
	size_t need = (size + 15) & ~(size_t)15;
	void *p;

	assert(arena->next <= arena->end);
	if (need < size || need > SIZE_MAX / 2)
		kb_oom();
	/* nothing of an arena without a block is a place, too */
	while (!arena->next || need > (size_t)(arena->end - arena->next)) {
		struct kb_arena_block *next =
		    arena->current ? arena->current->next : NULL;

		if (!next || next->size < need)
			next = add_block(arena, need);
		use_block(arena, next);
	}
	p = arena->next;
	arena->next += need;
	UNPOISON(p, size);
	return p;
}

void *kb_arena_calloc(struct kb_arena *arena, size_t n, size_t size)
{
	void *p;

	if (size && n > SIZE_MAX / size)
		kb_oom();
	p = kb_arena_alloc(arena, n * size);
	memset(p, 0, n * size);
	return p;
}

void kb_arena_grow_slow(struct kb_arena *arena, void *ptr, size_t *cap,
			size_t used, size_t n, size_t size)
{
	size_t want = *cap ? *cap * 2 : 16;
	void *old, *grown;

	while (want < n)
		want *= 2;
	if (want > SIZE_MAX / size)
		kb_oom();
	memcpy(&old, ptr, sizeof(old));
	grown = kb_arena_alloc(arena, want * size);
	if (used)
		memcpy(grown, old, used * size);
	memcpy(ptr, &grown, sizeof(grown));
	*cap = want;
}

char *kb_arena_strndup(struct kb_arena *arena, const char *ptr, size_t len)
{
	assert(ptr || !len);
	char *p = kb_arena_alloc(arena, len + 1);

	if (len)
		memcpy(p, ptr, len);
	p[len] = '\0';
	return p;
}

char *kb_arena_printf(struct kb_arena *arena, const char *fmt, ...)
{
	va_list ap, again;
	char *p;
	int n;

	va_start(ap, fmt);
	va_copy(again, ap);
	n = vsnprintf(NULL, 0, fmt, ap);
	va_end(ap);
	if (n < 0)
		n = 0;
	p = kb_arena_alloc(arena, (size_t)n + 1);
	vsnprintf(p, (size_t)n + 1, fmt, again);
	va_end(again);
	return p;
}
