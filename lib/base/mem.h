/*
 * Allocation that cannot return NULL.
 *
 * Sizes that come from outside are checked against a limit before they
 * reach these functions; what remains and still fails is exhaustion, and
 * ends the process through kb_oom().
 */
#ifndef KB_BASE_MEM_H
#define KB_BASE_MEM_H

#include <stdbool.h>
#include <stddef.h>

#include "base/str.h"

/* malloc family; release with free(). Zero sizes give a valid pointer. */
void *kb_malloc(size_t size);
void *kb_calloc(size_t n, size_t size);
void *kb_realloc(void *ptr, size_t size);
void *kb_reallocarray(void *ptr, size_t n, size_t size);
char *kb_strdup(const char *cstr);
char *kb_strndup(const char *ptr, size_t len);

/* Grow *ptr (cap items of size bytes) to hold at least n items, more than cap.
 */
void kb_grow_to(void *ptr, size_t *cap, size_t n, size_t size);

/* The same when it does not hold them yet; ptr is the address of a pointer. */
static inline void kb_grow(void *ptr, size_t *cap, size_t n, size_t size)
{
	if (n > *cap)
		kb_grow_to(ptr, cap, n, size);
}

#endif
