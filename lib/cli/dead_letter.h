/*
 * Dead letters: lines that are no records. With a file each becomes
 * {"file","line","code","message","raw"}, or "raw_base64" when it is not
 * UTF-8 or too long to hold; without one a line on standard error, of the first
 * twenty, and then their number.
 *
 * A letter is written as soon as it is whole, in place: what was refused is
 * there whatever ends the run. A line in pieces whose end never came is
 * closed with "cut":true and the number of its bytes that are kept.
 */
#ifndef KB_CLI_DEAD_LETTER_H
#define KB_CLI_DEAD_LETTER_H

#include <stdint.h>

#include "base/buf.h"
#include "base/err.h"
#include "base/file_out.h"

struct kb_dead {
	const char *program;
	struct kb_file_out file; /* fd -1: none */
	struct kb_buf buf;
	uint64_t n;
	bool in_line; /* between begin and end */
	uint64_t line_bytes;
	unsigned char rest[3]; /* of base64, between pieces */
	size_t n_rest;
	struct kb_err err; /* of the first write that did not work */
};

/* path may be NULL. What the file holds stays until kb_dead_clear().
 * KB_EBUSY: another run writes it. */
int kb_dead_open(struct kb_dead *dead, const char *program, const char *path,
		 struct kb_err *err);
/* Make the file empty: the run begins. */
int kb_dead_clear(struct kb_dead *dead, struct kb_err *err);
void kb_dead_line(struct kb_dead *dead, const char *file, uint64_t line,
		  const struct kb_err *why, struct kb_str raw);
/* A line in pieces: begin, any number of pieces, end. */
void kb_dead_begin(struct kb_dead *dead, const char *file, uint64_t line,
		   const struct kb_err *why);
void kb_dead_piece(struct kb_dead *dead, struct kb_str raw);
void kb_dead_end(struct kb_dead *dead);
/* Tells what could not be written. */
int kb_dead_finish(struct kb_dead *dead, struct kb_err *err);
void kb_dead_release(struct kb_dead *dead);

#endif
