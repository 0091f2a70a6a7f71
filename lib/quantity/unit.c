#include <string.h>

#include "base/ascii.h"
#include "base/str.h"
#include "quantity/quantity_int.h"

enum { CNY = 1, USD, EUR, GBP, JPY, HKD };
enum { NIT = 1, LUMEN, LUX };

#define DAY   86400.0
#define MONTH (30.4375 * DAY)
#define YEAR  (12 * MONTH)

/* Longer names stand before their prefixes. ASCII names are lower case. */
static const struct row {
	const char *name;
	enum kb_dim dim;
	double scale;
	uint32_t id;
} rows[] = {
    {"个工作日", KB_DIM_WORKDAYS, 1, 0},
    {"工作日", KB_DIM_WORKDAYS, 1, 0},
    {"个百分点", KB_DIM_PERCENT, 1, 0},
    {"个自然日", KB_DIM_DURATION, DAY, 0},
    {"自然日", KB_DIM_DURATION, DAY, 0},
    {"个小时", KB_DIM_DURATION, 3600, 0},
    {"小时", KB_DIM_DURATION, 3600, 0},
    {"个钟头", KB_DIM_DURATION, 3600, 0},
    {"分钟", KB_DIM_DURATION, 60, 0},
    {"秒钟", KB_DIM_DURATION, 1, 0},
    {"毫秒", KB_DIM_DURATION, .001, 0},
    {"秒", KB_DIM_DURATION, 1, 0},
    {"个星期", KB_DIM_DURATION, 7 * DAY, 0},
    {"星期", KB_DIM_DURATION, 7 * DAY, 0},
    {"周岁", KB_DIM_AGE, 1, 0},
    {"周年", KB_DIM_DURATION, YEAR, 1},
    {"周", KB_DIM_DURATION, 7 * DAY, 0},
    {"个月", KB_DIM_DURATION, MONTH, 1},
    {"个季度", KB_DIM_DURATION, 3 * MONTH, 1},
    {"天", KB_DIM_DURATION, DAY, 0},
    {"年", KB_DIM_DURATION, YEAR, 1},
    {"岁", KB_DIM_AGE, 1, 0},
    {"人民币", KB_DIM_MONEY, 1, CNY},
    {"块钱", KB_DIM_MONEY, 1, CNY},
    {"元", KB_DIM_MONEY, 1, CNY},
    {"块", KB_DIM_MONEY, 1, CNY},
    {"美元", KB_DIM_MONEY, 1, USD},
    {"美金", KB_DIM_MONEY, 1, USD},
    {"欧元", KB_DIM_MONEY, 1, EUR},
    {"英镑", KB_DIM_MONEY, 1, GBP},
    {"日元", KB_DIM_MONEY, 1, JPY},
    {"港元", KB_DIM_MONEY, 1, HKD},
    {"港币", KB_DIM_MONEY, 1, HKD},
    {"公里/小时", KB_DIM_SPEED, 1 / 3.6, 0},
    {"公里每小时", KB_DIM_SPEED, 1 / 3.6, 0},
    {"千米/小时", KB_DIM_SPEED, 1 / 3.6, 0},
    {"千米每小时", KB_DIM_SPEED, 1 / 3.6, 0},
    {"英里/小时", KB_DIM_SPEED, .44704, 0},
    {"米/秒", KB_DIM_SPEED, 1, 0},
    {"公里", KB_DIM_LENGTH, 1000, 0},
    {"千米", KB_DIM_LENGTH, 1000, 0},
    {"厘米", KB_DIM_LENGTH, .01, 0},
    {"毫米", KB_DIM_LENGTH, .001, 0},
    {"英寸", KB_DIM_LENGTH, .0254, 0},
    {"英里", KB_DIM_LENGTH, 1609.344, 0},
    {"英尺", KB_DIM_LENGTH, .3048, 0},
    {"平方公里", KB_DIM_AREA, 1e6, 0},
    {"平方千米", KB_DIM_AREA, 1e6, 0},
    {"平方厘米", KB_DIM_AREA, 1e-4, 0},
    {"平方英里", KB_DIM_AREA, 2589988, 0},
    {"平方英尺", KB_DIM_AREA, .09290304, 0},
    {"平方米", KB_DIM_AREA, 1, 0},
    {"平米", KB_DIM_AREA, 1, 0},
    {"公顷", KB_DIM_AREA, 1e4, 0},
    {"亩", KB_DIM_AREA, 2000.0 / 3, 0},
    {"立方米", KB_DIM_VOLUME, 1000, 0},
    {"毫升", KB_DIM_VOLUME, .001, 0},
    {"升", KB_DIM_VOLUME, 1, 0},
    {"米", KB_DIM_LENGTH, 1, 0},
    {"寸", KB_DIM_LENGTH, .0254, 0},
    {"公斤", KB_DIM_MASS, 1, 0},
    {"千克", KB_DIM_MASS, 1, 0},
    {"毫克", KB_DIM_MASS, 1e-6, 0},
    {"斤", KB_DIM_MASS, .5, 0},
    {"克", KB_DIM_MASS, .001, 0},
    {"吨", KB_DIM_MASS, 1000, 0},
    {"摄氏度", KB_DIM_TEMPERATURE, 1, 0},
    {"℃", KB_DIM_TEMPERATURE, 1, 0},
    {"°c", KB_DIM_TEMPERATURE, 1, 0},
    {"°f", KB_DIM_TEMPERATURE, 1, 100},
    {"千瓦时", KB_DIM_ENERGY, 1000, 0},
    {"毫安时", KB_DIM_CHARGE, .001, 0},
    {"毫安", KB_DIM_CHARGE, .001, 0},
    {"千瓦", KB_DIM_POWER, 1000, 0},
    {"瓦", KB_DIM_POWER, 1, 0},
    {"伏", KB_DIM_VOLTAGE, 1, 0},
    {"赫兹", KB_DIM_FREQUENCY, 1, 0},
    {"字节", KB_DIM_DATA, 1, 0},
    {"分贝", KB_DIM_SOUND, 1, 0},
    {"千帕", KB_DIM_PRESSURE, 1e3, 0},
    {"兆帕", KB_DIM_PRESSURE, 1e6, 0},
    {"帕", KB_DIM_PRESSURE, 1, 0},
    {"尼特", KB_DIM_LIGHT, 1, NIT},
    {"流明", KB_DIM_LIGHT, 1, LUMEN},
    {"勒克斯", KB_DIM_LIGHT, 1, LUX},
    {"转/分", KB_DIM_ROTATION, 1, 0},
    {"转每分", KB_DIM_ROTATION, 1, 0},
    {"安培", KB_DIM_CURRENT, 1, 0},
    {"像素", KB_DIM_PIXELS, 1, 0},
    {"折", KB_DIM_DISCOUNT, 1, 0},
    {"日", KB_DIM_DURATION, DAY, 0},
    {"成", KB_DIM_PERCENT, 10, 0},
    {"％", KB_DIM_PERCENT, 1, 0},
    {"‰", KB_DIM_PERCENT, .1, 0},
    {"%", KB_DIM_PERCENT, 1, 0},
    {"degrees celsius", KB_DIM_TEMPERATURE, 1, 0},
    {"degrees fahrenheit", KB_DIM_TEMPERATURE, 1, 100},
    {"percentage points", KB_DIM_PERCENT, 1, 0},
    {"percent", KB_DIM_PERCENT, 1, 0},
    {"per cent", KB_DIM_PERCENT, 1, 0},
    {"working days", KB_DIM_WORKDAYS, 1, 0},
    {"working day", KB_DIM_WORKDAYS, 1, 0},
    {"business days", KB_DIM_WORKDAYS, 1, 0},
    {"business day", KB_DIM_WORKDAYS, 1, 0},
    {"calendar days", KB_DIM_DURATION, DAY, 0},
    {"milliseconds", KB_DIM_DURATION, .001, 0},
    {"ms", KB_DIM_DURATION, .001, 0},
    {"seconds", KB_DIM_DURATION, 1, 0},
    {"second", KB_DIM_DURATION, 1, 0},
    {"secs", KB_DIM_DURATION, 1, 0},
    {"sec", KB_DIM_DURATION, 1, 0},
    {"minutes", KB_DIM_DURATION, 60, 0},
    {"minute", KB_DIM_DURATION, 60, 0},
    {"mins", KB_DIM_DURATION, 60, 0},
    {"min", KB_DIM_DURATION, 60, 0},
    {"hours", KB_DIM_DURATION, 3600, 0},
    {"hour", KB_DIM_DURATION, 3600, 0},
    {"hrs", KB_DIM_DURATION, 3600, 0},
    {"hr", KB_DIM_DURATION, 3600, 0},
    {"h", KB_DIM_DURATION, 3600, 0},
    {"days", KB_DIM_DURATION, DAY, 0},
    {"day", KB_DIM_DURATION, DAY, 0},
    {"weeks", KB_DIM_DURATION, 7 * DAY, 0},
    {"week", KB_DIM_DURATION, 7 * DAY, 0},
    {"months", KB_DIM_DURATION, MONTH, 1},
    {"month", KB_DIM_DURATION, MONTH, 1},
    {"fortnight", KB_DIM_DURATION, 14 * DAY, 0},
    {"years old", KB_DIM_AGE, 1, 0},
    {"years of age", KB_DIM_AGE, 1, 0},
    {"year old", KB_DIM_AGE, 1, 0},
    {"years", KB_DIM_DURATION, YEAR, 1},
    {"year", KB_DIM_DURATION, YEAR, 1},
    {"decade", KB_DIM_DURATION, 10 * YEAR, 1},
    {"decades", KB_DIM_DURATION, 10 * YEAR, 1},
    {"us dollars", KB_DIM_MONEY, 1, USD},
    {"dollars", KB_DIM_MONEY, 1, USD},
    {"dollar", KB_DIM_MONEY, 1, USD},
    {"usd", KB_DIM_MONEY, 1, USD},
    {"cents", KB_DIM_MONEY, .01, USD},
    {"yuan", KB_DIM_MONEY, 1, CNY},
    {"rmb", KB_DIM_MONEY, 1, CNY},
    {"cny", KB_DIM_MONEY, 1, CNY},
    {"euros", KB_DIM_MONEY, 1, EUR},
    {"euro", KB_DIM_MONEY, 1, EUR},
    {"eur", KB_DIM_MONEY, 1, EUR},
    {"gbp", KB_DIM_MONEY, 1, GBP},
    {"square kilometers", KB_DIM_AREA, 1e6, 0},
    {"square kilometres", KB_DIM_AREA, 1e6, 0},
    {"square meters", KB_DIM_AREA, 1, 0},
    {"square metres", KB_DIM_AREA, 1, 0},
    {"square miles", KB_DIM_AREA, 2589988, 0},
    {"square mile", KB_DIM_AREA, 2589988, 0},
    {"acres", KB_DIM_AREA, 4046.86, 0},
    {"acre", KB_DIM_AREA, 4046.86, 0},
    {"kilometers per hour", KB_DIM_SPEED, 1 / 3.6, 0},
    {"kilometres per hour", KB_DIM_SPEED, 1 / 3.6, 0},
    {"km per hour", KB_DIM_SPEED, 1 / 3.6, 0},
    {"miles per hour", KB_DIM_SPEED, .44704, 0},
    {"metres per second", KB_DIM_SPEED, 1, 0},
    {"meters per second", KB_DIM_SPEED, 1, 0},
    {"kph", KB_DIM_SPEED, 1 / 3.6, 0},
    {"kilometers", KB_DIM_LENGTH, 1000, 0},
    {"kilometer", KB_DIM_LENGTH, 1000, 0},
    {"kilometres", KB_DIM_LENGTH, 1000, 0},
    {"kilometre", KB_DIM_LENGTH, 1000, 0},
    {"centimeters", KB_DIM_LENGTH, .01, 0},
    {"centimeter", KB_DIM_LENGTH, .01, 0},
    {"centimetres", KB_DIM_LENGTH, .01, 0},
    {"centimetre", KB_DIM_LENGTH, .01, 0},
    {"millimeters", KB_DIM_LENGTH, .001, 0},
    {"millimeter", KB_DIM_LENGTH, .001, 0},
    {"km²", KB_DIM_AREA, 1e6, 0},
    {"km2", KB_DIM_AREA, 1e6, 0},
    {"sq km", KB_DIM_AREA, 1e6, 0},
    {"cm²", KB_DIM_AREA, 1e-4, 0},
    {"m2", KB_DIM_AREA, 1, 0},
    {"square feet", KB_DIM_AREA, .09290304, 0},
    {"sq ft", KB_DIM_AREA, .09290304, 0},
    {"hectares", KB_DIM_AREA, 1e4, 0},
    {"hectare", KB_DIM_AREA, 1e4, 0},
    {"km/h", KB_DIM_SPEED, 1 / 3.6, 0},
    {"kmh", KB_DIM_SPEED, 1 / 3.6, 0},
    {"mph", KB_DIM_SPEED, .44704, 0},
    {"m/s", KB_DIM_SPEED, 1, 0},
    {"km", KB_DIM_LENGTH, 1000, 0},
    {"cm", KB_DIM_LENGTH, .01, 0},
    {"mm", KB_DIM_LENGTH, .001, 0},
    {"meters", KB_DIM_LENGTH, 1, 0},
    {"metres", KB_DIM_LENGTH, 1, 0},
    {"meter", KB_DIM_LENGTH, 1, 0},
    {"inches", KB_DIM_LENGTH, .0254, 0},
    {"inch", KB_DIM_LENGTH, .0254, 0},
    {"feet", KB_DIM_LENGTH, .3048, 0},
    {"foot", KB_DIM_LENGTH, .3048, 0},
    {"ft", KB_DIM_LENGTH, .3048, 0},
    {"miles", KB_DIM_LENGTH, 1609.344, 0},
    {"mile", KB_DIM_LENGTH, 1609.344, 0},
    {"m²", KB_DIM_AREA, 1, 0},
    {"m", KB_DIM_LENGTH, 1, 0},
    {"kilograms", KB_DIM_MASS, 1, 0},
    {"kilogram", KB_DIM_MASS, 1, 0},
    {"kg", KB_DIM_MASS, 1, 0},
    {"mg", KB_DIM_MASS, 1e-6, 0},
    {"grams", KB_DIM_MASS, .001, 0},
    {"gram", KB_DIM_MASS, .001, 0},
    {"pounds", KB_DIM_MASS, .45359237, 0},
    {"pound", KB_DIM_MASS, .45359237, 0},
    {"lbs", KB_DIM_MASS, .45359237, 0},
    {"lb", KB_DIM_MASS, .45359237, 0},
    {"ounces", KB_DIM_MASS, .0283495, 0},
    {"ounce", KB_DIM_MASS, .0283495, 0},
    {"oz", KB_DIM_MASS, .0283495, 0},
    {"tons", KB_DIM_MASS, 1000, 0},
    {"ton", KB_DIM_MASS, 1000, 0},
    {"tonnes", KB_DIM_MASS, 1000, 0},
    {"tonne", KB_DIM_MASS, 1000, 0},
    {"ml", KB_DIM_VOLUME, .001, 0},
    {"liters", KB_DIM_VOLUME, 1, 0},
    {"liter", KB_DIM_VOLUME, 1, 0},
    {"litres", KB_DIM_VOLUME, 1, 0},
    {"litre", KB_DIM_VOLUME, 1, 0},
    {"l", KB_DIM_VOLUME, 1, 0},
    {"terabytes", KB_DIM_DATA, 1099511627776.0, 0},
    {"terabyte", KB_DIM_DATA, 1099511627776.0, 0},
    {"gigabytes", KB_DIM_DATA, 1073741824.0, 0},
    {"gigabyte", KB_DIM_DATA, 1073741824.0, 0},
    {"megabytes", KB_DIM_DATA, 1048576.0, 0},
    {"megabyte", KB_DIM_DATA, 1048576.0, 0},
    {"kilobytes", KB_DIM_DATA, 1024, 0},
    {"kilobyte", KB_DIM_DATA, 1024, 0},
    {"tb", KB_DIM_DATA, 1099511627776.0, 0},
    {"gb", KB_DIM_DATA, 1073741824.0, 0},
    {"mb", KB_DIM_DATA, 1048576.0, 0},
    {"kb", KB_DIM_DATA, 1024, 0},
    {"bytes", KB_DIM_DATA, 1, 0},
    {"t", KB_DIM_DATA, 1099511627776.0, 0},
    {"g", KB_DIM_DATA, 1073741824.0, 0},
    {"hertz", KB_DIM_FREQUENCY, 1, 0},
    {"ghz", KB_DIM_FREQUENCY, 1e9, 0},
    {"mhz", KB_DIM_FREQUENCY, 1e6, 0},
    {"khz", KB_DIM_FREQUENCY, 1e3, 0},
    {"hz", KB_DIM_FREQUENCY, 1, 0},
    {"kwh", KB_DIM_ENERGY, 1000, 0},
    {"wh", KB_DIM_ENERGY, 1, 0},
    {"mah", KB_DIM_CHARGE, .001, 0},
    {"kw", KB_DIM_POWER, 1000, 0},
    {"watts", KB_DIM_POWER, 1, 0},
    {"watt", KB_DIM_POWER, 1, 0},
    {"w", KB_DIM_POWER, 1, 0},
    {"volts", KB_DIM_VOLTAGE, 1, 0},
    {"volt", KB_DIM_VOLTAGE, 1, 0},
    {"v", KB_DIM_VOLTAGE, 1, 0},
    {"decibels", KB_DIM_SOUND, 1, 0},
    {"decibel", KB_DIM_SOUND, 1, 0},
    {"db", KB_DIM_SOUND, 1, 0},
    {"kpa", KB_DIM_PRESSURE, 1e3, 0},
    {"hpa", KB_DIM_PRESSURE, 100, 0},
    {"mpa", KB_DIM_PRESSURE, 1e6, 0},
    {"pa", KB_DIM_PRESSURE, 1, 0},
    {"bar", KB_DIM_PRESSURE, 1e5, 0},
    {"psi", KB_DIM_PRESSURE, 6894.757, 0},
    {"nits", KB_DIM_LIGHT, 1, NIT},
    {"lumens", KB_DIM_LIGHT, 1, LUMEN},
    {"lumen", KB_DIM_LIGHT, 1, LUMEN},
    {"lm", KB_DIM_LIGHT, 1, LUMEN},
    {"lux", KB_DIM_LIGHT, 1, LUX},
    {"rpm", KB_DIM_ROTATION, 1, 0},
    {"amperes", KB_DIM_CURRENT, 1, 0},
    {"amps", KB_DIM_CURRENT, 1, 0},
    {"amp", KB_DIM_CURRENT, 1, 0},
    {"ma", KB_DIM_CURRENT, .001, 0},
    {"megapixels", KB_DIM_PIXELS, 1e6, 0},
    {"megapixel", KB_DIM_PIXELS, 1e6, 0},
    {"pixels", KB_DIM_PIXELS, 1, 0},
    {"mp", KB_DIM_PIXELS, 1e6, 0},
};

/* Measure words that mean the same share a number. */
static const struct {
	const char *name;
	uint32_t id;
} counters[] = {
    {"个人", 1}, {"人次", 2}, {"人", 1},  {"名", 1},  {"位", 1},    {"件", 3},
    {"台", 4},	 {"部", 4},   {"次", 5},  {"回", 5},  {"本", 6},    {"册", 6},
    {"张", 7},	 {"家", 8},   {"款", 9},  {"种", 9},  {"只", 10},   {"条", 11},
    {"项", 12},	 {"场", 13},  {"届", 14}, {"层", 15}, {"页", 16},   {"章", 17},
    {"题", 18},	 {"分", 19},  {"级", 20}, {"倍", 21}, {"辆", 22},   {"艘", 23},
    {"架", 24},	 {"枚", 25},  {"座", 26}, {"间", 27}, {"套", 28},   {"户", 29},
    {"所", 30},	 {"起", 31},  {"例", 32}, {"批", 33}, {"箱", 34},   {"瓶", 35},
    {"盒", 36},	 {"袋", 37},  {"包", 38}, {"双", 39}, {"对", 39},   {"支", 40},
    {"颗", 41},	 {"粒", 42},  {"头", 43}, {"集", 44}, {"期", 45},   {"轮", 46},
    {"号", 47},	 {"岁", 48},  {"单", 49}, {"笔", 50}, {"积分", 51}, {"股", 52},
    {"个", 0},
};

/* 七成 are seventy per cent, but 成立 and 成为 are verbs. */
static bool is_verb(const char *p, size_t len)
{
	static const char *const verbs[] = {
	    "成立", "成为", "成员", "成本", "成功", "成果", "成都", "成年",
	    "成熟", "成长", "成交", "成就", "成绩", "成品", "成不", "成套",
	    "成人", "成形", "成分", "成语", "成了", "成名"};

	for (size_t i = 0; i < sizeof(verbs) / sizeof(*verbs); i++)
		if (kb_starts(p, len, verbs[i]))
			return true;
	return false;
}

/* Does the row's name stand at p? An ASCII name must end its word. */
static size_t match(const char *p, size_t len, const char *name)
{
	size_t n = kb_starts_folded(p, len, name);

	if (n == 3 && kb_starts(p, len, "成") && is_verb(p, len))
		return 0;
	if (n && kb_is_letter(name[n - 1]) && n < len && kb_is_alnum(p[n]))
		return 0;
	return n;
}

#define ROWS	 (sizeof(rows) / sizeof(*rows))
#define COUNTERS (sizeof(counters) / sizeof(*counters))

/* Rows and behind them counters, by the first byte and, beyond ASCII, the
 * second: their numbers + 1, each chain in the order of the tables; 0 ends it.
 */
#define CHAINS 512
static uint16_t first_of[CHAINS];
static uint16_t next_of[ROWS + COUNTERS];

static const char *name_of(size_t i)
{
	return i < ROWS ? rows[i].name : counters[i - ROWS].name;
}

/* The chain of what begins at p; len is not 0. */
static size_t chain_of(const char *ptr, size_t len)
{
	const unsigned char *p = (const unsigned char *)ptr;

	if (p[0] < 0x80)
		return (unsigned char)kb_lower(*ptr);
	return 256 + (len > 1 ? (p[0] * 37u + p[1]) % (CHAINS - 256) : 0);
}

/* Before main, so that threads find it built; some 250 steps. */
__attribute__((constructor)) static void build_chains(void)
{
	for (size_t i = ROWS + COUNTERS; i-- > 0;) {
		size_t chain = chain_of(name_of(i), strlen(name_of(i)));

		next_of[i] = first_of[chain];
		first_of[chain] = (uint16_t)(i + 1);
	}
}

static struct kb_unit unit_of(size_t i)
{
	struct kb_unit unit = {KB_DIM_COUNT, 1, 0, false};

	if (i >= ROWS) {
		unit.id = counters[i - ROWS].id;
		return unit;
	}
	unit.dim = rows[i].dim;
	unit.scale = rows[i].scale;
	if (unit.dim == KB_DIM_DURATION)
		unit.calendar = rows[i].id == 1;
	else
		unit.id = rows[i].id;
	return unit;
}

static size_t find(const char *p, size_t len, struct kb_unit *unit)
{
	size_t k = len ? first_of[chain_of(p, len)] : 0, n;

	for (; k; k = next_of[k - 1]) {
		n = match(p, len, name_of(k - 1));
		if (n) {
			*unit = unit_of(k - 1);
			return n;
		}
	}
	return 0;
}

size_t kb_unit_parse(const char *p, size_t len, struct kb_unit *unit)
{
	size_t n = find(p, len, unit);

	if (n || len < 2 || (p[0] != ' ' && p[0] != '-'))
		return n;
	/* "3 t" and "5 g" after a blank are no data sizes */
	n = find(p + 1, len - 1, unit);
	if (n == 1 && unit->dim == KB_DIM_DATA) {
		unit->dim = KB_DIM_MASS;
		unit->scale = (p[1] | 32) == 'g' ? .001 : 1000;
	}
	return n ? n + 1 : 0;
}

size_t kb_unit_prefix(const char *p, size_t len, struct kb_unit *unit)
{
	static const struct {
		const char *name;
		uint32_t id;
	} signs[] = {
	    {"us$", USD}, {"hk$", HKD}, {"$", USD},  {"¥", CNY},
	    {"￥", CNY},  {"€", EUR},	{"£", GBP},  {"rmb", CNY},
	    {"cny", CNY}, {"usd", USD}, {"＄", USD},
	};

	for (size_t i = 0; i < sizeof(signs) / sizeof(*signs); i++) {
		size_t n;

		if (!len || kb_lower(p[0]) != signs[i].name[0])
			continue;
		n = kb_starts_folded(p, len, signs[i].name);
		if (!n || n == len)
			continue;
		if (p[n] == ' ')
			n++;
		*unit = (struct kb_unit){KB_DIM_MONEY, 1, signs[i].id, false};
		return n;
	}
	return 0;
}

/* ---- characters and words of quantities ---- */

/* Three letters, folded and hashed; characters of Han are, too. */
static unsigned start_of(const char *ptr)
{
	const unsigned char *p = (const unsigned char *)ptr;
	unsigned v = (p[0] | 32u) << 16 | (p[1] | 32u) << 8 | (p[2] | 32u);

	return v * 2654435761u >> 20;
}

/* Those that begin a number word, a month, "half" or a currency, and the
 * figures and parts of a day of Han. */
static uint64_t starts[64];

/* Before main, so that threads find it built; some 70 steps. */
__attribute__((constructor)) static void build_starts(void)
{
	static const char all[] =
	    "zeronetwothrfoufivsixseveigninteneletwethiforfifhunhalquadoz"
	    "janfebmaraprmayjunjulaugsepoctnovdecnoomidhk$us$rmbcnyusd"
	    "零〇一壹二两兩贰三叁四肆五伍六陆七柒八捌九玖十百千"
	    "半正下上晚早凌中傍";

	for (size_t i = 0; i + 3 < sizeof(all); i += 3) {
		unsigned h = start_of(all + i);

		starts[h / 64] |= UINT64_C(1) << (h % 64);
	}
}

bool kb_quantity_may_begin(const char *p, size_t len)
{
	unsigned h = len < 3 ? 0 : start_of(p);

	return len > 2 && starts[h / 64] >> (h % 64) & 1;
}

size_t kb_fold_digit(const char *ptr, size_t len, char *c)
{
	const unsigned char *p = (const unsigned char *)ptr;

	*c = 0;
	if (!len)
		return 0;
	if (p[0] < 0x80) {
		*c = (char)p[0];
		return 1;
	}
	/* U+FF01..U+FF5E, full-width forms */
	if (len >= 3 && p[0] == 0xef && (p[1] == 0xbc || p[1] == 0xbd)) {
		unsigned cp = 0xf000u | (p[1] & 0x3fu) << 6 | (p[2] & 0x3fu);

		if (cp >= 0xff01 && cp <= 0xff5e && cp != 0xff0c) {
			*c = (char)(cp - 0xfee0);
			return 3;
		}
	}
	return 0;
}

size_t kb_match_word(const char *p, size_t len, const char *word)
{
	size_t n;

	if (!len || (p[0] | 32) != word[0])
		return 0;
	n = kb_starts_folded(p, len, word);
	if (n && n < len && kb_is_letter(p[n]))
		return 0;
	return n;
}
