/*
 * The time of a model in the process: of one question, of a passage, and how
 * long opening takes; one thread, the best of many.
 *
 * usage: encoder_bench MODEL.kbm QUESTION PASSAGE
 */
#include <stdio.h>
#include <stdlib.h>

#include "base/clock.h"
#include "encoder/encoder.h"

enum { ROUNDS = 60 };

static struct kb_encoder *encoder;
static struct kb_encoder_work *work;

static double best_ms(const char *text, float *x)
{
	const struct kb_str s = kb_str_of(text);
	uint64_t best = UINT64_MAX;

	for (int i = 0; i < ROUNDS; i++) {
		uint64_t start = kb_clock_ns(), took;

		if (kb_encoder_encode(encoder, work, &s, 1, x, NULL, NULL))
			exit(2);
		took = kb_clock_ns() - start;
		best = took < best ? took : best;
	}
	return (double)best / 1e6;
}

static size_t tokens(const char *text)
{
	uint32_t ids[KB_ENCODER_POSITIONS];

	return 2 + kb_vocabulary_encode(&encoder->vocabulary, kb_str_of(text),
					ids, encoder->is.max_tokens - 2, NULL);
}

int main(int argc, char **argv)
{
	uint64_t start = kb_clock_ns();
	struct kb_err err;
	float *x;

	if (argc != 4)
		return 2;
	if (kb_encoder_open(&encoder, argv[1], &err)) {
		fprintf(stderr, "encoder_bench: %s\n", err.msg);
		return 2;
	}
	printf("open %.2f ms, %s\n", (double)(kb_clock_ns() - start) / 1e6,
	       kb_encoder_kernel()->name);
	work = kb_encoder_work_new();
	x = kb_calloc(encoder->is.hidden, sizeof(*x));
	for (int i = 2; i < 4; i++)
		printf("%zu tokens %.2f ms\n", tokens(argv[i]),
		       best_ms(argv[i], x));
	free(x);
	kb_encoder_work_free(work);
	kb_encoder_close(encoder);
	return 0;
}
