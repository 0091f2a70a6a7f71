#include "record/message_tokens.h"

#include "record/exchange.h"

/* Blanks, quotes and the names of role and content: a message whose length is
 * not much beyond its content's holds nothing else. */
#define BARE_BYTES 48

struct counting {
	struct kb_token_counter *counter;
	struct kb_arena *arena;
};

static size_t text_tokens(struct kb_json value, struct counting *c)
{
	struct kb_str text;

	return kb_json_str(value, c->arena, &text)
		   ? kb_token_count(c->counter, text.ptr, text.len)
		   : 0;
}

/* Arguments are a string of JSON, or JSON. */
static size_t value_tokens(struct kb_json value, struct counting *c)
{
	if (value.type == KB_JSON_STRING)
		return text_tokens(value, c);
	return kb_token_count(c->counter, value.ptr, value.len);
}

static size_t call_tokens(struct kb_json id, struct kb_json name,
			  struct kb_json arguments, struct counting *c)
{
	return KB_CALL_TOKENS + text_tokens(id, c) + text_tokens(name, c) +
	       value_tokens(arguments, c);
}

/* "detail" stands in the part or in its 'image_url'. */
static bool is_low(struct kb_json part, struct kb_arena *arena)
{
	struct kb_json detail = kb_json_get(part, "detail");
	struct kb_str text;

	if (detail.type == KB_JSON_NONE)
		detail = kb_json_get(kb_json_get(part, "image_url"), "detail");
	return kb_json_str(detail, arena, &text) && kb_str_is(text, "low");
}

static bool is_any(struct kb_json part, const char *const *suffixes, size_t n,
		   struct kb_arena *arena)
{
	for (size_t i = 0; i < n; i++)
		if (kb_part_is(part, suffixes[i], arena))
			return true;
	return false;
}

/* A document may be text: then it costs what its text does. */
static bool is_text_source(struct kb_json part, struct kb_arena *arena)
{
	struct kb_json source = kb_json_get(part, "source");

	return kb_part_is(source, "text", arena) ||
	       kb_part_is(source, "content", arena);
}

/* 0 for what is no picture, sound, film or file. */
static size_t media_tokens(struct kb_json part, struct kb_arena *arena)
{
	static const char *const images[] = {"image", "image_url"};
	static const char *const others[] = {
	    "audio", "audio_url", "video",    "video_url",
	    "file",  "file_url",  "document", "media"};

	if (is_any(part, images, sizeof(images) / sizeof(*images), arena))
		return is_low(part, arena) ? KB_IMAGE_LOW_TOKENS
					   : KB_IMAGE_TOKENS;
	if (is_any(part, others, sizeof(others) / sizeof(*others), arena) &&
	    !is_text_source(part, arena))
		return KB_IMAGE_TOKENS + part.len / 1024;
	return 0;
}

/* A part of a content without its text. */
static size_t part_tokens(struct kb_json part, struct counting *c)
{
	size_t media;

	if (part.type != KB_JSON_OBJECT)
		return value_tokens(part, c);
	if (kb_part_holds(part, c->arena) & KB_HOLDS_TEXT)
		return 0;
	if (kb_part_is(part, "tool_use", c->arena))
		return call_tokens(kb_json_get(part, "id"),
				   kb_json_get(part, "name"),
				   kb_json_get(part, "input"), c);
	media = media_tokens(part, c->arena);
	return media ? media : kb_token_count(c->counter, part.ptr, part.len);
}

static size_t parts_tokens(struct kb_json content, struct counting *c);

/* What a tool answers: a string, or parts, whose text nobody has counted. */
static size_t answer_tokens(struct kb_json part, struct counting *c)
{
	struct kb_json content = kb_json_get(part, "content");
	struct kb_str text = kb_content_text(content, c->arena);
	size_t n = text_tokens(kb_json_get(part, "tool_use_id"), c) +
		   kb_token_count(c->counter, text.ptr, text.len);

	if (content.type == KB_JSON_ARRAY)
		return n + parts_tokens(content, c);
	return content.type == KB_JSON_STRING
		   ? n
		   : n + kb_token_count(c->counter, content.ptr, content.len);
}

static size_t parts_tokens(struct kb_json content, struct counting *c)
{
	struct kb_json_iter it = kb_json_iter(content);
	size_t n = 0;

	while (kb_json_next(&it))
		n += kb_part_is(it.val, "tool_result", c->arena)
			 ? answer_tokens(it.val, c)
			 : part_tokens(it.val, c);
	return n;
}

static size_t tool_calls_tokens(struct kb_json list, struct counting *c)
{
	struct kb_json_iter it = kb_json_iter(list);
	size_t n = 0;

	while (kb_json_next(&it)) {
		struct kb_json function = kb_json_get(it.val, "function");

		n += call_tokens(kb_json_get(it.val, "id"),
				 kb_json_get(function, "name"),
				 kb_json_get(function, "arguments"), c);
	}
	return n;
}

/* An element that is no message: an item of another interface. */
static size_t item_tokens(struct kb_json item, struct counting *c)
{
	if (kb_part_is(item, "function_call", c->arena))
		return call_tokens(kb_json_get(item, "call_id"),
				   kb_json_get(item, "name"),
				   kb_json_get(item, "arguments"), c);
	if (kb_part_is(item, "function_call_output", c->arena))
		return text_tokens(kb_json_get(item, "call_id"), c) +
		       value_tokens(kb_json_get(item, "output"), c);
	return value_tokens(item, c);
}

/* Members beside role, content and those that every message is asked for. */
static size_t other_tokens(struct kb_json message, struct counting *c)
{
	struct kb_json_iter it = kb_json_iter(message);
	size_t n = 0;

	while (message.type == KB_JSON_OBJECT && kb_json_next(&it)) {
		if (kb_json_key_is(it.key, "refusal") ||
		    kb_json_key_is(it.key, "reasoning_content"))
			n += text_tokens(it.val, c);
		else if (kb_json_key_is(it.key, "audio") &&
			 it.val.type == KB_JSON_OBJECT)
			n += KB_IMAGE_TOKENS;
		else if (kb_json_key_is(it.key, "function_call") &&
			 it.val.type == KB_JSON_OBJECT)
			n += call_tokens((struct kb_json){0},
					 kb_json_get(it.val, "name"),
					 kb_json_get(it.val, "arguments"), c);
	}
	return n;
}

size_t kb_message_tokens(const struct kb_chat_message *m,
			 struct kb_token_counter *counter,
			 struct kb_arena *arena, bool *published)
{
	struct counting c = {counter, arena};
	bool is_text = m->content.type == KB_JSON_STRING ||
		       m->content.type == KB_JSON_NULL;
	size_t n, name;

	*published = false;
	if (m->role == KB_ROLE_NONE)
		return item_tokens(m->raw, &c);
	if (is_text && m->name.type == KB_JSON_NONE &&
	    m->tool_call_id.type == KB_JSON_NONE &&
	    m->raw.len <= m->content.len + BARE_BYTES) {
		*published = true;
		return 0;
	}
	name = text_tokens(m->name, &c);
	if (name)
		name += KB_NAME_TOKENS;
	n = text_tokens(m->tool_call_id, &c) + other_tokens(m->raw, &c);
	if (m->tool_calls.type == KB_JSON_ARRAY)
		n += tool_calls_tokens(m->tool_calls, &c);
	if (m->content.type == KB_JSON_ARRAY)
		n += parts_tokens(m->content, &c);
	else if (!is_text)
		n += kb_token_count(counter, m->content.ptr, m->content.len);
	*published = !n;
	return n + name;
}
