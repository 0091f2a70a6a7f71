/*
 * Tokens: runs of letters and digits with what may join them. A token is cut
 * into pieces at every change between letters and digits, at connectors and
 * at inner capitals; its buffer holds the pieces one after the other, with
 * nothing between them but the dots of decimal numbers and versions.
 */
#include "base/utf8.h"

#include "text/analyzer.h"
#include "text/script.h"
#include <assert.h>

#define PIECES_MAX 32
#define OPTION_MAX 48 /* letters and digits of an option */

struct piece {
	uint16_t off, len;   /* in the token's buffer */
	uint32_t start, end; /* in the source */
	enum kb_char_kind kind;
	char glue;  /* connector before it, 0 for none */
	bool camel; /* begins at an inner capital only */
	bool wide;  /* not all ASCII */
};

struct token {
	char buf[KB_TOKEN_MAX];
	size_t len, n;
	struct piece pieces[PIECES_MAX];
	bool has_digit, wide;
	bool lower; /* the last character was a lower-case ASCII letter */
	bool full;
};

/* The character at text + at, its kind, and full-width forms folded to
 * ASCII. Returns its bytes, 0 at the end. CJK is of no kind. */
static size_t peek(const char *text, size_t len, size_t at, uint32_t *cp,
		   enum kb_char_kind *kind)
{
	size_t n;

	*kind = KB_CHAR_NONE;
	*cp = 0;
	if (at >= len)
		return 0;
	n = kb_utf8_next(text + at, len - at, cp);
	if (*cp >= 0xff01 && *cp <= 0xff5e && *cp != 0xff0c)
		*cp -= 0xfee0;
	else if (*cp == 0x2019)
		*cp = '\'';
	else if (*cp == 0x2010 || *cp == 0x2011 || *cp == 0xfe63)
		*cp = '-'; /* hyphens: plain, that do not break, small */
	if (*cp < 0x80) {
		if ((*cp | 32) - 'a' < 26)
			*kind = KB_CHAR_LETTER;
		else if (*cp - '0' < 10)
			*kind = KB_CHAR_DIGIT;
	} else if (*cp != KB_UTF8_BAD && !kb_is_cjk(*cp)) {
		*kind = kb_char_kind(*cp);
	}
	return n;
}

static bool starts_piece(const struct token *tok, uint32_t cp,
			 enum kb_char_kind kind, char glue, bool *camel)
{
	const struct piece *last;

	*camel = false;
	if (!tok->n || glue)
		return true;
	last = &tok->pieces[tok->n - 1];
	if (kind == KB_CHAR_MARK)
		return false;
	if (kind != last->kind)
		return true;
	*camel = tok->lower && last->len > 1 && cp - 'A' < 26;
	return *camel;
}

/* Add a character; false (and full) when the token has no room for it. */
static bool append(struct token *tok, uint32_t cp, enum kb_char_kind kind,
		   char glue, size_t start, size_t bytes)
{
	bool camel, fresh = starts_piece(tok, cp, kind, glue, &camel);
	struct piece *piece;

	if (tok->len + 6 > KB_TOKEN_MAX || (fresh && tok->n == PIECES_MAX)) {
		tok->full = true;
		return false;
	}
	if (fresh) {
		if (glue == '.' && kind == KB_CHAR_DIGIT &&
		    tok->pieces[tok->n - 1].kind == KB_CHAR_DIGIT)
			tok->buf[tok->len++] = '.';
		tok->pieces[tok->n++] = (struct piece){
		    .off = (uint16_t)tok->len,
		    .start = (uint32_t)start,
		    .kind = kind == KB_CHAR_MARK ? KB_CHAR_LETTER : kind,
		    .glue = glue,
		    .camel = camel,
		};
	}
	piece = &tok->pieces[tok->n - 1];
	tok->lower = cp - 'a' < 26;
	if (cp < 0x80) {
		if (cp - 'A' < 26)
			cp |= 32;
		tok->buf[tok->len++] = (char)cp;
	} else {
		tok->len += kb_utf8_encode(tok->buf + tok->len, cp);
		piece->wide = tok->wide = true;
	}
	if (kind == KB_CHAR_DIGIT)
		tok->has_digit = true;
	piece->len = (uint16_t)(tok->len - piece->off);
	piece->end = (uint32_t)(start + bytes);
	return true;
}

static bool is_digits(const char *text, size_t len, size_t at, size_t n)
{
	for (size_t i = at; i < at + n; i++)
		if (i >= len || text[i] < '0' || text[i] > '9')
			return false;
	return true;
}

/* A comma that groups thousands: up to three digits before (or a group),
 * exactly three after. */
static bool groups_thousands(const struct token *tok, const char *text,
			     size_t len, size_t at)
{
	const struct piece *last = &tok->pieces[tok->n - 1];
	bool grouped = last->end - last->start > last->len;

	return last->kind == KB_CHAR_DIGIT && (last->len <= 3 || grouped) &&
	       is_digits(text, len, at + 1, 3) &&
	       !is_digits(text, len, at + 4, 1);
}

/* May c join what is before to a character of kind next? */
static bool joins(const struct token *tok, uint32_t c, enum kb_char_kind next)
{
	enum kb_char_kind prev = tok->pieces[tok->n - 1].kind;
	bool digits = prev == KB_CHAR_DIGIT && next == KB_CHAR_DIGIT;
	bool letters = prev == KB_CHAR_LETTER && next == KB_CHAR_LETTER;

	if (next != KB_CHAR_DIGIT && next != KB_CHAR_LETTER)
		return false;
	switch (c) {
	case '-':
	case '_':
	case '.':
	case '@':
		return true;
	case '&':
		return letters;
	case '/':
	case ':':
		return digits;
	default:
		return false;
	}
}

/* "'s" that ends a word. */
static size_t possessive(const char *text, size_t len, size_t at)
{
	enum kb_char_kind kind;
	uint32_t cp;
	size_t n = peek(text, len, at, &cp, &kind);

	if (!n || (cp | 32) != 's')
		return 0;
	peek(text, len, at + n, &cp, &kind);
	return kind == KB_CHAR_NONE ? n : 0;
}

/* What may stand inside a word and is not seen: where it may be parted, or not.
 */
static bool is_invisible(uint32_t cp)
{
	return cp == 0xad || cp == 0x200d || cp == 0x2060 || cp == 0xfeff;
}

/* Fill tok from text + at; returns the byte after the token. */
static size_t collect(struct token *tok, const char *text, size_t len,
		      size_t at)
{
	char glue = 0;

	while (at < len) {
		enum kb_char_kind kind, next_kind;
		uint32_t cp, next;
		size_t s, n = peek(text, len, at, &cp, &kind);

		if (kind != KB_CHAR_NONE) {
			if (!append(tok, cp, kind, glue, at, n))
				return at;
			glue = 0;
			at += n;
			continue;
		}
		if (tok->n && is_invisible(cp)) {
			at += n;
			continue;
		}
		if (!tok->n || cp >= 0x80)
			break;
		if (cp == ',' && groups_thousands(tok, text, len, at)) {
			at += n;
			continue;
		}
		peek(text, len, at + n, &next, &next_kind);
		if (cp == '\'') {
			if (tok->pieces[tok->n - 1].kind != KB_CHAR_LETTER ||
			    next_kind != KB_CHAR_LETTER)
				break;
			s = possessive(text, len, at + n);
			if (s)
				return at + n + s;
			tok->lower = false;
		} else if (joins(tok, cp, next_kind)) {
			glue = (char)cp;
		} else {
			break;
		}
		at += n;
	}
	return at;
}

static void add_code(struct kb_terms *terms, const struct token *tok,
		     size_t first, size_t last, uint32_t pos)
{
	const struct piece *a = &tok->pieces[first], *b = &tok->pieces[last];
	const char *text = tok->buf + a->off;
	size_t len = (size_t)(b->off + b->len - a->off);
	char folded[KB_TOKEN_MAX];
	struct kb_term *t;

	assert(first <= last && last < tok->n);
	if (tok->wide) {
		len = kb_word_fold(text, len, false, folded, sizeof(folded));
		text = folded;
		if (!len)
			return;
	}
	t = kb_terms_add(terms, kb_term_key(KB_TERM_CODE, text, len), a->start,
			 b->end, pos);
	kb_terms_set_text(terms, t, text, len);
}

/* The last piece of the unit that begins with piece i: letters with their
 * inner capitals, or digits with their dots. */
static size_t unit_end(const struct token *tok, size_t i)
{
	const struct piece *p = tok->pieces;

	while (i + 1 < tok->n &&
	       (p[i + 1].camel ||
		(p[i + 1].glue == '.' && p[i].kind == KB_CHAR_DIGIT &&
		 p[i + 1].kind == KB_CHAR_DIGIT)))
		i++;
	return i;
}

/* The joined whole, every unit of several pieces, and every two units that
 * touch (256g of iphone15promax256g). pos[i] is the position of piece i. */
static void add_codes(struct kb_terms *terms, const struct token *tok,
		      const uint32_t *pos)
{
	size_t i = 0;

	add_code(terms, tok, 0, tok->n - 1, pos[0]);
	while (i < tok->n) {
		size_t end = unit_end(tok, i), second;

		if (end > i && end - i + 1 < tok->n)
			add_code(terms, tok, i, end, pos[i]);
		if (end + 1 < tok->n && !tok->pieces[end + 1].glue) {
			second = unit_end(tok, end + 1);
			if (second - i + 1 < tok->n)
				add_code(terms, tok, i, second, pos[i]);
		}
		i = end + 1;
	}
}

static bool is_acronym(const struct token *tok)
{
	if (tok->n < 2 || tok->wide)
		return false;
	for (size_t i = 0; i < tok->n; i++) {
		const struct piece *p = &tok->pieces[i];

		if (p->len != 1 || p->kind != KB_CHAR_LETTER ||
		    (i && p->glue != '.'))
			return false;
	}
	return true;
}

/* Inner capitals count only beside digits: YouTube stays one word. */
static void merge_camel(struct token *tok)
{
	size_t n = 1;

	for (size_t i = 1; i < tok->n; i++) {
		struct piece *last = &tok->pieces[n - 1];

		if (!tok->pieces[i].camel) {
			tok->pieces[n++] = tok->pieces[i];
			continue;
		}
		last->len = (uint16_t)(last->len + tok->pieces[i].len);
		last->end = tok->pieces[i].end;
		last->wide |= tok->pieces[i].wide;
	}
	tok->n = n;
}

static void add_piece(struct kb_analyzer *an, struct kb_terms *terms,
		      const struct token *tok, const struct piece *p)
{
	if (p->wide)
		kb_word_add_wide(an, terms, tok->buf + p->off, p->len, p->start,
				 p->end);
	else
		kb_word_add(an, terms, tok->buf + p->off, p->len, p->start,
			    p->end);
}

/* C++ and C#: the sign after a last piece of letters, as a code. Returns the
 * sign's bytes. */
static size_t add_sign(struct kb_terms *terms, const struct token *tok,
		       const char *text, size_t len, size_t at, uint32_t pos)
{
	const struct piece *p = &tok->pieces[tok->n - 1];
	enum kb_char_kind kind;
	char name[24];
	struct kb_term *t;
	uint32_t cp;
	size_t n;

	if (p->kind != KB_CHAR_LETTER || p->wide || p->len > 16)
		return 0;
	if (at + 1 < len && text[at] == '+' && text[at + 1] == '+')
		n = 2;
	else if (at < len && text[at] == '#' && p->len == 1)
		n = 1;
	else
		return 0;
	peek(text, len, at + n, &cp, &kind);
	if (kind != KB_CHAR_NONE || cp == '+' || cp == '#')
		return 0;
	memcpy(name, tok->buf + p->off, p->len);
	memcpy(name + p->len, text + at, n);
	t = kb_terms_add(terms, kb_term_key(KB_TERM_CODE, name, p->len + n),
			 p->start, (uint32_t)(at + n), pos);
	kb_terms_set_text(terms, t, name, p->len + n);
	return n;
}

size_t kb_token_scan(struct kb_analyzer *an, const char *text, size_t len,
		     size_t at, struct kb_terms *terms)
{
	struct token tok;
	uint32_t pos[PIECES_MAX];
	bool dotted = text[at] == '.';
	size_t end;

	assert(at < len);
	tok.len = tok.n = 0;
	tok.has_digit = tok.wide = tok.lower = tok.full = false;
	if (dotted)
		tok.buf[tok.len++] = '.';
	end = collect(&tok, text, len, at + dotted);
	if (!tok.n)
		return end > at ? end : at + 1;
	if (!tok.has_digit)
		merge_camel(&tok);
	if (is_acronym(&tok)) {
		kb_word_add(an, terms, tok.buf + dotted, tok.len - dotted,
			    tok.pieces[0].start, (uint32_t)end);
		return end;
	}
	for (size_t i = 0; i < tok.n; i++) {
		pos[i] = terms->length;
		add_piece(an, terms, &tok, &tok.pieces[i]);
	}
	if (dotted && tok.n == 1) {
		/* the buffer's dot belongs to the code of .NET */
		tok.pieces[0].off = 0;
		tok.pieces[0].len++;
		add_code(terms, &tok, 0, 0, pos[0]);
	} else if (tok.n > 1) {
		add_codes(terms, &tok, pos);
	}
	return end + add_sign(terms, &tok, text, len, end, pos[tok.n - 1]);
}

/* The dashes of an option at text + at, 0: none. What is before it is a blank
 * or opens something, what follows a letter or digit. */
static size_t dashes(const char *text, size_t len, size_t at)
{
	unsigned char before = at ? (unsigned char)text[at - 1] : ' ';
	size_t n = at + 1 < len && text[at + 1] == '-' ? 2 : 1;

	if (before > ' ' && before < 0x80 && !strchr("([{`'\"|=,;:/<", before))
		return 0;
	return at + n < len && kb_is_alnum(text[at + n]) ? n : 0;
}

size_t kb_option_scan(struct kb_analyzer *an, const char *text, size_t len,
		      size_t at, struct kb_terms *terms)
{
	size_t n = dashes(text, len, at), end, to;
	uint32_t pos = terms->length;
	char name[OPTION_MAX + 2] = "--";
	struct kb_term *t;

	if (!n)
		return at + 1;
	end = kb_token_scan(an, text, len, at + n, terms);
	to = n;
	for (size_t i = at + n; i < end && to < sizeof(name); i++) {
		if ((unsigned char)text[i] >= 0x80)
			return end;
		if (kb_is_alnum(text[i]) || text[i] == '.')
			name[to++] = kb_lower(text[i]);
	}
	if (to == sizeof(name))
		return end;
	t = kb_terms_add(terms, kb_term_key(KB_TERM_CODE, name, to),
			 (uint32_t)at, (uint32_t)end, pos);
	kb_terms_set_text(terms, t, name, to);
	return end;
}
