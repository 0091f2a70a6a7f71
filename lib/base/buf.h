/*
 * A growing byte buffer with a ceiling.
 *
 * Every buffer is created with the largest size it may reach. An append
 * that would pass it appends nothing and sets 'over', which stays set until
 * kb_buf_reset(): writers may append many times and ask once. The bytes are
 * always followed by a NUL that does not count. The buffer owns its bytes;
 * kb_buf_release() frees them and leaves an empty, usable buffer.
 */
#ifndef KB_BASE_BUF_H
#define KB_BASE_BUF_H

#include "base/mem.h"

struct kb_buf {
	char *ptr;  /* NULL until the first append */
	size_t len; /* bytes in use */
	size_t cap; /* bytes allocated */
	size_t max; /* ceiling for len; 0 means KB_BUF_MAX */
	bool over;  /* an append was refused */
};

#define KB_BUF_MAX ((size_t)1 << 40)

void kb_buf_init(struct kb_buf *buf, size_t max);
void kb_buf_release(struct kb_buf *buf);

/* Forget the content, keep the memory. */
static inline void kb_buf_reset(struct kb_buf *buf)
{
	buf->len = 0;
	buf->over = false;
}

bool kb_buf_reserve_slow(struct kb_buf *buf, size_t n);

/* Room for n more bytes at ptr + len; false (and over) past the ceiling. */
static inline bool kb_buf_reserve(struct kb_buf *buf, size_t n)
{
	if (n < buf->cap - buf->len && buf->ptr && !buf->over &&
	    (!buf->max || buf->len + n <= buf->max))
		return true;
	return kb_buf_reserve_slow(buf, n);
}

void kb_buf_add_slow(struct kb_buf *buf, const void *ptr, size_t len);

static inline void kb_buf_add(struct kb_buf *buf, const void *ptr, size_t len)
{
	if (len < buf->cap - buf->len && buf->ptr && !buf->over &&
	    (!buf->max || buf->len + len <= buf->max)) {
		memcpy(buf->ptr + buf->len, ptr, len);
		buf->len += len;
		buf->ptr[buf->len] = '\0';
		return;
	}
	kb_buf_add_slow(buf, ptr, len);
}

static inline void kb_buf_add_str(struct kb_buf *buf, struct kb_str s)
{
	if (s.len)
		kb_buf_add(buf, s.ptr, s.len);
}

static inline void kb_buf_add_char(struct kb_buf *buf, char c)
{
	kb_buf_add(buf, &c, 1);
}

void kb_buf_add_cstr(struct kb_buf *buf, const char *cstr);
void kb_buf_printf(struct kb_buf *buf, const char *fmt, ...)
    __attribute__((format(printf, 2, 3)));

static inline struct kb_str kb_buf_str(const struct kb_buf *buf)
{
	return (struct kb_str){buf->ptr, buf->len};
}

#endif
