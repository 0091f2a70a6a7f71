#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>
#include <stdio.h>
#include <stdlib.h>

#include "record/sessions.h"

static void add(struct kb_sessions *s, const char *line)
{
	assert_int_equal(kb_sessions_add(s, kb_str_of(line), NULL), 0);
}

static void next(struct kb_sessions *s, bool end, const char *want)
{
	struct kb_str got;

	assert_int_equal(kb_sessions_next(s, end, &got), want != NULL);
	if (want && !kb_str_is(got, want))
		fail_msg("%.*s, not %s", (int)got.len, got.ptr, want);
}

static void lines_become_conversations_as_spelled(void **state)
{
	struct kb_sessions *s = kb_sessions_new("s", NULL);

	(void)state;
	add(s, "{\"s\":1.50,\"role\":\"user\",\"content\":\"a\\u0062\"}");
	add(s, "{\"role\":\"user\",\"s\":\"x\",\"content\":[1e3],\"z\":1}");
	add(s, "{\"s\":\"1.50\",\"role\":\"assistant\",\"content\":null}");
	next(s, false, NULL);
	next(s, true,
	     "{\"id\":\"x\",\"messages\":[{\"role\":\"user\","
	     "\"content\":[1e3]}]}");
	next(s, true,
	     "{\"id\":1.50,\"messages\":[{\"role\":\"user\","
	     "\"content\":\"a\\u0062\"},{\"role\":\"assistant\","
	     "\"content\":null}]}");
	next(s, true, NULL);
	kb_sessions_free(s);
}

static void times_sort_and_equal_ones_stay(void **state)
{
	static const char *const times[] = {"10", "9",	   "9.5",
					    "9",  "\"a\"", "\"2026-01-02\""};
	struct kb_sessions *s = kb_sessions_new("s", "t");
	char line[96];

	(void)state;
	for (int i = 0; i < 6; i++) {
		snprintf(line, sizeof(line),
			 "{\"s\":1,\"t\":%s,\"role\":\"%d\"}", times[i], i);
		add(s, line);
	}
	next(s, true,
	     "{\"id\":1,\"messages\":[{\"role\":\"1\"},{\"role\":\"3\"},"
	     "{\"role\":\"2\"},{\"role\":\"0\"},{\"role\":\"5\"},"
	     "{\"role\":\"4\"}]}");
	kb_sessions_free(s);
}

static void what_is_no_message_is_refused(void **state)
{
	static const char *const lines[] = {
	    "x",
	    "{\"role\":\"user\"}",
	    "{\"s\":null,\"t\":1,\"role\":\"user\"}",
	    "{\"s\":1,\"t\":1,\"role\":7}",
	    "{\"s\":1,\"role\":\"user\"}",
	    "{\"s\":1,\"t\":true,\"role\":\"user\"}",
	};
	struct kb_sessions *s = kb_sessions_new("s", "t");

	(void)state;
	for (size_t i = 0; i < sizeof(lines) / sizeof(*lines); i++)
		assert_int_equal(kb_sessions_add(s, kb_str_of(lines[i]), NULL),
				 KB_EINVAL);
	next(s, true, NULL);
	kb_sessions_free(s);
}

/* Memory is bounded whatever comes, and the rest is told. */
static void the_silent_go_first(void **state)
{
	struct kb_sessions *s = kb_sessions_new("s", NULL);
	struct kb_str got;
	char line[64];
	size_t whole = 0;

	(void)state;
	for (int i = 0; i < 100000; i++) {
		snprintf(line, sizeof(line), "{\"s\":%d,\"role\":\"user\"}",
			 i % 2 ? i : 0);
		add(s, line);
		while (kb_sessions_next(s, false, &got)) {
			assert_false(kb_str_has(got, KB_STR("\"id\":0,")));
			whole++;
		}
	}
	assert_int_equal(whole, 50001 - KB_SESSIONS_OPEN);
	assert_int_equal(kb_sessions_split(s), 0);
	add(s, "{\"s\":1,\"role\":\"user\"}");
	assert_int_equal(kb_sessions_split(s), 1);
	while (kb_sessions_next(s, true, &got))
		whole++;
	assert_int_equal(whole, 50002);
	kb_sessions_free(s);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
	    cmocka_unit_test(lines_become_conversations_as_spelled),
	    cmocka_unit_test(times_sort_and_equal_ones_stay),
	    cmocka_unit_test(what_is_no_message_is_refused),
	    cmocka_unit_test(the_silent_go_first),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
