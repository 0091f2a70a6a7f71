/* Any record as kb-ask shows one to people: whatever its members are, what is
 * printed holds no character that could steer a terminal, but those that
 * colours are made of, and passages that are shown are among its hits. */
#include <stdint.h>
#include <stdlib.h>

#include "ask/ask_text.h"
#include "record/hit.h"
#include "terminal/display.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

static void check(bool holds)
{
	if (!holds)
		abort();
}

static void put(struct kb_buf *out, struct kb_str text)
{
	kb_text_printable(out, text.ptr, text.len);
}

static void check_output(struct kb_str shown, bool colour)
{
	for (size_t i = 0; i < shown.len; i++) {
		unsigned char c = (unsigned char)shown.ptr[i];

		if (c == '\033')
			check(colour && i + 1 < shown.len &&
			      shown.ptr[i + 1] == '[');
		else
			check(c >= ' ' || c == '\n' || c == '\t');
		check(c != 0x7f);
	}
}

static void show(struct kb_rec *rec, bool colour)
{
	struct kb_terms terms = {0};
	struct kb_text_style style = {.colour = colour,
				      .put = put,
				      .analyzer = kb_analyzer_new(),
				      .terms = &terms};
	struct kb_hits hits;
	struct kb_buf out;
	int passages;

	kb_buf_init(&out, 0);
	passages = kb_ask_text(rec, &style, false, &out);
	check(passages == 0 || passages == KB_ASK_PASSAGES);
	check_output(kb_buf_str(&out), colour);
	if (passages && !kb_hits_open(rec, &hits, NULL)) {
		style.passed = passages;
		style.last = passages + KB_ASK_PASSAGES;
		kb_buf_reset(&out);
		kb_record_text(rec, &style, rec->arena, &out);
		check_output(kb_buf_str(&out), colour);
	}
	kb_buf_release(&out);
	kb_analyzer_free(style.analyzer);
	kb_terms_release(&terms);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	struct kb_arena arena;
	struct kb_rec rec;

	kb_arena_init(&arena);
	if (!kb_rec_scan(&rec, &arena, (const char *)data, size, NULL)) {
		show(&rec, false);
		show(&rec, true);
	}
	kb_arena_release(&arena);
	return 0;
}
