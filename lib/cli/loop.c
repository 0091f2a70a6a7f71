#include "cli/loop.h"

#include <assert.h>
#include <stdlib.h>

#include "cli/set_aside.h"
#include "record/error_member.h"
#include "record/sessions.h"
#include "json/write.h"

enum {
	FEW_TASKS = 16,
	LARGE_RECORD = 64 << 10, /* bytes */
	REDRAW_MS = 500,	 /* of --progress while waiting */
	LOOKED_AT = 64 << 10,	 /* bytes of a member, for its encoding */
};

void kb_task_done(struct kb_task *task, enum kb_work outcome)
{
	assert(outcome != KB_WORK_PENDING);
	assert(!task->finished); /* once */
	task->state = outcome;
	task->finished = true;
	if (task->loop->measure && task->start_ns)
		task->took_ns = kb_clock_ns() - task->start_ns;
}

struct kb_str kb_task_id(struct kb_task *task)
{
	struct kb_str id = kb_rec_id(&task->rec);

	if (id.len)
		return id;
	return kb_str_of(kb_arena_printf(&task->arena, "%llu",
					 (unsigned long long)task->number));
}

static struct kb_task *get_task(struct kb_loop *loop)
{
	struct kb_task *task = loop->free_tasks;

	if (task) {
		loop->free_tasks = task->next;
	} else {
		task = kb_calloc(1, sizeof(*task));
		kb_arena_init(&task->arena);
		task->loop = loop;
		kb_grow(&loop->made, &loop->cap_made, loop->n_made + 1,
			sizeof(*loop->made));
		loop->made[loop->n_made++] = task;
	}
	task->err = (struct kb_err){0};
	task->data = NULL;
	task->no = task->finished = task->passed = false;
	task->where = KB_WHERE_OUT;
	task->aside = 0;
	task->size_bytes = 0;
	task->thread = loop->thread;
	task->start_ns = task->took_ns = 0;
	return task;
}

/* With many tasks in flight none keeps the memory of a large record. */
static void put_task(struct kb_loop *loop, struct kb_task *task)
{
	if (loop->n_made > FEW_TASKS &&
	    (task->arena.current != task->arena.first ||
	     task->size_bytes > LARGE_RECORD))
		kb_arena_release(&task->arena);
	else
		kb_arena_reset(&task->arena);
	task->next = loop->free_tasks;
	loop->free_tasks = task;
}

void kb_loop_release(struct kb_loop *loop)
{
	for (size_t i = 0; i < loop->n_made; i++) {
		kb_arena_release(&loop->made[i]->arena);
		free(loop->made[i]);
	}
	free(loop->made);
	free(loop->ring);
	kb_buf_release(&loop->scratch);
	kb_csv_release(&loop->table);
}

/* ---- reading ---- */

static bool is_blank(struct kb_str line)
{
	for (size_t i = 0; i < line.len; i++)
		if (line.ptr[i] != ' ' && line.ptr[i] != '\t')
			return false;
	return true;
}

static char first_byte(struct kb_str line)
{
	size_t i = 0;

	while (line.ptr[i] == ' ' || line.ptr[i] == '\t')
		i++;
	return line.ptr[i];
}

static void too_long(struct kb_loop *loop, struct kb_str piece, bool last)
{
	struct kb_err why;

	kb_err_set(&why, KB_ELIMIT,
		   "line is longer than %zu bytes (--max-line)",
		   loop->in.max_line);
	if (!loop->dead.in_line)
		kb_dead_begin(&loop->dead, loop->in.name, loop->in.line, &why);
	kb_dead_piece(&loop->dead, piece);
	if (last)
		kb_dead_end(&loop->dead);
}

/* A plain line becomes {"query":"..."}. */
static struct kb_str wrap_text(struct kb_loop *loop, struct kb_task *task,
			       struct kb_str line)
{
	struct kb_buf *buf = &loop->scratch;

	kb_buf_reset(buf);
	kb_buf_add_cstr(buf, "{\"query\":");
	kb_json_quote(buf, line);
	kb_buf_add_char(buf, '}');
	return kb_arena_copy(&task->arena, kb_buf_str(buf));
}

static bool clear_retryable(struct kb_loop *loop, struct kb_task *task)
{
	if (!loop->retry || !kb_error_retryable(&task->rec))
		return false;
	kb_rec_del(&task->rec, "error");
	return true;
}

/* A question in another encoding finds nothing, and nobody would know why.
 * Other members may be in any. */
static const char *foreign_member(const struct kb_task *task)
{
	static const char *const names[] = {"standalone", "query", "messages"};

	/* a line has one encoding, nearly always: one look at it is enough */
	if (!kb_is_gb18030(task->rec.line))
		return NULL;
	for (size_t i = 0; i < sizeof(names) / sizeof(*names); i++) {
		struct kb_json value = kb_rec_get(&task->rec, names[i]);
		struct kb_str text = {value.ptr, value.len};

		if (text.len > LOOKED_AT)
			text.len = LOOKED_AT;
		if (text.len && kb_is_gb18030(text))
			return names[i];
	}
	return NULL;
}

/* The record is scanned; what is to be done with it? */
static enum kb_taken sort_task(struct kb_loop *loop, struct kb_task *task,
			       bool *skip, struct kb_err *err)
{
	const char *foreign;
	int rc;

	*skip = false;
	if (loop->resume.on) {
		rc = kb_resume_check(&loop->resume, kb_rec_id(&task->rec), err);
		if (rc < 0) {
			kb_err_place(err, "%s:%llu", loop->in.name,
				     (unsigned long long)loop->in.line);
			return KB_TAKEN_FAIL;
		}
		*skip = rc;
		loop->meter.skipped += *skip;
	}
	if (!kb_error_is_set(&task->rec) || clear_retryable(loop, task)) {
		foreign =
		    loop->form == KB_FORM_JSON ? foreign_member(task) : NULL;
		if (!foreign)
			return KB_TAKEN_TASK;
		kb_err_set(&task->err, KB_EINVAL, KB_INPUT_NOT_UTF8, foreign);
		kb_task_done(task, KB_WORK_FAILED);
		return KB_TAKEN_DONE;
	}
	task->passed = true;
	if (loop->filter->sees_errors)
		return KB_TAKEN_TASK;
	kb_task_done(task, KB_WORK_DONE);
	return KB_TAKEN_DONE;
}

/* The first line decides what all are. */
static void fix_form(struct kb_loop *loop, struct kb_str line)
{
	if (loop->form != KB_FORM_AUTO)
		return;
	if (loop->filter->takes_text && first_byte(line) != '{' &&
	    loop->in.shape == KB_SHAPE_LINES) {
		loop->form = KB_FORM_TEXT;
		loop->in.takes = KB_INPUT_TAKES_LINES;
	} else {
		loop->form = KB_FORM_JSON;
		loop->in.takes = KB_INPUT_TAKES_JSON;
	}
}

/* Bytes that no text has, though a terminal may be sent them. */
static bool is_binary(struct kb_str line)
{
	for (size_t i = 0; i < line.len; i++) {
		unsigned char c = (unsigned char)line.ptr[i];

		if (c < ' ' && !kb_is_space((char)c) && c != '\b' && c != 0x1b)
			return true;
	}
	return false;
}

/* A line of text that is to be a question: is it meant for one? */
static int check_text(struct kb_loop *loop, struct kb_task *task,
		      struct kb_str line, struct kb_err *err)
{
	if (kb_is_gb18030(line))
		return kb_err_set(err, KB_EINVAL, KB_INPUT_NOT_UTF8,
				  "the line");
	if (!loop->in.from_memory && is_binary(line))
		return kb_err_set(err, KB_EINVAL,
				  "binary data (control characters), no line "
				  "of text");
	if (kb_common.input == KB_FORM_AUTO && !loop->in.from_memory &&
	    first_byte(line) == '{' &&
	    !kb_rec_scan(&task->rec, &task->arena, line.ptr, line.len, NULL))
		return kb_err_set(err, KB_EINVAL,
				  "a JSON object among lines of text; "
				  "--input=text takes it as text");
	return 0;
}

/* Make the line a record. */
static int scan_line(struct kb_loop *loop, struct kb_task *task,
		     struct kb_str line, bool borrow, struct kb_err *err)
{
	if (loop->form == KB_FORM_TEXT) {
		if (check_text(loop, task, line, err))
			return err->code;
		line = wrap_text(loop, task, line);
	} else if (kb_loop_is_table(loop)) {
		if (kb_loop_wrap_row(loop, task, &line, err))
			return err->code;
	} else if (!borrow) {
		line = kb_arena_copy(&task->arena, line);
	}
	return kb_rec_scan(&task->rec, &task->arena, line.ptr, line.len, err);
}

/* The next line, or the record that is made of several. */
static enum kb_input_event next_line(struct kb_loop *loop, bool may_wait,
				     struct kb_str *line, struct kb_err *err)
{
	enum kb_input_event event;
	struct kb_err why;

	if (!loop->sessions)
		return kb_input_next(&loop->in, may_wait, line, err);
	while (!kb_sessions_next(loop->sessions, loop->ended, line)) {
		if (loop->ended)
			return KB_INPUT_END;
		event = kb_input_next(&loop->in, may_wait, line, err);
		loop->ended = event == KB_INPUT_END;
		if (event != KB_INPUT_LINE && event != KB_INPUT_END)
			return event;
		if (event == KB_INPUT_LINE && !is_blank(*line) &&
		    kb_sessions_add(loop->sessions, *line, &why) < 0)
			kb_dead_line(&loop->dead, loop->in.name, loop->in.line,
				     &why, *line);
	}
	return KB_INPUT_LINE;
}

enum kb_taken kb_loop_take(struct kb_loop *loop, bool may_wait, bool borrow,
			   struct kb_task **out, struct kb_err *err)
{
	struct kb_task *task = NULL;
	struct kb_str line;
	enum kb_taken taken;
	struct kb_err why;
	bool skip;

	for (;;) {
		if (kb_cli_interrupted)
			return KB_TAKEN_END;
		switch (next_line(loop, may_wait, &line, err)) {
		case KB_INPUT_WAIT:
			return KB_TAKEN_WAIT;
		case KB_INPUT_END:
			return KB_TAKEN_END;
		case KB_INPUT_FAIL:
			return KB_TAKEN_FAIL;
		case KB_INPUT_PIECE:
			too_long(loop, line, false);
			may_wait = true;
			continue;
		case KB_INPUT_LAST:
			too_long(loop, line, true);
			continue;
		case KB_INPUT_LINE:
			break;
		}
		if (is_blank(line))
			continue;
		fix_form(loop, line);
		if (kb_loop_take_head(loop, line, &skip, err))
			return KB_TAKEN_FAIL;
		if (skip)
			continue;
		task = get_task(loop);
		task->number = ++loop->numbers;
		task->line = loop->in.line;
		task->file = loop->in.name;
		task->size_bytes = line.len;
		if (scan_line(loop, task, line, borrow, &why)) {
			kb_dead_line(&loop->dead, task->file, task->line, &why,
				     line);
			put_task(loop, task);
			loop->numbers--;
			continue;
		}
		loop->meter.records_in++;
		taken = sort_task(loop, task, &skip, err);
		if (taken != KB_TAKEN_FAIL && !skip) {
			*out = task;
			return taken;
		}
		put_task(loop, task);
		if (taken == KB_TAKEN_FAIL)
			return taken;
	}
}

/* ---- working ---- */

enum kb_work kb_loop_outcome(struct kb_loop *loop, struct kb_task *task)
{
	if (loop->measure)
		task->start_ns = kb_clock_ns();
	return loop->filter->work(task);
}

static void do_work(struct kb_loop *loop, struct kb_task *task)
{
	enum kb_work outcome = kb_loop_outcome(loop, task);

	if (outcome != KB_WORK_PENDING)
		kb_task_done(task, outcome);
}

/* ---- writing ---- */

static void set_error(struct kb_loop *loop, struct kb_task *task)
{
	if (!task->err.code)
		kb_err_set(&task->err, KB_EINVAL, "no reason given");
	kb_error_set(&task->rec, loop->program, &task->err, &loop->scratch);
}

/* timing: {"kb-search":1.25}, in milliseconds, one member a program. */
static void set_timing(struct kb_loop *loop, struct kb_task *task)
{
	struct kb_json old = kb_rec_get(&task->rec, "timing");
	struct kb_json_iter it = kb_json_iter(old);
	struct kb_buf *buf = &loop->scratch;
	struct kb_jw w;

	kb_buf_reset(buf);
	kb_jw_init(&w, buf);
	kb_jw_obj(&w);
	while (it.object && kb_json_next(&it)) {
		if (kb_json_key_is(it.key, loop->program))
			continue;
		kb_jw_key_raw(&w, it.key);
		kb_jw_raw(&w, (struct kb_str){it.val.ptr, it.val.len});
	}
	kb_jw_key(&w, loop->program);
	kb_jw_fixed(&w, (double)task->took_ns / 1e6, 3);
	kb_jw_end(&w);
	kb_rec_set(&task->rec, "timing",
		   kb_arena_copy(&task->arena, kb_buf_str(buf)));
}

static int refuse_error(const struct kb_task *task, struct kb_err *err)
{
	return kb_err_set(err, KB_EREMOTE, "%s:%llu: %s", task->file,
			  (unsigned long long)task->line,
			  task->err.code ? task->err.msg
					 : "the record carries an error");
}

static void write_aside(struct kb_task *task)
{
	struct kb_aside *aside = NULL;

	if (!kb_aside_at(task->aside, &aside))
		abort(); /* a place that kb_cli_set_aside() did not give */
	kb_rec_write(&task->rec, &aside->out.buf);
	kb_buf_add_char(&aside->out.buf, '\n');
}

int kb_loop_emit(struct kb_loop *loop, struct kb_task *task, struct kb_err *err)
{
	struct kb_buf *out = &loop->out.buf;
	bool bad = task->state == KB_WORK_FAILED || task->passed;
	int rc;

	assert(task->state != KB_WORK_PENDING);
	if (loop->measure && !task->passed)
		kb_meter_latency(&loop->meter, task->took_ns);
	if (bad) {
		loop->meter.errors++;
		if (loop->on_error == KB_ON_ERROR_FAIL)
			return refuse_error(task, err);
		if (loop->on_error == KB_ON_ERROR_DROP) {
			loop->meter.dropped++;
			put_task(loop, task);
			return 0;
		}
		if (task->state == KB_WORK_FAILED)
			set_error(loop, task);
	}
	loop->any_no |= task->no;
	if (loop->filter->report || task->where == KB_WHERE_NOWHERE) {
		put_task(loop, task);
		return 0;
	}
	if (loop->timing && !task->passed)
		set_timing(loop, task);
	if (task->where == KB_WHERE_ASIDE) {
		write_aside(task);
	} else if (loop->format && loop->filter->print) {
		kb_loop_print(loop, task);
	} else {
		kb_rec_write(&task->rec, out);
		kb_buf_add_char(out, '\n');
	}
	loop->meter.records_out++;
	put_task(loop, task);
	kb_meter_progress(&loop->meter, loop->in.raw_bytes, loop->in.file_size);
	rc = kb_asides_each(kb_output_step, err);
	return rc ? rc : kb_output_step(&loop->out, err);
}

int kb_loop_flush(struct kb_loop *loop, struct kb_err *err)
{
	int rc = kb_asides_each(kb_output_flush, err);

	return rc ? rc : kb_output_flush(&loop->out, err);
}

/* ---- one thread, one record at a time ---- */

int kb_loop_inline(struct kb_loop *loop, struct kb_err *err)
{
	struct kb_task *task;
	bool may_wait = false;
	int rc;

	for (;;) {
		switch (kb_loop_take(loop, may_wait, true, &task, err)) {
		case KB_TAKEN_TASK:
			do_work(loop, task);
			__attribute__((fallthrough));
		case KB_TAKEN_DONE:
			rc = kb_loop_emit(loop, task, err);
			if (rc)
				return rc;
			may_wait = false;
			break;
		case KB_TAKEN_WAIT:
			if (loop->filter->idle)
				loop->filter->idle();
			rc = kb_loop_flush(loop, err);
			if (rc)
				return rc;
			may_wait = true;
			break;
		case KB_TAKEN_END:
			return 0;
		case KB_TAKEN_FAIL:
			return err->code;
		}
	}
}

/* ---- one thread, many records pending ---- */

static int emit_finished(struct kb_loop *loop, size_t *n, struct kb_err *err)
{
	int rc;

	*n = 0;
	for (uint64_t i = loop->head; i < loop->tail; i++) {
		struct kb_task **slot = &loop->ring[i % loop->window];
		struct kb_task *task = *slot;

		if (task && task->finished) {
			*slot = NULL;
			loop->flight_bytes -= task->size_bytes;
			rc = kb_loop_emit(loop, task, err);
			if (rc)
				return rc;
			++*n;
			task = NULL;
		}
		if (!task && i == loop->head)
			loop->head++;
		else if (task && !loop->unordered)
			break;
	}
	return 0;
}

int kb_loop_events(struct kb_loop *loop, struct kb_err *err)
{
	bool ended = false;
	size_t n;
	int rc;

	loop->ring = kb_calloc(loop->window, sizeof(struct kb_task *));
	for (;;) {
		bool blocked = true;
		int fd = -1;

		while (!ended && loop->tail - loop->head < loop->window &&
		       loop->flight_bytes < KB_LOOP_BYTES) {
			struct kb_task *task;
			enum kb_taken taken;

			taken = kb_loop_take(loop, false, false, &task, err);
			if (taken == KB_TAKEN_FAIL)
				return err->code;
			if (taken == KB_TAKEN_WAIT) {
				fd = loop->in.fd;
				break;
			}
			if (taken == KB_TAKEN_END) {
				ended = true;
				break;
			}
			loop->ring[loop->tail++ % loop->window] = task;
			loop->flight_bytes += task->size_bytes;
			if (taken == KB_TAKEN_TASK)
				do_work(loop, task);
			if (task->finished) {
				blocked = false;
				break;
			}
		}
		rc = emit_finished(loop, &n, err);
		if (rc)
			return rc;
		if (n || !blocked)
			continue;
		if (kb_cli_interrupted || (ended && loop->head == loop->tail))
			return 0;
		rc = kb_loop_flush(loop, err);
		if (!rc)
			rc = loop->filter->wait(
			    fd, loop->meter.progress ? REDRAW_MS : -1, err);
		kb_meter_progress(&loop->meter, loop->in.raw_bytes,
				  loop->in.file_size);
		if (rc)
			return rc;
	}
}
