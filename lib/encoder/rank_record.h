/*
 * Scores of a record's hits (record/rerank_texts.h), by a cross-encoder: 0 to
 * 1, in legs.rerank. Before the question stands what the model wants before
 * questions.
 */
#ifndef KB_ENCODER_RANK_RECORD_H
#define KB_ENCODER_RANK_RECORD_H

#include "encoder/embed_record.h"

int kb_rank_record(const struct kb_encoder *e, struct kb_encoder_work *work,
		   struct kb_rec *rec, struct kb_embed_counts *counts,
		   struct kb_err *err);

#endif
