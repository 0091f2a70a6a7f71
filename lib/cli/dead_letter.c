#include "cli/dead_letter.h"

#include <stdio.h>

#include "base/base64.h"
#include "base/utf8.h"
#include "json/write.h"

/* LINES_SHOWN: on standard error; the others are counted, so that the wrong
 * file does not fill a mailbox. */
enum { BLOCK_SIZE = 64 << 10, LINES_SHOWN = 20 };

int kb_dead_open(struct kb_dead *dead, const char *program, const char *path,
		 struct kb_err *err)
{
	*dead = (struct kb_dead){.program = program, .file = KB_FILE_OUT_NONE};
	kb_buf_init(&dead->buf, 0);
	return path ? kb_file_out_open(&dead->file, path, KB_FILE_OUT_GROW, err)
		    : 0;
}

int kb_dead_clear(struct kb_dead *dead, struct kb_err *err)
{
	return kb_file_out_clear(&dead->file, err);
}

static bool has_file(const struct kb_dead *dead)
{
	return dead->file.fd >= 0;
}

static void flush(struct kb_dead *dead)
{
	if (!dead->err.code)
		kb_file_out_write(&dead->file, dead->buf.ptr, dead->buf.len,
				  &dead->err);
	kb_buf_reset(&dead->buf);
}

static void begin(struct kb_dead *dead, const char *file, uint64_t line,
		  const struct kb_err *why, const char *member)
{
	struct kb_err shown;
	struct kb_jw w;

	dead->n++;
	if (!has_file(dead)) {
		if (dead->n > LINES_SHOWN)
			return;
		shown = *why;
		kb_err_place(&shown, "%s:%llu", file, (unsigned long long)line);
		fprintf(stderr, "%s: %s\n", dead->program, shown.msg);
		return;
	}
	kb_jw_init(&w, &dead->buf);
	kb_jw_obj(&w);
	kb_jw_key(&w, "file");
	kb_jw_cstr(&w, file);
	kb_jw_key(&w, "line");
	kb_jw_int(&w, (int64_t)line);
	kb_jw_key(&w, "code");
	kb_jw_cstr(&w, kb_code_name(why->code));
	kb_jw_key(&w, "message");
	kb_jw_cstr(&w, why->msg);
	kb_jw_key(&w, member);
}

void kb_dead_begin(struct kb_dead *dead, const char *file, uint64_t line,
		   const struct kb_err *why)
{
	begin(dead, file, line, why, "raw_base64");
	dead->in_line = true;
	dead->line_bytes = dead->n_rest = 0;
	if (has_file(dead))
		kb_buf_add_char(&dead->buf, '"');
}

void kb_dead_piece(struct kb_dead *dead, struct kb_str raw)
{
	dead->line_bytes += raw.len;
	if (!has_file(dead))
		return;
	while (raw.len) {
		size_t n = raw.len < BLOCK_SIZE ? raw.len : BLOCK_SIZE;

		if (dead->n_rest || n < 3) {
			dead->rest[dead->n_rest++] = (unsigned char)*raw.ptr;
			raw = kb_str_skip(raw, 1);
			if (dead->n_rest < 3)
				continue;
			kb_base64_add(&dead->buf, dead->rest, 3);
			dead->n_rest = 0;
		} else {
			n -= n % 3;
			kb_base64_add(&dead->buf, raw.ptr, n);
			raw = kb_str_skip(raw, n);
		}
		if (dead->buf.len >= BLOCK_SIZE)
			flush(dead);
	}
}

static void end(struct kb_dead *dead, bool cut)
{
	dead->in_line = false;
	if (!has_file(dead))
		return;
	if (dead->n_rest)
		kb_base64_add(&dead->buf, dead->rest, dead->n_rest);
	kb_buf_add_char(&dead->buf, '"');
	if (cut)
		kb_buf_printf(&dead->buf, ",\"cut\":true,\"bytes\":%llu",
			      (unsigned long long)dead->line_bytes);
	kb_buf_add_cstr(&dead->buf, "}\n");
	flush(dead);
}

void kb_dead_end(struct kb_dead *dead)
{
	end(dead, false);
}

void kb_dead_line(struct kb_dead *dead, const char *file, uint64_t line,
		  const struct kb_err *why, struct kb_str raw)
{
	if (has_file(dead) && !kb_utf8_valid(raw.ptr, raw.len)) {
		kb_dead_begin(dead, file, line, why);
		kb_dead_piece(dead, raw);
		kb_dead_end(dead);
		return;
	}
	begin(dead, file, line, why, "raw");
	if (!has_file(dead))
		return;
	kb_json_quote(&dead->buf, raw);
	kb_buf_add_cstr(&dead->buf, "}\n");
	flush(dead);
}

int kb_dead_finish(struct kb_dead *dead, struct kb_err *err)
{
	if (dead->in_line)
		end(dead, true);
	if (!has_file(dead) && dead->n > LINES_SHOWN)
		fprintf(stderr,
			"%s: %llu more lines are no records; --dead-letter "
			"keeps all of them\n",
			dead->program,
			(unsigned long long)(dead->n - LINES_SHOWN));
	if (dead->err.code) {
		*err = dead->err;
		return err->code;
	}
	return kb_file_out_close(&dead->file, err);
}

void kb_dead_release(struct kb_dead *dead)
{
	kb_file_out_release(&dead->file);
	kb_buf_release(&dead->buf);
}
