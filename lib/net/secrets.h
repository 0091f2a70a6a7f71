/*
 * Keys that are known in this run, and texts without them.
 *
 * A provider may send back what it was sent: in an error, in an answer, in
 * the arguments of a tool call. Whatever comes from outside passes through
 * here before it stands in a record or a message. A key of fewer than
 * KB_SECRET_MIN bytes, and the words that servers without keys are given in
 * place of one ("ollama", "lm-studio", ...), are no secrets: hiding them would
 * spoil answers.
 */
#ifndef KB_NET_SECRETS_H
#define KB_NET_SECRETS_H

#include "base/arena.h"
#include "base/buf.h"

#define KB_SECRET_MIN  6
#define KB_SECRETS_MAX 320
#define KB_SECRET_MARK "[redacted]"

/* Zeroed: none. */
struct kb_secrets {
	struct kb_str items[KB_SECRETS_MAX]; /* in the arena of the owner */
	size_t n;
	bool first[256]; /* may one begin with this byte? */
};

/* Remember a copy of key, made in arena; one that is no secret is not kept. */
void kb_secrets_add(struct kb_secrets *secrets, struct kb_arena *arena,
		    struct kb_str key);

/* Overwrite them all. */
void kb_secrets_wipe(struct kb_secrets *secrets);

/*
 * Append text to out, KB_SECRET_MARK for each secret. With 'more' the text
 * goes on later: an end that may begin a secret is left. Returns the bytes
 * of text that were used.
 */
size_t kb_secrets_hide(const struct kb_secrets *secrets, struct kb_str text,
		       bool more, struct kb_buf *out);

/* The text itself when it holds none, else a copy in arena. */
struct kb_str kb_secrets_hidden(const struct kb_secrets *secrets,
				struct kb_str text, struct kb_arena *arena);

/* The same for a JSON text whose grammar has been checked: however its
 * strings are escaped, none of them holds a secret then. */
struct kb_str kb_secrets_hidden_json(const struct kb_secrets *secrets,
				     struct kb_str json,
				     struct kb_arena *arena);

#endif
