#include "context/summary.h"

#include <stdlib.h>

#include "context/phrase.h"
#include "text/sentence.h"
#include "text/words.h"

/* Turns looked at for sentences, and bytes of one sentence. */
#define MAX_LINES 64
#define MAX_BYTES 240

struct line {
	size_t turn;
	struct kb_str text;
};

static double worth(struct kb_str s)
{
	struct kb_noun_phrase phrases[KB_PHRASES_MAX];
	size_t n = kb_phrases(s, phrases);
	double score = 0;

	if (kb_is_polite(s.ptr, s.len))
		return 0;
	for (size_t i = 0; i < n; i++)
		score += phrases[i].kind >= KB_PHRASE_NAME ? 2 : 1;
	return score;
}

/* A sentence too long is cut behind its last clause that fits. */
static struct kb_str shortened(struct kb_str s)
{
	struct kb_sentence_it it = {.text = s.ptr, .len = s.len};
	size_t start, end, fit = 0;

	if (s.len <= MAX_BYTES)
		return s;
	while (kb_clause_next(&it, &start, &end) && end <= MAX_BYTES)
		fit = end;
	s.len = fit;
	return s;
}

static struct kb_str best_sentence(struct kb_str text)
{
	struct kb_sentence_it it = {.text = text.ptr, .len = text.len};
	struct kb_str best = {NULL, 0};
	size_t start, end;
	double top = 0;

	for (int i = 0; i < 20 && kb_sentence_next(&it, &start, &end); i++) {
		struct kb_str s = {text.ptr + start, end - start};
		double score = worth(s);

		if (score > top) {
			top = score;
			best = s;
		}
	}
	return shortened(best);
}

static int by_turn(const void *a, const void *b)
{
	size_t x = ((const struct line *)a)->turn;
	size_t y = ((const struct line *)b)->turn;

	return x < y ? -1 : x > y;
}

static const char *speaker(enum kb_role role, bool zh)
{
	if (role == KB_ROLE_USER)
		return zh ? "用户：" : "User: ";
	if (role == KB_ROLE_ASSISTANT)
		return zh ? "助手：" : "Assistant: ";
	return zh ? "其他：" : "Other: ";
}

/* One line each, so that what is quoted cannot look like a new speaker. */
static void add_flat(struct kb_buf *out, struct kb_str s)
{
	for (size_t i = 0; i < s.len; i++)
		kb_buf_add_char(
		    out, s.ptr[i] == '\n' || s.ptr[i] == '\r' ? ' ' : s.ptr[i]);
}

static size_t add_slots(const struct kb_state *state, const bool *dropped,
			bool zh, struct kb_buf *out)
{
	size_t n = 0;

	for (size_t i = 0; i < state->n_slots; i++) {
		const struct kb_slot *s = &state->slots[i];

		if (!dropped[s->turn])
			continue;
		kb_buf_add_cstr(out, n++ ? zh ? "；" : "; " : "\n");
		kb_buf_add_cstr(out, s->name);
		kb_buf_add_cstr(out, zh ? "：" : ": ");
		add_flat(out, s->value);
	}
	return n;
}

void kb_summary_write(const struct kb_convo *convo,
		      const struct kb_state *state, const bool *dropped,
		      const size_t *order, bool zh,
		      struct kb_token_counter *counter, size_t max_tokens,
		      struct kb_buf *out)
{
	struct line lines[MAX_LINES];
	size_t n = 0, tokens, from = out->len, slots;

	kb_buf_add_cstr(out, zh ? "[前文摘要]" : "[Earlier in this talk]");
	slots = add_slots(state, dropped, zh, out);
	tokens = kb_token_count(counter, out->ptr + from, out->len - from) + 2;
	if (tokens > max_tokens) {
		out->len = from;
		return;
	}
	for (size_t i = 0; i < convo->n && n < MAX_LINES; i++) {
		size_t cost, turn = order[i];
		struct kb_str s;

		if (!dropped[turn] || !convo->turns[turn].text.len)
			continue;
		s = best_sentence(convo->turns[turn].text);
		cost = kb_token_count(counter, s.ptr, s.len) + 5;
		if (!s.len || tokens + cost > max_tokens)
			continue;
		tokens += cost;
		lines[n++] = (struct line){turn, s};
	}
	if (!n && !slots) {
		out->len = from;
		return;
	}
	qsort(lines, n, sizeof(*lines), by_turn);
	for (size_t i = 0; i < n; i++) {
		kb_buf_add_char(out, '\n');
		kb_buf_add_cstr(out,
				speaker(convo->turns[lines[i].turn].role, zh));
		add_flat(out, lines[i].text);
	}
}
