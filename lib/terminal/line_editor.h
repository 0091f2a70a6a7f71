/*
 * Lines typed at a terminal, to be edited and called back.
 *
 * The editing is that of libedit or readline, opened while the program runs
 * where one is installed and the terminal is not dumb; elsewhere the terminal's
 * own. Lines are kept for the length of the run and nowhere else. One editor a
 * process.
 */
#ifndef KB_TERMINAL_LINE_EDITOR_H
#define KB_TERMINAL_LINE_EDITOR_H

#include <signal.h>

#include "base/buf.h"

enum kb_typed {
	KB_TYPED_LINE,
	KB_TYPED_DROPPED, /* a signal came; the caller knows which */
	KB_TYPED_END,
};

void kb_line_editor_open(void);

/* Show the prompt on standard output and wait for a line on standard input,
 * without its newline. What was typed is dropped when *stop becomes other than
 * zero, in a handler without SA_RESTART. */
enum kb_typed kb_line_editor_read(const char *prompt, struct kb_buf *line,
				  const volatile sig_atomic_t *stop);

#endif
