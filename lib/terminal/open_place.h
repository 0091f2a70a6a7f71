/* A place in a file, shown to who sits at the terminal. */
#ifndef KB_TERMINAL_OPEN_PLACE_H
#define KB_TERMINAL_OPEN_PLACE_H

#include <stdbool.h>
#include <stdint.h>

#include "base/err.h"

/*
 * Open the file in $EDITOR, a command of the user's, at a line (0: none) where
 * the editor is known to take one as +LINE, and wait until it ends. False in
 * *opened: there is no $EDITOR. KB_ENOENT: there is no such file; KB_EREMOTE:
 * the editor ended otherwise than with status 0.
 */
int kb_open_place(const char *path, int64_t line, bool *opened,
		  struct kb_err *err);

#endif
