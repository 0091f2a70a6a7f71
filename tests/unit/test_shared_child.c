/* One child for all threads of a run. */
#include <pthread.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>
#include <stdio.h>

#include "base/shared_child.h"

#define THREADS 4
#define LINES	200

struct asker {
	pthread_t thread;
	struct kb_shared_child *child;
	int number;
	int wrong;
};

static void *ask_many(void *arg)
{
	struct asker *a = arg;
	struct kb_buf answer;
	char line[64], want[80];

	kb_buf_init(&answer, 0);
	for (int i = 0; i < LINES; i++) {
		snprintf(line, sizeof(line), "%d 问题 %d", a->number, i);
		snprintf(want, sizeof(want), "> %s", line);
		kb_buf_reset(&answer);
		if (kb_shared_child_ask(a->child, kb_str_of(line), 60000,
					&answer, NULL) ||
		    !kb_str_is(kb_buf_str(&answer), want))
			a->wrong++;
	}
	kb_buf_release(&answer);
	return NULL;
}

static void every_thread_gets_its_own_answers(void **state)
{
	struct kb_shared_child *child =
	    kb_shared_child_new("sed -u 's/^/> /'", NULL);
	struct asker askers[THREADS];

	(void)state;
	assert_int_equal(kb_shared_child_start(child, NULL), 0);
	for (int i = 0; i < THREADS; i++) {
		askers[i] = (struct asker){.child = child, .number = i};
		assert_int_equal(pthread_create(&askers[i].thread, NULL,
						ask_many, &askers[i]),
				 0);
	}
	for (int i = 0; i < THREADS; i++) {
		pthread_join(askers[i].thread, NULL);
		assert_int_equal(askers[i].wrong, 0);
	}
	kb_shared_child_free(child);
}

static void a_child_that_cannot_start_says_so_each_time(void **state)
{
	static const char *const argv[] = {"kb-no-such-program", NULL};
	struct kb_shared_child *child = kb_shared_child_new(NULL, argv);
	struct kb_err err;
	struct kb_buf answer;

	(void)state;
	kb_buf_init(&answer, 0);
	for (int i = 0; i < 2; i++) {
		assert_int_not_equal(
		    kb_shared_child_ask(child, KB_STR("a"), -1, &answer, &err),
		    0);
		assert_non_null(strstr(err.msg, "kb-no-such-program"));
	}
	kb_shared_child_free(child);
	kb_shared_child_free(NULL);
}

static void a_child_that_ends_fails_what_waits_and_what_follows(void **state)
{
	struct kb_shared_child *child =
	    kb_shared_child_new("read line; echo gone >&2; exit 1", NULL);
	struct kb_err err;
	struct kb_buf answer;

	(void)state;
	kb_buf_init(&answer, 0);
	for (int i = 0; i < 3; i++)
		assert_int_equal(
		    kb_shared_child_ask(child, KB_STR("a"), -1, &answer, &err),
		    KB_ECLOSED);
	assert_non_null(strstr(err.msg, "gone"));
	kb_shared_child_free(child);
}

static void a_child_that_hangs_is_asked_a_few_times(void **state)
{
	struct kb_shared_child *child = kb_shared_child_new("sleep 600", NULL);
	struct kb_err err;
	struct kb_buf answer;

	(void)state;
	kb_buf_init(&answer, 0);
	for (int i = 0; i < KB_SHARED_CHILD_PATIENCE; i++)
		assert_int_equal(
		    kb_shared_child_ask(child, KB_STR("a"), 1, &answer, &err),
		    KB_ETIMEOUT);
	/* without a limit: it is not asked */
	assert_int_equal(
	    kb_shared_child_ask(child, KB_STR("a"), -1, &answer, &err),
	    KB_ETIMEOUT);
	assert_non_null(strstr(err.msg, "none since"));
	kb_shared_child_free(child);
}

int main(void)
{
	static const struct CMUnitTest tests[] = {
	    cmocka_unit_test(every_thread_gets_its_own_answers),
	    cmocka_unit_test(a_child_that_cannot_start_says_so_each_time),
	    cmocka_unit_test(
		a_child_that_ends_fails_what_waits_and_what_follows),
	    cmocka_unit_test(a_child_that_hangs_is_asked_a_few_times),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
