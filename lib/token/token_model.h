/*
 * Which vocabulary serves a model, by the model's name.
 *
 * The names are those that OpenAI's models are called by, with a provider
 * before a slash, "ft:" before and a date or variant behind; what follows
 * tiktoken 0.14.0 (tiktoken/model.py). Other makers publish their own as files.
 */
#ifndef KB_TOKEN_TOKEN_MODEL_H
#define KB_TOKEN_TOKEN_MODEL_H

#include <stdbool.h>

#include "token/token_split.h"

/* False for a model that none of both serves. */
bool kb_token_rule_of_model(const char *model, enum kb_split_rule *rule);

#endif
