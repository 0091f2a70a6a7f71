/* What a judge writes: whatever it is, a verdict taken from it is a
 * probability, and words have one of three. */
#include <stdint.h>
#include <stdlib.h>

#include "verify/judge.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	struct kb_str text = {size ? (const char *)data : "", size};
	struct kb_arena arena;
	struct kb_err err;
	int verdict = kb_judge_words(text);
	double p;

	kb_arena_init(&arena);
	if (verdict < -1 || verdict > 1)
		abort();
	if (!kb_judge_read(text, &arena, &p, &err) && !(p >= 0 && p <= 1))
		abort();
	kb_arena_release(&arena);
	return 0;
}
