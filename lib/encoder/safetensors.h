/*
 * Safetensors: a length, a JSON object that says where each tensor lies, and
 * the bytes of them.
 */
#ifndef KB_ENCODER_SAFETENSORS_H
#define KB_ENCODER_SAFETENSORS_H

#include "base/str.h"
#include "encoder/weight.h"

#define KB_SAFETENSORS_HEAD ((uint64_t)64 << 20)

struct kb_safetensors;

/* The bytes outlive it. KB_EFORMAT: none, or cut. */
int kb_safetensors_open(struct kb_safetensors **out, struct kb_str file,
			struct kb_err *err);
void kb_safetensors_close(struct kb_safetensors *s);

/* Where weights are found, with "bert." or "roberta." before their names or
 * without; they lie in the file. */
struct kb_weights kb_safetensors_weights(struct kb_safetensors *s);

#endif
