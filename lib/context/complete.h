/*
 * Making the last question of a conversation stand on its own.
 *
 * "那运费呢？", "what about the blue one?", "它多少钱" mean something only
 * behind the turns before them. The completion finds what the conversation
 * is about (kb_phrases() of the turns, newer and repeated ones first, older
 * topics fading when a new one opens), puts it in the place of the pronoun
 * or before the question, and leaves a question alone that needs nothing.
 *
 * This is the one function for it; ctx-compress and kb-search both call it.
 */
#ifndef KB_CONTEXT_COMPLETE_H
#define KB_CONTEXT_COMPLETE_H

#include "dialogue/convo.h"
#include "record/question.h"

/* Turns looked at, counted back from the question. */
#define KB_COMPLETE_TURNS 12

struct kb_completion {
	struct kb_str text; /* self-contained, in the convo's arena */
	bool changed;	    /* false: text is the question as it stands */
};

/*
 * Complete query, or for an empty query the last user turn. A last user
 * turn that equals query is the question itself, not context. Never fails;
 * without a question text is empty.
 */
struct kb_completion kb_convo_complete(const struct kb_convo *convo,
				       struct kb_str query);

/* The same out of a record's members; KB_EINVAL as kb_convo_read(). */
int kb_context_complete(struct kb_json messages, struct kb_str query,
			struct kb_arena *arena, struct kb_completion *out,
			struct kb_err *err);

/* A question read from the record, completed from its 'messages' unless it
 * is 'standalone' already. */
struct kb_str kb_context_question(const struct kb_rec *rec,
				  struct kb_str question,
				  enum kb_question_source source,
				  struct kb_arena *arena);

#endif
