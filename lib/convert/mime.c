#include "convert/mime.h"

#include "base/ascii.h"
#include "base/utf8.h"
#include "doc/encode.h"

#define CHARSET_MAX 64u
#define WORD_MAX    8192u /* of an encoded word, which has 75 by the rules */

/* ---- headers ---- */

bool kb_mime_header(struct kb_str *rest, struct kb_str *name,
		    struct kb_buf *value)
{
	struct kb_str line, ahead;
	const char *colon;

	kb_buf_reset(value);
	do {
		if (!kb_str_line(rest, &line) || !kb_str_trim(line).len)
			return false;
		colon = memchr(line.ptr, ':', line.len);
	} while (!colon); /* no header: perhaps mbox's own line */
	*name = (struct kb_str){line.ptr, (size_t)(colon - line.ptr)};
	line = kb_str_trim(kb_str_skip(line, name->len + 1));
	for (;;) {
		if (value->len + line.len < KB_MIME_HEADER_MAX)
			kb_buf_add_str(value, line);
		ahead = *rest;
		if (!ahead.len || (*ahead.ptr != ' ' && *ahead.ptr != '\t') ||
		    !kb_str_line(&ahead, &line) || !kb_str_trim(line).len)
			return true;
		*rest = ahead;
		line = kb_str_trim(line);
		kb_buf_add_char(value, ' ');
	}
}

/* ---- bodies ---- */

static int value_of(char c)
{
	if (kb_is_upper(c))
		return c - 'A';
	if (kb_is_lower(c))
		return c - 'a' + 26;
	if (kb_is_digit(c))
		return c - '0' + 52;
	return c == '+' || c == '-' ? 62 : c == '/' || c == '_' ? 63 : -1;
}

static void add_base64(struct kb_str text, struct kb_buf *out)
{
	uint32_t bits = 0;
	unsigned n = 0;

	for (size_t i = 0; i < text.len && text.ptr[i] != '='; i++) {
		int v = value_of(text.ptr[i]);

		if (v < 0)
			continue;
		bits = bits << 6 | (uint32_t)v;
		if (++n % 4 == 0) {
			kb_buf_add_char(out, (char)(bits >> 16));
			kb_buf_add_char(out, (char)(bits >> 8));
			kb_buf_add_char(out, (char)bits);
		}
	}
	if (n % 4 > 1)
		kb_buf_add_char(out, (char)(bits >> (n % 4 == 2 ? 4 : 10)));
	if (n % 4 == 3)
		kb_buf_add_char(out, (char)(bits >> 2));
}

/* In a word "_" is a blank, and no line ends in it. */
static void add_quoted(struct kb_str text, bool word, struct kb_buf *out)
{
	for (size_t i = 0; i < text.len; i++) {
		char c = text.ptr[i];
		size_t end = i + 1;

		if (c != '=') {
			kb_buf_add_char(out, word && c == '_' ? ' ' : c);
			continue;
		}
		if (i + 2 < text.len && kb_hex_value(text.ptr[i + 1]) >= 0 &&
		    kb_hex_value(text.ptr[i + 2]) >= 0) {
			kb_buf_add_char(
			    out, (char)(kb_hex_value(text.ptr[i + 1]) << 4 |
					kb_hex_value(text.ptr[i + 2])));
			i += 2;
			continue;
		}
		while (end < text.len &&
		       (text.ptr[end] == ' ' || text.ptr[end] == '\t' ||
			text.ptr[end] == '\r'))
			end++;
		if (end < text.len && text.ptr[end] == '\n')
			i = end; /* a soft break */
		else if (end < text.len)
			kb_buf_add_char(out, c);
	}
}

void kb_mime_body(struct kb_str encoding, struct kb_str body,
		  struct kb_buf *out)
{
	encoding = kb_str_trim(encoding);
	if (kb_str_is_folded(encoding, "base64"))
		add_base64(body, out);
	else if (kb_str_is_folded(encoding, "quoted-printable"))
		add_quoted(body, false, out);
	else
		kb_buf_add_str(out, body);
}

void kb_mime_text(struct kb_str charset, struct kb_str text, struct kb_buf *out)
{
	enum kb_encoding guess;
	char name[CHARSET_MAX];
	const char *why;
	size_t bom = 0;

	if (!text.len)
		return;
	if (kb_utf8_valid(text.ptr, text.len) &&
	    (!charset.len || kb_str_is_folded(charset, "utf-8") ||
	     kb_str_is_folded(charset, "us-ascii"))) {
		kb_buf_add_str(out, text);
		return;
	}
	/* what is called gb2312 is often more than that */
	if (kb_str_is_folded(charset, "gb2312") ||
	    kb_str_is_folded(charset, "gbk"))
		charset = KB_STR("gb18030");
	else if (kb_str_is_folded(charset, "iso-8859-1"))
		charset = KB_STR("windows-1252");
	if (charset.len && charset.len < CHARSET_MAX) {
		memcpy(name, charset.ptr, charset.len);
		name[charset.len] = '\0';
		if (kb_encoding_convert_named(name, text, out, NULL) !=
		    KB_EINVAL)
			return;
	}
	guess = kb_encoding_guess(text, &bom, &why);
	if (guess == KB_ENC_BINARY || guess == KB_ENC_UNKNOWN)
		guess = KB_ENC_UTF8; /* repaired */
	kb_encoding_convert(guess, kb_str_skip(text, bom), out, NULL);
}

/* ---- encoded words ---- */

/* "=?utf-8?B?5L2g?=" at the beginning of s: its bytes, 0: none stands there. */
static size_t encoded_word(struct kb_str s, struct kb_str *charset, char *how,
			   struct kb_str *text)
{
	const char *end = s.ptr + s.len, *q1, *q2, *stop, *star;

	if (!kb_starts(s.ptr, s.len, "=?"))
		return 0;
	if (s.len > WORD_MAX)
		end = s.ptr + WORD_MAX;
	q1 = memchr(s.ptr + 2, '?', (size_t)(end - s.ptr - 2));
	if (!q1 || end - q1 < 4 || q1[2] != '?')
		return 0;
	q2 = q1 + 2;
	stop = memmem(q2 + 1, (size_t)(end - q2 - 1), "?=", 2);
	if (!stop)
		return 0;
	*charset = (struct kb_str){s.ptr + 2, (size_t)(q1 - s.ptr - 2)};
	star = memchr(charset->ptr, '*', charset->len); /* a language */
	if (star)
		charset->len = (size_t)(star - charset->ptr);
	*how = kb_lower(q1[1]);
	*text = (struct kb_str){q2 + 1, (size_t)(stop - q2 - 1)};
	return *how == 'b' || *how == 'q' ? (size_t)(stop + 2 - s.ptr) : 0;
}

/* Bytes of words of one character set, which may divide a character. */
struct words {
	struct kb_buf bytes;
	struct kb_str charset;
};

static void flush(struct words *w, struct kb_buf *out)
{
	kb_mime_text(w->charset, kb_buf_str(&w->bytes), out);
	kb_buf_reset(&w->bytes);
	w->charset.len = 0;
}

static bool same_charset(struct kb_str a, struct kb_str b)
{
	if (a.len != b.len)
		return false;
	for (size_t i = 0; i < a.len; i++)
		if (kb_lower(a.ptr[i]) != kb_lower(b.ptr[i]))
			return false;
	return true;
}

static void add_plain(struct kb_str text, struct kb_buf *out)
{
	kb_mime_text((struct kb_str){"", 0}, text, out);
}

void kb_mime_words(struct kb_str value, struct kb_buf *out)
{
	struct words w = {.charset = {"", 0}};
	struct kb_str plain = {value.ptr, 0}, charset, text;
	char how;

	kb_buf_init(&w.bytes, 0);
	while (value.len) {
		size_t n = encoded_word(value, &charset, &how, &text);

		if (!n) {
			plain.len++;
			value = kb_str_skip(value, 1);
			continue;
		}
		/* blanks between two words are none */
		if (!w.bytes.len || kb_str_trim(plain).len) {
			flush(&w, out);
			add_plain(plain, out);
		}
		if (w.bytes.len && !same_charset(w.charset, charset))
			flush(&w, out);
		w.charset = charset;
		if (how == 'b')
			add_base64(text, &w.bytes);
		else
			add_quoted(text, true, &w.bytes);
		value = kb_str_skip(value, n);
		plain = (struct kb_str){value.ptr, 0};
	}
	flush(&w, out);
	add_plain(plain, out);
	kb_buf_release(&w.bytes);
}

/* ---- parameters ---- */

struct kb_str kb_mime_value(struct kb_str value)
{
	const char *end = value.len ? memchr(value.ptr, ';', value.len) : NULL;

	return kb_str_trim((struct kb_str){
	    value.ptr, end ? (size_t)(end - value.ptr) : value.len});
}

/* The next parameter of a value, from behind a semicolon. */
static bool next_parameter(struct kb_str *rest, struct kb_str *name,
			   struct kb_str *text)
{
	const char *p = rest->len ? memchr(rest->ptr, ';', rest->len) : NULL;
	size_t n;

	if (!p)
		return false;
	*rest = kb_str_trim(kb_str_skip(*rest, (size_t)(p - rest->ptr) + 1));
	for (n = 0;
	     n < rest->len && rest->ptr[n] != '=' && rest->ptr[n] != ';';)
		n++;
	*name = kb_str_trim((struct kb_str){rest->ptr, n});
	*text = (struct kb_str){"", 0};
	if (n == rest->len || rest->ptr[n] == ';')
		return true;
	*rest = kb_str_trim(kb_str_skip(*rest, n + 1));
	n = 0;
	if (rest->len && *rest->ptr == '"') {
		*rest = kb_str_skip(*rest, 1);
		while (n < rest->len && rest->ptr[n] != '"')
			n++;
	} else {
		while (n < rest->len && rest->ptr[n] != ';')
			n++;
	}
	*text = (struct kb_str){rest->ptr, n};
	*rest = kb_str_skip(*rest, n);
	return true;
}

/* "utf-8''a%20b" */
static void add_extended(struct kb_str text, struct kb_buf *out)
{
	struct kb_str charset = {"", 0};
	struct kb_buf bytes;
	const char *mark;

	mark = text.len ? memchr(text.ptr, '\'', text.len) : NULL;
	if (mark) {
		charset = (struct kb_str){text.ptr, (size_t)(mark - text.ptr)};
		text = kb_str_skip(text, charset.len + 1);
		mark = text.len ? memchr(text.ptr, '\'', text.len) : NULL;
		text =
		    kb_str_skip(text, mark ? (size_t)(mark - text.ptr) + 1 : 0);
	}
	kb_buf_init(&bytes, 0);
	for (size_t i = 0; i < text.len; i++) {
		bool escaped = text.ptr[i] == '%' && i + 2 < text.len &&
			       kb_hex_value(text.ptr[i + 1]) >= 0 &&
			       kb_hex_value(text.ptr[i + 2]) >= 0;
		int byte = escaped ? kb_hex_value(text.ptr[i + 1]) << 4 |
					 kb_hex_value(text.ptr[i + 2])
				   : text.ptr[i];

		kb_buf_add_char(&bytes, (char)byte);
		i += escaped ? 2 : 0;
	}
	kb_mime_text(charset, kb_buf_str(&bytes), out);
	kb_buf_release(&bytes);
}

bool kb_mime_parameter(struct kb_str value, const char *name,
		       struct kb_buf *out)
{
	size_t len = strlen(name);
	struct kb_str key, text;

	while (next_parameter(&value, &key, &text)) {
		if (kb_str_is_folded(key, name)) {
			kb_mime_words(text, out);
			return true;
		}
		if (key.len == len + 1 && key.ptr[len] == '*' &&
		    kb_is_folded(key.ptr, name, len)) {
			add_extended(text, out);
			return true;
		}
	}
	return false;
}

/* ---- parts ---- */

/* Is the line one of the boundary? 2: the last one. */
static int is_boundary(struct kb_str line, struct kb_str boundary)
{
	if (line.len < boundary.len + 2 || line.ptr[0] != '-' ||
	    line.ptr[1] != '-' ||
	    memcmp(line.ptr + 2, boundary.ptr, boundary.len))
		return 0;
	line = kb_str_skip(line, boundary.len + 2);
	if (kb_starts(line.ptr, line.len, "--"))
		return 2;
	return !kb_str_trim(line).len;
}

bool kb_mime_part(struct kb_str *rest, struct kb_str boundary,
		  struct kb_str *part)
{
	const char *end = rest->ptr + rest->len, *start = NULL;
	struct kb_str line;

	while (boundary.len && rest->len) {
		const char *at = rest->ptr;
		int found;

		kb_str_line(rest, &line);
		found = is_boundary(line, boundary);
		if (found && start) {
			/* the line begins the next part, too */
			*part = (struct kb_str){start, (size_t)(at - start)};
			*rest = (struct kb_str){at, (size_t)(end - at)};
			return true;
		}
		if (found == 2)
			break;
		if (found)
			start = rest->ptr;
	}
	rest->len = 0;
	if (!start)
		return false;
	*part = (struct kb_str){start, (size_t)(end - start)};
	return true;
}
