#include "llm/record.h"

#include "llm/put.h"
#include "json/write.h"

#define TEXTS_MAX 4096

static bool get_string(const struct kb_rec *rec, const char *name,
		       struct kb_str *out)
{
	return kb_json_str(kb_rec_get(rec, name), rec->arena, out) && out->len;
}

/* The content of the last message of a role in a list. */
static bool last_content(struct kb_json list, const char *role,
			 struct kb_arena *arena, struct kb_str *out)
{
	struct kb_json_iter it = kb_json_iter(list);
	struct kb_str text, who;
	bool found = false;

	if (list.type != KB_JSON_ARRAY)
		return false;
	while (kb_json_next(&it)) {
		if (!kb_json_str(kb_json_get(it.val, "role"), arena, &who) ||
		    !kb_str_is(who, role) ||
		    !kb_json_str(kb_json_get(it.val, "content"), arena,
				 &text) ||
		    !text.len)
			continue;
		*out = text;
		found = true;
	}
	return found;
}

/* The question in words: standalone, query or the last user message. */
static bool get_question(const struct kb_rec *rec, struct kb_str *out)
{
	struct kb_json prompt = kb_rec_get(rec, "prompt");

	return get_string(rec, "standalone", out) ||
	       get_string(rec, "query", out) ||
	       last_content(kb_rec_get(rec, "messages"), "user", rec->arena,
			    out) ||
	       last_content(kb_json_get(prompt, "messages"), "user", rec->arena,
			    out);
}

static int check_messages(struct kb_json list, const char *name,
			  struct kb_arena *arena, struct kb_err *err)
{
	struct kb_json_iter it = kb_json_iter(list);
	size_t n = 0;

	for (; kb_json_next(&it); n++) {
		struct kb_json role = kb_json_get(it.val, "role");
		struct kb_str text;

		if (it.val.type != KB_JSON_OBJECT ||
		    !kb_json_str(role, arena, &text))
			return kb_err_set(err, KB_EINVAL,
					  "element %zu of '%s' is no message "
					  "with a string 'role'",
					  n, name);
	}
	return n ? 0 : kb_err_set(err, KB_EINVAL, "'%s' is empty", name);
}

static int ask_chat(const struct kb_rec *rec, struct kb_form_ask *ask,
		    struct kb_err *err)
{
	struct kb_json list =
	    kb_json_get(kb_rec_get(rec, "prompt"), "messages");
	const char *name = "prompt.messages";
	struct kb_str query;
	struct kb_buf buf;

	ask->kind = KB_FORM_CHAT;
	if (list.type == KB_JSON_NONE) {
		list = kb_rec_get(rec, "messages");
		name = "messages";
	}
	if (list.type == KB_JSON_ARRAY) {
		ask->messages = (struct kb_str){list.ptr, list.len};
		return check_messages(list, name, rec->arena, err);
	}
	if (list.type != KB_JSON_NONE)
		return kb_err_set(err, KB_EINVAL, "'%s' is no array", name);
	if (!get_string(rec, "query", &query))
		return kb_err_set(err, KB_EINVAL,
				  "no 'prompt.messages', no 'messages' and no "
				  "string 'query'");
	kb_buf_init(&buf, 0);
	kb_buf_add_cstr(&buf, "[{\"role\":\"user\",\"content\":");
	kb_json_quote(&buf, query);
	kb_buf_add_cstr(&buf, "}]");
	ask->messages = kb_arena_copy(rec->arena, kb_buf_str(&buf));
	kb_buf_release(&buf);
	return 0;
}

static void add_text(struct kb_str *texts, size_t *n, struct kb_str text)
{
	if (*n < TEXTS_MAX)
		texts[(*n)++] = text;
}

static void add_list(const struct kb_rec *rec, const char *name,
		     struct kb_str *texts, size_t *n)
{
	struct kb_json_iter it = kb_json_iter(kb_rec_get(rec, name));
	struct kb_str text;

	while (kb_json_next(&it))
		if (kb_json_str(it.val, rec->arena, &text))
			add_text(texts, n, text);
}

/* The order here is the order in which put_vectors() takes them back. */
static int ask_embed(const struct kb_rec *rec, struct kb_form_ask *ask,
		     struct kb_err *err)
{
	size_t most = 3 + kb_json_count(kb_rec_get(rec, "texts")) +
		      kb_json_count(kb_rec_get(rec, "rewrites"));
	struct kb_str *texts, text;

	if (most > TEXTS_MAX)
		return kb_err_set(err, KB_ELIMIT, "more than %d texts",
				  TEXTS_MAX);
	texts = kb_arena_calloc(rec->arena, most, sizeof(*texts));
	ask->kind = KB_FORM_EMBED;
	ask->texts = texts;
	ask->n_texts = 0;
	if (get_string(rec, "text", &text))
		add_text(texts, &ask->n_texts, text);
	add_list(rec, "texts", texts, &ask->n_texts);
	if (get_question(rec, &text)) {
		add_text(texts, &ask->n_texts, text);
		if (get_string(rec, "hyde", &text))
			add_text(texts, &ask->n_texts, text);
		add_list(rec, "rewrites", texts, &ask->n_texts);
	}
	if (!ask->n_texts)
		return kb_err_set(err, KB_EINVAL,
				  "no 'query', no 'text' and no 'texts' to "
				  "embed");
	return 0;
}

static int ask_rerank(const struct kb_rec *rec, struct kb_form_ask *ask,
		      struct kb_err *err)
{
	struct kb_json hits = kb_rec_get(rec, "hits");
	struct kb_json_iter it = kb_json_iter(hits);
	size_t n = kb_json_count(hits);
	struct kb_str *texts;

	if (hits.type != KB_JSON_ARRAY)
		return kb_err_set(err, KB_EINVAL, "no array 'hits'");
	if (n > TEXTS_MAX)
		return kb_err_set(err, KB_ELIMIT, "more than %d hits",
				  TEXTS_MAX);
	if (!get_question(rec, &ask->query))
		return kb_err_set(err, KB_EINVAL, "no string 'query'");
	texts = kb_arena_calloc(rec->arena, n + 1, sizeof(*texts));
	ask->kind = KB_FORM_RERANK;
	ask->texts = texts;
	ask->n_texts = 0;
	while (kb_json_next(&it)) {
		struct kb_str title = {"", 0}, text = {"", 0};
		char *both;

		kb_json_str(kb_json_get(it.val, "title"), rec->arena, &title);
		kb_json_str(kb_json_get(it.val, "text"), rec->arena, &text);
		both = kb_arena_alloc(rec->arena, title.len + text.len + 2);
		memcpy(both, title.ptr, title.len);
		both[title.len] = '\n';
		memcpy(both + title.len + 1, text.ptr, text.len);
		texts[ask->n_texts++] =
		    (struct kb_str){both, title.len + 1 + text.len};
	}
	return 0;
}

int kb_record_ask(const struct kb_rec *rec, enum kb_record_task task,
		  struct kb_form_ask *ask, struct kb_err *err)
{
	switch (task) {
	case KB_RECORD_EMBED:
		return ask_embed(rec, ask, err);
	case KB_RECORD_RERANK:
		return ask_rerank(rec, ask, err);
	default:
		return ask_chat(rec, ask, err);
	}
}

void kb_record_request(struct kb_rec *rec, const struct kb_form_ask *ask,
		       const struct kb_provider *provider)
{
	struct kb_buf body, out;
	struct kb_jw w;

	kb_buf_init(&body, 0);
	kb_buf_init(&out, 0);
	kb_jw_init(&w, &out);
	kb_jw_obj(&w);
	kb_jw_key(&w, "provider");
	kb_jw_cstr(&w, provider ? provider->name : "local");
	if (provider && !kb_provider_is_local(provider)) {
		kb_form_build(ask, provider, &body);
		kb_jw_key(&w, "url");
		kb_jw_cstr(&w, kb_arena_printf(rec->arena, "%s%s",
					       provider->base_url,
					       kb_form_path(ask->kind)));
		kb_jw_key(&w, "body");
		kb_jw_raw(&w, kb_buf_str(&body));
	}
	kb_jw_end(&w);
	kb_rec_set(rec, "request", kb_arena_copy(rec->arena, kb_buf_str(&out)));
	kb_buf_release(&body);
	kb_buf_release(&out);
}

/* ---- the built-in model ---- */

static void read_hits(const struct kb_rec *rec, struct kb_model_ask *ask)
{
	struct kb_json hits = kb_rec_get(rec, "hits");
	struct kb_json_iter it = kb_json_iter(hits);
	size_t n = hits.type == KB_JSON_ARRAY ? kb_json_count(hits) : 0;
	struct kb_model_hit *list =
	    kb_arena_calloc(rec->arena, n + 1, sizeof(*list));

	ask->hits = list;
	ask->n_hits = 0;
	while (n && kb_json_next(&it)) {
		struct kb_model_hit *p = &list[ask->n_hits++];

		p->title = p->text = KB_STR("");
		kb_json_str(kb_json_get(it.val, "title"), rec->arena,
			    &p->title);
		kb_json_str(kb_json_get(it.val, "text"), rec->arena, &p->text);
		kb_json_num(kb_json_get(it.val, "score"), &p->score);
	}
}

int kb_record_local(struct kb_rec *rec, enum kb_record_task task,
		    struct kb_model *model, const struct kb_call *call,
		    struct kb_err *err)
{
	struct kb_model_answer answer;
	struct kb_model_ask ask;
	double *scores;
	int rc;

	if (task == KB_RECORD_EMBED)
		return kb_err_set(err, KB_ENOENT,
				  "the built-in model does not embed; "
				  "configure a provider for --embed");
	if (!get_question(rec, &ask.query))
		return kb_err_set(err, KB_EINVAL,
				  "no string 'query' and no user message");
	if (task == KB_RECORD_RERANK &&
	    kb_rec_get(rec, "hits").type != KB_JSON_ARRAY)
		return kb_err_set(err, KB_EINVAL, "no array 'hits'");
	read_hits(rec, &ask);
	if (task == KB_RECORD_ANSWER) {
		rc = model->generate(model, &ask, rec->arena, &answer, err);
		if (!rc)
			kb_record_put_local(rec, &answer, call);
		return rc;
	}
	scores = kb_arena_calloc(rec->arena, ask.n_hits + 1, sizeof(*scores));
	rc = model->judge(model, &ask, rec->arena, scores, err);
	if (!rc)
		kb_record_put_scores(rec, scores, ask.n_hits);
	return rc;
}
