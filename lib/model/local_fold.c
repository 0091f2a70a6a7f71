#include "model/local.h"
#include "text/han.h"
#include "text/utf8.h"

struct kb_str kb_local_fold(struct kb_arena *arena, struct kb_str text)
{
	/* No character becomes longer: half-width and simplified forms take
	 * at most the bytes of the original. */
	char *dst = kb_arena_alloc(arena, text.len + 4);
	size_t n = 0;

	for (size_t i = 0; i < text.len;) {
		uint32_t cp;

		i += kb_utf8_next(text.ptr + i, text.len - i, &cp);
		if (cp == KB_UTF8_BAD)
			continue;
		if (cp >= 0xff01 && cp <= 0xff5e)
			cp -= 0xfee0;
		if (cp == 0x3000 || cp == 0xa0)
			cp = ' ';
		if (cp >= 'A' && cp <= 'Z')
			cp += 'a' - 'A';
		n += kb_utf8_encode(dst + n, kb_han_simplify(cp));
	}
	dst[n] = '\0';
	return (struct kb_str){dst, n};
}

static bool is_letter(char c)
{
	return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z');
}

static bool is_digit(char c)
{
	return c >= '0' && c <= '9';
}

bool kb_local_has(struct kb_str folded, const char *cue)
{
	size_t len = strlen(cue);
	bool open_end = len && cue[len - 1] == '*';
	const char *p = folded.ptr, *end = folded.ptr + folded.len;

	len -= open_end;
	while ((size_t)(end - p) >= len &&
	       (p = memmem(p, (size_t)(end - p), cue, len))) {
		bool left =
		    p == folded.ptr || !is_letter(p[-1]) || !is_letter(cue[0]);
		bool right = open_end || p + len == end || !is_letter(p[len]) ||
			     !is_letter(cue[len - 1]);

		if (left && right)
			return true;
		p++;
	}
	return false;
}

static bool has_any(struct kb_str folded, const char *const *cues)
{
	for (; *cues; cues++)
		if (kb_local_has(folded, *cues))
			return true;
	return false;
}

/* Units after a number, the longer before their prefixes. */
static const struct {
	const char *unit;
	unsigned cues;
} units[] = {
    {"工作日", KB_CUE_SPAN},
    {"个工作日", KB_CUE_SPAN},
    {"business day", KB_CUE_SPAN},
    {"working day", KB_CUE_SPAN},
    {"分钟", KB_CUE_SPAN},
    {"小时", KB_CUE_SPAN},
    {"个小时", KB_CUE_SPAN},
    {"个月", KB_CUE_SPAN},
    {"星期", KB_CUE_SPAN},
    {"个星期", KB_CUE_SPAN},
    {"周年", KB_CUE_SPAN},
    {"周", KB_CUE_SPAN},
    {"天", KB_CUE_SPAN},
    {"年代", KB_CUE_DATE},
    {"年", KB_CUE_SPAN | KB_CUE_DATE},
    {"月", KB_CUE_DATE | KB_CUE_SPAN},
    {"日", KB_CUE_DATE | KB_CUE_SPAN},
    {"号", KB_CUE_DATE | KB_CUE_PLACE},
    {"点", KB_CUE_DATE},
    {"时", KB_CUE_DATE},
    {"世纪", KB_CUE_DATE},
    {"岁", KB_CUE_SPAN},
    {"秒", KB_CUE_SPAN},
    {"minute", KB_CUE_SPAN},
    {"hour", KB_CUE_SPAN},
    {"day", KB_CUE_SPAN},
    {"week", KB_CUE_SPAN},
    {"month", KB_CUE_SPAN},
    {"year", KB_CUE_SPAN},
    {"second", KB_CUE_SPAN},
    {"am", KB_CUE_DATE},
    {"pm", KB_CUE_DATE},
    {"元", KB_CUE_MONEY},
    {"万元", KB_CUE_MONEY},
    {"亿元", KB_CUE_MONEY},
    {"块", KB_CUE_MONEY},
    {"美元", KB_CUE_MONEY},
    {"折", KB_CUE_MONEY},
    {"usd", KB_CUE_MONEY},
    {"eur", KB_CUE_MONEY},
    {"gbp", KB_CUE_MONEY},
    {"cny", KB_CUE_MONEY},
    {"rmb", KB_CUE_MONEY},
    {"dollar", KB_CUE_MONEY},
    {"euro", KB_CUE_MONEY},
    {"pound", KB_CUE_MONEY | KB_CUE_MASS},
    {"%", KB_CUE_MONEY | KB_CUE_SHARE},
    {"percent", KB_CUE_MONEY | KB_CUE_SHARE},
    {"公斤", KB_CUE_MASS},
    {"千克", KB_CUE_MASS},
    {"克", KB_CUE_MASS},
    {"斤", KB_CUE_MASS},
    {"吨", KB_CUE_MASS},
    {"kg", KB_CUE_MASS},
    {"g", KB_CUE_MASS},
    {"gram", KB_CUE_MASS},
    {"kilogram", KB_CUE_MASS},
    {"lb", KB_CUE_MASS},
    {"ton", KB_CUE_MASS},
    {"平方", KB_CUE_AREA},
    {"亩", KB_CUE_AREA},
    {"公顷", KB_CUE_AREA},
    {"square", KB_CUE_AREA},
    {"sq", KB_CUE_AREA},
    {"acre", KB_CUE_AREA},
    {"米", KB_CUE_LENGTH},
    {"厘米", KB_CUE_LENGTH},
    {"毫米", KB_CUE_LENGTH},
    {"公里", KB_CUE_LENGTH},
    {"千米", KB_CUE_LENGTH},
    {"英寸", KB_CUE_LENGTH},
    {"寸", KB_CUE_LENGTH},
    {"英尺", KB_CUE_LENGTH},
    {"cm", KB_CUE_LENGTH},
    {"mm", KB_CUE_LENGTH},
    {"km", KB_CUE_LENGTH},
    {"m", KB_CUE_LENGTH},
    {"inch", KB_CUE_LENGTH},
    {"foot", KB_CUE_LENGTH},
    {"feet", KB_CUE_LENGTH},
    {"ft", KB_CUE_LENGTH},
    {"mile", KB_CUE_LENGTH},
    {"metre", KB_CUE_LENGTH},
    {"meter", KB_CUE_LENGTH},
    {"mah", KB_CUE_VOLUME},
    {"毫安", KB_CUE_VOLUME},
    {"升", KB_CUE_VOLUME},
    {"毫升", KB_CUE_VOLUME},
    {"l", KB_CUE_VOLUME},
    {"ml", KB_CUE_VOLUME},
    {"gb", KB_CUE_VOLUME},
    {"tb", KB_CUE_VOLUME},
    {"litre", KB_CUE_VOLUME},
    {"liter", KB_CUE_VOLUME},
    {"摄氏度", KB_CUE_DEGREE},
    {"℃", KB_CUE_DEGREE},
    {"°", KB_CUE_DEGREE},
    {"degree", KB_CUE_DEGREE},
};

static bool unit_here(const char *p, const char *end, const char *unit)
{
	size_t len = strlen(unit);

	if ((size_t)(end - p) < len || memcmp(p, unit, len))
		return false;
	p += len;
	if (!is_letter(unit[len - 1]))
		return true;
	if (len > 3 && p < end && *p == 's')
		p++;
	return p == end || !is_letter(*p);
}

static unsigned unit_cues(const char *p, const char *end)
{
	unsigned cues = 0;

	while (p < end && (*p == ' ' || *p == '-'))
		p++;
	for (size_t i = 0; i < sizeof(units) / sizeof(*units); i++)
		if (unit_here(p, end, units[i].unit))
			cues |= units[i].cues;
	return cues;
}

/* A number with inner points, commas and colons; the byte behind it. */
static const char *number_end(const char *p, const char *end)
{
	while (p < end &&
	       (is_digit(*p) || ((*p == '.' || *p == ',' || *p == ':') &&
				 p + 1 < end && is_digit(p[1]))))
		p++;
	return p;
}

static bool money_before(const char *start, const char *p)
{
	static const char *const signs[] = {"$", "€", "£", "¥", "usd ", "eur "};

	for (size_t i = 0; i < sizeof(signs) / sizeof(*signs); i++) {
		size_t len = strlen(signs[i]);

		if ((size_t)(p - start) >= len &&
		    !memcmp(p - len, signs[i], len))
			return true;
	}
	return false;
}

/* Is the number one that the question names, too? */
static bool is_asked(struct kb_str question, const char *p, size_t len)
{
	const char *q = question.ptr, *end = question.ptr + question.len;

	while ((size_t)(end - q) >= len &&
	       (q = memmem(q, (size_t)(end - q), p, len))) {
		if ((q == question.ptr || !is_digit(q[-1])) &&
		    (q + len == end || !is_digit(q[len])))
			return true;
		q++;
	}
	return false;
}

static unsigned number_cues(struct kb_str s, struct kb_str question)
{
	const char *end = s.ptr + s.len;
	unsigned cues = 0;

	for (const char *p = s.ptr; p < end; p++) {
		const char *stop;

		if (!is_digit(*p))
			continue;
		stop = number_end(p, end);
		if (!is_asked(question, p, (size_t)(stop - p))) {
			size_t digits = (size_t)(stop - p);

			cues |= KB_CUE_NUMBER | unit_cues(stop, end);
			if (money_before(s.ptr, p))
				cues |= KB_CUE_MONEY;
			if (memchr(p, ':', digits) ||
			    (digits == 4 && (*p == '1' || *p == '2')))
				cues |= KB_CUE_DATE;
		}
		p = stop - 1;
	}
	return cues;
}

static const char *const numerals[] = {
    "one",	"two",	 "three", "four",   "five",   "six",	  "seven",
    "eight",	"nine",	 "ten",	  "eleven", "twelve", "hundred*", "thousand*",
    "million*", "twice", "once",  "half",   "third*", "一个",	  "两",
    "三个",	"四个",	 "五个",  "一次",   "三次",   "一种",	  "三种",
    "十",	"百",	 "万",	  "第一",   "第二",   NULL};
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
static const char *const moneys[] = {
    "免费", "免邮", "包邮", "free", "no charge", "no extra cost", NULL};
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

unsigned kb_local_cues(struct kb_str folded, struct kb_str question)
{
	static const struct {
		const char *const *list;
		unsigned cue;
	} lists[] = {
	    {numerals, KB_CUE_COUNT}, {spans, KB_CUE_SPAN},
	    {dates, KB_CUE_DATE},     {moneys, KB_CUE_MONEY},
	    {persons, KB_CUE_PERSON}, {places, KB_CUE_PLACE},
	    {reasons, KB_CUE_REASON}, {ways, KB_CUE_WAY},
	    {polars, KB_CUE_POLAR},
	};
	unsigned cues = number_cues(folded, question);

	for (size_t i = 0; i < sizeof(lists) / sizeof(*lists); i++)
		if (has_any(folded, lists[i].list))
			cues |= lists[i].cue;
	return cues;
}
