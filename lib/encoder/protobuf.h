/*
 * The wire form of protocol buffers: fields of a message, one after another.
 * Nothing is copied; a message within one is its bytes.
 */
#ifndef KB_ENCODER_PROTOBUF_H
#define KB_ENCODER_PROTOBUF_H

#include <stdbool.h>
#include <stdint.h>

#include "base/str.h"

struct kb_protobuf {
	const unsigned char *at, *end;
	bool broken; /* the last field is not whole */
	uint32_t field;
	unsigned wire;	     /* 0 varint, 1 fixed64, 2 bytes, 5 fixed32 */
	uint64_t number;     /* of wire 0, and the bits of 1 and 5 */
	struct kb_str bytes; /* of wire 2 */
};

static inline struct kb_protobuf kb_protobuf_of(struct kb_str message)
{
	const unsigned char *at = (const unsigned char *)message.ptr;

	return (struct kb_protobuf){.at = at,
				    .end = message.len ? at + message.len : at};
}

/* The next field; false at the end, and where something is broken. */
bool kb_protobuf_next(struct kb_protobuf *p);

/* A varint of packed numbers; false at their end. */
bool kb_protobuf_packed(struct kb_str *rest, uint64_t *number);

#endif
