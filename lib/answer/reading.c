#include "answer/reading.h"

#include <assert.h>
#include <stdlib.h>

#include "answer/cues.h"
#include "answer/match_weights.h"
#include "answer/sentence_words.h"
#include "base/ascii.h"
#include "base/utf8.h"
#include "text/fold.h"
#include "text/sentence.h"

/* ---- sentences ---- */

/* Marks of lists, headings, quotes and table rows at a line's start. */
static struct kb_str trim(struct kb_str s)
{
	while (s.len && (kb_is_blank(*s.ptr) || strchr("#>|*", *s.ptr) ||
			 (s.len > 1 && (*s.ptr == '-' || *s.ptr == '+') &&
			  kb_is_blank(s.ptr[1])))) {
		s.ptr++;
		s.len--;
	}
	while (s.len &&
	       (kb_is_blank(s.ptr[s.len - 1]) || s.ptr[s.len - 1] == '|'))
		s.len--;
	return s;
}

/* ---- matching ---- */

/* Of one of the question's keys in a text. */
enum { SEEN = 1, SEEN_ALIKE };

/* Are the two words, in lower case or not, forms of one: "appreciated",
 * "appreciation"? */
static bool is_alike(struct kb_str a, struct kb_str b)
{
	size_t most = a.len > b.len ? a.len : b.len;
	size_t least = a.len < b.len ? a.len : b.len, same = 0;

	while (same < least && kb_is_letter(a.ptr[same]) &&
	       kb_lower(a.ptr[same]) == kb_lower(b.ptr[same]))
		same++;
	return same >= ALIKE_LETTERS &&
	       (double)same >= ALIKE_SHARE * (double)most;
}

/* Mark those of the question's words of which the text has another form. */
static void see_alike(const struct kb_form *q, struct kb_str text,
		      const struct kb_term *t, unsigned char *seen)
{
	struct kb_str word = {text.ptr + t->start, t->end - t->start};

	if (kb_term_class(t->key) != KB_TERM_WORD || word.len < ALIKE_LETTERS)
		return;
	for (size_t i = 0; i < q->n_units; i++) {
		const struct kb_form_unit *u = &q->units[i];

		if (u->word.len >= ALIKE_LETTERS && !seen[u->key] &&
		    is_alike(u->word, word))
			seen[u->key] = SEEN_ALIKE;
	}
}

/* Mark which of the question's keys the text holds. */
static void see(struct kb_reader *reader, const struct kb_form *q,
		struct kb_str text, unsigned char *seen)
{
	memset(seen, 0, q->n_keys);
	kb_terms_reset(&reader->terms);
	kb_analyze(reader->an, text.ptr, text.len, &reader->terms);
	for (size_t i = 0; i < reader->terms.n; i++) {
		const uint64_t *place =
		    kb_map_get(&q->keys, reader->terms.items[i].key);

		if (place)
			seen[*place - 1] = SEEN;
		else
			see_alike(q, text, &reader->terms.items[i], seen);
	}
}

/*
 * How much of a unit is there: a character counts whole in one of its pairs,
 * because a single character of Chinese says little.
 */
static double own_match(const struct kb_form_unit *u, const unsigned char *seen)
{
	if (!u->is_han)
		return seen[u->key] == SEEN_ALIKE ? MATCH_ALIKE : seen[u->key];
	if (u->left < 0 && u->right < 0)
		return seen[u->key] ? MATCH_SINGLE : 0;
	if ((u->left >= 0 && seen[u->left]) ||
	    (u->right >= 0 && seen[u->right]))
		return 1;
	return seen[u->key] ? MATCH_CHARACTER : 0;
}

/* A synonym counts nearly as much as the word itself. */
static double match_of(const struct kb_form_unit *u, const unsigned char *seen,
		       unsigned groups)
{
	double own = own_match(u, seen);

	return own < MATCH_SYNONYM && (u->groups & groups) ? MATCH_SYNONYM
							   : own;
}

static double *matches(struct kb_arena *arena, const struct kb_form *q,
		       const unsigned char *seen, unsigned groups)
{
	double *m = kb_arena_calloc(arena, q->n_units + 1, sizeof(*m));

	for (size_t i = 0; i < q->n_units; i++)
		m[i] = match_of(&q->units[i], seen, groups);
	return m;
}

/* Length of the longest run of base terms that question and text share, by
 * the question's length. The text's terms are still in reader->terms. */
static double common_run(const struct kb_reader *reader, struct kb_arena *arena,
			 const struct kb_form *q)
{
	size_t n = q->n_order, best = 0;
	unsigned short *row = kb_arena_calloc(arena, n + 1, sizeof(*row));

	for (size_t i = 0; i < reader->terms.n; i++) {
		uint64_t key = reader->terms.items[i].key;
		enum kb_term_class class = kb_term_class(key);

		if (class != KB_TERM_HAN1 && class != KB_TERM_WORD)
			continue;
		for (size_t k = n; k > 0; k--) {
			row[k] = q->order[k - 1] == key
				     ? (unsigned short)(row[k - 1] + 1)
				     : 0;
			if (row[k] > best)
				best = row[k];
		}
	}
	return n ? (double)best / (double)n : 0;
}

static void add_sentence(struct kb_reader *reader, struct kb_arena *arena,
			 struct kb_reading *r, struct kb_str text, size_t hit,
			 unsigned char *seen)
{
	struct kb_reading_sentence *s = &r->sentences[r->n_sentences++];
	struct kb_str folded = kb_text_fold(arena, text);

	s->text = text;
	s->hit = hit;
	s->at = s > r->sentences && s[-1].hit == hit ? s[-1].at + 1 : 0;
	s->under = -1;
	s->refers = kb_words_refer(folded);
	s->ends = !kb_ends(text.ptr, text.len, "；");
	see(reader, &r->question, text, seen);
	s->match = matches(arena, &r->question, seen,
			   kb_form_groups(&r->question, folded));
	s->features[KB_SENTENCE_RUN] = common_run(reader, arena, &r->question);
	s->features[KB_SENTENCE_NEAR] =
	    kb_words_near(reader, &r->question, text);
	s->cues = kb_cues_find(reader, folded, r->question.folded);
}

/* Share of the text in reader->terms that the question holds, too. */
static double share_asked(const struct kb_reader *reader,
			  const struct kb_form *q)
{
	double n = 0, asked = 0;

	for (size_t i = 0; i < reader->terms.n; i++) {
		if (kb_term_class(reader->terms.items[i].key) == KB_TERM_EXACT)
			continue;
		n++;
		asked +=
		    kb_map_get(&q->keys, reader->terms.items[i].key) != NULL;
	}
	return n > 0 ? asked / n : 0;
}

static void keep_best(double *best, const double *m, size_t n)
{
	for (size_t i = 0; i < n; i++)
		if (m[i] > best[i])
			best[i] = m[i];
}

static void read_title(struct kb_reader *reader, struct kb_arena *arena,
		       struct kb_reading *r, size_t hit, unsigned char *seen)
{
	struct kb_str title = r->asked->hits[hit].title;
	size_t n = r->question.n_units;

	see(reader, &r->question, title, seen);
	r->title[hit] =
	    matches(arena, &r->question, seen,
		    kb_form_groups(&r->question, kb_text_fold(arena, title)));
	r->title_asked[hit] = share_asked(reader, &r->question);
	r->hit[hit] = kb_arena_calloc(arena, n + 1, sizeof(double));
	keep_best(r->hit[hit], r->title[hit], n);
}

/* Has it a letter or a digit, of any script? */
static bool says_something(struct kb_str s)
{
	for (size_t i = 0; i < s.len; i++)
		if (kb_is_alnum(s.ptr[i]) || (unsigned char)s.ptr[i] >= 0x80)
			return true;
	return false;
}

/* Is the line that of an option, or does it stand under one? */
static bool is_of_option(struct kb_str text, const struct kb_layout *layout,
			 uint32_t line)
{
	for (; line != KB_LAYOUT_NONE; line = layout->lines[line].under) {
		const struct kb_layout_line *l = &layout->lines[line];

		if (l->end > l->start + 1 && text.ptr[l->start] == '-' &&
		    text.ptr[l->start + 1] != ' ' &&
		    (l->kind == KB_LAYOUT_TERM || l->kind == KB_LAYOUT_ITEM))
			return true;
	}
	return false;
}

/* first: for each line the sentence that begins it, + 1. */
static void place(struct kb_str text, const struct kb_layout *layout,
		  size_t start, size_t *first, const struct kb_reading *r)
{
	size_t number = r->n_sentences - 1;
	struct kb_reading_sentence *s = &r->sentences[number];
	uint32_t line = kb_layout_line_of(layout, start), under;

	if (line == KB_LAYOUT_NONE)
		return;
	s->kind = layout->lines[line].kind;
	s->is_option = is_of_option(text, layout, line);
	if (s->is_option)
		s->cues |= KB_CUE_WAY;
	under = layout->lines[line].under;
	if (!first[line])
		first[line] = number + 1;
	if (under != KB_LAYOUT_NONE)
		s->under = (long)first[under] - 1;
}

static void read_hit(struct kb_reader *reader, struct kb_arena *arena,
		     struct kb_reading *r, size_t hit, unsigned char *seen)
{
	struct kb_str text = r->asked->hits[hit].text;
	struct kb_layout layout;
	size_t start, end, *first;
	struct kb_sentence_it it;

	read_title(reader, arena, r, hit, seen);
	text.len = kb_utf8_cut(text.ptr, text.len, KB_READING_HIT_BYTES);
	kb_layout_read(&layout, arena, text);
	first = kb_arena_calloc(arena, layout.n + 1, sizeof(*first));
	it = (struct kb_sentence_it){text.ptr, text.len, 0};
	while (r->n_sentences < KB_READING_SENTENCES &&
	       kb_sentence_next(&it, &start, &end)) {
		struct kb_str s =
		    trim((struct kb_str){text.ptr + start, end - start});

		if (!says_something(s))
			continue;
		add_sentence(reader, arena, r, s, hit, seen);
		place(text, &layout, start, first, r);
		keep_best(r->hit[hit], r->sentences[r->n_sentences - 1].match,
			  r->question.n_units);
	}
}

void kb_reading_read(struct kb_reader *reader, struct kb_arena *arena,
		     const struct kb_asked *asked, struct kb_reading *r)
{
	unsigned char *seen = kb_arena_alloc(arena, KB_FORM_KEYS);

	assert(reader && asked);
	assert(asked->hits || !asked->n_hits);
	memset(r, 0, sizeof(*r));
	r->reader = reader;
	r->asked = asked;
	kb_form_read(reader, arena, asked->query, &r->question);
	r->sentences =
	    kb_arena_calloc(arena, KB_READING_SENTENCES, sizeof(*r->sentences));
	r->n_hits =
	    asked->n_hits < KB_READING_HITS ? asked->n_hits : KB_READING_HITS;
	for (size_t i = 0; i < r->n_hits; i++)
		read_hit(reader, arena, r, i, seen);
	kb_form_release(&r->question);
}
