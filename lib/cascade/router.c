#include "cascade/router.h"

#include <math.h>
#include <stdlib.h>

#include "base/ascii.h"
#include "base/hash.h"
#include "base/utf8.h"
#include "cascade/equation.h"

#define NUMBERS_MAX 512

enum {
	QUESTION_LENGTH,
	QUESTION_NUMBERS,
	QUESTION_SENTENCES,
	QUESTION_MARKS,
	PERCENT,
	ANSWER_LENGTH,
	UNUSED,
	NEW,
	REPEATED,
	EQUATIONS,
	WRONG,
	FRACTION,
};

const char *const kb_router_names[KB_ROUTER_FEATURES] = {
    [QUESTION_LENGTH] = "question_length",
    [QUESTION_NUMBERS] = "question_numbers",
    [QUESTION_SENTENCES] = "question_sentences",
    [QUESTION_MARKS] = "question_marks",
    [PERCENT] = "question_percent",
    [ANSWER_LENGTH] = "answer_last_line",
    [UNUSED] = "question_numbers_unused",
    [NEW] = "answer_numbers_new",
    [REPEATED] = "answer_numbers_repeated",
    [EQUATIONS] = "answer_equations",
    [WRONG] = "answer_equations_wrong",
    [FRACTION] = "answer_fraction",
};

/* ---- numbers ---- */

struct numbers {
	double items[NUMBERS_MAX];
	size_t n;     /* different ones */
	size_t all;   /* of the text */
	int decimals; /* of the last */
};

static bool has(const struct numbers *numbers, double x)
{
	for (size_t i = 0; i < numbers->n; i++)
		if (numbers->items[i] == x)
			return true;
	return false;
}

static void find_numbers(struct numbers *out, struct kb_str text)
{
	out->n = out->all = 0;
	out->decimals = 0;
	while (text.len && out->all < NUMBERS_MAX) {
		double x;
		size_t n = kb_equation_number(text, &x, &out->decimals);

		if (n) {
			out->all++;
			if (!has(out, x))
				out->items[out->n++] = x;
		}
		text = kb_str_skip(text, n ? n : 1);
	}
}

/* The share of a's numbers that b has not. */
static double missing(const struct numbers *a, const struct numbers *b)
{
	size_t n = 0;

	for (size_t i = 0; i < a->n; i++)
		n += !has(b, a->items[i]);
	return a->n ? (double)n / (double)a->n : 0;
}

/* ---- features ---- */

static struct kb_str clip(struct kb_str text)
{
	if (text.len > KB_ROUTER_TEXT_MAX)
		text.len = KB_ROUTER_TEXT_MAX;
	while (text.len && kb_is_space(text.ptr[text.len - 1]))
		text.len--;
	return text;
}

static double characters(struct kb_str text)
{
	double n = 0;
	uint32_t cp;

	for (size_t i = 0; i < text.len; n++)
		i += kb_utf8_next(text.ptr + i, text.len - i, &cp);
	return n;
}

static double count(struct kb_str text, const char *mark)
{
	double n = 0;

	for (size_t i = 0; i < text.len; i++)
		n += kb_starts(text.ptr + i, text.len - i, mark) > 0;
	return n;
}

static struct kb_str last_line(struct kb_str text)
{
	size_t start = text.len;

	while (start > 0 && text.ptr[start - 1] != '\n')
		start--;
	return kb_str_skip(text, start);
}

static void measure_answer(struct kb_str question, struct kb_str answer,
			   double *values)
{
	struct numbers asked, said, end;
	struct kb_equations equations = kb_equations_check(answer);
	struct kb_str line = last_line(answer);

	find_numbers(&asked, question);
	find_numbers(&said, answer);
	find_numbers(&end, line);
	values[ANSWER_LENGTH] = log(1 + characters(line));
	values[UNUSED] = missing(&asked, &said);
	values[NEW] = missing(&said, &asked);
	values[REPEATED] = said.all ? 1 - (double)said.n / (double)said.all : 0;
	values[EQUATIONS] = log(1 + count(answer, "="));
	values[WRONG] = equations.wrong > 0;
	values[FRACTION] = end.all && end.decimals > 0;
}

void kb_router_measure(struct kb_str question, struct kb_str answer,
		       double *values)
{
	struct numbers asked;

	question = clip(question);
	for (int i = 0; i < KB_ROUTER_FEATURES; i++)
		values[i] = NAN;
	find_numbers(&asked, question);
	values[QUESTION_LENGTH] = log(1 + characters(question));
	values[QUESTION_NUMBERS] = log(1 + (double)asked.n);
	values[QUESTION_SENTENCES] =
	    log(1 + count(question, ".") + count(question, "。"));
	values[QUESTION_MARKS] =
	    log(1 + count(question, "?") + count(question, "？"));
	values[PERCENT] = count(question, "%") > 0;
	if (answer.ptr)
		measure_answer(question, clip(answer), values);
}
