/* Gemini's generateContent. Of its reply see gemini_reply.c. */
#include "net/gemini_impl.h"

#include "base/str.h"
#include "net/body_members.h"
#include "net/messages.h"

/* ---- path ---- */

static const char *model_of(const struct kb_form_ask *ask,
			    const struct kb_provider *provider,
			    struct kb_arena *arena)
{
	struct kb_str text;

	if (kb_json_str(kb_members_option(ask, "model"), arena, &text))
		return kb_arena_strndup(arena, text.ptr, text.len);
	return kb_form_model(ask, provider);
}

/* "m" and "models/m" are the same; "tunedModels/m" is another. What a URL has
 * no place for is written as %XX. */
static const char *model_path(const char *model, struct kb_arena *arena)
{
	static const char plain[] = "-._~/@";
	struct kb_str path;
	struct kb_buf out;

	kb_buf_init(&out, 0);
	if (!strchr(model, '/'))
		kb_buf_add_cstr(&out, "models/");
	for (const char *p = model; *p; p++)
		if (kb_is_alnum(*p) || strchr(plain, *p))
			kb_buf_add_char(&out, *p);
		else
			kb_buf_printf(&out, "%%%02X", (unsigned char)*p);
	path = kb_arena_copy(arena, kb_buf_str(&out));
	kb_buf_release(&out);
	return path.ptr;
}

static const char *path_of(const struct kb_form_ask *ask,
			   const struct kb_provider *provider,
			   struct kb_arena *arena)
{
	const char *model = kb_arena_printf(
	    arena, "%s/%s",
	    kb_dialect_versioned(provider->base_url) ? "" : "/v1beta",
	    model_path(model_of(ask, provider, arena), arena));

	switch (ask->kind) {
	case KB_FORM_EMBED:
		return kb_arena_printf(arena, "%s:batchEmbedContents", model);
	case KB_FORM_RERANK:
		return NULL;
	default:
		return kb_arena_printf(arena, "%s:%s", model,
				       ask->stream
					   ? "streamGenerateContent?alt=sse"
					   : "generateContent");
	}
}

/* ---- parts ---- */

static void put_member(struct kb_jw *w, const char *name, struct kb_str text)
{
	kb_jw_key(w, name);
	kb_jw_str(w, text);
}

static void put_text(struct kb_jw *w, struct kb_str text)
{
	kb_jw_obj(w);
	put_member(w, "text", text);
	kb_jw_end(w);
}

static void put_media(struct kb_jw *w, const struct kb_part *part)
{
	kb_jw_obj(w);
	kb_jw_key(w, part->url.len ? "fileData" : "inlineData");
	kb_jw_obj(w);
	if (part->type.len)
		put_member(w, "mimeType", part->type);
	if (part->url.len)
		put_member(w, "fileUri", part->url);
	else
		put_member(w, "data", part->data);
	kb_jw_end(w);
	kb_jw_end(w);
}

/* What a call came with beside its form, a thoughtSignature above all, goes
 * back with it. */
static void put_call(struct kb_jw *w, const struct kb_part *part)
{
	struct kb_json signature = kb_json_get(part->raw, "thoughtSignature");

	kb_jw_obj(w);
	kb_jw_key(w, "functionCall");
	kb_jw_obj(w);
	if (part->id.len)
		put_member(w, "id", part->id);
	put_member(w, "name", part->name);
	kb_jw_key(w, "args");
	kb_jw_raw(w, part->arguments);
	kb_jw_end(w);
	if (signature.type) {
		kb_jw_key(w, "thoughtSignature");
		kb_jw_raw(w, (struct kb_str){signature.ptr, signature.len});
	}
	kb_jw_end(w);
}

/* A result is an object, whose call is known by its function. */
static void put_result(struct kb_jw *w, const struct kb_part *part,
		       struct kb_json calls, struct kb_arena *arena)
{
	struct kb_str name = part->name;
	struct kb_json object;

	if (!name.len)
		name = kb_calls_function(calls, part->id, arena);
	kb_jw_obj(w);
	kb_jw_key(w, "functionResponse");
	kb_jw_obj(w);
	if (part->id.len)
		put_member(w, "id", part->id);
	put_member(w, "name", name);
	kb_jw_key(w, "response");
	if (part->text.len &&
	    !kb_json_check(part->text.ptr, part->text.len, &object, NULL) &&
	    object.type == KB_JSON_OBJECT) {
		kb_jw_raw(w, (struct kb_str){object.ptr, object.len});
	} else {
		kb_jw_obj(w);
		put_member(w, "result", part->text);
		kb_jw_end(w);
	}
	kb_jw_end(w);
	kb_jw_end(w);
}

static void put_part(struct kb_jw *w, const struct kb_part *part,
		     struct kb_json calls, struct kb_arena *arena)
{
	switch (part->kind) {
	case KB_PART_TEXT:
		put_text(w, part->text);
		break;
	case KB_PART_MEDIA:
		put_media(w, part);
		break;
	case KB_PART_CALL:
		put_call(w, part);
		break;
	case KB_PART_RESULT:
		put_result(w, part, calls, arena);
		break;
	case KB_PART_OTHER:
		kb_jw_raw(w, (struct kb_str){part->raw.ptr, part->raw.len});
		break;
	}
}

/* ---- contents ---- */

struct turn {
	const char *side; /* of the one that is open, or NULL */
	struct kb_json calls;
};

static void close_turn(struct kb_jw *w, struct turn *turn)
{
	if (turn->side) {
		kb_jw_end(w);
		kb_jw_end(w);
	}
	turn->side = NULL;
}

/* Turns of one side that follow each other are one. */
static void put_turn(struct kb_jw *w, const struct kb_chat_message *m,
		     struct turn *turn, struct kb_arena *arena)
{
	const char *side = m->role == KB_ROLE_ASSISTANT ? "model" : "user";
	struct kb_parts parts = kb_parts_open(m, arena);
	struct kb_part part;

	if (m->tool_calls.type == KB_JSON_ARRAY)
		turn->calls = m->tool_calls;
	while (kb_parts_next(&parts, &part)) {
		if (turn->side && strcmp(turn->side, side))
			close_turn(w, turn);
		if (!turn->side) {
			kb_jw_obj(w);
			kb_jw_key(w, "role");
			kb_jw_cstr(w, side);
			kb_jw_key(w, "parts");
			kb_jw_arr(w);
			turn->side = side;
		}
		put_part(w, &part, turn->calls, arena);
	}
}

static void put_contents(struct kb_jw *w, struct kb_json messages, bool system,
			 struct kb_arena *arena)
{
	struct kb_turns turns = kb_turns_open(messages);
	struct turn turn = {.side = NULL};
	struct kb_chat_message m;

	kb_jw_key(w, "contents");
	kb_jw_arr(w);
	while (kb_turns_next(&turns, arena, &m))
		if (m.role != KB_ROLE_NONE &&
		    (m.role == KB_ROLE_SYSTEM) == system)
			put_turn(w, &m, &turn, arena);
	close_turn(w, &turn);
	kb_jw_end(w);
}

/* Opened at the first text. */
static void add_system(struct kb_jw *w, struct kb_str text, bool *open)
{
	if (!text.len)
		return;
	if (!*open) {
		kb_jw_key(w, "systemInstruction");
		kb_jw_obj(w);
		kb_jw_key(w, "parts");
		kb_jw_arr(w);
	}
	*open = true;
	put_text(w, text);
}

static void put_system(struct kb_jw *w, const struct kb_form_ask *ask,
		       struct kb_json messages, struct kb_arena *arena)
{
	struct kb_turns turns = kb_turns_open(messages);
	struct kb_chat_message m;
	bool open = false;

	add_system(w, ask->system, &open);
	while (kb_turns_next(&turns, arena, &m))
		if (m.role == KB_ROLE_SYSTEM)
			add_system(w, kb_content_text(m.content, arena), &open);
	if (open) {
		kb_jw_end(w);
		kb_jw_end(w);
	}
}

/* ---- body ---- */

static const char config_name[] = "generationConfig";

static bool skip(const struct kb_form_ask *ask,
		 const struct kb_provider *provider, struct kb_str key,
		 bool extra)
{
	(void)provider;
	(void)extra;
	if (ask->kind == KB_FORM_EMBED)
		return kb_json_key_is(key, "requests") ||
		       kb_json_key_is(key, "model");
	return kb_json_key_is(key, "contents") ||
	       kb_json_key_is(key, "model") || kb_json_key_is(key, config_name);
}

static bool skip_config(const struct kb_form_ask *ask,
			const struct kb_provider *provider, struct kb_str key,
			bool extra)
{
	(void)provider;
	if (extra && ask->schema.len &&
	    (kb_json_key_is(key, "responseMimeType") ||
	     kb_json_key_is(key, "responseSchema") ||
	     kb_json_key_is(key, "responseJsonSchema")))
		return true;
	return extra &&
	       ((ask->temperature >= 0 && kb_json_key_is(key, "temperature")) ||
		(ask->max_tokens > 0 &&
		 kb_json_key_is(key, "maxOutputTokens")));
}

/* In the words of OpenAPI where these say it all, else as it is, which newer
 * models take. */
static void put_schema(struct kb_jw *w, const struct kb_form_ask *ask,
		       struct kb_json more)
{
	bool openapi = ask->schema_openapi.len > 0;

	if (!kb_json_get(more, "responseMimeType").type) {
		kb_jw_key(w, "responseMimeType");
		kb_jw_cstr(w, "application/json");
	}
	if (kb_json_get(more, "responseSchema").type ||
	    kb_json_get(more, "responseJsonSchema").type)
		return;
	kb_jw_key(w, openapi ? "responseSchema" : "responseJsonSchema");
	kb_jw_raw(w, openapi ? ask->schema_openapi : ask->schema);
}

/* The options of the user in this member, ours, and those of the provider are
 * one object. */
static void put_config(struct kb_jw *w, const struct kb_form_ask *ask,
		       const struct kb_provider *provider)
{
	struct kb_form_ask without = *ask;
	struct kb_json more = kb_members_option(ask, config_name), less;

	without.options = (struct kb_str){NULL, 0};
	less = kb_members_any(&without, provider, config_name);
	if (ask->temperature < 0 && ask->max_tokens <= 0 && !ask->schema.len &&
	    !more.type && !less.type)
		return;
	kb_jw_key(w, config_name);
	kb_jw_obj(w);
	if (ask->temperature >= 0 && !kb_json_get(more, "temperature").type) {
		kb_jw_key(w, "temperature");
		kb_jw_num(w, ask->temperature);
	}
	if (ask->max_tokens > 0 && !kb_json_get(more, "maxOutputTokens").type) {
		kb_jw_key(w, "maxOutputTokens");
		kb_jw_int(w, ask->max_tokens);
	}
	if (ask->schema.len)
		put_schema(w, ask, more);
	kb_members_merge(w, less, more, ask, provider, skip_config);
	kb_jw_end(w);
}

static void put_embed(struct kb_jw *w, const struct kb_form_ask *ask,
		      const struct kb_provider *provider,
		      struct kb_arena *arena)
{
	const char *model = model_path(model_of(ask, provider, arena), arena);

	kb_jw_key(w, "requests");
	kb_jw_arr(w);
	for (size_t i = 0; i < ask->n_texts; i++) {
		kb_jw_obj(w);
		kb_jw_key(w, "model");
		kb_jw_cstr(w, model);
		kb_jw_key(w, "content");
		kb_jw_obj(w);
		kb_jw_key(w, "parts");
		kb_jw_arr(w);
		put_text(w, ask->texts[i]);
		kb_jw_end(w);
		kb_jw_end(w);
		if (ask->input_type.len)
			put_member(w, "taskType", ask->input_type);
		kb_jw_end(w);
	}
	kb_jw_end(w);
}

static void put(struct kb_jw *w, const struct kb_form_ask *ask,
		const struct kb_provider *provider, struct kb_arena *arena)
{
	struct kb_json messages = {.type = KB_JSON_NONE};
	bool talk;

	if (ask->kind == KB_FORM_EMBED) {
		put_embed(w, ask, provider, arena);
		kb_members_put(w, ask, provider, skip);
		return;
	}
	kb_json_check(ask->messages.ptr, ask->messages.len, &messages, NULL);
	talk = kb_messages_talk(messages, arena);
	/* Where the system alone speaks, that is what is asked. */
	if (!kb_members_any(ask, provider, "systemInstruction").type)
		put_system(w, ask, talk ? messages : (struct kb_json){0},
			   arena);
	put_contents(w, messages, !talk, arena);
	put_config(w, ask, provider);
	kb_members_put(w, ask, provider, skip);
}

static const struct kb_retry_word words[] = {
    {"api_key_invalid", KB_RETRY_ACCOUNT},
    {"api key not valid", KB_RETRY_ACCOUNT},
    {"api key expired", KB_RETRY_ACCOUNT},
    {"permission_denied", KB_RETRY_ACCOUNT},
    {"unauthenticated", KB_RETRY_ACCOUNT},
    {"failed_precondition", KB_RETRY_ACCOUNT},
    {"insufficient_quota", KB_RETRY_ACCOUNT},
    {"resource_exhausted", KB_RETRY_RATE},
    {"rate_limit_exceeded", KB_RETRY_RATE},
    {"input token count", KB_RETRY_CAPACITY},
    {NULL, KB_RETRY_OK},
};

const struct kb_dialect kb_dialect_gemini = {
    .name = "gemini",
    .system = "gcp.gemini",
    .base_url = "https://generativelanguage.googleapis.com/v1beta",
    .url_env = "GEMINI_BASE_URL",
    .key_env = "GEMINI_API_KEY",
    .key_header = "x-goog-api-key",
    .key_prefix = "",
    .needs_model = true,
    .words = words,
    .path = path_of,
    .put = put,
    .error = kb_gemini_error,
    .usage = kb_gemini_usage,
    .reply = kb_gemini_reply,
    .event = kb_gemini_event,
};
