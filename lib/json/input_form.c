#include "json/input_form.h"

#include "base/ascii.h"
#include "base/utf8.h"

/* ---- encodings ---- */

static bool is_ascii(char c)
{
	return c && !((unsigned char)c & 0x80);
}

static enum kb_input_code guess(struct kb_str head, bool *big)
{
	const char *p = head.ptr;

	*big = false;
	if (!head.len)
		return KB_CODE_OPEN;
	if (*p && p[0] != '\xff' && p[0] != '\xfe') {
		/* 'a' NUL 'b' NUL: no JSON and no line of text has that */
		if (head.len < 2 || (!p[1] && head.len < 4))
			return KB_CODE_OPEN;
		return !p[1] && is_ascii(p[0]) && is_ascii(p[2]) && !p[3]
			   ? KB_CODE_UTF16
			   : KB_CODE_UTF8;
	}
	if (head.len < 4)
		return KB_CODE_OPEN;
	if (!memcmp(p, "\xff\xfe\0", 4) || !memcmp(p, "\0\0\xfe\xff", 4))
		return KB_CODE_UTF32;
	*big = p[0] != '\xff';
	if (!memcmp(p, "\xff\xfe", 2) || !memcmp(p, "\xfe\xff", 2))
		return KB_CODE_UTF16;
	return !p[0] && is_ascii(p[1]) && !p[2] && is_ascii(p[3])
		   ? KB_CODE_UTF16
		   : KB_CODE_UTF8;
}

enum kb_input_code kb_input_code(struct kb_str head, bool ended, bool *big)
{
	enum kb_input_code code = guess(head, big);

	if (code != KB_CODE_OPEN || !ended)
		return code;
	/* Fewer than four bytes: only a mark tells. */
	*big = kb_starts(head.ptr, head.len, "\xfe\xff");
	return *big || kb_starts(head.ptr, head.len, "\xff\xfe") ? KB_CODE_UTF16
								 : KB_CODE_UTF8;
}

/* Bytes of the character of GB18030 at p, 0: none; cut at the end is one. */
static size_t gb18030_len(const unsigned char *p, size_t n)
{
	if (p[0] < 0x80)
		return 1;
	if (p[0] < 0x81 || p[0] > 0xfe)
		return 0;
	if (n < 2)
		return 1;
	if (p[1] >= 0x40 && p[1] <= 0xfe && p[1] != 0x7f)
		return 2;
	if (p[1] < 0x30 || p[1] > 0x39)
		return 0;
	return n < 4 ? n : 4;
}

/* The first byte beyond ASCII from i on, or len. */
static size_t skip_ascii(const unsigned char *p, size_t i, size_t len)
{
	uint64_t word;

	for (; i + sizeof(word) <= len; i += sizeof(word)) {
		memcpy(&word, p + i, sizeof(word));
		word &= UINT64_C(0x8080808080808080);
		if (word)
			return i + (size_t)__builtin_ctzll(word) / 8;
	}
	while (i < len && p[i] < 0x80)
		i++;
	return i;
}

/* Is all ASCII, or are the first SURE characters beyond it UTF-8? Two bytes of
 * GB2312 are one in about ten times, so six in a row hardly ever. */
static bool begins_as_utf8(const unsigned char *p, size_t len)
{
	enum { SURE = 6 };
	size_t i = 0, n;

	for (int found = 0; found < SURE; found++) {
		i = skip_ascii(p, i, len);
		if (i == len)
			return true;
		n = kb_utf8_len(p + i, len - i);
		if (!n)
			return false;
		i += n;
	}
	return true;
}

bool kb_is_gb18030(struct kb_str text)
{
	const unsigned char *p = (const unsigned char *)text.ptr;
	size_t high = 0, broken = 0, common = 0, pairs = 0, n;

	if (begins_as_utf8(p, text.len))
		return false;
	for (size_t i = 0; i < text.len; i += n) {
		n = kb_utf8_len(p + i, text.len - i);
		high += n > 1 ? n : n ? 0 : 1;
		broken += !n;
		n += !n;
	}
	/* little damage in much UTF-8 is that */
	if (broken * 2 <= high)
		return false;
	for (size_t i = 0; i < text.len; i += n) {
		n = gb18030_len(p + i, text.len - i);
		if (!n)
			return false;
		pairs += n == 2;
		/* the characters and signs of GB2312 */
		common +=
		    n == 2 && p[i] >= 0xa1 && p[i] <= 0xf7 && p[i + 1] >= 0xa1;
	}
	return common >= 2 && common * 2 > pairs;
}

/* ---- shapes ---- */

static size_t skip_blank(struct kb_str s, size_t i, bool newlines)
{
	while (i < s.len &&
	       (s.ptr[i] == ' ' || s.ptr[i] == '\t' || s.ptr[i] == '\r' ||
		(newlines && s.ptr[i] == '\n')))
		i++;
	return i;
}

enum kb_input_shape kb_input_shape(struct kb_str head, bool may_be_text)
{
	size_t i = skip_blank(head, 0, true), next;

	if (i == head.len)
		return KB_SHAPE_OPEN;
	if (head.ptr[i] == '{') {
		i = skip_blank(head, i + 1, false);
		if (i == head.len)
			return KB_SHAPE_OPEN;
		return head.ptr[i] == '\n' ? KB_SHAPE_VALUES : KB_SHAPE_LINES;
	}
	if (head.ptr[i] != '[')
		return KB_SHAPE_LINES;
	if (!may_be_text)
		return KB_SHAPE_ARRAY;
	i = skip_blank(head, i + 1, true);
	if (i == head.len)
		return KB_SHAPE_OPEN;
	if (head.ptr[i] == '{')
		return KB_SHAPE_ARRAY;
	next = skip_blank(head, i + 1, false);
	if (head.ptr[i] == ']' && next < head.len && head.ptr[next] == '\n')
		return KB_SHAPE_ARRAY;
	return head.ptr[i] == ']' && next == head.len ? KB_SHAPE_OPEN
						      : KB_SHAPE_LINES;
}

/* ---- splitting ---- */

/* A byte between values; true when one begins with it. */
static bool between(struct kb_value_split *s, char c, const char **why)
{
	if (!s->array)
		return true;
	if (!s->opened) {
		s->opened = c == '[';
		s->after = s->comma = false;
		if (!s->opened)
			*why = "other bytes behind the end of a JSON array";
	} else if (c == ',' && s->after) {
		s->comma = true;
		s->after = false;
	} else if (c == ']' && !s->comma) {
		s->opened = false;
	} else if (c == ',' || c == ']') {
		*why = "a comma without an element of the JSON array";
	} else if (s->after) {
		*why = "no comma between elements of the JSON array";
	} else {
		return true;
	}
	return false;
}

/* A byte of a value; *ends: it is its last one, *past: it is the first
 * behind it. */
static void inside(struct kb_value_split *s, char *c, bool *ends, bool *past)
{
	if (s->in_string) {
		s->lines += *c == '\n';
		if (!s->escaped && *c == '"') {
			s->in_string = false;
			*ends = !s->depth;
		}
		s->escaped = !s->escaped && *c == '\\';
	} else if (*c == '"') {
		s->in_string = true;
	} else if (*c == '{' || *c == '[') {
		s->depth++;
	} else if (!s->depth) {
		*past = kb_is_blank(*c) || *c == ',' || *c == ']' || *c == '}';
	} else if (*c == '}' || *c == ']') {
		*ends = !--s->depth;
	} else if (*c == '\n' || *c == '\r') {
		s->lines += *c == '\n';
		*c = ' ';
	}
}

enum kb_split kb_value_split(struct kb_value_split *s, char *text, size_t end,
			     size_t *start, size_t *at, const char **why)
{
	bool ends = false, past = false;
	size_t i = *at;

	*why = NULL;
	for (; i < end; i++) {
		if (!s->in_value) {
			*start = i + 1;
			if (kb_is_blank(text[i])) {
				s->lines += text[i] == '\n';
				continue;
			}
			if (!between(s, text[i], why)) {
				if (*why)
					break;
				continue;
			}
			*start = i;
			s->in_value = true;
			s->depth = 0;
			s->line = s->lines + 1;
		}
		inside(s, text + i, &ends, &past);
		/* a bracket that closes nothing is a value by itself */
		ends |= past && i == *start;
		if (ends || past) {
			*at = i + (ends ? 1 : 0);
			s->in_value = s->comma = false;
			s->after = true;
			return KB_SPLIT_VALUE;
		}
	}
	*at = i;
	return *why ? KB_SPLIT_BROKEN : KB_SPLIT_MORE;
}
