/*
 * The user's dictionary: names of products and the like that count as one
 * term (KB_TERM_USER) beside the terms they are made of.
 *
 * An index records its words, since documents and questions must be analysed
 * alike: sorted lines in a global file, slot "words", section 1. A search
 * over several indexes analyses the question with the words of all of them.
 */
#ifndef KB_INDEX_USER_WORDS_H
#define KB_INDEX_USER_WORDS_H

#include "base/arena.h"
#include "base/buf.h"
#include "index/index.h"
#include "text/analyze.h"

#define KB_USER_WORDS_SLOT  "words"
#define KB_USER_WORDS_KNOWN ((uint32_t)0x2)   /* sections */
#define KB_USER_WORDS_BYTES ((size_t)4 << 20) /* of the file */
#define KB_USER_WORDS_MAX   100000
#define KB_USER_WORD_MAX    256 /* bytes */

/*
 * Read a file of words, one a line; blank lines and lines that begin with
 * '#' say nothing. Appends the words to out, sorted, each once, a line each.
 * KB_EINVAL and KB_ELIMIT name file and line.
 */
int kb_user_words_load(const char *path, struct kb_buf *out,
		       struct kb_err *err);

/* The same from text; 'name' is for messages. */
int kb_user_words_parse(struct kb_str text, const char *name,
			struct kb_buf *out, struct kb_err *err);

/* The lines of an index, borrowed, for kb_str_line(); empty when it has
 * none. */
struct kb_str kb_user_words(const struct kb_index *index);

/* Make an analyser know the words of n lists of lines, and no others. */
void kb_user_words_set(struct kb_analyzer *an, const struct kb_str *lists,
		       size_t n);

/* ... of all these indexes. */
void kb_user_words_of(struct kb_analyzer *an, struct kb_index *const *indexes,
		      size_t n);

#endif
