#include "net/provider.h"

#include <errno.h>
#include <fcntl.h>
#include <math.h>
#include <stdlib.h>
#include <sys/stat.h>
#include <unistd.h>

#include "base/file.h"
#include "base/process.h"
#include "net/http.h"

#define CONFIG_MAX_BYTES ((size_t)1 << 20)
#define KEY_MAX_BYTES	 ((size_t)16384)

void kb_providers_init(struct kb_providers *set)
{
	memset(set, 0, sizeof(*set));
	kb_arena_init(&set->arena);
}

void kb_providers_release(struct kb_providers *set)
{
	for (size_t i = 0; i < set->n; i++) {
		char *auth = (char *)(uintptr_t)set->items[i].auth;

		if (auth)
			explicit_bzero(auth, strlen(auth));
	}
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
	    "name",	    "base_url", "model",    "embed_model",
	    "rerank_model", "key_env",	"key_file", "key_cmd",
	    "price",	    "timeout",	"extra"};
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

static int take_url(struct kb_providers *set, struct kb_provider *p,
		    struct kb_err *err)
{
	size_t len = strlen(p->base_url);
	int rc = kb_http_check_url(p->base_url, err);

	while (len && p->base_url[len - 1] == '/')
		len--;
	p->base_url = kb_arena_strndup(&set->arena, p->base_url, len);
	return rc;
}

static int take_members(struct kb_providers *set, struct kb_provider *p,
			struct kb_json obj, struct kb_err *err)
{
	const struct {
		const char *name;
		const char **dst;
	} strings[] = {
	    {"name", &p->name},		{"base_url", &p->base_url},
	    {"model", &p->model},	{"embed_model", &p->embed_model},
	    {"key_env", &p->key_env},	{"rerank_model", &p->rerank_model},
	    {"key_file", &p->key_file}, {"key_cmd", &p->key_cmd},
	};
	struct kb_json price = kb_json_get(obj, "price");
	struct kb_json extra = kb_json_get(obj, "extra");
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
	if (rc)
		return rc;
	if (timeout_s > 86400)
		return kb_err_set(err, KB_ELIMIT,
				  "'timeout' is over 86400 seconds");
	p->timeout_ms = (int64_t)(timeout_s * 1000);
	if (extra.type == KB_JSON_OBJECT)
		p->extra = kb_arena_copy(&set->arena,
					 (struct kb_str){extra.ptr, extra.len});
	else if (extra.type != KB_JSON_NONE)
		return kb_err_set(err, KB_EINVAL, "'extra' is no object");
	return 0;
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
	close(fd);
	kb_buf_release(&text);
	return rc;
}

static const char *env(const char *name)
{
	const char *value = getenv(name);

	return value && *value ? value : NULL;
}

/* OPENAI_BASE_URL, or OPENAI_API_KEY alone for the service it is named
 * after. */
static int load_environment(struct kb_providers *set, struct kb_err *err)
{
	const char *url = env("OPENAI_BASE_URL");
	struct kb_provider *p = &set->items[0];

	if (!url && !env("OPENAI_API_KEY"))
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
		      struct kb_err *err)
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
		return load_environment(set, err);
	if (path) {
		rc = load_file(set, path, file, err);
		if (rc)
			return rc;
	}
	return set->n ? 0 : load_environment(set, err);
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

/* ---- keys ---- */

static int key_from_file(const char *path, struct kb_buf *key,
			 struct kb_err *err)
{
	struct stat st;
	int fd = open(path, O_RDONLY | O_CLOEXEC | O_NONBLOCK), rc = 0;

	if (fd < 0 || fstat(fd, &st))
		rc = kb_err_sys(err, "key_file '%s'", path);
	else if (!S_ISREG(st.st_mode))
		rc = kb_err_set(err, KB_EINVAL, "key_file '%s' is no file",
				path);
	else if (st.st_mode & 077)
		rc = kb_err_set(err, KB_EINVAL,
				"key_file '%s' is open to others (mode %04o); "
				"chmod 600 it",
				path, (unsigned)st.st_mode & 07777);
	else
		rc = kb_file_read_fd(fd, path, KEY_MAX_BYTES, key, err);
	if (fd >= 0)
		close(fd);
	return rc;
}

static int key_fetch(const struct kb_provider *p, int timeout_ms,
		     struct kb_buf *key, struct kb_err *err)
{
	if (p->key_file)
		return key_from_file(p->key_file, key, err);
	if (p->key_cmd)
		return kb_process_capture(p->key_cmd, "key_cmd", timeout_ms,
					  key, err);
	if (!env(p->key_env))
		return kb_err_set(err, KB_ENOENT, "the environment has no '%s'",
				  p->key_env);
	kb_buf_add_cstr(key, env(p->key_env));
	return 0;
}

/* A key becomes a header line: nothing may end that line early. */
static int key_check(struct kb_buf *key, struct kb_err *err)
{
	while (key->len && (unsigned char)key->ptr[key->len - 1] <= ' ')
		key->len--;
	if (!key->len)
		return kb_err_set(err, KB_EINVAL, "the key is empty");
	for (size_t i = 0; i < key->len; i++)
		if ((unsigned char)key->ptr[i] <= ' ' || key->ptr[i] == 127)
			return kb_err_set(err, KB_EINVAL,
					  "the key holds a blank");
	return 0;
}

int kb_provider_key(struct kb_providers *set, struct kb_provider *provider,
		    int timeout_ms, struct kb_err *err)
{
	struct kb_buf key;
	int rc;

	if (provider->key_known)
		return 0;
	if (!provider->key_env && !provider->key_file && !provider->key_cmd) {
		provider->key_known = true;
		return 0;
	}
	kb_buf_init(&key, KEY_MAX_BYTES + 1);
	kb_buf_reserve(&key, KEY_MAX_BYTES); /* it never moves */
	rc = key_fetch(provider, timeout_ms, &key, err);
	if (!rc)
		rc = key_check(&key, err);
	if (!rc) {
		provider->auth =
		    kb_arena_printf(&set->arena, "Authorization: Bearer %.*s",
				    (int)key.len, key.ptr);
		provider->key_known = true;
	} else {
		kb_err_place(err, "provider '%s'", provider->name);
	}
	if (key.ptr)
		explicit_bzero(key.ptr, key.cap);
	kb_buf_release(&key);
	return rc;
}
