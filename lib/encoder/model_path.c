#include "encoder/model_path.h"

#include <dirent.h>
#include <limits.h>
#include <stdlib.h>
#include <unistd.h>

#include "base/env.h"

/* The directories, in their order, there or not; NULL behind the last. */
static const char *const *directories(struct kb_arena *arena)
{
	const char *data = kb_env("XDG_DATA_HOME"), *home = kb_env("HOME");
	const char **dirs = kb_arena_calloc(arena, 3, sizeof(*dirs));
	char exe[PATH_MAX];
	ssize_t len = readlink("/proc/self/exe", exe, sizeof(exe) - 1);
	size_t n = 0;

	if (data)
		dirs[n++] = kb_arena_printf(arena, "%s/kb/models", data);
	else if (home)
		dirs[n++] =
		    kb_arena_printf(arena, "%s/.local/share/kb/models", home);
	if (len > 0) {
		while (len && exe[len - 1] != '/')
			len--;
		dirs[n++] = kb_arena_printf(arena, "%.*s../share/kb/models",
					    (int)len, exe);
	}
	return dirs;
}

static bool is_name(struct kb_str name)
{
	if (!name.len || name.len > NAME_MAX - strlen(KB_MODEL_SUFFIX) ||
	    !(kb_is_alnum(name.ptr[0])))
		return false;
	for (size_t i = 1; i < name.len; i++) {
		char c = name.ptr[i];

		if (!kb_is_alnum(c) && !(c && strchr("._+-", c)))
			return false;
	}
	return true;
}

const char *kb_model_find(struct kb_str name, struct kb_arena *arena)
{
	const char *const *dir = directories(arena);

	for (; is_name(name) && *dir; dir++) {
		const char *path =
		    kb_arena_printf(arena, "%s/%.*s%s", *dir, (int)name.len,
				    name.ptr, KB_MODEL_SUFFIX);

		if (access(path, R_OK) == 0)
			return path;
	}
	return NULL;
}

int kb_model_resolve(const char *name, struct kb_arena *arena,
		     const char **path, struct kb_err *err)
{
	const char *const *dirs = directories(arena);
	char quoted[KB_QUOTE_MAX];

	if (strchr(name, '/') || kb_ends(name, strlen(name), KB_MODEL_SUFFIX)) {
		*path = name;
		return 0;
	}
	*path = kb_model_find(kb_str_of(name), arena);
	if (*path)
		return 0;
	return kb_err_set(
	    err, KB_ENOENT,
	    "no model '%s' in '%s'; kb-embed --list shows what is "
	    "there, 'make models' brings two",
	    kb_err_quote(quoted, name, strlen(name)), dirs[0] ? dirs[0] : "");
}

struct kb_str kb_model_name(const char *path)
{
	const char *slash = strrchr(path, '/');
	struct kb_str name = kb_str_of(slash ? slash + 1 : path);

	name.len -= kb_ends(name.ptr, name.len, KB_MODEL_SUFFIX);
	return name;
}

static int compare(const void *a, const void *b)
{
	return kb_str_cmp(*(const struct kb_str *)a, *(const struct kb_str *)b);
}

static bool is_new(const struct kb_str *names, size_t n, struct kb_str name)
{
	for (size_t i = 0; i < n; i++)
		if (kb_str_eq(names[i], name))
			return false;
	return true;
}

size_t kb_model_names(struct kb_arena *arena, struct kb_str **names)
{
	const char *const *path = directories(arena);
	size_t n = 0, cap = 0;

	*names = NULL;
	for (; *path; path++) {
		DIR *dir = opendir(*path);
		struct dirent *d;

		while (dir && (d = readdir(dir))) {
			struct kb_str name = kb_str_of(d->d_name);
			size_t end =
			    kb_ends(name.ptr, name.len, KB_MODEL_SUFFIX);

			name.len -= end;
			if (!end || !is_name(name) || !is_new(*names, n, name))
				continue;
			kb_arena_grow(arena, names, &cap, n, n + 1,
				      sizeof(**names));
			(*names)[n++] = kb_arena_copy(arena, name);
		}
		if (dir)
			closedir(dir);
	}
	if (n)
		qsort(*names, n, sizeof(**names), compare);
	return n;
}
