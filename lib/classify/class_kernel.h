/*
 * Sums of rows of weights, each times its value.
 */
#ifndef KB_CLASSIFY_CLASS_KERNEL_H
#define KB_CLASSIFY_CLASS_KERNEL_H

#include <stddef.h>
#include <stdint.h>

/* A row of n weights, n a multiple of 16, and its value, within 0..32767. */
struct kb_class_term {
	const int8_t *weights;
	int32_t value;
};

/* Add n_terms rows to the sums of n columns. Sums are exact, so which way they
 * are made does not show. */
void kb_class_add_terms(int32_t *sums, size_t n,
			const struct kb_class_term *terms, size_t n_terms);

/* The way that every machine has. */
void kb_class_add_terms_plain(int32_t *sums, size_t n,
			      const struct kb_class_term *terms,
			      size_t n_terms);

#endif
