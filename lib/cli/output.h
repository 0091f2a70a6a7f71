/*
 * Where records go, and where lines go that are no records.
 *
 * An output collects bytes and writes them in blocks; what cannot be
 * written is an error that is reported once, by the call that finds it. With a
 * path it is written beside the target and renamed by kb_output_finish(),
 * so that the target is always whole; without a finish it is removed.
 */
#ifndef KB_CLI_OUTPUT_H
#define KB_CLI_OUTPUT_H

#include <stdint.h>
#include <stdio.h>

#include "base/buf.h"
#include "base/err.h"

struct kb_output {
	struct kb_buf buf; /* append here, then kb_output_step() */
	int fd;
	char *path, *temp; /* NULL for standard output */
	bool tty;
	uint64_t bytes; /* written */
};

/* path NULL: standard output. append: to an existing file, as it is. */
int kb_output_open(struct kb_output *out, const char *path, bool append,
		   struct kb_err *err);
/* Write when a block is full. */
int kb_output_step(struct kb_output *out, struct kb_err *err);
int kb_output_flush(struct kb_output *out, struct kb_err *err);
/* Flush, sync, close, rename. */
int kb_output_finish(struct kb_output *out, struct kb_err *err);
/* Close; a temporary file that was not finished is removed. */
void kb_output_release(struct kb_output *out);

/* Text on standard output at once, for what is no stream of records. arg is
 * not looked at. */
int kb_output_print(void *arg, struct kb_str text, struct kb_err *err);

/*
 * Dead letters: lines that are no records. With a file each becomes
 * {"file","line","code","message","raw"}, or "raw_base64" when it is not
 * UTF-8 or too long to hold; and in any case one line on standard error
 * when there is no file.
 */
struct kb_dead {
	const char *program;
	FILE *file; /* or NULL */
	uint64_t n;
	unsigned char rest[3]; /* of base64, between pieces */
	size_t n_rest;
};

int kb_dead_open(struct kb_dead *dead, const char *program, const char *path,
		 struct kb_err *err);
void kb_dead_line(struct kb_dead *dead, const char *file, uint64_t line,
		  const struct kb_err *why, struct kb_str raw);
/* A line in pieces: begin, any number of pieces, end. */
void kb_dead_begin(struct kb_dead *dead, const char *file, uint64_t line,
		   const struct kb_err *why);
void kb_dead_piece(struct kb_dead *dead, struct kb_str raw);
void kb_dead_end(struct kb_dead *dead);
int kb_dead_close(struct kb_dead *dead, struct kb_err *err);

/* One line on standard error, "PROGRAM: LINE", with marks for hidden
 * characters. */
void kb_print_note(const char *program, const char *line);

/* A text on standard output at once, past what is buffered; hidden characters
 * but newline and tab are marked. */
void kb_print_now(struct kb_str text);

#endif
