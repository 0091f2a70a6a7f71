/*
 * What a reranker reads of a record: the question, and title and text of each
 * hit. Its scores go into legs.rerank (kb_hits_set_leg()).
 */
#ifndef KB_RECORD_RERANK_TEXTS_H
#define KB_RECORD_RERANK_TEXTS_H

#include "record/hit.h"

#define KB_RERANK_TEXTS_MAX 4096

struct kb_rerank_texts {
	struct kb_str question;
	struct kb_str *passages; /* in the order of the hits */
	size_t n;
};

/* In the record's arena. KB_EINVAL for a record without a question or an array
 * 'hits', KB_ELIMIT above KB_RERANK_TEXTS_MAX. */
int kb_rerank_texts_read(const struct kb_rec *rec, struct kb_rerank_texts *out,
			 struct kb_err *err);

#endif
