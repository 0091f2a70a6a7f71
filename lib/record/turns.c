#include "record/turns.h"

#include "base/utf8.h"
#include "base/visible.h"

struct kb_turns kb_turns_open(struct kb_json messages)
{
	if (messages.type != KB_JSON_ARRAY)
		messages = (struct kb_json){0};
	return (struct kb_turns){kb_json_iter(messages)};
}

enum kb_role kb_role_of(struct kb_str role)
{
	if (kb_str_is(role, "user"))
		return KB_ROLE_USER;
	if (kb_str_is(role, "assistant"))
		return KB_ROLE_ASSISTANT;
	if (kb_str_is(role, "system") || kb_str_is(role, "developer"))
		return KB_ROLE_SYSTEM;
	return KB_ROLE_OTHER;
}

/* Notes a member that means something; of duplicates the last stays. */
static void note(struct kb_chat_message *m, struct kb_json *role,
		 const struct kb_json_iter *it)
{
	if (kb_json_iter_is(it, "role"))
		*role = it->val;
	else if (kb_json_iter_is(it, "content"))
		m->content = it->val;
	else if (kb_json_iter_is(it, "name"))
		m->name = it->val;
	else if (kb_json_iter_is(it, "tool_calls"))
		m->tool_calls = it->val;
	else if (kb_json_iter_is(it, "tool_call_id"))
		m->tool_call_id = it->val;
}

bool kb_turns_next(struct kb_turns *turns, struct kb_arena *arena,
		   struct kb_chat_message *message)
{
	struct kb_json role = {0};
	struct kb_json_iter it;

	if (!kb_json_enter(&turns->it, &it))
		return false;
	*message = (struct kb_chat_message){0};
	while (it.object && kb_json_next(&it))
		note(message, &role, &it);
	kb_json_leave(&turns->it, &it);
	message->raw = turns->it.val;
	if (kb_json_str(role, arena, &message->role_text))
		message->role = kb_role_of(message->role_text);
	return true;
}

/* ---- the content ---- */

/* What a part of a content holds; its text when it has one. */
static unsigned read_part(struct kb_json part, struct kb_arena *arena,
			  struct kb_str *text)
{
	struct kb_json_iter it = kb_json_iter(part);
	struct kb_json type = {0}, val = {0};
	struct kb_str name;

	if (part.type != KB_JSON_OBJECT)
		return 0;
	while (kb_json_next(&it)) {
		if (kb_json_iter_is(&it, "type"))
			type = it.val;
		else if (kb_json_iter_is(&it, "text"))
			val = it.val;
	}
	if (kb_json_str(type, arena, &name) && !kb_str_is(name, "text") &&
	    !kb_str_is(name, "input_text") && !kb_str_is(name, "output_text"))
		return kb_str_is(name, "refusal") ? KB_HOLDS_REFUSAL
						  : KB_HOLDS_MEDIA;
	return kb_json_str(val, arena, text) ? KB_HOLDS_TEXT : 0;
}

unsigned kb_part_holds(struct kb_json part, struct kb_arena *arena)
{
	struct kb_str text;

	return read_part(part, arena, &text);
}

struct kb_str kb_content_text(struct kb_json content, struct kb_arena *arena)
{
	struct kb_json_iter it = kb_json_iter(content);
	struct kb_str text = KB_STR(""), piece;
	struct kb_buf joined;

	if (kb_json_str(content, arena, &text) || content.type != KB_JSON_ARRAY)
		return text;
	kb_buf_init(&joined, 0);
	while (kb_json_next(&it)) {
		if (!(read_part(it.val, arena, &piece) & KB_HOLDS_TEXT))
			continue;
		if (!text.len) {
			text = piece; /* the only one, most often */
			continue;
		}
		if (!joined.len)
			kb_buf_add_str(&joined, text);
		kb_buf_add_char(&joined, '\n');
		kb_buf_add_str(&joined, piece);
	}
	if (joined.len)
		text = kb_arena_copy(arena, kb_buf_str(&joined));
	kb_buf_release(&joined);
	return text;
}

/* Nothing that a reader sees: white space, what visible.h calls hidden, and
 * characters that fill a place or vary the one before. */
static bool is_unseen(uint32_t c)
{
	static const uint32_t ranges[][2] = {
	    {0xa0, 0xa0},	{0xad, 0xad},	  {0x34f, 0x34f},
	    {0x115f, 0x1160},	{0x1680, 0x1680}, {0x17b4, 0x17b5},
	    {0x180b, 0x180f},	{0x2000, 0x200f}, {0x2028, 0x202f},
	    {0x205f, 0x206f},	{0x2800, 0x2800}, {0x3000, 0x3000},
	    {0x3164, 0x3164},	{0xfe00, 0xfe0f}, {0xffa0, 0xffa0},
	    {0xe0100, 0xe01ef},
	};

	if (c <= ' ')
		return true;
	for (size_t i = 0; i < sizeof(ranges) / sizeof(*ranges); i++)
		if (c >= ranges[i][0] && c <= ranges[i][1])
			return true;
	return c != KB_UTF8_BAD && kb_is_hidden(c);
}

bool kb_text_blank(struct kb_str text)
{
	uint32_t c;

	for (size_t i = 0; i < text.len;) {
		i += kb_utf8_next(text.ptr + i, text.len - i, &c);
		if (!is_unseen(c))
			return false;
	}
	return true;
}

/* Can a text that starts with this byte be blank? No unseen character
 * beyond ASCII starts with another byte than these. */
static bool may_be_blank(unsigned char first)
{
	return first <= ' ' || first == '\\' || first == 0x7f ||
	       first == 0xc2 || first == 0xcd || first == 0xd8 ||
	       (first >= 0xe1 && first <= 0xe3) || first >= 0xef;
}

bool kb_content_blank(struct kb_json content, struct kb_arena *arena)
{
	if (content.type == KB_JSON_STRING && content.len > 2 &&
	    !may_be_blank((unsigned char)content.ptr[1]))
		return false;
	return kb_text_blank(kb_content_text(content, arena));
}

unsigned kb_message_holds(const struct kb_chat_message *message,
			  struct kb_arena *arena)
{
	struct kb_json_iter it = kb_json_iter(message->content);
	unsigned holds = 0;
	struct kb_str text;

	if (!kb_content_blank(message->content, arena))
		holds |= KB_HOLDS_TEXT;
	if (message->content.type == KB_JSON_ARRAY)
		while (kb_json_next(&it))
			holds |= read_part(it.val, arena, &text) &
				 ~(unsigned)KB_HOLDS_TEXT;
	if (message->tool_calls.type == KB_JSON_ARRAY &&
	    kb_json_count(message->tool_calls))
		holds |= KB_HOLDS_TOOL_CALLS;
	return holds;
}

bool kb_message_is_empty(const struct kb_chat_message *message,
			 struct kb_arena *arena)
{
	return message->role == KB_ROLE_USER &&
	       !kb_message_holds(message, arena);
}

bool kb_turns_last_user(struct kb_json messages, struct kb_arena *arena,
			struct kb_str *text)
{
	struct kb_turns turns = kb_turns_open(messages);
	struct kb_json last = {0};
	struct kb_chat_message m;

	while (kb_turns_next(&turns, arena, &m))
		if (m.role == KB_ROLE_USER &&
		    !kb_content_blank(m.content, arena))
			last = m.content;
	if (last.type == KB_JSON_NONE)
		return false;
	*text = kb_content_text(last, arena);
	return true;
}
