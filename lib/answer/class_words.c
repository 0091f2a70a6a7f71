#include "answer/cues.h"
#include "answer/match_weights.h"
#include "answer/question_form.h"
#include "base/ascii.h"
#include "text/literals.h"

/* Words by which a question names the class of what it asks for, or says that
 * there is some: the text that answers gives one of that class. */
static const char *const class_words[] = {
    "able",	"according", "add",	   "affect",	  "after",
    "all",	"allow",     "also",	   "amount",	  "any",
    "appear",	"applies",   "apply",	   "approximate", "ask",
    "became",	"become",    "before",	   "begin",	  "believed",
    "best",	"better",    "big",	   "biggest",	  "both",
    "bring",	"build",     "building",   "built",	  "call",
    "called",	"cause",     "certain",	   "choose",	  "color",
    "colour",	"come",	     "comes",	   "commonly",	  "considered",
    "consist",	"contain",   "create",	   "date",	  "decide",
    "describe", "described", "do",	   "done",	  "during",
    "each",	"end",	     "ends",	   "enter",	  "estimated",
    "ever",	"every",     "expect",	   "explain",	  "famous",
    "far",	"fast",	     "first",	   "fit",	  "follow",
    "found",	"generally", "get",	   "gets",	  "give",
    "given",	"go",	     "goes",	   "good",	  "great",
    "happen",	"happening", "happens",	   "help",	  "high",
    "highest",	"hold",	     "important",  "include",	  "increase",
    "instead",	"involve",   "keep",	   "kept",	  "kind",
    "know",	"known",     "large",	   "largest",	  "last",
    "lasts",	"lead",	     "least",	   "leave",	  "led",
    "left",	"less",	     "level",	   "like",	  "live",
    "located",	"location",  "long",	   "longest",	  "look",
    "lose",	"low",	     "lowest",	   "made",	  "main",
    "mainly",	"major",     "make",	   "maximum",	  "mean",
    "meaning",	"means",     "meet",	   "minimum",	  "more",
    "most",	"move",	     "must",	   "name",	  "necessary",
    "need",	"needed",    "needs",	   "never",	  "new",
    "number",	"occur",     "offer",	   "old",	  "once",
    "only",	"option",    "originally", "other",	  "own",
    "part",	"people",    "per",	   "perform",	  "period",
    "person",	"place",     "play",	   "popular",	  "position",
    "possible", "prefer",    "provide",	   "purpose",	  "put",
    "range",	"reach",     "reason",	   "receive",	  "reduce",
    "refer",	"remain",    "represent",  "require",	  "required",
    "result",	"role",	     "run",	   "runs",	  "said",
    "same",	"say",	     "says",	   "see",	  "seem",
    "seen",	"serve",     "set",	   "several",	  "short",
    "show",	"similar",   "size",	   "small",	  "smallest",
    "soon",	"sort",	     "special",	   "specific",	  "spend",
    "stand",	"start",     "stay",	   "still",	  "stop",
    "take",	"takes",     "tell",	   "there",	  "thing",
    "think",	"time",	     "title",	   "total",	  "treat",
    "try",	"turn",	     "type",	   "typical",	  "typically",
    "use",	"used",	     "usually",	   "various",	  "want",
    "way",	"ways",	     "whole",	   "within",	  "without",
    "work",	"write",     "written",	   "一共",	  "一直",
    "一般",	"不同",	     "东西",	   "为止",	  "主要",
    "举措",	"事情",	     "人物",	   "代表",	  "位于",
    "位居",	"位置",	     "作品",	   "作用",	  "使用",
    "具体",	"内容",	     "再次",	   "分别",	  "别名",
    "办法",	"功能",	     "包括",	   "区别",	  "单位",
    "原因",	"又叫",	     "发生",	   "变化",	  "叫做",
    "可选",	"号码",	     "名字",	   "名称",	  "含义",
    "国家",	"地方",	     "地点",	   "型号",	  "城市",
    "大小",	"大约",	     "头衔",	   "奖项",	  "官职",
    "寓意",	"尺寸",	     "属于",	   "岁数",	  "工作",
    "左右",	"平时",	     "年份",	   "年纪",	  "年龄",
    "开始",	"影响",	     "怎样",	   "总共",	  "总数",
    "情况",	"意思",	     "担任",	   "指标",	  "数目",
    "数量",	"方式",	     "方法",	   "日期",	  "时间",
    "最初",	"最多",	     "最少",	   "机构",	  "材料",
    "材质",	"条件",	     "来自",	   "构成",	  "标准",
    "模式",	"活动",	     "版本",	   "物品",	  "特点",
    "状况",	"状态",	     "现今",	   "理由",	  "用途",
    "电话",	"目标",	     "目的",	   "相比",	  "种类",
    "称为",	"称呼",	     "程度",	   "等级",	  "类别",
    "类型",	"级别",	     "组成",	   "结束",	  "结果",
    "职业",	"职位",	     "职务",	   "至少",	  "范围",
    "获得",	"著名",	     "表示",	   "要求",	  "观点",
    "规定",	"规格",	     "象征",	   "身份",	  "适合",
    "通常",	"遭遇",	     "部门",	   "金额",	  "需要",
    "颜色"};
static struct kb_literals class_word_set = KB_LITERALS(class_words);

#define ANY_QUANTITY                                                  \
	(KB_CUE_NUMBER | KB_CUE_COUNT | KB_CUE_AREA | KB_CUE_VOLUME | \
	 KB_CUE_LENGTH | KB_CUE_SHARE | KB_CUE_MONEY | KB_CUE_MASS)

/* Words for a quantity, which a text may give without them. */
static const struct {
	const char *cue;
	unsigned cues;
} quantities[] = {
    {"功率", KB_CUE_POWER},
    {"多少瓦", KB_CUE_POWER},
    {"几瓦", KB_CUE_POWER},
    {"瓦数", KB_CUE_POWER},
    {"电压", KB_CUE_POWER},
    {"耗电", KB_CUE_POWER},
    {"能耗", KB_CUE_POWER},
    {"频率", KB_CUE_RATE},
    {"刷新率", KB_CUE_RATE},
    {"速度", KB_CUE_RATE},
    {"时速", KB_CUE_RATE},
    {"转速", KB_CUE_RATE},
    {"续航", KB_CUE_SPAN | KB_CUE_LENGTH},
    {"时长", KB_CUE_SPAN},
    {"寿命", KB_CUE_SPAN},
    {"期限", KB_CUE_SPAN},
    {"容量", KB_CUE_VOLUME | KB_CUE_MASS},
    {"内存", KB_CUE_VOLUME},
    {"深度", KB_CUE_LENGTH},
    {"直径", KB_CUE_LENGTH},
    {"全长", KB_CUE_LENGTH},
    {"总长", KB_CUE_LENGTH},
    {"厚度", KB_CUE_LENGTH},
    {"尺寸", KB_CUE_LENGTH | KB_CUE_AREA},
    {"重量", KB_CUE_MASS},
    {"体重", KB_CUE_MASS},
    {"税率", KB_CUE_SHARE},
    {"利率", KB_CUE_SHARE},
    {"比率", KB_CUE_SHARE},
    {"票价", KB_CUE_MONEY},
    {"厘米", KB_CUE_LENGTH},
    {"毫米", KB_CUE_LENGTH},
    {"公里", KB_CUE_LENGTH},
    {"千米", KB_CUE_LENGTH},
    {"多少米", KB_CUE_LENGTH},
    {"海拔", KB_CUE_LENGTH},
    {"英寸", KB_CUE_LENGTH},
    {"平方", KB_CUE_AREA},
    {"公斤", KB_CUE_MASS},
    {"千克", KB_CUE_MASS},
    {"价格", KB_CUE_MONEY},
    {"售价", KB_CUE_MONEY},
    {"单价", KB_CUE_MONEY},
    {"费用", KB_CUE_MONEY},
    {"运费", KB_CUE_MONEY},
    {"手续费", KB_CUE_MONEY},
    {"服务费", KB_CUE_MONEY},
    {"年费", KB_CUE_MONEY},
    {"how large", ANY_QUANTITY},
    {"how big", ANY_QUANTITY},
    {"多大", ANY_QUANTITY},
    {"多少钱", KB_CUE_MONEY},
    {"金额", KB_CUE_MONEY},
    {"房间", KB_CUE_AREA},
    {"power", KB_CUE_POWER},
    {"wattage", KB_CUE_POWER},
    {"voltage", KB_CUE_POWER},
    {"frequency", KB_CUE_RATE},
    {"refresh rate", KB_CUE_RATE},
    {"speed", KB_CUE_RATE},
    {"capacity", KB_CUE_VOLUME | KB_CUE_MASS},
    {"volume", KB_CUE_VOLUME},
    {"width", KB_CUE_LENGTH},
    {"length", KB_CUE_LENGTH},
    {"depth", KB_CUE_LENGTH},
    {"distance", KB_CUE_LENGTH | KB_CUE_SPAN},
    {"diameter", KB_CUE_LENGTH},
    {"weight", KB_CUE_MASS},
    {"cost*", KB_CUE_MONEY},
    {"price*", KB_CUE_MONEY},
    {"how much is", KB_CUE_MONEY | KB_CUE_SHARE},
    {"how much are", KB_CUE_MONEY | KB_CUE_SHARE},
    {"pay", KB_CUE_MONEY},
    {"fee", KB_CUE_MONEY},
    {"temperature", KB_CUE_DEGREE},
    {"duration", KB_CUE_SPAN},
    {"lifetime", KB_CUE_SPAN},
};

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

/* Two characters behind 什么 or 哪: of what class the answer is. */
static void note_class_han(struct kb_form *q)
{
	for (size_t i = 0; i < sizeof(class_han) / sizeof(*class_han); i++) {
		struct kb_str found = kb_cue_find(&q->cues, class_han[i]);
		size_t at = (size_t)(found.ptr - q->folded.ptr) + found.len;

		for (size_t k = 0; found.len && k < q->n_units; k++)
			q->units[k].class_word |= q->units[k].is_han &&
						  q->units[k].start >= at &&
						  q->units[k].start < at + 6;
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
		if (last)
			last->class_word = true;
	}
}

static void note_classes(struct kb_form *q)
{
	note_class_words(q);
	if (q->is_han)
		note_class_han(q);
	else
		note_class_english(q);
}

/* Is one of several things asked for: 哪种卡, "which card"? */
static bool asks_which(const struct kb_form *q)
{
	static const char *const words[] = {"哪种", "哪款", "哪家", "哪张",
					    "哪类", "哪台", "哪部", "which"};

	for (size_t i = 0; i < sizeof(words) / sizeof(*words); i++)
		if (kb_cue_in(&q->cues, words[i]))
			return true;
	return false;
}

/* "What is the weight of ..." wants a quantity, "what area is it native to?"
 * and "how does its weight change?" want none. */
bool kb_form_counts(const struct kb_form *q)
{
	static const char *const heads[] = {"what is the",  "what was the",
					    "what are the", "what were the",
					    "what's the",   NULL};

	/* "what does it cost", but "which card costs most" */
	if (asks_which(q))
		return false;
	if (q->kind == KB_WANTED_WHAT && kb_cue_in(&q->cues, "cost*"))
		return true;
	switch (q->kind) {
	case KB_WANTED_HOW_MANY:
	case KB_WANTED_HOW_MUCH:
	case KB_WANTED_HOW_LONG:
		return true;
	case KB_WANTED_WHAT:
		for (size_t i = 0; heads[i]; i++)
			if (kb_cue_in(&q->cues, heads[i]))
				return true;
		return q->is_han;
	case KB_WANTED_HOW:
		return q->is_han;
	default:
		return false;
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

/* A count of something is not what that costs or weighs: 免运费次数. */
static bool is_counted(const struct kb_form *q, const char *cue)
{
	static const char *const counts[] = {"次数", "数量", "人数",
					     "个数", "件数", "张数"};
	struct kb_str found = kb_cue_find(&q->cues, cue), rest;

	if (!found.len)
		return false;
	rest = kb_str_skip(q->folded,
			   (size_t)(found.ptr + found.len - q->folded.ptr));
	for (size_t i = 0; i < sizeof(counts) / sizeof(*counts); i++)
		if (kb_starts(rest.ptr, rest.len, counts[i]))
			return true;
	return false;
}

/* A unit behind a number belongs to a name: a 55英寸 television. */
static bool is_of_name(const struct kb_form *q, const char *cue)
{
	struct kb_str found = kb_cue_find(&q->cues, cue);

	return found.len && found.ptr > q->folded.ptr &&
	       kb_is_digit(found.ptr[-1]);
}

void kb_form_note_words(struct kb_form *q)
{
	/* How long something takes is no price, whatever it is about. */
	unsigned wanted =
	    q->kind == KB_WANTED_HOW_LONG ? KB_CUE_SPAN | KB_CUE_LENGTH : ~0u;

	q->names = q->measure;
	for (size_t i = 0;
	     kb_form_counts(q) && i < sizeof(quantities) / sizeof(*quantities);
	     i++)
		if (quantities[i].cues & wanted &&
		    !is_of_name(q, quantities[i].cue) &&
		    !is_counted(q, quantities[i].cue) &&
		    kb_form_mark_asked(q, quantities[i].cue))
			q->names |= quantities[i].cues;
	note_classes(q);
	note_measure_words(q);
}
