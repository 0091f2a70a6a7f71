#include "template/parse.h"

#include <stdarg.h>
#include <stdio.h>

/* Precedence, loosest first: if-else, or, and, not, comparison, + -, ~,
 * * / // %, unary, **, postfix and filters. As in Jinja. */

bool kb_parse_at(const struct kb_parser *p, const char *text)
{
	const struct kb_token *t = kb_parse_peek(p);

	return (t->type == KB_T_PUNCT || t->type == KB_T_NAME) &&
	       kb_str_is(t->text, text);
}

bool kb_parse_take(struct kb_parser *p, const char *text)
{
	if (!kb_parse_at(p, text))
		return false;
	p->pos++;
	return true;
}

int kb_parse_fail(struct kb_parser *p, uint32_t at, const char *fmt, ...)
{
	char text[300];
	va_list ap;

	va_start(ap, fmt);
	vsnprintf(text, sizeof(text), fmt, ap);
	va_end(ap);
	kb_err_set(p->err, KB_EINVAL, "%s", text);
	return kb_tmpl_place(p->tmpl, at, p->err);
}

int kb_parse_unexpected(struct kb_parser *p, const char *wanted)
{
	const struct kb_token *t = kb_parse_peek(p);
	char quoted[KB_QUOTE_MAX];

	if (t->type == KB_T_END || t->type == KB_T_BLOCK_CLOSE ||
	    t->type == KB_T_PRINT_CLOSE || t->type == KB_T_TEXT)
		return kb_parse_fail(p, t->at,
				     "expected %s before the tag ends", wanted);
	return kb_parse_fail(p, t->at, "expected %s, found '%s'", wanted,
			     kb_err_quote(quoted, t->text.ptr, t->text.len));
}

int kb_parse_expect(struct kb_parser *p, const char *text)
{
	char wanted[40];

	if (kb_parse_take(p, text))
		return 0;
	snprintf(wanted, sizeof(wanted), "'%s'", text);
	return kb_parse_unexpected(p, wanted);
}

int kb_parse_enter(struct kb_parser *p)
{
	if (++p->nesting <= KB_TMPL_NESTING)
		return 0;
	kb_parse_fail(p, kb_parse_peek(p)->at,
		      "nested deeper than the limit of %d", KB_TMPL_NESTING);
	if (p->err)
		p->err->code = KB_ELIMIT;
	return KB_ELIMIT;
}

struct kb_expr *kb_parse_node(struct kb_parser *p, enum kb_expr_type type,
			      uint32_t at)
{
	struct kb_expr *x = kb_arena_calloc(p->arena, 1, sizeof(*x));

	x->type = type;
	x->at = at;
	return x;
}

void kb_parse_add(struct kb_parser *p, struct kb_expr *x, struct kb_arg arg)
{
	/* Capacities are powers of two, known from the count. */
	if ((x->n_args & (x->n_args - 1)) == 0) {
		struct kb_arg *old = x->args;
		size_t cap = x->n_args ? x->n_args * 2 : 1;

		x->args = kb_arena_alloc(p->arena, cap * sizeof(*x->args));
		if (x->n_args)
			memcpy(x->args, old, x->n_args * sizeof(*old));
	}
	x->args[x->n_args++] = arg;
}

static struct kb_expr *unary_only(struct kb_parser *p)
{
	uint32_t at = kb_parse_peek(p)->at;
	bool minus = kb_parse_at(p, "-");
	struct kb_expr *x;

	if (!minus && !kb_parse_at(p, "+"))
		return kb_parse_postfix(p, kb_parse_primary(p));
	if (kb_parse_enter(p) < 0)
		return NULL;
	p->pos++;
	x = kb_parse_node(p, minus ? KB_X_NEG : KB_X_POS, at);
	x->a = unary_only(p);
	p->nesting--;
	return x->a ? x : NULL;
}

/* The operand of a binary operator: "-1 | abs" filters the whole -1, and
 * "-2 ** 2" is 4. */
static struct kb_expr *unary(struct kb_parser *p)
{
	struct kb_expr *x;

	if (kb_parse_enter(p) < 0)
		return NULL;
	x = unary_only(p);
	if (x && kb_parse_at(p, "|"))
		x = kb_parse_filters(p, x);
	p->nesting--;
	return x;
}

struct operator
{
	const char *text;
	int op;
};

/* A left-associative level: operand (op operand)*. */
static struct kb_expr *level(struct kb_parser *p, const struct operator* ops,
			     struct kb_expr *(*operand)(struct kb_parser *))
{
	struct kb_expr *x = operand(p);
	int links = 0;

	while (x) {
		const struct operator* o = ops;
		struct kb_expr *bin;

		while (o->text && !kb_parse_at(p, o->text))
			o++;
		if (!o->text)
			return x;
		bin = kb_parse_node(p, KB_X_BIN, kb_parse_peek(p)->at);
		if (++links > KB_TMPL_NESTING) {
			kb_parse_fail(p, bin->at, "more than %d operators",
				      KB_TMPL_NESTING);
			return NULL;
		}
		p->pos++;
		bin->op = o->op;
		bin->a = x;
		bin->b = operand(p);
		x = bin->b ? bin : NULL;
	}
	return x;
}

static struct kb_expr *power(struct kb_parser *p)
{
	static const struct operator ops[] = {{"**", KB_OP_POW}, {NULL, 0}};

	return level(p, ops, unary);
}

static struct kb_expr *product(struct kb_parser *p)
{
	static const struct operator ops[] = {{"*", KB_OP_MUL},
					      {"/", KB_OP_DIV},
					      {"//", KB_OP_FLOORDIV},
					      {"%", KB_OP_MOD},
					      {NULL, 0}};

	return level(p, ops, power);
}

static struct kb_expr *concat(struct kb_parser *p)
{
	static const struct operator ops[] = {{"~", KB_OP_CONCAT}, {NULL, 0}};

	return level(p, ops, product);
}

static struct kb_expr *sum(struct kb_parser *p)
{
	static const struct operator ops[] = {
	    {"+", KB_OP_ADD}, {"-", KB_OP_SUB}, {NULL, 0}};

	return level(p, ops, concat);
}

/* "is [not] name [argument]". */
static struct kb_expr *test(struct kb_parser *p, struct kb_expr *of)
{
	struct kb_expr *x = kb_parse_node(p, KB_X_TEST, kb_parse_peek(p)->at);
	const struct kb_token *t;
	char quoted[KB_QUOTE_MAX];

	x->a = of;
	x->op = kb_parse_take(p, "not");
	t = kb_parse_peek(p);
	if (t->type != KB_T_NAME) {
		kb_parse_unexpected(p, "the name of a test");
		return NULL;
	}
	p->pos++;
	x->name = t->text;
	x->fn = kb_test_find(t->text);
	if (!x->fn) {
		kb_parse_fail(p, t->at, "no test '%s'",
			      kb_err_quote(quoted, t->text.ptr, t->text.len));
		return NULL;
	}
	if (kb_parse_take(p, "("))
		return kb_parse_args(p, x) ? x : NULL;
	t = kb_parse_peek(p);
	if (*x->fn->params &&
	    (t->type == KB_T_STRING || t->type == KB_T_INT ||
	     t->type == KB_T_FLOAT || kb_parse_at(p, "[") ||
	     (t->type == KB_T_NAME && !kb_parse_at(p, "and") &&
	      !kb_parse_at(p, "or") && !kb_parse_at(p, "else") &&
	      !kb_parse_at(p, "is") && !kb_parse_at(p, "if")))) {
		struct kb_arg arg = {
		    .value = kb_parse_postfix(p, kb_parse_primary(p))};

		if (!arg.value)
			return NULL;
		kb_parse_add(p, x, arg);
	}
	return x;
}

static int comparison_op(struct kb_parser *p)
{
	static const struct operator ops[] = {
	    {"==", KB_OP_EQ}, {"!=", KB_OP_NE}, {"<", KB_OP_LT},
	    {"<=", KB_OP_LE}, {">", KB_OP_GT},	{">=", KB_OP_GE},
	    {"in", KB_OP_IN}, {NULL, 0}};

	for (const struct operator* o = ops; o->text; o++)
		if (kb_parse_take(p, o->text))
			return o->op;
	if (kb_parse_at(p, "not") &&
	    kb_str_is(p->tokens[p->pos + 1].text, "in")) {
		p->pos += 2;
		return KB_OP_NOT_IN;
	}
	return -1;
}

/* "a < b < c" is "a < b and b < c": 'last' is b, or NULL behind a first
 * operand. */
static struct kb_expr *chain(struct kb_parser *p, struct kb_expr *before,
			     struct kb_expr *last, struct kb_expr *bin)
{
	struct kb_expr *both;

	if (!last) {
		bin->a = before;
		return bin;
	}
	bin->a = last;
	both = kb_parse_node(p, KB_X_AND, bin->at);
	both->a = before;
	both->b = bin;
	return both;
}

static struct kb_expr *comparison(struct kb_parser *p)
{
	struct kb_expr *x = sum(p), *last = NULL;
	int links = 0;

	while (x) {
		uint32_t at = kb_parse_peek(p)->at;
		struct kb_expr *bin;
		int op;

		if (++links > KB_TMPL_NESTING) {
			kb_parse_fail(p, at, "more than %d comparisons",
				      KB_TMPL_NESTING);
			return NULL;
		}
		if (kb_parse_take(p, "is")) {
			x = test(p, x);
			last = NULL;
			continue;
		}
		op = comparison_op(p);
		if (op < 0)
			return x;
		bin = kb_parse_node(p, KB_X_BIN, at);
		bin->op = op;
		bin->b = sum(p);
		x = bin->b ? chain(p, x, last, bin) : NULL;
		last = bin->b;
	}
	return x;
}

static struct kb_expr *negation(struct kb_parser *p)
{
	uint32_t at = kb_parse_peek(p)->at;
	struct kb_expr *x;

	if (!kb_parse_at(p, "not"))
		return comparison(p);
	if (kb_parse_enter(p) < 0)
		return NULL;
	p->pos++;
	x = kb_parse_node(p, KB_X_NOT, at);
	x->a = negation(p);
	p->nesting--;
	return x->a ? x : NULL;
}

static struct kb_expr *logic(struct kb_parser *p, const char *word,
			     enum kb_expr_type type,
			     struct kb_expr *(*operand)(struct kb_parser *))
{
	struct kb_expr *x = operand(p);
	int links = 0;

	while (x && kb_parse_at(p, word)) {
		struct kb_expr *bin =
		    kb_parse_node(p, type, kb_parse_peek(p)->at);

		if (++links > KB_TMPL_NESTING) {
			kb_parse_fail(p, bin->at, "more than %d operators",
				      KB_TMPL_NESTING);
			return NULL;
		}
		p->pos++;
		bin->a = x;
		bin->b = operand(p);
		x = bin->b ? bin : NULL;
	}
	return x;
}

static struct kb_expr *conjunction(struct kb_parser *p)
{
	return logic(p, "and", KB_X_AND, negation);
}

struct kb_expr *kb_parse_or(struct kb_parser *p)
{
	return logic(p, "or", KB_X_OR, conjunction);
}

struct kb_expr *kb_parse_expr(struct kb_parser *p)
{
	struct kb_expr *x, *cond;
	uint32_t at = kb_parse_peek(p)->at;

	if (kb_parse_enter(p) < 0)
		return NULL;
	x = kb_parse_or(p);
	if (x && kb_parse_take(p, "if")) {
		cond = kb_parse_node(p, KB_X_COND, at);
		cond->a = x;
		cond->b = kb_parse_or(p);
		if (cond->b && kb_parse_take(p, "else")) {
			cond->c = kb_parse_expr(p);
			if (!cond->c)
				cond->b = NULL;
		}
		x = cond->b ? cond : NULL;
	}
	p->nesting--;
	return x;
}

struct kb_expr *kb_parse_tuple(struct kb_parser *p)
{
	struct kb_expr *x = kb_parse_expr(p), *tuple;

	if (!x || !kb_parse_at(p, ","))
		return x;
	tuple = kb_parse_node(p, KB_X_LIST, x->at);
	tuple->op = 1;
	kb_parse_add(p, tuple, (struct kb_arg){.value = x});
	while (kb_parse_take(p, ",")) {
		enum kb_token_type next = kb_parse_peek(p)->type;

		if (next == KB_T_BLOCK_CLOSE || next == KB_T_PRINT_CLOSE)
			break;
		x = kb_parse_expr(p);
		if (!x)
			return NULL;
		kb_parse_add(p, tuple, (struct kb_arg){.value = x});
	}
	return tuple;
}
