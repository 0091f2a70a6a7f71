/*
 * A conversation: the 'messages' of a record as turns with their text.
 *
 * Any array is accepted, read as record/turns.h says: an element that is no
 * message is a turn without text. User turns at the end that hold nothing at
 * all, an empty line sent by mistake, are no turns. A turn keeps the span of
 * its message, so that it can be passed on byte for byte.
 */
#ifndef KB_DIALOGUE_CONVO_H
#define KB_DIALOGUE_CONVO_H

#include "base/arena.h"
#include "record/turns.h"
#include "token/tokenizer.h"

#define KB_CONVO_TURNS 20000

struct kb_turn {
	struct kb_json raw; /* the message in the record */
	enum kb_role role;  /* never KB_ROLE_NONE: that is OTHER here */
	struct kb_str text; /* "" when it has none */
	struct kb_str name; /* of who speaks; "" when none is given */
	size_t tokens;	    /* with what a message costs */
	size_t text_tokens; /* of the text as it was read */
};

struct kb_convo {
	struct kb_turn *turns; /* in the arena */
	size_t n;
	struct kb_arena *arena; /* borrowed */
	/* The tokens are no more than this in any byte-pair vocabulary;
	 * SIZE_MAX: unknown. */
	size_t most_tokens;
	/* No message costs what is not published (message_tokens.h). */
	bool published;
	/* A message may belong to another: an answer of a tool, or none that
	 * user, assistant or system wrote. */
	bool linked;
};

/* Tokens a message costs beside what it holds. */
#define KB_TURN_TOKENS 4

/* Tokens a list of messages costs beside its messages. */
#define KB_CONVO_TOKENS 3

/* KB_EINVAL when messages is no array, KB_ELIMIT past KB_CONVO_TURNS. None
 * at all (KB_JSON_NONE or null) is an empty conversation. counter: NULL when
 * nobody asks for tokens. */
int kb_convo_read(struct kb_convo *convo, struct kb_json messages,
		  struct kb_token_counter *counter, struct kb_arena *arena,
		  struct kb_err *err);

/* One message that is a record of its own: {"role","content"}. */
void kb_convo_single(struct kb_convo *convo, struct kb_str role,
		     struct kb_json content, struct kb_token_counter *counter,
		     struct kb_arena *arena);

/* Who speaks: the name that is given, else the words before a colon that opens
 * the text ("Anna: yes"), or "". */
struct kb_str kb_turn_speaker(const struct kb_turn *turn);

/* The text without such words. */
struct kb_str kb_turn_said(const struct kb_turn *turn);

/* The index of the last user turn that says something, or n. */
size_t kb_convo_last_user(const struct kb_convo *convo);

#endif
