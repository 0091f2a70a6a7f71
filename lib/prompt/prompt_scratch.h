/*
 * What a thread keeps from one prompt to the next: buffers, and messages
 * that came from the template alone. A template's rules are the same text in
 * every prompt of a stream; their tokens, their JSON and their hash need not
 * be made anew.
 *
 * Only messages within the stable prefix are kept, so that no record's text
 * is held; what is looked up is compared byte for byte.
 */
#ifndef KB_PROMPT_PROMPT_SCRATCH_H
#define KB_PROMPT_PROMPT_SCRATCH_H

#include <stdint.h>

#include "base/buf.h"
#include "token/tokenizer.h"

#define KB_KNOWN_MESSAGES 4
#define KB_KNOWN_BYTES	  16384 /* of the longest that is kept */

struct kb_known_message {
	struct kb_buf content, quoted; /* quoted: as a JSON string */
	size_t tokens[2];    /* estimated, counted; SIZE_MAX: not yet */
	uint64_t seed, hash; /* hash: of the content with that seed */
};

struct kb_prompt_scratch {
	struct kb_buf text; /* what the template prints */
	struct kb_buf json; /* the member that is written */
	/* Of the estimate, and of the tokenizer that was chosen. */
	struct kb_token_counter *counters[2];
	struct kb_known_message known[KB_KNOWN_MESSAGES];
	size_t next; /* the one to be forgotten next */
};

/* 'tokenizer' is borrowed; NULL: the estimate. */
void kb_prompt_scratch_init(struct kb_prompt_scratch *scratch,
			    const struct kb_tokenizer *tokenizer);
void kb_prompt_scratch_release(struct kb_prompt_scratch *scratch);

/* The message of that content, found or made; NULL when it is too long.
 * Valid until the next call with another content. */
struct kb_known_message *kb_known_message(struct kb_prompt_scratch *scratch,
					  struct kb_str content);

/* Its tokens, estimated or counted. */
size_t kb_known_tokens(struct kb_prompt_scratch *scratch,
		       struct kb_known_message *known, bool counted);

/* kb_xxh64() of its content. */
uint64_t kb_known_hash(const struct kb_known_message *known, uint64_t seed);

#endif
