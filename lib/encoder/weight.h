/*
 * A tensor of a model that is imported, as its file has it: floats, or bytes
 * with scales. For the readers of model files and import.c.
 */
#ifndef KB_ENCODER_WEIGHT_H
#define KB_ENCODER_WEIGHT_H

#include <stdbool.h>
#include <stdint.h>
#include <string.h>

#include "base/err.h"

enum kb_weight_type {
	KB_WEIGHT_F32,
	KB_WEIGHT_F16,
	KB_WEIGHT_BF16,
	KB_WEIGHT_I8,
	KB_WEIGHT_U8,
};

struct kb_weight {
	enum kb_weight_type type;
	const unsigned char *data; /* rows * cols of them, at any address */
	size_t rows, cols;	   /* a vector has one row */
	bool turned;		   /* they stand by columns */
	/* Of bytes: (byte - zero) * scale, the scale of all, or of each row. */
	const unsigned char *scales; /* n_scales float32 */
	size_t n_scales;
	int32_t zero;
};

/* Where models are imported from. find() gives the weight of a name of
 * Hugging Face's BertModel, such as "encoder.layer.0.output.dense.weight": of a
 * linear map a row an output. KB_ENOENT: there is none. */
struct kb_weights {
	void *arg;
	int (*find)(void *arg, const char *name, struct kb_weight *out,
		    struct kb_err *err);
};

/* Bytes of one number. */
size_t kb_weight_size(enum kb_weight_type type);

static inline size_t kb_weight_place(const struct kb_weight *w, size_t row,
				     size_t col)
{
	return w->turned ? col * w->rows + row : row * w->cols + col;
}

float kb_weight_float(const struct kb_weight *w, size_t row, size_t col);
float kb_weight_scale(const struct kb_weight *w, size_t row);

/* The byte of a row and column, from -128 to 127. */
static inline int kb_weight_byte(const struct kb_weight *w, size_t row,
				 size_t col)
{
	unsigned char c = w->data[kb_weight_place(w, row, col)];

	return w->type == KB_WEIGHT_U8 ? (int)c - 128 : (int)(int8_t)c;
}

/* What stands for 0 among those bytes. */
static inline int kb_weight_zero(const struct kb_weight *w)
{
	return w->type == KB_WEIGHT_U8 ? w->zero - 128 : w->zero;
}

static inline bool kb_weight_is_bytes(const struct kb_weight *w)
{
	return w->type == KB_WEIGHT_I8 || w->type == KB_WEIGHT_U8;
}

#endif
