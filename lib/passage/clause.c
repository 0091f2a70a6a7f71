#include "passage/clause.h"

#include <assert.h>
#include <string.h>

#include "base/ascii.h"
#include "base/str.h"
#include "base/utf8.h"
#include "text/literals.h"

/* Of a passage's title nothing is left but its tokens: one clause. */
static struct kb_str text_of(const struct kb_prepared *p, uint32_t sentence)
{
	const struct kb_prepared_sentence *s = &p->sentences[sentence];

	if (s->title || s->hit >= p->n_texts)
		return (struct kb_str){NULL, 0};
	return p->texts[s->hit];
}

/* Punctuation that parts clauses, between two tokens: not the comma or point
 * inside a number, which has no blank behind it. */
static bool parts_clauses(struct kb_str between)
{
	for (size_t i = 0; i < between.len;) {
		uint32_t cp;
		size_t n = kb_utf8_next(between.ptr + i, between.len - i, &cp);

		i += n;
		switch (cp) {
		case ',':
		case ':':
			if (i < between.len)
				return true;
			break;
		case ';':
		case '(':
		case ')':
		case '\n':
		case 0xff0c: /* ， */
		case 0xff1b: /* ； */
		case 0xff1a: /* ： */
		case 0x3001: /* 、 */
		case 0xff08: /* （ */
		case 0xff09: /* ） */
			return true;
		default:
			break;
		}
	}
	return false;
}

/* The text between a token and the one before it in its sentence. */
static struct kb_str before(const struct kb_prepared *p, uint32_t token)
{
	const struct kb_prepared_token *t = &p->tokens[token];
	struct kb_str text = text_of(p, t->sentence);
	uint32_t from;

	if (!text.ptr || token == p->sentences[t->sentence].first)
		return (struct kb_str){"", 0};
	from = p->tokens[token - 1].end;
	return (struct kb_str){text.ptr + from,
			       t->start > from ? t->start - from : 0};
}

static const char *const conjunctions[] = {
    "and", "but", "while", "whereas", "or", "而", "但", "和", "及", "或"};
static struct kb_literals conjunction_set = KB_LITERALS(conjunctions);

static bool is_conjunction(const struct kb_prepared *p, uint32_t token)
{
	const struct kb_prepared_token *t = &p->tokens[token];
	struct kb_str text = text_of(p, t->sentence);

	return text.ptr &&
	       kb_literals_has(&conjunction_set, text.ptr + t->start,
			       t->end - t->start);
}

static bool is_digit_at(const struct kb_prepared *p, uint32_t token, bool last)
{
	const struct kb_prepared_token *t = &p->tokens[token];
	struct kb_str text = text_of(p, t->sentence);

	return text.ptr && t->end > t->start &&
	       kb_is_digit(text.ptr[last ? t->end - 1 : t->start]);
}

/* A comma or colon without a blank behind it parts clauses, too, as Chinese is
 * often typed; but for that of a number or a time of day. */
static bool parts_closely(const struct kb_prepared *p, uint32_t token)
{
	struct kb_str between = before(p, token);

	if (!between.len || (between.ptr[between.len - 1] != ',' &&
			     between.ptr[between.len - 1] != ':'))
		return false;
	return between.len > 1 || !is_digit_at(p, token - 1, true) ||
	       !is_digit_at(p, token, false);
}

#define ABBREVIATED 3 /* letters, at most, of "no. 5", "Dr. Li" */

/* Where no capital begins the next sentence, as people type, the two are one:
 * clauses they are still. */
static bool ends_sentence(const struct kb_prepared *p, uint32_t token)
{
	struct kb_str between = before(p, token);
	const struct kb_prepared_token *last = &p->tokens[token - 1];

	return between.len > 1 && between.ptr[1] == ' ' &&
	       strchr(".!?", *between.ptr) &&
	       (last->end - last->start > ABBREVIATED ||
		is_digit_at(p, token - 1, true));
}

/* "And" of "between 24 and 48 hours", "between $5 and $10" */
static bool joins_range(const struct kb_prepared *p, uint32_t token)
{
	const struct kb_prepared_sentence *s =
	    &p->sentences[p->tokens[token].sentence];
	struct kb_str first;

	if (token < s->first + 2 || token + 1 >= s->first + s->n ||
	    !is_digit_at(p, token - 1, true) ||
	    !is_digit_at(p, token + 1, false))
		return false;
	first = kb_prepared_token_text(p, token - 2);
	return kb_str_is_folded(first, "between");
}

bool kb_clause_begins(const struct kb_prepared *p, uint32_t token)
{
	assert(token < p->n_tokens);
	return token == p->sentences[p->tokens[token].sentence].first ||
	       parts_clauses(before(p, token)) || parts_closely(p, token) ||
	       ends_sentence(p, token) ||
	       (is_conjunction(p, token) && !joins_range(p, token));
}

struct kb_tokens kb_clause_at(const struct kb_prepared *p, uint32_t sentence,
			      uint32_t from)
{
	const struct kb_prepared_sentence *s = &p->sentences[sentence];
	struct kb_tokens clause = {from, from};

	while (clause.to < s->first + s->n &&
	       (clause.to == from || !kb_clause_begins(p, clause.to)))
		clause.to++;
	return clause;
}

bool kb_clause_is_row(const struct kb_prepared *p, uint32_t sentence)
{
	const struct kb_prepared_sentence *at = &p->sentences[sentence];
	struct kb_str text = text_of(p, sentence);
	const char *bar, *end;

	if (!text.ptr)
		return false;
	end = text.ptr + at->end;
	bar = memchr(text.ptr + at->start, '|', at->end - at->start);
	return bar && memchr(bar + 1, '|', (size_t)(end - bar - 1));
}

static bool is_rival(const struct kb_prepared *p, size_t i, size_t k)
{
	return p->quantities[i].dim == p->quantities[k].dim &&
	       !p->quantities[k].article &&
	       p->quantity_at[i].sentence == p->quantity_at[k].sentence;
}

#define CLAUSE_TOKENS 32 /* behind a quantity are looked at, */
#define RIVALS	      16 /* and so many quantities to either side */

static bool holds(struct kb_str text, const char *one, const char *other)
{
	return kb_str_has(text, kb_str_of(one)) ||
	       kb_str_has(text, kb_str_of(other));
}

/* The end of the clause that a place ends in. What stands in brackets right
 * behind it is part of it: "20 points (Ana)". */
static uint32_t clause_end(const struct kb_prepared *p, struct kb_place at)
{
	const struct kb_prepared_sentence *s = &p->sentences[at.sentence];
	uint32_t i = at.after, end = s->first + s->n;
	bool inside = i < end && holds(before(p, i), "(", "（");

	if (end > at.after + CLAUSE_TOKENS)
		end = at.after + CLAUSE_TOKENS;
	if (inside)
		for (i++; i < end && !holds(before(p, i), ")", "）");)
			i++;
	while (i < end && !kb_clause_begins(p, i))
		i++;
	return i;
}

/* The last semicolon or conjunction between two tokens, or 'from': "in 2019,
 * it was 5; in 2020, 7" begins anew there and not at a comma. */
static uint32_t last_break(const struct kb_prepared *p, uint32_t from,
			   uint32_t to)
{
	/* a quantity may stand behind the last token */
	for (uint32_t i = to < p->n_tokens ? to : to - 1; i > from; i--)
		if (holds(before(p, i), ";", "；") || is_conjunction(p, i))
			return i;
	return from;
}

static struct kb_tokens about(const struct kb_prepared *p, size_t i)
{
	struct kb_place at = p->quantity_at[i];
	const struct kb_prepared_sentence *s = &p->sentences[at.sentence];
	struct kb_tokens all = {s->first, s->first + s->n}, own = all;
	bool alone = true;

	for (size_t k = i; k-- > 0 && i - k <= RIVALS && alone;) {
		if (!is_rival(p, i, k))
			continue;
		own.from = clause_end(p, p->quantity_at[k]);
		if (own.from <= at.token)
			own.from = last_break(p, own.from, at.token);
		alone = false;
	}
	for (size_t k = i + 1; k < p->n_quantities && k - i <= RIVALS && alone;
	     k++)
		alone = !is_rival(p, i, k);
	if (alone || own.from > at.token)
		return all;
	own.to = clause_end(p, at);
	return own;
}

void kb_clauses_link(struct kb_prepared *p, size_t first)
{
	assert(first <= p->n_quantities);
	for (size_t i = first; i < p->n_quantities; i++)
		p->quantity_about[i] = about(p, i);
}

/* Is quantity k the date that the range from date i ends in? Times of day may
 * stand behind both. */
static bool is_range_to(const struct kb_prepared *p, size_t i, size_t k)
{
	static const char *const words[] = {"至",    "到",   "-",      "–",
					    "—",     "~",    "～",     "to",
					    "until", "till", "through"};
	struct kb_str text = text_of(p, p->quantity_at[i].sentence);
	const struct kb_quantity *from = &p->quantities[k - 1];
	struct kb_str between;

	int year = (int)p->quantities[i].lo / 10000;
	int other = (int)p->quantities[k].lo / 10000;

	/* a life is told by its ends */
	if (p->quantities[k].dim != KB_DIM_DATE ||
	    (year && other && year != other) ||
	    p->quantity_at[i].sentence != p->quantity_at[k].sentence ||
	    p->quantities[k].num_start > text.len ||
	    from->num_end > p->quantities[k].num_start)
		return false;
	between = (struct kb_str){text.ptr + from->num_end,
				  p->quantities[k].num_start - from->num_end};
	while (between.len &&
	       (kb_is_space(*between.ptr) || *between.ptr == ','))
		between = kb_str_skip(between, 1);
	while (between.len && kb_is_space(between.ptr[between.len - 1]))
		between.len--;
	for (size_t w = 0; w < sizeof(words) / sizeof(*words); w++)
		if (kb_str_eq(between, kb_str_of(words[w])))
			return true;
	return false;
}

int kb_range_side(const struct kb_prepared *p, size_t quantity)
{
	const struct kb_quantity *q = p->quantities;
	size_t next = quantity + 1, before = quantity - 1;

	if (q[quantity].dim != KB_DIM_DATE)
		return 0;
	next += next < p->n_quantities && q[next].dim == KB_DIM_CLOCK;
	if (next < p->n_quantities && is_range_to(p, quantity, next))
		return -1;
	if (!quantity)
		return 0;
	before -= before && q[before].dim == KB_DIM_CLOCK;
	return q[before].dim == KB_DIM_DATE && is_range_to(p, before, quantity);
}
