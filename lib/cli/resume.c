#include "cli/resume.h"

#include <sys/stat.h>
#include <unistd.h>

#include "base/hash.h"
#include "cli/output.h"
#include "record/error_member.h"
#include "json/input.h"

/* What an interrupted run can leave beside whole records: the beginning of
 * one, or the zeros of a file system that lost it. */
static bool may_be_cut(struct kb_str line)
{
	return line.len && (*line.ptr == '{' || !*line.ptr);
}

/* Nobody's other file is taken for the output of an earlier run. */
static int refuse(const struct kb_input *in, uint64_t line, struct kb_err *err)
{
	return kb_err_set(err, KB_EINVAL,
			  "%s:%llu: no record, so this is not what an earlier "
			  "run wrote; nothing was changed",
			  in->name, (unsigned long long)line);
}

static bool is_record(struct kb_str line, struct kb_arena *arena,
		      struct kb_rec *rec)
{
	kb_arena_reset(arena);
	return !kb_rec_scan(rec, arena, line.ptr, line.len, NULL);
}

static void note(struct kb_resume *resume, const struct kb_rec *rec)
{
	struct kb_str id = kb_rec_id(rec);

	resume->kept++;
	if (id.len)
		*kb_map_put(&resume->ids, kb_xxh64(id.ptr, id.len, 0), NULL) =
		    1;
}

/*
 * Read the old output: note what stays, or copy it when 'copy' is given. A
 * line that is no record is the last one, or there is none.
 */
static int read_old(struct kb_resume *resume, const char *path, size_t max_line,
		    struct kb_output *copy, struct kb_err *err)
{
	uint64_t broken = 0;
	enum kb_input_event event;
	struct kb_arena arena;
	struct kb_input in;
	struct kb_rec rec;
	struct kb_str line;
	int rc = 0;

	kb_arena_init(&arena);
	kb_input_init(&in, &path, 1, max_line);
	while (!rc &&
	       (event = kb_input_next(&in, true, &line, err)) != KB_INPUT_END) {
		resume->coded |= in.stream.codec || in.code > KB_CODE_UTF8;
		if (event == KB_INPUT_FAIL) {
			rc = KB_EIO;
		} else if (broken) {
			rc = refuse(&in, broken, err);
		} else if (event != KB_INPUT_LINE) {
			resume->dropped += !copy && event != KB_INPUT_PIECE;
		} else if (!is_record(line, &arena, &rec)) {
			resume->dropped += !copy;
			if (line.len)
				broken = in.line;
			if (broken && !may_be_cut(line))
				rc = refuse(&in, broken, err);
		} else if (kb_error_retryable(&rec)) {
			resume->dropped += !copy;
		} else if (copy) {
			kb_buf_add_str(&copy->buf, line);
			kb_buf_add_char(&copy->buf, '\n');
			rc = kb_output_step(copy, err);
		} else {
			note(resume, &rec);
		}
	}
	kb_input_release(&in);
	kb_arena_release(&arena);
	return rc;
}

static bool ends_in_newline(int fd)
{
	struct stat st;
	char last;

	return !fstat(fd, &st) && S_ISREG(st.st_mode) &&
	       (!st.st_size ||
		(pread(fd, &last, 1, st.st_size - 1) == 1 && last == '\n'));
}

/* What is kept, beside the file and then in its place, under a lock of its
 * own from the beginning. */
static int rewrite(struct kb_resume *resume, struct kb_file_out *file,
		   const char *path, size_t max_line, struct kb_err *err)
{
	struct kb_output copy;
	int rc = kb_output_open(&copy, path, err);

	if (!rc)
		rc = kb_file_out_lock(&copy.file, err);
	if (!rc)
		rc = read_old(resume, path, max_line, &copy, err);
	if (!rc)
		rc = kb_output_flush(&copy, err);
	if (!rc)
		rc = kb_file_out_publish(&copy.file, err);
	if (!rc) {
		kb_file_out_release(file);
		*file = copy.file;
		copy.file = KB_FILE_OUT_NONE;
	}
	kb_output_release(&copy);
	return rc;
}

int kb_resume_open(struct kb_resume *resume, struct kb_file_out *file,
		   const char *path, size_t max_line, struct kb_err *err)
{
	int rc;

	*resume = (struct kb_resume){.on = true};
	kb_map_init(&resume->ids);
	rc = kb_file_out_open(file, path, KB_FILE_OUT_GROW, err);
	/* A device or FIFO has nothing to go on from. */
	if (rc || !file->name)
		return rc;
	rc = read_old(resume, path, max_line, NULL, err);
	/* A last line that was cut is no sound JSON, or one that lost only
	 * its newline and gets it back. */
	if (rc ||
	    (!resume->dropped && !resume->coded && ends_in_newline(file->fd)))
		return rc;
	return rewrite(resume, file, path, max_line, err);
}

void kb_resume_release(struct kb_resume *resume)
{
	if (resume->on)
		kb_map_release(&resume->ids);
}

int kb_resume_check(struct kb_resume *resume, struct kb_str id,
		    struct kb_err *err)
{
	char quoted[KB_QUOTE_MAX];
	uint64_t *seen;

	if (!id.len)
		return kb_err_set(err, KB_EINVAL,
				  "a record without 'id'; --resume needs one "
				  "in every record");
	seen = kb_map_put(&resume->ids, kb_xxh64(id.ptr, id.len, 0), NULL);
	if (*seen >= 2)
		return kb_err_set(err, KB_EINVAL,
				  "id '%s' stands twice; --resume needs "
				  "unique ids",
				  kb_err_quote(quoted, id.ptr, id.len));
	*seen += 2;
	return *seen == 3;
}
