#include "answer/cues.h"
#include "answer/lexicon/answer_class.h"
#include "answer/match_weights.h"
#include "answer/question_form.h"
#include "base/ascii.h"
#include "text/literals.h"

/* Words by which a question names the class of what it asks for, or says that
 * there is some: the text that answers gives one of that class. */
static const char *const class_words[] = {
    "able",	   "age",	 "ages",     "aged",	  "late",
    "wrong",	   "pay",	 "paid",     "according", "add",
    "affect",	   "after",	 "all",	     "allow",	  "also",
    "amount",	   "any",	 "appear",   "applies",	  "apply",
    "approximate", "ask",	 "became",   "become",	  "before",
    "begin",	   "believed",	 "best",     "better",	  "big",
    "biggest",	   "both",	 "bring",    "build",	  "building",
    "built",	   "call",	 "called",   "cause",	  "certain",
    "choose",	   "color",	 "colour",   "come",	  "comes",
    "commonly",	   "considered", "consist",  "contain",	  "create",
    "date",	   "decide",	 "describe", "described", "do",
    "done",	   "during",	 "each",     "end",	  "ends",
    "enter",	   "estimated",	 "ever",     "every",	  "expect",
    "explain",	   "famous",	 "far",	     "fast",	  "first",
    "fit",	   "follow",	 "found",    "generally", "get",
    "gets",	   "give",	 "given",    "go",	  "goes",
    "good",	   "great",	 "happen",   "happening", "happens",
    "help",	   "high",	 "highest",  "hold",	  "important",
    "include",	   "increase",	 "instead",  "involve",	  "keep",
    "kept",	   "kind",	 "know",     "known",	  "large",
    "largest",	   "last",	 "lasts",    "lead",	  "least",
    "leave",	   "led",	 "left",     "less",	  "level",
    "like",	   "live",	 "located",  "location",  "long",
    "longest",	   "look",	 "lose",     "low",	  "lowest",
    "made",	   "main",	 "mainly",   "major",	  "make",
    "maximum",	   "mean",	 "meaning",  "means",	  "meet",
    "minimum",	   "more",	 "most",     "move",	  "must",
    "name",	   "necessary",	 "need",     "needed",	  "needs",
    "never",	   "new",	 "number",   "occur",	  "offer",
    "old",	   "once",	 "only",     "option",	  "originally",
    "other",	   "own",	 "part",     "people",	  "per",
    "perform",	   "period",	 "person",   "place",	  "play",
    "popular",	   "position",	 "possible", "prefer",	  "provide",
    "purpose",	   "put",	 "range",    "reach",	  "reason",
    "receive",	   "reduce",	 "refer",    "remain",	  "represent",
    "require",	   "required",	 "result",   "role",	  "run",
    "runs",	   "said",	 "same",     "say",	  "says",
    "see",	   "seem",	 "seen",     "serve",	  "set",
    "several",	   "short",	 "show",     "similar",	  "size",
    "small",	   "smallest",	 "soon",     "sort",	  "special",
    "specific",	   "spend",	 "stand",    "start",	  "stay",
    "still",	   "stop",	 "take",     "takes",	  "tell",
    "there",	   "thing",	 "think",    "time",	  "title",
    "total",	   "treat",	 "try",	     "turn",	  "type",
    "typical",	   "typically",	 "use",	     "used",	  "usually",
    "various",	   "want",	 "way",	     "ways",	  "whole",
    "within",	   "without",	 "work",     "write",	  "written",
    "一共",	   "一直",	 "一般",     "不同",	  "东西",
    "为止",	   "主要",	 "举措",     "事情",	  "人物",
    "代表",	   "位于",	 "位居",     "位置",	  "作品",
    "作用",	   "使用",	 "具体",     "内容",	  "再次",
    "分别",	   "别名",	 "办法",     "功能",	  "包括",
    "区别",	   "单位",	 "原因",     "又叫",	  "发生",
    "变化",	   "叫做",	 "可选",     "号码",	  "名字",
    "名称",	   "含义",	 "国家",     "地方",	  "地点",
    "型号",	   "城市",	 "大小",     "大约",	  "头衔",
    "奖项",	   "官职",	 "寓意",     "尺寸",	  "属于",
    "岁数",	   "工作",	 "左右",     "平时",	  "年份",
    "年纪",	   "年龄",	 "开始",     "影响",	  "怎样",
    "总共",	   "总数",	 "情况",     "意思",	  "担任",
    "指标",	   "数目",	 "数量",     "方式",	  "方法",
    "日期",	   "时间",	 "最初",     "最多",	  "最少",
    "机构",	   "材料",	 "材质",     "条件",	  "来自",
    "构成",	   "标准",	 "模式",     "活动",	  "版本",
    "物品",	   "特点",	 "状况",     "状态",	  "现今",
    "理由",	   "用途",	 "电话",     "目标",	  "目的",
    "相比",	   "种类",	 "称为",     "称呼",	  "程度",
    "等级",	   "类别",	 "类型",     "级别",	  "组成",
    "结束",	   "结果",	 "职业",     "职位",	  "职务",
    "至少",	   "范围",	 "获得",     "著名",	  "表示",
    "要求",	   "观点",	 "规定",     "规格",	  "象征",
    "身份",	   "适合",	 "通常",     "遭遇",	  "部门",
    "金额",	   "需要",	 "颜色",     "处理",	  "处置",
    "怎么办"};
static struct kb_literals class_word_set = KB_LITERALS(class_words);

static bool is_over(const struct kb_form *q, const struct kb_form_unit *u,
		    struct kb_str found)
{
	size_t from = (size_t)(found.ptr - q->folded.ptr);

	return u->start < from + found.len && u->end > from;
}

bool kb_form_mark_asked(struct kb_form *q, const char *cue)
{
	struct kb_str found;
	bool is_ascii = (unsigned char)*cue < 0x80;

	if (!is_ascii && !q->is_han)
		return false;
	found = kb_cue_find(&q->cues, cue);
	for (size_t i = 0; found.len && i < q->n_units; i++)
		q->units[i].asks |= is_over(q, &q->units[i], found);
	return found.len > 0;
}

static bool has_class(const char *word, size_t len)
{
	return kb_literals_has(&class_word_set, word, len);
}

/* An English word of the list, or one of its forms. */
static bool is_class_word(struct kb_str w)
{
	size_t n = w.len;

	if (has_class(w.ptr, n))
		return true;
	if (n > 3 && w.ptr[n - 1] == 's')
		return has_class(w.ptr, n - 1);
	if (n > 4 && !memcmp(w.ptr + n - 2, "ed", 2))
		return has_class(w.ptr, n - 2) || has_class(w.ptr, n - 1);
	return n > 5 && !memcmp(w.ptr + n - 3, "ing", 3) &&
	       has_class(w.ptr, n - 3);
}

#define HAN_BYTES 3

static void note_class_words(struct kb_form *q)
{
	for (size_t i = 0; i < q->n_units; i++) {
		struct kb_form_unit *u = &q->units[i];
		struct kb_str word = {q->folded.ptr + u->start,
				      u->end - u->start};

		if (!u->is_han) {
			u->class_word |= is_class_word(word);
		} else if (i + 1 < q->n_units && u[1].is_han &&
			   u[1].start == u->end &&
			   u->end - u->start == HAN_BYTES &&
			   has_class(word.ptr, word.len + HAN_BYTES)) {
			u->class_word = u[1].class_word = true;
		}
	}
}

static const char *const class_han[] = {"什么", "哪些", "哪个", "哪种",
					"哪一", "哪位", "哪"};

#define PHRASE_HAN (4 * HAN_BYTES) /* that may name a class */

static struct kb_str part_of(struct kb_str s, size_t from, size_t to)
{
	to = to < s.len ? to : s.len;
	from = from < to ? from : to;
	return (struct kb_str){s.ptr + from, to - from};
}

/* A word for the class of what is wanted; one that names no more than that is
 * not missed. */
static void note_wanted(const struct kb_form *q, struct kb_form_unit *u)
{
	u->wanted = q->kind == KB_WANTED_WHAT && u->weight >= UNIT_CONTENT &&
		    (q->answer_class || !u->class_word);
	u->class_word = true;
}

/* Two characters behind 什么 or 哪: of what class the answer is. */
static void note_class_han(struct kb_form *q)
{
	for (size_t i = 0; i < sizeof(class_han) / sizeof(*class_han); i++) {
		struct kb_str found = kb_cue_find(&q->cues, class_han[i]);
		size_t at = (size_t)(found.ptr - q->folded.ptr) + found.len;

		if (found.len && !q->answer_class)
			q->answer_class = kb_answer_class_of(
			    part_of(q->folded, at, at + PHRASE_HAN));
		for (size_t k = 0; found.len && k < q->n_units; k++)
			if (q->units[k].is_han && q->units[k].start >= at &&
			    q->units[k].start < at + 2 * HAN_BYTES &&
			    !q->units[k].wanted)
				note_wanted(q, &q->units[k]);
	}
}

/* Two characters before 是什么: 型号是什么. */
static void note_class_before(struct kb_form *q)
{
	static const char *const asking[] = {"是什么", "是多少", "有哪些",
					     "是哪", "有什么"};

	for (size_t i = 0; i < sizeof(asking) / sizeof(*asking); i++) {
		struct kb_str found = kb_cue_find(&q->cues, asking[i]);
		size_t at = (size_t)(found.ptr - q->folded.ptr);

		if (!found.len || at < 2 * HAN_BYTES || q->answer_class)
			continue;
		q->answer_class = kb_answer_class_of(
		    part_of(q->folded, at - 2 * HAN_BYTES, at));
		for (size_t k = 0; q->answer_class && k < q->n_units; k++)
			if (q->units[k].start >= at - 2 * HAN_BYTES &&
			    q->units[k].start < at)
				note_wanted(q, &q->units[k]);
	}
}

/* The last of the words in a row behind "what" or "which". */
static void note_class_english(struct kb_form *q)
{
	static const char *const words[] = {"what", "which", NULL};

	for (size_t w = 0; words[w]; w++) {
		struct kb_str found = kb_cue_find(&q->cues, words[w]);
		size_t at = (size_t)(found.ptr - q->folded.ptr) + found.len;
		struct kb_form_unit *last = NULL;

		for (size_t k = 0; found.len && k < q->n_units; k++) {
			struct kb_form_unit *u = &q->units[k];

			if (u->start < at)
				continue;
			if (u->is_han || u->weight < UNIT_CONTENT)
				break;
			last = u;
		}
		if (!last)
			continue;
		q->answer_class =
		    kb_answer_class_of(part_of(q->folded, at, last->end));
		note_wanted(q, last);
	}
}

/* What "what is the" is followed by: the colour of it. */
static void note_class_named(struct kb_form *q)
{
	static const char *const heads[] = {"what is the ", "what are the ",
					    "what's the ", "what was the "};

	for (size_t i = 0; i < sizeof(heads) / sizeof(*heads); i++) {
		struct kb_str found = kb_cue_find(&q->cues, heads[i]);
		size_t at = (size_t)(found.ptr - q->folded.ptr) + found.len;
		size_t end = at;

		if (!found.len || q->answer_class)
			continue;
		for (size_t k = 0; k < q->n_units; k++)
			if (q->units[k].start == end ||
			    q->units[k].start == end + 1) {
				if (q->units[k].weight < UNIT_CONTENT)
					break;
				end = q->units[k].end;
			}
		q->answer_class =
		    kb_answer_class_of(part_of(q->folded, at, end));
		for (size_t k = 0; q->answer_class && k < q->n_units; k++)
			if (q->units[k].start >= at && q->units[k].end <= end)
				note_wanted(q, &q->units[k]);
	}
}

/* Words that a text need not repeat. found: in the question; len 0 for none. */
static void mark_class(struct kb_form *q, struct kb_str found)
{
	for (size_t i = 0; found.len && i < q->n_units; i++)
		q->units[i].class_word |= is_over(q, &q->units[i], found);
}

/* "Does it support Y?": where Y is listed, it does, in whatever words. */
static void note_light_verbs(struct kb_form *q)
{
	static const char *const verbs[] = {
	    "support", "supports", "supported", "feature", "offer", "收费",
	    "付费",    "加钱",	   "要钱",	"支持",	   "具备",  "配备",
	    "带有",    "自带",	   "拥有",	"配有"};

	for (size_t k = 0; k < sizeof(verbs) / sizeof(*verbs); k++) {
		struct kb_str found = kb_cue_find(&q->cues, verbs[k]);

		mark_class(q, found);
	}
}

/* Whose questions they are: a text of the cinema says nothing of "the cinema".
 */
static void note_own_place(struct kb_form *q)
{
	static const char *const english[] = {
	    "cinema",  "theatre", "theater",  "gym",	 "shop",
	    "store",   "hotel",	  "museum",   "library", "school",
	    "clinic",  "bank",	  "pharmacy", "company", "restaurant",
	    "airport", "airline", "park",     "club",	 "kindergarten",
	    "nursery", "website", "app",      "branch",	 "hospital"};
	static const char *const chinese[] = {
	    "幼儿园", "影院",	"电影院", "健身房", "医院", "诊所",
	    "药店",   "学校",	"图书馆", "酒店",   "宾馆", "银行",
	    "公司",   "店里",	"商店",	  "门店",   "超市", "餐厅",
	    "平台",   "博物馆", "景区",	  "公园",   "贵店", "你们"};
	static const char *const before[] = {"the ", "your ", "my ", "this ",
					     "our "};
	size_t n = q->is_han ? sizeof(chinese) / sizeof(*chinese)
			     : sizeof(english) / sizeof(*english);

	for (size_t k = 0; k < n; k++) {
		struct kb_str found =
		    kb_cue_find(&q->cues, q->is_han ? chinese[k] : english[k]);
		size_t at = (size_t)(found.ptr - q->folded.ptr);
		bool own = q->is_han;

		for (size_t b = 0;
		     found.len && b < sizeof(before) / sizeof(*before); b++)
			own |= kb_ends(q->folded.ptr, at, before[b]) > 0;
		if (own)
			mark_class(q, found);
	}
}

/* "What time does it close?": 9:00-18:00 says when it opens and closes. */
static void note_hours(struct kb_form *q)
{
	static const char *const words[] = {
	    "关门", "开门",  "打烊",   "营业",	 "闭馆", "开馆",
	    "下班", "上班",  "close",  "closes", "open", "opens",
	    "shut", "start", "starts", "end",	 "ends", "finish"};
	static const char *const asking[] = {
	    "几点", "what time", "until when", "when do", "when does", NULL};

	if (!kb_cue_any(&q->cues, asking))
		return;
	for (size_t k = 0; k < sizeof(words) / sizeof(*words); k++) {
		struct kb_str found = kb_cue_find(&q->cues, words[k]);

		mark_class(q, found);
	}
}

static void note_classes(struct kb_form *q)
{
	if (q->kind == KB_WANTED_WHEN)
		note_hours(q);

	note_own_place(q);

	note_class_words(q);
	if (q->kind == KB_WANTED_YES_NO)
		note_light_verbs(q);
	if (q->is_han) {
		note_class_han(q);
		note_class_before(q);
	} else {
		note_class_english(q);
		note_class_named(q);
	}
}

/* Measure words of Chinese, that say no more behind a number than that it
 * counts. */
static const char measure_words[] =
    "个本件册次副把台只条座间套辆位张块片份杯瓶包袋盒箱根支枝颗粒匹棵朵双对顿"
    "趟遍回场届集章节首幅层门项款种类批群组队名";

static void note_measure_words(struct kb_form *q)
{
	static const char *const counts[] = {"几", "多少", "一", "每", "哪"};

	for (size_t i = 0; i < q->n_units; i++) {
		struct kb_form_unit *u = &q->units[i];
		struct kb_str before = {q->folded.ptr, u->start};

		if (!u->is_han ||
		    !memmem(measure_words, sizeof(measure_words) - 1,
			    q->folded.ptr + u->start, u->end - u->start))
			continue;
		for (size_t k = 0; k < sizeof(counts) / sizeof(*counts); k++)
			u->aside |=
			    kb_ends(before.ptr, before.len, counts[k]) > 0;
	}
}

void kb_form_note_words(struct kb_form *q)
{
	note_classes(q);
	note_measure_words(q);
}
