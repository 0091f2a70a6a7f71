/* Escapes and words of roff: groff(7), "Escapes", and groff_char(7). */
#include <string.h>

#include "base/ascii.h"
#include "base/utf8.h"
#include "doc/roff/roff.h"

#define HEX_MAX 6 /* digits of a code point */

struct named {
	const char *name, *text;
};

static const struct named specials[] = {
    {"-", "-"},	 {"hy", "-"},  {"mi", "-"},  {"en", "–"}, {"em", "—"},
    {"aq", "'"}, {"dq", "\""}, {"oq", "‘"},  {"cq", "’"}, {"lq", "“"},
    {"rq", "”"}, {"Bq", "„"},  {"Fo", "«"},  {"Fc", "»"}, {"bu", "•"},
    {"ti", "~"}, {"ha", "^"},  {"rs", "\\"}, {"ga", "`"}, {"aa", "´"},
    {"sl", "/"}, {"ba", "|"},  {"or", "|"},  {"at", "@"}, {"sh", "#"},
    {"Do", "$"}, {"lB", "["},  {"rB", "]"},  {"lC", "{"}, {"rC", "}"},
    {"la", "<"}, {"ra", ">"},  {"<-", "←"},  {"->", "→"}, {"<>", "↔"},
    {"<=", "≤"}, {">=", "≥"},  {"!=", "≠"},  {"==", "≡"}, {"+-", "±"},
    {"mu", "×"}, {"di", "÷"},  {"pl", "+"},  {"eq", "="}, {"de", "°"},
    {"co", "©"}, {"rg", "®"},  {"tm", "™"},  {"sc", "§"}, {"ps", "¶"},
    {"dg", "†"}, {"dd", "‡"},  {"mc", "µ"},  {"if", "∞"}, {"Eu", "€"},
    {"Po", "£"}, {"Ye", "¥"},  {"12", "½"},  {"14", "¼"}, {"34", "¾"},
    {":a", "ä"}, {":o", "ö"},  {":u", "ü"},  {":A", "Ä"}, {":O", "Ö"},
    {":U", "Ü"}, {"ss", "ß"},  {"'e", "é"},  {"'a", "á"}, {"'o", "ó"},
    {"'i", "í"}, {"'u", "ú"},  {"`e", "è"},  {"`a", "à"}, {"^e", "ê"},
    {"^o", "ô"}, {",c", "ç"},  {"~n", "ñ"},  {"oA", "Å"}, {"oa", "å"},
    {"/o", "ø"}, {"/O", "Ø"},  {"ae", "æ"},  {"lh", "☜"}, {"rh", "☞"},
    {"sq", "□"}, {"ci", "○"},  {"OK", "✓"},  {"no", "¬"},
};
/* What the packages define that are used most. */
static const struct named strings[] = {
    {"Aq", "'"},  {"lq", "“"}, {"rq", "”"}, {"L\"", "“"},
    {"R\"", "”"}, {"C`", ""},  {"C'", ""},  {"R", "®"},
    {"Tm", "™"},  {"--", "—"}, {"PI", "π"}, {"C+", "C++"}};

static void add_named(struct kb_buf *out, struct kb_str name,
		      const struct named *list, size_t n)
{
	uint32_t cp = 0;
	size_t i = 1;

	for (size_t k = 0; k < n; k++)
		if (kb_str_is(name, list[k].name)) {
			kb_buf_add_cstr(out, list[k].text);
			return;
		}
	/* u and the digits of a code point */
	while (i < name.len && i <= HEX_MAX && kb_hex_value(name.ptr[i]) >= 0)
		cp = cp << 4 | (uint32_t)kb_hex_value(name.ptr[i++]);
	if (name.len > 4 && name.ptr[0] == 'u' && i == name.len &&
	    cp <= 0x10ffff && cp >= 0x20 && (cp < 0xd800 || cp > 0xdfff))
		kb_utf8_add(out, cp);
}

/* Of the first n bytes of s and the rest of the character they end in. */
static size_t whole(struct kb_str s, size_t n)
{
	while (n < s.len && ((unsigned char)s.ptr[n] & 0xc0) == 0x80)
		n++;
	return n;
}

/* A name at s: (xx, [name] or one character. Bytes of it with its marks. */
static size_t take_name(struct kb_str s, struct kb_str *name)
{
	const char *end;

	*name = (struct kb_str){"", 0};
	if (!s.len)
		return 0;
	if (*s.ptr == '(') {
		s = kb_str_skip(s, 1);
		*name = (struct kb_str){s.ptr, whole(s, s.len < 2 ? s.len : 2)};
		return name->len + 1;
	}
	if (*s.ptr != '[') {
		*name = (struct kb_str){s.ptr, whole(s, 1)};
		return name->len;
	}
	end = memchr(s.ptr, ']', s.len);
	if (!end)
		return s.len;
	*name = (struct kb_str){s.ptr + 1, (size_t)(end - s.ptr) - 1};
	return name->len + 2;
}

/* 'text' with any mark of ASCII for the quotes; bytes of it. */
static size_t take_quoted(struct kb_str s)
{
	const char *end;

	if (!s.len || (unsigned char)*s.ptr >= 0x80)
		return 0;
	end = memchr(s.ptr + 1, *s.ptr, s.len - 1);
	return end ? (size_t)(end - s.ptr) + 1 : s.len;
}

/* A size: signs and digits, or a name. */
static size_t take_size(struct kb_str s)
{
	struct kb_str name;
	size_t n = 0;

	if (s.len && (*s.ptr == '+' || *s.ptr == '-'))
		n = 1;
	if (n < s.len && (s.ptr[n] == '(' || s.ptr[n] == '['))
		return n + take_name(kb_str_skip(s, n), &name);
	if (n < s.len && s.ptr[n] == '\'')
		return n + take_quoted(kb_str_skip(s, n));
	while (n < s.len && n < 3 && kb_is_digit(s.ptr[n]))
		n++;
	return n;
}

/* The escape that s, which is not empty, begins behind its backslash. */
static size_t add_escape(struct kb_buf *out, struct kb_str s)
{
	struct kb_str rest = kb_str_skip(s, 1), name;
	char c = *s.ptr;
	size_t n = 0;

	switch (c) {
	case '(':
	case '[':
		n = take_name(s, &name);
		add_named(out, name, specials,
			  sizeof(specials) / sizeof(*specials));
		return n;
	case '*':
		n = take_name(rest, &name);
		add_named(out, name, strings,
			  sizeof(strings) / sizeof(*strings));
		return n + 1;
	case '"':
	case '#':
		return s.len;
	case 's':
		return 1 + take_size(rest);
	case ' ':
	case '~':
	case '0':
	case 't':
		kb_buf_add_char(out, ' ');
		return 1;
	case 'e':
	case '\\':
		kb_buf_add_char(out, '\\');
		return 1;
	default:
		break;
	}
	if (strchr("fFmMgknVY", c))
		return 1 + take_name(rest, &name);
	if (strchr("hvwDlLbNxXZABHRSo", c))
		return 1 + take_quoted(rest);
	/* joints and motions have no text; any other character is itself */
	if (!strchr("&|^/,)%:cdupraz{}!?", c))
		kb_buf_add_char(out, c);
	return 1;
}

void kb_roff_add(struct kb_buf *out, struct kb_str text)
{
	while (text.len) {
		const char *mark = memchr(text.ptr, '\\', text.len);
		size_t n = mark ? (size_t)(mark - text.ptr) : text.len;

		kb_buf_add(out, text.ptr, n);
		text = kb_str_skip(text, n);
		if (!text.len)
			break;
		text = kb_str_skip(text, 1);
		if (text.len)
			text = kb_str_skip(text, add_escape(out, text));
	}
}

void kb_roff_add_word(struct kb_buf *out, struct kb_str word)
{
	const char *two;

	while (word.len && (two = memmem(word.ptr, word.len, "\"\"", 2))) {
		size_t n = (size_t)(two - word.ptr) + 1;

		kb_roff_add(out, (struct kb_str){word.ptr, n});
		word = kb_str_skip(word, n + 1);
	}
	kb_roff_add(out, word);
}

/* Two quotation marks within quotation marks are one. */
static size_t word_len(struct kb_str s, bool quoted)
{
	size_t at = 0;

	while (at < s.len) {
		bool two = at + 1 < s.len;

		if (quoted && s.ptr[at] == '"' &&
		    !(two && s.ptr[at + 1] == '"'))
			break;
		if (!quoted && (s.ptr[at] == ' ' || s.ptr[at] == '\t'))
			break;
		at += two && (s.ptr[at] == '\\' || (quoted && s.ptr[at] == '"'))
			  ? 2
			  : 1;
	}
	return at;
}

size_t kb_roff_words(struct kb_str line, struct kb_str *words, size_t max)
{
	size_t n = 0, at = 0;

	while (n < max) {
		bool quoted;
		size_t from;

		while (at < line.len &&
		       (line.ptr[at] == ' ' || line.ptr[at] == '\t'))
			at++;
		if (at == line.len ||
		    kb_starts(line.ptr + at, line.len - at, "\\\""))
			break;
		quoted = line.ptr[at] == '"';
		from = at += quoted;
		at += word_len(kb_str_skip(line, at), quoted);
		words[n++] = (struct kb_str){line.ptr + from, at - from};
		at += at < line.len;
	}
	return n;
}

bool kb_roff_is_page(struct kb_str sample)
{
	struct kb_str line;

	if (!sample.len || (*sample.ptr != '.' && *sample.ptr != '\''))
		return false;
	while (kb_str_line(&sample, &line))
		if (kb_starts(line.ptr, line.len, ".TH ") ||
		    kb_starts(line.ptr, line.len, ".Dd "))
			return true;
	return false;
}
