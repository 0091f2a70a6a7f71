/*
 * The file of a model: what opens gives finite vectors of length 1 and cosines
 * of tokens, or scores from 0 to 1, or says that it is damaged, and leads
 * nowhere else.
 */
#include <math.h>
#include <stdint.h>
#include <stdlib.h>

#include "encoder/encoder.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

static void encode(const struct kb_encoder *e)
{
	static const struct kb_str texts[] = {
	    {"a b c", 5}, {"\xe9\x80\x80\xe6\xac\xbe, ab", 10}, {"", 0}};
	struct kb_encoder_work *work = kb_encoder_work_new();
	float *x = kb_calloc(3 * e->is.hidden, sizeof(*x));
	double scores[3];

	if (!kb_encoder_encode(e, work, texts, 3, x, NULL, NULL))
		for (size_t i = 0; i < 3 * e->is.hidden; i++)
			if (!(fabsf(x[i]) <= 1.001f))
				abort();
	if (!kb_encoder_match(e, work, texts[1], texts, 3, scores, NULL))
		for (size_t i = 0; i < 3; i++)
			if (!(fabs(scores[i]) <= 1.001))
				abort();
	free(x);
	kb_encoder_work_free(work);
}

static void rank(const struct kb_encoder *e)
{
	static const struct kb_str texts[] = {
	    {"a b c", 5}, {"\xe9\x80\x80\xe6\xac\xbe, ab", 10}, {"", 0}};
	struct kb_encoder_work *work = kb_encoder_work_new();
	double scores[3];

	if (!kb_encoder_rank(e, work, texts[1], texts, 3, scores, NULL, NULL))
		for (size_t i = 0; i < 3; i++)
			if (!(scores[i] >= 0 && scores[i] <= 1))
				abort();
	kb_encoder_work_free(work);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	struct kb_encoder *e;

	if (!size || kb_encoder_open_bytes(&e, data, size, "fuzz", NULL))
		return 0;
	kb_kbm_verify(&e->file, NULL);
	if (e->is.layers * e->is.hidden * e->is.inner <= 1 << 20) {
		if (e->is.ranks)
			rank(e);
		else
			encode(e);
	}
	kb_encoder_close(e);
	return 0;
}
