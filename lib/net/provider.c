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

/* ---- routes ---- */

static const struct kb_provider *find(const struct kb_providers *set,
				      const char *name, size_t len)
{
	static const struct kb_provider local = {.name = "local", .model = ""};

	for (size_t i = 0; i < set->n; i++)
		if (strlen(set->items[i].name) == len &&
		    !memcmp(set->items[i].name, name, len))
			return &set->items[i];
	return len == 5 && !memcmp(name, "local", 5) ? &local : NULL;
}

/* The provider of "name" or "name/model", as it is asked then. False when
 * there is none. */
static bool take_entry(const struct kb_providers *set, const char *entry,
		       struct kb_provider *out)
{
	const struct kb_provider *p = find(set, entry, strlen(entry));
	const char *slash = p ? NULL : strchr(entry, '/');

	if (slash)
		p = find(set, entry, (size_t)(slash - entry));
	if (!p || (slash && (kb_provider_is_local(p) || !slash[1])))
		return false;
	*out = *p;
	if (slash) {
		out->model = slash + 1;
		out->embed_model = out->rerank_model = NULL;
	}
	return true;
}

static int take_route(struct kb_providers *set, const struct kb_route *route,
		      struct kb_err *err)
{
	struct kb_provider items[KB_PROVIDERS_MAX];
	char quoted[KB_QUOTE_MAX];

	for (size_t i = 0; i < route->n; i++)
		if (!take_entry(set, route->entries[i], &items[i]))
			return kb_err_set(
			    err, KB_ENOENT,
			    "route '%s': no provider '%s' is configured",
			    route->name,
			    kb_err_quote(quoted, route->entries[i],
					 strlen(route->entries[i])));
	memcpy(set->items, items, route->n * sizeof(*items));
	set->n = route->n;
	return 0;
}

static const struct kb_route *find_route(const struct kb_providers *set,
					 const char *name)
{
	for (size_t i = 0; i < set->n_routes; i++)
		if (!strcmp(set->routes[i].name, name))
			return &set->routes[i];
	return NULL;
}

int kb_providers_route(struct kb_providers *set, const char **model,
		       struct kb_err *err)
{
	const struct kb_route *route = find_route(set, "default");
	struct kb_provider one;

	if (*model && find_route(set, *model)) {
		route = find_route(set, *model);
		*model = NULL;
	} else if (*model && strchr(*model, '/') &&
		   take_entry(set, *model, &one)) {
		set->items[0] = one;
		set->n = 1;
		*model = NULL;
		return 0;
	}
	return route ? take_route(set, route, err) : 0;
}

/* Append what a name stands for to n items. */
static int add_leg(const struct kb_providers *set, const char *name,
		   struct kb_provider *items, size_t *n, struct kb_err *err)
{
	const struct kb_route *route = find_route(set, name);
	size_t more = route ? route->n : 1;
	char quoted[KB_QUOTE_MAX];

	if (*n + more > KB_PROVIDERS_MAX)
		return kb_err_set(err, KB_ELIMIT,
				  "cascade: more than %d providers",
				  KB_PROVIDERS_MAX);
	for (size_t i = 0; i < more; i++) {
		const char *entry = route ? route->entries[i] : name;

		if (!take_entry(set, entry, &items[(*n)++]))
			return kb_err_set(
			    err, KB_ENOENT,
			    "cascade: no route or provider '%s' "
			    "is configured",
			    kb_err_quote(quoted, entry, strlen(entry)));
	}
	return 0;
}

int kb_providers_legs(struct kb_providers *set, const char *small,
		      const char *large, size_t *n_small, struct kb_err *err)
{
	struct kb_provider items[KB_PROVIDERS_MAX];
	size_t n = 0;
	int rc = add_leg(set, small, items, &n, err);

	*n_small = n;
	if (!rc)
		rc = add_leg(set, large, items, &n, err);
	if (rc)
		return rc;
	memcpy(set->items, items, n * sizeof(*items));
	set->n = n;
	return 0;
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
