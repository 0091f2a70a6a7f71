/*
 * What a directory is, before anything is written to it or read from it as an
 * index. A user may give the arguments in the wrong order, or name a directory
 * of the system: nothing may be left there then.
 */
#ifndef KB_STORE_DIRECTORY_H
#define KB_STORE_DIRECTORY_H

#include <stdbool.h>

#include "base/err.h"

/* Files beside those of the index, for the first model and the second: see
 * vector/embed_journal.h. */
#define KB_EMBED_JOURNAL_NAME	"EMBEDDED"
#define KB_EMBED_JOURNAL_NAME_2 "EMBEDDED_2"
#define KB_EMBED_JOURNAL_MAGIC	"KBEMBED1"

enum kb_directory_kind {
	KB_DIRECTORY_EMPTY, /* or with what a first build left that died */
	KB_DIRECTORY_INDEX, /* holds a manifest, sound or not */
	KB_DIRECTORY_OTHER,
};

/* Looks at the names, and at the first bytes of files named like ours. An
 * error when the directory cannot be listed; path is for messages. */
int kb_directory_kind(int dir, const char *path, enum kb_directory_kind *kind,
		      struct kb_err *err);

/* Does the directory hold a manifest of an index? */
bool kb_directory_is_index(int dir);

/*
 * Remove the files of a build that never committed but for the lock and the
 * journal of vectors; what is no writer's stays. Only where there is no
 * manifest and under the lock. Safe in a signal handler.
 */
void kb_directory_clear(int dir);

/* Is the file one that a writer of an index made? By name and content. */
bool kb_directory_is_ours(int dir, const char *name);

#endif
