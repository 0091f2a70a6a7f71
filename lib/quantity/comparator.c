/*
 * What stands beside a quantity and makes a bound of it, and two bounds that
 * make a range.
 */
#include <string.h>

#include "base/letters.h"
#include "base/str.h"
#include "quantity/quantity_int.h"

struct comparator {
	const char *text;
	size_t len;
	enum kb_cmp cmp;
};

#define CMP(text, cmp)                                 \
	{                                              \
		(text), sizeof(text) - 1, KB_CMP_##cmp \
	}

/* clang-format off */
static const struct comparator before[] = {
    CMP("不超过", LE), CMP("不多于", LE), CMP("不高于", LE), CMP("不大于", LE),
    CMP("最多", LE), CMP("至多", LE), CMP("最高", LE), CMP("最长", LE),
    CMP("不少于", GE), CMP("不低于", GE), CMP("不小于", GE), CMP("至少", GE),
    CMP("最少", GE), CMP("最低", GE), CMP("不满", LT), CMP("未满", LT),
    CMP("未达", LT), CMP("未到", LT), CMP("满", GE), CMP("超过", GT),
    CMP("超出", GT), CMP("多于", GT), CMP("大于", GT), CMP("高于", GT),
    CMP("逾", GT), CMP("低于", LT), CMP("少于", LT), CMP("小于", LT),
    CMP("不足", LT), CMP("不到", LT), CMP("大于等于", GE),
    CMP("小于等于", LE), CMP("大约", ABOUT),
    CMP("约为", ABOUT), CMP("约", ABOUT), CMP("近", ABOUT), CMP("大概", ABOUT),
    CMP("差不多", ABOUT), CMP("no more than", LE), CMP("not more than", LE),
    CMP("at most", LE), CMP("up to", LE), CMP("within", LE),
    CMP("no longer than", LE), CMP("no later than", LE), CMP("maximum of", LE),
    CMP("no less than", GE), CMP("no fewer than", GE), CMP("not less than", GE),
    CMP("at least", GE), CMP("minimum of", GE), CMP("more than", GT),
    CMP("greater than", GT), CMP("over", GT), CMP("above", GT),
    CMP("exceeding", GT), CMP("less than", LT), CMP("fewer than", LT),
    CMP("under", LT), CMP("below", LT), CMP("longer than", GT),
    CMP("shorter than", LT), CMP("older than", GT), CMP("younger than", LT),
    CMP("heavier than", GT), CMP("lighter than", LT), CMP("about", ABOUT),
    CMP("around", ABOUT), CMP("approximately", ABOUT), CMP("roughly", ABOUT),
    CMP("nearly", ABOUT), CMP("almost", ABOUT), CMP("starting at", GE),
    CMP("starting from", GE), CMP(">=", GE), CMP("<=", LE),
    CMP("≥", GE), CMP("≤", LE), CMP(">", GT), CMP("<", LT),
};

static const struct comparator after[] = {
    CMP("及以上", GE), CMP("或以上", GE), CMP("以上", GE), CMP("及以下", LE),
    CMP("以下", LE), CMP("以内", LE), CMP("之内", LE), CMP("内", LE),
    CMP("左右", ABOUT), CMP("上下", ABOUT), CMP(" or more", GE),
    CMP(" or above", GE), CMP(" or over", GE), CMP(" and above", GE),
    CMP(" or less", LE), CMP(" or fewer", LE), CMP(" or so", ABOUT),
    CMP(" or under", LE), CMP(" or below", LE), CMP(" or younger", LE),
    CMP(" or lighter", LE), CMP(" or shorter", LE), CMP(" and under", LE),
    CMP(" and below", LE), CMP(" and younger", LE), CMP(" and older", GE),
    CMP(" or heavier", GE), CMP(" or later", GE), CMP(" or earlier", LE),
    CMP(" and up", GE), CMP(" or longer", GE), CMP(" or older", GE), CMP(" and over", GE),
    CMP(" at least", GE), CMP(" at most", LE), CMP(" maximum", LE),
    CMP(" minimum", GE),
};
/* clang-format on */

size_t kb_text_unspaced(const char *text, size_t from, size_t end)
{
	while (end > from && text[end - 1] == ' ')
		end--;
	return end;
}

bool kb_text_ends_with(const char *text, size_t from, size_t end,
		       const char *word, size_t n)
{
	if (end - from < n || kb_lower(text[end - 1]) != word[n - 1] ||
	    !kb_is_folded(text + end - n, word, n))
		return false;
	return !(kb_is_letter(word[0]) && end - n > from &&
		 kb_is_letter(text[end - n - 1]));
}

/* 20元以内 yes, 20个内存 no */
static bool is_memory(const char *p, size_t len)
{
	return kb_starts(p, len, "存") || kb_starts(p, len, "容");
}

void kb_comparator_add(const char *text, size_t len, size_t from,
		       struct kb_quantity *q)
{
	size_t end;

	for (size_t i = 0; i < sizeof(after) / sizeof(*after); i++) {
		const char *p = text + q->end;
		size_t n = after[i].len, left = len - q->end;

		if (left < n || *p != *after[i].text ||
		    memcmp(p, after[i].text, n))
			continue;
		if (after[i].cmp == KB_CMP_LE && n == 3 &&
		    is_memory(p + n, left - n))
			break;
		q->cmp = (unsigned char)after[i].cmp;
		q->end += (uint32_t)n;
		break;
	}
	end = kb_text_unspaced(text, from, q->start);
	for (size_t i = 0; i < sizeof(before) / sizeof(*before); i++) {
		size_t n = before[i].len;

		if (!kb_text_ends_with(text, from, end, before[i].text, n))
			continue;
		if (q->cmp == KB_CMP_EQ)
			q->cmp = (unsigned char)before[i].cmp;
		q->start = (uint32_t)(end - n);
		break;
	}
}

/* ---- two bounds ---- */

/* Is nothing between two bounds but what joins them: 50元以上200元以下, "more
 * than 5 but less than 10 kg"? */
static bool joins(const char *p, size_t len)
{
	static const char *const words[] = {
	    "",	  ",",	"，", "、",  "且",  "并",  "并且", "而且",
	    "但", "而", "和", "and", "but", "yet", "到",   "至"};
	struct kb_str between = {p, len};

	while (between.len && *between.ptr == ' ') {
		between.ptr++;
		between.len--;
	}
	between.len = kb_text_unspaced(between.ptr, 0, between.len);
	if (between.len > 1 && *between.ptr == ',' && between.ptr[1] == ' ') {
		between.ptr += 2;
		between.len -= 2;
	}
	for (size_t i = 0; i < sizeof(words) / sizeof(*words); i++)
		if (kb_str_is_folded(between, words[i]))
			return true;
	return false;
}

static bool is_lower(const struct kb_quantity *q)
{
	return q->cmp == KB_CMP_GE || q->cmp == KB_CMP_GT;
}

static bool is_upper(const struct kb_quantity *q)
{
	return q->cmp == KB_CMP_LE || q->cmp == KB_CMP_LT;
}

bool kb_bounds_merge(const char *text, struct kb_quantity *first,
		     const struct kb_quantity *second)
{
	double low = first->lo;

	if (!is_lower(first) || !is_upper(second) ||
	    !joins(text + first->end, second->start - first->end))
		return false;
	if (first->dim == KB_DIM_NUMBER && second->dim > KB_DIM_NUMBER &&
	    second->said > 0 && !first->unit)
		low *= second->hi / second->said; /* more than 5 .. 10 kg */
	else if (first->dim != second->dim || first->unit != second->unit)
		return false;
	if (low >= second->hi)
		return false;
	first->lo = low;
	first->hi = second->hi;
	first->step = first->step > second->step ? first->step : second->step;
	first->dim = second->dim;
	first->unit = second->unit;
	first->end = second->end;
	first->num_end = second->num_end;
	first->cmp = KB_CMP_EQ;
	first->worded = true;
	return true;
}
