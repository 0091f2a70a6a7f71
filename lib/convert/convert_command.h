/*
 * Files converted by commands of the user's: "*.xyz=command {}".
 *
 * The pattern is matched as those of --include are; "{}" in the command is the
 * file's path, as one word of the shell. What the command prints is read as
 * HTML when it begins so, else as Markdown; where it has form feeds, each
 * page is a document. Commands come from the command line or configuration.
 */
#ifndef KB_CONVERT_CONVERT_COMMAND_H
#define KB_CONVERT_CONVERT_COMMAND_H

#include "convert/child_cache.h"
#include "doc/doc.h"

struct kb_convert_command {
	const char *given;   /* borrowed */
	char *pattern, *run; /* run: with "$1" for the path */
	char *program;	     /* its first word */
};

/* KB_EINVAL for what is none. To be released. */
int kb_convert_command_parse(struct kb_convert_command *command,
			     const char *given, struct kb_err *err);
void kb_convert_command_release(struct kb_convert_command *command);

bool kb_convert_command_matches(const struct kb_convert_command *command,
				const char *name);

/* As kb_doc_opts.take; the file has a path. */
int kb_convert_command_take(const struct kb_convert_command *command,
			    struct kb_child_cache *cache,
			    const struct kb_doc_file *file, int timeout_ms,
			    struct kb_doc_feed *feed, struct kb_err *err);

#endif
