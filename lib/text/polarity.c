#include "text/polarity.h"

#include <assert.h>
#include <stdbool.h>
#include <string.h>

#include "base/letters.h"
#include "base/str.h"
#include "base/utf8.h"

#define NEG	KB_POLAR_NEGATION
#define MODAL	KB_POLAR_MODAL
#define PAIR(n) (KB_POLAR_PAIR + (n))
#define NONE	-1 /* looks like one and is none */

/* clang-format off */
/* In a group the longer stand before their prefixes; of all matches at one
 * place the longest counts. */
static const struct row {
	const char *text;
	int group;
	int side;
} rows[] = {
    /* looks like a negation */
    {"不但", NONE, 0}, {"不仅", NONE, 0}, {"不同", NONE, 0},
    {"不过", NONE, 0}, {"不断", NONE, 0}, {"不久", NONE, 0},
    {"不管", NONE, 0}, {"不论", NONE, 0}, {"不少", NONE, 0},
    {"不得不", NONE, 0}, {"不低于", NONE, 0}, {"不高于", NONE, 0},
    {"不足", NONE, 0}, {"不到", NONE, 0}, {"不大于", NONE, 0},
    {"不小于", NONE, 0}, {"差不多", NONE, 0}, {"对不起", NONE, 0},
    {"不好意思", NONE, 0}, {"非常", NONE, 0}, {"非洲", NONE, 0},
    {"未来", NONE, 0}, {"无论", NONE, 0}, {"无线", NONE, 0},
    {"无锡", NONE, 0}, {"无人机", NONE, 0}, {"没关系", NONE, 0},
    {"是不是", NONE, 0}, {"能不能", NONE, 0}, {"可不可以", NONE, 0},
    {"有没有", NONE, 0}, {"莫斯科", NONE, 0}, {"别的", NONE, 0},
    {"别人", NONE, 0}, {"特别", NONE, 0}, {"分别", NONE, 0},
    {"区别", NONE, 0}, {"级别", NONE, 0}, {"性别", NONE, 0},
    {"not only", NONE, 0}, {"more or less", NONE, 0}, {"up to", NONE, 0},
    {"at first", NONE, 0}, {"right away", NONE, 0}, {"at all", NONE, 0},
    {"after all", NONE, 0}, {"左右", NONE, 0}, {"most of all", NONE, 0},
    {"not more than", NONE, 0}, {"not less than", NONE, 0}, {"no. ", NONE, 0},
    {"需求", NONE, 0}, {"须知", NONE, 0}, {"急需", NONE, 0},
    {"所需", NONE, 0}, {"必需", NONE, 0}, {"不错", NONE, 0},
    {"不愧", NONE, 0}, {"不料", NONE, 0}, {"不禁", NONE, 0},
    {"不妨", NONE, 0}, {"不等", NONE, 0}, {"非但", NONE, 0},
    {"若非", NONE, 0}, {"除非", NONE, 0}, {"未免", NONE, 0},
    {"无疑", NONE, 0}, {"无非", NONE, 0}, {"无不", NONE, 0},
    {"不已", NONE, 0}, {"no less", NONE, 0}, {"not just", NONE, 0},
    {"not merely", NONE, 0},
    /* denies what follows */
    {"不", NEG, -1}, {"没有", NEG, -1}, {"没", NEG, -1}, {"未", NEG, -1},
    {"未曾", NEG, -1}, {"无", NEG, -1}, {"无法", NEG, -1}, {"并非", NEG, -1},
    {"非", NEG, KB_POLAR_PREFIX}, {"从未", NEG, -1}, {"从不", NEG, -1},
    {"不再", NEG, -1}, {"尚未", NEG, -1}, {"并未", NEG, -1},
    {"从没", NEG, -1}, {"绝不", NEG, -1}, {"并不", NEG, -1},
    {"毫不", NEG, -1}, {"毫无", NEG, -1}, {"not", NEG, -1},
    {"never", NEG, -1}, {"no", NEG, -1}, {"cannot", NEG, -1},
    {"without", NEG, -1}, {"neither", NEG, -1}, {"nor", NEG, -1},
    {"none", NEG, -1}, {"nobody", NEG, -1}, {"nothing", NEG, -1},
    {"n't", NEG, -1}, {"n’t", NEG, -1}, {"unable to", NEG, -1},
    {"no longer", NEG, -1}, {"not yet", NEG, -1}, {"not any", NEG, -1},
    {"lacks", NEG, -1}, {"lack of", NEG, -1}, {"no more", NEG, -1},
    {"rarely", NEG, -1}, {"hardly", NEG, -1}, {"failed to", NEG, -1},
    {"won't", NEG, -1}, {"won’t", NEG, -1}, {"lack", NEG, -1},
    {"lacking", NEG, -1}, {"won't be", NEG, -1}, {"永不", NEG, -1},
    {"恕不", NEG, -1}, {"不予", NEG, -1}, {"概不", NEG, -1}, {"未能", NEG, -1},
    {"谢绝", NEG, -1}, {"缺少", NEG, -1}, {"缺乏", NEG, -1}, {"没法", NEG, -1},
    /* may, must, must not */
    {"可以", MODAL, 1}, {"允许", MODAL, 1}, {"能够", MODAL, 1},
    {"准许", MODAL, 1}, {"必须", MODAL, 2}, {"务必", MODAL, 2},
    {"需要", MODAL, 2}, {"须", MODAL, 2}, {"需", MODAL, 2},
    {"务须", MODAL, 2}, {"不用", MODAL, 1}, {"不需", MODAL, 1},
    {"无须", MODAL, 1}, {"应当", MODAL, 2}, {"不可以", MODAL, -1},
    {"不能", MODAL, -1}, {"不得", MODAL, -1}, {"不允许", MODAL, -1},
    {"不可", MODAL, -1}, {"禁止", MODAL, -1}, {"严禁", MODAL, -1},
    {"不准", MODAL, -1}, {"请勿", MODAL, -1}, {"切勿", MODAL, -1},
    {"不应", MODAL, -1}, {"不宜", MODAL, -1}, {"不要", MODAL, -1},
    {"不许", MODAL, -1}, {"无需", MODAL, 1}, {"不需要", MODAL, 1},
    {"不必", MODAL, 1}, {"can", MODAL, 1}, {"may", MODAL, 1},
    {"allowed", MODAL, 1}, {"permitted", MODAL, 1}, {"welcome", MODAL, 1},
    {"allow", MODAL, 1}, {"allows", MODAL, 1}, {"you're welcome", NONE, 0},
    {"you are welcome", NONE, 0}, {"welcome to", NONE, 0},
    {"does not allow", MODAL, -1}, {"do not allow", MODAL, -1},
    {"doesn't allow", MODAL, -1}, {"don't allow", MODAL, -1}, {"must", MODAL, 2},
    {"required", MODAL, 2}, {"have to", MODAL, 2}, {"has to", MODAL, 2},
    {"shall", MODAL, 2}, {"needs to", MODAL, 2}, {"need to", MODAL, 2},
    {"need not", MODAL, 1}, {"needn't", MODAL, 1},
    {"does not need to", MODAL, 1}, {"do not need to", MODAL, 1},
    {"don't need to", MODAL, 1}, {"doesn't need to", MODAL, 1},
    {"do not have to", MODAL, 1}, {"don't have to", MODAL, 1},
    {"does not have to", MODAL, 1}, {"doesn't have to", MODAL, 1},
    {"shall not", MODAL, -1}, {"should not", MODAL, -1},
    {"shouldn't", MODAL, -1}, {"must never", MODAL, -1},
    {"cannot", MODAL, -1}, {"can not", MODAL, -1}, {"can't", MODAL, -1},
    {"may not", MODAL, -1}, {"must not", MODAL, -1}, {"mustn't", MODAL, -1},
    {"not allowed", MODAL, -1}, {"not permitted", MODAL, -1},
    {"prohibited", MODAL, -1}, {"forbidden", MODAL, -1},
    {"not required", MODAL, 1}, {"optional", MODAL, 1},
    {"mandatory", MODAL, 2}, {"compulsory", MODAL, 2}, {"voluntary", MODAL, 1},
    {"recommended", MODAL, 3}, {"advised", MODAL, 3},
    {"advisable", MODAL, 3}, {"not mandatory", MODAL, 1}, {"not compulsory", MODAL, 1},
    {"强制", MODAL, 2}, {"不强制", MODAL, 1}, {"非强制", MODAL, 1},
    {"自愿", MODAL, 1},
    /* opposites */
    {"免费", KB_POLAR_FREE, 1}, {"收费", KB_POLAR_FREE, -1}, {"付费", KB_POLAR_FREE, -1},
    {"到付", KB_POLAR_FREE, -1}, {"自费", KB_POLAR_FREE, -1},
    {"free of charge", KB_POLAR_FREE, 1}, {"free", KB_POLAR_FREE, 1},
    {"feel free", NONE, 0}, {"包邮", KB_POLAR_FREE, 1}, {"for free", KB_POLAR_FREE, 1},
    {"at a fee", KB_POLAR_FREE, -1}, {"is a charge", KB_POLAR_FREE, -1},
    {"costs extra", KB_POLAR_FREE, -1}, {"costs nothing", KB_POLAR_FREE, 1},
    {"不要钱", KB_POLAR_FREE, 1}, {"要钱", KB_POLAR_FREE, -1}, {"charged", KB_POLAR_FREE, -1}, {"支持", PAIR(1), 1},
    {"不支持", PAIR(1), -1}, {"反对", PAIR(1), -1}, {"supports", PAIR(1), 1}, {"support", PAIR(1), 1},
    {"supported", PAIR(1), 1}, {"opposes", PAIR(1), -1},
    {"opposed", PAIR(1), -1}, {"unsupported", PAIR(1), -1},
    {"not supported", PAIR(1), -1}, {"增加", PAIR(2), 1},
    {"增长", PAIR(2), 1}, {"上升", PAIR(2), 1}, {"上涨", PAIR(2), 1},
    {"提高", PAIR(2), 1}, {"减少", PAIR(2), -1}, {"下降", PAIR(2), -1},
    {"下跌", PAIR(2), -1}, {"降低", PAIR(2), -1}, {"increase", PAIR(2), 1},
    {"increased", PAIR(2), 1}, {"increases", PAIR(2), 1},
    {"increasing", PAIR(2), 1}, {"rise", PAIR(2), 1}, {"rises", PAIR(2), 1},
    {"rising", PAIR(2), 1}, {"risen", PAIR(2), 1}, {"grow", PAIR(2), 1},
    {"grows", PAIR(2), 1}, {"growing", PAIR(2), 1}, {"grown", PAIR(2), 1},
    {"raise", PAIR(2), 1}, {"raises", PAIR(2), 1}, {"提升", PAIR(2), 1},
    {"上浮", PAIR(2), 1}, {"decreasing", PAIR(2), -1}, {"fall", PAIR(2), -1},
    {"falls", PAIR(2), -1}, {"falling", PAIR(2), -1}, {"fallen", PAIR(2), -1},
    {"declining", PAIR(2), -1}, {"drops", PAIR(2), -1},
    {"reduce", PAIR(2), -1}, {"reduces", PAIR(2), -1},
    {"lowers", PAIR(2), -1}, {"下滑", PAIR(2), -1}, {"下浮", PAIR(2), -1},
    {"rose", PAIR(2), 1}, {"grew", PAIR(2), 1}, {"decrease", PAIR(2), -1},
    {"decreased", PAIR(2), -1}, {"decreases", PAIR(2), -1},
    {"fell", PAIR(2), -1}, {"declined", PAIR(2), -1},
    {"dropped", PAIR(2), -1}, {"包含", PAIR(3), 1}, {"不包含", PAIR(3), -1},
    {"包括", PAIR(3), 1}, {"不包括", PAIR(3), -1}, {"含", PAIR(3), 1},
    {"不含", PAIR(3), -1}, {"included", PAIR(3), 1}, {"includes", PAIR(3), 1},
    {"include", PAIR(3), 1}, {"including", PAIR(3), 1},
    {"exclude", PAIR(3), -1}, {"excluding", PAIR(3), -1},
    {"除外", PAIR(3), -1}, {"except", NEG, -1}, {"excluded", PAIR(3), -1},
    {"excludes", PAIR(3), -1}, {"not included", PAIR(3), -1},
    {"合法", PAIR(4), 1}, {"违法", PAIR(4), -1}, {"非法", PAIR(4), -1},
    {"legal", PAIR(4), 1}, {"illegal", PAIR(4), -1}, {"成功", PAIR(5), 1},
    {"失败", PAIR(5), -1}, {"succeeded", PAIR(5), 1},
    {"successful", PAIR(5), 1}, {"failed", PAIR(5), -1},
    {"succeeds", PAIR(5), 1}, {"succeed", PAIR(5), 1}, {"fails", PAIR(5), -1},
    {"fail", PAIR(5), -1}, {"unsuccessful", PAIR(5), -1},
    {"有效", PAIR(6), 1}, {"无效", PAIR(6), -1}, {"失效", PAIR(6), -1},
    {"valid", PAIR(6), 1}, {"invalid", PAIR(6), -1}, {"安全", PAIR(7), 1},
    {"危险", PAIR(7), -1}, {"safe", PAIR(7), 1}, {"dangerous", PAIR(7), -1},
    {"unsafe", PAIR(7), -1}, {"之前", PAIR(8), 1}, {"以前", PAIR(8), 1},
    {"之后", PAIR(8), -1}, {"以后", PAIR(8), -1}, {"before", PAIR(8), 1},
    {"after", PAIR(8), -1}, {"prior to", PAIR(8), 1}, {"开启", PAIR(9), 1}, {"打开", PAIR(9), 1},
    {"关闭", PAIR(9), -1}, {"enabled", PAIR(9), 1}, {"enables", PAIR(9), 1},
    {"enable", PAIR(9), 1}, {"disables", PAIR(9), -1},
    {"disable", PAIR(9), -1}, {"启用", PAIR(9), 1}, {"停用", PAIR(9), -1},
    {"禁用", PAIR(9), -1}, {"disabled", PAIR(9), -1}, {"赢", PAIR(11), 1},
    {"输给", PAIR(11), -1}, {"won", PAIR(11), 1}, {"lost", PAIR(11), -1},
    {"胜", PAIR(11), 1}, {"击败", PAIR(11), 1}, {"打败", PAIR(11), 1},
    {"战胜", PAIR(11), 1}, {"战败", PAIR(11), -1}, {"败", PAIR(11), -1}, {"全部", PAIR(12), 1},
    {"部分", PAIR(12), -1}, {"同意", PAIR(13), 1}, {"拒绝", PAIR(13), -1},
    {"agreed", PAIR(13), 1}, {"refused", PAIR(13), -1},
    {"accepted", PAIR(13), 1}, {"rejected", PAIR(13), -1},
    {"accept", PAIR(13), 1}, {"accepts", PAIR(13), 1}, {"agree", PAIR(13), 1},
    {"agrees", PAIR(13), 1}, {"refuse", PAIR(13), -1},
    {"refuses", PAIR(13), -1}, {"reject", PAIR(13), -1},
    {"rejects", PAIR(13), -1}, {"接受", PAIR(13), 1}, {"最大", PAIR(14), 1},
    {"最小", PAIR(14), -1}, {"largest", PAIR(14), 1},
    {"smallest", PAIR(14), -1}, {"最高", PAIR(15), 1}, {"最低", PAIR(15), -1},
    {"highest", PAIR(15), 1}, {"lowest", PAIR(15), -1}, {"最多", PAIR(16), 1},
    {"至多", PAIR(16), 1}, {"不超过", PAIR(16), 1}, {"最少", PAIR(16), -1},
    {"至少", PAIR(16), -1}, {"不少于", PAIR(16), -1},
    {"at most", PAIR(16), 1}, {"no more than", PAIR(16), 1},
    {"maximum", PAIR(16), 1}, {"a maximum of", PAIR(16), 1},
    {"a minimum of", PAIR(16), -1}, {"at least", PAIR(16), -1},
    {"no less than", PAIR(16), -1}, {"minimum", PAIR(16), -1},
    {"up", PAIR(17), 1}, {"upward", PAIR(17), 1}, {"down", PAIR(17), -1},
    {"downward", PAIR(17), -1}, {"向上", PAIR(17), 1}, {"上调", PAIR(17), 1},
    {"向下", PAIR(17), -1}, {"下调", PAIR(17), -1}, {"left", PAIR(18), 1},
    {"right", PAIR(18), -1}, {"左侧", PAIR(18), 1}, {"左边", PAIR(18), 1},
    {"左", PAIR(18), 1}, {"右侧", PAIR(18), -1}, {"右边", PAIR(18), -1},
    {"右", PAIR(18), -1}, {"most", PAIR(19), 1}, {"fewest", PAIR(19), -1},
    {"least", PAIR(19), -1}, {"opens", PAIR(20), 1}, {"open", PAIR(20), 1},
    {"closes", PAIR(20), -1}, {"closed", PAIR(20), -1}, {"开门", PAIR(20), 1},
    {"关门", PAIR(20), -1}, {"开放", PAIR(20), 1}, {"闭馆", PAIR(20), -1},
    {"first", PAIR(21), 1}, {"last", PAIR(21), -1}, {"第一", PAIR(21), 1},
    {"首先", PAIR(21), 1}, {"all", PAIR(12), 1}, {"everyone", PAIR(12), 1}, {"everybody", PAIR(12), 1},
    {"anyone", PAIR(12), 1}, {"few", PAIR(12), -1}, {"a few", NONE, 0},
    {"every", PAIR(12), 1}, {"some", PAIR(12), -1}, {"所有", PAIR(12), 1},
    {"有些", PAIR(12), -1}, {"一些", PAIR(12), -1}, {"少数", PAIR(12), -1},
    {"每个", PAIR(12), 1}, {"一律", PAIR(12), 1}, {"某些", PAIR(12), -1},
    {"inside", PAIR(22), 1}, {"indoors", PAIR(22), 1},
    {"indoor", PAIR(22), 1}, {"outside", PAIR(22), -1},
    {"outdoors", PAIR(22), -1}, {"outdoor", PAIR(22), -1},
    {"室内", PAIR(22), 1}, {"室外", PAIR(22), -1}, {"户外", PAIR(22), -1},
    {"earliest", PAIR(23), 1}, {"latest", PAIR(23), -1},
    {"最早", PAIR(23), 1}, {"最晚", PAIR(23), -1}, {"最迟", PAIR(23), -1},
    {"starts", PAIR(24), 1}, {"begins", PAIR(24), 1}, {"ends", PAIR(24), -1},
    {"started", PAIR(24), 1}, {"began", PAIR(24), 1}, {"ended", PAIR(24), -1},
    {"finished", PAIR(24), -1}, {"开始", PAIR(24), 1}, {"结束", PAIR(24), -1},
    {"buy", PAIR(25), 1}, {"bought", PAIR(25), 1}, {"sell", PAIR(25), -1},
    {"sold", PAIR(25), -1}, {"buys", PAIR(25), 1}, {"sells", PAIR(25), -1},
    {"买入", PAIR(25), 1}, {"卖出", PAIR(25), -1}, {"online", PAIR(26), 1},
    {"offline", PAIR(26), -1}, {"线上", PAIR(26), 1}, {"线下", PAIR(26), -1},
    {"进口", PAIR(27), 1}, {"出口", PAIR(27), -1}, {"imports", PAIR(27), 1},
    {"exports", PAIR(27), -1}, {"arrives", PAIR(28), 1},
    {"departs", PAIR(28), -1}, {"到达", PAIR(28), 1}, {"出发", PAIR(28), -1},
    {"weekdays", PAIR(29), 1}, {"weekends", PAIR(29), -1},
    {"工作日", PAIR(29), 1}, {"周末", PAIR(29), -1},
    {"lengthened", PAIR(30), 1}, {"shortened", PAIR(30), -1},
    {"延长", PAIR(30), 1}, {"缩短", PAIR(30), -1}, {"阳性", PAIR(31), 1},
    {"阴性", PAIR(31), -1}, {"高于", PAIR(32), 1}, {"低于", PAIR(32), -1},
    {"above", PAIR(32), 1}, {"below", PAIR(32), -1}, {"more", PAIR(33), 1},
    {"fewer", PAIR(33), -1}, {"less", PAIR(33), -1}, {"多于", PAIR(33), 1},
    {"少于", PAIR(33), -1}, {"raised", PAIR(2), 1}, {"lowered", PAIR(2), -1},
    {"reduced", PAIR(2), -1}, {"domestic", PAIR(34), 1},
    {"overseas", PAIR(34), -1}, {"国内", PAIR(34), 1}, {"国外", PAIR(34), -1},
    {"海外", PAIR(34), -1}, {"境内", PAIR(34), 1}, {"境外", PAIR(34), -1},
    {"since", PAIR(35), 1}, {"until", PAIR(35), -1}, {"till", PAIR(35), -1},
    {"以来", PAIR(35), 1}, {"直到", PAIR(35), -1}, {"为止", PAIR(35), -1},
    {"decline", PAIR(13), -1}, {"sold separately", PAIR(3), -1},
    {"另售", PAIR(3), -1}, {"另购", PAIR(3), -1}, {"单独出售", PAIR(3), -1},
    {"单独购买", PAIR(3), -1}, {"另行购买", PAIR(3), -1}, {"自备", PAIR(3), -1},
    {"附赠", PAIR(3), 1}, {"附带", PAIR(3), 1}, {"附送", PAIR(3), 1},
    {"不附", PAIR(3), -1}, {"不附赠", PAIR(3), -1}, {"不附带", PAIR(3), -1},
    {"不赠送", PAIR(3), -1}, {"计划", PAIR(36), -1}, {"预计", PAIR(36), -1},
    {"将于", PAIR(36), -1}, {"即将", PAIR(36), -1}, {"plans to", PAIR(36), -1},
    {"planned", PAIR(36), -1}, {"scheduled", PAIR(36), -1},
    {"已于", PAIR(36), 1}, {"已经", PAIR(36), 1}, {"already", PAIR(36), 1},
    {"unless", KB_POLAR_UNLESS, -1},
    {"除非", KB_POLAR_UNLESS, -1}, {"even if", KB_POLAR_UNLESS, 1},
    {"even when", KB_POLAR_UNLESS, 1}, {"即使", KB_POLAR_UNLESS, 1}, {"封顶", PAIR(38), -1},
    {"不封顶", PAIR(38), 1}, {"上限", PAIR(38), -1}, {"无上限", PAIR(38), 1},
    {"没有上限", PAIR(38), 1}, {"unlimited", PAIR(38), 1},
    {"no limit", PAIR(38), 1}, {"capped", PAIR(38), -1},
    {"without charge", KB_POLAR_FREE, 1}, {"at no charge", KB_POLAR_FREE, 1},
    {"no charge", KB_POLAR_FREE, 1}, {"at no cost", KB_POLAR_FREE, 1},
    {"no cost", KB_POLAR_FREE, 1}, {"no fee", KB_POLAR_FREE, 1},
    {"without a fee", KB_POLAR_FREE, 1}, {"no extra charge", KB_POLAR_FREE, 1},
    {"不收费", KB_POLAR_FREE, 1}, {"不额外收费", KB_POLAR_FREE, 1},
    {"不另收费", KB_POLAR_FREE, 1}, {"不另外收费", KB_POLAR_FREE, 1},
    {"免收", KB_POLAR_FREE, 1}, {"另收", KB_POLAR_FREE, -1},
    {"only", PAIR(12), -1}, {"只有", PAIR(12), -1}, {"仅", PAIR(12), -1},
    {"仅限", PAIR(12), -1}, {"目前", NONE, 0}, {"前台", NONE, 0},
    {"前往", NONE, 0}, {"前提", NONE, 0}, {"提前", NONE, 0},
    {"前者", NONE, 0}, {"前期", NONE, 0}, {"前景", NONE, 0},
    {"前面", NONE, 0}, {"前天", NONE, 0}, {"前年", NONE, 0},
    {"空前", NONE, 0}, {"当前", NONE, 0}, {"日前", NONE, 0},
    {"先前", NONE, 0}, {"前后", NONE, 0}, {"前置", NONE, 0},
    {"前任", NONE, 0}, {"前身", NONE, 0}, {"后台", NONE, 0},
    {"最后", PAIR(21), -1}, {"售后", NONE, 0}, {"然后", NONE, 0},
    {"后续", NONE, 0}, {"后者", NONE, 0}, {"后期", NONE, 0},
    {"后面", NONE, 0}, {"后天", NONE, 0}, {"后年", NONE, 0},
    {"后果", NONE, 0}, {"后悔", NONE, 0}, {"后备", NONE, 0},
    {"今后", NONE, 0}, {"背后", NONE, 0}, {"随后", NONE, 0},
    {"落后", NONE, 0}, {"皇后", NONE, 0}, {"后盖", NONE, 0},
    {"后置", NONE, 0}, {"后来", NONE, 0}, {"后代", NONE, 0},
    {"前", PAIR(8), 1}, {"后", PAIR(8), -1},
    {"non", NEG, -1},
};
/* clang-format on */

bool kb_polar_relates(unsigned group)
{
	static const unsigned groups[] = {PAIR(8),  PAIR(11), PAIR(12),
					  PAIR(18), PAIR(25), PAIR(32),
					  PAIR(33), PAIR(35)};

	for (size_t i = 0; i < sizeof(groups) / sizeof(*groups); i++)
		if (groups[i] == group)
			return true;
	return false;
}

bool kb_polar_is_noun(unsigned group)
{
	/* indoors, online, weekdays, domestic */
	return group == PAIR(22) || group == PAIR(26) || group == PAIR(29) ||
	       group == PAIR(34);
}

#define ROWS (sizeof(rows) / sizeof(rows[0]))

#define STARTS 4096

/* Rows by the three bytes that begin them, hashed: row numbers + 1, 0 ends a
 * chain; and which chains there are, so that most words and characters are
 * refused by one look. */
static uint16_t row_first[STARTS], row_next[ROWS];
static uint64_t begun[STARTS / 64];
static unsigned char row_len[ROWS];

enum kind { OTHER, LETTER, HIGH, HAN };
__extension__ static const unsigned char kind_of[256] = {
    ['a' ... 'z'] = LETTER, ['A' ... 'Z'] = LETTER, [0x80 ... 0xe3] = HIGH,
    [0xe4 ... 0xe9] = HAN,  [0xea ... 0xff] = HIGH,
};

static enum kind kind_at(const char *text, size_t at)
{
	return kind_of[(unsigned char)text[at]];
}

/* The third byte of an English word counts as 0 when it is no letter. */
static unsigned start_of(const char *text, size_t len)
{
	const unsigned char *p = (const unsigned char *)text;
	unsigned v;

	if (p[0] >= 0x80)
		v = (unsigned)p[0] << 16 | (unsigned)p[1] << 8 | p[2];
	else
		v = (p[0] | 32u) << 16 | (p[1] | 32u) << 8 |
		    (len > 2 && kind_of[p[2]] == LETTER ? p[2] | 32u : 0);
	return v * 2654435761u >> 20;
}

/* Before main, so that threads find it built; some 500 steps. */
__attribute__((constructor)) static void build_chains(void)
{
	for (size_t i = ROWS; i-- > 0;) {
		size_t len = strlen(rows[i].text);
		unsigned h = start_of(rows[i].text, len);

		row_len[i] = (unsigned char)len;
		row_next[i] = row_first[h];
		row_first[h] = (uint16_t)(i + 1);
		begun[h / 64] |= UINT64_C(1) << (h % 64);
	}
}

/* The bytes of row i, when it stands at text + at: 0 when it does not, or the
 * word goes on behind it. */
static size_t match(const char *text, size_t len, size_t at, size_t i)
{
	const char *row = rows[i].text;
	size_t n = row_len[i];

	if (len - at < n || !kb_is_folded(text + at, row, n))
		return 0;
	if (kb_is_letter(row[n - 1]) && at + n < len &&
	    kb_is_letter(text[at + n]))
		return 0;
	return n;
}

/* The first row + 1 of those that may stand at text + at, where a word or
 * character begins or the "n" of "n't"; 0 for none. */
static size_t first_row(const char *text, size_t len, size_t at)
{
	enum kind kind = kind_at(text, at);
	unsigned h;

	if (kind == OTHER || kind == HIGH || len - at < (kind == HAN ? 3 : 2))
		return 0;
	h = start_of(text + at, len - at);
	return begun[h / 64] >> (h % 64) & 1 ? row_first[h] : 0;
}

/* Where the next row may stand behind 'at': not inside a word, but for the "n"
 * of "n't". */
static size_t step(const char *text, size_t len, size_t at)
{
	size_t end = at + kb_count_letters(text + at, len - at);
	uint32_t cp;

	if (end > at + 1 && end < len && text[end - 1] == 'n' &&
	    (text[end] == '\'' || kind_at(text, end) >= HIGH))
		return end - 1;
	if (end == at && kind_at(text, at) >= HIGH)
		end += kb_utf8_next(text + at, len - at, &cp);
	while (end < len && kind_at(text, end) == OTHER)
		end++;
	return end;
}

/* May, written large inside a sentence. */
static bool is_month(const char *text, size_t at, size_t bytes)
{
	if (bytes != 3 || memcmp(text + at, "May", 3) || at < 2)
		return false;
	return text[at - 1] == ' ' &&
	       (kb_is_alnum(text[at - 2]) || text[at - 2] == ',');
}

/* The longest row at text + at, the modal of two; its bytes, 0 for none. Inside
 * a word only "n't" may stand. */
static size_t longest(const char *text, size_t len, size_t at,
		      const struct row **best)
{
	size_t k = first_row(text, len, at), most = 0;
	bool inside =
	    k && at && kb_is_letter(text[at]) && kb_is_letter(text[at - 1]);

	for (; k; k = row_next[k - 1]) {
		const struct row *r = &rows[k - 1];
		size_t n;

		if (inside && r->text[1] != '\'' &&
		    !((unsigned char)r->text[1] & 0x80))
			continue;
		n = match(text, len, at, k - 1);
		if (n > most || (n && n == most && r->group == MODAL)) {
			*best = r;
			most = n;
		}
	}
	return most;
}

size_t kb_polarity_find_in(const char *text, size_t len, size_t from, size_t to,
			   struct kb_polar *out, size_t max)
{
	size_t n = 0, at = from;

	assert(from <= to && to <= len);
	while (at < to && n < max) {
		const struct row *row = NULL;
		size_t bytes = longest(text, len, at, &row);

		if (!bytes) {
			at = step(text, len, at);
			continue;
		}
		if (row->group != NONE && row->side &&
		    !is_month(text, at, bytes))
			out[n++] = (struct kb_polar){
			    .start = (uint32_t)at,
			    .end = (uint32_t)(at + bytes),
			    .group = (uint16_t)row->group,
			    .side = (int8_t)row->side,
			};
		at += bytes;
	}
	return n;
}

size_t kb_polarity_find(const char *text, size_t len, struct kb_polar *out,
			size_t max)
{
	return kb_polarity_find_in(text, len, 0, len, out, max);
}
