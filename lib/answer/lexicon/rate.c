#include "answer/lexicon/rate.h"

#include "base/ascii.h"

struct word {
	const char *text;
	enum kb_rate rate;
};

/* Behind "a", "per", "each", "every" or a stroke. */
static const struct word english[] = {
    {"minute", KB_RATE_MINUTE},
    {"hour", KB_RATE_HOUR},
    {"day", KB_RATE_DAY},
    {"night", KB_RATE_NIGHT},
    {"week", KB_RATE_WEEK},
    {"month", KB_RATE_MONTH},
    {"quarter", KB_RATE_QUARTER},
    {"year", KB_RATE_YEAR},
    {"person", KB_RATE_PERSON},
    {"head", KB_RATE_PERSON},
    {"guest", KB_RATE_PERSON},
    {"litre", KB_RATE_LITRE},
    {"liter", KB_RATE_LITRE},
    {"metre", KB_RATE_METRE},
    {"meter", KB_RATE_METRE},
    {"km", KB_RATE_KILOMETRE},
    {"kilometre", KB_RATE_KILOMETRE},
    {"kilometer", KB_RATE_KILOMETRE},
    {"kg", KB_RATE_KILOGRAM},
    {"kilogram", KB_RATE_KILOGRAM},
    {"kilo", KB_RATE_KILOGRAM},
    {"item", KB_RATE_PIECE},
    {"piece", KB_RATE_PIECE},
    {"page", KB_RATE_PAGE},
};

static const struct word adverbs[] = {
    {"hourly", KB_RATE_HOUR},	{"daily", KB_RATE_DAY},
    {"nightly", KB_RATE_NIGHT}, {"weekly", KB_RATE_WEEK},
    {"monthly", KB_RATE_MONTH}, {"quarterly", KB_RATE_QUARTER},
    {"yearly", KB_RATE_YEAR},	{"annually", KB_RATE_YEAR},
};

/* Behind 每, 一 or a stroke. */
static const struct word chinese[] = {
    {"分钟", KB_RATE_MINUTE},	 {"小时", KB_RATE_HOUR},
    {"天", KB_RATE_DAY},	 {"日", KB_RATE_DAY},
    {"晚", KB_RATE_NIGHT},	 {"夜", KB_RATE_NIGHT},
    {"周", KB_RATE_WEEK},	 {"星期", KB_RATE_WEEK},
    {"个月", KB_RATE_MONTH},	 {"月", KB_RATE_MONTH},
    {"季", KB_RATE_QUARTER},	 {"年", KB_RATE_YEAR},
    {"人", KB_RATE_PERSON},	 {"位", KB_RATE_PERSON},
    {"升", KB_RATE_LITRE},	 {"公里", KB_RATE_KILOMETRE},
    {"千米", KB_RATE_KILOMETRE}, {"米", KB_RATE_METRE},
    {"公斤", KB_RATE_KILOGRAM},	 {"千克", KB_RATE_KILOGRAM},
    {"件", KB_RATE_PIECE},	 {"页", KB_RATE_PAGE},
};

static struct kb_str skip_blanks(struct kb_str s)
{
	size_t n = 0;

	while (n < s.len && kb_is_blank(s.ptr[n]))
		n++;
	return kb_str_skip(s, n);
}

/* A word of letters at the beginning, whole. */
static size_t whole(struct kb_str s, const char *word)
{
	size_t n = kb_starts_folded(s.ptr, s.len, word);

	return n && (n == s.len || !kb_is_letter(s.ptr[n])) ? n : 0;
}

static enum kb_rate find_english(struct kb_str s, const struct word *words,
				 size_t n)
{
	for (size_t i = 0; i < n; i++)
		if (whole(s, words[i].text))
			return words[i].rate;
	return KB_RATE_NONE;
}

static enum kb_rate find_chinese(struct kb_str s)
{
	for (size_t i = 0; i < sizeof(chinese) / sizeof(*chinese); i++)
		if (kb_starts(s.ptr, s.len, chinese[i].text))
			return chinese[i].rate;
	return KB_RATE_NONE;
}

/* "Per missing litre" */
static enum kb_rate find_described(struct kb_str word)
{
	enum kb_rate rate =
	    find_english(word, english, sizeof(english) / sizeof(*english));
	size_t n = 0;

	if (rate)
		return rate;
	while (n < word.len && kb_is_letter(word.ptr[n]))
		n++;
	return n ? find_english(skip_blanks(kb_str_skip(word, n)), english,
				sizeof(english) / sizeof(*english))
		 : KB_RATE_NONE;
}

static enum kb_rate behind(struct kb_str s)
{
	static const char *const openers[] = {"a", "an", "per", "each",
					      "every"};
	size_t n = 0;

	s = skip_blanks(s);
	s = skip_blanks(kb_str_skip(s, whole(s, "for")));
	if (s.len && *s.ptr == '/')
		n = 1;
	for (size_t i = 0; !n && i < sizeof(openers) / sizeof(*openers); i++)
		n = whole(s, openers[i]);
	if (n) {
		struct kb_str word = skip_blanks(kb_str_skip(s, n));
		enum kb_rate rate = find_described(word);

		return rate ? rate : find_chinese(word);
	}
	n = kb_starts(s.ptr, s.len, "每") + kb_starts(s.ptr, s.len, "一");
	if (n)
		return find_chinese(kb_str_skip(s, n));
	return find_english(s, adverbs, sizeof(adverbs) / sizeof(*adverbs));
}

static enum kb_rate before(struct kb_str s)
{
	for (size_t i = 0; i < sizeof(chinese) / sizeof(*chinese); i++) {
		size_t n = kb_ends(s.ptr, s.len, chinese[i].text);

		if (n && kb_ends(s.ptr, s.len - n, "每"))
			return chinese[i].rate;
	}
	return KB_RATE_NONE;
}

enum kb_rate kb_rate_of(struct kb_str text, const struct kb_quantity *q)
{
	enum kb_rate rate = behind(kb_str_skip(text, q->num_end));

	return rate ? rate : before((struct kb_str){text.ptr, q->num_start});
}
