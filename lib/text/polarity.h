/*
 * Words that turn a statement round: negations, pairs of opposites (免费 and
 * 收费, before and after), and what must, may or must not be done. For
 * comparing a claim with its source, in Chinese and English.
 */
#ifndef KB_TEXT_POLARITY_H
#define KB_TEXT_POLARITY_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

enum {
	KB_POLAR_NEGATION, /* not, never, 不, 没有: denies what follows */
	KB_POLAR_MODAL,	   /* side 1 may, 2 must, 3 should, -1 must not */
	KB_POLAR_PAIR,	   /* this and above: a pair of opposites each */
	KB_POLAR_FREE = KB_POLAR_PAIR,	       /* side 1 free, -1 paid for */
	KB_POLAR_SUPPORTED,		       /* -1 not supported */
	KB_POLAR_INCLUDED = KB_POLAR_PAIR + 3, /* -1 left out */
	KB_POLAR_SHARE = KB_POLAR_PAIR + 12,   /* 1 all, -1 some, few, only */
	KB_POLAR_UNLESS = KB_POLAR_PAIR + 37,  /* -1 unless, 1 even if */
};

#define KB_POLAR_PREFIX -2 /* side of a negation that is part of a word: 非 */

struct kb_polar {
	uint32_t start, end; /* bytes of the text */
	uint16_t group;	     /* one of the above */
	int8_t side;	     /* opposites differ; negations are below 0 */
};

/* Does the word deny what it stands beside: not, cannot, 不得? */
static inline bool kb_polar_denies(const struct kb_polar *word)
{
	return word->group == KB_POLAR_NEGATION ||
	       (word->group == KB_POLAR_MODAL && word->side < 0);
}

/* Does it say that there is none of what its clause speaks of: not, cannot, not
 * supported, sold separately? */
static inline bool kb_polar_refuses(const struct kb_polar *word)
{
	return kb_polar_denies(word) ||
	       (word->side < 0 && (word->group == KB_POLAR_SUPPORTED ||
				   word->group == KB_POLAR_INCLUDED));
}

/* Is it of a group whose words relate two things, so that they say the same
 * when those change places: before and after, above and below, all and only? */
bool kb_polar_relates(unsigned group);

/* Is it of a group of places and days, so that a negation before it denies what
 * is done there: "not carried on weekdays"? */
bool kb_polar_is_noun(unsigned group);

/* Up to max of them, in order, without overlap, the longest first; returns
 * their number. Words such as 不但, 不同 or 非常 are no negations. */
size_t kb_polarity_find(const char *text, size_t len, struct kb_polar *out,
			size_t max);

/* Those that begin in [from, to) of the text, where a sentence begins at
 * 'from': no word goes over its beginning. */
size_t kb_polarity_find_in(const char *text, size_t len, size_t from, size_t to,
			   struct kb_polar *out, size_t max);

#endif
