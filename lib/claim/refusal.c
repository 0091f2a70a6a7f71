#include "claim/refusal.h"

#include "base/utf8.h"
#include "claim/word_classes.h"
#include "text/script.h"

/* ---- English ---- */

enum {
	SELF = 1 << 0,	 /* who answers */
	NEG = 1 << 1,	 /* denies what follows */
	KNOW = 1 << 2,	 /* to know or to work out */
	TELL = 1 << 3,	 /* to give an answer, or anything else */
	SOURCE = 1 << 4, /* what an answer is taken from */
	SAYS = 1 << 5,	 /* what a source does */
	SAID = 1 << 6,	 /* what is done to a fact: only to a fact */
	THERE = 1 << 7,	 /* what is done to a fact, or to a thing */
	INFO = 1 << 8,	 /* a piece of knowledge */
	ABOUT = 1 << 9,	 /* what knowledge is of */
	UNKNOWN = 1 << 10,
	BEYOND = 1 << 11,
	HELP = 1 << 12,	 /* to help, or a courtesy */
	GIVEN = 1 << 13, /* said of a source */
	ASKS = 1 << 14,	 /* denied, it is a courtesy */
	LOOSE = 1 << 15, /* may be a thing of the world as well */
	SPEAK = 1 << 16, /* to say */
	ABLE = 1 << 17,	 /* can: denied, nobody can */
};

/* clang-format off */
static const struct kb_word_class english[] = {
    {"i", SELF}, {"i'm", SELF}, {"i've", SELF}, {"i'd", SELF},
    {"we", SELF | LOOSE}, {"we're", SELF | LOOSE}, {"we've", SELF | LOOSE},
    {"not", NEG}, {"no", NEG}, {"never", NEG}, {"nor", NEG}, {"neither", NEG},
    {"nothing", NEG}, {"none", NEG}, {"nowhere", NEG}, {"without", NEG},
    {"lack", NEG}, {"lacks", NEG}, {"lacking", NEG}, {"fail", NEG},
    {"fails", NEG}, {"insufficient", NEG}, {"inadequate", NEG}, {"omits", NEG},
    {"dont", NEG},
    {"cannot", NEG | ABLE}, {"unable", NEG | ABLE}, {"impossible", NEG | ABLE},
    {"cant", NEG | ABLE}, {"can't", NEG | ABLE}, {"couldn't", NEG | ABLE},
    {"hard", NEG | ABLE}, {"difficult", NEG | ABLE},
    {"silent", NEG | SAYS},
    {"know", KNOW}, {"determine", KNOW}, {"infer", KNOW}, {"deduce", KNOW},
    {"ascertain", KNOW}, {"conclude", KNOW}, {"discern", KNOW}, {"sure", KNOW},
    {"certain", KNOW}, {"aware", KNOW},
    {"known", KNOW | SAID}, {"determined", KNOW | SAID},
    {"inferred", KNOW | SAID}, {"deduced", KNOW | SAID},
    {"ascertained", KNOW | SAID}, {"concluded", KNOW | SAID},
    {"idea", KNOW | INFO}, {"clue", KNOW | INFO}, {"knowledge", KNOW | INFO},
    {"answer", TELL | INFO | SAYS | KNOW},
    {"answers", INFO | SAYS}, {"detail", INFO | SAYS}, {"mention", INFO | SAYS},
    {"answered", SAID | KNOW},
    {"respond", TELL}, {"find", TELL}, {"locate", TELL}, {"see", TELL},
    {"verify", TELL}, {"having", TELL}, {"extract", TELL}, {"gather", TELL},
    {"tell", TELL | SAYS | SPEAK}, {"say", TELL | SAYS | SPEAK},
    {"tells", SAYS}, {"says", SAYS}, {"provides", SAYS}, {"gives", SAYS},
    {"offers", SAYS}, {"has", SAYS}, {"mentions", SAYS}, {"mentioning", SAYS},
    {"contain", SAYS}, {"contains", SAYS}, {"include", SAYS},
    {"includes", SAYS}, {"including", SAYS}, {"state", SAYS}, {"states", SAYS},
    {"specify", SAYS}, {"specifies", SAYS}, {"discuss", SAYS},
    {"discusses", SAYS}, {"address", SAYS}, {"addresses", SAYS},
    {"cover", SAYS}, {"covers", SAYS}, {"indicate", SAYS}, {"indicates", SAYS},
    {"list", SAYS}, {"lists", SAYS}, {"describe", SAYS}, {"describes", SAYS},
    {"explain", SAYS}, {"explains", SAYS}, {"reveal", SAYS}, {"reveals", SAYS},
    {"disclose", SAYS}, {"discloses", SAYS}, {"talk", SAYS}, {"talks", SAYS},
    {"touch", SAYS}, {"clarify", SAYS}, {"clarifies", SAYS}, {"refer", SAYS},
    {"refers", SAYS}, {"name", SAYS}, {"suggest", SAYS}, {"show", SAYS},
    {"speak", SAYS}, {"note", SAYS}, {"supply", SAYS}, {"remains", SAYS},
    {"said", SAID}, {"mentioned", SAID}, {"stated", SAID}, {"specified", SAID},
    {"discussed", SAID}, {"addressed", SAID}, {"indicated", SAID},
    {"described", SAID}, {"explained", SAID}, {"revealed", SAID},
    {"disclosed", SAID}, {"clear", SAID},
    {"found", THERE | TELL},
    {"identify", TELL | SAYS}, {"establish", TELL | SAYS},
    {"confirm", TELL | SAYS}, {"provide", TELL | SAYS}, {"give", TELL | SAYS},
    {"offer", TELL | SAYS}, {"have", TELL | SAYS},
    {"identified", THERE}, {"established", THERE}, {"confirmed", THERE},
    {"verified", THERE}, {"contained", THERE}, {"included", THERE},
    {"covered", THERE}, {"listed", THERE},
    {"provided", GIVEN | THERE | TELL},
    {"given", GIVEN | THERE},
    {"context", SOURCE | INFO},
    {"contexts", SOURCE}, {"passage", SOURCE}, {"passages", SOURCE},
    {"document", SOURCE}, {"documents", SOURCE}, {"documentation", SOURCE},
    {"docs", SOURCE}, {"text", SOURCE}, {"texts", SOURCE}, {"excerpt", SOURCE},
    {"excerpts", SOURCE}, {"snippet", SOURCE}, {"snippets", SOURCE},
    {"source", SOURCE}, {"sources", SOURCE}, {"article", SOURCE},
    {"articles", SOURCE}, {"manual", SOURCE}, {"faq", SOURCE},
    {"paragraph", SOURCE},
    {"material", SOURCE | LOOSE}, {"materials", SOURCE | LOOSE},
    {"base", SOURCE | LOOSE}, {"results", SOURCE | LOOSE},
    {"page", SOURCE | LOOSE}, {"pages", SOURCE | LOOSE},
    {"records", SOURCE | LOOSE}, {"data", SOURCE | LOOSE},
    {"evidence", SOURCE | LOOSE},
    {"reference", SOURCE | SAYS | INFO},
    {"references", SOURCE | SAYS},
    {"above", GIVEN}, {"supplied", GIVEN}, {"retrieved", GIVEN},
    {"current", GIVEN},
    {"available", THERE | GIVEN},
    {"information", INFO | SOURCE | LOOSE}, {"info", INFO | SOURCE | LOOSE},
    {"details", INFO}, {"indication", INFO}, {"facts", INFO}, {"entry", INFO},
    {"present", THERE | SAYS},
    {"possible", ABLE}, {"can", ABLE}, {"could", ABLE}, {"able", ABLE},
    {"hesitate", ASKS}, {"worry", ASKS},
    {"about", ABOUT}, {"regarding", ABOUT}, {"concerning", ABOUT},
    {"on", ABOUT}, {"of", ABOUT}, {"in", ABOUT}, {"from", ABOUT}, {"to", ABOUT},
    {"related", ABOUT},
    {"unknown", UNKNOWN}, {"unclear", UNKNOWN}, {"unspecified", UNKNOWN},
    {"unstated", UNKNOWN}, {"undisclosed", UNKNOWN}, {"unanswerable", UNKNOWN},
    {"undetermined", UNKNOWN}, {"idk", UNKNOWN}, {"dunno", UNKNOWN},
    {"unsure", UNKNOWN | KNOW}, {"uncertain", UNKNOWN | KNOW},
    {"beyond", BEYOND}, {"outside", BEYOND}, {"scope", BEYOND},
    {"help", HELP}, {"assist", HELP},
};
/* clang-format on */

static struct kb_literals english_set = KB_LITERALS(english);

/* The first word of the class at from..to, or to. */
static size_t find(const struct kb_classed *c, size_t from, size_t to,
		   unsigned set)
{
	if (to > c->n)
		to = c->n;
	while (from < to && !(c->words[from].set & set))
		from++;
	return from;
}

static bool has(const struct kb_classed *c, size_t from, size_t n, unsigned set)
{
	size_t to = from + n < c->n ? from + n : c->n;

	return find(c, from, to, set) < to;
}

/* A source that is nothing else: by its name, or by what is said of it. */
static bool is_source(const struct kb_classed *c, size_t i)
{
	if (!(c->words[i].set & SOURCE))
		return false;
	if (!(c->words[i].set & LOOSE))
		return true;
	return (i && c->words[i - 1].set & (GIVEN | SOURCE)) ||
	       (i > 1 && c->words[i - 2].set & GIVEN) ||
	       (i + 1 < c->n && c->words[i + 1].set & GIVEN);
}

static bool source_in(const struct kb_classed *c, size_t from, size_t to)
{
	for (size_t i = from; i < to && i < c->n; i++)
		if (is_source(c, i))
			return true;
	return false;
}

/* "I don't know", "I couldn't find the answer", "we have no information". */
static bool self_denies(const struct kb_classed *c, size_t neg)
{
	size_t from = neg > 4 ? neg - 4 : 0;
	size_t self = find(c, from, neg, SELF);
	bool loose;

	/* Without a subject the denial opens the sentence. */
	if (self == neg && neg > 1)
		return false;
	loose = self < neg && c->words[self].set & LOOSE;
	if (has(c, neg + 1, 4, KNOW))
		return !loose || has(c, neg + 1, 2, KNOW);
	if (!loose && has(c, neg + 1, 3, SPEAK) && neg + 5 > c->n)
		return true;
	if (!has(c, neg + 1, 3, TELL) && !(c->words[neg].set & TELL))
		return !loose && has(c, neg + 1, 2, HELP) && c->n - neg < 6;
	return has(c, neg + 1, 8, INFO) || source_in(c, neg, c->n);
}

/* "The passage does not mention it", "nothing in the text says so", "there is
 * no mention of it in the documents". */
static bool source_denies(const struct kb_classed *c, size_t neg)
{
	size_t from = neg > 6 ? neg - 6 : 0;
	size_t k = find(c, neg, neg + 5, SAYS | SAID);

	if (source_in(c, from, neg))
		return k < neg + 5 && k < c->n;
	if (!source_in(c, neg + 1, c->n))
		return false;
	return has(c, neg + 1, 7, SAYS | SAID | THERE | INFO);
}

/* "No information is available", "not enough details to say", "insufficient
 * data to answer". */
static bool knowledge_denied(const struct kb_classed *c, size_t neg)
{
	size_t to = neg + 5 < c->n ? neg + 5 : c->n;
	size_t k = find(c, neg + 1, to, INFO | LOOSE);
	bool loose;

	if (k == to || find(c, neg + 1, k, SAYS | TELL | ASKS) < k)
		return false;
	loose = !(c->words[k].set & INFO);
	if (loose)
		return has(c, k + 1, 5, KNOW | GIVEN) ||
		       source_in(c, k + 1, c->n);
	return k + 1 == c->n || has(c, k + 1, 4, ABOUT | THERE | SAID | KNOW);
}

/* "It cannot be determined", "it is impossible to say", "the name is not
 * mentioned." */
static bool fact_denied(const struct kb_classed *c, size_t neg)
{
	size_t to = neg + 4 < c->n ? neg + 4 : c->n;
	size_t k = find(c, neg + 1, to, SAID);
	bool able = c->words[neg].set & ABLE || has(c, neg + 1, 1, ABLE) ||
		    (neg && c->words[neg - 1].set & ABLE);

	if (able && has(c, neg + 1, 4, SPEAK) && !has(c, 0, neg, INFO))
		return has(c, 0, neg + 2, ABLE) && find(c, 0, neg, SELF) < neg
			   ? true
			   : neg <= 4;
	if (able && k < to && c->words[k].set & KNOW)
		return true;
	to = neg + 5 < c->n ? neg + 5 : c->n;
	k = find(c, neg + 1, to, SAID);
	return k < to && (k + 2 >= c->n || source_in(c, k, c->n));
}

/* "Unknown.", "It is unclear from the text", "beyond the scope of". */
static bool is_unknown(const struct kb_classed *c)
{
	size_t k = find(c, 0, c->n, UNKNOWN);

	if (k < c->n && (c->n <= 5 || k + 2 >= c->n || source_in(c, k, c->n) ||
			 find(c, 0, k, SELF) < k))
		return true;
	k = find(c, 0, c->n, BEYOND);
	return k < c->n && has(c, k + 1, 4, BEYOND | SOURCE | KNOW);
}

static bool is_short_denial(const struct kb_classed *c, size_t neg)
{
	return c->n <= 4 && neg <= 1 &&
	       has(c, neg + 1, 3, SAID | THERE | INFO | KNOW);
}

static bool english_refusal(struct kb_str s)
{
	struct kb_classed c;

	kb_words_class(s, &english_set, english, NEG, &c);
	if (is_unknown(&c) || kb_starts_folded(s.ptr, s.len, "n/a"))
		return true;
	for (size_t i = 0; i < c.n; i++) {
		if (!(c.words[i].set & NEG) || has(&c, i + 1, 1, ASKS))
			continue;
		if (self_denies(&c, i) || source_denies(&c, i) ||
		    knowledge_denied(&c, i) || fact_denied(&c, i) ||
		    is_short_denial(&c, i))
			return true;
	}
	return false;
}

/* ---- Chinese ---- */

enum {
	H_NOT = 1 << 0,	   /* 没有 未 不 */
	H_UNABLE = 1 << 1, /* 无法 不能 */
	H_KNOW = 1 << 2,   /* 回答 确定 得知 */
	H_TELL = 1 << 3, /* 提供 给出 找到: of knowledge, or of things */
	H_SOURCE = 1 << 4,   /* 资料 文档 */
	H_GIVEN = 1 << 5,    /* 提供的 以上 相关 */
	H_SAYS = 1 << 6,     /* 提到 说明 */
	H_INFO = 1 << 7,     /* 信息 答案 */
	H_SELF = 1 << 8,     /* 我 */
	H_IGNORANT = 1 << 9, /* 不知道 不清楚 */
	H_ABOUT = 1 << 10,   /* what follows an ignorance: 该 什么 是否 */
	H_BEYOND = 1 << 11,
	H_LOOSE = 1 << 12,
	H_DUNNO = 1 << 13, /* by itself */
};

/* clang-format off */
static const struct kb_word_class chinese[] = {
    {"没有", H_NOT}, {"并没有", H_NOT}, {"没", H_NOT}, {"并未", H_NOT},
    {"尚未", H_NOT}, {"均未", H_NOT}, {"都未", H_NOT}, {"未曾", H_NOT},
    {"未", H_NOT}, {"不曾", H_NOT}, {"并不", H_NOT}, {"不", H_NOT},
    {"无", H_NOT}, {"暂无", H_NOT}, {"缺乏", H_NOT}, {"缺少", H_NOT},
    {"不足", H_NOT},
    {"未能", H_UNABLE}, {"不足以", H_UNABLE}, {"无法", H_UNABLE},
    {"不能", H_UNABLE}, {"没法", H_UNABLE}, {"没办法", H_UNABLE},
    {"没有办法", H_UNABLE}, {"难以", H_UNABLE}, {"无从", H_UNABLE},
    {"不便", H_UNABLE}, {"无力", H_UNABLE},
    {"回答", H_KNOW | H_INFO},
    {"作答", H_KNOW}, {"解答", H_KNOW}, {"答复", H_KNOW}, {"确定", H_KNOW},
    {"得知", H_KNOW}, {"获知", H_KNOW}, {"知晓", H_KNOW}, {"知道", H_KNOW},
    {"得出", H_KNOW}, {"判断", H_KNOW}, {"推断", H_KNOW}, {"推测", H_KNOW},
    {"断定", H_KNOW}, {"考证", H_KNOW},
    {"确认", H_TELL}, {"核实", H_TELL}, {"告知", H_TELL}, {"查到", H_TELL},
    {"查找到", H_TELL}, {"查询到", H_TELL}, {"检索到", H_TELL},
    {"搜索到", H_TELL}, {"搜到", H_TELL}, {"获取", H_TELL}, {"获得", H_TELL},
    {"发现", H_TELL}, {"看到", H_TELL},
    {"提供", H_TELL | H_SAYS | H_GIVEN},
    {"给出", H_TELL | H_SAYS}, {"找到", H_TELL | H_SAYS},
    {"找不到", H_NOT | H_TELL}, {"查不到", H_NOT | H_TELL},
    {"搜不到", H_NOT | H_TELL}, {"检索不到", H_NOT | H_TELL},
    {"看不出", H_NOT | H_KNOW},
    {"答不上", H_UNABLE | H_KNOW | H_DUNNO},
    {"资料", H_SOURCE | H_INFO},
    {"文档", H_SOURCE}, {"文章", H_SOURCE}, {"文本", H_SOURCE},
    {"文中", H_SOURCE}, {"原文", H_SOURCE}, {"上下文", H_SOURCE},
    {"段落", H_SOURCE}, {"片段", H_SOURCE}, {"知识库", H_SOURCE},
    {"检索结果", H_SOURCE}, {"搜索结果", H_SOURCE}, {"参考内容", H_SOURCE},
    {"手册", H_SOURCE}, {"说明书", H_SOURCE}, {"语料", H_SOURCE},
    {"上文", H_SOURCE},
    {"文件", H_SOURCE | H_LOOSE}, {"材料", H_SOURCE | H_LOOSE},
    {"来源", H_SOURCE | H_LOOSE},
    {"内容", H_SOURCE | H_INFO | H_LOOSE},
    {"信息", H_SOURCE | H_INFO | H_LOOSE},
    {"数据", H_SOURCE | H_INFO | H_LOOSE},
    {"证据", H_SOURCE | H_INFO | H_LOOSE},
    {"记录", H_INFO | H_LOOSE},
    {"答案", H_INFO}, {"依据", H_INFO}, {"线索", H_INFO},
    {"记载", H_INFO | H_SAYS}, {"描述", H_INFO | H_SAYS},
    {"说明", H_INFO | H_SAYS | H_LOOSE},
    {"提供的", H_GIVEN}, {"给出的", H_GIVEN}, {"给定", H_GIVEN},
    {"所给", H_GIVEN}, {"以上", H_GIVEN}, {"上述", H_GIVEN}, {"现有", H_GIVEN},
    {"已有", H_GIVEN}, {"已知", H_GIVEN}, {"目前的", H_GIVEN},
    {"参考", H_GIVEN}, {"相关", H_GIVEN}, {"有关", H_GIVEN}, {"足够", H_GIVEN},
    {"任何", H_GIVEN}, {"具体", H_GIVEN}, {"确切", H_GIVEN}, {"准确", H_GIVEN},
    {"直接", H_GIVEN}, {"对应", H_GIVEN}, {"充分", H_GIVEN},
    {"这方面", H_GIVEN}, {"有效", H_GIVEN}, {"可用", H_GIVEN},
    {"更多", H_GIVEN}, {"背景", H_GIVEN},
    {"明确", H_GIVEN | H_SAYS},
    {"提到", H_SAYS}, {"提及", H_SAYS}, {"提过", H_SAYS}, {"包含", H_SAYS},
    {"包括", H_SAYS}, {"涉及", H_SAYS}, {"谈到", H_SAYS}, {"谈及", H_SAYS},
    {"说到", H_SAYS}, {"写明", H_SAYS}, {"写到", H_SAYS}, {"说", H_SAYS},
    {"写", H_SAYS}, {"讲", H_SAYS}, {"介绍", H_SAYS}, {"指出", H_SAYS},
    {"指明", H_SAYS}, {"列出", H_SAYS}, {"注明", H_SAYS}, {"标明", H_SAYS},
    {"交代", H_SAYS}, {"透露", H_SAYS}, {"披露", H_SAYS}, {"覆盖", H_SAYS},
    {"体现", H_SAYS}, {"显示", H_SAYS}, {"有", H_SAYS},
    {"我", H_SELF}, {"我们", H_SELF},
    {"不知道", H_IGNORANT}, {"不清楚", H_IGNORANT}, {"不太清楚", H_IGNORANT},
    {"不了解", H_IGNORANT}, {"不太了解", H_IGNORANT}, {"不确定", H_IGNORANT},
    {"不晓得", H_IGNORANT}, {"说不准", H_IGNORANT}, {"说不好", H_IGNORANT},
    {"不好说", H_IGNORANT}, {"拿不准", H_IGNORANT}, {"未知", H_IGNORANT},
    {"不详", H_IGNORANT}, {"不明", H_IGNORANT},
    {"不得而知", H_DUNNO}, {"无可奉告", H_DUNNO}, {"无从得知", H_DUNNO},
    {"该", H_ABOUT}, {"这", H_ABOUT}, {"您", H_ABOUT}, {"你", H_ABOUT},
    {"什么", H_ABOUT}, {"怎么", H_ABOUT}, {"如何", H_ABOUT}, {"多少", H_ABOUT},
    {"谁", H_ABOUT}, {"哪", H_ABOUT}, {"是否", H_ABOUT}, {"问题", H_ABOUT},
    {"超出", H_BEYOND}, {"超过了我", H_BEYOND}, {"范围", H_BEYOND},
};
/* clang-format on */

static struct kb_literals chinese_set = KB_LITERALS(chinese);

#define PIECES_MAX 96

struct piece {
	unsigned set;
	size_t gap; /* characters between the one before and this one */
	bool comma; /* ... and a comma */
};

struct pieces {
	struct piece items[PIECES_MAX];
	size_t n;
	size_t behind; /* characters after the last one */
};

static void read_pieces(struct kb_str s, struct pieces *p)
{
	size_t at = 0;
	bool comma = false;

	p->n = p->behind = 0;
	while (at < s.len && p->n < PIECES_MAX) {
		uint32_t cp;
		size_t len;
		unsigned set;

		if ((unsigned char)s.ptr[at] < 0x80) {
			comma |= s.ptr[at++] == ',';
			p->behind++;
			continue;
		}
		set = kb_class_at(s, at, &chinese_set, chinese, &len);
		if (len) {
			p->items[p->n++] =
			    (struct piece){set, p->behind, comma};
			p->behind = 0;
			comma = false;
			at += len;
			continue;
		}
		at += kb_utf8_next(s.ptr + at, s.len - at, &cp);
		p->behind += kb_is_han(cp);
		comma |= cp == 0xff0c;
	}
}

/* A piece of the class behind piece i, within n characters of other words. */
static bool follows(const struct pieces *p, size_t i, size_t n, unsigned set)
{
	size_t gap = 0;

	for (size_t k = i + 1; k < p->n; k++) {
		gap += p->items[k].gap;
		if (gap > n)
			return false;
		if (p->items[k].set & set)
			return true;
	}
	return false;
}

static bool source_before(const struct pieces *p, size_t i)
{
	size_t gap = 0;

	for (size_t k = i; k-- > 0 && gap < 10; gap += p->items[k].gap) {
		if (k + 1 == i)
			gap = p->items[i].gap;
		if (!(p->items[k].set & H_SOURCE) || gap >= 10)
			continue;
		if (!(p->items[k].set & H_LOOSE) ||
		    (k && p->items[k - 1].set & (H_GIVEN | H_SOURCE)))
			return true;
	}
	return false;
}

/* Nothing is said of piece k, or that it serves to know. */
static bool ends_or_serves(const struct pieces *p, size_t k)
{
	return (k + 1 == p->n && !p->behind) ||
	       follows(p, k, 4, H_KNOW | H_TELL | H_SAYS | H_ABOUT | H_GIVEN);
}

/* Another denial in the clause: "无法确定身份的乘客不能登机" is a rule. */
static bool denies_again(const struct pieces *p, size_t i)
{
	for (size_t k = i + 1; k < p->n && !p->items[k].comma; k++)
		if (p->items[k].set & (H_NOT | H_UNABLE))
			return true;
	return false;
}

/* A word of knowledge that no thing of the world is, right behind piece i. */
static bool knowledge_next(const struct pieces *p, size_t i)
{
	bool given = false;

	for (size_t k = i + 1; k < p->n && p->items[k].gap <= 6; k++) {
		unsigned set = p->items[k].set;

		if (set & H_GIVEN)
			given = true;
		else if (set & H_INFO && !(set & H_LOOSE))
			return true;
		else if (set & H_INFO)
			return given && ends_or_serves(p, k);
		else if (!(set & (H_TELL | H_ABOUT | H_SELF | H_INFO)))
			return false;
	}
	return false;
}

static bool is_ignorance(const struct pieces *p, size_t i)
{
	bool last = i + 1 == p->n && p->behind <= 2;

	if (p->items[i].set & H_DUNNO)
		return true;
	if (!(p->items[i].set & H_IGNORANT))
		return false;
	return last ||
	       (i && p->items[i - 1].set & H_SELF && p->items[i].gap <= 3) ||
	       (i == 0 && p->items[0].gap <= 4 && follows(p, i, 1, H_ABOUT));
}

static bool han_denies(const struct pieces *p, size_t i)
{
	unsigned set = p->items[i].set;

	if (set & H_UNABLE)
		return set & H_KNOW ||
		       (follows(p, i, 4, H_KNOW) && !denies_again(p, i)) ||
		       (follows(p, i, 6, H_TELL) &&
			(knowledge_next(p, i) || source_before(p, i)));
	if (!(set & H_NOT))
		return false;
	if (source_before(p, i) &&
	    (follows(p, i, 2, H_SAYS | H_TELL) || follows(p, i, 12, H_INFO)))
		return true;
	if (set & H_KNOW)
		return true;
	return knowledge_next(p, i);
}

static bool chinese_refusal(struct kb_str s)
{
	struct pieces p;

	read_pieces(s, &p);
	for (size_t i = 0; i < p.n; i++) {
		if (is_ignorance(&p, i) || han_denies(&p, i))
			return true;
		if (p.items[i].set & H_BEYOND && follows(&p, i, 14, H_BEYOND))
			return true;
	}
	/* 信息不足 */
	for (size_t i = 1; i < p.n; i++)
		if (p.items[i].set & (H_NOT | H_UNABLE) &&
		    p.items[i].gap <= 1 && p.items[i - 1].set & H_INFO &&
		    i + 1 == p.n && p.behind == 0 && i <= 3)
			return true;
	return false;
}

bool kb_is_refusal(struct kb_str s)
{
	return english_refusal(s) || chinese_refusal(s);
}
