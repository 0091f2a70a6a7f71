#include "answer/question_parts.h"

#include <string.h>

#include "base/ascii.h"
#include "base/buf.h"
#include "base/utf8.h"

#define HAN_BYTES  3
#define PART_HAN   4 /* characters, or words, of which a part has at least */
#define PART_WORDS 3

/* Words of Chinese that ask, wherever they stand. */
static const char *const asking_han[] = {
    "吗",     "么",	  "几",	    "多少",   "多久",	 "多长",
    "多大",   "多高",	  "多重",   "多远",   "多快",	 "多宽",
    "哪",     "谁",	  "怎",	    "如何",   "何时",	 "何处",
    "为何",   "是否",	  "能否",   "可否",   "有没有",	 "是不是",
    "能不能", "可不可以", "会不会", "要不要", "需不需要"};

/* Words of English that ask at the head of a clause, a preposition or "and"
 * before them set aside. */
static const char *const asking_words[] = {
    "what", "when", "where",  "which", "who",	"whom", "whose", "why", "how",
    "is",   "are",  "was",    "were",  "do",	"does", "did",	 "can", "could",
    "may",  "must", "should", "will",  "would", "have", "has",	 "am"};

static const char *const before_words[] = {
    "and", "also", "or", "but", "then", "until", "till", "from",
    "by",  "at",   "to", "for", "in",	"on",	 "with", "since"};

static size_t word_at(struct kb_str text, const char *const *words, size_t n)
{
	for (size_t i = 0; i < n; i++) {
		size_t len = kb_starts_folded(text.ptr, text.len, words[i]);

		if (len && (len == text.len || !kb_is_letter(text.ptr[len])))
			return len;
	}
	return 0;
}

#define WORD_AT(text, words) \
	word_at(text, words, sizeof(words) / sizeof((words)[0]))

static struct kb_str without_blanks(struct kb_str text)
{
	while (text.len && kb_is_space(*text.ptr))
		text = kb_str_skip(text, 1);
	return text;
}

static bool asks(struct kb_str clause)
{
	size_t n;

	for (size_t i = 0; i < sizeof(asking_han) / sizeof(*asking_han); i++)
		if (kb_str_has(clause, kb_str_of(asking_han[i])))
			return true;
	clause = without_blanks(clause);
	while ((n = WORD_AT(clause, before_words)))
		clause = without_blanks(kb_str_skip(clause, n));
	return WORD_AT(clause, asking_words) > 0;
}

/* Has it characters or words enough to ask something by itself? */
static bool is_whole(struct kb_str clause)
{
	size_t han = 0, words = 0;

	for (size_t i = 0;
	     i < clause.len && han < PART_HAN && words < PART_WORDS;) {
		bool letter = kb_is_alnum(clause.ptr[i]);
		uint32_t cp;

		words += letter && (!i || !kb_is_alnum(clause.ptr[i - 1]));
		i += kb_utf8_next(clause.ptr + i, clause.len - i, &cp);
		han += cp >= 0x4e00 && cp <= 0x9fff;
	}
	return han >= PART_HAN || words >= PART_WORDS;
}

/* Bytes of what ends a clause at p, 0 for none; "and" begins the next one. */
static size_t end_at(struct kb_str text, size_t at)
{
	static const char *const marks[] = {"?",  "？", "!",  "！", ";",
					    "；", "。", "，", "\n"};
	const char *p = text.ptr + at;
	size_t left = text.len - at;

	for (size_t i = 0; i < sizeof(marks) / sizeof(*marks); i++) {
		size_t n = kb_starts(p, left, marks[i]);

		if (n)
			return n;
	}
	/* not of a number */
	return (*p == ',' || *p == '.') && left > 1 && p[1] == ' ' ? 1 : 0;
}

/* Does a clause begin here with a word that joins? */
static bool joins_at(struct kb_str text, size_t at)
{
	static const char *const words[] = {"以及", "还有", "并且", "另外"};

	for (size_t i = 0; i < sizeof(words) / sizeof(*words); i++)
		if (kb_starts(text.ptr + at, text.len - at, words[i]))
			return true;
	return at && text.ptr[at - 1] == ' ' &&
	       kb_starts_folded(text.ptr + at, text.len - at, "and ");
}

static size_t clause_end(struct kb_str text, size_t from)
{
	for (size_t i = from; i < text.len; i++) {
		size_t n = end_at(text, i);

		if (n)
			return i + n;
		if (i > from && joins_at(text, i))
			return i;
	}
	return text.len;
}

size_t kb_question_parts(struct kb_str text,
			 struct kb_str parts[KB_QUESTION_PARTS])
{
	size_t n = 0, start = 0;

	for (size_t at = 0; at < text.len;) {
		size_t end = clause_end(text, at);
		struct kb_str clause = {text.ptr + at, end - at};
		struct kb_str part = {text.ptr + start, end - start};

		at = end;
		if (!asks(clause) || !is_whole(part))
			continue;
		if (n == KB_QUESTION_PARTS)
			return 0;
		parts[n++] = part;
		start = end;
	}
	if (n < 2)
		return 0;
	parts[n - 1].len = (size_t)(text.ptr + text.len - parts[n - 1].ptr);
	return n;
}

/* The next word of letters and digits from *at on; len 0 at the end. */
static struct kb_str next_word(struct kb_str text, size_t *at)
{
	struct kb_str word;

	while (*at < text.len && !kb_is_alnum(text.ptr[*at]))
		++*at;
	word = (struct kb_str){text.ptr + *at, 0};
	while (*at < text.len &&
	       (kb_is_alnum(text.ptr[*at]) || text.ptr[*at] == '-')) {
		++*at;
		word.len++;
	}
	return word;
}

enum word_kind { WORD_PLAIN, WORD_NUMBER, WORD_NAME };

/* is_first: of the text, where any word has a capital */
static enum word_kind kind_of(struct kb_str word, bool is_first)
{
	bool letter = false, digit = false, capital = false;

	for (size_t i = 0; i < word.len; i++) {
		char c = word.ptr[i];

		digit |= kb_is_digit(c);
		letter |= kb_is_letter(c);
		capital |= c >= 'A' && c <= 'Z' && (i || !is_first);
	}
	if (digit && !letter)
		return WORD_NUMBER;
	return (capital && word.len > 1) || (digit && letter) ? WORD_NAME
							      : WORD_PLAIN;
}

/* The names of a text, each with a blank behind it. */
static void add_names(struct kb_buf *out, struct kb_str text)
{
	bool name = false;
	struct kb_str word;

	for (size_t at = 0; (word = next_word(text, &at)).len;) {
		enum word_kind kind = kind_of(word, word.ptr == text.ptr);

		name = kind == WORD_NAME || (kind == WORD_NUMBER && name);
		if (!name)
			continue;
		kb_buf_add_str(out, word);
		kb_buf_add_char(out, ' ');
	}
}

struct kb_str kb_question_part(struct kb_arena *arena, struct kb_str text,
			       struct kb_str part)
{
	struct kb_str before = {text.ptr, (size_t)(part.ptr - text.ptr)};
	struct kb_buf names;

	kb_buf_init(&names, 0);
	add_names(&names, part);
	if (!names.len) {
		add_names(&names, before);
		if (names.len) {
			kb_buf_add_str(&names, part);
			part = kb_arena_copy(arena, kb_buf_str(&names));
		}
	}
	kb_buf_release(&names);
	return part;
}
