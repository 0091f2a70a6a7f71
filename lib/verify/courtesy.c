#include "verify/courtesy.h"

#include "base/ascii.h"
#include "base/utf8.h"
#include "text/script.h"
#include "text/sentence.h"
#include "text/words.h"
#include "verify/word_classes.h"

/* ---- English ---- */

enum {
	HEAD = 1 << 0,	 /* means courtesy */
	FILL = 1 << 1,	 /* may stand in courtesy */
	GREETS = 1 << 2, /* a name may follow */
	TOPIC = 1 << 3,	 /* what follows says what it is about */
	ASSERTS = 1 << 4, /* a finite verb: it is a statement after all */
	SIGN = 1 << 5,	 /* closes a letter */
	SOURCE = 1 << 6, /* what an answer is taken from */
	GIVEN = 1 << 7,	 /* said of a source */
	SAYS = 1 << 8,	 /* what a source does */
	LEADS = 1 << 9,	 /* begins an attribution */
};

static const struct kb_word_class english[] = {
    {"thanks", HEAD | GREETS},
    {"thank", HEAD | GREETS},
    {"hello", HEAD | GREETS},
    {"hi", HEAD | GREETS},
    {"hey", HEAD | GREETS},
    {"dear", HEAD | GREETS},
    {"greetings", HEAD | GREETS},
    {"welcome", HEAD | GREETS},
    {"morning", FILL},
    {"afternoon", FILL},
    {"evening", FILL},
    {"hope", HEAD},
    {"hopefully", HEAD},
    {"hesitate", HEAD},
    {"happy", HEAD},
    {"glad", HEAD},
    {"pleased", HEAD},
    {"delighted", HEAD},
    {"pleasure", HEAD},
    {"appreciate", HEAD},
    {"appreciated", HEAD},
    {"regards", HEAD | SIGN | GREETS},
    {"sincerely", HEAD | SIGN | GREETS},
    {"faithfully", HEAD | SIGN},
    {"wishes", HEAD | SIGN},
    {"cheers", HEAD | SIGN | GREETS},
    {"warmly", HEAD | SIGN},
    {"sorry", HEAD},
    {"apologies", HEAD},
    {"apologize", HEAD},
    {"apologise", HEAD},
    {"sure", HEAD},
    {"certainly", HEAD},
    {"absolutely", HEAD},
    {"definitely", HEAD},
    {"course", HEAD},
    {"great", HEAD},
    {"excellent", HEAD},
    {"good", HEAD},
    {"wonderful", HEAD},
    {"alright", HEAD},
    {"okay", HEAD},
    {"ok", HEAD},
    {"understood", HEAD},
    {"goodbye", HEAD},
    {"bye", HEAD},
    {"worries", HEAD},
    {"let", HEAD},
    {"let's", HEAD},
    {"feel", HEAD},
    {"reach", HEAD},
    {"touch", HEAD},
    {"anything", HEAD},
    {"assist", HEAD},
    {"assisting", HEAD},
    {"assistance", HEAD},
    {"questions", HEAD},
    {"contact", HEAD},
    {"help", HEAD},
    {"helps", HEAD},
    {"helpful", HEAD},
    {"satisfaction", HEAD},
    {"understanding", HEAD},
    {"patience", HEAD},
    {"inconvenience", HEAD},
    {"concern", HEAD},
    {"concerns", HEAD},
    {"frustration", HEAD},
    {"ask", HEAD},
    {"clarifies", HEAD},
    {"day", FILL},
    {"days", FILL},
    {"night", FILL},
    {"weekend", FILL},
    {"week", FILL},
    {"rest", FILL},
    {"time", FILL},
    {"anytime", FILL},
    {"nice", FILL},
    {"lovely", FILL},
    {"pleasant", FILL},
    {"fantastic", FILL},
    {"amazing", FILL},
    {"best", FILL},
    {"kind", FILL},
    {"kindest", FILL},
    {"warm", FILL},
    {"truly", FILL},
    {"free", FILL},
    {"question", FILL},
    {"inquiry", FILL},
    {"enquiry", FILL},
    {"request", FILL},
    {"query", FILL},
    {"message", FILL},
    {"customer", FILL},
    {"client", FILL},
    {"user", FILL},
    {"friend", FILL},
    {"valued", FILL},
    {"sir", FILL},
    {"madam", FILL},
    {"support", FILL},
    {"service", FILL},
    {"team", FILL},
    {"agent", FILL},
    {"assistant", FILL},
    {"contacting", FILL},
    {"reaching", FILL},
    {"choosing", FILL},
    {"shopping", FILL},
    {"visiting", FILL},
    {"asking", FILL},
    {"waiting", FILL},
    {"bearing", FILL},
    {"sharing", FILL},
    {"bringing", FILL},
    {"providing", FILL},
    {"hearing", FILL},
    {"helping", FILL},
    {"serving", FILL},
    {"interest", FILL},
    {"business", FILL},
    {"trust", FILL},
    {"loyalty", FILL},
    {"feedback", FILL},
    {"priority", FILL},
    {"top", FILL},
    {"clear", FILL},
    {"clears", FILL},
    {"clarify", FILL},
    {"clarification", FILL},
    {"answer", FILL},
    {"answers", FILL},
    {"answered", FILL},
    {"answering", FILL},
    {"thing", FILL},
    {"things", FILL},
    {"something", FILL},
    {"everything", FILL},
    {"need", FILL},
    {"needed", FILL},
    {"additional", FILL},
    {"future", FILL},
    {"information", FILL | SOURCE},
    {"info", FILL | SOURCE},
    {"details", FILL | SOURCE},
    {"detail", FILL},
    {"confusion", FILL},
    {"caused", FILL},
    {"causing", FILL},
    {"issue", FILL},
    {"issues", FILL},
    {"look", FILL},
    {"looking", FILL},
    {"forward", FILL},
    {"serve", FILL},
    {"useful", FILL},
    {"want", FILL},
    {"like", FILL},
    {"wish", FILL},
    {"know", FILL},
    {"tell", FILL},
    {"call", FILL},
    {"write", FILL},
    {"enjoy", FILL},
    {"take", FILL},
    {"care", FILL},
    {"problem", FILL},
    {"else", FILL},
    {"further", FILL},
    {"right", FILL},
    {"away", FILL},
    {"soon", FILL},
    {"always", FILL},
    {"simply", FILL},
    {"just", FILL},
    {"reply", FILL},
    {"respond", FILL},
    {"response", FILL},
    {"follow", FILL},
    {"come", FILL},
    {"back", FILL},
    {"again", FILL},
    {"today", FILL},
    {"specific", FILL},
    {"discuss", FILL},
    {"guidance", FILL},
    {"hand", FILL},
    {"understand", HEAD},
    {"you're", FILL},
    {"you'd", FILL},
    {"you've", FILL},
    {"i'm", FILL},
    {"i'd", FILL},
    {"i'll", FILL},
    {"i've", FILL},
    {"we're", FILL},
    {"we'd", FILL},
    {"we'll", FILL},
    {"it's", FILL},
    {"that's", FILL},
    {"here's", FILL},
    {"don't", FILL},
    {"yours", FILL | SIGN},
    {"about", FILL | TOPIC},
    {"regarding", FILL | TOPIC},
    {"concerning", FILL | TOPIC},
    {"with", FILL | TOPIC},
    {"is", FILL | ASSERTS},
    {"are", FILL | ASSERTS},
    {"was", FILL | ASSERTS},
    {"were", FILL | ASSERTS},
    {"be", FILL},
    {"can", FILL | ASSERTS},
    {"may", FILL | ASSERTS},
    {"must", FILL | ASSERTS},
    {"will", FILL | ASSERTS},
    {"would", FILL},
    {"should", FILL | ASSERTS},
    {"has", FILL | ASSERTS},
    {"do", FILL},
    {"does", FILL | ASSERTS},
    {"not", FILL | ASSERTS},
    {"no", FILL},
    {"that", FILL | GIVEN},
    {"which", FILL | ASSERTS},
    {"because", FILL | ASSERTS},
    {"passage", SOURCE},
    {"passages", SOURCE},
    {"document", SOURCE},
    {"documents", SOURCE},
    {"documentation", SOURCE},
    {"docs", SOURCE},
    {"context", SOURCE},
    {"text", SOURCE},
    {"texts", SOURCE},
    {"excerpt", SOURCE},
    {"excerpts", SOURCE},
    {"snippet", SOURCE},
    {"snippets", SOURCE},
    {"source", SOURCE},
    {"sources", SOURCE},
    {"article", SOURCE},
    {"articles", SOURCE},
    {"material", SOURCE},
    {"materials", SOURCE},
    {"knowledge", GIVEN},
    {"base", SOURCE},
    {"search", GIVEN},
    {"results", SOURCE},
    {"reference", SOURCE},
    {"references", SOURCE},
    {"evidence", SOURCE},
    {"data", SOURCE},
    {"content", SOURCE},
    {"faq", SOURCE},
    {"manual", SOURCE},
    {"guide", SOURCE},
    {"page", SOURCE},
    {"policy", SOURCE},
    {"records", SOURCE},
    {"provided", GIVEN | SAYS},
    {"given", GIVEN},
    {"above", GIVEN | FILL},
    {"available", GIVEN},
    {"supplied", GIVEN},
    {"retrieved", GIVEN},
    {"following", GIVEN},
    {"relevant", GIVEN},
    {"official", GIVEN},
    {"cited", GIVEN},
    {"first", GIVEN},
    {"second", GIVEN},
    {"third", GIVEN},
    {"user", GIVEN},
    {"shared", GIVEN},
    {"found", GIVEN | SAYS},
    {"according", LEADS},
    {"based", LEADS},
    {"per", LEADS},
    {"as", LEADS},
    {"from", LEADS},
    {"in", LEADS},
    {"stated", GIVEN},
    {"mentioned", GIVEN},
    {"described", GIVEN},
    {"noted", GIVEN},
    {"indicated", GIVEN},
    {"outlined", GIVEN},
    {"specified", GIVEN},
    {"explained", GIVEN},
    {"shown", GIVEN},
    {"listed", GIVEN},
    {"seen", GIVEN},
    {"state", SAYS},
    {"states", SAYS},
    {"say", SAYS},
    {"says", SAYS},
    {"mention", SAYS},
    {"mentions", SAYS},
    {"indicate", SAYS},
    {"indicates", SAYS},
    {"show", SAYS},
    {"shows", SAYS},
    {"explain", SAYS},
    {"explains", SAYS},
    {"note", SAYS},
    {"notes", SAYS},
    {"specify", SAYS},
    {"specifies", SAYS},
    {"confirm", SAYS},
    {"confirms", SAYS},
    {"suggest", SAYS},
    {"suggests", SAYS},
    {"clearly", GIVEN},
    {"explicitly", GIVEN},
    {"also", GIVEN | FILL},
};

static struct kb_literals english_set = KB_LITERALS(english);

enum clause { CONTENT, NEUTRAL, POLITE };

/* Numbers, addresses and paths are statements wherever they stand. */
static bool holds_fact(struct kb_str s)
{
	for (size_t i = 0; i < s.len; i++)
		if (kb_is_digit(s.ptr[i]) || s.ptr[i] == '@' ||
		    (s.ptr[i] == '/' && i + 1 < s.len && s.ptr[i + 1] == '/'))
			return true;
	return false;
}

/* Words behind a TOPIC or a greeting, which may be of any kind. */
#define TOPIC_WORDS    8
#define GREETING_WORDS 3

static enum clause read_english(struct kb_str s)
{
	struct kb_classed c;
	unsigned met = 0, after = 0;
	size_t topic = 0, names = 0;

	kb_words_class(s, &english_set, english, FILL | ASSERTS, &c);
	if (!c.n || !c.whole)
		return CONTENT;
	for (size_t i = 0; i < c.n; i++) {
		struct kb_str w = c.words[i].text;
		unsigned set = c.words[i].set;

		if (after)
			after |= set & ASSERTS;
		if (set & TOPIC && met & HEAD)
			after |= TOPIC;
		met |= set;
		if (set & (HEAD | FILL) || kb_stop_word(w.ptr, w.len))
			continue;
		if (after & TOPIC)
			topic++;
		else if (met & GREETS && kb_is_upper(*w.ptr))
			names++;
		else
			return CONTENT;
	}
	if (topic > TOPIC_WORDS || names > GREETING_WORDS ||
	    (topic && after & ASSERTS))
		return CONTENT;
	return met & HEAD ? POLITE : NEUTRAL;
}

/* ---- Chinese ---- */

static const struct kb_word_class chinese[] = {
    {"您好", HEAD | GREETS},
    {"你好", HEAD | GREETS},
    {"关于您", HEAD | GREETS},
    {"关于你", HEAD | GREETS},
    {"针对您", HEAD | GREETS},
    {"针对你", HEAD | GREETS},
    {"大家好", HEAD},
    {"早上好", HEAD},
    {"下午好", HEAD},
    {"晚上好", HEAD},
    {"感谢", HEAD | GREETS},
    {"谢谢", HEAD | GREETS},
    {"多谢", HEAD | GREETS},
    {"非常感谢", HEAD | GREETS},
    {"希望", HEAD},
    {"欢迎", HEAD},
    {"祝", HEAD},
    {"愉快", HEAD},
    {"高兴", HEAD | GREETS},
    {"乐意", HEAD | GREETS},
    {"荣幸", HEAD | GREETS},
    {"竭诚", HEAD},
    {"抱歉", HEAD},
    {"对不起", HEAD},
    {"谅解", HEAD},
    {"见谅", HEAD},
    {"不客气", HEAD},
    {"不用谢", HEAD},
    {"再见", HEAD},
    {"好的", HEAD},
    {"好呀", HEAD},
    {"好哒", HEAD},
    {"明白", HEAD},
    {"没问题", HEAD},
    {"当然", HEAD},
    {"尊敬的", HEAD},
    {"亲爱的", HEAD},
    {"亲", HEAD},
    {"此致", HEAD | SIGN},
    {"敬礼", HEAD | SIGN},
    {"敬上", HEAD | SIGN},
    {"随时", HEAD},
    {"疑问", HEAD | TOPIC},
    {"帮助", HEAD | TOPIC},
    {"帮到", HEAD},
    {"请问", HEAD},
    {"让您久等了", HEAD},
    {"收到", FILL},
    {"用户", FILL},
    {"顾客", FILL},
    {"客户", FILL},
    {"朋友", FILL},
    {"女士", FILL},
    {"先生", FILL},
    {"同学", FILL},
    {"会员", FILL},
    {"各位", FILL},
    {"久等", FILL},
    {"生活", FILL},
    {"一切", FILL},
    {"顺利", FILL},
    {"购物", FILL},
    {"工作", FILL},
    {"学习", FILL},
    {"天天", FILL},
    {"开心", FILL},
    {"美好的一天", FILL},
    {"身体健康", FILL},
    {"以上", FILL | GIVEN},
    {"上述", FILL | GIVEN},
    {"回答", FILL | TOPIC},
    {"解答", FILL | TOPIC},
    {"回复", FILL},
    {"信息", FILL | SOURCE},
    {"内容", FILL | SOURCE},
    {"说明", FILL | SAYS},
    {"对您", FILL},
    {"对你", FILL},
    {"有所", FILL},
    {"有用", FILL},
    {"能够", FILL},
    {"可以", FILL},
    {"如果", FILL},
    {"如有", FILL},
    {"如您", FILL},
    {"若", FILL},
    {"如", FILL | LEADS},
    {"还有", FILL},
    {"其他", FILL},
    {"其它", FILL},
    {"别的", FILL},
    {"任何", FILL},
    {"什么", FILL},
    {"不清楚的", FILL},
    {"不明白的", FILL},
    {"地方", FILL},
    {"问题", FILL | TOPIC},
    {"需要", FILL},
    {"需求", FILL},
    {"联系", FILL},
    {"咨询", FILL | TOPIC},
    {"提问", FILL | TOPIC},
    {"来电", FILL | TOPIC},
    {"来信", FILL | TOPIC},
    {"留言", FILL | TOPIC},
    {"客服", FILL},
    {"人工", FILL},
    {"在线", FILL},
    {"团队", FILL},
    {"小助手", FILL},
    {"助手", FILL},
    {"为您", FILL},
    {"为你", FILL},
    {"服务", FILL | TOPIC},
    {"帮您", FILL},
    {"告诉", FILL},
    {"告知", FILL},
    {"继续", FILL},
    {"进一步", FILL},
    {"支持", FILL | TOPIC},
    {"理解", FILL | TOPIC},
    {"耐心", FILL},
    {"等待", FILL | TOPIC},
    {"关注", FILL | TOPIC},
    {"信任", FILL | TOPIC},
    {"惠顾", FILL | TOPIC},
    {"光临", FILL | TOPIC},
    {"选择", FILL},
    {"购买", FILL},
    {"反馈", FILL | TOPIC},
    {"配合", FILL | TOPIC},
    {"带来", FILL},
    {"不便", FILL},
    {"造成", FILL},
    {"敬请", FILL},
    {"了解", FILL},
    {"非常", FILL},
    {"我们", FILL | GIVEN},
    {"我", FILL | GIVEN},
    {"您", FILL | GIVEN},
    {"你", FILL | GIVEN},
    {"可", FILL},
    {"能", FILL},
    {"会", FILL},
    {"哦", FILL},
    {"呢", FILL},
    {"啦", FILL},
    {"哈", FILL},
    {"不要", FILL},
    {"犹豫", FILL},
    {"想", FILL},
    {"欢", FILL},
    {"根据", LEADS},
    {"依据", LEADS},
    {"按照", LEADS},
    {"依照", LEADS},
    {"参照", LEADS},
    {"参考", LEADS | GIVEN},
    {"基于", LEADS},
    {"结合", LEADS},
    {"综合", LEADS},
    {"从", LEADS},
    {"由", LEADS},
    {"据", LEADS},
    {"在", LEADS | GIVEN},
    {"正如", LEADS},
    {"资料", SOURCE},
    {"文档", SOURCE},
    {"文件", SOURCE},
    {"文章", SOURCE},
    {"文本", SOURCE},
    {"文中", SOURCE},
    {"原文", SOURCE},
    {"上文", SOURCE},
    {"上下文", SOURCE},
    {"材料", SOURCE},
    {"段落", SOURCE},
    {"片段", SOURCE},
    {"知识库", SOURCE},
    {"结果", SOURCE},
    {"数据", SOURCE},
    {"手册", SOURCE},
    {"说明书", SOURCE},
    {"规定", SOURCE | SAYS},
    {"政策", SOURCE},
    {"记载", SOURCE | SAYS},
    {"记录", SOURCE},
    {"描述", SOURCE | SAYS},
    {"背景", GIVEN},
    {"现有", GIVEN},
    {"已知", GIVEN},
    {"目前", GIVEN},
    {"提供", GIVEN},
    {"给出", GIVEN},
    {"给定", GIVEN},
    {"所给", GIVEN},
    {"所", GIVEN},
    {"相关", GIVEN},
    {"检索", GIVEN},
    {"检索到", GIVEN},
    {"搜索", GIVEN},
    {"官方", GIVEN},
    {"本店", GIVEN},
    {"公司", GIVEN},
    {"平台", GIVEN},
    {"的", GIVEN},
    {"这些", GIVEN},
    {"这段", GIVEN},
    {"该", GIVEN},
    {"本", GIVEN},
    {"中", GIVEN},
    {"里", GIVEN},
    {"内", GIVEN},
    {"第", GIVEN},
    {"一", GIVEN},
    {"二", GIVEN},
    {"三", GIVEN},
    {"条", GIVEN},
    {"段", GIVEN},
    {"篇", GIVEN},
    {"明确", GIVEN},
    {"来看", SAYS},
    {"可知", SAYS},
    {"得知", SAYS},
    {"可见", SAYS},
    {"看出", SAYS},
    {"显示", SAYS},
    {"指出", SAYS},
    {"提到", SAYS},
    {"提及", SAYS},
    {"表明", SAYS},
    {"写明", SAYS},
    {"所述", SAYS},
    {"所示", SAYS},
};

static struct kb_literals chinese_set = KB_LITERALS(chinese);

/* Share of the characters that may be of any kind, as 1 in so many. */
#define OTHER_CHARS 6

/* "感谢您对…的支持": what stands between is what it is about. */
#define FRAME_CHARS 24

static enum clause read_chinese(struct kb_str s)
{
	unsigned met = 0, last = 0, first = 0;
	size_t all = 0, other = 0;

	for (size_t at = 0, n; at < s.len;) {
		unsigned set = kb_class_at(s, at, &chinese_set, chinese, &n);
		uint32_t cp;

		if (n) {
			last = set & (HEAD | FILL) ? set : 0;
			if (!first && all <= 2)
				first = set;
			met |= last;
			all += n / 3;
			at += n;
			if (!(set & (HEAD | FILL)) && !(set & GIVEN))
				other += n / 3;
			continue;
		}
		at += kb_utf8_next(s.ptr + at, s.len - at, &cp);
		if (kb_is_letter((char)cp) && cp < 0x80)
			return CONTENT;
		if (!kb_is_han(cp))
			continue;
		all++;
		other += !kb_stop_han(cp);
		last = kb_stop_han(cp) ? last : 0;
	}
	if (!all)
		return CONTENT;
	if (other * OTHER_CHARS > all &&
	    !(first & GREETS && last & TOPIC && all <= FRAME_CHARS))
		return CONTENT;
	return met & HEAD ? POLITE : NEUTRAL;
}

/* ---- both ---- */

static bool has_han(struct kb_str s)
{
	for (size_t i = 0; i < s.len;) {
		uint32_t cp;

		i += kb_utf8_next(s.ptr + i, s.len - i, &cp);
		if (kb_is_han(cp))
			return true;
	}
	return false;
}

#define CLAUSE_BYTES 240 /* of a courteous clause at most */

static enum clause read_clause(struct kb_str s)
{
	if (s.len > CLAUSE_BYTES || holds_fact(s))
		return CONTENT;
	return has_han(s) ? read_chinese(s) : read_english(s);
}

/* Where the next clause of s ends; clauses end at dashes, too. */
static size_t next_clause(struct kb_str s, size_t at)
{
	struct kb_sentence_it it = {s.ptr, s.len, at};
	size_t start, end;

	if (!kb_clause_next(&it, &start, &end))
		return s.len;
	for (size_t i = start; i + 3 < end; i++)
		if (!memcmp(s.ptr + i, " - ", 3) ||
		    !memcmp(s.ptr + i, "—", 3) || !memcmp(s.ptr + i, "–", 3) ||
		    !memcmp(s.ptr + i, "～", 3))
			return i + 3;
	return end > at ? end : s.len;
}

/* Without the courteous clauses before and behind the others; a neutral one
 * goes with what is courteous on its outer side. */
static struct kb_str strip_clauses(struct kb_str s)
{
	size_t from = 0, to = 0;
	bool content = false, behind = false;

	for (size_t at = 0, next; at < s.len; at = next) {
		enum clause kind;

		next = next_clause(s, at);
		kind = read_clause((struct kb_str){s.ptr + at, next - at});
		if (kind == CONTENT) {
			content = true;
			behind = false;
			to = next;
		} else if (kind == POLITE && !content) {
			from = next;
		} else if (kind == POLITE) {
			behind = true;
		}
	}
	if (!content)
		return (struct kb_str){s.ptr, from ? 0 : s.len};
	return (struct kb_str){s.ptr + from, (behind ? to : s.len) - from};
}

/* ---- what leads to a statement ---- */

static const char *const leads[] = {
    "the answer to your question is as follows",
    "the answer to your question is",
    "the answer to this question is",
    "the answer to the question is",
    "the answer is as follows",
    "the answer is",
    "the correct answer is",
    "the short answer is",
    "the short answer",
    "answer",
    "short answer",
    "to answer your question",
    "in answer to your question",
    "in short",
    "in summary",
    "in conclusion",
    "in other words",
    "in brief",
    "to summarize",
    "to sum up",
    "summary",
    "overall",
    "basically",
    "simply put",
    "put simply",
    "please note that",
    "please note",
    "note that",
    "note",
    "it is worth noting that",
    "it's worth noting that",
    "it is important to note that",
    "it's important to note that",
    "it should be noted that",
    "keep in mind that",
    "please be aware that",
    "please be advised that",
    "i can confirm that",
    "i can tell you that",
    "i found that",
    "i think that",
    "i think",
    "i believe that",
    "i believe",
    "it seems that",
    "it appears that",
    "as far as i know",
    "to my knowledge",
    "we are pleased to inform you that",
    "答案如下",
    "回答如下",
    "答案是",
    "答案为",
    "答案",
    "回答",
    "答",
    "具体如下",
    "简单来说",
    "简而言之",
    "简言之",
    "总的来说",
    "总而言之",
    "总之",
    "综上所述",
    "综上",
    "需要注意的是",
    "值得注意的是",
    "需要说明的是",
    "请注意",
    "请您注意",
    "温馨提示",
    "我认为",
    "据我所知",
    "经查询",
    "经核实",
    "由此可见",
    "也就是说",
};

static struct kb_literals lead_set = KB_LITERALS(leads);

/* Bytes of marks and blanks at s + at. */
static size_t marks_at(struct kb_str s, size_t at)
{
	size_t from = at;

	while (at < s.len) {
		uint32_t cp;
		size_t n = kb_utf8_next(s.ptr + at, s.len - at, &cp);

		if (!kb_is_space((char)cp) && cp != ',' && cp != ':' &&
		    cp != '-' && cp != 0xff0c && cp != 0xff1a && cp != 0x3000 &&
		    cp != 0x3001)
			break;
		at += n;
	}
	return at - from;
}

/* A phrase of the table; a short one only before a mark. */
#define SHORT_LEAD 16

static size_t lead_phrase(struct kb_str s)
{
	const struct kb_literal *l =
	    kb_literals_word(kb_literals_index(&lead_set), s.ptr, s.len, 0);
	size_t marks = l ? marks_at(s, l->len) : 0;

	if (!l || (l->len < SHORT_LEAD && (!marks || s.ptr[l->len] == ' ') &&
		   !memchr(l->text, ' ', l->len) &&
		   !kb_ends(l->text, l->len, "是")))
		return 0;
	return l->len + marks;
}

#define LEAD_WORDS 14

static bool denies(struct kb_str w)
{
	return kb_str_is_folded(w, "not") || kb_str_is_folded(w, "no") ||
	       kb_str_is_folded(w, "never") || kb_ends(w.ptr, w.len, "n't") ||
	       kb_ends(w.ptr, w.len, "n’t");
}

/* "According to the passages,", "the document states that". */
static size_t english_source(struct kb_str s)
{
	size_t end = next_clause(s, 0);
	struct kb_classed c;
	bool source = false, leads_it, says = false;

	kb_words_class((struct kb_str){s.ptr, end}, &english_set, english, 0,
		       &c);
	if (!c.n)
		return 0;
	leads_it = c.words[0].set & LEADS;
	for (size_t i = 0; i < c.n && i < LEAD_WORDS; i++) {
		struct kb_str w = c.words[i].text;
		unsigned set = c.words[i].set;

		if (says && kb_str_is_folded(w, "that")) {
			end = (size_t)(w.ptr + w.len - s.ptr);
			return end + marks_at(s, end);
		}
		source |= set & SOURCE;
		says |= source && set & SAYS;
		if (denies(w) || (!(set & (SOURCE | GIVEN | LEADS | SAYS)) &&
				  !kb_stop_word(w.ptr, w.len)))
			return 0;
	}
	if (!source || !leads_it || c.n > LEAD_WORDS || end == s.len ||
	    !memchr(",:", s.ptr[end - 1], 2))
		return 0;
	return end + marks_at(s, end);
}

/* "根据您提供的资料，", "资料显示". */
static size_t chinese_source(struct kb_str s)
{
	size_t at = 0, n, marks;
	bool source = false, says = false;

	for (; at < s.len; at += n) {
		unsigned set = kb_class_at(s, at, &chinese_set, chinese, &n);

		if (!n || !(set & (LEADS | SOURCE | GIVEN | SAYS)))
			break;
		source |= set & SOURCE;
		says = set & SAYS;
	}
	marks = marks_at(s, at);
	return source && at < s.len && (marks || says) ? at + marks : 0;
}

static struct kb_str strip_leads(struct kb_str s)
{
	size_t n;

	do {
		n = lead_phrase(s);
		if (!n)
			n = chinese_source(s);
		if (!n)
			n = english_source(s);
		s = kb_str_skip(s, n);
	} while (n && s.len);
	return s;
}

struct kb_str kb_courtesy_strip(struct kb_str s)
{
	size_t before;

	do {
		before = s.len;
		s = strip_leads(strip_clauses(s));
	} while (s.len && s.len < before);
	return s;
}

bool kb_courtesy_closes(struct kb_str s)
{
	struct kb_classed c;

	kb_words_class(s, &english_set, english, 0, &c);
	for (size_t i = 0; i < c.n; i++)
		if (c.words[i].set & SIGN)
			return true;
	return false;
}

#define SIGN_WORDS 5

bool kb_courtesy_signs(struct kb_str line)
{
	struct kb_classed c;

	kb_words_class(line, &english_set, english, 0, &c);
	return c.n && c.n <= SIGN_WORDS && !holds_fact(line) &&
	       !has_han(line);
}
