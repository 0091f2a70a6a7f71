#include "net/provider.h"

#include <assert.h>

void kb_providers_init(struct kb_providers *set)
{
	memset(set, 0, sizeof(*set));
	kb_arena_init(&set->arena);
}

void kb_providers_release(struct kb_providers *set)
{
	for (size_t i = 0; i < set->n; i++)
		for (size_t k = 0; k < set->items[i].n_lines; k++) {
			char *line = (char *)(uintptr_t)set->items[i].lines[k];

			explicit_bzero(line, strlen(line));
		}
	kb_secrets_wipe(&set->secrets);
	kb_arena_release(&set->arena);
	set->n = 0;
}

int kb_providers_select(struct kb_providers *set, const char *name,
			struct kb_err *err)
{
	char quoted[KB_QUOTE_MAX];

	assert(name && *name);
	assert(set->n <= KB_PROVIDERS_MAX);
	for (size_t i = 0; i < set->n; i++) {
		if (strcmp(set->items[i].name, name))
			continue;
		set->items[0] = set->items[i];
		set->n = 1;
		return 0;
	}
	if (strcmp(name, "local"))
		return kb_err_set(err, KB_ENOENT,
				  "no provider '%s' is configured",
				  kb_err_quote(quoted, name, strlen(name)));
	set->items[0] = (struct kb_provider){.name = "local", .model = ""};
	set->n = 1;
	return 0;
}
