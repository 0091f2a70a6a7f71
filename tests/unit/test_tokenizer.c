/* The handle: names, models, files; what a tokenizer.json may say. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>
#include <stdio.h>
#include <stdlib.h>
#include <unistd.h>

#include "base/utf8.h"
#include "token/tokenizer.h"
#include "token/tokenizer_json.h"

/* ---- models ---- */

static void a_model_is_known_by_its_name(void **state)
{
	static const struct {
		const char *model, *name;
		bool exact;
	} rows[] = {
	    {"gpt-4o", "o200k_base", true},
	    {"gpt-4o-mini-2024-07-18", "o200k_base", true},
	    {"openai/gpt-4.1", "o200k_base", true},
	    {"gpt-5-nano", "o200k_base", true},
	    {"o1", "o200k_base", true},
	    {"o3-mini", "o200k_base", true},
	    {"gpt-oss-20b", "o200k_base", true},
	    {"ft:gpt-4o:acme::1", "o200k_base", true},
	    {"gpt-4", "cl100k_base", true},
	    {"gpt-4-turbo", "cl100k_base", true},
	    {"gpt-3.5-turbo-0125", "cl100k_base", true},
	    {"ft:gpt-3.5-turbo:x", "cl100k_base", true},
	    {"text-embedding-3-small", "cl100k_base", true},
	    {"gpt-42", "o200k_base", false},
	    {"o10", "o200k_base", false},
	    {"qwen-max", "o200k_base", false},
	    {"", "o200k_base", false},
	};

	(void)state;
	for (size_t i = 0; i < sizeof(rows) / sizeof(*rows); i++) {
		struct kb_tokenizer *t;

		assert_int_equal(
		    kb_tokenizer_open(NULL, rows[i].model, &t, NULL), 0);
		assert_string_equal(kb_tokenizer_name(t), rows[i].name);
		if (kb_tokenizer_is_exact(t) != rows[i].exact)
			fail_msg("%s", rows[i].model);
		assert_true(kb_tokenizer_is_chosen(t));
		assert_int_equal(kb_tokenizer_within(t, 1100),
				 rows[i].exact ? 1100 : 999);
		kb_tokenizer_close(t);
	}
}

static void a_name_goes_before_a_model(void **state)
{
	struct kb_tokenizer *t;
	struct kb_err err;

	(void)state;
	assert_int_equal(kb_tokenizer_open("cl100k", "gpt-4o", &t, &err), 0);
	assert_string_equal(kb_tokenizer_name(t), "cl100k_base");
	assert_true(kb_tokenizer_is_exact(t));
	kb_tokenizer_close(t);
	assert_int_equal(kb_tokenizer_open("est", NULL, &t, &err), 0);
	assert_false(kb_tokenizer_is_exact(t));
	kb_tokenizer_close(t);
	assert_int_equal(kb_tokenizer_open(NULL, NULL, &t, &err), 0);
	assert_false(kb_tokenizer_is_chosen(t));
	assert_true(kb_tokenizer_is_exact(t));
	kb_tokenizer_close(t);
	assert_int_equal(kb_tokenizer_open("p50k", NULL, &t, &err), KB_EINVAL);
	assert_int_equal(kb_tokenizer_open("./none", NULL, &t, &err),
			 KB_ENOENT);
}

/* ---- the estimate ---- */

static size_t counted(const char *name, bool of_budget, const char *text)
{
	struct kb_token_counter *counter;
	struct kb_tokenizer *t;
	struct kb_err err;
	size_t n;

	assert_int_equal(kb_tokenizer_open(name, NULL, &t, &err), 0);
	counter =
	    of_budget ? kb_token_counter_of_budget(t) : kb_token_counter_new(t);
	n = kb_token_count(counter, text, strlen(text));
	kb_token_counter_free(counter);
	kb_tokenizer_close(t);
	return n;
}

/* A count is of o200k_base and on no side of it; what a budget is kept by is
 * no less than either vocabulary counts, a tenth aside. */
static void the_estimate_errs_little_and_a_budget_by_it_less(void **state)
{
	static const char *const texts[] = {
	    "仓库收到退货并验收后1个工作日内发起退款。支付宝和微信支付1至3个"
	    "工作日到账，信用卡5至7个工作日到账，银行卡转账3至5个工作日到账。"
	    "保修期内非人为损坏免费维修，邮费由我们承担。",
	    "Returns are free within 30 days of delivery. Items must be unused "
	    "and in the original packaging; return shipping is paid by the "
	    "customer unless the item is faulty, and refunds to a credit card "
	    "take five to seven working days.",
	    "把路由器BE7200的固件更新到最新版本，然后在浏览器里打开192.168.1."
	    "1，"
	    "用管理员密码登录；如果忘记了密码，长按reset键10秒恢复出厂设置。",
	    "2026-03-01 12:00:07 INFO worker[17]: job 4711 done in 230 ms, "
	    "12 rows written to /var/lib/app/out.csv\n2026-03-01 12:00:09 WARN "
	    "worker[18]: retry 2 of 5 after connection reset by peer\n",
	};

	(void)state;
	for (size_t i = 0; i < sizeof(texts) / sizeof(*texts); i++) {
		size_t exact = counted("o200k", false, texts[i]);
		size_t older = counted("cl100k", false, texts[i]);
		size_t said = counted("est", false, texts[i]);
		size_t most = counted("est", true, texts[i]);

		assert_in_range(said * 100, exact * 85, exact * 115);
		assert_true(most * 11 >= (exact > older ? exact : older) * 10);
		assert_int_equal(counted("o200k", true, texts[i]), exact);
	}
	assert_int_equal(counted("est", false, ""), 0);
	assert_int_equal(counted("est", true, "x"), 1);
}

/* ---- tokenizer.json ---- */

/* The letter of the byte-level alphabet that stands for a byte. */
static void add_letter(struct kb_buf *out, unsigned byte)
{
	uint32_t next = 0x100;

	for (unsigned b = 0; b < byte; b++)
		next += b <= ' ' || (b >= 0x7f && b <= 0xa0) || b == 0xad;
	if (byte > ' ' && byte != 0x7f && !(byte > 0x7f && byte <= 0xa0) &&
	    byte != 0xad)
		next = byte;
	if (next == '"' || next == '\\')
		kb_buf_add_char(out, '\\');
	kb_utf8_add(out, next);
}

/* A file of all bytes, "ab", "abc", "\xe4\xb8\xad" and <|end|>. */
static void make_file(struct kb_buf *out, const char *head, const char *model,
		      const char *merges)
{
	kb_buf_reset(out);
	kb_buf_printf(out, "{%s\"model\":{%s\"vocab\":{", head, model);
	for (unsigned b = 0; b < 256; b++) {
		kb_buf_add_char(out, '"');
		add_letter(out, b);
		kb_buf_printf(out, "\":%u,", b);
	}
	kb_buf_add_cstr(out, "\"ab\":256,\"abc\":257,\"");
	add_letter(out, 0xe4);
	add_letter(out, 0xb8);
	kb_buf_add_cstr(out, "\":258,\"");
	add_letter(out, 0xe4);
	add_letter(out, 0xb8);
	add_letter(out, 0xad);
	kb_buf_printf(out, "\":259,\"<\xef\xbd\x9c>\":260},\"merges\":[%s]}}",
		      merges);
}

static const char pre[] =
    "\"pre_tokenizer\":{\"type\":\"ByteLevel\",\"add_prefix_space\":false,"
    "\"trim_offsets\":true},";

static void add_merges(struct kb_buf *out)
{
	kb_buf_add_cstr(out, "\"a b\",[\"ab\",\"c\"],\"");
	add_letter(out, 0xe4);
	kb_buf_add_char(out, ' ');
	add_letter(out, 0xb8);
	kb_buf_add_cstr(out, "\",[\"");
	add_letter(out, 0xe4);
	add_letter(out, 0xb8);
	kb_buf_add_cstr(out, "\",\"");
	add_letter(out, 0xad);
	kb_buf_add_cstr(out, "\"]");
}

static void a_file_is_counted_with(void **state)
{
	static const struct {
		const char *text;
		size_t n;
	} rows[] = {
	    {"", 0},
	    {"abc", 1},
	    {"abcab", 2},
	    {"xab", 2},
	    {"\xe4\xb8\xad", 1},
	    {"\xe4\xb8\xad\xe4\xb8", 2},
	    {"<|end|>", 7},
	    {"<\xef\xbd\x9c>", 5},
	    {"\xe4\xb8\xad"
	     "ab c",
	     4},
	};
	char path[] = "/tmp/test_tokenizer.XXXXXX";
	int fd = mkstemp(path);
	struct kb_buf file, merges;
	struct kb_token_counter *counter;
	struct kb_tokenizer *t;
	struct kb_err err;

	(void)state;
	assert_true(fd >= 0);
	kb_buf_init(&file, 0);
	kb_buf_init(&merges, 0);
	add_merges(&merges);
	make_file(&file, pre, "\"type\":\"BPE\",\"dropout\":null,", merges.ptr);
	assert_int_equal(write(fd, file.ptr, file.len), (ssize_t)file.len);
	close(fd);
	if (kb_tokenizer_open(path, "qwen", &t, &err) < 0)
		fail_msg("%s", err.msg);
	assert_string_equal(kb_tokenizer_name(t), path + strlen("/tmp/"));
	assert_true(kb_tokenizer_is_exact(t));
	counter = kb_token_counter_new(t);
	for (size_t i = 0; i < sizeof(rows) / sizeof(*rows); i++)
		if (kb_token_count(counter, rows[i].text,
				   strlen(rows[i].text)) != rows[i].n)
			fail_msg("'%s'", rows[i].text);
	kb_token_counter_free(counter);
	kb_tokenizer_close(t);
	kb_buf_release(&file);
	kb_buf_release(&merges);
	unlink(path);
}

static void what_is_not_understood_is_named(void **state)
{
	static const struct {
		const char *head, *model, *merges, *why;
	} rows[] = {
	    {pre, "\"type\":\"WordPiece\",", "",
	     "model of type 'WordPiece' is not understood"},
	    {pre, "\"type\":\"Unigram\",", "", "model of type 'Unigram'"},
	    {pre, "\"byte_fallback\":true,", "", "model with 'byte_fallback'"},
	    {pre, "\"end_of_word_suffix\":\"</w>\",", "",
	     "model with 'end_of_word_suffix'"},
	    {"", "", "", "pre_tokenizer '' is not understood"},
	    {"\"pre_tokenizer\":{\"type\":\"Metaspace\"},", "", "",
	     "pre_tokenizer 'Metaspace'"},
	    {"\"pre_tokenizer\":{\"type\":\"ByteLevel\","
	     "\"add_prefix_space\":true},",
	     "", "", "pre_tokenizer 'add_prefix_space'"},
	    {"\"pre_tokenizer\":{\"type\":\"Sequence\",\"pretokenizers\":[{"
	     "\"type\":\"Split\",\"pattern\":{\"Regex\":\"\\\\d+\"}},{"
	     "\"type\":\"ByteLevel\",\"use_regex\":false}]},",
	     "", "", "pattern '\\d+' is not understood"},
	    {"\"normalizer\":{\"type\":\"Lowercase\"},", "", "",
	     "normalizer 'Lowercase'"},
	    {pre, "", "\"a b\",\"a b\"", "merge 2 stands twice"},
	    {pre, "", "\"a c\"", "merge 1 is not of tokens"},
	    {pre, "", "\"ab\"", "merge 1 is not of tokens"},
	    {pre, "", "7", "merge 1 is not of tokens"},
	};
	struct kb_buf file;

	(void)state;
	kb_buf_init(&file, 0);
	for (size_t i = 0; i < sizeof(rows) / sizeof(*rows); i++) {
		struct kb_bpe_owned owned;
		struct kb_err err;
		struct kb_json root;
		bool nfc;

		make_file(&file, rows[i].head, rows[i].model, rows[i].merges);
		if (kb_json_check(file.ptr, file.len, &root, &err))
			fail_msg("%s", err.msg);
		assert_int_equal(
		    kb_tokenizer_json_read(&owned, &nfc, root, &err),
		    KB_EFORMAT);
		if (strncmp(err.msg, rows[i].why, strlen(rows[i].why)) != 0)
			fail_msg("%s, not %s", err.msg, rows[i].why);
	}
	kb_buf_release(&file);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
	    cmocka_unit_test(a_model_is_known_by_its_name),
	    cmocka_unit_test(a_name_goes_before_a_model),
	    cmocka_unit_test(the_estimate_errs_little_and_a_budget_by_it_less),
	    cmocka_unit_test(a_file_is_counted_with),
	    cmocka_unit_test(what_is_not_understood_is_named),
	};

	return cmocka_run_group_tests_name("tokenizer", tests, NULL, NULL);
}
