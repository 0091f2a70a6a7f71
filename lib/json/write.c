#include "json/write.h"

#include <assert.h>
#include <math.h>
#include <stdio.h>
#include <stdlib.h>

#include "base/num.h"
#include "base/utf8.h"
#include "json/plain.h"

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

void kb_jw_key_raw(struct kb_jw *w, struct kb_str escaped)
{
	bool first = !w->depth || !w->some[w->depth - 1];
	char *p;

	assert(!w->after_key);
	w->after_key = true;
	if (w->depth)
		w->some[w->depth - 1] = true;
	/* one look at the room for all of it */
	if (!kb_buf_reserve(w->out, escaped.len + 4))
		return;
	p = w->out->ptr + w->out->len;
	if (!first)
		*p++ = ',';
	*p++ = '"';
	memcpy(p, escaped.ptr, escaped.len);
	p += escaped.len;
	memcpy(p, "\":", 3);
	w->out->len = (size_t)(p + 2 - w->out->ptr);
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
	char text[24], *end = text + sizeof(text);
	char *at = kb_num_digits(end, n < 0 ? -(uint64_t)n : (uint64_t)n);

	if (n < 0)
		*--at = '-';
	separate(w);
	kb_buf_add(w->out, at, (size_t)(end - at));
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

/*
 * |x| times 10^digits as a whole number, rounded as printf() rounds: the
 * exact value, half to even. False when it has no place, or too many digits
 * are asked for.
 */
static bool scale(double x, int digits, uint64_t *out)
{
	__extension__ typedef unsigned __int128 u128;
	static const uint32_t tens[] = {1, 10, 100, 1000, 10000, 100000};
	uint64_t bits, fraction;
	u128 value, half;
	int shift;

	if (digits < 0 || digits >= (int)(sizeof(tens) / sizeof(*tens)))
		return false;
	memcpy(&bits, &x, sizeof(bits));
	shift = 1075 - (int)(bits >> 52 & 0x7ff); /* x is fraction / 2^shift */
	fraction = (bits & (UINT64_MAX >> 12)) | (uint64_t)1 << 52;
	if (shift < 1)
		return false;
	*out = 0;
	if (shift > 71) /* below half, and so are all subnormal numbers */
		return true;
	value = (u128)fraction * tens[digits];
	half = (u128)1 << (shift - 1);
	if (value >> shift > INT64_MAX)
		return false;
	*out = (uint64_t)(value >> shift);
	value &= 2 * half - 1;
	*out += value > half || (value == half && *out & 1);
	return true;
}

static void put_printed(struct kb_buf *out, double x, int digits)
{
	char text[352];
	int len = snprintf(text, sizeof(text), "%.*f", digits, x);

	if (digits > 0) {
		while (text[len - 1] == '0')
			len--;
		if (text[len - 1] == '.')
			len--;
	}
	if (len == 2 && text[0] == '-' && text[1] == '0')
		kb_buf_add_char(out, '0');
	else
		kb_buf_add(out, text, (size_t)len);
}

void kb_jw_fixed(struct kb_jw *w, double x, int digits)
{
	char text[32], *end = text + sizeof(text), *at = end;
	uint64_t n;

	separate(w);
	if (!isfinite(x)) {
		kb_buf_add(w->out, "null", 4);
		return;
	}
	if (!scale(x, digits, &n)) {
		put_printed(w->out, x, digits);
		return;
	}
	for (; digits && n % 10 == 0; digits--)
		n /= 10;
	if (digits) {
		for (; digits; digits--, n /= 10)
			*--at = (char)('0' + n % 10);
		*--at = '.';
	}
	at = kb_num_digits(at, n);
	if (x < 0 && (end - at > 1 || *at != '0'))
		*--at = '-';
	kb_buf_add(w->out, at, (size_t)(end - at));
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
	const char *line;

	separate(w);
	while (json.len && (line = memchr(json.ptr, '\n', json.len))) {
		kb_buf_add(w->out, json.ptr, (size_t)(line - json.ptr));
		kb_buf_add_char(w->out, ' ');
		json = kb_str_skip(json, (size_t)(line + 1 - json.ptr));
	}
	kb_buf_add_str(w->out, json);
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
	const unsigned char *p, *end, *run;

	if (!text.len) { /* its place may be NULL */
		kb_buf_add(out, "\"\"", 2);
		return;
	}
	p = (const unsigned char *)text.ptr;
	end = p + text.len;
	kb_buf_reserve(out, text.len + 2);
	kb_buf_add_char(out, '"');
	for (;;) {
		run = p;
		p = kb_json_plain_end(p, end);
		kb_buf_add(out, run, (size_t)(p - run));
		if (p == end)
			break;
		if (*p < 0x80)
			quote_one(out, *p);
		else
			kb_buf_add(out, KB_UTF8_MARK, 3);
		p++;
	}
	kb_buf_add_char(out, '"');
}
