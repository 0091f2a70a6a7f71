/*
 * Vectors of a document's chunks in a dump, to the bit: what an index holds
 * of a vector is not what came in, and a dump has to build the same index.
 *
 *	"vectors":{"form":1,"model":NAME,"embed":BOOL,"prefix":TEXT,
 *		"input_type":TYPE,"language":CODE,"dim":N,"rows":[...]}
 *
 * A row is null, or base64 of the float32 scale and the int8 coordinates of
 * vector.h, rotated. 'embed' says that an embedder made them, 'prefix' what
 * stood before their texts and 'input_type' what it was told of them, where
 * anything did or was; 'language' is that of the texts, where the index has
 * two models. What the second one made stands in "vectors_2".
 */
#ifndef KB_VECTOR_VECTOR_DUMP_H
#define KB_VECTOR_VECTOR_DUMP_H

#include "store/sections.h"
#include "vector/vector.h"
#include "json/rec.h"
#include "json/write.h"

/* In the arena of the document. */
struct kb_vec_dump {
	struct kb_str model, prefix, input_type, language;
	bool embed;
	size_t dim;
	const struct kb_str *rows; /* decoded; empty: none */
	size_t n;
};

extern const char *const kb_vec_dump_names[KB_VECTOR_SLOTS];

/* What a segment has of one model, and how it was made. */
struct kb_vec_dump_source {
	struct kb_vec_view view;
	const uint64_t *hashes; /* of the texts that were embedded, or NULL */
	struct kb_str model, prefix, input_type, language;
};

/* Write the member of the chunks [first, first + n), if one has a vector. */
void kb_vec_dump_put(struct kb_jw *w, size_t slot,
		     const struct kb_vec_dump_source *from, uint32_t first,
		     uint32_t n);

/* Read it; *out is NULL when there is none. False when it is none of ours. */
bool kb_vec_dump_read(struct kb_json val, struct kb_arena *arena,
		      const struct kb_vec_dump **out);

/* The vector of chunk i as a view of one row; false when it has none. */
bool kb_vec_dump_row(const struct kb_vec_dump *dump, size_t i, uint64_t model,
		     struct kb_vec_view *view);

#endif
