/*
 * What the two halves of the parser share: statements (parse.c) and
 * expressions (parse_expr.c).
 */
#ifndef KB_TEMPLATE_PARSE_H
#define KB_TEMPLATE_PARSE_H

#include "template/lex.h"

struct kb_parser {
	struct kb_tmpl *tmpl;
	struct kb_arena *arena;
	struct kb_token *tokens;
	size_t pos;
	int nesting; /* statements and expressions, to KB_TMPL_NESTING */
	int loops;   /* open for loops of the current macro */
	bool in_message, in_capture;
	struct kb_err *err;
};

static inline const struct kb_token *kb_parse_peek(const struct kb_parser *p)
{
	return &p->tokens[p->pos];
}

/* The next token is this operator or name. */
bool kb_parse_at(const struct kb_parser *p, const char *text);
/* Take it if it is. */
bool kb_parse_take(struct kb_parser *p, const char *text);
int kb_parse_expect(struct kb_parser *p, const char *text);

int kb_parse_fail(struct kb_parser *p, uint32_t at, const char *fmt, ...)
    __attribute__((format(printf, 3, 4)));

/* Enter one more level of nesting; leave with p->nesting--. */
int kb_parse_enter(struct kb_parser *p);

/* "expected WANTED, found ...". */
int kb_parse_unexpected(struct kb_parser *p, const char *wanted);

struct kb_expr *kb_parse_node(struct kb_parser *p, enum kb_expr_type type,
			      uint32_t at);
void kb_parse_add(struct kb_parser *p, struct kb_expr *x, struct kb_arg arg);

/* Arguments behind "(", up to and with ")". */
bool kb_parse_args(struct kb_parser *p, struct kb_expr *call);

/* A literal, a name, a bracket. */
struct kb_expr *kb_parse_primary(struct kb_parser *p);
/* Calls, attributes and subscripts behind x; NULL for NULL. */
struct kb_expr *kb_parse_postfix(struct kb_parser *p, struct kb_expr *x);

/* NULL on error, which stands in p->err. */
struct kb_expr *kb_parse_expr(struct kb_parser *p);
/* Several with commas make a tuple. */
struct kb_expr *kb_parse_tuple(struct kb_parser *p);
/* Without "a if b else c": what a for loop runs over. */
struct kb_expr *kb_parse_or(struct kb_parser *p);
/* "| name(args) | ..." behind value, which may be NULL (a filter block). */
struct kb_expr *kb_parse_filters(struct kb_parser *p, struct kb_expr *value);

#endif
