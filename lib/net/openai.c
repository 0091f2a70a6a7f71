#include <stdio.h>

#include "base/str.h"
#include "net/body_members.h"
#include "net/delta.h"
#include "net/dialect.h"
#include "net/number_rows.h"

/* Both names of one limit; servers know the one or the other. */
static const char *const limits[] = {"max_tokens", "max_completion_tokens"};

static const char *path_of(const struct kb_form_ask *ask,
			   const struct kb_provider *provider,
			   struct kb_arena *arena)
{
	(void)provider;
	(void)arena;
	switch (ask->kind) {
	case KB_FORM_EMBED:
		return "/embeddings";
	case KB_FORM_RERANK:
		return "/rerank";
	default:
		return "/chat/completions";
	}
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

static void put_texts(struct kb_jw *w, const char *name,
		      const struct kb_form_ask *ask)
{
	kb_jw_key(w, name);
	kb_jw_arr(w);
	for (size_t i = 0; i < ask->n_texts; i++)
		kb_jw_str(w, ask->texts[i]);
	kb_jw_end(w);
}

/*
 * A member stands once. What the question is made of is the program's; of the
 * rest the command line counts more than the provider's 'extra', and its
 * -O more than its other options.
 */
static bool is_own(const struct kb_form_ask *ask, struct kb_str key)
{
	switch (ask->kind) {
	case KB_FORM_EMBED:
		return kb_json_key_is(key, "input") ||
		       (ask->input_type.len &&
			kb_json_key_is(key, "input_type"));
	case KB_FORM_RERANK:
		return kb_json_key_is(key, "query") ||
		       kb_json_key_is(key, "documents") ||
		       kb_json_key_is(key, "top_n");
	default:
		return kb_json_key_is(key, "messages") ||
		       kb_json_key_is(key, "stream");
	}
}

static bool is_limit(struct kb_str key, const struct kb_provider *provider)
{
	const char *own = provider->max_tokens_name;

	return kb_json_key_is(key, limits[0]) ||
	       kb_json_key_is(key, limits[1]) ||
	       (own && kb_json_key_is(key, own));
}

/* Has the user given this member by -O? */
static bool is_given(const struct kb_form_ask *ask, const char *name)
{
	return kb_members_option(ask, name).type;
}

static bool limit_is_given(const struct kb_form_ask *ask,
			   const struct kb_provider *provider)
{
	const char *own = provider->max_tokens_name;

	return is_given(ask, limits[0]) || is_given(ask, limits[1]) ||
	       (own && is_given(ask, own));
}

/* The name under which the provider takes the limit of an answer. */
static const char *limit_name(const struct kb_provider *provider)
{
	static const char openai[] = "https://api.openai.com/";
	const char *url = provider->base_url;

	if (provider->max_tokens_name)
		return provider->max_tokens_name;
	return limits[kb_starts_folded(url, strlen(url), openai) > 0];
}

/* Is it written otherwise, or by what counts more? */
static bool skip(const struct kb_form_ask *ask,
		 const struct kb_provider *provider, struct kb_str key,
		 bool extra)
{
	if (is_own(ask, key) || !extra)
		return is_own(ask, key);
	if (ask->kind == KB_FORM_CHAT &&
	    ((ask->temperature >= 0 && kb_json_key_is(key, "temperature")) ||
	     (ask->schema.len && kb_json_key_is(key, "response_format")) ||
	     ((ask->max_tokens > 0 || limit_is_given(ask, provider)) &&
	      is_limit(key, provider))))
		return true;
	return *kb_form_model(ask, provider) && kb_json_key_is(key, "model");
}

static void put_stream(struct kb_jw *w, const struct kb_form_ask *ask,
		       const struct kb_provider *provider)
{
	kb_jw_key(w, "stream");
	kb_jw_bool(w, true);
	if (kb_members_any(ask, provider, "stream_options").type)
		return;
	/* Without it a stream does not tell what it cost. */
	kb_jw_key(w, "stream_options");
	kb_jw_obj(w);
	kb_jw_key(w, "include_usage");
	kb_jw_bool(w, true);
	kb_jw_end(w);
}

static void put_schema(struct kb_jw *w, const struct kb_form_ask *ask)
{
	kb_jw_key(w, "response_format");
	kb_jw_obj(w);
	kb_jw_key(w, "type");
	kb_jw_cstr(w, "json_schema");
	kb_jw_key(w, "json_schema");
	kb_jw_obj(w);
	kb_jw_key(w, "name");
	kb_jw_cstr(w, "answer");
	kb_jw_key(w, "schema");
	kb_jw_raw(w, ask->schema);
	/* It is refused where a schema is not of that form. */
	if (ask->schema_strict) {
		kb_jw_key(w, "strict");
		kb_jw_bool(w, true);
	}
	kb_jw_end(w);
	kb_jw_end(w);
}

static void put_chat(struct kb_jw *w, const struct kb_form_ask *ask,
		     const struct kb_provider *provider)
{
	put_messages(w, ask);
	if (ask->temperature >= 0 && !is_given(ask, "temperature")) {
		kb_jw_key(w, "temperature");
		kb_jw_num(w, ask->temperature);
	}
	if (ask->max_tokens > 0 && !limit_is_given(ask, provider)) {
		kb_jw_key(w, limit_name(provider));
		kb_jw_int(w, ask->max_tokens);
	}
	if (ask->schema.len && !is_given(ask, "response_format"))
		put_schema(w, ask);
	if (ask->stream)
		put_stream(w, ask, provider);
}

static void put(struct kb_jw *w, const struct kb_form_ask *ask,
		const struct kb_provider *provider, struct kb_arena *arena)
{
	(void)arena;
	kb_members_put_model(w, ask, provider);
	switch (ask->kind) {
	case KB_FORM_CHAT:
		put_chat(w, ask, provider);
		break;
	case KB_FORM_EMBED:
		put_texts(w, "input", ask);
		if (ask->input_type.len) {
			kb_jw_key(w, "input_type");
			kb_jw_str(w, ask->input_type);
		}
		break;
	case KB_FORM_RERANK:
		kb_jw_key(w, "query");
		kb_jw_str(w, ask->query);
		put_texts(w, "documents", ask);
		kb_jw_key(w, "top_n");
		kb_jw_int(w, (int64_t)ask->n_texts);
		break;
	}
	kb_members_put(w, ask, provider, skip);
}

/* ---- reply ---- */

static bool take_error(const struct kb_body *body, struct kb_arena *arena,
		       struct kb_form_reply *reply)
{
	const json_t *error = kb_body_at(body, "/error");

	if (json_is_string(error)) {
		reply->error_message = kb_body_text(body, "/error", arena);
	} else if (json_is_object(error)) {
		reply->error_message =
		    kb_body_text(body, "/error/message", arena);
		reply->error_code = kb_body_text(body, "/error/code", arena);
		if (!reply->error_code.len)
			reply->error_code =
			    kb_body_text(body, "/error/type", arena);
	} else {
		return false;
	}
	if (!reply->error_message.len)
		reply->error_message = KB_STR("an error without a message");
	return true;
}

static void take_usage(const struct kb_body *body, struct kb_form_reply *reply)
{
	const json_t *usage = kb_body_at(body, "/usage");
	int64_t input = -1;

	kb_body_count(usage, "total_tokens", &input); /* of an embedding */
	kb_body_count(usage, "prompt_tokens", &input);
	if (input >= 0)
		reply->input_tokens = input;
	kb_body_count(usage, "completion_tokens", &reply->output_tokens);
	kb_body_count(usage, "prompt_cache_hit_tokens", &reply->cached_tokens);
	kb_body_count(json_object_get(usage, "prompt_tokens_details"),
		      "cached_tokens", &reply->cached_tokens);
}

static int take_chat(const struct kb_body *body, struct kb_content *content,
		     struct kb_arena *arena, struct kb_form_reply *reply,
		     struct kb_err *err)
{
	static const char message[] = "/choices/0/message";

	if (!json_is_array(kb_body_at(body, "/choices")) ||
	    !json_is_object(kb_body_at(body, message)))
		return kb_err_set(err, KB_EFORMAT,
				  "the answer has no 'choices[0].message'");
	reply->finish = kb_body_text(body, "/choices/0/finish_reason", arena);
	return kb_content_add(content, body, message, arena, err);
}

static int take_reply(const struct kb_form_ask *ask, const struct kb_body *body,
		      struct kb_content *content, struct kb_arena *arena,
		      struct kb_form_reply *reply, struct kb_err *err)
{
	static const struct kb_rows_form vectors = {"data",
						    {"embedding"},
						    true},
					 scores = {"results",
						   {"relevance_score", "score"},
						   true};

	reply->model = kb_body_text(body, "/model", arena);
	if (ask->kind == KB_FORM_CHAT)
		return take_chat(body, content, arena, reply, err);
	return kb_rows_read(ask, body,
			    ask->kind == KB_FORM_EMBED ? &vectors : &scores,
			    arena, reply, err);
}

/* ---- streams ---- */

/* The choice that is asked for; one of another index is of another answer. */
static size_t choice_at(const struct kb_body *body)
{
	const json_t *choices = kb_body_at(body, "/choices"), *choice;
	int64_t index;
	size_t i;

	json_array_foreach(choices, i, choice)
	{
		if (!kb_body_int(json_object_get(choice, "index"), &index) ||
		    index == 0)
			break;
	}
	return i;
}

static int take_event(struct kb_form_stream *stream, const struct kb_body *body,
		      struct kb_arena *arena, struct kb_form_reply *reply,
		      struct kb_err *err)
{
	size_t at = choice_at(body);
	char pointer[KB_POINTER_MAX];
	struct kb_str finish;

	if (!reply->model.len)
		reply->model = kb_body_text(body, "/model", arena);
	if (!json_is_array(kb_body_at(body, "/choices")))
		return 0;
	snprintf(pointer, sizeof(pointer), "/choices/%zu/finish_reason", at);
	finish = kb_body_text(body, pointer, arena);
	if (finish.len)
		reply->finish = finish;
	snprintf(pointer, sizeof(pointer), "/choices/%zu/delta", at);
	return kb_content_add(&stream->content, body, pointer, arena, err);
}

static int take_token(struct kb_form_stream *stream, struct kb_str data,
		      struct kb_arena *arena, struct kb_form_reply *reply,
		      struct kb_err *err)
{
	struct kb_content_texts texts;
	int rc;

	if (kb_str_is(kb_str_trim(data), "[DONE]")) {
		stream->done = true;
		return 1;
	}
	if (!kb_delta_texts(data, reply->model.len > 0, arena, &texts))
		return 0;
	rc = kb_content_add_texts(&stream->content, &texts, err);
	return rc ? rc : 1;
}

const struct kb_dialect kb_dialect_openai = {
    .name = "openai",
    .system = "openai",
    .base_url = "https://api.openai.com/v1",
    .url_env = "OPENAI_BASE_URL",
    .key_env = "OPENAI_API_KEY",
    .key_header = "Authorization",
    .key_prefix = "Bearer ",
    .path = path_of,
    .put = put,
    .error = take_error,
    .usage = take_usage,
    .reply = take_reply,
    .event = take_event,
    .token = take_token,
};
