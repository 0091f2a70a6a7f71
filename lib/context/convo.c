#include "context/convo.h"

#include "token/token_estimate.h"

static struct kb_str content_text(struct kb_json content,
				  struct kb_arena *arena)
{
	struct kb_json_iter it = kb_json_iter(content);
	struct kb_str text = KB_STR(""), part;
	struct kb_buf buf;

	if (kb_json_str(content, arena, &text))
		return text;
	if (content.type != KB_JSON_ARRAY)
		return text;
	kb_buf_init(&buf, 0);
	while (kb_json_next(&it)) {
		if (it.val.type != KB_JSON_OBJECT ||
		    !kb_json_str(kb_json_get(it.val, "text"), arena, &part))
			continue;
		if (buf.len)
			kb_buf_add_char(&buf, '\n');
		kb_buf_add_str(&buf, part);
	}
	if (buf.len)
		text = kb_arena_copy(arena, kb_buf_str(&buf));
	kb_buf_release(&buf);
	return text;
}

static enum kb_role role_of(struct kb_str role)
{
	if (kb_str_is(role, "user"))
		return KB_ROLE_USER;
	if (kb_str_is(role, "assistant"))
		return KB_ROLE_ASSISTANT;
	if (kb_str_is(role, "system") || kb_str_is(role, "developer"))
		return KB_ROLE_SYSTEM;
	return KB_ROLE_OTHER;
}

static void read_turn(struct kb_turn *turn, struct kb_json raw,
		      struct kb_arena *arena)
{
	struct kb_str role;

	*turn = (struct kb_turn){.raw = raw, .text = KB_STR("")};
	if (raw.type == KB_JSON_OBJECT) {
		if (kb_json_str(kb_json_get(raw, "role"), arena, &role))
			turn->role = role_of(role);
		turn->text = content_text(kb_json_get(raw, "content"), arena);
	}
	turn->tokens =
	    KB_TURN_TOKENS + kb_tokens_estimate(turn->text.ptr, turn->text.len);
	/* A call of a tool has no content, but it is sent all the same. */
	if (!turn->text.len && raw.len > 64)
		turn->tokens += kb_tokens_estimate(raw.ptr, raw.len);
}

int kb_convo_read(struct kb_convo *convo, struct kb_json messages,
		  struct kb_arena *arena, struct kb_err *err)
{
	struct kb_json_iter it = kb_json_iter(messages);
	size_t n = kb_json_count(messages);

	*convo = (struct kb_convo){.arena = arena};
	if (messages.type == KB_JSON_NONE || messages.type == KB_JSON_NULL)
		return 0;
	if (messages.type != KB_JSON_ARRAY)
		return kb_err_set(err, KB_EINVAL, "'messages' is not an array");
	if (n > KB_CONVO_TURNS)
		return kb_err_set(err, KB_ELIMIT,
				  "%zu messages, more than the limit of %d", n,
				  KB_CONVO_TURNS);
	convo->turns = kb_arena_alloc(arena, n * sizeof(*convo->turns) + 1);
	while (kb_json_next(&it))
		read_turn(&convo->turns[convo->n++], it.val, arena);
	return 0;
}

void kb_convo_single(struct kb_convo *convo, struct kb_str role,
		     struct kb_json content, struct kb_arena *arena)
{
	struct kb_turn *turn = kb_arena_calloc(arena, 1, sizeof(*turn));

	turn->role = role_of(role);
	turn->text = content_text(content, arena);
	turn->tokens =
	    KB_TURN_TOKENS + kb_tokens_estimate(turn->text.ptr, turn->text.len);
	*convo = (struct kb_convo){turn, 1, arena};
}

size_t kb_convo_last_user(const struct kb_convo *convo)
{
	for (size_t i = convo->n; i > 0; i--)
		if (convo->turns[i - 1].role == KB_ROLE_USER &&
		    convo->turns[i - 1].text.len)
			return i - 1;
	return convo->n;
}
