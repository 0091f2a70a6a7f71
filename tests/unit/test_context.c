#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>
#include <stdio.h>
#include <stdlib.h>

#include "context/compress.h"

struct result {
	struct kb_arena arena;
	struct kb_buf out;
	struct kb_err err;
	struct kb_rec rec;
	int rc;
};

static void apply(struct result *r, const struct kb_compress_options *options,
		  const char *record)
{
	struct kb_compressor *compressor = kb_compressor_new(options);

	memset(r, 0, sizeof(*r));
	kb_arena_init(&r->arena);
	kb_buf_init(&r->out, 0);
	assert_int_equal(
	    kb_rec_scan(&r->rec, &r->arena, record, strlen(record), &r->err),
	    0);
	r->rc = kb_compress_apply(compressor, &r->rec, &r->arena, &r->err);
	kb_rec_write(&r->rec, &r->out);
	kb_compressor_free(compressor);
}

static void done(struct result *r)
{
	kb_buf_release(&r->out);
	kb_arena_release(&r->arena);
}

static bool holds(struct result *r, const char *text)
{
	return memmem(r->out.ptr, r->out.len, text, strlen(text)) != NULL;
}

static int64_t compression(struct result *r, const char *name)
{
	int64_t n = -1;

	kb_json_int(kb_json_get(kb_rec_get(&r->rec, "compression"), name), &n);
	return n;
}

struct turns {
	const char *turns[9]; /* user, assistant, user ... */
	const char *holds[3]; /* what the standalone question holds */
};

static struct kb_completion complete(const char *const *turns,
				     struct kb_arena *arena)
{
	struct kb_completion c;
	struct kb_json json;
	struct kb_buf buf;
	struct kb_err err = {0};
	struct kb_str text;

	kb_buf_init(&buf, 0);
	kb_buf_add_char(&buf, '[');
	for (int i = 0; i < 9 && turns[i]; i++)
		kb_buf_printf(&buf, "%s{\"role\":\"%s\",\"content\":\"%s\"}",
			      i ? "," : "", i % 2 ? "assistant" : "user",
			      turns[i]);
	kb_buf_add_char(&buf, ']');
	text = kb_arena_copy(arena, kb_buf_str(&buf));
	kb_buf_release(&buf);
	assert_int_equal(kb_json_check(text.ptr, text.len, &json, &err), 0);
	assert_int_equal(kb_context_complete(json, (struct kb_str){NULL, 0},
					     arena, &c, &err),
			 0);
	return c;
}

static void elliptical_questions_become_self_contained(void **state)
{
	static const struct turns cases[] = {
	    {{"你知道时间简史吗", "这本买了很久了", "它的作者是谁"},
	     {"时间简史", "作者是谁"}},
	    {{"西安天气", "多云转小雨", "明天有雨吗"}, {"西安", "有雨吗"}},
	    {{"退货运费谁出？", "买家承担", "那换货呢？"}, {"运费", "换货"}},
	    {{"Where is my order A-1009?", "It was shipped.",
	      "When will it arrive?"},
	     {"A-1009", "arrive"}},
	    {{"Do you sell the Trail Runner shoes?", "Yes, for $89.",
	      "what about the blue one?"},
	     {"Trail Runner", "blue"}},
	    {{"青禾 X12 多少钱", "2999元", "它支持快充吗？"},
	     {"X12", "支持快充"}},
	};

	(void)state;
	for (size_t i = 0; i < sizeof(cases) / sizeof(*cases); i++) {
		struct kb_arena arena;
		struct kb_completion c;

		kb_arena_init(&arena);
		c = complete(cases[i].turns, &arena);
		assert_true(c.changed);
		for (int k = 0; k < 3 && cases[i].holds[k]; k++)
			if (!memmem(c.text.ptr, c.text.len, cases[i].holds[k],
				    strlen(cases[i].holds[k])))
				fail_msg("'%.*s' lacks '%s'", (int)c.text.len,
					 c.text.ptr, cases[i].holds[k]);
		kb_arena_release(&arena);
	}
}

static void a_question_that_goes_back_is_completed_from_there(void **state)
{
	static const struct turns cases[] = {
	    {{"路由器 BE7200 灯一直是黄色", "正在更新固件", "洗衣机 W10 漏水",
	      "请检查进水管", "要修几天？", "检测2个工作日",
	      "那个路由器还要等多久？"},
	     {"BE7200", "路由器"}},
	    {{"Does the Pad 13 come with a pen?", "Yes, in the box.",
	      "I bought a Kettle K2.", "Thank you.",
	      "Is the K2 dishwasher safe?", "No.", "How about another pen?"},
	     {"Pad 13", "pen"}},
	    {{"我想分期买 Pad 13", "3期免手续费", "礼品卡 G5 能开票吗", "不能",
	      "礼品卡 G5 有效期多久", "3年", "24期的手续费呢？"},
	     {"Pad 13", "24期"}},
	};

	(void)state;
	for (size_t i = 0; i < sizeof(cases) / sizeof(*cases); i++) {
		struct kb_arena arena;
		struct kb_completion c;

		kb_arena_init(&arena);
		c = complete(cases[i].turns, &arena);
		for (int k = 0; k < 3 && cases[i].holds[k]; k++)
			if (!memmem(c.text.ptr, c.text.len, cases[i].holds[k],
				    strlen(cases[i].holds[k])))
				fail_msg("'%.*s' lacks '%s'", (int)c.text.len,
					 c.text.ptr, cases[i].holds[k]);
		kb_arena_release(&arena);
	}
}

static void self_contained_questions_stay(void **state)
{
	static const char *const cases[][9] = {
	    {"你好", "您好", "退款到信用卡要多久？"},
	    {"Hi", "Hello", "How long does shipping to Canada take?"},
	    {"退货运费谁出", "买家", "X12 Pro 有几种颜色？"},
	    {"怎么申请增值税专用发票"},
	    /* what the pronoun stands for is in the question */
	    {"I paid with a gift card.", "Thanks.",
	     "Back to the headphones: how long do they take to charge?"},
	    {"礼品卡怎么用", "在结算页", "说回耳机：它充电要多久？"},
	};

	(void)state;
	for (size_t i = 0; i < sizeof(cases) / sizeof(*cases); i++) {
		struct kb_arena arena;

		kb_arena_init(&arena);
		assert_false(complete(cases[i], &arena).changed);
		kb_arena_release(&arena);
	}
}

static void make_long(struct kb_buf *record)
{
	kb_buf_add_cstr(record, "{\"id\":7,\"messages\":[{\"role\":\"system\", "
				"\"content\":\"rules\"}");
	for (int i = 0; i < 60; i++)
		kb_buf_printf(
		    record,
		    ",{\"role\":\"%s\", \"content\":\"%s %d of the parcel "
		    "that came on Monday with the other things\" }",
		    i % 2 ? "assistant" : "user",
		    i == 20 ? "My order number is QH-77120, a kettle"
			    : "we spoke of this and that, note",
		    i);
	kb_buf_add_cstr(record, ",{\"role\":\"user\",\"content\":\"When will "
				"the kettle be delivered?\"}]}");
}

static void a_long_talk_keeps_what_the_question_needs(void **state)
{
	struct kb_compress_options options = {.budget_tokens = 400,
					      .keep_last = 4};
	struct kb_buf record;
	struct result r;

	(void)state;
	kb_buf_init(&record, 0);
	make_long(&record);
	apply(&r, &options, record.ptr);
	assert_int_equal(r.rc, 0);
	assert_in_range(compression(&r, "tokens_after"), 100, 400);
	assert_true(compression(&r, "tokens_before") > 1000);
	/* kept bytes, odd blanks and all */
	assert_true(holds(&r, "{\"role\":\"system\", \"content\":\"rules\"}"));
	assert_true(holds(&r, "QH-77120, a kettle 20 of the parcel that came "
			      "on Monday with the other things\" }"));
	assert_true(holds(&r, "note 59"));
	assert_true(holds(&r, "\"dropped\":[2,"));
	assert_true(holds(&r, "\"name\":\"order\",\"value\":\"QH-77120\""));
	done(&r);

	options.budget_tokens = 10;
	apply(&r, &options, record.ptr);
	assert_int_equal(r.rc, KB_ELIMIT);
	assert_false(holds(&r, "compression"));
	done(&r);
	kb_buf_release(&record);
}

/* What nobody cuts pays for its estimate only. */
static void within_the_budget_state_is_left_out(void **state)
{
	static const char record[] =
	    "{\"messages\":[{\"role\":\"user\",\"content\":\"my order number "
	    "is A1009\"},{\"role\":\"user\",\"content\":\"How long does a "
	    "refund take?\"}]}";
	static const struct {
		struct kb_compress_options options;
		bool told;
	} rows[] = {
	    {{.keep_last = 4}, true},
	    {{.keep_last = 4, .budget_tokens = 1000}, false},
	    {{.keep_last = 4, .ratio = 1}, false},
	    {{.keep_last = 1, .ratio = 0.7}, true},
	};

	(void)state;
	for (size_t i = 0; i < sizeof(rows) / sizeof(*rows); i++) {
		struct result r;

		apply(&r, &rows[i].options, record);
		assert_int_equal(r.rc, 0);
		assert_true(compression(&r, "tokens_before") > 10);
		assert_int_equal(holds(&r, "\"state\":{"), rows[i].told);
		assert_int_equal(holds(&r, "\"threads\":["), rows[i].told);
		assert_true(holds(&r, "\"standalone\":\"How long"));
		done(&r);
	}
}

static void any_form_of_conversation_is_accepted(void **state)
{
	static const struct {
		const char *record;
		int rc;
		const char *holds;
	} cases[] = {
	    {"{}", 0, "{}"},
	    {"{\"query\":\"q\"}", 0, "\"standalone\":\"q\""},
	    {"{\"messages\":[]}", 0, "{\"messages\":[]}"},
	    {"{\"messages\":null,\"query\":\"退款？\"}", 0, "\"退款？\"}"},
	    {"{\"messages\":{}}", KB_EINVAL, "{}"},
	    {"{\"messages\":[1,null,\"x\",[],{}]}", 0, "\"compression\""},
	    {"{\"messages\":[{\"role\":5,\"content\":7}]}", 0, "\"exact\""},
	    {"{\"messages\":[{\"role\":\"user\",\"content\":[{\"type\":"
	     "\"text\",\"text\":\"a b\"},{\"type\":\"image_url\"}]}]}",
	     0, "\"standalone\":\"a b\""},
	    {"{\"role\":\"user\",\"content\":\"hello there\"}", 0,
	     "\"tokens_before\""},
	    {"{\"query\":5,\"messages\":[]}", KB_EINVAL, "5"},
	};
	struct kb_compress_options options = {.budget_tokens = 2000,
					      .keep_last = 4};

	(void)state;
	for (size_t i = 0; i < sizeof(cases) / sizeof(*cases); i++) {
		struct result r;

		apply(&r, &options, cases[i].record);
		assert_int_equal(r.rc, cases[i].rc);
		if (!holds(&r, cases[i].holds))
			fail_msg("%s: %.*s", cases[i].record, (int)r.out.len,
				 r.out.ptr);
		done(&r);
	}
}

static void the_newest_value_of_a_slot_wins(void **state)
{
	struct kb_compress_options options = {.keep_last = 4};
	struct result r;

	(void)state;
	apply(&r, &options,
	      "{\"messages\":[{\"role\":\"user\",\"content\":\"预算是3000元\"},"
	      "{\"role\":\"assistant\",\"content\":\"好的\"},"
	      "{\"role\":\"user\",\"content\":\"预算改成5000元，my email is "
	      "li@example.com\"}]}");
	assert_int_equal(r.rc, 0);
	assert_true(holds(&r, "\"value\":\"5000元\",\"turn\":2,\"was\":"
			      "\"3000元\""));
	assert_true(holds(&r, "\"li@example.com\""));
	done(&r);
}

static void a_return_joins_the_earlier_thread(void **state)
{
	struct kb_compress_options options = {.keep_last = 4};
	struct result r;

	(void)state;
	apply(&r, &options,
	      "{\"messages\":["
	      "{\"role\":\"user\",\"content\":\"Buds 3 耳机怎么退货？\"},"
	      "{\"role\":\"assistant\",\"content\":\"耳机七天内可以退货。\"},"
	      "{\"role\":\"user\",\"content\":\"公司开专用发票要什么资料\"},"
	      "{\"role\":\"assistant\",\"content\":\"需要税号和地址。\"},"
	      "{\"role\":\"user\",\"content\":\"回到刚才的耳机退货，要几天\"}"
	      "]}");
	assert_int_equal(r.rc, 0);
	assert_true(holds(&r, "\"turns\":[0,1,4]"));
	assert_true(holds(&r, "\"turns\":[2,3]"));
	done(&r);
}

static const char prose[] = "we spoke of the parcel that came on Monday with "
			    "the other things and of what was in it";

/* An exchange with up to three answers, which come behind a word of the user
 * at times; *id counts calls. */
static void add_exchange(struct kb_buf *out, unsigned *seed, int *id)
{
	int n = 1 + rand_r(seed) % 3;
	bool parts = rand_r(seed) % 2;

	kb_buf_add_cstr(out, parts ? ",{\"role\":\"assistant\",\"content\":["
				   : ",{\"role\":\"assistant\",\"content\":"
				     "null,\"tool_calls\":[");
	for (int i = 0; i < n; i++)
		kb_buf_printf(out,
			      parts ? "%s{\"type\":\"tool_use\",\"id\":"
				      "\"id%d.\",\"input\":{}}"
				    : "%s{\"id\":\"id%d.\",\"function\":{"
				      "\"name\":\"f\",\"arguments\":\"{}\"}}",
			      i ? "," : "", *id + i);
	kb_buf_add_cstr(out, "]}");
	if (rand_r(seed) % 4 == 0)
		kb_buf_add_cstr(out, ",{\"role\":\"user\",\"content\":\"and "
				     "quickly, please\"}");
	for (int i = 0; i < n; i++)
		kb_buf_printf(out,
			      parts ? ",{\"role\":\"user\",\"content\":[{"
				      "\"type\":\"tool_result\",\"tool_use_id\""
				      ":\"id%d.\",\"content\":\"%s\"}]}"
				    : ",{\"role\":\"tool\",\"tool_call_id\":"
				      "\"id%d.\",\"content\":\"%s\"}",
			      *id + i, prose);
	*id += n;
}

static size_t count(struct kb_str text, const char *what)
{
	size_t n = 0, len = strlen(what);
	const char *p = text.ptr, *end = text.ptr + text.len;

	while ((p = memmem(p, (size_t)(end - p), what, len))) {
		p += len;
		n++;
	}
	return n;
}

/* Whatever is pinned and however little room there is. */
static void no_answer_is_kept_without_its_call(void **state)
{
	size_t cut = 0, kept = 0;

	(void)state;
	for (unsigned seed = 1; seed < 300; seed++) {
		unsigned rng = seed;
		struct kb_compress_options options = {
		    .budget_tokens = 60 + (size_t)rand_r(&rng) % 900,
		    .keep_last = (size_t)rand_r(&rng) % 7,
		    .over = KB_OVER_FLAG};
		struct kb_buf record;
		struct result r;
		struct kb_json out;
		int ids = 0;

		kb_buf_init(&record, 0);
		kb_buf_add_cstr(&record, "{\"messages\":[{\"role\":\"system\","
					 "\"content\":\"rules\"}");
		for (int i = 0; i < 14; i++) {
			if (rand_r(&rng) % 3 == 0)
				add_exchange(&record, &rng, &ids);
			else
				kb_buf_printf(&record,
					      ",{\"role\":\"%s\",\"content\":"
					      "\"%s\"}",
					      i % 2 ? "assistant" : "user",
					      prose);
		}
		kb_buf_add_cstr(&record, "]}");
		apply(&r, &options, record.ptr);
		assert_int_equal(r.rc, 0);
		out = kb_rec_get(&r.rec, "messages");
		for (int i = 0; i < ids; i++) {
			struct kb_str text = {out.ptr, out.len};
			char call[32], answer[32];
			size_t n;

			snprintf(call, sizeof(call), "\"id\":\"id%d.\"", i);
			snprintf(answer, sizeof(answer), "_id\":\"id%d.\"", i);
			n = count(text, call);
			if (n != count(text, answer))
				fail_msg("seed %u, call %d: %.*s", seed, i,
					 (int)r.out.len, r.out.ptr);
			kept += n;
			cut += !n;
		}
		if (!holds(&r, "\"over\":true"))
			assert_true(compression(&r, "tokens_after") <=
				    (int64_t)options.budget_tokens);
		done(&r);
		kb_buf_release(&record);
	}
	assert_true(kept > 200 && cut > 200);
}

/* What a message holds beside its text. */
static void calls_and_media_count(void **state)
{
#define ARGUMENTS "{\\\"city\\\":\\\"Hangzhou in the east of the country\\\"}"
#define CALLS                                                           \
	"\"tool_calls\":[{\"id\":\"call_1\",\"type\":\"function\","     \
	"\"function\":{\"name\":\"weather\",\"arguments\":\"" ARGUMENTS \
	"\"}}]"
#define MESSAGE(rest) "{\"messages\":[{\"role\":\"assistant\"," rest "}]}"
#define PART(rest)    MESSAGE("\"content\":[{\"type\":" rest "}]")
	static const struct {
		const char *record;
		int64_t low, high; /* tokens beyond an empty message's */
	} rows[] = {
	    {MESSAGE("\"content\":null," CALLS), 22, 40},
	    {MESSAGE("\"content\":\"\"," CALLS), 22, 40},
	    {MESSAGE("\"content\":\"" ARGUMENTS "\""), 12, 20},
	    {MESSAGE("\"content\":\"\",\"function_call\":{\"name\":"
		     "\"weather\",\"arguments\":\"" ARGUMENTS "\"}"),
	     20, 34},
	    {PART("\"tool_use\",\"id\":\"call_1\",\"name\":\"weather\","
		  "\"input\":{\"city\":\"Hangzhou in the east of the "
		  "country\"}"),
	     22, 40},
	    {PART("\"tool_result\",\"tool_use_id\":\"call_1\",\"content\":"
		  "\"twelve degrees and rain\""),
	     6, 12},
	    {PART("\"tool_result\",\"tool_use_id\":\"call_1\",\"content\":[{"
		  "\"type\":\"text\",\"text\":\"twelve degrees and rain\"},{"
		  "\"type\":\"image\",\"source\":{\"data\":\"AAAA\"}}]"),
	     1606, 1612},
	    {PART("\"tool_result\",\"content\":{\"degrees\":12}"), 3, 12},
	    {PART("\"image_url\",\"image_url\":{\"url\":\"http://x/y\"}"), 1600,
	     1600},
	    {PART("\"image_url\",\"image_url\":{\"url\":\"http://x/y\","
		  "\"detail\":\"low\"}"),
	     85, 85},
	    {PART("\"input_image\",\"detail\":\"low\""), 85, 85},
	    {PART("\"input_audio\",\"input_audio\":{\"data\":\"AAAA\"}"), 1600,
	     1600},
	    {PART("\"document\",\"source\":{\"type\":\"text\",\"data\":\"a "
		  "page\"}"),
	     8, 30},
	    {PART("\"thinking\",\"thinking\":\"so it must be twelve\""), 8, 24},
	    {MESSAGE("\"content\":\"\",\"name\":\"example_assistant\""), 2, 7},
	    {MESSAGE("\"content\":\"\",\"refusal\":\"I cannot say this\""), 4,
	     8},
	    {MESSAGE("\"content\":\"\",\"audio\":{\"id\":\"audio_1\"}"), 1600,
	     1600},
	    /* what no provider reads */
	    {MESSAGE("\"content\":\"\",\"intent\":[\"a\",\"long list of "
		     "words\"],\"ts\":1700000000"),
	     0, 0},
	    {"{\"messages\":[{\"type\":\"function_call\",\"call_id\":"
	     "\"call_1\",\"name\":\"weather\",\"arguments\":\"" ARGUMENTS
	     "\"}]}",
	     22, 40},
	    {"{\"messages\":[{\"type\":\"function_call_output\",\"call_id\":"
	     "\"call_1\",\"output\":\"twelve degrees and rain\"}]}",
	     6, 12},
	    {"{\"role\":\"user\",\"content\":[{\"type\":\"input_image\"}]}",
	     1600, 1600},
	};
	struct kb_compress_options options = {.keep_last = 4};
	struct kb_tokenizer *o200k;

	(void)state;
	assert_int_equal(kb_tokenizer_open("o200k", NULL, &o200k, NULL), 0);
	for (size_t i = 0; i < 2 * sizeof(rows) / sizeof(*rows); i++) {
		size_t row = i / 2;
		struct result r;
		int64_t n;

		options.tokenizer = i % 2 ? o200k : NULL;
		apply(&r, &options, rows[row].record);
		n = compression(&r, "tokens_before") - KB_TURN_TOKENS -
		    KB_CONVO_TOKENS;
		if (r.rc < 0 || n < rows[row].low || n > rows[row].high)
			fail_msg("%d for %s", (int)n, rows[row].record);
		done(&r);
	}
	kb_tokenizer_close(o200k);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
	    cmocka_unit_test(elliptical_questions_become_self_contained),
	    cmocka_unit_test(a_question_that_goes_back_is_completed_from_there),
	    cmocka_unit_test(self_contained_questions_stay),
	    cmocka_unit_test(a_long_talk_keeps_what_the_question_needs),
	    cmocka_unit_test(within_the_budget_state_is_left_out),
	    cmocka_unit_test(any_form_of_conversation_is_accepted),
	    cmocka_unit_test(the_newest_value_of_a_slot_wins),
	    cmocka_unit_test(a_return_joins_the_earlier_thread),
	    cmocka_unit_test(no_answer_is_kept_without_its_call),
	    cmocka_unit_test(calls_and_media_count),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
