/*
 * Writing the columns of a segment: see columns.h.
 */
#ifndef KB_INDEX_WRITE_COLUMNS_OUT_H
#define KB_INDEX_WRITE_COLUMNS_OUT_H

#include "index/settings.h"
#include "store/container.h"

struct kb_columns_out;

/* The settings of the index name the columns. */
struct kb_columns_out *kb_columns_out_new(const struct kb_settings *settings);
void kb_columns_out_free(struct kb_columns_out *out);

/* Documents come in ascending order; meta is a JSON object or empty. */
void kb_columns_out_add(struct kb_columns_out *out, uint32_t doc,
			struct kb_str meta);
/* Write the sections that hold anything. */
void kb_columns_out_write(struct kb_columns_out *out, uint32_t n_docs,
			  struct kb_container *to);

#endif
