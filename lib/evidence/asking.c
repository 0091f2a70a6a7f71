#include <math.h>

#include "answer/cues.h"
#include "base/ascii.h"
#include "base/utf8.h"
#include "evidence/relevance.h"
#include "evidence/relevance_weights.h"
#include "text/script.h"

/* Words and half the Chinese characters. */
static double length_of(struct kb_str s)
{
	double n = 0;
	bool in_word = false;

	for (size_t i = 0; i < s.len;) {
		uint32_t cp;

		i += kb_utf8_next(s.ptr + i, s.len - i, &cp);
		if (kb_is_han(cp)) {
			n += .5;
			in_word = false;
			continue;
		}
		n += !in_word && cp < 0x80 && kb_is_alnum((char)cp);
		in_word = cp >= 0x80 || kb_is_alnum((char)cp) || cp == '\'';
	}
	return n;
}

/* Has the folded text the form of a question? What somebody says is none. */
static bool is_question(const struct kb_form *form)
{
	static const char *const marks[] = {
	    "?",      "吗",   "呢",   "什么",  "几",	"谁",	"哪",
	    "怎",     "多少", "多久", "多长",  "多大",	"如何", "是否",
	    "能否",   "可否", "为何", "what*", "which", "who*", "when",
	    "where*", "how",  "why",  NULL};
	static const char *const heads[] = {
	    "is",   "are",   "was",  "were", "do",	 "does",  "did",
	    "can",  "could", "may",  "must", "will",	 "would", "should",
	    "has",  "have",  "name", "list", "describe", "tell",  "explain",
	    "show", "give",  "find", NULL};

	if (form->kind != KB_WANTED_WHAT || form->names)
		return true;
	for (size_t i = 0; marks[i]; i++)
		if (kb_cue_in(form->folded, marks[i]))
			return true;
	for (size_t i = 0; heads[i]; i++)
		if (kb_cue_find(form->folded, heads[i]).ptr ==
			form->folded.ptr &&
		    kb_cue_in(form->folded, heads[i]))
			return true;
	return false;
}

bool kb_relevance_asks(struct kb_relevance *r)
{
	r->length = length_of(r->question);
	r->telling =
	    fmin(pow(LENGTH_TELLING / fmax(r->length, 1), LENGTH_POWER), 1);
	return r->length <= LENGTH_SHORT || is_question(&r->form);
}
