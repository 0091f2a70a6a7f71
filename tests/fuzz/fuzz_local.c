#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>

#include "llm/model.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

/* Parts are parted by 0xff: question, then title and text of each hit. */
static struct kb_str part(const uint8_t **data, size_t *size)
{
	const uint8_t *end = *size ? memchr(*data, 0xff, *size) : NULL;
	struct kb_str s = {(const char *)*data,
			   end ? (size_t)(end - *data) : *size};
	size_t used = s.len + (end != NULL);

	if (used)
		*data += used;
	*size -= used;
	return s;
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	static struct kb_model *model;
	struct kb_asked_hit hits[8] = {0};
	struct kb_asked ask = {.hits = hits};
	struct kb_model_answer answer;
	struct kb_arena arena;
	double scores[8];

	if (!model)
		model = kb_model_local_new(NULL);
	ask.query = part(&data, &size);
	for (; size && ask.n_hits < 8; ask.n_hits++) {
		hits[ask.n_hits].score = size % 7 ? (double)size : -1e308;
		hits[ask.n_hits].title = part(&data, &size);
		hits[ask.n_hits].text = part(&data, &size);
	}
	kb_arena_init(&arena);
	if (model->generate(model, &ask, &arena, &answer, NULL) ||
	    model->judge(model, &ask, &arena, scores, NULL))
		abort();
	if (!(answer.confidence >= 0 && answer.confidence <= 1) ||
	    !answer.text.len || (answer.knows && !ask.n_hits))
		abort();
	for (size_t i = 0; i < ask.n_hits; i++)
		if (!(scores[i] >= 0 && scores[i] <= 1))
			abort();
	kb_arena_release(&arena);
	return 0;
}
