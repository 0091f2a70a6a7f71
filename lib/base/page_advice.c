#include "base/page_advice.h"

#include <stdint.h>
#include <sys/mman.h>
#include <sys/resource.h>
#include <sys/uio.h>

#define PAGE	((uintptr_t)4096)   /* larger pages refuse the advice */
#define AT_ONCE ((size_t)128 << 10) /* of a larger wish the rest is dropped */

static void advise(const void *ptr, size_t len, int advice)
{
	uintptr_t from = (uintptr_t)ptr & ~(PAGE - 1);

	if (len)
		madvise((void *)from, (uintptr_t)ptr + len - from, advice);
}

void kb_pages_random(const void *ptr, size_t len)
{
	advise(ptr, len, MADV_RANDOM);
}

void kb_pages_normal(const void *ptr, size_t len)
{
	advise(ptr, len, MADV_NORMAL);
}

void kb_pages_prefetch(const void *ptr, size_t len)
{
	const unsigned char *at = ptr;

	for (; len > AT_ONCE; at += AT_ONCE, len -= AT_ONCE)
		advise(at, AT_ONCE, MADV_WILLNEED);
	advise(at, len, MADV_WILLNEED);
}

void kb_pages_populate(const void *ptr, size_t len)
{
#ifdef MADV_POPULATE_READ
	advise(ptr, len, MADV_POPULATE_READ);
#else
	kb_pages_prefetch(ptr, len);
#endif
}

const void *kb_peek(const struct kb_peek *peek, const void *at, size_t len,
		    void *buf)
{
#ifdef RWF_NOWAIT
	if (peek->fd >= 0) {
		struct iovec to = {buf, len};
		off_t from = (const unsigned char *)at - peek->base;

		if (preadv2(peek->fd, &to, 1, from, RWF_NOWAIT) == (ssize_t)len)
			return buf;
	}
#else
	(void)peek, (void)len, (void)buf;
#endif
	return at;
}

long kb_pages_waited(void)
{
	struct rusage use;

	return getrusage(RUSAGE_THREAD, &use) ? 0 : use.ru_majflt;
}
