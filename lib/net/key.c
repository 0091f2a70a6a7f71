#include <fcntl.h>
#include <stdlib.h>
#include <strings.h>
#include <sys/stat.h>
#include <unistd.h>

#include "base/env.h"
#include "base/file.h"
#include "base/process.h"
#include "net/dialect.h"

#define KEY_MAX_BYTES ((size_t)16384)

static int key_from_file(const char *path, struct kb_buf *key,
			 struct kb_err *err)
{
	struct stat st;
	int fd = open(path, O_RDONLY | O_CLOEXEC | O_NONBLOCK), rc = 0;

	/* What was opened is what is judged, wherever a link led. */
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
		rc = kb_file_check_owner(fd, path, err);
	if (!rc)
		rc = kb_file_read_fd(fd, path, KEY_MAX_BYTES, key, err);
	if (fd >= 0)
		close(fd);
	return rc;
}

static int key_from_env(const char *name, struct kb_buf *key,
			struct kb_err *err)
{
	if (!kb_env(name))
		return kb_err_set(err, KB_ENOENT, "the environment has no '%s'",
				  name);
	kb_buf_add_cstr(key, kb_env(name));
	return 0;
}

static int key_fetch(const struct kb_provider *p, int timeout_ms,
		     struct kb_buf *key, struct kb_err *err)
{
	if (p->key_file)
		return key_from_file(p->key_file, key, err);
	if (p->key_cmd)
		return kb_process_capture(p->key_cmd, "key_cmd", timeout_ms,
					  key, err);
	return key_from_env(p->key_env, key, err);
}

/* A key becomes a header line: nothing may end that line early. */
static int key_check(struct kb_buf *key, bool blanks, struct kb_err *err)
{
	while (key->len && (unsigned char)key->ptr[key->len - 1] <= ' ')
		key->len--;
	if (!key->len || key->over)
		return kb_err_set(err, KB_EINVAL, "the key is %s",
				  key->over ? "too long" : "empty");
	for (size_t i = 0; i < key->len; i++)
		if ((unsigned char)key->ptr[i] < ' ' + !blanks ||
		    key->ptr[i] == 127)
			return kb_err_set(err, KB_EINVAL,
					  "the key holds a blank");
	return 0;
}

static void add_line(struct kb_providers *set, struct kb_provider *p,
		     const char *name, struct kb_str value)
{
	p->lines[p->n_lines++] = kb_arena_printf(&set->arena, "%s%.*s", name,
						 (int)value.len, value.ptr);
}

static int add_key(struct kb_providers *set, struct kb_provider *p,
		   struct kb_buf *key, int timeout_ms, struct kb_err *err)
{
	const struct kb_dialect *dialect = kb_dialect_of(p);
	int rc;

	if (!p->key_env && !p->key_file && !p->key_cmd)
		return 0;
	rc = key_fetch(p, timeout_ms, key, err);
	if (!rc)
		rc = key_check(key, false, err);
	if (rc)
		return rc;
	kb_secrets_add(&set->secrets, &set->arena, kb_buf_str(key));
	add_line(set, p,
		 kb_arena_printf(&set->arena, "%s: %s", dialect->key_header,
				 dialect->key_prefix),
		 kb_buf_str(key));
	return 0;
}

/* "Bearer KEY" in a header of the user's: the key alone is secret, too. */
static void add_words(struct kb_providers *set, struct kb_str value)
{
	const char *blank;

	if (!value.len)
		return;
	blank = memrchr(value.ptr, ' ', value.len);
	kb_secrets_add(&set->secrets, &set->arena, value);
	if (blank)
		kb_secrets_add(
		    &set->secrets, &set->arena,
		    kb_str_skip(value, (size_t)(blank + 1 - value.ptr)));
}

static int add_header(struct kb_providers *set, struct kb_provider *p,
		      const struct kb_header *header, struct kb_buf *key,
		      struct kb_err *err)
{
	const char *name = kb_arena_printf(&set->arena, "%s: ", header->name);
	int rc;

	if (!header->env) {
		add_line(set, p, name, kb_str_of(header->value));
		return 0;
	}
	kb_buf_reset(key);
	rc = key_from_env(header->env, key, err);
	if (!rc)
		rc = key_check(key, true, err);
	if (rc)
		return kb_err_place(err, "header '%s'", header->name);
	add_words(set, kb_buf_str(key));
	add_line(set, p, name, kb_buf_str(key));
	return 0;
}

/* Of the dialect, unless the user has a header of that name. */
static void add_usual(struct kb_providers *set, struct kb_provider *p)
{
	const char *const *line = kb_dialect_of(p)->headers;

	for (; line && *line; line++) {
		size_t len = strcspn(*line, ":");
		bool has = false;

		for (size_t i = 0; i < p->n_headers; i++)
			has |= strlen(p->headers[i].name) == len &&
			       !strncasecmp(p->headers[i].name, *line, len);
		if (!has)
			add_line(set, p, "", kb_str_of(*line));
	}
}

int kb_provider_settle(struct kb_providers *set, struct kb_provider *provider,
		       int timeout_ms, struct kb_err *err)
{
	struct kb_buf key;
	int rc = 0;

	if (provider->settled)
		return 0;
	kb_buf_init(&key, KEY_MAX_BYTES + 1);
	kb_buf_reserve(&key, KEY_MAX_BYTES); /* it never moves */
	provider->n_lines = 0;
	if (provider->ca_file && access(provider->ca_file, R_OK))
		rc = kb_err_sys(err, "ca_file '%s'", provider->ca_file);
	if (!rc)
		rc = add_key(set, provider, &key, timeout_ms, err);
	for (size_t i = 0; !rc && i < provider->n_headers; i++)
		rc =
		    add_header(set, provider, &provider->headers[i], &key, err);
	if (!rc)
		add_usual(set, provider);
	provider->settled = !rc;
	if (key.ptr)
		explicit_bzero(key.ptr, key.cap);
	kb_buf_release(&key);
	return rc;
}

void kb_providers_know(struct kb_providers *set)
{
	for (size_t i = 0; i < set->n; i++) {
		const struct kb_provider *p = &set->items[i];

		if (p->key_env)
			kb_secrets_add(&set->secrets, &set->arena,
				       kb_str_of(kb_env(p->key_env)));
		for (size_t k = 0; k < p->n_headers; k++)
			if (p->headers[k].env && kb_env(p->headers[k].env))
				add_words(set,
					  kb_str_of(kb_env(p->headers[k].env)));
	}
}
