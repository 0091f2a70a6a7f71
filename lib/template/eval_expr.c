#include "template/evaluator.h"

#include <math.h>

static int eval_list(struct kb_eval *ev, const struct kb_expr *x,
		     struct kb_val *out)
{
	int rc = kb_eval_charge(ev, x->at, 64 + x->n_args * sizeof(*out));

	if (rc < 0)
		return rc;
	*out = kb_val_list(ev->arena, x->op == 1);
	for (size_t i = 0; i < x->n_args; i++) {
		struct kb_val v;

		rc = kb_eval_eval(ev, x->args[i].value, &v);
		if (rc < 0)
			return rc;
		kb_seq_add(out->u.list, ev->arena, v);
	}
	return 0;
}

static int eval_dict(struct kb_eval *ev, const struct kb_expr *x,
		     struct kb_val *out)
{
	int rc = kb_eval_charge(ev, x->at, 64 + x->n_args * sizeof(*out));

	if (rc < 0)
		return rc;
	*out = kb_val_dict(ev->arena);
	for (size_t i = 0; i + 1 < x->n_args; i += 2) {
		struct kb_val key = {0}, v = {0};
		struct kb_str name = {0};

		rc = kb_eval_eval(ev, x->args[i].value, &key);
		if (rc == 0)
			rc = kb_eval_eval(ev, x->args[i + 1].value, &v);
		if (rc == 0)
			rc = kb_eval_undefined(ev, x->at, key);
		if (rc == 0)
			rc = kb_eval_text(ev, x->at, key, &name);
		if (rc < 0)
			return rc;
		kb_dict_put(out->u.dict, ev->arena, name, v);
	}
	return 0;
}

static struct kb_binding *find_var(struct kb_eval *ev, uint32_t id)
{
	const struct kb_frame *f = &ev->frame;

	for (size_t i = ev->n_vars; i > f->own; i--)
		if (ev->vars[i - 1].id == id)
			return &ev->vars[i - 1];
	for (size_t i = f->outer_to; i > f->outer_from; i--)
		if (ev->vars[i - 1].id == id)
			return &ev->vars[i - 1];
	for (size_t i = f->own ? ev->n_globals : 0; i > 0; i--)
		if (ev->vars[i - 1].id == id)
			return &ev->vars[i - 1];
	return NULL;
}

/* The value of a name outside the template: given variables come before
 * the record's members. */
static struct kb_val context(struct kb_eval *ev, uint32_t id,
			     struct kb_str name)
{
	const struct kb_tmpl_input *in = ev->input;
	struct kb_val v = {.type = KB_VAL_UNDEF, .u.s = name};

	if (ev->looked_up[id])
		return ev->context[id];
	ev->looked_up[id] = true;
	for (size_t i = 0; i < in->n_vars; i++)
		if (kb_str_eq(in->vars[i].name, name)) {
			ev->context[id] = in->vars[i].val;
			return ev->context[id];
		}
	if (in->rec) {
		char key[256];

		if (name.len < sizeof(key)) {
			memcpy(key, name.ptr, name.len);
			key[name.len] = '\0';
			v = kb_val_json(kb_rec_get(in->rec, key), ev->arena);
		}
	}
	if (v.type == KB_VAL_UNDEF)
		v.u.s = name;
	ev->context[id] = v;
	return v;
}

static void eval_name(struct kb_eval *ev, const struct kb_expr *x,
		      struct kb_val *out)
{
	struct kb_binding *b = find_var(ev, x->id);

	if (b) {
		*out = b->val;
		return;
	}
	*out = context(ev, x->id, x->name);
	if (out->type == KB_VAL_UNDEF && x->fn) {
		struct kb_func *f = kb_arena_calloc(ev->arena, 1, sizeof(*f));

		f->builtin = x->fn;
		f->name = x->name;
		*out = (struct kb_val){.type = KB_VAL_FUNC, .u.func = f};
	}
}

static struct kb_val loop_attr(const struct kb_tmpl_loop *l, struct kb_str name)
{
	struct kb_val none = {.type = KB_VAL_UNDEF, .u.s = name};
	int64_t i = (int64_t)l->index, n = (int64_t)l->n;

	if (kb_str_is(name, "index"))
		return kb_val_int(i + 1);
	if (kb_str_is(name, "index0"))
		return kb_val_int(i);
	if (kb_str_is(name, "first"))
		return kb_val_bool(i == 0);
	if (kb_str_is(name, "last"))
		return kb_val_bool(i + 1 == n);
	if (kb_str_is(name, "length"))
		return kb_val_int(n);
	if (kb_str_is(name, "revindex"))
		return kb_val_int(n - i);
	if (kb_str_is(name, "revindex0"))
		return kb_val_int(n - i - 1);
	if (kb_str_is(name, "depth"))
		return kb_val_int(l->depth);
	if (kb_str_is(name, "depth0"))
		return kb_val_int(l->depth - 1);
	if (kb_str_is(name, "previtem"))
		return i > 0 ? l->items[i - 1] : none;
	if (kb_str_is(name, "nextitem"))
		return i + 1 < n ? l->items[i + 1] : none;
	return none;
}

struct kb_val kb_eval_attr(struct kb_eval *ev, struct kb_val v,
			   struct kb_str name)
{
	struct kb_val missing = {.type = KB_VAL_UNDEF, .u.s = name};
	struct kb_val *found;

	if (v.type == KB_VAL_LOOP)
		return loop_attr(v.u.loop, name);
	if (v.type != KB_VAL_DICT)
		return missing;
	found = kb_dict_get(v.u.dict, ev->arena, name);
	return found ? *found : missing;
}

struct kb_val kb_eval_path(struct kb_eval *ev, struct kb_val v,
			   struct kb_str path)
{
	while (path.len && v.type != KB_VAL_UNDEF) {
		const char *dot = memchr(path.ptr, '.', path.len);
		size_t n = dot ? (size_t)(dot - path.ptr) : path.len;
		struct kb_str part = {path.ptr, n};
		int64_t i;

		if (v.type == KB_VAL_LIST &&
		    kb_json_int((struct kb_json){KB_JSON_NUMBER, part.ptr, n},
				&i))
			v = kb_eval_index(ev, v, i);
		else
			v = kb_eval_attr(ev, v, part);
		path.ptr += n + (dot != NULL);
		path.len -= n + (dot != NULL);
	}
	return v;
}

static int eval_attr(struct kb_eval *ev, const struct kb_expr *x,
		     struct kb_val *out)
{
	struct kb_val of;
	char quoted[KB_QUOTE_MAX];
	int rc = kb_eval_eval(ev, x->a, &of);

	if (rc < 0)
		return rc;
	if (of.type == KB_VAL_UNDEF)
		return kb_eval_fail(
		    ev, x->a->at, KB_EINVAL, "'%s' is undefined",
		    kb_err_quote(quoted, of.u.s.ptr, of.u.s.len));
	*out = kb_eval_attr(ev, of, x->name);
	return 0;
}

static int eval_item(struct kb_eval *ev, const struct kb_expr *x,
		     struct kb_val *out)
{
	struct kb_val of, key;
	int rc = kb_eval_eval(ev, x->a, &of);

	if (rc == 0)
		rc = kb_eval_eval(ev, x->b, &key);
	if (rc == 0)
		rc = kb_eval_undefined(ev, x->a->at, of);
	if (rc == 0)
		rc = kb_eval_undefined(ev, x->b->at, key);
	if (rc < 0)
		return rc;
	if (key.type == KB_VAL_INT && of.type != KB_VAL_DICT) {
		*out = kb_eval_index(ev, of, key.u.i);
		return 0;
	}
	if (key.type != KB_VAL_STR && key.type != KB_VAL_UNDEF)
		rc = kb_eval_text(ev, x->at, key, &key.u.s);
	if (rc == 0)
		*out = kb_eval_attr(ev, of, key.u.s);
	return rc;
}

static int eval_unary(struct kb_eval *ev, const struct kb_expr *x,
		      struct kb_val *out)
{
	bool minus = x->type == KB_X_NEG;
	struct kb_val v;
	int rc = kb_eval_eval(ev, x->a, &v);

	if (rc == 0)
		rc = kb_eval_undefined(ev, x->a->at, v);
	if (rc < 0)
		return rc;
	if (v.type == KB_VAL_BOOL)
		v = kb_val_int(v.u.b);
	if (v.type == KB_VAL_INT && v.u.i != INT64_MIN)
		*out = kb_val_int(minus ? -v.u.i : v.u.i);
	else if (v.type == KB_VAL_FLOAT)
		*out = kb_val_float(minus ? -v.u.f : v.u.f);
	else
		return kb_eval_fail(ev, x->at, KB_EINVAL,
				    "a sign needs a number, not %s",
				    kb_val_name(v));
	return 0;
}

static int eval_logic(struct kb_eval *ev, const struct kb_expr *x,
		      struct kb_val *out)
{
	int rc = kb_eval_eval(ev, x->a, out);

	if (rc < 0)
		return rc;
	if (kb_val_truth(*out, ev->arena) == (x->type == KB_X_OR))
		return 0;
	return kb_eval_eval(ev, x->b, out);
}

static int eval_cond(struct kb_eval *ev, const struct kb_expr *x,
		     struct kb_val *out)
{
	struct kb_val v;
	int rc = kb_eval_eval(ev, x->b, &v);

	if (rc < 0)
		return rc;
	if (kb_val_truth(v, ev->arena))
		return kb_eval_eval(ev, x->a, out);
	if (x->c)
		return kb_eval_eval(ev, x->c, out);
	*out = kb_val_str((struct kb_str){"", 0});
	return 0;
}

/* May an operand be undefined? It equals nothing, is in no list, and what is
 * not there holds nothing. */
static bool takes_undefined(int op, struct kb_val b)
{
	if (op == KB_OP_IN || op == KB_OP_NOT_IN)
		return b.type != KB_VAL_STR;
	return op == KB_OP_EQ || op == KB_OP_NE;
}

static int eval_binary(struct kb_eval *ev, const struct kb_expr *x,
		       struct kb_val *out)
{
	struct kb_val a, b;
	int rc = kb_eval_eval(ev, x->a, &a);

	if (rc == 0)
		rc = kb_eval_eval(ev, x->b, &b);
	if (rc == 0 && !takes_undefined(x->op, b)) {
		rc = kb_eval_undefined(ev, x->a->at, a);
		if (rc == 0)
			rc = kb_eval_undefined(ev, x->b->at, b);
	}
	return rc < 0 ? rc : kb_eval_binary(ev, x->at, x->op, a, b, out);
}

/* Evaluate arguments, with *list and **dict spread out. */
static int eval_args(struct kb_eval *ev, const struct kb_expr *x,
		     struct kb_tmpl_call *call)
{
	size_t cap_kw = 0;
	struct kb_seq pos = {0};

	for (size_t i = 0; i < x->n_args; i++) {
		const struct kb_arg *arg = &x->args[i];
		struct kb_val v, *items;
		size_t n;
		int rc = kb_eval_eval(ev, arg->value, &v);

		if (rc < 0)
			return rc;
		if (arg->stars == 1) {
			rc = kb_eval_items(ev, x->at, v, &items, &n);
			for (size_t k = 0; rc == 0 && k < n; k++)
				kb_seq_add(&pos, ev->arena, items[k]);
			if (rc == 0)
				rc = kb_eval_charge(ev, x->at, n * sizeof(v));
			if (rc < 0)
				return rc;
			continue;
		}
		if (!arg->stars && !arg->name.len) {
			kb_seq_add(&pos, ev->arena, v);
			continue;
		}
		if (arg->stars && v.type != KB_VAL_DICT)
			return kb_eval_fail(ev, x->at, KB_EINVAL,
					    "'**' needs a dict, not %s",
					    kb_val_name(v));
		if (arg->stars)
			kb_dict_open(v.u.dict, ev->arena);
		n = arg->stars ? v.u.dict->n : 1;
		if (call->n_kw + n > cap_kw) {
			struct kb_keyword *old = call->kw;

			cap_kw = (call->n_kw + n) * 2;
			rc = kb_eval_charge(ev, x->at, cap_kw * sizeof(*old));
			if (rc < 0)
				return rc;
			call->kw =
			    kb_arena_alloc(ev->arena, cap_kw * sizeof(*old));
			if (call->n_kw)
				memcpy(call->kw, old,
				       call->n_kw * sizeof(*old));
		}
		for (size_t k = 0; k < n; k++)
			call->kw[call->n_kw++] =
			    arg->stars
				? (struct kb_keyword){v.u.dict->items[k].key,
						      v.u.dict->items[k].val}
				: (struct kb_keyword){arg->name, v};
	}
	call->pos = pos.items;
	call->n_pos = pos.n;
	return 0;
}

static int eval_method(struct kb_eval *ev, const struct kb_expr *x,
		       struct kb_tmpl_call *call, struct kb_val *out,
		       bool *done)
{
	const struct kb_builtin *method;
	struct kb_val of;
	int rc = kb_eval_eval(ev, x->a->a, &of);

	if (rc == 0)
		rc = kb_eval_undefined(ev, x->a->a->at, of);
	if (rc < 0)
		return rc;
	method = kb_method_find(of.type, x->a->name);
	if (!method)
		return 0;
	*done = true;
	call->self = of;
	rc = eval_args(ev, x, call);
	return rc < 0 ? rc : kb_eval_builtin(ev, method, call, out);
}

static int eval_call(struct kb_eval *ev, const struct kb_expr *x,
		     struct kb_val *out)
{
	struct kb_tmpl_call call = {.at = x->at};
	char quoted[KB_QUOTE_MAX];
	struct kb_val f;
	struct kb_str name = x->a->name;
	bool done = false;
	int rc;

	if (x->a->type == KB_X_ATTR) {
		rc = eval_method(ev, x, &call, out, &done);
		if (rc < 0 || done)
			return rc;
	}
	rc = kb_eval_eval(ev, x->a, &f);
	if (rc < 0)
		return rc;
	if (f.type != KB_VAL_FUNC)
		return kb_eval_fail(
		    ev, x->at, KB_EINVAL, "'%s' is %s and cannot be called",
		    kb_err_quote(quoted, name.ptr, name.len), kb_val_name(f));
	rc = eval_args(ev, x, &call);
	return rc < 0 ? rc : kb_eval_call(ev, f.u.func, &call, out);
}

static int eval_filter(struct kb_eval *ev, const struct kb_expr *x,
		       struct kb_val *out)
{
	struct kb_tmpl_call call = {.at = x->at};
	int rc = kb_eval_eval(ev, x->a, &call.self);

	if (rc == 0)
		rc = eval_args(ev, x, &call);
	if (rc < 0)
		return rc;
	return kb_eval_builtin(ev, x->fn, &call, out);
}

static int eval_test(struct kb_eval *ev, const struct kb_expr *x,
		     struct kb_val *out)
{
	struct kb_tmpl_call call = {.at = x->at};
	int rc = kb_eval_eval(ev, x->a, &call.self);

	if (rc == 0)
		rc = eval_args(ev, x, &call);
	if (rc == 0)
		rc = kb_eval_builtin(ev, x->fn, &call, out);
	if (rc == 0 && x->op)
		out->u.b = !out->u.b;
	return rc;
}

static int eval(struct kb_eval *ev, const struct kb_expr *x, struct kb_val *out)
{
	struct kb_val v;
	int rc;

	switch (x->type) {
	case KB_X_CONST:
		*out = x->val;
		return 0;
	case KB_X_NAME:
		eval_name(ev, x, out);
		return 0;
	case KB_X_LIST:
		return eval_list(ev, x, out);
	case KB_X_DICT:
		return eval_dict(ev, x, out);
	case KB_X_NOT:
		rc = kb_eval_eval(ev, x->a, &v);
		*out = kb_val_bool(rc == 0 && !kb_val_truth(v, ev->arena));
		return rc;
	case KB_X_NEG:
	case KB_X_POS:
		return eval_unary(ev, x, out);
	case KB_X_AND:
	case KB_X_OR:
		return eval_logic(ev, x, out);
	case KB_X_BIN:
		return eval_binary(ev, x, out);
	case KB_X_COND:
		return eval_cond(ev, x, out);
	case KB_X_ATTR:
		return eval_attr(ev, x, out);
	case KB_X_ITEM:
		return eval_item(ev, x, out);
	case KB_X_SLICE:
		return kb_eval_slice(ev, x, out);
	case KB_X_CALL:
		return eval_call(ev, x, out);
	case KB_X_FILTER:
		return eval_filter(ev, x, out);
	case KB_X_CAPTURED:
		*out = ev->captured;
		return 0;
	case KB_X_TEST:
		return eval_test(ev, x, out);
	}
	return 0;
}

int kb_eval_eval(struct kb_eval *ev, const struct kb_expr *x,
		 struct kb_val *out)
{
	int rc = kb_eval_step(ev, x->at);

	if (rc < 0)
		return rc;
	ev->depth++;
	rc = eval(ev, x, out);
	ev->depth--;
	return rc;
}
