/*
 * The branches of a conversation, by what its turns share or by what they want.
 *
 * By words: Every user turn stays in the open thread,
 * opens a new one, or returns to an older one, by how much of it each
 * thread has spoken of (terms weighted by rarity), with a word such as
 * "刚才" or "back to" in favour of returning. A question too short to stand
 * alone stays. Replies belong to the turn before them.
 *
 * By intents (intents.h): a thread is what was said of one intent; a turn of
 * another one opens a thread, or resumes the one that is there. What says
 * nothing of its own (thanks, a greeting) stays.
 */
#ifndef KB_DIALOGUE_THREADS_H
#define KB_DIALOGUE_THREADS_H

#include "dialogue/dialogue_terms.h"
#include "dialogue/intents.h"

#define KB_THREADS_MAX 32

struct kb_thread {
	struct kb_str label; /* the phrase that opened it; in the text */
	size_t first, last, n_turns;
	uint32_t intent;	   /* or KB_INTENT_NONE */
	struct kb_str intent_name; /* of the model; "" for none */
};

struct kb_threads {
	struct kb_thread items[KB_THREADS_MAX];
	size_t n;
	size_t open;	  /* the one of the last turn; n: there is none */
	bool by_intents;  /* of a model */
	uint8_t *of_turn; /* thread of each turn, 255 for none; in the arena */
};

/* terms: of this conversation; intents: NULL for threads by words. */
void kb_threads_read(struct kb_threads *threads, const struct kb_convo *convo,
		     const struct kb_dialogue_terms *terms,
		     struct kb_intents *intents);

#endif
