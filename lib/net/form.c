#include "net/form.h"

#include "base/str.h"
#include "net/http.h"
#include "json/write.h"

/* Both names of one limit; servers know the one or the other. */
static const char *const limits[] = {"max_tokens", "max_completion_tokens"};

static const char *form_path(enum kb_form_kind kind)
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

char *kb_form_url(enum kb_form_kind kind, const struct kb_provider *provider,
		  struct kb_arena *arena)
{
	return kb_arena_printf(arena, "%s%s%s", provider->base_url,
			       form_path(kind), provider->url_query);
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

static struct kb_json object_of(struct kb_str json)
{
	struct kb_json object = {0};

	if (json.len)
		kb_json_check(json.ptr, json.len, &object, NULL);
	return object;
}

/* Has the user given this member by -O? */
static bool is_given(const struct kb_form_ask *ask, const char *name)
{
	return kb_json_get(object_of(ask->options), name).type;
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
static bool is_beaten(const struct kb_form_ask *ask,
		      const struct kb_provider *provider, struct kb_str key)
{
	struct kb_json_iter it = kb_json_iter(object_of(ask->options));

	while (kb_json_next(&it))
		if (kb_str_eq(it.key, key))
			return true;
	if (ask->kind == KB_FORM_CHAT &&
	    ((ask->temperature >= 0 && kb_json_key_is(key, "temperature")) ||
	     ((ask->max_tokens > 0 || limit_is_given(ask, provider)) &&
	      is_limit(key, provider))))
		return true;
	return *kb_form_model(ask, provider) && kb_json_key_is(key, "model");
}

/* Members of a JSON object that the user adds to every body; the last of
 * duplicates, and none that is null. */
static void put_members(struct kb_jw *w, const struct kb_form_ask *ask,
			const struct kb_provider *provider, bool extra)
{
	struct kb_str json = extra ? provider->extra : ask->options;
	struct kb_json_iter it = kb_json_iter(object_of(json));

	while (kb_json_next(&it)) {
		struct kb_json_iter later = it;
		bool skip = is_own(ask, it.key) ||
			    it.val.type == KB_JSON_NULL ||
			    (extra && is_beaten(ask, provider, it.key));

		while (!skip && kb_json_next(&later))
			skip = kb_str_eq(later.key, it.key);
		if (skip)
			continue;
		kb_jw_key_raw(w, it.key);
		kb_jw_raw(w, (struct kb_str){it.val.ptr, it.val.len});
	}
}

static void put_stream(struct kb_jw *w, const struct kb_form_ask *ask,
		       const struct kb_provider *provider)
{
	kb_jw_key(w, "stream");
	kb_jw_bool(w, true);
	if (is_given(ask, "stream_options") ||
	    kb_json_get(object_of(provider->extra), "stream_options").type)
		return;
	/* Without it a stream does not tell what it cost. */
	kb_jw_key(w, "stream_options");
	kb_jw_obj(w);
	kb_jw_key(w, "include_usage");
	kb_jw_bool(w, true);
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
	if (ask->stream)
		put_stream(w, ask, provider);
}

void kb_form_build(const struct kb_form_ask *ask,
		   const struct kb_provider *provider, struct kb_buf *body)
{
	const char *model = kb_form_model(ask, provider);
	struct kb_jw w;

	kb_jw_init(&w, body);
	kb_jw_obj(&w);
	if (*model && !is_given(ask, "model")) {
		kb_jw_key(&w, "model");
		kb_jw_cstr(&w, model);
	}
	switch (ask->kind) {
	case KB_FORM_CHAT:
		put_chat(&w, ask, provider);
		break;
	case KB_FORM_EMBED:
		put_texts(&w, "input", ask);
		if (ask->input_type.len) {
			kb_jw_key(&w, "input_type");
			kb_jw_str(&w, ask->input_type);
		}
		break;
	case KB_FORM_RERANK:
		kb_jw_key(&w, "query");
		kb_jw_str(&w, ask->query);
		put_texts(&w, "documents", ask);
		kb_jw_key(&w, "top_n");
		kb_jw_int(&w, (int64_t)ask->n_texts);
		break;
	}
	put_members(&w, ask, provider, true);
	put_members(&w, ask, provider, false);
	kb_jw_end(&w);
}
