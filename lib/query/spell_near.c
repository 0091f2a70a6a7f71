#include <stdlib.h>

#include "base/num.h"
#include "query/common_words.h"
#include "query/spell_impl.h"
#include "query/spell_weights.h"
#include "query/term_lookup.h"

#define EDITS_MAX  2  /* between a word and what it is put right to */
#define CANDIDATES 32 /* words of the index, of each that is tried */
#define DEAD_RUN   12 /* words passed one by one before a jump */
#define ROWS	   (KB_SPELL_LETTERS + EDITS_MAX + 2)
#define FAR	   100 /* more edits than any word has letters */
#define COMPARED   4   /* candidates whose passages are looked at */
#define FORMS	   64  /* words looked at for the forms of a stem */

struct candidate {
	struct kb_str text;
	unsigned distance; /* doubled; a changed first letter is one more */
	bool stands;	   /* in a text so, not only as a stem */
	uint64_t stem, df; /* key of the stem and what it occurs in */
};

/*
 * A walk over the sorted words of a segment with one row of the distance
 * matrix for each letter of the current word. A beginning whose row has
 * nothing within 'max' is dead, and with it every word that begins so.
 */
struct near {
	struct kb_str word;
	unsigned max;
	bool same_first; /* only words with the same first letter */
	unsigned char rows[ROWS][KB_SPELL_LETTERS + 1];
	unsigned char text[ROWS];
	size_t depth; /* letters whose rows are known */
	size_t dead;  /* length of a dead beginning, 0: none */
	size_t passed;
	bool jump;
	struct kb_arena *arena;
	struct candidate found[CANDIDATES];
	size_t n;
};

/* Row i + 1, after letter i was set, within 'max' of the diagonal; returns
 * its least value. */
static unsigned fill_row(struct near *near, size_t i)
{
	const unsigned char *q = (const unsigned char *)near->word.ptr;
	const unsigned char *w = near->text;
	unsigned char *row = near->rows[i + 1], *above = near->rows[i];
	size_t from = i + 1 > near->max ? i + 1 - near->max : 1;
	size_t to = i + 1 + near->max;
	unsigned best = FAR;

	row[0] = (unsigned char)(i + 1);
	if (from > 1 && from <= near->word.len + 1)
		row[from - 1] = FAR;
	else
		best = row[0];
	for (size_t j = from; j <= to && j <= near->word.len; j++) {
		unsigned d = above[j - 1] + (unsigned)(q[j - 1] != w[i]);

		d = kb_least(d, row[j - 1] + 1u);
		if (j < to)
			d = kb_least(d, above[j] + 1u);
		if (i && j > 1 && q[j - 1] == w[i - 1] && q[j - 2] == w[i])
			d = kb_least(d, near->rows[i - 1][j - 2] + 1u);
		row[j] = (unsigned char)kb_least(d, FAR);
		best = kb_least(best, d);
	}
	return best;
}

/* Two errors do not fall on both ends of a word, and a pair such as
 * stations and stating is two words. */
static bool ends_differ(const struct near *near, struct kb_str text)
{
	return near->max > 1 &&
	       (text.ptr[0] != near->word.ptr[0] ||
		text.ptr[text.len - 1] != near->word.ptr[near->word.len - 1]);
}

static void keep(struct near *near, struct kb_str text, unsigned distance,
		 bool exact)
{
	unsigned d = 2 * distance + (text.ptr[0] != near->word.ptr[0]);

	for (size_t i = 0; i < near->n; i++)
		if (kb_str_eq(near->found[i].text, text)) {
			near->found[i].stands |= exact;
			return;
		}
	if (near->n < CANDIDATES)
		near->found[near->n++] =
		    (struct candidate){.text = kb_arena_copy(near->arena, text),
				       .distance = d,
				       .stands = exact};
}

static bool visit(void *arg, struct kb_str text, uint64_t key)
{
	struct near *near = arg;
	size_t i = 0, len = near->word.len;

	while (i < near->depth && i < text.len &&
	       near->text[i] == (unsigned char)text.ptr[i])
		i++;
	if (near->dead && i >= near->dead) {
		near->jump = ++near->passed >= DEAD_RUN;
		return !near->jump;
	}
	near->dead = near->passed = 0;
	if (near->same_first && text.len && text.ptr[0] != near->word.ptr[0])
		return false;
	for (; i < text.len; i++) {
		near->text[i] = (unsigned char)text.ptr[i];
		near->depth = i + 1;
		if (fill_row(near, i) > near->max || i >= len + near->max) {
			near->dead = i + 1;
			return true;
		}
	}
	near->depth = text.len;
	if (text.len + near->max >= len &&
	    near->rows[text.len][len] <= near->max &&
	    kb_term_class(key) != KB_TERM_CODE &&
	    kb_term_class(key) != KB_TERM_USER && !ends_differ(near, text))
		keep(near, text, near->rows[text.len][len],
		     kb_term_class(key) == KB_TERM_EXACT);
	return true;
}

/* Do they part only at the end, as forms of a word do in a language whose
 * endings are not known? Letters beyond ASCII have two bytes. */
static bool inflected(struct kb_str a, struct kb_str b)
{
	size_t same = 0, len = a.len < b.len ? b.len : a.len;
	size_t tail =
	    (unsigned char)a.ptr[a.len - 1] < 0x80 ? ENDING : 2 * ENDING;

	while (same < a.len && same < b.len && a.ptr[same] == b.ptr[same])
		same++;
	if (same + tail < len)
		return false;
	if (a.len == b.len && same + 2 <= len &&
	    a.ptr[same] == b.ptr[same + 1] && a.ptr[same + 1] == b.ptr[same])
		return false; /* two swapped are no ending */
	/* neither is a letter struck twice */
	return !same || a.len != b.len + 1 || a.ptr[same] != a.ptr[same - 1];
}

/* Has it one more letter at the end? Who strikes a letter too many strikes the
 * same twice, or a neighbour of it within; crypto is not crypt, nor is Malaccan
 * Malacca. */
static bool derived(struct kb_str word, struct kb_str from)
{
	return word.len == from.len + 1 &&
	       !memcmp(word.ptr, from.ptr, from.len) &&
	       word.ptr[from.len] != word.ptr[from.len - 1];
}

static void walk_words(struct near *near, const struct kb_segment *seg)
{
	char from[ROWS];
	size_t len = near->same_first;

	near->depth = near->dead = near->passed = 0;
	for (size_t j = 0; j <= near->word.len; j++)
		near->rows[0][j] = (unsigned char)j;
	from[0] = near->word.ptr[0];
	do {
		near->jump = false;
		kb_segment_words(seg, (struct kb_str){from, len}, visit, near);
		/* what comes after the dead beginning; no byte of UTF-8 is
		 * 0xff, and a damaged dictionary ends the walk */
		len = near->dead;
		memcpy(from, near->text, len);
		if (!len || (unsigned char)from[len - 1] == 0xff)
			return;
		from[len - 1]++;
	} while (near->jump);
}

/* ---- what stands in a text ---- */

struct forms {
	const struct kb_spell *spell;
	struct kb_str stem;
	uint64_t key, df; /* of the forms found */
	size_t left;	  /* words that are still looked at */
};

static bool add_form(void *arg, struct kb_str text, uint64_t key)
{
	struct forms *forms = arg;
	const struct kb_terms *terms = forms->spell->scratch;
	size_t same = forms->stem.len - 1;

	if (!forms->left || text.len < same ||
	    memcmp(text.ptr, forms->stem.ptr, same) != 0)
		return false;
	forms->left--;
	if (kb_term_class(key) != KB_TERM_EXACT)
		return true;
	kb_terms_reset(forms->spell->scratch);
	kb_analyze(forms->spell->analyzer, text.ptr, text.len,
		   forms->spell->scratch);
	if (terms->n && terms->items[0].key == forms->key)
		forms->df += kb_scope_frequency(forms->spell->scope, key);
	return true;
}

/*
 * Does a stem stand in a text as a word of its own? The dictionary names the
 * other forms of a stem; a passage more than they have holds the stem itself.
 */
static bool stands_alone(const struct kb_spell *spell, struct kb_str stem,
			 uint64_t key)
{
	struct forms forms = {spell, stem, key, 0, 0};
	struct kb_str from = {stem.ptr, stem.len - 1};

	for (size_t i = 0; i < spell->scope->n; i++) {
		forms.left = FORMS;
		kb_segment_words(spell->scope->segments[i].segment, from,
				 add_form, &forms);
		if (!forms.left)
			return false;
	}
	return forms.df < kb_scope_frequency(spell->scope, key);
}

/* Stem and frequency of each candidate; those of one stem become one. */
static void join_stems(const struct kb_spell *spell, struct near *near)
{
	size_t kept = 0;

	for (size_t i = 0; i < near->n; i++) {
		struct candidate c = near->found[i];
		size_t j = 0;

		kb_terms_reset(spell->scratch);
		kb_analyze(spell->analyzer, c.text.ptr, c.text.len,
			   spell->scratch);
		if (spell->scratch->length != 1)
			continue;
		c.stem = spell->scratch->items[0].key;
		for (size_t k = 0; k < spell->scratch->n; k++)
			if (kb_term_class(spell->scratch->items[k].key) ==
			    KB_TERM_WORD)
				c.stem = spell->scratch->items[k].key;
		c.df = kb_scope_frequency(spell->scope, c.stem);
		if (!c.stands && !kb_common_word(c.text) &&
		    !stands_alone(spell, c.text, c.stem))
			continue;
		if (inflected(near->word, c.text) && !kb_common_word(c.text))
			continue;
		if (derived(near->word, c.text))
			continue;
		while (j < kept && near->found[j].stem != c.stem)
			j++;
		if (j == kept)
			near->found[kept++] = c;
		else if (c.distance < near->found[j].distance)
			near->found[j] = c;
	}
	near->n = kept;
}

static bool better(const struct candidate *a, const struct candidate *b)
{
	if (a->distance != b->distance)
		return a->distance < b->distance;
	if (a->df != b->df)
		return a->df > b->df;
	return kb_str_cmp(a->text, b->text) < 0;
}

static int by_likelihood(const void *a, const void *b)
{
	return better(a, b) ? -1 : better(b, a);
}

/*
 * The candidate that is nearest, and commoner than the next by a factor; or
 * else, of the first of the nearest, the one that stands with more of what is
 * asked.
 */
static const struct candidate *clear_winner(const struct kb_spell *spell,
					    struct near *near)
{
	const struct candidate *found = near->found, *best = found;
	double most = 0, second = 0;

	qsort(near->found, near->n, sizeof(*found), by_likelihood);
	if (!near->n || !found->df)
		return NULL;
	if (near->n == 1 || found[1].distance != found->distance)
		return found;
	for (size_t i = 0; i < near->n && i < COMPARED &&
			   found[i].distance == found->distance;
	     i++) {
		double share =
		    spell->borne_out(spell->arg, near->word, found[i].stem);

		if (share > most) {
			second = most;
			most = share;
			best = &found[i];
		} else if (share > second) {
			second = share;
		}
	}
	if (most >= second + CLEAR_CONTEXT)
		return best;
	return (double)found->df < CLEAR_WORD * (double)found[1].df ? NULL
								    : found;
}

/* Three letters in a row that English has not, in its names either? */
static bool unpronounceable(struct kb_str word)
{
	char text[KB_SPELL_LETTERS + 2];

	text[0] = text[word.len + 1] = ' ';
	memcpy(text + 1, word.ptr, word.len);
	for (size_t i = 0; i < word.len; i++) {
		bool foreign = false;

		for (size_t j = i; j < i + 3; j++)
			foreign |= (unsigned char)text[j] >= 0x80;
		if (!foreign && !kb_common_letters(text + i))
			return true;
	}
	return false;
}

/*
 * Is the word more likely to be meant for that one than to be one that is not
 * known? One edit behind the first letter says so in a long word, or when it
 * makes a word of everyday language of one that is longer than the least, or
 * has letters as no word has. A name must have letters that no name has, or
 * both. Else it takes a passage that holds with it what is asked beside.
 */
static bool is_sure(const struct kb_spell *spell, struct kb_str word, bool name,
		    const struct candidate *best)
{
	bool is_long = word.len >= LEN_LONG;
	bool everyday = kb_common_word(best->text);
	bool odd = unpronounceable(word);

	if (word.len < LEN_SURE && (!everyday || best->distance != 2))
		return false;
	if (best->distance <= 2 &&
	    (name ? odd || (is_long && everyday)
		  : is_long || (everyday && (odd || word.len > LEN_SURE))))
		return true;
	return spell->borne_out(spell->arg, word, best->stem) >= BORNE_OUT;
}

bool kb_spell_near(const struct kb_spell *spell, struct kb_str word, bool name,
		   struct kb_str *to)
{
	struct near *near = kb_arena_alloc(spell->arena, sizeof(*near));
	const struct candidate *best = NULL;

	for (unsigned max = 1; max <= (word.len < LEN_LONG ? 1 : EDITS_MAX);
	     max++) {
		near->word = word;
		near->max = max;
		near->same_first = max > 1;
		near->arena = spell->arena;
		near->n = 0;
		for (size_t i = 0; i < spell->scope->n; i++)
			walk_words(near, spell->scope->segments[i].segment);
		join_stems(spell, near);
		if (near->n)
			break;
	}
	best = clear_winner(spell, near);
	if (!best || !is_sure(spell, word, name, best))
		return false;
	*to = best->text;
	return true;
}
