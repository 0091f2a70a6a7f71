/*
 * What stands in a question and is not asked: greetings and reactions ("oh, I
 * see"), frames around it ("do you know", 我想知道), sentences beside the one
 * that asks, and whole statements.
 */
#include "answer/cues.h"
#include "answer/match_weights.h"
#include "answer/question_form.h"
#include "base/ascii.h"
#include "text/literals.h"

/* Words that say nothing about what is asked, wherever they stand. */
static const char *const fillers[] = {
    "actually",	  "again",	"ah",
    "aha",	  "alright",	"anyway",
    "anyways",	  "basically",	"btw",
    "bye",	  "currently",	"definitely",
    "dont",	  "didnt",	"doesnt",
    "else",	  "em",		"eh",
    "er",	  "even",	"exactly",
    "gonna",	  "gotta",	"haha",
    "hahaha",	  "hello",	"hey",
    "hi",	  "hm",		"hmm",
    "honestly",	  "im",		"isnt",
    "ive",	  "just",	"kinda",
    "literally",  "lol",	"maybe",
    "nah",	  "nope",	"nt",
    "obviously",  "oh",		"ok",
    "okay",	  "omg",	"oops",
    "ooh",	  "perhaps",	"please",
    "pls",	  "plz",	"possibly",
    "presumably", "probably",	"quite",
    "rather",	  "really",	"seriously",
    "sorry",	  "supposedly", "thank",
    "thanks",	  "though",	"too",
    "uh",	  "um",		"unfortunately",
    "very",	  "wanna",	"whats",
    "wow",	  "yeah",	"yea",
    "yep",	  "yes"};
static struct kb_literals filler_set = KB_LITERALS(fillers);

/* Words that say nothing in a clause that has no others. */
static const char *const reactions[] = {
    "absolutely", "agree",	 "agreed",	"amazing",   "awesome",
    "bad",	  "beautiful",	 "bet",		"bit",	     "buddy",
    "certainly",  "cool",	 "course",	"crazy",     "curious",
    "dear",	  "enjoy",	 "exciting",	"fact",	     "fair",
    "fan",	  "fantastic",	 "fascinating", "favorite",  "favourite",
    "fine",	  "friend",	 "fun",		"funny",     "glad",
    "good",	  "great",	 "guess",	"guys",	     "happy",
    "hate",	  "heard",	 "idea",	"imagine",   "impressive",
    "interested", "interesting", "knew",	"know",	     "like",
    "lot",	  "love",	 "man",		"mean",	     "neat",
    "never",	  "nice",	 "no",		"perfect",   "pretty",
    "question",	  "right",	 "sad",		"see",	     "sense",
    "sir",	  "sound",	 "sounds",	"stuff",     "sure",
    "surprised",  "think",	 "thought",	"totally",   "true",
    "understand", "weird",	 "well",	"wonderful", "wondering",
    "wonder",	  "wrong"};
static struct kb_literals reaction_set = KB_LITERALS(reactions);

/* What opens a question without asking anything of its own. */
static const char *const frames[] = {
    "do you know",
    "do you happen to know",
    "do you remember",
    "do you think",
    "does anyone know",
    "does anybody know",
    "can anyone",
    "can somebody",
    "can someone",
    "can you tell me",
    "can you explain",
    "could you tell me",
    "could you explain",
    "would you say",
    "i want to know",
    "i would like to know",
    "i'd like to know",
    "i was wondering",
    "i wonder",
    "i'm wondering",
    "i heard",
    "i have heard",
    "i've heard",
    "i have a question",
    "have you heard",
    "have you ever heard",
    "tell me",
    "let me know",
    "any idea",
    "by the way",
    "in fact",
    "of course",
    "quick question",
    "you know",
    "我想知道",
    "我想问一下",
    "我想问",
    "想问一下",
    "想问问",
    "想请教",
    "想咨询",
    "咨询一下",
    "请教一下",
    "了解一下",
    "麻烦问一下",
    "问一下",
    "请告诉我",
    "告诉我",
    "你知道",
    "您知道",
    "谁知道",
    "有人知道",
    "请问",
    "到底",
    "究竟",
    "其实",
    "您好",
    "你好",
    "谢谢",
};

static bool has(struct kb_literals *set, struct kb_str word)
{
	return kb_literals_has(set, word.ptr, word.len);
}

static struct kb_str word_of(const struct kb_form *q,
			     const struct kb_form_unit *u)
{
	return (struct kb_str){q->folded.ptr + u->start, u->end - u->start};
}

/* A verb with "not" in one, or a pronoun with its verb. */
static bool is_contraction(struct kb_str w)
{
	static const char *const tails[] = {"n't", "'m",  "'re",
					    "'ve", "'ll", "'d"};
	static const char *const heads[] = {
	    "it's",    "that's", "what's", "who's", "he's",    "she's",
	    "there's", "here's", "how's",  "let's", "where's", "when's"};

	if (!memchr(w.ptr, '\'', w.len))
		return false;
	for (size_t i = 0; i < sizeof(tails) / sizeof(*tails); i++)
		if (kb_ends(w.ptr, w.len, tails[i]))
			return true;
	for (size_t i = 0; i < sizeof(heads) / sizeof(*heads); i++)
		if (kb_str_eq(w, kb_str_of(heads[i])))
			return true;
	return false;
}

static void note_words(struct kb_form *q)
{
	for (size_t i = 0; i < q->n_units; i++) {
		struct kb_str word = word_of(q, &q->units[i]);

		q->units[i].aside |=
		    !q->units[i].is_han &&
		    (has(&filler_set, word) || is_contraction(word));
	}
}

static void note_frames(struct kb_form *q)
{
	for (size_t k = 0; k < sizeof(frames) / sizeof(*frames); k++) {
		struct kb_str found = kb_cue_find(&q->cues, frames[k]);
		size_t from = (size_t)(found.ptr - q->folded.ptr);

		for (size_t i = 0; found.len && i < q->n_units; i++)
			q->units[i].aside |=
			    q->units[i].start >= from &&
			    q->units[i].end <= from + found.len;
	}
}

#define FULL_STOP "\xe3\x80\x82" /* 。, which folding leaves */

/* The next stretch from *at that ends behind one of the marks; a mark inside a
 * word or number is none. */
static struct kb_str next_part(struct kb_str s, const char *marks, size_t *at)
{
	size_t from = *at, i = from;

	while (i < s.len) {
		char c = s.ptr[i];
		size_t stop;

		if (kb_is_alnum(c) || c == ' ') {
			i++;
			continue;
		}
		stop = kb_starts(s.ptr + i, s.len - i, FULL_STOP);

		i += stop ? stop : 1;
		if (stop || (c && strchr(marks, c) &&
			     (i == s.len || !kb_is_alnum(s.ptr[i]))))
			break;
	}
	*at = i;
	return (struct kb_str){s.ptr + from, i - from};
}

/* The units that stand in a part of the folded question: [*from, *to). */
static void units_in(const struct kb_form *q, struct kb_str part, size_t *from,
		     size_t *to)
{
	size_t start = (size_t)(part.ptr - q->folded.ptr);

	while (*from < q->n_units && q->units[*from].start < start)
		++*from;
	for (*to = *from; *to < q->n_units; ++*to)
		if (q->units[*to].start >= start + part.len)
			break;
}

/* Clauses of reactions and function words. */
static void note_clauses(struct kb_form *q)
{
	for (size_t at = 0, from = 0, to; at < q->folded.len; from = to) {
		struct kb_str part = next_part(q->folded, ",.!?;", &at);
		bool empty = true;

		units_in(q, part, &from, &to);
		for (size_t i = from; i < to && empty; i++)
			empty = q->units[i].weight < UNIT_CONTENT ||
				q->units[i].aside ||
				has(&reaction_set, word_of(q, &q->units[i]));
		/* All of a question is not beside itself. */
		if (part.len == q->folded.len ||
		    (part.len && part.ptr[part.len - 1] == '?'))
			continue;
		for (size_t i = from; i < to && empty; i++)
			q->units[i].aside = true;
	}
}

static bool part_asks(struct kb_str part)
{
	static const char *const words[] = {
	    "?",    "what", "which", "who",  "whom", "whose", "where",
	    "why",  "how",  "吗",    "呢",   "什么", "谁",    "哪",
	    "怎",   "多少", "几",    "多久", "多大", "多长",  "如何",
	    "为何", "是否", "能否",  "可否", NULL};

	struct kb_cue_text text;

	kb_cue_text_init(&text, part);
	for (size_t i = 0; words[i]; i++)
		if (kb_cue_in(&text, words[i]))
			return true;
	return false;
}

/* Sentences beside one that asks. */
static void note_told(struct kb_form *q)
{
	size_t asking = 0, parts = 0;
	bool both;

	for (size_t at = 0; at < q->folded.len; parts++)
		asking += part_asks(next_part(q->folded, ".!?", &at));
	both = asking && asking < parts;
	for (size_t at = 0, from = 0, to; both && at < q->folded.len;
	     from = to) {
		struct kb_str part = next_part(q->folded, ".!?", &at);

		bool told = !part_asks(part);

		units_in(q, part, &from, &to);
		for (size_t i = from; i < to; i++)
			q->units[i].told = told;
	}
}

static const char *const comparatives[] = {
    "better",  "bigger",  "cheaper", "closer",	 "colder",   "deeper",
    "earlier", "farther", "faster",  "fewer",	 "further",  "greater",
    "heavier", "higher",  "hotter",  "larger",	 "later",    "lighter",
    "longer",  "lower",	  "more",    "narrower", "newer",    "older",
    "richer",  "shorter", "slower",  "smaller",	 "stronger", "taller",
    "thicker", "thinner", "warmer",  "wider",	 "worse",    "younger"};
static struct kb_literals comparative_set = KB_LITERALS(comparatives);

#define COMPARED_BYTES 9 /* 更 with two characters behind it */

/* "Which is older, A or B?" The passages say how old each is. */
static void note_compared(struct kb_form *q)
{
	struct kb_str more = kb_cue_find(&q->cues, "更");
	size_t at = (size_t)(more.ptr - q->folded.ptr);
	bool chooses = kb_cue_in(&q->cues, "or");

	for (size_t i = 0; i < q->n_units; i++) {
		struct kb_form_unit *u = &q->units[i];

		if (u->is_han)
			u->aside |= more.len && u->start >= at &&
				    u->end <= at + COMPARED_BYTES;
		else
			u->aside |=
			    chooses && has(&comparative_set, word_of(q, u));
	}
}

/* Somebody speaks of himself or says how something is; what is wanted is
 * asked for, whatever the form. */
static bool states(const struct kb_form *q)
{
	static const char *const words[] = {
	    "i",     "i'm",  "i've", "im",   "he",  "she",  "they",   "we",
	    "is",    "are",  "was",  "were", "am",  "it's", "that's", "he's",
	    "she's", "that", "has",  "had",  "did", NULL};
	static const char *const wants[] = {
	    "want*", "need*",  "would like", "'d like", "wish*", "looking for",
	    "help*", "trying", "tell",	     "explain", NULL};

	for (size_t i = 0; wants[i]; i++)
		if (kb_cue_in(&q->cues, wants[i]))
			return false;
	for (size_t i = 0; words[i]; i++)
		if (kb_cue_in(&q->cues, words[i]))
			return true;
	return false;
}

void kb_form_note_asides(struct kb_form *q)
{
	note_words(q);
	note_frames(q);
	note_clauses(q);
	note_told(q);
	note_compared(q);
	q->states = !q->asks && states(q);
}
