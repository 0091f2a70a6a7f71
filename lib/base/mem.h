/*
 * Allocation that cannot return NULL, and the string view.
 *
 * Sizes that come from outside are checked against a limit before they
 * reach these functions; what remains and still fails is exhaustion, and
 * ends the process through kb_oom().
 */
#ifndef KB_BASE_MEM_H
#define KB_BASE_MEM_H

#include <stdbool.h>
#include <stddef.h>
#include <string.h>

/* Bytes somewhere else: not owned, not NUL-terminated. ptr may be NULL
 * only when len is 0. */
struct kb_str {
	const char *ptr;
	size_t len;
};

#define KB_STR(literal) ((struct kb_str){(literal), sizeof(literal) - 1})

static inline struct kb_str kb_str_of(const char *cstr)
{
	return (struct kb_str){cstr, cstr ? strlen(cstr) : 0};
}

static inline bool kb_str_eq(struct kb_str a, struct kb_str b)
{
	return a.len == b.len && (a.len == 0 || !memcmp(a.ptr, b.ptr, a.len));
}

static inline bool kb_str_is(struct kb_str a, const char *cstr)
{
	return kb_str_eq(a, kb_str_of(cstr));
}

/* memcmp order, the shorter first among equal prefixes. */
int kb_str_cmp(struct kb_str a, struct kb_str b);

/* malloc family; release with free(). Zero sizes give a valid pointer. */
void *kb_malloc(size_t size);
void *kb_calloc(size_t n, size_t size);
void *kb_realloc(void *ptr, size_t size);
void *kb_reallocarray(void *ptr, size_t n, size_t size);
char *kb_strdup(const char *cstr);
char *kb_strndup(const char *ptr, size_t len);

/* Grow *ptr (cap items of size bytes) to hold at least n items. */
void kb_grow(void *ptr, size_t *cap, size_t n, size_t size);

#endif
