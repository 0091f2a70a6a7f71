/*
 * A gazetteer: names that are known beforehand, with the slot that each fills,
 * found in a text by longest match.
 *
 * From a file, a name a line, or "slot<TAB>name"; blank lines and lines that
 * begin with '#' say nothing. From an index: the titles of its documents (slot
 * "name"), and of texts that are lists of "key：value；key：value" the values,
 * at commas of enumeration one by one, with the key as slot.
 *
 * Names are matched as they are written, not inside of words of ASCII letters
 * and digits. What is nothing but digits and marks is no name.
 */
#ifndef KB_GAZETTEER_GAZETTEER_H
#define KB_GAZETTEER_GAZETTEER_H

#include "base/err.h"
#include "base/str.h"

#define KB_GAZETTEER_BYTES \
	((size_t)64 << 20) /* of a file; of an index's texts */
#define KB_GAZETTEER_NAMES 2000000
#define KB_GAZETTEER_NAME  192 /* bytes of the longest; longer ones are none */

struct kb_gazetteer;

struct kb_gazetteer *kb_gazetteer_new(void);
void kb_gazetteer_free(struct kb_gazetteer *g);

/* Add the names of the text of a file. KB_EINVAL and KB_ELIMIT name it and the
 * line. */
int kb_gazetteer_add_text(struct kb_gazetteer *g, struct kb_str text,
			  const char *name, struct kb_err *err);

/* One of a file (or NULL) and n indexes, built; NULL in *out when there is
 * nothing to read. */
int kb_gazetteer_open(struct kb_gazetteer **out, const char *file,
		      const char *const *indexes, size_t n, struct kb_err *err);

/* Add a text of two bytes and more as it is, which is found wherever it stands,
 * inside of words, too; then every name of 'g' is. Both are borrowed. */
void kb_gazetteer_add_literal(struct kb_gazetteer *g, struct kb_str text,
			      const char *slot);

/* After the last name and before the first question. */
void kb_gazetteer_build(struct kb_gazetteer *g);

/* The bytes of the longest name at text + at, 0 for none; *slot is the slot it
 * fills. 'g' may be NULL: nothing is known. */
size_t kb_gazetteer_find(const struct kb_gazetteer *g, struct kb_str text,
			 size_t at, const char **slot);

#endif
