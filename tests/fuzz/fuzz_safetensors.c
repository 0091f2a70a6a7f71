/* Safetensors: every number of every tensor that is found is read. */
#include <stdint.h>

#include "encoder/safetensors.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

static volatile float sum;

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	static const char *const names[] = {
	    "embeddings.position_embeddings.weight",
	    "encoder.layer.0.output.dense.weight",
	    "encoder.layer.0.output.dense.bias",
	};
	struct kb_str file = {size ? (const char *)data : "", size};
	struct kb_safetensors *s;
	struct kb_weights w;
	struct kb_weight t;

	if (kb_safetensors_open(&s, file, NULL))
		return 0;
	w = kb_safetensors_weights(s);
	for (size_t i = 0; i < sizeof(names) / sizeof(*names); i++) {
		if (w.find(w.arg, names[i], &t, NULL))
			continue;
		for (size_t r = 0; r < t.rows; r++)
			for (size_t c = 0; c < t.cols; c++)
				sum = kb_weight_float(&t, r, c);
	}
	kb_safetensors_close(s);
	return 0;
}
