#include "template/evaluator.h"

#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>

/* Statements, and the render as a whole. */

static int exec_body(struct kb_eval *ev, const struct kb_stmt *s)
{
	int rc = 0;

	ev->depth++;
	for (; s && rc == 0 && ev->jump == KB_JUMP_NONE; s = s->next)
		rc = kb_eval_exec(ev, s);
	ev->depth--;
	return rc;
}

/* The first value out of the record ends the stable prefix. */
static void mark_data(struct kb_eval *ev)
{
	if (ev->data_seen || ev->captures)
		return;
	ev->data_seen = true;
	ev->prefix_bytes =
	    ev->message_bytes + ev->role.len + ev->out->len - ev->message_start;
}

static int check_output(struct kb_eval *ev, uint32_t at)
{
	if (!ev->out->over && ev->out->len <= KB_TMPL_OUTPUT_MAX)
		return 0;
	return kb_eval_fail(ev, at, KB_ELIMIT,
			    "output has more bytes than the limit of %zu",
			    KB_TMPL_OUTPUT_MAX);
}

static int emit(struct kb_eval *ev, const struct kb_stmt *s)
{
	struct kb_val v;
	int rc = kb_eval_eval(ev, s->expr, &v);

	if (rc == 0)
		rc = kb_eval_undefined(ev, s->expr->at, v);
	if (rc < 0)
		return rc;
	if (s->expr->type != KB_X_CONST)
		mark_data(ev);
	kb_val_print(v, ev->env->options.dialect, ev->arena, ev->out);
	return check_output(ev, s->at);
}

static int exec_if(struct kb_eval *ev, const struct kb_stmt *s)
{
	struct kb_val v;
	int rc = kb_eval_eval(ev, s->expr, &v);

	if (rc < 0)
		return rc;
	return exec_body(ev, kb_val_truth(v, ev->arena) ? s->body : s->other);
}

/* One value to one name, or its elements to several. */
static int assign(struct kb_eval *ev, const struct kb_stmt *s, struct kb_val v)
{
	struct kb_val *items;
	size_t n;
	int rc;

	if (s->n_ids == 1) {
		kb_eval_set(ev, s->ids[0], v);
		return 0;
	}
	rc = kb_eval_items(ev, s->at, v, &items, &n);
	if (rc < 0)
		return rc;
	if (n != s->n_ids)
		return kb_eval_fail(ev, s->at, KB_EINVAL,
				    "%zu values for %zu names", n, s->n_ids);
	for (size_t i = 0; i < n; i++)
		kb_eval_set(ev, s->ids[i], items[i]);
	return 0;
}

/* Keep the items for which the loop's condition holds. */
static int select_items(struct kb_eval *ev, const struct kb_stmt *s,
			struct kb_val **items, size_t *n)
{
	struct kb_val *kept;
	size_t base = ev->n_vars, n_kept = 0;
	int rc = kb_eval_charge(ev, s->at, *n * sizeof(*kept));

	if (rc < 0)
		return rc;
	kept = kb_arena_alloc(ev->arena, *n * sizeof(*kept));
	for (size_t i = 0; i < *n; i++) {
		struct kb_val v;

		rc = assign(ev, s, (*items)[i]);
		if (rc == 0)
			rc = kb_eval_eval(ev, s->cond, &v);
		if (rc == 0)
			rc = kb_eval_undefined(ev, s->cond->at, v);
		if (rc < 0)
			return rc;
		if (kb_val_truth(v, ev->arena))
			kept[n_kept++] = (*items)[i];
		ev->n_vars = base;
	}
	*items = kept;
	*n = n_kept;
	return 0;
}

static int run_loop(struct kb_eval *ev, const struct kb_stmt *s,
		    struct kb_val *items, size_t n)
{
	struct kb_tmpl_loop loop = {.items = items, .n = n};
	size_t base = ev->n_vars;
	int rc = 0;

	loop.depth = ++ev->loop_depth;
	for (size_t i = 0; rc == 0 && i < n; i++) {
		ev->n_vars = base;
		loop.index = i;
		kb_eval_set(
		    ev, KB_ID_LOOP,
		    (struct kb_val){.type = KB_VAL_LOOP, .u.loop = &loop});
		rc = kb_eval_step(ev, s->at);
		if (rc == 0)
			rc = assign(ev, s, items[i]);
		if (rc == 0)
			rc = exec_body(ev, s->body);
		if (ev->jump == KB_JUMP_BREAK)
			i = n - 1;
		ev->jump = KB_JUMP_NONE;
	}
	ev->loop_depth--;
	return rc;
}

static int exec_for(struct kb_eval *ev, const struct kb_stmt *s)
{
	size_t scope = ev->scope, base = ev->n_vars, n;
	struct kb_val v, *items;
	int rc = kb_eval_eval(ev, s->expr, &v);

	if (rc == 0)
		rc = kb_eval_undefined(ev, s->expr->at, v);
	if (rc == 0)
		rc = kb_eval_items(ev, s->expr->at, v, &items, &n);
	if (rc < 0)
		return rc;
	ev->scope = base;
	if (s->cond)
		rc = select_items(ev, s, &items, &n);
	if (rc == 0 && n)
		rc = run_loop(ev, s, items, n);
	ev->n_vars = base;
	if (rc == 0 && !n)
		rc = exec_body(ev, s->other);
	ev->n_vars = base;
	ev->scope = scope;
	return rc;
}

static int exec_set(struct kb_eval *ev, const struct kb_stmt *s)
{
	struct kb_expr name = {.type = KB_X_NAME, .at = s->at};
	struct kb_val v, ns;
	int rc = kb_eval_eval(ev, s->expr, &v);

	if (rc < 0)
		return rc;
	if (!s->text.len)
		return assign(ev, s, v);
	name.id = s->ids[0];
	name.name = ev->env->names[s->ids[0]];
	rc = kb_eval_eval(ev, &name, &ns);
	if (rc < 0)
		return rc;
	if (ns.type != KB_VAL_DICT || !ns.u.dict->is_namespace)
		return kb_eval_fail(ev, s->at, KB_EINVAL,
				    "only members of a namespace can be set");
	rc = kb_eval_charge(ev, s->at, 64);
	kb_dict_put(ns.u.dict, ev->arena, s->text, v);
	return rc;
}

/* Print a body into a string. */
static int collect(struct kb_eval *ev, const struct kb_stmt *s,
		   struct kb_val *out)
{
	size_t mark = kb_eval_capture(ev);
	size_t scope = ev->scope, base = ev->n_vars;
	int rc;

	ev->scope = base;
	rc = exec_body(ev, s->body);
	ev->n_vars = base;
	ev->scope = scope;
	out->type = KB_VAL_STR;
	if (rc < 0)
		return rc;
	return kb_eval_captured(ev, mark, &out->u.s);
}

static int exec_capture(struct kb_eval *ev, const struct kb_stmt *s)
{
	struct kb_val v;
	int rc = collect(ev, s, &v);

	/* Read before a filter's arguments could capture another. */
	ev->captured = v;
	if (rc == 0 && s->expr)
		rc = kb_eval_eval(ev, s->expr, &v);
	if (rc < 0)
		return rc;
	if (s->type == KB_S_CAPTURE) {
		kb_eval_set(ev, s->ids[0], v);
		return 0;
	}
	mark_data(ev);
	kb_val_print(v, ev->env->options.dialect, ev->arena, ev->out);
	return check_output(ev, s->at);
}

static int exec_with(struct kb_eval *ev, const struct kb_stmt *s)
{
	size_t scope = ev->scope, base = ev->n_vars;
	struct kb_val values[16];
	int rc = 0;

	for (size_t i = 0; rc == 0 && i < s->n_ids; i++)
		rc = kb_eval_eval(ev, s->values[i], &values[i]);
	if (rc < 0)
		return rc;
	ev->scope = base;
	for (size_t i = 0; i < s->n_ids; i++)
		kb_eval_set(ev, s->ids[i], values[i]);
	rc = exec_body(ev, s->body);
	ev->n_vars = base;
	ev->scope = scope;
	return rc;
}

static int exec_call(struct kb_eval *ev, const struct kb_stmt *s)
{
	struct kb_func *caller = kb_arena_alloc(ev->arena, sizeof(*s->func));
	size_t scope = ev->scope, base = ev->n_vars;
	struct kb_val v;
	int rc;

	*caller = *s->func;
	caller->scope_from = ev->frame.own;
	caller->scope_to = ev->n_vars;
	ev->scope = base;
	kb_eval_set(ev, KB_ID_CALLER,
		    (struct kb_val){.type = KB_VAL_FUNC, .u.func = caller});
	rc = kb_eval_eval(ev, s->expr, &v);
	ev->n_vars = base;
	ev->scope = scope;
	if (rc < 0)
		return rc;
	mark_data(ev);
	kb_val_print(v, ev->env->options.dialect, ev->arena, ev->out);
	return check_output(ev, s->at);
}

static int exec_include(struct kb_eval *ev, const struct kb_stmt *s)
{
	const struct kb_tmpl *tmpl = ev->tmpl;
	size_t scope = ev->scope, base = ev->n_vars;
	int rc;

	ev->tmpl = s->include;
	ev->scope = base;
	rc = exec_body(ev, s->include->body);
	ev->n_vars = base;
	ev->scope = scope;
	ev->tmpl = tmpl;
	return rc;
}

static bool role_allowed(const char *roles, struct kb_str role)
{
	while (roles && *roles) {
		size_t n = strcspn(roles, " ");

		if (n && n == role.len && !memcmp(roles, role.ptr, n))
			return true;
		roles += n + (roles[n] == ' ');
	}
	return false;
}

static int message_role(struct kb_eval *ev, const struct kb_stmt *s,
			struct kb_str *role)
{
	char quoted[KB_QUOTE_MAX];
	struct kb_val v;
	int rc = kb_eval_eval(ev, s->expr, &v);

	if (rc == 0)
		rc = kb_eval_undefined(ev, s->expr->at, v);
	if (rc < 0)
		return rc;
	if (v.type != KB_VAL_STR)
		return kb_eval_fail(ev, s->at, KB_EINVAL,
				    "a role is a string, not %s",
				    kb_val_name(v));
	*role = v.u.s;
	if (s->expr->type == KB_X_CONST)
		return 0;
	mark_data(ev);
	if (!role_allowed(ev->input->roles, v.u.s))
		return kb_eval_fail(
		    ev, s->at, KB_EINVAL,
		    "role '%s' comes out of the record and is not allowed",
		    kb_err_quote(quoted, v.u.s.ptr, v.u.s.len));
	return 0;
}

static void add_message(struct kb_eval *ev, struct kb_message m)
{
	if (ev->n_messages == ev->messages_cap) {
		struct kb_message *old = ev->messages;

		ev->messages_cap = ev->messages_cap ? 2 * ev->messages_cap : 16;
		ev->messages =
		    kb_arena_alloc(ev->arena, ev->messages_cap * sizeof(*old));
		if (ev->n_messages)
			memcpy(ev->messages, old,
			       ev->n_messages * sizeof(*old));
	}
	ev->messages[ev->n_messages++] = m;
}

static int exec_message(struct kb_eval *ev, const struct kb_stmt *s)
{
	size_t before = ev->message_start;
	struct kb_message m;
	size_t scope = ev->scope, base = ev->n_vars;
	int rc = message_role(ev, s, &m.role);

	if (rc < 0)
		return rc;
	ev->message_start = ev->out->len;
	ev->role = m.role;
	ev->scope = base;
	rc = exec_body(ev, s->body);
	ev->n_vars = base;
	ev->scope = scope;
	if (rc < 0)
		return rc;
	m.content.len = ev->out->len - ev->message_start;
	rc = kb_eval_charge(ev, s->at, m.content.len + sizeof(m));
	if (rc < 0)
		return rc;
	m.content.ptr = kb_arena_strndup(
	    ev->arena, m.content.len ? ev->out->ptr + ev->message_start : "",
	    m.content.len);
	ev->out->len = ev->message_start;
	ev->message_bytes += m.role.len + m.content.len;
	ev->message_start = before;
	ev->role = (struct kb_str){NULL, 0};
	add_message(ev, m);
	return 0;
}

int kb_eval_exec(struct kb_eval *ev, const struct kb_stmt *s)
{
	struct kb_val v;

	switch (s->type) {
	case KB_S_TEXT:
		kb_buf_add_str(ev->out, s->text);
		return check_output(ev, s->at);
	case KB_S_EMIT:
		return emit(ev, s);
	case KB_S_IF:
		return exec_if(ev, s);
	case KB_S_FOR:
		return exec_for(ev, s);
	case KB_S_SET:
		return exec_set(ev, s);
	case KB_S_CAPTURE:
	case KB_S_FILTER:
		return exec_capture(ev, s);
	case KB_S_WITH:
		return exec_with(ev, s);
	case KB_S_MACRO:
		kb_eval_set(
		    ev, s->ids[0],
		    (struct kb_val){.type = KB_VAL_FUNC, .u.func = s->func});
		return 0;
	case KB_S_CALL:
		return exec_call(ev, s);
	case KB_S_INCLUDE:
		return exec_include(ev, s);
	case KB_S_MESSAGE:
		return exec_message(ev, s);
	case KB_S_BREAK:
		ev->jump = KB_JUMP_BREAK;
		return 0;
	case KB_S_CONTINUE:
		ev->jump = KB_JUMP_CONTINUE;
		return 0;
	case KB_S_DO:
		return kb_eval_eval(ev, s->expr, &v);
	}
	return 0;
}

int kb_tmpl_render(const struct kb_tmpl *tmpl,
		   const struct kb_tmpl_input *input, struct kb_arena *arena,
		   struct kb_buf *scratch, struct kb_tmpl_output *output,
		   struct kb_err *err)
{
	struct kb_eval ev = {.tmpl = tmpl,
			     .env = tmpl->env,
			     .input = input,
			     .arena = arena,
			     .out = scratch,
			     .err = err};
	size_t names = tmpl->env->n_names;
	int rc;

	kb_buf_reset(scratch);
	scratch->max = 2 * KB_TMPL_OUTPUT_MAX;
	ev.context = kb_arena_alloc(arena, names * sizeof(*ev.context) + 1);
	ev.looked_up = kb_arena_calloc(arena, names + 1, 1);
	rc = exec_body(&ev, tmpl->body);
	/* What was counted within the last step. */
	if (rc == 0 && ev.steps)
		rc = kb_eval_step(&ev, 0);
	if (rc == 0) {
		output->messages = ev.messages;
		output->n_messages = ev.n_messages;
		output->text = kb_arena_copy(
		    arena, scratch->len ? kb_buf_str(scratch) : KB_STR(""));
		output->prefix_bytes = ev.data_seen
					   ? ev.prefix_bytes
					   : ev.message_bytes + scratch->len;
	}
	free(ev.vars);
	return rc;
}
