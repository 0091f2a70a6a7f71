#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <string.h>

#include <cmocka.h>

#include "quantity/quantity.h"

#define DAY 86400.0

static const struct {
	const char *text;
	double lo, hi;
	enum kb_dim dim;
	enum kb_cmp cmp;
} rows[] = {
    {"120", 120, 120, KB_DIM_NUMBER, KB_CMP_EQ},
    {"1,000", 1000, 1000, KB_DIM_NUMBER, KB_CMP_EQ},
    {"一百二十", 120, 120, KB_DIM_NUMBER, KB_CMP_EQ},
    {"五百六十万", 5.6e6, 5.6e6, KB_DIM_NUMBER, KB_CMP_EQ},
    {"三千零五", 3005, 3005, KB_DIM_NUMBER, KB_CMP_EQ},
    {"twenty-five", 25, 25, KB_DIM_NUMBER, KB_CMP_EQ},
    {"two hundred and five", 205, 205, KB_DIM_NUMBER, KB_CMP_EQ},
    {"1.2 million", 1.2e6, 1.2e6, KB_DIM_NUMBER, KB_CMP_EQ},
    {"3.2万元", 32000, 32000, KB_DIM_MONEY, KB_CMP_EQ},
    {"¥99.9", 99.9, 99.9, KB_DIM_MONEY, KB_CMP_EQ},
    {"US$1,234.5", 1234.5, 1234.5, KB_DIM_MONEY, KB_CMP_EQ},
    {"100-200元", 100, 200, KB_DIM_MONEY, KB_CMP_EQ},
    {"满200元", 200, 200, KB_DIM_MONEY, KB_CMP_GE},
    {"200元以上", 200, 200, KB_DIM_MONEY, KB_CMP_GE},
    {"50元以上200元以下", 50, 200, KB_DIM_MONEY, KB_CMP_EQ},
    {"满50元不满200元", 50, 200, KB_DIM_MONEY, KB_CMP_EQ},
    {"50元（含）至200元", 50, 200, KB_DIM_MONEY, KB_CMP_EQ},
    {"$100 to $250", 100, 250, KB_DIM_MONEY, KB_CMP_EQ},
    {"more than 5 but less than 10 kg", 5, 10, KB_DIM_MASS, KB_CMP_EQ},
    {"未满18周岁", 18, 18, KB_DIM_AGE, KB_CMP_LT},
    {"不满200元", 200, 200, KB_DIM_MONEY, KB_CMP_LT},
    {"大于等于3公斤", 3, 3, KB_DIM_MASS, KB_CMP_GE},
    {"10 kg or under", 10, 10, KB_DIM_MASS, KB_CMP_LE},
    {"百分之五", 5, 5, KB_DIM_PERCENT, KB_CMP_EQ},
    {"15％", 15, 15, KB_DIM_PERCENT, KB_CMP_EQ},
    {"八五折", 85, 85, KB_DIM_DISCOUNT, KB_CMP_EQ},
    {"8折", 80, 80, KB_DIM_DISCOUNT, KB_CMP_EQ},
    {"20% off", 80, 80, KB_DIM_DISCOUNT, KB_CMP_EQ},
    {"3-5天", 3 * DAY, 5 * DAY, KB_DIM_DURATION, KB_CMP_EQ},
    {"3 to 5 business days", 3, 5, KB_DIM_WORKDAYS, KB_CMP_EQ},
    {"48小时", 2 * DAY, 2 * DAY, KB_DIM_DURATION, KB_CMP_EQ},
    {"７日内", 7 * DAY, 7 * DAY, KB_DIM_DURATION, KB_CMP_LE},
    {"within two weeks", 14 * DAY, 14 * DAY, KB_DIM_DURATION, KB_CMP_LE},
    {"不超过30天", 30 * DAY, 30 * DAY, KB_DIM_DURATION, KB_CMP_LE},
    {"两个半小时", 9000, 9000, KB_DIM_DURATION, KB_CMP_EQ},
    {"2024年1月31日", 20240131, 20240131, KB_DIM_DATE, KB_CMP_EQ},
    {"2024-01-31", 20240131, 20240131, KB_DIM_DATE, KB_CMP_EQ},
    {"Jan 31, 2024", 20240131, 20240131, KB_DIM_DATE, KB_CMP_EQ},
    {"31st January 2024", 20240131, 20240131, KB_DIM_DATE, KB_CMP_EQ},
    {"二〇二四年", 20240000, 20240000, KB_DIM_DATE, KB_CMP_EQ},
    {"1月31日", 131, 131, KB_DIM_DATE, KB_CMP_EQ},
    {"9:00-18:00", 540, 1080, KB_DIM_CLOCK, KB_CMP_EQ},
    {"下午3点半", 930, 930, KB_DIM_CLOCK, KB_CMP_EQ},
    {"3 pm", 900, 900, KB_DIM_CLOCK, KB_CMP_EQ},
    {"7 to 9 am", 420, 540, KB_DIM_CLOCK, KB_CMP_EQ},
    {"7-9 pm", 1140, 1260, KB_DIM_CLOCK, KB_CMP_EQ},
    {"11 to 2 pm", 660, 840, KB_DIM_CLOCK, KB_CMP_EQ},
    {"7 and 9 am", 420, 540, KB_DIM_CLOCK, KB_CMP_EQ},
    {"下午2至5点", 840, 1020, KB_DIM_CLOCK, KB_CMP_EQ},
    {"5-7 分钟", 300, 420, KB_DIM_DURATION, KB_CMP_EQ},
    {"256G", 274877906944.0, 274877906944.0, KB_DIM_DATA, KB_CMP_EQ},
    {"5.5 kg", 5.5, 5.5, KB_DIM_MASS, KB_CMP_EQ},
    {"at least 3", 3, 3, KB_DIM_NUMBER, KB_CMP_GE},
    {"十二人", 12, 12, KB_DIM_COUNT, KB_CMP_EQ},
    {"1亿2千万", 1.2e8, 1.2e8, KB_DIM_NUMBER, KB_CMP_EQ},
    {"3万5千元", 35000, 35000, KB_DIM_MONEY, KB_CMP_EQ},
    {"two dozen", 24, 24, KB_DIM_NUMBER, KB_CMP_EQ},
    {"$1.2bn", 1.2e9, 1.2e9, KB_DIM_MONEY, KB_CMP_EQ},
    {"三分之二", 66.66667, 66.66667, KB_DIM_PERCENT, KB_CMP_EQ},
    {"two thirds", 66.66667, 66.66667, KB_DIM_PERCENT, KB_CMP_EQ},
    {"three-quarters", 75, 75, KB_DIM_PERCENT, KB_CMP_EQ},
    {"一半", 50, 50, KB_DIM_PERCENT, KB_CMP_EQ},
    {"七成", 70, 70, KB_DIM_PERCENT, KB_CMP_EQ},
    {"20 to 30 November 2026", 20261120, 20261130, KB_DIM_DATE, KB_CMP_EQ},
    {"May 1-3, 2024", 20240501, 20240503, KB_DIM_DATE, KB_CMP_EQ},
    {"晚8点", 1200, 1200, KB_DIM_CLOCK, KB_CMP_EQ},
    {"1.8-litre", 1.8, 1.8, KB_DIM_VOLUME, KB_CMP_EQ},
    {"3 years or longer", 3 * 365.25 * DAY, 3 * 365.25 * DAY, KB_DIM_DURATION,
     KB_CMP_GE},
};

static void spellings_have_one_value(void **state)
{
	(void)state;
	for (size_t i = 0; i < sizeof(rows) / sizeof(*rows); i++) {
		struct kb_quantities q = {0};
		size_t len = strlen(rows[i].text);

		kb_quantities_find(&q, rows[i].text, len);
		if (q.n != 1 || q.items[0].start || q.items[0].end != len ||
		    q.items[0].dim != rows[i].dim ||
		    q.items[0].cmp != rows[i].cmp ||
		    q.items[0].lo < rows[i].lo * .999999 ||
		    q.items[0].lo > rows[i].lo * 1.000001 ||
		    q.items[0].hi < rows[i].hi * .999999 ||
		    q.items[0].hi > rows[i].hi * 1.000001)
			fail_msg("'%s': %zu found, %f to %f, dim %d, cmp %d",
				 rows[i].text, q.n, q.n ? q.items[0].lo : 0,
				 q.n ? q.items[0].hi : 0,
				 q.n ? q.items[0].dim : 0,
				 q.n ? q.items[0].cmp : 0);
		kb_quantities_release(&q);
	}
}

static void names_and_codes_hold_no_quantity(void **state)
{
	static const char *const none[] = {
	    "iPhone15",	   "SKU-12345", "iPhone15ProMax256G",
	    "一个人",	   "一些",	"版本1.2.3",
	    "one of them", "A4",	"几十天",
	    "may",	   "",		"成立",
	};

	(void)state;
	for (size_t i = 0; i < sizeof(none) / sizeof(*none); i++) {
		struct kb_quantities q = {0};

		kb_quantities_find(&q, none[i], strlen(none[i]));
		if (q.n)
			fail_msg("'%s' holds %.*s", none[i],
				 (int)(q.items[0].end - q.items[0].start),
				 none[i] + q.items[0].start);
		kb_quantities_release(&q);
	}
}

/* 一次 may be "once" or "a time". */
static void an_article_is_found_on_request(void **state)
{
	struct kb_quantities q = {0};
	const char *text = "每年更换一次，共2次";

	(void)state;
	kb_quantities_find(&q, text, strlen(text));
	assert_int_equal(q.n, 1);
	q.n = 0;
	kb_quantities_find_all(&q, text, strlen(text));
	assert_int_equal(q.n, 2);
	assert_true(q.items[0].article && !q.items[1].article);
	assert_int_equal(kb_quantity_compare(&q.items[0], &q.items[0]),
			 KB_AGREE_SAME);
	kb_quantities_release(&q);
}

static struct kb_quantity one(const char *text)
{
	struct kb_quantities q = {0};
	struct kb_quantity first;

	kb_quantities_find(&q, text, strlen(text));
	assert_true(q.n > 0);
	first = q.items[0];
	kb_quantities_release(&q);
	return first;
}

static void claims_agree_or_conflict(void **state)
{
	static const struct {
		const char *claim, *source;
		enum kb_agreement agreement;
	} pairs[] = {
	    {"15天", "7天", KB_AGREE_CONFLICT},
	    {"two days", "48小时", KB_AGREE_SAME},
	    {"一百二十元", "120 元", KB_AGREE_SAME},
	    {"30天", "不超过30天", KB_AGREE_SAME},
	    {"20天", "30天内", KB_AGREE_INSIDE},
	    {"40天", "30天内", KB_AGREE_CONFLICT},
	    {"满300元", "满200元", KB_AGREE_CONFLICT},
	    {"at most 5 kg", "at least 5 kg", KB_AGREE_CONFLICT},
	    {"4天", "3-5天", KB_AGREE_INSIDE},
	    {"3-5天", "3至5天", KB_AGREE_SAME},
	    {"3-7天", "3-5天", KB_AGREE_CONFLICT},
	    {"over 100 km", "120 km", KB_AGREE_INSIDE},
	    {"5元", "5天", KB_AGREE_UNRELATED},
	    {"$5", "5元", KB_AGREE_UNRELATED},
	    {"2024年", "2024年1月31日", KB_AGREE_SAME},
	    {"1月31日", "2024-01-31", KB_AGREE_SAME},
	    {"2月1日", "2024-01-31", KB_AGREE_CONFLICT},
	    {"一个月", "30天", KB_AGREE_SAME},
	    {"1.2 million", "1,234,567", KB_AGREE_SAME},
	    {"1.3 million", "1,234,567", KB_AGREE_CONFLICT},
	    {"20% off", "8折", KB_AGREE_SAME},
	    {"7个工作日", "7天", KB_AGREE_UNRELATED},
	    {"two years", "24 months", KB_AGREE_SAME},
	    {"36 hours", "1.5 days", KB_AGREE_SAME},
	    {"1500 g", "1.5 kg", KB_AGREE_SAME},
	    {"two thirds", "三分之二", KB_AGREE_SAME},
	    {"one third of", "三分之二", KB_AGREE_CONFLICT},
	    {"half of", "50%", KB_AGREE_SAME},
	    {"25%", "25% off", KB_AGREE_SAME},
	    {"75%", "25% off", KB_AGREE_UNRELATED},
	    {"300元", "300", KB_AGREE_SAME},
	    {"300元", "200", KB_AGREE_UNRELATED},
	    {"3 days", "3 to 5 days", KB_AGREE_PART},
	    {"800", "800到3200", KB_AGREE_PART},
	    {"at most 15", "15 to 23", KB_AGREE_CONFLICT},
	    {"at most 23", "15 to 23", KB_AGREE_SAME},
	    {"at least 15", "15 to 23", KB_AGREE_SAME},
	    {"5.1", "5.10", KB_AGREE_CONFLICT},
	    {"25 November 2026", "20 to 30 November 2026", KB_AGREE_INSIDE},
	    {"13 November 2026", "20 to 30 November 2026", KB_AGREE_CONFLICT},
	};

	(void)state;
	for (size_t i = 0; i < sizeof(pairs) / sizeof(*pairs); i++) {
		struct kb_quantity claim = one(pairs[i].claim);
		struct kb_quantity source = one(pairs[i].source);

		if (kb_quantity_compare(&claim, &source) != pairs[i].agreement)
			fail_msg("'%s' against '%s': %d", pairs[i].claim,
				 pairs[i].source,
				 kb_quantity_compare(&claim, &source));
	}
}

int main(void)
{
	const struct CMUnitTest tests[] = {
	    cmocka_unit_test(spellings_have_one_value),
	    cmocka_unit_test(names_and_codes_hold_no_quantity),
	    cmocka_unit_test(claims_agree_or_conflict),
	    cmocka_unit_test(an_article_is_found_on_request),
	};

	return cmocka_run_group_tests_name("quantity", tests, NULL, NULL);
}
