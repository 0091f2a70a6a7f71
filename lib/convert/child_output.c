#include "convert/child_output.h"

#include <errno.h>
#include <limits.h>
#include <poll.h>
#include <sys/resource.h>
#include <unistd.h>

#include "base/clock.h"
#include "base/process.h"
#include "base/str.h"

#define COMPLAINT_MAX 4096u /* bytes of its messages that are kept */

static void limit(const struct kb_process *p, int timeout_ms)
{
	rlim_t seconds =
	    timeout_ms < 0 ? RLIM_INFINITY : (rlim_t)timeout_ms / 1000 + 1;
	const struct rlimit memory = {KB_CHILD_MEMORY, KB_CHILD_MEMORY};
	const struct rlimit cpu = {seconds, seconds};
	const struct rlimit core = {0, 0};

	/* it may have ended by now */
	prlimit(p->pid, RLIMIT_AS, &memory, NULL);
	prlimit(p->pid, RLIMIT_CPU, &cpu, NULL);
	prlimit(p->pid, RLIMIT_CORE, &core, NULL);
}

/* Read what is there: false at the end. */
static bool take(int *fd, struct kb_buf *out, size_t keep)
{
	char part[1 << 14];
	ssize_t n = read(*fd, part, sizeof(part));

	if (n < 0)
		return errno == EINTR || errno == EAGAIN;
	if (!n) {
		kb_process_close(fd);
		return false;
	}
	if (keep && out->len > keep)
		kb_buf_reset(out); /* its last line is what counts */
	kb_buf_add(out, part, (size_t)n);
	return true;
}

static int gather(struct kb_process *p, int64_t until_ms, struct kb_buf *out,
		  struct kb_buf *complaint)
{
	while (p->out >= 0 || p->err >= 0) {
		struct pollfd fds[2] = {{.fd = p->out, .events = POLLIN},
					{.fd = p->err, .events = POLLIN}};
		int64_t left = until_ms - kb_clock_ms();

		if (left <= 0)
			return KB_ETIMEOUT;
		if (poll(fds, 2, left < INT_MAX ? (int)left : INT_MAX) < 0 &&
		    errno != EINTR)
			return KB_EIO;
		if (fds[0].revents)
			take(&p->out, out, 0);
		if (fds[1].revents)
			take(&p->err, complaint, COMPLAINT_MAX);
		if (out->over)
			return KB_ELIMIT;
	}
	return 0;
}

static struct kb_str last_line(struct kb_str text)
{
	struct kb_str line, last = {"", 0};

	while (kb_str_line(&text, &line))
		if (kb_str_trim(line).len)
			last = kb_str_trim(line);
	return last;
}

static int ended(const struct kb_process *p, const char *what,
		 const struct kb_buf *complaint, struct kb_err *err)
{
	struct kb_str why = last_line(kb_buf_str(complaint));
	char how[32], quote[KB_QUOTE_MAX];

	if (!p->status)
		return 0;
	kb_process_how(p, how);
	if (!why.len)
		return kb_err_set(err, KB_EFORMAT,
				  "is not converted: %s ends%s", what, how);
	return kb_err_set(err, KB_EFORMAT, "is not converted: %s ends%s: %s",
			  what, how, kb_err_quote(quote, why.ptr, why.len));
}

int kb_child_output(const char *const *argv, const char *what, int timeout_ms,
		    struct kb_buf *out, struct kb_err *err)
{
	int64_t until_ms =
	    timeout_ms < 0 ? INT64_MAX : kb_clock_ms() + timeout_ms;
	struct kb_buf complaint;
	struct kb_process p;
	int rc = kb_process_start(
	    &p, what, argv[0], argv,
	    KB_PROCESS_OUT | KB_PROCESS_ERR | KB_PROCESS_GROUP, err);

	if (rc < 0)
		return rc;
	limit(&p, timeout_ms);
	kb_buf_init(&complaint, 0);
	rc = gather(&p, until_ms, out, &complaint);
	kb_process_end(&p, rc ? 0 : 1000);
	if (rc == KB_ETIMEOUT)
		kb_err_set(err, rc,
			   "is not converted: %s does not end within %d s",
			   what, timeout_ms / 1000);
	else if (rc == KB_ELIMIT)
		kb_err_set(err, rc,
			   "is not converted: %s prints more than %zu bytes",
			   what, out->max);
	else if (rc < 0)
		kb_err_sys(err, "is not converted: cannot read from %s", what);
	else
		rc = ended(&p, what, &complaint, err);
	kb_buf_release(&complaint);
	return rc;
}
