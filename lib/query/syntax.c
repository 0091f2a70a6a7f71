#include "query/syntax.h"

#include <string.h>

#include "base/str.h"

#define WORDS_MAX 8 /* of a search expression */

struct word {
	struct kb_str text;
	bool forbidden;
	bool quoted;
	struct kb_str field; /* empty: none */
};

static bool letter(char c)
{
	return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') ||
	       (unsigned char)c >= 0x80;
}

/* "..." from *p on, closed before a blank or the end. */
static bool take_quoted(const char **p, const char *end, struct kb_str *out)
{
	const char *start = *p + 1, *close;

	if (*p == end || **p != '"')
		return false;
	close = memchr(start, '"', (size_t)(end - start));
	if (!close || close == start ||
	    (close + 1 < end && !kb_is_blank(close[1])))
		return false;
	*out = (struct kb_str){start, (size_t)(close - start)};
	*p = close + 1;
	return true;
}

static void take_plain(const char **p, const char *end, struct kb_str *out)
{
	out->ptr = *p;
	while (*p < end && !kb_is_blank(**p))
		++*p;
	out->len = (size_t)(*p - out->ptr);
}

/* The name before a colon, when it is a field and a value follows. */
static bool take_field(const char **p, const char *end,
		       const struct kb_query_fields *fields,
		       struct kb_str *field)
{
	const char *at = *p;
	struct kb_str name;

	while (at < end && !kb_is_blank(*at) && *at != ':' && *at != '"')
		at++;
	if (at == *p || end - at < 2 || *at != ':' || kb_is_blank(at[1]) ||
	    at[1] == ':' || at[1] == '/')
		return false;
	name = (struct kb_str){*p, (size_t)(at - *p)};
	if (!kb_str_is(name, "title") &&
	    !(fields && fields->known(fields->arg, name)))
		return false;
	*field = name;
	*p = at + 1;
	return true;
}

/*
 * The next word. A dash excludes when a word of three letters or more (one
 * Chinese character is three bytes), a quotation or a field follows it.
 */
static struct word take_word(const char **p, const char *end,
			     const struct kb_query_fields *fields)
{
	const char *start = *p;
	struct word word = {.forbidden = false};

	if (**p == '-' && end - *p > 3 && (letter((*p)[1]) || (*p)[1] == '"')) {
		word.forbidden = true;
		++*p;
	}
	take_field(p, end, fields, &word.field);
	word.quoted = take_quoted(p, end, &word.text);
	if (!word.quoted)
		take_plain(p, end, &word.text);
	if (word.forbidden && !word.quoted && !word.field.len) {
		struct kb_str whole = {start, (size_t)(*p - start)};

		if (word.text.len < 3 ||
		    (fields && fields->option(fields->arg, whole)))
			word = (struct word){.text = whole};
	}
	return word;
}

static bool is_prefix(struct kb_str text)
{
	if (text.len < 4 || text.ptr[text.len - 1] != '*')
		return false;
	for (size_t i = 0; i + 1 < text.len; i++) {
		char c = text.ptr[i];

		if (!(c >= 'a' && c <= 'z') && !(c >= 'A' && c <= 'Z') &&
		    !(c >= '0' && c <= '9'))
			return false;
	}
	return true;
}

static void add_clause(struct kb_query *query, const struct word *word)
{
	struct kb_clause *c;

	if (query->n_clauses == KB_QUERY_CLAUSES)
		return;
	c = &query->clauses[query->n_clauses++];
	c->kind = !word->field.len		    ? KB_CLAUSE_PHRASE
		  : kb_str_is(word->field, "title") ? KB_CLAUSE_TITLE
						    : KB_CLAUSE_MEMBER;
	c->forbidden = word->forbidden;
	c->name = word->field;
	c->text = word->text;
}

/*
 * A sentence is no search expression: it ends like one, or has more words
 * than people type into a search box. Quotations in it are quotations.
 */
static bool is_sentence(struct kb_str text)
{
	static const char *const marks[] = {
	    "?", "!", ".", "\xef\xbc\x9f", "\xef\xbc\x81", "\xe3\x80\x82"};
	size_t words = 0;

	while (text.len && kb_is_blank(text.ptr[text.len - 1]))
		text.len--;
	for (size_t i = 0; i < sizeof(marks) / sizeof(*marks); i++)
		if (kb_ends(text.ptr, text.len, marks[i]))
			return true;
	for (size_t i = 0; i < text.len; i++)
		words += !kb_is_blank(text.ptr[i]) &&
			 (i == 0 || kb_is_blank(text.ptr[i - 1]));
	return words > WORDS_MAX;
}

void kb_query_parse(struct kb_query *query, struct kb_str question,
		    const struct kb_query_fields *fields,
		    struct kb_arena *arena)
{
	const char *p = question.len ? question.ptr : "";
	const char *end = p + question.len;
	char *text, *to;

	*query = (struct kb_query){.text = question};
	if (is_sentence(question))
		return;
	text = to = kb_arena_alloc(arena, question.len * 2 + 2);
	while (p < end) {
		struct word word;

		if (kb_is_blank(*p)) {
			p++;
			continue;
		}
		word = take_word(&p, end, fields);
		if (word.forbidden || word.field.len || word.quoted)
			add_clause(query, &word);
		if (word.forbidden ||
		    (word.field.len && !kb_str_is(word.field, "title")))
			continue;
		if (!word.field.len && !word.quoted && is_prefix(word.text)) {
			if (query->n_prefixes < KB_QUERY_CLAUSES)
				query->prefixes[query->n_prefixes++] =
				    (struct kb_str){word.text.ptr,
						    word.text.len - 1};
			continue;
		}
		memcpy(to, word.text.ptr, word.text.len);
		to += word.text.len;
		*to++ = ' ';
	}
	if (to == text && !query->n_prefixes) {
		*query = (struct kb_query){.text = question};
		return;
	}
	query->text = (struct kb_str){text, (size_t)(to - text)};
}

size_t kb_query_excluded(const struct kb_query *query, struct kb_arena *arena,
			 const struct kb_str **out)
{
	struct kb_str *list =
	    kb_arena_alloc(arena, (query->n_clauses + 1) * sizeof(*list));
	size_t n = 0;

	for (size_t i = 0; i < query->n_clauses; i++) {
		const struct kb_clause *c = &query->clauses[i];

		if (!c->forbidden)
			continue;
		list[n++] =
		    c->kind == KB_CLAUSE_PHRASE
			? c->text
			: kb_str_of(kb_arena_printf(
			      arena, "%.*s:%.*s", (int)c->name.len, c->name.ptr,
			      (int)c->text.len, c->text.ptr));
	}
	*out = list;
	return n;
}
