#include "base/mem.h"

#include <stdint.h>
#include <stdlib.h>

#include "base/err.h"

void *kb_malloc(size_t size)
{
	void *p = malloc(size ? size : 1);

	if (!p)
		kb_oom();
	return p;
}

void *kb_calloc(size_t n, size_t size)
{
	void *p = n && size ? calloc(n, size) : calloc(1, 1);

	if (!p)
		kb_oom();
	return p;
}

void *kb_realloc(void *ptr, size_t size)
{
	void *p = realloc(ptr, size ? size : 1);

	if (!p)
		kb_oom();
	return p;
}

void *kb_reallocarray(void *ptr, size_t n, size_t size)
{
	if (size && n > SIZE_MAX / size)
		kb_oom();
	return kb_realloc(ptr, n * size);
}

char *kb_strdup(const char *cstr)
{
	return kb_strndup(cstr, strlen(cstr));
}

char *kb_strndup(const char *ptr, size_t len)
{
	char *p = kb_malloc(len + 1);

	if (len)
		memcpy(p, ptr, len);
	p[len] = '\0';
	return p;
}

void kb_grow_to(void *ptr, size_t *cap, size_t n, size_t size)
{
	void *old;
	size_t want = *cap ? *cap : 16;

	while (want < n)
		want += want / 2 + 8;
	memcpy(&old, ptr, sizeof(old));
	old = kb_reallocarray(old, want, size);
	memcpy(ptr, &old, sizeof(old));
	*cap = want;
}
