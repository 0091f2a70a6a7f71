#include "dialogue/name_spans.h"

#include "base/utf8.h"
#include "text/literals.h"
#include "text/script.h"

#define NAME_LEAST   6	/* bytes: two characters of Han, */
#define NAME_MOST    90 /* and no name is longer */
#define MEMBERS	     2	/* of an enumeration, at least, */
#define MEMBERS_MOST 32

/* What places, houses and stations end in. */
static const char *const endings[] = {
    "酒店",   "宾馆",	"饭店",	  "旅馆",   "客栈",   "公寓",	  "招待所",
    "公园",   "博物馆", "博物院", "纪念馆", "美术馆", "艺术馆",	  "展览馆",
    "体育馆", "图书馆", "体验馆", "大厦",   "广场",   "餐厅",	  "饭庄",
    "酒楼",   "酒家",	"食府",	  "茶馆",   "茶楼",   "咖啡厅",	  "烤鸭店",
    "火锅店", "火锅",	"面馆",	  "馆",	    "店",     "寺",	  "庙",
    "宫",     "塔",	"陵",	  "峡谷",   "胡同",   "故居",	  "遗址",
    "古城",   "长城",	"景区",	  "度假村", "会馆",   "剧院",	  "影院",
    "大学",   "医院",	"机场",	  "车站",   "俱乐部", "步行街",	  "中心",
    "乐园",   "植物园", "动物园", "教堂",   "山庄",   "农家院",	  "食堂",
    "庄园",   "小吃",	"烤肉",	  "大街",   "鼓楼",   "天坛",	  "湖",
    "大院",   "古镇",	"商场",	  "书店",   "学院",   "剧场",	  "音乐厅",
    "水立方", "鸟巢",	"牌楼",	  "王府",   "艺术区", "森林公园",
};

static struct kb_literals ending_set = KB_LITERALS(endings);

/* What stands before a name and is none of it. */
static const char *const openers[] = {
    "推荐您去", "推荐你去", "推荐您", "推荐",	"您可以", "可以", "这家",
    "那家",	"这个",	    "那个",   "一家",	"一个",	  "有家", "有个",
    "附近",	"周边",	    "叫做",   "名叫",	"名字是", "前往", "入住",
    "预订",	"选择",	    "去",     "到",	"在",	  "是",	  "有",
    "的",	"叫",	    "从",     "为",	"您",	  "你",	  "我",
    "找",	"住",	    "帮",     "离",	"给",	  "向",	  "及",
    "或",	"还",	    "了",     "吗",	"呢",	  "吧",	  "把",
    "也",	"就",	    "请",     "看",	"玩",	  "逛",	  "坐",
    "回",	"打车",	    "要",     "想",	"跟",	  "那",	  "这",
    "知道",	"另外",	    "以及",   "哪",	"吃",	  "个",	  "家",
    "和",	"与",	    "查询",   "什么",	"景点",	  "餐馆", "好的",
    "没有",	"希望",	    "离开",   "介绍",	"尝尝",	  "们",	  "求",
    "问",	"啥",	    "些",     "此",	"没",	  "相对", "办法",
    "都",	"一眼",	    "住宿",   "需要",	"所有",	  "符合", "两家",
    "哪家",	"订",	    "名为",   "名字叫", "用餐",	  "游玩", "另一家",
    "比如",	"还是",	    "选",     "对",
};

static struct kb_literals opener_set = KB_LITERALS(openers);

/* Kinds of places are no names. */
static const char *const kinds[] = {
    "酒店",	"宾馆",	    "饭店",	"旅馆",	    "公园",	"博物馆",
    "餐厅",	"火锅",	    "火锅店",	"广场",	    "商场",	"机场",
    "车站",	"火车站",   "地铁站",	"中心",	    "市中心",	"大学",
    "医院",	"湖",	    "寺",	"餐馆",	    "饭馆",	"小店",
    "本店",	"书店",	    "快捷酒店", "五星酒店", "高档酒店", "小吃",
    "当地小吃", "宾馆酒店", "茶馆",	"咖啡厅",
};

static struct kb_literals kind_set = KB_LITERALS(kinds);

struct spans {
	struct kb_str text;
	struct kb_name_span *out;
	size_t n, max, done; /* bytes that are part of a name already */
};

static bool is_inner(uint32_t cp)
{
	return kb_is_han(cp) || cp == 0xb7 || cp == 0x2022 ||
	       (cp < 0x80 && kb_is_alnum((char)cp)) || cp == '#' || cp == 0xb0;
}

/* Is it the first byte of a bracket? */
static bool may_open(struct kb_str text, size_t at)
{
	return at < text.len &&
	       (text.ptr[at] == '(' || (unsigned char)text.ptr[at] == 0xef);
}

/* Behind brackets at 'at' that close near: "(鼓楼店)", "（总店）". */
static size_t bracket_end(struct kb_str text, size_t at)
{
	static const char *const open[] = {"(", "（"}, *const close[] = {")",
									 "）"};

	if (!may_open(text, at))
		return at;
	for (size_t k = 0; k < 2; k++) {
		size_t n = kb_starts(text.ptr + at, text.len - at, open[k]);
		size_t most =
		    text.len - at < NAME_MOST ? text.len - at : NAME_MOST;
		const char *end =
		    n ? memmem(text.ptr + at, most, close[k], strlen(close[k]))
		      : NULL;

		if (end)
			return (size_t)(end - text.ptr) + strlen(close[k]);
	}
	return at;
}

static void add(struct spans *s, size_t start, size_t end)
{
	if (end - start < NAME_LEAST || end - start > NAME_MOST ||
	    start < s->done || s->n == s->max ||
	    kb_literals_has(&kind_set, s->text.ptr + start, end - start))
		return;
	s->out[s->n++] = (struct kb_name_span){start, end};
	s->done = end;
}

/* The bytes of an opener at 'at'; "和" and "与" and the like open only where
 * two characters and more stand before them. */
static size_t opener_at(const struct kb_literal_index *index,
			struct kb_str text, size_t at, size_t run)
{
	struct kb_literal_it it =
	    kb_literals_at(index, text.ptr + at, text.len - at);
	const struct kb_literal *l = kb_literal_next(&it);

	if (!l || (l->len == 3 && at - run == 3))
		return 0;
	if (l->len == 3 && at - run < NAME_LEAST &&
	    (!memcmp(l->text, "和", 3) || !memcmp(l->text, "与", 3) ||
	     !memcmp(l->text, "家", 3)))
		return 0;
	return l->len;
}

/* The end of a bracket at 'at' that says which house of a name: "(鼓楼店)";
 * 'at' for none. */
static size_t branch_end(struct kb_str text, size_t at)
{
	size_t end, close;

	if (!may_open(text, at))
		return at;
	end = bracket_end(text, at);
	close = kb_ends(text.ptr, end, ")") + kb_ends(text.ptr, end, "）");
	return end > at && kb_ends(text.ptr, end - close, "店") ? end : at;
}

/* A run of Han, letters, digits and brackets from..to: names by their endings,
 * the last one before an opener. */
static void names_of_run(struct spans *s, size_t from, size_t to)
{
	const struct kb_literal_index *ends = kb_literals_index(&ending_set);
	const struct kb_literal_index *opens = kb_literals_index(&opener_set);
	struct kb_str text = {s->text.ptr, to};
	size_t start = from, end = 0;

	for (size_t at = from; at < to;) {
		struct kb_literal_it it =
		    kb_literals_at(ends, text.ptr + at, to - at);
		const struct kb_literal *l =
		    at > start ? kb_literal_next(&it) : NULL;
		size_t n = branch_end(text, at);
		uint32_t cp;

		if (l || n > at) {
			at = n > at ? n : at + l->len;
			end = at;
			continue;
		}
		n = opener_at(opens, text, at, start);
		if (n) {
			if (end)
				add(s, start, end);
			at += n;
			start = at;
			end = 0;
			continue;
		}
		n = bracket_end(text, at);
		at =
		    n > at ? n : at + kb_utf8_next(text.ptr + at, to - at, &cp);
	}
	if (end)
		add(s, start, end);
}

/* A comma between members: "、", or ", " of a list that is typeset so. */
static bool is_comma(struct kb_str text, size_t at, uint32_t cp)
{
	return cp == 0x3001 ||
	       (cp == ',' && at + 1 < text.len && text.ptr[at + 1] == ' ');
}

/* What no member of an enumeration of names holds. */
static const char *const no_members[] = {
    "您",   "我", "你", "的", "都", "很", "可以", "这", "吧", "呢", "吗",
    "什么", "也", "就", "了", "不", "几", "个",	  "还", "没", "挺",
};

static struct kb_literals no_member_set = KB_LITERALS(no_members);

static bool is_member(const char *p, size_t len)
{
	const struct kb_literal_index *index =
	    kb_literals_index(&no_member_set);

	for (size_t i = 0; i < len; i++) {
		struct kb_literal_it it = kb_literals_at(index, p + i, len - i);

		if (kb_literal_next(&it))
			return false;
	}
	return len >= NAME_LEAST && len <= NAME_MOST;
}

/* The end of a member of an enumeration that begins at 'at'. */
static size_t member_end(struct kb_str text, size_t at)
{
	while (at < text.len) {
		uint32_t cp;
		size_t n = kb_utf8_next(text.ptr + at, text.len - at, &cp);
		size_t bracket = bracket_end(text, at);

		if (bracket > at) {
			at = bracket;
			continue;
		}
		if (!is_inner(cp))
			break;
		at += n;
	}
	return at;
}

/* Behind the last opener of start..end: where the first member begins. */
static size_t first_member(struct kb_str text, size_t start, size_t end)
{
	const struct kb_literal_index *index = kb_literals_index(&opener_set);
	size_t from = start;

	for (size_t at = start; at < end;) {
		size_t n =
		    opener_at(index, (struct kb_str){text.ptr, end}, at, start);
		uint32_t cp;

		if (n && at + n < end) {
			from = at + n;
			at = from;
			continue;
		}
		at += kb_utf8_next(text.ptr + at, end - at, &cp);
	}
	return from;
}

/* Members with commas of enumeration between, from the run at start..end on.
 * Returns the end of what was read. */
static size_t enumeration(struct spans *s, size_t start, size_t end)
{
	struct kb_str text = s->text;
	struct kb_name_span found[MEMBERS_MOST];
	size_t at = end, members = 1, first;
	uint32_t comma = 0;

	if (end < text.len)
		kb_utf8_next(text.ptr + end, text.len - end, &comma);
	if (!is_comma(text, end, comma)) /* as behind most runs */
		return end;
	first = first_member(text, start, end);
	found[0] = (struct kb_name_span){first, end};
	while (at < text.len && members < MEMBERS_MOST) {
		uint32_t cp;
		size_t n = kb_utf8_next(text.ptr + at, text.len - at, &cp),
		       from, to;

		if (!is_comma(text, at, cp))
			break;
		from = at + n;
		while (from < text.len && text.ptr[from] == ' ')
			from++;
		to = member_end(text, from);
		if (!is_member(text.ptr + from, to - from))
			break;
		found[members++] = (struct kb_name_span){from, to};
		at = to;
	}
	if (members < MEMBERS || !is_member(text.ptr + first, end - first))
		return end;
	for (size_t i = 0; i < members; i++) {
		size_t to = found[i].end;

		if (to - found[i].start > 3 && kb_ends(text.ptr, to, "等"))
			to -= 3;
		add(s, found[i].start, to);
	}
	return at;
}

size_t kb_name_spans_find(struct kb_str text, struct kb_name_span *out,
			  size_t max)
{
	struct spans s = {.text = text, .out = out, .max = max};

	for (size_t at = 0; at < text.len && s.n < max;) {
		uint32_t cp;
		size_t n = kb_utf8_next(text.ptr + at, text.len - at, &cp), end;

		if (!kb_is_han(cp)) {
			at += n;
			continue;
		}
		end = member_end(text, at);
		n = enumeration(&s, at, end);
		if (n == end)
			names_of_run(&s, at, end);
		at = n;
	}
	return s.n;
}
