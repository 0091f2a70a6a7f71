#include "text/words.h"

#include <string.h>

#include "base/letters.h"
#include "base/utf8.h"
#include "text/analyze.h"
#include "text/literals.h"

static const char *const stop_words[] = {
    "a",       "about", "above",   "after", "again",  "against", "all",
    "also",    "am",	"an",	   "and",   "any",    "are",	 "as",
    "at",      "be",	"because", "been",  "before", "being",	 "below",
    "between", "both",	"but",	   "by",    "can",    "could",	 "did",
    "do",      "does",	"doing",   "done",  "down",   "during",	 "each",
    "either",  "else",	"ever",	   "few",   "for",    "from",	 "further",
    "get",     "had",	"has",	   "have",  "having", "he",	 "her",
    "here",    "hers",	"him",	   "his",   "how",    "i",	 "if",
    "in",      "into",	"is",	   "it",    "its",    "just",	 "let",
    "may",     "me",	"might",   "more",  "most",   "much",	 "must",
    "my",      "no",	"nor",	   "not",   "now",    "of",	 "off",
    "on",      "once",	"only",	   "or",    "other",  "our",	 "out",
    "over",    "own",	"please",  "same",  "shall",  "she",	 "should",
    "so",      "some",	"such",	   "than",  "that",   "the",	 "their",
    "them",    "then",	"there",   "these", "they",   "this",	 "those",
    "through", "to",	"too",	   "under", "until",  "up",	 "us",
    "very",    "was",	"we",	   "were",  "what",   "when",	 "where",
    "which",   "while", "who",	   "whom",  "whose",  "why",	 "will",
    "with",    "would", "you",	   "your",  "yours",
};

#define STOP_LONGEST 7 /* bytes */

/* A word of at most so many bytes as a number, its letters folded, zeros
 * behind it. */
static uint64_t packed(const char *word, size_t len)
{
	const unsigned char *p = (const unsigned char *)word;
	uint64_t bytes = p[0];

	if (len >= 4)
		bytes = kb_load32(p) | (uint64_t)kb_load32(p + len - 4)
					   << (8 * (len - 4));
	else if (len > 1)
		bytes |= (uint64_t)p[len / 2] << (8 * (len / 2)) |
			 (uint64_t)p[len - 1] << (8 * (len - 1));
	return bytes | (KB_EACH_BYTE(0x20) >> (8 * (8 - len)));
}

/* The words by a hash of their bytes, each at the next free place; 0 is none.
 */
#define STOP_PLACES 1024

static uint64_t stop_packed[STOP_PLACES];

static size_t place_of(uint64_t bytes)
{
	return (size_t)(bytes * UINT64_C(0x9e3779b97f4a7c15) >> 54);
}

bool kb_stop_word(const char *word, size_t len)
{
	uint64_t bytes;
	size_t at;

	if (!len || len > STOP_LONGEST)
		return false;
	bytes = packed(word, len);
	for (at = place_of(bytes); stop_packed[at] && stop_packed[at] != bytes;)
		at = (at + 1) % STOP_PLACES;
	return stop_packed[at] == bytes;
}

/* Their keys by their last bits, each at the next free place; 0 is none. */
#define STOP_KEYS 1024

static uint64_t stop_keys[STOP_KEYS];

/* Before main, so that threads find it built; some 130 words. */
__attribute__((constructor)) static void build_stop_keys(void)
{
	for (size_t i = 0; i < sizeof(stop_words) / sizeof(*stop_words); i++) {
		uint64_t key = kb_term_key(KB_TERM_WORD, stop_words[i],
					   strlen(stop_words[i]));
		size_t at = key % STOP_KEYS;

		while (stop_keys[at])
			at = (at + 1) % STOP_KEYS;
		stop_keys[at] = key;
	}
	for (size_t i = 0; i < sizeof(stop_words) / sizeof(*stop_words); i++) {
		uint64_t bytes = packed(stop_words[i], strlen(stop_words[i]));
		size_t at = place_of(bytes);

		while (stop_packed[at])
			at = (at + 1) % STOP_PLACES;
		stop_packed[at] = bytes;
	}
}

bool kb_stop_term(uint64_t key)
{
	size_t at = key % STOP_KEYS;

	while (stop_keys[at] && stop_keys[at] != key)
		at = (at + 1) % STOP_KEYS;
	return stop_keys[at] == key && key;
}

/* In the order of their code points. */
static const uint16_t stop_chars[] = {
    0x4e0e, 0x4e14, 0x4e2a, 0x4e3a, 0x4e48, 0x4e4b, /* 与且个为么之 */
    0x4e5f, 0x4e86, 0x4e8e, 0x4ece, 0x4ed6, 0x4ee5, /* 也了于从他以 */
    0x4eec, 0x4f60, 0x5176, 0x518d, 0x5230, 0x53c8, /* 们你其再到又 */
    0x53ca, 0x5411, 0x5417, 0x5427, 0x5440, 0x5462, /* 及向吗吧呀呢 */
    0x548c, 0x54ea, 0x554a, 0x561b, 0x5728, 0x5730, /* 和哪啊嘛在地 */
    0x5979, 0x5b83, 0x5bf9, 0x5c31, 0x5f88, 0x5f97, /* 她它对就很得 */
    0x60a8, 0x6211, 0x6216, 0x624d, 0x628a, 0x662f, /* 您我或才把是 */
    0x66f4, 0x6700, 0x6709, 0x6b64, 0x7531, 0x7684, /* 更最有此由的 */
    0x7740, 0x7ed9, 0x800c, 0x88ab, 0x8ba9, 0x8bf7, /* 着给而被让请 */
    0x8fc7, 0x8fd8, 0x8fd9, 0x90a3, 0x90fd, 0x95ee, /* 过还这那都问 */
};

bool kb_stop_han(uint32_t cp)
{
	size_t lo = 0, hi = sizeof(stop_chars) / sizeof(*stop_chars);

	while (lo < hi) {
		size_t mid = (lo + hi) / 2;

		if (stop_chars[mid] == cp)
			return true;
		if (stop_chars[mid] < cp)
			lo = mid + 1;
		else
			hi = mid;
	}
	return false;
}

size_t kb_find_phrase(const char *text, size_t len, const char *phrase)
{
	size_t n = strlen(phrase);

	for (size_t at = 0; at + n <= len; at++)
		if (kb_lower(text[at]) == *phrase &&
		    kb_is_folded(text + at, phrase, n) &&
		    kb_is_bounded(text, len, at, n))
			return at;
	return len;
}

/* ---- questions ---- */

/* The first row found decides; the more special stand first. */
static const struct {
	const char *phrase;
	enum kb_ask ask;
} asks[] = {
    {"how many", KB_ASK_HOW_MANY},
    {"how much", KB_ASK_HOW_MANY},
    {"how long", KB_ASK_HOW_MANY},
    {"how often", KB_ASK_HOW_MANY},
    {"how far", KB_ASK_HOW_MANY},
    {"how old", KB_ASK_HOW_MANY},
    {"how big", KB_ASK_HOW_MANY},
    {"how large", KB_ASK_HOW_MANY},
    {"how tall", KB_ASK_HOW_MANY},
    {"how heavy", KB_ASK_HOW_MANY},
    {"how soon", KB_ASK_HOW_MANY},
    {"what time", KB_ASK_WHEN},
    {"what year", KB_ASK_WHEN},
    {"what date", KB_ASK_WHEN},
    {"what day", KB_ASK_WHEN},
    {"which year", KB_ASK_WHEN},
    {"为什么", KB_ASK_WHY},
    {"为何", KB_ASK_WHY},
    {"怎么回事", KB_ASK_WHY},
    {"什么原因", KB_ASK_WHY},
    {"什么时候", KB_ASK_WHEN},
    {"何时", KB_ASK_WHEN},
    {"哪年", KB_ASK_WHEN},
    {"哪一年", KB_ASK_WHEN},
    {"哪天", KB_ASK_WHEN},
    {"几点", KB_ASK_WHEN},
    {"几月", KB_ASK_WHEN},
    {"多少", KB_ASK_HOW_MANY},
    {"多久", KB_ASK_HOW_MANY},
    {"多长", KB_ASK_HOW_MANY},
    {"多大", KB_ASK_HOW_MANY},
    {"多高", KB_ASK_HOW_MANY},
    {"多重", KB_ASK_HOW_MANY},
    {"多远", KB_ASK_HOW_MANY},
    {"几", KB_ASK_HOW_MANY},
    {"什么地方", KB_ASK_WHERE},
    {"哪里", KB_ASK_WHERE},
    {"哪儿", KB_ASK_WHERE},
    {"在哪", KB_ASK_WHERE},
    {"何处", KB_ASK_WHERE},
    {"谁", KB_ASK_WHO},
    {"何人", KB_ASK_WHO},
    {"什么人", KB_ASK_WHO},
    {"怎么", KB_ASK_HOW},
    {"怎样", KB_ASK_HOW},
    {"如何", KB_ASK_HOW},
    {"是不是", KB_ASK_YES_NO},
    {"能不能", KB_ASK_YES_NO},
    {"可不可以", KB_ASK_YES_NO},
    {"有没有", KB_ASK_YES_NO},
    {"是否", KB_ASK_YES_NO},
    {"能否", KB_ASK_YES_NO},
    {"可否", KB_ASK_YES_NO},
    {"哪", KB_ASK_WHICH},
    {"什么", KB_ASK_WHAT},
    {"啥", KB_ASK_WHAT},
    {"吗", KB_ASK_YES_NO},
    {"why", KB_ASK_WHY},
    {"who", KB_ASK_WHO},
    {"whom", KB_ASK_WHO},
    {"whose", KB_ASK_WHO},
    {"when", KB_ASK_WHEN},
    {"where", KB_ASK_WHERE},
    {"which", KB_ASK_WHICH},
    {"how", KB_ASK_HOW},
    {"what", KB_ASK_WHAT},
    {"what's", KB_ASK_WHAT},
};

static struct kb_literals ask_set = KB_LITERALS(asks);

static const char *const yes_no_openers[] = {
    "is",    "are",  "was",   "were",	"do",  "does", "did", "can",
    "could", "will", "would", "should", "has", "have", "may", "am",
};

static struct kb_literals yes_no_set = KB_LITERALS(yes_no_openers);

/* Does one of the set open the text? */
static bool opens(struct kb_literals *set, const char *text, size_t len)
{
	return kb_literals_word(kb_literals_index(set), text, len, 0) != NULL;
}

enum kb_ask kb_ask_kind(const char *text, size_t len)
{
	size_t skip = kb_polite_prefix(text, len);
	int row;

	text += skip;
	len -= skip;
	if (opens(&yes_no_set, text, len))
		return KB_ASK_YES_NO;
	row = kb_literals_lowest(&ask_set, text, len);
	return row < 0 ? KB_ASK_NONE : asks[row].ask;
}

static const char *const question_openers[] = {
    "what", "who", "whom", "whose", "when", "where", "why", "which", "how",
};

static struct kb_literals question_set = KB_LITERALS(question_openers);

bool kb_is_question(const char *text, size_t len)
{
	while (len && (text[len - 1] == ' ' || text[len - 1] == '\n' ||
		       text[len - 1] == '"'))
		len--;
	if (kb_ends(text, len, "?") || kb_ends(text, len, "？") ||
	    kb_ends(text, len, "吗") || kb_ends(text, len, "呢"))
		return true;
	if (kb_ends(text, len, ".") || kb_ends(text, len, "。") ||
	    kb_ends(text, len, "!") || kb_ends(text, len, "！"))
		return false;
	return opens(&question_set, text, len);
}

/* ---- pleasantries ---- */

/* Openings before a question. */
static const char *const prefixes[] = {
    "hello",
    "hi there",
    "hi",
    "hey",
    "good morning",
    "good evening",
    "good afternoon",
    "dear",
    "excuse me",
    "sorry to bother you",
    "thanks",
    "thank you",
    "please",
    "could you please tell me",
    "can you please tell me",
    "could you tell me",
    "can you tell me",
    "could you please",
    "can you please",
    "i would like to know",
    "i'd like to know",
    "i want to know",
    "may i ask",
    "i was wondering",
    "您好",
    "你好",
    "亲",
    "在吗",
    "在么",
    "打扰一下",
    "打扰了",
    "麻烦问一下",
    "麻烦您",
    "麻烦",
    "请问一下",
    "请问",
    "想问一下",
    "我想问一下",
    "我想咨询一下",
    "想咨询一下",
    "我想请问",
    "我想知道",
    "想知道",
    "客服",
};

static struct kb_literals prefix_set = KB_LITERALS(prefixes);

/* Whole sentences that say nothing; checked on what is left of them. */
static const char *const courtesies[] = {
    "thanks",
    "thank you",
    "you're welcome",
    "you are welcome",
    "hope this helps",
    "i hope this helps",
    "hope that helps",
    "have a nice day",
    "have a great day",
    "let me know if you have",
    "feel free to",
    "please let me know",
    "if you have any other question",
    "if you have any further question",
    "if you have any more question",
    "is there anything else",
    "happy to help",
    "glad to help",
    "sure",
    "of course",
    "certainly",
    "great question",
    "good question",
    "谢谢",
    "感谢您",
    "不客气",
    "希望对您有帮助",
    "希望这对您有帮助",
    "希望以上",
    "希望能帮到您",
    "如有其他问题",
    "如果您还有",
    "如果还有其他",
    "如您还有",
    "祝您生活愉快",
    "祝您",
    "很高兴为您",
    "欢迎随时",
    "还有什么可以帮",
    "您好",
    "你好",
    "亲爱的用户",
    "好的",
};

static struct kb_literals courtesy_set = KB_LITERALS(courtesies);

static size_t skip_marks(const char *text, size_t len, size_t at)
{
	while (at < len) {
		uint32_t cp;
		size_t n = kb_utf8_next(text + at, len - at, &cp);

		if (cp != ' ' && cp != ',' && cp != '.' && cp != '!' &&
		    cp != '~' && cp != ':' && cp != '\n' && cp != 0xff0c &&
		    cp != 0x3002 && cp != 0xff01 && cp != 0xff1a &&
		    cp != 0xff5e && cp != 0x3000)
			break;
		at += n;
	}
	return at;
}

size_t kb_polite_prefix(const char *text, size_t len)
{
	const struct kb_literal_index *index = kb_literals_index(&prefix_set);
	size_t at = skip_marks(text, len, 0);
	const struct kb_literal *l;

	while (at < len && (l = kb_literals_word(index, text, len, at)))
		at = skip_marks(text, len, at + l->len);
	return at < len ? at : 0;
}

/* Characters of a courtesy at most; in bytes, what no shorter text has. */
#define POLITE_CHARS 60
#define POLITE_BYTES (4 * POLITE_CHARS)

bool kb_is_polite(const char *text, size_t len)
{
	const struct kb_literal *l;
	size_t at;

	if (len > POLITE_BYTES || kb_utf8_count(text, len) > POLITE_CHARS)
		return false;
	at = skip_marks(text, len, 0);
	l = kb_literals_word(kb_literals_index(&courtesy_set), text, len, at);
	/* "好的" alone, but not "好的屏幕要 2000 元" */
	return l && (l->len > 9 || skip_marks(text, len, at + l->len) >= len);
}
