#include "template/evaluator.h"

#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>

/* Statements, and the render as a whole. */

static int exec_body(struct kb_eval *vm, const struct kb_stmt *s)
{
	int rc = 0;

	vm->depth++;
	for (; s && rc == 0 && vm->jump == KB_JUMP_NONE; s = s->next)
		rc = kb_eval_exec(vm, s);
	vm->depth--;
	return rc;
}

/* The first value out of the record ends the stable prefix. */
static void mark_data(struct kb_eval *vm)
{
	if (vm->data_seen || vm->captures)
		return;
	vm->data_seen = true;
	vm->prefix_bytes =
	    vm->message_bytes + vm->role.len + vm->out->len - vm->message_start;
}

static int check_output(struct kb_eval *vm, uint32_t at)
{
	if (!vm->out->over && vm->out->len <= KB_TMPL_OUTPUT_MAX)
		return 0;
	return kb_eval_fail(vm, at, KB_ELIMIT,
			    "output has more bytes than the limit of %zu",
			    KB_TMPL_OUTPUT_MAX);
}

static int emit(struct kb_eval *vm, const struct kb_stmt *s)
{
	struct kb_val v;
	int rc = kb_eval_eval(vm, s->expr, &v);

	if (rc == 0)
		rc = kb_eval_undefined(vm, s->expr->at, v);
	if (rc < 0)
		return rc;
	if (s->expr->type != KB_X_CONST)
		mark_data(vm);
	kb_val_print(v, vm->env->options.dialect, vm->arena, vm->out);
	return check_output(vm, s->at);
}

static int exec_if(struct kb_eval *vm, const struct kb_stmt *s)
{
	struct kb_val v;
	int rc = kb_eval_eval(vm, s->expr, &v);

	if (rc < 0)
		return rc;
	return exec_body(vm, kb_val_truth(v, vm->arena) ? s->body : s->other);
}

/* One value to one name, or its elements to several. */
static int assign(struct kb_eval *vm, const struct kb_stmt *s, struct kb_val v)
{
	struct kb_val *items;
	size_t n;
	int rc;

	if (s->n_ids == 1) {
		kb_eval_set(vm, s->ids[0], v);
		return 0;
	}
	rc = kb_eval_items(vm, s->at, v, &items, &n);
	if (rc < 0)
		return rc;
	if (n != s->n_ids)
		return kb_eval_fail(vm, s->at, KB_EINVAL,
				    "%zu values for %zu names", n, s->n_ids);
	for (size_t i = 0; i < n; i++)
		kb_eval_set(vm, s->ids[i], items[i]);
	return 0;
}

/* Keep the items for which the loop's condition holds. */
static int select_items(struct kb_eval *vm, const struct kb_stmt *s,
			struct kb_val **items, size_t *n)
{
	struct kb_val *kept;
	size_t base = vm->n_vars, n_kept = 0;
	int rc = kb_eval_charge(vm, s->at, *n * sizeof(*kept));

	if (rc < 0)
		return rc;
	kept = kb_arena_alloc(vm->arena, *n * sizeof(*kept));
	for (size_t i = 0; i < *n; i++) {
		struct kb_val v;

		rc = assign(vm, s, (*items)[i]);
		if (rc == 0)
			rc = kb_eval_eval(vm, s->cond, &v);
		if (rc == 0)
			rc = kb_eval_undefined(vm, s->cond->at, v);
		if (rc < 0)
			return rc;
		if (kb_val_truth(v, vm->arena))
			kept[n_kept++] = (*items)[i];
		vm->n_vars = base;
	}
	*items = kept;
	*n = n_kept;
	return 0;
}

static int run_loop(struct kb_eval *vm, const struct kb_stmt *s,
		    struct kb_val *items, size_t n)
{
	struct kb_tmpl_loop loop = {.items = items, .n = n};
	size_t base = vm->n_vars;
	int rc = 0;

	loop.depth = ++vm->loop_depth;
	for (size_t i = 0; rc == 0 && i < n; i++) {
		vm->n_vars = base;
		loop.index = i;
		kb_eval_set(
		    vm, KB_ID_LOOP,
		    (struct kb_val){.type = KB_VAL_LOOP, .u.loop = &loop});
		rc = kb_eval_step(vm, s->at);
		if (rc == 0)
			rc = assign(vm, s, items[i]);
		if (rc == 0)
			rc = exec_body(vm, s->body);
		if (vm->jump == KB_JUMP_BREAK)
			i = n - 1;
		vm->jump = KB_JUMP_NONE;
	}
	vm->loop_depth--;
	return rc;
}

static int exec_for(struct kb_eval *vm, const struct kb_stmt *s)
{
	size_t scope = vm->scope, base = vm->n_vars, n;
	struct kb_val v, *items;
	int rc = kb_eval_eval(vm, s->expr, &v);

	if (rc == 0)
		rc = kb_eval_undefined(vm, s->expr->at, v);
	if (rc == 0)
		rc = kb_eval_items(vm, s->expr->at, v, &items, &n);
	if (rc < 0)
		return rc;
	vm->scope = base;
	if (s->cond)
		rc = select_items(vm, s, &items, &n);
	if (rc == 0 && n)
		rc = run_loop(vm, s, items, n);
	vm->n_vars = base;
	if (rc == 0 && !n)
		rc = exec_body(vm, s->other);
	vm->n_vars = base;
	vm->scope = scope;
	return rc;
}

static int exec_set(struct kb_eval *vm, const struct kb_stmt *s)
{
	struct kb_expr name = {.type = KB_X_NAME, .at = s->at};
	struct kb_val v, ns;
	int rc = kb_eval_eval(vm, s->expr, &v);

	if (rc < 0)
		return rc;
	if (!s->text.len)
		return assign(vm, s, v);
	name.id = s->ids[0];
	name.name = vm->env->names[s->ids[0]];
	rc = kb_eval_eval(vm, &name, &ns);
	if (rc < 0)
		return rc;
	if (ns.type != KB_VAL_DICT || !ns.u.dict->is_namespace)
		return kb_eval_fail(vm, s->at, KB_EINVAL,
				    "only members of a namespace can be set");
	rc = kb_eval_charge(vm, s->at, 64);
	kb_dict_put(ns.u.dict, vm->arena, s->text, v);
	return rc;
}

/* Print a body into a string. */
static int collect(struct kb_eval *vm, const struct kb_stmt *s,
		   struct kb_val *out)
{
	size_t mark = kb_eval_capture(vm);
	size_t scope = vm->scope, base = vm->n_vars;
	int rc;

	vm->scope = base;
	rc = exec_body(vm, s->body);
	vm->n_vars = base;
	vm->scope = scope;
	out->type = KB_VAL_STR;
	if (rc < 0)
		return rc;
	return kb_eval_captured(vm, mark, &out->u.s);
}

static int exec_capture(struct kb_eval *vm, const struct kb_stmt *s)
{
	struct kb_val v;
	int rc = collect(vm, s, &v);

	/* Read before a filter's arguments could capture another. */
	vm->captured = v;
	if (rc == 0 && s->expr)
		rc = kb_eval_eval(vm, s->expr, &v);
	if (rc < 0)
		return rc;
	if (s->type == KB_S_CAPTURE) {
		kb_eval_set(vm, s->ids[0], v);
		return 0;
	}
	mark_data(vm);
	kb_val_print(v, vm->env->options.dialect, vm->arena, vm->out);
	return check_output(vm, s->at);
}

static int exec_with(struct kb_eval *vm, const struct kb_stmt *s)
{
	size_t scope = vm->scope, base = vm->n_vars;
	struct kb_val values[16];
	int rc = 0;

	for (size_t i = 0; rc == 0 && i < s->n_ids; i++)
		rc = kb_eval_eval(vm, s->values[i], &values[i]);
	if (rc < 0)
		return rc;
	vm->scope = base;
	for (size_t i = 0; i < s->n_ids; i++)
		kb_eval_set(vm, s->ids[i], values[i]);
	rc = exec_body(vm, s->body);
	vm->n_vars = base;
	vm->scope = scope;
	return rc;
}

static int exec_call(struct kb_eval *vm, const struct kb_stmt *s)
{
	struct kb_func *caller = kb_arena_alloc(vm->arena, sizeof(*s->func));
	size_t scope = vm->scope, base = vm->n_vars;
	struct kb_val v;
	int rc;

	*caller = *s->func;
	caller->scope_from = vm->frame.own;
	caller->scope_to = vm->n_vars;
	vm->scope = base;
	kb_eval_set(vm, KB_ID_CALLER,
		    (struct kb_val){.type = KB_VAL_FUNC, .u.func = caller});
	rc = kb_eval_eval(vm, s->expr, &v);
	vm->n_vars = base;
	vm->scope = scope;
	if (rc < 0)
		return rc;
	mark_data(vm);
	kb_val_print(v, vm->env->options.dialect, vm->arena, vm->out);
	return check_output(vm, s->at);
}

static int exec_include(struct kb_eval *vm, const struct kb_stmt *s)
{
	const struct kb_tmpl *tmpl = vm->tmpl;
	size_t scope = vm->scope, base = vm->n_vars;
	int rc;

	vm->tmpl = s->include;
	vm->scope = base;
	rc = exec_body(vm, s->include->body);
	vm->n_vars = base;
	vm->scope = scope;
	vm->tmpl = tmpl;
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

static int message_role(struct kb_eval *vm, const struct kb_stmt *s,
			struct kb_str *role)
{
	char quoted[KB_QUOTE_MAX];
	struct kb_val v;
	int rc = kb_eval_eval(vm, s->expr, &v);

	if (rc == 0)
		rc = kb_eval_undefined(vm, s->expr->at, v);
	if (rc < 0)
		return rc;
	if (v.type != KB_VAL_STR)
		return kb_eval_fail(vm, s->at, KB_EINVAL,
				    "a role is a string, not %s",
				    kb_val_name(v));
	*role = v.u.s;
	if (s->expr->type == KB_X_CONST)
		return 0;
	mark_data(vm);
	if (!role_allowed(vm->input->roles, v.u.s))
		return kb_eval_fail(
		    vm, s->at, KB_EINVAL,
		    "role '%s' comes out of the record and is not allowed",
		    kb_err_quote(quoted, v.u.s.ptr, v.u.s.len));
	return 0;
}

static void add_message(struct kb_eval *vm, struct kb_message m)
{
	if (vm->n_messages == vm->messages_cap) {
		struct kb_message *old = vm->messages;

		vm->messages_cap = vm->messages_cap ? 2 * vm->messages_cap : 16;
		vm->messages =
		    kb_arena_alloc(vm->arena, vm->messages_cap * sizeof(*old));
		if (vm->n_messages)
			memcpy(vm->messages, old,
			       vm->n_messages * sizeof(*old));
	}
	vm->messages[vm->n_messages++] = m;
}

static int exec_message(struct kb_eval *vm, const struct kb_stmt *s)
{
	size_t before = vm->message_start;
	struct kb_message m;
	size_t scope = vm->scope, base = vm->n_vars;
	int rc = message_role(vm, s, &m.role);

	if (rc < 0)
		return rc;
	vm->message_start = vm->out->len;
	vm->role = m.role;
	vm->scope = base;
	rc = exec_body(vm, s->body);
	vm->n_vars = base;
	vm->scope = scope;
	if (rc < 0)
		return rc;
	m.content.len = vm->out->len - vm->message_start;
	rc = kb_eval_charge(vm, s->at, m.content.len + sizeof(m));
	if (rc < 0)
		return rc;
	m.content.ptr = kb_arena_strndup(
	    vm->arena, m.content.len ? vm->out->ptr + vm->message_start : "",
	    m.content.len);
	vm->out->len = vm->message_start;
	vm->message_bytes += m.role.len + m.content.len;
	vm->message_start = before;
	vm->role = (struct kb_str){NULL, 0};
	add_message(vm, m);
	return 0;
}

int kb_eval_exec(struct kb_eval *vm, const struct kb_stmt *s)
{
	struct kb_val v;

	switch (s->type) {
	case KB_S_TEXT:
		kb_buf_add_str(vm->out, s->text);
		return check_output(vm, s->at);
	case KB_S_EMIT:
		return emit(vm, s);
	case KB_S_IF:
		return exec_if(vm, s);
	case KB_S_FOR:
		return exec_for(vm, s);
	case KB_S_SET:
		return exec_set(vm, s);
	case KB_S_CAPTURE:
	case KB_S_FILTER:
		return exec_capture(vm, s);
	case KB_S_WITH:
		return exec_with(vm, s);
	case KB_S_MACRO:
		kb_eval_set(
		    vm, s->ids[0],
		    (struct kb_val){.type = KB_VAL_FUNC, .u.func = s->func});
		return 0;
	case KB_S_CALL:
		return exec_call(vm, s);
	case KB_S_INCLUDE:
		return exec_include(vm, s);
	case KB_S_MESSAGE:
		return exec_message(vm, s);
	case KB_S_BREAK:
		vm->jump = KB_JUMP_BREAK;
		return 0;
	case KB_S_CONTINUE:
		vm->jump = KB_JUMP_CONTINUE;
		return 0;
	case KB_S_DO:
		return kb_eval_eval(vm, s->expr, &v);
	}
	return 0;
}

int kb_tmpl_render(const struct kb_tmpl *tmpl,
		   const struct kb_tmpl_input *input, struct kb_arena *arena,
		   struct kb_buf *scratch, struct kb_tmpl_output *output,
		   struct kb_err *err)
{
	struct kb_eval vm = {.tmpl = tmpl,
			     .env = tmpl->env,
			     .input = input,
			     .arena = arena,
			     .out = scratch,
			     .err = err};
	size_t names = tmpl->env->n_names;
	int rc;

	kb_buf_reset(scratch);
	scratch->max = 2 * KB_TMPL_OUTPUT_MAX;
	vm.context = kb_arena_alloc(arena, names * sizeof(*vm.context) + 1);
	vm.looked_up = kb_arena_calloc(arena, names + 1, 1);
	rc = exec_body(&vm, tmpl->body);
	/* What was counted within the last step. */
	if (rc == 0 && vm.steps)
		rc = kb_eval_step(&vm, 0);
	if (rc == 0) {
		output->messages = vm.messages;
		output->n_messages = vm.n_messages;
		output->text = kb_arena_copy(
		    arena, scratch->len ? kb_buf_str(scratch) : KB_STR(""));
		output->prefix_bytes = vm.data_seen
					   ? vm.prefix_bytes
					   : vm.message_bytes + scratch->len;
	}
	free(vm.vars);
	return rc;
}
