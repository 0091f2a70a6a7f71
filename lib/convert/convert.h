/*
 * Files that are no text, as documents: a reader for struct kb_doc_opts.
 *
 * Which reader takes a file is told by its name's ending, and where that says
 * nothing by its first bytes. Office files and e-mail are read here; PDF by
 * programs of poppler, and what the user names by commands (convert_command.h),
 * as child processes with limits.
 *
 * The message of an error goes on behind the file's name ("is encrypted"),
 * save with KB_EREMOTE: then something is not installed, as the message says
 * of all such files.
 */
#ifndef KB_CONVERT_CONVERT_H
#define KB_CONVERT_CONVERT_H

#include "convert/convert_command.h"
#include "doc/doc.h"

#define KB_CONVERT_TIMEOUT_MS 120000 /* of one file's conversion */

struct kb_convert {
	int timeout_ms;
	struct kb_convert_command *commands; /* the first that matches */
	size_t n_commands;
	struct kb_child_cache cache;
};

/* With commands as --convert has them, which are borrowed. The time is
 * $KB_CONVERT_TIMEOUT, seconds, or that of above. KB_EINVAL for what is no
 * command or no time. */
int kb_convert_init(struct kb_convert *convert, const char *const *commands,
		    size_t n, struct kb_err *err);
void kb_convert_release(struct kb_convert *convert);

/* Of the commands, in order; 0: there are none. */
uint64_t kb_convert_hash(const struct kb_convert *convert);

/* For kb_doc_opts.take; 'arg' is a struct kb_convert, or NULL: then no program
 * is started. */
int kb_convert_take(void *arg, const struct kb_doc_file *file,
		    struct kb_doc_feed *feed, struct kb_err *err);

#endif
