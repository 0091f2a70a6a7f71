#include "record/embed_texts.h"

#include "base/base64.h"
#include "record/question.h"
#include "json/write.h"

/* ---- reading ---- */

static bool get_string(const struct kb_rec *rec, const char *name,
		       struct kb_str *out)
{
	return kb_json_str(kb_rec_get(rec, name), rec->arena, out) && out->len;
}

static void add_text(struct kb_embed_texts *t, struct kb_str text,
		     enum kb_embed_kind kind)
{
	t->texts[t->n] = text;
	t->kinds[t->n++] = kind;
}

static void add_list(const struct kb_rec *rec, const char *name,
		     enum kb_embed_kind kind, struct kb_embed_texts *t)
{
	struct kb_json_iter it = kb_json_iter(kb_rec_get(rec, name));
	struct kb_str text;

	while (kb_json_next(&it))
		if (kb_json_str(it.val, rec->arena, &text))
			add_text(t, text, kind);
}

/* The order here is the order in which put_vectors() takes them back. */
int kb_embed_texts_read(const struct kb_rec *rec, struct kb_embed_texts *t,
			struct kb_err *err)
{
	size_t most = 3 + kb_json_count(kb_rec_get(rec, "texts")) +
		      kb_json_count(kb_rec_get(rec, "rewrites"));
	struct kb_question question;
	struct kb_str text;
	int rc = kb_question_read_prompt(rec, rec->arena, &question, err);

	*t = (struct kb_embed_texts){0};
	if (rc < 0)
		return rc;
	if (most > KB_EMBED_TEXTS_MAX)
		return kb_err_set(err, KB_ELIMIT, "more than %d texts",
				  KB_EMBED_TEXTS_MAX);
	t->texts = kb_arena_calloc(rec->arena, most, sizeof(*t->texts));
	t->kinds = kb_arena_calloc(rec->arena, most, sizeof(*t->kinds));
	get_string(rec, "input_type", &t->input_type);
	if (get_string(rec, "text", &text))
		add_text(t, text, KB_EMBED_PASSAGE);
	add_list(rec, "texts", KB_EMBED_AS_IT_IS, t);
	if (question.source) {
		add_text(t, question.text, KB_EMBED_QUERY);
		if (get_string(rec, "hyde", &text))
			add_text(t, text, KB_EMBED_PASSAGE);
		add_list(rec, "rewrites", KB_EMBED_QUERY, t);
	}
	if (!t->n)
		return kb_err_set(err, KB_EINVAL,
				  "no 'query', no 'text' and no 'texts' to "
				  "embed");
	return 0;
}

/* ---- writing ---- */

/* The vectors that are still to be written. */
struct values {
	const float *at;
	size_t n, dim;
};

static void put_next(struct kb_jw *w, struct values *v)
{
	struct kb_buf text;

	kb_buf_init(&text, 0);
	kb_base64_add(&text, v->at, v->dim * sizeof(*v->at));
	kb_jw_str(w, kb_buf_str(&text));
	kb_buf_release(&text);
	v->at += v->dim;
	v->n--;
}

/* How many strings a list of the record gave to be embedded. */
static size_t count_strings(const struct kb_rec *rec, const char *name)
{
	struct kb_json_iter it = kb_json_iter(kb_rec_get(rec, name));
	size_t n = 0;

	while (kb_json_next(&it))
		n += it.val.type == KB_JSON_STRING;
	return n;
}

static bool has_string(const struct kb_rec *rec, const char *name)
{
	struct kb_json val = kb_rec_get(rec, name);

	return val.type == KB_JSON_STRING && val.len > 2;
}

static void put_list(struct kb_jw *w, const struct kb_rec *rec,
		     const char *name, struct values *v)
{
	size_t n = count_strings(rec, name);

	if (!n)
		return;
	kb_jw_key(w, name);
	kb_jw_arr(w);
	while (n--)
		put_next(w, v);
	kb_jw_end(w);
}

static void set_text(struct kb_rec *rec, const char *name, struct kb_buf *buf)
{
	kb_rec_set(rec, name, kb_arena_copy(rec->arena, kb_buf_str(buf)));
	kb_buf_release(buf);
}

static void put_vectors(struct kb_rec *rec, struct kb_str model,
			struct values *v)
{
	struct kb_buf buf;
	struct kb_jw w;

	kb_buf_init(&buf, 0);
	kb_jw_init(&w, &buf);
	kb_jw_obj(&w);
	kb_jw_key(&w, "model");
	kb_jw_str(&w, model);
	put_list(&w, rec, "texts", v);
	if (v->n) {
		kb_jw_key(&w, "query");
		put_next(&w, v);
	}
	if (v->n && has_string(rec, "hyde")) {
		kb_jw_key(&w, "hyde");
		put_next(&w, v);
	}
	if (v->n)
		put_list(&w, rec, "rewrites", v);
	kb_jw_end(&w);
	set_text(rec, "vectors", &buf);
}

void kb_embed_texts_put(struct kb_rec *rec, struct kb_str model,
			const float *values, size_t n, size_t dim)
{
	struct values v = {values, n, dim};
	struct kb_buf buf;
	struct kb_jw w;

	if (has_string(rec, "text")) {
		kb_buf_init(&buf, 0);
		kb_jw_init(&w, &buf);
		put_next(&w, &v);
		set_text(rec, "vector", &buf);
	}
	if (v.n)
		put_vectors(rec, model, &v);
}
