/* A model in ONNX form: every number of every weight that is found is read. */
#include <stdint.h>
#include <stdio.h>

#include "encoder/onnx.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

static volatile float sum;

static void look(const struct kb_weights *w, const char *name)
{
	struct kb_weight t;

	if (w->find(w->arg, name, &t, NULL))
		return;
	for (size_t r = 0; r < t.rows; r++)
		for (size_t c = 0; c < t.cols; c++)
			sum = kb_weight_float(&t, r, c);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	static const char *const names[] = {
	    "embeddings.word_embeddings.weight",
	    "embeddings.position_embeddings.weight",
	    "embeddings.LayerNorm.weight",
	    "encoder.layer.0.attention.self.query.weight",
	    "encoder.layer.1.output.dense.weight",
	    "encoder.layer.1.output.dense.bias",
	};
	struct kb_str file = {size ? (const char *)data : "", size};
	struct kb_weights w;
	struct kb_onnx *onnx;

	if (kb_onnx_open(&onnx, file, NULL))
		return 0;
	w = kb_onnx_weights(onnx);
	for (size_t i = 0; i < sizeof(names) / sizeof(*names); i++)
		look(&w, names[i]);
	kb_onnx_head_size(onnx);
	kb_onnx_close(onnx);
	return 0;
}
