#include "claim/claim.h"

#include <string.h>

#include "base/ascii.h"
#include "base/utf8.h"
#include "claim/courtesy.h"
#include "claim/markup.h"
#include "claim/pieces.h"
#include "claim/refusal.h"
#include "text/polarity.h"
#include "text/sentence.h"
#include "text/words.h"

static bool is_blank(char c)
{
	return c == ' ' || c == ',' || c == '\t';
}

/* "[1]", "[1, 3]" at ptr: notes the numbers, returns its bytes, else 0. */
static size_t read_citation(const char *ptr, size_t len, struct kb_claim *claim)
{
	size_t i = 1, n = claim->n_cites, k;
	bool some = false;

	if (len < 3 || ptr[0] != '[')
		return 0;
	while (i < len && (kb_is_digit(ptr[i]) || is_blank(ptr[i]))) {
		unsigned v = 0;

		if (is_blank(ptr[i])) {
			i++;
			continue;
		}
		for (k = i; k < len && kb_is_digit(ptr[k]) && k - i < 6; k++)
			v = v * 10 + (unsigned)(ptr[k] - '0');
		if (n < KB_CLAIM_CITES)
			claim->cites[n++] = v;
		some = true;
		i = k;
	}
	if (!some || i >= len || ptr[i] != ']')
		return 0;
	claim->n_cites = n;
	return i + 1;
}

/* Note the citations and copy the text without them. */
static void strip_citations(struct kb_claim *claim, struct kb_arena *arena)
{
	const char *p = claim->text.ptr;
	size_t len = claim->text.len, n = 0;
	char *bare;

	claim->bare = claim->text;
	if (!memchr(p, '[', len))
		return;
	bare = kb_arena_alloc(arena, len + 1);
	for (size_t i = 0; i < len;) {
		size_t cite = read_citation(p + i, len - i, claim);

		if (cite) {
			i += cite;
			continue;
		}
		bare[n++] = p[i++];
	}
	claim->bare = (struct kb_str){bare, n};
}

static bool has_digit(struct kb_str s)
{
	for (size_t i = 0; i < s.len; i++)
		if (kb_is_digit(s.ptr[i]))
			return true;
	return false;
}

#define LABEL_BYTES 64 /* of what a colon makes a label */
#define POLARS	    16 /* words of polarity that are looked at */

/* Labels that end in a colon, rules: no statement. */
static bool is_label(struct kb_str s)
{
	uint32_t cp = 0;
	size_t letters = 0;

	if (!s.len)
		return true;
	kb_utf8_prev(s.ptr, s.len, &cp);
	if ((cp == ':' || cp == 0xff1a) && s.len <= LABEL_BYTES &&
	    !has_digit(s))
		return true;
	for (size_t i = 0; i < s.len;) {
		i += kb_utf8_next(s.ptr + i, s.len - i, &cp);
		letters += (cp | 32) - 'a' < 26 || cp - '0' < 10 || cp >= 0xc0;
	}
	return letters == 0;
}

/* Without the quotation marks that close it. */
static struct kb_str unquoted(struct kb_str s)
{
	static const char *const marks[] = {"”", "’", "」", "』", "\""};

	for (size_t i = 0; i < sizeof(marks) / sizeof(marks[0]); i++) {
		size_t n = kb_ends(s.ptr, s.len, marks[i]);

		if (n)
			return (struct kb_str){s.ptr, s.len - n};
	}
	return s;
}

/* A question, by its mark or by its first word; "When you order today, ..."
 * without a full stop is none. */
static bool asks(struct kb_str s)
{
	uint32_t cp;

	s = unquoted(s);
	if (!kb_is_question(s.ptr, s.len))
		return false;
	kb_utf8_prev(s.ptr, s.len, &cp);
	return !kb_is_letter((char)cp) || cp >= 0x80 ||
	       !memchr(s.ptr, ',', s.len);
}

static size_t first_clause(struct kb_str s)
{
	size_t i = 0;

	while (i < s.len && s.ptr[i] != ',' && s.ptr[i] != ';' &&
	       !kb_starts(s.ptr + i, s.len - i, "，") &&
	       !kb_starts(s.ptr + i, s.len - i, "；"))
		i++;
	return i;
}

/* Is something denied in the first clause? "Yes, you may, but not here." */
static bool denies(struct kb_str s)
{
	struct kb_polar found[POLARS];
	size_t n = kb_polarity_find(s.ptr, first_clause(s), found, POLARS);

	for (size_t i = 0; i < n; i++)
		if (kb_polar_denies(&found[i]))
			return true;
	return false;
}

/* Without "no," before it, which is no word of its, and "yes," unless that is
 * belied by what follows. */
static struct kb_str without_particle(struct kb_claim *claim, struct kb_str s)
{
	size_t n = kb_courtesy_particle(s, &claim->denies);
	struct kb_str rest;
	bool denies_too;

	claim->particle = n && n == s.len;
	if (claim->particle || !n)
		return s;
	/* "yes, it does" */
	rest = kb_str_skip(s, n);
	if (kb_courtesy_particle(rest, &denies_too) == rest.len &&
	    denies_too == claim->denies) {
		claim->particle = true;
		return s;
	}
	if (!claim->denies && denies(kb_str_skip(s, n)))
		return s;
	return kb_str_skip(s, n);
}

/* The statement of a claim, and whether it is one. A number in a heading is
 * one: it may be the answer. */
static void read_statement(struct kb_claim *claim, struct kb_str answer,
			   struct kb_arena *arena)
{
	size_t end = claim->start + claim->text.len;
	struct kb_str s = kb_markup_strip(claim->bare, arena), rest;

	claim->kind = KB_CLAIM_NONE;
	if (kb_markup_is_heading(answer, claim->start, end) && !has_digit(s))
		return;
	if (is_label(s)) {
		claim->label = (kb_ends(s.ptr, s.len, ":") ||
				kb_ends(s.ptr, s.len, "：")) &&
			       kb_courtesy_strip(s).len;
		claim->bare = s;
		return;
	}
	rest = kb_courtesy_strip(s);
	if (!rest.len) {
		/* "I can't help with that" */
		if (kb_is_refusal(s))
			claim->kind = KB_CLAIM_ABSTAIN;
		return;
	}
	s = kb_markup_strip(rest, arena);
	s = without_particle(claim, s);
	if (is_label(s) || asks(s))
		return;
	claim->bare = s;
	claim->kind = kb_is_refusal(s) ? KB_CLAIM_ABSTAIN : KB_CLAIM;
}

/* An answer of labels only says what they say. */
static void take_labels(struct kb_claim *claims, size_t n)
{
	for (size_t i = 0; i < n; i++)
		if (claims[i].kind != KB_CLAIM_NONE)
			return;
	for (size_t i = 0; i < n; i++)
		if (claims[i].label)
			claims[i].kind = KB_CLAIM;
}

/* "No." before a statement says what that says. */
static void set_particles_aside(struct kb_claim *claims, size_t n)
{
	for (size_t i = 0; i + 1 < n; i++)
		if (claims[i].particle && claims[i + 1].kind == KB_CLAIM &&
		    !claims[i + 1].particle &&
		    (claims[i].denies || !denies(claims[i + 1].bare)))
			claims[i].kind = KB_CLAIM_NONE;
}

/* The next sentence, or piece of one; 'left' is what of the sentence is left.
 */
static bool next_piece(struct kb_sentence_it *it, struct kb_str answer,
		       bool clauses, struct kb_str *left, size_t *start,
		       size_t *end)
{
	size_t piece;

	if (!left->len) {
		if (!kb_sentence_next(it, start, end))
			return false;
		*left = (struct kb_str){answer.ptr + *start, *end - *start};
	}
	piece = kb_claim_piece(*left, clauses);
	*start = (size_t)(left->ptr - answer.ptr);
	*end = *start + piece;
	*left = kb_str_skip(*left, piece);
	return true;
}

/* A citation at the end of a sentence is one of all its pieces. */
static void share_citations(struct kb_claim *pieces, size_t n)
{
	for (size_t i = n; i-- > 1;)
		if (!pieces[i - 1].n_cites) {
			pieces[i - 1].n_cites = pieces[i].n_cites;
			memcpy(pieces[i - 1].cites, pieces[i].cites,
			       sizeof(pieces[i].cites));
		}
}

size_t kb_claims_split(struct kb_str answer, bool clauses,
		       struct kb_arena *arena, struct kb_claim **claims)
{
	struct kb_sentence_it it = {answer.ptr, answer.len, 0};
	size_t start, end, n = 0, cap = 0, first = 0; /* of the sentence */
	struct kb_str left = {"", 0};
	bool closed = false;

	*claims = NULL;
	while (n < KB_CLAIMS_MAX &&
	       next_piece(&it, answer, clauses, &left, &start, &end)) {
		struct kb_claim *claim;

		if (n + 1 == KB_CLAIMS_MAX)
			end = answer.len;
		kb_arena_grow(arena, claims, &cap, n, n + 1, sizeof(**claims));
		claim = &(*claims)[n++];
		*claim = (struct kb_claim){
		    .text = {answer.ptr + start, end - start},
		    .start = start,
		};
		strip_citations(claim, arena);
		read_statement(claim, answer, arena);
		if (!left.len) {
			share_citations(*claims + first, n - first);
			first = n;
		}
		if (claim->kind == KB_CLAIM && closed &&
		    kb_courtesy_signs(claim->bare))
			claim->kind = KB_CLAIM_NONE;
		closed = claim->kind == KB_CLAIM_NONE &&
			 (closed || kb_courtesy_closes(claim->text));
	}
	set_particles_aside(*claims, n);
	take_labels(*claims, n);
	return n;
}
