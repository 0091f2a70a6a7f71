#include "text/entity.h"

#include <assert.h>
#include <stdlib.h>
#include <string.h>

#include "base/ascii.h"
#include "base/mem.h"
#include "base/utf8.h"
#include "text/words.h"

void kb_entities_release(struct kb_entities *e)
{
	free(e->items);
	*e = (struct kb_entities){0};
}

bool kb_luhn_valid(const char *digits, size_t n)
{
	unsigned sum = 0;

	for (size_t i = 0; i < n; i++) {
		unsigned d = (unsigned)(digits[n - 1 - i] - '0');

		if (d > 9)
			return false;
		if (i % 2) {
			d *= 2;
			if (d > 9)
				d -= 9;
		}
		sum += d;
	}
	return n > 0 && sum % 10 == 0;
}

bool kb_id_card_valid(const char *text, size_t n)
{
	static const unsigned char weight[17] = {7, 9, 10, 5,  8, 4, 2, 1, 6,
						 3, 7, 9,  10, 5, 8, 4, 2};
	static const char check[] = "10X98765432";
	unsigned sum = 0;
	char last;

	if (n != 18)
		return false;
	for (size_t i = 0; i < 17; i++) {
		if (!kb_is_digit(text[i]))
			return false;
		sum += weight[i] * (unsigned)(text[i] - '0');
	}
	last = text[17] == 'x' ? 'X' : text[17];
	/* a birthday of 18xx to 20xx, months 01 to 12 */
	return check[sum % 11] == last &&
	       (text[6] == '2' || (text[6] == '1' && text[7] >= '8')) &&
	       (text[10] == '0' || (text[10] == '1' && text[11] <= '2'));
}

static void add(struct kb_entities *out, enum kb_entity_kind kind, size_t start,
		size_t end, bool weak)
{
	kb_grow(&out->items, &out->cap, out->n + 1, sizeof(*out->items));
	out->items[out->n++] = (struct kb_entity){
	    .start = (uint32_t)start,
	    .end = (uint32_t)end,
	    .kind = (unsigned char)kind,
	    .weak = weak,
	};
}

/* ---- quotations ---- */

static const struct {
	const char *open, *close;
	enum kb_entity_kind kind;
} quotes[] = {
    {"《", "》", KB_ENTITY_TITLE},
    {"“", "”", KB_ENTITY_QUOTE},
    {"「", "」", KB_ENTITY_QUOTE},
    {"『", "』", KB_ENTITY_QUOTE},
};

#define QUOTE_MAX 150 /* bytes; longer ones are speech */

static size_t scan_quote(const char *text, size_t len, size_t at,
			 struct kb_entities *out)
{
	for (size_t i = 0; i < sizeof(quotes) / sizeof(*quotes); i++) {
		size_t from = at + 3;

		if (len - at < 6 || memcmp(text + at, quotes[i].open, 3))
			continue;
		for (size_t k = from; k + 3 <= len && k - from <= QUOTE_MAX;
		     k++) {
			if (text[k] == '\n')
				break;
			if (memcmp(text + k, quotes[i].close, 3))
				continue;
			if (k == from)
				break;
			add(out, quotes[i].kind, from, k, false);
			return k + 3;
		}
	}
	return 0;
}

/* "…" of ASCII: opens at a blank, closes within a line. */
static size_t scan_ascii_quote(const char *text, size_t len, size_t at,
			       struct kb_entities *out)
{
	if (text[at] != '"' || (at && kb_is_alnum(text[at - 1])))
		return 0;
	for (size_t k = at + 1; k < len && k - at <= QUOTE_MAX; k++) {
		if (text[k] == '\n')
			return 0;
		if (text[k] != '"')
			continue;
		if (k == at + 1)
			return 0;
		add(out, KB_ENTITY_QUOTE, at + 1, k, false);
		return k + 1;
	}
	return 0;
}

/* ---- addresses ---- */

static size_t scan_url(const char *text, size_t len, size_t at,
		       struct kb_entities *out)
{
	size_t end = at, n = kb_starts(text + at, len - at, "https://");

	n = n ? n : kb_starts(text + at, len - at, "http://");
	n = n ? n : kb_starts(text + at, len - at, "www.");
	if (!n || n == len - at)
		return 0;
	end += n;
	while (end < len && text[end] > ' ' && text[end] != '"' &&
	       text[end] != '<' && text[end] != '>' && text[end] != '`' &&
	       (unsigned char)text[end] < 0x7f)
		end++;
	while (end > at && strchr(".,;:!?)]}'", text[end - 1]))
		end--;
	add(out, KB_ENTITY_URL, at, end, false);
	return end;
}

static size_t scan_email(const char *text, size_t len, size_t at,
			 struct kb_entities *out)
{
	size_t i = at, domain, dot = 0;

	while (
	    i < len && i - at < 64 &&
	    (kb_is_alnum(text[i]) || (text[i] && memchr("._%+-", text[i], 5))))
		i++;
	if (i == at || i >= len || text[i] != '@')
		return 0;
	domain = ++i;
	while (i < len && i - domain < 255 &&
	       (kb_is_alnum(text[i]) || text[i] == '-' || text[i] == '.')) {
		if (text[i] == '.')
			dot = i;
		i++;
	}
	if (i && dot == i - 1 && dot > domain) {
		/* a sentence's full stop */
		i = dot;
		dot = 0;
		for (size_t k = domain; k < i; k++)
			if (text[k] == '.')
				dot = k;
	}
	if (!dot || dot == domain || i - dot < 3)
		return 0;
	add(out, KB_ENTITY_EMAIL, at, i, false);
	return i;
}

/* ---- long numbers ---- */

/* Digits with single blanks or hyphens between; digits[] gets up to 24. */
static size_t collect_digits(const char *text, size_t len, size_t at,
			     char digits[24], size_t *n)
{
	size_t i = at, end = at;

	*n = 0;
	while (i < len && *n < 24) {
		if (kb_is_digit(text[i])) {
			digits[(*n)++] = text[i++];
			end = i;
		} else if ((text[i] == ' ' || text[i] == '-') && i > at &&
			   kb_is_digit(text[i - 1]) && i + 1 < len &&
			   kb_is_digit(text[i + 1])) {
			i++;
		} else {
			break;
		}
	}
	return end;
}

static bool is_mobile(const char *d, size_t n)
{
	if (n == 13 && d[0] == '8' && d[1] == '6') {
		d += 2;
		n -= 2;
	}
	return n == 11 && d[0] == '1' && d[1] >= '3';
}

static size_t scan_number(const char *text, size_t len, size_t at,
			  struct kb_entities *out)
{
	char d[24];
	size_t n, end = collect_digits(text, len, at, d, &n), plain = at;

	while (plain < len && kb_is_digit(text[plain]))
		plain++;
	if (plain - at == 17 && plain < len && (text[plain] | 32) == 'x' &&
	    kb_id_card_valid(text + at, 18)) {
		add(out, KB_ENTITY_ID_CARD, at, plain + 1, false);
		return plain + 1;
	}
	if (plain < len && (kb_is_alnum(text[plain]) || text[plain] == '_'))
		return 0;
	if (plain - at == 18 && kb_id_card_valid(text + at, 18)) {
		add(out, KB_ENTITY_ID_CARD, at, plain, false);
		return plain;
	}
	if (is_mobile(d, n)) {
		add(out, KB_ENTITY_PHONE, at, end, false);
		return end;
	}
	if (n >= 16 && n <= 19 && kb_luhn_valid(d, n)) {
		add(out, KB_ENTITY_BANK_CARD, at, end, false);
		return end;
	}
	if (plain - at < 8)
		return 0;
	add(out, KB_ENTITY_NUMBER, at, plain, false);
	return plain;
}

/* ---- names and codes ---- */

struct word {
	size_t end;
	bool capital; /* an upper-case letter in it */
	bool digit, letter;
};

static struct word read_word(const char *text, size_t len, size_t at)
{
	struct word w = {.end = at};

	while (w.end < len) {
		char c = text[w.end];

		if (kb_is_digit(c))
			w.digit = true;
		else if (kb_is_upper(c))
			w.capital = w.letter = true;
		else if (kb_is_lower(c))
			w.letter = true;
		else if (!((c == '-' || c == '_' || c == '\'' || c == '&' ||
			    c == '.') &&
			   w.end > at && w.end + 1 < len &&
			   kb_is_alnum(text[w.end + 1])))
			break;
		w.end++;
	}
	return w;
}

/* 256G, 3.5mm, 1st: a number with its unit. */
static bool is_measure(const char *text, size_t at, size_t end)
{
	size_t i = at;

	while (i < end && (kb_is_digit(text[i]) || text[i] == '.'))
		i++;
	return i > at && end - i <= 3;
}

/* Ends with 's: the name is what is before. */
static size_t without_possessive(const char *text, size_t at, size_t end)
{
	if (end - at > 2 && text[end - 2] == '\'' &&
	    (text[end - 1] | 32) == 's')
		return end - 2;
	return end;
}

static bool joins_names(const char *text, size_t at, size_t end)
{
	static const char *const small[] = {"of", "the", "de",	"van", "von",
					    "la", "del", "and", "for", "da"};

	for (size_t i = 0; i < sizeof(small) / sizeof(*small); i++)
		if (strlen(small[i]) == end - at &&
		    !memcmp(text + at, small[i], end - at))
			return true;
	return false;
}

/* Does a sentence begin at at? */
static bool opens_sentence(const char *text, size_t at)
{
	size_t i = at;

	while (i && (text[i - 1] == ' ' || text[i - 1] == '"' ||
		     text[i - 1] == '(' || text[i - 1] == '\''))
		i--;
	return !i || text[i - 1] == '.' || text[i - 1] == '!' ||
	       text[i - 1] == '?' || text[i - 1] == '\n' ||
	       text[i - 1] == ':' || text[i - 1] == '*' || text[i - 1] == '#';
}

/* How far the capitalised run that begins with the word goes. */
static size_t run_end(const char *text, size_t len, size_t at, struct word w)
{
	size_t end = w.end;

	for (;;) {
		size_t next = end + 1;
		struct word v;

		if (next >= len || text[end] != ' ' ||
		    !kb_is_alnum(text[next]) ||
		    without_possessive(text, at, end) < end)
			return end;
		v = read_word(text, len, next);
		if (v.capital && v.letter) {
			end = v.end;
		} else if (v.digit && !v.letter && v.end - next <= 3) {
			end = v.end; /* iPhone 15 */
		} else if (joins_names(text, next, v.end) && v.end + 1 < len &&
			   text[v.end] == ' ' && kb_is_upper(text[v.end + 1])) {
			end = v.end;
		} else {
			return end;
		}
	}
}

static size_t scan_name(const char *text, size_t len, size_t at,
			struct kb_entities *out)
{
	struct word w = read_word(text, len, at);
	size_t end, start = at, word_end = w.end;

	if (w.digit && w.letter) {
		if (!is_measure(text, at, w.end))
			add(out, KB_ENTITY_CODE, at, w.end, false);
		return w.end;
	}
	if (!w.capital)
		return w.end;
	end = run_end(text, len, at, w);
	/* The Eiffel Tower: the opening function words are no name */
	while (kb_stop_word(text + start, word_end - start)) {
		if (word_end >= end)
			return end;
		start = word_end + 1;
		word_end = read_word(text, len, start).end;
		if (word_end > end)
			word_end = end;
	}
	end = without_possessive(text, start, end);
	if (end - start < 2)
		return end > w.end ? end : w.end;
	add(out, KB_ENTITY_NAME, start, end,
	    word_end >= end && start == at && opens_sentence(text, at) &&
		!(kb_is_upper(text[at]) && kb_is_upper(text[at + 1])));
	return end > w.end ? end : w.end;
}

void kb_entities_find(struct kb_entities *out, const char *text, size_t len)
{
	size_t at = 0;

	assert(text || !len);
	assert(len <= UINT32_MAX);
	while (at < len) {
		char c = text[at];
		size_t end = 0;
		uint32_t cp;

		if ((unsigned char)c >= 0x80)
			end = scan_quote(text, len, at, out);
		else if (c == '"')
			end = scan_ascii_quote(text, len, at, out);
		if (!end && (c == 'h' || c == 'w'))
			end = scan_url(text, len, at, out);
		if (!end && kb_is_alnum(c))
			end = scan_email(text, len, at, out);
		if (!end && kb_is_digit(c))
			end = scan_number(text, len, at, out);
		if (!end && kb_is_alnum(c))
			end = scan_name(text, len, at, out);
		at = end > at ? end
			      : at + kb_utf8_next(text + at, len - at, &cp);
	}
}
