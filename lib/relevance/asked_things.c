/*
 * The numbers of a question that a passage lacks, and the names of it that the
 * index knows.
 */
#include <math.h>
#include <strings.h>

#include "answer/lexicon/named_range.h"
#include "base/ascii.h"
#include "base/utf8.h"
#include "graph/graph.h"
#include "quantity/quantity.h"
#include "relevance/lacking.h"
#include "relevance/relevance_weights.h"
#include "text/script.h"
#include "text/words.h"

/* ---- numbers ---- */

/* A number with what stands around it. */
struct number {
	double value;
	size_t start, end;
	bool is_digits;
	struct kb_str before; /* word or character, directly or after a blank */
	uint32_t next;	      /* letter or character, in the same way; else 0 */
};

static bool is_numeral(uint32_t cp)
{
	static const uint32_t numerals[] = {
	    0x4e00, 0x4e8c, 0x4e09, 0x56db, 0x4e94, 0x516d, 0x4e03,
	    0x516b, 0x4e5d, 0x5341, 0x4e24, 0x3007, 0x96f6,
	}; /* 一二三四五六七八九十两〇零 */

	for (size_t i = 0; i < sizeof(numerals) / sizeof(*numerals); i++)
		if (numerals[i] == cp)
			return true;
	return false;
}

/* What numbers tell apart: before it a single 一 is one. */
static bool is_numbered(uint32_t cp)
{
	static const uint32_t heads[] = {0x53f7, 0x671f, 0x4ee3, 0x7ea7,
					 0x5b63, 0x697c, 0x7248, 0x5c4a};
	/* 号期代级季楼版届 */

	for (size_t i = 0; i < sizeof(heads) / sizeof(*heads); i++)
		if (heads[i] == cp)
			return true;
	return false;
}

static size_t back_over_blanks(struct kb_str s, size_t i)
{
	while (i && (s.ptr[i - 1] == ' ' || s.ptr[i - 1] == '-'))
		i--;
	return i;
}

static struct kb_str before_of(struct kb_str s, size_t at)
{
	size_t end = back_over_blanks(s, at), i = end;

	while (i && kb_is_letter(s.ptr[i - 1]))
		i--;
	if (i == end && end >= 3 && (unsigned char)s.ptr[end - 1] >= 0x80)
		i = end - 3;
	return (struct kb_str){s.ptr + i, end - i};
}

static uint32_t next_of(struct kb_str s, size_t i)
{
	uint32_t cp;

	while (i < s.len && (s.ptr[i] == ' ' || s.ptr[i] == '-'))
		i++;
	if (i == s.len)
		return 0;
	kb_utf8_next(s.ptr + i, s.len - i, &cp);
	return kb_is_han(cp) || (cp < 0x80 && kb_is_letter((char)cp)) ? cp : 0;
}

/* May a number begin here? Not inside a word or another number. words: or one
 * in English words. */
static bool begins(struct kb_str s, size_t i, uint32_t cp, bool words)
{
	if (is_numeral(cp))
		return true;
	if (cp >= 0x80 || (i && kb_is_alnum(s.ptr[i - 1])) ||
	    (i > 1 && s.ptr[i - 1] == '.' && kb_is_digit(s.ptr[i - 2])))
		return false;
	return kb_is_digit((char)cp) ||
	       (words && kb_is_letter((char)cp) && strchr("otfsen", (char)cp));
}

/* The next number of a folded text from *at. */
static bool next_number(struct kb_str s, bool words, size_t *at,
			struct number *out)
{
	while (*at < s.len) {
		uint32_t cp;
		size_t i = *at, len = 0;
		double step;

		/* most characters, without a look around them */
		if ((unsigned char)s.ptr[i] < 0x80 && !kb_is_digit(s.ptr[i]) &&
		    !(words && kb_is_letter(s.ptr[i]))) {
			++*at;
			continue;
		}
		*at += kb_utf8_next(s.ptr + i, s.len - i, &cp);
		if (!begins(s, i, cp, words))
			continue;
		len =
		    kb_numeral_parse(s.ptr + i, s.len - i, &out->value, &step);
		if (!len)
			continue;
		*at = i + len;
		out->start = i;
		out->end = i + len;
		out->is_digits = cp < 0x80 && kb_is_digit((char)cp);
		out->before = before_of(s, i);
		out->next = next_of(s, i + len);
		if (cp == 0x4e00 && len == 3 && !is_numbered(out->next))
			continue;
		return true;
	}
	return false;
}

#define ALONE 100 /* from here on digits say enough without their unit */

static bool is_same(const struct number *asked, const struct number *found)
{
	if (fabs(asked->value - found->value) > 1e-9 * fabs(asked->value))
		return false;
	if ((asked->value >= ALONE && asked->is_digits) ||
	    (!asked->next && !asked->before.len))
		return true;
	/* "line 5" is none of Friday, 周五 */
	if (is_numbered(asked->next))
		return asked->next == found->next;
	return (asked->next && asked->next == found->next) ||
	       (asked->before.len && asked->before.len == found->before.len &&
		!memcmp(asked->before.ptr, found->before.ptr,
			asked->before.len));
}

static bool is_in(const struct number *asked, struct kb_str text)
{
	struct number found;
	size_t at = 0;

	/* Texts write larger ones in digits. */
	while (next_number(text, asked->value < ALONE, &at, &found))
		if (is_same(asked, &found))
			return true;
	return false;
}

/* Has the text the number's quantity in another unit, or a range or bound that
 * it lies in? "2 hours late" is asked of "120 minutes or more". */
static bool is_in_another_unit(const struct number *asked,
			       struct kb_str question, struct kb_str text)
{
	struct kb_quantities ours = {0}, theirs = {0};
	bool found = false;

	if (!text.len)
		return false;
	kb_quantities_find(&ours, question.ptr, question.len);
	kb_quantities_find(&theirs, text.ptr, text.len);
	for (size_t i = 0; i < ours.n && !found; i++) {
		const struct kb_quantity *q = &ours.items[i];

		if (q->dim <= KB_DIM_COUNT || q->num_start > asked->start ||
		    q->num_end < asked->end)
			continue;
		for (size_t k = 0; k < theirs.n && !found; k++) {
			enum kb_agreement a =
			    kb_lacking_compare(q, &theirs.items[k]);

			found = a == KB_AGREE_SAME || a == KB_AGREE_INSIDE;
		}
	}
	kb_quantities_release(&ours);
	kb_quantities_release(&theirs);
	return found;
}

/* 三 of 周三 or 星期三, which 周一至周五 has. */
static bool is_day_of_range(const struct number *asked, struct kb_str question,
			    struct kb_str text)
{
	for (size_t n = 3; n <= 6 && n <= asked->start; n += 3) {
		struct kb_str day = {question.ptr + asked->start - n,
				     asked->end - asked->start + n};

		if (kb_named_range_has(text, day))
			return true;
	}
	return false;
}

/* Is the other one of the same row of numbered things: another version, another
 * line? */
static bool is_sister(const struct number *asked, const struct number *found)
{
	struct kb_str word = asked->before;

	if (is_numbered(asked->next))
		return asked->next == found->next;
	return word.len >= SISTER_LETTERS && kb_is_letter(*word.ptr) &&
	       !kb_stop_word(word.ptr, word.len) &&
	       word.len == found->before.len &&
	       !memcmp(word.ptr, found->before.ptr, word.len);
}

static bool has_sister(const struct number *asked, struct kb_str text)
{
	struct number found;
	size_t at = 0;

	while (next_number(text, false, &at, &found))
		if (is_sister(asked, &found))
			return true;
	return false;
}

struct kb_asked_number kb_lacking_number(struct kb_str question,
					 struct kb_str text,
					 struct kb_str title)
{
	struct kb_asked_number out = {{"", 0}, false, 0};
	struct number asked;
	size_t at = 0;

	/* "two reasons" is how many are wanted. */
	while (next_number(question, false, &at, &asked)) {
		if (kb_starts(question.ptr + asked.start,
			      question.len - asked.start, "两"))
			continue;
		out.n++;
		if (out.missing.len || is_in(&asked, text) ||
		    is_in(&asked, title) ||
		    is_day_of_range(&asked, question, text) ||
		    is_in_another_unit(&asked, question, text))
			continue;
		out.missing = (struct kb_str){question.ptr + asked.start,
					      asked.end - asked.start};
		out.sister = has_sister(&asked, text);
	}
	return out;
}

/* ---- names ---- */

/* The graphs of the index, in the arena. */
static int open_graphs(const struct kb_scope *scope, struct kb_arena *arena,
		       struct kb_graph **graphs, size_t *n, struct kb_err *err)
{
	*graphs = kb_arena_calloc(arena, scope->n + 1, sizeof(**graphs));
	*n = 0;
	for (size_t i = 0; i < scope->n; i++) {
		const struct kb_section *sec = scope->segments[i].segment->sec;
		const struct kb_section *a = &sec[KB_SEC_ENTITIES];
		const struct kb_section *b = &sec[KB_SEC_EDGES];
		int rc;

		if (!a->ptr || !b->ptr)
			continue;
		rc = kb_graph_open(&(*graphs)[*n], a->ptr, a->len, b->ptr,
				   b->len, err);
		if (rc < 0)
			return rc;
		++*n;
	}
	return 0;
}

/* Does a document of the index name it: as_title, as what the document is
 * about? */
static bool is_thing(const struct kb_graph *graphs, size_t n_graphs,
		     uint64_t key, bool as_title)
{
	for (size_t i = 0; i < n_graphs; i++) {
		const struct kb_graph *g = &graphs[i];
		const uint32_t *chunks;
		int64_t at = kb_graph_find(g, key);
		size_t n;

		if (at < 0)
			continue;
		if (!as_title)
			return true;
		chunks = kb_graph_chunks(g, (uint32_t)at, &n);
		if (n && (chunks[0] & 3) >= KB_EDGE_TITLE)
			return true;
	}
	return false;
}

/* The names of the index in the question, the longest from each place. */
int kb_relevance_known(struct kb_relevance *r, const struct kb_scope *scope,
		       struct kb_str question, struct kb_arena *arena,
		       struct kb_err *err)
{
	struct kb_terms *terms = &r->reader->terms;
	struct kb_graph *graphs;
	uint64_t spelled = 0;
	uint32_t first;
	int rc;
	uint32_t *units, *at;
	size_t n, step, n_graphs;

	for (size_t i = 0; i < r->n_names; i++)
		spelled |= r->names[i];

	rc = open_graphs(scope, arena, &graphs, &n_graphs, err);
	if (rc < 0)
		return rc;
	kb_terms_reset(terms);
	kb_analyze(r->reader->an, question.ptr, question.len, terms);
	units = kb_arena_alloc(arena, (terms->n + 1) * sizeof(*units));
	at = kb_arena_alloc(arena, (terms->n + 1) * sizeof(*at));
	n = kb_entity_units(terms, units, at, terms->n);
	for (size_t i = 0; i < n && r->n_known < KB_RELEVANCE_NAME_MAX;
	     i += step) {
		uint64_t key = 0, bits = 0, best = 0;

		step = 1;
		for (size_t j = i; j < n && j < i + KB_ENTITY_UNITS; j++) {
			uint64_t term = terms->items[at[j]].key;
			const uint64_t *b = kb_map_get(&r->bits, term);

			key = kb_entity_extend(key, units[j]);
			bits |= b ? *b : 0;
			if (!is_thing(graphs, n_graphs, key,
				      (bits & ~spelled) || !bits))
				continue;
			best = bits;
			step = j + 1 - i;
		}
		if (!best)
			continue;
		first = terms->items[at[i]].start;
		r->known_text[r->n_known] =
		    (struct kb_str){question.ptr + first,
				    terms->items[at[i + step - 1]].end - first};
		r->known[r->n_known++] = best;
	}
	return 0;
}

/* The longest word of Latin letters in the name. */
static struct kb_str longest_word(struct kb_str name)
{
	struct kb_str best = {name.ptr, 0};

	for (size_t i = 0; i < name.len;) {
		size_t k = i;

		while (k < name.len && kb_is_letter(name.ptr[k]))
			k++;
		if (k - i > best.len)
			best = (struct kb_str){name.ptr + i, k - i};
		i = k + (k == i);
	}
	return best;
}

bool kb_relevance_alike(struct kb_str name, struct kb_str text)
{
	struct kb_str word = longest_word(name);

	if (word.len < ALIKE_LETTERS)
		return false;
	for (size_t i = 0; i + ALIKE_LETTERS <= text.len; i++)
		if ((!i || !kb_is_letter(text.ptr[i - 1])) &&
		    !strncasecmp(text.ptr + i, word.ptr, ALIKE_LETTERS))
			return true;
	return false;
}

/* The first Chinese name known to the index of which the passage has neither
 * half nor something alike; len 0 for none. Others are told by their letters.
 */
struct kb_str kb_relevance_missing_name(const struct kb_relevance *r,
					uint32_t hit)
{
	for (size_t i = 0; i < r->n_known; i++)
		if ((unsigned char)*r->known_text[i].ptr >= 0x80 &&
		    kb_relevance_weight(r, r->known[i] & r->passage[hit]) * 2 <
			kb_relevance_weight(r, r->known[i]) &&
		    !kb_relevance_alike(r->known_text[i],
					r->evidence->texts[hit]))
			return r->known_text[i];
	return (struct kb_str){"", 0};
}
