#include "template/evaluator.h"

#include <math.h>

/* Binary operators. */

static int bad(struct kb_eval *ev, uint32_t at, int op, struct kb_val a,
	       struct kb_val b)
{
	static const char *const names[] = {
	    "+",  "-",	"*", "/",  "//", "%",  "**", "~",
	    "==", "!=", "<", "<=", ">",	 ">=", "in", "not in"};

	return kb_eval_fail(ev, at, KB_EINVAL, "no %s %s %s", kb_val_name(a),
			    names[op], kb_val_name(b));
}

static int concat(struct kb_eval *ev, uint32_t at, struct kb_val a,
		  struct kb_val b, struct kb_val *out)
{
	struct kb_str s, t;
	char *text;
	int rc = kb_eval_text(ev, at, a, &s);

	if (rc == 0)
		rc = kb_eval_text(ev, at, b, &t);
	if (rc == 0)
		rc = kb_eval_charge(ev, at, s.len + t.len + 1);
	if (rc < 0)
		return rc;
	text = kb_arena_alloc(ev->arena, s.len + t.len + 1);
	if (s.len)
		memcpy(text, s.ptr, s.len);
	if (t.len)
		memcpy(text + s.len, t.ptr, t.len);
	*out = kb_val_str((struct kb_str){text, s.len + t.len});
	return 0;
}

static int join_lists(struct kb_eval *ev, uint32_t at, struct kb_seq *a,
		      struct kb_seq *b, struct kb_val *out)
{
	int rc;

	kb_seq_open(a, ev->arena);
	kb_seq_open(b, ev->arena);
	rc = kb_eval_charge(ev, at, (a->n + b->n) * 2 * sizeof(*out));
	if (rc < 0)
		return rc;
	*out = kb_val_list(ev->arena, a->tuple);
	for (size_t i = 0; i < a->n; i++)
		kb_seq_add(out->u.list, ev->arena, a->items[i]);
	for (size_t i = 0; i < b->n; i++)
		kb_seq_add(out->u.list, ev->arena, b->items[i]);
	return 0;
}

/* A string or list n times. */
static int repeat(struct kb_eval *ev, uint32_t at, struct kb_val v, int64_t n,
		  struct kb_val *out)
{
	size_t times = n > 0 ? (size_t)n : 0;
	size_t size = v.type == KB_VAL_STR ? v.u.s.len : 0;
	char *text;
	int rc;

	if (v.type == KB_VAL_LIST) {
		kb_seq_open(v.u.list, ev->arena);
		size = v.u.list->n * 2 * sizeof(v);
	}
	if (size && times > KB_TMPL_MEMORY_MAX / size)
		times = KB_TMPL_MEMORY_MAX / size + 1;
	if (!size)
		times = 0;
	rc = kb_eval_charge(ev, at, size * times + 1);
	if (rc < 0)
		return rc;
	if (v.type == KB_VAL_LIST) {
		*out = kb_val_list(ev->arena, v.u.list->tuple);
		for (size_t k = 0; k < times; k++)
			for (size_t i = 0; i < v.u.list->n; i++)
				kb_seq_add(out->u.list, ev->arena,
					   v.u.list->items[i]);
		return 0;
	}
	text = kb_arena_alloc(ev->arena, size * times + 1);
	for (size_t k = 0; k < times; k++)
		memcpy(text + k * size, v.u.s.ptr, size);
	*out = kb_val_str((struct kb_str){text, size * times});
	return 0;
}

/* Rounds towards minus infinity, as Python does. */
static int int_divide(struct kb_eval *ev, uint32_t at, int op, int64_t a,
		      int64_t b, struct kb_val *out)
{
	int64_t q, r;

	if (b == 0)
		return kb_eval_fail(ev, at, KB_EINVAL, "division by zero");
	if (b == -1) {
		if (op == KB_OP_MOD)
			*out = kb_val_int(0);
		else if (a == INT64_MIN)
			*out = kb_val_float(-(double)a);
		else
			*out = kb_val_int(-a);
		return 0;
	}
	q = a / b;
	r = a % b;
	if (r && (r < 0) != (b < 0)) {
		q--;
		r += b;
	}
	*out = kb_val_int(op == KB_OP_MOD ? r : q);
	return 0;
}

static bool int_power(int64_t base, int64_t exponent, int64_t *out)
{
	*out = 1;
	if (exponent < 0 || exponent > 64)
		return false;
	for (int64_t i = 0; i < exponent; i++)
		if (__builtin_mul_overflow(*out, base, out))
			return false;
	return true;
}

/* False when the result leaves 64 bits and is computed as double. */
static bool int_arith(int op, int64_t a, int64_t b, struct kb_val *out)
{
	int64_t r = 0;
	bool ok = false;

	if (op == KB_OP_ADD)
		ok = !__builtin_add_overflow(a, b, &r);
	else if (op == KB_OP_SUB)
		ok = !__builtin_sub_overflow(a, b, &r);
	else if (op == KB_OP_MUL)
		ok = !__builtin_mul_overflow(a, b, &r);
	else if (op == KB_OP_POW)
		ok = int_power(a, b, &r);
	*out = kb_val_int(r);
	return ok;
}

static int arith(struct kb_eval *ev, uint32_t at, int op, struct kb_val a,
		 struct kb_val b, struct kb_val *out)
{
	double x, y;

	if (kb_val_is_int(a) && kb_val_is_int(b)) {
		if (op == KB_OP_FLOORDIV || op == KB_OP_MOD)
			return int_divide(ev, at, op, kb_val_int_of(a),
					  kb_val_int_of(b), out);
		if (op != KB_OP_DIV &&
		    int_arith(op, kb_val_int_of(a), kb_val_int_of(b), out))
			return 0;
	}
	if (!kb_val_number(a, &x) || !kb_val_number(b, &y))
		return bad(ev, at, op, a, b);
	if (y == 0 &&
	    (op == KB_OP_DIV || op == KB_OP_FLOORDIV || op == KB_OP_MOD))
		return kb_eval_fail(ev, at, KB_EINVAL, "division by zero");
	switch (op) {
	case KB_OP_ADD:
		x += y;
		break;
	case KB_OP_SUB:
		x -= y;
		break;
	case KB_OP_MUL:
		x *= y;
		break;
	case KB_OP_DIV:
		x /= y;
		break;
	case KB_OP_FLOORDIV:
		x = floor(x / y);
		break;
	case KB_OP_MOD:
		x -= y * floor(x / y);
		break;
	default:
		x = pow(x, y);
	}
	*out = kb_val_float(x);
	return 0;
}

static int add(struct kb_eval *ev, uint32_t at, struct kb_val a,
	       struct kb_val b, struct kb_val *out)
{
	bool lenient = ev->env->options.dialect == KB_VAL_JSON;

	if (a.type == KB_VAL_LIST && b.type == KB_VAL_LIST)
		return join_lists(ev, at, a.u.list, b.u.list, out);
	if ((a.type == KB_VAL_STR && b.type == KB_VAL_STR) ||
	    (lenient && (a.type == KB_VAL_STR || b.type == KB_VAL_STR)))
		return concat(ev, at, a, b, out);
	return arith(ev, at, KB_OP_ADD, a, b, out);
}

static int multiply(struct kb_eval *ev, uint32_t at, struct kb_val a,
		    struct kb_val b, struct kb_val *out)
{
	if (kb_val_is_int(b) && (a.type == KB_VAL_STR || a.type == KB_VAL_LIST))
		return repeat(ev, at, a, kb_val_int_of(b), out);
	if (kb_val_is_int(a) && (b.type == KB_VAL_STR || b.type == KB_VAL_LIST))
		return repeat(ev, at, b, kb_val_int_of(a), out);
	return arith(ev, at, KB_OP_MUL, a, b, out);
}

int kb_eval_in(struct kb_eval *ev, uint32_t at, struct kb_val a,
	       struct kb_val b, bool *out)
{
	*out = false;
	if (b.type == KB_VAL_STR) {
		if (a.type != KB_VAL_STR)
			return 0;
		ev->steps += kb_val_work(a) + kb_val_work(b);
		*out = !a.u.s.len ||
		       (b.u.s.len &&
			memmem(b.u.s.ptr, b.u.s.len, a.u.s.ptr, a.u.s.len));
		return 0;
	}
	if (b.type == KB_VAL_DICT) {
		*out = a.type == KB_VAL_STR &&
		       kb_dict_get(b.u.dict, ev->arena, a.u.s);
		return 0;
	}
	if (b.type == KB_VAL_UNDEF)
		return 0;
	if (b.type != KB_VAL_LIST)
		return bad(ev, at, KB_OP_IN, a, b);
	kb_seq_open(b.u.list, ev->arena);
	for (size_t i = 0; i < b.u.list->n && !*out; i++)
		*out = kb_val_eq(a, b.u.list->items[i], ev->arena, &ev->steps);
	return 0;
}

static int compare(struct kb_eval *ev, uint32_t at, int op, struct kb_val a,
		   struct kb_val b, struct kb_val *out)
{
	int cmp;

	if (!kb_val_cmp(a, b, ev->arena, &ev->steps, &cmp))
		return bad(ev, at, op, a, b);
	*out = kb_val_bool(op == KB_OP_LT   ? cmp < 0
			   : op == KB_OP_LE ? cmp <= 0
			   : op == KB_OP_GT ? cmp > 0
					    : cmp >= 0);
	return 0;
}

int kb_eval_binary(struct kb_eval *ev, uint32_t at, int op, struct kb_val a,
		   struct kb_val b, struct kb_val *out)
{
	bool found;
	int rc;

	switch (op) {
	case KB_OP_ADD:
		return add(ev, at, a, b, out);
	case KB_OP_MUL:
		return multiply(ev, at, a, b, out);
	case KB_OP_CONCAT:
		return concat(ev, at, a, b, out);
	case KB_OP_EQ:
	case KB_OP_NE:
		*out = kb_val_bool(kb_val_eq(a, b, ev->arena, &ev->steps) ==
				   (op == KB_OP_EQ));
		return 0;
	case KB_OP_LT:
	case KB_OP_LE:
	case KB_OP_GT:
	case KB_OP_GE:
		return compare(ev, at, op, a, b, out);
	case KB_OP_IN:
	case KB_OP_NOT_IN:
		rc = kb_eval_in(ev, at, a, b, &found);
		*out = kb_val_bool(found == (op == KB_OP_IN));
		return rc;
	default:
		return arith(ev, at, op, a, b, out);
	}
}
