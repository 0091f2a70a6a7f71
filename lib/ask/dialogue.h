/*
 * Questions of one person, one after another, each of which may go on with
 * what was said before ("那运费呢？"): the lines of a prompt.
 *
 * A line that begins with '/' is a command: /open N, /more, /help, /quit. Any
 * other is a question. It becomes the record {"query","messages"} with the
 * turns before it, goes through what ctx-compress does with such a record, for
 * "standalone" and a window of KB_DIALOGUE_TOKENS, and then through the
 * pipeline. An answer that was none is not kept as a turn.
 */
#ifndef KB_ASK_DIALOGUE_H
#define KB_ASK_DIALOGUE_H

#include "ask/ask_text.h"
#include "ask/pipeline.h"

#define KB_DIALOGUE_TOKENS   3000
#define KB_DIALOGUE_MESSAGES 100 /* kept; the oldest are forgotten */

/* The terminal somebody sits at. */
struct kb_ask_terminal {
	/* Append text of a document, so that it cannot steer the terminal. */
	void (*put)(struct kb_buf *out, struct kb_str text);
	/* Show a piece of the answer as it comes; does the answer stand there
	 * whole; has the person given it up? */
	void (*on_text)(struct kb_str piece);
	bool (*was_shown)(void);
	bool (*dropped)(void);
	void (*say)(void *arg, const char *line); /* what went wrong */
};

struct kb_dialogue;

/* All of it is borrowed. stream: show an answer as it comes. */
struct kb_dialogue *kb_dialogue_new(struct kb_pipeline *pipeline,
				    const struct kb_text_style *style,
				    const struct kb_ask_terminal *terminal,
				    bool stream);
void kb_dialogue_free(struct kb_dialogue *dialogue); /* NULL is allowed */

/* A line's turn: what is to be shown is appended to out. Returns 0, 1 when the
 * person has had enough, or an error: nothing goes on. */
int kb_dialogue_turn(struct kb_dialogue *dialogue,
		     struct kb_pipeline_worker *worker, struct kb_str line,
		     struct kb_buf *out, struct kb_err *err);

#endif
