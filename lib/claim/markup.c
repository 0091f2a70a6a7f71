#include "claim/markup.h"

#include "base/ascii.h"
#include "base/utf8.h"

static bool is_fence(struct kb_str s)
{
	return kb_starts(s.ptr, s.len, "```") || kb_starts(s.ptr, s.len, "~~~");
}

/* The line of a fence, a list's bullet, a quotation's mark or an item's number
 * at the beginning; 0 for none. */
static size_t bullet(struct kb_str s)
{
	static const char *const bullets[] = {"- ", "* ", "+ ", "> ", "• ",
					      "•",  "· ", "–",	"—",  "◦ "};
	size_t i = 0;

	if (is_fence(s)) {
		while (i < s.len && s.ptr[i] != '\n')
			i++;
		return i;
	}
	for (size_t k = 0; k < sizeof(bullets) / sizeof(*bullets); k++)
		if (kb_starts(s.ptr, s.len, bullets[k]))
			return strlen(bullets[k]);
	while (i < s.len && s.ptr[i] == '#')
		i++;
	if (i)
		return i;
	while (i < s.len && i < 3 && kb_is_digit(s.ptr[i]))
		i++;
	if (!i || i >= s.len)
		return 0;
	if (s.ptr[i] == '.' || s.ptr[i] == ')')
		return i + 1 < s.len && s.ptr[i + 1] == ' ' ? i + 2 : 0;
	return kb_starts(s.ptr + i, s.len - i, "、") ? i + 3 : 0;
}

/* A tag of HTML at s + at: its bytes, 0 for none. */
#define TAG_BYTES 80

static size_t html_tag(struct kb_str s, size_t at)
{
	size_t i = at + 1;

	if (i < s.len && s.ptr[i] == '/')
		i++;
	if (i >= s.len || !kb_is_letter(s.ptr[i]))
		return 0;
	while (i < s.len && i - at < TAG_BYTES && s.ptr[i] != '>' &&
	       s.ptr[i] != '<')
		i++;
	return i < s.len && s.ptr[i] == '>' ? i + 1 - at : 0;
}

/* Emphasis or code at s + at: its bytes, 0 where the mark is a sign
 * ("5*3", "a_b"). */
static size_t emphasis(struct kb_str s, size_t at)
{
	char c = s.ptr[at];
	size_t n = 1;
	bool before, after;

	if (c == '`')
		return 1;
	if (c != '*' && c != '_' && c != '~')
		return 0;
	while (at + n < s.len && s.ptr[at + n] == c)
		n++;
	if (c == '~')
		return n == 2 ? 2 : 0;
	if (c == '*' && n >= 2)
		return n;
	before = at && kb_is_alnum(s.ptr[at - 1]);
	after = at + n < s.len && kb_is_alnum(s.ptr[at + n]);
	return before == after ? 0 : n;
}

static bool is_pictograph(uint32_t cp)
{
	return cp >= 0x1f300 || cp == 0xfe0f || cp == 0x200d ||
	       (cp >= 0x2600 && cp <= 0x27bf);
}

static const struct {
	const char *open, *close;
} quotes[] = {
    {"\"", "\""}, {"“", "”"}, {"「", "」"}, {"『", "』"}, {"'", "'"},
};

static struct kb_str strip_quotes(struct kb_str s)
{
	for (size_t i = 0; i < sizeof(quotes) / sizeof(*quotes); i++) {
		size_t a = kb_starts(s.ptr, s.len, quotes[i].open);
		struct kb_str rest = kb_str_skip(s, a);
		struct kb_str close = kb_str_of(quotes[i].close);
		size_t b = a ? kb_ends(rest.ptr, rest.len, quotes[i].close) : 0;

		if (!a)
			continue;
		rest.len -= b;
		/* "A" and "B": these are two */
		if (kb_str_has(rest, close))
			return s;
		return rest;
	}
	return s;
}

/* Pictures, blanks and marks at both ends. */
static struct kb_str trim(struct kb_str s)
{
	uint32_t cp;
	size_t n;

	while (s.len) {
		n = kb_utf8_next(s.ptr, s.len, &cp);
		if (!is_pictograph(cp) && !(cp < 0x80 && kb_is_space((char)cp)))
			break;
		s = kb_str_skip(s, n);
	}
	while (s.len) {
		n = kb_utf8_prev(s.ptr, s.len, &cp);
		if (!is_pictograph(cp) && !(cp < 0x80 && kb_is_space((char)cp)))
			break;
		s.len -= n;
	}
	return s;
}

static bool has_marks(struct kb_str s)
{
	static const bool marks[256] = {
	    ['*'] = true, ['_'] = true, ['`'] = true, ['~'] = true,
	    ['<'] = true, ['['] = true, ['|'] = true};

	for (size_t i = 0; i < s.len; i++)
		if (marks[(unsigned char)s.ptr[i]])
			return true;
	return false;
}

/* Text and address of "[text](address)", with a blank between them. */
static size_t link_mark(struct kb_str s, size_t at, bool *in_link)
{
	if (s.ptr[at] == '[') {
		size_t i = at + 1;

		while (i + 1 < s.len && s.ptr[i] != ']' && s.ptr[i] != '[')
			i++;
		*in_link =
		    i + 1 < s.len && s.ptr[i] == ']' && s.ptr[i + 1] == '(';
		return *in_link;
	}
	if (*in_link && kb_starts(s.ptr + at, s.len - at, "]("))
		return 2;
	if (*in_link && s.ptr[at] == ')') {
		*in_link = false;
		return 1;
	}
	return 0;
}

struct kb_str kb_markup_strip(struct kb_str s, struct kb_arena *arena)
{
	bool in_link = false;
	char *out;
	size_t n = 0, skip;

	s = trim(s);
	while ((skip = bullet(s)))
		s = trim(kb_str_skip(s, skip));
	if (!has_marks(s))
		return strip_quotes(s);
	out = kb_arena_alloc(arena, s.len + 1);
	for (size_t i = 0; i < s.len; i += skip) {
		skip = emphasis(s, i);
		if (skip)
			continue;
		skip = link_mark(s, i, &in_link);
		if (!skip && s.ptr[i] == '<')
			skip = html_tag(s, i);
		out[n++] = skip ? ' ' : s.ptr[i];
		skip += !skip;
	}
	s = trim((struct kb_str){out, n});
	return strip_quotes(trim(kb_str_skip(s, bullet(s))));
}

/* Only the line below the head of a table is made of these. */
static bool is_rule(struct kb_str line)
{
	size_t dashes = 0;

	for (size_t i = 0; i < line.len; i++) {
		if (!memchr("|-: \t\r", line.ptr[i], 6))
			return false;
		dashes += line.ptr[i] == '-';
	}
	return dashes > 0;
}

bool kb_markup_is_heading(struct kb_str text, size_t at, size_t end)
{
	struct kb_str s = {text.ptr + at, end - at}, line, rest;

	if (is_fence(s))
		return !memchr(s.ptr, '\n', s.len);
	if (s.len && s.ptr[0] == '#')
		return true;
	if (!memchr(s.ptr, '|', s.len))
		return false;
	rest = kb_str_skip(text, end);
	if (!kb_str_line(&rest, &line) || !kb_str_line(&rest, &line))
		return false;
	return is_rule(line);
}
