/*
 * The variables of a template out of one record: see render.h. Made once
 * for a record; the budget then moves the two cuts.
 */
#ifndef KB_PROMPT_PROMPT_VARS_H
#define KB_PROMPT_PROMPT_VARS_H

#include "prompt/render.h"

#define KB_PROMPT_VARS 80

struct kb_prompt_input {
	struct kb_arena *arena;
	struct kb_str question;
	bool has_question;
	bool zh;
	struct kb_val hits, messages, history; /* whole */
	size_t n_hits, n_history;
	size_t n_droppable; /* messages the budget may cut */
	size_t *exchanges;  /* NULL until messages are cut */
	/* Of messages: the last of the user's that says something, and the last
	 * that holds anything. */
	size_t last_user, last_held;
	bool asks_last; /* the former is the question, not answered yet */
	size_t n_gone;	/* messages that are left out now */
	bool has_hits;
	struct kb_tmpl_var vars[KB_PROMPT_VARS];
	size_t n_vars;
};

/* Read the record. KB_EINVAL for members of another type or a role that is
 * not allowed, KB_ELIMIT past KB_PROMPT_HITS and KB_PROMPT_MESSAGES. */
int kb_prompt_input_read(struct kb_prompt_input *in, const struct kb_rec *rec,
			 struct kb_arena *arena, const char *roles,
			 struct kb_err *err);

/* Show the first n_hits hits, and messages without the n_dropped oldest: of an
 * exchange with a tool (record/exchange.h) all or nothing, and never without
 * the question and the last message where the question is a message. */
void kb_prompt_input_cut(struct kb_prompt_input *in, size_t n_hits,
			 size_t n_dropped);

#endif
