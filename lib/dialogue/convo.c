#include "dialogue/convo.h"

#include "base/ascii.h"
#include "record/message_tokens.h"

static void count_turn(struct kb_convo *convo, struct kb_turn *turn,
		       const struct kb_chat_message *m,
		       struct kb_token_counter *counter)
{
	bool published;
	size_t extra = kb_message_tokens(m, counter, convo->arena, &published);

	turn->text_tokens =
	    kb_token_count(counter, turn->text.ptr, turn->text.len);
	turn->tokens = KB_TURN_TOKENS + extra + turn->text_tokens;
	convo->published &= published;
	if (extra)
		convo->most_tokens = SIZE_MAX;
	else if (convo->most_tokens != SIZE_MAX)
		convo->most_tokens += KB_TURN_TOKENS + turn->text.len;
}

static void read_turn(struct kb_convo *convo, struct kb_turn *turn,
		      const struct kb_chat_message *m,
		      struct kb_token_counter *counter, struct kb_arena *arena)
{
	*turn = (struct kb_turn){
	    .raw = m->raw,
	    .role = m->role == KB_ROLE_NONE ? KB_ROLE_OTHER : m->role,
	    .text = kb_content_text(m->content, arena),
	    .name = KB_STR(""),
	};
	kb_json_str(m->name, arena, &turn->name);
	convo->linked |= turn->role == KB_ROLE_OTHER ||
			 m->tool_call_id.type != KB_JSON_NONE ||
			 m->content.type == KB_JSON_ARRAY;
	if (counter)
		count_turn(convo, turn, m, counter);
}

/* Bytes of a name before a colon that opens a turn. */
#define MAX_SPEAKER 32

static size_t speaker_bytes(const struct kb_turn *turn)
{
	size_t max =
	    turn->text.len < MAX_SPEAKER ? turn->text.len : MAX_SPEAKER;
	const char *colon = memchr(turn->text.ptr, ':', max);
	size_t n = colon ? (size_t)(colon - turn->text.ptr) : 0;

	if (!n || n + 1 >= turn->text.len || colon[1] != ' ' ||
	    !(kb_is_upper(*turn->text.ptr) ||
	      (unsigned char)*turn->text.ptr >= 0x80))
		return 0;
	for (size_t i = 0; i < n; i++)
		if (memchr(",!?.;\n", turn->text.ptr[i], 6))
			return 0;
	return n;
}

struct kb_str kb_turn_speaker(const struct kb_turn *turn)
{
	if (turn->name.len)
		return turn->name;
	return (struct kb_str){turn->text.ptr, speaker_bytes(turn)};
}

struct kb_str kb_turn_said(const struct kb_turn *turn)
{
	size_t n = speaker_bytes(turn);

	return n ? kb_str_skip(turn->text, n + 2) : turn->text;
}

static int too_many(struct kb_json messages, struct kb_err *err)
{
	return kb_err_set(err, KB_ELIMIT,
			  "%zu messages, more than the limit of %d",
			  kb_json_count(messages), KB_CONVO_TURNS);
}

int kb_convo_read(struct kb_convo *convo, struct kb_json messages,
		  struct kb_token_counter *counter, struct kb_arena *arena,
		  struct kb_err *err)
{
	struct kb_turns turns = kb_turns_open(messages);
	size_t cap = 0, kept = 0;
	struct kb_chat_message m;

	*convo = (struct kb_convo){.arena = arena, .published = true};
	if (messages.type == KB_JSON_NONE || messages.type == KB_JSON_NULL)
		return 0;
	if (messages.type != KB_JSON_ARRAY)
		return kb_err_set(err, KB_EINVAL, "'messages' is not an array");
	while (kb_turns_next(&turns, arena, &m)) {
		if (convo->n == KB_CONVO_TURNS)
			return too_many(messages, err);
		kb_arena_grow(arena, &convo->turns, &cap, convo->n,
			      convo->n + 1, sizeof(*convo->turns));
		read_turn(convo, &convo->turns[convo->n++], &m, counter, arena);
		if (!kb_text_blank(convo->turns[convo->n - 1].text) ||
		    !kb_message_is_empty(&m, arena))
			kept = convo->n;
	}
	convo->n = kept;
	return 0;
}

void kb_convo_single(struct kb_convo *convo, struct kb_str role,
		     struct kb_json content, struct kb_token_counter *counter,
		     struct kb_arena *arena)
{
	struct kb_turn *turn = kb_arena_calloc(arena, 1, sizeof(*turn));
	struct kb_chat_message m = {
	    .role = kb_role_of(role), .raw = content, .content = content};

	*convo = (struct kb_convo){
	    .turns = turn, .n = 1, .arena = arena, .published = true};
	read_turn(convo, turn, &m, counter, arena);
}

size_t kb_convo_last_user(const struct kb_convo *convo)
{
	for (size_t i = convo->n; i > 0; i--)
		if (convo->turns[i - 1].role == KB_ROLE_USER &&
		    !kb_text_blank(convo->turns[i - 1].text))
			return i - 1;
	return convo->n;
}
