/*
 * Where records go.
 *
 * An output collects bytes and writes them in blocks; what cannot be
 * written is an error that is reported once, by the call that finds it. With a
 * path it is written beside the target and renamed by kb_output_finish(),
 * so that the target is always whole; without a finish it is removed
 * (base/file_out.h).
 */
#ifndef KB_CLI_OUTPUT_H
#define KB_CLI_OUTPUT_H

#include <stdint.h>
#include <stdio.h>

#include "base/buf.h"
#include "base/err.h"
#include "base/file_out.h"

struct kb_output {
	struct kb_buf buf; /* append here, then kb_output_step() */
	struct kb_file_out file;
	bool is_stdout, tty;
	uint64_t bytes; /* written */
};

/* path NULL or "-": standard output. It stays at its place. */
int kb_output_open(struct kb_output *out, const char *path, struct kb_err *err);
/* Would an output to 'path', which 'option' names, leave the file 'kept' as it
 * is? KB_EINVAL: they are the same. */
int kb_output_keeps(const char *path, const char *option, const char *kept,
		    struct kb_err *err);
/* An output that goes on in a file that grows; it is the output's then. */
void kb_output_take(struct kb_output *out, struct kb_file_out *file);
/* Write when a block is full. */
int kb_output_step(struct kb_output *out, struct kb_err *err);
int kb_output_flush(struct kb_output *out, struct kb_err *err);
/* Flush, sync, rename, close. */
int kb_output_finish(struct kb_output *out, struct kb_err *err);
/* Close; what was not finished is removed unless it grows in its place. */
void kb_output_release(struct kb_output *out);

/* Add text to an output that is open, for who is given a function to print
 * with; arg is the output. */
int kb_output_add(void *arg, struct kb_str text, struct kb_err *err);

/* Text on standard output at once, for what is no stream of records. arg is
 * not looked at. */
int kb_output_print(void *arg, struct kb_str text, struct kb_err *err);

/* One line on standard error, "PROGRAM: LINE", with marks for hidden
 * characters. */
void kb_print_note(const char *program, const char *line);

/* A text on standard output at once, past what is buffered; hidden characters
 * but newline and tab are marked. */
void kb_print_now(struct kb_str text);

#endif
