#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>
#include <fcntl.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <sys/wait.h>
#include <time.h>
#include <unistd.h>

#include "store/slots.h"

static char dir[64], path[128];

static int begin(void **state)
{
	(void)state;
	strcpy(dir, "/tmp/kb-slots-XXXXXX");
	if (!mkdtemp(dir))
		return -1;
	snprintf(path, sizeof(path), "%s/a/b/state", dir);
	return 0;
}

static int end(void **state)
{
	char part[128];

	(void)state;
	unlink(path);
	snprintf(part, sizeof(part), "%s/a/b", dir);
	rmdir(part);
	snprintf(part, sizeof(part), "%s/a", dir);
	rmdir(part);
	return rmdir(dir);
}

/* Add to the counter of a key; what it is then. */
static uint64_t count(struct kb_slots *slots, uint64_t key, uint64_t add)
{
	struct kb_slots_held slot;
	uint64_t n = 0;

	assert_int_equal(kb_slots_lock(slots, key, &slot, &n, sizeof(n), NULL),
			 0);
	n += add;
	assert_int_equal(kb_slots_unlock(slots, &slot, &n, sizeof(n), 1, NULL),
			 0);
	return n;
}

static void open_it(struct kb_slots *slots, bool want_remade)
{
	bool remade;

	assert_int_equal(kb_slots_open(slots, path, true, &remade, NULL), 0);
	assert_int_equal(remade, want_remade);
}

static void records_stay_and_do_not_mix(void **state)
{
	struct kb_slots slots;
	struct stat st;
	uint64_t n;
	bool remade;

	(void)state;
	assert_int_equal(kb_slots_open(&slots, path, false, &remade, NULL),
			 KB_ENOENT);
	open_it(&slots, false);
	/* Neighbours, and some that want one place. */
	for (uint64_t key = 1; key <= 8; key++)
		for (uint64_t k = 0; k < 2; k++)
			assert_int_equal(
			    count(&slots, key + k * KB_SLOTS, key * 10 + k),
			    key * 10 + k);
	kb_slots_close(&slots);
	open_it(&slots, false);
	for (uint64_t key = 1; key <= 8; key++)
		for (uint64_t k = 0; k < 2; k++) {
			assert_true(kb_slots_peek(&slots, key + k * KB_SLOTS,
						  &n, sizeof(n)));
			assert_int_equal(n, key * 10 + k);
		}
	assert_false(kb_slots_peek(&slots, 99, &n, sizeof(n)));
	assert_int_equal(stat(path, &st), 0);
	assert_int_equal(st.st_mode & 0777, 0600);
	kb_slots_close(&slots);
}

/* More keys than places there are: the last ones used are there. */
static void the_oldest_make_room(void **state)
{
	struct kb_slots slots;
	struct kb_slots_held slot;
	uint64_t n;

	(void)state;
	open_it(&slots, false);
	for (uint64_t i = 1; i <= 40; i++) {
		uint64_t key = i * KB_SLOTS;

		assert_int_equal(
		    kb_slots_lock(&slots, key, &slot, &n, sizeof(n), NULL), 0);
		n = i;
		assert_int_equal(kb_slots_unlock(&slots, &slot, &n, sizeof(n),
						 (int64_t)i, NULL),
				 0);
		assert_true(kb_slots_peek(&slots, key, &n, sizeof(n)));
	}
	assert_true(kb_slots_peek(&slots, (uint64_t)40 * KB_SLOTS, &n, 8));
	assert_false(kb_slots_peek(&slots, (uint64_t)1 * KB_SLOTS, &n, 8));
	kb_slots_close(&slots);
}

static void a_damaged_record_is_none_and_a_foreign_file_is_remade(void **state)
{
	static const char *const foreign[] = {"", "text\n", NULL};
	struct kb_slots slots;
	uint64_t n;
	int fd;

	(void)state;
	open_it(&slots, false);
	count(&slots, 3, 7);
	fd = open(path, O_RDWR);
	assert_int_equal(pwrite(fd, "x", 1, KB_SLOT_BYTES * 4 + 20), 1);
	assert_false(kb_slots_peek(&slots, 3, &n, sizeof(n)));
	assert_int_equal(count(&slots, 3, 5), 5);
	/* Cut under the feet of one that has it open. */
	assert_int_equal(ftruncate(fd, KB_SLOT_BYTES * 2), 0);
	assert_false(kb_slots_peek(&slots, 3, &n, sizeof(n)));
	assert_int_equal(count(&slots, 3, 2), 2);
	kb_slots_close(&slots);
	open_it(&slots, true);
	kb_slots_close(&slots);
	for (int i = 0; i < 2; i++) {
		size_t len = strlen(foreign[i]);

		assert_int_equal(ftruncate(fd, 0), 0);
		assert_int_equal(pwrite(fd, foreign[i], len, 0), (int)len);
		open_it(&slots, len > 0);
		assert_int_equal(count(&slots, 3, 1), 1);
		kb_slots_close(&slots);
		open_it(&slots, false);
		kb_slots_close(&slots);
	}
	close(fd);
}

/* A child adds one and says so, for ever. */
static void child(int out)
{
	struct kb_slots slots;
	bool remade;

	if (kb_slots_open(&slots, path, true, &remade, NULL))
		_exit(1);
	for (;;) {
		struct kb_slots_held slot;
		uint64_t n;

		if (kb_slots_lock(&slots, 1, &slot, &n, sizeof(n), NULL))
			_exit(2);
		n++;
		if (kb_slots_unlock(&slots, &slot, &n, sizeof(n), 1, NULL))
			_exit(3);
		if (write(out, "x", 1) != 1)
			_exit(4);
	}
}

/* Eight processes, killed one after the other at no chosen moment: what they
 * said they had added is there, and nobody waits for a dead one's lock. */
static void what_a_killed_process_wrote_is_there(void **state)
{
	enum { CHILDREN = 8, ROUNDS = 40 };
	struct timespec nap = {.tv_nsec = 3000000};
	struct kb_slots slots;
	pid_t pids[CHILDREN];
	uint64_t said = 0, n;
	char bytes[65536];
	int pipes[2];
	ssize_t got;

	(void)state;
	open_it(&slots, false);
	n = count(&slots, 1, 0);
	said = n;
	assert_int_equal(pipe2(pipes, O_NONBLOCK), 0);
	for (int i = 0; i < CHILDREN; i++)
		pids[i] = 0;
	for (int round = 0; round < ROUNDS; round++) {
		pid_t *pid = &pids[round % CHILDREN];

		if (*pid) {
			kill(*pid, SIGKILL);
			waitpid(*pid, NULL, 0);
		}
		*pid = fork();
		if (!*pid) {
			close(pipes[0]);
			fcntl(pipes[1], F_SETFL, 0);
			child(pipes[1]);
		}
		nanosleep(&nap, NULL);
		while ((got = read(pipes[0], bytes, sizeof(bytes))) > 0)
			said += (uint64_t)got;
	}
	for (int i = 0; i < CHILDREN; i++) {
		kill(pids[i], SIGKILL);
		waitpid(pids[i], NULL, 0);
	}
	while ((got = read(pipes[0], bytes, sizeof(bytes))) > 0)
		said += (uint64_t)got;
	n = count(&slots, 1, 0);
	assert_true(said > ROUNDS);
	assert_true(n >= said);
	assert_true(n <= said + ROUNDS + CHILDREN); /* killed before a word */
	kb_slots_close(&slots);
	close(pipes[0]);
	close(pipes[1]);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
	    cmocka_unit_test_setup_teardown(records_stay_and_do_not_mix, begin,
					    end),
	    cmocka_unit_test_setup_teardown(the_oldest_make_room, begin, end),
	    cmocka_unit_test_setup_teardown(
		a_damaged_record_is_none_and_a_foreign_file_is_remade, begin,
		end),
	    cmocka_unit_test_setup_teardown(
		what_a_killed_process_wrote_is_there, begin, end),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
