/*
 * Files of ranks (.tiktoken): a line for each token, its bytes in base64, a
 * blank, and its rank, which is its id, in decimal.
 */
#ifndef KB_TOKEN_TIKTOKEN_FILE_H
#define KB_TOKEN_TIKTOKEN_FILE_H

#include "token/bpe_build.h"

/* Build from the text of a file, whose pieces are cut by 'rule'. KB_EFORMAT
 * names the line. */
int kb_tiktoken_read(struct kb_bpe_owned *owned, struct kb_str text,
		     enum kb_split_rule rule, struct kb_err *err);

#endif
