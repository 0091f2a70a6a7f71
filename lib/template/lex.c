#include "template/lex.h"

#include <assert.h>
#include <errno.h>
#include <stdlib.h>

#include "base/ascii.h"
#include "base/utf8.h"

struct lexer {
	struct kb_tmpl *tmpl;
	struct kb_arena *arena;
	const char *src;
	size_t len, pos;
	struct kb_token *tokens;
	size_t n, cap;
	bool trim_next;	   /* "-%}" stood before: drop leading white space */
	bool trim_newline; /* a block tag stood before: drop one newline */
	struct kb_err *err;
};

static int fail(struct lexer *lx, size_t at, const char *what)
{
	kb_err_set(lx->err, KB_EINVAL, "%s", what);
	return kb_tmpl_place(lx->tmpl, (uint32_t)at, lx->err);
}

static struct kb_token *push(struct lexer *lx, enum kb_token_type type,
			     size_t at, struct kb_str text)
{
	struct kb_token *t;

	kb_arena_grow(lx->arena, &lx->tokens, &lx->cap, lx->n, lx->n + 1,
		      sizeof(*lx->tokens));
	t = &lx->tokens[lx->n++];
	*t = (struct kb_token){.type = type, .at = (uint32_t)at, .text = text};
	return t;
}

static bool is_name_start(unsigned char c)
{
	return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || c == '_' ||
	       c >= 0x80;
}

static char at(const struct lexer *lx, size_t pos)
{
	return pos < lx->len ? lx->src[pos] : '\0';
}

/* The next "{{", "{%" or "{#" from pos; len when there is none. */
static size_t next_tag(const struct lexer *lx, size_t pos)
{
	while (pos + 1 < lx->len) {
		const char *p = memchr(lx->src + pos, '{', lx->len - pos - 1);

		if (!p)
			break;
		if (p[1] == '{' || p[1] == '%' || p[1] == '#')
			return (size_t)(p - lx->src);
		pos = (size_t)(p - lx->src) + 1;
	}
	return lx->len;
}

/* Text between tags, with what white-space control takes from its ends. */
static void add_text(struct lexer *lx, size_t start, size_t end)
{
	bool keep = lx->tmpl->env->options.keep_spaces;
	size_t from = start;

	if (lx->trim_next)
		while (from < end && kb_is_blank(lx->src[from]))
			from++;
	else if (lx->trim_newline && from < end) {
		if (lx->src[from] == '\r' && at(lx, from + 1) == '\n')
			from++;
		if (lx->src[from] == '\n')
			from++;
	}
	lx->trim_next = lx->trim_newline = false;
	if (end < lx->len && at(lx, end + 2) == '-') {
		while (end > from && kb_is_blank(lx->src[end - 1]))
			end--;
	} else if (end < lx->len && at(lx, end + 1) != '{' && !keep &&
		   at(lx, end + 2) != '+') {
		size_t back = end;

		while (back > start &&
		       (lx->src[back - 1] == ' ' || lx->src[back - 1] == '\t'))
			back--;
		/* Only when the tag is the first thing on its line. */
		if (back == 0 || lx->src[back - 1] == '\n')
			end = back > from ? back : from;
	}
	if (end > from)
		push(lx, KB_T_TEXT, from,
		     (struct kb_str){lx->src + from, end - from});
}

/* Behind a closing tag at pos (which starts with an optional '-' or '+'). */
static void after_tag(struct lexer *lx, char sign, bool block)
{
	lx->trim_next = sign == '-';
	lx->trim_newline =
	    block && sign != '+' && !lx->tmpl->env->options.keep_spaces;
}

static int comment(struct lexer *lx)
{
	size_t start = lx->pos;

	for (size_t i = start + 2; i + 1 < lx->len; i++) {
		if (lx->src[i] != '#' || lx->src[i + 1] != '}')
			continue;
		after_tag(lx, i > start + 2 ? lx->src[i - 1] : '\0', true);
		lx->pos = i + 2;
		return 0;
	}
	return fail(lx, start, "comment is not closed");
}

/* One escape behind a backslash at i; returns the bytes it took. */
static size_t escape(const struct lexer *lx, size_t i, struct kb_buf *out)
{
	static const char from[] = "ntrbf0'\"\\/", to[] = "\n\t\r\b\f\0'\"\\/";
	const char *p = memchr(from, at(lx, i), sizeof(from) - 1);
	size_t digits;

	if (p && i < lx->len) {
		kb_buf_add_char(out, to[p - from]);
		return 1;
	}
	digits = at(lx, i) == 'u' ? 4 : at(lx, i) == 'x' ? 2 : 0;
	if (digits && i + digits < lx->len) {
		uint32_t c = 0;
		size_t n = 0;

		for (; n < digits && kb_hex_value(at(lx, i + 1 + n)) >= 0; n++)
			c = c << 4 | (uint32_t)kb_hex_value(at(lx, i + 1 + n));
		if (n == digits && (c < 0xd800 || c > 0xdfff)) {
			kb_utf8_add(out, c);
			return digits + 1;
		}
	}
	kb_buf_add_char(out, '\\');
	return 0;
}

static int string(struct lexer *lx)
{
	char quote = lx->src[lx->pos];
	size_t start = lx->pos, i = start + 1;
	struct kb_buf buf;

	kb_buf_init(&buf, 0);
	while (i < lx->len && lx->src[i] != quote) {
		if (lx->src[i] == '\\')
			i += 1 + escape(lx, i + 1, &buf);
		else
			kb_buf_add_char(&buf, lx->src[i++]);
	}
	if (i >= lx->len) {
		kb_buf_release(&buf);
		return fail(lx, start, "string is not closed");
	}
	push(lx, KB_T_STRING, start,
	     kb_arena_copy(lx->arena, kb_buf_str(&buf)));
	kb_buf_release(&buf);
	lx->pos = i + 1;
	return 0;
}

static size_t digits(struct lexer *lx, size_t i, char *text, size_t *n,
		     size_t max)
{
	while (kb_is_digit(at(lx, i)) ||
	       (at(lx, i) == '_' && kb_is_digit(at(lx, i + 1)))) {
		if (lx->src[i] != '_' && *n < max)
			text[(*n)++] = lx->src[i];
		i++;
	}
	return i;
}

static int number(struct lexer *lx)
{
	size_t start = lx->pos, n = 0, i;
	char text[64] = {0};
	bool real = false;
	struct kb_token *t;
	long long whole;

	i = digits(lx, start, text, &n, 40);
	if (n >= 40)
		return fail(lx, start, "number has more than 39 digits");
	/* "1.5", but "list.0.1" is two accesses: after a dot only digits. */
	if (at(lx, i) == '.' && kb_is_digit(at(lx, i + 1)) &&
	    !(start && lx->src[start - 1] == '.')) {
		real = true;
		text[n++] = '.';
		i = digits(lx, i + 1, text, &n, 50);
	}
	if (at(lx, i) == 'e' || at(lx, i) == 'E') {
		size_t k = i + 1;

		if (at(lx, k) == '+' || at(lx, k) == '-')
			k++;
		if (!kb_is_digit(at(lx, k)))
			return fail(lx, start, "number has no exponent");
		real = true;
		text[n++] = 'e';
		if (at(lx, i + 1) == '-')
			text[n++] = '-';
		i = digits(lx, k, text, &n, 60);
	}
	if (is_name_start((unsigned char)at(lx, i)) && i < lx->len)
		return fail(lx, start, "number runs into a name");
	errno = 0;
	whole = strtoll(text, NULL, 10);
	t = push(lx, real || errno == ERANGE ? KB_T_FLOAT : KB_T_INT, start,
		 (struct kb_str){lx->src + start, i - start});
	t->f = strtod(text, NULL);
	t->i = t->type == KB_T_INT ? whole : 0;
	lx->pos = i;
	return 0;
}

static int punctuation(struct lexer *lx)
{
	static const char *const two[] = {"==", "!=", "<=", ">=", "//", "**"};
	static const char one[] = "+-*/%~<>=()[]{}.,:|";
	struct kb_str text = {lx->src + lx->pos, 1};

	for (size_t i = 0; i < sizeof(two) / sizeof(*two); i++)
		if (lx->pos + 1 < lx->len && !memcmp(text.ptr, two[i], 2))
			text.len = 2;
	if (text.len == 1 && !memchr(one, *text.ptr, sizeof(one) - 1))
		return fail(lx, lx->pos, "unexpected character");
	push(lx, KB_T_PUNCT, lx->pos, text);
	lx->pos += text.len;
	return 0;
}

static int expression_token(struct lexer *lx)
{
	size_t start = lx->pos;
	char c = lx->src[start];

	if (is_name_start((unsigned char)c)) {
		while (lx->pos < lx->len &&
		       (is_name_start((unsigned char)at(lx, lx->pos)) ||
			kb_is_digit(at(lx, lx->pos))))
			lx->pos++;
		push(lx, KB_T_NAME, start,
		     (struct kb_str){lx->src + start, lx->pos - start});
		return 0;
	}
	if (kb_is_digit(c))
		return number(lx);
	if (c == '"' || c == '\'')
		return string(lx);
	return punctuation(lx);
}

/* The inside of {{ }} or {% %}, to behind its end. */
static int tag(struct lexer *lx, char kind)
{
	char close = kind == '{' ? '}' : '%';
	size_t start = lx->pos;
	int braces = 0;

	push(lx, kind == '{' ? KB_T_PRINT_OPEN : KB_T_BLOCK_OPEN, start,
	     (struct kb_str){NULL, 0});
	lx->pos += 2;
	if (at(lx, lx->pos) == '-' || at(lx, lx->pos) == '+')
		lx->pos++;
	for (;;) {
		char sign = 0;
		size_t p;
		int rc;

		while (lx->pos < lx->len && kb_is_blank(lx->src[lx->pos]))
			lx->pos++;
		if (lx->pos >= lx->len)
			return fail(lx, start, "tag is not closed");
		p = lx->pos;
		if (lx->src[p] == '-' || lx->src[p] == '+')
			sign = lx->src[p++];
		if (!braces && at(lx, p) == close && at(lx, p + 1) == '}') {
			push(lx,
			     kind == '{' ? KB_T_PRINT_CLOSE : KB_T_BLOCK_CLOSE,
			     lx->pos, (struct kb_str){NULL, 0});
			lx->pos = p + 2;
			after_tag(lx, sign, kind == '%');
			return 0;
		}
		if (lx->src[lx->pos] == '{')
			braces++;
		if (lx->src[lx->pos] == '}' && braces)
			braces--;
		rc = expression_token(lx);
		if (rc < 0)
			return rc;
	}
}

/* Behind {% raw %}: everything up to {% endraw %} is text. */
static int raw(struct lexer *lx, size_t tag_at)
{
	size_t start = lx->pos;

	for (size_t i = start; i + 1 < lx->len; i++) {
		size_t p = i + 2;

		if (lx->src[i] != '{' || lx->src[i + 1] != '%')
			continue;
		if (at(lx, p) == '-' || at(lx, p) == '+')
			p++;
		while (kb_is_blank(at(lx, p)))
			p++;
		if (lx->len - p < 6 || memcmp(lx->src + p, "endraw", 6))
			continue;
		p += 6;
		while (kb_is_blank(at(lx, p)))
			p++;
		add_text(lx, start, i);
		if (at(lx, p) == '-' || at(lx, p) == '+')
			p++;
		if (at(lx, p) != '%' || at(lx, p + 1) != '}')
			return fail(lx, i, "tag is not closed");
		after_tag(lx, lx->src[p - 1], true);
		lx->pos = p + 2;
		return 0;
	}
	return fail(lx, tag_at, "'raw' is not closed");
}

/* Did the last tag read {% raw %}? Then it is taken back. */
static bool was_raw(struct lexer *lx, size_t first)
{
	if (lx->n != first + 3 || lx->tokens[first + 1].type != KB_T_NAME ||
	    !kb_str_is(lx->tokens[first + 1].text, "raw"))
		return false;
	lx->n = first;
	return true;
}

int kb_tmpl_lex(struct kb_tmpl *tmpl, struct kb_token **tokens, size_t *n,
		struct kb_err *err)
{
	struct lexer lx = {.tmpl = tmpl,
			   .arena = &tmpl->env->arena,
			   .src = tmpl->source.ptr,
			   .len = tmpl->source.len,
			   .err = err};
	int rc = 0;

	assert(lx.src || !lx.len);
	assert(tokens && n);
	while (rc == 0 && lx.pos < lx.len) {
		size_t open = next_tag(&lx, lx.pos), first;

		add_text(&lx, lx.pos, open);
		lx.pos = open;
		if (open == lx.len)
			break;
		first = lx.n;
		if (lx.src[open + 1] == '#')
			rc = comment(&lx);
		else
			rc = tag(&lx, lx.src[open + 1]);
		if (rc == 0 && was_raw(&lx, first))
			rc = raw(&lx, open);
	}
	push(&lx, KB_T_END, lx.len, (struct kb_str){NULL, 0});
	*tokens = lx.tokens;
	*n = lx.n;
	return rc;
}
