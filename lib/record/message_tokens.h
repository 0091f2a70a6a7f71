/*
 * What a message costs beside its text: calls of tools, their answers as
 * parts, pictures and other media, a name.
 *
 * A name costs its tokens and KB_NAME_TOKENS (OpenAI's published count). A
 * call costs the tokens of its id, name and arguments and KB_CALL_TOKENS. A
 * picture costs KB_IMAGE_TOKENS, or KB_IMAGE_LOW_TOKENS where it says "detail":
 * "low"; any other part of sound, film or file costs that, and one more for
 * each KiB of it: its length is not known here. These are the dearest that are
 * usual, since a budget must hold: OpenAI takes 85 for a picture of low detail
 * and 85 + 170 a tile of 512 x 512 of high detail (765 for 1024 x 1024), Claude
 * about a 750th of its pixels, at most 1,600. Bytes of media are never taken
 * for text.
 */
#ifndef KB_RECORD_MESSAGE_TOKENS_H
#define KB_RECORD_MESSAGE_TOKENS_H

#include "record/turns.h"
#include "token/tokenizer.h"

#define KB_CALL_TOKENS	    8
#define KB_NAME_TOKENS	    1
#define KB_IMAGE_TOKENS	    1600
#define KB_IMAGE_LOW_TOKENS 85

/*
 * 0 for a message that is a role and a text, which costs a look at its length.
 * Members that no provider reads count nothing. *published: that its cost is
 * what OpenAI says such a message costs (a text, a name); of calls, pictures
 * and the like it is a ceiling.
 */
size_t kb_message_tokens(const struct kb_chat_message *message,
			 struct kb_token_counter *counter,
			 struct kb_arena *arena, bool *published);

#endif
