/*
 * Template source to tokens. White-space control ("-%}", "{%-", and the
 * trimming of blanks around block tags unless keep_spaces) is settled here:
 * a text token is what will be printed.
 */
#ifndef KB_TEMPLATE_LEX_H
#define KB_TEMPLATE_LEX_H

#include "template/ast.h"

enum kb_token_type {
	KB_T_END,
	KB_T_TEXT,	  /* text */
	KB_T_PRINT_OPEN,  /* {{ */
	KB_T_PRINT_CLOSE, /* }} */
	KB_T_BLOCK_OPEN,  /* {% */
	KB_T_BLOCK_CLOSE, /* %} */
	KB_T_NAME,
	KB_T_STRING, /* text is decoded */
	KB_T_INT,
	KB_T_FLOAT,
	KB_T_PUNCT, /* text is the operator */
};

struct kb_token {
	enum kb_token_type type;
	uint32_t at;
	struct kb_str text;
	int64_t i;
	double f;
};

/* Tokens live in the environment's arena; the last is KB_T_END. */
int kb_tmpl_lex(struct kb_tmpl *tmpl, struct kb_token **tokens, size_t *n,
		struct kb_err *err);

#endif
