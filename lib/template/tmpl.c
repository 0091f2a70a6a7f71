#include "template/ast.h"

#include <stdlib.h>

#include "base/file.h"
#include "base/hash.h"
#include "base/utf8.h"

struct kb_tmpl_env *kb_tmpl_env_new(const struct kb_tmpl_options *options)
{
	struct kb_tmpl_env *env = kb_calloc(1, sizeof(*env));

	env->options = *options;
	kb_arena_init(&env->arena);
	kb_map_init(&env->ids);
	kb_tmpl_intern(env, KB_STR("loop"));
	kb_tmpl_intern(env, KB_STR("caller"));
	if (options->dir)
		env->options.dir = kb_arena_strndup(&env->arena, options->dir,
						    strlen(options->dir));
	return env;
}

void kb_tmpl_env_free(struct kb_tmpl_env *env)
{
	if (!env)
		return;
	free(env->names);
	kb_map_release(&env->ids);
	kb_arena_release(&env->arena);
	free(env);
}

uint32_t kb_tmpl_intern(struct kb_tmpl_env *env, struct kb_str name)
{
	uint64_t key = kb_xxh64(name.ptr, name.len, 0);
	uint64_t *id;
	bool added;

	/* Two names of one hash: the next key that is free or the name's. */
	for (;; key++) {
		id = kb_map_put(&env->ids, key, &added);
		if (added)
			break;
		if (kb_str_eq(env->names[*id - 1], name))
			return (uint32_t)*id - 1;
	}
	kb_grow(&env->names, &env->names_cap, env->n_names + 1,
		sizeof(*env->names));
	env->names[env->n_names++] = kb_arena_copy(&env->arena, name);
	*id = env->n_names;
	return (uint32_t)*id - 1;
}

int kb_tmpl_place(const struct kb_tmpl *tmpl, uint32_t at, struct kb_err *err)
{
	unsigned line = 1, column = 1;
	char quoted[KB_QUOTE_MAX];

	for (size_t i = 0; i < at && i < tmpl->source.len; i++) {
		char c = tmpl->source.ptr[i];

		if (c == '\n') {
			line++;
			column = 1;
		} else if (!kb_utf8_is_inner(c)) {
			column++;
		}
	}
	return kb_err_place(
	    err, "%s:%u:%u",
	    kb_err_quote(quoted, tmpl->name.ptr, tmpl->name.len), line, column);
}

int kb_tmpl_compile(struct kb_tmpl_env *env, struct kb_str name,
		    struct kb_str source, struct kb_tmpl **tmpl,
		    struct kb_err *err)
{
	struct kb_tmpl *t = kb_arena_calloc(&env->arena, 1, sizeof(*t));
	int rc;

	if (source.len > KB_TMPL_SOURCE_MAX)
		return kb_err_set(err, KB_ELIMIT,
				  "template '%.*s' has %zu bytes, more than "
				  "the limit of %zu",
				  (int)name.len, name.ptr, source.len,
				  KB_TMPL_SOURCE_MAX);
	t->env = env;
	t->name = kb_arena_copy(&env->arena, name);
	t->source = kb_arena_copy(&env->arena, source);
	/* One newline at the end belongs to the file, not to the prompt. */
	if (t->source.len && t->source.ptr[t->source.len - 1] == '\n' &&
	    !env->options.keep_spaces)
		t->source.len--;
	t->next = env->templates;
	env->templates = t;
	t->open = true;
	rc = kb_tmpl_parse(t, err);
	t->open = false;
	*tmpl = t;
	return rc;
}

int kb_tmpl_load_as(struct kb_tmpl_env *env, struct kb_str name,
		    const char *path, struct kb_tmpl **tmpl, struct kb_err *err)
{
	struct kb_buf buf;
	int rc;

	kb_buf_init(&buf, 0);
	rc = kb_file_read(path, KB_TMPL_SOURCE_MAX, &buf, err);
	if (rc == 0)
		rc = kb_tmpl_compile(env, name, kb_buf_str(&buf), tmpl, err);
	kb_buf_release(&buf);
	return rc;
}

int kb_tmpl_load(struct kb_tmpl_env *env, const char *path,
		 struct kb_tmpl **tmpl, struct kb_err *err)
{
	return kb_tmpl_load_as(env, kb_str_of(path), path, tmpl, err);
}

struct kb_str kb_tmpl_name(const struct kb_tmpl *tmpl)
{
	return tmpl->name;
}

struct kb_str kb_tmpl_source(const struct kb_tmpl *tmpl)
{
	return tmpl->source;
}

bool kb_tmpl_has_messages(const struct kb_tmpl *tmpl)
{
	return tmpl->has_messages;
}
