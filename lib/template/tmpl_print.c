#include "base/num.h"
#include "template/tmpl_value.h"

#include <inttypes.h>
#include <math.h>
#include <stdio.h>
#include <stdlib.h>

#include "json/write.h"

/* The shortest spelling that reads back the same, as Python's repr(). */
static void print_float(double f, struct kb_buf *out)
{
	char text[40];
	int digits = 1;
	int exponent;

	if (isnan(f) || isinf(f)) {
		kb_buf_add_cstr(out, isnan(f) ? "nan" : f > 0 ? "inf" : "-inf");
		return;
	}
	for (; digits < 17; digits++) {
		snprintf(text, sizeof(text), "%.*e", digits - 1, f);
		if (strtod(text, NULL) == f)
			break;
	}
	snprintf(text, sizeof(text), "%.*e", digits - 1, f);
	exponent = (int)strtol(strchr(text, 'e') + 1, NULL, 10);
	if (f == 0 || (exponent >= -4 && exponent < 16)) {
		int decimals = digits - 1 - exponent;

		snprintf(text, sizeof(text), "%.*f",
			 decimals > 1 ? decimals : 1, f);
	}
	kb_buf_add_cstr(out, text);
}

static void print_int(int64_t i, struct kb_buf *out)
{
	char text[24];
	uint64_t n = i < 0 ? 0 - (uint64_t)i : (uint64_t)i;
	char *p = kb_num_digits(text + sizeof(text), n);

	if (i < 0)
		*--p = '-';
	kb_buf_add(out, p, (size_t)(text + sizeof(text) - p));
}

/* A string inside a printed list or dict, as Python's repr() writes it. */
static void repr_str(struct kb_str s, struct kb_buf *out)
{
	char quote =
	    s.len && memchr(s.ptr, '\'', s.len) && !memchr(s.ptr, '"', s.len)
		? '"'
		: '\'';

	kb_buf_add_char(out, quote);
	for (size_t i = 0; i < s.len; i++) {
		unsigned char c = (unsigned char)s.ptr[i];

		if (c == '\n')
			kb_buf_add_cstr(out, "\\n");
		else if (c == '\t')
			kb_buf_add_cstr(out, "\\t");
		else if (c == '\r')
			kb_buf_add_cstr(out, "\\r");
		else if (c == '\\' || c == (unsigned char)quote)
			kb_buf_printf(out, "\\%c", c);
		else if (c < 0x20 || c == 0x7f)
			kb_buf_printf(out, "\\x%02x", c);
		else
			kb_buf_add_char(out, (char)c);
	}
	kb_buf_add_char(out, quote);
}

static void repr(struct kb_val v, struct kb_arena *arena, int depth,
		 struct kb_buf *out);

static void repr_list(struct kb_seq *seq, struct kb_arena *arena, int depth,
		      struct kb_buf *out)
{
	kb_seq_open(seq, arena);
	kb_buf_add_char(out, seq->tuple ? '(' : '[');
	for (size_t i = 0; i < seq->n && !out->over; i++) {
		if (i)
			kb_buf_add_cstr(out, ", ");
		repr(seq->items[i], arena, depth + 1, out);
	}
	if (seq->tuple && seq->n == 1)
		kb_buf_add_char(out, ',');
	kb_buf_add_char(out, seq->tuple ? ')' : ']');
}

static void repr(struct kb_val v, struct kb_arena *arena, int depth,
		 struct kb_buf *out)
{
	if (depth > KB_JSON_DEPTH) {
		kb_buf_add_cstr(out, "...");
		return;
	}
	if (v.type == KB_VAL_STR) {
		repr_str(v.u.s, out);
	} else if (v.type == KB_VAL_LIST) {
		repr_list(v.u.list, arena, depth, out);
	} else if (v.type == KB_VAL_DICT && !v.u.dict->is_namespace) {
		kb_dict_open(v.u.dict, arena);
		kb_buf_add_char(out, '{');
		for (size_t i = 0; i < v.u.dict->n && !out->over; i++) {
			if (i)
				kb_buf_add_cstr(out, ", ");
			repr_str(v.u.dict->items[i].key, out);
			kb_buf_add_cstr(out, ": ");
			repr(v.u.dict->items[i].val, arena, depth + 1, out);
		}
		kb_buf_add_char(out, '}');
	} else {
		kb_val_print(v, KB_VAL_PYTHON, arena, out);
	}
}

void kb_val_print(struct kb_val v, enum kb_val_spelling dialect,
		  struct kb_arena *arena, struct kb_buf *out)
{
	static const struct kb_json_style json = {
	    .indent = -1, .item = {", ", 2}, .key = {": ", 2}};
	bool python = dialect == KB_VAL_PYTHON;

	/* A namespace may hold itself: nothing looks through it. */
	if (v.type == KB_VAL_DICT && v.u.dict->is_namespace) {
		kb_buf_add_cstr(out, "<namespace>");
		return;
	}
	switch (v.type) {
	case KB_VAL_UNDEF:
		break;
	case KB_VAL_NONE:
		kb_buf_add_cstr(out, python ? "None" : "null");
		break;
	case KB_VAL_BOOL:
		if (python)
			kb_buf_add_cstr(out, v.u.b ? "True" : "False");
		else
			kb_buf_add_cstr(out, v.u.b ? "true" : "false");
		break;
	case KB_VAL_INT:
		print_int(v.u.i, out);
		break;
	case KB_VAL_FLOAT:
		print_float(v.u.f, out);
		break;
	case KB_VAL_BIG:
	case KB_VAL_STR:
		kb_buf_add_str(out, v.u.s);
		break;
	case KB_VAL_LIST:
	case KB_VAL_DICT:
		if (python)
			repr(v, arena, 0, out);
		else
			kb_val_tojson(v, &json, arena, out);
		break;
	case KB_VAL_LOOP:
		kb_buf_add_cstr(out, "<loop>");
		break;
	case KB_VAL_RAW: /* in no value that is handed out */
	case KB_VAL_FUNC:
		kb_buf_add_cstr(out, "<function>");
		break;
	}
}

/* ---- tojson ---- */

/* Rewrite the bytes of a quoted string behind 'from' as ASCII. */
static void escape_unicode(struct kb_buf *out, size_t from)
{
	struct kb_buf copy;
	size_t i = 0;

	kb_buf_init(&copy, 0);
	kb_buf_add(&copy, out->ptr + from, out->len - from);
	out->len = from;
	while (i < copy.len) {
		const unsigned char *p = (unsigned char *)copy.ptr + i;
		uint32_t c = *p;
		size_t n = c < 0x80 ? 1 : c < 0xe0 ? 2 : c < 0xf0 ? 3 : 4;

		i += n;
		if (n == 1) {
			kb_buf_add_char(out, (char)c);
			continue;
		}
		c &= 0xffu >> (n + 1);
		for (size_t k = 1; k < n; k++)
			c = c << 6 | (p[k] & 0x3f);
		if (c >= 0x10000) {
			c -= 0x10000;
			kb_buf_printf(out, "\\u%04x", 0xd800 + (c >> 10));
			c = 0xdc00 + (c & 0x3ff);
		}
		kb_buf_printf(out, "\\u%04x", c);
	}
	kb_buf_release(&copy);
}

struct writer {
	const struct kb_json_style *style;
	struct kb_arena *arena;
	struct kb_buf *out;
};

static void write_str(const struct writer *w, struct kb_str s)
{
	size_t from = w->out->len;

	kb_json_quote(w->out, s);
	if (w->style->ascii && !w->out->over)
		escape_unicode(w->out, from);
}

static void new_line(const struct writer *w, int depth)
{
	if (w->style->indent < 0)
		return;
	kb_buf_add_char(w->out, '\n');
	for (int i = 0; i < depth * w->style->indent; i++)
		kb_buf_add_char(w->out, ' ');
}

/* Between two elements: an indented list ends its lines with a bare comma. */
static void separate(const struct writer *w, int depth)
{
	struct kb_str item = w->style->item;

	while (w->style->indent >= 0 && item.len &&
	       item.ptr[item.len - 1] == ' ')
		item.len--;
	kb_buf_add_str(w->out, item);
	new_line(w, depth);
}

static int by_key(const void *a, const void *b)
{
	return kb_str_cmp(((const struct kb_tmpl_pair *)a)->key,
			  ((const struct kb_tmpl_pair *)b)->key);
}

static void write_value(const struct writer *w, struct kb_val v, int depth);

static void write_list(const struct writer *w, struct kb_seq *seq, int depth)
{
	kb_seq_open(seq, w->arena);
	kb_buf_add_char(w->out, '[');
	for (size_t i = 0; i < seq->n && !w->out->over; i++) {
		if (i)
			separate(w, depth + 1);
		else
			new_line(w, depth + 1);
		write_value(w, seq->items[i], depth + 1);
	}
	if (seq->n)
		new_line(w, depth);
	kb_buf_add_char(w->out, ']');
}

static void write_dict(const struct writer *w, struct kb_tmpl_dict *dict,
		       int depth)
{
	struct kb_tmpl_pair *items;

	kb_dict_open(dict, w->arena);
	items = dict->items;
	if (w->style->sort && dict->n) {
		items = kb_arena_alloc(w->arena, dict->n * sizeof(*items));
		memcpy(items, dict->items, dict->n * sizeof(*items));
		qsort(items, dict->n, sizeof(*items), by_key);
	}
	kb_buf_add_char(w->out, '{');
	for (size_t i = 0; i < dict->n && !w->out->over; i++) {
		if (i)
			separate(w, depth + 1);
		else
			new_line(w, depth + 1);
		write_str(w, items[i].key);
		kb_buf_add_str(w->out, w->style->key);
		write_value(w, items[i].val, depth + 1);
	}
	if (dict->n)
		new_line(w, depth);
	kb_buf_add_char(w->out, '}');
}

static void write_value(const struct writer *w, struct kb_val v, int depth)
{
	if (depth > KB_JSON_DEPTH ||
	    (v.type == KB_VAL_DICT && v.u.dict->is_namespace)) {
		kb_buf_add_cstr(w->out, "null");
		return;
	}
	switch (v.type) {
	case KB_VAL_STR:
		write_str(w, v.u.s);
		break;
	case KB_VAL_LIST:
		write_list(w, v.u.list, depth);
		break;
	case KB_VAL_DICT:
		write_dict(w, v.u.dict, depth);
		break;
	case KB_VAL_FLOAT:
		if (!isfinite(v.u.f)) {
			kb_buf_add_cstr(w->out, "null");
			break;
		}
		print_float(v.u.f, w->out);
		break;
	case KB_VAL_BOOL:
	case KB_VAL_INT:
	case KB_VAL_BIG:
		kb_val_print(v, KB_VAL_JSON, w->arena, w->out);
		break;
	default:
		kb_buf_add_cstr(w->out, "null");
	}
}

void kb_val_tojson(struct kb_val v, const struct kb_json_style *style,
		   struct kb_arena *arena, struct kb_buf *out)
{
	struct writer w = {style, arena, out};

	write_value(&w, v, 0);
}
