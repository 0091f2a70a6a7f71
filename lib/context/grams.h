/*
 * Is a phrase part of a text, asked many times of one text: a Bloom filter
 * of the text's runs of four bytes says no at once to most phrases (Bloom
 * 1970); what it lets through is looked for.
 */
#ifndef KB_CONTEXT_GRAMS_H
#define KB_CONTEXT_GRAMS_H

#include <stdbool.h>
#include <stdint.h>

#include "base/str.h"

/* Bytes of a text beyond which the filter would be full, and lets all
 * through. */
#define KB_GRAMS_TEXT 1024

struct kb_grams {
	struct kb_str text;
	unsigned char marks[4096]; /* of the filter; bytes are set sooner */
};

/* The text is borrowed. */
void kb_grams_read(struct kb_grams *grams, struct kb_str text);

/* Does the text hold the part? Never when the part is empty. */
bool kb_grams_hold(const struct kb_grams *grams, struct kb_str part);

/* The same of a text that is asked once. */
bool kb_text_holds(struct kb_str text, struct kb_str part);

#endif
