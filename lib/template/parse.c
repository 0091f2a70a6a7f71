#include "template/parse.h"

#include <assert.h>
#include <stdio.h>

static struct kb_stmt *body(struct kb_parser *p, const char *const *ends);

static struct kb_stmt *stmt(struct kb_parser *p, enum kb_stmt_type type,
			    uint32_t at)
{
	struct kb_stmt *s = kb_arena_calloc(p->arena, 1, sizeof(*s));

	s->type = type;
	s->at = at;
	return s;
}

static int close_tag(struct kb_parser *p)
{
	if (kb_parse_peek(p)->type != KB_T_BLOCK_CLOSE)
		return kb_parse_unexpected(p, "'%}'");
	p->pos++;
	return 0;
}

/* "{% name": is that what comes next? */
static bool at_tag(const struct kb_parser *p, const char *name)
{
	return kb_parse_peek(p)->type == KB_T_BLOCK_OPEN &&
	       p->tokens[p->pos + 1].type == KB_T_NAME &&
	       kb_str_is(p->tokens[p->pos + 1].text, name);
}

/* A body up to "{% end %}", which is taken. */
static bool closed_body(struct kb_parser *p, struct kb_stmt **to,
			const char *end)
{
	const char *const ends[] = {end, NULL};

	*to = body(p, ends);
	if (p->err->code)
		return false;
	p->pos += 2;
	return close_tag(p) == 0;
}

/* Names that are values. */
static bool is_constant(struct kb_str name)
{
	static const char *const names[] = {"true", "false", "none",
					    "True", "False", "None"};

	for (size_t i = 0; i < sizeof(names) / sizeof(*names); i++)
		if (kb_str_is(name, names[i]))
			return true;
	return false;
}

static bool variable(struct kb_parser *p, uint32_t *id)
{
	const struct kb_token *t = kb_parse_peek(p);

	if (t->type != KB_T_NAME || is_constant(t->text)) {
		kb_parse_unexpected(p, "a name");
		return false;
	}
	*id = kb_tmpl_intern(p->tmpl->env, t->text);
	p->pos++;
	return true;
}

/* "a" or "a, b" or "(a, b)". */
static bool variables(struct kb_parser *p, struct kb_stmt *s)
{
	bool paren = kb_parse_take(p, "(");
	uint32_t ids[16];

	do {
		if (s->n_ids == 16) {
			kb_parse_fail(p, s->at, "more than 16 variables");
			return false;
		}
		if (!variable(p, &ids[s->n_ids]))
			return false;
		s->n_ids++;
	} while (kb_parse_take(p, ","));
	if (paren && kb_parse_expect(p, ")") < 0)
		return false;
	s->ids = kb_arena_alloc(p->arena, s->n_ids * sizeof(*s->ids));
	memcpy(s->ids, ids, s->n_ids * sizeof(*s->ids));
	return true;
}

static struct kb_stmt *parse_if(struct kb_parser *p, uint32_t at)
{
	static const char *const ends[] = {"elif", "else", "endif", NULL};
	struct kb_stmt *s = stmt(p, KB_S_IF, at);

	s->expr = kb_parse_tuple(p);
	if (!s->expr || close_tag(p) < 0)
		return NULL;
	s->body = body(p, ends);
	if (p->err->code)
		return NULL;
	if (at_tag(p, "elif")) {
		uint32_t elif_at = kb_parse_peek(p)->at;

		p->pos += 2;
		if (kb_parse_enter(p) < 0)
			return NULL;
		s->other = parse_if(p, elif_at);
		p->nesting--;
		return s->other ? s : NULL;
	}
	if (at_tag(p, "else")) {
		p->pos += 2;
		if (close_tag(p) < 0 || !closed_body(p, &s->other, "endif"))
			return NULL;
		return s;
	}
	p->pos += 2;
	return close_tag(p) < 0 ? NULL : s;
}

static struct kb_stmt *parse_for(struct kb_parser *p, uint32_t at)
{
	static const char *const ends[] = {"else", "endfor", NULL};
	struct kb_stmt *s = stmt(p, KB_S_FOR, at);

	if (!variables(p, s) || kb_parse_expect(p, "in") < 0)
		return NULL;
	s->expr = kb_parse_or(p);
	if (!s->expr)
		return NULL;
	if (kb_parse_take(p, "if")) {
		s->cond = kb_parse_expr(p);
		if (!s->cond)
			return NULL;
	}
	if (kb_parse_at(p, "recursive")) {
		kb_parse_fail(p, at, "recursive loops are not supported");
		return NULL;
	}
	if (close_tag(p) < 0)
		return NULL;
	p->loops++;
	s->body = body(p, ends);
	p->loops--;
	if (p->err->code)
		return NULL;
	if (at_tag(p, "else")) {
		p->pos += 2;
		if (close_tag(p) < 0 || !closed_body(p, &s->other, "endfor"))
			return NULL;
		return s;
	}
	p->pos += 2;
	return close_tag(p) < 0 ? NULL : s;
}

/* A body whose text is collected: messages may not begin in it. */
static bool captured_body(struct kb_parser *p, struct kb_stmt **to,
			  const char *end)
{
	bool before = p->in_capture, ok;

	p->in_capture = true;
	ok = closed_body(p, to, end);
	p->in_capture = before;
	return ok;
}

static struct kb_stmt *parse_set(struct kb_parser *p, uint32_t at)
{
	struct kb_stmt *s = stmt(p, KB_S_SET, at);

	if (!variables(p, s))
		return NULL;
	if (s->n_ids == 1 && kb_parse_take(p, ".")) {
		const struct kb_token *t = kb_parse_peek(p);

		if (t->type != KB_T_NAME) {
			kb_parse_unexpected(p, "a name behind '.'");
			return NULL;
		}
		s->text = t->text;
		p->pos++;
	}
	if (kb_parse_take(p, "=")) {
		s->expr = kb_parse_tuple(p);
		return !s->expr || close_tag(p) < 0 ? NULL : s;
	}
	s->type = KB_S_CAPTURE;
	if (s->n_ids > 1 || s->text.len) {
		kb_parse_unexpected(p, "'='");
		return NULL;
	}
	if (kb_parse_at(p, "|")) {
		p->pos++;
		s->expr = kb_parse_filters(p, NULL);
		if (!s->expr)
			return NULL;
	}
	if (close_tag(p) < 0 || !captured_body(p, &s->body, "endset"))
		return NULL;
	return s;
}

/* "generation" of chat templates marks what a model is trained on: to a
 * prompt it is a block without variables. */
static struct kb_stmt *parse_generation(struct kb_parser *p, uint32_t at)
{
	struct kb_stmt *s = stmt(p, KB_S_WITH, at);

	return close_tag(p) < 0 || !closed_body(p, &s->body, "endgeneration")
		   ? NULL
		   : s;
}

static struct kb_stmt *parse_with(struct kb_parser *p, uint32_t at)
{
	struct kb_stmt *s = stmt(p, KB_S_WITH, at);

	s->ids = kb_arena_alloc(p->arena, 16 * sizeof(*s->ids));
	s->values = kb_arena_alloc(p->arena, 16 * sizeof(*s->values));
	while (kb_parse_peek(p)->type != KB_T_BLOCK_CLOSE) {
		if (s->n_ids == 16) {
			kb_parse_fail(p, at, "more than 16 variables");
			return NULL;
		}
		if (!variable(p, &s->ids[s->n_ids]) ||
		    kb_parse_expect(p, "=") < 0)
			return NULL;
		s->values[s->n_ids] = kb_parse_expr(p);
		if (!s->values[s->n_ids++])
			return NULL;
		if (kb_parse_peek(p)->type != KB_T_BLOCK_CLOSE &&
		    kb_parse_expect(p, ",") < 0)
			return NULL;
	}
	if (close_tag(p) < 0 || !closed_body(p, &s->body, "endwith"))
		return NULL;
	return s;
}

/* "(a, b=1)" of a macro or call block, behind the bracket. */
static bool parameters(struct kb_parser *p, struct kb_func *f)
{
	f->ids = kb_arena_alloc(p->arena, 32 * sizeof(*f->ids));
	f->names = kb_arena_alloc(p->arena, 32 * sizeof(*f->names));
	f->defaults = kb_arena_calloc(p->arena, 32, sizeof(*f->defaults));
	while (!kb_parse_take(p, ")")) {
		if (f->n_params == 32) {
			kb_parse_fail(p, kb_parse_peek(p)->at,
				      "more than 32 parameters");
			return false;
		}
		f->names[f->n_params] = kb_parse_peek(p)->text;
		if (!variable(p, &f->ids[f->n_params]))
			return false;
		if (kb_parse_take(p, "=")) {
			f->defaults[f->n_params] = kb_parse_expr(p);
			if (!f->defaults[f->n_params])
				return false;
		}
		f->n_params++;
		if (!kb_parse_at(p, ")") && kb_parse_expect(p, ",") < 0)
			return false;
	}
	return true;
}

/* The body of a macro is a world of its own: no loop of the outside may be
 * left from inside. */
static bool function_body(struct kb_parser *p, struct kb_stmt *s,
			  const char *end)
{
	int loops = p->loops;
	bool ok;

	p->loops = 0;
	ok = captured_body(p, &s->func->body, end);
	p->loops = loops;
	return ok;
}

static struct kb_stmt *parse_macro(struct kb_parser *p, uint32_t at)
{
	struct kb_stmt *s = stmt(p, KB_S_MACRO, at);

	s->func = kb_arena_calloc(p->arena, 1, sizeof(*s->func));
	s->func->tmpl = p->tmpl;
	s->func->name = kb_parse_peek(p)->text;
	if (!variables(p, s) || kb_parse_expect(p, "(") < 0 ||
	    !parameters(p, s->func) || close_tag(p) < 0 ||
	    !function_body(p, s, "endmacro"))
		return NULL;
	return s;
}

static struct kb_stmt *parse_call(struct kb_parser *p, uint32_t at)
{
	struct kb_stmt *s = stmt(p, KB_S_CALL, at);

	s->func = kb_arena_calloc(p->arena, 1, sizeof(*s->func));
	s->func->tmpl = p->tmpl;
	s->func->name = KB_STR("caller");
	s->func->caller = true;
	if (kb_parse_take(p, "(") && !parameters(p, s->func))
		return NULL;
	s->expr = kb_parse_expr(p);
	if (!s->expr)
		return NULL;
	if (s->expr->type != KB_X_CALL) {
		kb_parse_fail(p, at, "'call' needs a call of a macro");
		return NULL;
	}
	if (close_tag(p) < 0 || !function_body(p, s, "endcall"))
		return NULL;
	return s;
}

static struct kb_stmt *parse_filter(struct kb_parser *p, uint32_t at)
{
	struct kb_stmt *s = stmt(p, KB_S_FILTER, at);

	s->expr = kb_parse_filters(p, NULL);
	if (!s->expr || close_tag(p) < 0 ||
	    !captured_body(p, &s->body, "endfilter"))
		return NULL;
	return s;
}

static struct kb_stmt *parse_message(struct kb_parser *p, uint32_t at)
{
	struct kb_stmt *s = stmt(p, KB_S_MESSAGE, at);
	bool ok;

	if (p->in_message || p->in_capture) {
		kb_parse_fail(p, at,
			      "'message' may not stand inside a message, a "
			      "macro, a filter or a set block");
		return NULL;
	}
	if (kb_parse_expect(p, "role") < 0 || kb_parse_expect(p, "=") < 0)
		return NULL;
	s->expr = kb_parse_expr(p);
	if (!s->expr || close_tag(p) < 0)
		return NULL;
	p->in_message = true;
	p->tmpl->has_messages = true;
	ok = closed_body(p, &s->body, "endmessage");
	p->in_message = false;
	return ok ? s : NULL;
}

/* A name inside the template's directory: relative, no "..", no NUL. */
static bool is_inside(struct kb_str name)
{
	if (!name.len || name.len > 255 || name.ptr[0] == '/' ||
	    memchr(name.ptr, '\0', name.len))
		return false;
	for (size_t i = 0; i + 1 < name.len; i++)
		if (name.ptr[i] == '.' && name.ptr[i + 1] == '.')
			return false;
	return true;
}

static int load_include(struct kb_parser *p, struct kb_stmt *s,
			struct kb_str name)
{
	struct kb_tmpl_env *env = p->tmpl->env;
	struct kb_tmpl *t;
	char path[4096];
	int n = 0;
	int rc;

	for (t = env->templates; t; t = t->next, n++) {
		if (!kb_str_eq(t->name, name))
			continue;
		if (t->open)
			return kb_parse_fail(p, s->at,
					     "template includes itself");
		s->include = t;
		break;
	}
	if (n >= KB_TMPL_INCLUDES)
		return kb_parse_fail(p, s->at,
				     "more than the limit of %d includes",
				     KB_TMPL_INCLUDES);
	if (!t) {
		if (!env->options.dir)
			return kb_parse_fail(p, s->at,
					     "no directory to include from");
		snprintf(path, sizeof(path), "%s/%.*s", env->options.dir,
			 (int)name.len, name.ptr);
		rc = kb_tmpl_load_as(env, name, path, &s->include, p->err);
		if (rc < 0) {
			kb_tmpl_place(p->tmpl, s->at, p->err);
			return rc;
		}
	}
	if (s->include->has_messages) {
		p->tmpl->has_messages = true;
		if (p->in_message || p->in_capture)
			return kb_parse_fail(p, s->at,
					     "an included message may not "
					     "stand inside a message, macro, "
					     "filter or set block");
	}
	return 0;
}

static struct kb_stmt *parse_include(struct kb_parser *p, uint32_t at)
{
	const struct kb_token *t = kb_parse_peek(p);
	struct kb_stmt *s = stmt(p, KB_S_INCLUDE, at);

	if (t->type != KB_T_STRING || !is_inside(t->text)) {
		kb_parse_fail(p, at,
			      "'include' needs a literal name inside the "
			      "template's directory");
		return NULL;
	}
	p->pos++;
	if (close_tag(p) < 0 || load_include(p, s, t->text) < 0)
		return NULL;
	return s;
}

static struct kb_stmt *parse_jump(struct kb_parser *p, uint32_t at,
				  enum kb_stmt_type type)
{
	if (!p->loops) {
		kb_parse_fail(p, at, "'%s' stands outside a loop",
			      type == KB_S_BREAK ? "break" : "continue");
		return NULL;
	}
	return close_tag(p) < 0 ? NULL : stmt(p, type, at);
}

static struct kb_stmt *parse_do(struct kb_parser *p, uint32_t at)
{
	struct kb_stmt *s = stmt(p, KB_S_DO, at);

	s->expr = kb_parse_expr(p);
	return !s->expr || close_tag(p) < 0 ? NULL : s;
}

static struct kb_stmt *block_tag(struct kb_parser *p)
{
	uint32_t at = kb_parse_peek(p)->at;
	const struct kb_token *t = &p->tokens[p->pos + 1];
	char quoted[KB_QUOTE_MAX];

	p->pos++;
	if (t->type != KB_T_NAME) {
		kb_parse_unexpected(p, "the name of a statement");
		return NULL;
	}
	p->pos++;
	if (kb_str_is(t->text, "if"))
		return parse_if(p, at);
	if (kb_str_is(t->text, "for"))
		return parse_for(p, at);
	if (kb_str_is(t->text, "set"))
		return parse_set(p, at);
	if (kb_str_is(t->text, "with"))
		return parse_with(p, at);
	if (kb_str_is(t->text, "macro"))
		return parse_macro(p, at);
	if (kb_str_is(t->text, "call"))
		return parse_call(p, at);
	if (kb_str_is(t->text, "filter"))
		return parse_filter(p, at);
	if (kb_str_is(t->text, "message"))
		return parse_message(p, at);
	if (kb_str_is(t->text, "include"))
		return parse_include(p, at);
	if (kb_str_is(t->text, "break"))
		return parse_jump(p, at, KB_S_BREAK);
	if (kb_str_is(t->text, "continue"))
		return parse_jump(p, at, KB_S_CONTINUE);
	if (kb_str_is(t->text, "do"))
		return parse_do(p, at);
	if (kb_str_is(t->text, "generation"))
		return parse_generation(p, at);
	kb_parse_fail(p, at, "no statement '%s' is open or known",
		      kb_err_quote(quoted, t->text.ptr, t->text.len));
	return NULL;
}

static struct kb_stmt *next_stmt(struct kb_parser *p)
{
	const struct kb_token *t = kb_parse_peek(p);
	struct kb_stmt *s;

	if (t->type == KB_T_TEXT) {
		s = stmt(p, KB_S_TEXT, t->at);
		s->text = t->text;
		p->pos++;
		return s;
	}
	if (t->type == KB_T_BLOCK_OPEN)
		return block_tag(p);
	p->pos++;
	s = stmt(p, KB_S_EMIT, t->at);
	s->expr = kb_parse_tuple(p);
	if (!s->expr)
		return NULL;
	if (kb_parse_peek(p)->type != KB_T_PRINT_CLOSE) {
		kb_parse_unexpected(p, "'}}'");
		return NULL;
	}
	p->pos++;
	return s;
}

static bool at_end(const struct kb_parser *p, const char *const *ends)
{
	for (; ends && *ends; ends++)
		if (at_tag(p, *ends))
			return true;
	return false;
}

/* Statements up to one of the tags in ends (not taken), or for NULL to the
 * end of the source. On error p->err->code is set. */
static struct kb_stmt *body(struct kb_parser *p, const char *const *ends)
{
	struct kb_stmt *first = NULL, **link = &first;

	if (kb_parse_enter(p) < 0)
		return NULL;
	while (!at_end(p, ends)) {
		if (kb_parse_peek(p)->type == KB_T_END) {
			if (ends)
				kb_parse_fail(p, kb_parse_peek(p)->at,
					      "template ends before '%s'",
					      ends[0]);
			break;
		}
		*link = next_stmt(p);
		if (!*link)
			break;
		link = &(*link)->next;
	}
	p->nesting--;
	return first;
}

int kb_tmpl_parse(struct kb_tmpl *tmpl, struct kb_err *err)
{
	struct kb_err own = {0};
	struct kb_parser p = {
	    .tmpl = tmpl, .arena = &tmpl->env->arena, .err = &own};
	size_t n;

	assert(tmpl->source.ptr && tmpl->source.len <= KB_TMPL_SOURCE_MAX);
	assert(!tmpl->body); /* once */
	if (kb_tmpl_lex(tmpl, &p.tokens, &n, &own) == 0)
		tmpl->body = body(&p, NULL);
	if (err && own.code)
		*err = own;
	return own.code;
}
