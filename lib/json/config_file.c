#include "json/config_file.h"

#include <assert.h>
#include <stdio.h>
#include <stdlib.h>

#include "base/env.h"
#include "base/file.h"

bool kb_config_path(const char *name, char *path, size_t size)
{
	const char *base = kb_env("XDG_CONFIG_HOME"), *home = kb_env("HOME");
	int n;

	if (base)
		n = snprintf(path, size, "%s/kb/%s", base, name);
	else if (home)
		n = snprintf(path, size, "%s/.config/kb/%s", home, name);
	else
		return false;
	return n > 0 && (size_t)n < size;
}

int kb_config_parse(json_t **out, struct kb_str text, const char *place,
		    struct kb_err *err)
{
	json_error_t why;
	json_t *tree = json_loadb(text.ptr ? text.ptr : "", text.len,
				  JSON_REJECT_DUPLICATES, &why);

	*out = tree;
	if (json_is_object(tree))
		return 0;
	kb_err_set(err, KB_EINVAL, "'%s':%d: %s", place, tree ? 1 : why.line,
		   tree ? "not a JSON object" : why.text);
	json_decref(tree);
	*out = NULL;
	return KB_EINVAL;
}

int kb_config_read_fd(json_t **out, int fd, const char *path,
		      struct kb_err *err)
{
	struct kb_buf text;
	int rc;

	*out = NULL;
	kb_buf_init(&text, 0);
	rc = kb_file_read_fd(fd, path, KB_CONFIG_MAX_BYTES, &text, err);
	if (!rc)
		rc = kb_config_parse(out, kb_buf_str(&text), path, err);
	kb_buf_release(&text);
	return rc;
}

/* A real as written with so many digits: 15 always come back from text, 17
 * always give the number back. */
static char *dump(const json_t *value, size_t digits)
{
	char *text = json_dumps(value, JSON_COMPACT | JSON_ENCODE_ANY |
					   JSON_REAL_PRECISION(digits));

	if (!text)
		kb_oom();
	return text;
}

struct kb_str kb_config_text(const json_t *value, struct kb_arena *arena)
{
	size_t digits = 15;
	struct kb_str out;
	char *text;

	assert(value);
	for (text = dump(value, digits); digits < 17;) {
		json_t *again = json_loads(text, JSON_DECODE_ANY, NULL);
		bool same = json_equal(value, again);

		json_decref(again);
		if (same)
			break;
		free(text);
		text = dump(value, ++digits);
	}
	out = kb_arena_copy(arena, kb_str_of(text));
	free(text);
	return out;
}
