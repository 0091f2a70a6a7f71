/*
 * A claim about all of a kind whose sentence speaks of some: "all clients get
 * 20 % off" of "new clients get 20 % off".
 */
#include <string.h>

#include "answer/lexicon/cohyponyms.h"
#include "base/ascii.h"
#include "evidence/compare.h"
#include "evidence/gaps.h"
#include "text/fold.h"

#define HAN_BYTES 3
#define NOUN_HAN  2  /* characters of a kind */
#define KINDS	  32 /* words of classes of a sentence that are looked at */

static const char *const all_words[] = {
    "all the ", "all our ", "all ", "every ", "所有的", "所有",
    "全部",	"全体",	    "任何", "每位",   "每个",	"每名"};

/* The kind that a text speaks of all of, the first; len 0 for none. *all is
 * the word before it. Of folded text. */
static struct kb_str kind_in(struct kb_str text, struct kb_str *all)
{
	for (size_t i = 0; i < text.len; i++) {
		if (i && kb_is_letter(text.ptr[i - 1]))
			continue;
		for (size_t k = 0; k < sizeof(all_words) / sizeof(*all_words);
		     k++) {
			struct kb_str kind = kb_str_skip(text, i);
			size_t n = kb_starts(kind.ptr, kind.len, all_words[k]);

			if (!n)
				continue;
			*all = (struct kb_str){text.ptr + i, n};
			kind = kb_str_skip(kind, n);
			n = 0;
			while (n < kind.len && kb_is_letter(kind.ptr[n]))
				n++;
			if (!n && kind.len >= NOUN_HAN * HAN_BYTES &&
			    (unsigned char)*kind.ptr >= 0xe3)
				n = NOUN_HAN * HAN_BYTES;
			return (struct kb_str){kind.ptr, n};
		}
	}
	return (struct kb_str){"", 0};
}

/* Words before a kind that are of no class. */
static const char *const some_words[] = {
    "new ",  "existing ", "returning ", "first-time ", "selected ", "certain ",
    "some ", "most ",	  "few ",	"新",	       "老",	    "部分",
    "多数",  "少数",	  "指定",	"首次"};

/* The word right before the place that says of which of a kind a text speaks;
 * len 0 for none. */
static struct kb_str before(const struct kb_cohyponym *words, size_t n,
			    struct kb_str text, size_t at)
{
	for (size_t i = 0; i < n; i++)
		if (words[i].end == at ||
		    (words[i].end + 1 == at && text.ptr[words[i].end] == ' '))
			return (struct kb_str){text.ptr + words[i].start,
					       at - words[i].start};
	for (size_t i = 0; i < sizeof(some_words) / sizeof(*some_words); i++)
		if (kb_ends(text.ptr, at, some_words[i])) {
			size_t len = strlen(some_words[i]);

			return (struct kb_str){text.ptr + at - len, len};
		}
	return (struct kb_str){"", 0};
}

/* The word by which the text tells apart of which of the kind it speaks, each
 * time; len 0 where it speaks of all, or of none. */
static struct kb_str some_of(struct kb_str text, struct kb_str kind,
			     const struct kb_cohyponym *words, size_t n)
{
	struct kb_str some = {"", 0};

	for (size_t i = 0; i + kind.len <= text.len; i++) {
		if (memcmp(text.ptr + i, kind.ptr, kind.len) ||
		    (i && kb_is_letter(*kind.ptr) &&
		     kb_is_letter(text.ptr[i - 1])))
			continue;
		some = before(words, n, text, i);
		if (!some.len)
			break;
	}
	return some;
}

void kb_compare_all_of(const struct kb_compare_input *in, uint32_t sentence,
		       struct kb_comparison *out)
{
	const struct kb_prepared *ev = in->evidence;
	const struct kb_prepared_sentence *s = &ev->sentences[sentence];
	struct kb_cohyponym words[KINDS];
	struct kb_str claim, kind, all, text, some;

	claim = kb_text_fold(ev->arena, in->claim->texts[0]);
	kind = kind_in(claim, &all);
	text = kb_compare_slice(ev, sentence, s->start, s->end);
	if (!kind.len || !text.len || !kb_compare_visit(in, text.len))
		return;
	text = kb_text_fold(ev->arena, text);
	some =
	    some_of(text, kind, words, kb_cohyponyms_find(text, words, KINDS));
	if (!some.len || kb_str_has(claim, some))
		return;
	all.len += kind.len;
	/* the folded text is the record's, as the claim is */
	kb_compare_find(out, KB_FIND_EXCHANGED, all, some, s->hit);
}
