#include <string.h>

#include "answer/cues.h"
#include "base/ascii.h"
#include "quantity/quantity.h"
#include "relevance/lacking.h"
#include "relevance/relevance_weights.h"
#include "text/fold.h"

/* Is an amount asked for, and nothing offered that could be one? */
bool kb_lacking_amount(const struct kb_form *form,
		       const struct kb_prepared *claim, unsigned offers)
{
	double value, step;

	/* "on floor three" is no quantity and may well be one */
	for (size_t i = 0; i < claim->n_tokens; i++) {
		const struct kb_prepared_token *t = &claim->tokens[i];

		if (kb_numeral_parse(claim->texts[0].ptr + t->start,
				     t->end - t->start, &value, &step))
			return false;
	}
	return (form->kind == KB_WANTED_HOW_MUCH ||
		form->kind == KB_WANTED_HOW_MANY ||
		form->kind == KB_WANTED_HOW_LONG) &&
	       !(offers & (KB_CUE_NUMBERS | KB_CUE_AMOUNT));
}

/* Is the claim a number or a date and nothing else? */
static bool is_quantity(const struct kb_prepared *claim)
{
	size_t said = 0, all = 0;

	for (size_t i = 0; i < claim->n_quantities; i++)
		said += claim->quantities[i].end - claim->quantities[i].start;
	for (size_t i = 0; i < claim->n_tokens; i++)
		all += claim->tokens[i].end - claim->tokens[i].start;
	return said && said + SIGNS >= all;
}

/* Tokens of the claim that are not the question's. */
static size_t news_of(const struct kb_relevance *r,
		      const struct kb_prepared *claim)
{
	size_t n = 0;

	for (size_t i = 0; i < claim->n_tokens; i++)
		n += !kb_map_get(&r->bits, claim->tokens[i].key);
	return n;
}

/* ---- what a brief claim begins with ---- */

static bool begins(struct kb_str text, const char *const *words, size_t n)
{
	for (size_t i = 0; i < n; i++) {
		size_t len = kb_starts(text.ptr, text.len, words[i]);

		if (len && ((unsigned char)*words[i] >= 0x80 ||
			    len == text.len || text.ptr[len] == ' '))
			return true;
	}
	return false;
}

#define BEGINS(text, words) \
	begins(text, words, sizeof(words) / sizeof((words)[0]))

/* "Because a pillar had cracked": a reason, and nothing else. */
static bool is_reason(struct kb_str text)
{
	static const char *const words[] = {"because",	"due to", "owing to",
					    "since it", "as it",  "因为",
					    "由于",	"因"};

	return BEGINS(text, words);
}

/* "By pressing the button": a way. */
static bool is_way(struct kb_str text)
{
	const char *end;

	if (!kb_starts(text.ptr, text.len, "by "))
		return false;
	text = kb_str_skip(text, 3);
	end = memchr(text.ptr, ' ', text.len);
	text.len = end ? (size_t)(end - text.ptr) : text.len;
	return text.len > 5 && kb_ends(text.ptr, text.len, "ing");
}

/* "In Porto", "at the gate": a place or a time, no person. */
static bool is_place(struct kb_str text)
{
	static const char *const words[] = {
	    "in",   "at",    "on",     "near",	 "from",
	    "into", "under", "behind", "inside", "outside"};

	return BEGINS(text, words);
}

/* Words for times, of those that say one without a number. */
static const char *const time_words[] = {
    "may",	 "age*",       "period*",     "era*",	    "war*",
    "time*",	 "reign*",     "dynast*",     "after",	    "before",
    "during",	 "while",      "when*",	      "until",	    "till",
    "since",	 "once",       "now",	      "today",	    "tomorrow",
    "yesterday", "daily",      "weekly",      "monthly",    "annual*",
    "yearly",	 "always",     "never",	      "soon*",	    "immediate*",
    "late*",	 "earl*",      "mid*",	      "end*",	    "start*",
    "beg*",	 "decade*",    "christmas",   "easter",	    "modern",
    "medieval",	 "ancient",    "renaissance", "season*",    "semester*",
    "term*",	 "upon",       "dawn",	      "dusk",	    "sunset",
    "sunrise",	 "birth*",     "death",	      "retire*",    "recent*",
    "first",	 "last",       "next",	      "previous*",  "summer*",
    "winter*",	 "autumn*",    "spring",      "fall",	    "morning*",
    "evening*",	 "night*",     "afternoon*",  "noon",	    "weekend*",
    "weekday*",	 "holiday*",   "hour*",	      "minute*",    "day*",
    "week*",	 "month*",     "year*",	      "centur*",    "childhood",
    "youth",	 "adult*",     "on the",      "as soon",    "every",
    "each",	 "any",	       "not",	      "no",	    "olympic*",
    "world cup", "revolution", "crisis",      "depression", NULL};

static bool has_any(struct kb_str text, const char *const *words)
{
	struct kb_cue_text cues;

	kb_cue_text_init(&cues, text);
	return kb_cue_any(&cues, words);
}

/* Has it a digit, as "the 1950s" has, or a character beyond ASCII? */
static bool may_date(struct kb_str text)
{
	for (size_t i = 0; i < text.len; i++)
		if ((unsigned char)text.ptr[i] >= 0x80 ||
		    kb_is_digit(text.ptr[i]))
			return true;
	return false;
}

/* 2000 is as often a number; "in 2011" and 2000年 are years. */
static unsigned dim_of(const struct kb_prepared *claim, size_t i)
{
	const struct kb_quantity *q = &claim->quantities[i];
	struct kb_str text = claim->texts[0];

	return q->dim == KB_DIM_DATE && (int)q->lo % 10000 == 0 &&
		       !kb_str_has(text, kb_str_of("年")) &&
		       !kb_starts_folded(text.ptr, text.len, "in ")
		   ? KB_DIM_NUMBER
		   : q->dim;
}

/* Has it quantities, and none but of these dimensions (bits)? */
static bool only_of(const struct kb_prepared *claim, uint64_t dims)
{
	for (size_t i = 0; i < claim->n_quantities; i++)
		if (!(dims >> dim_of(claim, i) & 1))
			return false;
	return claim->n_quantities > 0;
}

#define DATES	(1ull << KB_DIM_DATE)
#define NUMBERS (1ull << KB_DIM_NUMBER)
#define COUNTED (NUMBERS | 1ull << KB_DIM_COUNT | 1ull << KB_DIM_PERCENT)

/* Up to when, or from when on, may be how long. */
static bool is_bounded(struct kb_str text)
{
	static const char *const words[] = {
	    "until",   "till",	"by",	  "to",	 "from", "since",
	    "through", "after", "before", "end", "至",	 "到",
	    "前",      "止",	"起",	  "后",	 NULL};

	return has_any(text, words);
}

/* "How long", of which a number alone says nothing: unlike "how many days". */
static bool asks_how_long(const struct kb_form *form)
{
	return (kb_cue_in(&form->cues, "how long") &&
		!kb_cue_in(&form->cues, "ago")) ||
	       kb_cue_in(&form->cues, "多久") ||
	       kb_cue_in(&form->cues, "多长时间");
}

/* A name is asked for, or what something is called. */
static bool asks_name(const struct kb_form *form)
{
	static const char *const words[] = {
	    "known as", "called", "name of", "nickname*", "又叫",
	    "叫什么",	"别名",	  "又称",    "名字",	  NULL};

	return form->kind == KB_WANTED_WHAT && kb_cue_any(&form->cues, words);
}

/* "How can it be opened?", but not 怎么收费 or "how accurate is it", which want
 * an amount. */
static bool asks_way(const struct kb_form *form)
{
	static const char *const ways[] = {"how can", "how do",	    "how does",
					   "how to",  "how should", "how could",
					   "how may", "怎么",	    "怎样",
					   "如何",    NULL};
	static const char *const amounts[] = {"收", "算", "计", "价",	"费",
					      "钱", "卖", "样", "much", NULL};

	return form->kind == KB_WANTED_HOW && kb_cue_any(&form->cues, ways) &&
	       !kb_cue_any(&form->cues, amounts);
}

/* Is the claim, of few words in all, by what it begins with or consists of, no
 * answer of the wanted kind: a name, a reason or a way for "when"? */
static bool is_other(const struct kb_form *form,
		     const struct kb_prepared *claim, unsigned offers)
{
	struct kb_str said = kb_text_fold(claim->arena, claim->texts[0]);
	bool reason = is_reason(said), way = is_way(said);

	switch (form->kind) {
	case KB_WANTED_WHO:
		return reason || way || is_place(said) || is_quantity(claim);
	case KB_WANTED_WHERE:
		return reason || way || is_quantity(claim);
	case KB_WANTED_WHEN:
		return reason || way ||
		       (!may_date(said) && !has_any(said, time_words) &&
			!(offers & (KB_CUE_DATE | KB_CUE_SPAN | KB_CUE_COUNT)));
	case KB_WANTED_WHY:
		return is_quantity(claim);
	case KB_WANTED_HOW:
		return asks_way(form) && (reason || is_quantity(claim));
	case KB_WANTED_HOW_MANY:
	case KB_WANTED_HOW_MUCH:
		return reason || way || only_of(claim, DATES) ||
		       (form->counts && !form->names &&
			only_of(claim, ~COUNTED));
	case KB_WANTED_HOW_LONG:
		return reason || way ||
		       (asks_how_long(form) && !is_bounded(said) &&
			only_of(claim, DATES | NUMBERS));
	default:
		return asks_name(form) && (reason || is_quantity(claim));
	}
}

/* A quantity where another one is asked for: 24 hours for "how much is it". */
static bool is_other_quantity(const struct kb_form *form, unsigned offers)
{
	unsigned measured = offers & KB_CUE_MEASURED;

	if (form->kind == KB_WANTED_HOW_LONG)
		return measured &&
		       !(offers &
			 (KB_CUE_SPAN | KB_CUE_DATE | form->names |
			  (kb_form_may_be_length(form) ? KB_CUE_LENGTH : 0u)));
	if (form->kind == KB_WANTED_WHEN)
		return measured && !(offers & (KB_CUE_SPAN | KB_CUE_DATE));
	if (form->counts && !form->names) /* free is no number */
		return measured & ~(unsigned)KB_CUE_MONEY &&
		       !(offers & (KB_CUE_PLAIN | KB_CUE_COUNT | KB_CUE_SHARE));
	return form->names && measured && !(offers & form->names);
}

bool kb_lacking_kind(const struct kb_relevance *r,
		     const struct kb_prepared *claim, unsigned offers)
{
	if (claim->n_tokens <= BRIEF_TOKENS &&
	    is_other(&r->form, claim, offers))
		return true;
	return claim->n_quantities && news_of(r, claim) <= BRIEF_TOKENS &&
	       r->form.kind != KB_WANTED_WHO &&
	       r->form.kind != KB_WANTED_WHERE &&
	       is_other_quantity(&r->form, offers);
}
