/*
 * Lines from files or standard input, compressed or not.
 *
 * gzip and zstd are recognised by their first bytes, a byte order mark is
 * skipped, CR before LF dropped, a last line without LF taken. A line stays
 * valid until the next call. Memory is bounded by the longest line allowed:
 * a longer one is handed out in pieces.
 */
#ifndef KB_CLI_INPUT_H
#define KB_CLI_INPUT_H

#include <stdbool.h>
#include <stdint.h>

#include "base/err.h"
#include "base/mem.h"
#include "base/stream.h"

enum kb_input_event {
	KB_INPUT_LINE,
	KB_INPUT_PIECE, /* part of a line that is too long */
	KB_INPUT_LAST,	/* its last part */
	KB_INPUT_WAIT,	/* nothing there now and may_wait was false */
	KB_INPUT_END,
	KB_INPUT_FAIL,
};

struct kb_input {
	const char *const *files;
	size_t n_files, next_file;
	const char *name; /* of the current file, for messages */
	int fd;		  /* -1 between files */
	bool ended;	  /* no more bytes in this file */
	size_t max_line;
	char *buf;
	size_t start, scan, end, cap;
	bool in_long;	    /* inside a line that is too long */
	uint64_t line;	    /* number of the line handed out last */
	uint64_t bytes;	    /* uncompressed, in all */
	uint64_t file_size; /* of all plain files, for --progress; 0 unknown */
	uint64_t raw_bytes; /* read from files, as they are */
	struct kb_stream stream; /* of the current file */
	struct kb_str memory;	 /* a text instead of files */
	bool from_memory;
};

/* files are borrowed; none means standard input, "-" too. */
void kb_input_init(struct kb_input *in, const char *const *files, size_t n,
		   size_t max_line);
/* One text instead of files. */
void kb_input_init_text(struct kb_input *in, const char *text, size_t max_line);
void kb_input_release(struct kb_input *in);

enum kb_input_event kb_input_next(struct kb_input *in, bool may_wait,
				  struct kb_str *line, struct kb_err *err);

#endif
