#include "cli/output.h"

#include <errno.h>
#include <fcntl.h>
#include <stdlib.h>
#include <sys/stat.h>
#include <unistd.h>

#include "base/file.h"
#include "json/write.h"

enum { BLOCK_SIZE = 64 << 10 };

int kb_output_open(struct kb_output *out, const char *path, bool append,
		   struct kb_err *err)
{
	struct stat st;

	*out = (struct kb_output){.fd = 1};
	kb_buf_init(&out->buf, 0);
	if (!path || !strcmp(path, "-")) {
		out->tty = isatty(1);
		return 0;
	}
	out->path = kb_strdup(path);
	if (append) {
		out->fd =
		    open(path, O_WRONLY | O_APPEND | O_CREAT | O_CLOEXEC, 0666);
	} else if (!stat(path, &st) && !S_ISREG(st.st_mode)) {
		/* a device or FIFO is written, never replaced */
		out->fd = open(path, O_WRONLY | O_CLOEXEC);
	} else {
		out->temp = kb_malloc(strlen(path) + 32);
		sprintf(out->temp, "%s.%ld.tmp", path, (long)getpid());
		out->fd = open(out->temp,
			       O_WRONLY | O_CREAT | O_TRUNC | O_CLOEXEC, 0666);
	}
	if (out->fd >= 0) {
		kb_die_removes(out->temp);
		return 0;
	}
	free(out->temp);
	out->temp = NULL;
	return kb_err_sys(err, "cannot write '%s'", path);
}

int kb_output_flush(struct kb_output *out, struct kb_err *err)
{
	const char *p = out->buf.ptr;
	size_t left = out->buf.len;

	while (left) {
		ssize_t n = write(out->fd, p, left);

		if (n < 0 && errno == EINTR)
			continue;
		if (n < 0) {
			kb_buf_reset(&out->buf);
			return kb_err_sys(err, "cannot write '%s'",
					  out->path ? out->path : "stdout");
		}
		p += n;
		left -= (size_t)n;
		out->bytes += (uint64_t)n;
	}
	kb_buf_reset(&out->buf);
	return 0;
}

int kb_output_step(struct kb_output *out, struct kb_err *err)
{
	if (out->buf.len < BLOCK_SIZE && !out->tty)
		return 0;
	return kb_output_flush(out, err);
}

int kb_output_finish(struct kb_output *out, struct kb_err *err)
{
	int rc = kb_output_flush(out, err), fd = out->fd;

	if (rc)
		return rc;
	if (out->path && fsync(fd) && errno != EINVAL && errno != EROFS)
		return kb_err_sys(err, "cannot write '%s'", out->path);
	/* Network file systems and full quotas may tell only here. */
	out->fd = -1;
	if (close(fd) && errno != EINTR)
		return kb_err_sys(err, "cannot write '%s'",
				  out->path ? out->path : "stdout");
	if (!out->temp)
		return 0;
	if (rename(out->temp, out->path))
		return kb_err_sys(err, "cannot rename '%s' to '%s'", out->temp,
				  out->path);
	kb_die_removes(NULL);
	free(out->temp);
	out->temp = NULL;
	/* The rename is durable once the directory is. */
	return kb_file_sync_dir_of(out->path, err);
}

void kb_output_release(struct kb_output *out)
{
	if (out->path && out->fd >= 0)
		close(out->fd);
	if (out->temp)
		unlink(out->temp);
	kb_die_removes(NULL);
	free(out->temp);
	free(out->path);
	kb_buf_release(&out->buf);
}

int kb_output_print(void *arg, struct kb_str text, struct kb_err *err)
{
	(void)arg;
	if (fwrite(text.ptr, 1, text.len, stdout) != text.len ||
	    fflush(stdout) != 0)
		return kb_err_sys(err, "cannot write standard output");
	return 0;
}

/* ---- dead letters ---- */

int kb_dead_open(struct kb_dead *dead, const char *program, const char *path,
		 struct kb_err *err)
{
	*dead = (struct kb_dead){.program = program};
	if (!path)
		return 0;
	dead->file = fopen(path, "we");
	if (!dead->file)
		return kb_err_sys(err, "cannot write '%s'", path);
	return 0;
}

static void begin(struct kb_dead *dead, const char *file, uint64_t line,
		  const struct kb_err *why, const char *member)
{
	struct kb_err shown;
	struct kb_buf buf;
	struct kb_jw w;

	dead->n++;
	if (!dead->file) {
		shown = *why;
		kb_err_place(&shown, "%s:%llu", file, (unsigned long long)line);
		fprintf(stderr, "%s: %s\n", dead->program, shown.msg);
		return;
	}
	kb_buf_init(&buf, 0);
	kb_jw_init(&w, &buf);
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
	fwrite(buf.ptr, 1, buf.len, dead->file);
	kb_buf_release(&buf);
}

void kb_dead_begin(struct kb_dead *dead, const char *file, uint64_t line,
		   const struct kb_err *why)
{
	begin(dead, file, line, why, "raw_base64");
	dead->n_rest = 0;
	if (dead->file)
		putc('"', dead->file);
}

static void put_base64(FILE *file, const unsigned char *p, size_t n)
{
	static const char digits[] = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklm"
				     "nopqrstuvwxyz0123456789+/";
	unsigned v = (unsigned)p[0] << 16;

	if (n > 1)
		v |= (unsigned)p[1] << 8;
	if (n > 2)
		v |= p[2];
	putc_unlocked(digits[v >> 18], file);
	putc_unlocked(digits[v >> 12 & 63], file);
	putc_unlocked(n > 1 ? digits[v >> 6 & 63] : '=', file);
	putc_unlocked(n > 2 ? digits[v & 63] : '=', file);
}

void kb_dead_piece(struct kb_dead *dead, struct kb_str raw)
{
	if (!dead->file)
		return;
	for (size_t i = 0; i < raw.len; i++) {
		dead->rest[dead->n_rest++] = (unsigned char)raw.ptr[i];
		if (dead->n_rest == 3) {
			put_base64(dead->file, dead->rest, 3);
			dead->n_rest = 0;
		}
	}
}

void kb_dead_end(struct kb_dead *dead)
{
	if (!dead->file)
		return;
	if (dead->n_rest)
		put_base64(dead->file, dead->rest, dead->n_rest);
	fputs("\"}\n", dead->file);
}

void kb_dead_line(struct kb_dead *dead, const char *file, uint64_t line,
		  const struct kb_err *why, struct kb_str raw)
{
	struct kb_buf quoted;
	bool whole;

	kb_buf_init(&quoted, 0);
	kb_json_quote(&quoted, raw);
	/* U+FFFD in the quotation and not in the line: bytes were lost */
	whole = !memmem(quoted.ptr, quoted.len, "\xef\xbf\xbd", 3) ||
		memmem(raw.ptr, raw.len, "\xef\xbf\xbd", 3);
	if (dead->file && !whole) {
		kb_dead_begin(dead, file, line, why);
		kb_dead_piece(dead, raw);
		kb_dead_end(dead);
	} else {
		begin(dead, file, line, why, "raw");
		if (dead->file) {
			fwrite(quoted.ptr, 1, quoted.len, dead->file);
			fputs("}\n", dead->file);
		}
	}
	kb_buf_release(&quoted);
}

int kb_dead_close(struct kb_dead *dead, struct kb_err *err)
{
	FILE *file = dead->file;

	dead->file = NULL;
	if (!file)
		return 0;
	if (ferror(file) | fclose(file))
		return kb_err_sys(err, "cannot write the dead letters");
	return 0;
}
