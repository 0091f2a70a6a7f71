#include "dialogue/phrase.h"

#include "base/letters.h"
#include "base/utf8.h"
#include "text/literals.h"
#include "text/script.h"
#include "text/words.h"

/* Chinese words that carry no topic; at the end characters that serve grammar
 * everywhere, further than kb_stop_han(). */
static const char *const function_words[] = {
    "你知不知道", "你有没有", "是不是说", "为什么会", "你知道吗", "是什么样",
    "你知道",	  "你喜欢",   "你觉得",	  "你认识",   "你看过",	  "你听过",
    "有没有",	  "是不是",   "能不能",	  "会不会",   "要不要",	  "可不可以",
    "好不好",	  "怎么样",   "怎么办",	  "为什么",   "是什么",	  "什么样",
    "什么时候",	  "多少钱",   "多长时间", "听说过",   "没听说",	  "我觉得",
    "我认为",	  "我想要",   "我喜欢",	  "我想问",   "我知道",	  "不知道",
    "请问一下",	  "这个",     "那个",	  "这些",     "那些",	  "这种",
    "那种",	  "这样",     "那样",	  "这么",     "那么",	  "这里",
    "那里",	  "这边",     "那边",	  "这次",     "那次",	  "这款",
    "那款",	  "这家",     "那家",	  "这件",     "那件",	  "这本",
    "那本",	  "这部",     "那部",	  "这位",     "那位",	  "什么",
    "怎么",	  "怎样",     "如何",	  "哪里",     "哪个",	  "哪些",
    "哪儿",	  "哪家",     "哪款",	  "哪种",     "哪位",	  "多少",
    "多久",	  "多大",     "多长",	  "多高",     "几个",	  "几天",
    "几点",	  "知道",     "喜欢",	  "觉得",     "认为",	  "听说",
    "看过",	  "听过",     "认识",	  "可以",     "可能",	  "应该",
    "需要",	  "想要",     "希望",	  "能够",     "没有",	  "不是",
    "不要",	  "不会",     "不能",	  "不行",     "不用",	  "还有",
    "还是",	  "只是",     "就是",	  "但是",     "可是",	  "而且",
    "因为",	  "所以",     "如果",	  "虽然",     "然后",	  "或者",
    "已经",	  "正在",     "一直",	  "一个",     "一下",	  "一些",
    "一点",	  "有点",     "非常",	  "特别",     "真的",	  "其实",
    "当然",	  "肯定",     "现在",	  "刚才",     "刚刚",	  "我们",
    "你们",	  "他们",     "她们",	  "它们",     "咱们",	  "大家",
    "自己",	  "人家",     "您好",	  "你好",     "请问",	  "谢谢",
    "麻烦",	  "帮我",     "告诉",	  "推荐",     "介绍",	  "一般",
    "比较",	  "出来",     "起来",	  "下来",     "过来",	  "时候",
    "东西",	  "的话",     "好的",	  "好吧",     "是的",	  "对了",
    "另外",	  "顺便",     "问题",	  "以及",     "关于",	  "对于",
    "例如",	  "比如",     "想问",	  "问下",     "问问",	  "查询",
    "查一下",	  "帮忙",     "想买",	  "想去",     "想看",	  "想吃",
    "想找",	  "我",	      "你",	  "他",	      "她",	  "它",
    "您",	  "这",	      "那",	  "哪",	      "谁",	  "几",
    "吗",	  "呢",	      "吧",	  "啊",	      "呀",	  "哦",
    "嘛",	  "的",	      "了",	  "是",	      "在",	  "有",
    "和",	  "跟",	      "与",	  "也",	      "都",	  "就",
    "还",	  "很",	      "太",	  "不",	      "没",	  "要",
    "会",	  "能",	      "想",	  "说",	      "被",	  "把",
    "让",	  "给",	      "到",	  "对",	      "从",	  "得",
    "着",	  "过",	      "又",	  "再",	      "只",	  "才",
    "啦",	  "么",	      "嘞",	  "哈",	      "嗯",	  "唉",
    "哎",	  "请",	      "个",	  "去",	      "来",	  "看",
    "吃",	  "谢",	      "哟",	  "真",	      "最",	  "好",
    "往",	  "比",	      "嘿",
};

static struct kb_literals function_set = KB_LITERALS(function_words);

#define HAN_BYTES 3 /* of a character of these words */

/* The bytes of the longest function word or character that starts at p. */
static size_t function_at(const struct kb_literal_index *index, const char *p,
			  size_t len)
{
	struct kb_literal_it it = kb_literals_at(index, p, len);
	const struct kb_literal *l = kb_literal_next(&it);

	return l ? l->len : 0;
}

size_t kb_function_han(const char *p, size_t len)
{
	size_t n = function_at(kb_literals_index(&function_set), p, len);

	return n > HAN_BYTES ? n : 0;
}

struct word {
	size_t from, to;
	bool digit, capital, stop;
	bool number; /* digits only */
};

struct finder {
	struct kb_str text;
	struct kb_noun_phrase *out;
	size_t n;
	struct word ahead; /* read, and not yet taken */
};

static void add(struct finder *f, size_t from, size_t to,
		enum kb_phrase_kind kind)
{
	if (f->n < KB_PHRASES_MAX && to > from)
		f->out[f->n++] = (struct kb_noun_phrase){
		    {f->text.ptr + from, to - from}, kind};
}

/* "与" inside a name: kept between two pieces. */
static bool joins(const char *p, size_t before, size_t after)
{
	return (!memcmp(p, "与", HAN_BYTES) || !memcmp(p, "和", HAN_BYTES)) &&
	       before >= 2 * HAN_BYTES && after >= 3 * HAN_BYTES;
}

/* A run of Han from..to: what stands between function words. */
static void han_run(struct finder *f, size_t from, size_t to)
{
	const struct kb_literal_index *index = kb_literals_index(&function_set);
	const char *text = f->text.ptr;
	size_t start = from, i = from;

	while (i < to) {
		size_t skip = function_at(index, text + i, to - i);

		if (skip == HAN_BYTES && joins(text + i, i - start, to - i))
			skip = 0;
		if (!skip) {
			/* all of it is Han, and Han of four bytes is F0 */
			i += (unsigned char)text[i] < 0xf0 ? HAN_BYTES : 4;
			continue;
		}
		if (i - start >= 2 * HAN_BYTES)
			add(f, start, i, KB_PHRASE_HAN);
		i += skip;
		start = i;
	}
	if (to - start >= 2 * HAN_BYTES)
		add(f, start, to, KB_PHRASE_HAN);
}

static bool is_latin(uint32_t cp)
{
	return (cp >= 'a' && cp <= 'z') || (cp >= 'A' && cp <= 'Z') ||
	       (cp >= '0' && cp <= '9') || (cp >= 0xc0 && cp <= 0x24f);
}

/* Does a character of U+4E00 to U+9FFF begin at p? Nearly all Han are, and
 * need not be decoded to be known. */
static bool is_common_han(const char *p, size_t len)
{
	uint32_t high;

	if (len < 3 || !kb_utf8_is_inner(p[2]))
		return false;
	high = (uint32_t)(unsigned char)p[0] << 8 | (unsigned char)p[1];
	return high >= 0xe4b8 && high <= 0xe9bf && (high & 0xc0) == 0x80;
}

static size_t han_end(struct kb_str text, size_t i)
{
	while (i < text.len) {
		uint32_t cp;
		size_t n;

		if (is_common_han(text.ptr + i, text.len - i)) {
			i += HAN_BYTES;
			continue;
		}
		n = kb_utf8_next(text.ptr + i, text.len - i, &cp);
		if (!kb_is_han(cp))
			break;
		i += n;
	}
	return i;
}

/* What a byte of ASCII is to a word. */
enum { LETTER = 1, DIGIT = 2, INNER = 4 };

static const unsigned char classes[256] = {
    ['0'] = DIGIT,  ['1'] = DIGIT,  ['2'] = DIGIT,  ['3'] = DIGIT,
    ['4'] = DIGIT,  ['5'] = DIGIT,  ['6'] = DIGIT,  ['7'] = DIGIT,
    ['8'] = DIGIT,  ['9'] = DIGIT,  ['a'] = LETTER, ['b'] = LETTER,
    ['c'] = LETTER, ['d'] = LETTER, ['e'] = LETTER, ['f'] = LETTER,
    ['g'] = LETTER, ['h'] = LETTER, ['i'] = LETTER, ['j'] = LETTER,
    ['k'] = LETTER, ['l'] = LETTER, ['m'] = LETTER, ['n'] = LETTER,
    ['o'] = LETTER, ['p'] = LETTER, ['q'] = LETTER, ['r'] = LETTER,
    ['s'] = LETTER, ['t'] = LETTER, ['u'] = LETTER, ['v'] = LETTER,
    ['w'] = LETTER, ['x'] = LETTER, ['y'] = LETTER, ['z'] = LETTER,
    ['A'] = LETTER, ['B'] = LETTER, ['C'] = LETTER, ['D'] = LETTER,
    ['E'] = LETTER, ['F'] = LETTER, ['G'] = LETTER, ['H'] = LETTER,
    ['I'] = LETTER, ['J'] = LETTER, ['K'] = LETTER, ['L'] = LETTER,
    ['M'] = LETTER, ['N'] = LETTER, ['O'] = LETTER, ['P'] = LETTER,
    ['Q'] = LETTER, ['R'] = LETTER, ['S'] = LETTER, ['T'] = LETTER,
    ['U'] = LETTER, ['V'] = LETTER, ['W'] = LETTER, ['X'] = LETTER,
    ['Y'] = LETTER, ['Z'] = LETTER, ['.'] = INNER,  ['-'] = INNER,
    ['_'] = INNER,  ['+'] = INNER,  ['/'] = INNER,  ['\''] = INNER,
};

static unsigned class_of(char c)
{
	return classes[(unsigned char)c];
}

/* A word: letters and digits with inner . - _ + / and apostrophes. 'seen' are
 * the classes of its bytes. */
static size_t word_end(struct kb_str text, size_t i, unsigned *seen)
{
	*seen = 0;
	for (;;) {
		bool ascii;
		uint32_t cp, next = 0;
		size_t n = kb_count_letters(text.ptr + i, text.len - i);

		*seen |= n ? LETTER : 0;
		for (i += n; i < text.len; i++) {
			unsigned class = class_of(text.ptr[i]);

			if (!(class & (LETTER | DIGIT)))
				break;
			*seen |= class;
		}
		if (i == text.len)
			break;
		ascii = (unsigned char)text.ptr[i] < 0x80;
		if (ascii && class_of(text.ptr[i]) != INNER)
			break;
		n = kb_utf8_next(text.ptr + i, text.len - i, &cp);
		if (ascii && i + n < text.len)
			kb_utf8_next(text.ptr + i + n, text.len - i - n, &next);
		if (!is_latin(ascii ? next : cp))
			break;
		*seen |= ascii ? INNER : LETTER;
		i += n;
	}
	return i;
}

static struct word read_word(struct finder *f, size_t i)
{
	struct kb_str text = f->text;
	struct word w = {.from = i};
	unsigned seen;
	size_t letters;

	if (f->ahead.to && f->ahead.from == i)
		return f->ahead;
	w.to = word_end(text, i, &seen);
	w.capital = kb_is_upper(text.ptr[i]);
	w.digit = (seen & DIGIT) != 0;
	w.number = w.digit && !(seen & LETTER);
	letters = w.to - i;
	if (letters > 2 && text.ptr[w.to - 2] == '\'')
		letters -= 2;
	w.stop = !w.digit && kb_stop_word(text.ptr + i, letters);
	f->ahead = w;
	return w;
}

/* A bare number is a topic only when long (an order), or as the end of a
 * name: "复联3". */
static size_t number(struct finder *f, struct word w)
{
	struct kb_noun_phrase *last = f->n ? &f->out[f->n - 1] : NULL;

	if (last && last->kind == KB_PHRASE_HAN && w.to - w.from <= 4 &&
	    last->text.ptr + last->text.len == f->text.ptr + w.from &&
	    last->text.len <= 18)
		last->text.len += w.to - w.from;
	else if (w.to - w.from >= 5)
		add(f, w.from, w.to, KB_PHRASE_CODE);
	return w.to;
}

/* Words from i on that belong together: codes and capitals, or content
 * words side by side. Returns where the group ends. */
static size_t latin_run(struct finder *f, size_t i, bool sentence_start)
{
	struct word w = read_word(f, i), next;
	enum kb_phrase_kind kind = w.digit && !w.number ? KB_PHRASE_CODE
				   : w.capital && !sentence_start
				       ? KB_PHRASE_NAME
				       : KB_PHRASE_WORDS;
	size_t end = w.to;
	int words = 1;

	if (w.stop)
		return w.to;
	if (w.number)
		return number(f, w);
	while (words < 4 && end + 1 < f->text.len && f->text.ptr[end] == ' ' &&
	       is_latin((unsigned char)f->text.ptr[end + 1]) &&
	       (unsigned char)f->text.ptr[end + 1] < 0x80) {
		next = read_word(f, end + 1);
		if (next.stop ||
		    (kind != KB_PHRASE_WORDS && !next.capital && !next.digit))
			break;
		if (kind == KB_PHRASE_WORDS && (next.capital || next.digit))
			break;
		if (next.digit)
			kind = KB_PHRASE_CODE;
		end = next.to;
		words++;
	}
	if (end - i >= 2 || kind == KB_PHRASE_CODE)
		add(f, i, end, kind);
	return end;
}

/* The closing mark of an opening one, in UTF-8. */
static const char *closing(uint32_t cp)
{
	switch (cp) {
	case 0x300a:
		return "》";
	case 0x201c:
		return "”";
	case 0x300c:
		return "」";
	case 0x300e:
		return "』";
	case 0x3010:
		return "】";
	case '"':
		return "\"";
	default:
		return NULL;
	}
}

/* A quotation of 1 to 60 bytes behind the mark that ends at i; 0 if none. */
static size_t quotation(struct finder *f, size_t i, const char *close)
{
	size_t n = strlen(close), max = f->text.len - i;
	const char *p;

	if (max > 96)
		max = 96;
	p = memmem(f->text.ptr + i, max, close, n);
	if (!p || p == f->text.ptr + i)
		return 0;
	add(f, i, (size_t)(p - f->text.ptr), KB_PHRASE_QUOTE);
	return (size_t)(p - f->text.ptr) + n;
}

/* Does a sentence begin behind this character, where one did or did not
 * before it? */
static bool starts_sentence(uint32_t cp, bool before)
{
	return cp == '.' || cp == '!' || cp == '?' || cp == '\n' ||
	       (before && cp == ' ');
}

size_t kb_phrases(struct kb_str text, struct kb_noun_phrase *out)
{
	struct finder f = {.text = text, .out = out};
	bool sentence_start = true;
	size_t i = 0;

	while (i < text.len && f.n < KB_PHRASES_MAX) {
		unsigned char c = (unsigned char)text.ptr[i];
		const char *close;
		size_t n, end;
		uint32_t cp;

		if (c < 0x80 && c != '"' && !(classes[c] & (LETTER | DIGIT))) {
			sentence_start = starts_sentence(c, sentence_start);
			i++;
			continue;
		}
		n = kb_utf8_next(text.ptr + i, text.len - i, &cp);
		close = closing(cp);
		if (close) {
			end = quotation(&f, i + n, close);
			i = end ? end : i + n;
			continue;
		}
		if (kb_is_han(cp)) {
			end = han_end(text, i);
			han_run(&f, i, end);
			i = end;
		} else if (is_latin(cp)) {
			end = latin_run(&f, i, sentence_start);
			i = end > i ? end : i + n;
		} else {
			sentence_start = starts_sentence(cp, sentence_start);
			i += n;
			continue;
		}
		sentence_start = false;
	}
	return f.n;
}
