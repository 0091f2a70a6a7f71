/*
 * Counting tokens of files, as wc(1) counts words.
 */
#ifndef KB_CONTEXT_COUNT_H
#define KB_CONTEXT_COUNT_H

#include "token/tokenizer.h"

/* What a number is printed for. */
enum kb_count_each {
	KB_COUNT_FILES, /* lines, tokens and bytes of each file, and a total */
	KB_COUNT_LINES, /* the tokens of each line, without its end */
	KB_COUNT_RECORDS, /* of the messages of each record */
};

/* Takes what is printed, now and then; what it returns below 0 ends. */
typedef int kb_count_print(void *arg, struct kb_str text, struct kb_err *err);

/* Is told why a file could not be counted; the next one is. */
typedef void kb_count_fail(const struct kb_err *why);

/*
 * Count n files; none and "-" are standard input. gzip and zstd are unpacked.
 * A record's messages are those of 'prompt', else its own, else its question:
 * with what a model is sent beside them; a line that is no record is an error
 * that names it, and ends its file. *failed: the files that could not be
 * counted to their end.
 */
int kb_count_files(const struct kb_tokenizer *tokenizer,
		   enum kb_count_each each, const char *const *files, size_t n,
		   size_t max_line, kb_count_print *print, void *arg,
		   kb_count_fail *fail, size_t *failed, struct kb_err *err);

#endif
