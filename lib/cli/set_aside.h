/*
 * Files for records that a filter sets aside (kb_cli_set_aside() of run.h),
 * each written as --output writes.
 */
#ifndef KB_CLI_SET_ASIDE_H
#define KB_CLI_SET_ASIDE_H

#include "cli/output.h"

#define KB_ASIDES 64

struct kb_aside {
	const char *path, *option; /* borrowed */
	struct kb_output out;
	bool opened;
};

/* Those that were named; false behind the last. */
bool kb_aside_at(size_t i, struct kb_aside **out);

int kb_asides_open(struct kb_err *err);

/* fn of each that is open, until one fails. */
int kb_asides_each(int (*fn)(struct kb_output *out, struct kb_err *err),
		   struct kb_err *err);
void kb_asides_release(void);

#endif
