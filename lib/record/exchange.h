/*
 * Messages that make sense together only: the call of a tool and its answers.
 * A provider refuses a conversation that has one without the other, so what
 * leaves out messages leaves out all of an exchange, or nothing.
 *
 * A call is an element of 'tool_calls', the older 'function_call', a part of
 * the content of a type that ends in "tool_use", or an element of the type
 * "function_call" instead of a message. Its answer names its id: a message
 * with a 'tool_call_id', a part that ends in "tool_result" with a
 * 'tool_use_id', a "function_call_output" with a 'call_id'. An id may be used
 * again: an answer belongs to the last call before it. A message of a role
 * unknown here that names none belongs to what stands before it.
 */
#ifndef KB_RECORD_EXCHANGE_H
#define KB_RECORD_EXCHANGE_H

#include "record/turns.h"

/*
 * For each of the first n elements of 'messages' the first one of those that
 * it must stay or go with: itself, most often. For n beyond what there is,
 * too. The result is in the arena. Time is linear in the record.
 */
size_t *kb_exchanges(struct kb_json messages, size_t n, struct kb_arena *arena);

/* Is a part of a content of a type such as "tool_use", "server_tool_use"
 * (suffix "tool_use"), of any other suffix? */
bool kb_part_is(struct kb_json part, const char *suffix,
		struct kb_arena *arena);

#endif
