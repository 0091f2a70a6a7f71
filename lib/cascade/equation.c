#include "cascade/equation.h"

#include <math.h>

#include "base/ascii.h"

#define SIDE_MAX  200 /* bytes of a left side */
#define DEPTH_MAX 16  /* parentheses */

size_t kb_equation_number(struct kb_str text, double *value, int *decimals)
{
	double x = 0, unit = 1;
	size_t i = 0;

	*decimals = 0;
	if (!text.len || !kb_is_digit(*text.ptr))
		return 0;
	for (; i < text.len; i++) {
		char c = text.ptr[i];
		bool more = i + 1 < text.len && kb_is_digit(text.ptr[i + 1]);

		if (c == ',' && more)
			continue;
		if (!kb_is_digit(c))
			break;
		x = 10 * x + (c - '0');
	}
	if (i + 1 < text.len && text.ptr[i] == '.' &&
	    kb_is_digit(text.ptr[i + 1]))
		for (i++; i < text.len && kb_is_digit(text.ptr[i]); i++) {
			unit /= 10;
			x += unit * (text.ptr[i] - '0');
			++*decimals;
		}
	*value = x;
	return i;
}

/* ---- the left side ---- */

struct side {
	const char *p, *end;
	int depth;
	bool bad, has_operator;
};

static void skip_blanks(struct side *s)
{
	while (s->p < s->end && (kb_is_blank(*s->p) || *s->p == '$'))
		s->p++;
}

/* The operator at the place, in one of its spellings: + - * / or 0. */
static char operator_at(struct side *s, size_t *len)
{
	struct kb_str rest;

	skip_blanks(s);
	*len = 1;
	if (s->p == s->end)
		return 0;
	if (strchr("+-*/", *s->p) && *s->p)
		return *s->p;
	if (*s->p == 'x' || *s->p == 'X')
		return '*';
	rest = (struct kb_str){s->p, (size_t)(s->end - s->p)};
	*len = 2;
	if (kb_starts(rest.ptr, rest.len, "×"))
		return '*';
	return kb_starts(rest.ptr, rest.len, "÷") ? '/' : 0;
}

static double sum(struct side *s);

static double factor(struct side *s)
{
	double x = 0;
	int decimals;
	size_t n;

	skip_blanks(s);
	if (s->p < s->end && *s->p == '(' && s->depth < DEPTH_MAX) {
		s->p++;
		s->depth++;
		x = sum(s);
		s->depth--;
		skip_blanks(s);
		if (s->p < s->end && *s->p == ')')
			s->p++;
		else
			s->bad = true;
	} else {
		n = kb_equation_number(
		    (struct kb_str){s->p, (size_t)(s->end - s->p)}, &x,
		    &decimals);
		s->p += n;
		s->bad |= n == 0;
	}
	if (s->p < s->end && *s->p == '%') {
		s->p++;
		x /= 100;
	}
	return x;
}

static double product(struct side *s)
{
	double x = factor(s);
	size_t len;
	char op;

	while (!s->bad && ((op = operator_at(s, &len)) == '*' || op == '/')) {
		s->p += len;
		s->has_operator = true;
		x = op == '*' ? x * factor(s) : x / factor(s);
	}
	return x;
}

static double sum(struct side *s)
{
	double x = product(s);
	size_t len;
	char op;

	while (!s->bad && ((op = operator_at(s, &len)) == '+' || op == '-')) {
		s->p += len;
		s->has_operator = true;
		x = op == '+' ? x + product(s) : x - product(s);
	}
	return x;
}

/* A comma or a stop with no digit behind it. */
static bool ends_clause(struct kb_str text, size_t at)
{
	return (text.ptr[at] == ',' || text.ptr[at] == '.') &&
	       !kb_is_digit(text.ptr[at + 1]);
}

/* Where the left side of the '=' at 'at' begins. */
static size_t side_start(struct kb_str text, size_t at)
{
	static const char of[] = "0123456789.,+-*/xX()$% \xc3\x97\xb7";
	size_t i = at;

	while (i > 0 && at - i < SIDE_MAX && text.ptr[i - 1] &&
	       strchr(of, text.ptr[i - 1]) && !ends_clause(text, i - 1))
		i--;
	/* no letter of a word, no mark of a sentence */
	while (i < at && strchr(" .,x X)*/%\xb7\x97", text.ptr[i]))
		i++;
	return i;
}

/* 1 it holds, 0 it does not, -1 it is none. */
static int holds(struct kb_str text, size_t at)
{
	size_t start = side_start(text, at), skipped = at + 1;
	struct side s = {.p = text.ptr + start, .end = text.ptr + at};
	double left, right, off;
	int decimals;

	while (skipped < text.len &&
	       (kb_is_blank(text.ptr[skipped]) || text.ptr[skipped] == '$'))
		skipped++;
	if (!kb_equation_number(kb_str_skip(text, skipped), &right, &decimals))
		return -1;
	left = sum(&s);
	skip_blanks(&s);
	if (s.bad || s.p != s.end || !s.has_operator || !isfinite(left))
		return -1;
	off = fabs(left - right);
	return off <= 0.5 * pow(10, -decimals) + 1e-9 * fabs(left) &&
	       (decimals || off <= 1e-9 * fabs(left) || off < 0.5);
}

struct kb_equations kb_equations_check(struct kb_str text)
{
	struct kb_equations found = {0, 0};

	for (size_t i = 0; i < text.len; i++) {
		int rc = text.ptr[i] == '=' ? holds(text, i) : -1;

		found.n += rc >= 0;
		found.wrong += rc == 0;
	}
	return found;
}
