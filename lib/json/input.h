/*
 * Lines from files or standard input, compressed or not.
 *
 * gzip and zstd are recognised by their first bytes, a byte order mark is
 * skipped, CR before LF dropped, a last line without LF taken. A line stays
 * valid until the next call. Memory is bounded by the longest line allowed:
 * a longer one is handed out in pieces.
 *
 * UTF-16 is converted. Where JSON is taken, the elements of an array, and
 * values that stand on several lines, are handed out as lines: the newlines
 * between their members as blanks. Rows of a table (csv.h) are handed out as
 * they are, with the newlines that are in them.
 */
#ifndef KB_JSON_INPUT_H
#define KB_JSON_INPUT_H

#include <stdbool.h>
#include <stdint.h>

#include "base/err.h"
#include "base/mem.h"
#include "base/stream.h"
#include "base/utf16.h"
#include "json/csv.h"
#include "json/input_form.h"

enum kb_input_event {
	KB_INPUT_LINE,
	KB_INPUT_PIECE, /* part of a line that is too long */
	KB_INPUT_LAST,	/* its last part */
	KB_INPUT_WAIT,	/* nothing there now and may_wait was false */
	KB_INPUT_END,
	KB_INPUT_FAIL,
};

enum kb_input_takes {
	KB_INPUT_TAKES_LINES, /* whatever is in them */
	KB_INPUT_TAKES_JSON,
	KB_INPUT_TAKES_BOTH, /* JSON, or lines of text */
	KB_INPUT_TAKES_ROWS, /* of a table */
};

struct kb_input {
	enum kb_input_takes takes; /* lines, until something else is set */
	const char *const *files;
	size_t n_files, next_file;
	const char *name; /* of the current file, for messages */
	int fd;		  /* -1 between files */
	bool ended;	  /* no more bytes in this file */
	size_t max_line;
	char *buf;
	size_t start, scan, end, cap;
	bool in_long;		/* inside a line that is too long */
	enum kb_csv_kind table; /* of KB_INPUT_TAKES_ROWS */
	struct kb_csv_scan row; /* the one that was begun */
	uint64_t inner;		/* newlines in the row handed out last */
	uint64_t line;		/* number of the line handed out last */
	uint64_t bytes;		/* uncompressed, in all */
	uint64_t file_size; /* of all plain files, for --progress; 0 unknown */
	uint64_t raw_bytes; /* read from files, as they are */
	struct kb_stream stream; /* of the current file */
	enum kb_input_code code; /* of the current file */
	enum kb_input_shape shape;
	struct kb_utf16 utf16;
	struct kb_value_split split;
	char *raw;	      /* UTF-16 on its way, or NULL */
	struct kb_str memory; /* a text instead of files */
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

/*
 * The same for who takes all or nothing: 1, or 0 at the end. KB_ELIMIT for a
 * line that is too long, KB_EINVAL for one in GB18030, both with its place;
 * other errors as they are.
 */
int kb_input_line(struct kb_input *in, struct kb_str *line, struct kb_err *err);

/* Name the line that was handed out last in a message about it. */
int kb_input_place(const struct kb_input *in, struct kb_err *err);

#endif
