#include "template/builtin.h"

#include <stdlib.h>

#include "base/utf8.h"

/* Filters of lists and dicts. */

static int items_of_self(struct kb_eval *ev, struct kb_tmpl_call *call,
			 struct kb_val **items, size_t *n)
{
	int rc = kb_eval_items(ev, call->at, call->self, items, n);

	if (rc == 0)
		rc = kb_eval_charge(ev, call->at,
				    (*n + 1) * 2 * sizeof(struct kb_val));
	ev->steps += *n;
	return rc;
}

int kb_f_length(struct kb_eval *ev, struct kb_tmpl_call *call,
		struct kb_val *out)
{
	int rc = kb_eval_undefined(ev, call->at, call->self);
	struct kb_val *items;
	size_t n = 0;

	if (call->self.type == KB_VAL_STR)
		n = kb_utf8_count(call->self.u.s.ptr, call->self.u.s.len);
	else if (rc == 0)
		rc = kb_eval_items(ev, call->at, call->self, &items, &n);
	*out = kb_val_int((int64_t)n);
	return rc;
}

int kb_f_list(struct kb_eval *ev, struct kb_tmpl_call *call, struct kb_val *out)
{
	struct kb_val *items;
	size_t n;
	int rc = items_of_self(ev, call, &items, &n);

	*out = kb_val_list(ev->arena, false);
	for (size_t i = 0; rc == 0 && i < n; i++)
		kb_seq_add(out->u.list, ev->arena, items[i]);
	return rc;
}

static int end_of(struct kb_eval *ev, struct kb_tmpl_call *call,
		  struct kb_val *out, bool last)
{
	struct kb_val *items;
	size_t n;
	int rc = items_of_self(ev, call, &items, &n);

	if (rc < 0)
		return rc;
	if (n)
		*out = items[last ? n - 1 : 0];
	else
		*out = (struct kb_val){.type = KB_VAL_UNDEF,
				       .u.s = kb_str_of(call->name)};
	return 0;
}

int kb_f_first(struct kb_eval *ev, struct kb_tmpl_call *call,
	       struct kb_val *out)
{
	return end_of(ev, call, out, false);
}

int kb_f_last(struct kb_eval *ev, struct kb_tmpl_call *call, struct kb_val *out)
{
	return end_of(ev, call, out, true);
}

int kb_f_reverse(struct kb_eval *ev, struct kb_tmpl_call *call,
		 struct kb_val *out)
{
	struct kb_val *items;
	size_t n, mark;
	int rc = items_of_self(ev, call, &items, &n);

	if (rc < 0)
		return rc;
	if (call->self.type == KB_VAL_STR) {
		mark = kb_eval_capture(ev);
		while (n--)
			kb_buf_add_str(ev->out, items[n].u.s);
		out->type = KB_VAL_STR;
		return kb_eval_captured(ev, mark, &out->u.s);
	}
	*out = kb_val_list(ev->arena, false);
	while (n--)
		kb_seq_add(out->u.list, ev->arena, items[n]);
	return 0;
}

static int join(struct kb_eval *ev, struct kb_tmpl_call *call,
		struct kb_val list, struct kb_str by, struct kb_str attribute,
		struct kb_val *out)
{
	struct kb_val *items;
	size_t n, mark;
	int rc = kb_eval_items(ev, call->at, list, &items, &n);

	if (rc < 0)
		return rc;
	ev->steps += n;
	mark = kb_eval_capture(ev);
	for (size_t i = 0; i < n && !ev->out->over; i++) {
		struct kb_val v = items[i];

		if (i)
			kb_buf_add_str(ev->out, by);
		if (attribute.len)
			v = kb_eval_path(ev, v, attribute);
		if (kb_eval_undefined(ev, call->at, v) < 0)
			return KB_EINVAL;
		kb_val_print(v, ev->env->options.dialect, ev->arena, ev->out);
	}
	out->type = KB_VAL_STR;
	return kb_eval_captured(ev, mark, &out->u.s);
}

int kb_f_join(struct kb_eval *ev, struct kb_tmpl_call *call, struct kb_val *out)
{
	struct kb_str by, attribute;
	int rc = kb_call_str(ev, call, 0, KB_STR(""), &by);

	if (rc == 0)
		rc = kb_call_str(ev, call, 1, KB_STR(""), &attribute);
	return rc < 0 ? rc : join(ev, call, call->self, by, attribute, out);
}

int kb_m_join(struct kb_eval *ev, struct kb_tmpl_call *call, struct kb_val *out)
{
	return join(ev, call, call->argv[0], kb_self_str(call), KB_STR(""),
		    out);
}

/* ---- order ---- */

struct sort_item {
	struct kb_val val, key;
	size_t index;
	struct kb_eval *ev;
	bool reverse;
};

static int by_key(const void *a, const void *b)
{
	const struct sort_item *x = a, *y = b;
	int cmp = 0;

	kb_val_cmp(x->key, y->key, x->ev->arena, &x->ev->steps, &cmp);
	if (cmp)
		return x->reverse ? -cmp : cmp;
	return x->index < y->index ? -1 : x->index > y->index;
}

/* A string's lower-case form, when the sort ignores case. */
static int fold_key(struct kb_eval *ev, struct kb_tmpl_call *call,
		    struct kb_val *key)
{
	struct kb_tmpl_call lower = {.at = call->at, .self = *key};

	return key->type == KB_VAL_STR ? kb_f_lower(ev, &lower, key) : 0;
}

static int sort_items(struct kb_eval *ev, struct kb_tmpl_call *call,
		      struct sort_item *items, size_t n, bool cased,
		      bool reverse)
{
	int cmp;

	for (size_t i = 0; i < n; i++) {
		items[i].index = i;
		items[i].ev = ev;
		items[i].reverse = reverse;
		if (!cased && fold_key(ev, call, &items[i].key) < 0)
			return KB_ELIMIT;
		if (i && items[0].key.type != KB_VAL_NONE &&
		    !kb_val_cmp(items[0].key, items[i].key, ev->arena,
				&ev->steps, &cmp))
			return kb_eval_fail(ev, call->at, KB_EINVAL,
					    "cannot order %s and %s",
					    kb_val_name(items[0].key),
					    kb_val_name(items[i].key));
	}
	qsort(items, n, sizeof(*items), by_key);
	return 0;
}

int kb_f_sort(struct kb_eval *ev, struct kb_tmpl_call *call, struct kb_val *out)
{
	struct kb_val *values;
	struct sort_item *items;
	struct kb_str path;
	size_t n;
	int rc = items_of_self(ev, call, &values, &n);

	if (rc == 0)
		rc = kb_call_str(ev, call, 2, KB_STR(""), &path);
	if (rc == 0)
		rc = kb_eval_charge(ev, call->at, (n + 1) * sizeof(*items));
	if (rc < 0)
		return rc;
	items = kb_arena_alloc(ev->arena, (n + 1) * sizeof(*items));
	for (size_t i = 0; i < n; i++) {
		items[i].val = items[i].key = values[i];
		if (path.len)
			items[i].key = kb_eval_path(ev, values[i], path);
	}
	rc = sort_items(ev, call, items, n, kb_call_true(ev, call, 1, false),
			kb_call_true(ev, call, 0, false));
	*out = kb_val_list(ev->arena, false);
	for (size_t i = 0; rc == 0 && i < n; i++)
		kb_seq_add(out->u.list, ev->arena, items[i].val);
	return rc;
}

static struct kb_val pair(struct kb_eval *ev, struct kb_val a, struct kb_val b)
{
	struct kb_val v = kb_val_list(ev->arena, true);

	kb_seq_add(v.u.list, ev->arena, a);
	kb_seq_add(v.u.list, ev->arena, b);
	return v;
}

static int dict_of_self(struct kb_eval *ev, struct kb_tmpl_call *call)
{
	int rc = kb_eval_undefined(ev, call->at, call->self);

	if (rc < 0)
		return rc;
	if (call->self.type != KB_VAL_DICT)
		return kb_eval_fail(ev, call->at, KB_EINVAL,
				    "'%s' needs a dict, not %s", call->name,
				    kb_val_name(call->self));
	kb_dict_open(call->self.u.dict, ev->arena);
	return kb_eval_charge(ev, call->at, (call->self.u.dict->n + 1) * 200);
}

int kb_f_dictsort(struct kb_eval *ev, struct kb_tmpl_call *call,
		  struct kb_val *out)
{
	struct sort_item *items;
	struct kb_str by;
	struct kb_tmpl_dict *d;
	int rc = dict_of_self(ev, call);

	if (rc == 0)
		rc = kb_call_str(ev, call, 1, KB_STR("key"), &by);
	if (rc < 0)
		return rc;
	d = call->self.u.dict;
	items = kb_arena_alloc(ev->arena, (d->n + 1) * sizeof(*items));
	for (size_t i = 0; i < d->n; i++) {
		struct kb_val key = kb_val_str(d->items[i].key);

		items[i].val = pair(ev, key, d->items[i].val);
		items[i].key = kb_str_is(by, "value") ? d->items[i].val : key;
	}
	rc = sort_items(ev, call, items, d->n, kb_call_true(ev, call, 0, false),
			kb_call_true(ev, call, 2, false));
	*out = kb_val_list(ev->arena, false);
	for (size_t i = 0; rc == 0 && i < d->n; i++)
		kb_seq_add(out->u.list, ev->arena, items[i].val);
	return rc;
}

static int dict_part(struct kb_eval *ev, struct kb_tmpl_call *call,
		     struct kb_val *out, bool keys, bool values)
{
	int rc = dict_of_self(ev, call);
	struct kb_tmpl_dict *d;

	if (rc < 0)
		return rc;
	d = call->self.u.dict;
	*out = kb_val_list(ev->arena, false);
	for (size_t i = 0; i < d->n; i++) {
		struct kb_val key = kb_val_str(d->items[i].key);

		kb_seq_add(out->u.list, ev->arena,
			   !values ? key
			   : !keys ? d->items[i].val
				   : pair(ev, key, d->items[i].val));
	}
	return 0;
}

int kb_f_items(struct kb_eval *ev, struct kb_tmpl_call *call,
	       struct kb_val *out)
{
	return dict_part(ev, call, out, true, true);
}

int kb_m_keys(struct kb_eval *ev, struct kb_tmpl_call *call, struct kb_val *out)
{
	return dict_part(ev, call, out, true, false);
}

int kb_m_values(struct kb_eval *ev, struct kb_tmpl_call *call,
		struct kb_val *out)
{
	return dict_part(ev, call, out, false, true);
}

int kb_m_get(struct kb_eval *ev, struct kb_tmpl_call *call, struct kb_val *out)
{
	struct kb_str key;
	struct kb_val *found;
	int rc = kb_call_str(ev, call, 0, KB_STR(""), &key);

	if (rc < 0)
		return rc;
	found = kb_dict_get(call->self.u.dict, ev->arena, key);
	if (found)
		*out = *found;
	else if (call->argv[1].type != KB_VAL_UNDEF)
		*out = call->argv[1];
	else
		*out = kb_val_none();
	return 0;
}

int kb_f_unique(struct kb_eval *ev, struct kb_tmpl_call *call,
		struct kb_val *out)
{
	struct kb_val *items, *keys;
	struct kb_str path;
	bool cased = kb_call_true(ev, call, 0, false);
	size_t n;
	int rc = items_of_self(ev, call, &items, &n);

	if (rc == 0)
		rc = kb_call_str(ev, call, 1, KB_STR(""), &path);
	if (rc == 0)
		rc = kb_eval_charge(ev, call->at, (n + 1) * sizeof(*keys));
	if (rc < 0)
		return rc;
	keys = kb_arena_alloc(ev->arena, (n + 1) * sizeof(*keys));
	*out = kb_val_list(ev->arena, false);
	for (size_t i = 0; rc == 0 && i < n; i++) {
		size_t known = out->u.list->n, k = 0;

		keys[known] =
		    path.len ? kb_eval_path(ev, items[i], path) : items[i];
		if (!cased)
			rc = fold_key(ev, call, &keys[known]);
		if (rc == 0)
			rc = kb_eval_step(ev, call->at);
		while (k < known &&
		       !kb_val_eq(keys[k], keys[known], ev->arena, &ev->steps))
			k++;
		if (rc == 0 && k == known)
			kb_seq_add(out->u.list, ev->arena, items[i]);
	}
	return rc;
}

static int extreme(struct kb_eval *ev, struct kb_tmpl_call *call,
		   struct kb_val *out, int sign)
{
	struct kb_val *items;
	size_t n;
	int cmp, rc = items_of_self(ev, call, &items, &n);

	*out =
	    (struct kb_val){.type = KB_VAL_UNDEF, .u.s = kb_str_of(call->name)};
	for (size_t i = 0; rc == 0 && i < n; i++) {
		if (i &&
		    !kb_val_cmp(items[i], *out, ev->arena, &ev->steps, &cmp))
			return kb_eval_fail(
			    ev, call->at, KB_EINVAL, "cannot order %s and %s",
			    kb_val_name(items[i]), kb_val_name(*out));
		if (!i || cmp * sign > 0)
			*out = items[i];
	}
	return rc;
}

int kb_f_max(struct kb_eval *ev, struct kb_tmpl_call *call, struct kb_val *out)
{
	return extreme(ev, call, out, 1);
}

int kb_f_min(struct kb_eval *ev, struct kb_tmpl_call *call, struct kb_val *out)
{
	return extreme(ev, call, out, -1);
}

int kb_f_sum(struct kb_eval *ev, struct kb_tmpl_call *call, struct kb_val *out)
{
	struct kb_val *items;
	struct kb_str path;
	size_t n;
	int rc = items_of_self(ev, call, &items, &n);

	if (rc == 0)
		rc = kb_call_str(ev, call, 0, KB_STR(""), &path);
	*out =
	    call->argv[1].type == KB_VAL_UNDEF ? kb_val_int(0) : call->argv[1];
	for (size_t i = 0; rc == 0 && i < n; i++) {
		struct kb_val v = items[i];

		if (path.len)
			v = kb_eval_path(ev, v, path);
		rc = kb_eval_undefined(ev, call->at, v);
		if (rc == 0)
			rc = kb_eval_binary(ev, call->at, KB_OP_ADD, *out, v,
					    out);
	}
	return rc;
}

/* ---- filters that apply a filter or test to every item ---- */

static const struct kb_val *keyword(const struct kb_tmpl_call *call,
				    const char *name)
{
	for (size_t i = 0; i < call->n_kw; i++)
		if (kb_str_is(call->kw[i].name, name))
			return &call->kw[i].val;
	return NULL;
}

/* The builtin named by the first positional argument from 'from'. */
static int named(struct kb_eval *ev, struct kb_tmpl_call *call, size_t from,
		 const struct kb_builtin *(*lookup)(struct kb_str),
		 const struct kb_builtin **fn)
{
	char quoted[KB_QUOTE_MAX];
	struct kb_str name;

	*fn = NULL;
	if (call->n_pos <= from)
		return 0;
	if (call->pos[from].type != KB_VAL_STR)
		return kb_eval_fail(ev, call->at, KB_EINVAL,
				    "'%s' needs a name", call->name);
	name = call->pos[from].u.s;
	*fn = lookup(name);
	if (!*fn)
		return kb_eval_fail(ev, call->at, KB_EINVAL, "no '%s' for '%s'",
				    kb_err_quote(quoted, name.ptr, name.len),
				    call->name);
	return 0;
}

static int apply(struct kb_eval *ev, const struct kb_tmpl_call *call,
		 size_t from, const struct kb_builtin *fn, struct kb_val v,
		 struct kb_val *out)
{
	struct kb_tmpl_call inner = {.at = call->at,
				     .self = v,
				     .pos = call->pos + from,
				     .n_pos = call->n_pos - from};
	int rc = kb_eval_step(ev, call->at);

	if (rc < 0)
		return rc;
	ev->depth++;
	rc = kb_eval_builtin(ev, fn, &inner, out);
	ev->depth--;
	return rc;
}

int kb_f_map(struct kb_eval *ev, struct kb_tmpl_call *call, struct kb_val *out)
{
	const struct kb_val *attribute = keyword(call, "attribute");
	const struct kb_val *fallback = keyword(call, "default");
	const struct kb_builtin *fn = NULL;
	struct kb_val *items, v;
	size_t n;
	int rc = items_of_self(ev, call, &items, &n);

	if (rc == 0)
		rc = named(ev, call, 0, kb_filter_find, &fn);
	if (rc < 0)
		return rc;
	if (!fn && !attribute)
		return kb_eval_fail(ev, call->at, KB_EINVAL,
				    "'map' needs a filter or attribute=");
	*out = kb_val_list(ev->arena, false);
	for (size_t i = 0; rc == 0 && i < n; i++) {
		if (fn) {
			rc = apply(ev, call, 1, fn, items[i], &v);
		} else if (attribute->type == KB_VAL_STR) {
			v = kb_eval_path(ev, items[i], attribute->u.s);
			if (v.type == KB_VAL_UNDEF && fallback)
				v = *fallback;
		} else {
			v = (struct kb_val){.type = KB_VAL_UNDEF,
					    .u.s = KB_STR("attribute")};
		}
		kb_seq_add(out->u.list, ev->arena, v);
	}
	return rc;
}

static int filter_items(struct kb_eval *ev, struct kb_tmpl_call *call,
			struct kb_val *out, bool by_attribute, bool want)
{
	size_t from = by_attribute ? 1 : 0, n;
	const struct kb_builtin *fn;
	struct kb_val *items, v, verdict;
	int rc = items_of_self(ev, call, &items, &n);

	if (rc == 0)
		rc = named(ev, call, from, kb_test_find, &fn);
	if (rc < 0)
		return rc;
	if (by_attribute && (!call->n_pos || call->pos[0].type != KB_VAL_STR))
		return kb_eval_fail(ev, call->at, KB_EINVAL,
				    "'%s' needs an attribute", call->name);
	*out = kb_val_list(ev->arena, false);
	for (size_t i = 0; rc == 0 && i < n; i++) {
		v = items[i];
		if (by_attribute)
			v = kb_eval_path(ev, v, call->pos[0].u.s);
		verdict = kb_val_bool(kb_val_truth(v, ev->arena));
		if (fn)
			rc = apply(ev, call, from + 1, fn, v, &verdict);
		if (rc == 0 && verdict.u.b == want)
			kb_seq_add(out->u.list, ev->arena, items[i]);
	}
	return rc;
}

int kb_f_select(struct kb_eval *ev, struct kb_tmpl_call *call,
		struct kb_val *out)
{
	return filter_items(ev, call, out, false, true);
}

int kb_f_reject(struct kb_eval *ev, struct kb_tmpl_call *call,
		struct kb_val *out)
{
	return filter_items(ev, call, out, false, false);
}

int kb_f_selectattr(struct kb_eval *ev, struct kb_tmpl_call *call,
		    struct kb_val *out)
{
	return filter_items(ev, call, out, true, true);
}

int kb_f_rejectattr(struct kb_eval *ev, struct kb_tmpl_call *call,
		    struct kb_val *out)
{
	return filter_items(ev, call, out, true, false);
}
