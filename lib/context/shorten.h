/*
 * A turn that does not fit as a whole, as the sentence that says most: by the
 * information of its words in this conversation, those of the question more.
 *
 * Only a message whose content is text is shortened; it is a string then. What
 * is left out is marked by an ellipsis, who speaks ("Anna: ...") stays, and the
 * message's other members stay as they are.
 */
#ifndef KB_CONTEXT_SHORTEN_H
#define KB_CONTEXT_SHORTEN_H

#include "dialogue/dialogue_terms.h"
#include "json/write.h"

/* What a sentence's words are worth: asked[id] for those of the question (NULL:
 * none). terms of this conversation; both borrowed. */
struct kb_shortener {
	const struct kb_dialogue_terms *terms;
	struct kb_analyzer *analyzer;
	const bool *asked;
	struct kb_terms found; /* its own */
};

void kb_shortener_release(struct kb_shortener *shortener);

/* The short form of a turn's text, in the arena; "" when it has none that is
 * shorter, or its message is no plain text. */
struct kb_str kb_shorten(struct kb_shortener *shortener,
			 const struct kb_turn *turn, struct kb_arena *arena);

/* The message with another content. */
void kb_shortened_write(const struct kb_turn *turn, struct kb_str content,
			struct kb_jw *w);

#endif
