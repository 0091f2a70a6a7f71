#include "context/message_tokens.h"

#include "record/exchange.h"
#include "token/token_estimate.h"

/* Blanks, quotes and the names of role and content: a message whose length is
 * not much beyond its content's holds nothing else. */
#define BARE_BYTES 48

static size_t text_tokens(struct kb_json value, struct kb_arena *arena)
{
	struct kb_str text;

	return kb_json_str(value, arena, &text)
		   ? kb_tokens_estimate(text.ptr, text.len)
		   : 0;
}

/* Arguments are a string of JSON, or JSON. */
static size_t value_tokens(struct kb_json value, struct kb_arena *arena)
{
	if (value.type == KB_JSON_STRING)
		return text_tokens(value, arena);
	return kb_tokens_estimate(value.ptr, value.len);
}

static size_t call_tokens(struct kb_json id, struct kb_json name,
			  struct kb_json arguments, struct kb_arena *arena)
{
	return KB_CALL_TOKENS + text_tokens(id, arena) +
	       text_tokens(name, arena) + value_tokens(arguments, arena);
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
static size_t part_tokens(struct kb_json part, struct kb_arena *arena)
{
	size_t media;

	if (part.type != KB_JSON_OBJECT)
		return value_tokens(part, arena);
	if (kb_part_holds(part, arena) & KB_HOLDS_TEXT)
		return 0;
	if (kb_part_is(part, "tool_use", arena))
		return call_tokens(kb_json_get(part, "id"),
				   kb_json_get(part, "name"),
				   kb_json_get(part, "input"), arena);
	media = media_tokens(part, arena);
	return media ? media : kb_tokens_estimate(part.ptr, part.len);
}

static size_t parts_tokens(struct kb_json content, struct kb_arena *arena);

/* What a tool answers: a string, or parts, whose text nobody has counted. */
static size_t answer_tokens(struct kb_json part, struct kb_arena *arena)
{
	struct kb_json content = kb_json_get(part, "content");
	struct kb_str text = kb_content_text(content, arena);
	size_t n = text_tokens(kb_json_get(part, "tool_use_id"), arena) +
		   kb_tokens_estimate(text.ptr, text.len);

	if (content.type == KB_JSON_ARRAY)
		return n + parts_tokens(content, arena);
	return content.type == KB_JSON_STRING
		   ? n
		   : n + kb_tokens_estimate(content.ptr, content.len);
}

static size_t parts_tokens(struct kb_json content, struct kb_arena *arena)
{
	struct kb_json_iter it = kb_json_iter(content);
	size_t n = 0;

	while (kb_json_next(&it))
		n += kb_part_is(it.val, "tool_result", arena)
			 ? answer_tokens(it.val, arena)
			 : part_tokens(it.val, arena);
	return n;
}

static size_t tool_calls_tokens(struct kb_json list, struct kb_arena *arena)
{
	struct kb_json_iter it = kb_json_iter(list);
	size_t n = 0;

	while (kb_json_next(&it)) {
		struct kb_json function = kb_json_get(it.val, "function");

		n += call_tokens(kb_json_get(it.val, "id"),
				 kb_json_get(function, "name"),
				 kb_json_get(function, "arguments"), arena);
	}
	return n;
}

/* An element that is no message: an item of another interface. */
static size_t item_tokens(struct kb_json item, struct kb_arena *arena)
{
	if (kb_part_is(item, "function_call", arena))
		return call_tokens(kb_json_get(item, "call_id"),
				   kb_json_get(item, "name"),
				   kb_json_get(item, "arguments"), arena);
	if (kb_part_is(item, "function_call_output", arena))
		return text_tokens(kb_json_get(item, "call_id"), arena) +
		       value_tokens(kb_json_get(item, "output"), arena);
	return value_tokens(item, arena);
}

/* Members beside role, content and those that every message is asked for. */
static size_t other_tokens(struct kb_json message, struct kb_arena *arena)
{
	struct kb_json_iter it = kb_json_iter(message);
	size_t n = 0;

	while (message.type == KB_JSON_OBJECT && kb_json_next(&it)) {
		if (kb_json_key_is(it.key, "refusal") ||
		    kb_json_key_is(it.key, "reasoning_content"))
			n += text_tokens(it.val, arena);
		else if (kb_json_key_is(it.key, "audio") &&
			 it.val.type == KB_JSON_OBJECT)
			n += KB_IMAGE_TOKENS;
		else if (kb_json_key_is(it.key, "function_call") &&
			 it.val.type == KB_JSON_OBJECT)
			n += call_tokens(
			    (struct kb_json){0}, kb_json_get(it.val, "name"),
			    kb_json_get(it.val, "arguments"), arena);
	}
	return n;
}

size_t kb_message_tokens(const struct kb_chat_message *m,
			 struct kb_arena *arena)
{
	size_t n;

	if (m->role == KB_ROLE_NONE)
		return item_tokens(m->raw, arena);
	if ((m->content.type == KB_JSON_STRING ||
	     m->content.type == KB_JSON_NULL) &&
	    m->raw.len <= m->content.len + BARE_BYTES)
		return 0;
	n = text_tokens(m->name, arena) + text_tokens(m->tool_call_id, arena) +
	    other_tokens(m->raw, arena);
	if (m->tool_calls.type == KB_JSON_ARRAY)
		n += tool_calls_tokens(m->tool_calls, arena);
	if (m->content.type == KB_JSON_ARRAY)
		n += parts_tokens(m->content, arena);
	else if (m->content.type != KB_JSON_STRING &&
		 m->content.type != KB_JSON_NULL)
		n += kb_tokens_estimate(m->content.ptr, m->content.len);
	return n;
}
