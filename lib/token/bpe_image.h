/*
 * A byte-pair table as one run of bytes, made by the build (data/pack_tokens.c)
 * and linked into the programs: nothing is read, allocated or set up when one
 * starts, and only what counting touches comes into memory.
 */
#ifndef KB_TOKEN_BPE_IMAGE_H
#define KB_TOKEN_BPE_IMAGE_H

#include "base/buf.h"
#include "token/bpe_table.h"

/* Of the run, and of what stands in it, bytes. */
#define KB_BPE_IMAGE_ALIGN 64

/* Append the table, which has neither 'whole' nor 'id_of_rank', and has
 * 'chars'. n_slots is how many places its groups have. */
void kb_bpe_image_write(const struct kb_bpe *bpe, size_t n_slots,
			struct kb_buf *out);

/* The table in an aligned run that kb_bpe_image_write() made. */
void kb_bpe_image_open(const void *image, struct kb_bpe *bpe);

#endif
