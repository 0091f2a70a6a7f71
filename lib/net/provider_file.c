/* The configuration of providers, and those of the environment. */
#include <errno.h>
#include <fcntl.h>
#include <math.h>
#include <stdlib.h>
#include <strings.h>
#include <unistd.h>

#include "base/env.h"
#include "base/file.h"
#include "base/str.h"
#include "net/dialect.h"
#include "json/config_file.h"

#define EXTRA_MAX 64

/* ---- members ---- */

/* A string member; an absent one leaves *dst. */
static int take_string(struct kb_providers *set, const json_t *object,
		       const char *name, const char **dst, struct kb_err *err)
{
	const json_t *val = json_object_get(object, name);
	const char *text = json_string_value(val);

	if (!val)
		return 0;
	if (!text || strchr(text, '\n'))
		return kb_err_set(err, KB_EINVAL,
				  "'%s' is no string of one line", name);
	*dst = kb_arena_strndup(&set->arena, text, strlen(text));
	return 0;
}

static int take_number(const json_t *object, const char *name, double *dst,
		       struct kb_err *err)
{
	const json_t *val = json_object_get(object, name);

	if (!val)
		return 0;
	*dst = json_number_value(val);
	if (!json_is_number(val) || !isfinite(*dst) || *dst < 0)
		return kb_err_set(err, KB_EINVAL,
				  "'%s' is no number of at least 0", name);
	return 0;
}

/* Has an object no members but these? 'of' is its own name with a dot, or "".
 */
static int check_members(json_t *object, const char *of,
			 const char *const *known, size_t n, struct kb_err *err)
{
	char quoted[KB_QUOTE_MAX];
	const char *name;
	json_t *val;

	json_object_foreach(object, name, val)
	{
		size_t i = 0;

		while (i < n && strcmp(name, known[i]) != 0)
			i++;
		if (!strcmp(name, "key") || !strcmp(name, "api_key"))
			return kb_err_set(err, KB_EINVAL,
					  "a key does not belong into this "
					  "file; use key_env, key_file or "
					  "key_cmd");
		if (i == n)
			return kb_err_set(
			    err, KB_EINVAL, "unknown member '%s%s'", of,
			    kb_err_quote(quoted, name, strlen(name)));
	}
	return 0;
}

static int take_price(struct kb_provider *p, json_t *price, struct kb_err *err)
{
	static const char *const known[] = {"input", "output", "cached_input"};
	int rc;

	if (!price)
		return 0;
	if (!json_is_object(price))
		return kb_err_set(err, KB_EINVAL, "'price' is no object");
	rc = check_members(price, "price.", known, 3, err);
	if (!rc)
		rc = take_number(price, "input", &p->price_input, err);
	if (!rc)
		rc = take_number(price, "output", &p->price_output, err);
	p->price_cached = p->price_input;
	if (!rc)
		rc = take_number(price, "cached_input", &p->price_cached, err);
	return rc;
}

static int take_limits(struct kb_provider *p, json_t *limits,
		       struct kb_err *err)
{
	static const char *const known[] = {"rpm", "tpm", "concurrent"};
	double *const to[] = {&p->requests_minute, &p->tokens_minute,
			      &p->concurrent};
	int rc;

	if (!limits)
		return 0;
	if (!json_is_object(limits))
		return kb_err_set(err, KB_EINVAL, "'limits' is no object");
	rc = check_members(limits, "limits.", known, 3, err);
	for (size_t i = 0; !rc && i < 3; i++)
		rc = take_number(limits, known[i], to[i], err);
	return rc;
}

static int take_flag(const json_t *object, const char *name, bool *dst,
		     struct kb_err *err)
{
	const json_t *val = json_object_get(object, name);

	if (val && !json_is_boolean(val))
		return kb_err_set(err, KB_EINVAL,
				  "'%s' is neither true nor false", name);
	*dst = json_is_true(val);
	return 0;
}

/* What a URL has behind its path (a version, as Azure wants it) stays behind
 * the path of a request. */
static int take_url(struct kb_providers *set, struct kb_provider *p,
		    struct kb_err *err)
{
	const char *url = p->base_url;
	size_t len = strcspn(url, "?#");
	int rc = kb_http_check_url(url, p->insecure_http, err);

	if (!rc && strchr(url, '#'))
		return kb_err_set(err, KB_EINVAL,
				  "'base_url' has a '#', which no server sees");
	p->url_query =
	    kb_arena_strndup(&set->arena, url + len, strlen(url + len));
	while (len && url[len - 1] == '/')
		len--;
	p->base_url = kb_arena_strndup(&set->arena, url, len);
	return rc;
}

/* ---- headers ---- */

/* RFC 9110, 5.6.2. */
static bool is_token(const char *text)
{
	static const char extra[] = "!#$%&'*+-.^_`|~";

	for (const char *p = text; *p; p++)
		if (!kb_is_alnum(*p) && !strchr(extra, *p))
			return false;
	return *text;
}

static bool holds_any(const char *name, const char *const *words, size_t n)
{
	for (size_t i = 0; i < n; i++)
		if (kb_str_has_folded(kb_str_of(name), words[i]))
			return true;
	return false;
}

static int check_header(const struct kb_provider *p,
			const struct kb_header *header, struct kb_err *err)
{
	static const char *const ours[] = {"content-type", "content-length",
					   "transfer-encoding", "expect",
					   "connection"};
	static const char *const secret[] = {"auth",   "key",	 "token",
					     "secret", "cookie", "password"};
	const char *name = header->name;
	struct kb_str text = kb_str_of(name);
	bool has_key = p->key_env || p->key_file || p->key_cmd;

	if (!is_token(name))
		return kb_err_set(err, KB_EINVAL, "'%s' names no header", name);
	for (const char *c = header->value; c && *c; c++)
		if ((unsigned char)*c < ' ' || *c == 127)
			return kb_err_set(err, KB_EINVAL,
					  "the value of header '%s' holds a "
					  "control character",
					  name);
	for (size_t i = 0; i < sizeof(ours) / sizeof(*ours); i++)
		if (kb_str_is_folded(text, ours[i]))
			return kb_err_set(err, KB_EINVAL,
					  "the header '%s' is set by the "
					  "program",
					  name);
	if (has_key && !strcasecmp(name, kb_dialect_of(p)->key_header))
		return kb_err_set(err, KB_EINVAL,
				  "the header '%s' is that of the key", name);
	if (header->value && holds_any(name, secret, 6))
		return kb_err_set(err, KB_EINVAL,
				  "the value of header '%s' does not belong "
				  "into this file; use {\"env\": NAME}",
				  name);
	for (size_t i = 0; i < p->n_headers; i++)
		if (!strcasecmp(p->headers[i].name, name))
			return kb_err_set(err, KB_EINVAL,
					  "the header '%s' stands twice", name);
	return 0;
}

/* {"name": "text"}, or {"name": {"env": "VARIABLE"}} for what is secret. */
static int take_header(struct kb_providers *set, struct kb_provider *p,
		       const json_t *list, const char *name, struct kb_err *err)
{
	static const char *const known[] = {"env"};
	struct kb_header *header = &p->headers[p->n_headers];
	json_t *val = json_object_get(list, name);
	int rc;

	if (p->n_headers == KB_HEADERS_MAX)
		return kb_err_set(err, KB_ELIMIT, "more than %d headers",
				  KB_HEADERS_MAX);
	*header = (struct kb_header){
	    .name = kb_arena_strndup(&set->arena, name, strlen(name))};
	if (json_is_object(val)) {
		rc = check_members(val, "headers.", known, 1, err);
		if (!rc)
			rc = take_string(set, val, "env", &header->env, err);
	} else {
		rc = take_string(set, list, name, &header->value, err);
	}
	if (rc)
		return rc;
	if ((!header->value || !*header->value) && !header->env)
		return kb_err_set(err, KB_EINVAL,
				  "the header '%s' has neither a text nor "
				  "{\"env\": NAME}",
				  header->name);
	rc = check_header(p, header, err);
	p->n_headers++;
	return rc;
}

static int take_headers(struct kb_providers *set, struct kb_provider *p,
			json_t *list, struct kb_err *err)
{
	const char *name;
	json_t *val;
	int rc = 0;

	if (list && !json_is_object(list))
		return kb_err_set(err, KB_EINVAL, "'headers' is no object");
	json_object_foreach(list, name, val)
	{
		rc = take_header(set, p, list, name, err);
		if (rc)
			break;
	}
	return rc;
}

static int take_extra(struct kb_providers *set, struct kb_provider *p,
		      const json_t *extra, struct kb_err *err)
{
	if (!extra)
		return 0;
	if (!json_is_object(extra))
		return kb_err_set(err, KB_EINVAL, "'extra' is no object");
	if (json_object_size(extra) > EXTRA_MAX)
		return kb_err_set(err, KB_ELIMIT,
				  "'extra' has more than %d members",
				  EXTRA_MAX);
	p->extra = kb_config_text(extra, &set->arena);
	return 0;
}

static int take_dialect(struct kb_provider *p, const json_t *object,
			struct kb_err *err)
{
	const json_t *val = json_object_get(object, "dialect");
	const char *name = json_string_value(val);
	char quoted[KB_QUOTE_MAX];

	if (!val)
		return 0;
	if (!name)
		return kb_err_set(err, KB_EINVAL, "'dialect' is no string");
	p->dialect = kb_dialect_named(name);
	if (!p->dialect)
		return kb_err_set(err, KB_EINVAL,
				  "unknown dialect '%s'; known are openai, "
				  "anthropic and gemini",
				  kb_err_quote(quoted, name, strlen(name)));
	p->base_url = p->dialect->base_url;
	return 0;
}

static int take_members(struct kb_providers *set, struct kb_provider *p,
			json_t *obj, struct kb_err *err)
{
	static const char *const known[] = {
	    "name",    "base_url",	  "model",	   "embed_model",
	    "ca_file", "key_env",	  "key_file",	   "key_cmd",
	    "price",   "timeout",	  "extra",	   "rerank_model",
	    "headers", "max_tokens_name", "insecure_http", "dialect",
	    "limits"};
	const struct {
		const char *name;
		const char **dst;
	} strings[] = {
	    {"name", &p->name},
	    {"base_url", &p->base_url},
	    {"model", &p->model},
	    {"embed_model", &p->embed_model},
	    {"key_env", &p->key_env},
	    {"rerank_model", &p->rerank_model},
	    {"key_file", &p->key_file},
	    {"key_cmd", &p->key_cmd},
	    {"ca_file", &p->ca_file},
	    {"max_tokens_name", &p->max_tokens_name},
	};
	double timeout_s = 0;
	int rc =
	    check_members(obj, "", known, sizeof(known) / sizeof(*known), err);

	if (!rc)
		rc = take_dialect(p, obj, err);
	for (size_t i = 0; !rc && i < sizeof(strings) / sizeof(*strings); i++)
		rc =
		    take_string(set, obj, strings[i].name, strings[i].dst, err);
	if (!rc)
		rc = take_number(obj, "timeout", &timeout_s, err);
	if (!rc)
		rc = take_price(p, json_object_get(obj, "price"), err);
	if (!rc)
		rc = take_limits(p, json_object_get(obj, "limits"), err);
	if (!rc)
		rc = take_flag(obj, "insecure_http", &p->insecure_http, err);
	if (!rc)
		rc = take_headers(set, p, json_object_get(obj, "headers"), err);
	if (rc)
		return rc;
	if (timeout_s > 86400)
		return kb_err_set(err, KB_ELIMIT,
				  "'timeout' is over 86400 seconds");
	p->timeout_ms = (int64_t)(timeout_s * 1000);
	return take_extra(set, p, json_object_get(obj, "extra"), err);
}

static int add_provider(struct kb_providers *set, json_t *val,
			struct kb_err *err)
{
	struct kb_provider *p = &set->items[set->n];
	const char *text = json_string_value(val);
	int rc;

	if (set->n == KB_PROVIDERS_MAX)
		return kb_err_set(err, KB_ELIMIT, "more than %d providers",
				  KB_PROVIDERS_MAX);
	*p = (struct kb_provider){.name = "", .model = ""};
	if (text && !strcmp(text, "local")) {
		p->name = "local";
	} else if (json_is_object(val)) {
		rc = take_members(set, p, val, err);
		if (rc)
			return rc;
	} else {
		return kb_err_set(err, KB_EINVAL,
				  "neither an object nor \"local\"");
	}
	if (!*p->name)
		return kb_err_set(err, KB_EINVAL, "no 'name'");
	for (size_t i = 0; i < set->n; i++)
		if (!strcmp(set->items[i].name, p->name))
			return kb_err_set(err, KB_EINVAL,
					  "the name '%s' stands twice",
					  p->name);
	if (!p->base_url && strcmp(p->name, "local"))
		return kb_err_set(err, KB_EINVAL, "no 'base_url'");
	if (p->base_url && take_url(set, p, err))
		return err ? err->code : KB_EINVAL;
	set->n++;
	return 0;
}

static int take_providers(struct kb_providers *set, const json_t *root,
			  const char *place, struct kb_err *err)
{
	const json_t *list = json_object_get(root, "providers");
	json_t *val;
	size_t i;

	/* The file may hold defaults of options alone. */
	if (!list)
		return 0;
	if (!json_is_array(list))
		return kb_err_set(err, KB_EINVAL, "%s: no array 'providers'",
				  place);
	json_array_foreach(list, i, val)
	{
		int rc = add_provider(set, val, err);

		if (rc) {
			kb_err_place(err, "%s: provider %zu", place,
				     set->n + 1);
			return rc;
		}
	}
	return 0;
}

/* ---- routes ---- */

static int take_route(struct kb_providers *set, const char *name,
		      const json_t *list, struct kb_err *err)
{
	struct kb_route *route = &set->routes[set->n_routes];
	const json_t *entry;
	size_t i;

	if (set->n_routes == KB_ROUTES_MAX)
		return kb_err_set(err, KB_ELIMIT, "more than %d routes",
				  KB_ROUTES_MAX);
	if (!json_array_size(list))
		return kb_err_set(err, KB_EINVAL,
				  "it is no array of providers");
	if (json_array_size(list) > KB_PROVIDERS_MAX)
		return kb_err_set(err, KB_ELIMIT, "more than %d providers",
				  KB_PROVIDERS_MAX);
	*route = (struct kb_route){
	    .name = kb_arena_strndup(&set->arena, name, strlen(name))};
	json_array_foreach(list, i, entry)
	{
		const char *text = json_string_value(entry);

		if (!text || !*text)
			return kb_err_set(err, KB_EINVAL,
					  "element %zu is no name of a "
					  "provider",
					  i + 1);
		route->entries[route->n++] =
		    kb_arena_strndup(&set->arena, text, strlen(text));
	}
	set->n_routes++;
	return 0;
}

static int take_routes(struct kb_providers *set, const json_t *root,
		       const char *place, struct kb_err *err)
{
	json_t *routes = json_object_get(root, "routes"), *list;
	char quoted[KB_QUOTE_MAX];
	const char *name;

	if (routes && !json_is_object(routes))
		return kb_err_set(err, KB_EINVAL, "%s: 'routes' is no object",
				  place);
	json_object_foreach(routes, name, list)
	{
		int rc = take_route(set, name, list, err);

		if (rc) {
			kb_err_place(err, "%s: route '%s'", place,
				     kb_err_quote(quoted, name, strlen(name)));
			return rc;
		}
	}
	if (json_object_get(root, "cascade"))
		set->cascade = kb_config_text(json_object_get(root, "cascade"),
					      &set->arena);
	return 0;
}

int kb_providers_parse(struct kb_providers *set, struct kb_str json,
		       const char *place, struct kb_err *err)
{
	json_t *root;
	int rc = kb_config_parse(&root, json, place, err);

	if (!rc)
		rc = take_providers(set, root, place, err);
	if (!rc)
		rc = take_routes(set, root, place, err);
	json_decref(root);
	return rc;
}

/* Does it name what is run, or whose key is sent? */
static bool names_keys(const struct kb_providers *set)
{
	for (size_t i = 0; i < set->n; i++) {
		const struct kb_provider *p = &set->items[i];

		if (p->key_env || p->key_file || p->key_cmd)
			return true;
		for (size_t k = 0; k < p->n_headers; k++)
			if (p->headers[k].env)
				return true;
	}
	return false;
}

static int load_file(struct kb_providers *set, const char *path, bool must,
		     struct kb_err *err)
{
	json_t *root;
	int fd = open(path, O_RDONLY | O_CLOEXEC), rc;

	if (fd < 0) {
		if (!must && (errno == ENOENT || errno == ENOTDIR))
			return 0;
		return kb_err_sys(err, "cannot open the configuration '%s'",
				  path);
	}
	rc = kb_config_read_fd(&root, fd, path, err);
	if (!rc)
		rc = take_providers(set, root, path, err);
	if (!rc)
		rc = take_routes(set, root, path, err);
	if (!rc && names_keys(set))
		rc = kb_file_check_owner(fd, path, err);
	json_decref(root);
	close(fd);
	return rc;
}

/* ---- the environment ---- */

/* Has a model a name that the service gives to its own? */
static bool is_of(const struct kb_dialect *dialect, const char *model)
{
	const char *family =
	    dialect == &kb_dialect_anthropic ? "claude" : dialect->name;

	return kb_starts_folded(model, strlen(model), family) > 0;
}

/*
 * A base URL in the environment, or else a key for the service it is named
 * after. Of several keys the one whose service has such models, else the first.
 * A key that lies there for other programs is no wish to send texts: without a
 * URL a model must have been named.
 */
static const struct kb_dialect *find_service(struct kb_providers *set,
					     const char *model)
{
	const struct kb_dialect *found = NULL;

	for (size_t i = 0; i < KB_DIALECTS; i++)
		if (kb_env(kb_dialects[i]->url_env))
			return kb_dialects[i];
	for (size_t i = 0; i < KB_DIALECTS; i++)
		if (kb_env(kb_dialects[i]->key_env) &&
		    (!found || (model && is_of(kb_dialects[i], model))))
			found = kb_dialects[i];
	if (!found || model)
		return found;
	set->key_unused = found->key_env;
	return NULL;
}

static int load_environment(struct kb_providers *set, const char *model,
			    struct kb_err *err)
{
	const struct kb_dialect *dialect = find_service(set, model);
	struct kb_provider *p = &set->items[0];
	const char *url;

	if (!dialect)
		return 0;
	url = kb_env(dialect->url_env);
	*p = (struct kb_provider){
	    .name = dialect->name, .dialect = dialect, .model = ""};
	p->base_url = url ? url : dialect->base_url;
	if (kb_env(dialect->key_env))
		p->key_env = dialect->key_env;
	if (take_url(set, p, err))
		return kb_err_place(err, "%s", dialect->url_env);
	set->n = 1;
	return 0;
}

int kb_providers_load(struct kb_providers *set, const char *file,
		      const char *model, struct kb_err *err)
{
	const char *path = file && *file ? file : NULL;
	char usual[4096];
	int rc;

	if (!file && kb_config_path("llm-call.json", usual, sizeof(usual)))
		path = usual;
	/* The others are set for other programs, too. */
	if (!file && kb_env(kb_dialect_openai.url_env))
		return load_environment(set, model, err);
	if (path) {
		rc = load_file(set, path, file, err);
		if (rc)
			return rc;
	}
	return set->n ? 0 : load_environment(set, model, err);
}
