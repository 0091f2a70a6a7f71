#include "claim/pieces.h"

#include "base/ascii.h"
#include "base/utf8.h"

#define PIECE_WORDS 4
#define PIECE_HAN   6
#define CITED_WORDS 3 /* of a clause with a citation of its own */
#define CITED_HAN   4

/* Bytes of "[1]" or "[1, 3]" at p, 0 for none. */
static size_t citation(const char *p, size_t len)
{
	size_t i = 1;

	if (len < 3 || *p != '[' || !kb_is_digit(p[1]))
		return 0;
	while (i < len && (kb_is_digit(p[i]) || p[i] == ' ' || p[i] == ','))
		i++;
	return i < len && p[i] == ']' ? i + 1 : 0;
}

/* Bytes up to the next citation; all where there is none. */
static size_t to_citation(struct kb_str text)
{
	size_t i = 0;

	while (i < text.len && !citation(text.ptr + i, text.len - i))
		i++;
	return i;
}

/* Bytes of what joins two clauses at p, 0 for nothing. */
static size_t joint(const char *p, size_t len)
{
	static const char *const joints[] = {
	    ", and ", ", but ", "; and ", " and ", " but ", ", ",
	    "; ",     "，",	"；",	  "; ",	   "，而",  "、"};

	for (size_t i = 0; i < sizeof(joints) / sizeof(*joints); i++) {
		size_t n = kb_starts(p, len, joints[i]);

		if (n)
			return n;
	}
	return 0;
}

/* Has a clause words enough to say something by itself? */
static bool says(struct kb_str clause, size_t least_words, size_t least_han)
{
	size_t han = 0, words = 0;

	for (size_t i = 0;
	     i < clause.len && han < least_han && words < least_words;) {
		bool letter = kb_is_alnum(clause.ptr[i]);
		uint32_t cp;

		words += letter && (!i || !kb_is_alnum(clause.ptr[i - 1]));
		i += kb_utf8_next(clause.ptr + i, clause.len - i, &cp);
		han += cp >= 0x4e00 && cp <= 0x9fff;
	}
	return han >= least_han || words >= least_words;
}

/* Does the text before a citation say something, and what follows up to the
 * next one? Of "by road [1], rail [2]" neither does alone. */
static bool is_cited(struct kb_str before, struct kb_str rest)
{
	size_t n = to_citation(rest);

	return n < rest.len && says(before, CITED_WORDS, CITED_HAN) &&
	       says((struct kb_str){rest.ptr, n}, CITED_WORDS, CITED_HAN);
}

size_t kb_claim_piece(struct kb_str sentence, bool clauses)
{
	bool cited = false;

	for (size_t i = 0; i < sentence.len;) {
		const char *p = sentence.ptr + i;
		size_t n = citation(p, sentence.len - i);
		struct kb_str before = {sentence.ptr, i}, rest;

		if (n) {
			cited = true;
			i += n;
			continue;
		}
		n = joint(p, sentence.len - i);
		if (!n) {
			cited &= *p == ' ';
			i++;
			continue;
		}
		rest = kb_str_skip(sentence, i + n);
		if ((cited && is_cited(before, rest)) ||
		    (clauses && says(before, PIECE_WORDS, PIECE_HAN) &&
		     says(rest, PIECE_WORDS, PIECE_HAN)))
			return i + n;
		cited = false;
		i += n;
	}
	return sentence.len;
}
