/*
 * A conversation made to fit a budget of tokens.
 *
 * What stays, and what is left of the rest, is decided in select.h; messages
 * that are kept are the same objects byte for byte, and without a need to cut
 * 'messages' is not written at all. The values that dropped turns settled stand
 * in one summary message behind the system messages: a user message, since it
 * quotes what users said, and must not speak with the authority of the system.
 *
 * Tokens are counted in a vocabulary, of calls and media estimated
 * (message_tokens.h: exact:false then). Where nobody named a tokenizer, a
 * record whose bytes are within the budget is within it in any vocabulary, and
 * is estimated only. A count that is not exact keeps the budget with the guard
 * of kb_tokenizer_within().
 */
#ifndef KB_CONTEXT_COMPRESS_H
#define KB_CONTEXT_COMPRESS_H

#include "context/compress_job.h"

/* What a thread works with. */
struct kb_compressor;

/* 'options' is borrowed. */
struct kb_compressor *kb_compressor_new(
    const struct kb_compress_options *options);
void kb_compressor_free(struct kb_compressor *compressor);

/*
 * Compress one record: set 'messages' (when shorter), 'compression' and
 * 'standalone', which is made anew of 'query', else of the last user message:
 * a conversation that went on has another question than its old one. A record
 * with "role" and "content" of its own and no 'messages' is a conversation of
 * that one message; a record with neither stays as it is, but for 'standalone'
 * where it has a query. KB_ELIMIT when what must stay exceeds the budget and
 * over is KB_OVER_ERROR; the record is then unchanged.
 */
int kb_compress_apply(struct kb_compressor *compressor, struct kb_rec *rec,
		      struct kb_arena *arena, struct kb_err *err);

#endif
