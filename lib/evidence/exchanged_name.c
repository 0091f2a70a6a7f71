/*
 * Chinese names of which one character is another: 湖西路 for 湖滨路, 李敏老师
 * for 王敏老师. A character in the place of another one says little; with what
 * stands behind it, it is the name of something else. And names of days and
 * months.
 */
#include "answer/named_range.h"
#include "base/utf8.h"
#include "evidence/gaps.h"
#include "query/common_words.h"
#include "text/script.h"

#define HAN_BYTES 3

/* What names of people, places and firms end in. */
static const char *const ends[] = {
    "老师", "先生", "女士", "医生", "大夫", "护士", "经理", "主任",
    "教授", "律师", "师傅", "路",   "街",   "巷",   "大道", "物流",
    "快递", "公司", "银行", "集团", "酒店", "宾馆", "医院", "大学",
    "中学", "小学", "超市", "广场", "公园", "大厦"};

static bool is_name_end(struct kb_str word)
{
	for (size_t i = 0; i < sizeof(ends) / sizeof(*ends); i++)
		if (kb_str_is(word, ends[i]))
			return true;
	return false;
}

/* The end of a name at the place, of one or two characters; len 0 for none. */
static struct kb_str end_at(struct kb_str text, size_t at)
{
	for (size_t n = 2 * HAN_BYTES; n; n -= HAN_BYTES) {
		struct kb_str word = {text.ptr + at, n};

		if (at + n <= text.len && is_name_end(word))
			return word;
	}
	return (struct kb_str){"", 0};
}

/* The two characters before the place; false unless both are Chinese. */
static bool two_before(struct kb_str text, size_t at, uint32_t two[2])
{
	if (at < 2 * (size_t)HAN_BYTES)
		return false;
	for (size_t i = 0; i < 2; i++) {
		size_t from = at - (2 - i) * HAN_BYTES;

		if (kb_utf8_next(text.ptr + from, HAN_BYTES, &two[i]) !=
			HAN_BYTES ||
		    !kb_is_han(two[i]))
			return false;
	}
	return true;
}

/* Is what stands before the end of a name no word, so that it is one? */
static bool is_name(struct kb_str text, size_t at)
{
	uint32_t two[2];

	return two_before(text, at, two) && !kb_common_pair(two[0], two[1]);
}

/* Is one of the two characters before the places the same, and one not? */
static bool differs_by_one(struct kb_str a, size_t at, struct kb_str b,
			   size_t place)
{
	uint32_t x[2], y[2];

	return two_before(a, at, x) && two_before(b, place, y) &&
	       (x[0] == y[0]) != (x[1] == y[1]);
}

/* The name before such an end in the text that the one of the claim at the
 * place may stand for; len 0 for none. */
static struct kb_str name_of(struct kb_str text, struct kb_str end,
			     struct kb_str claim, size_t at)
{
	for (size_t i = 0; i + end.len <= text.len; i++)
		if (!memcmp(text.ptr + i, end.ptr, end.len) &&
		    (differs_by_one(claim, at, text, i) ||
		     (is_name(claim, at) && is_name(text, i))))
			return (struct kb_str){
			    text.ptr + i - 2 * HAN_BYTES,
			    end.len + 2 * HAN_BYTES,
			};
	return (struct kb_str){"", 0};
}

static bool is_said(const struct kb_compare_input *in, uint32_t hit,
		    struct kb_str name)
{
	const struct kb_prepared *ev = in->evidence;

	return !kb_compare_visit(in, ev->texts[hit].len / VISIT_BYTES + 1) ||
	       kb_str_has(ev->texts[hit], name) ||
	       kb_str_has(ev->titles[hit], name) ||
	       (in->question && kb_str_has(in->question->texts[0], name));
}

void kb_compare_names(const struct kb_compare_input *in, uint32_t sentence,
		      struct kb_comparison *out)
{
	const struct kb_prepared *ev = in->evidence;
	const struct kb_prepared_sentence *s = &ev->sentences[sentence];
	struct kb_str claim = in->claim->texts[0];
	struct kb_str text = kb_compare_slice(ev, sentence, s->start, s->end);

	if (in->claim->n_tokens > KB_ALIGN_TOKENS || s->n > KB_ALIGN_TOKENS ||
	    !text.len)
		return;
	for (size_t at = 2 * HAN_BYTES; at < claim.len; at++) {
		struct kb_str end = end_at(claim, at), name, theirs;

		if (!end.len)
			continue;
		name = (struct kb_str){end.ptr - 2 * HAN_BYTES,
				       end.len + 2 * HAN_BYTES};
		theirs = name_of(text, end, claim, at);
		if (!theirs.len || is_said(in, s->hit, name))
			continue;
		kb_compare_find(out, KB_FIND_EXCHANGED, name, theirs, s->hit);
		return;
	}
}

/* Does it name a day or a month that the sentence, which names others, does
 * not? */
void kb_compare_named(const struct kb_compare_input *in, uint32_t sentence,
		      struct kb_comparison *out)
{
	const struct kb_prepared *ev = in->evidence;
	const struct kb_prepared_sentence *s = &ev->sentences[sentence];
	struct kb_str text = kb_compare_slice(ev, sentence, s->start, s->end);
	struct kb_str name;

	if (!text.len || in->claim->n_tokens > KB_ALIGN_TOKENS ||
	    s->n > KB_ALIGN_TOKENS ||
	    !kb_compare_visit(in, ev->texts[s->hit].len / VISIT_BYTES))
		return;
	name = kb_named_missing(in->claim->texts[0], text, ev->texts[s->hit]);
	if (name.len)
		kb_compare_find(out, KB_FIND_EXCHANGED, name,
				(struct kb_str){"", 0}, s->hit);
}
