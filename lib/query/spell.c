#include "query/spell.h"

#include <stdlib.h>
#include <utf8proc.h>

#include "base/utf8.h"
#include "query/spell_impl.h"
#include "query/spell_weights.h"
#include "query/term_lookup.h"

#define WORDS_SEEN 512 /* of a question */

/* ---- what is as it is written ---- */

static const struct quotes {
	const char *open, *close;
} quotes[] = {
    {"\"", "\""},
    {"'", "'"},
    {"`", "`"},
    {"\xe2\x80\x9c", "\xe2\x80\x9d"}, /* double and single ones */
    {"\xe2\x80\x98", "\xe2\x80\x99"},
    {"\xc2\xab", "\xc2\xbb"},	      /* angles */
    {"\xe3\x80\x8c", "\xe3\x80\x8d"}, /* corners, one and two */
    {"\xe3\x80\x8e", "\xe3\x80\x8f"},
    {"\xe3\x80\x8a", "\xe3\x80\x8b"}, /* of titles */
};

#define QUOTES (sizeof(quotes) / sizeof(*quotes))

/* The pair that opens at 'at', QUOTES: none. An apostrophe is no quote: one
 * opens before a word and closes behind it. */
static size_t opens(struct kb_str text, size_t at)
{
	size_t i = 0;

	while (i < QUOTES &&
	       (!kb_starts(text.ptr + at, text.len - at, quotes[i].open) ||
		(text.ptr[at] == '\'' && at && kb_is_alnum(text.ptr[at - 1]))))
		i++;
	return i;
}

static size_t closes(struct kb_str text, size_t at, const char *close)
{
	while (at < text.len &&
	       (!kb_starts(text.ptr + at, text.len - at, close) ||
		(text.ptr[at] == '\'' && at + 1 < text.len &&
		 kb_is_alnum(text.ptr[at + 1]))))
		at++;
	return at;
}

static bool in_clause(const struct kb_query *query, struct kb_str word)
{
	for (size_t i = 0; i < query->n_clauses; i++)
		if (memmem(query->clauses[i].text.ptr,
			   query->clauses[i].text.len, word.ptr, word.len))
			return true;
	return false;
}

bool kb_spell_quoted(const struct kb_spell *spell, size_t start, size_t end)
{
	struct kb_str text = spell->query->text;
	bool open_for_ever[QUOTES] = {false}; /* inches, or forgotten */

	for (size_t at = 0; at < start; at++) {
		size_t pair = opens(text, at), close;

		if (pair == QUOTES || open_for_ever[pair])
			continue;
		close = closes(text, at + strlen(quotes[pair].open),
			       quotes[pair].close);
		if (close == text.len)
			open_for_ever[pair] = true;
		else if (close >= end)
			return true;
		else
			at = close + strlen(quotes[pair].close) - 1;
	}
	return in_clause(spell->query,
			 (struct kb_str){text.ptr + start, end - start});
}

static bool is_of(char c, const char *signs)
{
	return c && strchr(signs, c);
}

/* Does it hang on signs that make a code, a path, an address of it? */
static bool joined(struct kb_str text, size_t start, size_t end)
{
	static const char signs[] = "-._@&/:+#\\=$%*~<";
	char before = start ? text.ptr[start - 1] : ' ';
	char after = end < text.len ? text.ptr[end] : ' ';

	if (kb_is_alnum(before) || kb_is_alnum(after) ||
	    is_of(after, "+#*=\\") || is_of(before, signs))
		return true;
	return is_of(after, signs) && end + 1 < text.len &&
	       kb_is_alnum(text.ptr[end + 1]);
}

static bool is_upper(struct kb_str text, size_t at)
{
	uint32_t cp;

	kb_utf8_next(text.ptr + at, text.len - at, &cp);
	return cp != KB_UTF8_BAD && utf8proc_isupper((utf8proc_int32_t)cp);
}

/* Is a sentence over before the word at start? */
static bool begins_sentence(struct kb_str text, size_t start)
{
	while (start && !kb_is_alnum(text.ptr[start - 1]) &&
	       (unsigned char)text.ptr[start - 1] < 0x80) {
		if (is_of(text.ptr[start - 1], ".?!:;\n"))
			return true;
		start--;
	}
	for (size_t i = 0; i < 6; i++) {
		static const char *const marks[] = {
		    "\xe3\x80\x82", "\xef\xbc\x9f", "\xef\xbc\x81",
		    "\xef\xbc\x9a", "\xef\xbc\x9b", "\xe2\x80\x9c"};

		if (kb_ends(text.ptr, start, marks[i]))
			return true;
	}
	return !start;
}

static bool is_shouted(struct kb_str text)
{
	for (size_t i = 0; i < text.len; i++)
		if (kb_is_lower(text.ptr[i]))
			return false;
	return true;
}

/* An abbreviation, or a word like JLaw. */
static bool has_inner_capital(struct kb_str text, size_t start, size_t end)
{
	for (size_t i = start + 1; i < end; i++)
		if (kb_is_upper(text.ptr[i]))
			return !is_shouted(text);
	return false;
}

static bool is_name(struct kb_str text, size_t start)
{
	return is_upper(text, start) && !begins_sentence(text, start) &&
	       !is_shouted(text);
}

/* ---- words of the question ---- */

static bool letters_only(struct kb_str s)
{
	for (size_t i = 0; i < s.len; i++)
		if ((unsigned char)s.ptr[i] < 0x80 && !kb_is_lower(s.ptr[i]))
			return false;
	return true;
}

/* The word as written of stem i, folded. */
static struct kb_str written_form(const struct kb_terms *terms, size_t i)
{
	const struct kb_term *t = &terms->items[i];

	if (i + 1 < terms->n && t[1].pos == t->pos &&
	    kb_term_class(t[1].key) == KB_TERM_EXACT)
		t++;
	return (struct kb_str){terms->text + t->text_off, t->text_len};
}

static bool may_be_wrong(const struct kb_spell *spell, const struct kb_term *t,
			 struct kb_str word)
{
	struct kb_str text = spell->query->text;

	return word.len >= LEN_MIN && word.len <= KB_SPELL_LETTERS &&
	       letters_only(word) && !joined(text, t->start, t->end) &&
	       !kb_spell_plausible(spell, word);
}

/* The correction in the case of what it corrects. */
static struct kb_str in_case(const struct kb_spell *spell, const char *as,
			     size_t len, struct kb_str to)
{
	char *text = kb_arena_strndup(spell->arena, to.ptr, to.len);
	size_t upper = !kb_is_upper(as[0])	       ? 0
		       : len > 1 && kb_is_upper(as[1]) ? to.len
						       : 1;

	for (size_t i = 0; i < upper; i++)
		if (kb_is_lower(text[i]))
			text[i] -= 'a' - 'A';
	return (struct kb_str){text, to.len};
}

static void correct_words(const struct kb_spell *spell,
			  struct kb_spell_changes *changes)
{
	const struct kb_terms *terms = spell->terms;
	struct kb_str text = spell->query->text;
	size_t tried = 0, seen = 0;

	for (size_t i = 0; i < terms->n && tried < KB_SPELL_TRIED; i++) {
		const struct kb_term *t = &terms->items[i];
		struct kb_str word = written_form(terms, i), to;

		if (kb_term_class(t->key) != KB_TERM_WORD)
			continue;
		if (++seen > WORDS_SEEN)
			break;
		if (kb_scope_frequency(spell->scope, t->key) ||
		    !may_be_wrong(spell, t, word) ||
		    kb_scope_frequency(
			spell->scope,
			kb_term_key(KB_TERM_CODE, word.ptr, word.len)))
			continue;
		tried++;
		if (has_inner_capital(text, t->start, t->end) ||
		    kb_spell_quoted(spell, t->start, t->end) ||
		    !kb_spell_near(spell, word, is_name(text, t->start), &to))
			continue;
		to = in_case(spell, text.ptr + t->start, t->end - t->start, to);
		changes->items[changes->n++] =
		    (struct kb_spell_change){t->start, t->end, to};
	}
}

/* ---- the text ---- */

static int by_start(const void *a, const void *b)
{
	const struct kb_spell_change *x = a, *y = b;

	return (x->start > y->start) - (x->start < y->start);
}

bool kb_spell_correct(const struct kb_spell *spell, struct kb_str *out)
{
	struct kb_spell_changes changes = {.n = 0};
	struct kb_str from = spell->query->text;
	size_t len = from.len, at = 0;
	char *text, *to;

	correct_words(spell, &changes);
	kb_spell_chars(spell, &changes);
	if (!changes.n)
		return false;
	qsort(changes.items, changes.n, sizeof(*changes.items), by_start);
	for (size_t i = 0; i < changes.n; i++)
		len += changes.items[i].to.len;
	text = to = kb_arena_alloc(spell->arena, len + 1);
	for (size_t i = 0; i < changes.n; i++) {
		const struct kb_spell_change *c = &changes.items[i];

		memcpy(to, from.ptr + at, c->start - at);
		to += c->start - at;
		memcpy(to, c->to.ptr, c->to.len);
		to += c->to.len;
		at = c->end;
	}
	memcpy(to, from.ptr + at, from.len - at);
	to += from.len - at;
	*out = (struct kb_str){text, (size_t)(to - text)};
	return true;
}
