#include "encoder/model_info.h"

#include "encoder/encoder.h"
#include "encoder/model_path.h"
#include "json/write.h"

static void put_text(struct kb_jw *w, const char *name, struct kb_str text)
{
	if (!text.len)
		return;
	kb_jw_key(w, name);
	kb_jw_str(w, text);
}

static void put_settings(struct kb_jw *w, const struct kb_encoder *e)
{
	const struct kb_encoder_settings *s = &e->is;

	if (s->ranks) {
		kb_jw_key(w, "rerank");
		kb_jw_bool(w, true);
	}
	put_text(w, "language", s->language);
	kb_jw_count(w, "dimensions", s->hidden);
	kb_jw_count(w, "layers", s->layers);
	kb_jw_count(w, "max_tokens", s->max_tokens);
	put_text(w, "licence", s->licence);
	put_text(w, "source", s->source);
}

static void put_more(struct kb_jw *w, const struct kb_encoder *e)
{
	const struct kb_encoder_settings *s = &e->is;

	if (!s->ranks)
		put_text(w, "pooling",
			 s->pooling == KB_ENCODER_CLS ? KB_STR("cls")
						      : KB_STR("mean"));
	if (e->centres) {
		kb_jw_key(w, "centred");
		kb_jw_bool(w, true);
	}
	kb_jw_count(w, "heads", s->heads);
	kb_jw_count(w, "inner", s->inner);
	kb_jw_count(w, "positions", s->positions);
	kb_jw_count(w, "vocabulary", e->vocabulary.n);
	put_text(w, "tokenizer",
		 e->vocabulary.kind == KB_VOCABULARY_UNIGRAM
		     ? KB_STR("unigram")
		     : KB_STR("wordpiece"));
	put_text(w, "query_prefix", s->query_prefix);
	put_text(w, "passage_prefix", s->passage_prefix);
	kb_jw_count(w, "size_bytes", e->file.len);
	kb_jw_key(w, "kernel");
	kb_jw_cstr(w, kb_encoder_kernel()->name);
}

static void begin(struct kb_jw *w, struct kb_buf *out, struct kb_str name,
		  const char *path)
{
	kb_jw_init(w, out);
	kb_jw_obj(w);
	put_text(w, "name", name);
	kb_jw_key(w, "path");
	kb_jw_cstr(w, path);
}

static void end(struct kb_jw *w, struct kb_buf *out)
{
	kb_jw_end(w);
	kb_buf_add_char(out, '\n');
}

int kb_model_info(const char *path, struct kb_buf *out, struct kb_err *err)
{
	struct kb_encoder *e;
	struct kb_jw w;
	int rc = kb_encoder_open(&e, path, err);

	if (!rc && (rc = kb_kbm_verify(&e->file, err)) < 0)
		kb_err_place(err, "'%s'", path);
	if (!rc) {
		begin(&w, out, kb_model_name(path), path);
		put_settings(&w, e);
		put_more(&w, e);
		end(&w, out);
	}
	kb_encoder_close(e);
	return rc;
}

void kb_model_list(struct kb_buf *out)
{
	struct kb_arena arena;
	struct kb_str *names;
	size_t n;

	kb_arena_init(&arena);
	n = kb_model_names(&arena, &names);
	for (size_t i = 0; i < n; i++) {
		const char *path = kb_model_find(names[i], &arena);
		struct kb_err why = {0};
		struct kb_encoder *e;
		struct kb_jw w;

		if (!path)
			continue;
		begin(&w, out, names[i], path);
		if (kb_encoder_open(&e, path, &why)) {
			kb_jw_key(&w, "error");
			kb_jw_cstr(&w, why.msg);
		} else {
			put_settings(&w, e);
		}
		kb_encoder_close(e);
		end(&w, out);
	}
	kb_arena_release(&arena);
}
