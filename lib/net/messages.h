/*
 * Messages of the OpenAI form, taken apart for dialects that have another:
 *
 *	struct kb_parts parts = kb_parts_open(&message, arena);
 *	struct kb_part part;
 *	while (kb_parts_next(&parts, &part)) ... part.kind ...
 *
 * Spans and texts point into the message or into the arena. Private to
 * lib/net.
 */
#ifndef KB_NET_MESSAGES_H
#define KB_NET_MESSAGES_H

#include "record/turns.h"

enum kb_part_kind {
	KB_PART_TEXT,	/* text; never empty */
	KB_PART_MEDIA,	/* type and data (base64), or url */
	KB_PART_CALL,	/* of a tool: id, name, arguments (a JSON object) */
	KB_PART_RESULT, /* of a tool: id of the call, text */
	KB_PART_OTHER,	/* of a form that is not known here: raw */
};

struct kb_part {
	enum kb_part_kind kind;
	struct kb_json raw; /* as it came; type KB_JSON_NONE of a plain text */
	struct kb_str text;
	struct kb_str type; /* "image/png"; len 0: not told */
	struct kb_str data, url;
	bool is_file; /* MEDIA: no picture */
	struct kb_str id, name, arguments;
};

struct kb_parts {
	const struct kb_chat_message *message;
	struct kb_arena *arena;
	struct kb_json_iter content, calls;
	bool plain; /* the content is one text, yet to come */
};

struct kb_parts kb_parts_open(const struct kb_chat_message *message,
			      struct kb_arena *arena);
bool kb_parts_next(struct kb_parts *parts, struct kb_part *part);

/* Is there a message that is none of the system's? */
bool kb_messages_talk(struct kb_json messages, struct kb_arena *arena);

/* The name of the function that the call of that id is of, among the first
 * KB_CALLS_READ; len 0 for none. */
#define KB_CALLS_READ 128
struct kb_str kb_calls_function(struct kb_json calls, struct kb_str id,
				struct kb_arena *arena);

#endif
