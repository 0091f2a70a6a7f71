#include "template/parse.h"

/* The operands of expressions: literals, names, calls, accesses, filters. */

static struct kb_expr *constant(struct kb_parser *p, uint32_t at,
				struct kb_val v)
{
	struct kb_expr *x = kb_parse_node(p, KB_X_CONST, at);

	x->val = v;
	return x;
}

static int stars(struct kb_parser *p)
{
	return kb_parse_take(p, "**") ? 2 : kb_parse_take(p, "*") ? 1 : 0;
}

/* Arguments behind "(", up to and with ")". */
bool kb_parse_args(struct kb_parser *p, struct kb_expr *call)
{
	while (!kb_parse_take(p, ")")) {
		struct kb_arg arg = {.stars = stars(p)};

		if (call->n_args >= 64) {
			kb_parse_fail(p, call->at, "more than 64 arguments");
			return false;
		}
		if (!arg.stars && kb_parse_peek(p)->type == KB_T_NAME &&
		    p->tokens[p->pos + 1].type == KB_T_PUNCT &&
		    kb_str_is(p->tokens[p->pos + 1].text, "=")) {
			arg.name = kb_parse_peek(p)->text;
			p->pos += 2;
		}
		arg.value = kb_parse_expr(p);
		if (!arg.value)
			return false;
		kb_parse_add(p, call, arg);
		if (!kb_parse_at(p, ")") && kb_parse_expect(p, ",") < 0)
			return false;
	}
	return true;
}

/* Elements of a list or tuple up to 'close'. */
static bool elements(struct kb_parser *p, struct kb_expr *list,
		     const char *close)
{
	while (!kb_parse_take(p, close)) {
		struct kb_arg arg = {.value = kb_parse_expr(p)};

		if (!arg.value)
			return false;
		kb_parse_add(p, list, arg);
		if (!kb_parse_at(p, close) && kb_parse_expect(p, ",") < 0)
			return false;
	}
	return true;
}

static bool dict_elements(struct kb_parser *p, struct kb_expr *dict)
{
	while (!kb_parse_take(p, "}")) {
		struct kb_arg key = {.value = kb_parse_expr(p)}, value = {0};

		if (!key.value || kb_parse_expect(p, ":") < 0)
			return false;
		value.value = kb_parse_expr(p);
		if (!value.value)
			return false;
		kb_parse_add(p, dict, key);
		kb_parse_add(p, dict, value);
		if (!kb_parse_at(p, "}") && kb_parse_expect(p, ",") < 0)
			return false;
	}
	return true;
}

static struct kb_expr *parenthesis(struct kb_parser *p, uint32_t at)
{
	struct kb_expr *first, *tuple;

	if (kb_parse_take(p, ")")) {
		tuple = kb_parse_node(p, KB_X_LIST, at);
		tuple->op = 1;
		return tuple;
	}
	first = kb_parse_expr(p);
	if (!first || kb_parse_take(p, ")"))
		return first;
	if (kb_parse_expect(p, ",") < 0)
		return NULL;
	tuple = kb_parse_node(p, KB_X_LIST, at);
	tuple->op = 1;
	kb_parse_add(p, tuple, (struct kb_arg){.value = first});
	return elements(p, tuple, ")") ? tuple : NULL;
}

static bool literal(struct kb_str name, struct kb_val *v)
{
	if (kb_str_is(name, "true") || kb_str_is(name, "True"))
		*v = kb_val_bool(true);
	else if (kb_str_is(name, "false") || kb_str_is(name, "False"))
		*v = kb_val_bool(false);
	else if (kb_str_is(name, "none") || kb_str_is(name, "None") ||
		 kb_str_is(name, "null"))
		*v = kb_val_none();
	else
		return false;
	return true;
}

static struct kb_expr *name(struct kb_parser *p, const struct kb_token *t)
{
	struct kb_val v;
	struct kb_expr *x;

	if (literal(t->text, &v))
		return constant(p, t->at, v);
	x = kb_parse_node(p, KB_X_NAME, t->at);
	x->name = t->text;
	x->id = kb_tmpl_intern(p->tmpl->env, t->text);
	x->fn = kb_function_find(t->text);
	return x;
}

/* Adjacent literals are one string. */
static struct kb_expr *string(struct kb_parser *p, const struct kb_token *t)
{
	struct kb_str s = t->text;

	while (kb_parse_peek(p)->type == KB_T_STRING) {
		struct kb_str more = p->tokens[p->pos++].text;
		char *joined = kb_arena_alloc(p->arena, s.len + more.len + 1);

		memcpy(joined, s.ptr, s.len);
		memcpy(joined + s.len, more.ptr, more.len);
		s = (struct kb_str){joined, s.len + more.len};
	}
	return constant(p, t->at, kb_val_str(s));
}

struct kb_expr *kb_parse_primary(struct kb_parser *p)
{
	const struct kb_token *t = kb_parse_peek(p);
	struct kb_expr *x;

	if (t->type == KB_T_NAME && !kb_str_is(t->text, "not")) {
		p->pos++;
		return name(p, t);
	}
	if (t->type == KB_T_STRING) {
		p->pos++;
		return string(p, t);
	}
	if (t->type == KB_T_INT || t->type == KB_T_FLOAT) {
		p->pos++;
		return constant(p, t->at,
				t->type == KB_T_INT ? kb_val_int(t->i)
						    : kb_val_float(t->f));
	}
	if (kb_parse_take(p, "("))
		return parenthesis(p, t->at);
	if (kb_parse_take(p, "[")) {
		x = kb_parse_node(p, KB_X_LIST, t->at);
		return elements(p, x, "]") ? x : NULL;
	}
	if (kb_parse_take(p, "{")) {
		x = kb_parse_node(p, KB_X_DICT, t->at);
		return dict_elements(p, x) ? x : NULL;
	}
	kb_parse_unexpected(p, "an expression");
	return NULL;
}

/* Behind "[": an index, or a slice with up to two colons. */
static struct kb_expr *subscript(struct kb_parser *p, struct kb_expr *of,
				 uint32_t at)
{
	struct kb_expr *x = kb_parse_node(p, KB_X_SLICE, at);
	struct kb_arg part = {0};
	int colons = 0;

	x->a = of;
	for (;;) {
		if (kb_parse_at(p, ":") || kb_parse_at(p, "]")) {
			bool more = colons < 2 && kb_parse_take(p, ":");

			kb_parse_add(p, x, part);
			part.value = NULL;
			if (!more)
				break;
			colons++;
			continue;
		}
		if (part.value) {
			kb_parse_unexpected(p, "']'");
			return NULL;
		}
		part.value = kb_parse_expr(p);
		if (!part.value)
			return NULL;
	}
	if (kb_parse_expect(p, "]") < 0)
		return NULL;
	if (colons)
		return x;
	x->type = KB_X_ITEM;
	x->b = x->args[0].value;
	if (!x->b) {
		kb_parse_fail(p, at, "expected an expression in '[]'");
		return NULL;
	}
	return x;
}

static struct kb_expr *attribute(struct kb_parser *p, struct kb_expr *of,
				 uint32_t at)
{
	const struct kb_token *t = kb_parse_peek(p);
	struct kb_expr *x;

	if (t->type == KB_T_INT) {
		x = kb_parse_node(p, KB_X_ITEM, at);
		x->b = constant(p, t->at, kb_val_int(t->i));
	} else if (t->type == KB_T_NAME) {
		x = kb_parse_node(p, KB_X_ATTR, at);
		x->name = t->text;
	} else {
		kb_parse_unexpected(p, "a name behind '.'");
		return NULL;
	}
	p->pos++;
	x->a = of;
	return x;
}

struct kb_expr *kb_parse_postfix(struct kb_parser *p, struct kb_expr *x)
{
	int links = 0;

	while (x) {
		uint32_t at = kb_parse_peek(p)->at;

		if (++links > KB_TMPL_NESTING) {
			kb_parse_fail(p, at, "more than %d links in a chain",
				      KB_TMPL_NESTING);
			return NULL;
		}
		if (kb_parse_take(p, ".")) {
			x = attribute(p, x, at);
		} else if (kb_parse_take(p, "[")) {
			x = subscript(p, x, at);
		} else if (kb_parse_take(p, "(")) {
			struct kb_expr *call =
			    kb_parse_node(p, KB_X_CALL, x->at);

			call->a = x;
			x = kb_parse_args(p, call) ? call : NULL;
		} else {
			break;
		}
	}
	return x;
}

struct kb_expr *kb_parse_filters(struct kb_parser *p, struct kb_expr *value)
{
	bool block = !value;
	struct kb_expr *x =
	    block ? kb_parse_node(p, KB_X_CAPTURED, kb_parse_peek(p)->at)
		  : value;
	int links = 0;

	while (kb_parse_take(p, "|") || (block && links == 0)) {
		const struct kb_token *t = kb_parse_peek(p);
		struct kb_expr *filter = kb_parse_node(p, KB_X_FILTER, t->at);
		char quoted[KB_QUOTE_MAX];

		if (++links > KB_TMPL_NESTING) {
			kb_parse_fail(p, t->at, "more than %d filters",
				      KB_TMPL_NESTING);
			return NULL;
		}
		if (t->type != KB_T_NAME) {
			kb_parse_unexpected(p, "the name of a filter");
			return NULL;
		}
		p->pos++;
		filter->a = x;
		filter->name = t->text;
		filter->fn = kb_filter_find(t->text);
		if (!filter->fn) {
			kb_parse_fail(
			    p, t->at, "no filter '%s'",
			    kb_err_quote(quoted, t->text.ptr, t->text.len));
			return NULL;
		}
		if (kb_parse_take(p, "(") && !kb_parse_args(p, filter))
			return NULL;
		x = kb_parse_postfix(p, filter);
		if (!x)
			return NULL;
	}
	return x;
}
