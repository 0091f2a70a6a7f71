/*
 * The option that a mistyped one was meant to be.
 */
#ifndef KB_CLI_SUGGEST_H
#define KB_CLI_SUGGEST_H

#include "cli/opt.h"

/*
 * The row whose name is nearest to 'name': at most two letters added, left
 * out, replaced or swapped, and fewer than half of them. NULL when there is
 * none. The first of equals counts; options without help text are not named.
 */
const struct kb_opt *kb_opt_nearest(const struct kb_opt *table, size_t n,
				    const char *name, size_t len);

#endif
