/*
 * The vocabularies that are linked in: o200k_base and cl100k_base. Where their
 * tables come from is told in lib/token/data/README.
 */
#ifndef KB_TOKEN_BPE_BUILTIN_H
#define KB_TOKEN_BPE_BUILTIN_H

#include "token/bpe_table.h"

void kb_bpe_builtin(enum kb_split_rule rule, struct kb_bpe *bpe);

#endif
