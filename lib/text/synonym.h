/*
 * Everyday words that stand for each other, Chinese and English. The table
 * is in synonym_table.c; nothing is allocated or remembered.
 *
 * Texts are folded: kb_text_fold().
 */
#ifndef KB_TEXT_SYNONYM_H
#define KB_TEXT_SYNONYM_H

#include <stdbool.h>
#include <stddef.h>

#include "base/mem.h"

/* Each a list "word|word|..."; NULL after the last. */
extern const char *const kb_synonym_groups[];

/* A word of a group at a place of a text. */
struct kb_synonym {
	size_t start, end; /* bytes of the text */
	struct kb_str word;
	const char *group;
};

/*
 * The words of the table that the text holds, up to max: at borders of words
 * where they are Latin, with the endings -s -es -d -ed -ing. A word inside a
 * longer one that was found is not told ("card" of "gift card"). Ordered by
 * group. Returns their number.
 */
size_t kb_synonyms_find(struct kb_str text, struct kb_synonym *out, size_t max);

/* The next word of a group from *at, which starts as the group; false after
 * the last. */
bool kb_synonym_next(const char **at, struct kb_str *word);

/* Does the text hold a word of the group? */
bool kb_synonym_in(struct kb_str text, const char *group);

#endif
