#include "context/summary.h"

void kb_summary_add(struct kb_buf *out, struct kb_str s)
{
	for (size_t i = 0; i < s.len; i++)
		kb_buf_add_char(
		    out, s.ptr[i] == '\n' || s.ptr[i] == '\r' ? ' ' : s.ptr[i]);
}

void kb_summary_begin(bool zh, struct kb_buf *out)
{
	kb_buf_add_cstr(out, zh ? "[前文摘要]\n" : "[Earlier in this talk]\n");
}

struct writer {
	const struct kb_state *state;
	const bool *lost;
	bool zh;
	struct kb_token_counter *counter;
	size_t max_tokens, from; /* where the summary begins */
	struct kb_buf *out;
	bool full;
};

/* A value of a thread, or of any (thread < 0), n being written before it on
 * this line. False when it does not fit. */
static bool add_value(struct writer *w, const struct kb_slot *s, size_t n,
		      struct kb_str head)
{
	size_t before = w->out->len;

	if (n)
		kb_buf_add_cstr(w->out, w->zh ? "；" : "; ");
	else if (head.len) {
		kb_buf_add_char(w->out, '[');
		kb_summary_add(w->out, head);
		kb_buf_add_cstr(w->out, "] ");
	}
	kb_buf_add_cstr(w->out, s->name);
	kb_buf_add_cstr(w->out, w->zh ? "：" : ": ");
	kb_summary_add(w->out, s->value);
	if (kb_token_count(w->counter, w->out->ptr + w->from,
			   w->out->len - w->from) <= w->max_tokens)
		return true;
	w->out->len = before;
	w->full = true;
	return false;
}

/* A line of the values of a thread, or of all (-1), the newest first. Returns
 * their number. */
static size_t add_line(struct writer *w, int thread, struct kb_str head)
{
	size_t n = 0;

	for (size_t i = w->state->n_slots; i > 0 && !w->full; i--) {
		const struct kb_slot *s = &w->state->slots[i - 1];

		if (w->lost[i - 1] && (thread < 0 || s->thread == thread))
			n += add_value(w, s, n, head);
	}
	return n;
}

/* The open one and then the idle ones, the latest first. */
static size_t add_threads(struct writer *w, const struct kb_threads *threads)
{
	bool done[KB_THREADS_MAX] = {false};
	size_t n = 0, next = threads->open;

	for (size_t k = 0; k < threads->n; k++) {
		size_t lines = n;

		for (size_t t = 0; k && t < threads->n; t++)
			if (!done[t] &&
			    (done[next] || threads->items[t].last >
					       threads->items[next].last))
				next = t;
		done[next] = true;
		if (lines && w->out->ptr[w->out->len - 1] != '\n')
			kb_buf_add_char(w->out, '\n');
		n +=
		    add_line(w, (int)next,
			     k ? threads->items[next].intent_name : KB_STR(""));
	}
	if (n && w->out->ptr[w->out->len - 1] == '\n')
		w->out->len--;
	return n;
}

void kb_summary_write(const struct kb_state *state,
		      const struct kb_threads *threads, const bool *lost,
		      bool zh, struct kb_token_counter *counter,
		      size_t max_tokens, struct kb_buf *out)
{
	struct writer w = {state,      lost,	 zh,  counter,
			   max_tokens, out->len, out, false};
	size_t n;

	kb_summary_begin(zh, out);
	n = threads->by_intents && threads->open < threads->n
		? add_threads(&w, threads)
		: add_line(&w, -1, KB_STR(""));
	if (!n)
		out->len = w.from;
}
