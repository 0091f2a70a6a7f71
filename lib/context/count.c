#include "context/count.h"

#include <fcntl.h>
#include <inttypes.h>
#include <stdlib.h>
#include <unistd.h>

#include "base/stream.h"
#include "context/compress.h"
#include "record/question.h"
#include "token/token_tally.h"
#include "json/input.h"

#define PART	   ((size_t)64 << 10) /* bytes read at once */
#define OUT_BLOCK  ((size_t)32 << 10)
#define INPUT_NAME "stdin"

struct job {
	struct kb_token_counter *counter;
	struct kb_arena arena;
	struct kb_buf out;
	kb_count_print *print;
	void *arg;
	kb_count_fail *fail;
	size_t failed;
	struct kb_err *err; /* of the output: it ends all */
};

/* The rows before it are printed first. */
static int flush(struct job *job);

static int tell(struct job *job, const struct kb_err *why)
{
	int rc = flush(job);

	job->failed++;
	job->fail(why);
	return rc;
}

static int flush(struct job *job)
{
	int rc = 0;

	if (job->out.len)
		rc = job->print(job->arg, kb_buf_str(&job->out), job->err);
	kb_buf_reset(&job->out);
	return rc;
}

/* ---- files ---- */

static int add_stream(struct kb_token_tally *tally, struct kb_stream *stream,
		      struct kb_err *err)
{
	char *part = kb_malloc(PART);
	size_t n = 1;
	int rc = 0;

	while (rc == 0 && n) {
		n = 0;
		rc = kb_stream_read(stream, part, PART, &n, err);
		kb_token_tally_add(tally, part, n);
	}
	free(part);
	if (rc == 0)
		kb_token_tally_end(tally);
	return rc;
}

static int tally_file(struct kb_token_tally *tally, const char *path,
		      struct kb_err *err)
{
	bool is_stdin = !path || !strcmp(path, "-");
	struct kb_stream stream;
	int fd = is_stdin ? 0 : open(path, O_RDONLY | O_CLOEXEC), rc;

	if (fd < 0)
		return kb_err_sys(err, "'%s'", path);
	kb_stream_init(&stream, fd, is_stdin ? INPUT_NAME : path);
	rc = add_stream(tally, &stream, err);
	kb_stream_release(&stream);
	if (!is_stdin)
		close(fd);
	return rc;
}

static void print_row(struct job *job, const struct kb_token_tally *row,
		      const char *name)
{
	kb_buf_printf(&job->out, "%8" PRIu64 " %8" PRIu64 " %9" PRIu64 "%s%s\n",
		      row->lines, row->tokens, row->bytes, name ? " " : "",
		      name ? name : "");
}

static int count_files(struct job *job, const char *const *files, size_t n)
{
	struct kb_token_tally total;
	int rc = 0;

	kb_token_tally_init(&total, NULL);
	for (size_t i = 0; rc == 0 && (i < n || !i); i++) {
		const char *path = n ? files[i] : NULL;
		struct kb_token_tally one;
		struct kb_err why = {0};

		kb_token_tally_init(&one, job->counter);
		if (tally_file(&one, path, &why) < 0) {
			rc = tell(job, &why);
		} else {
			print_row(job, &one, path);
			rc = flush(job);
		}
		total.lines += one.lines;
		total.tokens += one.tokens;
		total.bytes += one.bytes;
		kb_token_tally_release(&one);
	}
	if (rc == 0 && n > 1)
		print_row(job, &total, "total");
	return rc;
}

/* ---- lines and records ---- */

/* The messages as they would be sent; a question would be one. */
static int count_record(struct job *job, struct kb_str line, size_t *n,
			struct kb_err *err)
{
	struct kb_question question, asked;
	struct kb_convo convo;
	struct kb_json messages;
	struct kb_rec rec;
	int rc = kb_rec_scan(&rec, &job->arena, line.ptr, line.len, err);

	if (rc < 0)
		return rc;
	messages = kb_json_get(kb_rec_get(&rec, "prompt"), "messages");
	if (messages.type == KB_JSON_NONE)
		messages = kb_rec_get(&rec, "messages");
	rc = kb_convo_read(&convo, messages, job->counter, &job->arena, err);
	*n = convo.n ? KB_CONVO_TOKENS : 0;
	for (size_t i = 0; rc == 0 && i < convo.n; i++)
		*n += convo.turns[i].tokens;
	if (rc < 0 || convo.n)
		return rc;
	rc = kb_question_choose(&rec, (struct kb_str){NULL, 0}, &job->arena,
				&question, &asked, err);
	if (rc == 0 && asked.text.len)
		*n = KB_CONVO_TOKENS + KB_TURN_TOKENS +
		     kb_token_count(job->counter, asked.text.ptr,
				    asked.text.len);
	return rc;
}

/* Below 0 for what the input or a record of it is; *broken: the output. */
static int count_lines(struct job *job, struct kb_input *in, bool records,
		       bool *broken, struct kb_err *err)
{
	struct kb_str line;
	int rc;

	while ((rc = kb_input_line(in, &line, err)) > 0) {
		size_t n = 0;

		if (!records)
			n = kb_token_count(job->counter, line.ptr, line.len);
		else if (!line.len)
			continue;
		else if (count_record(job, line, &n, err) < 0)
			return kb_err_place(err, "%s:%" PRIu64, in->name,
					    in->line);
		kb_arena_reset(&job->arena);
		kb_buf_printf(&job->out, "%zu\n", n);
		*broken = job->out.len >= OUT_BLOCK && flush(job) < 0;
		if (*broken)
			return KB_EIO;
	}
	return rc;
}

static int count_all_lines(struct job *job, const char *const *files, size_t n,
			   size_t max_line, bool records)
{
	bool broken = false;
	int rc = 0;

	for (size_t i = 0; rc == 0 && (i < n || !i); i++) {
		struct kb_err why = {0};
		struct kb_input in;

		kb_input_init(&in, n ? files + i : NULL, n ? 1 : 0, max_line);
		rc = count_lines(job, &in, records, &broken, &why);
		kb_input_release(&in);
		kb_arena_reset(&job->arena);
		if (rc < 0 && !broken)
			rc = tell(job, &why);
	}
	return rc;
}

int kb_count_files(const struct kb_tokenizer *tokenizer,
		   enum kb_count_each each, const char *const *files, size_t n,
		   size_t max_line, kb_count_print *print, void *arg,
		   kb_count_fail *fail, size_t *failed, struct kb_err *err)
{
	struct job job = {.print = print, .arg = arg, .fail = fail, .err = err};
	int rc, rc_out;

	job.counter = kb_token_counter_new(tokenizer);
	kb_arena_init(&job.arena);
	kb_buf_init(&job.out, 0);
	if (each == KB_COUNT_FILES)
		rc = count_files(&job, files, n);
	else
		rc = count_all_lines(&job, files, n, max_line,
				     each == KB_COUNT_RECORDS);
	*failed = job.failed;
	rc_out = rc < 0 ? 0 : flush(&job);
	kb_buf_release(&job.out);
	kb_arena_release(&job.arena);
	kb_token_counter_free(job.counter);
	return rc < 0 ? rc : rc_out;
}
