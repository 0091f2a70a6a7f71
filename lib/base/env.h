/* The environment. */
#ifndef KB_BASE_ENV_H
#define KB_BASE_ENV_H

#include <stdlib.h>

/* The value of a variable; NULL when it is not set, or empty. */
static inline const char *kb_env(const char *name)
{
	const char *value = getenv(name);

	return value && *value ? value : NULL;
}

#endif
