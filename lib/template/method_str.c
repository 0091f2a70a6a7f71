#include "template/builtin.h"

#include <utf8proc.h>

#include "base/utf8.h"

/* Methods of strings that ask, and those that take off an end. */

/* ---- what a string consists of ---- */

static bool is_letter(utf8proc_category_t k)
{
	return k >= UTF8PROC_CATEGORY_LU && k <= UTF8PROC_CATEGORY_LO;
}

static bool is_alnum(utf8proc_category_t k)
{
	return is_letter(k) ||
	       (k >= UTF8PROC_CATEGORY_ND && k <= UTF8PROC_CATEGORY_NO);
}

static bool is_space(utf8proc_int32_t c)
{
	return (c >= 0x09 && c <= 0x0d) || (c >= 0x1c && c <= 0x1f) ||
	       c == 0x85 ||
	       (utf8proc_category(c) >= UTF8PROC_CATEGORY_ZS &&
		utf8proc_category(c) <= UTF8PROC_CATEGORY_ZP);
}

enum question { ALL_ALPHA, ALL_ALNUM, ALL_SPACE };

/* Of every character, of which there must be one. */
static int ask(struct kb_tmpl_call *call, struct kb_val *out,
	       enum question question)
{
	struct kb_str s = kb_self_str(call);
	bool all = s.len > 0;

	for (size_t i = 0; all && i < s.len;) {
		uint32_t cp;
		utf8proc_category_t k;

		i += kb_utf8_next(s.ptr + i, s.len - i, &cp);
		k = utf8proc_category((utf8proc_int32_t)cp);
		all = cp != KB_UTF8_BAD &&
		      (question == ALL_ALPHA   ? is_letter(k)
		       : question == ALL_ALNUM ? is_alnum(k)
					       : is_space((int32_t)cp));
	}
	*out = kb_val_bool(all);
	return 0;
}

int kb_m_isalpha(struct kb_eval *ev, struct kb_tmpl_call *call,
		 struct kb_val *out)
{
	(void)ev;
	return ask(call, out, ALL_ALPHA);
}

int kb_m_isalnum(struct kb_eval *ev, struct kb_tmpl_call *call,
		 struct kb_val *out)
{
	(void)ev;
	return ask(call, out, ALL_ALNUM);
}

int kb_m_isspace(struct kb_eval *ev, struct kb_tmpl_call *call,
		 struct kb_val *out)
{
	(void)ev;
	return ask(call, out, ALL_SPACE);
}

/* Letters of this case, one at least, and none of the other. */
static int has_case(struct kb_tmpl_call *call, struct kb_val *out, bool upper)
{
	struct kb_str s = kb_self_str(call);
	bool any = false;

	*out = kb_val_bool(false);
	for (size_t i = 0; i < s.len;) {
		uint32_t cp;
		utf8proc_category_t k;

		i += kb_utf8_next(s.ptr + i, s.len - i, &cp);
		k = utf8proc_category((utf8proc_int32_t)cp);
		if (k == UTF8PROC_CATEGORY_LT ||
		    k == (upper ? UTF8PROC_CATEGORY_LL : UTF8PROC_CATEGORY_LU))
			return 0;
		any |=
		    k == (upper ? UTF8PROC_CATEGORY_LU : UTF8PROC_CATEGORY_LL);
	}
	*out = kb_val_bool(any);
	return 0;
}

int kb_m_isupper(struct kb_eval *ev, struct kb_tmpl_call *call,
		 struct kb_val *out)
{
	(void)ev;
	return has_case(call, out, true);
}

int kb_m_islower(struct kb_eval *ev, struct kb_tmpl_call *call,
		 struct kb_val *out)
{
	(void)ev;
	return has_case(call, out, false);
}

/* ---- ends ---- */

int kb_m_removeprefix(struct kb_eval *ev, struct kb_tmpl_call *call,
		      struct kb_val *out)
{
	struct kb_str s = kb_self_str(call), t;
	int rc = kb_call_str(ev, call, 0, KB_STR(""), &t);

	if (rc < 0)
		return rc;
	if (t.len && t.len <= s.len && !memcmp(s.ptr, t.ptr, t.len))
		s = kb_str_skip(s, t.len);
	*out = kb_val_str(s);
	return 0;
}

int kb_m_removesuffix(struct kb_eval *ev, struct kb_tmpl_call *call,
		      struct kb_val *out)
{
	struct kb_str s = kb_self_str(call), t;
	int rc = kb_call_str(ev, call, 0, KB_STR(""), &t);

	if (rc < 0)
		return rc;
	if (t.len && t.len <= s.len &&
	    !memcmp(s.ptr + s.len - t.len, t.ptr, t.len))
		s.len -= t.len;
	*out = kb_val_str(s);
	return 0;
}

/* The last t in s, or NULL. */
static const char *find_last(struct kb_str s, struct kb_str t)
{
	for (size_t at = s.len; t.len && at >= t.len; at--)
		if (!memcmp(s.ptr + at - t.len, t.ptr, t.len))
			return s.ptr + at - t.len;
	return NULL;
}

int kb_m_rfind(struct kb_eval *ev, struct kb_tmpl_call *call,
	       struct kb_val *out)
{
	struct kb_str s = kb_self_str(call), t;
	const char *p;
	int rc = kb_call_str(ev, call, 0, KB_STR(""), &t);

	if (rc < 0)
		return rc;
	p = find_last(s, t);
	if (p)
		s.len = (size_t)(p - s.ptr);
	*out =
	    kb_val_int(p || !t.len ? (int64_t)kb_utf8_count(s.ptr, s.len) : -1);
	return 0;
}

/* By a string only; the pieces come from the end. */
int kb_m_rsplit(struct kb_eval *ev, struct kb_tmpl_call *call,
		struct kb_val *out)
{
	struct kb_str s = kb_self_str(call), by;
	int64_t max = kb_call_int(call, 1, -1);
	struct kb_seq pieces = {0};
	const char *p;
	int rc = kb_call_str(ev, call, 0, KB_STR(""), &by);

	if (rc == 0)
		rc = kb_eval_charge(ev, call->at,
				    (s.len + 1) * 4 * sizeof(struct kb_val));
	if (rc == 0 && !by.len)
		rc = kb_eval_fail(ev, call->at, KB_EINVAL,
				  "'rsplit' needs what to split by");
	if (rc < 0)
		return rc;
	while ((max < 0 || (int64_t)pieces.n < max) && (p = find_last(s, by))) {
		size_t from = (size_t)(p - s.ptr) + by.len;

		kb_seq_add(&pieces, ev->arena,
			   kb_val_str(kb_str_skip(s, from)));
		s.len = from - by.len;
	}
	*out = kb_val_list(ev->arena, false);
	kb_seq_add(out->u.list, ev->arena, kb_val_str(s));
	for (size_t i = pieces.n; i > 0; i--)
		kb_seq_add(out->u.list, ev->arena, pieces.items[i - 1]);
	return 0;
}
