#include "net/messages.h"

#include "base/str.h"

/* data:TYPE;base64,DATA apart; false for any other URL. */
static bool split_data(struct kb_str url, struct kb_part *part)
{
	const char *mark, *comma;

	if (!kb_starts_folded(url.ptr, url.len, "data:"))
		return false;
	comma = memchr(url.ptr, ',', url.len);
	mark = comma ? memmem(url.ptr, (size_t)(comma - url.ptr), ";base64", 7)
		     : NULL;
	if (!mark || mark + 7 != comma)
		return false;
	part->type = (struct kb_str){url.ptr + 5, (size_t)(mark - url.ptr) - 5};
	part->data = kb_str_skip(url, (size_t)(comma + 1 - url.ptr));
	return true;
}

static struct kb_str string_of(struct kb_json object, const char *name,
			       struct kb_arena *arena)
{
	struct kb_str text = {NULL, 0};

	kb_json_str(kb_json_get(object, name), arena, &text);
	return text;
}

/* A part of a content, in the form it is named by. */
static void read_part(struct kb_json raw, struct kb_arena *arena,
		      struct kb_part *part)
{
	struct kb_str type = string_of(raw, "type", arena), url = {NULL, 0};
	struct kb_json image = kb_json_get(raw, "image_url");
	struct kb_json sound = kb_json_get(raw, "input_audio");

	*part = (struct kb_part){.kind = KB_PART_OTHER, .raw = raw};
	if (kb_str_is(type, "text") || kb_str_is(type, "input_text")) {
		part->kind = KB_PART_TEXT;
		part->text = string_of(raw, "text", arena);
	} else if (kb_str_is(type, "image_url")) {
		if (!kb_json_str(image, arena, &url))
			url = string_of(image, "url", arena);
	} else if (kb_str_is(type, "file")) {
		url = string_of(kb_json_get(raw, "file"), "file_data", arena);
		part->is_file = true;
	} else if (kb_str_is(type, "input_audio")) {
		struct kb_str format = string_of(sound, "format", arena);

		part->is_file = true;
		part->data = string_of(sound, "data", arena);
		part->type = kb_str_of(
		    kb_arena_printf(arena, "audio/%.*s", (int)format.len,
				    format.ptr ? format.ptr : ""));
	}
	if (url.len && !split_data(url, part))
		part->url = url;
	if (part->data.len || part->url.len)
		part->kind = KB_PART_MEDIA;
}

/* A call keeps its arguments only as a JSON object. */
static void read_call(struct kb_json raw, struct kb_arena *arena,
		      struct kb_part *part)
{
	struct kb_json function = kb_json_get(raw, "function"), object;
	struct kb_json arguments = kb_json_get(function, "arguments");
	struct kb_str text;

	*part = (struct kb_part){.kind = KB_PART_CALL,
				 .raw = raw,
				 .id = string_of(raw, "id", arena),
				 .name = string_of(function, "name", arena),
				 .arguments = KB_STR("{}")};
	if (arguments.type == KB_JSON_OBJECT)
		part->arguments = (struct kb_str){arguments.ptr, arguments.len};
	else if (kb_json_str(arguments, arena, &text) &&
		 !kb_json_check(text.ptr, text.len, &object, NULL) &&
		 object.type == KB_JSON_OBJECT)
		part->arguments = (struct kb_str){object.ptr, object.len};
}

static bool is_result(const struct kb_chat_message *m)
{
	return kb_str_is(m->role_text, "tool") ||
	       kb_str_is(m->role_text, "function");
}

struct kb_parts kb_parts_open(const struct kb_chat_message *message,
			      struct kb_arena *arena)
{
	return (struct kb_parts){.message = message,
				 .arena = arena,
				 .content = kb_json_iter(message->content),
				 .calls = kb_json_iter(message->tool_calls),
				 .plain =
				     message->content.type == KB_JSON_STRING ||
				     is_result(message)};
}

/* All of the content as one text. */
static bool next_plain(struct kb_parts *parts, struct kb_part *part)
{
	const struct kb_chat_message *m = parts->message;

	parts->plain = false;
	*part =
	    (struct kb_part){.kind = KB_PART_TEXT,
			     .text = kb_content_text(m->content, parts->arena)};
	if (!is_result(m))
		return part->text.len;
	parts->content = kb_json_iter((struct kb_json){0});
	part->kind = KB_PART_RESULT;
	part->id = string_of(m->raw, "tool_call_id", parts->arena);
	kb_json_str(m->name, parts->arena, &part->name);
	return true;
}

bool kb_parts_next(struct kb_parts *parts, struct kb_part *part)
{
	if (parts->plain && next_plain(parts, part))
		return true;
	while (kb_json_next(&parts->content)) {
		if (parts->content.object)
			break;
		read_part(parts->content.val, parts->arena, part);
		if (part->kind != KB_PART_TEXT || part->text.len)
			return true;
	}
	if (parts->calls.object || !kb_json_next(&parts->calls))
		return false;
	read_call(parts->calls.val, parts->arena, part);
	return true;
}

bool kb_messages_talk(struct kb_json messages, struct kb_arena *arena)
{
	struct kb_turns turns = kb_turns_open(messages);
	struct kb_chat_message m;

	while (kb_turns_next(&turns, arena, &m))
		if (m.role != KB_ROLE_SYSTEM && m.role != KB_ROLE_NONE)
			return true;
	return false;
}

struct kb_str kb_calls_function(struct kb_json calls, struct kb_str id,
				struct kb_arena *arena)
{
	struct kb_json_iter it = kb_json_iter(calls);

	for (int i = 0; i < KB_CALLS_READ && kb_json_next(&it); i++)
		if (kb_str_eq(string_of(it.val, "id", arena), id))
			return string_of(kb_json_get(it.val, "function"),
					 "name", arena);
	return (struct kb_str){NULL, 0};
}
