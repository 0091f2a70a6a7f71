#include "json/write.h"

#include <assert.h>
#include <math.h>
#include <stdio.h>
#include <stdlib.h>

#include "json/utf8.h"

void kb_jw_init(struct kb_jw *w, struct kb_buf *out)
{
	*w = (struct kb_jw){.out = out};
}

static void separate(struct kb_jw *w)
{
	if (w->after_key) {
		w->after_key = false;
		return;
	}
	if (!w->depth)
		return;
	if (w->some[w->depth - 1])
		kb_buf_add_char(w->out, ',');
	w->some[w->depth - 1] = true;
}

static void open(struct kb_jw *w, char kind)
{
	assert(w->depth < KB_JW_DEPTH);
	separate(w);
	w->kind[w->depth] = kind;
	w->some[w->depth] = false;
	w->depth++;
	kb_buf_add_char(w->out, kind);
}

void kb_jw_obj(struct kb_jw *w)
{
	open(w, '{');
}

void kb_jw_arr(struct kb_jw *w)
{
	open(w, '[');
}

void kb_jw_end(struct kb_jw *w)
{
	assert(w->depth > 0 && !w->after_key);
	w->depth--;
	kb_buf_add_char(w->out, w->kind[w->depth] == '{' ? '}' : ']');
}

void kb_jw_key(struct kb_jw *w, const char *name)
{
	kb_jw_key_raw(w, kb_str_of(name));
}

void kb_jw_key_raw(struct kb_jw *w, struct kb_str escaped)
{
	separate(w);
	kb_buf_add_char(w->out, '"');
	kb_buf_add_str(w->out, escaped);
	kb_buf_add(w->out, "\":", 2);
	w->after_key = true;
}

void kb_jw_str(struct kb_jw *w, struct kb_str text)
{
	separate(w);
	kb_json_quote(w->out, text);
}

void kb_jw_cstr(struct kb_jw *w, const char *text)
{
	kb_jw_str(w, kb_str_of(text));
}

void kb_jw_int(struct kb_jw *w, int64_t n)
{
	char text[24];
	int len = snprintf(text, sizeof(text), "%lld", (long long)n);

	separate(w);
	kb_buf_add(w->out, text, (size_t)len);
}

void kb_jw_num(struct kb_jw *w, double x)
{
	char text[32];
	int len = 0;

	separate(w);
	if (!isfinite(x)) {
		kb_buf_add(w->out, "null", 4);
		return;
	}
	for (int digits = 15; digits <= 17; digits++) {
		len = snprintf(text, sizeof(text), "%.*g", digits, x);
		if (strtod(text, NULL) == x)
			break;
	}
	kb_buf_add(w->out, text, (size_t)len);
}

void kb_jw_fixed(struct kb_jw *w, double x, int digits)
{
	char text[352];
	int len;

	separate(w);
	if (!isfinite(x)) {
		kb_buf_add(w->out, "null", 4);
		return;
	}
	len = snprintf(text, sizeof(text), "%.*f", digits, x);
	if (digits > 0) {
		while (text[len - 1] == '0')
			len--;
		if (text[len - 1] == '.')
			len--;
	}
	if (len == 2 && text[0] == '-' && text[1] == '0')
		kb_buf_add_char(w->out, '0');
	else
		kb_buf_add(w->out, text, (size_t)len);
}

void kb_jw_bool(struct kb_jw *w, bool yes)
{
	separate(w);
	kb_buf_add_cstr(w->out, yes ? "true" : "false");
}

void kb_jw_null(struct kb_jw *w)
{
	separate(w);
	kb_buf_add(w->out, "null", 4);
}

void kb_jw_raw(struct kb_jw *w, struct kb_str json)
{
	separate(w);
	kb_buf_add_str(w->out, json);
}

/* Bytes that a string may hold as they are. */
static bool is_safe(unsigned char c)
{
	return c >= 0x20 && c < 0x80 && c != '"' && c != '\\';
}

static void quote_one(struct kb_buf *out, unsigned char c)
{
	static const char hex[] = "0123456789abcdef";
	char text[6] = {'\\', 'u', '0', '0', hex[c >> 4], hex[c & 15]};
	const char *at;

	if (c == '"' || c == '\\') {
		text[1] = (char)c;
		kb_buf_add(out, text, 2);
		return;
	}
	at = c ? strchr("\bb\ff\nn\rr\tt", c) : NULL;
	if (at && c < 0x20) {
		text[1] = at[1];
		kb_buf_add(out, text, 2);
		return;
	}
	kb_buf_add(out, text, 6);
}

void kb_json_quote(struct kb_buf *out, struct kb_str text)
{
	const unsigned char *p = (const unsigned char *)text.ptr;
	const unsigned char *end = p + text.len, *run = p;

	kb_buf_add_char(out, '"');
	while (p < end) {
		size_t n;

		if (is_safe(*p)) {
			p++;
			continue;
		}
		n = *p < 0x80 ? 0 : kb_json_utf8(p, end);
		if (n) {
			p += n;
			continue;
		}
		kb_buf_add(out, run, (size_t)(p - run));
		if (*p < 0x80)
			quote_one(out, *p);
		else
			kb_buf_add(out, "\xef\xbf\xbd", 3);
		run = ++p;
	}
	kb_buf_add(out, run, (size_t)(p - run));
	kb_buf_add_char(out, '"');
}
