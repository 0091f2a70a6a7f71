#include "dialogue/mention_marks.h"

struct marks {
	struct kb_str text;
	struct kb_mention *out;
	size_t n, max;
};

static void add(struct marks *m, const char *slot, size_t start, size_t end)
{
	if (m->n < m->max)
		m->out[m->n++] = (struct kb_mention){.slot = slot,
						     .start = start,
						     .end = end,
						     .norm = KB_STR("")};
}

/* The start of Han of at most 'chars' characters before 'at'. */
static size_t han_before(struct kb_str text, size_t at, size_t chars)
{
	while (chars-- && at >= 3 && (unsigned char)text.ptr[at - 3] >= 0xe4 &&
	       (unsigned char)text.ptr[at - 3] <= 0xe9)
		at -= 3;
	return at;
}

/* Behind "是", "在" and the like, at most eight characters before. */
static size_t station_start(struct kb_str text, size_t at)
{
	static const char *const openers[] = {"是", "在", "到", "为", "有",
					      "从", "的", "站", "叫"};
	size_t start = han_before(text, at, 8);

	for (size_t i = start; i + 3 < at; i += 3)
		for (size_t k = 0; k < sizeof(openers) / sizeof(*openers); k++)
			if (kb_starts(text.ptr + i, at - i, openers[k]) &&
			    (k != 7 || i + 6 < at))
				start = i + 3;
	return start;
}

/* The first of the places from 'at' on where 免, 型, 地 or 吃 stands; behind
 * the last one the length of the text. */
static size_t next_sign(struct kb_str text, size_t at)
{
	for (; at + 3 <= text.len; at++) {
		const unsigned char *p = (const unsigned char *)text.ptr + at;
		unsigned rest = (unsigned)p[1] << 8 | p[2];

		if (p[0] == 0xe5 && (rest == 0x858d || rest == 0x9e8b ||
				     rest == 0x9cb0 || rest == 0x9083))
			return at;
	}
	return text.len;
}

/* "类型", "车型" and "的户型" are no types. */
static bool is_kind_word(struct kb_str text, size_t start, size_t end)
{
	static const char *const words[] = {"类", "车", "户", "机", "的", "么",
					    "大", "小", "体", "血", "典"};

	for (size_t i = 0; i < sizeof(words) / sizeof(*words); i++)
		if (kb_ends(text.ptr + start, end - start, words[i]))
			return true;
	return false;
}

/* 经济型; 虎坊桥地铁站C口; 免费 */
static void find_marked(struct marks *m)
{
	struct kb_str text = m->text;

	for (size_t i = next_sign(text, 0); i < text.len;
	     i = next_sign(text, i + 1)) {
		const char *p = text.ptr + i;
		size_t len = text.len - i, n, start;

		if (kb_starts(p, len, "免费")) {
			add(m, "price", i, i + 6);
		} else if (kb_starts(p, len, "型") &&
			   !kb_starts(p, len, "型号")) {
			start = han_before(text, i, 2);
			if (start + 6 == i && !is_kind_word(text, start, i))
				add(m, "type", start, i + 3);
		} else if (kb_starts(p, len, "地铁站")) {
			n = 9;
			while (n < len && kb_is_alnum(p[n]))
				n++;
			if (!kb_starts(p + n, len - n, "口"))
				continue;
			add(m, "station", station_start(text, i), i + n + 3);
		}
	}
}

/* "饭", "点东西", "完" are no dishes, though they are eaten. */
static bool is_dish(struct kb_str s)
{
	static const char *const none[] = {
	    "饭", "点", "一", "完", "过", "什", "啥", "个", "各", "得",
	    "当", "在", "有", "店", "它", "他", "这", "那", ",",  "东",
	    "早", "午", "晚", "的", "些", "上", "着", "好", "了"};

	for (size_t i = 0; i < sizeof(none) / sizeof(*none); i++)
		if (kb_starts(s.ptr, s.len, none[i]))
			return false;
	return true;
}

/* What is eaten: "吃驴杂汤这道菜" */
static void find_dishes(struct marks *m)
{
	static const char *const ends[] = {"这道菜", "的", "吗",   "，",
					   "。",     "？", "！",   "、",
					   "了",     "吧", "这个", "就"};
	struct kb_str text = m->text;

	for (size_t i = next_sign(text, 0); i < text.len;
	     i = next_sign(text, i + 1)) {
		size_t n, at;

		n = kb_starts(text.ptr + i, text.len - i, "吃");
		at = i + n;

		n += n ? kb_starts(text.ptr + at, text.len - at, "到") : 0;
		if (!n)
			continue;
		for (at = i + n; at < text.len && at < i + n + 33; at++)
			for (size_t k = 0; k < sizeof(ends) / sizeof(*ends);
			     k++)
				if (kb_starts(text.ptr + at, text.len - at,
					      ends[k])) {
					if (at >= i + n + 6 &&
					    is_dish((struct kb_str){
						text.ptr + i + n, at - i - n}))
						add(m, "dish", i + n, at);
					at = text.len;
					break;
				}
	}
}

size_t kb_mention_marks(struct kb_str text, struct kb_mention *out, size_t max)
{
	struct marks m = {.text = text, .out = out, .max = max};

	find_marked(&m);
	find_dishes(&m);
	return m.n;
}
