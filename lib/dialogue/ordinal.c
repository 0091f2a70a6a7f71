#include "dialogue/ordinal.h"

#include <assert.h>

#include "base/ascii.h"
#include "base/utf8.h"
#include "quantity/quantity.h"

/* ---- in a question ---- */

static const char *const english[] = {"last",	"first", "second", "third",
				      "fourth", "fifth", "sixth",  "seventh",
				      "eighth", "ninth", "tenth"};

/* Bytes of the word at text + at, whole and in either case; 0 for another. */
static size_t word_at(struct kb_str text, size_t at, const char *word)
{
	size_t n = kb_starts_folded(text.ptr + at, text.len - at, word);

	if (!n || (at && kb_is_alnum(text.ptr[at - 1])) ||
	    (at + n < text.len && kb_is_alnum(text.ptr[at + n])))
		return 0;
	return n;
}

static size_t skip_blanks(struct kb_str text, size_t at)
{
	while (at < text.len && text.ptr[at] == ' ')
		at++;
	return at;
}

/* Is there nothing but punctuation from here on? */
static bool ends(struct kb_str text, size_t at)
{
	while (at < text.len && strchr(" ?!.", text.ptr[at]))
		at++;
	return at == text.len;
}

/* "The second one", or "the second" that closes the question. */
static bool find_english(struct kb_str q, size_t at,
			 struct kb_list_ordinal *out)
{
	size_t n = word_at(q, at, "the"), from = skip_blanks(q, at + n), one;

	if (!n)
		return false;
	for (unsigned i = 0; i < sizeof(english) / sizeof(*english); i++) {
		n = word_at(q, from, english[i]);
		if (!n)
			continue;
		one = word_at(q, skip_blanks(q, from + n), "one");
		if (!one && !ends(q, from + n))
			return false;
		out->at = at;
		out->len =
		    (one ? skip_blanks(q, from + n) + one : from + n) - at;
		out->number = i;
		return true;
	}
	return false;
}

/* A measure word that counts things, and nothing that it counts. */
static size_t measure_word(struct kb_str q, size_t at)
{
	static const char *const words[] = {"个", "款", "台", "家", "间", "套",
					    "件", "本", "项", "条", "种", "位"};

	for (size_t i = 0; i < sizeof(words) / sizeof(*words); i++) {
		size_t n = kb_starts(q.ptr + at, q.len - at, words[i]);

		if (n && !kb_starts(q.ptr + at + n, q.len - at - n, "月") &&
		    !kb_starts(q.ptr + at + n, q.len - at - n, "小时") &&
		    !kb_starts(q.ptr + at + n, q.len - at - n, "星期"))
			return n;
	}
	return 0;
}

static bool find_chinese(struct kb_str q, size_t at,
			 struct kb_list_ordinal *out)
{
	size_t n = kb_starts(q.ptr + at, q.len - at, "最后一"), number, m;
	double value = 0, step;

	if (!n) {
		n = kb_starts(q.ptr + at, q.len - at, "第");
		number = n ? kb_numeral_parse(q.ptr + at + n, q.len - at - n,
					      &value, &step)
			   : 0;
		if (!number || value < 1 || value > KB_LIST_ITEMS)
			return false;
		n += number;
	}
	m = measure_word(q, at + n);
	if (!m)
		return false;
	*out = (struct kb_list_ordinal){at, n + m, (unsigned)value};
	return true;
}

bool kb_ordinal_find(struct kb_str question, struct kb_list_ordinal *out)
{
	assert(out);
	for (size_t i = 0; i < question.len; i++)
		if (find_english(question, i, out) ||
		    find_chinese(question, i, out))
			return true;
	return false;
}

/* ---- in a list ---- */

/* The bytes of a mark that opens an item: "2. ", "2)", 2、, "- ", "* ", "• ".
 */
static size_t opener(struct kb_str line)
{
	static const char *const behind[] = {". ", ") ", "、", "．", "）"};
	size_t n = 0;

	while (n < line.len && kb_is_digit(line.ptr[n]))
		n++;
	for (size_t i = 0; n && i < sizeof(behind) / sizeof(*behind); i++) {
		size_t m = kb_starts(line.ptr + n, line.len - n, behind[i]);

		if (m)
			return n + m;
	}
	if (n)
		return 0;
	n = kb_starts(line.ptr, line.len, "- ");
	n += n ? 0 : kb_starts(line.ptr, line.len, "* ");
	return n ? n : kb_starts(line.ptr, line.len, "• ");
}

/* What it is called: up to the first mark that says more of it. */
static struct kb_str name_of(struct kb_str item)
{
	static const char *const marks[] = {"，", "（",	 "：",	"。",
					    "；", ", ",	 "(",	": ",
					    "; ", " - ", " – ", " — "};
	size_t end = item.len;

	for (size_t i = 0; i < sizeof(marks) / sizeof(*marks); i++) {
		const char *at =
		    memmem(item.ptr, end, marks[i], strlen(marks[i]));

		if (at)
			end = (size_t)(at - item.ptr);
	}
	item.len = end;
	item = kb_str_trim(item);
	while (item.len && strchr("*`_.", item.ptr[item.len - 1]))
		item.len--;
	while (item.len && strchr("*`_", *item.ptr))
		item = kb_str_skip(item, 1);
	return item;
}

static size_t lines_of(struct kb_str text, struct kb_str *items)
{
	struct kb_str line;
	size_t n = 0;

	while (n < KB_LIST_ITEMS && kb_str_line(&text, &line)) {
		size_t mark;

		line = kb_str_trim(line);
		mark = opener(line);
		if (!mark)
			continue;
		items[n] = name_of(kb_str_skip(line, mark));
		n += items[n].len > 0;
	}
	return n;
}

/* Without how many they are: 三款 */
static struct kb_str without_count(struct kb_str name)
{
	static const char *const measures[] = {"款", "种", "个", "台",
					       "家", "项", "件", "等"};
	static const char *const counts[] = {"两", "二", "三", "四", "五", "六",
					     "七", "八", "九", "十", "等"};

	for (size_t i = 0; i < sizeof(measures) / sizeof(*measures); i++) {
		size_t n = kb_ends(name.ptr, name.len, measures[i]), m;

		for (size_t k = 0; n && k < sizeof(counts) / sizeof(*counts);
		     k++) {
			m = kb_ends(name.ptr, name.len - n, counts[k]);
			if (m)
				return (struct kb_str){name.ptr,
						       name.len - n - m};
		}
	}
	return name;
}

#define NAME_MAX_BYTES 60 /* of an item that stands in a sentence */

/* Without what stands in brackets behind it, and what is said before it. */
static struct kb_str inline_name(struct kb_str part)
{
	static const char *const leads[] = {
	    "：",     ": ",    "有",   "包括",	  "分为",
	    " have ", " are ", " is ", " offer ", " include "};
	const char *bracket = memchr(part.ptr, '(', part.len);
	const char *wide = memmem(part.ptr, part.len, "（", 3);

	if (bracket)
		part.len = (size_t)(bracket - part.ptr);
	if (wide && wide < part.ptr + part.len)
		part.len = (size_t)(wide - part.ptr);
	for (size_t i = 0; i < sizeof(leads) / sizeof(*leads); i++) {
		size_t n = strlen(leads[i]);
		const char *at = memmem(part.ptr, part.len, leads[i], n);

		if (at)
			part = kb_str_skip(part, (size_t)(at + n - part.ptr));
	}
	part = kb_str_trim(part);
	while (part.len && strchr(".!", part.ptr[part.len - 1]))
		part.len--;
	if (kb_starts_folded(part.ptr, part.len, "the "))
		part = kb_str_skip(part, 4);
	return without_count(part);
}

/* The next mark between items; *len its bytes. */
static size_t next_mark(struct kb_str text, size_t at, size_t *len, bool *last)
{
	static const char *const marks[] = {
	    ", and ", " and ", ", or ", " or ", "以及", "和", "或", ", ", "、"};

	for (; at < text.len; at++)
		for (size_t i = 0; i < sizeof(marks) / sizeof(*marks); i++) {
			*len =
			    kb_starts(text.ptr + at, text.len - at, marks[i]);
			*last = i < 7;
			if (*len)
				return at;
		}
	*len = 0;
	return text.len;
}

/* May it be a name: not "closes at five"? */
static bool is_name(struct kb_str name)
{
	return name.len && name.len <= NAME_MAX_BYTES &&
	       !(*name.ptr >= 'a' && *name.ptr <= 'z');
}

/* "We have A (3 USD), B and C", 有A、B和C: the first sentence's own, "and" or
 * 和 before the last. */
static size_t names_of(struct kb_str text, struct kb_str *items)
{
	size_t n = 0, from = 0, len;
	bool last = false, closed = false;

	if ((unsigned char)*text.ptr >= 0x80 && !kb_str_has(text, KB_STR("、")))
		return 0;

	for (size_t i = 0; i < text.len; i++)
		if (kb_starts(text.ptr + i, text.len - i, "。") ||
		    (text.ptr[i] == '.' && i + 1 < text.len &&
		     text.ptr[i + 1] == ' ')) {
			text.len = i;
			break;
		}
	for (;;) {
		size_t at = next_mark(text, from, &len, &last);
		struct kb_str name =
		    inline_name((struct kb_str){text.ptr + from, at - from});

		if (!is_name(name) || n == KB_LIST_ITEMS)
			return 0;
		items[n++] = name;
		if (!len)
			return closed ? n : 0;
		if (closed)
			return 0;
		closed = last;
		from = at + len;
	}
}

size_t kb_list_items(struct kb_str text, struct kb_str *items)
{
	size_t n = lines_of(text, items);

	if (n < 2 && text.len)
		n = names_of(text, items);
	return n < 2 ? 0 : n;
}
