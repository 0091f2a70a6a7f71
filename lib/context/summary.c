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

void kb_summary_write(const struct kb_state *state, const bool *lost, bool zh,
		      struct kb_token_counter *counter, size_t max_tokens,
		      struct kb_buf *out)
{
	size_t from = out->len, n = 0;

	kb_summary_begin(zh, out);
	for (size_t i = state->n_slots; i > 0; i--) {
		const struct kb_slot *s = &state->slots[i - 1];
		size_t before = out->len;

		if (!lost[i - 1])
			continue;
		kb_buf_add_cstr(out, n ? zh ? "；" : "; " : "");
		kb_buf_add_cstr(out, s->name);
		kb_buf_add_cstr(out, zh ? "：" : ": ");
		kb_summary_add(out, s->value);
		if (kb_token_count(counter, out->ptr + from, out->len - from) >
		    max_tokens) {
			out->len = before;
			break;
		}
		n++;
	}
	if (!n)
		out->len = from;
}
