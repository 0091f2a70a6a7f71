#include <math.h>

#include "query/common_words.h"
#include "query/spell_impl.h"
#include "query/spell_weights.h"
#include "query/term_lookup.h"
#include "text/han.h"

#define HAN_MAX 256 /* characters of a question that are looked at */

struct han {
	uint32_t cp, start, end;
	bool joined; /* to the one before */
};

/* So frequent in questions, and so much rarer in what answers them, that a
 * pair without a match says nothing. */
static const uint16_t small_words[] = {
    0x4e00, 0x4e0d, 0x4e2a, 0x4e3a, 0x4e48, 0x4e4b, 0x4e86, 0x4e8e, 0x4eba,
    0x4ec0, 0x4ed6, 0x4ee5, 0x4eec, 0x4f55, 0x4f60, 0x505a, 0x5176, 0x51e0,
    0x5230, 0x5417, 0x5427, 0x548c, 0x54ea, 0x5440, 0x5462, 0x554a, 0x5728,
    0x591a, 0x5927, 0x5979, 0x5b83, 0x5bf9, 0x5c11, 0x5f97, 0x600e, 0x60a8,
    0x6211, 0x662f, 0x6709, 0x6837, 0x6b21, 0x7684, 0x7740, 0x800c, 0x80fd,
    0x88ab, 0x8981, 0x8c01, 0x8fd8, 0x8fd9, 0x90a3, 0x90fd,
};

static bool is_small(uint32_t cp)
{
	for (size_t i = 0; i < sizeof(small_words) / sizeof(*small_words); i++)
		if (small_words[i] == cp)
			return true;
	return false;
}

static size_t collect_han(const struct kb_terms *terms, struct han *out)
{
	size_t n = 0;

	for (size_t i = 0; i < terms->n && n < HAN_MAX; i++) {
		const struct kb_term *t = &terms->items[i];

		if (kb_term_class(t->key) != KB_TERM_HAN1)
			continue;
		out[n] = (struct han){(uint32_t)(t->key & 0xffffff), t->start,
				      t->end, n && out[n - 1].end == t->start};
		n++;
	}
	return n;
}

/* Of the pairs a character makes with its neighbours. */
struct fit {
	bool holes;   /* one of them occurs nowhere */
	double score; /* sum of the logarithms of what they occur in */
	double lift;  /* most: how much oftener together than by chance */
	uint64_t df;  /* of that pair */
};

static void add_pair(const struct kb_scope *scope, uint32_t first,
		     uint32_t second, struct fit *fit)
{
	uint64_t df = kb_scope_frequency(scope, kb_term_han2(first, second));
	double chance, lift;

	if (!df) {
		fit->holes = true;
		return;
	}
	chance = (double)kb_scope_frequency(scope, kb_term_han1(first)) *
		 (double)kb_scope_frequency(scope, kb_term_han1(second)) /
		 (double)(scope->total_length + 1);
	lift = (double)df / (chance > 0 ? chance : 1);
	fit->score += log(1 + (double)df);
	if (lift > fit->lift) {
		fit->lift = lift;
		fit->df = df;
	}
}

/* before and after are 0 where there is none. */
static struct fit fit_of(const struct kb_scope *scope, uint32_t before,
			 uint32_t cp, uint32_t after)
{
	struct fit fit = {.holes = false};

	if (before)
		add_pair(scope, before, cp, &fit);
	if (after)
		add_pair(scope, cp, after, &fit);
	return fit;
}

/* Is the character part of a Chinese word, with a neighbour? */
static bool in_word(uint32_t before, uint32_t cp, uint32_t after)
{
	return (before && kb_common_pair(before, cp)) ||
	       (after && kb_common_pair(cp, after));
}

static bool correct_han(const struct kb_spell *spell, uint32_t before,
			const struct han *at, uint32_t after, struct kb_str *to)
{
	unsigned syllable = kb_pinyin_syllable(at->cp);
	double best = 0, next = 0;
	uint32_t winner = 0;
	char *text;

	for (uint32_t cp = KB_HAN_FIRST; cp <= KB_HAN_LAST; cp++) {
		struct fit fit;

		if (kb_han_syllable[cp - KB_HAN_FIRST] != syllable ||
		    cp == at->cp || kb_han_simplify(cp) != cp)
			continue;
		fit = fit_of(spell->scope, before, cp, after);
		if (fit.holes)
			continue;
		if (fit.score > best) {
			next = best;
			best = fit.score;
			winner = fit.df >= PAIR_MIN && fit.lift >= LIFT_WORD
				     ? cp
				     : 0;
		} else if (fit.score > next) {
			next = fit.score;
		}
	}
	if (!winner || best - next < log(CLEAR_HAN))
		return false;
	text = kb_arena_alloc(spell->arena, 8);
	*to =
	    (struct kb_str){text, kb_term_han_text(kb_term_han1(winner), text)};
	return true;
}

void kb_spell_chars(const struct kb_spell *spell,
		    struct kb_spell_changes *changes)
{
	struct han *han = kb_arena_alloc(spell->arena, HAN_MAX * sizeof(*han));
	size_t n = collect_han(spell->terms, han), tried = 0;

	for (size_t i = 0; i < n && tried < KB_SPELL_TRIED; i++) {
		bool right = i + 1 < n && han[i + 1].joined;
		uint32_t before = han[i].joined ? han[i - 1].cp : 0;
		uint32_t after = right ? han[i + 1].cp : 0;
		struct kb_str to;
		struct fit fit;

		if (!kb_pinyin_syllable(han[i].cp) || is_small(han[i].cp))
			continue;
		fit = fit_of(spell->scope, before, han[i].cp, after);
		if (!fit.holes || fit.lift >= LIFT_CHANCE ||
		    in_word(before, han[i].cp, after))
			continue;
		tried++;
		if (kb_spell_quoted(spell, han[i].start, han[i].end))
			continue;
		if (!correct_han(spell, before, &han[i], after, &to))
			continue;
		changes->items[changes->n++] =
		    (struct kb_spell_change){han[i].start, han[i].end, to};
		i++; /* the next one's pair was with the wrong character */
	}
}
