/*
 * What a program knows about its use of a mapped file, as advice to the kernel.
 *
 * Where a file is read here and there, reading ahead of every fault costs a
 * hundred times what is needed; where many places will be read, asking for all
 * of them before the first is used lets the disk work on them together. All
 * of it is advice: nothing fails.
 */
#ifndef KB_BASE_PAGE_ADVICE_H
#define KB_BASE_PAGE_ADVICE_H

#include <stddef.h>

/* Read only the page that is touched. */
void kb_pages_random(const void *ptr, size_t len);

/* The kernel's own way again: read ahead. */
void kb_pages_normal(const void *ptr, size_t len);

/* Begin to read these bytes; returns at once. */
void kb_pages_prefetch(const void *ptr, size_t len);

/* Read these bytes and map them at once: for what all of will be used, where a
 * fault for every sixteen pages takes longer. */
void kb_pages_populate(const void *ptr, size_t len);

/*
 * A mapped file, and the file itself. A fault maps sixteen pages, each to be
 * unmapped again: for a process that reads a few bytes here and there and
 * ends, reading them from the file costs a tenth of that.
 */
struct kb_peek {
	int fd; /* -1: everything is read where it is mapped */
	const unsigned char *base; /* of the mapping */
};

/* The bytes at a place of the mapping: there, or read into buf when they are
 * in memory. What is not stays to be waited for where it is mapped. */
const void *kb_peek(const struct kb_peek *peek, const void *at, size_t len,
		    void *buf);

/* How often this thread has waited for a page from disk. */
long kb_pages_waited(void);

#endif
