/*
 * The record loop alone: adds one member to every record. 'make bench'
 * measures its throughput and its threads (--burn: CPU work a record);
 * tests/pipe/loop.t holds it to the rules of conduct (--fail, --pend).
 */
#include <stdlib.h>

#include "base/hash.h"
#include "cli/run.h"

static uint64_t burn, pend;
static bool fail_odd;
static struct kb_task *pending[8192];
static size_t n_pending;

static enum kb_work work(void *arg, struct kb_task *task)
{
	uint64_t x = task->number;

	(void)arg;
	for (uint64_t i = 0; i < burn; i++)
		x = kb_mix64(x + i);
	if (fail_odd && task->number % 2) {
		kb_err_set(&task->err, KB_EINVAL, "record %llu is odd",
			   (unsigned long long)task->number);
		task->err.retryable = true;
		return KB_WORK_FAILED;
	}
	kb_rec_set(&task->rec, "rank", x == 1 ? KB_STR("0") : KB_STR("1"));
	if (!pend)
		return KB_WORK_DONE;
	pending[n_pending++] = task;
	return KB_WORK_PENDING;
}

/* Finish the pending records last come, first served. */
static int wait_last_first(void *arg, int fd, int timeout_ms,
			   struct kb_err *err)
{
	(void)arg;
	(void)fd;
	(void)timeout_ms;
	(void)err;
	if (n_pending)
		kb_task_done(pending[--n_pending], KB_WORK_DONE);
	return 0;
}

static const struct kb_opt options[] = {
    {0, "burn", "N", "rounds of CPU work a record (0)", KB_OPT_COUNT, &burn, 0,
     0, NULL},
    {0, "pend", "N", "records that may be pending (0)", KB_OPT_COUNT, &pend, 0,
     8192, NULL},
    {0, "fail", NULL, "fail every odd record", KB_OPT_FLAG, &fail_odd, 0, 0,
     NULL},
};

int main(int argc, char **argv)
{
	struct kb_filter filter = {
	    .name = "loop_pass",
	    .synopsis = "[OPTION]...",
	    .about = "Add a member to every record.",
	    .options = options,
	    .n_options = KB_OPT_N(options),
	    .takes_text = true,
	    .work = work,
	};

	/* The scheduler is chosen before the options are read. */
	for (int i = 1; i < argc; i++)
		if (!strncmp(argv[i], "--pend=", 7)) {
			filter.wait = wait_last_first;
			filter.window =
			    (unsigned)strtoul(argv[i] + 7, NULL, 10);
		}
	return kb_cli_main(argc, argv, &filter, NULL);
}
