#include <assert.h>
#include <math.h>

#include "base/buf.h"
#include "base/utf8.h"
#include "llm/clean_line.h"
#include "llm/compose_weights.h"
#include "llm/local.h"

#define ALTERNATIVE_BYTES 600 /* of one */

static const char unknown_zh[] = "根据现有资料无法回答这个问题。";
static const char unknown_en[] =
    "I don't know: the available documents do not answer this question.";

/* Of the passages the n whose best sentences are best, each with that one. */
static void put_alternatives(struct kb_arena *arena, const struct kb_reading *r,
			     struct kb_model_answer *answer)
{
	long best[KB_READING_HITS];
	struct kb_buf line;

	memset(best, -1, sizeof(best));
	for (size_t k = 0; k < r->n_sentences; k++) {
		const struct kb_reading_sentence *s = &r->sentences[k];
		long *b = &best[s->hit];

		if (*b < 0 || s->score > r->sentences[*b].score)
			*b = (long)k;
	}
	kb_buf_init(&line, 0);
	while (answer->n_alternatives < KB_MODEL_ALTERNATIVES) {
		struct kb_model_passage *out =
		    &answer->alternatives[answer->n_alternatives];
		long next = -1;

		for (size_t h = 0; h < r->n_hits; h++)
			if (best[h] >= 0 &&
			    (next < 0 || r->sentences[best[h]].score >
					     r->sentences[next].score))
				next = best[h];
		if (next < 0)
			break;
		best[r->sentences[next].hit] = -1;
		kb_buf_reset(&line);
		kb_clean_line_add(&line, r->sentences[next].text, true,
				  r->question.is_han);
		line.len = kb_utf8_cut(line.ptr, line.len, ALTERNATIVE_BYTES);
		out->hit = r->sentences[next].hit;
		out->text = kb_arena_copy(arena, kb_buf_str(&line));
		answer->n_alternatives++;
	}
	kb_buf_release(&line);
}

void kb_local_compose(const struct kb_local *local, struct kb_arena *arena,
		      const struct kb_reading *r, long best,
		      struct kb_model_answer *answer)
{
	struct kb_extent extent;
	struct kb_join join;
	double traits[KB_TRAITS];

	assert(arena && r);
	assert(best < 0 || (size_t)best < KB_READING_SENTENCES);
	*answer = (struct kb_model_answer){0};
	if (best >= 0) {
		kb_extent_choose(&local->extent, r, (size_t)best, &extent);
		kb_reading_traits(r, (size_t)best, extent.items, extent.n,
				  traits);
		answer->confidence = kb_linear_score(
		    r->encoder.len ? &local->meant : &local->answer, traits);
		answer->encoder = r->encoder;
	}
	answer->knows = best >= 0 && answer->confidence >= KNOWS;
	if (answer->knows) {
		kb_join_choose(&local->extent, r, &extent, &join);
		answer->text = kb_local_write(arena, r, &join);
		return;
	}
	answer->text = kb_str_of(r->question.is_han ? unknown_zh : unknown_en);
	put_alternatives(arena, r, answer);
}
