#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include "doc/encode.h"

#define GB_SHORT "\xcd\xcb\xbb\xf5\xa1\xa3" /* 退货。 */

static const struct {
	const char *why;
	const char *bytes;
	size_t len;
	enum kb_encoding want;
	const char *utf8; /* NULL: not converted */
} rows[] = {
    {"English", "plain", 5, KB_ENC_UTF8, "plain"},
    {"Chinese", "退货。", 9, KB_ENC_UTF8, "退货。"},
    {"mixed, cut in a character", "iPhone 退\xe8\xb4", 12, KB_ENC_UTF8,
     "iPhone 退\xef\xbf\xbd"},
    {"mark of UTF-8", "\xef\xbb\xbfx", 4, KB_ENC_UTF8, "x"},
    {"GB18030", GB_SHORT, 6, KB_ENC_GB18030, "退货。"},
    {"GB18030 mixed", "iPhone 15 " GB_SHORT "\n", 17, KB_ENC_GB18030,
     "iPhone 15 退货。\n"},
    {"UTF-16LE with mark",
     "\xff\xfe"
     "a\0\0\x90",
     6, KB_ENC_UTF16LE, "a退"},
    {"UTF-16BE with mark", "\xfe\xff\0a\x90\0", 6, KB_ENC_UTF16BE, "a退"},
    {"UTF-16LE without", "a\0b\0\n\0\0\x90", 8, KB_ENC_UTF16LE, "ab\n退"},
    {"UTF-16BE without", "\0a\0b\0\n\x90\0", 8, KB_ENC_UTF16BE, "ab\n退"},
    {"UTF-16 cut",
     "\xff\xfe"
     "a\0\x02",
     5, KB_ENC_UTF16LE, "a\xef\xbf\xbd"},
    {"Windows-1252", "caf\xe9 is open, d\xe9j\xe0 vu", 21, KB_ENC_WINDOWS1252,
     "caf\xc3\xa9 is open, d\xc3\xa9j\xc3\xa0 vu"},
    {"empty", "", 0, KB_ENC_UTF8, ""},
    {"program",
     "\x7f"
     "ELF\2\1",
     6, KB_ENC_BINARY, NULL},
    {"NULs", "ab\0\0\1cd", 7, KB_ENC_BINARY, NULL},
};

static void encodings_are_recognised_and_converted(void **state)
{
	(void)state;
	for (size_t i = 0; i < sizeof(rows) / sizeof(rows[0]); i++) {
		struct kb_str s = {rows[i].bytes, rows[i].len};
		struct kb_buf out;
		const char *why;
		size_t bom;
		enum kb_encoding got = kb_encoding_guess(s, &bom, &why);

		if (got != rows[i].want)
			fail_msg("%s: got %d", rows[i].why, (int)got);
		if (!rows[i].utf8) {
			assert_non_null(why);
			continue;
		}
		kb_buf_init(&out, 0);
		s.ptr += bom;
		s.len -= bom;
		assert_int_equal(kb_encoding_convert(got, s, &out, NULL), 0);
		if (!kb_str_is(kb_buf_str(&out), rows[i].utf8))
			fail_msg("%s: '%.*s'", rows[i].why, (int)out.len,
				 out.ptr);
		kb_buf_release(&out);
	}
}

static void conversion_stops_at_the_ceiling(void **state)
{
	struct kb_err err;
	struct kb_buf out;

	(void)state;
	kb_buf_init(&out, 8);
	assert_int_equal(kb_encoding_convert(KB_ENC_GB18030,
					     KB_STR(GB_SHORT GB_SHORT), &out,
					     &err),
			 KB_ELIMIT);
	assert_non_null(strstr(err.msg, "limit of 8 bytes"));
	kb_buf_release(&out);
	kb_buf_init(&out, 9);
	assert_int_equal(
	    kb_encoding_convert(KB_ENC_GB18030, KB_STR(GB_SHORT), &out, NULL),
	    0);
	assert_int_equal(out.len, 9);
	kb_buf_release(&out);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
	    cmocka_unit_test(encodings_are_recognised_and_converted),
	    cmocka_unit_test(conversion_stops_at_the_ceiling),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
