/* Anthropic's messages. Of its reply see anthropic_reply.c. */
#include "net/anthropic_impl.h"

#include "base/str.h"
#include "net/body_members.h"
#include "net/messages.h"

/* An answer must have a limit. */
#define MAX_TOKENS 4096

static const char *path_of(const struct kb_form_ask *ask,
			   const struct kb_provider *provider,
			   struct kb_arena *arena)
{
	(void)arena;
	if (ask->kind != KB_FORM_CHAT)
		return NULL;
	return kb_dialect_versioned(provider->base_url) ? "/messages"
							: "/v1/messages";
}

/* ---- parts ---- */

static void put_text(struct kb_jw *w, struct kb_str text)
{
	kb_jw_obj(w);
	kb_jw_key(w, "type");
	kb_jw_cstr(w, "text");
	kb_jw_key(w, "text");
	kb_jw_str(w, text);
	kb_jw_end(w);
}

static void put_member(struct kb_jw *w, const char *name, struct kb_str text)
{
	kb_jw_key(w, name);
	kb_jw_str(w, text);
}

static void put_media(struct kb_jw *w, const struct kb_part *part)
{
	kb_jw_obj(w);
	kb_jw_key(w, "type");
	kb_jw_cstr(w, part->is_file ? "document" : "image");
	kb_jw_key(w, "source");
	kb_jw_obj(w);
	kb_jw_key(w, "type");
	kb_jw_cstr(w, part->url.len ? "url" : "base64");
	if (part->url.len) {
		put_member(w, "url", part->url);
	} else {
		put_member(w, "media_type", part->type);
		put_member(w, "data", part->data);
	}
	kb_jw_end(w);
	kb_jw_end(w);
}

static void put_part(struct kb_jw *w, const struct kb_part *part)
{
	struct kb_str raw = {part->raw.ptr, part->raw.len};

	switch (part->kind) {
	case KB_PART_TEXT:
		/* A text part is the same in both forms, whatever else, such
		 * as cache_control, it holds. */
		if (part->raw.type && kb_json_get(part->raw, "type").type)
			kb_jw_raw(w, raw);
		else
			put_text(w, part->text);
		break;
	case KB_PART_MEDIA:
		put_media(w, part);
		break;
	case KB_PART_CALL:
		kb_jw_obj(w);
		kb_jw_key(w, "type");
		kb_jw_cstr(w, "tool_use");
		put_member(w, "id", part->id);
		put_member(w, "name", part->name);
		kb_jw_key(w, "input");
		kb_jw_raw(w, part->arguments);
		kb_jw_end(w);
		break;
	case KB_PART_RESULT:
		kb_jw_obj(w);
		kb_jw_key(w, "type");
		kb_jw_cstr(w, "tool_result");
		put_member(w, "tool_use_id", part->id);
		put_member(w, "content", part->text);
		kb_jw_end(w);
		break;
	case KB_PART_OTHER:
		kb_jw_raw(w, raw);
		break;
	}
}

/* ---- messages ---- */

static void put_parts(struct kb_jw *w, const struct kb_chat_message *m,
		      struct kb_arena *arena)
{
	struct kb_parts parts = kb_parts_open(m, arena);
	struct kb_part part;

	while (kb_parts_next(&parts, &part))
		put_part(w, &part);
}

static bool has_parts(const struct kb_chat_message *m, struct kb_arena *arena)
{
	struct kb_parts parts = kb_parts_open(m, arena);
	struct kb_part part;

	return kb_parts_next(&parts, &part);
}

/* Turns of one side that follow each other are one: the results of tools
 * must come together. */
static void put_turns(struct kb_jw *w, struct kb_json messages, bool system,
		      struct kb_arena *arena)
{
	struct kb_turns turns = kb_turns_open(messages);
	const char *open = NULL;
	struct kb_chat_message m;

	while (kb_turns_next(&turns, arena, &m)) {
		const char *side =
		    m.role == KB_ROLE_ASSISTANT ? "assistant" : "user";

		if (m.role == KB_ROLE_NONE ||
		    (m.role == KB_ROLE_SYSTEM) != system ||
		    !has_parts(&m, arena))
			continue;
		if (open && strcmp(open, side)) {
			kb_jw_end(w);
			kb_jw_end(w);
			open = NULL;
		}
		if (!open) {
			kb_jw_obj(w);
			kb_jw_key(w, "role");
			kb_jw_cstr(w, side);
			kb_jw_key(w, "content");
			kb_jw_arr(w);
		}
		open = side;
		put_parts(w, &m, arena);
	}
	if (open) {
		kb_jw_end(w);
		kb_jw_end(w);
	}
}

/* All that the system says, as blocks. */
static void put_system(struct kb_jw *w, const struct kb_form_ask *ask,
		       struct kb_json messages, struct kb_arena *arena)
{
	struct kb_turns turns = kb_turns_open(messages);
	struct kb_chat_message m;

	kb_jw_key(w, "system");
	kb_jw_arr(w);
	if (ask->system.len)
		put_text(w, ask->system);
	while (kb_turns_next(&turns, arena, &m))
		if (m.role == KB_ROLE_SYSTEM)
			put_parts(w, &m, arena);
	kb_jw_end(w);
}

static bool has_system(const struct kb_form_ask *ask, struct kb_json messages,
		       struct kb_arena *arena)
{
	struct kb_turns turns = kb_turns_open(messages);
	struct kb_chat_message m;

	if (ask->system.len)
		return true;
	while (kb_turns_next(&turns, arena, &m))
		if (m.role == KB_ROLE_SYSTEM && has_parts(&m, arena))
			return true;
	return false;
}

/* ---- body ---- */

static bool skip(const struct kb_form_ask *ask,
		 const struct kb_provider *provider, struct kb_str key,
		 bool extra)
{
	if (kb_json_key_is(key, "messages") || kb_json_key_is(key, "stream"))
		return true;
	if (!extra)
		return false;
	return (ask->temperature >= 0 && kb_json_key_is(key, "temperature")) ||
	       (ask->schema.len && kb_json_key_is(key, "output_config")) ||
	       (ask->max_tokens > 0 && kb_json_key_is(key, "max_tokens")) ||
	       (*kb_form_model(ask, provider) && kb_json_key_is(key, "model"));
}

/* Others of output_config go on beside the format. */
static void put_schema(struct kb_jw *w, const struct kb_form_ask *ask,
		       const struct kb_provider *provider)
{
	struct kb_json_iter it =
	    kb_json_iter(kb_members_any(ask, provider, "output_config"));

	kb_jw_key(w, "output_config");
	kb_jw_obj(w);
	while (kb_json_next(&it))
		if (!kb_json_iter_is(&it, "format")) {
			kb_jw_key_raw(w, it.key);
			kb_jw_raw(w, (struct kb_str){it.val.ptr, it.val.len});
		}
	kb_jw_key(w, "format");
	kb_jw_obj(w);
	kb_jw_key(w, "type");
	kb_jw_cstr(w, "json_schema");
	kb_jw_key(w, "schema");
	kb_jw_raw(w, ask->schema);
	kb_jw_end(w);
	kb_jw_end(w);
}

static void put_limit(struct kb_jw *w, const struct kb_form_ask *ask,
		      const struct kb_provider *provider)
{
	int64_t n = ask->max_tokens > 0 ? ask->max_tokens : MAX_TOKENS;

	if (ask->max_tokens > 0
		? kb_members_option(ask, "max_tokens").type
		: kb_members_any(ask, provider, "max_tokens").type)
		return;
	kb_jw_key(w, "max_tokens");
	kb_jw_int(w, n);
}

static void put(struct kb_jw *w, const struct kb_form_ask *ask,
		const struct kb_provider *provider, struct kb_arena *arena)
{
	struct kb_json messages = {.type = KB_JSON_NONE};
	bool talk;

	kb_json_check(ask->messages.ptr, ask->messages.len, &messages, NULL);
	talk = kb_messages_talk(messages, arena);
	kb_members_put_model(w, ask, provider);
	put_limit(w, ask, provider);
	/* Where the system alone speaks, that is what is asked. */
	if (!kb_members_any(ask, provider, "system").type &&
	    (talk ? has_system(ask, messages, arena) : ask->system.len > 0))
		put_system(w, ask, talk ? messages : (struct kb_json){0},
			   arena);
	kb_jw_key(w, "messages");
	kb_jw_arr(w);
	put_turns(w, messages, !talk, arena);
	kb_jw_end(w);
	if (ask->temperature >= 0 &&
	    !kb_members_option(ask, "temperature").type) {
		kb_jw_key(w, "temperature");
		kb_jw_num(w, ask->temperature);
	}
	if (ask->schema.len && !kb_members_option(ask, "output_config").type)
		put_schema(w, ask, provider);
	if (ask->stream) {
		kb_jw_key(w, "stream");
		kb_jw_bool(w, true);
	}
	kb_members_put(w, ask, provider, skip);
}

static const char *const headers[] = {"anthropic-version: 2023-06-01", NULL};

static const struct kb_retry_word words[] = {
    {"credit balance", KB_RETRY_ACCOUNT},
    {"specified api usage limits", KB_RETRY_ACCOUNT},
    {"permission_error", KB_RETRY_ACCOUNT},
    {"rate_limit_error", KB_RETRY_RATE},
    {"overloaded_error", KB_RETRY_TRANSIENT},
    {"timeout_error", KB_RETRY_TRANSIENT},
    {"api_error", KB_RETRY_TRANSIENT},
    {"not_found_error", KB_RETRY_CAPACITY},
    {"request_too_large", KB_RETRY_CAPACITY},
    {"prompt is too long", KB_RETRY_CAPACITY},
    {"exceed context limit", KB_RETRY_CAPACITY},
    {"content filtering policy", KB_RETRY_CONTENT},
    {NULL, KB_RETRY_OK},
};

const struct kb_dialect kb_dialect_anthropic = {
    .name = "anthropic",
    .system = "anthropic",
    .base_url = "https://api.anthropic.com/v1",
    .url_env = "ANTHROPIC_BASE_URL",
    .key_env = "ANTHROPIC_API_KEY",
    .key_header = "x-api-key",
    .key_prefix = "",
    .needs_model = true,
    .headers = headers,
    .words = words,
    .path = path_of,
    .put = put,
    .error = kb_anthropic_error,
    .usage = kb_anthropic_usage,
    .reply = kb_anthropic_reply,
    .event = kb_anthropic_event,
};
