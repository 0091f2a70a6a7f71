/*
 * The head of a Markdown file that says things about it: YAML between lines
 * of ---, or TOML between lines of +++. Internal to lib/doc.
 *
 * What people write there is read, not the languages: members of the top
 * level whose value is a scalar or a list of scalars. YAML: plain (over
 * several lines too), quoted, folded (>) and literal (|) scalars, [a, b], and
 * items after -. TOML: strings of all four kinds, other scalars, arrays; what
 * stands under a [table] is left out. So is everything else.
 */
#ifndef KB_DOC_FRONT_MATTER_H
#define KB_DOC_FRONT_MATTER_H

#include "base/arena.h"
#include "json/write.h"

struct kb_front {
	struct kb_str body; /* what stands between the lines */
	bool toml;
	size_t size; /* bytes with both lines; 0: the text has none */
	uint32_t n_lines;
};

/* It opens in the text's first line, closes within 2000, and begins with a
 * member. */
struct kb_front kb_front_find(struct kb_str text);

/*
 * Call 'member' for each member in turn. A scalar is its text, in the arena
 * or the body; 'quoted' tells "5" from 5. A list has been written to 'list'
 * as a JSON array, which is the scalar then, with is_list.
 */
struct kb_front_member {
	struct kb_str key, value;
	bool quoted, is_list;
};
void kb_front_read(const struct kb_front *front, struct kb_arena *arena,
		   void (*member)(void *arg, const struct kb_front_member *m),
		   void *arg);

#endif
