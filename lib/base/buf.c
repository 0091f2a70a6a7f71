#include "base/buf.h"

#include <assert.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>

void kb_buf_init(struct kb_buf *buf, size_t max)
{
	*buf = (struct kb_buf){.max = max};
}

void kb_buf_release(struct kb_buf *buf)
{
	free(buf->ptr);
	*buf = (struct kb_buf){.max = buf->max};
}

bool kb_buf_reserve_slow(struct kb_buf *buf, size_t n)
{
	size_t max = buf->max ? buf->max : KB_BUF_MAX;
	size_t cap;

	/* one byte stays for the NUL */
	assert(buf->ptr ? buf->len < buf->cap : !buf->len);
	if (buf->over || n > max - buf->len) {
		buf->over = true;
		return false;
	}
	if (buf->ptr && n < buf->cap - buf->len)
		return true;
	cap = buf->cap ? buf->cap : 256;
	while (cap - buf->len <= n)
		cap *= 2;
	buf->ptr = kb_realloc(buf->ptr, cap);
	buf->cap = cap;
	return true;
}

void kb_buf_add_slow(struct kb_buf *buf, const void *ptr, size_t len)
{
	assert(ptr || !len);
	if (!kb_buf_reserve(buf, len))
		return;
	if (len)
		memcpy(buf->ptr + buf->len, ptr, len);
	buf->len += len;
	buf->ptr[buf->len] = '\0';
}

void kb_buf_add_cstr(struct kb_buf *buf, const char *cstr)
{
	kb_buf_add(buf, cstr, strlen(cstr));
}

void kb_buf_printf(struct kb_buf *buf, const char *fmt, ...)
{
	va_list ap, again;
	int n;

	va_start(ap, fmt);
	va_copy(again, ap);
	n = vsnprintf(NULL, 0, fmt, ap);
	va_end(ap);
	if (n > 0 && kb_buf_reserve(buf, (size_t)n)) {
		vsnprintf(buf->ptr + buf->len, (size_t)n + 1, fmt, again);
		buf->len += (size_t)n;
	}
	va_end(again);
}
