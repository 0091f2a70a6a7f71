/*
 * Patterns of .gitignore files: which names git would not track.
 *
 * The rules are those of gitignore(5), byte for byte as git matches: '*' and
 * '?' stop at '/', "**" between slashes does not, the last pattern that
 * matches decides, those of a deeper directory come after those above.
 * Memory is that of the files' text; matching is linear in the patterns and
 * at worst quadratic in the length of a name. Internal to lib/doc.
 */
#ifndef KB_CRAWL_GITIGNORE_H
#define KB_CRAWL_GITIGNORE_H

#include <stdbool.h>

#include "base/err.h"
#include "base/mem.h"

/* A larger file is refused. */
#define KB_GITIGNORE_BYTES ((size_t)4 << 20)

struct kb_ignore_rule {
	struct kb_str glob; /* without '!' and slashes at the ends */
	bool negated, only_directories;
	bool whole;   /* matched with the path, not the last name alone */
	size_t plain; /* bytes before the first that is not itself */
};

struct kb_ignore_rules {
	char *text; /* owns the globs */
	struct kb_ignore_rule *items;
	size_t n, cap;
	size_t base; /* bytes of a path before what its rules match */
};

/* The files in force, outermost first. */
struct kb_ignore {
	struct kb_ignore_rules *items;
	size_t n, cap;
};

void kb_ignore_release(struct kb_ignore *ignore);

/* Rules in text, which is copied, for paths below their first 'base' bytes. */
void kb_ignore_push(struct kb_ignore *ignore, struct kb_str text, size_t base);
/*
 * The same from the file 'name' in the directory open as dirfd: 1, or 0 when
 * it has none that is a regular file. KB_EIO, KB_ELIMIT; the message names no
 * place.
 */
int kb_ignore_push_file(struct kb_ignore *ignore, int dirfd, const char *name,
			size_t base, struct kb_err *err);
/* Take the last that was pushed. */
void kb_ignore_pop(struct kb_ignore *ignore);

/* Does git ignore the path, its directory not being ignored? It is absolute;
 * each base lies within it, behind a slash. */
bool kb_ignore_has(const struct kb_ignore *ignore, struct kb_str path,
		   bool is_directory);

#endif
