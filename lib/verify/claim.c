#include "verify/claim.h"

#include "base/ascii.h"
#include "base/utf8.h"
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

/* Markdown headings, labels that end in a colon, rules: no statement. */
static bool is_heading(struct kb_str s)
{
	uint32_t cp = 0;
	size_t letters = 0;

	if (!s.len)
		return true;
	if (s.ptr[0] == '#')
		return true;
	kb_utf8_prev(s.ptr, s.len, &cp);
	if (cp == ':' || cp == 0xff1a)
		return true;
	for (size_t i = 0; i < s.len;) {
		i += kb_utf8_next(s.ptr + i, s.len - i, &cp);
		letters += (cp | 32) - 'a' < 26 || cp - '0' < 10 || cp >= 0xc0;
	}
	return letters == 0;
}

static enum kb_claim_kind classify(struct kb_str s)
{
	if (is_heading(s) || kb_is_polite(s.ptr, s.len) ||
	    kb_is_question(s.ptr, s.len))
		return KB_CLAIM_NONE;
	if (kb_is_abstention(s.ptr, s.len))
		return KB_CLAIM_ABSTAIN;
	return KB_CLAIM;
}

size_t kb_claims_split(struct kb_str answer, struct kb_arena *arena,
		       struct kb_claim **claims)
{
	struct kb_sentence_it it = {answer.ptr, answer.len, 0};
	size_t start, end, n = 0, cap = 0;

	*claims = NULL;
	while (kb_sentence_next(&it, &start, &end)) {
		struct kb_claim *claim;

		kb_arena_grow(arena, claims, &cap, n, n + 1, sizeof(**claims));
		claim = &(*claims)[n++];
		*claim = (struct kb_claim){
		    .text = {answer.ptr + start, end - start},
		    .start = start,
		};
		strip_citations(claim, arena);
		claim->kind = classify(claim->bare);
	}
	return n;
}
