#include "context/phrase.h"

#include "base/utf8.h"
#include "text/script.h"
#include "text/words.h"

/* Chinese words of more than one character that carry no topic. Longer ones
 * first where one begins another. */
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
    "想找",
};

size_t kb_function_han(const char *p, size_t len)
{
	size_t best = 0;

	for (size_t i = 0; i < sizeof(function_words) / sizeof(*function_words);
	     i++) {
		size_t n = strlen(function_words[i]);

		if (n > best && n <= len && !memcmp(p, function_words[i], n))
			best = n;
	}
	return best;
}

/* Characters that serve grammar everywhere; further than kb_stop_han(). */
static bool is_function_han(uint32_t cp)
{
	static const uint32_t list[] = {
	    0x6211, 0x4f60, 0x4ed6, 0x5979, 0x5b83, 0x60a8, /* 我你他她它您 */
	    0x8fd9, 0x90a3, 0x54ea, 0x8c01, 0x51e0, 0x5417, /* 这那哪谁几吗 */
	    0x5462, 0x5427, 0x554a, 0x5440, 0x54e6, 0x561b, /* 呢吧啊呀哦嘛 */
	    0x7684, 0x4e86, 0x662f, 0x5728, 0x6709, 0x548c, /* 的了是在有和 */
	    0x8ddf, 0x4e0e, 0x4e5f, 0x90fd, 0x5c31, 0x8fd8, /* 跟与也都就还 */
	    0x5f88, 0x592a, 0x4e0d, 0x6ca1, 0x8981, 0x4f1a, /* 很太不没要会 */
	    0x80fd, 0x60f3, 0x8bf4, 0x88ab, 0x628a, 0x8ba9, /* 能想说被把让 */
	    0x7ed9, 0x5230, 0x5bf9, 0x4ece, 0x5f97, 0x7740, /* 给到对从得着 */
	    0x8fc7, 0x53c8, 0x518d, 0x53ea, 0x624d, 0x5566, /* 过又再只才啦 */
	    0x4e48, 0x561e, 0x54c8, 0x55ef, 0x5509, 0x54ce, /* 么嘞哈嗯唉哎 */
	    0x8bf7, 0x4e2a, 0x53bb, 0x6765, 0x770b, 0x5403, /* 请个去来看吃 */
	    0x554a, 0x8c22, 0x54df, 0x5509, 0x771f, 0x6700, /* 啊谢哟唉真最 */
	    0x597d, 0x5f80, 0x6bd4, 0x5417, 0x563f, 0x55ef, /* 好往比吗嘿嗯 */
	};

	for (size_t i = 0; i < sizeof(list) / sizeof(*list); i++)
		if (list[i] == cp)
			return true;
	return false;
}

struct finder {
	struct kb_str text;
	struct kb_noun_phrase *out;
	size_t n;
};

static void add(struct finder *f, size_t from, size_t to,
		enum kb_phrase_kind kind)
{
	if (f->n < KB_PHRASES_MAX && to > from)
		f->out[f->n++] = (struct kb_noun_phrase){
		    {f->text.ptr + from, to - from}, kind};
}

/* A run of Han from..to: what stands between function words. */
static void han_run(struct finder *f, size_t from, size_t to)
{
	size_t start = from, i = from;

	while (i < to) {
		uint32_t cp;
		size_t skip = kb_function_han(f->text.ptr + i, to - i);
		size_t n = kb_utf8_next(f->text.ptr + i, to - i, &cp);

		if (!skip && is_function_han(cp)) {
			/* "与" inside a name: kept between two pieces. */
			bool joins = (cp == 0x4e0e || cp == 0x548c) &&
				     i - start >= 6 && to - i >= 9;

			skip = joins ? 0 : n;
		}
		if (!skip) {
			i += n;
			continue;
		}
		if (i - start >= 6)
			add(f, start, i, KB_PHRASE_HAN);
		i += skip;
		start = i;
	}
	if (to - start >= 6)
		add(f, start, to, KB_PHRASE_HAN);
}

static bool is_latin(uint32_t cp)
{
	return (cp >= 'a' && cp <= 'z') || (cp >= 'A' && cp <= 'Z') ||
	       (cp >= '0' && cp <= '9') || (cp >= 0xc0 && cp <= 0x24f);
}

static size_t han_end(struct kb_str text, size_t i)
{
	while (i < text.len) {
		uint32_t cp;
		size_t n = kb_utf8_next(text.ptr + i, text.len - i, &cp);

		if (!kb_is_han(cp))
			break;
		i += n;
	}
	return i;
}

/* A word: letters and digits with inner . - _ + / and apostrophes. */
static size_t word_end(struct kb_str text, size_t i, bool *digit)
{
	*digit = false;
	while (i < text.len) {
		uint32_t cp, next = 0;
		size_t n = kb_utf8_next(text.ptr + i, text.len - i, &cp);

		if (i + n < text.len)
			kb_utf8_next(text.ptr + i + n, text.len - i - n, &next);
		if (!is_latin(cp) && !(memchr(".-_+/'", (int)(cp & 0x7f), 6) &&
				       cp < 0x80 && is_latin(next)))
			break;
		*digit = *digit || (cp >= '0' && cp <= '9');
		i += n;
	}
	return i;
}

static bool is_letter(char c)
{
	return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') ||
	       (unsigned char)c >= 0x80;
}

struct word {
	size_t from, to;
	bool digit, capital, stop;
	bool number; /* digits only */
};

static struct word read_word(struct kb_str text, size_t i)
{
	struct word w = {.from = i};
	size_t letters;

	w.to = word_end(text, i, &w.digit);
	w.capital = text.ptr[i] >= 'A' && text.ptr[i] <= 'Z';
	w.number = w.digit;
	for (size_t k = i; k < w.to; k++)
		w.number = w.number && !is_letter(text.ptr[k]);
	letters = w.to - i;
	if (letters > 2 && text.ptr[w.to - 2] == '\'')
		letters -= 2;
	w.stop = !w.digit && kb_stop_word(text.ptr + i, letters);
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
	struct word w = read_word(f->text, i), next;
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
		next = read_word(f->text, end + 1);
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

size_t kb_phrases(struct kb_str text, struct kb_noun_phrase *out)
{
	struct finder f = {.text = text, .out = out};
	bool sentence_start = true;
	size_t i = 0;

	while (i < text.len && f.n < KB_PHRASES_MAX) {
		uint32_t cp;
		size_t n = kb_utf8_next(text.ptr + i, text.len - i, &cp), end;
		const char *close = closing(cp);

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
			sentence_start = cp == '.' || cp == '!' || cp == '?' ||
					 cp == '\n' ||
					 (sentence_start && cp == ' ');
			i += n;
			continue;
		}
		sentence_start = false;
	}
	return f.n;
}
