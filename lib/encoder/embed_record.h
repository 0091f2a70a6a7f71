/*
 * The vectors of a record's texts (record/embed_texts.h), by an encoder.
 *
 * Before the question and its rewrites stands what the model wants before
 * questions, before 'text' and 'hyde' what it wants before passages. 'texts'
 * are as they are, unless 'input_type' says what they are: "query" or
 * "search_query", "passage", "document" or "search_document".
 */
#ifndef KB_ENCODER_EMBED_RECORD_H
#define KB_ENCODER_EMBED_RECORD_H

#include "encoder/encoder.h"
#include "json/rec.h"

struct kb_embed_counts {
	size_t texts, cut; /* cut: longer than the model takes */
};

/* Set 'vector' and 'vectors'; model is the name that is written there. */
int kb_embed_record(const struct kb_encoder *e, struct kb_encoder_work *work,
		    struct kb_str model, struct kb_rec *rec,
		    struct kb_embed_counts *counts, struct kb_err *err);

#endif
