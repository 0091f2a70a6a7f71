/*
 * What a conversation has settled: slots, each with the value as said, the same
 * in canonical units where it is a number, and its turn; and the entities
 * spoken of. Where the mentions come from is told in mentions.h.
 *
 * A value of the user takes the place of an older one of its slot when the slot
 * has one value in a conversation (an order, a budget, an address), or when the
 * text names the slot in the same thread (threads.h); the older one stays,
 * marked as superseded by the turn of the newer. Of KB_STATE_SLOTS values the
 * superseded ones go first, then the oldest.
 */
#ifndef KB_DIALOGUE_STATE_H
#define KB_DIALOGUE_STATE_H

#include "dialogue/threads.h"
#include "gazetteer/gazetteer.h"
#include "json/write.h"

#define KB_STATE_SLOTS	  160
#define KB_STATE_ENTITIES 40

#define KB_NOT_SUPERSEDED SIZE_MAX

struct kb_slot {
	const char *name;
	struct kb_str value, norm, was; /* norm, was: "" for none */
	size_t turn;	   /* of the value, where it was said last */
	size_t superseded; /* the turn that did, or NOT_ */
	unsigned char thread;
	bool settled; /* the text names the slot, or there is but one */
};

struct kb_dialogue_entity {
	struct kb_str text;
	size_t turn; /* said last */
	uint32_t times;
};

struct kb_state {
	struct kb_slot slots[KB_STATE_SLOTS];
	size_t n_slots;
	struct kb_dialogue_entity entities[KB_STATE_ENTITIES];
	size_t n_entities;
};

/* Texts point into the conversation and its arena. terms, threads: of this
 * conversation; gazetteer: NULL when there is none. */
void kb_state_read(struct kb_state *state, const struct kb_convo *convo,
		   const struct kb_dialogue_terms *terms,
		   const struct kb_threads *threads,
		   const struct kb_gazetteer *gazetteer);

/* {"slots":[{"name","value","norm","turn","was","superseded"}],
 *  "entities":[{"text","turn"}]}; with_threads: "thread" of the slots, too,
 * from 1. */
void kb_state_write(const struct kb_state *state, bool with_threads,
		    struct kb_jw *w);

#endif
