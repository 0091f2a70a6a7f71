/*
 * What a user turn wants, by a model of text-classify, in the light of what the
 * turns before it wanted.
 *
 * The model sees the turn behind the name of the open intent, as in "hotel what
 * is near it": a model that learned from such lines knows which words lead on
 * and which lead away, and one that learned from plain turns is held by the
 * name where people say it. A turn leaves the open intent when another one is
 * ahead of it by more than a margin.
 */
#ifndef KB_DIALOGUE_INTENTS_H
#define KB_DIALOGUE_INTENTS_H

#include "base/arena.h"
#include "classify/class_score.h"

#define KB_INTENT_NONE KB_CLASS_NONE

/* Of one thread; model: borrowed. */
struct kb_intents;

struct kb_intents *kb_intents_new(const struct kb_class_model *model);
void kb_intents_free(struct kb_intents *intents);

/* The name of an intent; "" for KB_INTENT_NONE. */
struct kb_str kb_intent_name(const struct kb_intents *intents, uint32_t intent);

/*
 * The intent of a turn, 'open' being that of the turn before (or
 * KB_INTENT_NONE). back: the turn goes back to something that was spoken of:
 * was[0 .. n_was) are the intents of the other threads, the latest last, one of
 * which is taken unless the open one is clearly meant.
 */
uint32_t kb_intent_of(struct kb_intents *intents, struct kb_str text,
		      uint32_t open, bool back, const uint32_t *was,
		      size_t n_was);

#endif
