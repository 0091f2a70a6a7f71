#include "json/scan.h"

#include <stdint.h>
#include <string.h>
#ifdef __SSE2__
#include <emmintrin.h>
#endif

#include "json/rec.h"

static const char *breach(struct kb_json_scan *scan, const char *at,
			  const char *what)
{
	scan->at = at;
	scan->what = what;
	scan->code = KB_EINVAL;
	return NULL;
}

/*
 * The next byte that matters inside a string: a quote, a backslash or a
 * control character. Sixteen at a time: string bodies are most of a record.
 */
static const char *string_stop(const char *p, const char *end)
{
#ifdef __SSE2__
	const __m128i quote = _mm_set1_epi8('"');
	const __m128i slash = _mm_set1_epi8('\\');
	const __m128i limit = _mm_set1_epi8(0x1f);

	for (; end - p >= 16; p += 16) {
		__m128i v = _mm_loadu_si128((const __m128i *)(const void *)p);
		__m128i hit =
		    _mm_or_si128(_mm_or_si128(_mm_cmpeq_epi8(v, quote),
					      _mm_cmpeq_epi8(v, slash)),
				 _mm_cmpeq_epi8(_mm_max_epu8(v, limit), limit));
		int mask = _mm_movemask_epi8(hit);

		if (mask)
			return p + __builtin_ctz((unsigned)mask);
	}
#endif
	while (p < end && *p != '"' && *p != '\\' && (unsigned char)*p > 0x1f)
		p++;
	return p;
}

static const char *skip_escape(struct kb_json_scan *scan, const char *p,
			       const char *end)
{
	if (end - p < 2)
		return breach(scan, p, "string is not closed");
	if (p[1] == 'u') {
		for (int i = 2; i < 6; i++)
			if (end - p <= i || kb_hex_value(p[i]) < 0)
				return breach(scan, p, "bad \\u escape");
		return p + 6;
	}
	if (!p[1] || !strchr("\"\\/bfnrt", p[1]))
		return breach(scan, p, "unknown escape");
	return p + 2;
}

const char *kb_json_skip_string(struct kb_json_scan *scan, const char *p,
				const char *end, bool *escaped)
{
	const char *start = p++;

	*escaped = false;
	for (;;) {
		p = string_stop(p, end);
		if (p == end)
			return breach(scan, start, "string is not closed");
		if (*p == '"')
			return p + 1;
		if (*p != '\\')
			return breach(scan, p, "control character in a string");
		*escaped = true;
		p = skip_escape(scan, p, end);
		if (!p)
			return NULL;
	}
}

static const char *skip_digits(const char *p, const char *end)
{
	while (p < end && kb_is_digit(*p))
		p++;
	return p;
}

static const char *skip_number(struct kb_json_scan *scan, const char *p,
			       const char *end)
{
	const char *start = p, *digits;

	if (p < end && *p == '-')
		p++;
	digits = p;
	p = skip_digits(p, end);
	if (p == digits || (*digits == '0' && p - digits > 1))
		return breach(scan, start, "not a JSON value");
	if (p < end && *p == '.') {
		digits = ++p;
		p = skip_digits(p, end);
		if (p == digits)
			return breach(scan, start, "number without fraction");
	}
	if (p < end && (*p == 'e' || *p == 'E')) {
		p++;
		if (p < end && (*p == '+' || *p == '-'))
			p++;
		digits = p;
		p = skip_digits(p, end);
		if (p == digits)
			return breach(scan, start, "number without exponent");
	}
	return p;
}

static const char *skip_scalar(struct kb_json_scan *scan, const char *p,
			       const char *end)
{
	bool escaped;

	switch (*p) {
	case '"':
		return kb_json_skip_string(scan, p, end, &escaped);
	case 't':
		if (end - p >= 4 && !memcmp(p, "true", 4))
			return p + 4;
		break;
	case 'f':
		if (end - p >= 5 && !memcmp(p, "false", 5))
			return p + 5;
		break;
	case 'n':
		if (end - p >= 4 && !memcmp(p, "null", 4))
			return p + 4;
		break;
	default:
		return skip_number(scan, p, end);
	}
	return breach(scan, p, "not a JSON value");
}

/* Behind the colon of an object's member whose key begins at p. */
static const char *skip_key(struct kb_json_scan *scan, const char *p,
			    const char *end)
{
	bool escaped;

	if (p == end || *p != '"')
		return breach(scan, p, "no member name");
	p = kb_json_skip_string(scan, p, end, &escaped);
	if (!p)
		return NULL;
	p = kb_json_skip_space(p, end);
	if (p == end || *p != ':')
		return breach(scan, p, "no ':' after a member name");
	return kb_json_skip_space(p + 1, end);
}

/*
 * Containers are walked with a bit a level (1: object) instead of by
 * recursion, so depth costs no stack.
 */
const char *kb_json_skip_value(struct kb_json_scan *scan, const char *p,
			       const char *end)
{
	uint64_t object[KB_JSON_DEPTH / 64] = {0};
	int depth = 0;
	bool in_object;

value:
	if (p == end)
		return breach(scan, p, "value is missing");
	if (*p == '{' || *p == '[') {
		uint64_t bit = (uint64_t)1 << (depth % 64);

		if (depth == KB_JSON_DEPTH) {
			breach(scan, p, "nested deeper than 512 levels");
			scan->code = KB_ELIMIT;
			return NULL;
		}
		in_object = *p == '{';
		if (in_object)
			object[depth / 64] |= bit;
		else
			object[depth / 64] &= ~bit;
		depth++;
		p = kb_json_skip_space(p + 1, end);
		if (p < end && *p == (in_object ? '}' : ']')) {
			p++;
			depth--;
			goto after;
		}
		if (in_object && !(p = skip_key(scan, p, end)))
			return NULL;
		goto value;
	}
	p = skip_scalar(scan, p, end);
	if (!p)
		return NULL;
after:
	if (!depth)
		return p;
	in_object = object[(depth - 1) / 64] >> ((depth - 1) % 64) & 1;
	p = kb_json_skip_space(p, end);
	if (p < end && *p == ',') {
		p = kb_json_skip_space(p + 1, end);
		if (in_object && !(p = skip_key(scan, p, end)))
			return NULL;
		goto value;
	}
	if (p == end || *p != (in_object ? '}' : ']'))
		return breach(scan, p,
			      in_object ? "no ',' or '}' after a member"
					: "no ',' or ']' after an element");
	p++;
	depth--;
	goto after;
}

/* ---- what has been checked ---- */

const char *kb_json_pass_string(const char *p, const char *end, bool *escaped)
{
	*escaped = false;
	p = string_stop(p + 1, end);
	while (p < end && *p != '"') {
		*escaped = true;
		p = string_stop(end - p > 2 ? p + 2 : end, end);
	}
	return p < end ? p + 1 : end;
}

/* Bytes that begin a string or stand at an end of something. */
enum { OPENS = 1, CLOSES, QUOTES, PARTS };

static const unsigned char turns[256] = {
    ['{'] = OPENS,  ['['] = OPENS, ['}'] = CLOSES, [']'] = CLOSES,
    ['"'] = QUOTES, [','] = PARTS, [' '] = PARTS,  ['\t'] = PARTS,
    ['\n'] = PARTS, ['\r'] = PARTS};

const char *kb_json_pass_value(const char *p, const char *end)
{
	size_t depth = 0;
	bool escaped;

	for (; p < end; p++) {
		switch (turns[(unsigned char)*p]) {
		case OPENS:
			depth++;
			continue;
		case CLOSES:
			if (depth <= 1)
				return depth ? p + 1 : p;
			depth--;
			continue;
		case QUOTES:
			p = kb_json_pass_string(p, end, &escaped);
			if (!depth)
				return p;
			p--;
			continue;
		case PARTS:
			if (!depth)
				return p;
			continue;
		default:
			continue;
		}
	}
	return end;
}
