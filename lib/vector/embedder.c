#include "vector/embedder.h"

#include <stdlib.h>
#include <unistd.h>

#include "base/shared_child.h"
#include "record/error_member.h"
#include "record/members.h"
#include "vector/local_embedder.h"
#include "vector/vector_json.h"
#include "json/write.h"

struct kb_embedder {
	struct kb_shared_child *child;
	struct kb_local_embedder *local; /* instead; NULL: none */
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
	char quoted[KB_QUOTE_MAX], name[KB_EMBED_MODEL_MAX + 1];
	const char *const argv[] = {"llm-call", "--embed", "-m", name, NULL};

	*out = NULL;
	/* The user's own command needs no name. */
	if (!(command && !model.len) && !good_name(model))
		return kb_err_set(err, KB_EINVAL,
				  "'%s' is no name of a model to embed with",
				  kb_err_quote(quoted, model.ptr, model.len));
	memcpy(name, model.ptr, model.len);
	name[model.len] = '\0';
	*out = kb_calloc(1, sizeof(**out));
	if (!command)
		(*out)->local = kb_local_embedder_new(model);
	if (!(*out)->local)
		(*out)->child = kb_shared_child_new(command, argv);
	return 0;
}

void kb_embedder_close(struct kb_embedder *e)
{
	if (!e)
		return;
	if (e->child)
		kb_shared_child_free(e->child);
	kb_local_embedder_free(e->local);
	free(e);
}

static void write_request(struct kb_str input_type, const struct kb_str *texts,
			  size_t n, struct kb_buf *line)
{
	struct kb_jw w;

	kb_jw_init(&w, line);
	kb_jw_obj(&w);
	kb_jw_key(&w, "texts");
	kb_jw_arr(&w);
	for (size_t i = 0; i < n; i++)
		kb_jw_str(&w, texts[i]);
	kb_jw_end(&w);
	if (input_type.len) {
		kb_jw_key(&w, "input_type");
		kb_jw_str(&w, input_type);
	}
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

static int call_local(struct kb_embedder *e, struct kb_str input_type,
		      const struct kb_str *texts, size_t n,
		      struct kb_arena *arena, float **x, size_t *dim,
		      struct kb_err *err)
{
	char quoted[KB_QUOTE_MAX];

	if (input_type.len)
		return kb_err_set(
		    err, KB_EINVAL,
		    "a model in the process knows no type of "
		    "texts such as '%s'; it has prefixes",
		    kb_err_quote(quoted, input_type.ptr, input_type.len));
	return kb_local_embedder_call(e->local, texts, n, arena, x, dim, err);
}

size_t kb_embedder_jobs(const struct kb_embedder *e)
{
	long n = e->local ? sysconf(_SC_NPROCESSORS_ONLN) : 0;

	return n > 0 ? (size_t)n : 0;
}

bool kb_embedder_is_local(const struct kb_embedder *e)
{
	return e->local != NULL;
}

int kb_embedder_language(struct kb_embedder *e, struct kb_str *language,
			 struct kb_err *err)
{
	*language = (struct kb_str){"", 0};
	return e->local ? kb_local_embedder_language(e->local, language, err)
			: 0;
}

int kb_embedder_prefixes(struct kb_embedder *e, struct kb_str *query,
			 struct kb_str *passage, struct kb_err *err)
{
	if (!e->local)
		return 0;
	return kb_local_embedder_prefixes(e->local, query, passage, err);
}

int kb_embedder_call(struct kb_embedder *e, struct kb_str input_type,
		     const struct kb_str *texts, size_t n, int timeout_ms,
		     struct kb_arena *arena, float **x, size_t *dim,
		     struct kb_err *err)
{
	struct kb_buf line, answer;
	int rc;

	if (e->local)
		return call_local(e, input_type, texts, n, arena, x, dim, err);
	kb_buf_init(&line, 0);
	kb_buf_init(&answer, 0);
	write_request(input_type, texts, n, &line);
	rc = kb_shared_child_ask(e->child, kb_buf_str(&line), timeout_ms,
				 &answer, err);
	if (!rc)
		rc = read_vectors(kb_arena_copy(arena, kb_buf_str(&answer)), n,
				  arena, x, dim, err);
	kb_buf_release(&line);
	kb_buf_release(&answer);
	return rc;
}
