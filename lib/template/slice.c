#include "template/evaluator.h"

#include <stdlib.h>

#include "base/utf8.h"

/* a[i] and a[i:j:k]. */

/* v[i] with negative indices from the end. */
struct kb_val kb_eval_index(struct kb_eval *ev, struct kb_val v, int64_t i)
{
	struct kb_val missing = {.type = KB_VAL_UNDEF};
	int64_t n;
	size_t from;

	missing.u.s =
	    kb_str_of(kb_arena_printf(ev->arena, "element %lld", (long long)i));

	if (v.type == KB_VAL_LIST) {
		kb_seq_open(v.u.list, ev->arena);
		n = (int64_t)v.u.list->n;
		i = i < 0 ? i + n : i;
		return i >= 0 && i < n ? v.u.list->items[i] : missing;
	}
	if (v.type != KB_VAL_STR)
		return missing;
	ev->steps += kb_val_work(v);
	n = (int64_t)kb_utf8_count(v.u.s.ptr, v.u.s.len);
	i = i < 0 ? i + n : i;
	if (i < 0 || i >= n)
		return missing;
	from = kb_utf8_seek(v.u.s.ptr, v.u.s.len, (size_t)i);
	v.u.s = kb_str_skip(v.u.s, from);
	v.u.s.len = kb_utf8_seek(v.u.s.ptr, v.u.s.len, 1);
	return v;
}

static int64_t clamp(int64_t i, int64_t n, int64_t low, int64_t high)
{
	i = i < 0 ? i + n : i;
	return i < low ? low : i > high ? high : i;
}

/* Bounds of a slice as Python has them; KB_EINVAL for no integer. */
static int slice_bounds(struct kb_eval *ev, const struct kb_expr *x, int64_t n,
			int64_t bound[3])
{
	bool given[3] = {false, false, false};
	int64_t raw[3] = {0, 0, 1};

	for (size_t i = 0; i < x->n_args && i < 3; i++) {
		struct kb_val v;
		int rc;

		if (!x->args[i].value)
			continue;
		rc = kb_eval_eval(ev, x->args[i].value, &v);
		if (rc < 0)
			return rc;
		if (v.type == KB_VAL_NONE)
			continue;
		if (v.type != KB_VAL_INT)
			return kb_eval_fail(ev, x->at, KB_EINVAL,
					    "a slice needs integers, not %s",
					    kb_val_name(v));
		raw[i] = v.u.i;
		given[i] = true;
	}
	if (raw[2] == 0 || raw[2] < -n - 1)
		raw[2] = raw[2] ? -n - 1 : 0;
	if (raw[2] > n + 1)
		raw[2] = n + 1;
	if (!raw[2])
		return kb_eval_fail(ev, x->at, KB_EINVAL, "slice step is zero");
	if (raw[2] > 0) {
		bound[0] = given[0] ? clamp(raw[0], n, 0, n) : 0;
		bound[1] = given[1] ? clamp(raw[1], n, 0, n) : n;
	} else {
		bound[0] = given[0] ? clamp(raw[0], n, -1, n - 1) : n - 1;
		bound[1] = given[1] ? clamp(raw[1], n, -1, n - 1) : -1;
	}
	bound[2] = raw[2];
	return 0;
}

/* Every step-th character: found in one pass, then taken in any order. */
static void add_steps(struct kb_eval *ev, struct kb_str s, size_t n,
		      const int64_t bound[3])
{
	size_t *at = kb_malloc((n + 1) * sizeof(*at));
	int64_t step = bound[2];

	at[0] = 0;
	for (size_t i = 0; i < n; i++)
		at[i + 1] =
		    at[i] + kb_utf8_seek(s.ptr + at[i], s.len - at[i], 1);
	for (int64_t i = bound[0]; step > 0 ? i < bound[1] : i > bound[1];
	     i += step)
		kb_buf_add(ev->out, s.ptr + at[i], at[i + 1] - at[i]);
	free(at);
}

static int slice_str(struct kb_eval *ev, const struct kb_expr *x,
		     struct kb_str s, struct kb_val *out)
{
	int64_t b[3];
	size_t n = kb_utf8_count(s.ptr, s.len), mark, from;
	int rc = slice_bounds(ev, x, (int64_t)n, b);

	ev->steps += kb_val_work(kb_val_str(s));
	if (rc < 0)
		return rc;
	if (b[2] == 1) {
		from = kb_utf8_seek(s.ptr, s.len, (size_t)b[0]);
		s = kb_str_skip(s, from);
		s.len = b[1] > b[0]
			    ? kb_utf8_seek(s.ptr, s.len, (size_t)(b[1] - b[0]))
			    : 0;
		*out = kb_val_str(s);
		return 0;
	}
	ev->steps += n; /* each is looked at */
	mark = kb_eval_capture(ev);
	add_steps(ev, s, n, b);
	*out = kb_val_str(s);
	return kb_eval_captured(ev, mark, &out->u.s);
}

int kb_eval_slice(struct kb_eval *ev, const struct kb_expr *x,
		  struct kb_val *out)
{
	struct kb_val of;
	int64_t b[3];
	int rc = kb_eval_eval(ev, x->a, &of);

	if (rc == 0)
		rc = kb_eval_undefined(ev, x->a->at, of);
	if (rc < 0)
		return rc;
	if (of.type == KB_VAL_STR)
		return slice_str(ev, x, of.u.s, out);
	*out = kb_val_list(ev->arena, false);
	if (of.type == KB_VAL_UNDEF)
		return 0;
	if (of.type != KB_VAL_LIST)
		return kb_eval_fail(ev, x->at, KB_EINVAL, "cannot slice a %s",
				    kb_val_name(of));
	kb_seq_open(of.u.list, ev->arena);
	out->u.list->tuple = of.u.list->tuple;
	rc = slice_bounds(ev, x, (int64_t)of.u.list->n, b);
	if (rc == 0)
		rc = kb_eval_charge(ev, x->at, of.u.list->n * sizeof(of));
	for (int64_t i = b[0]; rc == 0 && (b[2] > 0 ? i < b[1] : i > b[1]);
	     i += b[2])
		kb_seq_add(out->u.list, ev->arena, of.u.list->items[i]);
	return rc;
}
