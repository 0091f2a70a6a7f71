#include "llm/clean_line.h"

#include "base/ascii.h"
#include "base/utf8.h"

/* A leading "A:", "答：" says nothing in an answer. */
static struct kb_str without_label(struct kb_str s)
{
	static const char *const labels[] = {"A: ", "A：", "答：",
					     "答:", "Answer: "};

	for (size_t i = 0; i < sizeof(labels) / sizeof(*labels); i++) {
		size_t len = kb_starts(s.ptr, s.len, labels[i]);

		if (len && s.len > len)
			return kb_str_skip(s, len);
	}
	return s;
}

/* Length of the blank at s.ptr: one of ASCII, of fixed width, or the wide one
 * of Chinese; 0 for none. */
static size_t blank_at(struct kb_str s)
{
	uint32_t cp;
	size_t n;

	if (!s.len)
		return 0;
	if (kb_is_blank(*s.ptr) || *s.ptr == '\f' || *s.ptr == '\v')
		return 1;
	n = kb_utf8_next(s.ptr, s.len, &cp);
	return cp == 0xa0 || cp == 0x3000 || (cp >= 0x2000 && cp <= 0x200b) ||
		       cp == 0xfeff
		   ? n
		   : 0;
}

/* Go on with rest behind what is there: nothing stands between two wide
 * characters, and a blank between all others. */
static void part(struct kb_buf *out, struct kb_str rest)
{
	if (out->len && rest.len && out->ptr[out->len - 1] != ' ' &&
	    !((unsigned char)out->ptr[out->len - 1] >= 0x80 &&
	      (unsigned char)rest.ptr[0] >= 0x80))
		kb_buf_add_char(out, ' ');
}

/* Bytes of the hyphen behind a word that is there, which the line's end cut; 0
 * for none. Printed manuals have U+2010. */
static size_t cut_hyphen(const struct kb_buf *out, struct kb_str rest)
{
	static const char *const hyphens[] = {"-", "\u2010"};

	for (size_t i = 0; i < sizeof(hyphens) / sizeof(*hyphens); i++) {
		size_t len = strlen(hyphens[i]);

		if (out->len > len && kb_ends(out->ptr, out->len, hyphens[i]) &&
		    kb_is_lower(out->ptr[out->len - len - 1]) && rest.len &&
		    kb_is_lower(*rest.ptr))
			return len;
	}
	return 0;
}

/* Put what stands for the blanks at s.ptr; their bytes. */
static size_t put_blanks(struct kb_buf *out, struct kb_str s)
{
	bool ends_line = false;
	size_t n = 0, len;
	struct kb_str rest;

	while ((len = blank_at(kb_str_skip(s, n)))) {
		ends_line |= s.ptr[n] == '\n' || s.ptr[n] == '\f';
		n += len;
	}
	rest = kb_str_skip(s, n);
	if (!n || !rest.len)
		return n;
	if (ends_line && cut_hyphen(out, rest))
		out->len -= cut_hyphen(out, rest);
	else if (ends_line)
		part(out, rest);
	else if (out->len && out->ptr[out->len - 1] != ' ')
		kb_buf_add_char(out, ' ');
	return n;
}

/* Does the mark stand in pairs: is it one of emphasis or of code? */
static bool is_paired(struct kb_str s, const char *mark)
{
	size_t n = 0, len = strlen(mark);

	for (const char *p = s.ptr, *end = s.ptr + s.len;
	     p < end && (p = memmem(p, (size_t)(end - p), mark, len)); p += len)
		n++;
	return n && n % 2 == 0;
}

/* A bar between two cells of a row, and the blanks around it. */
static size_t put_bar(struct kb_buf *out, struct kb_str s, bool is_han)
{
	size_t n = 0;

	while (n < s.len && (s.ptr[n] == '|' || s.ptr[n] == ' '))
		n++;
	while (out->len && out->ptr[out->len - 1] == ' ')
		out->len--;
	if (out->len && n < s.len)
		kb_buf_add_cstr(out, is_han ? "，" : ", ");
	return n;
}

void kb_clean_line_add(struct kb_buf *out, struct kb_str text, bool is_row,
		       bool is_han)
{
	struct kb_str s = without_label(text);
	bool strong = is_paired(s, "**"), code = is_paired(s, "`");

	part(out, s);
	while (s.len) {
		size_t n = put_blanks(out, s);

		if (!n && strong)
			n = kb_starts(s.ptr, s.len, "**");
		if (!n && code && *s.ptr == '`')
			n = 1;
		if (!n && is_row && *s.ptr == '|')
			n = put_bar(out, s, is_han);
		if (!n)
			kb_buf_add_char(out, s.ptr[n++]);
		s = kb_str_skip(s, n);
	}
}
