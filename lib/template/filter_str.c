#include "template/builtin.h"

#include <string.h>
#include <utf8proc.h>

#include "base/str.h"
#include "base/utf8.h"

/* Filters and methods of strings. */

struct kb_str kb_self_str(const struct kb_tmpl_call *call)
{
	return call->self.u.s;
}

/* What is filtered, as text; an error when undefined. */
static int text_self(struct kb_eval *ev, struct kb_tmpl_call *call,
		     struct kb_str *s)
{
	int rc = kb_eval_undefined(ev, call->at, call->self);

	return rc < 0 ? rc : kb_eval_text(ev, call->at, call->self, s);
}

static int return_str(struct kb_val *out, struct kb_str s)
{
	*out = kb_val_str(s);
	return 0;
}

/* ---- case ---- */

enum fold {
	FOLD_UPPER,
	FOLD_LOWER,
	FOLD_TITLE, /* the filter: a word starts behind a blank, -, ( { [ < */
	FOLD_WORDS, /* the method: behind whatever is no letter */
	FOLD_CAPITALIZE,
};

static bool is_letter(utf8proc_int32_t c)
{
	utf8proc_category_t k = utf8proc_category(c);

	return k >= UTF8PROC_CATEGORY_LU && k <= UTF8PROC_CATEGORY_LO;
}

static void put(struct kb_buf *out, utf8proc_int32_t c, enum fold fold,
		bool start)
{
	bool up = fold == FOLD_UPPER || (fold != FOLD_LOWER && start);

	c = up ? utf8proc_toupper(c) : utf8proc_tolower(c);
	kb_utf8_add(out, (uint32_t)c);
}

/* Does a word start behind it, as the filter 'title' sees words? */
static bool starts_word(utf8proc_int32_t c)
{
	return utf8proc_category(c) == UTF8PROC_CATEGORY_ZS ||
	       (c > 0 && c < 0x80 && strchr("-({[< \t\n\r\v\f", (int)c));
}

static int change_case(struct kb_eval *ev, struct kb_tmpl_call *call,
		       struct kb_val *out, enum fold fold)
{
	struct kb_str s;
	size_t mark, i = 0;
	bool start = true;
	int rc = text_self(ev, call, &s);

	if (rc < 0)
		return rc;
	mark = kb_eval_capture(ev);
	while (i < s.len) {
		uint32_t cp;
		size_t n = kb_utf8_next(s.ptr + i, s.len - i, &cp);
		utf8proc_int32_t c = (utf8proc_int32_t)cp;

		if (cp == KB_UTF8_BAD) {
			kb_buf_add_char(ev->out, s.ptr[i++]);
			continue;
		}
		put(ev->out, c, fold, start);
		start = (fold == FOLD_TITLE && starts_word(c)) ||
			(fold == FOLD_WORDS && !is_letter(c));
		i += n;
	}
	out->type = KB_VAL_STR;
	return kb_eval_captured(ev, mark, &out->u.s);
}

int kb_f_upper(struct kb_eval *ev, struct kb_tmpl_call *call,
	       struct kb_val *out)
{
	return change_case(ev, call, out, FOLD_UPPER);
}

int kb_f_lower(struct kb_eval *ev, struct kb_tmpl_call *call,
	       struct kb_val *out)
{
	return change_case(ev, call, out, FOLD_LOWER);
}

int kb_f_title(struct kb_eval *ev, struct kb_tmpl_call *call,
	       struct kb_val *out)
{
	return change_case(ev, call, out, FOLD_TITLE);
}

int kb_m_title(struct kb_eval *ev, struct kb_tmpl_call *call,
	       struct kb_val *out)
{
	return change_case(ev, call, out, FOLD_WORDS);
}

int kb_f_capitalize(struct kb_eval *ev, struct kb_tmpl_call *call,
		    struct kb_val *out)
{
	return change_case(ev, call, out, FOLD_CAPITALIZE);
}

/* ---- trimming ---- */

static bool in_set(struct kb_str set, const char *p, size_t n)
{
	return set.len >= n && memmem(set.ptr, set.len, p, n);
}

static struct kb_str strip(struct kb_str s, struct kb_str set, bool left,
			   bool right)
{
	while (left && s.len) {
		size_t n = kb_utf8_seek(s.ptr, s.len, 1);

		if (!in_set(set, s.ptr, n))
			break;
		s.ptr += n;
		s.len -= n;
	}
	while (right && s.len) {
		uint32_t cp;
		size_t n = kb_utf8_prev(s.ptr, s.len, &cp);

		if (!in_set(set, s.ptr + s.len - n, n))
			break;
		s.len -= n;
	}
	return s;
}

static int strip_call(struct kb_eval *ev, struct kb_tmpl_call *call,
		      struct kb_val *out, bool left, bool right)
{
	struct kb_str s, set;
	int rc = text_self(ev, call, &s);

	if (rc == 0)
		rc = kb_call_str(ev, call, 0, KB_STR(" \t\n\r\v\f"), &set);
	return rc < 0 ? rc : return_str(out, strip(s, set, left, right));
}

int kb_f_trim(struct kb_eval *ev, struct kb_tmpl_call *call, struct kb_val *out)
{
	return strip_call(ev, call, out, true, true);
}

int kb_m_lstrip(struct kb_eval *ev, struct kb_tmpl_call *call,
		struct kb_val *out)
{
	return strip_call(ev, call, out, true, false);
}

int kb_m_rstrip(struct kb_eval *ev, struct kb_tmpl_call *call,
		struct kb_val *out)
{
	return strip_call(ev, call, out, false, true);
}

/* ---- pieces ---- */

static const char *find(struct kb_str s, struct kb_str needle)
{
	if (!needle.len || needle.len > s.len)
		return NULL;
	return memmem(s.ptr, s.len, needle.ptr, needle.len);
}

static void split_blank(struct kb_eval *ev, struct kb_str s, int64_t max,
			struct kb_seq *out)
{
	for (;;) {
		size_t n = 0;

		while (s.len && kb_is_space(*s.ptr))
			s = kb_str_skip(s, 1);
		if (!s.len)
			return;
		if (max >= 0 && (int64_t)out->n >= max)
			n = s.len;
		while (n < s.len && !kb_is_space(s.ptr[n]))
			n++;
		kb_seq_add(out, ev->arena,
			   kb_val_str((struct kb_str){s.ptr, n}));
		s = kb_str_skip(s, n);
	}
}

int kb_m_split(struct kb_eval *ev, struct kb_tmpl_call *call,
	       struct kb_val *out)
{
	struct kb_str s = kb_self_str(call), by;
	int64_t max = kb_call_int(call, 1, -1);
	const char *p;
	int rc = kb_call_str(ev, call, 0, (struct kb_str){NULL, 0}, &by);

	if (rc == 0)
		rc = kb_eval_charge(ev, call->at,
				    (s.len + 1) * 2 * sizeof(struct kb_val));
	if (rc < 0)
		return rc;
	*out = kb_val_list(ev->arena, false);
	if (!by.len) {
		if (by.ptr)
			return kb_eval_fail(ev, call->at, KB_EINVAL,
					    "'split' by an empty string");
		split_blank(ev, s, max, out->u.list);
		return 0;
	}
	while ((max < 0 || (int64_t)out->u.list->n < max) &&
	       (p = find(s, by))) {
		struct kb_str piece = {s.ptr, (size_t)(p - s.ptr)};

		kb_seq_add(out->u.list, ev->arena, kb_val_str(piece));
		s = kb_str_skip(s, piece.len + by.len);
	}
	kb_seq_add(out->u.list, ev->arena, kb_val_str(s));
	return 0;
}

int kb_m_splitlines(struct kb_eval *ev, struct kb_tmpl_call *call,
		    struct kb_val *out)
{
	struct kb_str s = kb_self_str(call), line;
	int rc = kb_eval_charge(ev, call->at,
				(s.len + 1) * 2 * sizeof(struct kb_val));

	if (rc < 0)
		return rc;
	*out = kb_val_list(ev->arena, false);
	while (kb_str_line(&s, &line)) {
		line.len -= kb_ends(line.ptr, line.len, "\r");
		kb_seq_add(out->u.list, ev->arena, kb_val_str(line));
	}
	return 0;
}

int kb_f_replace(struct kb_eval *ev, struct kb_tmpl_call *call,
		 struct kb_val *out)
{
	struct kb_str s, from, to;
	int64_t left = kb_call_int(call, 2, -1);
	size_t mark;
	int rc = text_self(ev, call, &s);

	if (rc == 0 && call->argv[1].type == KB_VAL_UNDEF)
		rc = kb_eval_fail(ev, call->at, KB_EINVAL,
				  "'replace' needs an old and a new text");
	if (rc == 0)
		rc = kb_call_str(ev, call, 0, KB_STR(""), &from);
	if (rc == 0)
		rc = kb_call_str(ev, call, 1, KB_STR(""), &to);
	if (rc < 0)
		return rc;
	mark = kb_eval_capture(ev);
	while (left != 0 && !ev->out->over) {
		const char *p = from.len ? find(s, from) : s.ptr;
		size_t n = p ? (size_t)(p - s.ptr) : 0;

		if (!p)
			break;
		kb_buf_add_str(ev->out, (struct kb_str){s.ptr, n});
		kb_buf_add_str(ev->out, to);
		s = kb_str_skip(s, n + from.len);
		left--;
		if (from.len)
			continue;
		/* An empty pattern stands before every character. */
		n = kb_utf8_seek(s.ptr, s.len, 1);
		if (!n)
			break;
		kb_buf_add_str(ev->out, (struct kb_str){s.ptr, n});
		s = kb_str_skip(s, n);
	}
	kb_buf_add_str(ev->out, s);
	out->type = KB_VAL_STR;
	return kb_eval_captured(ev, mark, &out->u.s);
}

/* Does the string start or end with the argument, or one of a tuple? */
static int has_affix(struct kb_eval *ev, struct kb_tmpl_call *call,
		     struct kb_val *out, bool end)
{
	struct kb_str s = kb_self_str(call), t;
	struct kb_val one = call->argv[0], *items = &one;
	size_t n = 1;
	int rc = 0;

	if (one.type == KB_VAL_LIST)
		rc = kb_eval_items(ev, call->at, one, &items, &n);
	*out = kb_val_bool(false);
	for (size_t i = 0; rc == 0 && i < n; i++) {
		if (items[i].type != KB_VAL_STR)
			continue;
		t = items[i].u.s;
		if (t.len <= s.len &&
		    (!t.len ||
		     !memcmp(s.ptr + (end ? s.len - t.len : 0), t.ptr, t.len)))
			*out = kb_val_bool(true);
	}
	return rc;
}

int kb_m_startswith(struct kb_eval *ev, struct kb_tmpl_call *call,
		    struct kb_val *out)
{
	return has_affix(ev, call, out, false);
}

int kb_m_endswith(struct kb_eval *ev, struct kb_tmpl_call *call,
		  struct kb_val *out)
{
	return has_affix(ev, call, out, true);
}

int kb_m_find(struct kb_eval *ev, struct kb_tmpl_call *call, struct kb_val *out)
{
	struct kb_str s = kb_self_str(call), t;
	const char *p;
	int rc = kb_call_str(ev, call, 0, KB_STR(""), &t);

	if (rc < 0)
		return rc;
	p = find(s, t);
	if (p)
		s.len = (size_t)(p - s.ptr);
	*out = kb_val_int(!t.len ? 0
			  : p	 ? (int64_t)kb_utf8_count(s.ptr, s.len)
				 : -1);
	return 0;
}

int kb_m_count(struct kb_eval *ev, struct kb_tmpl_call *call,
	       struct kb_val *out)
{
	struct kb_str s = kb_self_str(call), t;
	int64_t n = 0;
	int rc = kb_call_str(ev, call, 0, KB_STR(""), &t);

	if (rc < 0)
		return rc;
	for (const char *p = s.ptr, *end = p + s.len;
	     (p = find((struct kb_str){p, (size_t)(end - p)}, t)); p += t.len)
		n++;
	*out = kb_val_int(n);
	return 0;
}

int kb_m_isdigit(struct kb_eval *ev, struct kb_tmpl_call *call,
		 struct kb_val *out)
{
	struct kb_str s = kb_self_str(call);
	bool all = s.len > 0;

	(void)ev;
	for (size_t i = 0; i < s.len; i++)
		all = all && s.ptr[i] >= '0' && s.ptr[i] <= '9';
	*out = kb_val_bool(all);
	return 0;
}

int kb_f_indent(struct kb_eval *ev, struct kb_tmpl_call *call,
		struct kb_val *out)
{
	struct kb_str s, by;
	bool first = kb_call_true(ev, call, 1, false);
	bool blank = kb_call_true(ev, call, 2, false);
	int64_t width = kb_call_int(call, 0, 4);
	size_t mark;
	int rc = text_self(ev, call, &s);

	by = (struct kb_str){NULL, 0};
	if (rc == 0 && call->argv[0].type == KB_VAL_STR)
		by = call->argv[0].u.s;
	if (rc < 0)
		return rc;
	if (width < 0 || width > 256)
		width = 256;
	mark = kb_eval_capture(ev);
	for (bool start = true;; start = false) {
		const char *p = s.len ? memchr(s.ptr, '\n', s.len) : NULL;
		size_t n = p ? (size_t)(p - s.ptr) : s.len;

		if (start ? first : (n || blank)) {
			if (by.ptr)
				kb_buf_add_str(ev->out, by);
			for (int64_t i = 0; !by.ptr && i < width; i++)
				kb_buf_add_char(ev->out, ' ');
		}
		kb_buf_add_str(ev->out, (struct kb_str){s.ptr, n});
		if (!p)
			break;
		kb_buf_add_char(ev->out, '\n');
		s = kb_str_skip(s, n + 1);
	}
	out->type = KB_VAL_STR;
	return kb_eval_captured(ev, mark, &out->u.s);
}

/* At most so many characters, the end said by "...". */
int kb_f_truncate(struct kb_eval *ev, struct kb_tmpl_call *call,
		  struct kb_val *out)
{
	struct kb_str s, end;
	int64_t length = kb_call_int(call, 0, 255);
	int64_t leeway = kb_call_int(call, 3, 5), marks;
	size_t n;
	int rc = text_self(ev, call, &s);

	if (rc == 0)
		rc = kb_call_str(ev, call, 2, KB_STR("..."), &end);
	if (rc < 0)
		return rc;
	if ((int64_t)kb_utf8_count(s.ptr, s.len) <= length + leeway)
		return return_str(out, s);
	marks = (int64_t)kb_utf8_count(end.ptr, end.len);
	n = kb_utf8_seek(s.ptr, s.len,
			 length > marks ? (size_t)(length - marks) : 0);
	if (!kb_call_true(ev, call, 1, false)) {
		size_t word = n;

		while (word && s.ptr[word - 1] != ' ')
			word--;
		n = word ? word - 1 : n;
	}
	s.len = n;
	return kb_eval_binary(ev, call->at, KB_OP_CONCAT, kb_val_str(s),
			      kb_val_str(end), out);
}

int kb_f_wordcount(struct kb_eval *ev, struct kb_tmpl_call *call,
		   struct kb_val *out)
{
	struct kb_str s;
	int64_t n = 0;
	int rc = text_self(ev, call, &s);

	for (size_t i = 0; rc == 0 && i < s.len; i++)
		n +=
		    !kb_is_space(s.ptr[i]) && (!i || kb_is_space(s.ptr[i - 1]));
	*out = kb_val_int(n);
	return rc;
}

int kb_f_string(struct kb_eval *ev, struct kb_tmpl_call *call,
		struct kb_val *out)
{
	out->type = KB_VAL_STR;
	return text_self(ev, call, &out->u.s);
}
