#include "context/convo.h"

#include "context/message_tokens.h"
#include "token/token_estimate.h"

static void read_turn(struct kb_turn *turn, const struct kb_chat_message *m,
		      struct kb_arena *arena)
{
	*turn = (struct kb_turn){
	    .raw = m->raw,
	    .role = m->role == KB_ROLE_NONE ? KB_ROLE_OTHER : m->role,
	    .text = kb_content_text(m->content, arena),
	};
	turn->tokens = KB_TURN_TOKENS +
		       kb_tokens_estimate(turn->text.ptr, turn->text.len) +
		       kb_message_tokens(m, arena);
}

static int too_many(struct kb_json messages, struct kb_err *err)
{
	return kb_err_set(err, KB_ELIMIT,
			  "%zu messages, more than the limit of %d",
			  kb_json_count(messages), KB_CONVO_TURNS);
}

int kb_convo_read(struct kb_convo *convo, struct kb_json messages,
		  struct kb_arena *arena, struct kb_err *err)
{
	struct kb_turns turns = kb_turns_open(messages);
	size_t cap = 0, kept = 0;
	struct kb_chat_message m;

	*convo = (struct kb_convo){.arena = arena};
	if (messages.type == KB_JSON_NONE || messages.type == KB_JSON_NULL)
		return 0;
	if (messages.type != KB_JSON_ARRAY)
		return kb_err_set(err, KB_EINVAL, "'messages' is not an array");
	while (kb_turns_next(&turns, arena, &m)) {
		if (convo->n == KB_CONVO_TURNS)
			return too_many(messages, err);
		kb_arena_grow(arena, &convo->turns, &cap, convo->n,
			      convo->n + 1, sizeof(*convo->turns));
		read_turn(&convo->turns[convo->n++], &m, arena);
		if (!kb_text_blank(convo->turns[convo->n - 1].text) ||
		    !kb_message_is_empty(&m, arena))
			kept = convo->n;
	}
	convo->n = kept;
	return 0;
}

void kb_convo_single(struct kb_convo *convo, struct kb_str role,
		     struct kb_json content, struct kb_arena *arena)
{
	struct kb_turn *turn = kb_arena_calloc(arena, 1, sizeof(*turn));
	struct kb_chat_message m = {
	    .role = kb_role_of(role), .raw = content, .content = content};

	read_turn(turn, &m, arena);
	*convo = (struct kb_convo){turn, 1, arena};
}

size_t kb_convo_last_user(const struct kb_convo *convo)
{
	for (size_t i = convo->n; i > 0; i--)
		if (convo->turns[i - 1].role == KB_ROLE_USER &&
		    !kb_text_blank(convo->turns[i - 1].text))
			return i - 1;
	return convo->n;
}
