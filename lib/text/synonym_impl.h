/* A table of synonyms as it is searched: for lib/text's own modules. */
#ifndef KB_TEXT_SYNONYM_IMPL_H
#define KB_TEXT_SYNONYM_IMPL_H

#include <stdint.h>

#include "base/arena.h"
#include "text/synonym.h"

/* Starts of words: three bytes, hashed, behind them two, and one of a byte. */
#define KB_SYNONYM_TRIPLES 4096u
#define KB_SYNONYM_SINGLE  (KB_SYNONYM_TRIPLES + 1024u)

/* A word that stands for others, and where: words behind a '>' do not. */
struct kb_synonym_word {
	struct kb_str text;
	const char *group;
};

struct kb_synonyms {
	struct kb_arena arena; /* of the groups, where they came from a file */
	const char **groups;   /* NULL after the last */
	size_t n, cap;
	struct kb_synonym_word *words; /* in the order of the groups */
	uint16_t *starts;	       /* of each word: see synonym.c */
	uint32_t *first, *next; /* words by their start, + 1; 0 ends a chain */
	uint64_t begun[KB_SYNONYM_SINGLE / 64 + 1]; /* starts that have one */
	size_t n_words, words_cap, starts_cap;
};

/* Make the list of words from groups, which stay where they are. */
void kb_synonyms_index(struct kb_synonyms *s, const char *const *groups);

#endif
