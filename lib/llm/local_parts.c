/*
 * Answers to the parts of a question, together.
 */
#include <math.h>

#include "answer/question_parts.h"
#include "base/buf.h"
#include "llm/local_impl.h"

#define HITS_MOST 1000 /* of more the question is one */
#define EDGE	  1e-3 /* nobody is surer than that */

/* Is the text one of the n before it? One sentence may answer two. */
static bool is_among(const struct kb_str *texts, size_t n, struct kb_str text)
{
	for (size_t i = 0; i < n; i++)
		if (kb_str_eq(texts[i], text))
			return true;
	return false;
}

/* The hits in the order in which they answer a part: search has put them in
 * that of the whole question. */
static const struct kb_asked_hit *order_hits(struct kb_local *local,
					     const struct kb_asked *ask,
					     struct kb_arena *arena)
{
	size_t n = ask->n_hits;
	struct kb_asked_hit *hits =
	    kb_arena_calloc(arena, n + 1, sizeof(*hits));
	double *scores = kb_arena_calloc(arena, n + 1, sizeof(*scores));
	struct kb_err err;

	kb_local_judge(&local->model, ask, arena, scores, &err);
	for (size_t i = 0; i < n; i++) {
		struct kb_asked_hit hit = ask->hits[i];
		size_t at = i;

		hit.number = i + 1;
		hit.score = scores[i] / (1 + EDGE - scores[i]); /* odds */
		for (; at && hits[at - 1].score < hit.score; at--)
			hits[at] = hits[at - 1];
		hits[at] = hit;
	}
	return hits;
}

/* Of a part that has no answer of its own: is what comes nearest to one in the
 * answer to the whole, "locked for how long" in that to "locked after how many
 * times, and for how long"? */
static bool is_told(const struct kb_model_answer *part,
		    const struct kb_model_answer *whole)
{
	return part->n_alternatives &&
	       kb_str_has(whole->text, part->alternatives[0].text);
}

void kb_local_answer_parts(struct kb_local *local, const struct kb_asked *ask,
			   struct kb_arena *arena,
			   struct kb_model_answer *whole)
{
	struct kb_str parts[KB_QUESTION_PARTS], texts[KB_QUESTION_PARTS];
	size_t n =
	    ask->n_hits <= HITS_MOST ? kb_question_parts(ask->query, parts) : 0;
	struct kb_model_answer all = {.knows = true, .confidence = 1};
	double least = 1; /* of the parts that the whole says nothing of */
	struct kb_buf out;

	kb_buf_init(&out, 0);
	for (size_t i = 0; i < n; i++) {
		struct kb_asked one = *ask;
		struct kb_model_answer answer;

		one.query = kb_question_part(arena, ask->query, parts[i]);
		one.hits = order_hits(local, &one, arena);
		kb_local_answer_one(local, &one, arena, &answer);
		all.knows &= answer.knows;
		if (!answer.knows && !is_told(&answer, whole))
			least = fmin(least, answer.confidence);
		all.confidence = fmin(all.confidence, answer.confidence);
		all.encoder = answer.encoder;
		all.degraded = answer.degraded;
		texts[i] = answer.text;
		if (is_among(texts, i, answer.text))
			continue;
		if (i)
			kb_buf_add_char(&out, ' ');
		kb_buf_add_str(&out, answer.text);
	}
	whole->confidence = fmin(whole->confidence, least);
	if (n && all.knows) {
		all.text = kb_arena_copy(arena, kb_buf_str(&out));
		*whole = all;
	}
	kb_buf_release(&out);
}
