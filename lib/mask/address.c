#include "mask/address.h"

#include "base/utf8.h"
#include "text/literals.h"
#include "text/script.h"

#define LEFT_BYTES 120 /* before a house number, at most */

/* What a house number is followed by; the longer first. */
static const char *const units[] = {"号楼", "号院", "号", "弄", "栋", "幢",
				    "单元", "座",   "室", "层", "房", "楼"};

/* Of these, what is a house number wherever an area stands before it. */
static const char *const inner_units[] = {"号楼", "号院", "栋",
					  "幢",	  "单元", "室"};

/* What stands at once before the number of a house. */
static const char *const streets[] = {"路", "街", "道",	  "巷", "弄",
				      "村", "里", "胡同", "段"};

static const char *const areas[] = {
    "省", "市",	  "区",	  "县", "镇", "乡",   "村",   "路", "街", "道",
    "巷", "小区", "花园", "苑", "园", "大厦", "广场", "里", "城", "湾"};

/* What stands before an address and is none of it. */
static const char *const openers[] = {
    "地址是", "地址为", "地址改成", "地址改为", "地址", "住址", "寄到", "送到",
    "发到",   "寄往",	"送往",	    "改到",	"改成", "改为", "家住", "住在",
    "住",     "在",	"是",	    "到",	"至",	"于",	"位于", "给",
    "去",     "我",	"搬",	    "从",	"往",	"为",	"请",	"收货",
    "快递放", "快递",	"件放",	    "货放",	"放在", "寄",	"的",	"他",
    "她",     "叫",	"把"};

static struct kb_literals opener_set = KB_LITERALS(openers);

#define N(table) (sizeof(table) / sizeof(*(table)))

static size_t any_at(struct kb_str text, size_t at, const char *const *words,
		     size_t n)
{
	for (size_t i = 0; i < n; i++) {
		size_t len = kb_starts(text.ptr + at, text.len - at, words[i]);

		if (len)
			return len;
	}
	return 0;
}

static bool any_before(struct kb_str text, size_t at, const char *const *words,
		       size_t n)
{
	for (size_t i = 0; i < n; i++)
		if (kb_ends(text.ptr, at, words[i]))
			return true;
	return false;
}

/* Digits, letters, hyphens and Chinese figures of a number at 'at'. */
static size_t number_end(struct kb_str text, size_t at)
{
	static const char *const figures[] = {"一", "二", "三", "四", "五",
					      "六", "七", "八", "九", "十",
					      "百", "零", "甲", "乙"};
	size_t n;

	while (at < text.len) {
		if (kb_is_alnum(text.ptr[at]) ||
		    (text.ptr[at] == '-' && at + 1 < text.len &&
		     kb_is_alnum(text.ptr[at + 1]))) {
			at++;
			continue;
		}
		n = any_at(text, at, figures, N(figures));
		if (!n)
			break;
		at += n;
	}
	return at;
}

/* Further parts behind a house number: "5号楼602室", "阳光小区3栋", "一楼". */
static size_t parts_end(struct kb_str text, size_t at)
{
	for (;;) {
		size_t from = at, han = 0, end, unit;

		while (from < text.len && text.ptr[from] == ' ')
			from++;
		/* a name of up to eight characters before the number */
		for (;; han++) {
			uint32_t cp;
			size_t n;

			end = number_end(text, from);
			unit =
			    end > from ? any_at(text, end, units, N(units)) : 0;
			if (unit || han == 8 || from >= text.len)
				break;
			n = kb_utf8_next(text.ptr + from, text.len - from, &cp);
			if (!kb_is_han(cp))
				break;
			from += n;
		}
		if (!unit) {
			/* a bare number of a room: "12号602" */
			end = number_end(text, at);
			return end > at && end - at <= 5 ? end : at;
		}
		at = end + unit;
	}
}

/* Where an address that goes on to 'end' begins. */
static size_t han_start(struct kb_str text, size_t from, size_t end)
{
	const struct kb_literal_index *index = kb_literals_index(&opener_set);
	size_t at = end, start;

	while (at > from && end - at < LEFT_BYTES) {
		uint32_t cp;
		size_t n = kb_utf8_prev(text.ptr, at, &cp);

		if (!kb_is_han(cp) && !(cp < 0x80 && kb_is_alnum((char)cp)))
			break;
		at -= n;
	}
	start = at;
	while (at < end) {
		struct kb_literal_it it =
		    kb_literals_at(index, text.ptr + at, end - at);
		const struct kb_literal *l = kb_literal_next(&it);
		uint32_t cp;

		if (l && at + l->len < end) {
			at += l->len;
			start = at;
			continue;
		}
		at += kb_utf8_next(text.ptr + at, end - at, &cp);
	}
	return start;
}

/* A Chinese address whose first house number begins at 'at'. */
static size_t han_address(struct kb_str text, size_t from, size_t at,
			  size_t *end)
{
	size_t number = number_end(text, at), unit, start;
	bool street = any_before(text, at, streets, N(streets)), area = false;

	unit = any_at(text, number, units, N(units));
	if (number == at || !unit ||
	    kb_starts(text.ptr + number + unit, text.len - number - unit, "线"))
		return text.len;
	start = han_start(text, from, at);
	for (size_t i = start; i < at; i++)
		area |= any_at((struct kb_str){text.ptr, at}, i, areas,
			       N(areas)) > 0;
	if (!area || at - start < 6 ||
	    (!street && !any_at(text, number, inner_units, N(inner_units))))
		return text.len;
	*end = parts_end(text, number + unit);
	return start;
}

/* ---- English ---- */

static const char *const street_words[] = {
    "street",	"st",	 "road",    "rd",     "avenue",	   "ave",
    "lane",	"ln",	 "drive",   "dr",     "boulevard", "blvd",
    "court",	"ct",	 "way",	    "place",  "square",	   "terrace",
    "crescent", "close", "highway", "parkway"};

static size_t word_end(struct kb_str text, size_t at)
{
	while (at < text.len &&
	       (kb_is_alnum(text.ptr[at]) || text.ptr[at] == '\''))
		at++;
	return at;
}

static bool is_street_word(struct kb_str word)
{
	for (size_t i = 0; i < N(street_words); i++)
		if (kb_str_is_folded(word, street_words[i]))
			return true;
	return false;
}

/* ", Apt 4B", ", Springfield", ", IL 62704", " SW1A 2AA": parts with a comma
 * before that begin in a capital or digit. */
static size_t english_parts(struct kb_str text, size_t at)
{
	for (int part = 0; part < 4; part++) {
		size_t from = at, end;
		int words = 0;

		if (from < text.len && text.ptr[from] == '.')
			from++;
		if (from + 2 >= text.len || text.ptr[from] != ',' ||
		    text.ptr[from + 1] != ' ')
			break;
		from += 2;
		end = from;
		while (words < 4 && end < text.len &&
		       (kb_is_upper(text.ptr[end]) ||
			kb_is_digit(text.ptr[end]) || text.ptr[end] == '#')) {
			words++;
			end = word_end(text, end + 1);
			at = end;
			if (end >= text.len || text.ptr[end] != ' ')
				break;
			end++;
		}
		if (!words)
			break;
	}
	return at;
}

/* "12 Elm Street", "221B Baker St": the number at 'at'. */
static size_t english_address(struct kb_str text, size_t at, size_t *end)
{
	size_t i = word_end(text, at);

	if (i - at > 6 || i >= text.len || text.ptr[i] != ' ')
		return text.len;
	for (int words = 0; words < 5; words++) {
		size_t from = ++i;

		i = word_end(text, from);
		if (i == from || !(kb_is_upper(text.ptr[from]) ||
				   kb_is_digit(text.ptr[from])))
			return text.len;
		if (words && is_street_word(
				 (struct kb_str){text.ptr + from, i - from})) {
			*end = english_parts(text, i);
			return at;
		}
		if (i >= text.len || text.ptr[i] != ' ')
			return text.len;
	}
	return text.len;
}

/* Does a number begin at 'at'? */
static bool begins_number(struct kb_str text, size_t at)
{
	return kb_is_digit(text.ptr[at]) &&
	       !(at && kb_is_alnum(text.ptr[at - 1]));
}

static bool is_figure(struct kb_str text, size_t at)
{
	return (unsigned char)text.ptr[at] >= 0xe4 && at >= 3 &&
	       number_end(text, at) > at &&
	       any_before(text, at, streets, N(streets));
}

size_t kb_address_next(struct kb_str text, size_t at, size_t *end)
{
	size_t from = at;

	for (; at < text.len; at++) {
		size_t start = text.len;
		bool latin = kb_is_alnum(text.ptr[at]) && at &&
			     (unsigned char)text.ptr[at - 1] >= 0x80;

		if (begins_number(text, at))
			start = english_address(text, at, end);
		if (start == text.len &&
		    (begins_number(text, at) || latin || is_figure(text, at)))
			start = han_address(text, from, at, end);
		if (start < text.len)
			return start;
	}
	return text.len;
}
