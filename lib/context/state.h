/*
 * What a conversation has settled: slots (a name and its newest value) and
 * the entities spoken of. A slot is a known name with a value behind it
 * ("订单号是 A1009", "my budget is $300", "收货地址：……"), or a value that
 * names itself (an e-mail address, a telephone number, an amount of money).
 * A newer value takes the place of the older, which is kept as 'was'.
 */
#ifndef KB_CONTEXT_STATE_H
#define KB_CONTEXT_STATE_H

#include "context/convo.h"
#include "json/write.h"

#define KB_STATE_SLOTS	  40
#define KB_STATE_ENTITIES 40

struct kb_slot {
	const char *name;
	struct kb_str value, was;
	size_t turn; /* of the value */
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

/* Texts point into the conversation. */
void kb_state_read(struct kb_state *state, const struct kb_convo *convo);

/* {"slots":[{"name","value","turn","was"}],"entities":[{"text","turn"}]} */
void kb_state_write(const struct kb_state *state, struct kb_jw *w);

#endif
