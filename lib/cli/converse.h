/*
 * Lines typed at a terminal, one after another, and what a filter says to
 * each: the turn() of run.h. Ctrl-C drops the line, or what is being worked
 * on; Ctrl-D ends. Other signals end the program as they would, with the
 * terminal as it was.
 */
#ifndef KB_CLI_CONVERSE_H
#define KB_CLI_CONVERSE_H

#include "cli/run.h"

/* Until there are no more lines, or turn() fails with what err says. What is
 * said is broken at the width of the terminal. */
int kb_converse(const char *program, const struct kb_filter *filter,
		struct kb_err *err);

#endif
