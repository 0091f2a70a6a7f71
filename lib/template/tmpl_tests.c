#include "template/evaluator.h"

/* What may stand behind "is". */

#define TEST(name, condition)                                          \
	static int name(struct kb_eval *ev, struct kb_tmpl_call *call, \
			struct kb_val *out)                            \
	{                                                              \
		const struct kb_val v = call->self;                    \
                                                                       \
		(void)ev;                                              \
		(void)v;                                               \
		*out = kb_val_bool(condition);                         \
		return 0;                                              \
	}

static bool is_number(struct kb_val v)
{
	return v.type == KB_VAL_INT || v.type == KB_VAL_FLOAT ||
	       v.type == KB_VAL_BIG;
}

/* Is every letter of this case, and is there one? */
static bool is_case(struct kb_val v, char first, char last)
{
	bool some = false;

	if (v.type != KB_VAL_STR)
		return false;
	for (size_t i = 0; i < v.u.s.len; i++) {
		char c = v.u.s.ptr[i], l = (char)(c | 0x20);

		if (l < 'a' || l > 'z')
			continue;
		if (c < first || c > last)
			return false;
		some = true;
	}
	return some;
}

TEST(t_defined, v.type != KB_VAL_UNDEF)
TEST(t_undefined, v.type == KB_VAL_UNDEF)
TEST(t_none, v.type == KB_VAL_NONE)
TEST(t_boolean, v.type == KB_VAL_BOOL)
TEST(t_true, v.type == KB_VAL_BOOL && v.u.b)
TEST(t_false, v.type == KB_VAL_BOOL && !v.u.b)
TEST(t_integer, v.type == KB_VAL_INT || v.type == KB_VAL_BIG)
TEST(t_float, v.type == KB_VAL_FLOAT)
TEST(t_number, is_number(v) || v.type == KB_VAL_BOOL)
TEST(t_string, v.type == KB_VAL_STR)
TEST(t_mapping, v.type == KB_VAL_DICT)
TEST(t_sequence,
     v.type == KB_VAL_LIST || v.type == KB_VAL_STR || v.type == KB_VAL_DICT)
TEST(t_callable, v.type == KB_VAL_FUNC)
TEST(t_lower, is_case(v, 'a', 'z'))
TEST(t_upper, is_case(v, 'A', 'Z'))
TEST(t_eq, kb_val_eq(v, call->argv[0], ev->arena, &ev->steps))
TEST(t_ne, !kb_val_eq(v, call->argv[0], ev->arena, &ev->steps))
TEST(t_filter, v.type == KB_VAL_STR && kb_filter_find(v.u.s) != NULL)
TEST(t_test, v.type == KB_VAL_STR && kb_test_find(v.u.s) != NULL)

#undef TEST

static int modulo(struct kb_eval *ev, struct kb_tmpl_call *call,
		  int64_t divisor, bool zero, struct kb_val *out)
{
	struct kb_val v = call->self;

	if (!divisor)
		return kb_eval_fail(ev, call->at, KB_EINVAL,
				    "'%s' needs a divisor other than 0",
				    call->name);
	if (v.type != KB_VAL_INT)
		return kb_eval_fail(ev, call->at, KB_EINVAL,
				    "'%s' needs an integer, not %s", call->name,
				    kb_val_name(v));
	*out = kb_val_bool((divisor == -1 || v.u.i % divisor == 0) == zero);
	return 0;
}

static int t_even(struct kb_eval *ev, struct kb_tmpl_call *call,
		  struct kb_val *out)
{
	return modulo(ev, call, 2, true, out);
}

static int t_odd(struct kb_eval *ev, struct kb_tmpl_call *call,
		 struct kb_val *out)
{
	return modulo(ev, call, 2, false, out);
}

static int t_divisible(struct kb_eval *ev, struct kb_tmpl_call *call,
		       struct kb_val *out)
{
	return modulo(ev, call, kb_call_int(call, 0, 0), true, out);
}

static int t_in(struct kb_eval *ev, struct kb_tmpl_call *call,
		struct kb_val *out)
{
	bool found = false;
	int rc = kb_eval_in(ev, call->at, call->self, call->argv[0], &found);

	*out = kb_val_bool(found);
	return rc;
}

static int order(struct kb_eval *ev, struct kb_tmpl_call *call, int op,
		 struct kb_val *out)
{
	return kb_eval_binary(ev, call->at, op, call->self, call->argv[0], out);
}

static int t_lt(struct kb_eval *ev, struct kb_tmpl_call *call,
		struct kb_val *out)
{
	return order(ev, call, KB_OP_LT, out);
}

static int t_le(struct kb_eval *ev, struct kb_tmpl_call *call,
		struct kb_val *out)
{
	return order(ev, call, KB_OP_LE, out);
}

static int t_gt(struct kb_eval *ev, struct kb_tmpl_call *call,
		struct kb_val *out)
{
	return order(ev, call, KB_OP_GT, out);
}

static int t_ge(struct kb_eval *ev, struct kb_tmpl_call *call,
		struct kb_val *out)
{
	return order(ev, call, KB_OP_GE, out);
}

static const struct kb_builtin tests[] = {
    {"!=", t_ne, "other"},	{"<", t_lt, "other"},
    {"<=", t_le, "other"},	{"==", t_eq, "other"},
    {">", t_gt, "other"},	{">=", t_ge, "other"},
    {"boolean", t_boolean, ""}, {"callable", t_callable, ""},
    {"defined", t_defined, ""}, {"divisibleby", t_divisible, "num"},
    {"eq", t_eq, "other"},	{"equalto", t_eq, "other"},
    {"even", t_even, ""},	{"false", t_false, ""},
    {"filter", t_filter, ""},	{"float", t_float, ""},
    {"ge", t_ge, "other"},	{"greaterthan", t_gt, "other"},
    {"gt", t_gt, "other"},	{"in", t_in, "seq"},
    {"integer", t_integer, ""}, {"iterable", t_sequence, ""},
    {"le", t_le, "other"},	{"lessthan", t_lt, "other"},
    {"lower", t_lower, ""},	{"lt", t_lt, "other"},
    {"mapping", t_mapping, ""}, {"ne", t_ne, "other"},
    {"none", t_none, ""},	{"number", t_number, ""},
    {"odd", t_odd, ""},		{"sequence", t_sequence, ""},
    {"string", t_string, ""},	{"test", t_test, ""},
    {"true", t_true, ""},	{"undefined", t_undefined, ""},
    {"upper", t_upper, ""},
};

const struct kb_builtin *kb_test_find(struct kb_str name)
{
	for (size_t i = 0; i < sizeof(tests) / sizeof(*tests); i++)
		if (kb_str_is(name, tests[i].name))
			return &tests[i];
	return NULL;
}
