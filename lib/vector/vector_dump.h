/*
 * Vectors of a document's chunks in a dump, to the bit: what an index holds
 * of a vector is not what came in, and a dump has to build the same index.
 *
 *	"vectors":{"form":1,"model":NAME,"embed":BOOL,"prefix":TEXT,
 *		"input_type":TYPE,"dim":N,"rows":[...]}
 *
 * A row is null, or base64 of the float32 scale and the int8 coordinates of
 * vector.h, rotated. 'embed' says that an embedder made them, 'prefix' what
 * stood before their texts and 'input_type' what it was told of them, where
 * anything did or was.
 */
#ifndef KB_VECTOR_VECTOR_DUMP_H
#define KB_VECTOR_VECTOR_DUMP_H

#include "vector/vector.h"
#include "json/rec.h"
#include "json/write.h"

/* In the arena of the document. */
struct kb_vec_dump {
	struct kb_str model, prefix, input_type;
	bool embed;
	size_t dim;
	const struct kb_str *rows; /* decoded; empty: none */
	size_t n;
};

/* Write the member of the chunks [first, first + n), if one has a vector. */
void kb_vec_dump_put(struct kb_jw *w, const struct kb_vec_view *view,
		     const uint64_t *hashes, struct kb_str model,
		     struct kb_str prefix, struct kb_str input_type,
		     uint32_t first, uint32_t n);

/* Read it; *out is NULL when there is none. False when it is none of ours. */
bool kb_vec_dump_read(struct kb_json val, struct kb_arena *arena,
		      const struct kb_vec_dump **out);

/* The vector of chunk i as a view of one row; false when it has none. */
bool kb_vec_dump_row(const struct kb_vec_dump *dump, size_t i, uint64_t model,
		     struct kb_vec_view *view);

#endif
