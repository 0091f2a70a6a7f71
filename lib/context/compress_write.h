/*
 * The members that ctx-compress writes.
 */
#ifndef KB_CONTEXT_COMPRESS_WRITE_H
#define KB_CONTEXT_COMPRESS_WRITE_H

#include "context/compress_job.h"

/* Set 'messages' where something was cut, 'compression' and 'standalone'. */
void kb_compress_write(struct kb_compress_job *job, struct kb_rec *rec);

#endif
