/*
 * The branches of a conversation. Every user turn stays in the open thread,
 * opens a new one, or returns to an older one, by how much of it each
 * thread has spoken of (terms weighted by rarity), with a word such as
 * "刚才" or "back to" in favour of returning. A question too short to stand
 * alone stays. Replies belong to the turn before them.
 */
#ifndef KB_DIALOGUE_THREADS_H
#define KB_DIALOGUE_THREADS_H

#include "dialogue/dialogue_terms.h"

#define KB_THREADS_MAX 32

struct kb_thread {
	struct kb_str label; /* the phrase that opened it; in the text */
	size_t first, last, n_turns;
};

struct kb_threads {
	struct kb_thread items[KB_THREADS_MAX];
	size_t n;
	uint8_t *of_turn; /* thread of each turn, 255 for none; in the arena */
};

/* terms: of this conversation. */
void kb_threads_read(struct kb_threads *threads, const struct kb_convo *convo,
		     const struct kb_dialogue_terms *terms);

#endif
