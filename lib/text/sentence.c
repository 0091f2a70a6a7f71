#include "text/sentence.h"

#include <assert.h>
#include <string.h>
#ifdef __SSE2__
#include <emmintrin.h>
#endif

#include "base/ascii.h"
#include "base/str.h"
#include "base/utf8.h"
#include "text/literals.h"
#include "text/script.h"

#define TITLE_BYTES 120 /* longest title that is looked for */

/* Words whose full stop ends no sentence, */
static const char *const abbreviations[] = {
    "mr",   "mrs",    "ms",   "dr",  "prof", "sr",   "jr",     "st",   "vs",
    "gen",  "gov",    "sen",  "rep", "capt", "col",  "lt",     "sgt",  "rev",
    "hon",  "e.g",    "i.e",  "cf",  "al",   "viz",  "u.s",    "u.k",  "u.n",
    "ph.d", "a.m",    "p.m",  "inc", "ltd",  "corp", "co",     "bros", "mt",
    "ft",   "approx", "dept", "est", "univ", "assn", "messrs",
};
static struct kb_literals abbreviation_set = KB_LITERALS(abbreviations);

/* and those that do so only before a digit. */
static const char *const before_digits[] = {
    "no",  "nos", "fig", "figs", "vol", "pp",  "sec", "ch",  "art",  "eq",
    "jan", "feb", "mar", "apr",	 "jun", "jul", "aug", "sep", "sept", "oct",
    "nov", "dec", "ca",	 "c",	 "b",	"d",   "r",   "fl",
};
static struct kb_literals before_digit_set = KB_LITERALS(before_digits);

/* Is the word text[from..dot) one whose dot, followed by next, goes on? */
static bool is_abbreviation(const char *text, size_t from, size_t dot,
			    char next)
{
	size_t start = dot;

	while (start > from &&
	       (kb_is_letter(text[start - 1]) || text[start - 1] == '.'))
		start--;
	if (start == dot)
		return false;
	/* J. Smith, but not "plan B." */
	if (dot - start == 1 && kb_is_upper(text[start]) && kb_is_upper(next) &&
	    text[start] != 'I')
		return true;
	return kb_literals_has(&abbreviation_set, text + start, dot - start) ||
	       (kb_is_digit(next) &&
		kb_literals_has(&before_digit_set, text + start, dot - start));
}

/* The number of a list item: digits from the sentence's start to the dot. */
static bool is_item_number(const char *text, size_t start, size_t dot)
{
	if (dot - start > 3)
		return false;
	while (start < dot && kb_is_digit(text[start]))
		start++;
	return start == dot;
}

static bool is_closing(uint32_t cp)
{
	switch (cp) {
	case '"':
	case '\'':
	case ')':
	case ']':
	case 0x201d: /* ” */
	case 0x2019: /* ’ */
	case 0x300d: /* 」 */
	case 0x300f: /* 』 */
	case 0xff09: /* ） */
	case 0x300b: /* 》 */
	case 0x3011: /* 】 */
		return true;
	default:
		return false;
	}
}

/* "[12]" at text + at, with blanks before it: the byte after it, else at. */
static size_t skip_citation(const char *text, size_t len, size_t at)
{
	size_t i = at;

	while (i < len && text[i] == ' ')
		i++;
	if (i >= len || text[i] != '[')
		return at;
	for (i++; i < len && (kb_is_digit(text[i]) || text[i] == ',' ||
			      text[i] == ' ' || text[i] == '-');)
		i++;
	return i < len && text[i] == ']' && kb_is_digit(text[i - 1]) ? i + 1
								     : at;
}

/* What belongs to the sentence after its mark: more marks, closing quotes
 * and brackets, citations. */
static size_t skip_tail(const char *text, size_t len, size_t at)
{
	while (at < len) {
		uint32_t cp;
		size_t n = kb_utf8_next(text + at, len - at, &cp);
		size_t cited = skip_citation(text, len, at);

		if (cited > at) {
			at = cited;
			continue;
		}
		if (!is_closing(cp) && cp != '!' && cp != '?' && cp != '.' &&
		    cp != 0x3002 && cp != 0xff01 && cp != 0xff1f &&
		    cp != 0x2026)
			break;
		at += n;
	}
	return at;
}

/* Does the full stop at dot end the sentence that began at start? */
static bool stop_ends(const char *text, size_t len, size_t start, size_t dot)
{
	size_t after = skip_tail(text, len, dot + 1), next = after;
	uint32_t cp;

	if (after >= len)
		return true;
	while (next < len && kb_is_space(text[next]))
		next++;
	if (next >= len)
		return true;
	kb_utf8_next(text + next, len - next, &cp);
	if (next == after) /* "3.14", "example.com"; but "OK.好的" */
		return kb_is_han(cp);
	if (is_item_number(text, start, dot))
		return false;
	if (kb_is_lower(text[next]))
		return false;
	return !is_abbreviation(text, start, dot, text[next]);
}

/* Does the line text[start..end) end in a word that another one follows? */
static bool is_left_open(const char *text, size_t start, size_t end)
{
	static const char *const words[] = {"and", "or", "the", "a",	"an",
					    "of",  "to", "in",	"by",	"with",
					    "for", "is", "as",	"from", "than"};
	size_t from = end;

	while (from > start && kb_is_lower(text[from - 1]))
		from--;
	if (from == start || text[from - 1] != ' ')
		return false;
	for (size_t i = 0; i < sizeof(words) / sizeof(*words); i++)
		if (kb_str_is((struct kb_str){text + from, end - from},
			      words[i]))
			return true;
	return false;
}

/* "-q     Print nothing": is the line at text + at of two columns? */
static bool has_columns(const char *text, size_t len, size_t at)
{
	while (at < len && !kb_is_space(text[at]))
		at++;
	return kb_starts(text + at, len - at, "   ");
}

/* Does the line break at text + at end the sentence? */
static bool line_ends(const char *text, size_t len, size_t start, size_t at)
{
	size_t next = at + 1, before = at;
	char c;

	while (next < len && kb_is_space(text[next])) {
		if (text[next] == '\n')
			return true; /* a blank line */
		next++;
	}
	while (before > start && kb_is_space(text[before - 1]))
		before--;
	if (next >= len || before == start)
		return true;
	if (has_columns(text, len, next))
		return true;
	if (is_left_open(text, start, before))
		return false;
	/* a word cut at the line's end */
	if (kb_ends(text + start, before - start, "\u2010"))
		before -= 3;
	else if (text[before - 1] == '-')
		before--;
	c = before > start ? text[before - 1] : '-';
	return !(kb_is_lower(text[next]) && (kb_is_lower(c) || kb_is_upper(c) ||
					     kb_is_digit(c) || c == ','));
}

/* The last of 《 and 》 in text[start..at): the byte after it, 0 for none; both
 * are E3 80 and one byte more. */
static size_t last_title_mark(const char *text, size_t start, size_t at,
			      bool *opens)
{
	while (at >= start + 3) {
		const char *p = memrchr(text + start, 0xe3, at - start - 2);

		if (!p)
			break;
		*opens = !memcmp(p, "《", 3);
		if (*opens || !memcmp(p, "》", 3))
			return (size_t)(p - text) + 3;
		/* the next one ends before this byte does */
		at = (size_t)(p - text) + 2;
	}
	return 0;
}

/* Is text[start..at) inside the marks of a title, 《...》, that close again on
 * the same line? What ends a sentence does not end one there. */
static bool in_title(const char *text, size_t len, size_t start, size_t at)
{
	size_t to = at, open;
	bool opens = false;

	if (at - start > TITLE_BYTES)
		start = at - TITLE_BYTES;
	open = last_title_mark(text, start, at, &opens);
	if (!open || !opens)
		return false;
	for (; to + 3 <= len && to - open < TITLE_BYTES && text[to] != '\n';
	     to++)
		if (!memcmp(text + to, "》", 3))
			return true;
	return false;
}

static bool always_ends(uint32_t cp)
{
	return cp == 0x3002 || cp == 0xff01 || cp == 0xff1f || cp == 0xff1b ||
	       cp == 0x2026;
}

/* Does the mark at text + at, a full stop, an exclamation or a question, end
 * the sentence that began at start? */
static bool mark_ends(const char *text, size_t len, size_t start, size_t at,
		      uint32_t cp)
{
	char next = at + 1 < len ? text[at + 1] : ' ';

	if (cp == '.')
		return stop_ends(text, len, start, at);
	if (cp == '!' || cp == '?')
		return !kb_is_lower(next) && !kb_is_digit(next) &&
		       next != '=' && next != '/';
	return always_ends(cp);
}

static bool finish(struct kb_sentence_it *it, size_t from, size_t to,
		   size_t *start, size_t *end)
{
	it->at = to;
	while (to > from && kb_is_space(it->text[to - 1]))
		to--;
	*start = from;
	*end = to;
	return true;
}

static size_t skip_blank(const char *text, size_t len, size_t at)
{
	while (at < len) {
		if (kb_is_space(text[at]))
			at++;
		else if (len - at >= 3 && !memcmp(text + at, "\xe3\x80\x80", 3))
			at += 3; /* ideographic space */
		else
			break;
	}
	return at;
}

/* Bytes that may end a sentence, or begin the character that does: 。 is
 * E3 80 82, … is E2 80 A6, and ！ ？ ； begin with EF. */
static const bool may_end[256] = {
    ['\n'] = true, ['.'] = true,  ['!'] = true,	 ['?'] = true,
    [0xe2] = true, [0xe3] = true, [0xef] = true,
};

/* Over bytes that end no sentence, sixteen at a time: to one that may, or to
 * the last few of the text. */
static size_t skip_inner(const char *text, size_t len, size_t at)
{
#ifdef __SSE2__
	static const char ends[] = "\n.!?\xe2\xe3\xef";

	for (; len - at >= 16; at += 16) {
		__m128i bytes =
		    _mm_loadu_si128((const __m128i *)(const void *)(text + at));
		__m128i found = _mm_setzero_si128();
		int mask;

		for (size_t i = 0; i < sizeof(ends) - 1; i++)
			found = _mm_or_si128(
			    found,
			    _mm_cmpeq_epi8(bytes, _mm_set1_epi8(ends[i])));
		mask = _mm_movemask_epi8(found);
		if (mask)
			return at + (size_t)__builtin_ctz((unsigned)mask);
	}
#endif
	while (at < len && !may_end[(unsigned char)text[at]])
		at++;
	return at;
}

bool kb_sentence_next(struct kb_sentence_it *it, size_t *start, size_t *end)
{
	const char *text = it->text;
	size_t len = it->len, from = skip_blank(text, len, it->at), at = from;

	assert(it->at <= it->len);
	if (from >= len)
		return false;
	for (;;) {
		uint32_t cp;
		size_t n;

		at = skip_inner(text, len, at);
		if (at == len)
			break;
		if (text[at] == '\n') {
			if (line_ends(text, len, from, at))
				return finish(it, from, at, start, end);
			at++;
			continue;
		}
		n = kb_utf8_next(text + at, len - at, &cp);
		if (mark_ends(text, len, from, at, cp) &&
		    !in_title(text, len, from, at))
			return finish(it, from, skip_tail(text, len, at + n),
				      start, end);
		at += n;
	}
	return finish(it, from, len, start, end);
}

bool kb_clause_next(struct kb_sentence_it *it, size_t *start, size_t *end)
{
	const char *text = it->text;
	size_t len = it->len, from = skip_blank(text, len, it->at), at = from;

	assert(it->at <= it->len);
	if (from >= len)
		return false;
	while (at < len) {
		uint32_t cp;
		size_t n = kb_utf8_next(text + at, len - at, &cp);

		at += n;
		if (cp == 0xff0c || cp == 0x3001 || cp == 0xff1a ||
		    cp == 0xff1b ||
		    ((cp == ',' || cp == ':' || cp == ';') && at < len &&
		     kb_is_space(text[at])))
			return finish(it, from, at, start, end);
	}
	return finish(it, from, len, start, end);
}
