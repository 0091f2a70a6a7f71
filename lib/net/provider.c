#include "net/provider.h"

#include <errno.h>
#include <fcntl.h>
#include <math.h>
#include <stdlib.h>
#include <strings.h>
#include <unistd.h>

#include "base/file.h"
#include "base/str.h"
#include "net/http.h"

#define CONFIG_MAX_BYTES ((size_t)1 << 20)
#define EXTRA_MAX	 64

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

/* ---- configuration ---- */

/* A string member; an empty or absent one leaves *dst. */
static int take_string(struct kb_providers *set, struct kb_json object,
		       const char *name, const char **dst, struct kb_err *err)
{
	struct kb_json val = kb_json_get(object, name);
	struct kb_str text;

	if (val.type == KB_JSON_NONE)
		return 0;
	if (!kb_json_str(val, &set->arena, &text) ||
	    memchr(text.ptr, '\0', text.len) ||
	    memchr(text.ptr, '\n', text.len))
		return kb_err_set(err, KB_EINVAL,
				  "'%s' is no string of one line", name);
	*dst = kb_arena_strndup(&set->arena, text.ptr, text.len);
	return 0;
}

static int take_number(struct kb_json object, const char *name, double *dst,
		       struct kb_err *err)
{
	struct kb_json val = kb_json_get(object, name);

	if (val.type == KB_JSON_NONE)
		return 0;
	if (!kb_json_num(val, dst) || !isfinite(*dst) || *dst < 0)
		return kb_err_set(err, KB_EINVAL,
				  "'%s' is no number of at least 0", name);
	return 0;
}

static int check_members(struct kb_json object, struct kb_err *err)
{
	static const char *const known[] = {
	    "name",    "base_url",	  "model",	  "embed_model",
	    "ca_file", "key_env",	  "key_file",	  "key_cmd",
	    "price",   "timeout",	  "extra",	  "rerank_model",
	    "headers", "max_tokens_name", "insecure_http"};
	struct kb_json_iter it = kb_json_iter(object);
	char quoted[KB_QUOTE_MAX];

	while (kb_json_next(&it)) {
		size_t i, n = sizeof(known) / sizeof(*known);

		for (i = 0; i < n && !kb_json_key_is(it.key, known[i]); i++)
			;
		if (kb_json_key_is(it.key, "key") ||
		    kb_json_key_is(it.key, "api_key"))
			return kb_err_set(err, KB_EINVAL,
					  "a key does not belong into this "
					  "file; use key_env, key_file or "
					  "key_cmd");
		if (i == n)
			return kb_err_set(
			    err, KB_EINVAL, "unknown member '%s'",
			    kb_err_quote(quoted, it.key.ptr, it.key.len));
	}
	return 0;
}

static int take_flag(struct kb_json object, const char *name, bool *dst,
		     struct kb_err *err)
{
	struct kb_json val = kb_json_get(object, name);

	if (val.type == KB_JSON_TRUE || val.type == KB_JSON_FALSE)
		*dst = val.type == KB_JSON_TRUE;
	else if (val.type != KB_JSON_NONE)
		return kb_err_set(err, KB_EINVAL,
				  "'%s' is neither true nor false", name);
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
	if (has_key && kb_str_is_folded(text, "authorization"))
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
static int take_headers(struct kb_providers *set, struct kb_provider *p,
			struct kb_json list, struct kb_err *err)
{
	struct kb_json_iter it = kb_json_iter(list);
	int rc = 0;

	if (list.type != KB_JSON_NONE && list.type != KB_JSON_OBJECT)
		return kb_err_set(err, KB_EINVAL, "'headers' is no object");
	while (!rc && kb_json_next(&it)) {
		struct kb_header *header = &p->headers[p->n_headers];

		if (p->n_headers == KB_HEADERS_MAX)
			return kb_err_set(err, KB_ELIMIT,
					  "more than %d headers",
					  KB_HEADERS_MAX);
		*header = (struct kb_header){
		    .name =
			kb_arena_strndup(&set->arena, it.key.ptr, it.key.len)};
		if (it.val.type == KB_JSON_OBJECT)
			rc = take_string(set, it.val, "env", &header->env, err);
		else
			rc = take_string(set, list, header->name,
					 &header->value, err);
		if (!rc && (!header->value || !*header->value) && !header->env)
			rc = kb_err_set(err, KB_EINVAL,
					"the header '%s' has neither a text "
					"nor {\"env\": NAME}",
					header->name);
		if (!rc)
			rc = check_header(p, header, err);
		p->n_headers++;
	}
	return rc;
}

static int take_extra(struct kb_providers *set, struct kb_provider *p,
		      struct kb_json extra, struct kb_err *err)
{
	if (extra.type == KB_JSON_NONE)
		return 0;
	if (extra.type != KB_JSON_OBJECT)
		return kb_err_set(err, KB_EINVAL, "'extra' is no object");
	if (kb_json_count(extra) > EXTRA_MAX)
		return kb_err_set(err, KB_ELIMIT,
				  "'extra' has more than %d members",
				  EXTRA_MAX);
	p->extra =
	    kb_arena_copy(&set->arena, (struct kb_str){extra.ptr, extra.len});
	return 0;
}

static int take_members(struct kb_providers *set, struct kb_provider *p,
			struct kb_json obj, struct kb_err *err)
{
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
	struct kb_json price = kb_json_get(obj, "price");
	double timeout_s = 0;
	int rc = check_members(obj, err);

	for (size_t i = 0; !rc && i < sizeof(strings) / sizeof(*strings); i++)
		rc =
		    take_string(set, obj, strings[i].name, strings[i].dst, err);
	if (!rc)
		rc = take_number(obj, "timeout", &timeout_s, err);
	if (!rc)
		rc = take_number(price, "input", &p->price_input, err);
	if (!rc)
		rc = take_number(price, "output", &p->price_output, err);
	if (!rc)
		rc = take_flag(obj, "insecure_http", &p->insecure_http, err);
	if (!rc)
		rc = take_headers(set, p, kb_json_get(obj, "headers"), err);
	if (rc)
		return rc;
	if (timeout_s > 86400)
		return kb_err_set(err, KB_ELIMIT,
				  "'timeout' is over 86400 seconds");
	p->timeout_ms = (int64_t)(timeout_s * 1000);
	return take_extra(set, p, kb_json_get(obj, "extra"), err);
}

static int add_provider(struct kb_providers *set, struct kb_json val,
			struct kb_err *err)
{
	struct kb_provider *p = &set->items[set->n];
	struct kb_str text;
	int rc;

	if (set->n == KB_PROVIDERS_MAX)
		return kb_err_set(err, KB_ELIMIT, "more than %d providers",
				  KB_PROVIDERS_MAX);
	*p = (struct kb_provider){.name = "", .model = ""};
	if (kb_json_str(val, &set->arena, &text) && kb_str_is(text, "local")) {
		p->name = "local";
	} else if (val.type == KB_JSON_OBJECT) {
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

int kb_providers_parse(struct kb_providers *set, struct kb_str json,
		       const char *place, struct kb_err *err)
{
	struct kb_json root, list;
	struct kb_json_iter it;
	int rc = kb_json_check(json.ptr, json.len, &root, err);

	if (rc) {
		kb_err_place(err, "%s", place);
		return rc;
	}
	list = kb_json_get(root, "providers");
	/* The file may hold defaults of options alone. */
	if (list.type == KB_JSON_NONE && root.type == KB_JSON_OBJECT)
		return 0;
	if (list.type != KB_JSON_ARRAY)
		return kb_err_set(err, KB_EINVAL, "%s: no array 'providers'",
				  place);
	for (it = kb_json_iter(list); kb_json_next(&it);) {
		rc = add_provider(set, it.val, err);
		if (rc) {
			kb_err_place(err, "%s: provider %zu", place,
				     set->n + 1);
			return rc;
		}
	}
	return 0;
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
	struct kb_buf text;
	int fd = open(path, O_RDONLY | O_CLOEXEC), rc;

	if (fd < 0) {
		if (!must && (errno == ENOENT || errno == ENOTDIR))
			return 0;
		return kb_err_sys(err, "cannot open the configuration '%s'",
				  path);
	}
	kb_buf_init(&text, 0);
	rc = kb_file_read_fd(fd, path, CONFIG_MAX_BYTES, &text, err);
	if (!rc)
		rc = kb_providers_parse(set, kb_buf_str(&text), path, err);
	if (!rc && names_keys(set))
		rc = kb_file_check_owner(fd, path, err);
	close(fd);
	kb_buf_release(&text);
	return rc;
}

static const char *env(const char *name)
{
	const char *value = getenv(name);

	return value && *value ? value : NULL;
}

/*
 * OPENAI_BASE_URL, or OPENAI_API_KEY for the service it is named after. A key
 * that lies in the environment for other programs is no wish to send texts
 * there: without a URL a model must have been named.
 */
static int load_environment(struct kb_providers *set, bool model_named,
			    struct kb_err *err)
{
	const char *url = env("OPENAI_BASE_URL");
	struct kb_provider *p = &set->items[0];

	set->key_unused = !url && env("OPENAI_API_KEY") && !model_named;
	if (set->key_unused || (!url && !env("OPENAI_API_KEY")))
		return 0;
	if (!url)
		url = "https://api.openai.com/v1";
	*p = (struct kb_provider){.name = "openai", .model = ""};
	p->base_url = url;
	if (env("OPENAI_API_KEY"))
		p->key_env = "OPENAI_API_KEY";
	if (take_url(set, p, err))
		return kb_err_place(err, "OPENAI_BASE_URL");
	set->n = 1;
	return 0;
}

int kb_providers_load(struct kb_providers *set, const char *file,
		      bool model_named, struct kb_err *err)
{
	const char *home = env("HOME"), *config = env("XDG_CONFIG_HOME");
	const char *path = file;
	int rc;

	if (!path && config)
		path =
		    kb_arena_printf(&set->arena, "%s/kb/llm-call.json", config);
	else if (!path && home)
		path = kb_arena_printf(&set->arena,
				       "%s/.config/kb/llm-call.json", home);
	if (!file && env("OPENAI_BASE_URL"))
		return load_environment(set, model_named, err);
	if (path) {
		rc = load_file(set, path, file, err);
		if (rc)
			return rc;
	}
	return set->n ? 0 : load_environment(set, model_named, err);
}

int kb_providers_select(struct kb_providers *set, const char *name,
			struct kb_err *err)
{
	char quoted[KB_QUOTE_MAX];

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
