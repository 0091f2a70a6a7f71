#include <stdio.h>

#include "index/ingest/refresh_impl.h"

void kb_refresh_missing_add(struct refresh_missing *missing, const char *why,
			    const char *name)
{
	size_t i = 0;

	while (i < missing->n && strncmp(missing->kinds[i].why, why,
					 sizeof(missing->kinds[i].why) - 1))
		i++;
	if (i == KB_REFRESH_MISSING)
		i--;
	if (i == missing->n) {
		missing->n++;
		snprintf(missing->kinds[i].why, sizeof(missing->kinds[i].why),
			 "%s", why);
		kb_err_quote(missing->kinds[i].first, name, strlen(name));
	}
	missing->kinds[i].files++;
}

void kb_refresh_missing_say(const struct refresh_missing *missing,
			    struct ingest *in)
{
	for (size_t i = 0; i < missing->n; i++) {
		unsigned long long n = missing->kinds[i].files;
		struct kb_buf line;

		kb_buf_init(&line, 0);
		if (n == 1)
			kb_buf_printf(&line, "%s; '%s' is left as it was",
				      missing->kinds[i].why,
				      missing->kinds[i].first);
		else
			kb_buf_printf(&line,
				      "%s; %llu files are left as they were, "
				      "the first '%s'",
				      missing->kinds[i].why, n,
				      missing->kinds[i].first);
		kb_ingest_problems(in, n, line.ptr);
		kb_buf_release(&line);
	}
}
