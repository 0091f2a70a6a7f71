#include "answer/cues.h"

#include "answer/reading.h"
#include "base/ascii.h"
#include "base/find.h"
#include "base/utf8.h"

static unsigned pair_of(const char *ptr)
{
	const unsigned char *p = (const unsigned char *)ptr;

	return (p[0] | (unsigned)p[1] << 8) * 2654435761u >> 21;
}

void kb_cue_text_init(struct kb_cue_text *text, struct kb_str folded)
{
	*text = (struct kb_cue_text){.folded = folded};
	for (size_t i = 0; i + 1 < folded.len; i++) {
		unsigned pair = pair_of(folded.ptr + i);

		text->pairs[pair / 64] |= UINT64_C(1) << (pair % 64);
	}
}

static bool has_pair(const struct kb_cue_text *text, const char *p)
{
	unsigned pair = pair_of(p);

	return text->pairs[pair / 64] >> (pair % 64) & 1;
}

/* May the text hold the cue, by its first pairs of bytes? */
static bool may_hold(const struct kb_cue_text *text, const char *cue)
{
	for (int i = 1; i < 5; i++) {
		if (!cue[i] || cue[i] == '*')
			return true;
		if (!has_pair(text, cue + i - 1))
			return false;
	}
	return true;
}

static struct kb_str find(const struct kb_cue_text *text, const char *cue)
{
	const char *p = text->folded.ptr, *begin = p;
	const char *end = p + text->folded.len;
	size_t len = strlen(cue);
	bool open_end = len && cue[len - 1] == '*';

	len -= open_end;
	while ((size_t)(end - p) >= len &&
	       (p = kb_find(p, (size_t)(end - p), cue, len))) {
		bool left =
		    p == begin || !kb_is_letter(p[-1]) || !kb_is_letter(cue[0]);
		bool right = open_end || p + len == end ||
			     !kb_is_letter(p[len]) ||
			     !kb_is_letter(cue[len - 1]);

		if (left && right)
			return (struct kb_str){p, len};
		p++;
	}
	return (struct kb_str){begin, 0};
}

struct kb_str kb_cue_find(const struct kb_cue_text *text, const char *cue)
{
	return may_hold(text, cue) ? find(text, cue)
				   : (struct kb_str){text->folded.ptr, 0};
}

bool kb_cue_in(const struct kb_cue_text *text, const char *cue)
{
	return may_hold(text, cue) && find(text, cue).len > 0;
}

bool kb_cue_any(const struct kb_cue_text *text, const char *const *cues)
{
	for (; *cues; cues++)
		if (kb_cue_in(text, *cues))
			return true;
	return false;
}

bool kb_cue_amount(struct kb_str folded)
{
	static const char *const words[] = {
	    "free*",	"includ*",   "complimentary",
	    "gratis",	"no",	     "not",
	    "none",	"nothing",   "never",
	    "without",	"unlimited", "any",
	    "all",	"every",     "each",
	    "both",	"several",   "many",
	    "few",	"much",	     "more",
	    "most",	"less",	     "least",
	    "half",	"quarter",   "double*",
	    "twice",	"once",	     "dozen*",
	    "hundred*", "thousand*", "million*",
	    "billion*", "lifetime",  "life",
	    "forever",	"perman*",   "indefinite*",
	    "until",	"till",	     "immediate*",
	    "instant*", "depend*",   "vari*",
	    "same",	"equal*",    "entire*",
	    "whole",	"day",	     "week",
	    "month",	"year",	     "hour",
	    "minute",	"century",   "免",
	    "无",	"不",	     "没",
	    "包",	"含",	     "限",
	    "全",	"所有",	     "永",
	    "终",	"长",	     "直",
	    "多",	"少",	     "半",
	    "倍",	"双",	     "几",
	    "数",	"每",	     "按",
	    "视",	"立即",	     "即时",
	    "实时",	"当",	     "次日",
	    "隔",	"同",	     NULL};
	struct kb_cue_text text;

	kb_cue_text_init(&text, folded);
	return kb_cue_any(&text, words);
}

static const unsigned dim_cues[KB_DIM_MAX] = {
    [KB_DIM_NUMBER] = KB_CUE_PLAIN,
    [KB_DIM_COUNT] = KB_CUE_COUNT | KB_CUE_PLAIN,
    [KB_DIM_MONEY] = KB_CUE_MONEY,
    [KB_DIM_PERCENT] = KB_CUE_SHARE | KB_CUE_MONEY,
    [KB_DIM_DISCOUNT] = KB_CUE_MONEY,
    [KB_DIM_DURATION] = KB_CUE_SPAN,
    [KB_DIM_WORKDAYS] = KB_CUE_SPAN,
    [KB_DIM_AGE] = KB_CUE_SPAN,
    [KB_DIM_DATE] = KB_CUE_DATE,
    [KB_DIM_CLOCK] = KB_CUE_DATE,
    [KB_DIM_LENGTH] = KB_CUE_LENGTH,
    [KB_DIM_AREA] = KB_CUE_AREA,
    [KB_DIM_VOLUME] = KB_CUE_VOLUME,
    [KB_DIM_DATA] = KB_CUE_DATA,
    [KB_DIM_CHARGE] = KB_CUE_CHARGE,
    [KB_DIM_MASS] = KB_CUE_MASS,
    [KB_DIM_TEMPERATURE] = KB_CUE_DEGREE,
    [KB_DIM_SPEED] = KB_CUE_SPEED,
    [KB_DIM_FREQUENCY] = KB_CUE_RATE,
    [KB_DIM_POWER] = KB_CUE_POWER,
    [KB_DIM_VOLTAGE] = KB_CUE_VOLTAGE,
    [KB_DIM_ENERGY] = KB_CUE_POWER | KB_CUE_CHARGE,
    [KB_DIM_SOUND] = KB_CUE_SOUND,
    [KB_DIM_PRESSURE] = KB_CUE_PRESSURE,
    [KB_DIM_LIGHT] = KB_CUE_LIGHT,
    [KB_DIM_ROTATION] = KB_CUE_ROTATION,
    [KB_DIM_CURRENT] = KB_CUE_CURRENT,
    [KB_DIM_PIXELS] = KB_CUE_PIXELS,
};

#define UNIT_BYTES 24 /* of the longest unit with its number */

unsigned kb_cues_of_unit(struct kb_reader *reader, struct kb_str text,
			 size_t *len)
{
	struct kb_quantities *found = &reader->quantities;
	char one[UNIT_BYTES + 2] = "2 ";

	text.len = kb_utf8_cut(text.ptr, text.len, UNIT_BYTES - 2);
	memcpy(one + 2, text.ptr, text.len);
	found->n = 0;
	kb_quantities_find(found, one, text.len + 2);
	*len = 0;
	if (!found->n || found->items[0].start || found->items[0].num_end < 3)
		return 0;
	*len = found->items[0].num_end - 2;
	return dim_cues[found->items[0].dim] & KB_CUE_MEASURED;
}

/* Is the number one that the question names, too? */
static bool is_asked(struct kb_str question, const char *p, size_t len)
{
	const char *q = question.ptr, *end = question.ptr + question.len;

	while ((size_t)(end - q) >= len &&
	       (q = memmem(q, (size_t)(end - q), p, len))) {
		if ((q == question.ptr || !kb_is_digit(q[-1])) &&
		    (q + len == end || !kb_is_digit(q[len])))
			return true;
		q++;
	}
	return false;
}

/* A bare number of four digits is most often a year. */
static bool is_year(struct kb_str s, const struct kb_quantity *q)
{
	return (q->dim == KB_DIM_NUMBER || q->dim == KB_DIM_COUNT) &&
	       q->num_end - q->num_start >= 4 && q->lo >= 1000 &&
	       q->lo <= 2100 && q->step == 0 && s.ptr[q->num_start] != '0';
}

static unsigned number_cues(struct kb_reader *reader, struct kb_str s,
			    struct kb_str question)
{
	struct kb_quantities *found = &reader->quantities;
	unsigned cues = 0;

	found->n = 0;
	kb_quantities_find(found, s.ptr, s.len);
	for (size_t i = 0; i < found->n; i++) {
		const struct kb_quantity *q = &found->items[i];
		const char *num = s.ptr + q->num_start;
		size_t len = q->num_end - q->num_start;

		if (is_asked(question, num, len))
			continue;
		/* "one" and "一" are often no number at all. */
		cues |= kb_is_digit(*num) ? KB_CUE_NUMBER : KB_CUE_COUNT;
		cues |= dim_cues[q->dim];
		if (is_year(s, q))
			cues |= KB_CUE_DATE;
	}
	return cues;
}

static const char *const spans[] = {
    "半年",   "半天",	   "一年",	"两年",	    "一天",   "一个月",
    "一周",   "a day",	   "one day",	"one year", "a week", "a month",
    "a year", "two years", "two weeks", "永久",	    NULL};
static const char *const dates[] = {
    "january", "february",  "march",	 "april",    "june",	 "july",
    "august",  "september", "october",	 "november", "december", "century",
    "monday",  "tuesday",   "wednesday", "thursday", "friday",	 "saturday",
    "sunday",  "世纪",	    "年间",	 "年代",     "每天",	 "midnight",
    "noon",    "when",	    NULL};
static const char *const moneys[] = {"免费",
				     "免邮",
				     "包邮",
				     "免运费",
				     "免收",
				     "免押",
				     "免除",
				     "free",
				     "no charge",
				     "no extra cost",
				     "no extra charge",
				     "waived",
				     NULL};
static const char *const persons[] = {"·",    "先生",	   "女士", "由",  "被",
				      "者",   "员",	   "mr",   "mrs", "dr",
				      "king", "president", "who",  NULL};
static const char *const places[] = {
    "省",     "市",	"县",	 "区",	  "镇",	  "村",	    "路",      "街",
    "国",     "州",	"岛",	 "山",	  "河",	  "湖",	    "港",      "洲",
    "位于",   "坐落",	"分布",	 "店",	  "in",	  "at",	    "near",    "from",
    "north*", "south*", "east*", "west*", "city", "street", "located", NULL};
static const char *const reasons[] = {
    "因",	 "由于",	"为了",	       "所以",	"导致",	   "使得",
    "原因",	 "because",	"due to",      "since", "so that", "caused",
    "therefore", "in order to", "as a result", NULL};
static const char *const ways[] = {
    "通过",  "点击",	"点“",	 "进入",   "选择",  "使用",  "用",
    "先",    "然后",	"即可",	 "方法",   "提交",  "联系",  "by",
    "using", "through", "via",	 "select", "click", "go to", "open",
    "press", "hold",	"first", "then",   NULL};
static const char *const polars[] = {
    "不",   "没",   "无",   "可以", "支持",  "能",	"需",  "免",
    "必须", "拒",   "暂停", "要",   "not",   "no",	"can", "cannot",
    "only", "must", "may",  "yes",  "never", "without", NULL};

unsigned kb_cues_find(struct kb_reader *reader, struct kb_str folded,
		      struct kb_str question)
{
	static const struct {
		const char *const *list;
		unsigned cue;
	} lists[] = {
	    {spans, KB_CUE_SPAN},   {dates, KB_CUE_DATE},
	    {moneys, KB_CUE_MONEY}, {persons, KB_CUE_PERSON},
	    {places, KB_CUE_PLACE}, {reasons, KB_CUE_REASON},
	    {ways, KB_CUE_WAY},	    {polars, KB_CUE_POLAR},
	};
	unsigned cues = number_cues(reader, folded, question);
	struct kb_cue_text text;

	kb_cue_text_init(&text, folded);
	for (size_t i = 0; i < sizeof(lists) / sizeof(*lists); i++)
		if (kb_cue_any(&text, lists[i].list))
			cues |= lists[i].cue;
	return cues;
}
