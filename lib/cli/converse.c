#include "cli/converse.h"

#include <unistd.h>

#include "cli/common.h"
#include "cli/output.h"
#include "cli/signals.h"
#include "terminal/line_editor.h"
#include "terminal/wrap.h"
#include "json/input_form.h"

static volatile sig_atomic_t caught;

static void on_signal(int sig)
{
	caught = sig;
}

bool kb_cli_dropped(void)
{
	return caught != 0;
}

static void catch_signals(struct sigaction *old, bool back)
{
	static const int signals[] = {SIGINT, SIGTERM, SIGHUP};
	struct sigaction act = {.sa_handler = on_signal};

	for (size_t i = 0; i < sizeof(signals) / sizeof(*signals); i++)
		sigaction(signals[i], back ? &old[i] : &act,
			  back ? NULL : &old[i]);
}

static bool is_blank(struct kb_str line)
{
	return !kb_str_trim(line).len;
}

static int check_line(struct kb_str line, struct kb_err *err)
{
	if (line.len > kb_common.max_line)
		return kb_err_set(err, KB_ELIMIT,
				  "line is longer than %llu bytes (--max-line)",
				  (unsigned long long)kb_common.max_line);
	if (kb_is_gb18030(line))
		return kb_err_set(err, KB_EINVAL, KB_INPUT_NOT_UTF8,
				  "the line");
	return 0;
}

/* One line's turn; KB_TURN_END, 0, or an error that ends all. */
static int take_turn(const char *program, const struct kb_filter *filter,
		     void *thread, struct kb_str line, struct kb_err *err)
{
	struct kb_buf said, broken;
	int rc;

	if (check_line(line, err)) {
		kb_print_note(program, err->msg);
		return 0;
	}
	kb_buf_init(&said, 0);
	kb_buf_init(&broken, 0);
	rc = filter->turn(thread, line, &said, err);
	kb_wrap_text(&broken, kb_buf_str(&said), kb_wrap_width(STDOUT_FILENO));
	if (rc >= 0 && kb_output_print(NULL, kb_buf_str(&broken), err))
		rc = err->code;
	kb_buf_release(&said);
	kb_buf_release(&broken);
	return rc;
}

static int run_turns(const char *program, const struct kb_filter *filter,
		     void *thread, struct kb_err *err)
{
	struct kb_buf line;
	int rc = 0;

	kb_buf_init(&line, 0);
	while (!rc) {
		caught = 0;
		switch (kb_line_editor_read("> ", &line, &caught)) {
		case KB_TYPED_LINE:
			if (!is_blank(kb_buf_str(&line)))
				rc = take_turn(program, filter, thread,
					       kb_buf_str(&line), err);
			break;
		case KB_TYPED_DROPPED:
			rc = kb_output_print(NULL, KB_STR("\n"), err);
			break;
		case KB_TYPED_END:
			rc = kb_output_print(NULL, KB_STR("\n"), err);
			rc = rc ? rc : KB_TURN_END;
			break;
		}
		if (!rc && caught && caught != SIGINT)
			rc = KB_TURN_END;
	}
	kb_buf_release(&line);
	return rc;
}

int kb_converse(const char *program, const struct kb_filter *filter,
		struct kb_err *err)
{
	struct sigaction old[3];
	void *thread = NULL;
	int rc = 0;

	if (filter->thread_open)
		rc = filter->thread_open(&thread, err);
	if (!rc) {
		kb_line_editor_open();
		catch_signals(old, false);
		rc = run_turns(program, filter, thread, err);
		catch_signals(old, true);
		if (caught && caught != SIGINT)
			kb_cli_interrupted = caught;
	}
	if (filter->thread_close && thread)
		filter->thread_close(thread);
	return rc < 0 ? rc : 0;
}
