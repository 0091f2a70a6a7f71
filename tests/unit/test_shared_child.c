/* One child for all threads of a run. */
#include <pthread.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stdatomic.h>
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

struct waiter {
	pthread_t thread;
	struct kb_shared_child *child;
	atomic_uint *timed_out;
	unsigned seen; /* timed out when this one had its answer */
	int rc;
};

static void *wait_once(void *arg)
{
	struct waiter *w = arg;
	struct kb_buf answer;

	kb_buf_init(&answer, 0);
	w->rc = kb_shared_child_ask(w->child, KB_STR("x"), 1500, &answer, NULL);
	w->seen = atomic_load(w->timed_out);
	if (w->rc)
		atomic_fetch_add(w->timed_out, 1);
	kb_buf_release(&answer);
	return NULL;
}

/* Of three the child answers two, and lets the third wait for its time. */
static void an_answer_does_not_wait_for_those_of_others(void **state)
{
	(void)state;
	for (int round = 0; round < 3; round++) {
		struct kb_shared_child *child = kb_shared_child_new(
		    "read a; read b; read c; echo 1; echo 2; exec sleep 60",
		    NULL);
		struct waiter waiters[3];
		atomic_uint timed_out;
		int answered = 0;

		atomic_init(&timed_out, 0);
		for (int i = 0; i < 3; i++) {
			waiters[i] = (struct waiter){.child = child,
						     .timed_out = &timed_out};
			assert_int_equal(pthread_create(&waiters[i].thread,
							NULL, wait_once,
							&waiters[i]),
					 0);
		}
		for (int i = 0; i < 3; i++)
			pthread_join(waiters[i].thread, NULL);
		for (int i = 0; i < 3; i++) {
			answered += !waiters[i].rc;
			assert_int_equal(waiters[i].seen, 0);
		}
		assert_int_equal(answered, 2);
		kb_shared_child_free(child);
	}
}

int main(void)
{
	static const struct CMUnitTest tests[] = {
	    cmocka_unit_test(every_thread_gets_its_own_answers),
	    cmocka_unit_test(a_child_that_cannot_start_says_so_each_time),
	    cmocka_unit_test(
		a_child_that_ends_fails_what_waits_and_what_follows),
	    cmocka_unit_test(a_child_that_hangs_is_asked_a_few_times),
	    cmocka_unit_test(an_answer_does_not_wait_for_those_of_others),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
