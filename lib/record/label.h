/*
 * The member 'label' of a record: is its answer right?
 */
#ifndef KB_RECORD_LABEL_H
#define KB_RECORD_LABEL_H

#include "json/rec.h"

/* 1 right (true, 1, "supported"), 0 wrong (false, 0, "unsupported"), -1 not
 * labelled (null, or not there); KB_EINVAL for another value. */
int kb_label_read(const struct kb_rec *rec, struct kb_arena *arena, int *out,
		  struct kb_err *err);

#endif
