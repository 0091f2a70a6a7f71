/*
 * The event of a stream that comes for every token, read without a tree.
 *
 * As a tree an event of 300 bytes costs 6 to 8 times as much ("make bench
 * PARTS=reply"), thousands of times an answer. So one whose first choice has
 * plain texts and goes on is read by the scanner; whatever else an event may
 * hold is left to kb_form_event(), which reads the same out of these.
 * Private to lib/net.
 */
#ifndef KB_NET_DELTA_H
#define KB_NET_DELTA_H

#include "net/content.h"

/*
 * The texts of such an event; they lie in data or in arena. False when it is
 * of another kind or none at all, and also while the model is not known and
 * the event names it.
 */
bool kb_delta_texts(struct kb_str data, bool model_known,
		    struct kb_arena *arena, struct kb_content_texts *texts);

#endif
