#include "template/builtin.h"

#include <math.h>
#include <stdlib.h>

#include "base/clock.h"

/* Numbers, defaults, JSON, tests and functions; and the tables. */

#define MAX_FORMAT 64 /* bytes, of a day */

static int f_abs(struct kb_eval *ev, struct kb_tmpl_call *call,
		 struct kb_val *out)
{
	struct kb_val v = call->self;

	if (v.type == KB_VAL_INT && v.u.i != INT64_MIN)
		*out = kb_val_int(v.u.i < 0 ? -v.u.i : v.u.i);
	else if (v.type == KB_VAL_FLOAT)
		*out = kb_val_float(fabs(v.u.f));
	else
		return kb_eval_fail(ev, call->at, KB_EINVAL,
				    "'abs' needs a number, not %s",
				    kb_val_name(v));
	return 0;
}

static int f_default(struct kb_eval *ev, struct kb_tmpl_call *call,
		     struct kb_val *out)
{
	bool missing = call->self.type == KB_VAL_UNDEF;

	if (kb_call_true(ev, call, 1, false))
		missing = !kb_val_truth(call->self, ev->arena);
	*out = missing ? call->argv[0] : call->self;
	if (missing && out->type == KB_VAL_UNDEF)
		*out = kb_val_str(KB_STR(""));
	return 0;
}

/* The number a string spells from end to end. */
static bool parse_number(struct kb_str s, struct kb_val *out)
{
	char text[64], *end;
	double f;

	while (s.len && (*s.ptr == ' ' || *s.ptr == '\n'))
		s = kb_str_skip(s, 1);
	while (s.len && (s.ptr[s.len - 1] == ' ' || s.ptr[s.len - 1] == '\n'))
		s.len--;
	if (!s.len || s.len >= sizeof(text) ||
	    strspn(s.ptr, "+-.0123456789eE") < s.len)
		return false;
	memcpy(text, s.ptr, s.len);
	text[s.len] = '\0';
	*out = kb_val_int(strtoll(text, &end, 10));
	if (!*end && s.len < 19)
		return true;
	f = strtod(text, &end);
	*out = kb_val_float(f);
	return !*end;
}

static int to_number(struct kb_eval *ev, struct kb_tmpl_call *call,
		     struct kb_val *out)
{
	struct kb_str s;
	int rc = kb_eval_undefined(ev, call->at, call->self);

	if (rc < 0)
		return rc;
	*out = call->self;
	if (out->type == KB_VAL_BOOL)
		*out = kb_val_int(out->u.b);
	if (out->type == KB_VAL_INT || out->type == KB_VAL_FLOAT)
		return 0;
	if (out->type == KB_VAL_STR) {
		/* strspn() stops at a NUL: a copy ends with one. */
		s = kb_arena_copy(ev->arena, out->u.s);
		if (parse_number(s, out))
			return 0;
	}
	out->type = KB_VAL_UNDEF;
	return 0;
}

static int f_int(struct kb_eval *ev, struct kb_tmpl_call *call,
		 struct kb_val *out)
{
	int rc = to_number(ev, call, out);

	if (rc < 0)
		return rc;
	if (out->type == KB_VAL_FLOAT && fabs(out->u.f) < 9e18)
		*out = kb_val_int((int64_t)out->u.f);
	if (out->type != KB_VAL_INT)
		*out = call->argv[0].type == KB_VAL_UNDEF ? kb_val_int(0)
							  : call->argv[0];
	return 0;
}

static int f_float(struct kb_eval *ev, struct kb_tmpl_call *call,
		   struct kb_val *out)
{
	int rc = to_number(ev, call, out);

	if (rc < 0)
		return rc;
	if (out->type == KB_VAL_INT)
		*out = kb_val_float((double)out->u.i);
	if (out->type != KB_VAL_FLOAT)
		*out = call->argv[0].type == KB_VAL_UNDEF ? kb_val_float(0)
							  : call->argv[0];
	return 0;
}

static int f_round(struct kb_eval *ev, struct kb_tmpl_call *call,
		   struct kb_val *out)
{
	double x, scale = 1;
	int64_t digits = kb_call_int(call, 0, 0);
	struct kb_str method;
	int rc = kb_call_str(ev, call, 1, KB_STR("common"), &method);

	if (rc == 0 && !kb_val_number(call->self, &x))
		rc = kb_eval_fail(ev, call->at, KB_EINVAL,
				  "'round' needs a number, not %s",
				  kb_val_name(call->self));
	if (rc < 0)
		return rc;
	if (call->self.type == KB_VAL_INT && kb_str_is(method, "common") &&
	    digits >= 0) {
		*out = call->self;
		return 0;
	}
	for (; digits > 0 && digits < 16; digits--)
		scale *= 10;
	x *= scale;
	x = kb_str_is(method, "ceil")	 ? ceil(x)
	    : kb_str_is(method, "floor") ? floor(x)
					 : rint(x);
	*out = kb_val_float(x / scale);
	return 0;
}

/* "(item, key)" of separators=. */
static int separators(struct kb_eval *ev, struct kb_tmpl_call *call,
		      struct kb_json_style *style)
{
	struct kb_val *items;
	size_t n;
	int rc;

	if (call->argv[1].type != KB_VAL_LIST)
		return 0;
	rc = kb_eval_items(ev, call->at, call->argv[1], &items, &n);
	if (rc < 0)
		return rc;
	if (n != 2 || items[0].type != KB_VAL_STR ||
	    items[1].type != KB_VAL_STR)
		return kb_eval_fail(ev, call->at, KB_EINVAL,
				    "separators= needs two strings");
	style->item = items[0].u.s;
	style->key = items[1].u.s;
	return 0;
}

static int f_tojson(struct kb_eval *ev, struct kb_tmpl_call *call,
		    struct kb_val *out)
{
	struct kb_json_style style = {.item = KB_STR(", "),
				      .key = KB_STR(": ")};
	int64_t indent = kb_call_int(call, 0, -1);
	size_t mark;
	int rc = kb_eval_undefined(ev, call->at, call->self);

	if (rc == 0)
		rc = separators(ev, call, &style);
	if (rc < 0)
		return rc;
	style.indent = indent < 0 ? -1 : indent > 16 ? 16 : (int)indent;
	style.ascii = kb_call_true(ev, call, 2, false);
	style.sort = kb_call_true(ev, call, 3, false);
	mark = kb_eval_capture(ev);
	kb_val_tojson(call->self, &style, ev->arena, ev->out);
	out->type = KB_VAL_STR;
	return kb_eval_captured(ev, mark, &out->u.s);
}

static int f_safe(struct kb_eval *ev, struct kb_tmpl_call *call,
		  struct kb_val *out)
{
	*out = call->self;
	return kb_eval_undefined(ev, call->at, call->self);
}

static int f_attr(struct kb_eval *ev, struct kb_tmpl_call *call,
		  struct kb_val *out)
{
	struct kb_str name;
	int rc = kb_call_str(ev, call, 0, KB_STR(""), &name);

	if (rc == 0)
		rc = kb_eval_undefined(ev, call->at, call->self);
	if (rc == 0)
		*out = kb_eval_attr(ev, call->self, name);
	return rc;
}

static int m_cycle(struct kb_eval *ev, struct kb_tmpl_call *call,
		   struct kb_val *out)
{
	if (!call->n_pos)
		return kb_eval_fail(ev, call->at, KB_EINVAL,
				    "'cycle' needs arguments");
	*out = call->pos[call->self.u.loop->index % call->n_pos];
	return 0;
}

static int m_changed(struct kb_eval *ev, struct kb_tmpl_call *call,
		     struct kb_val *out)
{
	struct kb_tmpl_loop *loop = call->self.u.loop;
	struct kb_val now = call->n_pos ? call->pos[0] : kb_val_none();

	*out =
	    kb_val_bool(loop->index == 0 ||
			!kb_val_eq(now, loop->changed, ev->arena, &ev->steps));
	loop->changed = now;
	return 0;
}

/* ---- functions ---- */

static int fn_range(struct kb_eval *ev, struct kb_tmpl_call *call,
		    struct kb_val *out)
{
	bool one = call->n_pos == 1;
	int64_t from = one ? 0 : kb_call_int(call, 0, 0);
	int64_t to = kb_call_int(call, one ? 0 : 1, 0);
	int64_t step = kb_call_int(call, 2, 1);
	int rc;

	if (!call->n_pos || step == 0)
		return kb_eval_fail(ev, call->at, KB_EINVAL,
				    "'range' needs an end and a step other "
				    "than 0");
	*out = kb_val_list(ev->arena, false);
	for (int64_t i = from; step > 0 ? i < to : i > to;) {
		rc = kb_eval_step(ev, call->at);
		if (rc == 0)
			rc = kb_eval_charge(ev, call->at, 2 * sizeof(*out));
		if (rc < 0)
			return rc;
		kb_seq_add(out->u.list, ev->arena, kb_val_int(i));
		if (__builtin_add_overflow(i, step, &i))
			break;
	}
	return 0;
}

static int fn_dict(struct kb_eval *ev, struct kb_tmpl_call *call,
		   struct kb_val *out)
{
	int rc = kb_eval_charge(ev, call->at, (call->n_kw + 1) * 100);

	if (rc < 0)
		return rc;
	*out = kb_val_dict(ev->arena);
	if (call->n_pos > 1 ||
	    (call->n_pos && call->pos[0].type != KB_VAL_DICT))
		return kb_eval_fail(ev, call->at, KB_EINVAL,
				    "'%s' needs a dict or keywords",
				    call->name);
	if (call->n_pos) {
		struct kb_tmpl_dict *from = call->pos[0].u.dict;

		kb_dict_open(from, ev->arena);
		rc = kb_eval_charge(ev, call->at, from->n * 100);
		for (size_t i = 0; rc == 0 && i < from->n; i++)
			kb_dict_put(out->u.dict, ev->arena, from->items[i].key,
				    from->items[i].val);
	}
	for (size_t i = 0; rc == 0 && i < call->n_kw; i++)
		kb_dict_put(out->u.dict, ev->arena, call->kw[i].name,
			    call->kw[i].val);
	return rc;
}

static int fn_namespace(struct kb_eval *ev, struct kb_tmpl_call *call,
			struct kb_val *out)
{
	int rc = fn_dict(ev, call, out);

	if (rc == 0)
		out->u.dict->is_namespace = true;
	return rc;
}

/* The name chat templates use to refuse their input. */
static int fn_raise(struct kb_eval *ev, struct kb_tmpl_call *call,
		    struct kb_val *out)
{
	char quoted[KB_QUOTE_MAX];
	struct kb_str s;
	int rc =
	    kb_call_str(ev, call, 0, KB_STR("refused by the template"), &s);

	(void)out;
	if (rc < 0)
		return rc;
	return kb_eval_fail(ev, call->at, KB_EINVAL, "%s",
			    kb_err_quote(quoted, s.ptr, s.len));
}

/* The format is the template's; strftime() bounds what it writes. */
#pragma GCC diagnostic push
#pragma GCC diagnostic ignored "-Wformat-nonliteral"
static size_t format_time(char *text, size_t size, const char *format,
			  const struct tm *tm)
{
	return strftime(text, size, format, tm);
}
#pragma GCC diagnostic pop

/* The day as chat templates ask for it: of the local time zone, in English. */
static int fn_strftime(struct kb_eval *ev, struct kb_tmpl_call *call,
		       struct kb_val *out)
{
	time_t now = ev->env->options.now_s;
	char text[256];
	struct kb_str s;
	struct tm tm;
	int rc = kb_call_str(ev, call, 0, KB_STR(""), &s);

	if (rc < 0)
		return rc;
	if (!now)
		now = (time_t)(kb_clock_wall_ns() / 1000000000);
	if (s.len > MAX_FORMAT || !localtime_r(&now, &tm))
		return kb_eval_fail(ev, call->at, KB_ELIMIT,
				    "the format of 'strftime_now' is longer "
				    "than %d bytes",
				    MAX_FORMAT);
	s.len = format_time(text, sizeof(text),
			    kb_arena_strndup(ev->arena, s.ptr, s.len), &tm);
	s.ptr = text;
	*out = kb_val_str(kb_arena_copy(ev->arena, s));
	return 0;
}

static const struct kb_builtin functions[] = {
    {"range", fn_range, "start,stop,step"},
    {"dict", fn_dict, "*"},
    {"namespace", fn_namespace, "*"},
    {"raise_exception", fn_raise, "message"},
    {"strftime_now", fn_strftime, "format"},
};

static const struct kb_builtin filters[] = {
    {"abs", f_abs, ""},
    {"attr", f_attr, "name"},
    {"capitalize", kb_f_capitalize, ""},
    {"count", kb_f_length, ""},
    {"d", f_default, "default_value,boolean"},
    {"default", f_default, "default_value,boolean"},
    {"dictsort", kb_f_dictsort, "case_sensitive,by,reverse"},
    {"first", kb_f_first, ""},
    {"float", f_float, "default"},
    {"indent", kb_f_indent, "width,first,blank"},
    {"int", f_int, "default"},
    {"items", kb_f_items, ""},
    {"join", kb_f_join, "d,attribute"},
    {"last", kb_f_last, ""},
    {"length", kb_f_length, ""},
    {"list", kb_f_list, ""},
    {"lower", kb_f_lower, ""},
    {"map", kb_f_map, "*"},
    {"max", kb_f_max, ""},
    {"min", kb_f_min, ""},
    {"reject", kb_f_reject, "*"},
    {"rejectattr", kb_f_rejectattr, "*"},
    {"replace", kb_f_replace, "old,new,count"},
    {"reverse", kb_f_reverse, ""},
    {"round", f_round, "precision,method"},
    {"safe", f_safe, ""},
    {"select", kb_f_select, "*"},
    {"selectattr", kb_f_selectattr, "*"},
    {"sort", kb_f_sort, "reverse,case_sensitive,attribute"},
    {"string", kb_f_string, ""},
    {"sum", kb_f_sum, "attribute,start"},
    {"title", kb_f_title, ""},
    {"tojson", f_tojson, "indent,separators,ensure_ascii,sort_keys"},
    {"trim", kb_f_trim, "chars"},
    {"truncate", kb_f_truncate, "length,killwords,end,leeway"},
    {"unique", kb_f_unique, "case_sensitive,attribute"},
    {"upper", kb_f_upper, ""},
    {"wordcount", kb_f_wordcount, ""},
};

static const struct kb_builtin string_methods[] = {
    {"capitalize", kb_f_capitalize, ""},
    {"count", kb_m_count, "sub"},
    {"endswith", kb_m_endswith, "suffix"},
    {"find", kb_m_find, "sub"},
    {"isalnum", kb_m_isalnum, ""},
    {"isalpha", kb_m_isalpha, ""},
    {"isdigit", kb_m_isdigit, ""},
    {"islower", kb_m_islower, ""},
    {"isspace", kb_m_isspace, ""},
    {"isupper", kb_m_isupper, ""},
    {"join", kb_m_join, "items"},
    {"lower", kb_f_lower, ""},
    {"lstrip", kb_m_lstrip, "chars"},
    {"removeprefix", kb_m_removeprefix, "prefix"},
    {"removesuffix", kb_m_removesuffix, "suffix"},
    {"replace", kb_f_replace, "old,new,count"},
    {"rfind", kb_m_rfind, "sub"},
    {"rsplit", kb_m_rsplit, "sep,maxsplit"},
    {"rstrip", kb_m_rstrip, "chars"},
    {"split", kb_m_split, "sep,maxsplit"},
    {"splitlines", kb_m_splitlines, ""},
    {"startswith", kb_m_startswith, "prefix"},
    {"strip", kb_f_trim, "chars"},
    {"title", kb_m_title, ""},
    {"upper", kb_f_upper, ""},
};

static const struct kb_builtin dict_methods[] = {
    {"get", kb_m_get, "key,default"},
    {"items", kb_f_items, ""},
    {"keys", kb_m_keys, ""},
    {"values", kb_m_values, ""},
};

static const struct kb_builtin loop_methods[] = {
    {"changed", m_changed, "*"},
    {"cycle", m_cycle, "*"},
};

#define COUNT(table) (sizeof(table) / sizeof(*(table)))

static const struct kb_builtin *find(const struct kb_builtin *table, size_t n,
				     struct kb_str name)
{
	for (size_t i = 0; i < n; i++)
		if (kb_str_is(name, table[i].name))
			return &table[i];
	return NULL;
}

const struct kb_builtin *kb_filter_find(struct kb_str name)
{
	return find(filters, COUNT(filters), name);
}

const struct kb_builtin *kb_function_find(struct kb_str name)
{
	return find(functions, COUNT(functions), name);
}

const struct kb_builtin *kb_method_find(enum kb_val_type type,
					struct kb_str name)
{
	if (type == KB_VAL_STR)
		return find(string_methods, COUNT(string_methods), name);
	if (type == KB_VAL_DICT)
		return find(dict_methods, COUNT(dict_methods), name);
	if (type == KB_VAL_LOOP)
		return find(loop_methods, COUNT(loop_methods), name);
	return NULL;
}
