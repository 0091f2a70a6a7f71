#include "template/evaluator.h"

#include <assert.h>
#include <math.h>
#include <stdarg.h>
#include <stdio.h>

#include "base/utf8.h"

int kb_eval_fail(struct kb_eval *ev, uint32_t at, int code, const char *fmt,
		 ...)
{
	char text[400];
	va_list ap;

	va_start(ap, fmt);
	vsnprintf(text, sizeof(text), fmt, ap);
	va_end(ap);
	kb_err_set(ev->err, code, "%s", text);
	kb_tmpl_place(ev->tmpl, at, ev->err);
	return code;
}

int kb_eval_step(struct kb_eval *ev, uint32_t at)
{
	if (++ev->steps > KB_TMPL_STEPS)
		return kb_eval_fail(ev, at, KB_ELIMIT,
				    "more steps than the limit of %llu",
				    (unsigned long long)KB_TMPL_STEPS);
	if (ev->depth > KB_TMPL_DEPTH)
		return kb_eval_fail(ev, at, KB_ELIMIT,
				    "evaluation deeper than the limit of %d",
				    KB_TMPL_DEPTH);
	return 0;
}

int kb_eval_charge(struct kb_eval *ev, uint32_t at, size_t bytes)
{
	if (bytes <= KB_TMPL_MEMORY_MAX - ev->memory) {
		ev->memory += bytes;
		return 0;
	}
	return kb_eval_fail(ev, at, KB_ELIMIT,
			    "needs more memory than the limit of %zu bytes",
			    KB_TMPL_MEMORY_MAX);
}

int kb_eval_undefined(struct kb_eval *ev, uint32_t at, struct kb_val v)
{
	char quoted[KB_QUOTE_MAX];

	if (v.type != KB_VAL_UNDEF || ev->env->options.lenient)
		return 0;
	return kb_eval_fail(ev, at, KB_EINVAL, "'%s' is undefined",
			    kb_err_quote(quoted, v.u.s.ptr, v.u.s.len));
}

size_t kb_eval_capture(struct kb_eval *ev)
{
	ev->captures++;
	return ev->out->len;
}

int kb_eval_captured(struct kb_eval *ev, size_t mark, struct kb_str *text)
{
	int rc = kb_eval_charge(ev, 0, ev->out->len - mark);

	assert(ev->captures > 0);
	assert(mark <= ev->out->len);
	ev->captures--;
	if (rc == 0)
		*text = kb_arena_copy(
		    ev->arena,
		    (struct kb_str){ev->out->len ? ev->out->ptr + mark : "",
				    ev->out->len - mark});
	ev->out->len = mark;
	return rc;
}

int kb_eval_text(struct kb_eval *ev, uint32_t at, struct kb_val v,
		 struct kb_str *out)
{
	size_t mark;

	(void)at;
	if (v.type == KB_VAL_STR) {
		*out = v.u.s;
		return 0;
	}
	mark = kb_eval_capture(ev);
	kb_val_print(v, ev->env->options.dialect, ev->arena, ev->out);
	return kb_eval_captured(ev, mark, out);
}

static int characters(struct kb_eval *ev, uint32_t at, struct kb_str s,
		      struct kb_val **items, size_t *n)
{
	int rc;

	*n = kb_utf8_count(s.ptr, s.len);
	rc = kb_eval_charge(ev, at, *n * sizeof(**items));
	if (rc < 0)
		return rc;
	*items = kb_arena_alloc(ev->arena, *n * sizeof(**items));
	for (size_t i = 0; i < *n; i++) {
		size_t len = kb_utf8_seek(s.ptr, s.len, 1);

		(*items)[i] = kb_val_str((struct kb_str){s.ptr, len});
		s = kb_str_skip(s, len);
	}
	return 0;
}

int kb_eval_items(struct kb_eval *ev, uint32_t at, struct kb_val v,
		  struct kb_val **items, size_t *n)
{
	int rc = kb_eval_undefined(ev, at, v);

	*items = NULL;
	*n = 0;
	if (rc < 0 || v.type == KB_VAL_UNDEF || v.type == KB_VAL_NONE)
		return rc;
	if (v.type == KB_VAL_LIST) {
		kb_seq_open(v.u.list, ev->arena);
		*items = v.u.list->items;
		*n = v.u.list->n;
		return 0;
	}
	if (v.type == KB_VAL_STR)
		return characters(ev, at, v.u.s, items, n);
	if (v.type != KB_VAL_DICT)
		return kb_eval_fail(ev, at, KB_EINVAL, "cannot iterate a %s",
				    kb_val_name(v));
	kb_dict_open(v.u.dict, ev->arena);
	*n = v.u.dict->n;
	rc = kb_eval_charge(ev, at, *n * sizeof(**items));
	if (rc < 0)
		return rc;
	*items = kb_arena_alloc(ev->arena, *n * sizeof(**items));
	for (size_t i = 0; i < *n; i++)
		(*items)[i] = kb_val_str(v.u.dict->items[i].key);
	return 0;
}

void kb_eval_set(struct kb_eval *ev, uint32_t id, struct kb_val v)
{
	for (size_t i = ev->n_vars; i > ev->scope; i--)
		if (ev->vars[i - 1].id == id) {
			ev->vars[i - 1].val = v;
			return;
		}
	kb_grow(&ev->vars, &ev->vars_cap, ev->n_vars + 1, sizeof(*ev->vars));
	ev->vars[ev->n_vars++] = (struct kb_binding){id, v};
	if (ev->scope == 0)
		ev->n_globals = ev->n_vars;
}

/* ---- calls ---- */

/* The index of a parameter in "a,b,c", or -1. */
static int param_index(const char *params, struct kb_str name)
{
	for (int i = 0; *params; i++) {
		size_t n = strcspn(params, ",");

		if (n == name.len && !memcmp(params, name.ptr, n))
			return i;
		params += n + (params[n] == ',');
	}
	return -1;
}

static int param_count(const char *params)
{
	int n = *params != '\0';

	for (; *params; params++)
		n += *params == ',';
	return n;
}

int kb_eval_builtin(struct kb_eval *ev, const struct kb_builtin *fn,
		    struct kb_tmpl_call *call, struct kb_val *out)
{
	char quoted[KB_QUOTE_MAX];
	size_t len = strlen(fn->params);
	bool any = len && fn->params[len - 1] == '*';
	size_t max = any ? 0 : (size_t)param_count(fn->params);

	call->name = fn->name;
	ev->steps += kb_val_work(call->self);
	for (size_t i = 0; i < call->n_pos; i++)
		ev->steps += kb_val_work(call->pos[i]);
	if (any)
		return fn->fn(ev, call, out);
	if (call->n_pos > max)
		return kb_eval_fail(ev, call->at, KB_EINVAL,
				    "'%s' takes at most %zu arguments",
				    fn->name, max);
	for (size_t i = 0; i < call->n_pos; i++) {
		call->argv[i] = call->pos[i];
		if (kb_eval_undefined(ev, call->at, call->argv[i]) < 0)
			return KB_EINVAL;
	}
	for (size_t i = 0; i < call->n_kw; i++) {
		struct kb_str name = call->kw[i].name;
		int k = param_index(fn->params, name);

		if (k < 0 || (size_t)k < call->n_pos)
			return kb_eval_fail(
			    ev, call->at, KB_EINVAL,
			    "'%s' has no%s argument '%s'", fn->name,
			    k < 0 ? "" : " second",
			    kb_err_quote(quoted, name.ptr, name.len));
		call->argv[k] = call->kw[i].val;
	}
	return fn->fn(ev, call, out);
}

/* Give a macro's parameters their values, in its new frame. */
static int bind(struct kb_eval *ev, const struct kb_func *f,
		const struct kb_tmpl_call *call)
{
	char quoted[KB_QUOTE_MAX];

	if (call->n_pos > f->n_params)
		return kb_eval_fail(ev, call->at, KB_EINVAL,
				    "macro takes at most %zu arguments",
				    f->n_params);
	for (size_t i = 0; i < call->n_kw; i++) {
		struct kb_str name = call->kw[i].name;
		size_t k = 0;

		while (k < f->n_params && !kb_str_eq(f->names[k], name))
			k++;
		if (k == f->n_params || k < call->n_pos)
			return kb_eval_fail(
			    ev, call->at, KB_EINVAL,
			    "macro has no%s argument '%s'",
			    k == f->n_params ? "" : " second",
			    kb_err_quote(quoted, name.ptr, name.len));
	}
	for (size_t i = 0; i < f->n_params; i++) {
		struct kb_val v = {.type = KB_VAL_UNDEF, .u.s = f->names[i]};
		bool given = i < call->n_pos;
		int rc;

		if (given)
			v = call->pos[i];
		for (size_t k = 0; k < call->n_kw; k++)
			if (kb_str_eq(call->kw[k].name, f->names[i])) {
				v = call->kw[k].val;
				given = true;
			}
		if (!given && f->defaults[i]) {
			rc = kb_eval_eval(ev, f->defaults[i], &v);
			if (rc < 0)
				return rc;
		}
		kb_eval_set(ev, f->ids[i], v);
	}
	return 0;
}

static int call_macro(struct kb_eval *ev, const struct kb_func *f,
		      struct kb_tmpl_call *call, struct kb_val *out)
{
	struct kb_frame frame = ev->frame;
	size_t scope = ev->scope, base = ev->n_vars, mark;
	const struct kb_tmpl *tmpl = ev->tmpl;
	struct kb_val caller = {.type = KB_VAL_UNDEF};
	int rc;

	/* The block of {% call %} was bound just below the call. */
	if (base && ev->vars[base - 1].id == KB_ID_CALLER && !f->caller)
		caller = ev->vars[base - 1].val;
	ev->frame = (struct kb_frame){base, f->scope_from, f->scope_to};
	ev->scope = base;
	mark = kb_eval_capture(ev);
	if (caller.type != KB_VAL_UNDEF)
		kb_eval_set(ev, KB_ID_CALLER, caller);
	rc = bind(ev, f, call);
	ev->tmpl = f->tmpl;
	for (const struct kb_stmt *s = f->body; s && rc == 0; s = s->next)
		rc = kb_eval_exec(ev, s);
	ev->tmpl = tmpl;
	ev->n_vars = base;
	ev->scope = scope;
	ev->frame = frame;
	out->type = KB_VAL_STR;
	if (rc < 0) {
		ev->captures--;
		return rc;
	}
	return kb_eval_captured(ev, mark, &out->u.s);
}

int kb_eval_call(struct kb_eval *ev, const struct kb_func *f,
		 struct kb_tmpl_call *call, struct kb_val *out)
{
	int rc;

	if (f->builtin)
		return kb_eval_builtin(ev, f->builtin, call, out);
	if (ev->calls >= KB_TMPL_CALLS)
		return kb_eval_fail(ev, call->at, KB_ELIMIT,
				    "calls nested deeper than the limit of %d",
				    KB_TMPL_CALLS);
	ev->calls++;
	rc = call_macro(ev, f, call, out);
	ev->calls--;
	return rc;
}

int64_t kb_call_int(const struct kb_tmpl_call *call, int i, int64_t fallback)
{
	struct kb_val v = call->argv[i];

	if (v.type == KB_VAL_INT)
		return v.u.i;
	if (v.type == KB_VAL_BOOL)
		return v.u.b;
	if (v.type == KB_VAL_FLOAT && fabs(v.u.f) < 1e15)
		return (int64_t)v.u.f;
	return fallback;
}

bool kb_call_true(struct kb_eval *ev, const struct kb_tmpl_call *call, int i,
		  bool fallback)
{
	struct kb_val v = call->argv[i];

	return v.type == KB_VAL_UNDEF ? fallback : kb_val_truth(v, ev->arena);
}

int kb_call_str(struct kb_eval *ev, const struct kb_tmpl_call *call, int i,
		struct kb_str fallback, struct kb_str *out)
{
	struct kb_val v = call->argv[i];

	*out = fallback;
	if (v.type == KB_VAL_UNDEF || v.type == KB_VAL_NONE)
		return 0;
	return kb_eval_text(ev, call->at, v, out);
}
