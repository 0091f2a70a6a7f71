#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include "record/reasoning.h"

static void run(struct kb_str text, size_t step, struct kb_buf *answer,
		struct kb_buf *thought)
{
	struct kb_reasoning r = {0};
	struct kb_reasoning_span span;

	for (size_t n = 0; n <= text.len + step; n += step) {
		bool more = n < text.len;
		struct kb_str part = {text.ptr, more ? n : text.len};

		while (kb_reasoning_next(&r, part, more, &span)) {
			struct kb_str s = {text.ptr + span.start,
					   span.end - span.start};

			if (span.kind == KB_REASONING_THOUGHT)
				kb_buf_add_str(thought, s);
			else if (span.kind == KB_REASONING_ANSWER)
				kb_buf_add_str(answer, s);
			if (span.kind != KB_REASONING_RECALL)
				continue;
			kb_buf_add_str(thought, kb_buf_str(answer));
			kb_buf_reset(answer);
		}
	}
}

/* Whole and in pieces of every size. */
static void reasoning_is_told_apart(void **state)
{
	static const struct {
		const char *text, *answer, *thought;
	} cases[] = {
	    {"plain", "plain", ""},
	    {"<think>a</think>b", "b", "a"},
	    {"<think>想一想。</think>答案。", "答案。", "想一想。"},
	    {"\n<Think>a</THINK> b", "\n b", "a"},
	    {"x <think>a</think> y <think>b</think>z", "x  y z", "ab"},
	    {"<thinking>a <think> </think> b</thinking>c", "c",
	     "a <think> </think> b"},
	    {"a\n</think>\nb", "\nb", "a\n"},
	    {"a\n</think>b\n</think>c", "b\n</think>c", "a\n"},
	    {"a</think>\n\nb", "\n\nb", "a"},
	    {"a</THINK>\nb", "\nb", "a"},
	    {"a </think>", "a </think>", ""},
	    {"a `</think>\nb", "a `</think>\nb", ""},
	    {"a </think> b", "a </think> b", ""},
	    {"use `<think>` and `</think>`", "use `<think>` and `</think>`",
	     ""},
	    {"<think>a", "", "a"},
	    {"<think>", "", ""},
	    {"x <think>a <b", "x <think>a <b", ""},
	    {"a < b <thin <thinker> <<<", "a < b <thin <thinker> <<<", ""},
	    {"</think>a", "a", ""},
	    {"<think></think>", "", ""},
	    {"", "", ""},
	};

	(void)state;
	for (size_t i = 0; i < sizeof(cases) / sizeof(*cases); i++) {
		struct kb_str text = kb_str_of(cases[i].text);

		for (size_t step = 1; step <= text.len + 1; step++) {
			struct kb_buf answer, thought;

			kb_buf_init(&answer, 0);
			kb_buf_init(&thought, 0);
			run(text, step, &answer, &thought);
			assert_true(
			    kb_str_is(kb_buf_str(&answer), cases[i].answer));
			assert_true(
			    kb_str_is(kb_buf_str(&thought), cases[i].thought));
			kb_buf_release(&answer);
			kb_buf_release(&thought);
		}
	}
}

static void places_stay_when_reasoning_is_blanked(void **state)
{
	static const struct {
		const char *text, *blanked;
	} cases[] = {
	    {"plain", "plain"},
	    {"<think>ab</think>c", "                 c"},
	    {"a\n</think>b", "          b"},
	    {"x <think>y", "x <think>y"},
	    {"x\n <think>y", "x\n         "},
	};
	struct kb_arena arena;

	(void)state;
	kb_arena_init(&arena);
	for (size_t i = 0; i < sizeof(cases) / sizeof(*cases); i++)
		assert_true(kb_str_is(
		    kb_reasoning_blanked(kb_str_of(cases[i].text), &arena),
		    cases[i].blanked));
	kb_arena_release(&arena);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
	    cmocka_unit_test(reasoning_is_told_apart),
	    cmocka_unit_test(places_stay_when_reasoning_is_blanked),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
