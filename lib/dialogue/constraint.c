#include "dialogue/constraint.h"

#include "text/literal_places.h"

/* Bytes of a turn that are looked at: a demand is short, or comes first. */
#define HEAD_BYTES 2000

enum place {
	HEAD,	   /* only where a clause begins */
	ANYWHERE,  /* at borders of words */
	EXCEPTION, /* begins like one of the others, and is none */
};

static const struct {
	const char *phrase;
	enum place place;
} phrases[] = {
    /* forbidden, demanded */
    {"不要", HEAD},
    {"不想要", ANYWHERE},
    {"不需要", HEAD},
    {"不能有", ANYWHERE},
    {"不能用", ANYWHERE},
    {"不能超过", ANYWHERE},
    {"不得", HEAD},
    {"不吃", ANYWHERE},
    {"不喝", ANYWHERE},
    {"不接受", ANYWHERE},
    {"不考虑", ANYWHERE},
    {"别给", HEAD},
    {"别再", HEAD},
    {"别发", HEAD},
    {"别用", HEAD},
    {"别放", HEAD},
    {"别把", HEAD},
    {"过敏", ANYWHERE},
    {"忌口", ANYWHERE},
    {"必须要", ANYWHERE},
    {"必须是", ANYWHERE},
    {"必须有", ANYWHERE},
    {"必须在", ANYWHERE},
    {"务必", ANYWHERE},
    {"一定要有", ANYWHERE},
    {"一定要是", ANYWHERE},
    {"一定要在", ANYWHERE},
    {"一定不", HEAD},
    {"只能用", HEAD},
    {"只能在", HEAD},
    {"只接受", ANYWHERE},
    {"不超过", ANYWHERE},
    {"i don't want", HEAD},
    {"i do not want", HEAD},
    {"don't want", HEAD},
    {"please don't", ANYWHERE},
    {"please do not", ANYWHERE},
    {"do not", HEAD},
    {"don't use", HEAD},
    {"don't send", HEAD},
    {"don't include", HEAD},
    {"don't call", HEAD},
    {"don't ship", HEAD},
    {"don't add", HEAD},
    {"don't change", HEAD},
    {"don't touch", HEAD},
    {"never use", HEAD},
    {"never send", HEAD},
    {"it must", HEAD},
    {"must be under", ANYWHERE},
    {"must be below", ANYWHERE},
    {"must be at", ANYWHERE},
    {"must be in", ANYWHERE},
    {"must be no", ANYWHERE},
    {"must be there", ANYWHERE},
    {"a must have", ANYWHERE},
    {"must not", ANYWHERE},
    {"mustn't", ANYWHERE},
    {"it needs to be", HEAD},
    {"it should not", HEAD},
    {"it shouldn't", HEAD},
    {"no more than", ANYWHERE},
    {"not more than", ANYWHERE},
    {"allergic", ANYWHERE},
    {"can't eat", ANYWHERE},
    {"cannot eat", ANYWHERE},
    {"has to be", ANYWHERE},
    {"have to be", ANYWHERE},
    {"not the", HEAD},
    {"only if", HEAD},
    {"only use", HEAD},
    {"only show", HEAD},
    {"i only want", HEAD},
    {"make sure it", HEAD},
    {"make sure the", HEAD},
    {"make sure there", HEAD},
    {"make sure my", HEAD},
    {"anything but", ANYWHERE},
    /* corrected */
    {"不对", HEAD},
    {"错了", ANYWHERE},
    {"说错", ANYWHERE},
    {"搞错", ANYWHERE},
    {"弄错", ANYWHERE},
    {"我说的是", ANYWHERE},
    {"我是说", ANYWHERE},
    {"我的意思是", ANYWHERE},
    {"更正", HEAD},
    {"改成", ANYWHERE},
    {"改为", ANYWHERE},
    {"换成", ANYWHERE},
    {"不是这个", ANYWHERE},
    {"不是那个", ANYWHERE},
    {"no, not", HEAD},
    {"no not", HEAD},
    {"i meant", HEAD},
    {"i mean the", HEAD},
    {"i said", HEAD},
    {"not that one", HEAD},
    {"not this one", HEAD},
    {"the other one", HEAD},
    {"wrong one", ANYWHERE},
    {"that's wrong", HEAD},
    {"that is wrong", HEAD},
    {"that's not right", HEAD},
    {"that's not what", HEAD},
    {"correction", HEAD},
    {"change it to", ANYWHERE},
    {"make it", HEAD},
    {"i changed my mind", ANYWHERE},
    /* none */
    {"不要紧", EXCEPTION},
    {"不要客气", EXCEPTION},
    {"不要担心", EXCEPTION},
    {"不要着急", EXCEPTION},
    {"不要门票", EXCEPTION},
    {"不要钱", EXCEPTION},
    {"不要了", EXCEPTION},
    {"不要太巧", EXCEPTION},
    {"it must have been", EXCEPTION},
    {"it must have felt", EXCEPTION},
    {"it must feel", EXCEPTION},
    {"it must be so", EXCEPTION},
    {"it must be great", EXCEPTION},
    {"it must be amazing", EXCEPTION},
    {"it must be awesome", EXCEPTION},
    {"it must be nice", EXCEPTION},
    {"it must be hard", EXCEPTION},
    {"it must be tough", EXCEPTION},
    {"it must be really", EXCEPTION},
    {"not the best", EXCEPTION},
    {"not the same", EXCEPTION},
    {"not the only", EXCEPTION},
    {"not the end", EXCEPTION},
    {"not the first", EXCEPTION},
    {"不得不", EXCEPTION},
    {"不对称", EXCEPTION},
    {"改成什么", EXCEPTION},
    {"no, not really", EXCEPTION},
    {"no, not yet", EXCEPTION},
    {"no, not at all", EXCEPTION},
    {"no, not now", EXCEPTION},
    {"no, not that i know", EXCEPTION},
    {"no not really", EXCEPTION},
    {"no not yet", EXCEPTION},
    {"make it up", EXCEPTION},
    {"make it to", EXCEPTION},
    {"make it through", EXCEPTION},
    {"make it happen", EXCEPTION},
};

static struct kb_literals phrase_set = KB_LITERALS(phrases);

/* Does a clause begin at 'at', blanks and some words aside? */
static bool at_head(struct kb_str text, size_t at)
{
	static const char *const openers[] = {
	    "but ",   "and ",	   "so ", "no ", "please ",
	    "sorry ", "actually ", "我",  "请",	 "也",
	    "但",     "就",	   "还",  "那",	 "是"};
	size_t before;

	do {
		before = at;
		while (at && text.ptr[at - 1] == ' ')
			at--;
		for (size_t i = 0; i < sizeof(openers) / sizeof(*openers); i++)
			at -= kb_ends_folded(text.ptr, before, openers[i]);
	} while (at && at != before);
	if (!at)
		return true;
	if ((unsigned char)text.ptr[at - 1] < 0x80)
		return !kb_is_alnum(text.ptr[at - 1]) &&
		       text.ptr[at - 1] != '\'';
	return kb_ends(text.ptr, at, "，") || kb_ends(text.ptr, at, "。") ||
	       kb_ends(text.ptr, at, "！") || kb_ends(text.ptr, at, "；") ||
	       kb_ends(text.ptr, at, "？") || kb_ends(text.ptr, at, "、");
}

bool kb_is_constraint(struct kb_str text)
{
	const struct kb_literal_index *index = kb_literals_index(&phrase_set);
	struct kb_literal_places places;

	if (text.len > HEAD_BYTES)
		text.len = HEAD_BYTES;
	places = kb_literal_places(index, text.ptr, text.len);
	for (size_t at = kb_literal_place(&places, 0); at < text.len;
	     at = kb_literal_place(&places, at)) {
		const struct kb_literal *l =
		    kb_literals_word(index, text.ptr, text.len, at);

		if (!l) {
			at++;
			continue;
		}
		if (phrases[l->row].place == ANYWHERE ||
		    (phrases[l->row].place == HEAD && at_head(text, at)))
			return true;
		at += l->len;
	}
	return false;
}
