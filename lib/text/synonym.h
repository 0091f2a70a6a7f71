/*
 * Words that stand for each other, Chinese and English: everyday ones, whose
 * table is in synonym_table.c, and the user's own, read from a file.
 *
 * A group is a string "word|word|..."; in "word|word>word|..." those before
 * the '>' stand for those behind it, and not the other way. Texts are
 * folded: kb_text_fold().
 */
#ifndef KB_TEXT_SYNONYM_H
#define KB_TEXT_SYNONYM_H

#include <stdbool.h>
#include <stddef.h>

#include "base/err.h"
#include "base/mem.h"

struct kb_synonyms;

/* The built-in table; NULL after the last. */
extern const char *const kb_synonym_groups[];

/* The same to be searched, made when first asked for; not to be freed. */
const struct kb_synonyms *kb_synonyms_builtin(void);

/* A word of a group at a place of a text. */
struct kb_synonym {
	size_t start, end; /* bytes of the text */
	struct kb_str word;
	const char *group;
};

/*
 * Add the words of a table that the text holds to the n found so far, up to
 * max: at borders of words where they are Latin, with the endings -s -es -d
 * -ed -ing. A word inside a longer one that was found is not reported ("card"
 * of "gift card"). Ordered by group. Returns their number.
 */
size_t kb_synonyms_find(const struct kb_synonyms *s, struct kb_str text,
			struct kb_synonym *out, size_t n, size_t max);

/* The next word of a group from *at, which starts as the group or as
 * kb_synonym_meant(); false after the last. */
bool kb_synonym_next(const char **at, struct kb_str *word);

/* Where the words begin that one of the group stands for. */
const char *kb_synonym_meant(const char *group);

/* Does the text hold a word of the group? */
bool kb_synonym_in(struct kb_str text, const char *group);

/* ---- the user's own ---- */

#define KB_SYNONYMS_BYTES ((size_t)4 << 20) /* of the file */
#define KB_SYNONYMS_WORDS 64		    /* of a line */
#define KB_SYNONYMS_WORD  256		    /* bytes of a word */

/*
 * A line of the file is a list of words with commas between that all stand
 * for each other, or "words => words". Blank lines and lines that begin with
 * '#' say nothing. KB_EINVAL and KB_ELIMIT name file and line.
 */
int kb_synonyms_load(struct kb_synonyms **out, const char *path,
		     struct kb_err *err);

/* The same from text; 'name' is for messages. */
int kb_synonyms_parse(struct kb_synonyms **out, struct kb_str text,
		      const char *name, struct kb_err *err);
void kb_synonyms_free(struct kb_synonyms *own);

#endif
