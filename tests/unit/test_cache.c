#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include <fcntl.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <sys/stat.h>
#include <sys/wait.h>
#include <unistd.h>

#include "cache/answer_cache.h"
#include "cache/cache.h"
#include "cache/canonical.h"
#include "cache/response_cache.h"

static char root[] = "/tmp/kb-cache-XXXXXX";
static int warnings;

static void warn(void *arg, const char *line)
{
	(void)arg;
	assert_null(strchr(line, '\n'));
	warnings++;
}

static int setup(void **state)
{
	(void)state;
	assert_non_null(mkdtemp(root));
	return chdir(root);
}

static int teardown(void **state)
{
	char command[64];

	(void)state;
	snprintf(command, sizeof(command), "rm -rf %s", root);
	return chdir("/") || (system)(command);
}

static struct kb_cache *open_cache(const char *dir, uint64_t size)
{
	struct kb_cache_options options = {
	    .dir = dir, .name = "x", .size = size, .warn = warn};

	warnings = 0;
	return kb_cache_new(&options);
}

static struct kb_hash128 key_of(uint64_t i)
{
	return kb_xxh128(&i, sizeof(i), 1);
}

/* The value of key i: its length and bytes follow from i. */
static struct kb_str value_of(uint64_t i, char *buf)
{
	size_t len =
	    (size_t)snprintf(buf, 2048, "%llu:", (unsigned long long)i);
	size_t end = len + i * 37 % 900;

	for (; len < end; len++)
		buf[len] = (char)('a' + (len * (i + 3)) % 26);
	return (struct kb_str){buf, len};
}

static bool has(struct kb_cache *c, uint64_t i, int64_t now)
{
	struct kb_buf out;
	char want[2048];
	bool found;

	kb_buf_init(&out, 0);
	found = kb_cache_get(c, key_of(i), now, &out);
	if (found)
		assert_true(kb_str_eq(kb_buf_str(&out), value_of(i, want)));
	kb_buf_release(&out);
	return found;
}

static void put(struct kb_cache *c, uint64_t i, int64_t now, bool pack)
{
	char buf[2048];

	kb_cache_put(c, key_of(i), now, value_of(i, buf), pack);
}

static void test_what_is_put_is_there(void **state)
{
	struct kb_cache *c = open_cache("a", 0), *other = open_cache("a", 0);

	(void)state;
	assert_false(has(c, 1, 100));
	for (uint64_t i = 1; i < 200; i++)
		put(c, i, 100, i % 2);
	for (uint64_t i = 1; i < 200; i++)
		assert_true(has(other, i, 100));
	assert_false(has(other, 200, 100));
	put(other, 3, 200, true); /* again */
	assert_true(has(c, 3, 100));
	kb_cache_free(c);
	kb_cache_free(other);
	assert_int_equal(warnings, 0);
}

static void test_time_is_kept(void **state)
{
	struct kb_cache_options options = {
	    .dir = "t", .name = "x", .ttl_s = 10, .warn = warn};
	struct kb_cache *c = kb_cache_new(&options);

	(void)state;
	put(c, 1, 1000, true);
	assert_true(has(c, 1, 1009));
	assert_false(has(c, 1, 1010));
	assert_false(has(c, 1, -100000)); /* the clock was set back */
	kb_cache_free(c);
}

static off_t bytes_in(const char *path)
{
	struct stat st;

	return stat(path, &st) ? 0 : st.st_size;
}

static void test_least_recently_used_goes(void **state)
{
	struct kb_cache *c = open_cache("l", KB_CACHE_SIZE_MIN);
	struct kb_cache *reader = open_cache("l", KB_CACHE_SIZE_MIN);
	int kept = 0;

	(void)state;
	for (uint64_t i = 1; i < 20000; i++) {
		put(c, i, 100, false);
		if (i % 100 == 0) /* one is used again and again */
			assert_true(has(c, 1, 100));
	}
	for (uint64_t i = 19000; i < 20000; i++)
		kept += has(reader, i, 100);
	assert_true(kept > 900);
	assert_true(has(reader, 1, 100));
	assert_false(has(reader, 2, 100));
	assert_true(bytes_in("l/x") + bytes_in("l/x.old") <
		    (off_t)KB_CACHE_SIZE_MIN + 2 * 70000);
	kb_cache_free(c);
	kb_cache_free(reader);
	assert_int_equal(warnings, 0);
}

static void test_too_large_is_not_kept(void **state)
{
	struct kb_cache *c = open_cache("b", KB_CACHE_SIZE_MIN);
	char *large = calloc(1, KB_CACHE_SIZE_MIN);
	struct kb_buf out;

	(void)state;
	kb_cache_put(c, key_of(1), 1, (struct kb_str){large, KB_CACHE_SIZE_MIN},
		     true);
	kb_buf_init(&out, 0);
	assert_false(kb_cache_get(c, key_of(1), 1, &out));
	kb_cache_put(c, key_of(2), 1, (struct kb_str){large, 100000}, true);
	assert_true(kb_cache_get(c, key_of(2), 1, &out));
	assert_int_equal(out.len, 100000);
	kb_buf_release(&out);
	free(large);
	kb_cache_free(c);
}

/* Every cut of the file: what is found is right, and it is written again. */
static void test_cut_anywhere(void **state)
{
	struct kb_cache *c = open_cache("c", KB_CACHE_SIZE_MIN);
	off_t size;

	(void)state;
	for (uint64_t i = 1; i < 40; i++)
		put(c, i, 100, true);
	kb_cache_free(c);
	size = bytes_in("c/x");
	for (off_t cut = size; cut >= 64; cut -= cut > 69000 ? 97 : 1499) {
		int found = 0;

		assert_int_equal(truncate("c/x", cut), 0);
		c = open_cache("c", KB_CACHE_SIZE_MIN);
		for (uint64_t i = 1; i < 40; i++)
			found += has(c, i, 100);
		assert_true(cut == size ? found == 39 : found < 39);
		assert_true(warnings <= 1);
		put(c, 7, 100, true);
		assert_true(has(c, 7, 100));
		kb_cache_free(c);
	}
}

/* Every byte flipped: what is found is right. */
static void test_flipped_anywhere(void **state)
{
	struct kb_cache *c = open_cache("f", KB_CACHE_SIZE_MIN);
	off_t size;
	int fd;

	(void)state;
	for (uint64_t i = 1; i < 10; i++)
		put(c, i, 100, true);
	kb_cache_free(c);
	size = bytes_in("f/x");
	fd = open("f/x", O_RDWR);
	for (off_t at = 0; at<size; at += at> 64 && at < 69000 ? 61 : 1) {
		unsigned char byte;

		assert_int_equal(pread(fd, &byte, 1, at), 1);
		byte ^= (unsigned char)(1 << at % 8);
		assert_int_equal(pwrite(fd, &byte, 1, at), 1);
		c = open_cache("f", KB_CACHE_SIZE_MIN);
		for (uint64_t i = 1; i < 10; i++)
			has(c, i, 100);
		assert_true(warnings <= 1);
		kb_cache_free(c);
		byte ^= (unsigned char)(1 << at % 8);
		assert_int_equal(pwrite(fd, &byte, 1, at), 1);
	}
	close(fd);
}

/* Writers that change files under each other, and are killed. */
static void test_many_writers(void **state)
{
	struct kb_cache *c;
	pid_t pids[6];
	int kept = 0;

	(void)state;
	for (int p = 0; p < 6; p++) {
		pids[p] = fork();
		if (pids[p])
			continue;
		c = open_cache("m", KB_CACHE_SIZE_MIN);
		for (uint64_t i = 0; i < 6000; i++) {
			put(c, i, 100, p % 2);
			has(c, i * 7 % 6000, 100);
		}
		_exit(warnings);
	}
	usleep(20000);
	kill(pids[0], SIGKILL);
	for (int p = 0; p < 6; p++) {
		int status;

		assert_int_equal(waitpid(pids[p], &status, 0), pids[p]);
		if (p)
			assert_int_equal(status, 0);
	}
	c = open_cache("m", KB_CACHE_SIZE_MIN);
	for (uint64_t i = 0; i < 6000; i++)
		kept += has(c, i, 100);
	assert_true(kept > 500);
	assert_int_equal(warnings, 0);
	kb_cache_free(c);
}

static void test_claims(void **state)
{
	struct kb_cache *a = open_cache("s", 0), *b = open_cache("s", 0);
	uint64_t x = 0, y = 1;

	(void)state;
	assert_true(kb_cache_claim(a, key_of(1)));
	assert_false(kb_cache_claim(b, key_of(1)));
	assert_true(kb_cache_claim(b, key_of(2)));
	kb_cache_yield(a, key_of(1));
	assert_true(kb_cache_claim(b, key_of(1)));
	assert_true(kb_cache_seed(a, &x) && kb_cache_seed(b, &y));
	assert_true(x == y);
	kb_cache_free(b); /* as when it dies */
	assert_true(kb_cache_claim(a, key_of(2)));
	kb_cache_free(a);
}

/* ---- one spelling ---- */

static struct kb_hash128 hash(const char *json)
{
	struct kb_hash128 h;
	struct kb_arena arena;
	struct kb_json val;

	kb_arena_init(&arena);
	assert_int_equal(kb_json_check(json, strlen(json), &val, NULL), 0);
	h = kb_canonical_hash(val, NULL, 7, &arena);
	kb_arena_release(&arena);
	return h;
}

static bool same(const char *a, const char *b)
{
	struct kb_hash128 x = hash(a), y = hash(b);

	return x.low == y.low && x.high == y.high;
}

static void test_canonical(void **state)
{
	static const char *const equal[][2] = {
	    {"{\"a\":1,\"b\":2}", " { \"b\" : 2 , \"a\" : 1 } "},
	    {"{\"a\":1,\"a\":2}", "{\"a\":2}"},
	    {"{\"b\":0,\"a\":1,\"b\":3,\"c\":[]}",
	     "{\"c\":[ ],\"a\":1,\"b\":3}"},
	    {"[1,1.0,1e0,10e-1]", "[1,1,1,1]"},
	    {"0.5", "5e-1"},
	    {"-0.0", "0"},
	    {"\"\\u00e9\"", "\"e\\u0301\""},
	    {"\"A\\u030a\"", "\"\\u212b\""},
	    {"\"\\uac00\"", "\"\\u1100\\u1161\""},
	    {"\"\\u4fdd\\/\"", "\"\xe4\xbf\x9d/\""},
	    {"{\"caf\\u00e9\":1}", "{\"cafe\\u0301\":1}"},
	    {"\"\\u30ac\"", "\"\\u30ab\\u3099\""},
	};
	static const char *const unequal[][2] = {
	    {"[1,2]", "[2,1]"},
	    {"[]", "{}"},
	    {"\"1\"", "1"},
	    {"null", "\"null\""},
	    {"true", "false"},
	    {"[[1],2]", "[1,[2]]"},
	    {"[\"a\",\"b\"]", "[\"ab\",\"\"]"},
	    {"{\"a\":\"b\"}", "[\"a\",\"b\"]"},
	    {"{\"a\":{}}", "{\"a\":[]}"},
	    {"1", "1.5"},
	    {"9007199254740993", "9007199254740992"},
	    {"123456789012345678901", "123456789012345678902"},
	    {"\"a\"", "\"a \""},
	    {"\"A\"", "\"a\""},
	    {"{\"a\":1}", "{\"a\":1,\"b\":null}"},
	    {"\"\\ud800\"", "\"\""},
	};

	(void)state;
	for (size_t i = 0; i < sizeof(equal) / sizeof(*equal); i++)
		if (!same(equal[i][0], equal[i][1]))
			fail_msg("%s and %s differ", equal[i][0], equal[i][1]);
	for (size_t i = 0; i < sizeof(unequal) / sizeof(*unequal); i++)
		if (same(unequal[i][0], unequal[i][1]))
			fail_msg("%s is %s", unequal[i][0], unequal[i][1]);
}

/* ---- answers ---- */

static void test_response(void **state)
{
	struct kb_form_reply r = KB_FORM_REPLY, back = KB_FORM_REPLY;
	struct kb_arena arena;
	struct kb_buf buf;

	(void)state;
	r.text = KB_STR("\xe4\xbf\x9d\"\n12");
	r.finish = KB_STR("stop");
	r.reasoning = KB_STR("why");
	r.input_tokens = 7;
	kb_arena_init(&arena);
	kb_buf_init(&buf, 0);
	kb_response_write(&r, &buf);
	assert_true(kb_response_read(kb_buf_str(&buf), &arena, &back));
	assert_true(kb_str_eq(r.text, back.text));
	assert_true(kb_str_eq(r.reasoning, back.reasoning));
	assert_int_equal(back.input_tokens, 7);
	assert_int_equal(back.output_tokens, -1);
	assert_false(kb_response_read(KB_STR("{\"text\":\"a\"}"), &arena, &r));
	assert_false(kb_response_read(
	    KB_STR("{\"text\":\"a\",\"finish\":\"length\"}"), &arena, &r));
	assert_false(kb_response_read(
	    KB_STR("{\"text\":\"\",\"finish\":\"stop\"}"), &arena, &r));
	assert_false(kb_response_read(KB_STR(""), &arena, &r));
	kb_buf_release(&buf);
	kb_arena_release(&arena);
}

/* ---- evidence ---- */

static void test_same_hits(void **state)
{
	static const struct {
		const char *b;
		bool same;
	} rows[] = {
	    {"[{\"doc\":\"d\",\"text\":\"t\",\"score\":0.2},{\"doc\":\"e\"}]",
	     true},
	    {"[{\"doc\":\"d\",\"text\":\"T\",\"score\":0.5},{\"doc\":\"e\"}]",
	     false},
	    {"[{\"doc\":\"e\"},{\"doc\":\"d\",\"text\":\"t\"}]", false},
	    {"[{\"doc\":\"d\",\"text\":\"t\"}]", false},
	    {"[{\"doc\":\"d\",\"text\":\"t\"},{\"doc\":\"e\"},{}]", false},
	    {"[{\"doc\":\"d\",\"text\":\"t\",\"title\":\"x\"},"
	     "{\"doc\":\"e\"}]",
	     false},
	    {"[{\"doc\":\"d\",\"text\":\"t\",\"meta\":{\"v\":2}},"
	     "{\"doc\":\"e\"}]",
	     false},
	    {"{}", false},
	    {"[]", false},
	};
	const char *a = "[{\"doc\":\"d\",\"text\":\"t\",\"score\":0.5},"
			"{\"doc\":\"e\"}]";
	struct kb_arena arena;
	struct kb_json x, y;

	(void)state;
	kb_arena_init(&arena);
	assert_int_equal(kb_json_check(a, strlen(a), &x, NULL), 0);
	for (size_t i = 0; i < sizeof(rows) / sizeof(*rows); i++) {
		const char *b = rows[i].b;

		assert_int_equal(kb_json_check(b, strlen(b), &y, NULL), 0);
		if (kb_answers_same_hits(x, y, &arena) != rows[i].same)
			fail_msg("%s: %d", b, rows[i].same);
	}
	kb_arena_release(&arena);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
	    cmocka_unit_test(test_what_is_put_is_there),
	    cmocka_unit_test(test_time_is_kept),
	    cmocka_unit_test(test_least_recently_used_goes),
	    cmocka_unit_test(test_too_large_is_not_kept),
	    cmocka_unit_test(test_cut_anywhere),
	    cmocka_unit_test(test_flipped_anywhere),
	    cmocka_unit_test(test_many_writers),
	    cmocka_unit_test(test_claims),
	    cmocka_unit_test(test_canonical),
	    cmocka_unit_test(test_response),
	    cmocka_unit_test(test_same_hits),
	};

	return cmocka_run_group_tests(tests, setup, teardown);
}
