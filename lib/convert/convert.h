/*
 * Files that are no text, as documents: a reader for struct kb_doc_opts.
 *
 * Which reader takes a file is told by its name's ending, and where that says
 * nothing by its first bytes. Office files and e-mail are read here; PDF by
 * programs of poppler, and what the user names by commands (command.h), as
 * child processes with limits.
 *
 * The message of an error goes on behind the file's name ("is encrypted"),
 * save with KB_EREMOTE: then something is not installed, as the message says
 * of all such files.
 */
#ifndef KB_CONVERT_CONVERT_H
#define KB_CONVERT_CONVERT_H

#include "doc/doc.h"

/* For kb_doc_opts.take; 'arg' is a struct kb_convert, or NULL. */
int kb_convert_take(void *arg, const struct kb_doc_file *file,
		    struct kb_doc_feed *feed, struct kb_err *err);

#endif
