/*
 * What quantity a question names: by a word for it, which a text may give
 * without that ("how heavy is it?": 3 kg), or by the unit that it is wanted in.
 */
#include "answer/cues.h"
#include "answer/match_weights.h"
#include "answer/question_form.h"
#include "base/ascii.h"

/* A size may be any of them. */
#define ANY_SIZE                                                          \
	(KB_CUE_PLAIN | KB_CUE_COUNT | KB_CUE_AREA | KB_CUE_VOLUME |      \
	 KB_CUE_LENGTH | KB_CUE_SHARE | KB_CUE_MONEY | KB_CUE_MASS |      \
	 KB_CUE_DATA | KB_CUE_CHARGE | KB_CUE_POWER | KB_CUE_PRESSURE |   \
	 KB_CUE_VOLTAGE | KB_CUE_CURRENT | KB_CUE_SOUND | KB_CUE_PIXELS | \
	 KB_CUE_LIGHT | KB_CUE_SPEED | KB_CUE_SPAN)

#define CAPACITY                                                     \
	(KB_CUE_VOLUME | KB_CUE_MASS | KB_CUE_DATA | KB_CUE_CHARGE | \
	 KB_CUE_PLAIN)

#define ANY_SPEED                                                     \
	(KB_CUE_SPEED | KB_CUE_RATE | KB_CUE_ROTATION | KB_CUE_DATA | \
	 KB_CUE_SPAN)

static const struct {
	const char *cue;
	unsigned cues;
} quantities[] = {
    {"功率", KB_CUE_POWER},
    {"瓦数", KB_CUE_POWER},
    {"耗电", KB_CUE_POWER},
    {"能耗", KB_CUE_POWER},
    {"电压", KB_CUE_VOLTAGE},
    {"电流", KB_CUE_CURRENT},
    {"频率", KB_CUE_RATE},
    {"刷新率", KB_CUE_RATE},
    {"速度", ANY_SPEED},
    {"网速", ANY_SPEED},
    {"时速", KB_CUE_SPEED | KB_CUE_LENGTH},
    {"转速", KB_CUE_ROTATION},
    {"噪音", KB_CUE_SOUND},
    {"噪声", KB_CUE_SOUND},
    {"音量", KB_CUE_SOUND | KB_CUE_SHARE},
    {"吸力", KB_CUE_PRESSURE | KB_CUE_POWER},
    {"压力", KB_CUE_PRESSURE},
    {"气压", KB_CUE_PRESSURE},
    {"水压", KB_CUE_PRESSURE},
    {"胎压", KB_CUE_PRESSURE},
    {"亮度", KB_CUE_LIGHT | KB_CUE_SHARE},
    {"光通量", KB_CUE_LIGHT},
    {"像素", KB_CUE_PIXELS},
    {"续航", KB_CUE_SPAN | KB_CUE_LENGTH},
    {"时长", KB_CUE_SPAN},
    {"寿命", KB_CUE_SPAN | KB_CUE_COUNT},
    {"期限", KB_CUE_SPAN},
    {"容量", CAPACITY},
    {"内存", KB_CUE_DATA},
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
    {"海拔", KB_CUE_LENGTH},
    {"价格", KB_CUE_MONEY},
    {"售价", KB_CUE_MONEY},
    {"单价", KB_CUE_MONEY},
    {"费用", KB_CUE_MONEY},
    {"运费", KB_CUE_MONEY},
    {"手续费", KB_CUE_MONEY},
    {"服务费", KB_CUE_MONEY},
    {"年费", KB_CUE_MONEY},
    {"费是", KB_CUE_MONEY},
    {"费多少", KB_CUE_MONEY},
    {"费要", KB_CUE_MONEY},
    {"多少钱", KB_CUE_MONEY},
    {"金额", KB_CUE_MONEY},
    {"房间", KB_CUE_AREA},
    {"power", KB_CUE_POWER},
    {"wattage", KB_CUE_POWER},
    {"voltage", KB_CUE_VOLTAGE},
    {"frequency", KB_CUE_RATE | KB_CUE_SPAN},
    {"refresh rate", KB_CUE_RATE},
    {"speed", ANY_SPEED},
    {"how fast", ANY_SPEED},
    {"loud", KB_CUE_SOUND},
    {"noise", KB_CUE_SOUND},
    {"suction", KB_CUE_PRESSURE | KB_CUE_POWER},
    {"pressure", KB_CUE_PRESSURE},
    {"bright", KB_CUE_LIGHT},
    {"brightness", KB_CUE_LIGHT | KB_CUE_SHARE},
    {"capacity", CAPACITY},
    {"memory", KB_CUE_DATA},
    {"volume", KB_CUE_VOLUME | KB_CUE_SOUND},
    {"thick", KB_CUE_LENGTH},
    {"thickness", KB_CUE_LENGTH},
    {"width", KB_CUE_LENGTH},
    {"length", KB_CUE_LENGTH | KB_CUE_SPAN},
    {"depth", KB_CUE_LENGTH},
    {"distance", KB_CUE_LENGTH | KB_CUE_SPAN},
    {"diameter", KB_CUE_LENGTH},
    {"weight", KB_CUE_MASS},
    {"weigh", KB_CUE_MASS},
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

/* Of what has no name among them. */
static const char *const sizes[] = {"how large", "how big", "多大"};

/* Behind these stands the unit that is wanted, or what is counted. */
static const char *const counts[] = {"how many ", "多少", "几"};

/* Is one of several things asked for: 哪种卡, "which card"? */
static bool asks_which(const struct kb_form *q)
{
	static const char *const words[] = {"哪种", "哪款",  "哪家",
					    "哪张", "哪类",  "哪台",
					    "哪部", "which", NULL};

	return kb_cue_any(&q->cues, words);
}

/* "What is the weight of ..." wants a quantity, "what area is it native to?"
 * and "how does its weight change?" want none. */
bool kb_form_counts(const struct kb_form *q)
{
	static const char *const heads[] = {"what is the",
					    "what was the",
					    "what are the",
					    "what were the",
					    "what's the",
					    "what is its",
					    "what are its",
					    "what's its",
					    "what is their",
					    "what are their",
					    "what is your",
					    "what are your",
					    NULL};
	static const char *const does[] = {"what do",	 "what does",
					   "what did",	 "what will",
					   "what would", NULL};

	/* "what does it cost", but "which card costs most" */
	if (asks_which(q))
		return false;
	if (q->kind == KB_WANTED_WHAT && kb_cue_in(&q->cues, "cost*"))
		return true;
	if (q->kind == KB_WANTED_WHAT && kb_cue_in(&q->cues, "weigh*") &&
	    kb_cue_any(&q->cues, does))
		return true;
	switch (q->kind) {
	case KB_WANTED_HOW_MANY:
	case KB_WANTED_HOW_MUCH:
	case KB_WANTED_HOW_LONG:
		return true;
	case KB_WANTED_WHAT:
		return q->is_han || kb_cue_any(&q->cues, heads);
	case KB_WANTED_HOW:
		return q->is_han;
	default:
		return false;
	}
}

/* Is the thing asked for right behind "what": "what voltage does it need"? */
static bool is_behind_what(const struct kb_form *q, struct kb_str found)
{
	size_t at = (size_t)(found.ptr - q->folded.ptr);

	return q->kind == KB_WANTED_WHAT && found.len &&
	       (kb_ends(q->folded.ptr, at, "what ") ||
		kb_ends(q->folded.ptr, at, "which "));
}

/* Is it how loud, how bright, how thick something is? */
static bool is_behind_how(const struct kb_form *q, struct kb_str found)
{
	return found.len &&
	       kb_ends(q->folded.ptr, (size_t)(found.ptr - q->folded.ptr),
		       "how ");
}

/* A count of something is not what that costs or weighs: 免运费次数. */
static bool is_counted(const struct kb_form *q, struct kb_str found)
{
	static const char *const words[] = {"次数", "数量", "人数",
					    "个数", "件数", "张数"};
	struct kb_str rest = kb_str_skip(
	    q->folded, (size_t)(found.ptr + found.len - q->folded.ptr));

	for (size_t i = 0; i < sizeof(words) / sizeof(*words); i++)
		if (kb_starts(rest.ptr, rest.len, words[i]))
			return true;
	return false;
}

static void note_words(struct kb_form *q, unsigned wanted)
{
	bool any = kb_form_counts(q);

	for (size_t i = 0; i < sizeof(quantities) / sizeof(*quantities); i++) {
		const char *cue = quantities[i].cue;
		struct kb_str found = kb_cue_find(&q->cues, cue);

		if (!found.len || !(quantities[i].cues & wanted) ||
		    !(any || is_behind_what(q, found) ||
		      is_behind_how(q, found)) ||
		    is_counted(q, found) || !kb_form_mark_asked(q, cue))
			continue;
		q->names |= quantities[i].cues;
	}
}

/* "How much is it" is 多少, too. */
static bool is_number(const char *count, struct kb_str rest)
{
	static const char measure_words[] =
	    "个本件册次副把台只条座间套辆位张块片份杯瓶袋盒根支枝颗粒匹棵朵"
	    "双对遍回场届集章节首幅层门项款种类批群组队名人";

	return strcmp(count, "多少") != 0 ||
	       (rest.len >= 3 &&
		memmem(measure_words, sizeof(measure_words) - 1, rest.ptr, 3));
}

/* How many kilograms: a mass. The unit need not be repeated in those words. */
static void note_unit(struct kb_reader *reader, struct kb_form *q)
{
	for (size_t i = 0; i < sizeof(counts) / sizeof(*counts); i++) {
		struct kb_str found = kb_cue_find(&q->cues, counts[i]);
		struct kb_str rest = kb_str_skip(
		    q->folded, (size_t)(found.ptr + found.len - q->folded.ptr));
		size_t n;
		unsigned cues;

		if (!found.len)
			continue;
		cues = kb_cues_of_unit(reader, rest, &n);
		q->counts = !cues && q->kind == KB_WANTED_HOW_MANY &&
			    is_number(counts[i], rest);
		q->names |= cues;
		for (size_t k = 0; cues && k < q->n_units; k++)
			q->units[k].asks |=
			    q->units[k].start >=
				(size_t)(rest.ptr - q->folded.ptr) &&
			    q->units[k].end <=
				(size_t)(rest.ptr - q->folded.ptr) + n;
		return;
	}
}

void kb_form_note_quantities(struct kb_reader *reader, struct kb_form *q)
{
	/* How long something takes is no price, whatever it is about. */
	bool is_span = q->kind == KB_WANTED_HOW_LONG;

	q->names = q->measure;
	note_words(q, is_span ? KB_CUE_SPAN | KB_CUE_LENGTH : ~0u);
	if (kb_form_counts(q) && !is_span)
		note_unit(reader, q);
	for (size_t i = 0; i < sizeof(sizes) / sizeof(*sizes); i++)
		if (kb_form_counts(q) && kb_form_mark_asked(q, sizes[i]) &&
		    !q->names)
			q->names = ANY_SIZE;
}

struct kb_str kb_form_wanted_name(const struct kb_form *q)
{
	static const struct {
		unsigned cue;
		const char *name;
	} names[] = {
	    {KB_CUE_MONEY, "amount"},	    {KB_CUE_MASS, "weight"},
	    {KB_CUE_LENGTH, "length"},	    {KB_CUE_AREA, "area"},
	    {KB_CUE_VOLUME, "capacity"},    {KB_CUE_DATA, "capacity"},
	    {KB_CUE_CHARGE, "capacity"},    {KB_CUE_SHARE, "percentage"},
	    {KB_CUE_DEGREE, "temperature"}, {KB_CUE_POWER, "power"},
	    {KB_CUE_SPEED, "speed"},	    {KB_CUE_RATE, "rate"},
	    {KB_CUE_SPAN, "duration"},	    {KB_CUE_VOLTAGE, "voltage"},
	    {KB_CUE_CURRENT, "current"},    {KB_CUE_SOUND, "loudness"},
	    {KB_CUE_PRESSURE, "pressure"},  {KB_CUE_LIGHT, "brightness"},
	    {KB_CUE_ROTATION, "speed"},	    {KB_CUE_PIXELS, "pixels"},
	};
	static const char *const kinds[KB_WANTED_KINDS] = {
	    [KB_WANTED_WHEN] = "date",	       [KB_WANTED_HOW_MANY] = "number",
	    [KB_WANTED_HOW_LONG] = "duration", [KB_WANTED_HOW_MUCH] = "amount",
	    [KB_WANTED_WHO] = "person",	       [KB_WANTED_WHERE] = "place",
	    [KB_WANTED_WHY] = "reason",	       [KB_WANTED_HOW] = "way",
	};

	for (size_t i = 0; i < sizeof(names) / sizeof(*names); i++)
		if (q->names & names[i].cue)
			return kb_str_of(names[i].name);
	return kb_str_of(kinds[q->kind] ? kinds[q->kind] : "");
}

/* "How long does it take" wants a time; a thing may be long in both ways, and
 * so may what it has to be. */
bool kb_form_may_be_length(const struct kb_form *q)
{
	static const char *const times[] = {
	    "how long do",  "how long does", "how long did",	"how long will",
	    "how long can", "how long has",  "how long have",	"how long had",
	    "how long may", "how long must", "how long should", NULL};

	if (q->is_han)
		return false;
	return !kb_cue_any(&q->cues, times) || kb_cue_in(&q->cues, "be");
}
