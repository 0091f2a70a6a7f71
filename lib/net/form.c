#include "net/form.h"

#include <math.h>

#include "base/base64.h"
#include "json/write.h"

#define DIM_MAX 65536

const char *kb_form_path(enum kb_form_kind kind)
{
	switch (kind) {
	case KB_FORM_EMBED:
		return "/embeddings";
	case KB_FORM_RERANK:
		return "/rerank";
	default:
		return "/chat/completions";
	}
}

const char *kb_form_model(const struct kb_form_ask *ask,
			  const struct kb_provider *provider)
{
	if (ask->model)
		return ask->model;
	if (ask->kind == KB_FORM_EMBED && provider->embed_model)
		return provider->embed_model;
	if (ask->kind == KB_FORM_RERANK && provider->rerank_model)
		return provider->rerank_model;
	return provider->model;
}

/* ---- request ---- */

static void put_messages(struct kb_jw *w, const struct kb_form_ask *ask)
{
	struct kb_json list;
	struct kb_json_iter it;

	kb_jw_key(w, "messages");
	kb_jw_arr(w);
	if (ask->system.len) {
		kb_jw_obj(w);
		kb_jw_key(w, "role");
		kb_jw_cstr(w, "system");
		kb_jw_key(w, "content");
		kb_jw_str(w, ask->system);
		kb_jw_end(w);
	}
	if (!kb_json_check(ask->messages.ptr, ask->messages.len, &list, NULL))
		for (it = kb_json_iter(list); kb_json_next(&it);)
			kb_jw_raw(w, (struct kb_str){it.val.ptr, it.val.len});
	kb_jw_end(w);
}

/* Members of a JSON object that the user adds to every body. */
static void put_extra(struct kb_jw *w, struct kb_str json)
{
	struct kb_json object;
	struct kb_json_iter it;

	if (!json.len || kb_json_check(json.ptr, json.len, &object, NULL))
		return;
	for (it = kb_json_iter(object); kb_json_next(&it);) {
		kb_jw_key_raw(w, it.key);
		kb_jw_raw(w, (struct kb_str){it.val.ptr, it.val.len});
	}
}

static void put_texts(struct kb_jw *w, const char *name,
		      const struct kb_form_ask *ask)
{
	kb_jw_key(w, name);
	kb_jw_arr(w);
	for (size_t i = 0; i < ask->n_texts; i++)
		kb_jw_str(w, ask->texts[i]);
	kb_jw_end(w);
}

static void put_chat(struct kb_jw *w, const struct kb_form_ask *ask)
{
	put_messages(w, ask);
	if (ask->temperature >= 0) {
		kb_jw_key(w, "temperature");
		kb_jw_num(w, ask->temperature);
	}
	if (ask->max_tokens > 0) {
		kb_jw_key(w, "max_tokens");
		kb_jw_int(w, ask->max_tokens);
	}
	if (ask->stream) {
		kb_jw_key(w, "stream");
		kb_jw_bool(w, true);
	}
}

void kb_form_build(const struct kb_form_ask *ask,
		   const struct kb_provider *provider, struct kb_buf *body)
{
	const char *model = kb_form_model(ask, provider);
	struct kb_jw w;

	kb_jw_init(&w, body);
	kb_jw_obj(&w);
	if (*model) {
		kb_jw_key(&w, "model");
		kb_jw_cstr(&w, model);
	}
	switch (ask->kind) {
	case KB_FORM_CHAT:
		put_chat(&w, ask);
		break;
	case KB_FORM_EMBED:
		put_texts(&w, "input", ask);
		break;
	case KB_FORM_RERANK:
		kb_jw_key(&w, "query");
		kb_jw_str(&w, ask->query);
		put_texts(&w, "documents", ask);
		kb_jw_key(&w, "top_n");
		kb_jw_int(&w, (int64_t)ask->n_texts);
		break;
	}
	put_extra(&w, provider->extra);
	put_extra(&w, ask->options);
	kb_jw_end(&w);
}

/* ---- answer ---- */

static struct kb_str get_text(struct kb_json object, const char *name,
			      struct kb_arena *arena)
{
	struct kb_json val = kb_json_get(object, name);
	struct kb_str text = {NULL, 0};

	if (kb_json_str(val, arena, &text))
		return kb_arena_copy(arena, text);
	/* Some servers give error codes as numbers. */
	if (val.type == KB_JSON_NUMBER)
		return kb_arena_copy(arena, (struct kb_str){val.ptr, val.len});
	return (struct kb_str){NULL, 0};
}

static bool take_error(struct kb_json root, struct kb_arena *arena,
		       struct kb_form_reply *reply)
{
	struct kb_json error = kb_json_get(root, "error");
	struct kb_str text;

	if (error.type == KB_JSON_STRING && kb_json_str(error, arena, &text)) {
		reply->error_message = kb_arena_copy(arena, text);
	} else if (error.type == KB_JSON_OBJECT) {
		reply->error_message = get_text(error, "message", arena);
		reply->error_code = get_text(error, "code", arena);
		if (!reply->error_code.len)
			reply->error_code = get_text(error, "type", arena);
	} else {
		return false;
	}
	if (!reply->error_message.len)
		reply->error_message = KB_STR("an error without a message");
	return true;
}

static void take_usage(struct kb_json root, struct kb_form_reply *reply)
{
	struct kb_json usage = kb_json_get(root, "usage");
	int64_t n;

	if (kb_json_int(kb_json_get(usage, "prompt_tokens"), &n) && n >= 0)
		reply->input_tokens = n;
	else if (kb_json_int(kb_json_get(usage, "total_tokens"), &n) && n >= 0)
		reply->input_tokens = n;
	if (kb_json_int(kb_json_get(usage, "completion_tokens"), &n) && n >= 0)
		reply->output_tokens = n;
}

static struct kb_json first_of(struct kb_json array)
{
	struct kb_json_iter it = kb_json_iter(array);

	if (array.type == KB_JSON_ARRAY && kb_json_next(&it))
		return it.val;
	return (struct kb_json){.type = KB_JSON_NONE};
}

static int parse_chat(struct kb_json root, struct kb_arena *arena,
		      struct kb_form_reply *reply, struct kb_err *err)
{
	struct kb_json choice = first_of(kb_json_get(root, "choices"));
	struct kb_json message = kb_json_get(choice, "message");

	if (choice.type != KB_JSON_OBJECT || message.type != KB_JSON_OBJECT)
		return kb_err_set(err, KB_EFORMAT,
				  "the answer has no 'choices[0].message'");
	reply->finish = get_text(choice, "finish_reason", arena);
	reply->text = get_text(message, "content", arena);
	reply->refused = get_text(message, "refusal", arena).len > 0;
	if (reply->refused)
		reply->text = get_text(message, "refusal", arena);
	return 0;
}

/* Little-endian float32 in base64; the count, or 0 when it is broken. */
static size_t floats_of_base64(struct kb_str text, struct kb_arena *arena,
			       float **out)
{
	struct kb_str raw;

	if (!kb_base64_decode(text, arena, &raw) || raw.len % 4)
		return 0;
	*out = kb_arena_alloc(arena, raw.len + 1);
	memcpy(*out, raw.ptr, raw.len);
	return raw.len / 4;
}

static size_t floats_of(struct kb_json val, struct kb_arena *arena, float **out)
{
	struct kb_json_iter it;
	struct kb_str text;
	size_t n = 0;

	if (kb_json_str(val, arena, &text))
		return floats_of_base64(text, arena, out);
	if (val.type != KB_JSON_ARRAY)
		return 0;
	*out = kb_arena_alloc(arena, kb_json_count(val) * sizeof(float) + 1);
	for (it = kb_json_iter(val); kb_json_next(&it);) {
		double x = 0;

		if (!kb_json_num(it.val, &x))
			return 0;
		(*out)[n++] = (float)x;
	}
	return n;
}

static bool all_finite(const float *x, size_t n)
{
	for (size_t i = 0; i < n; i++)
		if (!isfinite(x[i]))
			return false;
	return true;
}

/* One element of 'data' or 'results': its index and its numbers. */
static bool take_row(const struct kb_form_ask *ask, struct kb_json row,
		     struct kb_arena *arena, struct kb_form_reply *reply,
		     bool *seen)
{
	bool embed = ask->kind == KB_FORM_EMBED;
	float *x = NULL, score;
	size_t n;
	int64_t at;
	double s;

	if (!kb_json_int(kb_json_get(row, "index"), &at) || at < 0 ||
	    (size_t)at >= ask->n_texts || seen[at])
		return false;
	if (embed) {
		n = floats_of(kb_json_get(row, "embedding"), arena, &x);
	} else {
		if (!kb_json_num(kb_json_get(row, "relevance_score"), &s) &&
		    !kb_json_num(kb_json_get(row, "score"), &s))
			return false;
		score = (float)s;
		x = &score;
		n = 1;
	}
	if (!n || n > DIM_MAX || !all_finite(x, n) ||
	    (reply->dim && reply->dim != n))
		return false;
	if (!reply->values) {
		reply->dim = n;
		reply->values =
		    kb_arena_calloc(arena, ask->n_texts * n, sizeof(float));
	}
	memcpy(reply->values + (size_t)at * n, x, n * sizeof(float));
	seen[at] = true;
	return true;
}

static int parse_rows(const struct kb_form_ask *ask, struct kb_json root,
		      struct kb_arena *arena, struct kb_form_reply *reply,
		      struct kb_err *err)
{
	const char *name = ask->kind == KB_FORM_EMBED ? "data" : "results";
	struct kb_json rows = kb_json_get(root, name);
	struct kb_json_iter it;
	bool *seen = kb_arena_calloc(arena, ask->n_texts + 1, sizeof(*seen));
	size_t n = 0;

	if (rows.type != KB_JSON_ARRAY)
		return kb_err_set(err, KB_EFORMAT,
				  "the answer has no array '%s'", name);
	for (it = kb_json_iter(rows); kb_json_next(&it); n++)
		if (!take_row(ask, it.val, arena, reply, seen))
			return kb_err_set(err, KB_EFORMAT,
					  "element %zu of '%s' is unusable", n,
					  name);
	if (n != ask->n_texts)
		return kb_err_set(err, KB_EFORMAT,
				  "%zu texts were sent, '%s' has %zu elements",
				  ask->n_texts, name, n);
	reply->finish = KB_STR("stop");
	return 0;
}

int kb_form_parse(const struct kb_form_ask *ask, struct kb_str body,
		  struct kb_arena *arena, struct kb_form_reply *reply,
		  struct kb_err *err)
{
	struct kb_json root;

	*reply =
	    (struct kb_form_reply){.input_tokens = -1, .output_tokens = -1};
	if (kb_json_check(body.ptr, body.len, &root, NULL) ||
	    root.type != KB_JSON_OBJECT)
		return kb_err_set(err, KB_EFORMAT,
				  "the answer is no JSON object");
	if (take_error(root, arena, reply))
		return 0;
	reply->model = get_text(root, "model", arena);
	take_usage(root, reply);
	if (ask->kind == KB_FORM_CHAT)
		return parse_chat(root, arena, reply, err);
	return parse_rows(ask, root, arena, reply, err);
}

int kb_form_delta(struct kb_str data, struct kb_arena *arena,
		  struct kb_buf *text, struct kb_form_reply *reply, bool *done,
		  struct kb_err *err)
{
	struct kb_json root, choice, delta;
	struct kb_str piece;

	if (kb_str_is(data, "[DONE]")) {
		*done = true;
		return 0;
	}
	if (kb_json_check(data.ptr, data.len, &root, NULL) ||
	    root.type != KB_JSON_OBJECT)
		return kb_err_set(err, KB_EFORMAT,
				  "an event of the stream is no JSON object");
	if (take_error(root, arena, reply))
		return 0;
	take_usage(root, reply);
	if (!reply->model.len)
		reply->model = get_text(root, "model", arena);
	choice = first_of(kb_json_get(root, "choices"));
	piece = get_text(choice, "finish_reason", arena);
	if (piece.len)
		reply->finish = piece;
	delta = kb_json_get(choice, "delta");
	if (get_text(delta, "refusal", arena).len)
		reply->refused = true;
	if (kb_json_str(kb_json_get(delta, "content"), arena, &piece))
		kb_buf_add_str(text, piece);
	return 0;
}
