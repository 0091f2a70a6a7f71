#include <stdio.h>

#include "base/visible.h"
#include "cli/loop.h"
#include "record/error_member.h"
#include "terminal/wrap.h"

/* In a line nothing may begin another. */
static void add_line(struct kb_buf *line, struct kb_str text)
{
	kb_visible_add(line, text, KB_UTF8_MARK);
}

void kb_print_note(const char *program, const char *text)
{
	struct kb_buf line;

	kb_buf_init(&line, 0);
	kb_buf_printf(&line, "%s: ", program);
	add_line(&line, kb_str_of(text));
	kb_buf_add_char(&line, '\n');
	fwrite(line.ptr, 1, line.len, stderr);
	kb_buf_release(&line);
}

void kb_print_now(struct kb_str text)
{
	struct kb_buf out;

	kb_buf_init(&out, 0);
	kb_print_text(&out, text);
	fwrite(out.ptr, 1, out.len, stdout);
	fflush(stdout);
	kb_buf_release(&out);
}

static void say_error(const struct kb_loop *loop, struct kb_task *task)
{
	struct kb_str tool = kb_error_tool(&task->rec);
	struct kb_str message = kb_error_message(&task->rec);
	struct kb_buf line;

	kb_buf_init(&line, 0);
	kb_buf_printf(&line, "%s: ", loop->program);
	add_line(&line, kb_str_of(task->file));
	kb_buf_printf(&line, ":%llu: ", (unsigned long long)task->line);
	if (tool.len && !kb_str_is(tool, loop->program)) {
		add_line(&line, tool);
		kb_buf_add_cstr(&line, ": ");
	}
	add_line(&line, message);
	kb_buf_add_char(&line, '\n');
	fwrite(line.ptr, 1, line.len, stderr);
	kb_buf_release(&line);
}

void kb_loop_print(struct kb_loop *loop, struct kb_task *task)
{
	const struct kb_filter *filter = loop->filter;
	struct kb_buf *out = &loop->out.buf, text;

	if (kb_error_is_set(&task->rec)) {
		kb_meter_clear(&loop->meter);
		say_error(loop, task);
		if (!filter->sees_errors)
			return;
	}
	if (!kb_cli_for_people()) {
		filter->print(task, loop->format, out);
		return;
	}
	kb_buf_init(&text, 0);
	filter->print(task, loop->format, &text);
	kb_wrap_text(out, kb_buf_str(&text), kb_wrap_width(loop->out.file.fd));
	kb_buf_release(&text);
}
