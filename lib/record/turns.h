/*
 * The messages of a record, one by one, in the OpenAI form:
 *
 *	struct kb_turns turns = kb_turns_open(kb_rec_get(rec, "messages"));
 *	struct kb_chat_message m;
 *	while (kb_turns_next(&turns, arena, &m)) ... m.role ...
 *
 * A step finds the members of a message and reads its role; its text is
 * decoded when it is asked for. The content is a string, or an array of
 * parts; any other has no text. A part has text when its type is "text",
 * "input_text" or "output_text", or when it has none, and its member 'text'
 * is a string. Images, audio, files and refusals are no text.
 *
 * An element that is no object, or has no string 'role', comes with
 * KB_ROLE_NONE: it is no message, and what reads messages skips it.
 *
 * All spans point into the record; texts too, or into the arena.
 */
#ifndef KB_RECORD_TURNS_H
#define KB_RECORD_TURNS_H

#include "json/rec.h"

enum kb_role {
	KB_ROLE_NONE,	/* no message */
	KB_ROLE_OTHER,	/* tool, function, or a role unknown here */
	KB_ROLE_SYSTEM, /* "developer" too */
	KB_ROLE_USER,
	KB_ROLE_ASSISTANT,
};

enum kb_role kb_role_of(struct kb_str role);

struct kb_chat_message {
	enum kb_role role;
	struct kb_str role_text; /* as given; ptr NULL when there is none */
	struct kb_json raw;	 /* the element */
	struct kb_json content;
	struct kb_json name, tool_calls, tool_call_id;
};

struct kb_turns {
	struct kb_json_iter it;
};

/* Any other value than an array has no messages. */
struct kb_turns kb_turns_open(struct kb_json messages);

bool kb_turns_next(struct kb_turns *turns, struct kb_arena *arena,
		   struct kb_chat_message *message);

/* What a message holds: any of these bits. */
enum kb_message_holds {
	KB_HOLDS_TEXT = 1,  /* of which something can be seen */
	KB_HOLDS_MEDIA = 2, /* parts of a type that is no text */
	KB_HOLDS_REFUSAL = 4,
	KB_HOLDS_TOOL_CALLS = 8,
};
unsigned kb_message_holds(const struct kb_chat_message *message,
			  struct kb_arena *arena);

/* The same of one part of a content; 0 when it is none. */
unsigned kb_part_holds(struct kb_json part, struct kb_arena *arena);

/* A user message that holds nothing: an empty line sent by mistake. */
bool kb_message_is_empty(const struct kb_chat_message *message,
			 struct kb_arena *arena);

/* The text of the content, of several parts joined by line breaks; "" when
 * it has none. */
struct kb_str kb_content_text(struct kb_json content, struct kb_arena *arena);

/* Is the content's text empty or white space? Decodes only what it must. */
bool kb_content_blank(struct kb_json content, struct kb_arena *arena);

/* Nothing but white space, of Unicode too, and controls? */
bool kb_text_blank(struct kb_str text);

/* The text of the last user message that has any; false when none has. */
bool kb_turns_last_user(struct kb_json messages, struct kb_arena *arena,
			struct kb_str *text);

#endif
