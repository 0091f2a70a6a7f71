#include "token/token_estimate.h"

#include <math.h>
#include <string.h>

#include "base/utf8.h"
#include "text/script.h"

/* Features: for runs, the number of runs of each length up to a limit and
 * the characters beyond it. */
enum {
	WORD = 0,	 /* 16 lower-case letters with a blank before */
	WORD_GLUED = 16, /* 12 without */
	TITLE = 28,	 /* 12 a capital, then lower case */
	CAPS = 40,	 /* 5 capitals */
	DIGITS = 45,	 /* groups of up to three */
	DIGIT_RUNS = 46,
	BLANKS = 47, /* 3 runs of blanks: by the one character left over */
	LINES = 50,  /* 2 line breaks: runs, and further ones */
	MARKS = 52,  /* 5 runs of ASCII marks */
	HAN = 57,    /* characters */
	HAN_RUNS = 58,
	HAN_RARE = 59,	/* characters beyond the commoner half */
	HAN_MARKS = 60, /* 。，、 and full-width forms */
	KANA = 61,	/* and runs */
	HANGUL = 63,	/* and runs */
	LATIN = 65,	/* letters with marks */
	CYRILLIC = 66,	/* Greek and Cyrillic, and runs */
	OTHER = 68,	/* other letters below U+3000 */
	SYMBOLS = 69,	/* other symbols, three-byte */
	EMOJI = 70,	/* four-byte characters */
	BAD = 71,	/* broken bytes */
};

enum kind {
	C_LOWER,
	C_UPPER,
	C_DIGIT,
	C_BLANK,
	C_LINE,
	C_MARK,
	C_HAN,
	C_HAN_MARK,
	C_KANA,
	C_HANGUL,
	C_LATIN,
	C_CYRILLIC,
	C_OTHER,
	C_SYMBOL,
	C_EMOJI,
	C_BAD,
};

static enum kind ascii_kind(uint32_t cp)
{
	if (cp - 'a' < 26)
		return C_LOWER;
	if (cp - 'A' < 26)
		return C_UPPER;
	if (cp - '0' < 10)
		return C_DIGIT;
	if (cp == '\n' || cp == '\r')
		return C_LINE;
	return cp == ' ' || cp == '\t' ? C_BLANK : C_MARK;
}

static enum kind kind_of(uint32_t cp)
{
	if (cp < 0x80)
		return ascii_kind(cp);
	if (cp == KB_UTF8_BAD)
		return C_BAD;
	if (cp < 0x250)
		return cp >= 0xc0 ? C_LATIN : C_SYMBOL;
	if (cp < 0x530 && cp >= 0x370)
		return C_CYRILLIC;
	if (cp < 0x2000)
		return C_OTHER;
	if (cp >= 0x10000)
		return kb_is_han(cp) ? C_HAN : C_EMOJI;
	if (kb_is_han(cp))
		return C_HAN;
	if (cp >= 0xac00 && cp <= 0xd7a3)
		return C_HANGUL;
	if (cp >= 0x3041 && cp <= 0x30ff)
		return C_KANA;
	if ((cp >= 0x3000 && cp <= 0x303f) || (cp >= 0xff00 && cp <= 0xffef) ||
	    (cp >= 0x2010 && cp <= 0x2026))
		return C_HAN_MARK;
	return C_SYMBOL;
}

/* The code charts are in radical order, so what is common is scattered;
 * the table has a bit for each character of the commoner half. */
static bool is_rare(uint32_t cp)
{
	uint32_t i = cp - 0x4e00;

	return i >= 0x5200 || !(kb_token_common[i / 64] >> (i % 64) & 1);
}

/* One run of n > 0 characters: lengths 1 to limit - 1 counted singly, then
 * the characters from there on. */
static void add_run(uint32_t *f, size_t n, size_t limit)
{
	if (n < limit) {
		f[n - 1]++;
		return;
	}
	f[limit - 2]++;
	f[limit - 1] += (uint32_t)(n - limit + 1);
}

struct run {
	enum kind kind;
	size_t n;
	bool blank_before, capital;
};

static void close_run(uint32_t *f, const struct run *run)
{
	switch (run->kind) {
	case C_LOWER:
		if (run->capital)
			add_run(f + TITLE, run->n, 12);
		else if (run->blank_before)
			add_run(f + WORD, run->n, 16);
		else
			add_run(f + WORD_GLUED, run->n, 12);
		break;
	case C_UPPER:
		add_run(f + CAPS, run->n, 5);
		break;
	case C_DIGIT:
		f[DIGITS] += (uint32_t)((run->n + 2) / 3);
		f[DIGIT_RUNS]++;
		break;
	case C_BLANK:
		add_run(f + BLANKS, run->n, 3);
		break;
	case C_LINE:
		add_run(f + LINES, run->n, 2);
		break;
	case C_MARK:
		add_run(f + MARKS, run->n, 5);
		break;
	case C_HAN:
		f[HAN_RUNS]++;
		break;
	case C_KANA:
		f[KANA + 1]++;
		break;
	case C_HANGUL:
		f[HANGUL + 1]++;
		break;
	case C_CYRILLIC:
		f[CYRILLIC + 1]++;
		break;
	default:
		break;
	}
}

static void count_char(uint32_t *f, enum kind kind, uint32_t cp)
{
	switch (kind) {
	case C_HAN:
		f[is_rare(cp) ? HAN_RARE : HAN]++;
		break;
	case C_HAN_MARK:
		f[HAN_MARKS]++;
		break;
	case C_KANA:
		f[KANA]++;
		break;
	case C_HANGUL:
		f[HANGUL]++;
		break;
	case C_LATIN:
		f[LATIN]++;
		break;
	case C_CYRILLIC:
		f[CYRILLIC]++;
		break;
	case C_OTHER:
		f[OTHER]++;
		break;
	case C_SYMBOL:
		f[SYMBOLS]++;
		break;
	case C_EMOJI:
		f[EMOJI]++;
		break;
	case C_BAD:
		f[BAD]++;
		break;
	default:
		break;
	}
}

void kb_tokens_features(const char *text, size_t len,
			uint32_t f[KB_TOKEN_FEATURES])
{
	struct run run = {.kind = C_BAD};

	memset(f, 0, KB_TOKEN_FEATURES * sizeof(*f));
	for (size_t i = 0; i < len;) {
		enum kind kind;
		uint32_t cp;

		i += kb_utf8_next(text + i, len - i, &cp);
		kind = kind_of(cp);
		count_char(f, kind, cp);
		if (kind == run.kind && run.n) {
			run.n++;
			continue;
		}
		/* one capital before lower case begins a word */
		if (kind == C_LOWER && run.kind == C_UPPER && run.n == 1) {
			run.kind = C_LOWER;
			run.capital = true;
			run.n = 2;
			continue;
		}
		if (run.n) {
			bool blank = run.kind == C_BLANK;

			/* the last blank goes with the word after it */
			if (blank && kind != C_LINE && kind != C_DIGIT)
				run.n--;
			if (run.n)
				close_run(f, &run);
			run.blank_before = blank;
		} else {
			run.blank_before = false;
		}
		run.kind = kind;
		run.n = 1;
		run.capital = false;
	}
	if (run.n)
		close_run(f, &run);
}

static double weigh(const uint32_t *f)
{
	double sum = 0;

	for (size_t i = 0; i < KB_TOKEN_FEATURES; i++)
		sum += kb_token_weight[i] * (double)f[i];
	return sum;
}

size_t kb_tokens_estimate(const char *text, size_t len)
{
	uint32_t f[KB_TOKEN_FEATURES];
	double sum;

	if (!len)
		return 0;
	kb_tokens_features(text, len, f);
	sum = ceil(weigh(f));
	return sum < 1 ? 1 : (size_t)sum;
}
