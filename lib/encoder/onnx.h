/*
 * BERT models in ONNX form, as transformers export them, in floats or
 * quantised to 8 bits by onnxruntime's dynamic quantisation.
 *
 * Tensors that the exporter named are found by their names (whatever stands
 * before them); the weights of linear maps, which it renames, are what their
 * bias is added to, back through the arithmetic of quantisation. Of the graph
 * nothing else is read: what it computes is taken to be BERT's.
 */
#ifndef KB_ENCODER_ONNX_H
#define KB_ENCODER_ONNX_H

#include "base/str.h"
#include "encoder/weight.h"

#define KB_ONNX_ITEMS 100000 /* of tensors, and of nodes */

struct kb_onnx;

/* The bytes outlive it. KB_EFORMAT: no ONNX file, or cut; KB_EINVAL: weights
 * in a file of their own. */
int kb_onnx_open(struct kb_onnx **out, struct kb_str file, struct kb_err *err);
void kb_onnx_close(struct kb_onnx *onnx);

/* Where weights are found; they lie in the file. */
struct kb_weights kb_onnx_weights(struct kb_onnx *onnx);

/* Dimensions of a head, by what attention's scores are divided by; 0: not
 * found. */
size_t kb_onnx_head_size(const struct kb_onnx *onnx);

#endif
