/*
 * What a program knows about its use of a mapped file, told to the kernel.
 *
 * Where a file is read here and there, reading ahead of every fault costs a
 * hundred times what is needed; where many places will be read, asking for all
 * of them before the first is used lets the disk work on them together. All
 * of it is advice: nothing fails.
 */
#ifndef KB_BASE_PAGES_H
#define KB_BASE_PAGES_H

#include <stddef.h>

/* Read only the page that is touched. */
void kb_pages_random(const void *ptr, size_t len);

/* The kernel's own way again: read ahead. */
void kb_pages_normal(const void *ptr, size_t len);

/* Begin to read these bytes; returns at once. */
void kb_pages_want(const void *ptr, size_t len);

/* How often this thread has waited for a page from disk. */
long kb_pages_waited(void);

#endif
