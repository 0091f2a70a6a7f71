#include "relevance/lacking.h"

#include <math.h>
#include <strings.h>
#ifdef __SSE2__
#include <emmintrin.h>
#endif

#include "answer/cues.h"
#include "answer/lexicon/answer_class.h"
#include "answer/lexicon/named_range.h"
#include "base/ascii.h"
#include "base/utf8.h"
#include "quantity/quantity.h"
#include "query/common_words.h"
#include "relevance/relevance_weights.h"
#include "text/fold.h"
#include "text/synonym.h"
#include "text/words.h"

#define HAN_BYTES 3

struct lacking {
	double most;   /* weight of the longest run of words that is missing; a
			* word weighs 1 */
	double share;  /* of the question that is missing */
	double window; /* ... in the sentence, the one before and the title */
	struct kb_str thing;	/* a name or code that is missing, as written */
	struct kb_str number;	/* a number that is; of the folded question */
	bool sister;		/* another of the number's kind is there */
	struct kb_str excluded; /* a word that another one excludes */
	bool has_things, has_numbers;
	bool elsewhere;	       /* the index has the thing */
	struct kb_missing run; /* what the longest run is */
};

/* ---- words ---- */

/* Does a passage hold the token, behind the one before it where it has one? */
static bool holds(const struct kb_prepared *ev, uint32_t hit, uint64_t before,
		  uint64_t key)
{
	const struct kb_occurrence *o = kb_prepared_find(ev, key);

	for (; o; o = kb_prepared_next(ev, o)) {
		const struct kb_prepared_token *t = &ev->tokens[o->token];

		if (ev->sentences[t->sentence].hit != hit)
			continue;
		if (!before || (o->token && t[-1].key == before))
			return true;
	}
	return false;
}

/* The next place from i on of an ASCII letter of lower case, in either case;
 * text.len for none. What it finds may be another byte than that. */
static size_t next_letter(struct kb_str text, size_t i, char letter)
{
#ifdef __SSE2__
	const __m128i wanted = _mm_set1_epi8(letter), low = _mm_set1_epi8(0x20);

	for (; text.len - i >= 16; i += 16) {
		__m128i bytes = _mm_loadu_si128(
		    (const __m128i *)(const void *)(text.ptr + i));
		int mask = _mm_movemask_epi8(
		    _mm_cmpeq_epi8(_mm_or_si128(bytes, low), wanted));

		if (mask)
			return i + (size_t)__builtin_ctz((unsigned)mask);
	}
#endif
	while (i < text.len && (text.ptr[i] | 0x20) != letter)
		i++;
	return i;
}

/* Does a word of the text begin as this one, of lower case? All of a short one
 * must be there: "fanless" has a fan. */
static bool begins_in(struct kb_str word, struct kb_str text)
{
	size_t n = word.len < ALIKE_BEGIN ? word.len : ALIKE_BEGIN;

	for (size_t i = next_letter(text, 0, *word.ptr); i + n <= text.len;
	     i = next_letter(text, i + 1, *word.ptr))
		if ((!i || !kb_is_letter(text.ptr[i - 1])) &&
		    !strncasecmp(text.ptr + i, word.ptr, n))
			return true;
	return false;
}

static bool has_group(const struct kb_form *form, unsigned groups,
		      struct kb_str folded)
{
	for (size_t g = 0; g < form->n_groups; g++)
		if (groups >> g & 1 && kb_synonym_in(folded, form->groups[g]))
			return true;
	return false;
}

/* A word that another one may well stand for: a numeral, which is looked for as
 * a number, or a word of grammar. */
static bool is_plain(struct kb_str word)
{
	double value, step;

	return kb_stop_word(word.ptr, word.len) ||
	       kb_numeral_parse(word.ptr, word.len, &value, &step);
}

/* A unit that is such a verb, and no part of a word of two characters. */
static bool is_lone_verb(const struct kb_relevance *r, size_t i,
			 struct kb_str word)
{
	const struct kb_form_unit *u = &r->form.units[r->of[i]];
	struct kb_str s = r->form.folded;
	uint32_t cp, near;

	if (!u->is_han || u->wanted || u->groups || !kb_lacking_acts(word))
		return false;
	kb_utf8_next(word.ptr, word.len, &cp);
	if (u->start >= HAN_BYTES) {
		kb_utf8_next(s.ptr + u->start - HAN_BYTES, HAN_BYTES, &near);
		if (kb_common_pair(near, cp))
			return false;
	}
	if (u->end < s.len) {
		kb_utf8_next(s.ptr + u->end, s.len - u->end, &near);
		if (kb_common_pair(cp, near))
			return false;
	}
	return true;
}

/* How much of a unit that the passage has not as itself it has as something
 * else. */
static double like(const struct kb_relevance *r, size_t i, uint32_t hit,
		   struct kb_str folded[2])
{
	const struct kb_form_unit *u = &r->form.units[r->of[i]];
	struct kb_str word = {r->form.folded.ptr + u->start, u->end - u->start};

	if (u->groups && (has_group(&r->form, u->groups, folded[0]) ||
			  has_group(&r->form, u->groups, folded[1])))
		return MATCH_GROUP;
	if (kb_is_digit(*word.ptr) && r->n_numbers &&
	    !r->likes[hit]->number.missing.len)
		return 1; /* in another form, or inside a range */
	if ((u->class_word && !u->wanted) || is_plain(word) ||
	    is_lone_verb(r, i, word))
		return MATCH_CLASS;
	if (u->is_han)
		return holds(r->evidence, hit, 0, r->keys[i]) ? MATCH_SINGLE
							      : 0;
	if (word.len >= ALIKE_LEAST &&
	    (begins_in(word, r->evidence->texts[hit]) ||
	     begins_in(word, r->evidence->titles[hit])))
		return MATCH_BEGIN;
	return kb_named_range_has(r->evidence->texts[hit], word) ? MATCH_BEGIN
								 : 0;
}

/* Does it lack a word that has synonyms? */
static bool lacks_group(const struct kb_relevance *r, uint32_t hit)
{
	for (size_t i = 0; i < r->n_units; i++)
		if (!(r->passage[hit] >> i & 1) &&
		    r->form.units[r->of[i]].groups)
			return true;
	return false;
}

/* What the passage has of the question in another form. */
static const struct kb_relevance_likes *likes_of(const struct kb_relevance *r,
						 uint32_t hit)
{
	struct kb_arena *arena = r->arena;
	struct kb_relevance_likes *likes = r->likes[hit];
	struct kb_str folded[2] = {{"", 0}, {"", 0}};

	if (likes)
		return likes;
	likes = r->likes[hit] = kb_arena_calloc(arena, 1, sizeof(*likes));
	if (r->n_numbers || lacks_group(r, hit)) {
		folded[0] = kb_text_fold(arena, r->evidence->texts[hit]);
		folded[1] = kb_text_fold(arena, r->evidence->titles[hit]);
	}
	if (r->n_numbers)
		likes->number =
		    kb_lacking_number(r->form.folded, folded[0], folded[1]);
	for (size_t i = 0; i < r->n_units; i++)
		if (!(r->passage[hit] >> i & 1))
			likes->like[i] = like(r, i, hit, folded);
	return likes;
}

static bool offers_kind(const struct kb_form *form, unsigned offers)
{
	if (form->names)
		return (form->names & offers) != 0;
	return form->kind != KB_WANTED_WHAT &&
	       kb_form_kind_met(form->kind, offers) > .5;
}

/* What a claim gives of what is asked for. */
struct given {
	bool offered;	  /* the wanted kind or quantity */
	bool is_of_class; /* one of the class that is named */
	bool more; /* its passage has of the question more than names and that
		    * class */
};

/* How much of a unit that the sentence has not is there. The class that is
 * wanted need not be named where something of it is given, or where a class
 * that is not known is not all that is asked of a thing. */
static double match(const struct kb_relevance *r, size_t i, const double *like,
		    const struct given *given)
{
	const struct kb_form_unit *u = &r->form.units[r->of[i]];

	if (u->asks && given->offered)
		return fmax(MATCH_OFFERED, like[i]);
	if (u->wanted && r->form.answer_class)
		return given->is_of_class ? fmax(MATCH_OFFERED, like[i])
					  : like[i];
	if (u->wanted)
		return given->more ? fmax(MATCH_CLASS, like[i]) : like[i];
	return like[i];
}

/* Units of names and of the title. */
static uint64_t names_of(const struct kb_relevance *r, uint32_t hit)
{
	const struct kb_prepared *ev = r->evidence;
	uint64_t units = 0;

	for (size_t i = 0; i < r->n_names; i++)
		units |= r->names[i];
	for (size_t i = r->first[hit];
	     i < ev->n_sentences && ev->sentences[i].hit == hit &&
	     ev->sentences[i].title;
	     i++)
		units |= r->own[i];
	return units;
}

/* Has the passage a word of the question that is neither of a name nor of the
 * class that is asked for? */
static bool has_more(const struct kb_relevance *r, uint32_t hit)
{
	uint64_t units = r->passage[hit] & ~names_of(r, hit);

	for (; units; units &= units - 1) {
		const struct kb_form_unit *u =
		    &r->form.units[r->of[__builtin_ctzll(units)]];

		if (!u->class_word && !u->asks && !u->aside)
			return true;
	}
	return false;
}

struct run {
	double weight;
	size_t first, last; /* units */
};

/* The longest run of missing units. */
static struct run longest(const struct kb_relevance *r, const double *lack)
{
	struct run most = {0}, run = {0};

	for (size_t i = 0; i < r->n_units; i++) {
		if (!(run.weight > 0))
			run.first = i;
		run.last = i;
		run.weight = lack[i] > 0 ? run.weight + lack[i] : 0;
		if (run.weight > most.weight)
			most = run;
		if (!(r->runs >> i & 1))
			run.weight = 0;
	}
	return most;
}

/* Chinese asks "thing, condition, attribute?", English the other way. */
static enum kb_missing_kind kind_of(const struct kb_relevance *r,
				    const struct run *run)
{
	bool first = run->first == 0, last = run->last + 1 == r->n_units;

	if (r->form.is_han ? last : first)
		return KB_MISSING_ATTRIBUTE;
	return first || last ? KB_MISSING_THING : KB_MISSING_CONDITION;
}

static struct kb_missing name_run(const struct kb_relevance *r,
				  const struct run *run)
{
	const struct kb_form_unit *units = r->form.units;
	size_t start = units[r->of[run->first]].start;
	size_t end = units[r->of[run->last]].end;

	if (run->weight < RUN_NAMED)
		return (struct kb_missing){.kind = KB_MISSING_NOTHING};
	return (struct kb_missing){
	    .kind = kind_of(r, run),
	    .text = {r->form.folded.ptr + start, end - start},
	};
}

/* A character that makes a word with one that counts nothing, 商用, stands for
 * both. */
static double alone(const struct kb_relevance *r, size_t i)
{
	const struct kb_form_unit *u = &r->form.units[r->of[i]];
	struct kb_str s = r->form.folded;
	uint32_t cp, near;

	if (!u->is_han || r->runs >> i & 1 || (i && r->runs >> (i - 1) & 1) ||
	    u->end - u->start != HAN_BYTES)
		return 1;
	kb_utf8_next(s.ptr + u->start, HAN_BYTES, &cp);
	if (u->end < s.len) {
		kb_utf8_next(s.ptr + u->end, s.len - u->end, &near);
		if (kb_common_pair(cp, near))
			return ALONE_SHARE;
	}
	if (u->start < HAN_BYTES)
		return 1;
	kb_utf8_next(s.ptr + u->start - HAN_BYTES, HAN_BYTES, &near);
	return kb_common_pair(near, cp) ? ALONE_SHARE : 1;
}

static void measure_words(const struct kb_relevance *r, uint32_t holder,
			  const struct given *given, struct lacking *out)
{
	uint32_t hit = r->evidence->sentences[holder].hit;
	double passage[KB_RELEVANCE_UNITS], window[KB_RELEVANCE_UNITS];
	const double *like = likes_of(r, hit)->like;
	double missing = 0, all = 0;
	struct run run;

	for (size_t i = 0; i < r->n_units; i++) {
		bool in_passage = r->passage[hit] >> i & 1;
		bool in_window = r->window[holder] >> i & 1;
		double m = in_window ? 1 : match(r, i, like, given);

		window[i] = in_window ? 0 : r->full[i] * (1 - m) * alone(r, i);
		passage[i] = in_passage ? 0 : window[i];
		missing += passage[i];
		all += r->full[i];
	}
	out->share = all > 0 ? missing / all : 0;
	out->excluded = kb_lacking_excluded(r, holder, passage);
	run = longest(r, passage);
	out->most = run.weight;
	out->run = name_run(r, &run);
	out->window = longest(r, window).weight;
}

/* ---- things ---- */

static bool is_number(struct kb_str word)
{
	return word.len && kb_is_digit(*word.ptr);
}

/* Do words of the text in a row begin with the capitals of the name? */
static bool spelled_out(struct kb_str capitals, struct kb_str text)
{
	size_t n = 0;

	for (size_t i = 0; i < text.len && n < capitals.len; i++) {
		char c = (char)(text.ptr[i] & ~0x20);

		if (!kb_is_letter(text.ptr[i]) ||
		    (i && kb_is_letter(text.ptr[i - 1])))
			continue;
		n = c == capitals.ptr[n] ? n + 1 : c == capitals.ptr[0];
	}
	return n == capitals.len;
}

#define ACRONYM 6 /* letters at most */

static bool is_acronym_of(struct kb_str word, struct kb_str text)
{
	char capitals[ACRONYM];
	size_t n = 0;

	if (word.len > ACRONYM)
		return false;
	for (size_t i = 0; i < word.len; i++)
		if (word.ptr[i] >= 'A' && word.ptr[i] <= 'Z')
			capitals[n++] = word.ptr[i];
	return n >= 2 && n + 1 >= word.len &&
	       spelled_out((struct kb_str){capitals, n}, text);
}

static bool is_alike(struct kb_str word, struct kb_str text)
{
	return (word.len >= ALIKE_LETTERS && kb_relevance_alike(word, text)) ||
	       is_acronym_of(word, text);
}

/* Is the part of a name there, or one that many texts leave out? */
static bool holds_part(const struct kb_relevance *r,
		       const struct kb_relevance_thing *thing, size_t i,
		       uint32_t hit)
{
	struct kb_str word = thing->words[i];
	const uint64_t *bits = kb_map_get(&r->bits, thing->keys[i]);

	/* The first word of a question is written large whatever it is. */
	if (!bits || !*bits || word.ptr == r->question.ptr)
		return true;
	/* a number that opens it has a unit, "8岁", and may lie in a range */
	if (is_number(word))
		return holds(r->evidence, hit, i ? thing->keys[i - 1] : 0,
			     thing->keys[i]) ||
		       (!i && r->n_numbers &&
			!likes_of(r, hit)->number.missing.len);
	return r->full[__builtin_ctzll(*bits)] < THING_RARITY ||
	       holds(r->evidence, hit, 0, thing->keys[i]) ||
	       is_alike(word, r->evidence->texts[hit]) ||
	       is_alike(word, r->evidence->titles[hit]) ||
	       kb_named_range_has(r->evidence->texts[hit], word);
}

static bool holds_thing(const struct kb_relevance *r,
			const struct kb_relevance_thing *thing, uint32_t hit)
{
	for (size_t i = 0; i < thing->n; i++)
		if (!holds_part(r, thing, i, hit))
			return false;
	return true;
}

/* Of several names a passage that answers may leave one out. */
bool kb_lacking_thing(const struct kb_relevance *r, uint32_t hit)
{
	return (r->n_numbers && likes_of(r, hit)->number.missing.len) ||
	       (r->n_things == 1 && !holds_thing(r, r->things, hit)) ||
	       kb_relevance_missing_name(r, hit).len;
}

static void measure_things(const struct kb_relevance *r, uint32_t hit,
			   struct lacking *out)
{

	for (size_t k = 0; k < r->n_things; k++) {
		const struct kb_relevance_thing *thing = &r->things[k];
		bool all = true;

		for (size_t i = 0; i < thing->n; i++) {
			bool there = holds_part(r, thing, i, hit);

			all &= there;
			out->elsewhere |= !there && thing->known >> i & 1;
		}
		out->has_things = true;
		if (!all && !out->thing.len)
			out->thing = thing->text;
	}
	out->has_numbers = r->n_numbers > 0;
	out->number = likes_of(r, hit)->number.missing;
	out->sister = likes_of(r, hit)->number.sister;
}

static void measure(const struct kb_relevance *r, uint32_t holder,
		    const struct kb_prepared *claim, unsigned offers,
		    struct lacking *out)
{
	uint32_t hit = r->evidence->sentences[holder].hit;
	struct given given = {.offered = offers_kind(&r->form, offers),
			      .more = has_more(r, hit)};

	*out = (struct lacking){0};
	if (r->form.answer_class)
		given.is_of_class = kb_answer_class_has(
		    r->form.answer_class,
		    kb_text_fold(r->arena, claim->texts[0]), r->form.folded);
	measure_words(r, holder, &given, out);
	measure_things(r, hit, out);
}

/* The first of what a passage lacks that says most. */
static struct kb_missing first_missing(const struct kb_relevance *r,
				       const struct lacking *lacking,
				       struct kb_str known, bool offered,
				       bool no_amount)
{
	struct kb_str thing = known.len ? known : lacking->thing;
	struct kb_str kind = kb_form_wanted_name(&r->form);

	if (thing.len)
		return (struct kb_missing){KB_MISSING_THING, thing, true};
	if (lacking->number.len)
		return (struct kb_missing){KB_MISSING_CONDITION,
					   lacking->number, true};
	if (lacking->excluded.len)
		return (struct kb_missing){KB_MISSING_CONDITION,
					   lacking->excluded, true};
	if (!offered && kind.len && r->form.kind != KB_WANTED_WHO &&
	    r->form.kind != KB_WANTED_WHERE && r->form.kind != KB_WANTED_WHY &&
	    r->form.kind != KB_WANTED_HOW)
		return (struct kb_missing){KB_MISSING_KIND, kind, no_amount};
	return lacking->run;
}

/* A long question has names that a passage which answers leaves out, but not
 * one that other passages have, nor where most of the rest is missing, too. */
static bool is_certain(const struct kb_relevance *r,
		       const struct lacking *lacking,
		       const struct kb_missing *missing, bool known)
{
	if (r->length <= LENGTH_CERTAIN)
		return true;
	if (missing->kind == KB_MISSING_KIND)
		return false;
	return known || lacking->sister || lacking->elsewhere ||
	       lacking->share > SHARE_CERTAIN;
}

static void note_misplaced(const struct kb_relevance *r,
			   const struct kb_prepared *claim, uint32_t hit,
			   struct kb_missing *missing)
{
	struct kb_str of = kb_lacking_misplaced(r, claim, hit);

	if (of.len)
		*missing = (struct kb_missing){KB_MISSING_ATTRIBUTE, of, true};
}

void kb_lacking_features(const struct kb_relevance *r, uint32_t subject,
			 uint32_t holder, const struct kb_prepared *claim,
			 unsigned offers, double *f, struct kb_missing *missing)
{
	struct lacking lacking;
	struct kb_str known =
	    kb_relevance_missing_name(r, r->evidence->sentences[subject].hit);
	bool offered = isnan(f[KB_RELEVANCE_MEASURE])
			   ? !(f[KB_RELEVANCE_KIND] < KIND_OFFERED)
			   : f[KB_RELEVANCE_MEASURE] > 0;

	measure(r, subject, claim, offers, &lacking);
	f[KB_RELEVANCE_LACK] = -fmin(lacking.most, LACK_MOST) * r->telling;
	f[KB_RELEVANCE_LACK_WINDOW] =
	    -fmin(lacking.window, LACK_MOST) * r->telling;
	f[KB_RELEVANCE_HELD] = -lacking.share * (1 - r->telling);
	f[KB_RELEVANCE_LONG] = 1 - r->telling;
	f[KB_RELEVANCE_OPEN] = !r->form.asks || r->form.kind == KB_WANTED_WHY ||
			       r->form.kind == KB_WANTED_HOW;
	if (lacking.has_things)
		f[KB_RELEVANCE_THINGS] = !lacking.thing.len;
	if (lacking.has_numbers)
		f[KB_RELEVANCE_NUMBERS] = !lacking.number.len;
	if (r->n_known)
		f[KB_RELEVANCE_KNOWN] = !known.len;
	*missing = first_missing(r, &lacking, known, offered,
				 kb_lacking_amount(&r->form, claim, offers));
	if (missing->kind != KB_MISSING_THING &&
	    kb_lacking_kind(r, claim, offers))
		*missing = (struct kb_missing){
		    KB_MISSING_KIND, kb_form_wanted_name(&r->form), true};
	missing->certain =
	    missing->certain && is_certain(r, &lacking, missing, known.len > 0);
	if (!missing->certain)
		note_misplaced(r, claim, r->evidence->sentences[holder].hit,
			       missing);
	f[KB_RELEVANCE_POSSIBLE] = !missing->certain;
}
