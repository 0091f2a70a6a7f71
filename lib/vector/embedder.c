#include "vector/embedder.h"

#include <stdlib.h>

#include "base/child.h"
#include "record/error_member.h"
#include "record/members.h"
#include "vector/vector_json.h"
#include "json/write.h"

struct kb_embedder {
	char model[KB_EMBED_MODEL_MAX + 1];
	char *command;
	struct kb_child *child; /* NULL before the first call */
	struct kb_buf line, answer;
};

static bool good_name(struct kb_str name)
{
	if (!name.len || name.len > KB_EMBED_MODEL_MAX || name.ptr[0] == '-')
		return false;
	for (size_t i = 0; i < name.len; i++) {
		char c = name.ptr[i];

		if (!(c >= 'a' && c <= 'z') && !(c >= 'A' && c <= 'Z') &&
		    !(c >= '0' && c <= '9') && (!c || !strchr("._:/@+-", c)))
			return false;
	}
	return true;
}

int kb_embedder_open(struct kb_embedder **out, struct kb_str model,
		     const char *command, struct kb_err *err)
{
	char quoted[KB_QUOTE_MAX];
	struct kb_embedder *e;

	*out = NULL;
	/* The user's own command needs no name. */
	if (!(command && !model.len) && !good_name(model))
		return kb_err_set(err, KB_EINVAL,
				  "'%s' is no name of a model to embed with",
				  kb_err_quote(quoted, model.ptr, model.len));
	e = kb_calloc(1, sizeof(*e));
	memcpy(e->model, model.ptr, model.len);
	if (command)
		e->command = kb_strdup(command);
	kb_buf_init(&e->line, 0);
	kb_buf_init(&e->answer, 0);
	*out = e;
	return 0;
}

void kb_embedder_close(struct kb_embedder *e)
{
	if (!e)
		return;
	kb_child_close(e->child);
	kb_buf_release(&e->line);
	kb_buf_release(&e->answer);
	free(e->command);
	free(e);
}

static int start(struct kb_embedder *e, struct kb_err *err)
{
	const char *const argv[] = {"llm-call", "--embed", "-m", e->model,
				    NULL};

	if (!e->child)
		e->child = e->command ? kb_child_open(e->command, err)
				      : kb_child_open_argv(argv, err);
	return e->child ? 0 : KB_ECLOSED;
}

static void write_request(struct kb_embedder *e, const struct kb_str *texts,
			  size_t n)
{
	struct kb_jw w;

	kb_buf_reset(&e->line);
	kb_jw_init(&w, &e->line);
	kb_jw_obj(&w);
	kb_jw_key(&w, "texts");
	kb_jw_arr(&w);
	for (size_t i = 0; i < n; i++)
		kb_jw_str(&w, texts[i]);
	kb_jw_end(&w);
	kb_jw_end(&w);
}

static int refused(const struct kb_rec *rec, struct kb_err *err)
{
	struct kb_str why = kb_error_message(rec);

	if (!kb_error_is_set(rec))
		return 0;
	return kb_err_set(err, KB_EREMOTE, "embedder: %.*s",
			  (int)(why.len < 300 ? why.len : 300), why.ptr);
}

static int read_vectors(struct kb_str line, size_t n, struct kb_arena *arena,
			float **out, size_t *dim, struct kb_err *err)
{
	struct kb_rec rec;
	struct kb_json_iter it;
	int rc = kb_rec_scan(&rec, arena, line.ptr, line.len, err);

	if (!rc)
		rc = refused(&rec, err);
	if (rc)
		return rc;
	it = kb_json_iter(kb_vectors_read(kb_rec_get(&rec, "vectors")).texts);
	*out = NULL;
	for (size_t i = 0; i < n; i++) {
		size_t d;
		float *x;

		if (!kb_json_next(&it))
			return kb_err_set(err, KB_EREMOTE,
					  "embedder: %zu vectors for %zu texts",
					  i, n);
		rc = kb_vec_from_json(it.val, arena, &x, &d, err);
		if (rc)
			return rc;
		if (i && d != *dim)
			return kb_err_set(err, KB_EREMOTE,
					  "embedder: %zu and %zu dimensions",
					  *dim, d);
		if (!i) {
			*dim = d;
			*out = kb_arena_alloc(arena, n * d * sizeof(*x));
		}
		memcpy(*out + i * d, x, d * sizeof(*x));
	}
	return 0;
}

int kb_embedder_call(struct kb_embedder *e, const struct kb_str *texts,
		     size_t n, int timeout_ms, struct kb_arena *arena,
		     float **x, size_t *dim, struct kb_err *err)
{
	int rc = start(e, err);
	struct kb_str line;

	if (rc)
		return rc;
	write_request(e, texts, n);
	rc = kb_child_call(e->child, kb_buf_str(&e->line), timeout_ms,
			   &e->answer, err);
	if (rc)
		return rc;
	line = kb_arena_copy(arena, kb_buf_str(&e->answer));
	return read_vectors(line, n, arena, x, dim, err);
}
