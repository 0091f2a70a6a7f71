#include <math.h>
#include <string.h>
#include <strings.h>

#include "answer/lexicon/cohyponyms.h"
#include "answer/lexicon/named_range.h"
#include "base/ascii.h"
#include "base/utf8.h"
#include "relevance/lacking.h"
#include "relevance/relevance_weights.h"
#include "text/fold.h"
#include "text/script.h"
#include "text/words.h"

#define HAN_BYTES 3
#define SPELLED_OUT                                                  \
	(4 * HAN_BYTES)	   /* between two characters of a short form \
			    */
#define LOOKED_BYTES 16384 /* of a passage or a sentence for each claim */
#define COHYPONYMS   64	   /* of a text are looked at */

/* Verbs of one character: 看 of "能看多远" says little of the thing. */
static const char verbs[] =
    "看带打说买用换拿放装送付给交寄收查退修开关走坐吃喝住玩听读写做办领抵省赚"
    "卖租借还存取转充扣拆洗擦摔碰坏碎断停跑飞等算叫找选试穿戴耗凭含配享限报显提"
    "发出到";

bool kb_lacking_acts(struct kb_str word)
{
	return word.len >= HAN_BYTES &&
	       kb_str_has(kb_str_of(verbs),
			  (struct kb_str){word.ptr, HAN_BYTES});
}

/* The sentence with the one before it. */
static struct kb_str window_text(const struct kb_prepared *ev, uint32_t holder)
{
	const struct kb_prepared_sentence *s = &ev->sentences[holder];
	uint32_t start = s->start;

	if (s->title)
		return (struct kb_str){"", 0};
	if (holder && s[-1].hit == s->hit && !s[-1].title)
		start = s[-1].start;
	start = s->end - start > LOOKED_BYTES ? s->start : start;
	return (struct kb_str){ev->texts[s->hit].ptr + start,
			       kb_utf8_cut(ev->texts[s->hit].ptr + start,
					   s->end - start, LOOKED_BYTES)};
}

/* What stands behind a word: a character, or the first letters of another. */
static struct kb_str place_of(struct kb_str text, size_t end)
{
	while (end < text.len && text.ptr[end] == ' ')
		end++;
	if (text.len - end < KB_COHYPONYM_PLACE)
		return (struct kb_str){"", 0};
	return (struct kb_str){text.ptr + end, KB_COHYPONYM_PLACE};
}

static bool is_same_place(struct kb_str a, struct kb_str b)
{
	return a.len && a.len == b.len && !strncasecmp(a.ptr, b.ptr, a.len);
}

/* Does a Chinese place stand at the head of a clause? It is of any kind. */
static bool stands_bare(struct kb_str text, struct kb_str place)
{
	for (size_t i = 0; place.len && i + place.len <= text.len; i++) {
		size_t before = i;
		uint32_t cp;

		if (memcmp(text.ptr + i, place.ptr, place.len) ||
		    (unsigned char)*place.ptr < 0x80)
			continue;
		while (before && (text.ptr[--before] & 0xc0) == 0x80)
			;
		kb_utf8_next(text.ptr + before, i - before, &cp);
		if (before == i ||
		    !(kb_is_han(cp) || (cp < 0x80 && kb_is_alnum((char)cp))))
			return true;
	}
	return false;
}

/* Has the window a word that excludes the one of the question? */
static bool has_other(const struct kb_relevance *r,
		      const struct kb_cohyponym *word,
		      const struct kb_cohyponym *asked, size_t n_asked,
		      struct kb_str window)
{
	struct kb_cohyponym found[COHYPONYMS];
	size_t n = kb_cohyponyms_find(window, found, COHYPONYMS);
	struct kb_str place = place_of(r->form.folded, word->end);
	bool in_place = kb_cohyponym_in_place(word->class);

	if (in_place && stands_bare(window, place))
		return false;
	for (size_t i = 0; i < n; i++)
		if (found[i].class == word->class &&
		    !kb_cohyponyms_have(asked, n_asked, &found[i]) &&
		    (!in_place ||
		     is_same_place(place, place_of(window, found[i].end))))
			return true;
	return false;
}

/* Does a word of the text begin as this one? "Unfolded" is not "folded". */
static bool has_word(struct kb_str text, struct kb_str word)
{
	const char *at = text.ptr, *end = text.ptr + text.len;

	while ((at = memmem(at, (size_t)(end - at), word.ptr, word.len))) {
		if (at == text.ptr || !kb_is_letter(*word.ptr) ||
		    !kb_is_letter(at[-1]))
			return true;
		at++;
	}
	return false;
}

/* Has the text the word, or another one for the same? 多高 is there as 高. */
static bool names(struct kb_str text, struct kb_str word,
		  const struct kb_cohyponym *of)
{
	struct kb_cohyponym found[COHYPONYMS];
	size_t n = kb_cohyponyms_find(text, found, COHYPONYMS);
	bool inside = false; /* another one may be: 拆封 in 未拆封 */

	if (kb_starts(word.ptr, word.len, "多"))
		word = kb_str_skip(word, HAN_BYTES);
	if (kb_cohyponyms_have(found, n, of))
		return true;
	for (size_t i = 0; i < n; i++)
		inside |=
		    found[i].class == of->class &&
		    kb_str_has((struct kb_str){text.ptr + found[i].start,
					       found[i].end - found[i].start},
			       word);
	return !inside && has_word(text, word);
}

/* Which of the words the passage does not name, looked for once. */
static uint64_t unnamed(const struct kb_relevance *r,
			const struct kb_cohyponym *asked, size_t n,
			uint32_t hit)
{
	struct kb_relevance_likes *likes = r->likes[hit];

	for (size_t i = 0; !likes->looked && i < n; i++) {
		struct kb_str text = {r->form.folded.ptr + asked[i].start,
				      asked[i].end - asked[i].start};

		if (!names(r->evidence->texts[hit], text, &asked[i]) &&
		    !names(r->evidence->titles[hit], text, &asked[i]))
			likes->unnamed |= 1ull << i;
	}
	likes->looked = true;
	return likes->unnamed;
}

/* The first word of the question that its passage does not name and what the
 * sentence speaks of excludes; len 0 for none. */
static struct kb_str cohyponym(const struct kb_relevance *r, uint32_t holder)
{
	const struct kb_prepared *ev = r->evidence;
	struct kb_str window, passage = ev->texts[ev->sentences[holder].hit];
	struct kb_cohyponym asked[COHYPONYMS];
	uint64_t missing;
	size_t n;

	if (r->form.kind == KB_WANTED_YES_NO)
		return (struct kb_str){"", 0};
	window = window_text(ev, holder);
	passage.len = kb_utf8_cut(passage.ptr, passage.len, LOOKED_BYTES);
	n = kb_cohyponyms_find(r->form.folded, asked, COHYPONYMS);
	missing = unnamed(r, asked, n, ev->sentences[holder].hit);
	for (; missing; missing &= missing - 1) {
		const struct kb_cohyponym *word =
		    &asked[__builtin_ctzll(missing)];

		if (kb_cohyponym_alone(word->class) ||
		    has_other(r, word, asked, n, window))
			return (struct kb_str){r->form.folded.ptr + word->start,
					       word->end - word->start};
	}
	return kb_named_missing(r->form.folded, window, passage);
}

static struct kb_str word_of(const struct kb_relevance *r,
			     const struct kb_cohyponym *asked)
{
	return (struct kb_str){r->form.folded.ptr + asked->start,
			       asked->end - asked->start};
}

struct kb_str kb_lacking_contrast(const struct kb_relevance *r,
				  struct kb_str clause, struct kb_str title)
{
	struct kb_cohyponym asked[COHYPONYMS];
	size_t n = 0,
	       all = kb_cohyponyms_find(r->form.folded, asked, COHYPONYMS);

	/* what the title names is said of all cases: a folding phone's */
	for (size_t i = 0; i < all; i++)
		if (!names(title, word_of(r, &asked[i]), &asked[i]))
			asked[n++] = asked[i];
	for (size_t i = 0; i < n; i++)
		if (!names(clause, word_of(r, &asked[i]), &asked[i]) &&
		    has_other(r, &asked[i], asked, n, clause))
			return word_of(r, &asked[i]);
	return (struct kb_str){"", 0};
}

/* ---- before the same word ---- */

/* Does a word that the question has not stand right before the token, in one
 * phrase with it? groups: of synonyms, of which it is none. */
static bool has_word_before(const struct kb_relevance *r, uint32_t token,
			    unsigned groups)
{
	const struct kb_prepared_token *t = &r->evidence->tokens[token];

	return token && t[-1].sentence == t->sentence &&
	       t->start - t[-1].end <= 1 && t[-1].weight >= CONTENT_TOKEN &&
	       !kb_map_get(&r->bits, t[-1].key) &&
	       !(groups &&
		 kb_form_groups(
		     &r->form,
		     kb_text_fold(r->arena, kb_prepared_token_text(
						r->evidence, token - 1))) &
		     groups);
}

/* Has the sentence, or the title above it, the unit, and always with something
 * else before it? A Chinese character only with the one behind it. */
static bool has_other_before(const struct kb_relevance *r, size_t unit,
			     unsigned groups, uint32_t holder)
{
	const struct kb_prepared *ev = r->evidence;
	const struct kb_occurrence *o = kb_prepared_find(ev, r->keys[unit]);
	bool is_han = r->form.units[r->of[unit]].is_han, some = false;

	for (; o; o = kb_prepared_next(ev, o)) {
		const struct kb_prepared_token *t = &ev->tokens[o->token];
		const struct kb_prepared_sentence *s =
		    &ev->sentences[t->sentence];

		if (t->sentence != holder &&
		    !(s->title && s->hit == ev->sentences[holder].hit))
			continue;
		if (is_han &&
		    (unit + 1 >= r->n_units || o->token + 1 >= ev->n_tokens ||
		     t[1].key != r->keys[unit + 1]))
			continue;
		if (!has_word_before(r, o->token, groups))
			return false;
		some = true;
	}
	return some;
}

/* Does the text spell the Chinese word out: 文化大革命 for 文革? */
static bool spells_out(struct kb_str text, struct kb_str word)
{
	for (size_t i = 0; i + word.len <= text.len; i++) {
		size_t k = 0, last = i;

		for (size_t at = i;
		     at + HAN_BYTES <= text.len && k + HAN_BYTES <= word.len &&
		     at <= last + SPELLED_OUT;
		     at++)
			if (!memcmp(text.ptr + at, word.ptr + k, HAN_BYTES)) {
				k += HAN_BYTES;
				last = at;
				at += HAN_BYTES - 1;
			} else if (!k) {
				break;
			}
		if (k >= HAN_BYTES && k + HAN_BYTES > word.len)
			return true;
	}
	return false;
}

/* Is one of the units of a phrase that asks, or names a class? */
static bool asks(const struct kb_relevance *r, size_t first, size_t last)
{
	for (size_t i = first; i <= last; i++)
		if (r->form.units[r->of[i]].asks ||
		    r->form.units[r->of[i]].class_word)
			return true;
	return false;
}

/* What the passage lacks of a unit before another one. A synonym elsewhere is
 * none there: "refund" for the credit of a credit card. */
static double gone(const struct kb_relevance *r, size_t i, uint32_t hit,
		   const double *lack)
{
	const struct kb_form_unit *u = &r->form.units[r->of[i]];

	return !u->is_han && u->groups && !(r->passage[hit] >> i & 1)
		   ? fmax(lack[i], r->full[i])
		   : lack[i];
}

/* The first run of missing units that weighs enough to be a word, before one
 * that has another word before it. */
static struct kb_str modifier(const struct kb_relevance *r, uint32_t holder,
			      const double *lack)
{
	const struct kb_form_unit *u = r->form.units;
	uint32_t hit = r->evidence->sentences[holder].hit;
	struct kb_str text = r->evidence->texts[hit];
	double sum = 0, one;
	struct kb_polar polar;
	struct kb_str word;
	size_t first = 0;

	text.len = kb_utf8_cut(text.ptr, text.len, LOOKED_BYTES);
	for (size_t i = 0; i + 1 < r->n_units; i++) {
		if (!(sum > 0))
			first = i;
		one = gone(r, i, hit, lack);
		sum = one > 0 ? sum + one : 0;
		if (!(r->runs >> i & 1)) {
			sum = 0;
			continue;
		}
		if (sum < RIVAL_NAMED || lack[i + 1] > 0 || asks(r, first, i) ||
		    !has_other_before(r, i + 1, u[r->of[i]].groups, holder))
			continue;
		word.ptr = r->form.folded.ptr + u[r->of[first]].start;
		word.len = u[r->of[i]].end - u[r->of[first]].start;
		/* 没拆封 is 未拆封 */
		if (kb_polarity_find(word.ptr, word.len, &polar, 1) &&
		    polar.group == KB_POLAR_NEGATION)
			continue;
		if (!u[r->of[first]].is_han ||
		    (!kb_lacking_acts(word) && !spells_out(text, word)))
			return word;
	}
	return (struct kb_str){"", 0};
}

static bool is_in_passage(const struct kb_prepared *ev, uint32_t hit,
			  uint64_t before, uint64_t key)
{
	const struct kb_occurrence *o = kb_prepared_find(ev, key);

	for (; o; o = kb_prepared_next(ev, o))
		if (o->token && ev->tokens[o->token - 1].key == before &&
		    ev->sentences[ev->tokens[o->token].sentence].hit == hit)
			return true;
	return false;
}

/* The first word of the question before one that the sentence has with another
 * word before it, where the passage has the two elsewhere: "private lessons",
 * of a sentence on group lessons. */
static struct kb_str other_modifier(const struct kb_relevance *r,
				    uint32_t holder)
{
	const struct kb_form_unit *u = r->form.units;
	uint32_t hit = r->evidence->sentences[holder].hit;

	for (size_t i = 0; i + 1 < r->n_units; i++) {
		const struct kb_form_unit *word = &u[r->of[i]];
		const struct kb_form_unit *head = &u[r->of[i + 1]];

		if (word->is_han ||
		    kb_stop_word(r->form.folded.ptr + head->start,
				 head->end - head->start) ||
		    word->aside || !(r->runs >> i & 1) ||
		    r->own[holder] >> i & 1 ||
		    !(r->own[holder] >> (i + 1) & 1) || asks(r, i, i) ||
		    !is_in_passage(r->evidence, hit, r->keys[i],
				   r->keys[i + 1]) ||
		    !has_other_before(r, i + 1, 0, holder))
			continue;
		return (struct kb_str){r->form.folded.ptr + word->start,
				       word->end - word->start};
	}
	return (struct kb_str){"", 0};
}

/* Of a case that the passage comes to only behind the sentence: at night, in a
 * text that has said before what is so by day. */
static struct kb_str later_case(const struct kb_relevance *r, uint32_t holder)
{
	const struct kb_prepared *ev = r->evidence;
	const struct kb_prepared_sentence *s = &ev->sentences[holder];
	struct kb_cohyponym asked[COHYPONYMS];
	size_t n;
	struct kb_str before, behind;

	if (s->title || r->form.kind == KB_WANTED_YES_NO)
		return (struct kb_str){"", 0};
	before = (struct kb_str){ev->texts[s->hit].ptr,
				 s->end < LOOKED_BYTES ? s->end : LOOKED_BYTES};
	behind = kb_str_skip(ev->texts[s->hit], s->end);
	behind.len = kb_utf8_cut(behind.ptr, behind.len, LOOKED_BYTES);
	n = kb_cohyponyms_find(r->form.folded, asked, COHYPONYMS);
	for (size_t i = 0; i < n; i++) {
		struct kb_str word = word_of(r, &asked[i]);

		if (kb_cohyponym_is_case(asked[i].class) &&
		    names(behind, word, &asked[i]) &&
		    !names(before, word, &asked[i]) &&
		    !names(ev->titles[s->hit], word, &asked[i]))
			return word;
	}
	return (struct kb_str){"", 0};
}

#define EXCEPTION_NEAR 32 /* sentences to either side are looked at */
#define REFUSALS       16 /* words of polarity of one */
#define OPENING	       3  /* tokens */

static bool refuses(struct kb_str text)
{
	struct kb_polar polars[REFUSALS];
	size_t n = kb_polarity_find(text.ptr, text.len, polars, REFUSALS);

	for (size_t i = 0; i < n; i++)
		if (kb_polar_refuses(&polars[i]))
			return true;
	return false;
}

/* Weight of the units that are content of their own. */
static double content_of(const struct kb_relevance *r, uint64_t units)
{
	double sum = 0;

	for (; units; units &= units - 1) {
		size_t i = (size_t)__builtin_ctzll(units);
		const struct kb_form_unit *u = &r->form.units[r->of[i]];

		if (!u->asks && !u->aside && !u->class_word)
			sum += r->full[i];
	}
	return sum;
}

/* Does the sentence open with one of the units? */
static bool opens_with(const struct kb_relevance *r,
		       const struct kb_prepared_sentence *s, uint64_t units)
{
	for (uint32_t i = s->first;
	     i < s->first + s->n && i < s->first + OPENING; i++) {
		const uint64_t *bits =
		    kb_map_get(&r->bits, r->evidence->tokens[i].key);

		if (bits && *bits & units)
			return true;
	}
	return false;
}

/* Of what another sentence of the passage takes out of this: "flash sales are
 * not protected", where it is asked how long a flash sale's price is. */
static struct kb_str taken_out(const struct kb_relevance *r, uint32_t holder)
{
	const struct kb_prepared *ev = r->evidence;
	const struct kb_prepared_sentence *s = ev->sentences;
	uint32_t hit = s[holder].hit, i = holder;

	if (s[holder].title || r->form.kind == KB_WANTED_YES_NO ||
	    refuses((struct kb_str){ev->texts[hit].ptr + s[holder].start,
				    s[holder].end - s[holder].start}))
		return (struct kb_str){"", 0};
	while (i && s[i - 1].hit == hit && holder - i < EXCEPTION_NEAR)
		i--;
	for (; i < ev->n_sentences && s[i].hit == hit &&
	       i < holder + EXCEPTION_NEAR;
	     i++) {
		uint64_t more = r->own[i] & ~r->window[holder];

		if (s[i].title || i == holder ||
		    content_of(r, more) < TAKEN_OUT ||
		    !opens_with(r, &s[i], more) ||
		    !(content_of(r, r->own[i] & r->own[holder]) > 0) ||
		    !refuses((struct kb_str){ev->texts[hit].ptr + s[i].start,
					     s[i].end - s[i].start}))
			continue;
		return kb_lacking_units(r, more);
	}
	return (struct kb_str){"", 0};
}

struct kb_str kb_lacking_excluded(const struct kb_relevance *r, uint32_t holder,
				  const double *lack)
{
	struct kb_str word = cohyponym(r, holder);

	if (!word.len)
		word = modifier(r, holder, lack);
	if (!word.len)
		word = other_modifier(r, holder);
	if (!word.len)
		word = later_case(r, holder);
	return word.len ? word : taken_out(r, holder);
}
