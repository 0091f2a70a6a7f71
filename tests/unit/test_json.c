#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>
#include <jansson.h>
#include <stdio.h>
#include <stdlib.h>

#include "base/hash.h"
#include "json/rec.h"
#include "json/write.h"

static struct kb_arena arena;
static struct kb_buf out;

/* An exact heap copy: AddressSanitizer sees a read of line[len]. */
static int scan(struct kb_rec *rec, const char *text, size_t len,
		struct kb_err *err)
{
	char *line = kb_malloc(len ? len : 1);
	char *again;
	int rc;

	memcpy(line, text, len);
	rc = kb_rec_scan(rec, &arena, line, len, err);
	again = kb_arena_strndup(&arena, text, len);
	if (!rc)
		rc = kb_rec_scan(rec, &arena, again, len, err);
	free(line);
	return rc;
}

static const char *written(const struct kb_rec *rec)
{
	kb_buf_reset(&out);
	kb_rec_write(rec, &out);
	return out.ptr;
}

static void grammar_is_checked_over_the_whole_line(void **state)
{
	static const struct {
		const char *text;
		bool good;
	} cases[] = {
	    {"{}", true},
	    {" { } ", true},
	    {"{\"a\":1}", true},
	    {"{\"a\":1e400}", true},
	    {"{\"a\":-0.5E-7,\"b\":[true,false,null]}", true},
	    {"{\"中\":\"\\ud83d\\ude00\"}", true},
	    {"{\"a\":\"\\ud83d\"}", true},
	    {"{\"a\":{\"b\":{\"c\":[[],{}]}}}", true},
	    {"{\"a\":\"\xff\xfe\"}", true},
	    {"", false},
	    {"[]", false},
	    {"7", false},
	    {"{", false},
	    {"{\"a\"}", false},
	    {"{\"a\":}", false},
	    {"{\"a\":1,}", false},
	    {"{,}", false},
	    {"{\"a\":01}", false},
	    {"{\"a\":1.}", false},
	    {"{\"a\":.5}", false},
	    {"{\"a\":1e}", false},
	    {"{\"a\":+1}", false},
	    {"{\"a\":NaN}", false},
	    {"{\"a\":tru}", false},
	    {"{\"a\":\"x}", false},
	    {"{\"a\":\"\\x\"}", false},
	    {"{\"a\":\"\\u12g4\"}", false},
	    {"{\"a\":\"\t\"}", false},
	    {"{\"a\":[1 2]}", false},
	    {"{\"a\":[1,]}", false},
	    {"{\"a\":1}}", false},
	    {"{\"a\":1} x", false},
	    {"{a:1}", false},
	    {"{'a':1}", false},
	};
	struct kb_err err;
	struct kb_rec rec;

	(void)state;
	for (size_t i = 0; i < sizeof(cases) / sizeof(cases[0]); i++) {
		int rc = scan(&rec, cases[i].text, strlen(cases[i].text), &err);

		if ((rc == 0) != cases[i].good)
			fail_msg("%s: %s", cases[i].text,
				 rc ? err.msg : "accepted");
		if (!rc)
			assert_string_equal(written(&rec), cases[i].text);
	}
}

static void a_nul_byte_outside_an_escape_is_refused(void **state)
{
	struct kb_err err;
	struct kb_rec rec;

	(void)state;
	assert_int_equal(scan(&rec, "{\"a\":\"\0\"}", 9, &err), KB_EINVAL);
	assert_string_equal(err.msg, "byte 7: control character in a string");
}

static void depth_has_a_limit_that_is_named(void **state)
{
	struct kb_err err;
	struct kb_rec rec;
	char *text = kb_malloc(20010);
	size_t n;

	(void)state;
	for (int pass = 0; pass < 2; pass++) {
		size_t depth = pass ? 10000 : KB_JSON_DEPTH;

		n = (size_t)sprintf(text, "{\"a\":");
		memset(text + n, '[', depth);
		memset(text + n + depth, ']', depth);
		n += 2 * depth;
		text[n++] = '}';
		assert_int_equal(scan(&rec, text, n, &err),
				 pass ? KB_ELIMIT : 0);
	}
	assert_non_null(strstr(err.msg, "512"));
	free(text);
}

static void what_is_not_touched_passes_byte_for_byte(void **state)
{
	static const struct {
		const char *in, *set, *del, *want;
	} cases[] = {
	    {"{}", "n", NULL, "{\"n\":7}"},
	    {"{ }", "n", NULL, "{\"n\":7 }"},
	    {"{\"a\":1}", "n", NULL, "{\"a\":1,\"n\":7}"},
	    {" {\"a\" : 1.50 } ", "n", NULL, " {\"a\" : 1.50,\"n\":7 } "},
	    {"{\"n\":\"old\",\"a\":1}", "n", NULL, "{\"n\":7,\"a\":1}"},
	    {"{\"n\" : [1,2] , \"a\":1}", "n", NULL, "{\"n\" : 7 , \"a\":1}"},
	    {"{\"n\":1,\"a\":2,\"n\":3}", "n", NULL, "{\"a\":2,\"n\":7}"},
	    {"{\"\\u006e\":1}", "n", NULL, "{\"\\u006e\":7}"},
	    {"{\"a\":1, \"n\":2, \"b\":3}", NULL, "n", "{\"a\":1, \"b\":3}"},
	    {"{\"n\":1, \"a\":2}", NULL, "n", "{\"a\":2}"},
	    {"{\"a\":2, \"n\":1 }", NULL, "n", "{\"a\":2 }"},
	    {"{\"n\":1}", NULL, "n", "{}"},
	    {"{\"n\":1}", "n", "n", "{\"n\":7}"},
	    {"{\"big\":123456789012345678901234567890,\"x\":\"\xff\"}", "n",
	     NULL,
	     "{\"big\":123456789012345678901234567890,\"x\":\"\xff\",\"n\":7}"},
	};
	struct kb_err err;
	struct kb_rec rec;

	(void)state;
	for (size_t i = 0; i < sizeof(cases) / sizeof(cases[0]); i++) {
		assert_int_equal(
		    scan(&rec, cases[i].in, strlen(cases[i].in), &err), 0);
		if (cases[i].del)
			kb_rec_del(&rec, cases[i].del);
		if (cases[i].set)
			kb_rec_set(&rec, cases[i].set, KB_STR("7"));
		assert_string_equal(written(&rec), cases[i].want);
	}
}

static void the_last_duplicate_wins_on_reading(void **state)
{
	struct kb_err err;
	struct kb_rec rec;
	int64_t n;

	(void)state;
	assert_int_equal(scan(&rec, "{\"a\":1,\"a\":2}", 13, &err), 0);
	assert_true(kb_json_int(kb_rec_get(&rec, "a"), &n));
	assert_int_equal(n, 2);
}

static void strings_are_decoded_to_sound_utf8(void **state)
{
	static const struct {
		const char *json, *want;
		size_t len;
	} cases[] = {
	    {"\"plain\"", "plain", 5},
	    {"\"退货 return\"", "退货 return", 13},
	    {"\"\\u9000\\n\\\"\\/\"", "退\n\"/", 6},
	    {"\"\\ud83d\\ude00\"", "\xf0\x9f\x98\x80", 4},
	    {"\"\\ud83dx\"", "\xef\xbf\xbdx", 4},
	    {"\"\\u0000\"", "\0", 1},
	    {"\"a\xe9\x80\"", "a\xef\xbf\xbd\xef\xbf\xbd", 7},
	    {"\"\xed\xa0\x80\"", "\xef\xbf\xbd\xef\xbf\xbd\xef\xbf\xbd", 9},
	    {"\"0123456789abcde\\\\\"", "0123456789abcde\\", 16},
	};
	struct kb_json val;
	struct kb_str text;

	(void)state;
	for (size_t i = 0; i < sizeof(cases) / sizeof(cases[0]); i++) {
		assert_int_equal(kb_json_check(cases[i].json,
					       strlen(cases[i].json), &val,
					       NULL),
				 0);
		assert_true(kb_json_str(val, &arena, &text));
		assert_int_equal(text.len, cases[i].len);
		assert_memory_equal(text.ptr, cases[i].want, text.len);
	}
}

static void numbers_out_of_range_are_said_not_changed(void **state)
{
	static const struct {
		const char *json;
		bool is_int, is_num;
		int64_t want;
	} cases[] = {
	    {"0", true, true, 0},
	    {"-9223372036854775808", true, true, INT64_MIN},
	    {"9223372036854775807", true, true, INT64_MAX},
	    {"9223372036854775808", false, true, 0},
	    {"1.0", false, true, 0},
	    {"1e400", false, false, 0},
	    {"1e-400", false, true, 0},
	    {"123456789012345678901234567890123456789012345678901234567890123"
	     "4567890",
	     false, true, 0},
	};
	struct kb_json val;

	(void)state;
	for (size_t i = 0; i < sizeof(cases) / sizeof(cases[0]); i++) {
		int64_t n = 0;
		double x;

		assert_int_equal(kb_json_check(cases[i].json,
					       strlen(cases[i].json), &val,
					       NULL),
				 0);
		assert_int_equal(kb_json_int(val, &n), cases[i].is_int);
		assert_int_equal(kb_json_num(val, &x), cases[i].is_num);
		if (cases[i].is_int)
			assert_int_equal(n, cases[i].want);
	}
}

static void the_writer_writes_what_the_scanner_reads(void **state)
{
	struct kb_buf buf;
	struct kb_jw w;

	(void)state;
	kb_buf_init(&buf, 0);
	kb_jw_init(&w, &buf);
	kb_jw_obj(&w);
	kb_jw_key(&w, "s");
	kb_jw_str(&w, (struct kb_str){"\0\x01\n\"\\\xff退", 9});
	kb_jw_key(&w, "a");
	kb_jw_arr(&w);
	kb_jw_int(&w, -5);
	kb_jw_num(&w, 0.1);
	kb_jw_num(&w, 1e300);
	kb_jw_fixed(&w, 0.50004, 3);
	kb_jw_fixed(&w, -0.0001, 2);
	kb_jw_num(&w, __builtin_nan(""));
	kb_jw_bool(&w, true);
	kb_jw_null(&w);
	kb_jw_obj(&w);
	kb_jw_end(&w);
	kb_jw_end(&w);
	kb_jw_end(&w);
	assert_string_equal(
	    buf.ptr, "{\"s\":\"\\u0000\\u0001\\n\\\"\\\\\xef\xbf\xbd退\","
		     "\"a\":[-5,0.1,1e+300,0.5,0,null,true,null,{}]}");
	kb_buf_release(&buf);
}

/* Characters are taken in pairs where they can be: what is broken or escaped
 * beside a sound one must be seen all the same. */
static void a_string_is_decoded_beside_what_is_broken(void **state)
{
	static const struct {
		const char *raw, *text;
	} rows[] = {
	    {"退货政策很好", "退货政策很好"},
	    {"退货a政策，很好", "退货a政策，很好"},
	    {"退\xed\xa0\x80货物政策", "退\xef\xbf\xbd\xef\xbf\xbd"
				       "\xef\xbf\xbd货物政策"},
	    {"\xed\xbf\xbf退货物政", "\xef\xbf\xbd\xef\xbf\xbd\xef\xbf\xbd"
				     "退货物政"},
	    {"退\xe0\x80\x80货物政策", "退\xef\xbf\xbd\xef\xbf\xbd"
				       "\xef\xbf\xbd货物政策"},
	    {"\xe9\x80货物政策", "\xef\xbf\xbd\xef\xbf\xbd货物政策"},
	    {"退货\\n政策\\u9000很好，谢谢", "退货\n政策退很好，谢谢"},
	    {"退货政策\xe5\xbe", "退货政策\xef\xbf\xbd\xef\xbf\xbd"},
	    {"\xef\xbd\x81\xef\xbd\x82退货", "ａｂ退货"},
	    {"return within 7 days\\\\ 退货", "return within 7 days\\ 退货"},
	};

	(void)state;
	for (size_t i = 0; i < sizeof(rows) / sizeof(rows[0]); i++) {
		char raw[128];
		struct kb_json val = {.type = KB_JSON_STRING, .ptr = raw};
		struct kb_str text;

		val.len =
		    (size_t)snprintf(raw, sizeof(raw), "\"%s\"", rows[i].raw);
		assert_true(kb_json_str(val, &arena, &text));
		assert_int_equal(text.len, strlen(rows[i].text));
		assert_memory_equal(text.ptr, rows[i].text, text.len);
		kb_arena_reset(&arena);
	}
}

/* Both ways of walking find each element's end where the scan that checks it
 * does. */
static void check_ends(struct kb_json val)
{
	struct kb_json_iter it = kb_json_iter(val), in = it, inner;
	struct kb_json again;

	while (kb_json_next(&it)) {
		assert_int_equal(
		    kb_json_check(it.val.ptr, it.val.len, &again, NULL), 0);
		assert_int_equal(again.len, it.val.len);
		assert_true(kb_json_enter(&in, &inner));
		kb_json_next(&inner); /* and the rest is passed by */
		kb_json_leave(&in, &inner);
		assert_ptr_equal(in.val.ptr, it.val.ptr);
		assert_int_equal(in.val.len, it.val.len);
		check_ends(it.val);
	}
	assert_false(kb_json_enter(&in, &inner));
}

/*
 * Lines made by cutting, doubling and changing bytes of sound ones. Both
 * parsers must agree, save where jansson is known to be stricter: numbers
 * out of range, broken UTF-8, lone surrogates, depth over 2048.
 */
static void the_scanner_agrees_with_jansson(void **state)
{
	static const char *const seeds[] = {
	    "{\"a\":[1,2.5e3,{\"b\":\"x\\ny\"}],\"c\":null,\"d\":true}",
	    "{\"问\":\"退货要几天？\",\"n\":-0,\"e\":[[],{}]}",
	    "{\"id\":7,\"query\":\"refund 退款\",\"u\":\"\\u4e2d\"}",
	};
	static const char alphabet[] = "{}[]\":,\\ 0123456789.eE+-tfnulax";
	uint64_t seed = 88172645463325252u;
	unsigned agreed = 0;

	(void)state;
	for (int round = 0; round < 200000; round++) {
		const char *from = seeds[round % 3];
		char line[128];
		size_t len = strlen(from);
		struct kb_rec rec;
		json_t *tree;
		int ours;

		memcpy(line, from, len);
		for (int edits = 0; edits < 2; edits++) {
			seed ^= seed << 13;
			seed ^= seed >> 7;
			seed ^= seed << 17;
			line[seed % len] =
			    alphabet[(seed >> 32) % (sizeof(alphabet) - 1)];
		}
		tree = json_loadb(line, len, JSON_ALLOW_NUL, NULL);
		ours = kb_rec_scan(&rec, &arena, line, len, NULL);
		for (size_t i = 0; !ours && i < rec.n; i++)
			check_ends(rec.members[i].val);
		if (tree && json_is_object(tree)) {
			if (ours)
				fail_msg("refused: %.*s", (int)len, line);
			agreed++;
		} else if (!ours) {
			json_error_t why;

			json_decref(
			    json_loadb(line, len, JSON_ALLOW_NUL, &why));
			if (!strstr(why.text, "unable to decode byte") &&
			    !strstr(why.text, "number overflow") &&
			    !strstr(why.text, "too big") &&
			    !strstr(why.text, "Unicode"))
				fail_msg("accepted (%s): %.*s", why.text,
					 (int)len, line);
		}
		json_decref(tree);
		kb_arena_reset(&arena);
	}
	assert_true(agreed > 1000);
}

static int setup(void **state)
{
	(void)state;
	kb_arena_init(&arena);
	kb_buf_init(&out, 0);
	return 0;
}

static int teardown(void **state)
{
	(void)state;
	kb_arena_release(&arena);
	kb_buf_release(&out);
	return 0;
}

/* What printf() writes, without what kb_jw_fixed() leaves out. */
static void printed(double x, int digits, char *text, size_t size)
{
	size_t len = (size_t)snprintf(text, size, "%.*f", digits, x);

	while (digits && text[len - 1] == '0')
		text[--len] = '\0';
	if (text[len - 1] == '.')
		text[--len] = '\0';
	if (!strcmp(text, "-0"))
		strcpy(text, "0");
}

static void a_fixed_number_is_the_one_printf_rounds(void **state)
{
	static const double edges[] = {
	    0,	      0.5,     1.5,	 2.5,	   0.125,  0.375,
	    0.00005,  0.99995, 0.999951, 1e-5,	   5e-324, 1e15,
	    1e17,     1e18,    1e22,	 1e300,	   0.0625, 1.00005,
	    4.999999, 1e-22,   2e-6,	 922337e9, 9.3e14, 123456.00005};
	struct kb_buf buf;
	struct kb_jw w;
	char want[400];

	(void)state;
	kb_buf_init(&buf, 0);
	for (uint64_t i = 0; i < 200000; i++) {
		uint64_t drawn = kb_mix64(i);
		size_t edge = i / 2 % (sizeof(edges) / sizeof(*edges));
		double x =
		    i < 1000 ? edges[edge] : (double)(drawn >> 11) / 0x1p53;

		if (i > 100000) /* all exponents there are */
			memcpy(&x, &drawn, sizeof(x));
		else if (i > 50000) /* as scores are, and halves of 1e-4 */
			x = i % 2 ? (double)(float)(x * 20)
				  : (double)(drawn % 1000000) / 20000;
		if (x != x || x - x != 0)
			continue;
		x = i & 1 ? -x : x;
		kb_buf_reset(&buf);
		kb_jw_init(&w, &buf);
		kb_jw_fixed(&w, x, (int)(i % 8));
		printed(x, (int)(i % 8), want, sizeof(want));
		assert_string_equal(buf.ptr, want);
	}
	kb_buf_release(&buf);
}

static void a_whole_number_is_the_one_printf_writes(void **state)
{
	struct kb_buf buf;
	struct kb_jw w;
	char want[32];

	(void)state;
	kb_buf_init(&buf, 0);
	for (uint64_t i = 0; i < 1000; i++) {
		int64_t n = i == 0   ? INT64_MIN
			    : i == 1 ? INT64_MAX
				     : (int64_t)kb_mix64(i) >> i % 64;

		kb_buf_reset(&buf);
		kb_jw_init(&w, &buf);
		kb_jw_int(&w, n);
		snprintf(want, sizeof(want), "%lld", (long long)n);
		assert_string_equal(buf.ptr, want);
	}
	kb_buf_release(&buf);
}

/* Byte by byte, and in runs of each length. */
static void text_is_quoted_wherever_its_runs_end(void **state)
{
	static const char *const pieces[] = {
	    "a",    "\"", "\\",		  "\n",		  "\x01",     "\x1f",
	    "\x7f", "退", "\xed\xa0\x80", "\xe0\x9f\xbf", "\xe4\xbd", "\xff",
	    "é",    "😀",  "退货",	  "abcdefgh"};
	struct kb_buf text, whole, parts;

	(void)state;
	kb_buf_init(&text, 0);
	kb_buf_init(&whole, 0);
	kb_buf_init(&parts, 0);
	for (uint64_t i = 0; i < 20000; i++) {
		kb_buf_reset(&text);
		kb_buf_reset(&whole);
		kb_buf_reset(&parts);
		kb_buf_add_char(&parts, '"');
		for (uint64_t k = 0; k < i % 24; k++) {
			const char *piece =
			    pieces[kb_mix64(i * 31 + k) % (i & 1 ? 16 : 8)];

			kb_buf_add_cstr(&text, piece);
			kb_buf_add_char(&text, 'x');
			kb_buf_reset(&whole);
			kb_json_quote(&whole, kb_str_of(piece));
			kb_buf_add(&parts, whole.ptr + 1, whole.len - 2);
			kb_buf_add_char(&parts, 'x');
		}
		kb_buf_add_char(&parts, '"');
		kb_buf_reset(&whole);
		kb_json_quote(&whole, kb_buf_str(&text));
		assert_string_equal(whole.ptr, parts.ptr);
	}
	kb_buf_release(&text);
	kb_buf_release(&whole);
	kb_buf_release(&parts);
}

/* What is plain is passed many bytes at a time: a fault must show wherever
 * it stands, and so must a character that ends where a block does. */
static void one_fault_in_a_plain_text_shows_wherever_it_stands(void **state)
{
	static const char *const sound[] = {"a",
					    "é",
					    "退",
					    "😀",
					    "\x7f",
					    "\xed\x9f\xbf",
					    "\xee\x80\x80",
					    "\xf4\x8f\xbf\xbf",
					    "\xe0\xa0\x80",
					    "\xf0\x90\x80\x80",
					    "\xc2\x80",
					    "bcdefgh"};
	static const char *const faults[] = {"",
					     "\x80",
					     "\xc0\x80",
					     "\xc1\xbf",
					     "\xc3",
					     "\xe0\x9f\xbf",
					     "\xe4\xbd",
					     "\xe9",
					     "\xed\xa0\x80",
					     "\xf0\x8f\xbf\xbf",
					     "\xf0\x9f\x98",
					     "\xf0\x9f",
					     "\xf4\x90\x80\x80",
					     "\xf5\x80\x80\x80",
					     "\xff",
					     "\x80\x80"};
	struct kb_buf text, want, quoted;

	(void)state;
	kb_buf_init(&text, 0);
	kb_buf_init(&want, 0);
	kb_buf_init(&quoted, 0);
	for (uint64_t i = 0; i < 40000; i++) {
		uint64_t n = i % 61, at = kb_mix64(i) % (n + 1);
		const char *fault = faults[kb_mix64(i + 7) % 16];

		kb_buf_reset(&text);
		kb_buf_reset(&want);
		kb_buf_reset(&quoted);
		kb_buf_add_char(&want, '"');
		for (uint64_t k = 0; k <= n; k++) {
			const char *piece = sound[kb_mix64(i * 61 + k) % 12];

			if (k == at) {
				kb_buf_add_cstr(&text, fault);
				for (size_t b = 0; fault[b]; b++)
					kb_buf_add_cstr(&want, "\xef\xbf\xbd");
			}
			kb_buf_add_cstr(&text, piece);
			kb_buf_add_cstr(&want, piece);
		}
		kb_buf_add_char(&want, '"');
		kb_json_quote(&quoted, kb_buf_str(&text));
		assert_string_equal(quoted.ptr, want.ptr);
	}
	kb_buf_release(&text);
	kb_buf_release(&want);
	kb_buf_release(&quoted);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
	    cmocka_unit_test(a_fixed_number_is_the_one_printf_rounds),
	    cmocka_unit_test(a_whole_number_is_the_one_printf_writes),
	    cmocka_unit_test(text_is_quoted_wherever_its_runs_end),
	    cmocka_unit_test(
		one_fault_in_a_plain_text_shows_wherever_it_stands),
	    cmocka_unit_test(grammar_is_checked_over_the_whole_line),
	    cmocka_unit_test(a_nul_byte_outside_an_escape_is_refused),
	    cmocka_unit_test(depth_has_a_limit_that_is_named),
	    cmocka_unit_test(what_is_not_touched_passes_byte_for_byte),
	    cmocka_unit_test(the_last_duplicate_wins_on_reading),
	    cmocka_unit_test(strings_are_decoded_to_sound_utf8),
	    cmocka_unit_test(numbers_out_of_range_are_said_not_changed),
	    cmocka_unit_test(the_writer_writes_what_the_scanner_reads),
	    cmocka_unit_test(a_string_is_decoded_beside_what_is_broken),
	    cmocka_unit_test(the_scanner_agrees_with_jansson),
	};

	return cmocka_run_group_tests(tests, setup, teardown);
}
