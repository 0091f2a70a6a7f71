#include "answer/lexicon/named_range.h"

#include <strings.h>

#include "base/ascii.h"

struct name {
	const char *text;
	int cycle; /* days of a week or months of a year: how many there are */
	int at;
};

#define DAYS   7
#define MONTHS 12

static const struct name names[] = {
    {"monday", DAYS, 0},      {"tuesday", DAYS, 1},   {"wednesday", DAYS, 2},
    {"thursday", DAYS, 3},    {"friday", DAYS, 4},    {"saturday", DAYS, 5},
    {"sunday", DAYS, 6},      {"january", MONTHS, 0}, {"february", MONTHS, 1},
    {"march", MONTHS, 2},     {"april", MONTHS, 3},   {"may", MONTHS, 4},
    {"june", MONTHS, 5},      {"july", MONTHS, 6},    {"august", MONTHS, 7},
    {"september", MONTHS, 8}, {"october", MONTHS, 9}, {"november", MONTHS, 10},
    {"december", MONTHS, 11},
};

static const char *const weeks[] = {"周", "星期", "礼拜"};
static const char *const days_han[] = {"一", "二", "三", "四",
				       "五", "六", "日", "天"};

/* A name at the place: its bytes, else 0. */
static size_t name_at(struct kb_str text, size_t at, struct name *out)
{
	struct kb_str s = kb_str_skip(text, at);
	size_t n = 0;

	for (size_t w = 0; w < sizeof(weeks) / sizeof(*weeks); w++) {
		size_t head = kb_starts(s.ptr, s.len, weeks[w]);

		for (int d = 0; head && d < DAYS + 1; d++)
			if (kb_starts(s.ptr + head, s.len - head,
				      days_han[d])) {
				*out = (struct name){NULL, DAYS,
						     d < DAYS ? d : DAYS - 1};
				return head + strlen(days_han[d]);
			}
	}
	if (!s.len || (at && kb_is_letter(text.ptr[at - 1])))
		return 0;
	while (n < s.len && kb_is_letter(s.ptr[n]))
		n++;
	for (size_t i = 0; n > 2 && i < sizeof(names) / sizeof(*names); i++) {
		size_t all = strlen(names[i].text);
		size_t len =
		    n == all + 1 && kb_lower(s.ptr[n - 1]) == 's' ? all : n;

		if ((len == all || len == 3) &&
		    !strncasecmp(s.ptr, names[i].text, len)) {
			*out = names[i];
			return n;
		}
	}
	return 0;
}

/* "to", "through", a dash between two names: its bytes, else 0. */
static size_t joint_at(struct kb_str text, size_t at)
{
	static const char *const joints[] = {"through", "thru", "until", "till",
					     "to",	"-",	"–",	 "—",
					     "~",	"至",	"到",	 "～"};
	size_t from = at;

	while (at < text.len &&
	       (kb_is_blank(text.ptr[at]) || text.ptr[at] == '.'))
		at++;
	for (size_t i = 0; i < sizeof(joints) / sizeof(*joints); i++) {
		size_t n =
		    kb_starts_folded(text.ptr + at, text.len - at, joints[i]);

		if (!n)
			continue;
		at += n;
		while (at < text.len && kb_is_blank(text.ptr[at]))
			at++;
		return at - from;
	}
	return 0;
}

static bool lies_in(int at, int from, int to, int cycle)
{
	return (at - from + cycle) % cycle <= (to - from + cycle) % cycle;
}

bool kb_named_range_has(struct kb_str text, struct kb_str word)
{
	struct name asked, first, last;
	size_t joint, n;

	if (name_at(word, 0, &asked) != word.len || !word.len)
		return false;
	for (size_t at = 0; at < text.len; at += n ? n : 1) {
		n = name_at(text, at, &first);
		if (!n || first.cycle != asked.cycle)
			continue;
		joint = joint_at(text, at + n);
		if (joint && name_at(text, at + n + joint, &last) &&
		    last.cycle == asked.cycle &&
		    lies_in(asked.at, first.at, last.at, asked.cycle))
			return true;
	}
	return false;
}

/* A name at the place; a month is written large, not to be a verb. */
static size_t said_at(struct kb_str text, size_t at, struct name *out)
{
	size_t n = name_at(text, at, out);

	return n && out->cycle == MONTHS && (!at || !kb_is_upper(text.ptr[at]))
		   ? 0
		   : n;
}

/* Does the text say the name, or a range that it lies in? some: it says any of
 * the kind. */
static bool says(struct kb_str text, const struct name *name, bool *some)
{
	struct name first, last;
	size_t joint, n;

	for (size_t at = 0; at < text.len; at += n ? n : 1) {
		n = said_at(text, at, &first);
		if (!n || first.cycle != name->cycle)
			continue;
		*some = true;
		if (first.at == name->at)
			return true;
		joint = joint_at(text, at + n);
		if (joint && said_at(text, at + n + joint, &last) &&
		    last.cycle == name->cycle &&
		    lies_in(name->at, first.at, last.at, name->cycle))
			return true;
	}
	return false;
}

struct kb_str kb_named_missing(struct kb_str said, struct kb_str sentence,
			       struct kb_str passage)
{
	struct name name;
	size_t n;

	for (size_t at = 0; at < said.len; at += n ? n : 1) {
		bool some = false;

		n = said_at(said, at, &name);
		if (n && !says(sentence, &name, &some) && some &&
		    !says(passage, &name, &some))
			return (struct kb_str){said.ptr + at, n};
	}
	return (struct kb_str){"", 0};
}
