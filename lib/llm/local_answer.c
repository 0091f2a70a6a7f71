#include <assert.h>
#include <math.h>

#include "base/ascii.h"
#include "base/buf.h"
#include "llm/compose_weights.h"
#include "llm/local.h"

#define MAX_BYTES 6000

static const char unknown_zh[] = "根据现有资料无法回答这个问题。";
static const char unknown_en[] =
    "I don't know: the available documents do not answer this question.";

/* A leading "A:", "答：" says nothing in an answer. */
static struct kb_str without_label(struct kb_str s)
{
	static const char *const labels[] = {"A: ", "A：", "答：",
					     "答:", "Answer: "};

	for (size_t i = 0; i < sizeof(labels) / sizeof(*labels); i++) {
		size_t len = kb_starts(s.ptr, s.len, labels[i]);

		if (len && s.len > len)
			return kb_str_skip(s, len);
	}
	return s;
}

/* Go on behind what is there: nothing stands between two wide characters, and
 * a blank between all others. */
static void part(struct kb_buf *out, struct kb_str rest)
{
	if (out->len && rest.len &&
	    !((unsigned char)out->ptr[out->len - 1] >= 0x80 &&
	      (unsigned char)rest.ptr[0] >= 0x80))
		kb_buf_add_char(out, ' ');
}

/* Blanks at s.ptr, as they are, or what stands for a line's end; how many. */
static size_t put_blanks(struct kb_buf *out, struct kb_str s)
{
	bool ends = false;
	size_t n = 0;

	for (; n < s.len && kb_is_blank(s.ptr[n]); n++)
		ends |= s.ptr[n] == '\n';
	if (ends)
		part(out, kb_str_skip(s, n));
	else
		kb_buf_add(out, s.ptr, n);
	return n;
}

/* On one line; cells of a table row are joined by commas. */
static void put_sentence(struct kb_buf *out, struct kb_str s, bool is_han)
{
	s = without_label(s);
	for (size_t i = 0; i < s.len; i++) {
		size_t blanks = put_blanks(out, kb_str_skip(s, i));

		if (blanks) {
			i += blanks - 1;
			continue;
		}
		if (s.ptr[i] != '|') {
			kb_buf_add_char(out, s.ptr[i]);
			continue;
		}
		while (out->len && out->ptr[out->len - 1] == ' ')
			out->len--;
		kb_buf_add_cstr(out, is_han ? "，" : ", ");
		while (i + 1 < s.len && s.ptr[i + 1] == ' ')
			i++;
	}
}

/*
 * The sentence that goes with the best one: of the same passage, nearly as
 * good, or so short that both are one short answer. -1 for none.
 */
static long second_of(const struct kb_reading *r, size_t best)
{
	const struct kb_reading_sentence *b = &r->sentences[best];
	long second = -1;

	for (size_t k = 0; k < r->n_sentences; k++) {
		const struct kb_reading_sentence *s = &r->sentences[k];

		if (k == best || s->hit != b->hit)
			continue;
		if (second < 0 || s->score > r->sentences[second].score)
			second = (long)k;
	}
	if (second < 0)
		return -1;
	if (b->score - r->sentences[second].score < CLOSE ||
	    b->text.len + r->sentences[second].text.len < BRIEF)
		return second;
	return -1;
}

void kb_local_compose(const struct kb_local *local, struct kb_arena *arena,
		      const struct kb_reading *r, long best,
		      struct kb_model_answer *answer)
{
	bool is_han = r->question.is_han;
	double traits[KB_TRAITS];
	struct kb_buf out;
	long second;

	assert(arena && r);
	assert(best < 0 || (size_t)best < KB_READING_SENTENCES);
	*answer = (struct kb_model_answer){0};
	if (best >= 0) {
		kb_reading_traits(r, (size_t)best, traits);
		answer->confidence = kb_linear_score(&local->answer, traits);
	}
	answer->knows = best >= 0 && answer->confidence >= KNOWS;
	if (!answer->knows) {
		answer->text = kb_str_of(is_han ? unknown_zh : unknown_en);
		return;
	}
	kb_buf_init(&out, MAX_BYTES * 4);
	second = second_of(r, (size_t)best);
	if (second >= 0 && second < best) {
		long swap = best;

		best = second;
		second = swap;
	}
	put_sentence(&out, r->sentences[best].text, is_han);
	if (second >= 0) {
		part(&out, r->sentences[second].text);
		put_sentence(&out, r->sentences[second].text, is_han);
	}
	if (out.len > 3 && kb_ends(out.ptr, out.len, "；"))
		out.len -= 3; /* a semicolon ends no answer */
	kb_buf_printf(&out, " [%zu]", r->sentences[best].hit + 1);
	answer->text = kb_arena_copy(arena, kb_buf_str(&out));
	kb_buf_release(&out);
}
