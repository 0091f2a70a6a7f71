/*
 * Relevance judgements from a file, plain or packed.
 */
#ifndef KB_TUNE_JUDGEMENTS_H
#define KB_TUNE_JUDGEMENTS_H

#include "learn/qrels.h"

/* Errors name the file, and the line where one is wrong. */
int kb_judgements_load(struct kb_qrels *qrels, const char *path,
		       struct kb_err *err);

#endif
