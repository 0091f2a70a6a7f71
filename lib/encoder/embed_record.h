/*
 * The vectors of a record's texts (record/embed_texts.h), by an encoder.
 *
 * Before the question and its rewrites stands what the model wants before
 * questions, before 'text' and 'hyde' what it wants before passages. 'texts'
 * are as they are, unless 'input_type' says what they are: "query" or
 * "search_query", "passage", "document" or "search_document".
 *
 * By a cross-encoder: scores of its hits (record/rerank_texts.h), 0 to 1, in
 * legs.rerank.
 */
#ifndef KB_ENCODER_EMBED_RECORD_H
#define KB_ENCODER_EMBED_RECORD_H

#include "encoder/encoder.h"
#include "json/rec.h"

struct kb_embed_counts {
	size_t texts, cut; /* or pairs; cut: longer than the model takes */
};

/* Set 'vector' and 'vectors', or the hits' scores; model is the name that is
 * written beside vectors. */
int kb_embed_record(const struct kb_encoder *e, struct kb_encoder_work *work,
		    struct kb_str model, struct kb_rec *rec,
		    struct kb_embed_counts *counts, struct kb_err *err);

#endif
